/** Integers in binary strings, and hexadecimal. Offsets and lengths are the caller's affair: reading past the end gives NaN or 0. */
import type { Bytes } from './natives';

export function u16le(v: number): Bytes {
  return String.fromCharCode(v & 255, (v >> 8) & 255);
}

export function u16be(v: number): Bytes {
  return String.fromCharCode((v >> 8) & 255, v & 255);
}

export function u32le(v: number): Bytes {
  return String.fromCharCode(v & 255, (v >> 8) & 255, (v >> 16) & 255, v >>> 24);
}

export function u32be(v: number): Bytes {
  return String.fromCharCode(v >>> 24, (v >> 16) & 255, (v >> 8) & 255, v & 255);
}

export function getU16le(b: Bytes, at: number): number {
  return b.charCodeAt(at) + b.charCodeAt(at + 1) * 256;
}

export function getU16be(b: Bytes, at: number): number {
  return b.charCodeAt(at) * 256 + b.charCodeAt(at + 1);
}

export function getU32le(b: Bytes, at: number): number {
  return getU16le(b, at) + getU16le(b, at + 2) * 65536;
}

export function getU32be(b: Bytes, at: number): number {
  return getU16be(b, at) * 65536 + getU16be(b, at + 2);
}

/** Lower-case hexadecimal. A byte loop: for hosts and tests. */
export function toHex(b: Bytes): string {
  let hex = '';
  for (let i = 0; i < b.length; i++) hex += (b.charCodeAt(i) + 256).toString(16).substr(1);
  return hex;
}

/** The bytes a hexadecimal string names, or undefined when it is none (odd length, other characters). For hosts and tests. */
export function fromHex(hex: string): Bytes | undefined {
  let b = '';
  for (let i = 0; i < hex.length; i += 2) {
    const high = '0123456789abcdef'.indexOf(hex.substr(i, 1).toLowerCase());
    const low = i + 1 < hex.length ? '0123456789abcdef'.indexOf(hex.substr(i + 1, 1).toLowerCase()) : -1;
    if (high < 0 || low < 0) return undefined;
    b += String.fromCharCode(high * 16 + low);
  }
  return b;
}
