import { createCipheriv, createDecipheriv, createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { Natives } from '../../protocol/natives';

const raw = (b: string): Buffer => Buffer.from(b, 'latin1');

function crcTable(): Uint32Array {
  const table = new Uint32Array(256);
  for (let i = 0; i < 256; i++) {
    let c = i;
    for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
    table[i] = c >>> 0;
  }
  return table;
}

const TABLE = crcTable();

function crcOf(b: string): number {
  if (typeof crc32 === 'function') return crc32(raw(b));
  let c = 0xffffffff;
  for (let i = 0; i < b.length; i++) c = TABLE[(c ^ b.charCodeAt(i)) & 255]! ^ (c >>> 8);
  return (c ^ 0xffffffff) >>> 0;
}

/** Natives of node:crypto, with random bytes that repeat from run to run. */
export function testNatives(seed: string): Natives {
  let state = seed;
  const sha256 = (data: string): string => createHash('sha256').update(raw(data)).digest().toString('latin1');
  return {
    crc32: crcOf,
    sha256,
    ccmSeal(key, nonce, plain) {
      const c = createCipheriv('aes-128-ccm', raw(key), raw(nonce), { authTagLength: 8 });
      const sealed = Buffer.concat([c.update(raw(plain)), c.final()]);
      return sealed.toString('latin1') + c.getAuthTag().toString('latin1');
    },
    ccmOpen(key, nonce, sealed) {
      if (sealed.length < 8) return undefined;
      const d = createDecipheriv('aes-128-ccm', raw(key), raw(nonce), { authTagLength: 8 });
      d.setAuthTag(raw(sealed.slice(-8)));
      try {
        return Buffer.concat([d.update(raw(sealed.slice(0, -8))), d.final()]).toString('latin1');
      } catch {
        return undefined;
      }
    },
    random(length) {
      let out = '';
      while (out.length < length) {
        state = sha256(state);
        out += state;
      }
      return out.slice(0, length);
    },
  };
}
