/** Reading and checking evidence records. For hosts: the device only makes them. SPEC.md, "Evidence". */
import { CborReader, Major, readText } from './cbor';
import type { EvidenceRecord } from './evidence';
import { ZERO_HASH } from './evidence';
import type { Pads } from './hash';
import { hmac, same } from './hash';
import type { Bytes, Natives } from './natives';

/** Largest record, bytes. */
export const RECORD_MAX = 512;

/** A value of a data map: integers, byte strings, text (UTF-8 bytes) and arrays of integers. */
export type ReadValue = number | Bytes | number[];

/** A record taken apart. */
export interface ReadRecord extends EvidenceRecord {
  /** The bytes the MAC is over. */
  body: Bytes;
  mac: Bytes;
  /** The data map, by its keys. */
  values: { [key: number]: ReadValue };
}

function readValue(r: CborReader): ReadValue {
  const major = r.peek();
  if (major === Major.UINT || major === Major.NINT) return r.int();
  if (major === Major.BYTES) return r.bytes(-1);
  if (major === Major.TEXT) return readText(r, RECORD_MAX);
  const count = r.head(Major.ARRAY);
  const list: number[] = [];
  for (let i = 0; i < count && r.ok; i++) list.push(r.int());
  return list;
}

/** Takes a record apart; undefined when it is not in the one encoding. Its MAC and its place in the chain are not judged. */
export function readRecord(bytes: Bytes): ReadRecord | undefined {
  if (bytes.length > RECORD_MAX) return undefined;
  const outer = new CborReader(bytes);
  if (outer.head(Major.ARRAY) !== 2) return undefined;
  const body = outer.bytes(-1);
  const mac = outer.bytes(16);
  if (!outer.done()) return undefined;
  const r = new CborReader(body);
  if (r.head(Major.ARRAY) !== 9 || r.uint() !== 1) return undefined;
  const device = r.bytes(8);
  const seq = r.upTo(4294967295);
  const boot = r.upTo(4294967295);
  const uptime = r.uint();
  const time = r.isNull() ? undefined : r.upTo(4294967295);
  const kind = r.upTo(255);
  const from = r.at;
  const count = r.head(Major.MAP);
  const values: { [key: number]: ReadValue } = {};
  let before = 0;
  for (let i = 0; i < count && r.ok; i++) {
    const key = r.upTo(23);
    if (key <= before) return undefined;
    before = key;
    values[key] = readValue(r);
  }
  const data = body.substring(from, r.at);
  const prev = r.bytes(32);
  if (!r.done()) return undefined;
  return { device, seq, boot, uptime, time, kind, data, prev, body, mac, values };
}

/** Whether the record's MAC is right. @param key the evidence key K_seq, made ready */
export function recordAuthentic(n: Natives, key: Pads, record: ReadRecord): boolean {
  return same(n, hmac(n, key, record.body).substr(0, 16), record.mac);
}

/** Whether `record` follows the record whose bytes are `previous` (undefined: it is the first). Needs no key. */
export function recordFollows(n: Natives, previous: Bytes | undefined, record: ReadRecord): boolean {
  if (previous === undefined) return record.seq === 0 && record.prev === ZERO_HASH;
  const before = readRecord(previous);
  return !!before && before.device === record.device && before.seq + 1 === record.seq && record.prev === n.sha256(previous);
}
