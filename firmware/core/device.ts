/**
 * The device: holds parts and stores together, carries out what the use (use.ts) asks for, in order, and feeds it what
 * happens. Every entry from outside comes through guard(): an exception leaves everything safe and recorded.
 */
import { MaintenanceEnd, RecordKind, type DataValue } from '../../protocol/evidence';
import { RefusalCode } from '../../protocol/generated/codec';
import type { Bytes, Natives } from '../../protocol/natives';
import { grantKeys, type GrantKeys } from '../../protocol/permit';
import type { Board } from '../board/board';
import { Alarm } from './alarms';
import { Stage, type Ceremony } from './ceremony';
import { Clock } from './clock';
import { Custody } from './custody';
import { Asked, Dialog } from './dialog';
import { putDies } from './dies';
import { Energy } from './energy';
import { Journal } from './journal';
import type { Keys } from './keys';
import { Level, Log } from './log';
import { maintenanceOver, type Maintenance } from './maintenance';
import { Stroke, type Parts } from './parts';
import { People } from './people';
import { keeps } from './permits';
import { Offline } from './offline';
import { Photos } from './photos';
import { Place } from './place';
import { recordOpened } from './presence';
import type { Identity } from './provision';
import { Screen } from './screen';
import type { Handle, Session } from './session';
import { listen, restore } from './start';
import { NO_RECORD, State } from './state';
import { Store } from './store';
import { capture, charge, giveWay, press, type Wanted } from './stroke';
import { Close, Fx, In, Phase, trayBits, type Effect, type Input, type Use } from './states';
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
  people: People;
  /** While one waits or is under way, and how far it is. */
  ceremony: Ceremony | undefined;
  stage: Stage;
  custody: Custody;
  energy: Energy;
  dialog: Dialog;
  /** While a challenge or a trip code is dealt with. */
  offline: Offline | undefined;
  screen: Screen;
  use: Use;
  watch: Watch;
  place: Place;
  update: Update;
  /** While a technician is at it. */
  maintenance: Maintenance | undefined;
  sessions: Session[];
  /** The host whose view the camera takes or holds, and when it was begun, uptime. */
  viewer: Session | undefined;
  viewed: number;
  /** Permit that was put aside: the next finger opens one behind it. Empty: none. */
  aside: Bytes;
  /** The photo that the host is to hand over; undefined: none. */
  wanted: Wanted | undefined;
  /** REFUSED records that may still be written. */
  refusals: number;
  /** When the use's timer is due, uptime; 0: none runs. */
  due: number;
  /** Whether the status entry on flash is the last one that was to be written. */
  saved: boolean;
  /** Of the last status entry: the time it knew, and its number of records. */
  savedFloor: number;
  savedSeq: number;
  private queue: Input[];
  private running: boolean;
  private timer: number;
  private poll: number;
  private lastRefusal: number;
  /** Data of an outcome that flash has not taken yet. */
  private owed: DataValue[] | undefined;

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
    this.people = new People(this);
    this.ceremony = undefined;
    this.stage = Stage.NONE;
    this.custody = new Custody(this);
    this.energy = new Energy(this);
    this.dialog = new Dialog(this);
    this.offline = undefined;
    this.screen = new Screen(this);
    this.use = newUse();
    this.place = new Place(this);
    this.update = new Update(this);
    this.maintenance = undefined;
    this.sessions = [];
    this.viewer = undefined;
    this.viewed = 0;
    this.aside = '';
    this.wanted = undefined;
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
    this.owed = undefined;
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
    restore(this);
    listen(this);
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
      const tray = this.use.tray;
      const alarms = this.use.alarms; // a use may go on waiting under one
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
      if (useState(this.use) !== before || this.use.alarms !== alarms) this.changed();
      else if (next.in !== In.TRAY || this.use.tray !== tray) this.screen.changed();
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
    if (this.maintenance !== undefined) this.maintenance.look();
  }

  /** Writes a record and tells the hosts. Its number, or FULL or FAULT. */
  record(kind: number, v: DataValue[], level: Level): number {
    const seq = this.log.record(kind, v, level);
    if (kind !== RecordKind.REFUSED) this.lastRefusal = 0;
    this.notice();
    return seq;
  }

  /** Something that locks the device; one that stands already is not raised again. */
  raise(condition: number, detail: number): void {
    if (!(this.use.alarms & (1 << condition))) this.send({ in: In.ALARM, condition: condition, detail: detail });
  }

  /** Flash failed: 1 journal, 2 state, 3 photos, 4 keys, 5 lost. */
  broken(detail: number): void {
    this.raise(Alarm.JOURNAL, detail);
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
    this.saved = putDies(this) && this.store.put(s.encode());
    return this.saved;
  }

  /** Records a refusal, unless it is the same as the last record (of wrong passcodes each one counts), or there were too many. */
  refused(code: number, permit: Bytes | undefined, person: number): void {
    const what = code * 4294967296 + person; // one that stands in the place of a photo is never left out
    if (code !== RefusalCode.NO_PHOTO && ((what === this.lastRefusal && code !== RefusalCode.WRONG_CODE) || this.refusals <= 0)) return;
    this.refusals--;
    if (this.record(RecordKind.REFUSED, [code, permit, person > 0 ? person : undefined], Level.ORDINARY) >= 0) this.lastRefusal = what;
  }

  /** Says to who stands there that something is refused, and records it. */
  deny(code: number, permit: Bytes | undefined, person: number): void {
    this.screen.refuse(code, person);
    this.refused(code, permit, person);
  }

  snapshot(): Bytes {
    return this.state.encode();
  }

  /** What the use, a dialogue or a ceremony is at has changed. */
  changed(): void {
    const signal = this.parts.signal;
    const state = useState(this.use);
    signal.alarm(this.use.alarms);
    if (state === 1 && this.maintenance === undefined) signal.ready();
    else if (state !== 8) signal.busy();
    const waits = this.use.phase === Phase.OPENING || this.stage > Stage.OFFERED || this.dialog.asked === Asked.PROOF;
    this.parts.reader.light(waits);
    this.parts.keypad.awake(waits || this.dialog.asked !== Asked.NOTHING);
    this.energy.wake();
    this.screen.changed();
    this.notice();
  }

  /** Somebody asks for a challenge, or has a trip code: Offline.ANSWER or TRIP of the protocol. */
  callOffice(how: number): void {
    this.offline = new Offline(this);
    this.offline.begin(how);
  }

  /** Of the state log: permits still known, people as they are now. */
  keep(entry: Bytes): boolean {
    return keeps(this, entry);
  }

  /** Ends in the records what was under way when the power went, or an exception came. */
  unfinished(): void {
    const s = this.state;
    const intent = s.intent;
    if (this.owed !== undefined) this.settle();
    else if (intent !== NO_RECORD) {
      this.raise(Alarm.UNKNOWN, intent);
      this.outcome(s.open, Stroke.UNKNOWN, '', 0); // behind it, a cut would leave nothing to tell that the alarm is owed
    }
    if (s.open !== '') this.closed(s.open, Close.RESTART);
  }

  /** After an exception. */
  private recover(): void {
    const p = this.parts;
    const wasOpen = this.use.phase !== Phase.IDLE;
    const room = this.maintenance;
    this.maintenance = undefined;
    if (room !== undefined) room.leave();
    try {
      p.bolt.close();
      this.queue = [];
      // What stopping reports is not to be acted upon.
      this.running = true;
      p.stamper.stop();
      giveWay(this);
      p.camera.cancel();
      this.wanted = undefined;
      this.queue = [];
      this.running = false;
      if (this.log.writing) throw new Error(''); // memory and flash may have parted: only a start brings them together
      this.use.phase = Phase.IDLE;
      this.use.offer = undefined;
      this.unfinished();
      if (room !== undefined) this.record(RecordKind.MAINTENANCE, maintenanceOver(MaintenanceEnd.FAULT), Level.ALARM);
      if (wasOpen) this.raise(Alarm.INTERNAL, 0);
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

  /** False: it could not be carried out, and what follows it must not be. */
  private effect(e: Effect): boolean {
    const parts = this.parts;
    if (e.fx === Fx.TIMER) this.setTimer(e.ms);
    else if (e.fx === Fx.REFUSE) this.deny(e.code, undefined, e.person);
    else if (e.fx === Fx.OPENED) {
      parts.signal.good();
      return recordOpened(this, e.offer.id);
    } else if (e.fx === Fx.CAPTURE) capture(this, e.which, e.offer);
    else if (e.fx === Fx.CANCEL) {
      parts.camera.cancel();
      this.wanted = undefined;
      this.photos.end(0, 0);
    } else if (e.fx === Fx.CHARGE) this.send({ in: In.CHARGED, code: charge(this, e.offer, e.photo) });
    else if (e.fx === Fx.BOLT) {
      // Whatever else went wrong: never without an intent on flash.
      if (!e.open) parts.bolt.close();
      else if (this.state.intent === NO_RECORD) return false;
      else parts.bolt.open();
    } else if (e.fx === Fx.PRESS) press(this);
    else if (e.fx === Fx.STOP) parts.stamper.stop();
    else if (e.fx === Fx.PARK) parts.stamper.park((ok) => this.send({ in: In.PARKED, ok: ok }));
    else if (e.fx === Fx.OUTCOME) return this.outcome(e.offer.id, e.result, e.trace, e.grade);
    else if (e.fx === Fx.CLOSED) return this.closed(e.offer.id, e.reason);
    else this.alarm(e.condition, e.detail);
    return true;
  }

  private closed(permit: Bytes, reason: number): boolean {
    const p = this.state.permit(permit);
    this.screen.closed(reason);
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

  private outcome(permit: Bytes, result: number, trace: Bytes, grade: number): boolean {
    const p = this.state.permit(permit);
    let after = p === undefined ? 0 : p.used;
    if (result === Stroke.STAMPED) this.parts.signal.good();
    if (result === Stroke.FAILED && after > 0) after--;
    this.owed = [permit, p === undefined ? 0 : p.tried, result, trace, this.state.intent, after, grade > 0 ? grade : undefined];
    // A place on flash that did not hold it is passed over: the next one may.
    return this.settle() || this.settle();
  }

  /** Writes the outcome that is owed, if one is. False: flash has not taken it; the watch tries again. */
  settle(): boolean {
    if (this.owed === undefined) return true;
    if (this.record(RecordKind.OUTCOME, this.owed, Level.USE) < 0) return false;
    this.owed = undefined;
    return true;
  }

  /** Latches, with a record; where none can be written, the watch tries again. */
  private alarm(condition: number, detail: number): void {
    if (this.record(RecordKind.ALARM, [condition, detail], Level.ALARM) < 0) {
      this.state.alarms.push({ condition: condition, seq: NO_RECORD });
      this.save();
    }
    if (this.maintenance !== undefined) this.maintenance.alarm(condition);
  }
}
