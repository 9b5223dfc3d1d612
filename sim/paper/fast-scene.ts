/**
 * Photos for long runs in virtual time: small valid JPEGs written by hand, at once and without the image library. What
 * they show tells sheet, impressions and darkness apart, and nothing else: equal views give equal bytes. Darkness is evenly grey and
 * many pixels wide, so that a byte stands for as many pixels as in a black photo of a real camera.
 */
import { seedOf } from './field';
import type { Scene, View } from './view';

export interface FastSceneOptions {
  /** Bytes of every photo that shows something (a comment segment fills it up); absent: as small as it comes, about 250 bytes. */
  size?: number;
}

/** Blocks of 8 by 8 pixels in the picture's one row: 32 bits of the content's hash, two a block. */
const BLOCKS = 16;
/** Blocks of a dark picture, all alike. */
const DARK_BLOCKS = 512;
/** DC difference categories 0..11 and their counts by code length: ITU-T T.81, table K.3. */
const DC_COUNTS = [0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0];
/** Codes of that table by category, as texts of bits; only small differences occur. */
const DC_CODES = ['00', '010', '011', '100', '101', '110', '1110', '11110'];

/** A scene of tiny photos. */
export function fastScene(options: FastSceneOptions = {}): Scene {
  return { jpeg: (view) => (view.covered ? tinyJpeg('dark', 0, DARK_BLOCKS) : tinyJpeg(contentOf(view), options.size ?? 0, BLOCKS)) };
}

/** What such a photo is about, in words. */
function contentOf(view: View): string {
  return view.page ? `${view.page.id} ${view.page.impressions.length}` : 'empty';
}

function tinyJpeg(content: string, size: number, blocks: number): Buffer {
  const tables = segment(0xdb, Buffer.concat([Buffer.from([0]), Buffer.alloc(64, 1)]));
  const frame = segment(0xc0, Buffer.from([8, 0, 8, (blocks * 8) >> 8, (blocks * 8) & 255, 1, 1, 0x11, 0]));
  const head = Buffer.concat([Buffer.from([0xff, 0xd8]), tables, frame]);
  const dc = Buffer.from([0x00, ...DC_COUNTS, ...Array.from({ length: 12 }, (_, i) => i)]);
  const ac = Buffer.from([0x10, 1, ...new Array<number>(15).fill(0), 0]);
  const tail = Buffer.concat([
    segment(0xfe, Buffer.from(content.slice(0, 200), 'utf8')),
    segment(0xc4, dc),
    segment(0xc4, ac),
    segment(0xda, Buffer.from([1, 1, 0, 0, 63, 0])),
    scan(seedOf(content), blocks),
    Buffer.from([0xff, 0xd9]),
  ]);
  return Buffer.concat([head, filling(size - head.length - tail.length), tail]);
}

/** What such a photo is about, in words: the sheet and the impressions on it, 'empty', 'dark'; undefined: a photo of another kind. */
export function shownIn(jpeg: Buffer): string | undefined {
  for (let at = 2; at + 4 <= jpeg.length && jpeg[at] === 0xff; at += 2 + jpeg.readUInt16BE(at + 2)) {
    const text = jpeg[at + 1] === 0xfe ? jpeg.toString('utf8', at + 4, at + 2 + jpeg.readUInt16BE(at + 2)).trim() : '';
    // Whoever numbers pictures does so in a comment of bytes.
    if (text !== '' && !text.startsWith('\0')) return text;
  }
  return undefined;
}

/** One marker segment: marker, length with its own two bytes, payload (T.81 section B.1.1.4). */
function segment(marker: number, payload: Buffer): Buffer {
  const head = Buffer.from([0xff, marker, 0, 0]);
  head.writeUInt16BE(payload.length + 2, 2);
  return Buffer.concat([head, payload]);
}

/** Comment segments of so many bytes in all; too few for a segment (4): none. */
function filling(length: number): Buffer {
  const parts: Buffer[] = [];
  let left = length;
  while (left >= 4) {
    // Never leave a rest that is too short for a segment of its own.
    const take = left <= 65537 ? left : Math.min(65537, left - 4);
    parts.push(segment(0xfe, Buffer.alloc(take - 4, 0x20)));
    left -= take;
  }
  return Buffer.concat(parts);
}

/** The entropy-coded row: each block one grey, two bits of the hash a block; AC coefficients all zero (EOB is the one-bit code 0). */
function scan(hash: number, blocks: number): Buffer {
  let bits = '';
  let last = 0;
  for (let i = 0; i < blocks; i++) {
    const level = blocks > BLOCKS ? 0 : ((hash >>> (2 * i)) & 3) * 40 - 60;
    const difference = level - last;
    last = level;
    const magnitude = Math.abs(difference);
    const category = magnitude === 0 ? 0 : 32 - Math.clz32(magnitude);
    bits += DC_CODES[category]!;
    if (category > 0) bits += (difference > 0 ? difference : difference + (1 << category) - 1).toString(2).padStart(category, '0');
    bits += '0';
  }
  bits += '1'.repeat((8 - (bits.length % 8)) % 8);
  const out: number[] = [];
  for (let i = 0; i < bits.length; i += 8) {
    const byte = parseInt(bits.slice(i, i + 8), 2);
    out.push(byte);
    if (byte === 0xff) out.push(0);
  }
  return Buffer.from(out);
}
