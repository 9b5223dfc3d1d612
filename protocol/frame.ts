/**
 * Frames: COBS (Cheshire and Baker, "Consistent Overhead Byte Stuffing", IEEE/ACM Transactions on Networking 7(2), 1999)
 * around `head | seq | ack | flags | body | CRC-32 LE`, ended by 0x00. SPEC.md, "Frame".
 */
import { u32le } from './bytes';
import type { Bytes, Natives } from './natives';

export const enum FrameType {
  HELLO = 1,
  CHALLENGE = 2,
  PROVE = 3,
  DATA = 4,
  ACK = 5,
  LOG = 6,
  ATTENTION = 7,
}

export const enum Flag {
  FIRST = 1,
  LAST = 2,
  /** On an ACK: the receiver answers with an ACK of its own, or with ATTENTION when it has no session. */
  PROBE = 4,
  /** On an ACK: frames behind the one that is expected have come, so it is lost, and they were not kept. */
  GAP = 8,
}

/** Smallest and largest frame on the wire that may be negotiated, delimiter included. */
export const FRAME_MIN = 128;
export const FRAME_LIMIT = 2048;

/** Body bytes that fit into a frame of so many wire bytes: less delimiter, one COBS byte per 254, four bytes ahead, four of CRC. */
export function bodyMax(frameMax: number): number {
  return frameMax - 9 - Math.floor((frameMax + 253) / 255);
}

/**
 * COBS without the delimiter; a last block of 254 bytes is not followed by an empty one. By indexOf, which walks a string
 * once: split() begins anew at each byte (2 KB: 70 ms on the unit), and holds the string twice.
 */
export function cobsEncode(raw: Bytes): Bytes {
  const end = raw.length;
  let out = '';
  let from = 0;
  let zero = raw.indexOf('\0');
  // The common small frame, for which all that follows is as much work again.
  if (zero < 0 && end < 254) return String.fromCharCode(end + 1) + raw;
  for (;;) {
    const stop = zero < 0 ? end : zero;
    let at = from;
    for (; stop - at > 253; at += 254) {
      out += '\xff';
      out += raw.substr(at, 254);
    }
    if (zero >= 0 || at < stop || at === from) {
      out += String.fromCharCode(stop - at + 1);
      out += raw.substr(at, stop - at);
    }
    if (zero < 0) return out;
    from = zero + 1;
    zero = raw.indexOf('\0', from);
  }
}

/** The bytes behind a COBS string without delimiter; undefined when it holds a zero or a block runs past its end. */
export function cobsDecode(b: Bytes): Bytes | undefined {
  const end = b.length;
  if (end < 255 && b.charCodeAt(0) === end) return b.substr(1);
  let out = '';
  let at = 0;
  while (at < end) {
    const code = b.charCodeAt(at);
    if (!code) return undefined;
    out += b.substr(at + 1, code - 1);
    at += code;
    if (code < 255 && at < end) out += '\0';
  }
  return at === end ? out : undefined;
}

/** What stands before a frame's body. */
export function frameHead(type: number, seq: number, ack: number, flags: number): Bytes {
  return String.fromCharCode(32 | type, seq, ack, flags);
}

/** A frame as it goes on the wire, from head and body. += appends where the string stands; + would hold 2 KB twice. */
export function closeFrame(n: Natives, raw: Bytes): Bytes {
  raw += u32le(n.crc32(raw));
  let out = cobsEncode(raw);
  out += '\0';
  return out;
}

/** One frame as it goes on the wire, delimiter included. */
export function encodeFrame(n: Natives, type: number, seq: number, ack: number, flags: number, body: Bytes): Bytes {
  return closeFrame(n, frameHead(type, seq, ack, flags) + body);
}

/** Receives each frame that arrived whole. */
export type OnFrame = (type: number, seq: number, ack: number, flags: number, body: Bytes) => void;

/** Cuts a byte stream into frames. Holds at most `limit` bytes, and is in step again at the next delimiter after any damage. */
export class FrameReader {
  /** Frames handed on. */
  good: number;
  /** Pieces thrown away: too long, not COBS, wrong CRC, other version. */
  bad: number;
  private n: Natives;
  private limit: number;
  private onFrame: OnFrame;
  /** Bytes waiting for their delimiter: always fewer than `limit`. */
  rest: Bytes;
  private lost: boolean;

  /** @param limit largest frame on the wire, delimiter included */
  constructor(n: Natives, limit: number, onFrame: OnFrame) {
    this.n = n;
    this.limit = limit;
    this.onFrame = onFrame;
    this.rest = '';
    this.lost = false;
    this.good = 0;
    this.bad = 0;
  }

  push(chunk: Bytes): void {
    const end = chunk.length;
    for (let from = 0; from < end; ) {
      // indexOf, not split: that takes twice as long here, and makes an array.
      let zero = chunk.indexOf('\0', from);
      if (zero < 0) zero = end;
      this.rest += chunk.substr(from, zero - from);
      if (this.rest.length >= this.limit) {
        this.lost = true;
        this.rest = '';
      }
      if (zero < end) {
        const whole = this.rest;
        this.rest = '';
        if (this.lost || whole.length) this.take(this.lost ? '' : whole);
        this.lost = false;
      }
      from = zero + 1;
    }
  }

  private take(whole: Bytes): void {
    const raw = cobsDecode(whole);
    const first = raw === undefined ? 0 : raw.charCodeAt(0);
    // The CRC over data and its own CRC is a constant (residue), so the four bytes are never put together.
    if (raw === undefined || raw.length < 8 || first >> 5 !== 1 || this.n.crc32(raw) !== 0x2144df1c) {
      this.bad++;
      return;
    }
    this.good++;
    this.onFrame(first & 31, raw.charCodeAt(1), raw.charCodeAt(2), raw.charCodeAt(3), raw.substr(4, raw.length - 8));
  }
}
