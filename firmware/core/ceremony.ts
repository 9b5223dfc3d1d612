/**
 * Ceremonies: what the authority has done at the device before the eyes of the persons it names. One grant, one action, one
 * record. A ceremony waits in memory only; after a power loss it is handed over again, and its counter, spent by its record,
 * keeps it from being done twice.
 *
 * Order of record and effect: whatever takes away (a person, the service) takes effect first or by the record itself; whatever
 * gives (a finger, a passcode, a die) is recorded first. A cut between the two leaves less than the records say, never more.
 */
import { u16le, u32le } from '../../protocol/bytes';
import { cborUint } from '../../protocol/cbor';
import { RecordKind } from '../../protocol/evidence';
import { RefusalCode } from '../../protocol/generated/codec';
import type { Bytes } from '../../protocol/natives';
import type { Grant } from '../../protocol/permit';
import { Action } from '../../protocol/permit';
import { Alarm } from './alarms';
import type { Device } from './device';
import { MAX_DIES, without } from './dies';
import { FULL, Level } from './log';
import { maintain } from './maintenance';
import { Close, In, Phase } from './states';
import { stroking } from './use';

/** Milliseconds between two persons, for a finger to be enrolled, for a passcode to be typed, for a die to be changed. */
const PERSONS_MS = 30000;
const ACT_MS = 120000;

export const enum Stage {
  NONE = 0,
  /** Waits for the first person, as long as the grant lasts. */
  OFFERED = 1,
  /** Some have shown themselves. */
  GATHERING = 2,
  /** All have; what is to be done is under way. */
  ACTING = 3,
}

/** In service; suspended; out of service for good. */
export const enum Service {
  ON = 0,
  SUSPENDED = 1,
  OVER = 2,
}

/** The persons it names, as a record says them. */
function list(g: Grant): Bytes {
  const named = g.persons === undefined ? [] : g.persons;
  let all = String.fromCharCode(128 + named.length / 2);
  for (let i = 0; i < named.length; i += 2) all += cborUint(named[i] as number);
  return all;
}

export class Ceremony {
  grant: Grant | undefined;
  private d: Device;
  private hash: Bytes;
  private bytes: Bytes;
  /** By index of the grant's persons: the means shown. */
  private shown: number[];
  private timer: number;

  constructor(d: Device) {
    this.d = d;
    this.grant = undefined;
    this.hash = '';
    this.bytes = '';
    this.shown = [];
    this.timer = -1;
  }

  /** Action of the one that waits or is under way; 0: none. */
  action(): number {
    return this.grant === undefined ? 0 : (this.grant.action as number);
  }

  /** How many of the persons it names have shown themselves, and how many there are. */
  present(): number[] {
    const named = this.grant === undefined || this.grant.persons === undefined ? [] : this.grant.persons;
    let there = 0;
    for (let i = 0; i < named.length; i += 2) if (((this.shown[i >> 1] as number) & (named[i + 1] as number)) === named[i + 1]) there++;
    return [there, named.length >> 1];
  }

  /** Takes in an authentic ceremony; carries it out at once where it names nobody. 0, or the RefusalCode. */
  offer(g: Grant, grant: Bytes): number {
    const d = this.d;
    const hash = d.natives.sha256(grant);
    if (this.hash === hash) return 0;
    const code = this.judge(g);
    if (code !== 0) return code;
    // What names nobody, and is done as it comes, waits for nobody either.
    if (g.persons === undefined && g.action !== Action.READER_PAIR) return this.act(g, grant);
    if (d.stage > Stage.OFFERED) return RefusalCode.BUSY;
    this.drop();
    if (g.persons === undefined) {
      this.hash = hash;
      return this.act(g, grant);
    }
    this.grant = g;
    this.hash = hash;
    this.bytes = grant;
    this.d.stage = Stage.OFFERED;
    d.changed();
    return 0;
  }

  /** A person has shown a finger or a passcode. True: it was for the ceremony. */
  show(person: number, means: number): boolean {
    const g = this.grant;
    if (g === undefined || this.d.use.phase !== Phase.IDLE) return false;
    if (this.d.stage > Stage.GATHERING) {
      this.refuse(RefusalCode.BUSY, person);
      return true;
    }
    const named = g.persons as number[];
    let all = true;
    let found = false;
    let again = false;
    for (let i = 0; i < named.length; i += 2) {
      const k = i >> 1;
      const wanted = named[i + 1] as number;
      if (named[i] === person && means & wanted) {
        found = true;
        again = ((this.shown[k] as number) & means) !== 0;
        this.shown[k] = (this.shown[k] as number) | means;
      }
      if (((this.shown[k] as number) & wanted) !== wanted) all = false;
    }
    if (!found) {
      // Once somebody has begun, nobody else may come between.
      if (this.d.stage === Stage.GATHERING) this.refuse(RefusalCode.BUSY, person);
      return this.d.stage === Stage.GATHERING;
    }
    if (again) {
      // They do not mean the ceremony: whatever else names them.
      this.back();
      return false;
    }
    this.d.parts.signal.good();
    this.d.stage = Stage.GATHERING;
    this.wait(PERSONS_MS);
    if (all) {
      const code = this.judge(g);
      const done = code === 0 ? this.act(g, this.bytes) : code;
      if (done !== 0) this.fail(done);
    }
    this.d.changed();
    return true;
  }

  /** Whether the dies may change now: to `tags`, all that are there, by the one die that is named. True: it is recorded, and the ceremony over. */
  die(tags: Bytes): boolean {
    const g = this.grant;
    if (g === undefined || this.d.stage !== Stage.ACTING || (g.action as number) < Action.DIE_OUT) return false;
    const fitted = this.d.state.die;
    const before = fitted.length < 8 ? '' : fitted;
    const die = g.die === undefined ? before : g.die;
    const out = g.action === Action.DIE_OUT;
    return without(out ? before : tags, die) === (out ? tags : before) && this.record(g, die) === 0;
  }

  /** The person at the keypad has typed a new passcode twice, or given up (empty). */
  typed(code: Bytes): void {
    const g = this.grant;
    if (g === undefined || this.d.stage !== Stage.ACTING || g.action !== Action.CODE_SET) return;
    const person = g.subject as number;
    if (code === '') this.fail(RefusalCode.WEAK_CODE);
    else {
      const done = this.record(g, undefined);
      if (done !== 0) this.fail(done);
      else if (!this.d.people.setCode(person, code, g.until === undefined ? 0 : g.until)) this.refuse(RefusalCode.HARDWARE, person);
    }
  }

  /** Once a second: one whose time is over is dropped. */
  look(): void {
    const g = this.grant;
    if (g === undefined) return;
    const code = this.d.stage === Stage.OFFERED ? this.judge(g) : this.revoked(g);
    if (code !== 0 && code !== RefusalCode.TIME_UNKNOWN && code !== RefusalCode.TOO_EARLY) this.fail(code);
  }

  /** 0, or the RefusalCode by which it was taken back, or is done. */
  private revoked(g: Grant): number {
    const s = this.d.state;
    if ((g.epoch as number) < s.epoch) return RefusalCode.REVOKED;
    return s.seen(g.counter as number) ? RefusalCode.REPLAYED : 0;
  }

  /** 0, or the RefusalCode for which it cannot be done now. */
  private judge(g: Grant): number {
    const d = this.d;
    const s = d.state;
    const a = g.action as number;
    const now = d.clock.now();
    const back = this.revoked(g);
    if (back !== 0) return back;
    // Also who has shown themselves may have become nobody since.
    const named = g.persons === undefined ? [] : g.persons;
    for (let i = 0; i < named.length; i += 2) {
      const able = d.people.able(named[i] as number, named[i + 1] as number);
      if (able !== 0) return able;
    }
    if ((now > 0 ? now : s.floor) >= (g.notAfter as number)) return RefusalCode.EXPIRED;
    if (now === 0) return RefusalCode.TIME_UNKNOWN;
    if (now < (g.notBefore as number)) return RefusalCode.TOO_EARLY;
    if (s.service === Service.OVER && a !== Action.PERSON_REMOVE && a !== Action.DIE_OUT && a < Action.TAKE_OUT) return RefusalCode.SUSPENDED;
    // An older word on the same matter, which somebody has held back, does not undo the last one.
    const terms = d.custody.terms;
    const last = a === Action.SUSPEND || a === Action.RESUME ? s.ordered : a >= Action.TAKE_OUT && terms !== undefined ? (terms.counter as number) : 0;
    if ((g.counter as number) < last) return RefusalCode.STALE;
    const person = g.subject === undefined ? 0 : g.subject;
    if (a === Action.FINGER_ADD || a === Action.CODE_SET) {
      // Who has lost a passcode by ten wrong ones does not get a new one alone.
      if (a === Action.CODE_SET && d.people.locked(person) && (g.persons as number[]).length < 4) return RefusalCode.CODE_LOCKED;
      return d.people.room(person, a === Action.FINGER_ADD);
    }
    if (a === Action.TAKE_OUT && now >= (g.until as number)) return RefusalCode.EXPIRED;
    // Who has it now, and is given more time, is told so where it is; anybody else must be there.
    if (a === Action.TAKE_OUT && g.persons === undefined && (terms === undefined || terms.action !== a || terms.subject !== g.subject)) return RefusalCode.STALE;
    if (a === Action.RETURN && !d.place.docked()) return RefusalCode.NOT_DOCKED;
    if (a >= Action.DIE_OUT && a <= Action.DIE_INKED) {
      const there = without(s.die, g.die === undefined && s.die.length === 8 ? s.die : (g.die as Bytes)) !== undefined;
      // Two of one number answer as one: nobody could tell afterwards which was taken out.
      if (a === Action.DIE_IN && there) return RefusalCode.DIE_TWICE;
      if (a === Action.DIE_IN && s.die.length >= MAX_DIES * 8) return RefusalCode.STORE_FULL;
      if (a !== Action.DIE_IN && !there) return RefusalCode.WRONG_DIE;
    }
    return d.log.room() ? 0 : RefusalCode.LOG_FULL;
  }

  /** All are there. 0: done or under way, or the RefusalCode. */
  private act(g: Grant, grant: Bytes): number {
    const d = this.d;
    const a = g.action as number;
    const person = g.subject === undefined ? 0 : g.subject;
    if (stroking(d.use) || (d.maintenance !== undefined && a >= Action.DIE_OUT)) return RefusalCode.BUSY;
    if (a === Action.MAINTAIN) return this.maintain(g);
    if (a === Action.PERSON_REMOVE) {
      const offer = d.use.offer;
      if (!d.people.remove(person)) return RefusalCode.HARDWARE;
      if (offer !== undefined && offer.persons.indexOf(person) >= 0) d.send({ in: In.CLOSE, reason: Close.REVOKED });
      return this.record(g, undefined);
    }
    if (a >= Action.TAKE_OUT) {
      if (!d.custody.prepare(grant)) {
        d.broken(2);
        return RefusalCode.HARDWARE;
      }
      const code = this.record(g, undefined);
      if (code === 0) d.custody.settle();
      return code;
    }
    if (a >= Action.HANDOVER && a <= Action.DESTROY) {
      const code = this.record(g, undefined);
      if (code === 0 && d.state.service !== Service.ON) d.send({ in: In.CLOSE, reason: Close.REVOKED });
      return code;
    }
    if (a > Action.DIE_IN) return this.record(g, a === Action.DIE_INKED ? g.die : g.die + u16le(g.dwell as number) + String.fromCharCode(g.duty as number) + u16le(g.life as number));
    this.d.stage = Stage.ACTING;
    this.grant = g;
    this.wait(ACT_MS);
    if (a === Action.FINGER_ADD) {
      const slot = d.people.free();
      d.parts.reader.enroll(slot, (code) => this.enrolled(slot, code));
    } else if (a === Action.CODE_SET) d.dialog.choose(person, (code) => this.typed(code));
    else if (a === Action.READER_PAIR) d.parts.reader.pair(d.people.readerSecret(), (ok) => this.paired(ok));
    return 0;
  }

  /** Only with no die in the unit, as far as switch and tags tell; not while the alarm of the die stands. */
  private maintain(g: Grant): number {
    const d = this.d;
    const tray = d.parts.tray;
    const persons = list(g);
    const hash = this.hash;
    if (tray.fault() || !tray.fresh()) return RefusalCode.HARDWARE;
    if (tray.diePresent() || d.parts.die.tags().length > 0) return RefusalCode.DIE_FITTED;
    if (d.state.latched(Alarm.DIE) !== undefined) return RefusalCode.ALARM_ACTIVE;
    const code = this.record(g, undefined);
    if (code !== 0) return code;
    const good = maintain(d, persons, hash);
    d.changed();
    return good ? 0 : RefusalCode.LOG_FULL;
  }

  private enrolled(slot: number, failed: number): void {
    const g = this.grant;
    if (g === undefined || this.d.stage !== Stage.ACTING || g.action !== Action.FINGER_ADD) return;
    const person = g.subject as number;
    if (failed !== 0) return this.fail(RefusalCode.READER);
    const code = this.record(g, slot);
    if (code !== 0) this.fail(code);
    else if (!this.d.people.addFinger(person, slot, g.until === undefined ? 0 : g.until)) this.refuse(RefusalCode.HARDWARE, person);
  }

  private paired(ok: boolean): void {
    const g = this.grant;
    const d = this.d;
    if (g === undefined || this.d.stage !== Stage.ACTING || g.action !== Action.READER_PAIR) return;
    if (!ok) return this.fail(RefusalCode.READER);
    d.state.paired = true;
    const good = d.people.forgetFingers() && d.save();
    const code = good ? this.record(g, undefined) : RefusalCode.HARDWARE;
    if (code !== 0) this.fail(code);
  }

  /** Writes the record: with it the ceremony is done, and spent. */
  private record(g: Grant, detail: Bytes | number | undefined): number {
    const d = this.d;
    const back = this.revoked(g);
    if (back !== 0) return back;
    const what = typeof detail === 'number' ? u32le(detail) : detail;
    const seq = d.record(RecordKind.CEREMONY, [g.permit, g.action, g.counter, g.subject, what, { cbor: list(g) }, g.until], Level.USE);
    if (seq < 0) {
      if (seq === FULL) return RefusalCode.LOG_FULL;
      d.broken(d.log.fault);
      return RefusalCode.HARDWARE;
    }
    d.parts.signal.good();
    // Another one may wait meanwhile.
    if (this.grant === g) this.drop();
    d.changed();
    return 0;
  }

  private refuse(code: number, person: number): void {
    this.d.deny(code, this.grant === undefined ? undefined : this.grant.permit, person);
  }

  /** It is off; the authority may send it again. */
  private fail(code: number): void {
    this.refuse(code, 0);
    this.drop();
    this.d.changed();
  }

  private drop(): void {
    this.stopWaiting();
    if (this.d.stage === Stage.ACTING) {
      this.d.parts.reader.cancel();
      this.d.dialog.cancel();
    }
    this.d.stage = Stage.NONE;
    this.grant = undefined;
    this.hash = '';
    this.bytes = '';
    this.shown = [0, 0, 0, 0];
  }

  private stopWaiting(): void {
    if (this.timer >= 0) this.d.board.cancel(this.timer);
    this.timer = -1;
  }

  /** Back to waiting for the first one. */
  private back(): void {
    this.stopWaiting();
    this.d.stage = Stage.OFFERED;
    this.shown = [0, 0, 0, 0];
    this.d.changed();
  }

  private wait(ms: number): void {
    this.stopWaiting();
    this.timer = this.d.board.after(ms, () => {
      this.timer = -1;
      if (this.d.stage === Stage.ACTING) this.fail(RefusalCode.STALE);
      else this.back();
    });
  }
}
