import { createCipheriv, createHash, createHmac } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { chainFrom, verifyBatch } from '../../host-bridge/bridge/chain';
import { readGrant } from '../../host-bridge/desk/authority/grants';
import { kindName, macIsRight, parseRecord, ratchet } from '../../host-bridge/desk/register/records';
import { nodeNatives, tableCrc32 } from '../../host-bridge/natives';
import { fromHex, toHex } from '../../protocol/bytes';
import { cborBytes, cborHead, cborInt, CborReader, cborText, readText } from '../../protocol/cbor';
import { cobsDecode, cobsEncode } from '../../protocol/frame';
import * as evidence from '../../protocol/evidence';
import { readRecord, recordAuthentic, recordFollows } from '../../protocol/evidence-read';
import { MESSAGES } from '../../protocol/generated/messages';
import { hmac, hmacKey } from '../../protocol/hash';
import type { Bytes } from '../../protocol/natives';
import * as permit from '../../protocol/permit';
import { sealGrant } from '../../protocol/permit';
import { entryOf, FIELDS } from '../../sim/scenario/journal';
import { checkFile, Report } from '../../protocol/vectors/check';
import { makeVectors, vectorText } from '../../protocol/vectors/make';
import { vectors, vectorTexts } from './files';

const v = vectors();
const bytes = (hex: string): Bytes => fromHex(hex) as Bytes;
const buffer = (hex: string): Buffer => Buffer.from(hex, 'hex');
const mac = (key: string, ...parts: (string | Buffer)[]): string =>
  createHmac('sha256', buffer(key)).update(Buffer.concat(parts.map((p) => (typeof p === 'string' ? Buffer.from(p, 'latin1') : p)))).digest('hex');
const sha = (...hex: string[]): string => createHash('sha256').update(buffer(hex.join(''))).digest('hex');

test('the files in the repository are what the generator makes', () => {
  const texts = vectorTexts();
  const made = makeVectors(nodeNatives);
  for (const [file, content] of Object.entries(made)) expect(texts[file]).toBe(vectorText(content));
  expect(Object.keys(texts).sort()).toEqual([...Object.keys(made), 'image.json', 'ocra.json', 'standard.json'].sort());
});

/** Checks all files but the recorded session, which the link's tests and the interpreter's play. */
function checkAll(files: { [name: string]: unknown }): Report {
  const report = new Report();
  for (const name of Object.keys(files)) checkFile(report, nodeNatives, name, files);
  return report;
}

test('the implementation passes all of them', () => {
  const report = checkAll(v);
  expect(report.faults).toEqual([]);
  expect(report.count).toBeGreaterThan(250);
});

test('the checker finds a fault', () => {
  const changed = JSON.parse(JSON.stringify(v));
  changed.evidence.records[3].record = changed.evidence.records[3].record.replace(/.$/, 'x');
  expect(checkAll(changed).faults).toHaveLength(1);
});

test('the checker rebuilds what a record says from its values', () => {
  const changed = JSON.parse(JSON.stringify(v));
  changed.evidence.records[19].values[0] = 3;
  expect(checkAll(changed).faults).toEqual([expect.stringContaining('record data 19')]);
});

/** Numbers of a constant enumeration, which is an object all the same when the tests run. */
const numbersOf = (names: object): number[] => Object.values(names).filter((value) => typeof value === 'number');

test('every kind of record, of grant and of ceremony has a vector', () => {
  const { RecordKind, GrantKind, Action } = { ...evidence, ...permit } as unknown as Record<string, object>;
  const records = new Set(v.evidence.records.map((r: { kind: number }) => r.kind));
  expect(numbersOf(RecordKind!).filter((kind) => !records.has(kind))).toEqual([]);
  const claims: { kind: number; action?: number }[] = v.grants.accepted.map((g: { claims: object }) => g.claims);
  expect(numbersOf(GrantKind!).filter((kind) => !claims.some((c) => c.kind === kind))).toEqual([]);
  expect(numbersOf(Action!).filter((action) => !claims.some((c) => c.action === action))).toEqual([]);
});

test('every message has a vector', () => {
  const named = new Set(v.messages.map((m: { name: string }) => m.name));
  expect(MESSAGES.map((m) => m.name).filter((name) => !named.has(name))).toEqual([]);
});

describe('standards', () => {
  test('COBS, the paper', () => {
    for (const { raw, encoded } of v.standard.cobs) {
      expect(toHex(cobsEncode(bytes(raw)))).toBe(encoded);
      expect(toHex(cobsDecode(bytes(encoded)) as Bytes)).toBe(raw);
    }
  });

  test('COBS: an encoder that ends 254 bytes with an empty block is understood', () => {
    const run = bytes('01'.repeat(254));
    expect(cobsDecode('\xff' + run + '\x01')).toBe(run);
    expect(cobsDecode(cobsEncode(run))).toBe(run);
  });

  test('COSE_Mac0 with HMAC 256/256', () => {
    const { key, payload, macStructure, cose } = v.standard.cose;
    expect(toHex(sealGrant(nodeNatives, hmacKey(nodeNatives, bytes(key)), bytes(payload)))).toBe(cose);
    expect(cose.endsWith(toHex(hmac(nodeNatives, hmacKey(nodeNatives, bytes(key)), bytes(macStructure))))).toBe(true);
  });

  test('CBOR, RFC 8949 appendix A', () => {
    const c = v.standard.cbor;
    const utf8 = (s: string): Bytes => Buffer.from(s, 'utf8').toString('latin1');
    for (const [value, hex] of c.int) {
      expect(toHex(cborInt(value))).toBe(hex);
      const r = new CborReader(bytes(hex));
      expect([r.int(), r.done()]).toEqual([value, true]);
    }
    for (const [value, hex] of c.bytes) {
      expect(toHex(cborBytes(bytes(value)))).toBe(hex);
      const r = new CborReader(bytes(hex));
      expect([toHex(r.bytes(-1)), r.done()]).toEqual([value, true]);
    }
    for (const [value, hex] of c.text) {
      expect(toHex(cborText(utf8(value)))).toBe(hex);
      const r = new CborReader(bytes(hex));
      expect([readText(r, 100), r.done()]).toEqual([utf8(value), true]);
    }
    for (const [major, argument, hex] of c.heads) {
      expect(hex.startsWith(toHex(cborHead(major, argument)))).toBe(true);
      expect(new CborReader(bytes(hex)).head(major)).toBe(argument);
    }
    for (const [, hex] of c.refused) {
      for (let major = 0; major < 8; major++) {
        const r = new CborReader(bytes(hex));
        if (major === 2 || major === 3) {
          if (major === 2) r.bytes(-1);
          else readText(r, 1000);
        } else if (major < 7) r.head(major);
        else if (!r.isNull()) r.ok = false;
        expect([hex, major, r.done()]).toEqual([hex, major, false]);
      }
    }
  });

  test('both CRC-32 implementations of the host agree', () => {
    for (let i = 0; i < 300; i += 7) {
      const data = Buffer.alloc(i, i);
      expect(tableCrc32(data)).toBe(nodeNatives.crc32(data.toString('latin1')));
      if (crc32) expect(tableCrc32(data)).toBe(crc32(data));
    }
  });
});

type Value = number | string | number[] | { text: string } | null;
interface VectorRecord {
  boot: number;
  seq: number;
  kind: number;
  key: string;
  time: number | null;
  uptime: number;
  values: Value[];
  record: string;
}

/** Everybody who reads records: the protocol's own reader, the bridge, the register, the simulator's table of fields. */
describe('readers of records', () => {
  const records: VectorRecord[] = v.evidence.records;
  /** Values by their keys, as a reader with CBOR hands them out: bytes as `of` makes them, texts as they are. */
  const byKey = (r: VectorRecord, of: (hex: string) => unknown): [number, unknown][] =>
    r.values.flatMap((value, i): [number, unknown][] => (value === null ? [] : [[i + 1, typeof value === 'string' ? of(value) : typeof value === 'object' && 'text' in value ? value.text : value]]));
  const head = ({ seq, boot, uptime, time, kind }: VectorRecord): object => ({ device: v.evidence.device, seq, boot, uptime, time, kind });

  test('the protocol’s', () => {
    let before: Bytes | undefined;
    for (const r of records) {
      const read = readRecord(bytes(r.record))!;
      expect({ ...head(r), values: read.values }).toEqual({ device: toHex(read.device), seq: read.seq, boot: read.boot, uptime: read.uptime, time: read.time ?? null, kind: read.kind, values: Object.fromEntries(byKey(r, bytes)) });
      expect([recordAuthentic(nodeNatives, hmacKey(nodeNatives, bytes(r.key)), read), recordFollows(nodeNatives, before, read)]).toEqual([true, true]);
      before = bytes(r.record);
    }
  });

  test('the bridge’s takes the whole chain', () => {
    const { good, finding } = verifyBatch(chainFrom(v.evidence.device, 0), records.map((r) => buffer(r.record)));
    expect(finding).toBeUndefined();
    expect(good.map(({ device, seq, boot, uptimeMs, time, kind, data }) => [{ device, seq, boot, uptime: uptimeMs, time, kind }, [...data]])).toEqual(records.map((r) => [head(r), byKey(r, buffer)]));
  });

  test('the register’s, each under the key that the one before leaves; and it has a name for every kind', () => {
    let key = buffer(v.keys.evidence);
    for (const r of records) {
      const read = parseRecord(buffer(r.record))!;
      expect([macIsRight(read, key), [...read.data]]).toEqual([true, byKey(r, buffer)]);
      expect([r.kind, kindName(read.kind)]).toEqual([r.kind, entryOf(readRecord(bytes(r.record))!).kind]);
      key = ratchet(key);
    }
  });

  test('the simulator’s names every value', () => {
    for (const r of records) {
      const { kind, fields } = entryOf(readRecord(bytes(r.record))!);
      expect([kind, Object.keys(fields)]).toEqual([kind, byKey(r, bytes).map(([i]) => FIELDS[kind]?.[i - 1])]);
    }
  });
});

/** The same values once more, by node:crypto alone, along the words of SPEC.md. */
describe('by another way', () => {
  test('handshake', () => {
    const { input, hello, challengePlain, deviceNonce, th, macD, macH, sid, keyToDevice, keyToHost } = v.handshake;
    const K = input.linkKey;
    expect(mac(K, 'N', buffer(input.device.random), buffer('07000000'), buffer('01000000')).substring(0, 32)).toBe(deviceNonce);
    expect(createHash('sha256').update('smartseal-link/1\0', 'latin1').update(buffer(hello)).update(buffer(challengePlain)).digest('hex')).toBe(th);
    expect(mac(K, 'D', buffer(th)).substring(0, 32)).toBe(macD);
    expect(mac(K, 'H', buffer(th), buffer(macD)).substring(0, 32)).toBe(macH);
    expect(mac(K, 'S', buffer(th))).toBe(keyToDevice + keyToHost);
    expect(th.startsWith(sid)).toBe(true);
  });

  test('channel', () => {
    for (const m of v.channel) {
      const cipher = createCipheriv('aes-128-ccm', buffer(m.direction ? v.handshake.keyToHost : v.handshake.keyToDevice), buffer(m.nonce), { authTagLength: 8 });
      const text = Buffer.concat([cipher.update(buffer(m.plain)), cipher.final()]);
      const ctr = Buffer.alloc(4);
      ctr.writeUInt32LE(m.ctr);
      expect(Buffer.concat([text, cipher.getAuthTag()]).toString('hex')).toBe(m.sealed);
      const length = Buffer.alloc(2);
      length.writeUInt16LE(m.plain.length / 2);
      expect(Buffer.concat([Buffer.from([m.direction, 0x24]), length, buffer(v.handshake.sid), ctr]).toString('hex')).toBe(m.nonce);
    }
  });

  test('keys', () => {
    const id = buffer(v.keys.deviceId);
    for (const role of ['link', 'permit', 'evidence']) expect(mac(v.keys.root, `smartseal/${role}/`, id)).toBe(v.keys[role]);
    expect(mac(v.keys.evidence, 'smartseal/ack')).toBe(v.keys.ack);
  });

  test('evidence chain and ratchet', () => {
    let key = v.keys.evidence;
    let prev = '00'.repeat(32);
    for (const record of v.evidence.records) {
      expect(record.key).toBe(key);
      expect(record.prev).toBe(prev);
      expect(record.body.endsWith(`5820${prev}`)).toBe(true);
      expect(record.record.endsWith(`50${mac(key, buffer(record.body)).substring(0, 32)}`)).toBe(true);
      prev = sha(record.record);
      expect(record.sha256).toBe(prev);
      key = mac(key, 'smartseal/ratchet');
    }
    expect(v.evidence.nextKey).toBe(key);
  });

  test('grants: the desk’s reader, with cbor-x, takes each and finds what it says', () => {
    for (const { name, claims, cose } of v.grants.accepted) {
      const read = readGrant(buffer(claims.kind === 6 ? v.keys.ack : v.keys.permit), buffer(cose));
      const own = read?.get(-65537) as Map<number, unknown>;
      const said = [own?.get(1), own?.get(2), own?.get(22), own?.get(23), own?.get(24)];
      expect([name, ...said]).toEqual([name, claims.kind, claims.counter, claims.action, claims.subject, claims.until]);
      expect([name, read?.get(4), read?.get(5)]).toEqual([name, claims.notAfter, claims.notBefore]);
      expect([name, readGrant(buffer(v.keys.link), buffer(cose))]).toEqual([name, undefined]);
    }
  });

  test('photo digest', () => {
    for (const photo of v.photo) {
      const all = Buffer.from(Array.from({ length: photo.size }, (_, i) => (photo.size + i) % 256));
      let digest = '00'.repeat(32);
      for (let at = 0; at < photo.size; at += 1024) digest = sha(digest, all.subarray(at, at + 1024).toString('hex'));
      const size = Buffer.alloc(4);
      size.writeUInt32BE(photo.size);
      expect(sha(digest, size.toString('hex'))).toBe(photo.digest);
    }
  });

  test('frames: CRC-32 and its residue', () => {
    for (const frame of v.frame) {
      const head = Buffer.from([32 | frame.type, frame.seq, frame.ack, frame.flags]);
      const raw = Buffer.concat([head, buffer(frame.body)]);
      expect(tableCrc32(raw)).toBe(frame.crc32);
      const crc = Buffer.alloc(4);
      crc.writeUInt32LE(frame.crc32);
      expect(tableCrc32(Buffer.concat([raw, crc]))).toBe(0x2144df1c);
      expect(frame.wire.endsWith('00')).toBe(true);
      expect(frame.wire.slice(0, -2).match(/../g)).not.toContain('00');
    }
  });
});
