/**
 * Follows one bridge: hands it permits and statements, answers a device that wants the time, takes in records and photos,
 * acknowledges what is durable here. One round does everything there is to do; events only say when the next round is worth it.
 */
import type { Cancel, Clock } from '../../common/clock';
import { lineOf, Problem } from '../../common/errors';
import type { Log } from '../../common/log';
import type { Authority } from '../authority/authority';
import { GrantKind } from '../authority/grants';
import type { Permits } from '../authority/permits';
import { skipCounters } from '../authority/counters';
import { orderRefused } from '../custody/done';
import type { Duty } from '../duty';
import type { Blobs } from '../documents/blobs';
import type { History } from '../history';
import type { Mark } from '../register/mark';
import { photoDigest } from '../register/records';
import { BridgeApi, type DeviceState } from './bridge-api';
import { openCase } from './cases';
import type { Intake } from './intake';
import type { BridgeTransport } from './transport';

export interface FollowerOptions {
  name: string;
  transport: BridgeTransport;
  history: History;
  authority: Authority;
  permits: Permits;
  intake: Intake;
  photos: Blobs;
  clock: Clock;
  log: Log;
  /** Milliseconds between rounds when no event comes. */
  pollMs: number;
  mark: Mark;
  duty: Duty;
  /** Called when a photo is stored. */
  photoStored?(): void;
}

const page = 64;
/** Seconds after its record when a person is told that a photo has not come. */
const photoLate = 86_400;
/** Milliseconds before a broken event stream is asked for again: grows up to the time between two rounds, which ask the bridge as often, and to a minute. */
const streamAgain = { first: 250, growth: 1.5, most: 60_000 };
/** A device whose clock is this many seconds off is told the time again; the bridge's word of it may be half a minute old. */
const clockSlack = 120;
/** Refusals of a ceremony that the next round may not meet again: the device has other things to do, or does not know the time yet. */
const LATER = new Set(['BUSY', 'TIME_UNKNOWN', 'TOO_EARLY']);
/** Milliseconds before a device that seems to have no time is told it again. */
const timeAgainMs = 10_000;
/** A unit that was taken out, or put away, locks itself when it does not hear the time for as long as its ceremony says. */
const beatMs = 300_000;

export class Follower {
  /** What may be asked of the bridge. */
  readonly bridge: BridgeApi;
  private readonly stopping = new AbortController();
  private wake: (() => void) | undefined;
  private endPause: (() => void) | undefined;
  private more = false;
  private running: Promise<void>[] = [];
  private readonly watching = new Set<(device: string) => void>();
  private readonly timeTold = new Map<string, number>();
  private lastRound: { at: number; error: string | null } | undefined;

  constructor(private readonly o: FollowerOptions) {
    this.bridge = new BridgeApi(o.transport);
  }

  /** Name of the bridge, when it was last asked (Unix milliseconds) and what went wrong then. */
  get status(): { name: string; at: number | null; error: string | null } {
    return { name: this.o.name, at: this.lastRound?.at ?? null, error: this.lastRound?.error ?? null };
  }

  /** How a device says it is, asked of the bridge now. */
  state(id: string): Promise<DeviceState | undefined> {
    return this.bridge.state(id);
  }

  /** Calls with the device whenever the bridge has something new of one: its state may be another. */
  onDevice(call: (device: string) => void): Cancel {
    const watcher = (device: string): void => call(device);
    this.watching.add(watcher);
    return () => {
      this.watching.delete(watcher);
    };
  }

  private tell(data: string): void {
    const device = /"device":"([0-9a-f]{16})"/.exec(data)?.[1];
    if (device !== undefined) for (const watcher of [...this.watching]) watcher(device);
  }

  /** One round over all devices of this bridge, where this replica is the one on duty. A device in trouble does not hold up the others. */
  async round(): Promise<void> {
    if (!(await this.o.duty.take())) return;
    const devices = await this.o.history.store.read((db) => db.selectFrom('device').select('id').where('bridge', '=', this.o.name).orderBy('id').execute());
    let failure: unknown;
    for (const { id } of devices) {
      try {
        await this.device(id);
      } catch (error) {
        failure ??= error;
        this.o.log.warn('device not followed', { bridge: this.o.name, device: id, why: error instanceof Problem ? error.code : String(error) });
      }
    }
    this.lastRound = { at: this.o.clock.wall(), error: failure === undefined ? null : lineOf(failure, 'en') };
  }

  private async device(id: string): Promise<void> {
    const status = await this.bridge.device(id);
    if (!status) return;
    if (status.online) await this.time(id, status.time, status.kept);
    // What limits comes before what allows: a permit that was taken back must not overtake its revocation.
    await this.statements(id, (status.time ?? 0) !== 0);
    await this.permits(id);
    await this.records(id, status.nextSeq);
    await this.photos(id);
    await this.acknowledge(id);
  }

  private async time(id: string, told: number | undefined, kept: boolean): Promise<void> {
    const now = this.o.history.seconds();
    const since = this.o.clock.now() - (this.timeTold.get(id) ?? -Infinity);
    const beat = kept && since >= beatMs;
    if (told === undefined || (told !== 0 && now - told < clockSlack && !beat)) return;
    if (since < timeAgainMs) return;
    const nonce = await this.bridge.timeNonce(id);
    if (!nonce) return;
    this.timeTold.set(id, this.o.clock.now());
    const grant = this.timeGrant(id, nonce);
    if (grant === undefined) return;
    const delivery = await this.bridge.postGrant(id, grant.toString('base64'));
    if (delivery.state === 'refused') this.o.log.warn('time refused', { device: id, code: delivery.code });
  }

  /** Undefined where the token with the permit keys is away, which it says itself: records are taken in all the same. */
  private timeGrant(id: string, nonce: Buffer): Buffer | undefined {
    try {
      return this.o.authority.time(Buffer.from(id, 'hex'), nonce, this.o.history.seconds());
    } catch (error) {
      if (error instanceof Problem && error.code.startsWith('TOKEN_')) return undefined;
      throw error;
    }
  }

  private async permits(id: string): Promise<void> {
    const rows = await this.o.history.store.read((db) =>
      db.selectFrom('permit').selectAll().where('device', '=', id).where('state', 'in', ['issued', 'queued']).orderBy('counter').limit(page).execute(),
    );
    if (rows.length > 0) await this.o.mark.keep();
    for (const row of rows) {
      const known = row.state === 'queued' ? await this.bridge.permitState(id, row.id) : undefined;
      const delivery = known ?? (await this.bridge.putPermit(id, row.id, row.statement));
      const state = delivery.state === 'applied' ? 'delivered' : delivery.state;
      if (state === row.state) continue;
      await this.o.history.commit(async (trx) => {
        await trx.updateTable('permit').set({ state, code: delivery.code ?? null }).where('id', '=', row.id).where('state', '=', row.state).execute();
        if (state === 'queued') return;
        await this.o.history.note(
          trx, 'delivery', { permit: Buffer.from(row.id, 'hex'), state, code: delivery.code }, `${row.id} ${row.application} ${state}`,
          { type: 'permit', device: id, data: { permit: row.id, application: row.application, state, code: delivery.code ?? null } },
        );
        if (state !== 'refused') return;
        await openCase(trx, this.o.history, id, 'permit-refused', null, { permit: row.id, code: delivery.code ?? '' });
        // Only the bridge says so: what it may have kept must not come to life later.
        await this.o.permits.state(trx, id, { kind: 'revoke', permit: row.id, counter: Number(row.counter) }, 0, 'refused');
        if (delivery.code === 'REPLAYED') await skipCounters(trx, this.o.history, id, Number(row.counter));
      });
    }
  }

  /** @param timed the device knows the time: without it refuses every ceremony, and writes that down */
  private async statements(id: string, timed: boolean): Promise<void> {
    const rows = await this.o.history.store.read((db) =>
      db.selectFrom('statement').selectAll().where('device', '=', id).where('state', 'in', ['issued', 'queued']).orderBy('created').orderBy('id').limit(page).execute(),
    );
    if (rows.length > 0) await this.o.mark.keep();
    for (const row of rows) {
      const ceremony = Number(row.kind) === GrantKind.ceremony;
      if (ceremony && !timed && row.state === 'issued') continue;
      const known = row.state === 'queued' ? await this.bridge.grantState(id, row.statement) : undefined;
      const delivery = known ?? (await this.bridge.postGrant(id, row.statement));
      const state = delivery.state === 'delivered' ? 'applied' : delivery.state;
      if (state === row.state) continue;
      if (ceremony && state === 'refused' && LATER.has(delivery.code ?? '')) {
        await this.o.history.commit((trx) => trx.updateTable('statement').set({ state: 'issued' }).where('id', '=', row.id).execute());
        continue;
      }
      await this.o.history.commit(async (trx) => {
        await trx.updateTable('statement').set({ state, code: delivery.code ?? null }).where('id', '=', row.id).execute();
        if (state === 'queued') return;
        await this.o.history.note(
          trx, 'delivery', { statement: row.id, state, code: delivery.code }, `${row.id} ${state}`,
          { type: 'statement', device: id, data: { statement: row.id, state, code: delivery.code ?? null } },
        );
        if (state !== 'refused' || (ceremony && (await orderRefused(trx, row.id, delivery.code ?? '')))) return;
        await openCase(trx, this.o.history, id, 'statement-refused', null, { statement: row.id, code: delivery.code ?? '' });
      });
    }
  }

  private async records(id: string, deviceNext: number | undefined): Promise<void> {
    for (let first = true; ; first = false) {
      const chain = await this.o.history.store.read((db) => db.selectFrom('chain').selectAll().where('device', '=', id).executeTakeFirstOrThrow());
      const from = Number(chain.next_seq);
      // Later in the round there may be more records than the device had when it was asked.
      if (first && deviceNext !== undefined && deviceNext < from) {
        await this.o.history.commit((trx) => openCase(trx, this.o.history, id, 'behind', from, { device: deviceNext }));
      }
      const records = await this.bridge.records(id, from, page);
      let stored = 0;
      for (const bytes of records) {
        const taken = await this.o.intake.take(id, bytes);
        if (taken === 'stopped') return;
        if (taken === 'stored') stored += 1;
      }
      if (stored === 0 || records.length < page) return;
    }
  }

  private async photos(id: string): Promise<void> {
    const { history, photos } = this.o;
    const wanted = await history.store.read((db) => db.selectFrom('photo').selectAll().where('device', '=', id).where('state', '=', 'wanted').orderBy('seq').execute());
    for (const row of wanted) {
      const photo = await this.bridge.photo(id, row.digest);
      const seq = Number(row.seq);
      if (photo === 'pending') {
        const record = await history.store.read((db) => db.selectFrom('record').select('at').where('device', '=', id).where('seq', '=', row.seq).executeTakeFirstOrThrow());
        if (history.seconds() - Number(record.at) > photoLate) await history.commit((trx) => openCase(trx, history, id, 'photo-late', seq, { digest: row.digest }));
        continue;
      }
      if (photo === 'gone') {
        await history.commit(async (trx) => {
          await trx.updateTable('photo').set({ state: 'gone' }).where('device', '=', id).where('seq', '=', row.seq).execute();
          await openCase(trx, history, id, 'photo-gone', seq, { digest: row.digest });
        });
        continue;
      }
      if (photo.length !== Number(row.size) || photoDigest(photo).toString('hex') !== row.digest) {
        await history.commit((trx) => openCase(trx, history, id, 'photo-wrong', seq, { digest: row.digest }));
        continue;
      }
      const sha256 = await photos.put(photo);
      await history.commit(async (trx) => {
        await trx.updateTable('photo').set({ state: 'stored', sha256, at: history.seconds() }).where('device', '=', id).where('seq', '=', row.seq).execute();
        await history.note(
          trx, 'photo', { device: Buffer.from(id, 'hex'), seq, digest: Buffer.from(row.digest, 'hex') }, `${id} ${row.digest}`,
          { type: 'photo', device: id, data: { seq, digest: row.digest } },
        );
      });
      this.o.photoStored?.();
    }
  }

  /** Says what is durable here. Photos count up to the first record whose photo is still missing. */
  private async acknowledge(id: string): Promise<void> {
    const { history, authority } = this.o;
    const state = await history.store.read(async (db) => {
      const chain = await db.selectFrom('chain').selectAll().where('device', '=', id).executeTakeFirstOrThrow();
      const wanted = await db.selectFrom('photo').select('seq').where('device', '=', id).where('state', '=', 'wanted').orderBy('seq').executeTakeFirst();
      return { chain, wanted };
    });
    const through = Number(state.chain.next_seq);
    const photosThrough = state.wanted ? Number(state.wanted.seq) : through;
    const { acked, photos_acked: photosAcked, prev } = state.chain;
    if (through === 0 || prev === '' || (through <= Number(acked) && photosThrough <= Number(photosAcked))) return;
    const grant = authority.ack(Buffer.from(id, 'hex'), through, photosThrough, Buffer.from(prev, 'hex'));
    const delivery = await this.bridge.postGrant(id, grant.toString('base64'));
    if (delivery.state === 'refused') {
      this.o.log.warn('acknowledgement refused', { device: id, code: delivery.code });
      return;
    }
    await history.commit((trx) => trx.updateTable('chain').set({ acked: through, photos_acked: photosThrough }).where('device', '=', id).execute());
  }

  /** Begins to follow: rounds by the clock, and at once when an event comes or `nudge` is called. */
  start(): void {
    this.running = [this.rounds(), this.listen()];
  }

  /** There is something to deliver. */
  nudge(): void {
    this.more = true;
    this.wake?.();
  }

  private async rounds(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      this.more = false;
      try {
        await this.round();
      } catch (error) {
        this.lastRound = { at: this.o.clock.wall(), error: lineOf(error, 'en') };
        this.o.log.warn('bridge not followed', { bridge: this.o.name, why: lineOf(error, 'en') });
      }
      if (this.more || this.stopping.signal.aborted) continue;
      await new Promise<void>((resolve) => {
        const cancel = this.o.clock.after(this.o.pollMs, resolve);
        this.wake = () => {
          cancel();
          resolve();
        };
      });
      this.wake = undefined;
    }
  }

  private async listen(): Promise<void> {
    const { transport, clock, log } = this.o;
    let lastId: string | undefined;
    for (let pause = streamAgain.first; transport.stream && !this.stopping.signal.aborted; pause = Math.min(pause * streamAgain.growth, this.o.pollMs, streamAgain.most)) {
      try {
        await transport.stream(
          lastId,
          (event) => {
            lastId = event.id === '' ? lastId : event.id;
            pause = streamAgain.first;
            this.tell(event.data);
            this.nudge();
          },
          this.stopping.signal,
          () => this.nudge(), // what came between the last round and this is not told
        );
      } catch (error) {
        if (!this.stopping.signal.aborted) log.debug('event stream broke', { bridge: this.o.name, why: String(error) });
      }
      await new Promise<void>((resolve) => {
        if (this.stopping.signal.aborted) return resolve();
        const cancel = clock.after(pause, resolve);
        this.endPause = () => {
          cancel();
          resolve();
        };
      });
    }
  }

  /** Ends following and waits until the present round is over. */
  async stop(): Promise<void> {
    this.stopping.abort();
    this.wake?.();
    this.endPause?.();
    await Promise.all(this.running);
  }
}
