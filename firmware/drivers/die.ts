/**
 * Identity tags of the dies: a 1-Wire chip (DS2401 class) in each, known by its ROM code: family 1, serial 6, CRC 1. All hang on one
 * line; where a unit has several dies, an output of the expander lets only the one under the ram answer (HARDWARE.md). A unit
 * with one die has nothing there, and both answers are the same. The
 * CRC-8 is x^8+x^5+x^4+1 reflected (Maxim application note 27), here by nibbles because a bit loop would take 40 ms.
 */
import type { Bytes } from '../../protocol/natives';
import type { Board } from '../board/board';
import type { Switches } from './expander';

/** CRC of the low nibbles 0x00..0x0F. */
const LOW = '\x00\x5e\xbc\xe2\x61\x3f\xdd\x83\xc2\x9c\x7e\x20\xa3\xfd\x1f\x41';
/** CRC of the high nibbles 0x00, 0x10 .. 0xF0. */
const HIGH = '\x00\x9d\x23\xbe\x46\xdb\x65\xf8\x8c\x11\xaf\x32\xca\x57\xe9\x74';

function sound(code: Bytes): boolean {
  let crc = 0;
  let any = 0;
  for (let i = 0; i < 8; i++) {
    const byte = code.charCodeAt(i);
    any |= byte;
    crc ^= byte;
    crc = LOW.charCodeAt(crc & 15) ^ HIGH.charCodeAt(crc >> 4);
  }
  // A shorted bus reads as zeros, whose CRC is right.
  return crc === 0 && any !== 0;
}

export interface DieTags {
  /** All that answer. */
  tags(): Bytes[];
  /** The one under the ram; empty: none there, between two, or not to be told. */
  atRam(): Bytes;
}

export function createDie(board: Board, switches: Switches): DieTags {
  /** A code with a wrong CRC is left out, after one more try. */
  function tags(): Bytes[] {
    const codes = board.dieTags();
    return codes.every(sound) ? codes : board.dieTags().filter(sound);
  }

  return {
    tags,
    atRam(): Bytes {
      switches.ram(true);
      const codes = tags();
      // Whether the line was chosen at all: the reading holds the expander's outputs against what was set.
      const chosen = switches.read() >= 0;
      switches.ram(false);
      return chosen && codes.length === 1 ? (codes[0] as Bytes) : '';
    },
  };
}
