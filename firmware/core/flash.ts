/** What the stores have in common: erased flash, checksums, writes that are read back. */
import { u32le } from '../../protocol/bytes';
import type { Bytes, Natives } from '../../protocol/natives';
import type { Flash } from '../board/board';

const ROW = '\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff';

/** 64 bytes of erased flash. */
export const BLANK = ROW + ROW + ROW + ROW;

/** Bytes filled up to whole words. */
export function padded(b: Bytes): Bytes {
  return b.length & 3 ? b + BLANK.substr(0, -b.length & 3) : b;
}

/** Bytes with their CRC-32 behind them. */
export function summed(n: Natives, b: Bytes): Bytes {
  return b + u32le(n.crc32(b));
}

/** Whether the last four bytes are the CRC-32 of those before. */
export function sound(n: Natives, b: Bytes): boolean {
  return b === summed(n, b.substr(0, b.length - 4));
}

/** Writes and reads back. False: flash does not hold it. */
export function hold(f: Flash, at: number, bytes: Bytes): boolean {
  f.write(at, bytes);
  return f.read(at, bytes.length) === bytes;
}
