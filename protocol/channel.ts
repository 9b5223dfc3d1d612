/**
 * Sealed messages: `ciphertext | tag 8` (AES-CCM, RFC 3610). The counter does not travel: the receiver takes exactly the one
 * it expects, and has it in the nonce. SPEC.md, "Channel".
 */
import { u32le } from './bytes';
import type { Bytes, Natives } from './natives';

/** First byte of the nonce. */
export const enum Direction {
  TO_DEVICE = 0,
  TO_HOST = 1,
}

/** Bytes a message grows by when sealed. */
export const SEAL_BYTES = 8;

/**
 * The nonce binds what would otherwise be associated data: direction, head of a DATA frame, length of the plain text,
 * session and counter. 13 bytes.
 */
export function nonce(direction: number, length: number, sid: Bytes, ctr: number): Bytes {
  return String.fromCharCode(direction, 36, length & 255, length >> 8) + sid + u32le(ctr);
}

export function seal(n: Natives, key: Bytes, direction: number, sid: Bytes, ctr: number, plain: Bytes): Bytes {
  return n.ccmSeal(key, nonce(direction, plain.length, sid, ctr), plain);
}

/** The plain text of the message that was sealed under exactly this counter, or undefined. */
export function open(n: Natives, key: Bytes, direction: number, sid: Bytes, ctr: number, sealed: Bytes): Bytes | undefined {
  return n.ccmOpen(key, nonce(direction, sealed.length - SEAL_BYTES, sid, ctr), sealed);
}
