/**
 * What the records of a device tell, put together for readers that do not decode them: uses, alarms, take-outs. Read
 * only; what is not in the spool yet is not there. Keys of the data: protocol/SPEC.md, "Evidence".
 */
import { Action, RecordKind } from '../../protocol';
import type { Store } from '../common/database';
import { hexField, readRecord, uintField, type EvidenceRecord } from '../common/record';
import type { BridgeSchema } from './tables';

export interface Photo {
  digest: string;
  /** wanted: its bytes are still on the way. unknown: no record of it has come. */
  state: 'wanted' | 'stored' | 'gone' | 'released' | 'unknown';
}

/** One stroke: what was announced, and what came of it. */
export interface Use {
  /** Of the INTENT record. */
  seq: number;
  permit: string;
  /** Number of the opening of the permit, as the device counts. */
  use: number;
  /** Unix seconds, null where the device had no trusted time. */
  time: number | null;
  die: string;
  charged: number;
  /** pending: the outcome has not come. unknown: power was lost in it. */
  result: 'pending' | 'stamped' | 'failed' | 'unknown';
  grade: 'good' | 'light' | 'heavy' | null;
  before: Photo | null;
  after: Photo | null;
}

export interface Alarm {
  seq: number;
  condition: number;
  detail: number;
  time: number | null;
  cleared: { seq: number; time: number | null } | null;
}

export interface TakeOut {
  seq: number;
  time: number | null;
  borrower: number;
  /** Unix seconds from which it is overdue. */
  due: number;
  /** Who were there. */
  persons: number[];
  /** The return, or a newer take-out in its place; null while it lasts. */
  ended: { seq: number; time: number | null; returned: boolean } | null;
}

const RESULTS = ['pending', 'stamped', 'failed', 'unknown'] as const;
const GRADES = [null, 'good', 'light', 'heavy'] as const;
/** Records of a kind looked through at most for one answer. */
const LOOKED = 5_000;

export class History {
  constructor(private readonly store: Store<BridgeSchema>) {}

  private async branch(device: string): Promise<number> {
    const row = await this.store.read((db) => db.selectFrom('device').select('branch').where('id', '=', device).executeTakeFirst());
    return row?.branch ?? 0;
  }

  private async kind(device: string, branch: number, kind: RecordKind, after: number, limit: number): Promise<EvidenceRecord[]> {
    const rows = await this.store.read((db) =>
      db.selectFrom('record').select('bytes').where('device', '=', device).where('branch', '=', branch).where('kind', '=', kind).where('seq', '>', after).orderBy('seq').limit(limit).execute(),
    );
    return rows.map(({ bytes }) => readRecord(Buffer.from(bytes))).filter((record) => record !== undefined);
  }

  /** Strokes whose INTENT comes after a record, oldest first. */
  async uses(device: string, after: number, limit: number): Promise<Use[]> {
    const branch = await this.branch(device);
    const intents = await this.kind(device, branch, RecordKind.INTENT, after, limit);
    const first = intents[0];
    if (first === undefined) return [];
    // A stroke is over before the next begins, so the outcomes wanted are among as many behind the first intent.
    const outcomes = new Map((await this.kind(device, branch, RecordKind.OUTCOME, first.seq, limit + 1)).map((record) => [uintField(record, 5), record]));
    const photos = new Map<string, string>();
    for (const record of await this.kind(device, branch, RecordKind.PHOTO, first.seq, 4 * limit + 4)) {
      const digest = hexField(record, 3, 32);
      if (uintField(record, 2) === 1 && digest !== undefined) photos.set(`${hexField(record, 1, 16)} ${uintField(record, 5)}`, digest);
    }
    const digests = intents.flatMap((intent) => [hexField(intent, 4, 32), photos.get(useOf(intent))]).filter((digest) => digest !== undefined);
    const states = await this.states(device, digests);
    const photo = (digest: string | undefined): Photo | null => (digest === undefined ? null : { digest, state: states.get(digest) ?? 'unknown' });
    return intents.map((intent) => {
      const outcome = outcomes.get(intent.seq);
      return {
        seq: intent.seq, permit: hexField(intent, 1, 16) ?? '', use: uintField(intent, 2) ?? 0, time: intent.time, die: hexField(intent, 5, 8) ?? '', charged: uintField(intent, 3) ?? 0,
        result: RESULTS[outcome === undefined ? 0 : (uintField(outcome, 3) ?? 3)] ?? 'unknown',
        grade: GRADES[outcome === undefined ? 0 : (uintField(outcome, 7) ?? 0)] ?? null,
        before: photo(hexField(intent, 4, 32)), after: photo(photos.get(useOf(intent))),
      };
    });
  }

  private async states(device: string, digests: readonly string[]): Promise<Map<string, Photo['state']>> {
    if (digests.length === 0) return new Map();
    const rows = await this.store.read((db) => db.selectFrom('photo').select(['digest', 'state']).where('device', '=', device).where('digest', 'in', digests).execute());
    return new Map(rows.map(({ digest, state }) => [digest, state]));
  }

  /** Alarms after a record, oldest first. */
  async alarms(device: string, after: number, limit: number): Promise<Alarm[]> {
    const branch = await this.branch(device);
    const alarms = await this.kind(device, branch, RecordKind.ALARM, after, limit);
    const first = alarms[0];
    if (first === undefined) return [];
    const cleared = new Map((await this.kind(device, branch, RecordKind.CLEARED, first.seq, LOOKED)).map((record) => [uintField(record, 2), record]));
    return alarms.map((alarm) => {
      const by = cleared.get(alarm.seq);
      return { seq: alarm.seq, condition: uintField(alarm, 1) ?? 0, detail: uintField(alarm, 2) ?? 0, time: alarm.time, cleared: by === undefined ? null : { seq: by.seq, time: by.time } };
    });
  }

  /** Take-outs after a record, oldest first. */
  async takeOuts(device: string, after: number, limit: number): Promise<TakeOut[]> {
    const branch = await this.branch(device);
    const moves = (await this.kind(device, branch, RecordKind.CEREMONY, after, LOOKED)).filter((record) => [Action.TAKE_OUT, Action.RETURN].includes(uintField(record, 2) ?? 0));
    const out: TakeOut[] = [];
    for (const [i, record] of moves.entries()) {
      if (uintField(record, 2) !== Action.TAKE_OUT) continue;
      if (out.length === limit) break;
      const next = moves[i + 1];
      const persons = record.data.get(6);
      out.push({
        seq: record.seq, time: record.time, borrower: uintField(record, 4) ?? 0, due: uintField(record, 7) ?? 0, persons: Array.isArray(persons) ? (persons as number[]) : [],
        ended: next === undefined ? null : { seq: next.seq, time: next.time, returned: uintField(next, 2) === Action.RETURN },
      });
    }
    return out;
  }

  /** Photos whose record comes after this one, oldest first. */
  async photos(device: string, after: number, limit: number): Promise<{ seq: number; digest: string; size: number; state: 'wanted' | 'stored' | 'gone' | 'released' }[]> {
    const branch = await this.branch(device);
    return this.store.read((db) =>
      db.selectFrom('photo').select(['seq', 'digest', 'size', 'state']).where('device', '=', device).where('branch', '=', branch).where('seq', '>', after).orderBy('seq').limit(limit).execute(),
    );
  }
}

function useOf(record: EvidenceRecord): string {
  return `${hexField(record, 1, 16)} ${uintField(record, 2)}`;
}
