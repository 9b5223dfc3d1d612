/** What a verified record changes in the desk's view: strokes, photos wanted, permits, applications, cases. */
import { ceremonyDone, orderedAnew } from '../custody/done';
import { tellApprovers } from '../approvals/became';
import { owesPaper } from '../papers/owed';
import { openCase } from './cases';
import type { History, Trx } from '../history';
import { bytesAt, countAt, RecordKind, type EvidenceRecord } from '../register/records';
import { searchText } from '../register/register';

/** Reasons in a CLOSED record after which a permit is over (firmware/core/use.ts, Close). */
const closedFor = { usedUp: 1, finished: 2, expired: 4, revoked: 6 } as const;
/** After which it is not over, but went wrong. */
const CLOSED_BY_ALARM = 5;

type Move = (trx: Trx, application: string, state: 'used' | 'expired') => Promise<void>;

export async function applyRecord(trx: Trx, history: History, record: EvidenceRecord, move: Move): Promise<void> {
  switch (record.kind) {
    case RecordKind.permit:
      return permitLoaded(trx, history, record);
    case RecordKind.photo:
      return photoTaken(trx, history, record);
    case RecordKind.intent:
      return intent(trx, history, record);
    case RecordKind.outcome:
      return outcome(trx, history, record);
    case RecordKind.closed:
      return closed(trx, history, record, move);
    case RecordKind.boot:
      return orderedAnew(trx, record.device);
    case RecordKind.ceremony:
      return ceremonyDone(trx, history, record);
    case RecordKind.alarm:
      await openCase(trx, history, record.device, 'alarm', record.seq, { condition: countAt(record, 1) ?? 0, detail: countAt(record, 2) ?? 0 });
      return;
    case RecordKind.code:
    case RecordKind.challenge:
      return coded(trx, history, record);
    case RecordKind.revoked:
      return revoked(trx, history, record);
    case RecordKind.toppedUp:
      return toppedUp(trx, history, record);
    default:
      return;
  }
}

/** A device that is ahead of the desk's epoch has outlived a restored backup: permits of the old epoch would all be refused. */
async function revoked(trx: Trx, history: History, record: EvidenceRecord): Promise<void> {
  const epoch = countAt(record, 1);
  if (epoch === undefined) return;
  // All that the unit wrote before is in by now: whatever number of a code it has seen is known again.
  await trx.deleteFrom('unheard').where('device', '=', record.device).where('epoch', '<=', epoch).execute();
  const raised = await trx.updateTable('device').set({ epoch }).where('id', '=', record.device).where('epoch', '<', epoch).executeTakeFirst();
  if (raised.numUpdatedRows > 0n) await history.note(trx, 'epoch', { device: Buffer.from(record.device, 'hex'), epoch, seq: record.seq }, record.device);
}

/** A permit has more strokes when the device says so; more than anybody here granted is told to a person. */
async function toppedUp(trx: Trx, history: History, record: EvidenceRecord): Promise<void> {
  const permit = bytesAt(record, 1) ?? '';
  const count = countAt(record, 2) ?? 0;
  const granted = await trx.selectFrom('top_up').select('id').where('permit', '=', permit).where('count', '=', count).where('state', '=', 'approved').executeTakeFirst();
  if (!granted) await openCase(trx, history, record.device, 'foreign-permit', record.seq, { permit, count });
  else await trx.updateTable('permit').set({ quota: count }).where('id', '=', permit).where('device', '=', record.device).execute();
}

/** A device that took a permit which the desk never issued, or other bytes than it issued, is told to a person. */
async function permitLoaded(trx: Trx, history: History, record: EvidenceRecord): Promise<void> {
  const permit = bytesAt(record, 1) ?? '';
  const row = await trx.selectFrom('permit').select(['sha256', 'state']).where('id', '=', permit).where('device', '=', record.device).executeTakeFirst();
  if (!row || row.sha256 !== bytesAt(record, 2)) {
    await openCase(trx, history, record.device, 'foreign-permit', record.seq, { permit });
    return;
  }
  if (row.state === 'issued' || row.state === 'queued') await trx.updateTable('permit').set({ state: 'delivered' }).where('id', '=', permit).execute();
}

/** A challenge was shown, or a code of this desk opened a use: its number is not given again, also by a desk that came back from a backup. */
async function coded(trx: Trx, history: History, record: EvidenceRecord): Promise<void> {
  const { device } = record;
  const trip = record.kind === RecordKind.code && countAt(record, 2) === 2;
  const number = countAt(record, record.kind === RecordKind.code ? 3 : 1) ?? 0;
  const column = trip ? 'serial' : 'calls';
  const row = await trx.selectFrom('offline_number').selectAll().where('device', '=', device).executeTakeFirst();
  if (!row) await trx.insertInto('offline_number').values({ device, calls: 0, serial: 0, [column]: number }).execute();
  else if (Number(row[column]) < number) await trx.updateTable('offline_number').set({ [column]: number }).where('device', '=', device).execute();
  if (record.kind !== RecordKind.code) return;
  const id = bytesAt(record, 1) ?? '';
  const given = await trx.updateTable('offline_code').set({ state: 'opened' }).where('id', '=', id).where('device', '=', device).where('state', '=', 'given').executeTakeFirst();
  const known = given.numUpdatedRows > 0n || (await trx.selectFrom('offline_code').select('id').where('id', '=', id).where('device', '=', device).executeTakeFirst()) !== undefined;
  if (!known) await openCase(trx, history, device, 'foreign-permit', record.seq, { permit: id });
}

async function photoTaken(trx: Trx, history: History, record: EvidenceRecord): Promise<void> {
  const digest = bytesAt(record, 3);
  const size = countAt(record, 4);
  if (digest?.length !== 64 || size === undefined) {
    await openCase(trx, history, record.device, 'malformed', record.seq, { what: 'photo' });
    return;
  }
  await trx.insertInto('photo').values({ digest, device: record.device, seq: record.seq, size, state: 'wanted', sha256: null, at: null }).execute();
  if (countAt(record, 2) === 1) {
    const stroke = await latestStroke(trx, record, bytesAt(record, 1) ?? '', countAt(record, 5) ?? -1);
    if (stroke !== undefined) await trx.updateTable('stroke').set({ after: digest }).where('device', '=', record.device).where('intent', '=', stroke).execute();
  }
}

/** Intent of the newest stroke with this number under a permit: a failed one gives its number back. */
async function latestStroke(trx: Trx, record: EvidenceRecord, permit: string, use: number): Promise<number | undefined> {
  const row = await trx
    .selectFrom('stroke')
    .select('intent')
    .where('device', '=', record.device)
    .where('permit', '=', permit)
    .where('use_number', '=', use)
    .orderBy('intent', 'desc')
    .executeTakeFirst();
  return row && Number(row.intent);
}

/** The application behind a permit, or behind what a code has opened. */
async function permitRow(trx: Trx, device: string, permit: string): Promise<{ table: 'permit' | 'offline_code'; application: string } | undefined> {
  for (const table of ['permit', 'offline_code'] as const) {
    const row = await trx.selectFrom(table).select('application').where('id', '=', permit).where('device', '=', device).executeTakeFirst();
    if (row) return { table, application: row.application };
  }
  return undefined;
}

async function charge(trx: Trx, device: string, permit: string, used: number): Promise<void> {
  for (const table of ['permit', 'offline_code'] as const) await trx.updateTable(table).set({ used }).where('id', '=', permit).where('device', '=', device).execute();
}

async function intent(trx: Trx, history: History, record: EvidenceRecord): Promise<void> {
  const permit = bytesAt(record, 1) ?? '';
  const charged = countAt(record, 3) ?? 0;
  const behind = (await permitRow(trx, record.device, permit))?.application;
  const row = behind === undefined ? undefined : await trx
    .selectFrom('application')
    .innerJoin('seal', 'seal.id', 'application.seal')
    .innerJoin('person', 'person.id', 'application.applicant')
    .innerJoin('document', 'document.sha256', 'application.document')
    .select(['application.id as application', 'application.purpose', 'seal.name as seal', 'person.name as person', 'document.name as document'])
    .where('application.id', '=', behind)
    .executeTakeFirst();
  if (!row) await openCase(trx, history, record.device, 'foreign-permit', record.seq, { permit });
  const search = row ? `${row.application} ${row.purpose} ${row.seal} ${row.person} ${row.document}` : '';
  await trx
    .insertInto('stroke')
    .values({
      device: record.device, intent: record.seq, permit, use_number: countAt(record, 2) ?? 0, application: row?.application ?? null, charged,
      before: bytesAt(record, 4) ?? null, outcome: null, result: null, after: null, intent_time: record.time,
      search: searchText(`${record.device} ${permit} ${search}`),
    })
    .execute();
  await charge(trx, record.device, permit, charged);
  if (row) await owesPaper(trx, history, row.application, record);
}

async function outcome(trx: Trx, history: History, record: EvidenceRecord): Promise<void> {
  const permit = bytesAt(record, 1) ?? '';
  const result = countAt(record, 3) ?? 3;
  const at = countAt(record, 5) ?? -1;
  await trx.updateTable('stroke').set({ outcome: record.seq, result }).where('device', '=', record.device).where('intent', '=', at).execute();
  const charged = countAt(record, 6);
  if (charged !== undefined) await charge(trx, record.device, permit, charged);
  if (result !== 1 && result !== 2) await openCase(trx, history, record.device, 'unknown-outcome', record.seq, { permit, intent: at });
  const of = (await permitRow(trx, record.device, permit))?.application;
  if (of !== undefined) await tellApprovers(trx, history, of, result === 1 ? 'use-stamped' : result === 2 ? 'use-failed' : 'use-unknown');
}

async function closed(trx: Trx, history: History, record: EvidenceRecord, move: Move): Promise<void> {
  const permit = bytesAt(record, 1) ?? '';
  const reason = countAt(record, 2) ?? 0;
  const charged = countAt(record, 3) ?? 0;
  const over = (Object.values(closedFor) as number[]).includes(reason);
  const row = await permitRow(trx, record.device, permit);
  if (row && reason === CLOSED_BY_ALARM) await tellApprovers(trx, history, row.application, 'use-alarm');
  if (!row || !over) return; // idle, alarm, restart: what is left may still be used
  const state = reason === closedFor.expired ? 'expired' : reason === closedFor.revoked ? 'revoked' : 'closed';
  await trx.updateTable(row.table).set({ state, used: charged }).where('id', '=', permit).execute();
  if (reason === closedFor.revoked) return;
  const permits = await trx.selectFrom('permit').select(['state', 'used']).where('application', '=', row.application).execute();
  // Strokes over edges have a permit of their own: the application is over when neither can be used any more.
  if (permits.some((one) => ['issued', 'queued', 'delivered'].includes(one.state))) return;
  const used = charged > 0 || permits.some((one) => Number(one.used) > 0);
  await move(trx, row.application, reason === closedFor.expired && !used ? 'expired' : 'used');
}
