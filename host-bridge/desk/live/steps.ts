/** What a unit has written about the uses of one application so far, as steps that people follow while it happens. */
import type { Db } from '../tables';
import { bytesAt, countAt, parseRecord, RecordKind, type EvidenceRecord } from '../register/records';

export const stepKinds = ['opened', 'photo', 'granted', 'rejected', 'intent', 'outcome', 'closed', 'refused', 'alarm'] as const;
export type StepKind = (typeof stepKinds)[number];

export interface Step {
  device: string;
  /** Number of its record at the device. */
  seq: number;
  /** Unix seconds when the desk had it. */
  at: number;
  /** The device's own trusted time, Unix seconds. */
  time: number | null;
  kind: StepKind;
  permit: string | null;
  /** People who opened the use. */
  persons: number[];
  /** Photo: digest, whether before or after a stroke, and whether its bytes are here. */
  photo: string | null;
  which: 'before' | 'after' | null;
  stored: boolean;
  /** Outcome: result; closed: reason; refused: RefusalCode; alarm: condition (protocol/SPEC.md section 9). */
  code: number | null;
}

/** Newest records of a device that are looked through, and steps that are shown. */
const LOOKED = 1000;
const SHOWN = 200;
const KINDS: Readonly<Partial<Record<number, StepKind>>> = {
  [RecordKind.opened]: 'opened', [RecordKind.photo]: 'photo', [RecordKind.granted]: 'granted', [RecordKind.intent]: 'intent', [RecordKind.outcome]: 'outcome',
  [RecordKind.closed]: 'closed', [RecordKind.refused]: 'refused', [RecordKind.alarm]: 'alarm',
};
/** Where the number that tells more of a step stands in its record. */
const CODES: Readonly<Partial<Record<StepKind, number>>> = { outcome: 3, closed: 2, refused: 1, alarm: 1 };

/** The permit that a record is about; undefined where it is about none. */
export function permitOf(record: EvidenceRecord): string | undefined {
  return bytesAt(record, record.kind === RecordKind.refused ? 2 : 1);
}

/** Oldest first. @param permits of one application, and when each was made, Unix seconds */
export async function stepsOf(db: Db, permits: readonly { id: string; device: string; created: number }[]): Promise<Step[]> {
  const steps: Step[] = [];
  for (const device of new Set(permits.map((permit) => permit.device))) {
    const ours = permits.filter((permit) => permit.device === device);
    const since = Math.min(...ours.map(({ created }) => created));
    const rows = await db
      .selectFrom('record').leftJoin('photo', (join) => join.onRef('photo.device', '=', 'record.device').onRef('photo.seq', '=', 'record.seq'))
      .select(['record.seq', 'record.bytes', 'record.at', 'photo.state']).where('record.device', '=', device).where('record.at', '>=', since)
      .where('record.kind', 'in', Object.keys(KINDS).map(Number)).orderBy('record.seq', 'desc').limit(LOOKED).execute();
    const people = new Map((await db.selectFrom('enrolment').select(['number', 'person']).where('device', '=', device).execute()).map((row) => [Number(row.number), Number(row.person)]));
    let open = false;
    for (const row of rows.reverse()) {
      const record = parseRecord(Buffer.from(row.bytes, 'base64'));
      const kind = record && KINDS[record.kind];
      if (!record || kind === undefined) continue;
      const permit = permitOf(record);
      const mine = ours.some(({ id }) => id === permit);
      // An alarm names no permit: it belongs to the use that it broke off.
      if (!mine && !(kind === 'alarm' && open)) continue;
      if (kind === 'opened') open = true;
      if (kind === 'closed') open = false;
      steps.push(stepOf(record, kind, { at: Number(row.at), stored: row.state === 'stored', people, permit: mine ? (permit ?? null) : null }));
    }
  }
  return steps.sort((a, b) => a.at - b.at || a.seq - b.seq).slice(-SHOWN);
}

function stepOf(record: EvidenceRecord, kind: StepKind, more: { at: number; stored: boolean; people: Map<number, number>; permit: string | null }): Step {
  const numbers = kind === 'opened' ? record.data.get(2) : undefined;
  const code = CODES[kind];
  const photo = kind === 'photo' || kind === 'granted' ? bytesAt(record, kind === 'photo' ? 3 : 2) : undefined;
  return {
    device: record.device, seq: record.seq, at: more.at, time: record.time, permit: more.permit, photo: photo ?? null, stored: more.stored,
    kind: kind === 'granted' && countAt(record, 3) === 1 ? 'rejected' : kind,
    persons: Array.isArray(numbers) ? numbers.flatMap((number) => more.people.get(Number(number)) ?? []) : [],
    which: kind === 'photo' ? (countAt(record, 2) === 1 ? 'after' : 'before') : null,
    code: code === undefined ? null : (countAt(record, code) ?? null),
  };
}
