/**
 * Evidence records as the register reads them (SPEC.md "Evidence record"): [body, mac], body a deterministic CBOR array,
 * MAC under a key that is ratcheted with every record, each record naming the hash of the one before.
 */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { decodeCbor, type Cbor } from '../cbor';

export const enum RecordKind {
  boot = 1,
  permit = 2,
  opened = 3,
  photo = 4,
  intent = 5,
  outcome = 6,
  closed = 7,
  refused = 8,
  alarm = 9,
  cleared = 10,
  clock = 11,
  revoked = 12,
  granted = 13,
  recycled = 14,
  ceremony = 15,
  code = 18,
  challenge = 19,
  toppedUp = 21,
}

const kindNames: Readonly<Record<number, string>> = {
  1: 'boot', 2: 'permit', 3: 'opened', 4: 'photo', 5: 'intent', 6: 'outcome', 7: 'closed', 8: 'refused', 9: 'alarm',
  10: 'cleared', 11: 'clock', 12: 'revoked', 13: 'granted', 14: 'recycled', 15: 'ceremony', 16: 'maintenance', 17: 'place', 18: 'code', 19: 'challenge', 20: 'updated', 21: 'topped_up',
};

export function kindName(kind: number): string {
  return kindNames[kind] ?? `kind ${kind}`;
}

/** Longest record that is read, in bytes (the .proto's bound). */
export const maxRecord = 512;

export interface EvidenceRecord {
  bytes: Buffer;
  body: Buffer;
  mac: Buffer;
  device: string;
  seq: number;
  boot: number;
  uptimeMs: number;
  /** Trusted time in Unix seconds, or null when the device had none. */
  time: number | null;
  kind: number;
  data: Map<number, Cbor>;
  prev: Buffer;
}

/** Takes a record apart; undefined when it is not one. Unknown kinds and keys are kept. */
export function parseRecord(bytes: Buffer): EvidenceRecord | undefined {
  if (bytes.length > maxRecord) return undefined;
  const outer = decodeCbor(bytes);
  if (!Array.isArray(outer) || outer.length !== 2) return undefined;
  const [body, mac] = outer;
  if (!Buffer.isBuffer(body) || !Buffer.isBuffer(mac) || mac.length !== 16) return undefined;
  const inner = decodeCbor(body);
  if (!Array.isArray(inner) || inner.length !== 9 || inner[0] !== 1) return undefined;
  const [, device, seq, boot, uptimeMs, time, kind, data, prev] = inner;
  if (!Buffer.isBuffer(device) || device.length !== 8 || !Buffer.isBuffer(prev) || prev.length !== 32) return undefined;
  if (!isCount(seq) || !isCount(boot) || !isCount(uptimeMs) || !isCount(kind) || !(time === null || isCount(time))) return undefined;
  if (!(data instanceof Map) || [...data.keys()].some((key) => typeof key !== 'number')) return undefined;
  return { bytes, body, mac, device: device.toString('hex'), seq, boot, uptimeMs, time, kind, data: data as Map<number, Cbor>, prev };
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

/** Fields of a record's data in the form they are asked for, undefined when absent or of another type. */
export function bytesAt(record: EvidenceRecord, key: number): string | undefined {
  const value = record.data.get(key);
  return Buffer.isBuffer(value) ? value.toString('hex') : undefined;
}

export function countAt(record: EvidenceRecord, key: number): number | undefined {
  const value = record.data.get(key);
  return isCount(value) ? value : undefined;
}

export function recordHash(bytes: Buffer): Buffer {
  return createHash('sha256').update(bytes).digest();
}

export function macIsRight(record: EvidenceRecord, key: Buffer): boolean {
  const mac = createHmac('sha256', key).update(record.body).digest().subarray(0, 16);
  return timingSafeEqual(mac, record.mac);
}

/** K_{s+1} = HMAC(K_s, "smartseal/ratchet"). */
export function ratchet(key: Buffer): Buffer {
  return createHmac('sha256', key).update('smartseal/ratchet').digest();
}

/** Bytes hashed at a time into a photo's digest. */
export const photoChunk = 1024;

/** Digest of a photo: D_0 = 0; D_{i+1} = SHA-256(D_i | chunk_i); SHA-256(D_n | size as u32 BE). */
export function photoDigest(photo: Buffer): Buffer {
  let digest: Buffer = Buffer.alloc(32);
  for (let at = 0; at < photo.length; at += photoChunk) {
    digest = createHash('sha256').update(digest).update(photo.subarray(at, at + photoChunk)).digest();
  }
  const size = Buffer.alloc(4);
  size.writeUInt32BE(photo.length);
  return createHash('sha256').update(digest).update(size).digest();
}
