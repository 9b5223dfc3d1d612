/**
 * Evidence records as the host reads them: their form and their hash chain (protocol/SPEC.md, "Evidence"). Whether the
 * device really made one is said by its MAC, which only the register can check.
 */
import { createHash } from 'node:crypto';
import { Decoder } from 'cbor-x';
import { RECORD_MAX } from '../../protocol';

export interface EvidenceRecord {
  /** The record as it came, what is hashed and stored. */
  bytes: Buffer;
  /** Lower-case hexadecimal. */
  device: string;
  seq: number;
  boot: number;
  uptimeMs: number;
  /** Unix seconds, null when the device had no trusted time. */
  time: number | null;
  kind: number;
  /** By the record's small keys: integers, texts, bytes and lists of integers. */
  data: Map<number, unknown>;
  /** SHA-256 of the record before, 32 bytes; zeros for the first. */
  prev: Buffer;
  mac: Buffer;
}

const decoder = new Decoder({ useRecords: false, mapsAsObjects: false, int64AsNumber: true } as ConstructorParameters<typeof Decoder>[0]);

function decode(bytes: Uint8Array): unknown {
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}

/** A record taken apart, or undefined when it does not have the form of one. Never throws. */
export function readRecord(bytes: Buffer): EvidenceRecord | undefined {
  if (bytes.length > RECORD_MAX) return undefined;
  const outer = decode(bytes);
  if (!Array.isArray(outer) || outer.length !== 2) return undefined;
  const [body, mac] = outer as unknown[];
  if (!isBytes(body) || !isBytes(mac, 16)) return undefined;
  const inner = decode(body);
  if (!Array.isArray(inner) || inner.length !== 9) return undefined;
  const [version, device, seq, boot, uptimeMs, time, kind, data, prev] = inner as unknown[];
  if (version !== 1 || !isBytes(device, 8) || !isUint(seq) || !isUint(boot) || !isUint(uptimeMs) || !isUint(kind)) return undefined;
  if ((time !== null && !isUint(time)) || !isData(data) || !isBytes(prev, 32)) return undefined;
  return { bytes, device: Buffer.from(device).toString('hex'), seq, boot, uptimeMs, time, kind, data, prev: Buffer.from(prev), mac: Buffer.from(mac) };
}

/** What the next record's `prev` must be. */
export function hashOfRecord(bytes: Buffer): Buffer {
  return createHash('sha256').update(bytes).digest();
}

/** A byte string of the record's data as lower-case hexadecimal, or undefined. */
export function hexField(record: EvidenceRecord, key: number, length: number): string | undefined {
  const value = record.data.get(key);
  return isBytes(value, length) ? Buffer.from(value).toString('hex') : undefined;
}

/** An unsigned integer of the record's data, or undefined. */
export function uintField(record: EvidenceRecord, key: number): number | undefined {
  const value = record.data.get(key);
  return isUint(value) ? value : undefined;
}

function isBytes(value: unknown, length?: number): value is Uint8Array {
  return value instanceof Uint8Array && (length === undefined || value.length === length);
}

function isUint(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function isData(value: unknown): value is Map<number, unknown> {
  return value instanceof Map && [...value].every(([key, item]) => isUint(key) && (Array.isArray(item) ? item.every(isUint) : isUint(item) || isBytes(item) || typeof item === 'string' || Number.isSafeInteger(item)));
}
