/**
 * Witnesses of the register: others who each keep how far it has come, and cosign what continues it. So it cannot be put back, cut or shown in
 * two versions without their saying so. The replica on duty asks them; one that is away is asked again and reported, one that knows
 * another tree is a case.
 */
import type { Log } from '../../common/log';
import { NO_UNIT, openCase } from '../follow/cases';
import type { History, Trx } from '../history';
import type { Db } from '../tables';
import { cosignerVerifier, type NoteVerifier } from './note';
import { makeCheckpoint, proveConsistency, registerSize, type NoteAuthority } from './register';
import { addCheckpoint, type Answer, type Reach } from './witness';

export interface WitnessOptions extends Reach {
  /** Seconds between two checkpoints to be cosigned. */
  every: number;
  list: readonly { url: string; key: string }[];
}

export const witnessStates = ['new', 'cosigned', 'away', 'refused', 'conflict'] as const;
export type WitnessState = (typeof witnessStates)[number];

export interface WitnessView {
  name: string;
  key: string;
  state: WitnessState;
  /** Entries it cosigned last, and when by its own clock (Unix seconds); null: none yet. */
  size: number | null;
  time: number | null;
  /** Since when it stands so, Unix seconds. */
  since: number;
  /** Why, where it did not cosign. */
  detail: string | null;
}

/** Seconds to the first further try, doubled each time up to an hour. */
const AGAIN = 30;
const AGAIN_MOST = 3600;
/** Seconds without any cosignature after which a person is told. */
const LONG = 86_400;

interface Witness {
  url: string;
  verifier: NoteVerifier;
  /** By which the tables know it: the name and the hash of its key. */
  id: string;
}

interface Row {
  size: number; state: WitnessState; since: number; detail: string | null; tried: number; failures: number;
}

export class Witnesses {
  private readonly list: Witness[];
  private running: Promise<void> | undefined;

  constructor(private readonly history: History, private readonly authority: NoteAuthority, private readonly log: Log, private readonly o: WitnessOptions | undefined) {
    this.list = (o?.list ?? []).map(({ url, key }) => {
      const verifier = cosignerVerifier(key);
      if (verifier === undefined) throw new TypeError('not the key of a witness');
      return { url, verifier, id: `${verifier.name}+${verifier.hash.toString('hex')}` };
    });
  }

  /** How it stands with each. */
  async view(db: Db): Promise<WitnessView[]> {
    const views: WitnessView[] = [];
    for (const { id, verifier } of this.list) {
      const row = await rowOf(db, id);
      const last = await db.selectFrom('cosignature').select('at').where('witness', '=', id).where('size', '=', row?.size ?? -1).executeTakeFirst();
      views.push({
        name: verifier.name, key: verifier.vkey, state: row?.state ?? 'new', size: row === undefined || row.size === 0 ? null : row.size, time: last === undefined ? null : Number(last.at),
        since: row?.since ?? 0, detail: row?.detail ?? null,
      });
    }
    return views;
  }

  /** Asks those who are due. Only one round at a time. */
  round(): Promise<void> {
    return (this.running ??= this.all((row, now, size) => size > row.size && now >= row.tried + (row.failures === 0 ? this.o!.every : Math.min(AGAIN * 2 ** (row.failures - 1), AGAIN_MOST))).finally(() => (this.running = undefined)));
  }

  /** Asks all who have not cosigned the newest state: before an archive. Never throws: an archive is made without those who are away. */
  async now(): Promise<void> {
    await this.running?.catch(() => undefined);
    await this.all((row, _now, size) => size > row.size).catch((error: unknown) => this.log.error('witnesses not asked', { why: String(error) }));
  }

  private async all(due: (row: Row, now: number, size: number) => boolean): Promise<void> {
    const now = this.history.seconds();
    const asked: Promise<void>[] = [];
    for (const witness of this.list) {
      const { row, size } = await this.history.store.read(async (db) => ({ row: await rowOf(db, witness.id), size: await registerSize(db) }));
      if (size > 0 && due(row ?? { size: 0, state: 'new', since: now, detail: null, tried: 0, failures: 0 }, now, size)) asked.push(this.ask(witness, row?.size ?? 0));
    }
    await Promise.all(asked);
  }

  private async ask(witness: Witness, known: number): Promise<void> {
    let old = known;
    let size = 0;
    let answer: Answer = { kind: 'away', why: 'not asked' };
    // The second time from where it says it is.
    for (let turn = 0; turn < 2; turn++) {
      const asked = await this.history.commit((trx) => this.prepare(trx, old));
      size = asked.size;
      answer = await addCheckpoint(this.o!, witness.url, witness.verifier, asked);
      if (answer.kind !== 'elsewhere') break;
      old = answer.size;
      if (old > size) {
        answer = { kind: 'conflict', why: `it has cosigned ${old} entries, here are ${size}` };
        break;
      }
    }
    if (answer.kind === 'elsewhere') answer = { kind: 'away', why: `it is at ${answer.size} now` };
    const told = answer;
    await this.history.commit((trx) => this.store(trx, witness, { answer: told, old, size }));
  }

  /** The checkpoint of now, with the proof that it continues the first `old` entries. */
  private async prepare(trx: Trx, given: number): Promise<{ old: number; size: number; proof: Buffer[]; note: string; text: string }> {
    const { size, note } = await makeCheckpoint(trx, this.authority, this.history.seconds());
    const old = Math.min(given, size);
    return { old, size, note, text: note.slice(0, note.lastIndexOf('\n\n') + 1), proof: old === 0 || old === size ? [] : await proveConsistency(trx, old, size) };
  }

  private async store(trx: Trx, { id, verifier: { name } }: Witness, { answer, old, size }: { answer: Exclude<Answer, { kind: 'elsewhere' }>; old: number; size: number }): Promise<void> {
    const now = this.history.seconds();
    const before = await rowOf(trx, id);
    const since = before?.state === answer.kind ? before.since : now;
    const detail = answer.kind === 'cosigned' ? null : answer.why.slice(0, 300);
    const row = { size: answer.kind === 'cosigned' ? size : (before?.size ?? 0), state: answer.kind, since, detail, tried: now, failures: answer.kind === 'cosigned' ? 0 : (before?.failures ?? 0) + 1 };
    await trx.insertInto('witness').values({ witness: id, ...row }).onConflict((on) => on.column('witness').doUpdateSet(row)).execute();
    if (answer.kind === 'cosigned') {
      const line = { line: answer.line, at: answer.time };
      await trx.insertInto('cosignature').values({ witness: id, size, ...line }).onConflict((on) => on.columns(['size', 'witness']).doUpdateSet(line)).execute();
    }
    if (before?.state !== answer.kind) this.log[answer.kind === 'cosigned' ? 'info' : 'warn']('witness of the register', { witness: name, state: answer.kind, ...(detail === null ? {} : { why: detail }) });
    if (answer.kind === 'conflict') await openCase(trx, this.history, NO_UNIT, 'witness-conflict', null, { witness: name, size: old });
    else if (answer.kind !== 'cosigned' && now - since >= LONG) await openCase(trx, this.history, NO_UNIT, 'witness-away', null, { witness: name, since });
  }
}

async function rowOf(db: Db, witness: string): Promise<Row | undefined> {
  const row = await db.selectFrom('witness').selectAll().where('witness', '=', witness).executeTakeFirst();
  return row && { size: Number(row.size), state: row.state as WitnessState, since: Number(row.since), detail: row.detail, tried: Number(row.tried), failures: Number(row.failures) };
}
