/** The protocol's primitives on Node: node:crypto and zlib. */
import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import * as zlib from 'node:zlib';
import type { Bytes, Natives } from '../protocol/natives';

const TAG_BYTES = 8;

/** CRC-32 as zlib's, for Node before 20.15 and 22.2, which do not offer it. */
export function tableCrc32(data: Buffer): number {
  let crc = 0xffffffff;
  for (const byte of data) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}

const native = (zlib as { crc32?: (data: Buffer) => number }).crc32;

/** Bytes (one character a byte) to a Buffer. */
export function toBuffer(bytes: Bytes): Buffer {
  return Buffer.from(bytes, 'latin1');
}

/** A Buffer to Bytes. */
export function toBytes(buffer: Uint8Array): Bytes {
  return Buffer.from(buffer.buffer, buffer.byteOffset, buffer.byteLength).toString('latin1');
}

export const nodeNatives: Natives = {
  crc32(data) {
    return native ? native(toBuffer(data)) : tableCrc32(toBuffer(data));
  },
  sha256(data) {
    return createHash('sha256').update(data, 'latin1').digest('binary');
  },
  ccmSeal(key, nonce, plain) {
    const cipher = createCipheriv('aes-128-ccm', toBuffer(key), toBuffer(nonce), { authTagLength: TAG_BYTES });
    const text = cipher.update(toBuffer(plain));
    cipher.final();
    return Buffer.concat([text, cipher.getAuthTag()]).toString('latin1');
  },
  ccmOpen(key, nonce, sealed) {
    const bytes = toBuffer(sealed);
    const end = bytes.length - TAG_BYTES;
    if (end < 0) return undefined;
    const decipher = createDecipheriv('aes-128-ccm', toBuffer(key), toBuffer(nonce), { authTagLength: TAG_BYTES });
    decipher.setAuthTag(bytes.subarray(end));
    try {
      // Node checks the tag in update() and shows a wrong one in final(), which throws.
      const plain = decipher.update(bytes.subarray(0, end));
      decipher.final();
      return plain.toString('latin1');
    } catch {
      return undefined;
    }
  },
  random(length) {
    return randomBytes(length).toString('latin1');
  },
};
