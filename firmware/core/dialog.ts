/**
 * The dialogue at the keypad: a number, then a passcode; in a ceremony, a new passcode twice; or whatever else is wanted (want()).
 *
 *     digits  what is asked for           #  done        *  back, and out of the dialogue where nothing is typed
 *     A  the other language               D  the use under way is finished
 *     B  a challenge for the office       C  a trip code
 *
 * Nothing typed is kept longer than it is needed, nor told to a host.
 */
import type { Bytes } from '../../protocol/natives';
import { RefusalCode } from '../../protocol/generated/codec';
import { Offline } from '../../protocol/offline';
import type { Device } from './device';
import { passcodeShown } from './presence';
import { Close, In } from './states';

/** What is asked for. */
export const enum Asked {
  NOTHING = 0,
  PERSON = 1,
  CODE = 2,
  NEW_CODE = 3,
  AGAIN = 4,
  /** For a use without a permit: a passcode, in place of which a finger may be shown; strokes, document, answer; the trip code. */
  PROOF = 5,
  COUNT = 6,
  DOCUMENT = 7,
  ANSWER = 8,
  TRIP = 9,
}

/** Milliseconds without a key after which a dialogue ends. */
const IDLE_MS = 20000;
const CODE_MIN = 6;
/** Digits that are taken, by what is asked for. */
const MOST = [0, 10, 12, 12, 12, 12, 1, 8, 8, 16];

/** Whether a passcode is all one digit, or counts up or down. */
export function plain(code: Bytes): boolean {
  const step = code.charCodeAt(1) - code.charCodeAt(0);
  if (step < -1 || step > 1) return false;
  for (let i = 2; i < code.length; i++) if (code.charCodeAt(i) - code.charCodeAt(i - 1) !== step) return false;
  return true;
}

export class Dialog {
  asked: Asked;
  /** Digits typed so far. */
  digits: Bytes;
  private d: Device;
  private person: number;
  private first: Bytes;
  private chosen: ((code: Bytes) => void) | undefined;
  private timer: number;

  constructor(d: Device) {
    this.d = d;
    this.asked = Asked.NOTHING;
    this.digits = '';
    this.person = 0;
    this.first = '';
    this.chosen = undefined;
    this.timer = -1;
  }

  /** Asks for a new passcode, twice. `done` hears it, or an empty string. */
  choose(person: number, done: (code: Bytes) => void): void {
    this.want(Asked.NEW_CODE, done);
    this.person = person;
  }

  /** Asks for something. `done` hears it, or an empty string. */
  want(what: Asked, done: (typed: Bytes) => void): void {
    this.cancel();
    this.chosen = done;
    this.ask(what);
  }

  /** Ends the dialogue without a word. */
  cancel(): void {
    this.chosen = undefined;
    this.person = 0;
    this.first = '';
    this.ask(Asked.NOTHING);
  }

  key(key: string): void {
    this.d.screen.quiet();
    if (key === 'A') this.d.screen.speak(1 - this.d.state.language);
    else if (key === 'D' && this.asked === Asked.NOTHING) this.d.send({ in: In.CLOSE, reason: Close.FINISHED });
    else if (key === 'C' && this.asked === Asked.NOTHING && this.d.use.offer !== undefined) {
      this.d.aside = this.d.use.offer.id;
      this.d.send({ in: In.CLOSE, reason: Close.ASIDE });
    } else if ((key === 'B' || key === 'C') && this.asked === Asked.NOTHING) this.d.callOffice(key === 'B' ? Offline.ANSWER : Offline.TRIP);
    else if (key === '*') this.back();
    else if (key === '#') this.enter();
    else if (key >= '0' && key <= '9') {
      if (this.asked === Asked.NOTHING) this.ask(Asked.PERSON);
      if (this.digits.length < (MOST[this.asked] as number)) this.digits += key;
      this.rest();
    }
    this.d.changed();
  }

  private back(): void {
    if (this.digits !== '') {
      this.digits = '';
      this.rest();
    } else this.end();
  }

  private enter(): void {
    const typed = this.digits;
    const done = this.chosen;
    if (this.asked === Asked.NOTHING || typed === '') return;
    // Whoever is beyond 32 bits would pass for somebody else.
    if (this.asked === Asked.PERSON && parseInt(typed, 10) > 4294967295) {
      this.cancel();
      this.d.deny(RefusalCode.UNKNOWN_PERSON, undefined, 0);
    } else if (this.asked === Asked.PERSON && done === undefined) {
      this.person = parseInt(typed, 10);
      this.ask(Asked.CODE);
    } else if (this.asked === Asked.CODE) {
      const person = this.person;
      this.cancel();
      passcodeShown(this.d, person, typed);
    } else if (this.asked === Asked.NEW_CODE) {
      if (typed.length < CODE_MIN || plain(typed)) this.weak();
      else {
        this.first = typed;
        this.ask(Asked.AGAIN);
      }
    } else if (this.asked === Asked.AGAIN && typed !== this.first) this.weak();
    else {
      this.cancel();
      if (done !== undefined) done(typed);
    }
  }

  /** Too short, too plain, or not the same again: once more from the start. */
  private weak(): void {
    this.d.deny(RefusalCode.WEAK_CODE, undefined, this.person);
    this.first = '';
    this.ask(Asked.NEW_CODE);
  }

  private end(): void {
    const done = this.chosen;
    this.cancel();
    if (done !== undefined) done('');
  }

  private ask(what: Asked): void {
    this.asked = what;
    this.digits = '';
    this.rest();
    this.d.changed();
  }

  private rest(): void {
    if (this.timer >= 0) this.d.board.cancel(this.timer);
    this.timer = -1;
    if (this.asked === Asked.NOTHING) return;
    const call = this.d.offline;
    // A challenge stands for its own time, whatever is typed.
    this.timer = this.d.board.after(this.asked === Asked.ANSWER && call !== undefined ? call.left() : IDLE_MS, () => {
      this.timer = -1;
      this.end();
    });
  }
}
