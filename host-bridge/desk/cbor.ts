/**
 * CBOR items that are hashed, signed or compared: core deterministic encoding (RFC 8949 §4.2.1: shortest integers,
 * definite lengths, map keys in bytewise order of their encodings) and a reader that takes nothing else.
 */
import { Decoder, Encoder, Tag } from 'cbor-x';

/** What a deterministic item may hold: integers (no fractions), text, bytes, null, booleans, arrays, maps and one tag. */
export type Cbor = number | bigint | string | Buffer | null | boolean | Cbor[] | CborMap | Tag;
export type CborMap = Map<number | string, Cbor>;

const options = { useRecords: false, mapsAsObjects: false, tagUint8Array: false, variableMapSize: true, structuredClone: false } as const;
const encoder = new Encoder(options);
const decoder = new Decoder({ ...options, int64AsNumber: true } as ConstructorParameters<typeof Decoder>[0]);

/** Half of a pair of UTF-16: the encoder would write it as bytes that are no UTF-8, which nobody reads again (RFC 8949 §3.1). */
const HALF = /\p{Surrogate}/gu;

/** Puts maps in order and integers in the width the encoder chooses rightly; halves of characters become U+FFFD, as in every UTF-8 encoder and in the tables. Throws on fractions and unsafe integers. */
function ordered(value: Cbor): unknown {
  if (typeof value === 'string') return value.replace(HALF, '\ufffd');
  if (typeof value === 'number') {
    if (!Number.isSafeInteger(value)) throw new TypeError('only safe integers have a deterministic encoding here');
    return Math.abs(value) > 0x7fffffff && value >>> 0 !== value ? BigInt(value) : value;
  }
  // One of another realm, as a database's driver may hand out, would be written at indefinite length.
  if (Array.isArray(value)) return Array.from(value, (one) => ordered(one));
  if (value instanceof Map) {
    const entries = [...value].map(([key, item]) => ({ key, bytes: encodeCbor(key), item: ordered(item) }));
    entries.sort((a, b) => Buffer.compare(a.bytes, b.bytes));
    return new Map(entries.map((entry) => [entry.key, entry.item]));
  }
  if (value instanceof Tag) return new Tag(ordered(value.value as Cbor), value.tag);
  return value;
}

/** The one deterministic encoding of a value. */
export function encodeCbor(value: Cbor): Buffer {
  return Buffer.from(encoder.encode(ordered(value)));
}

/** The value of a deterministic item, or undefined when the bytes are malformed or encoded in any other way. */
export function decodeCbor(bytes: Buffer): Cbor | undefined {
  try {
    const value = decoder.decode(bytes) as Cbor;
    return encodeCbor(value).equals(bytes) ? value : undefined;
  } catch {
    return undefined; // malformed, too deep, trailing bytes: all one to the caller
  }
}

/** A map from an object's fields: saves `new Map([...])` where keys are words. */
export function cborMap(fields: Record<string, Cbor | undefined>): CborMap {
  const map: CborMap = new Map();
  for (const [key, value] of Object.entries(fields)) if (value !== undefined) map.set(key, value);
  return map;
}

/** A CBOR sequence (RFC 8742) of byte strings, as register/leaves holds them. */
export function encodeSequence(items: readonly Buffer[]): Buffer {
  return Buffer.concat(items.map((item) => encodeCbor(item)));
}

/** The byte strings of such a sequence; undefined if it is anything else. */
export function decodeSequence(bytes: Buffer): Buffer[] | undefined {
  const items: Buffer[] = [];
  let at = 0;
  while (at < bytes.length) {
    const head = bytes[at] as number;
    if (head >> 5 !== 2) return undefined;
    const info = head & 31;
    const extra = info < 24 ? 0 : info === 24 ? 1 : info === 25 ? 2 : info === 26 ? 4 : -1;
    if (extra < 0 || at + 1 + extra > bytes.length) return undefined;
    const length = extra === 0 ? info : bytes.readUIntBE(at + 1, extra);
    const item = bytes.subarray(at + 1 + extra, at + 1 + extra + length);
    if (item.length !== length || encodeCbor(item).length !== 1 + extra + length) return undefined;
    items.push(item);
    at += 1 + extra + length;
  }
  return items;
}
