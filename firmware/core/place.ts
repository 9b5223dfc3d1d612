/**
 * Where the unit is, and whether it stays there: fixes and their age, fences, the dock, and being moved, tilted or dropped. What
 * a permit asks of it is judged in judge(); everything that happens by itself comes to the use as an input.
 */
import { RecordKind } from '../../protocol/evidence';
import { RefusalCode } from '../../protocol/generated/codec';
import { Alarm } from './alarms';
import type { Device } from './device';
import { fenceOf, metres } from './geometry';
import { Level } from './log';
import { Moves, type Fix } from './parts';
import type { Permit } from './state';
import { Close, In, Phase, Policy } from './states';

/** ms between two looks while a use is open. */
const OFTEN = 200;
/** Moving all the time for so long is being carried, ms. */
const CARRIED = 8000;
/** Not moving for so long is a rest: two looks may come one right behind the other. ms */
const REST = 300;
/** Two looks that find it leaning, so far apart or more, are no shock, ms. */
const LEANING = 150;
/** A shaken unit that was seen leaning so shortly ago still leans, whatever the look in between said, ms. */
const RECENT = 1000;
/** Metres that a place may change before it is recorded anew. */
const CHANGED = 25;
/** A place that lies this far beyond what errors and 70 m/s explain must hold for some time before it is believed, m and ms. */
const JUMP = 100;
const SPEED = 0.07;
const DOUBT = 10000;

export class Place {
  /** The newest that the receiver told. */
  fix: Fix | undefined;
  /** Moved since the photo before was begun. */
  moved: boolean;
  /** Bits of Moves, of the last look. */
  moves: number;
  /** Some permit, or the custody, asks for a place. */
  private needed: boolean;
  private d: Device;
  private timer: number;
  /** Until when the fix is doubted, uptime. */
  private doubt: number;
  /** Place of the last PLACE record. */
  private told: Fix | undefined;
  /** Since when it has been moving without a rest, uptime; -1: it rests. */
  private since: number;
  private looked: number;
  private shook: number;
  /** Since when it leans, uptime; -1: it stands. */
  private leans: number;
  /** When it was last seen to stand again after leaning, uptime. */
  private leant: number;
  private usb: boolean;
  /** Since USB power came. */
  carried: boolean;
  private outside: number;

  constructor(d: Device) {
    this.d = d;
    this.fix = undefined;
    this.moved = false;
    this.moves = 0;
    this.needed = false;
    this.timer = -1;
    this.doubt = 0;
    this.told = undefined;
    this.since = -1;
    this.looked = 0;
    this.shook = 0;
    this.leans = -1;
    this.leant = -RECENT;
    this.usb = false;
    this.carried = false;
    this.outside = 0;
  }

  /** On USB power, and not carried since that came. */
  docked(): boolean {
    return this.usb && !this.carried && this.d.parts.power.usb();
  }

  /** As in Status.motion. */
  bits(): number {
    const m = this.moves;
    const position = this.d.parts.position;
    return (
      (m & Moves.MOVED ? 1 : 0) | (m & Moves.TILTED ? 2 : 0) | (this.docked() ? 4 : 0) | (m & Moves.FAULT ? 8 : 0) |
      (this.needed ? 16 : 0) | (position.fault() ? 32 : 0)
    );
  }

  /** 0, or the RefusalCode for which this permit cannot be used here and now. */
  judge(p: Permit): number {
    if (p.policy & (Policy.DOCK | Policy.STILL)) this.sense();
    if (p.policy & (Policy.DOCK | Policy.STILL) && this.moves & Moves.FAULT) return RefusalCode.HARDWARE;
    if (p.policy & Policy.DOCK && !this.docked()) return RefusalCode.NOT_DOCKED;
    if (p.maxAge === 0) return 0;
    const fix = this.known(p.maxAge, p.maxAccuracy);
    if (fix === undefined) return RefusalCode.NO_FIX;
    return p.fences !== '' && fenceOf(p.fences, fix) < 1 ? RefusalCode.OUTSIDE : 0;
  }

  /** Just before an intent: 0 where nothing has moved since the photo and the unit stands, else the RefusalCode. Records a place that has changed. */
  hold(p: Permit): number {
    this.sense();
    if (p.policy & Policy.STILL && this.moves & Moves.FAULT) return RefusalCode.HARDWARE;
    // The lid that has just fallen shut shakes it for a moment, and a shaken sensor may say that it leans.
    const shaken = (this.moves & Moves.MOVED) !== 0;
    const leans = shaken ? this.leaning(this.looked) || this.looked - this.leant < RECENT : this.leans >= 0;
    if (leans || (this.moved && p.policy & Policy.PHOTOS)) return RefusalCode.MOVED;
    return this.record(p, false) ? 0 : RefusalCode.LOG_FULL;
  }

  /** Whether it was moved since the photo before was begun; the use has been told then. */
  shaken(): boolean {
    this.look();
    return this.moved;
  }

  /** The photo before begins: what moves from now on counts. */
  begin(): void {
    this.sense();
    this.moved = false;
  }

  /** Writes down where a use opens, or goes on, where its permit asks. False: it could not be written. */
  record(p: Permit, opening: boolean): boolean {
    const fix = this.fix;
    if (p.maxAge === 0 || fix === undefined) return true;
    if (!opening && this.told !== undefined && metres(this.told, fix) <= CHANGED) return true;
    this.told = fix;
    const fence = p.fences === '' ? 0 : fenceOf(p.fences, fix);
    const age = Math.floor((this.d.uptime() - fix.at) / 1000);
    return this.d.record(RecordKind.PLACE, [p.id, fix.latitude, fix.longitude, fix.accuracy, age, fence < 0 ? 0 : fence], Level.USE) >= 0;
  }

  /** The watch's look, once a second; `idle`: every other one will do. */
  watch(idle: boolean): void {
    let need = this.d.custody.placed() || this.d.maintenance !== undefined;
    const position = this.d.parts.position;
    if (idle && this.d.uptime() - this.looked < 1500) return;
    this.look();
    for (const p of this.d.state.permits) if (p.closed === 0 && p.maxAge > 0) need = true;
    this.needed = need;
    position.need(need);
    const fix = position.look();
    if (fix !== undefined) this.take(fix);
    this.borders();
  }

  /** A use is open: looks often until it is over. */
  follow(): void {
    if (this.timer >= 0) return;
    this.timer = this.d.board.after(OFTEN, () => {
      this.timer = -1;
      this.look();
      if (this.d.use.phase !== Phase.IDLE) this.follow();
    });
  }

  /** Leaning at two looks, not only shaken at one. */
  private leaning(now: number): boolean {
    return this.leans >= 0 && now - this.leans >= LEANING;
  }

  /** Reads the sensor: what it has seen it tells only once. */
  private sense(): void {
    const phase = this.d.use.phase;
    const moves = this.d.parts.motion.look();
    const now = this.d.uptime();
    if (!(moves & Moves.TILTED)) {
      if (this.leans >= 0) this.leant = now;
      this.leans = -1;
    } else if (this.leans < 0) this.leans = now;
    this.dock(moves, now);
    this.moves = moves;
    this.looked = now;
    if (moves & (Moves.MOVED | Moves.FELL)) this.moved = true;
    if (moves & Moves.FELL) this.d.raise(Alarm.DROP, 0);
    if (this.leaning(now) && (phase === Phase.UNBOLTING || phase === Phase.PRESSING)) this.d.raise(Alarm.TILT, phase);
  }

  private look(): void {
    const phase = this.d.use.phase;
    this.sense();
    if (this.moved && (phase === Phase.LOOKING || phase === Phase.GRANT)) this.d.send({ in: In.MOVED });
  }

  /** Whether it is still where USB power came to it. */
  private dock(moves: number, now: number): void {
    const usb = this.d.parts.power.usb();
    const set = usb && !this.usb;
    this.usb = usb;
    // A look that has seen a move tells of all the time since the one before.
    if (set) this.since = -1;
    else if (moves & Moves.MOVED) {
      if (this.since < 0) this.since = this.looked;
      this.shook = now;
    } else if (now - this.shook >= REST) this.since = -1;
    if (set) this.carried = false;
    else if (moves & (Moves.FELL | Moves.FAULT) || this.leaning(now) || (this.since >= 0 && now - this.since >= CARRIED)) this.carried = true;
  }

  private take(fix: Fix): void {
    const old = this.fix;
    if (old !== undefined && metres(old, fix) > old.accuracy + fix.accuracy + JUMP + (fix.at - old.at) * SPEED) this.doubt = fix.at + DOUBT;
    this.fix = fix;
  }

  /** The fix, where it is as young (s) and accurate (m) as is asked. */
  known(age: number, accuracy: number): Fix | undefined {
    const fix = this.fix;
    const now = this.d.uptime();
    return fix === undefined || now < this.doubt || now - fix.at > age * 1000 || fix.accuracy > accuracy ? undefined : fix;
  }

  /** What leaving fence or dock does to the use that is open. */
  private borders(): void {
    const d = this.d;
    const offer = d.use.offer;
    const phase = d.use.phase;
    const p = offer === undefined ? undefined : d.state.permit(offer.id);
    if (p === undefined || phase < Phase.OPEN || phase === Phase.AFTER) {
      this.outside = 0;
      return;
    }
    const fix = this.known(p.maxAge, p.maxAccuracy);
    this.outside = p.fences !== '' && fix !== undefined && fenceOf(p.fences, fix) < 0 ? this.outside + 1 : 0;
    if (this.outside > 1) this.d.raise(Alarm.FENCE, 0);
    if (!(p.policy & Policy.DOCK) || this.docked()) return;
    if (this.usb) this.d.raise(Alarm.MOVED, 0);
    else if (phase < Phase.CHARGING) {
      d.refused(RefusalCode.NOT_DOCKED, p.id, 0);
      d.send({ in: In.CLOSE, reason: Close.REFUSED });
    }
  }
}
