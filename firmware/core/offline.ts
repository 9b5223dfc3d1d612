/**
 * A use without a permit and without a network: the office answers a challenge by phone (key B), or has given a trip code
 * in advance (key C). Either opens one permit of its own for one person who has shown themselves; it lives in memory, so that
 * it ends with the power. SPEC.md, "Offline".
 *
 * A challenge's counter is spent by its CHALLENGE record, before the challenge is seen; a trip code's serial by the CODE record, before
 * anything opens. A try is counted on flash before it is judged.
 */
import { RecordKind } from '../../protocol/evidence';
import { RefusalCode } from '../../protocol/generated/codec';
import { same, type Pads } from '../../protocol/hash';
import type { Bytes } from '../../protocol/natives';
import { checkDigit, Offline as How, offlineAnswer, offlineChallenge, offlineCheck, offlineId, offlineKey, offlineSession, TRIP_AHEAD, TRIP_DIGITS, tripMac } from '../../protocol/offline';
import { Action } from '../../protocol/permit';
import { Alarm } from './alarms';
import { Stage } from './ceremony';
import type { Device } from './device';
import { Asked } from './dialog';
import { FULL, Level } from './log';
import { CODE_TRIES, waitLeft } from './people';
import { able, offerOf } from './permits';
import { passcodeShown } from './presence';
import type { Permit } from './state';
import { In, Phase, Policy } from './states';

/** Milliseconds that a challenge stands, and wrong answers after which it is void. */
const CHALLENGE_MS = 300000;
const TRIES = 3;
/** Milliseconds in which what was opened can be used: by an answer, by a trip code. */
const ANSWER_MS = 1800000;
const TRIP_MS = 43200000;

export class Offline {
  /** What stands on the display beside the question for an answer: the challenge; its number and check. */
  challenge: Bytes;
  name: Bytes;
  private d: Device;
  private how: How;
  private person: number;
  private means: number;
  /** A passcode that was asked for is being judged. */
  private proving: boolean;
  private count: number;
  private document: Bytes;
  /** The die that was under the ram when the challenge was made, or the trip code typed. */
  private die: Bytes;
  private tries: number;
  /** When the challenge is void, uptime. */
  private due: number;

  constructor(d: Device) {
    this.challenge = '';
    this.name = '';
    this.d = d;
    this.how = How.ANSWER;
    this.person = 0;
    this.means = 0;
    this.proving = false;
    this.count = 0;
    this.document = '';
    this.die = '';
    this.tries = 0;
    this.due = 0;
  }

  /** Somebody asks for a challenge, or has a trip code. */
  begin(how: How): void {
    this.die = '';
    this.means = 0;
    this.how = how;
    const code = this.judge();
    if (code !== 0) return this.refuse(code, 0);
    this.tries = TRIES;
    this.document = '';
    this.ask(Asked.PERSON);
  }

  /** Who was named has shown a finger or the passcode. True: it was for this. */
  shown(person: number, means: number): boolean {
    if (person !== this.person || (this.d.dialog.asked !== Asked.PROOF && !this.proving)) return false;
    this.proving = false;
    this.means = means;
    this.d.parts.signal.good();
    this.ask(this.how === How.TRIP ? Asked.TRIP : Asked.COUNT);
    return true;
  }

  /** Milliseconds that are left for the answer. */
  left(): number {
    const ms = this.due - this.d.uptime();
    return ms > 1 ? ms : 1;
  }

  private ask(what: Asked): void {
    this.d.dialog.want(what, (typed) => {
      if (typed !== '') this.typed(what, typed);
    });
  }

  private typed(what: Asked, typed: Bytes): void {
    if (what === Asked.PERSON) {
      this.person = parseInt(typed, 10);
      this.ask(Asked.PROOF);
    } else if (what === Asked.PROOF) {
      this.proving = true;
      passcodeShown(this.d, this.person, typed);
      this.proving = false;
    } else if (what === Asked.COUNT && typed !== '0') {
      this.count = parseInt(typed, 10);
      this.ask(Asked.DOCUMENT);
    } else if (what === Asked.DOCUMENT && typed.length === 8) {
      this.document = typed;
      this.show();
    } else if ((what === Asked.ANSWER && typed.length === 8) || (what === Asked.TRIP && typed.length === TRIP_DIGITS && checkDigit(typed.substr(0, TRIP_DIGITS - 1)) === typed.substr(TRIP_DIGITS - 1))) {
      this.enter(typed);
    } else {
      this.refuse(RefusalCode.MISTYPED, this.person);
      this.ask(what);
    }
  }

  /** Makes a challenge and shows it. Its counter is spent first. */
  private show(): void {
    const d = this.d;
    const n = d.natives;
    this.die = '';
    const code = this.judge();
    if (code !== 0) return this.refuse(code, this.person);
    const counter = d.state.calls + 1;
    if (!this.write(RecordKind.CHALLENGE, [counter, this.person, this.count, this.document], Level.ORDINARY)) return;
    const key = this.key();
    this.challenge = offlineChallenge(n, key, counter);
    this.name = ('' + (10000 + (counter % 10000))).substr(1) + '-' + offlineCheck(n, key, counter, this.challenge, this.session());
    this.due = d.uptime() + CHALLENGE_MS;
    this.ask(Asked.ANSWER);
  }

  /** An answer, or a trip code: counted, then judged. */
  private enter(typed: Bytes): void {
    const d = this.d;
    const s = d.state;
    // A trip code is for whichever die it was made for; a challenge names the one that it was made with.
    if (this.how === How.TRIP) this.die = '';
    const code = this.judge();
    if (code !== 0) {
      this.refuse(code, this.person);
      // The same once more where only some time must pass, or the die be turned back to.
      if (code === RefusalCode.WAIT || code === RefusalCode.TURN_DIE) this.ask(this.how === How.TRIP ? Asked.TRIP : Asked.ANSWER);
      return;
    }
    s.guesses++;
    if (!d.save()) {
      d.broken(2);
      return this.refuse(RefusalCode.HARDWARE, this.person);
    }
    const key = this.key();
    let number = s.calls;
    let right: boolean;
    if (this.how === How.TRIP) {
      this.count = parseInt(typed.charAt(0), 10);
      // Of all serials with these last digits the one ahead within reach, else the one behind: that was used, or is too old.
      const ahead = (parseInt(typed.substr(1, 2), 10) - (s.serial % 100) + 100) % 100;
      number = s.serial + (ahead <= TRIP_AHEAD ? ahead : ahead - 100);
      right = this.count > 0 && same(d.natives, tripMac(d.natives, key, number, this.session()), typed.substr(3, 12));
      if (right && number <= s.serial) return this.refuse(RefusalCode.CODE_SPENT, this.person);
    } else right = same(d.natives, offlineAnswer(d.natives, key, number, this.challenge, this.session()), typed);
    if (right) this.open(key, number);
    else this.wrong();
  }

  private wrong(): void {
    const d = this.d;
    d.state.guessed = d.uptime();
    this.refuse(RefusalCode.WRONG_ANSWER, this.person);
    d.watch.code(false);
    this.tries--;
    if (d.state.guesses >= CODE_TRIES) this.lock();
    else if (this.tries > 0 && d.use.alarms === 0) this.ask(this.how === How.TRIP ? Asked.TRIP : Asked.ANSWER);
  }

  /** The code is right: recorded, with which it is spent; then there is a permit, and its use opens. */
  private open(key: Pads, number: number): void {
    const d = this.d;
    const id = offlineId(d.natives, key, this.how, number, this.session());
    if (!this.write(RecordKind.CODE, [id, this.how, number, this.person, this.count, this.document === '' ? undefined : this.document], Level.USE)) return;
    const p = d.state.permit(id) as Permit;
    p.die = this.die;
    p.epoch = d.state.epoch;
    p.means = [this.means];
    p.until = d.uptime() + (this.how === How.TRIP ? TRIP_MS : ANSWER_MS);
    p.closed = 0;
    d.watch.code(true);
    d.send({ in: In.PERSON, person: this.person, means: this.means, offer: offerOf(p), code: 0 });
    d.changed();
  }

  /** Writes a record. False: it could not be, and that was said. */
  private write(kind: number, v: (number | Bytes | undefined)[], level: Level): boolean {
    const d = this.d;
    const seq = d.record(kind, v, level);
    if (seq >= 0) return true;
    if (seq !== FULL) d.broken(d.log.fault);
    this.refuse(seq === FULL ? RefusalCode.LOG_FULL : RefusalCode.HARDWARE, this.person);
    return false;
  }

  /** 0, or the RefusalCode for which no code is taken now. */
  private judge(): number {
    const d = this.d;
    const s = d.state;
    if (d.use.alarms !== 0) return RefusalCode.ALARM_ACTIVE;
    if (d.use.phase !== Phase.IDLE || d.stage > Stage.OFFERED) return RefusalCode.BUSY;
    if (s.guesses >= CODE_TRIES) {
      // A cut came between the last wrong code and the alarm.
      this.lock();
      return RefusalCode.OFFLINE_LOCKED;
    }
    if (waitLeft(s.guesses, s.guessed, d.uptime()) > 0) return RefusalCode.WAIT;
    // Since they showed themselves they may have become nobody.
    const gone = this.means > 0 ? d.people.able(this.person, this.means) || d.people.current(this.person) : 0;
    if (gone !== 0) return gone;
    // What was taken out is due by a time: where that is not known any more, the office must say now that it may still be used.
    const terms = d.custody.terms;
    if (this.how === How.TRIP && terms !== undefined && terms.action === Action.TAKE_OUT && d.clock.now() === 0) return RefusalCode.TIME_UNKNOWN;
    const die = d.parts.tray.diePresent() ? d.parts.die.atRam() : '';
    if (die === '') return s.die.length < 8 ? RefusalCode.WRONG_DIE : RefusalCode.TURN_DIE;
    if (this.die !== '' && die !== this.die) return RefusalCode.TURN_DIE;
    this.die = die;
    return able(d, Policy.PHOTOS);
  }

  /** Too many wrong ones: until the authority clears this alarm. */
  private lock(): void {
    this.d.raise(Alarm.CODE, CODE_TRIES);
  }

  private session(): Bytes {
    const d = this.d;
    return offlineSession({ device: d.identity.deviceId, die: this.die, epoch: d.state.epoch, person: this.person, count: this.count, document: this.document });
  }

  private key(): Pads {
    return offlineKey(this.d.natives, this.d.grants.permit);
  }

  private refuse(code: number, person: number): void {
    this.d.deny(code, undefined, person);
  }
}
