/**
 * Identity tag in the die holder: a 1-Wire chip (DS2401 class), known by its ROM code: family 1, serial 6, CRC 1. The
 * CRC-8 is x^8+x^5+x^4+1 reflected (Maxim application note 27), here by nibbles because a bit loop would take 40 ms.
 */
import type { Bytes } from '../../protocol/natives';
import type { Board } from '../board/board';

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

/** The tags that answer; a code with a wrong CRC is left out, after one more try. */
export function dieTags(board: Board): Bytes[] {
  let codes = board.dieTags();
  if (!codes.every(sound)) codes = board.dieTags().filter(sound);
  return codes;
}
