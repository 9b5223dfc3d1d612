/** Cases: what a person has to look at. Opened once for one finding, closed once with a reason, never removed. */
import { COMMON, Problem } from '../../common/errors';
import { GrantKind } from '../authority/grants';
import { DESK } from '../errors';
import { sha256 } from '../hashes';
import type { History, Trx } from '../history';
import { countAt, parseRecord, RecordKind } from '../register/records';
import type { Db } from '../tables';

export const caseKinds = [
  'malformed', 'bad-mac', 'gap', 'fork', 'foreign', 'behind', 'photo-wrong', 'photo-late', 'photo-gone', 'unknown-outcome', 'alarm', 'permit-refused',
  'statement-refused', 'foreign-permit', 'foreign-ceremony', 'restored', 'unanswered', 'paper-owed', 'paper-differs', 'witness-conflict', 'witness-away', 'register-differs', 'impression',
] as const;
/** Stands for a unit in cases of the register itself. */
export const NO_UNIT = '0'.repeat(16);
export type CaseKind = (typeof caseKinds)[number];

export interface Case {
  id: string;
  device: string;
  kind: CaseKind;
  seq: number | null;
  detail: Record<string, string | number>;
  opened: number;
  closed: { person: number; reason: string; at: number } | null;
}

/** Opens a case unless the same finding has been one already. True: it is new. */
export async function openCase(trx: Trx, history: History, device: string, kind: CaseKind, seq: number | null, detail: Record<string, string | number>): Promise<boolean> {
  const text = JSON.stringify(detail, Object.keys(detail).sort());
  const id = sha256(`${device}\n${kind}\n${seq ?? ''}\n${text}`).toString('hex').slice(0, 24);
  const known = await trx.selectFrom('case_file').select('id').where('id', '=', id).executeTakeFirst();
  if (known) return false;
  await trx.insertInto('case_file').values({ id, device, kind, seq, detail: text, opened: history.seconds() }).execute();
  await history.note(
    trx, 'case',
    { case: id, device: Buffer.from(device, 'hex'), type: kind, seq, detail: new Map(Object.entries(detail)) },
    `${id} ${device} ${kind} ${Object.values(detail).join(' ')}`,
    { type: 'case', device, data: { case: id, kind, seq } },
  );
  return true;
}

export async function getCase(db: Db, id: string): Promise<Case> {
  const found = (await selectCases(db, id))[0];
  if (!found) throw new Problem(COMMON.NOT_FOUND, `case ${id}`);
  return found;
}

async function selectCases(db: Db, id?: string): Promise<Case[]> {
  let query = db
    .selectFrom('case_file')
    .leftJoin('case_closing', 'case_closing.case_id', 'case_file.id')
    .select(['case_file.id', 'device', 'kind', 'seq', 'detail', 'opened', 'person', 'reason', 'at']);
  if (id !== undefined) query = query.where('case_file.id', '=', id);
  const rows = await query.orderBy('opened', 'desc').orderBy('case_file.id').limit(1000).execute();
  return rows.map((row) => ({
    id: row.id, device: row.device, kind: row.kind as CaseKind, seq: row.seq === null ? null : Number(row.seq),
    detail: JSON.parse(row.detail) as Record<string, string | number>, opened: Number(row.opened),
    closed: row.at === null ? null : { person: Number(row.person), reason: String(row.reason), at: Number(row.at) },
  }));
}

/** The newest thousand cases, newest first. */
export async function listCases(db: Db, open?: boolean): Promise<Case[]> {
  const all = await selectCases(db);
  return open === undefined ? all : all.filter((c) => (c.closed === null) === open);
}

/** Whether a record says that this alarm was cleared, or a statement that clears it is still on its way: then nothing is left to do. */
export async function clearingIsOver(trx: Trx, device: string, condition: number, seq: number): Promise<boolean> {
  const waiting = await trx
    .selectFrom('statement')
    .select('id')
    .where('device', '=', device)
    .where('kind', '=', GrantKind.clear)
    .where('subject', '=', `${condition} ${seq}`)
    .where('state', 'in', ['issued', 'queued'])
    .executeTakeFirst();
  if (waiting) return true;
  const cleared = await trx.selectFrom('record').select('bytes').where('device', '=', device).where('kind', '=', RecordKind.cleared).where('seq', '>', seq).execute();
  return cleared.some(({ bytes }) => {
    const record = parseRecord(Buffer.from(bytes, 'base64'));
    return record !== undefined && countAt(record, 2) === seq;
  });
}

/**
 * Closes a case with a reason. Closing a gap takes the chain up again behind it: the missing records stay missing, and the
 * register says who accepted that.
 */
export async function closeCase(trx: Trx, history: History, id: string, person: number, reason: string): Promise<Case> {
  const found = await getCase(trx, id);
  if (found.closed) throw new Problem(DESK.WRONG_STATE, 'closed');
  if (reason.trim() === '') throw new Problem(DESK.REASON_REQUIRED);
  await trx.insertInto('case_closing').values({ case_id: id, person, reason, at: history.seconds() }).execute();
  await history.note(
    trx, 'case-closed', { case: id, person, reason }, `${id} ${reason}`,
    { type: 'case', device: found.device, data: { case: id, kind: found.kind, closed: true } },
  );
  // A photo that does not come holds back the acknowledgement of all later ones: here a person has given it up.
  if ((found.kind === 'photo-wrong' || found.kind === 'photo-late') && found.seq !== null) {
    await trx.updateTable('photo').set({ state: 'gone' }).where('device', '=', found.device).where('seq', '=', found.seq).where('state', '=', 'wanted').execute();
  }
  const to = found.detail['next'];
  if (found.kind === 'gap' && typeof to === 'number') {
    const chain = await trx.selectFrom('chain').select('next_seq').where('device', '=', found.device).executeTakeFirst();
    if (chain && Number(chain.next_seq) < to) {
      await trx.updateTable('chain').set({ next_seq: to, prev: '' }).where('device', '=', found.device).execute();
      await history.note(trx, 'gap', { device: Buffer.from(found.device, 'hex'), from: Number(chain.next_seq), to, person }, found.device);
    }
  }
  return getCase(trx, id);
}
