/**
 * Fingerprint reader R503 (packets: fingerprint-link.ts). No wake line is wired: GenImg is asked again and again, every
 * 300 ms while the ring is lit (a finger is waited for), else once a second. A finger is reported once and again only after the
 * window was empty. One command runs at a time; what is asked for in between (a position to delete, a pairing) takes its turn.
 *
 * A reader is this unit's by its password. Until the unit has one, the first reader that it finds with the factory's is given this unit's
 * password. It has to prove it now and then, and whenever it tells of a match before the finger counts: another may have been put there since.
 *
 * A template never leaves the reader: no command that exports one (UpChar, UpImage) is in this file.
 */
import type { Bytes } from '../../protocol/natives';
import type { Board } from '../board/board';
import type { Reader } from '../core/parts';
import { Enrolled, ReaderFault } from '../core/parts';
import { createReaderLink } from './fingerprint-link';

/** Commands with their parameters. */
const FACTORY = '\0\0\0\0';
const VERIFY = '\x13';
const PASSWORD = '\x12';
const IMAGE = '\x01';
const FEATURES = '\x02';
const MODEL = '\x05';
const STORE = '\x06\x01';
const DELETE = '\x0c';
const EMPTY = '\x0d';
/** In buffer 1, through all 200 positions. */
const SEARCH = '\x04\x01\x00\x00\x00\xc8';
/** AuraLedConfig: 3 on or 4 off, speed, colour (2: blue), times. */
const RING_ON = '\x35\x03\x00\x02\x00';
const RING_OFF = '\x35\x04\x00\x00\x00';

/** ms */
const LIT = 300;
const DARK = 1000;
const LATE = 5000;
const ENROLL_LIMIT = 50000;
/** Failures in a row that are told; so often another reader is told again. */
const FAILURES = 3;
const AGAIN = 8;
/** Looks for a finger, of which each last one asks for a proof instead. */
const PROOF = 10;

export interface WatchedReader extends Reader {
  alive(): boolean;
}

function shortest(command: number): number {
  return command === 0x04 ? 5 : 1;
}

/** An enrolment under way. */
interface Job {
  slot: number;
  /** Features kept so far; at 2 the model is made of them. */
  images: number;
  end: number;
  done: (failed: Enrolled) => void;
}

export function createReader(board: Board): WatchedReader {
  const link = createReaderLink(board, shortest);
  let finger: ((slot: number) => void) | undefined;
  let faulty: ((code: number) => void) | undefined;
  let password = FACTORY;
  let must = true;
  let tried = FACTORY;
  let lit = false;
  /** How the ring stands; undefined: nobody knows. */
  let shown: boolean | undefined;
  let failures = 0;
  /** Passwords refused since one was taken. */
  let refused = 0;
  let verified = false;
  /** The reader that is found may be given the password; and who hears that it was. */
  let claims = false;
  let claimed: (() => void) | undefined;
  /** Position of the finger that counts once the reader has proved itself. */
  let match = -1;
  let looks = 0;
  /** A finger has been reported, or taken, and not yet lifted. */
  let held = false;
  let job: Job | undefined;
  /** What else is to be asked, and who hears whether it was done. */
  let errand = '';
  let errandDone: ((ok: boolean) => void) | undefined;

  function rest(): void {
    board.after(lit ? LIT : DARK, next);
  }

  function endErrand(ok: boolean): void {
    const done = errandDone;
    errand = '';
    errandDone = undefined;
    if (done !== undefined) done(ok);
  }

  function endJob(failed: Enrolled): void {
    const one = job;
    job = undefined;
    if (one !== undefined) one.done(failed);
  }

  function fail(code: ReaderFault): void {
    verified = false;
    shown = undefined;
    // Each counts by itself: a reader that was silent while it was put in place of another is told to be another.
    const told = code === ReaderFault.FOREIGN ? ++refused % AGAIN === FAILURES : ++failures === FAILURES;
    endErrand(false);
    if (told && faulty) faulty(code);
    rest();
  }

  /** One command; its code and content where it was answered properly. */
  function ask(what: Bytes, then: (code: number, content: Bytes) => void): void {
    link.ask(what, function (code: number, content: Bytes): void {
      if (code < 0) {
        fail(code === -1 ? ReaderFault.SILENT : ReaderFault.GARBLED);
        return;
      }
      failures = 0;
      // It has started anew and wants its password again.
      if (code === 0x21) verified = false;
      then(code, content);
    });
  }

  function searched(code: number, content: Bytes): void {
    if (code === 0 || code === 9) held = true;
    if (code === 0) {
      match = (content.charCodeAt(1) << 8) | content.charCodeAt(2);
      // Whoever tells of the match must still be this unit's reader.
      return ask(VERIFY + tried, proved);
    }
    rest();
    if (code === 9 && finger && job === undefined) finger(-1);
  }

  function featured(code: number): void {
    // A poor image: the next one may be better.
    if (code === 0) ask(SEARCH, searched);
    else rest();
  }

  function stored(code: number): void {
    rest();
    endJob(code === 0 ? Enrolled.DONE : Enrolled.FAILED);
  }

  function modelled(code: number): void {
    if (job !== undefined && code === 0) {
      job.images = 2;
      ask(VERIFY + tried, proved);
    } else {
      rest();
      endJob(Enrolled.MISMATCH);
    }
  }

  /** Of the first image: nobody else's, and not one that is here already. */
  function strange(code: number): void {
    const one = job;
    rest();
    if (one === undefined) return;
    if (code === 9) one.images = 1;
    else if (code === 0) endJob(Enrolled.DUPLICATE);
  }

  function learned(code: number): void {
    const one = job;
    if (one === undefined || code !== 0) {
      rest();
      return;
    }
    held = true;
    if (one.images === 0) ask(SEARCH, strange);
    else ask(MODEL, modelled);
  }

  function imaged(code: number): void {
    if (code === 2) held = false;
    if (code !== 0 || held) rest();
    else if (job !== undefined) ask(FEATURES + (job.images === 0 ? '\x01' : '\x02'), learned);
    else ask(FEATURES + '\x01', featured);
  }

  function look(): void {
    looks++;
    if (looks % PROOF === 0) ask(VERIFY + tried, proved);
    else ask(IMAGE, imaged);
  }

  function given(code: number): void {
    const first = claims;
    if (code === 0) {
      tried = password;
      must = true;
      claims = false;
      // It wants it at once.
      verified = false;
      if (first && claimed) claimed();
    }
    endErrand(code === 0);
    next();
  }

  function proved(code: number): void {
    const slot = match;
    const store = job !== undefined && job.images === 2;
    match = -1;
    if (code !== 0) {
      // Not paired yet, or paired and cut before that was remembered.
      if (!must) tried = tried === FACTORY ? password : FACTORY;
      if (store) endJob(Enrolled.FAILED);
      return fail(ReaderFault.FOREIGN);
    }
    verified = true;
    refused = 0;
    if (store) ask(STORE + String.fromCharCode((job as Job).slot >> 8, (job as Job).slot & 255), stored);
    else if (slot >= 0) {
      rest();
      if (finger && job === undefined) finger(slot);
      // With the password itself a cut came before that was remembered.
    } else if (claims) ask(PASSWORD + password, given);
    else next();
  }

  function emptied(code: number): void {
    if (code === 0) ask(PASSWORD + password, given);
    else fail(ReaderFault.FOREIGN);
  }

  function deleted(code: number): void {
    endErrand(code === 0);
    rest();
  }

  function next(): void {
    if (job !== undefined && board.uptime() > job.end) endJob(Enrolled.TIMEOUT);
    if (!verified) ask(VERIFY + tried, proved);
    else if (errand === EMPTY) ask(EMPTY, emptied);
    else if (errand !== '') ask(errand, deleted);
    else if (shown !== lit) {
      shown = lit;
      ask(lit ? RING_ON : RING_OFF, look);
    } else look();
  }

  board.after(200, next);
  return {
    onFinger(call: (slot: number) => void): void {
      finger = call;
    },
    onFault(call: (code: number) => void): void {
      faulty = call;
    },
    secret(wanted: Bytes, always: boolean, own: () => void): void {
      password = wanted;
      must = always;
      claims = !always;
      claimed = own;
      if (always) tried = wanted;
    },
    enroll(slot: number, done: (failed: Enrolled) => void): void {
      // The finger that lies there may be that of the last person who showed themselves.
      held = true;
      job = { slot, images: 0, end: board.uptime() + ENROLL_LIMIT, done };
    },
    cancel(): void {
      job = undefined;
    },
    remove(slot: number, done: (ok: boolean) => void): void {
      endErrand(false);
      errand = DELETE + String.fromCharCode(slot >> 8, slot & 255, 0, 1);
      errandDone = done;
    },
    pair(wanted: Bytes, done: (ok: boolean) => void): void {
      endErrand(false);
      password = wanted;
      // Another reader, put in on purpose, has the factory's; and fingers of its own, perhaps, until it was emptied.
      must = false;
      claims = false;
      if (!verified) tried = FACTORY;
      errand = EMPTY;
      errandDone = done;
    },
    light(on: boolean): void {
      lit = on;
    },
    answers(): boolean {
      return verified;
    },
    alive(): boolean {
      return board.uptime() - link.last() < LATE;
    },
  };
}
