/** SHA-256 (FIPS 180-4) as the desk's rooms use it. */
import { createHash } from 'node:crypto';

export function sha256(data: Buffer | string): Buffer {
  return createHash('sha256').update(data).digest();
}
