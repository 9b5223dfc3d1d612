/**
 * Reads records as an auditor would who has the first evidence key and protocol/SPEC.md section 9, and nothing of the
 * firmware: CBOR by cbor-x, hashes by node:crypto.
 */
import { createHash, createHmac } from 'node:crypto';
import { Decoder } from 'cbor-x';
import type { Written } from './facts';

const decoder = new Decoder({ mapsAsObjects: false });

export function sha256(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest();
}

/** Digest of a photo, SPEC.md section 10, hex. */
export function photoDigest(photo: Buffer): string {
  let digest: Buffer = Buffer.alloc(32);
  for (let at = 0; at < photo.length; at += 1024) digest = createHash('sha256').update(digest).update(photo.subarray(at, at + 1024)).digest();
  const size = Buffer.alloc(4);
  size.writeUInt32BE(photo.length);
  return createHash('sha256').update(digest).update(size).digest('hex');
}

/** The ratchet of one device's evidence keys, and the chain of its records. */
export class ChainReader {
  next = 0;
  /** Key of the record that comes next. */
  key: Buffer;
  private prev: Buffer = Buffer.alloc(32);

  constructor(private readonly device: Buffer, firstKey: Buffer) {
    this.key = firstKey;
  }

  /** Reads the record that is to come next. Text: what is wrong with it. */
  read(bytes: Buffer, at: number): Written | string {
    const outer = decode(bytes);
    if (!Array.isArray(outer) || outer.length !== 2) return 'not a record';
    const [body, mac] = outer as [Buffer, Buffer];
    if (!createHmac('sha256', this.key).update(body).digest().subarray(0, 16).equals(mac)) return `its MAC is not that of key ${this.next}`;
    const v = decode(body) as [number, Buffer, number, number, number, number | null, number, Map<number, unknown>, Buffer] | undefined;
    if (!Array.isArray(v) || v.length !== 9 || v[0] !== 1 || !this.device.equals(v[1])) return 'its head is wrong';
    if (v[2] !== this.next) return `it is numbered ${v[2]} where ${this.next} is due`;
    if (!this.prev.equals(v[8])) return 'it does not continue the chain';
    this.prev = sha256(bytes);
    this.key = createHmac('sha256', this.key).update('smartseal/ratchet').digest();
    this.next++;
    return { at, seq: v[2], boot: v[3], uptime: Number(v[4]), time: v[5], kind: v[6], data: v[7], bytes };
  }
}

function decode(bytes: Buffer): unknown {
  try {
    return decoder.decode(bytes) as unknown;
  } catch {
    return undefined;
  }
}
