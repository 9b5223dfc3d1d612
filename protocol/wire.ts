/** What the generated codec is made of: protobuf's wire format (protobuf.dev, "Encoding") on binary strings. */
import type { Bytes } from './natives';

/** A base 128 varint of an integer below 2^53. */
export function varint(v: number): Bytes {
  let out = '';
  while (v > 127) {
    out += String.fromCharCode((v % 128) + 128);
    v = Math.floor(v / 128);
  }
  return out + String.fromCharCode(v);
}

/** A number field, left out when 0. */
export function num(key: Bytes, v: number): Bytes {
  return v ? key + varint(v) : '';
}

/** A bytes or string field that is there even when empty (an element of a repeated field). */
export function item(key: Bytes, v: Bytes): Bytes {
  return key + varint(v.length) + v;
}

/** A bytes or string field, left out when empty. */
export function str(key: Bytes, v: Bytes): Bytes {
  return v.length ? item(key, v) : '';
}

/** Walks over the fields of a message. */
export class WireReader {
  /** Key of the field read last: number * 8 + wire type. -1: malformed. */
  key: number;
  /** Its value when a varint: exact modulo 2^32, and 0 only when all 64 bits are. */
  num: number;
  /** Its value when length-delimited. */
  str: Bytes;
  private b: Bytes;
  private at: number;
  private end: number;

  constructor(b: Bytes) {
    this.b = b;
    this.at = 0;
    this.end = b.length;
    this.key = 0;
    this.num = 0;
    this.str = '';
  }

  /** Reads the next field. False at the end, and when malformed; `key` tells which. */
  next(): boolean {
    if (this.at >= this.end) return false;
    const key = this.varint();
    const kind = key & 7;
    if (kind === 0) this.num = this.varint();
    else if (kind === 2) {
      const length = this.varint();
      this.str = this.b.substr(this.at, length);
      this.at += length;
    } else if (kind === 1) this.at += 8;
    else if (kind === 5) this.at += 4;
    else this.at = this.end + 1;
    // Field number 0, a number beyond 2^29 - 1, a group, a value cut short.
    this.key = this.at > this.end || key < 8 || key > 4294967295 ? -1 : key;
    return this.key > 0;
  }

  private varint(): number {
    let c = this.b.charCodeAt(this.at++);
    let v = c & 127;
    let unit = 128;
    while (c > 127) {
      c = this.b.charCodeAt(this.at++);
      if (unit < 34359738368) v += (c & 127) * unit;
      else if (c & 127) v += 34359738368; // bits 35 and up: only that there are some matters
      unit *= 128;
      if (unit > 1e22) this.at = this.end + 1; // an 11th byte
      if (this.at > this.end) return 0;
    }
    return v;
  }
}
