/**
 * Fingerprint reader R503 on its UART, 57600 8N1 (R503 user manual V1.2.2, Hangzhou Grow; the same packets as in
 * adafruit/Adafruit-Fingerprint-Sensor-Library): EF 01 | address 4 | identifier 1 | length 2 | content | checksum 2, where
 * length counts content and checksum and the checksum sums identifier, length and content.
 *
 * No wake line is wired: GenImg is asked again and again, every 300 ms while the ring is lit (a finger is waited for), else
 * once a second. A finger is reported once and again only after the window was empty.
 */
import type { Bytes } from '../../protocol/natives';
import type { Board } from '../board/board';
import type { Reader } from '../core/parts';

const HEAD = '\xef\x01\xff\xff\xff\xff';
const ACKNOWLEDGE = 7;

/** Commands with their parameters. */
const VERIFY = '\x13\x00\x00\x00\x00';
const IMAGE = '\x01';
const FEATURES = '\x02\x01';
/** In buffer 1, through all 200 positions. */
const SEARCH = '\x04\x01\x00\x00\x00\xc8';
/** AuraLedConfig: 3 on or 4 off, speed, colour (2: blue), times. */
const RING_ON = '\x35\x03\x00\x02\x00';
const RING_OFF = '\x35\x04\x00\x00\x00';

/** ms */
const ANSWER_LIMIT = 1500;
const LIT = 300;
const DARK = 1000;
const LATE = 5000;
/** Failures in a row that are told. */
const FAILURES = 3;
/** Longest answer that is waited for; the rest is noise. */
const LONGEST = 64;

/** Why onFault is called. */
export const enum ReaderFault {
  /** No answer. */
  SILENT = 1,
  /** Answers with a wrong checksum, or bytes that are no packets. */
  GARBLED = 2,
  /** It refuses its password, or a command that it must know: another module. */
  FOREIGN = 3,
}

export interface WatchedReader extends Reader {
  alive(): boolean;
}

/** Sum of the bytes, 16 bits. */
function sum(bytes: Bytes): number {
  let total = 0;
  for (let i = 0, end = bytes.length; i < end; i++) total += bytes.charCodeAt(i);
  return total & 0xffff;
}

export function createReader(board: Board): WatchedReader {
  let finger: ((slot: number, score: number) => void) | undefined;
  let faulty: ((code: number) => void) | undefined;
  let lit = false;
  /** How the ring stands; undefined: nobody knows. */
  let shown: boolean | undefined;
  let command = '';
  let heard = '';
  let timer = 0;
  let last = board.uptime();
  let failures = 0;
  let verified = false;
  /** A finger has been reported and not yet lifted. */
  let held = false;
  /** Handles the answer to the command under way. */
  let answer: ((code: number, content: Bytes) => void) | undefined;

  function rest(): void {
    timer = board.after(lit ? LIT : DARK, next);
  }

  function fail(code: ReaderFault): void {
    answer = undefined;
    verified = false;
    shown = undefined;
    failures++;
    if (failures === FAILURES && faulty) faulty(code);
    rest();
  }

  function late(): void {
    fail(heard.length > 0 ? ReaderFault.GARBLED : ReaderFault.SILENT);
  }

  function ask(what: Bytes, then: (code: number, content: Bytes) => void): void {
    const body = '\x01\x00' + String.fromCharCode(what.length + 2) + what;
    const check = sum(body);
    last = board.uptime();
    heard = '';
    command = what;
    answer = then;
    timer = board.after(ANSWER_LIMIT, late);
    board.reader.write(HEAD + body + String.fromCharCode(check >> 8, check & 255));
  }

  function searched(code: number, content: Bytes): void {
    if (code !== 0 && code !== 9) {
      rest();
      return;
    }
    held = true;
    rest();
    if (!finger) return;
    if (code === 9) finger(-1, 0);
    else finger((content.charCodeAt(1) << 8) | content.charCodeAt(2), (content.charCodeAt(3) << 8) | content.charCodeAt(4));
  }

  function featured(code: number): void {
    // A poor image: the next one may be better.
    if (code === 0) ask(SEARCH, searched);
    else rest();
  }

  function imaged(code: number): void {
    if (code === 2) held = false;
    if (code === 0 && !held) ask(FEATURES, featured);
    else rest();
  }

  function look(): void {
    ask(IMAGE, imaged);
  }

  function proved(code: number): void {
    if (code !== 0) {
      fail(ReaderFault.FOREIGN);
      return;
    }
    verified = true;
    next();
  }

  function next(): void {
    if (!verified) ask(VERIFY, proved);
    else if (shown !== lit) {
      shown = lit;
      ask(lit ? RING_ON : RING_OFF, look);
    } else look();
  }

  board.reader.onBytes(function (bytes: Bytes): void {
    if (answer === undefined) return;
    heard += bytes;
    const at = heard.indexOf(HEAD);
    if (at < 0) {
      if (heard.length > LONGEST) heard = heard.substr(heard.length - HEAD.length);
      return;
    }
    if (at > 0) heard = heard.substr(at);
    if (heard.length < 12) return;
    const length = (heard.charCodeAt(7) << 8) | heard.charCodeAt(8);
    if (length < 3 || length > LONGEST) {
      // Not a packet: look on behind it.
      heard = heard.substr(1);
      return;
    }
    if (heard.length < 9 + length) return;
    const body = heard.substr(6, length + 1);
    const check = (heard.charCodeAt(7 + length) << 8) | heard.charCodeAt(8 + length);
    board.cancel(timer);
    const then = answer;
    answer = undefined;
    if (sum(body) !== check || body.charCodeAt(0) !== ACKNOWLEDGE || (command === SEARCH && length < 7)) {
      fail(ReaderFault.GARBLED);
      return;
    }
    const code = body.charCodeAt(3);
    // 1: it received our packet damaged.
    if (code === 1 && command.charCodeAt(0) !== 0x35) {
      fail(ReaderFault.GARBLED);
      return;
    }
    // A refused password is a failure of its own.
    if (command !== VERIFY || code === 0) failures = 0;
    // It has started anew and wants its password again.
    if (code === 0x21) verified = false;
    then(code, body.substr(3));
  });

  timer = board.after(200, next);
  return {
    onFinger(call: (slot: number, score: number) => void): void {
      finger = call;
    },
    onFault(call: (code: number) => void): void {
      faulty = call;
    },
    light(on: boolean): void {
      lit = on;
    },
    alive(): boolean {
      return board.uptime() - last < LATE;
    },
  };
}
