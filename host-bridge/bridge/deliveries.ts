/**
 * Permits and grants on their way to devices: durable before anyone is told "queued", handed over in the order they came,
 * one result each. What a grant says is the authority's and the device's affair; here it is bytes.
 */
import { createHash } from 'node:crypto';
import type { Selectable } from 'kysely';
import { GrantKind } from '../../protocol';
import type { Clock } from '../common/clock';
import type { Store } from '../common/database';
import { Problem } from '../common/errors';
import type { EventLog } from '../common/events';
import { peekGrant } from '../common/grant';
import { BRIDGE } from './faults';
import type { BridgeSchema, DeliveryTable } from './tables';

export type Delivery = Selectable<DeliveryTable>;

/** Deliveries that may wait for one device. */
const QUEUE_LIMIT = 256;

/** Code of a permit that was taken back before it was handed over. */
const WITHDRAWN = 'WITHDRAWN';

/** What came of handing something over. */
export type DeliveryResult =
  | { state: 'delivered'; count: number; used: number; closed: boolean }
  | { state: 'applied' }
  | { state: 'refused'; code: string };

export class Deliveries {
  private readonly watchers = new Set<(device: string) => void>();

  constructor(
    private readonly store: Store<BridgeSchema>,
    private readonly events: EventLog<BridgeSchema>,
    private readonly clock: Clock,
    /** Throws when no permit should be taken now. */
    private readonly room: () => void = () => undefined,
  ) {}

  /** Calls when there is something new for a device. */
  onQueued(call: (device: string) => void): void {
    this.watchers.add(call);
  }

  /** Queues a permit under its id. The same bytes again change nothing, unless the device refused them: then it is asked again. */
  queuePermit(device: string, permit: string, bytes: Buffer): Promise<Delivery> {
    const view = peekGrant(bytes);
    if (view === undefined) throw new Problem(BRIDGE.GRANT_MALFORMED);
    if (view.device !== device) throw new Problem(BRIDGE.GRANT_ELSEWHERE, view.device);
    if (view.kind !== GrantKind.PERMIT) throw new Problem(BRIDGE.GRANT_KIND, String(view.kind));
    if (view.id !== permit) throw new Problem(BRIDGE.PERMIT_ID, view.id);
    this.room();
    return this.queue(device, 'permit', permit, bytes);
  }

  /** Queues any other statement under the SHA-256 of its bytes. */
  queueGrant(device: string, bytes: Buffer): Promise<Delivery> {
    const view = peekGrant(bytes);
    if (view === undefined) throw new Problem(BRIDGE.GRANT_MALFORMED);
    if (view.device !== device) throw new Problem(BRIDGE.GRANT_ELSEWHERE, view.device);
    if (view.kind === GrantKind.PERMIT) throw new Problem(BRIDGE.GRANT_KIND, 'a permit');
    // A ceremony waits in the device's memory: after a start it has to come once more.
    return this.queue(device, 'grant', createHash('sha256').update(bytes).digest('hex'), bytes, view.kind === GrantKind.CEREMONY);
  }

  private async queue(device: string, kind: 'permit' | 'grant', key: string, bytes: Buffer, anew = false): Promise<Delivery> {
    const row = await this.store.commit(async (trx) => {
      const known = await trx.selectFrom('delivery').selectAll().where('device', '=', device).where('kind', '=', kind).where('key', '=', key).executeTakeFirst();
      if (known !== undefined && !Buffer.from(known.bytes).equals(bytes)) throw new Problem(BRIDGE.PERMIT_DIFFERS, key);
      if (known !== undefined && known.state !== 'refused' && !(anew && known.state === 'applied')) return known;
      const waiting = await trx
        .selectFrom('delivery')
        .select(({ fn }) => fn.countAll().as('n'))
        .where('device', '=', device)
        .where('state', '=', 'queued')
        .executeTakeFirstOrThrow();
      if (Number(waiting.n) >= QUEUE_LIMIT) throw new Problem(BRIDGE.QUEUE_FULL, { retryAfter: 30 });
      if (known !== undefined) {
        return trx.updateTable('delivery').set({ state: 'queued', code: null }).where('id', '=', known.id).returningAll().executeTakeFirstOrThrow();
      }
      return trx.insertInto('delivery').values({ device, kind, key, bytes, state: 'queued', code: null, count: null, used: null, closed: null, at: this.clock.wall() }).returningAll().executeTakeFirstOrThrow();
    });
    if (row.state === 'queued') for (const watcher of this.watchers) watcher(device);
    return row;
  }

  /** The oldest that waits for a device. */
  next(device: string): Promise<Delivery | undefined> {
    return this.store.read((db) => db.selectFrom('delivery').selectAll().where('device', '=', device).where('state', '=', 'queued').orderBy('id').limit(1).executeTakeFirst());
  }

  find(device: string, kind: 'permit' | 'grant', key: string): Promise<Delivery | undefined> {
    return this.store.read((db) => db.selectFrom('delivery').selectAll().where('device', '=', device).where('kind', '=', kind).where('key', '=', key).executeTakeFirst());
  }

  /** Handed in for a device, oldest first. @param after number of the delivery before */
  list(device: string, kind: 'permit' | 'grant', after: number, limit: number): Promise<Delivery[]> {
    return this.store.read((db) => db.selectFrom('delivery').selectAll().where('device', '=', device).where('kind', '=', kind).where('id', '>', after).orderBy('id').limit(limit).execute());
  }

  /** Takes a permit that still waits out of the queue. Returns it as it then is; undefined: never handed in. */
  async withdraw(device: string, permit: string): Promise<Delivery | undefined> {
    const row = await this.store.commit(async (trx) => {
      const known = await trx.selectFrom('delivery').selectAll().where('device', '=', device).where('kind', '=', 'permit').where('key', '=', permit).executeTakeFirst();
      if (known?.state !== 'queued') return known;
      await this.events.append(trx, 'permit', device, { permit, state: 'refused', code: WITHDRAWN });
      return trx.updateTable('delivery').set({ state: 'refused', code: WITHDRAWN }).where('id', '=', known.id).returningAll().executeTakeFirstOrThrow();
    });
    this.events.wake();
    return row;
  }

  waiting(): Promise<number> {
    return this.store.read(async (db) => {
      const row = await db.selectFrom('delivery').select(({ fn }) => fn.countAll().as('n')).where('state', '=', 'queued').executeTakeFirstOrThrow();
      return Number(row.n);
    });
  }

  /** Stores the device's answer. */
  async settle(delivery: Delivery, result: DeliveryResult): Promise<void> {
    const set =
      result.state === 'delivered'
        ? { state: result.state, code: null, count: result.count, used: result.used, closed: result.closed ? 1 : 0 }
        : { state: result.state, code: result.state === 'refused' ? result.code : null };
    await this.store.commit(async (trx) => {
      await trx.updateTable('delivery').set(set).where('id', '=', delivery.id).execute();
      const subject = delivery.kind === 'permit' ? { permit: delivery.key } : { grant: delivery.key };
      await this.events.append(trx, delivery.kind, delivery.device, { ...subject, ...result });
    });
    this.events.wake();
  }
}
