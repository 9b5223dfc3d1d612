/** Sealed messages: `ctr u32 LE | ciphertext | tag 8` (AES-CCM, RFC 3610). SPEC.md, "Channel". */
import { u16le, u32le } from './bytes';
import type { Bytes, Natives } from './natives';

/** First byte of the nonce. */
export const enum Direction {
  TO_DEVICE = 0,
  TO_HOST = 1,
}

/** Bytes a message grows by when sealed. */
export const SEAL_BYTES = 12;

/**
 * The nonce binds what would otherwise be associated data: direction, head of a DATA frame, length of the plain text,
 * session and counter. 13 bytes.
 */
export function nonce(direction: number, length: number, sid: Bytes, ctr: number): Bytes {
  return String.fromCharCode(direction, 36) + u16le(length) + sid + u32le(ctr);
}

export function seal(n: Natives, key: Bytes, direction: number, sid: Bytes, ctr: number, plain: Bytes): Bytes {
  let out = u32le(ctr);
  out += n.ccmSeal(key, nonce(direction, plain.length, sid, ctr), plain);
  return out;
}

/** The plain text of the message that carries exactly this counter, or undefined. */
export function open(n: Natives, key: Bytes, direction: number, sid: Bytes, ctr: number, sealed: Bytes): Bytes | undefined {
  if (sealed.length < SEAL_BYTES || sealed.substr(0, 4) !== u32le(ctr)) return undefined;
  return n.ccmOpen(key, nonce(direction, sealed.length - SEAL_BYTES, sid, ctr), sealed.substr(4));
}
