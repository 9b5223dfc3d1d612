/**
 * Packets of the fingerprint reader R503 on its UART, 57600 8N1 (R503 user manual V1.2.2, Hangzhou Grow; the same packets as
 * in adafruit/Adafruit-Fingerprint-Sensor-Library): EF 01 | address 4 | identifier 1 | length 2 | content | checksum 2, where
 * length counts content and checksum and the checksum sums identifier, length and content.
 */
import type { Bytes } from '../../protocol/natives';
import type { Board } from '../board/board';

const HEAD = '\xef\x01\xff\xff\xff\xff';
const ACKNOWLEDGE = 7;
/** ms */
const ANSWER_LIMIT = 1500;
/** Longest answer that is waited for; the rest is noise. */
const LONGEST = 64;

export interface ReaderLink {
  /** One command, one answer: its confirmation code and its content, the code included; code -1: no answer, -2: a garbled one. */
  ask(what: Bytes, then: (code: number, content: Bytes) => void): void;
  /** When the last command was sent, uptime. */
  last(): number;
}

/** Sum of the bytes, 16 bits. */
function sum(bytes: Bytes): number {
  let total = 0;
  for (let i = 0, end = bytes.length; i < end; i++) total += bytes.charCodeAt(i);
  return total & 0xffff;
}

/** @param shortest content, the code included, of an answer to a command with this code (its first byte) that was carried out */
export function createReaderLink(board: Board, shortest: (command: number) => number): ReaderLink {
  let command = 0;
  let heard = '';
  let timer = 0;
  let sent = board.uptime();
  /** Handles the answer to the command under way. */
  let answer: ((code: number, content: Bytes) => void) | undefined;

  function end(code: number, content: Bytes): void {
    const then = answer;
    answer = undefined;
    if (then !== undefined) then(code, content);
  }

  function late(): void {
    end(heard.length > 0 ? -2 : -1, '');
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
    const code = body.charCodeAt(3);
    board.cancel(timer);
    const whole = code !== 0 || length - 2 >= shortest(command);
    // 1: it received our packet damaged.
    if (sum(body) !== check || body.charCodeAt(0) !== ACKNOWLEDGE || !whole || (code === 1 && command !== 0x35)) end(-2, '');
    else end(code, body.substr(3));
  });

  return {
    ask(what: Bytes, then: (code: number, content: Bytes) => void): void {
      const body = '\x01\x00' + String.fromCharCode(what.length + 2) + what;
      const check = sum(body);
      sent = board.uptime();
      heard = '';
      command = what.charCodeAt(0);
      answer = then;
      timer = board.after(ANSWER_LIMIT, late);
      board.reader.write(HEAD + body + String.fromCharCode(check >> 8, check & 255));
    },
    last(): number {
      return sent;
    },
  };
}
