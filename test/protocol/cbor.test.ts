import { createHmac } from 'node:crypto';
import { Encoder, Tag } from 'cbor-x';
import { nodeNatives } from '../../host-bridge/natives';
import { cborBytes, CBOR_NULL, CborReader, cborHead, cborInt, cborText, cborUint } from '../../protocol/cbor';
import { makeRecord, recordBody, recordData, RecordKind, ZERO_HASH } from '../../protocol/evidence';
import { readRecord, recordAuthentic, recordFollows } from '../../protocol/evidence-read';
import { hmacKey } from '../../protocol/hash';
import type { Bytes } from '../../protocol/natives';
import type { Grant } from '../../protocol/permit';
import { grantPayload } from '../../protocol/payload';
import { grantKeys, openGrant, sealGrant } from '../../protocol/permit';
import { vectors } from '../vectors/files';
import { Random } from './random';

/** cbor-x set to write the shortest forms and nothing of its own. */
const x = new Encoder({ useRecords: false, mapsAsObjects: false, tagUint8Array: false, variableMapSize: true, useFloat32: 0 as never });
const encode = (value: unknown): Bytes => Buffer.from(x.encode(value)).toString('latin1');
const buffer = (b: Bytes): Buffer => Buffer.from(b, 'latin1');
const N = nodeNatives;

describe('against cbor-x, byte for byte', () => {
  const random = new Random(1);

  test('integers', () => {
    const edges = [0, 1, 23, 24, 255, 256, 65535, 65536, 4294967295];
    for (let i = 0; i < 2000; i++) {
      const v = i < edges.length ? (edges[i] as number) : random.uint32();
      expect(cborUint(v)).toBe(encode(v));
      if (v < 4294967295) expect(cborInt(-1 - v)).toBe(encode(-1 - v));
      expect(new CborReader(encode(v)).uint()).toBe(v);
    }
    // Beyond 32 bits cbor-x writes numbers as floats, and integers when they are BigInt.
    for (const v of [4294967296, 1000000000000, Number.MAX_SAFE_INTEGER]) {
      expect(cborUint(v)).toBe(encode(BigInt(v)));
      expect(new CborReader(cborUint(v)).uint()).toBe(v);
    }
  });

  test('strings of every length of length', () => {
    for (const length of [0, 1, 23, 24, 255, 256, 65535, 65536]) {
      const b = random.bytes(length);
      expect(cborBytes(b)).toBe(encode(buffer(b)));
      const text = 'é'.repeat(length >> 1);
      expect(cborText(buffer(Buffer.from(text).toString('latin1')).toString('latin1'))).toBe(encode(text));
    }
  });

  test('nested items', () => {
    expect('\x83' + cborUint(1) + '\x82' + cborBytes('ab') + CBOR_NULL + cborHead(5, 1) + cborUint(7) + cborInt(-8)).toBe(
      encode([1, [Buffer.from('ab'), null], new Map([[7, -8]])]),
    );
    expect(cborHead(6, 17) + '\x81\x01').toBe(encode(new Tag([1], 17)));
  });
});

/** A grant as a host with cbor-x makes it, from the words of SPEC.md alone. */
function hostGrant(key: Bytes, device: Bytes, g: Grant): Bytes {
  const own = new Map<number, unknown>([[1, g.kind]]);
  const put = (claim: number, value: unknown): void => {
    if (value !== undefined) own.set(claim, typeof value === 'string' ? buffer(value) : value);
  };
  put(2, g.counter);
  put(3, g.epoch);
  put(4, g.die);
  put(5, g.count);
  if (g.persons) put(6, g.persons.flatMap((p, i) => (i % 2 ? [] : [[p, g.persons?.[i + 1]]])));
  put(7, g.policy);
  put(8, g.document);
  put(9, g.idle);
  put(10, g.nonce);
  put(11, g.time);
  if (g.kind !== 1) put(12, g.permit);
  put(13, g.photo);
  put(14, g.condition);
  put(15, g.seq);
  put(16, g.recordsThrough);
  put(17, g.photosThrough);
  put(18, g.hash);
  const claims = new Map<number, unknown>([[3, buffer(device)]]);
  if (g.kind === 1) claims.set(4, g.notAfter).set(5, g.notBefore).set(7, buffer(g.permit as Bytes));
  claims.set(-65537, own);
  const payload = Buffer.from(x.encode(claims));
  const header = Buffer.from(x.encode(new Map([[1, 5]])));
  const tag = createHmac('sha256', buffer(key)).update(x.encode(['MAC0', header, Buffer.alloc(0), payload])).digest();
  return encode(new Tag([header, new Map(), payload, tag], 17));
}

function randomGrant(random: Random, kind: number): Grant {
  const id = random.bytes(16);
  if (kind === 1) {
    const from = random.below(2000000000);
    const count = 1 + random.below(4);
    const g: Grant = {
      kind, notBefore: from, notAfter: from + random.below(100000), permit: id, counter: random.uint32(), epoch: random.uint32(), die: random.bytes(8),
      count: 1 + random.below(65535), persons: Array.from({ length: count }, (_, i) => [i * 100000 + random.below(90000), 1 + random.below(3)]).flat(),
      policy: random.below(4), document: random.bytes(32),
    };
    if (random.below(2)) g.idle = 1 + random.below(65535);
    return g;
  }
  if (kind === 2) return { kind, nonce: id, time: random.uint32() };
  if (kind === 3) return { kind, permit: id, photo: random.bytes(32), seq: random.uint32() % 0xffffffff };
  if (kind === 4) return { kind, condition: 1 + random.below(32), seq: random.uint32() % 0xffffffff };
  if (kind === 5) return random.below(2) ? { kind, epoch: random.uint32() } : { kind, permit: id, counter: random.uint32() };
  return { kind, recordsThrough: random.uint32(), photosThrough: random.uint32(), hash: random.bytes(32) };
}

describe('grants', () => {
  const random = new Random(2);
  const device = 'SEAL0001';
  const permitKey = random.bytes(32);
  const ack = random.bytes(32);
  const keys = grantKeys(N, device, permitKey, ack);

  test('made by the host with cbor-x and node:crypto are those the device reads, and the same bytes', () => {
    for (let i = 0; i < 400; i++) {
      const g = randomGrant(random, 1 + (i % 6));
      const key = g.kind === 6 ? ack : permitKey;
      const cose = hostGrant(key, device, g);
      expect(sealGrant(N, hmacKey(N, key), grantPayload(device, g))).toBe(cose);
      expect(cose.length).toBeLessThanOrEqual(512);
      const read = openGrant(N, keys, cose);
      expect(read).toEqual(g.kind === 1 ? { ...g, idle: g.idle ?? 300 } : g);
    }
  });

  test('no other bytes are taken: every byte changed, every length', () => {
    const cose = hostGrant(permitKey, device, randomGrant(random, 1));
    for (let i = 0; i < cose.length; i++) {
      const bit = 1 << random.below(8);
      const changed = cose.substring(0, i) + String.fromCharCode(cose.charCodeAt(i) ^ bit) + cose.substring(i + 1);
      expect([1, 3]).toContain(openGrant(N, keys, changed));
      expect(openGrant(N, keys, cose.substring(0, i))).toBe(1);
    }
  });

  test('authentic payloads changed anywhere are read as what they say, or refused', () => {
    const good = grantPayload(device, randomGrant(random, 1));
    const pads = hmacKey(N, permitKey);
    for (let i = 0; i < good.length; i++) {
      for (let bit = 0; bit < 8; bit++) {
        const payload = good.substring(0, i) + String.fromCharCode(good.charCodeAt(i) ^ (1 << bit)) + good.substring(i + 1);
        const read = openGrant(N, keys, sealGrant(N, pads, payload));
        if (typeof read === 'number') expect([1, 4, 12]).toContain(read);
        else {
          // The one encoding: what was read, written again with or without the default, is what came.
          const bare: Grant = { ...read };
          delete bare.idle;
          expect([grantPayload(device, read), grantPayload(device, bare)]).toContain(payload);
        }
      }
    }
  });
});

describe('evidence', () => {
  test('made with cbor-x and node:crypto is the same bytes', () => {
    const random = new Random(3);
    for (let i = 0; i < 200; i++) {
      const key = random.bytes(32);
      const permit = random.bytes(16);
      const record = {
        device: random.bytes(8), seq: random.uint32(), boot: random.uint32(), uptime: Math.floor(random.next() * 2 ** 32), time: random.below(2) ? random.uint32() : undefined,
        kind: RecordKind.INTENT, data: recordData([permit, 3, undefined, random.bytes(32)]), prev: random.bytes(32),
      };
      const data = new Map<number, unknown>([[1, buffer(permit)], [2, 3], [4, buffer(record.data.slice(-32))]]);
      const body = encode([1, buffer(record.device), record.seq, record.boot, record.uptime, record.time ?? null, record.kind, data, buffer(record.prev)]);
      expect(recordBody(record)).toBe(body);
      const mac = createHmac('sha256', buffer(key)).update(buffer(body)).digest().subarray(0, 16);
      const bytes = makeRecord(N, hmacKey(N, key), record);
      expect(bytes).toBe(encode([buffer(body), mac]));
      const read = readRecord(bytes);
      expect(read).toMatchObject(record);
      expect(read?.values).toEqual({ 1: permit, 2: 3, 4: record.data.slice(-32) });
      expect(read && recordAuthentic(N, hmacKey(N, key), read)).toBe(true);
      expect(read && recordAuthentic(N, hmacKey(N, random.bytes(32)), read)).toBe(false);
    }
  });

  test('a chain holds, and no record of it can be changed, left out or moved', () => {
    const file = vectors().evidence;
    const chain: Bytes[] = file.records.map((r: { record: string }) => Buffer.from(r.record, 'hex').toString('latin1'));
    const holds = (list: Bytes[]): boolean =>
      list.every((bytes, i) => {
        const record = readRecord(bytes);
        return !!record && recordFollows(N, i ? list[i - 1] : undefined, record);
      });
    expect(holds(chain)).toBe(true);
    expect(holds([...chain.slice(0, 3), ...chain.slice(4)])).toBe(false);
    expect(holds([chain[0] as Bytes, chain[2] as Bytes, chain[1] as Bytes])).toBe(false);
    expect(holds(chain.slice(1))).toBe(false);
    expect(readRecord(chain[0] as Bytes)?.prev).toBe(ZERO_HASH);
    // Any bit of any record but the last: the next one no longer follows, or it does not parse.
    for (let i = 0; i < (chain[2] as Bytes).length; i++) {
      const bytes = chain[2] as Bytes;
      const changed = bytes.substring(0, i) + String.fromCharCode(bytes.charCodeAt(i) ^ 4) + bytes.substring(i + 1);
      expect(holds([chain[0] as Bytes, chain[1] as Bytes, changed, chain[3] as Bytes])).toBe(false);
    }
  });

  test('a record of every kind in the vectors fits its limit', () => {
    for (const r of vectors().evidence.records) expect(r.record.length / 2).toBeLessThanOrEqual(512);
  });
});
