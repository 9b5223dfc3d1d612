/**
 * Takes care of one connected device until its session ends: permits and grants first, then records, then photos, a
 * status every 20 s. One thing at a time, and each durable before the next is asked for.
 */
import { CHUNK_BYTES, RefusalCode, UseState } from '../../protocol';
import { toBuffer } from '../common/bytes';
import type { Clock } from '../common/clock';
import { COMMON, Problem, storeProblem, type Fault } from '../common/errors';
import type { EventLog } from '../common/events';
import type { Log } from '../common/log';
import { verifyBatch } from './chain';
import type { Deliveries } from './deliveries';
import { BRIDGE } from './faults';
import type { PhotoSpool } from './photos';
import { Refused, type Session } from './session';
import type { ChainState, Spool } from './spool';
import type { BridgeSchema } from './tables';
import { bitsOf, stateName } from './view';

/** Milliseconds between two looks at the status, which are also the sign of life. */
const STATUS_EVERY = 20_000;
/** Milliseconds between two requests for the time while the device has none. */
const TIME_WANTED_EVERY = 60_000;
/** Milliseconds to wait: after BUSY, after a failed store, after anything unforeseen or a record that could not be taken. */
const BUSY_PAUSE = 1_000;
const STORE_PAUSE = 5_000;
const TROUBLE_PAUSE = 60_000;
/** Bytes of records in one answer. */
const RECORDS_BYTES = 4_096;
/** Bytes of a photo asked for at a time while the device is in use: its records, which come at any moment then, wait for no more. */
const PHOTO_BYTES_IN_USE = 8 * CHUNK_BYTES;
/** Times a photo may come wrong in one session. */
const WRONG_LIMIT = 3;

export interface AttendOptions {
  session: Session;
  spool: Spool;
  photos: PhotoSpool;
  deliveries: Deliveries;
  events: EventLog<BridgeSchema>;
  clock: Clock;
  log: Log;
  /** The device has accepted a statement other than a permit. */
  applied(device: string, grant: Buffer): Promise<void>;
  /** The store failed. */
  storeFailed(problem: Problem): void;
}

export class Attendant {
  private readonly o: AttendOptions;
  private readonly log: Log;
  private chain: ChainState | undefined;
  private announced = false;
  private statusAt = 0;
  private timeWantedAt = 0;
  private recordsDue = true;
  private recordsAt = 0;
  private deliver = true;
  private deliverAt = 0;
  /** Whether a delivery was the last thing done. */
  private turn = false;
  private photosDue = true;
  private readonly slice = { bytes: 16_384 };
  private readonly wrong = new Map<string, number>();
  private readonly given = new Set<string>();
  private wakeUp: () => void = () => undefined;
  private woken = false;

  constructor(options: AttendOptions) {
    this.o = options;
    this.log = options.log.with({ device: options.session.device });
  }

  /** Something may have come in for the device. */
  wake(): void {
    this.deliver = true;
    this.rouse();
  }

  /** A photo of the device is wanted. */
  fetch(): void {
    this.photosDue = true;
    this.rouse();
  }

  /** Runs until the session ends. Never rejects. */
  async run(): Promise<void> {
    const { session } = this.o;
    const ended = session.onEnd;
    session.onEnd = () => {
      ended();
      this.rouse();
    };
    session.onNotice = () => {
      this.recordsDue = true;
      this.statusAt = 0;
      this.deliverAt = 0;
      this.rouse();
    };
    while (session.ended === undefined) {
      try {
        const more = await this.step();
        if (!more) await this.rest(this.untilNext());
      } catch (error) {
        if (session.ended === undefined) await this.rest(this.trouble(error));
      }
    }
    if (this.announced) await this.tell('device.down', { code: session.ended.code, port: session.port }).catch((error: unknown) => this.trouble(error));
  }

  private tell(type: string, data: Record<string, unknown>): Promise<void> {
    return this.o.events.publish(type, this.o.session.device, data);
  }

  /** Does the most urgent thing there is. False when there is none. */
  private async step(): Promise<boolean> {
    const { session, clock } = this.o;
    const ready = session.ready;
    if (ready === undefined) return false;
    if (!this.announced) {
      await this.tell('device.ready', { port: session.port, firmware: ready.firmware, boot: ready.boot });
      this.announced = true;
    }
    // Of the status, not of READY: what the device said when the session began may be older than what it has sent since.
    this.chain ??= await this.o.spool.meet(session.device, ready.firmware, await session.statusGet());
    if (clock.now() >= this.statusAt) return this.look();
    // In turn with the rest: whoever hands in one statement after the other must not hold back an alarm.
    this.turn = !this.turn && this.deliver && clock.now() >= this.deliverAt;
    if (this.turn) return this.deliverNext();
    if (this.recordsDue && clock.now() >= this.recordsAt && !this.chain.quarantined) return this.pullRecords(this.chain);
    if (this.photosDue) return this.pullPhoto();
    return this.deliver && clock.now() >= this.deliverAt;
  }

  private async look(): Promise<true> {
    const { session, clock } = this.o;
    const before = session.status;
    const status = await session.statusGet();
    this.statusAt = clock.now() + STATUS_EVERY;
    if (this.chain !== undefined && status.nextSeq !== this.chain.next) this.recordsDue = true;
    if (before === undefined || before.state !== status.state || before.alarms !== status.alarms) {
      await this.tell('device.state', { state: stateName(status.state), alarms: bitsOf(status.alarms) });
    }
    if (status.time === 0 && clock.now() >= this.timeWantedAt) {
      await this.tell('time.wanted', {});
      this.timeWantedAt = clock.now() + TIME_WANTED_EVERY;
    }
    return true;
  }

  private async deliverNext(): Promise<true> {
    const { session, deliveries, clock } = this.o;
    this.deliver = false;
    const delivery = await deliveries.next(session.device).catch((error: unknown) => this.again(error));
    if (delivery === undefined) return true;
    this.deliver = true;
    const bytes = Buffer.from(delivery.bytes);
    try {
      if (delivery.kind === 'permit') {
        const { count, used, closed } = await session.permitLoad(bytes);
        await deliveries.settle(delivery, { state: 'delivered', count, used, closed });
      } else {
        await session.grantApply(bytes);
        await this.o.applied(session.device, bytes);
        await deliveries.settle(delivery, { state: 'applied' });
      }
      this.statusAt = 0; // a grant changes what the device is at
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      if (error.refusal === RefusalCode.BUSY) {
        // During a stroke it takes nothing, but it gives: records and photos are fetched meanwhile.
        this.deliverAt = clock.now() + BUSY_PAUSE;
        return true;
      }
      await deliveries.settle(delivery, { state: 'refused', code: error.why });
    }
    return true;
  }

  private again(error: unknown): never {
    this.deliver = true;
    throw error;
  }

  private async pullRecords(chain: ChainState): Promise<true> {
    const { session, spool, clock } = this.o;
    const answer = await session.recordsGet(chain.next, RECORDS_BYTES);
    if (answer.records.length === 0) {
      this.recordsDue = false;
      return true;
    }
    const found = verifyBatch(chain, answer.records.map(toBuffer));
    this.chain = await spool.take(chain, found.good, found.chain);
    this.photosDue = true;
    if (found.finding === undefined) return true;
    this.log.error('record refused', { kind: found.finding.kind, seq: found.finding.seq });
    const journal = await session.statusGet();
    this.chain = await spool.refuse(this.chain, found.finding, journal);
    if (found.finding.kind !== 'fork') this.recordsAt = clock.now() + TROUBLE_PAUSE;
    return true;
  }

  private async pullPhoto(): Promise<boolean> {
    const { session, spool, photos } = this.o;
    const photo = await spool.photoWanted(session.device, this.given);
    if (photo === undefined) {
      this.photosDue = false;
      return false;
    }
    const inUse = ((session.notice ?? session.status)?.state ?? UseState.IDLE) !== UseState.IDLE;
    const slice = { bytes: inUse ? Math.min(this.slice.bytes, PHOTO_BYTES_IN_USE) : this.slice.bytes };
    const progress = await photos.pull(session, photo, slice);
    this.slice.bytes = slice.bytes;
    if (progress === 'stored' || progress === 'gone') await spool.photoSettled(photo, progress);
    if (progress === 'wrong') {
      await spool.photoWrong(photo);
      const times = (this.wrong.get(photo.digest) ?? 0) + 1;
      this.wrong.set(photo.digest, times);
      if (times >= WRONG_LIMIT) this.given.add(photo.digest);
    }
    return true;
  }

  /** What a failure means. Returns how long to wait. */
  private trouble(error: unknown): number {
    const { session } = this.o;
    const known = storeProblem(error);
    if (known instanceof Refused && known.refusal === RefusalCode.BUSY) return BUSY_PAUSE;
    if (known instanceof Refused) {
      this.log.warn('device refused', { why: known.why });
      if (known.refusal === RefusalCode.NOT_FOUND) this.chain = undefined; // recycled in the meantime: look what there is
      return TROUBLE_PAUSE;
    }
    if (known instanceof Problem && isStore(known.fault)) {
      this.log.error('store failed', { code: known.code, why: known.cause instanceof Error ? known.cause.message : known.detail });
      this.o.storeFailed(known);
      return STORE_PAUSE;
    }
    if (known instanceof Problem && known.fault === BRIDGE.DEVICE_PROTOCOL) session.abandon(new Problem(BRIDGE.LINK_BROKEN, known.detail ?? ''));
    else if (!(known instanceof Problem)) this.log.error('unforeseen', { why: known instanceof Error ? (known.stack ?? known.message) : String(known) });
    return TROUBLE_PAUSE;
  }

  private untilNext(): number {
    const now = this.o.clock.now();
    const records = this.recordsDue && this.chain?.quarantined !== true ? this.recordsAt : Infinity;
    const delivery = this.deliver ? this.deliverAt : Infinity;
    return Math.max(0, Math.min(this.statusAt, records, delivery) - now);
  }

  private rouse(): void {
    this.woken = true;
    this.wakeUp();
  }

  /** Waits so long, or until something happens. */
  private rest(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.o.clock.after(ms, () => {
        this.wakeUp = () => undefined;
        resolve();
      });
      this.wakeUp = () => {
        this.woken = false;
        this.wakeUp = () => undefined;
        cancel();
        resolve();
      };
      if (this.woken) this.wakeUp();
    });
  }
}

function isStore(fault: Fault): boolean {
  return fault === COMMON.STORE_FULL || fault === COMMON.STORE_BUSY || fault === COMMON.STORE_FAILED;
}
