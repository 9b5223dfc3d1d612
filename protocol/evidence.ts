/** Evidence records (a hash chain under a ratcheted key) and photo digests. SPEC.md, "Evidence" and "Photo digest". */
import { u32be } from './bytes';
import { cborBytes, CBOR_NULL, cborInt, cborUint } from './cbor';
import type { Pads } from './hash';
import { hmac } from './hash';
import type { Bytes, Natives } from './natives';

export const enum RecordKind {
  BOOT = 1,
  PERMIT = 2,
  OPENED = 3,
  PHOTO = 4,
  INTENT = 5,
  OUTCOME = 6,
  CLOSED = 7,
  REFUSED = 8,
  ALARM = 9,
  CLEARED = 10,
  CLOCK = 11,
  REVOKED = 12,
  GRANTED = 13,
  RECYCLED = 14,
  CEREMONY = 15,
  MAINTENANCE = 16,
  PLACE = 17,
  CODE = 18,
  CHALLENGE = 19,
  UPDATED = 20,
  TOPPED_UP = 21,
}

/** What an UPDATED record tells of an image. */
export const enum Updated {
  CHOSEN = 1,
  PASSED = 2,
  ROLLED_BACK = 3,
}

/** Why maintenance ended, as a MAINTENANCE record says. */
export const enum MaintenanceEnd {
  MESSAGE = 1,
  IDLE = 2,
  DIE = 3,
  /** A record was not written, or the firmware failed. */
  FAULT = 4,
}

/** How a stroke ended. */
export const enum Outcome {
  STAMPED = 1,
  FAILED = 2,
  UNKNOWN = 3,
}

/** How well a stamped stroke was pressed, by contact and current. */
export const enum Grade {
  GOOD = 1,
  LIGHT = 2,
  HEAVY = 3,
}

/** Thirty-two zero bytes: what the first record has for a predecessor, and a photo digest begins with. */
export const ZERO_HASH = '\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0';

/** Bytes of a photo chunk as it is hashed. */
export const CHUNK_BYTES = 1024;

export interface EvidenceRecord {
  /** 8 bytes. */
  device: Bytes;
  seq: number;
  boot: number;
  /** Milliseconds since start. */
  uptime: number;
  /** Trusted time, Unix seconds; undefined when there is none. */
  time: number | undefined;
  /** RecordKind. */
  kind: number;
  /** The data map as encoded by recordData. */
  data: Bytes;
  /** SHA-256 of the previous record's bytes, ZERO_HASH for the first. */
  prev: Bytes;
}

/** One value of a data map: a number becomes an integer, a string a byte string, an object what it holds encoded already. */
export type DataValue = number | Bytes | { cbor: Bytes } | undefined;

/** The data map of a record: the value at index i gets key i + 1, undefined is left out. */
export function recordData(values: DataValue[]): Bytes {
  let out = '';
  let count = 0;
  for (let i = 0; i < values.length; i++) {
    const v = values[i];
    if (v !== undefined) {
      out += cborUint(i + 1) + (typeof v === 'number' ? cborInt(v) : typeof v === 'string' ? cborBytes(v) : v.cbor);
      count++;
    }
  }
  return String.fromCharCode(160 + count) + out;
}

/** What a record says, without its MAC: the bytes the MAC is over. */
export function recordBody(r: EvidenceRecord): Bytes {
  return (
    '\x89\x01' + cborBytes(r.device) + cborUint(r.seq) + cborUint(r.boot) + cborUint(r.uptime) +
    (r.time === undefined ? CBOR_NULL : cborUint(r.time)) + cborUint(r.kind) + r.data + cborBytes(r.prev)
  );
}

/** A record's full bytes: [body bstr, mac bstr(16)]. @param key the evidence key K_seq, made ready by hmacKey */
export function makeRecord(n: Natives, key: Pads, r: EvidenceRecord): Bytes {
  const body = recordBody(r);
  return '\x82' + cborBytes(body) + '\x50' + hmac(n, key, body).substr(0, 16);
}

/** The evidence key of the next record, 32 bytes. The one before must then be forgotten. */
export function ratchet(n: Natives, key: Pads): Bytes {
  return hmac(n, key, 'smartseal/ratchet');
}

/** One step of a photo digest; begin with ZERO_HASH, chunks of CHUNK_BYTES, only the last shorter. */
export function photoStep(n: Natives, digest: Bytes, chunk: Bytes): Bytes {
  return n.sha256(digest + chunk);
}

/** The digest of a photo of `size` bytes all of whose chunks went through photoStep. */
export function photoEnd(n: Natives, digest: Bytes, size: number): Bytes {
  return n.sha256(digest + u32be(size));
}
