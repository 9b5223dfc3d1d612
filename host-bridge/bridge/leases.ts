/**
 * Leases: one caller has a device to themselves for maintenance or an update, for a time. The number handed out (the fence)
 * only grows, so that one who slept through the end of their lease is told, and does nothing on top of another's work.
 */
import type { Selectable } from 'kysely';
import type { Clock } from '../common/clock';
import type { Store } from '../common/database';
import { Problem } from '../common/errors';
import type { LeaseTable } from './api-tables';
import { BRIDGE } from './faults';
import type { BridgeSchema } from './tables';

export type Lease = Selectable<LeaseTable>;

/** Seconds of the longest lease. */
export const LEASE_MAX = 14_400;

/** One that would last longer than any may was taken before the clock was set back. */
const runs = ({ until }: Lease, now: number): boolean => until > now && until - now <= LEASE_MAX * 1000;

export class Leases {
  constructor(
    private readonly store: Store<BridgeSchema>,
    private readonly clock: Clock,
  ) {}

  /** The lease in force. */
  async current(device: string): Promise<Lease | undefined> {
    const row = await this.store.read((db) => db.selectFrom('lease').selectAll().where('device', '=', device).executeTakeFirst());
    return row !== undefined && runs(row, this.clock.wall()) ? row : undefined;
  }

  /** Takes a lease, or makes one's own longer. Throws LEASED. */
  take(device: string, holder: string, seconds: number): Promise<Lease> {
    return this.store.commit(async (trx) => {
      const now = this.clock.wall();
      const row = await trx.selectFrom('lease').selectAll().where('device', '=', device).executeTakeFirst();
      const current = row !== undefined && runs(row, now);
      if (current && row.holder !== holder) throw new Problem(BRIDGE.LEASED, { detail: row.holder, retryAfter: Math.ceil((row.until - now) / 1000) });
      const lease = { device, holder, fence: (row?.fence ?? 0) + (current ? 0 : 1), until: now + seconds * 1000 };
      await trx.insertInto('lease').values(lease).onConflict((c) => c.column('device').doUpdateSet(lease)).execute();
      return lease;
    });
  }

  /** Gives it back. An administrator may end another's: `holder` is undefined then. */
  async end(device: string, holder: string | undefined): Promise<boolean> {
    const row = await this.current(device);
    if (row === undefined || (holder !== undefined && row.holder !== holder)) return false;
    await this.store.commit((trx) => trx.updateTable('lease').set({ until: 0 }).where('device', '=', device).where('fence', '=', row.fence).execute());
    return true;
  }

  /**
   * Whether a caller may do what a lease is for. Without a lease anybody with the scope may; under one only its holder, who
   * says its number. Throws LEASED, LEASE_OVER.
   */
  async check(device: string, holder: string, fence: number | undefined): Promise<void> {
    const row = await this.current(device);
    if (fence !== undefined && row?.fence !== fence) throw new Problem(BRIDGE.LEASE_OVER, String(fence));
    if (row !== undefined && (row.holder !== holder || fence === undefined)) throw new Problem(BRIDGE.LEASED, { detail: row.holder, retryAfter: Math.max(1, Math.ceil((row.until - this.clock.wall()) / 1000)) });
  }
}
