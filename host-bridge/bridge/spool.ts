/**
 * What has come from the devices, durably: records in verified chains, which photos they name, and what went wrong.
 * Nothing is asked of a device anew before what came is committed here, and nothing is ever overwritten.
 */
import { createHash } from 'node:crypto';
import type { Selectable, Transaction } from 'kysely';
import { RecordKind } from '../../protocol';
import type { Clock } from '../common/clock';
import type { Store } from '../common/database';
import type { EventLog } from '../common/events';
import { hexField, uintField, type EvidenceRecord } from '../common/record';
import { chainFrom, type ChainHead, type Finding } from './chain';
import type { BridgeSchema, DeviceTable, IncidentTable, PhotoTable } from './tables';

type Trx = Transaction<BridgeSchema>;

/** Largest photo taken, in bytes. */
export const PHOTO_MAX = 8 * 1024 * 1024;
/** Histories one device may bring before nothing more is taken from it. */
export const BRANCH_LIMIT = 8;

/** Results of an OUTCOME record. */
const STROKES = [undefined, 'stamped', 'failed', 'unknown'];

/** What the device says of its journal, from READY or STATUS. */
export interface JournalRange {
  firstSeq: number;
  nextSeq: number;
}

export interface ChainState extends ChainHead {
  branch: number;
  quarantined: boolean;
}

export class Spool {
  private wanted: (device: string) => void = () => undefined;

  constructor(
    private readonly store: Store<BridgeSchema>,
    private readonly events: EventLog<BridgeSchema>,
    private readonly clock: Clock,
  ) {}

  /** Called once a session: brings the chain in line with what the device still has, and notes what does not fit. */
  async meet(device: string, firmware: string, journal: JournalRange): Promise<ChainState> {
    const state = await this.store.commit(async (trx) => {
      const known = await trx.selectFrom('device').selectAll().where('id', '=', device).executeTakeFirst();
      if (known === undefined) {
        const chain = chainFrom(device, journal.firstSeq);
        const row = { id: device, firmware, seen_at: this.clock.wall(), branch: 0, next_seq: chain.next, head: chain.head, quarantined: 0 };
        await trx.insertInto('device').values(row).execute();
        if (journal.firstSeq > 0) await this.incident(trx, device, 'late', 0, 0, { from: 0, to: journal.firstSeq });
        return stateOf(row);
      }
      await trx.updateTable('device').set({ firmware, seen_at: this.clock.wall() }).where('id', '=', device).execute();
      const chain = stateOf(known);
      if (chain.quarantined) return chain;
      if (journal.nextSeq < chain.next) {
        await this.incident(trx, device, 'rollback', chain.branch, chain.next, { have: chain.next, device: journal.nextSeq });
        return this.branchOff(trx, chain, journal.firstSeq);
      }
      if (journal.firstSeq > chain.next) {
        await this.incident(trx, device, 'gap', chain.branch, chain.next, { from: chain.next, to: journal.firstSeq });
        return this.move(trx, { ...chain, ...chainFrom(device, journal.firstSeq) });
      }
      return chain;
    });
    this.events.wake();
    return state;
  }

  /** Stores verified records with all that follows from them, in one transaction. */
  async take(chain: ChainState, good: readonly EvidenceRecord[], next: ChainHead): Promise<ChainState> {
    const moved = await this.store.commit(async (trx) => {
      for (const record of good) {
        const row = { device: chain.device, branch: chain.branch, seq: record.seq, kind: record.kind, bytes: record.bytes, at: this.clock.wall() };
        await trx.insertInto('record').values(row).execute();
        await this.events.append(trx, 'record', chain.device, { branch: chain.branch, seq: record.seq, kind: record.kind });
        await this.consequences(trx, chain, record);
      }
      return this.move(trx, { ...chain, ...next });
    });
    this.events.wake();
    return moved;
  }

  /** Keeps what could not be taken. After a fork the device's own history is taken up as a branch beside the first. */
  async refuse(chain: ChainState, finding: Finding, journal: JournalRange): Promise<ChainState> {
    const state = await this.store.commit(async (trx) => {
      await this.incident(trx, chain.device, finding.kind, chain.branch, finding.seq, { bytes: finding.bytes });
      return finding.kind === 'fork' ? this.branchOff(trx, chain, journal.firstSeq) : chain;
    });
    this.events.wake();
    return state;
  }

  private async branchOff(trx: Trx, chain: ChainState, firstSeq: number): Promise<ChainState> {
    if (chain.branch + 1 >= BRANCH_LIMIT) {
      await this.incident(trx, chain.device, 'quarantine', chain.branch, 0, { branches: chain.branch + 1 });
      return this.move(trx, { ...chain, quarantined: true });
    }
    return this.move(trx, { ...chain, ...chainFrom(chain.device, firstSeq), branch: chain.branch + 1 });
  }

  private async move(trx: Trx, chain: ChainState): Promise<ChainState> {
    await trx
      .updateTable('device')
      .set({ branch: chain.branch, next_seq: chain.next, head: chain.head, quarantined: chain.quarantined ? 1 : 0, seen_at: this.clock.wall() })
      .where('id', '=', chain.device)
      .execute();
    return chain;
  }

  private async consequences(trx: Trx, chain: ChainState, record: EvidenceRecord): Promise<void> {
    const device = chain.device;
    if (record.kind === RecordKind.ALARM) {
      await this.events.append(trx, 'alarm', device, { seq: record.seq, condition: uintField(record, 1) ?? 0, time: record.time });
    }
    if (record.kind === RecordKind.PHOTO) {
      const digest = hexField(record, 3, 32);
      const size = uintField(record, 4);
      if (digest === undefined || size === undefined || size === 0 || size > PHOTO_MAX) {
        await this.incident(trx, device, 'photo-record', chain.branch, record.seq, {});
        return;
      }
      const row = { device, digest, size, branch: chain.branch, seq: record.seq, state: 'wanted' as const, failures: 0 };
      await trx.insertInto('photo').values(row).onConflict((c) => c.columns(['device', 'digest']).doNothing()).execute();
    }
    const permit = hexField(record, 1, 16);
    if (permit === undefined) return;
    if (record.kind === RecordKind.INTENT) await this.permitMoved(trx, device, permit, uintField(record, 3), false);
    if (record.kind === RecordKind.OUTCOME) {
      await this.events.append(trx, 'use', device, { seq: uintField(record, 5) ?? null, permit, use: uintField(record, 2) ?? 0, result: STROKES[uintField(record, 3) ?? 3] ?? 'unknown', charged: uintField(record, 6) ?? 0 });
      await this.permitMoved(trx, device, permit, uintField(record, 6), false);
    }
    if (record.kind === RecordKind.CLOSED) await this.permitMoved(trx, device, permit, uintField(record, 3), true);
  }

  private async permitMoved(trx: Trx, device: string, permit: string, used: number | undefined, closes: boolean): Promise<void> {
    if (used === undefined && !closes) return; // a record that does not say how many: it tells nothing of the permit
    const changed = await trx
      .updateTable('delivery')
      .set({ ...(used === undefined ? {} : { used }), ...(closes ? { closed: 1 } : {}) })
      .where('device', '=', device)
      .where('kind', '=', 'permit')
      .where('key', '=', permit)
      .returning(['state', 'code', 'count', 'used', 'closed'])
      .executeTakeFirst();
    if (changed === undefined) return;
    await this.events.append(trx, 'permit', device, { permit, ...changed, closed: changed.closed === 1 });
  }

  /** Notes an incident once; the same one again counts up without another event. */
  private async incident(trx: Trx, device: string, kind: string, branch: number, seq: number, detail: Record<string, unknown>): Promise<void> {
    const text = JSON.stringify(detail);
    const fingerprint = createHash('sha256').update(text).digest('hex');
    const at = this.clock.wall();
    const row = await trx
      .insertInto('incident')
      .values({ device, kind, branch, seq, fingerprint, detail: text, times: 1, first_at: at, last_at: at })
      .onConflict((c) => c.columns(['device', 'kind', 'branch', 'seq', 'fingerprint']).doUpdateSet((eb) => ({ times: eb('incident.times', '+', 1), last_at: at })))
      .returning('times')
      .executeTakeFirstOrThrow();
    if (row.times === 1) await this.events.append(trx, 'incident', device, { kind, branch, seq, ...detail });
  }

  /** The photo to fetch next: the oldest one whose bytes are missing, leaving out those named. */
  photoWanted(device: string, except: ReadonlySet<string>): Promise<Selectable<PhotoTable> | undefined> {
    return this.store.read(async (db) => {
      let query = db.selectFrom('photo').selectAll().where('device', '=', device).where('state', '=', 'wanted');
      if (except.size > 0) query = query.where('digest', 'not in', [...except]);
      return query.orderBy('branch').orderBy('seq').limit(1).executeTakeFirst();
    });
  }

  /** The photo's bytes stand verified in their final place, or the device has them no more. */
  async photoSettled(photo: Selectable<PhotoTable>, state: 'stored' | 'gone'): Promise<void> {
    await this.store.commit(async (trx) => {
      await trx.updateTable('photo').set({ state }).where('device', '=', photo.device).where('digest', '=', photo.digest).execute();
      if (state === 'gone') await this.incident(trx, photo.device, 'photo-gone', photo.branch, photo.seq, { digest: photo.digest });
      else await this.events.append(trx, 'photo', photo.device, { digest: photo.digest, seq: photo.seq, size: photo.size });
    });
    this.events.wake();
  }

  /** The file of a photo that was stored is lost: the device is asked for it once more. @param there whether it has come meanwhile, for who asked at the same time */
  async photoLost(photo: Selectable<PhotoTable>, why: 'missing' | 'spoilt', there: () => boolean): Promise<void> {
    await this.store.commit(async (trx) => {
      if (there()) return;
      const { numUpdatedRows } = await trx.updateTable('photo').set({ state: 'wanted' }).where('device', '=', photo.device).where('digest', '=', photo.digest).where('state', '=', 'stored').executeTakeFirst();
      if (numUpdatedRows > 0n) await this.incident(trx, photo.device, 'photo-lost', photo.branch, photo.seq, { digest: photo.digest, why });
    });
    this.events.wake();
    this.wanted(photo.device);
  }

  /** Called with the device of which a photo is wanted that no record has brought just now. */
  onWanted(wanted: (device: string) => void): void {
    this.wanted = wanted;
  }

  /** The photo's bytes came whole and were not what the record says. */
  async photoWrong(photo: Selectable<PhotoTable>): Promise<void> {
    await this.store.commit(async (trx) => {
      await trx.updateTable('photo').set({ failures: photo.failures + 1 }).where('device', '=', photo.device).where('digest', '=', photo.digest).execute();
      await this.incident(trx, photo.device, 'photo-wrong', photo.branch, photo.seq, { digest: photo.digest });
    });
    this.events.wake();
  }

  /** A person has looked at the incidents: the device's present history is taken up again as the last branch. */
  async liftQuarantine(device: string): Promise<boolean> {
    const done = await this.store.commit((trx) => trx.updateTable('device').set({ quarantined: 0 }).where('id', '=', device).where('quarantined', '=', 1).executeTakeFirst());
    return done.numUpdatedRows > 0n;
  }

  /** Figures over everything stored. */
  totals(): Promise<{ records: number; photos: { state: string; n: number }[]; incidents: number }> {
    return this.store.read(async (db) => {
      const records = await db.selectFrom('record').select(({ fn }) => fn.countAll().as('n')).executeTakeFirstOrThrow();
      const photos = await db.selectFrom('photo').select(({ fn }) => ['state', fn.countAll().as('n')]).groupBy('state').execute();
      const incidents = await db.selectFrom('incident').select(({ fn }) => fn.countAll().as('n')).executeTakeFirstOrThrow();
      return { records: Number(records.n), photos: photos.map(({ state, n }) => ({ state, n: Number(n) })), incidents: Number(incidents.n) };
    });
  }

  device(id: string): Promise<Selectable<DeviceTable> | undefined> {
    return this.store.read((db) => db.selectFrom('device').selectAll().where('id', '=', id).executeTakeFirst());
  }

  photo(device: string, digest: string): Promise<Selectable<PhotoTable> | undefined> {
    return this.store.read((db) => db.selectFrom('photo').selectAll().where('device', '=', device).where('digest', '=', digest).executeTakeFirst());
  }

  /** Whether the register has a photo. */
  async acknowledged({ device, branch, seq }: Selectable<PhotoTable>): Promise<boolean> {
    const row = await this.store.read((db) => db.selectFrom('acked').select(['branch', 'photos']).where('device', '=', device).executeTakeFirst());
    return row !== undefined && row.branch === branch && seq < row.photos;
  }

  /** Records from a sequence number on, oldest first. */
  records(device: string, branch: number, from: number, limit: number): Promise<{ seq: number; bytes: Buffer }[]> {
    return this.store.read((db) =>
      db.selectFrom('record').select(['seq', 'bytes']).where('device', '=', device).where('branch', '=', branch).where('seq', '>=', from).orderBy('seq').limit(limit).execute(),
    );
  }

  /** @param devices only of these; null: of all */
  incidents(after: number, limit: number, devices: ReadonlySet<string> | null): Promise<Selectable<IncidentTable>[]> {
    return this.store.read((db) => {
      const all = db.selectFrom('incident').selectAll().where('id', '>', after).orderBy('id').limit(limit);
      return (devices === null ? all : all.where('device', 'in', [...devices])).execute();
    });
  }
}

function stateOf(row: Selectable<DeviceTable>): ChainState {
  return { device: row.id, branch: row.branch, next: row.next_seq, head: Buffer.from(row.head), quarantined: row.quarantined === 1 };
}
