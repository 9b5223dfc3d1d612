/**
 * What the bridge may forget. A record or photo is kept until the register has said that it has it (a grant of kind 6 that
 * the device accepted, so its MAC was right) and some days more; until then it stays, however long the desk is away. When the
 * disk runs low, acknowledged photos go first, and no new permits are taken: what is under way can still be recorded.
 */
import { existsSync, unlinkSync } from 'node:fs';
import { Decoder, Tag } from 'cbor-x';
import { GrantKind } from '../../protocol';
import type { Cancel, Clock } from '../common/clock';
import type { Store } from '../common/database';
import { COMMON, Problem } from '../common/errors';
import type { Log } from '../common/log';
import type { PhotoSpool } from './photos';
import type { AckedTable } from './retention-tables';
import type { BridgeSchema } from './tables';

export interface RetentionOptions {
  store: Store<BridgeSchema>;
  photos: PhotoSpool;
  clock: Clock;
  log: Log;
  /** Days that acknowledged records and photos stay. */
  keepDays: number;
  /** Bytes of disk that are left free. */
  reserve: number;
  /** Bytes of disk that are free now. */
  freeBytes(): number;
}

const DAY = 86_400_000;
/** Milliseconds between two rounds, and while the disk is low. */
const SWEEP_EVERY = 3_600_000;
const SWEEP_LOW = 60_000;
/** Milliseconds for which a look at the disk counts. */
const LOOK_FOR = 1_000;
/** Rows of one transaction. */
const BATCH = 500;

const decoder = new Decoder({ useRecords: false, mapsAsObjects: false, int64AsNumber: true } as ConstructorParameters<typeof Decoder>[0]);

/** What an acknowledgement says (SPEC.md, section 8, kind 6); undefined where it is another statement. Never throws. */
export function ackOf(grant: Buffer): { records: number; photos: number } | undefined {
  try {
    const message = decoder.decode(grant) as unknown;
    const payload = message instanceof Tag && Array.isArray(message.value) ? (message.value as unknown[])[2] : undefined;
    const claims = payload instanceof Uint8Array ? (decoder.decode(payload) as unknown) : undefined;
    const seal = claims instanceof Map ? (claims.get(-65537) as unknown) : undefined;
    if (!(seal instanceof Map) || seal.get(1) !== GrantKind.ACK) return undefined;
    const [records, photos] = [seal.get(16) as unknown, seal.get(17) as unknown];
    return typeof records === 'number' && typeof photos === 'number' ? { records, photos } : undefined;
  } catch {
    return undefined;
  }
}

export class Retention {
  private timer: Cancel | undefined;
  private sweeping: Promise<void> = Promise.resolve();
  private looked: { at: number; free: number } | undefined;
  private stopped = false;
  private low = false;

  constructor(private readonly o: RetentionOptions) {}

  /** Bytes free; what the system does not tell counts as plenty. */
  get free(): number {
    const now = this.o.clock.now();
    if (this.looked === undefined || now - this.looked.at >= LOOK_FOR) {
      let free = Infinity;
      try {
        free = this.o.freeBytes();
      } catch {
        // a file system without figures
      }
      this.looked = { at: now, free };
    }
    return this.looked.free;
  }

  /** Throws STORE_FULL when the disk is low: nothing that can wait, or that would make more evidence, is taken then. */
  room(): void {
    const low = this.free < this.o.reserve;
    if (low && !this.low && this.timer !== undefined) {
      this.timer();
      this.again(0);
    }
    this.low = low;
    if (low) throw new Problem(COMMON.STORE_FULL, { detail: `less than ${this.o.reserve} bytes are free`, retryAfter: 60 });
  }

  /** The device has accepted a statement. */
  async applied(device: string, grant: Buffer): Promise<void> {
    const ack = ackOf(grant);
    if (ack === undefined) return;
    await this.o.store.commit(async (trx) => {
      const row = await trx.selectFrom('device').select('branch').where('id', '=', device).executeTakeFirst();
      if (row === undefined) return;
      await trx.insertInto('acked').values({ device, branch: row.branch, ...ack }).onConflict((c) => c.column('device').doUpdateSet({ branch: row.branch, ...ack })).execute();
    });
  }

  start(): void {
    this.again(0);
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.timer?.();
    await this.sweeping;
  }

  private again(ms: number): void {
    if (this.stopped) return;
    this.timer = this.o.clock.after(ms, () => {
      this.sweeping = this.sweep().catch((error: unknown) => this.o.log.error('not tidied', { code: error instanceof Problem ? error.code : String(error) }));
      void this.sweeping.then(() => this.again(this.free < this.o.reserve ? SWEEP_LOW : SWEEP_EVERY));
    });
  }

  /** One round. */
  async sweep(): Promise<void> {
    const before = this.o.clock.wall() - this.o.keepDays * DAY;
    const acked = await this.o.store.read((db) => db.selectFrom('acked').selectAll().execute());
    for (const one of acked) {
      await this.inBatches(() => this.photos(one, before));
      if (this.free < this.o.reserve) await this.inBatches(() => (this.free < this.o.reserve ? this.photos(one, Infinity) : Promise.resolve(0)));
      await this.inBatches(() => this.records(one, before));
    }
    await this.inBatches(() => this.deliveries(before));
  }

  /** Until a batch was not full. Each is a transaction, and others come in between. */
  private async inBatches(batch: () => Promise<number>): Promise<void> {
    while (!this.stopped && (await batch()) === BATCH) this.looked = undefined;
  }

  /** The file goes first: a row without a file is told as released (api/evidence.ts), a file without a row would stay for ever. */
  private async photos(acked: AckedTable, before: number): Promise<number> {
    const { store, photos } = this.o;
    const rows = await store.read((db) =>
      db
        .selectFrom('photo')
        .innerJoin('record', (join) => join.onRef('record.device', '=', 'photo.device').onRef('record.branch', '=', 'photo.branch').onRef('record.seq', '=', 'photo.seq'))
        .select('photo.digest')
        .where('photo.device', '=', acked.device)
        .where('photo.branch', '=', acked.branch)
        .where('photo.seq', '<', acked.photos)
        .where('photo.state', '=', 'stored')
        .where('record.at', '<', Math.min(before, Number.MAX_SAFE_INTEGER))
        .orderBy('photo.seq')
        .limit(BATCH)
        .execute(),
    );
    for (const { digest } of rows) {
      const others = await store.read((db) => db.selectFrom('photo').select('device').where('digest', '=', digest).where('device', '<>', acked.device).limit(1).execute());
      if (others.length === 0 && existsSync(photos.pathOf(digest))) unlinkSync(photos.pathOf(digest));
    }
    if (rows.length > 0) {
      const digests = rows.map(({ digest }) => digest);
      await store.commit((trx) => trx.updateTable('photo').set({ state: 'released' }).where('device', '=', acked.device).where('digest', 'in', digests).execute());
      this.o.log.info('photos released', { device: acked.device, photos: rows.length });
    }
    return rows.length;
  }

  private async records(acked: AckedTable, before: number): Promise<number> {
    const below = Math.min(acked.records, acked.photos);
    return this.o.store.commit(async (trx) => {
      const rows = await trx.selectFrom('record').select('seq').where('device', '=', acked.device).where('branch', '=', acked.branch).where('seq', '<', below).where('at', '<', before).orderBy('seq').limit(BATCH).execute();
      const last = rows.at(-1);
      if (last === undefined) return 0;
      await trx.deleteFrom('record').where('device', '=', acked.device).where('branch', '=', acked.branch).where('seq', '<=', last.seq).execute();
      await trx.deleteFrom('photo').where('device', '=', acked.device).where('branch', '=', acked.branch).where('seq', '<=', last.seq).where('state', '<>', 'wanted').execute();
      return rows.length;
    });
  }

  private async deliveries(before: number): Promise<number> {
    return this.o.store.commit(async (trx) => {
      const rows = await trx.selectFrom('delivery').select('id').where('state', '<>', 'queued').where('at', '<', before).limit(BATCH).execute();
      if (rows.length > 0) await trx.deleteFrom('delivery').where('id', 'in', rows.map(({ id }) => id)).execute();
      return rows.length;
    });
  }
}
