/** What is done about permit counters that a device has seen before. */
import type { History, Trx } from '../history';

/** Counters left out at once: more permits than are issued for one unit between two backups. */
const STEP = 4096;

/**
 * A device refused a permit as REPLAYED: most likely this database came back from a backup, and counters repeat. The next
 * permits begin well above. The refused one is not issued anew by itself: that it was refused is the bridge's word, and
 * a bridge that lies would get two permits for one approval. A person applies again, and the case says why.
 */
export async function skipCounters(trx: Trx, history: History, device: string, refused: number): Promise<void> {
  const row = await trx.selectFrom('device').select('next_counter').where('id', '=', device).executeTakeFirstOrThrow();
  const from = Number(row.next_counter);
  const to = refused + STEP;
  if (to <= from) return;
  await trx.updateTable('device').set({ next_counter: to }).where('id', '=', device).execute();
  await history.note(trx, 'counters', { device: Buffer.from(device, 'hex'), from, to }, device);
}
