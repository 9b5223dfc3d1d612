/** HMAC-SHA256 (RFC 2104, FIPS 198-1) with the key's pads made once, and comparison of secrets in constant time. */
import type { Bytes, Natives } from './natives';

/** A key made ready: key XOR ipad and key XOR opad, 64 bytes each. As secret as the key. */
export interface Pads {
  inner: Bytes;
  outer: Bytes;
}

/** Makes a key of any length ready. The only byte loop of the whole link: once a key, about 50 ms on the unit. */
export function hmacKey(n: Natives, key: Bytes): Pads {
  if (key.length > 64) key = n.sha256(key);
  let inner = '';
  let outer = '';
  const padded = key + '\0\0\0';
  const end = key.length;
  for (let i = 0; i < end; i += 4) {
    const a = padded.charCodeAt(i);
    const b = padded.charCodeAt(i + 1);
    const c = padded.charCodeAt(i + 2);
    const d = padded.charCodeAt(i + 3);
    inner += String.fromCharCode(a ^ 54, b ^ 54, c ^ 54, d ^ 54);
    outer += String.fromCharCode(a ^ 92, b ^ 92, c ^ 92, d ^ 92);
  }
  // What zero bytes of the key become: 0x36 is '6', 0x5c is a backslash.
  const six = '6666666666666666';
  const slash = '\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\';
  return {
    inner: (inner + six + six + six + six).substr(0, 64),
    outer: (outer + slash + slash + slash + slash).substr(0, 64),
  };
}

/** HMAC-SHA256, 32 bytes. */
export function hmac(n: Natives, key: Pads, data: Bytes): Bytes {
  return n.sha256(key.outer + n.sha256(key.inner + data));
}

/** Whether two secrets are equal. Both are hashed behind a random prefix, so the time taken tells nothing of where they differ. */
export function same(n: Natives, a: Bytes, b: Bytes): boolean {
  const salt = n.random(8);
  return n.sha256(salt + a) === n.sha256(salt + b);
}
