/**
 * What a desk must do that was put back to an earlier day. Permits, codes and revocations of the days that are lost may be out at the
 * units, and nobody here knows of them. So whatever was granted is taken back under an epoch that no lost day can have reached, counters
 * go on above all that a lost day can have used, and codes wait until the unit has confirmed the epoch: its records come in
 * order, so by then every number that it has seen is known again.
 */
import { getApplication } from '../applications/applications';
import { GrantKind } from '../authority/grants';
import { openCase } from '../follow/cases';
import type { Trx } from '../history';
import type { Checkpoint } from '../register/note';
import { registerRoot, registerSize } from '../register/register';
import type { Rooms } from '../rooms';

/** Permits of one unit that the lost days may have had: one a second for twelve days. A counter has 2^32 values. */
export const COUNTERS_LEFT_OUT = 1 << 20;
/** Times that everything may have been revoked on one unit in the lost days. */
export const EPOCHS_LEFT_OUT = 1 << 10;
/** Events that the lost days may have had: nobody who read them takes a new one for one of those. */
export const EVENTS_LEFT_OUT = 1_000_000;
const COUNTERS = 2 ** 32;

export interface Restored {
  /** Of the register, before what the restoring itself has added. */
  entries: number;
  devices: number;
  /** Applications that had been approved, and whose strokes were taken back. */
  withdrawn: number;
}

/** @param known how far the register had come, by its mark, where there is one */
export async function markRestored(trx: Trx, rooms: Rooms, known: Checkpoint | undefined): Promise<Restored> {
  const { history, applications, clock } = rooms;
  const entries = await registerSize(trx);
  const root = await registerRoot(trx, entries);
  const newest = await trx.selectFrom('event').select(({ fn }) => fn.max('id').as('id')).executeTakeFirst();
  await trx.insertInto('event').values({ id: Number(newest?.id ?? 0) + EVENTS_LEFT_OUT, at: clock.wall(), type: 'restored', device: '', data: JSON.stringify({ entries }) }).execute();
  await history.note(trx, 'restored', { entries, root, known: known?.size ?? null, knownRoot: known?.root ?? null }, 'restored 恢复');
  const devices = await trx.selectFrom('device').select('id').orderBy('id').execute();
  for (const { id } of devices) await takeBack(trx, rooms, id, entries);
  const approved = await trx.selectFrom('application').select('id').where('state', '=', 'approved').orderBy('id').execute();
  for (const { id } of approved) await applications.move(trx, await getApplication(trx, id), 'withdrawn', 0, { reason: 'restored from a backup' });
  return { entries, devices: devices.length, withdrawn: approved.length };
}

async function takeBack(trx: Trx, rooms: Rooms, id: string, entries: number): Promise<void> {
  const { history, permits } = rooms;
  const row = await trx.selectFrom('device').select(['next_counter', 'epoch']).where('id', '=', id).executeTakeFirstOrThrow();
  const counter = Math.min(Number(row.next_counter) + COUNTERS_LEFT_OUT, COUNTERS);
  const epoch = Number(row.epoch) + EPOCHS_LEFT_OUT;
  await trx.updateTable('device').set({ next_counter: counter, epoch: epoch - 1 }).where('id', '=', id).execute();
  await history.note(trx, 'counters', { device: Buffer.from(id, 'hex'), from: Number(row.next_counter), to: counter }, id);
  // A grant of a stroke that waited may have been given and used: it goes the way of its permit. What limits a unit stays.
  await trx.updateTable('statement').set({ state: 'refused', code: 'RESTORED' }).where('device', '=', id).where('kind', '=', GrantKind.stroke).where('state', 'in', ['issued', 'queued']).execute();
  await trx.updateTable('offline_code').set({ state: 'revoked' }).where('device', '=', id).where('state', 'in', ['given', 'opened']).execute();
  await permits.state(trx, id, { kind: 'revoke-all' }, 0, 'restored from a backup');
  await trx.deleteFrom('unheard').where('device', '=', id).execute();
  await trx.insertInto('unheard').values({ device: id, epoch }).execute();
  await openCase(trx, history, id, 'restored', null, { entries, epoch });
}
