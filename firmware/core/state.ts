/**
 * What the device must know after a reset besides its records: permits, counters, alarms. It is what the records say,
 * folded one after the other; the `state` flash holds the permits as they came and, now and then, a status entry: the fold
 * up to record `synced`. At start the records from there on are folded again, so that a charge lives in its intent alone.
 */
import { getU16le, getU32le, u16le, u32le } from '../../protocol/bytes';
import type { DataValue } from '../../protocol/evidence';
import { RecordKind, Updated } from '../../protocol/evidence';
import { RefusalCode } from '../../protocol/generated/codec';
import type { Bytes } from '../../protocol/natives';
import { Offline } from '../../protocol/offline';
import { Action, Means } from '../../protocol/permit';
import { Alarm } from './alarms';
import { type Die, MAX_DIES, tuned } from './dies';
import { Stroke } from './parts';
import { Close, Policy } from './states';

/** A permit that was loaded, or opened by a code (offline.ts). */
export interface Permit {
  id: Bytes;
  /** SHA-256 of the grant, and its length. */
  hash: Bytes;
  size: number;
  counter: number;
  epoch: number;
  notBefore: number;
  notAfter: number;
  die: Bytes;
  count: number;
  /** Who opens it, and by what means each (Means). */
  persons: number[];
  means: number[];
  policy: number;
  idle: number;
  /** Where it may be used (protocol/fence.ts); empty: anywhere. */
  fences: Bytes;
  /** Seconds since the fix and metres of its accuracy that will do; 0: no fix is asked for. */
  maxAge: number;
  maxAccuracy: number;
  /** Uptime at which one that a code has opened ends; below 0: it has ended with the power. 0: a loaded one, which goes by the clock. */
  until: number;
  /** Strokes charged. */
  used: number;
  /** Intents written so far: the use number of the last one. */
  tried: number;
  /** 0: open. Else the RefusalCode that says why it is not. */
  closed: number;
  /** Number of the last record that names it; NO_RECORD: the one of its loading is still to be written. */
  last: number;
}

export interface Latched {
  condition: number;
  /** Number of its record; NO_RECORD while it could not be written. */
  seq: number;
}

export const NO_RECORD = 4294967295;
export const MAX_PERMITS = 8;
/** Bytes of a permit in a status entry. */
const ENTRY = 29;
/** Conditions are numbered 1..31 and each is latched at most once, a code opens one permit more: the most a status entry takes. */
export const STATUS_MAX = 60 + 16 + 16 + 64 + 31 * 5 + (MAX_PERMITS + 1) * ENTRY + MAX_DIES * 6 + 4;
/** Seconds after which a use that a code has opened closes by itself. */
const IDLE = 300;

/** What a code opens, as long as it is not to be used: before it is made so, and after the power was lost. */
function passing(id: Bytes, person: number, count: number, last: number): Permit {
  return {
    id: id, hash: '', size: 0, counter: 0, epoch: 0, notBefore: 0, notAfter: NO_RECORD, die: '', count: count, persons: [person], means: [Means.BOTH],
    policy: Policy.PHOTOS, idle: IDLE, fences: '', maxAge: 0, maxAccuracy: 0, until: -1, used: 0, tried: 0, closed: RefusalCode.EXPIRED, last: last,
  };
}

export class State {
  boot: number;
  epoch: number;
  floor: number;
  /** Greatest permit counter seen, and bit n: high - n was seen. */
  high: number;
  window: number;
  /** All records below are in this state. */
  synced: number;
  acked: number;
  photoTail: number;
  photoNumber: number;
  /** Permit of the open use; empty: none. */
  open: Bytes;
  /** Record of the intent that has no outcome yet, of the open use; NO_RECORD: none. */
  intent: number;
  /** Version of the newest firmware that has passed its self-test here. */
  version: number;
  /** The dies fitted when last looked, 8 bytes each. */
  die: Bytes;
  /** Those of which is known how they are pressed, or that they were inked. */
  dies: Die[];
  /** The die of the open intent; empty: not known. */
  pressed: Bytes;
  /** Service of ceremony.ts. */
  service: number;
  /** Counter of the ceremony that said so last; 0: none has. */
  ordered: number;
  /** The newest take-out or return: its grant's id; empty: there was none. */
  custody: Bytes;
  /** The state flash was lost: who was removed since provisioning is not known any more, so nobody of the vault counts. */
  vaultVoid: boolean;
  /** The reader has the password of this unit. */
  paired: boolean;
  /** What the display speaks: 0 Chinese, 1 English. */
  language: number;
  /** Where the clock on the display stands: quarters of an hour ahead of UTC, + 64. */
  zone: number;
  /** Challenges made so far; serial of the last trip code taken; wrong answers and trip codes in a row. */
  calls: number;
  serial: number;
  guesses: number;
  /** Unknown fingers in a row. */
  strangers: number;
  /** When the last of them was typed, uptime; not on flash. */
  guessed: number;
  alarms: Latched[];
  permits: Permit[];

  constructor() {
    this.boot = 0;
    this.epoch = 0;
    this.floor = 0;
    this.high = 0;
    this.window = 0;
    this.synced = 0;
    this.acked = 0;
    this.photoTail = 0;
    this.photoNumber = 0;
    this.open = '';
    this.intent = NO_RECORD;
    this.version = 0;
    this.die = '';
    this.dies = [];
    this.pressed = '';
    this.service = 0;
    this.ordered = 0;
    this.custody = '';
    this.vaultVoid = false;
    this.paired = false;
    this.language = 0;
    this.zone = 64 + 32;
    this.calls = 0;
    this.serial = 0;
    this.guesses = 0;
    this.strangers = 0;
    this.guessed = 0;
    this.alarms = [];
    this.permits = [];
  }

  permit(id: Bytes): Permit | undefined {
    for (const p of this.permits) if (p.id === id) return p;
    return undefined;
  }

  dieOf(id: Bytes): Die | undefined {
    for (const one of this.dies) if (one.entry.substr(0, 8) === id) return one;
    return undefined;
  }

  latched(condition: number): Latched | undefined {
    for (const a of this.alarms) if (a.condition === condition) return a;
    return undefined;
  }

  /** Bit n: alarm condition n is latched. */
  alarmBits(): number {
    let bits = 0;
    for (const a of this.alarms) bits = bits | (1 << a.condition);
    return bits;
  }

  /** Whether a permit counter was used before: seen in the window, or too old to tell. */
  seen(counter: number): boolean {
    const age = this.high - counter;
    return age >= 32 || (age >= 0 && (this.window & (1 << age)) !== 0);
  }

  mark(counter: number): void {
    const ahead = counter - this.high;
    if (ahead > 0) {
      this.window = ahead > 31 ? 1 : ((this.window << ahead) | 1) >>> 0;
      this.high = counter;
    } else if (ahead > -32) this.window = (this.window | (1 << -ahead)) >>> 0;
  }

  /** Takes in one record that is durable. @param v its data, key k at index k - 1 */
  fold(seq: number, time: number, kind: number, v: DataValue[]): void {
    const id = v[0] as Bytes;
    const p = kind >= RecordKind.PERMIT && kind <= RecordKind.CLOSED ? this.permit(id) : undefined;
    let by = 0;
    if (time > this.floor) this.floor = time;
    // Until there is a record of its loading, that record is owed.
    if (p !== undefined && (p.last !== NO_RECORD || kind === RecordKind.PERMIT)) p.last = seq;
    if (kind === RecordKind.OPENED) this.open = id;
    else if (kind === RecordKind.INTENT) {
      this.intent = seq;
      this.pressed = v[4] === undefined ? '' : (v[4] as Bytes);
      by = 1;
      if (p !== undefined) {
        p.tried = v[1] as number;
        p.used = v[2] as number;
      }
    } else if (kind === RecordKind.OUTCOME) {
      this.intent = NO_RECORD;
      if (v[2] === Stroke.FAILED) by = -1;
      if (p !== undefined) p.used = v[5] as number;
    } else if (kind === RecordKind.CLOSED) {
      this.open = '';
      const why = v[1] as number;
      if (p !== undefined && p.closed === 0) {
        if (why === Close.USED_UP || why === Close.FINISHED || p.used >= p.count) p.closed = RefusalCode.USED_UP;
        if (why === Close.EXPIRED) p.closed = RefusalCode.EXPIRED;
      }
    } else if (kind === RecordKind.ALARM) {
      const a = this.latched(v[0] as number);
      if (a === undefined) this.alarms.push({ condition: v[0] as number, seq: seq });
      else a.seq = seq;
    } else if (kind === RecordKind.CLEARED) {
      this.alarms = this.alarms.filter((a) => a.condition !== v[0]);
      if (v[0] === Alarm.CODE) this.guesses = 0;
    } else if (kind === RecordKind.UPDATED) {
      if (v[3] === Updated.PASSED) this.version = v[1] as number;
    } else if (kind === RecordKind.REVOKED) {
      const epoch = v[0];
      if (epoch !== undefined) this.epoch = epoch as number;
      else this.mark(v[2] as number);
      for (const one of this.permits) {
        if (one.closed === 0 && (one.epoch < this.epoch || one.id === v[1])) {
          one.closed = RefusalCode.REVOKED;
          if (one.last !== NO_RECORD) one.last = seq;
        }
      }
    } else if (kind === RecordKind.TOPPED_UP) {
      const topped = this.permit(id);
      this.mark(v[2] as number);
      // It is not its last record: that one a stroke grant names, and before there is one it is owed.
      if (topped !== undefined) topped.count = v[1] as number;
    } else if (kind === RecordKind.CHALLENGE) this.calls = v[0] as number;
    else if (kind === RecordKind.CODE) {
      if (v[1] === Offline.TRIP) this.serial = v[2] as number;
      this.guesses = 0;
      // One at a time: what is left of the one before is not added.
      this.permits = this.permits.filter((one) => one.until === 0);
      this.permits.push(passing(id, v[3] as number, v[4] as number, seq));
    } else if (kind === RecordKind.CEREMONY) {
      const action = v[1];
      this.mark(v[2] as number);
      if (action === Action.TAKE_OUT || action === Action.RETURN) this.custody = id;
      // Out of service for good is for good.
      if (action === Action.DESTROY) this.service = 2;
      else if (action === Action.DIE_TUNE || action === Action.DIE_INKED) this.dies = tuned(this.dies, this.die, v[4] as Bytes);
      else if (action === Action.SUSPEND || action === Action.RESUME) {
        this.ordered = v[2] as number;
        if (this.service < 2) this.service = action === Action.SUSPEND ? 1 : 0;
      }
    }
    const die = by === 0 ? undefined : this.dieOf(this.pressed);
    if (die !== undefined && die.strokes + by >= 0 && die.strokes + by < 65536) die.strokes += by;
  }

  /** The status entry. */
  encode(): Bytes {
    let b =
      'S' + u32le(this.boot) + u32le(this.epoch) + u32le(this.floor) + u32le(this.high) + u32le(this.window) + u32le(this.synced) +
      u32le(this.acked) + u32le(this.photoTail) + u32le(this.photoNumber) + u32le(this.intent) +
      String.fromCharCode(this.open.length, this.die.length, this.service | (this.vaultVoid ? 4 : 0) | (this.paired ? 8 : 0) | this.custody.length, this.language, this.zone) +
      u32le(this.version) + String.fromCharCode(this.guesses | (this.strangers << 4)) + u32le(this.calls) + u32le(this.serial) + this.open + this.die + this.custody +
      String.fromCharCode(this.alarms.length);
    for (const a of this.alarms) b += String.fromCharCode(a.condition) + u32le(a.seq);
    for (const p of this.permits) b += p.id + u16le(p.used) + u32le(p.tried) + String.fromCharCode(p.closed) + u32le(p.last) + u16le(p.count);
    for (const one of this.dies) b += one.entry.substr(1, 4) + u16le(one.strokes);
    return b + u32le(this.ordered);
  }

  /** Takes in a status entry: permits that it does not name were dropped before it was written. */
  decode(b: Bytes): void {
    this.boot = getU32le(b, 1);
    this.epoch = getU32le(b, 5);
    this.floor = getU32le(b, 9);
    this.high = getU32le(b, 13);
    this.window = getU32le(b, 17);
    this.synced = getU32le(b, 21);
    this.acked = getU32le(b, 25);
    this.photoTail = getU32le(b, 29);
    this.photoNumber = getU32le(b, 33);
    this.intent = getU32le(b, 37);
    const open = b.charCodeAt(41);
    const die = b.charCodeAt(42);
    const bits = b.charCodeAt(43);
    let at = 59;
    this.language = b.charCodeAt(44);
    this.zone = b.charCodeAt(45);
    this.version = getU32le(b, 46);
    const wrong = b.charCodeAt(50);
    this.guesses = wrong & 15;
    this.strangers = wrong >> 4;
    this.calls = getU32le(b, 51);
    this.serial = getU32le(b, 55);
    this.service = bits & 3;
    this.vaultVoid = (bits & 4) !== 0;
    this.paired = (bits & 8) !== 0;
    this.open = b.substr(at, open);
    at += open;
    this.die = b.substr(at, die);
    at += die;
    this.custody = b.substr(at, bits & 16);
    at += bits & 16;
    const alarms = b.charCodeAt(at);
    at++;
    this.alarms = [];
    for (let i = 0; i < alarms; i++) {
      this.alarms.push({ condition: b.charCodeAt(at), seq: getU32le(b, at + 1) });
      at += 5;
    }
    const kept: Permit[] = [];
    for (; at + ENTRY <= b.length; at += ENTRY) {
      const id = b.substr(at, 16);
      const last = getU32le(b, at + 23);
      const loaded = this.permit(id);
      // Without its grant: a code has opened it, and its use may still be to be closed.
      const p = loaded === undefined ? passing(id, 0, 0, last) : loaded;
      p.used = getU16le(b, at + 16);
      p.tried = getU32le(b, at + 18);
      if (p.until === 0) p.closed = b.charCodeAt(at + 22);
      p.last = last;
      p.count = getU16le(b, at + 27);
      if (p.until === 0 || last !== NO_RECORD) kept.push(p);
    }
    this.permits = kept;
    for (; at + 6 <= b.length; at += 6) for (const one of this.dies) if (one.entry.substr(1, 4) === b.substr(at, 4)) one.strokes = getU16le(b, at + 4);
    this.ordered = at + 4 <= b.length ? getU32le(b, at) : 0;
  }
}
