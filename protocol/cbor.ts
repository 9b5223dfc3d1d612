/**
 * Deterministic CBOR (RFC 8949, section 4.2.1) as far as permits and records need it: writers that return the encoded
 * bytes of one item head or item, and a reader that takes exactly the encoding expected. Text is UTF-8 bytes.
 */
import { u16be, u32be } from './bytes';
import type { Bytes } from './natives';

export const enum Major {
  UINT = 0,
  NINT = 1,
  BYTES = 2,
  TEXT = 3,
  ARRAY = 4,
  MAP = 5,
  TAG = 6,
  SIMPLE = 7,
}

export const CBOR_NULL = '\xf6';
export const CBOR_FALSE = '\xf4';
export const CBOR_TRUE = '\xf5';

/** The head of an item: major type and argument (0..2^53 - 1) in its shortest form. */
export function cborHead(major: number, v: number): Bytes {
  const m = major << 5;
  if (v < 24) return String.fromCharCode(m | v);
  if (v < 256) return String.fromCharCode(m | 24, v);
  if (v < 65536) return String.fromCharCode(m | 25) + u16be(v);
  if (v < 4294967296) return String.fromCharCode(m | 26) + u32be(v);
  return String.fromCharCode(m | 27) + u32be(Math.floor(v / 4294967296)) + u32be(v % 4294967296);
}

export function cborUint(v: number): Bytes {
  return cborHead(0, v);
}

/** An integer of either sign, -2^53..2^53 - 1. */
export function cborInt(v: number): Bytes {
  return v < 0 ? cborHead(1, -1 - v) : cborHead(0, v);
}

export function cborBytes(b: Bytes): Bytes {
  return cborHead(2, b.length) + b;
}

/** @param utf8 the text's UTF-8 bytes */
export function cborText(utf8: Bytes): Bytes {
  return cborHead(3, utf8.length) + utf8;
}

/** Reads items one after the other. After the first fault `ok` is false and every value is 0 or empty. */
export class CborReader {
  ok: boolean;
  at: number;
  /** What is read. */
  b: Bytes;

  constructor(b: Bytes) {
    this.b = b;
    this.at = 0;
    this.ok = true;
  }

  /** Major type of the next item, -1 at the end. */
  peek(): number {
    return this.ok && this.at < this.b.length ? this.b.charCodeAt(this.at) >> 5 : -1;
  }

  /** Takes the head of an item that must have this major type; its argument. Only the shortest form, and no more than 2^53 - 1, is taken. */
  head(major: number): number {
    const b = this.b;
    // Behind the end: not a number, which no comparison takes.
    let v = b.charCodeAt(this.at++) - major * 32;
    if (v >= 0 && v < 24) return this.ok ? v : 0;
    let size = 0;
    let least = 24;
    if (v === 24) size = 1;
    else if (v === 25) {
      size = 2;
      least = 256;
    } else if (v === 26) {
      size = 4;
      least = 65536;
    } else if (v === 27) {
      size = 8;
      least = 4294967296;
    }
    v = 0;
    for (let i = 0; i < size; i++) v = v * 256 + b.charCodeAt(this.at++);
    if (!(v >= least && v < 9007199254740992)) this.ok = false;
    return this.ok ? v : 0;
  }

  /** An unsigned integer. */
  uint(): number {
    return this.head(0);
  }

  /** An unsigned integer no greater than `max`. */
  upTo(max: number): number {
    const v = this.head(0);
    if (v > max) this.ok = false;
    return this.ok ? v : 0;
  }

  /** An integer of either sign. */
  int(): number {
    return this.peek() === 1 ? -1 - this.head(1) : this.head(0);
  }

  /** A byte string of exactly `length`; of any length when that is negative. */
  bytes(length: number): Bytes {
    const size = this.head(2);
    const from = this.at;
    this.at += size;
    if (this.at > this.b.length || (length >= 0 && size !== length)) this.ok = false;
    return this.ok ? this.b.substr(from, size) : '';
  }

  /** Takes a null if there is one. */
  isNull(): boolean {
    if (this.b.charCodeAt(this.at) !== 246 || !this.ok) return false;
    this.at++;
    return true;
  }

  /** Whether all was in order and nothing is left over. */
  done(): boolean {
    return this.ok && this.at === this.b.length;
  }
}

/** A text string as UTF-8 bytes of at most `max`. For hosts: the device reads none. */
export function readText(r: CborReader, max: number): Bytes {
  const size = r.head(3);
  const from = r.at;
  r.at += size;
  if (r.at > r.b.length || size > max) r.ok = false;
  return r.ok ? r.b.substr(from, size) : '';
}
