/**
 * The device: holds parts and stores together, carries out what the use (use.ts) asks for, in order, and feeds it what
 * happens. Every entry from outside comes through guard(): an exception leaves everything safe and recorded.
 */
import { cborUint } from '../../protocol/cbor';
import { RecordKind, type DataValue } from '../../protocol/evidence';
import { RefusalCode } from '../../protocol/generated/codec';
import type { Bytes, Natives } from '../../protocol/natives';
import { grantKeys, type GrantKeys } from '../../protocol/permit';
import type { Board } from '../board/board';
import { Alarm } from './alarms';
import { Clock } from './clock';
import { Journal } from './journal';
import type { Keys } from './keys';
import { FAULT, FULL, Level, Log } from './log';
import { PhotoError, Stroke, type Parts } from './parts';
import { choose, keeps, offerOf, ready, recordPermit, restorePermit } from './permits';
import { Photos } from './photos';
import { personAt, type Identity } from './provision';
import { FIRMWARE, Session, type Handle } from './session';
import { NO_RECORD, State } from './state';
import { Store } from './store';
import { Close, Fx, In, Phase, Tray, trayBits, type Effect, type Input, type Offer, type Use } from './states';
import { Update } from './update';
import { newUse, step, useState } from './use';
import { Watch } from './watch';

/** Milliseconds between two looks at the bolt's feedback while it moves. */
const POLL = 40;
/** REFUSED records that may be written in a row; one more each minute. */
const REFUSALS = 8;

export class Device {
  board: Board;
  handle: Handle;
  parts: Parts;
  natives: Natives;
  identity: Identity;
  grants: GrantKeys;
  state: State;
  store: Store;
  photos: Photos;
  clock: Clock;
  log: Log;
  use: Use;
  update: Update;
  sessions: Session[];
  /** REFUSED records that may still be written. */
  refusals: number;
  /** When the use's timer is due, uptime; 0: none runs. */
  due: number;
  /** Whether the status entry on flash is the last one that was to be written. */
  saved: boolean;
  private watch: Watch;
  private queue: Input[];
  private running: boolean;
  private timer: number;
  private poll: number;
  private lastRefusal: number;
  private savedFloor: number;
  private savedSeq: number;

  /** @param keys opened, with a key at hand */
  constructor(board: Board, parts: Parts, identity: Identity, keys: Keys, handle: Handle) {
    this.board = board;
    this.handle = handle;
    this.parts = parts;
    this.natives = board.natives;
    this.identity = identity;
    this.grants = grantKeys(board.natives, identity.deviceId, identity.permitKey, identity.ackKey);
    this.state = new State();
    this.store = new Store(board.natives, board.state, this);
    this.photos = new Photos(board.natives, board.photos);
    this.clock = new Clock(() => board.uptime());
    this.log = new Log(this, new Journal(board.natives, board.journal), keys);
    this.use = newUse();
    this.update = new Update(this);
    this.sessions = [];
    this.refusals = REFUSALS;
    this.due = 0;
    this.saved = true;
    this.watch = new Watch(this);
    this.queue = [];
    this.running = false;
    this.timer = -1;
    this.poll = -1;
    this.lastRefusal = 0;
    this.savedFloor = 0;
    this.savedSeq = 0;
  }

  uptime(): number {
    return this.board.uptime();
  }

  /** Runs what comes from outside. An exception ends the use, leaves everything safe, and is recorded. */
  guard(call: () => void): void {
    try {
      call();
    } catch {
      this.recover();
    }
  }

  /** Reads the stores, closes what a power cut left open, comes to rest, and begins to listen. */
  start(): void {
    const s = this.state;
    let known = false;
    let status = '';
    this.store.open((entry) => {
      if (entry.charAt(0) === 'P') {
        if (status !== '') s.decode(status);
        status = '';
        restorePermit(this, entry);
      } else {
        // Of those in a row, and there may be eighty, the last one says it all.
        known = true;
        status = entry;
      }
    });
    if (status !== '') s.decode(status);
    // A permit that is on flash but not in the record of its number was cut off from it.
    this.log.open();
    this.clock.floor = s.floor;
    const next = this.log.journal.next;
    this.photos.open(s.photoTail, s.photoNumber, !known && next === 0);
    this.savedSeq = next;
    const lost = !known && next > 0;
    // Their records come behind that of this start, also where the power goes in between once more.
    const pending = s.permits.filter((p) => p.last >= next);
    for (const p of pending) p.last = next + 1;
    s.boot++;
    if (s.version === 0) s.version = this.update.version;
    const saved = this.save();
    this.record(RecordKind.BOOT, [this.board.resetCause, { cbor: String.fromCharCode(96 + FIRMWARE.length) + FIRMWARE }, s.intent === NO_RECORD ? undefined : Stroke.UNKNOWN], Level.USE);
    for (const p of pending) recordPermit(this, p);
    this.use.alarms = s.alarmBits();
    this.unfinished();
    this.update.start();
    if (this.log.fault !== 0) this.broken(this.log.fault);
    if (lost || !saved) this.broken(2);
    this.parts.reader.onFinger((slot) => this.finger(slot));
    // A reader that does not answer lets nobody in; that is all.
    this.parts.reader.onFault(() => this.notice());
    this.parts.tray.onChange(() => this.look());
    this.send({ in: In.START, tray: trayBits(this.parts) });
    for (const port of this.board.links) this.sessions.push(new Session(this, port));
    this.watch.run();
  }

  /** Takes an input through the use and carries out what follows. */
  send(input: Input): void {
    this.queue.push(input);
    if (this.running) return;
    this.running = true;
    while (this.queue.length > 0) {
      const next = this.queue[0] as Input;
      this.queue.splice(0, 1);
      const before = useState(this.use);
      const r = step(this.use, next);
      this.use = r.state;
      let good = true;
      for (const e of r.effects) {
        // Once something could not be written, nothing begins; what ends or waits goes on.
        if (!good && e.fx === Fx.CHARGE) this.queue.push({ in: In.CHARGED, code: RefusalCode.HARDWARE });
        else if ((good || e.fx !== Fx.CAPTURE) && !this.effect(e)) {
          good = false;
          this.broken(this.log.fault === 0 ? 1 : this.log.fault);
        }
      }
      if (useState(this.use) !== before) this.show();
    }
    this.running = false;
    const phase = this.use.phase;
    if ((phase === Phase.UNBOLTING || phase === Phase.BOLTING) && this.poll < 0) {
      this.poll = this.board.after(POLL, () => {
        this.poll = -1;
        this.look();
      });
    }
  }

  look(): void {
    this.send({ in: In.TRAY, tray: trayBits(this.parts) });
  }

  /** Writes a record and tells the hosts. Its number, or FULL or FAULT. */
  record(kind: number, v: DataValue[], level: Level): number {
    const seq = this.log.record(kind, v, level);
    if (kind !== RecordKind.REFUSED) this.lastRefusal = 0;
    this.notice();
    return seq;
  }

  /** Flash failed: 1 journal, 2 state, 3 photos, 4 keys, 5 lost. */
  broken(detail: number): void {
    this.send({ in: In.ALARM, condition: Alarm.JOURNAL, detail: detail });
  }

  notice(): void {
    for (const one of this.sessions) one.notice();
  }

  save(): boolean {
    const s = this.state;
    s.floor = this.clock.floor > s.floor ? this.clock.floor : s.floor;
    s.photoTail = this.photos.tail;
    s.photoNumber = this.photos.number;
    this.savedFloor = s.floor;
    this.savedSeq = this.log.journal.next;
    this.saved = false; // also where the flash throws
    this.saved = this.store.put(s.encode());
    return this.saved;
  }

  /** Writes the status entry when records, or time, have gone on far enough since the last. */
  saveNow(records: number, seconds: number): void {
    const behind = this.log.journal.next - this.savedSeq;
    if (this.saved && behind < records && this.clock.floor - this.savedFloor < seconds) return;
    if (!this.save()) this.broken(2);
  }

  /** Records a refusal, unless it is the same as the last record, or there were too many. */
  refused(code: number, permit: Bytes | undefined, person: number): void {
    const what = code * 4294967296 + person;
    if (what === this.lastRefusal || this.refusals <= 0) return;
    this.refusals--;
    const seq = this.record(RecordKind.REFUSED, [code, permit, person > 0 ? person : undefined], Level.ORDINARY);
    if (seq >= 0) this.lastRefusal = what;
  }

  snapshot(): Bytes {
    return this.state.encode();
  }

  private show(): void {
    const signal = this.parts.signal;
    const state = useState(this.use);
    signal.alarm(this.use.alarms !== 0);
    if (state === 1) signal.ready();
    else if (state !== 8) signal.busy();
    this.parts.reader.light(this.use.phase === Phase.OPENING);
    this.notice();
  }

  /** Of the state log: permits still known. */
  keep(entry: Bytes): boolean {
    return keeps(this, entry);
  }

  /** Ends in the records what was under way when the power went, or an exception came. */
  private unfinished(): void {
    const s = this.state;
    const intent = s.intent;
    if (intent !== NO_RECORD) {
      this.outcome(s.open, Stroke.UNKNOWN, '');
      this.send({ in: In.ALARM, condition: Alarm.UNKNOWN, detail: intent });
    }
    if (s.open !== '') this.closed(s.open, Close.RESTART);
  }

  /** After an exception. */
  private recover(): void {
    const p = this.parts;
    const wasOpen = this.use.phase !== Phase.IDLE;
    try {
      p.bolt.close();
      this.queue = [];
      // What stopping reports is not to be acted upon.
      this.running = true;
      p.stamper.stop();
      p.camera.cancel();
      this.queue = [];
      this.running = false;
      if (this.log.writing) throw new Error(''); // memory and flash may have parted: only a start brings them together
      this.use.phase = Phase.IDLE;
      this.use.offer = undefined;
      this.unfinished();
      if (wasOpen) this.send({ in: In.ALARM, condition: Alarm.INTERNAL, detail: 0 });
      else this.refused(RefusalCode.HARDWARE, undefined, 0);
      this.send({ in: In.START, tray: trayBits(this.parts) });
      for (const one of this.sessions) one.pump();
      this.watch.run();
    } catch {
      this.board.bolt(false);
      this.board.motor(0);
      this.board.reset();
    }
  }

  private finger(slot: number): void {
    const person = slot < 0 ? -1 : personAt(this.identity.people, slot);
    if (person < 0) {
      this.parts.signal.bad();
      this.refused(RefusalCode.UNKNOWN_PERSON, undefined, 0);
      this.watch.finger(false);
      return;
    }
    this.watch.finger(true);
    const opening = this.use.phase === Phase.OPENING && this.use.offer !== undefined ? this.use.offer.id : '';
    const chosen = this.use.phase === Phase.IDLE || opening !== '' ? choose(this, person, opening) : RefusalCode.BUSY;
    const offer = typeof chosen === 'number' ? undefined : offerOf(chosen);
    this.send({ in: In.PERSON, person: person, offer: offer, code: typeof chosen === 'number' ? chosen : 0 });
  }

  /** False: it could not be carried out, and what follows it must not be. */
  private effect(e: Effect): boolean {
    const parts = this.parts;
    if (e.fx === Fx.TIMER) this.setTimer(e.ms);
    else if (e.fx === Fx.REFUSE) {
      parts.signal.bad();
      this.refused(e.code, undefined, e.person);
    } else if (e.fx === Fx.OPENED) {
      let shown = String.fromCharCode(128 + this.use.shown.length);
      for (const one of this.use.shown) shown += cborUint(one);
      parts.signal.good();
      return this.record(RecordKind.OPENED, [e.offer.id, { cbor: shown }], Level.USE) >= 0;
    } else if (e.fx === Fx.CAPTURE) this.capture(e.which, e.offer.id);
    else if (e.fx === Fx.CANCEL) {
      parts.camera.cancel();
      this.photos.end(0, 0);
    } else if (e.fx === Fx.CHARGE) this.send({ in: In.CHARGED, code: this.charge(e.offer, e.photo) });
    else if (e.fx === Fx.BOLT) {
      // Whatever else went wrong: never without an intent on flash.
      if (!e.open) parts.bolt.close();
      else if (this.state.intent === NO_RECORD) return false;
      else parts.bolt.open();
    } else if (e.fx === Fx.PRESS) {
      parts.stamper.press((r) => this.send({ in: In.STROKE, result: r.result, why: r.why, trace: r.trace.substr(0, 64) }));
    } else if (e.fx === Fx.STOP) parts.stamper.stop();
    else if (e.fx === Fx.PARK) parts.stamper.park((ok) => this.send({ in: In.PARKED, ok: ok }));
    else if (e.fx === Fx.OUTCOME) return this.outcome(e.offer.id, e.result, e.trace);
    else if (e.fx === Fx.CLOSED) return this.closed(e.offer.id, e.reason);
    else this.alarm(e.condition, e.detail);
    return true;
  }

  private closed(permit: Bytes, reason: number): boolean {
    const p = this.state.permit(permit);
    return this.record(RecordKind.CLOSED, [permit, reason, p === undefined ? 0 : p.used], Level.USE) >= 0;
  }

  private setTimer(ms: number): void {
    if (this.timer >= 0) this.board.cancel(this.timer);
    this.timer = -1;
    this.due = 0;
    if (ms === 0) return;
    this.due = this.uptime() + ms;
    this.timer = this.board.after(ms, () => {
      this.timer = -1;
      this.due = 0;
      this.send({ in: In.TIMEOUT });
    });
  }

  private capture(which: number, id: Bytes): void {
    const photos = this.photos;
    // What is freed here must be so on flash before it is erased.
    if (!this.saved && !this.save()) return this.send({ in: In.PHOTO, code: RefusalCode.HARDWARE, detail: PhotoError.NOT_TAKEN, digest: '' });
    if (!photos.room(1, this.parts.camera.largest)) return this.send({ in: In.PHOTO, code: RefusalCode.LOG_FULL, detail: 0, digest: '' });
    photos.begin();
    this.parts.camera.capture(
      (chunk) => photos.chunk(chunk),
      (error, size) => {
        const digest = photos.end(this.log.journal.next, error === PhotoError.NONE ? size : 0);
        const p = this.state.permit(id);
        const use = p === undefined ? 0 : which === 0 ? p.tried + 1 : p.tried;
        let code = digest === '' ? RefusalCode.HARDWARE : 0;
        if (code === 0 && this.record(RecordKind.PHOTO, [id, which, digest, size, use], Level.USE) < 0) code = RefusalCode.LOG_FULL;
        this.send({ in: In.PHOTO, code: code, detail: error === PhotoError.NONE ? PhotoError.NOT_TAKEN : error, digest: digest });
      },
    );
  }

  /** Judges everything once more, then writes the intent: from here on the stroke counts. */
  private charge(offer: Offer, photo: Bytes): number {
    const p = this.state.permit(offer.id);
    if (p === undefined) return RefusalCode.UNKNOWN_PERMIT;
    const code = ready(this, p);
    if (code !== 0) return code;
    const now = trayBits(this.parts);
    if (!this.parts.tray.fresh() || (now & (Tray.LID | Tray.PAPER)) !== (Tray.LID | Tray.PAPER)) return RefusalCode.STALE;
    if ((now & (Tray.BOLT | Tray.HOME | Tray.CONTACT | Tray.FAULT)) !== (Tray.BOLT | Tray.HOME)) return RefusalCode.HARDWARE;
    const seq = this.record(RecordKind.INTENT, [p.id, p.tried + 1, p.used + 1, photo === '' ? undefined : photo], Level.USE);
    if (seq === FAULT) this.broken(this.log.fault);
    return seq >= 0 && this.log.fault === 0 ? 0 : seq === FULL ? RefusalCode.LOG_FULL : RefusalCode.HARDWARE;
  }

  private outcome(permit: Bytes, result: number, trace: Bytes): boolean {
    const p = this.state.permit(permit);
    let after = p === undefined ? 0 : p.used;
    if (result === Stroke.STAMPED) this.parts.signal.good();
    if (result === Stroke.FAILED && after > 0) after--;
    return this.record(RecordKind.OUTCOME, [permit, p === undefined ? 0 : p.tried, result, trace, this.state.intent, after], Level.USE) >= 0;
  }

  /** Latches, with a record; where none can be written, the watch tries again. */
  private alarm(condition: number, detail: number): void {
    if (this.record(RecordKind.ALARM, [condition, detail], Level.ALARM) >= 0) return;
    this.state.alarms.push({ condition: condition, seq: NO_RECORD });
    this.save();
  }
}
