/** Every decoder of outside bytes, with seeded inputs: nothing throws, nothing grows, and the next good frame is understood. */
import { nodeNatives } from '../../host-bridge/natives';
import { CborReader, readText } from '../../protocol/cbor';
import { readRecord } from '../../protocol/evidence-read';
import { cobsDecode, cobsEncode, encodeFrame, FrameReader } from '../../protocol/frame';
import * as codec from '../../protocol/generated/codec';
import { MESSAGES } from '../../protocol/generated/messages';
import { readChallenge } from '../../protocol/handshake';
import { hmacKey } from '../../protocol/hash';
import type { Bytes } from '../../protocol/natives';
import { grantKeys, openGrant, sealGrant } from '../../protocol/permit';
import { Pair } from '../protocol/pair';
import { Random } from '../protocol/random';
import { vectors } from '../vectors/files';

const BUDGET = Number(process.env['FUZZ_INPUTS'] ?? 20000);
const N = nodeNatives;
const v = vectors();
const bytes = (hex: string): Bytes => Buffer.from(hex, 'hex').toString('latin1');

/** Good inputs, from the vectors, to start from. */
const frames: Bytes[] = [...v.frame.map((f: { wire: string }) => f.wire), ...v.session.map((s: { wire: string }) => s.wire), v.handshake.helloWire].map(bytes);
const bodies: Bytes[] = v.messages.map((m: { body: string }) => bytes(m.body));
const grants: Bytes[] = v.grants.accepted.concat(v.grants.refused).map((g: { cose: string }) => bytes(g.cose));
const payloads: Bytes[] = v.grants.accepted.map((g: { payload: string }) => bytes(g.payload));
const records: Bytes[] = v.evidence.records.map((r: { record: string }) => bytes(r.record));

/** A good input damaged in one to four places, or bytes from nowhere. */
function damaged(random: Random, good: readonly Bytes[]): Bytes {
  if (!random.below(8)) return random.bytes(random.below(300));
  let b = random.pick(good);
  for (let k = random.below(4); k >= 0; k--) {
    const at = random.below(b.length + 1);
    const kind = random.below(6);
    if (kind === 0) b = b.substring(0, at) + random.bytes(1) + b.substring(at + 1);
    else if (kind === 1) b = b.substring(0, at);
    else if (kind === 2) b = b.substring(0, at) + random.bytes(random.below(9)) + b.substring(at);
    else if (kind === 3) b = b.substring(0, at) + b.substring(at + random.below(9));
    else if (kind === 4) b = b.substring(0, at) + random.pick(['\0', '\xff', '\x7f', '\x80', '\x1b\xff\xff\xff\xff\xff\xff\xff\xff', '\x9f']) + b.substring(at + 1);
    else b += random.pick(good).substring(0, random.below(40));
  }
  return b;
}

test('COBS', () => {
  const random = new Random(1);
  for (let i = 0; i < BUDGET; i++) {
    const b = damaged(random, frames);
    const raw = cobsDecode(b);
    if (raw !== undefined) {
      expect(raw.length).toBeLessThanOrEqual(b.length);
      expect(cobsDecode(cobsEncode(raw))).toBe(raw);
    }
    const encoded = cobsEncode(b);
    expect(encoded.includes('\0')).toBe(false);
    expect(encoded.length).toBeLessThanOrEqual(b.length + Math.max(1, Math.ceil(b.length / 254)));
    expect(cobsDecode(encoded)).toBe(b);
  }
});

test('frames: bounded, and in step again with the next one', () => {
  const random = new Random(2);
  let got: Bytes[] = [];
  const reader = new FrameReader(N, 256, (_type, _seq, _ack, _flags, body) => got.push(body));
  let good = 0;
  for (let i = 0; i < BUDGET; i++) {
    reader.push(random.below(50) ? damaged(random, frames) : random.bytes(5000).replace(/\0/g, '\x01'));
    expect(reader.rest.length).toBeLessThan(256);
    if (i % 5) continue;
    // What was cut off takes the frame behind it along at most: the delimiter ahead ends it.
    got = [];
    const body = random.bytes(random.below(200));
    const wire = '\0' + encodeFrame(N, 4, 1, 2, 3, body);
    const at = random.below(wire.length);
    reader.push(wire.substring(0, at));
    reader.push(wire.substring(at));
    expect(got.at(-1)).toBe(body);
    good++;
  }
  expect(good).toBe(Math.ceil(BUDGET / 5));
});

test.each(MESSAGES.map((m) => m.name))('message %s', (name) => {
  const random = new Random(name.length * 31 + name.charCodeAt(0));
  const functions = codec as unknown as { [name: string]: (x: unknown) => unknown };
  const decode = functions[`decode${name}`] as (b: Bytes) => object | undefined;
  const encode = functions[`encode${name}`] as (m: object) => Bytes;
  for (let i = 0; i < BUDGET; i++) {
    const b = damaged(random, bodies);
    const m = decode(b);
    // What was read means the same when written again. (An enumeration out of range may be negative, which devices never write.)
    if (m && !Object.values(m).some((x) => typeof x === 'number' && x < 0)) expect(decode(encode(m))).toEqual(m);
  }
});

test('grants: outside the MAC and inside it', () => {
  const random = new Random(4);
  const keys = grantKeys(N, bytes(v.keys.deviceId), bytes(v.keys.permit), bytes(v.keys.ack));
  const pads = hmacKey(N, bytes(v.keys.permit));
  const known = new Set(grants);
  for (let i = 0; i < BUDGET; i++) {
    const outside = damaged(random, grants);
    const read = openGrant(N, keys, outside);
    if (typeof read !== 'number') expect(known.has(outside)).toBe(true);
    const inside = openGrant(N, keys, sealGrant(N, pads, damaged(random, payloads)));
    if (typeof inside === 'number') expect([1, 3, 4, 12]).toContain(inside);
    else expect(inside.kind).toBeLessThan(6);
  }
});

test('records and CBOR heads', () => {
  const random = new Random(5);
  for (let i = 0; i < BUDGET; i++) {
    const b = damaged(random, records);
    const record = readRecord(b);
    if (record) expect(b.length).toBeLessThanOrEqual(512);
    const r = new CborReader(b);
    for (let k = 0; k < 10; k++) {
      const before = r.at;
      const kind = random.below(6);
      if (kind === 0) r.uint();
      else if (kind === 1) r.int();
      else if (kind === 2) r.bytes(random.below(3) ? -1 : random.below(40));
      else if (kind === 3) readText(r, random.below(40));
      else if (kind === 4) r.head(random.below(8));
      else r.isNull();
      if (r.ok) expect(r.at).toBeGreaterThanOrEqual(before);
      if (r.ok) expect(r.at).toBeLessThanOrEqual(b.length);
    }
    readChallenge(b);
  }
});

test('both ends of a session: whatever is thrown at them, they find each other again', () => {
  const random = new Random(6);
  const pair = new Pair().up();
  const inner = pair as unknown as { host: { reader: FrameReader; link?: { frames: Bytes[]; parts?: Bytes } }; device: { reader: FrameReader; link?: { frames: Bytes[]; parts?: Bytes } } };
  for (let i = 0; i < BUDGET / 4; i++) {
    const typed = encodeFrame(N, random.below(9), random.below(4), random.below(4), random.below(8), random.bytes(random.pick([0, 16, 26, 46, 100])));
    pair.inject(random.below(2) === 0, random.below(3) ? damaged(random, frames) : typed);
    if (random.below(20) === 0) pair.host.send(16, 1, random.bytes(random.below(200)));
    if (random.below(20) === 0) pair.device.send(String.fromCharCode(4, 0) + random.bytes(random.below(200)));
    pair.run(random.below(50));
    for (const end of [inner.host, inner.device]) {
      expect(end.reader.rest.length).toBeLessThan(128);
      expect((end.link?.parts ?? '').length).toBeLessThanOrEqual(16384);
    }
    if (!pair.host.live && random.below(10) === 0) pair.host.connect();
    pair.wire.length = 0;
  }
  pair.run(60000);
  if (!pair.host.live) pair.up();
  pair.run(30000);
  if (!pair.host.live) pair.up();
  const before = pair.atDevice.length;
  expect(pair.host.send(16, 7, 'still here')).toBe(true);
  pair.run(5000);
  expect(pair.atDevice.slice(before).map((m) => m.body)).toContain('still here');
  // Nothing that was injected ever came through as a message.
  expect(pair.atHost.every((m) => m.type === 1 || m.type === 4)).toBe(true);
  expect(pair.atDevice.every((m) => m.type === 16)).toBe(true);
});
