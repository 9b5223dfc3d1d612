/**
 * Bytes as the firmware's interpreter handles them natively: a string with one character a byte (0..255). The host
 * converts at its edges (Buffer 'latin1').
 */
export type Bytes = string;

/** The few primitives that come from outside: the interpreter's own on the device, node:crypto on the host. */
export interface Natives {
  /** CRC-32 (IEEE 802.3, reflected, as zlib), unsigned. */
  crc32(data: Bytes): number;
  /** SHA-256 (FIPS 180-4), 32 bytes. */
  sha256(data: Bytes): Bytes;
  /** AES-CCM (RFC 3610) without associated data: ciphertext | tag. key 16 bytes, nonce 13 bytes, tag 8 bytes. */
  ccmSeal(key: Bytes, nonce: Bytes, plain: Bytes): Bytes;
  /** The plain text, or undefined when the tag is wrong or the input shorter than the tag. */
  ccmOpen(key: Bytes, nonce: Bytes, sealed: Bytes): Bytes | undefined;
  /** Unpredictable bytes. */
  random(length: number): Bytes;
}
