/**
 * What a desk must do that was put back to an earlier day. Permits, codes and revocations of the days that are lost may be out at the
 * units, and nobody here knows of them. So whatever was granted is taken back under an epoch that no lost day can have reached, counters
 * go on above all that a lost day can have used, and codes wait until the unit has confirmed the epoch: its records come in
 * order, so by then every number that it has seen is known again.
 */
import { getApplication } from '../applications/applications';
import { GrantKind } from '../authority/grants';
import { endDelegations } from '../chains/delegations';
import { changeSeal } from '../custody/seals';
import { openCase } from '../follow/cases';
import type { Trx } from '../history';
import { getSeal } from '../register/cards';
import type { Checkpoint } from '../register/note';
import { registerRoot, registerSize } from '../register/register';
import type { Rooms } from '../rooms';

/**
 * What is left out for the lost days, beside one for each second of them: by the time that has gone by, the same backup may be put back
 * a second time, and does not begin where it began the first time. No unit gets a permit, or has all revoked, once a second for long.
 */
export const LEFT_OUT = { counters: 1 << 20, epochs: 1 << 10, events: 1_000_000 } as const;
/** As the register says it. */
const REASON = 'restored from a backup';
/** Events that all units together may have in a second, on average. */
const EVENTS_A_SECOND = 100;
/** Values that a counter and an epoch have. */
const VALUES = 2 ** 32;

export interface Restored {
  /** Of the register, before what the restoring itself has added. */
  entries: number;
  devices: number;
  /** Applications that had been approved, and whose strokes were taken back. */
  withdrawn: number;
}

/** @param known how far the register had come, by its mark, where there is one @param tables that this database has */
export async function markRestored(trx: Trx, rooms: Rooms, known: Checkpoint | undefined, tables: ReadonlySet<string>): Promise<Restored> {
  const { history, applications, ceremonies, clock } = rooms;
  const entries = await registerSize(trx);
  const root = await registerRoot(trx, entries);
  const lost = Math.max(0, history.seconds() - (await timeOf(trx, 'desc')));
  const newest = await trx.selectFrom('event').select(({ fn }) => fn.max('id').as('id')).executeTakeFirst();
  await trx.insertInto('event').values({ id: Number(newest?.id ?? 0) + LEFT_OUT.events + EVENTS_A_SECOND * lost, at: clock.wall(), type: 'restored', device: '', data: JSON.stringify({ entries }) }).execute();
  await history.note(trx, 'restored', { entries, root, known: known?.size ?? null, knownRoot: known?.root ?? null }, 'restored 恢复');
  await endAccess(trx, rooms, tables);
  const devices = await trx.selectFrom('device').select('id').orderBy('id').execute();
  for (const { id } of devices) {
    await ceremonies.endOrdered(trx, id, 0, REASON);
    await takeBack(trx, rooms, id, lost);
    await openCase(trx, history, id, 'restored', null, { entries, at: history.seconds() });
  }
  const approved = await trx.selectFrom('application').select('id').where('state', '=', 'approved').orderBy('id').execute();
  for (const { id } of approved) await applications.move(trx, await getApplication(trx, id), 'withdrawn', 0, { reason: REASON });
  return { entries, devices: devices.length, withdrawn: approved.length };
}

/**
 * What was ended in the lost days would be open again, and what was used up could be used again: nobody knows which, so everybody signs in
 * anew, every program gets a new token, who decides or keeps a seal in another's place is named anew, and browsers that are to be told subscribe anew. Passkeys, passwords and authenticators cannot be told apart so: who has which is for people to check.
 */
async function endAccess(trx: Trx, { history }: Pick<Rooms, 'history'>, tables: ReadonlySet<string>): Promise<void> {
  const now = history.seconds();
  const ended = async (rows: Promise<readonly { numUpdatedRows: bigint }[]>): Promise<number> => Number((await rows)[0]?.numUpdatedRows ?? 0);
  const sessions = await ended(trx.updateTable('session').set({ ended: now }).where('ended', 'is', null).execute());
  const tokens = await ended(trx.updateTable('person_token').set({ revoked: now }).where('revoked', 'is', null).execute());
  const recoveryCodes = await ended(trx.updateTable('recovery_code').set({ used: now }).where('used', 'is', null).execute());
  await trx.deleteFrom('invitation').where('used', 'is', null).execute();
  // A backup of before has not every table.
  const delegations = tables.has('delegation') ? await endDelegations(trx, history) : 0;
  const deputies = await endDeputies(trx, history);
  for (const table of ['push_message', 'push_subscription'] as const) if (tables.has(table)) await trx.deleteFrom(table).execute();
  await history.note(trx, 'access-ended', { sessions, tokens, recoveryCodes, delegations, deputies, reason: REASON }, 'restored 恢复');
}

/** Nobody keeps a seal in another's place any more. Returns of how many. */
async function endDeputies(trx: Trx, history: Rooms['history']): Promise<number> {
  const now = history.seconds();
  // All columns: a backup of before has not every one.
  const kept = (await trx.selectFrom('seal').selectAll().orderBy('id').execute()).filter((seal) => Number(seal.deputy_until ?? 0) > now);
  for (const { id } of kept) {
    await trx.updateTable('seal').set({ deputy: null, deputy_until: null }).where('id', '=', id).execute();
    await changeSeal(trx, history, await getSeal(trx, id), { what: 'deputy', by: 0, reason: REASON });
  }
  return kept.length;
}

/** Seconds of the newest or the oldest entry of the register; now, where there is none. */
async function timeOf(trx: Trx, order: 'asc' | 'desc'): Promise<number> {
  const row = await trx.selectFrom('entry').select('at').orderBy('number', order).limit(1).executeTakeFirst();
  return Number(row?.at ?? 0);
}

type Authorities = Pick<Rooms, 'history' | 'permits'>;

async function takeBack(trx: Trx, { history, permits }: Authorities, id: string, lost: number): Promise<void> {
  const row = await trx.selectFrom('device').select(['next_counter', 'epoch']).where('id', '=', id).executeTakeFirstOrThrow();
  const counter = Math.min(Number(row.next_counter) + LEFT_OUT.counters + lost, VALUES);
  const epoch = Math.min(Number(row.epoch) + LEFT_OUT.epochs + lost, VALUES - 1);
  await trx.updateTable('device').set({ next_counter: counter, epoch: epoch - 1 }).where('id', '=', id).execute();
  await history.note(trx, 'counters', { device: Buffer.from(id, 'hex'), from: Number(row.next_counter), to: counter }, id);
  // A grant of a stroke that waited may have been given and used: it goes the way of its permit. What limits a unit stays.
  await trx.updateTable('statement').set({ state: 'refused', code: 'RESTORED' }).where('device', '=', id).where('kind', 'in', [GrantKind.stroke, GrantKind.topUp, GrantKind.reject]).where('state', 'in', ['issued', 'queued']).execute();
  await trx.updateTable('offline_code').set({ state: 'revoked' }).where('device', '=', id).where('state', 'in', ['given', 'opened']).execute();
  await permits.state(trx, id, { kind: 'revoke-all' }, 0, REASON);
  await trx.deleteFrom('unheard').where('device', '=', id).execute();
  await trx.insertInto('unheard').values({ device: id, epoch }).execute();
}

/** A unit that is registered with a desk which was restored once: it may have been registered, and used, in the lost days. */
export async function newUnit(trx: Trx, o: Authorities, id: string): Promise<void> {
  const restored = await trx.selectFrom('entry').select('number').where('kind', '=', 'restored').limit(1).executeTakeFirst();
  if (restored) await takeBack(trx, o, id, Math.max(0, o.history.seconds() - (await timeOf(trx, 'asc'))));
}
