/** Maintenance of a unit by a person here: a lease, so that one at a time does it, and updates of its firmware under the authority's consent. */
import type { Authority } from '../authority/authority';
import { imageInfo } from '../../common/images';
import { COMMON, Problem } from '../../common/errors';
import { DESK } from '../errors';
import { sha256 } from '../hashes';
import type { History } from '../history';
import type { Db } from '../tables';
import type { BridgeApi, Progress } from './bridge-api';

export interface Lease {
  person: number;
  /** Unix seconds. */
  until: number;
}

export class Maintenance {
  constructor(
    private readonly history: History,
    private readonly authority: Authority,
  ) {}

  /** The lease that runs. */
  async current(db: Db, device: string): Promise<(Lease & { fence: number }) | undefined> {
    const row = await db.selectFrom('device_lease').selectAll().where('device', '=', device).executeTakeFirst();
    return row === undefined || Number(row.until) <= this.history.seconds() ? undefined : { person: Number(row.person), until: Number(row.until), fence: Number(row.fence) };
  }

  /** Takes a unit for oneself, or makes one's own lease longer; at the bridge too, which keeps other programs off. @throws LEASED, NO_BRIDGE */
  async take(bridge: BridgeApi, device: string, person: number, seconds: number): Promise<Lease> {
    await this.mine(device, person, true);
    const { fence, until } = await bridge.takeLease(device, seconds);
    const lease = { device, person, fence, until };
    await this.history.commit(async (trx) => {
      const other = await this.current(trx, device);
      if (other !== undefined && other.person !== person) throw new Problem(DESK.LEASED, `person ${other.person}`);
      await trx.insertInto('device_lease').values(lease).onConflict((c) => c.column('device').doUpdateSet(lease)).execute();
      await this.history.note(trx, 'lease', { device: Buffer.from(device, 'hex'), by: person, until }, `${device} lease`, { type: 'lease', device, data: { person, until } });
    });
    return { person, until };
  }

  /** Gives it back; an administrator ends another's. @throws LEASED */
  async end(bridge: BridgeApi, device: string, person: number, admin: boolean): Promise<void> {
    if (!admin) await this.mine(device, person, true);
    await bridge.endLease(device);
    await this.history.commit(async (trx) => {
      await trx.updateTable('device_lease').set({ until: 0 }).where('device', '=', device).execute();
      await this.history.note(trx, 'lease', { device: Buffer.from(device, 'hex'), by: person, until: 0 }, `${device} lease`, { type: 'lease', device, data: { person, until: 0 } });
    });
  }

  /** The caller's own lease. @param none whether it may be that nobody has one. @throws LEASED */
  private async mine(device: string, person: number, none = false): Promise<number | undefined> {
    const lease = await this.history.store.read((db) => this.current(db, device));
    if (lease === undefined && none) return undefined;
    if (lease?.person !== person) throw new Problem(DESK.LEASED, lease === undefined ? 'nobody' : `person ${lease.person}`);
    return lease.fence;
  }

  /** Begins an update; who does it has the unit for themselves. The device judges the maker's signature. @throws LEASED, IMAGE_REFUSED, NO_BRIDGE */
  async update(bridge: BridgeApi, device: string, person: number, image: Buffer): Promise<Progress> {
    const fence = await this.mine(device, person);
    const info = imageInfo(image);
    if (info === undefined) throw new Problem(DESK.IMAGE_REFUSED);
    const { version } = info.header;
    const grant = this.authority.update(Buffer.from(device, 'hex'), info.name, version);
    // On record before it can be used.
    await this.history.commit((trx) =>
      this.history.note(trx, 'update', { device: Buffer.from(device, 'hex'), by: person, image: info.name, version, sha256: sha256(grant) }, `${device} update ${version}`, { type: 'update', device, data: { person, version } }),
    );
    return bridge.startUpdate(device, image, grant, fence!);
  }

  /** @throws NOT_FOUND where there was none */
  async progress(bridge: BridgeApi, device: string): Promise<Progress> {
    const progress = await bridge.update(device);
    if (progress === undefined) throw new Problem(COMMON.NOT_FOUND, `update of ${device}`);
    return progress;
  }
}
