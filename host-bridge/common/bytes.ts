/** The edges between protocol's binary strings (one character a byte), Buffers and the text forms used outside. */
import type { Bytes } from '../../protocol/natives';
import { toBuffer, toBytes } from '../natives';

export { toBuffer, toBytes };

/** Lower-case hexadecimal. */
export function hexOf(bytes: Bytes): string {
  return toBuffer(bytes).toString('hex');
}

/** Lower-case hexadecimal of even length to bytes; anything else gives undefined. */
export function bytesOfHex(hex: string): Bytes | undefined {
  if (hex.length % 2 !== 0 || !/^[0-9a-f]*$/.test(hex)) return undefined;
  return toBytes(Buffer.from(hex, 'hex'));
}

/**
 * Canonical base64 (RFC 4648 section 4, padded, no white space) to a Buffer; anything that would not encode back to the
 * same text gives undefined, so that one grant has one text.
 */
export function fromBase64(text: string): Buffer | undefined {
  const data = Buffer.from(text, 'base64');
  return data.toString('base64') === text ? data : undefined;
}
