/** Decoders of the link, on both ends: nothing throws, nothing grows, and the next good frame is understood. */
import { nodeNatives } from '../../host-bridge/natives';
import { CborReader, readText } from '../../protocol/cbor';
import { readRecord } from '../../protocol/evidence-read';
import { cobsDecode, cobsEncode, encodeFrame, FrameReader, FrameType } from '../../protocol/frame';
import * as codec from '../../protocol/generated/codec';
import { MESSAGES } from '../../protocol/generated/messages';
import { makeHello, readChallenge } from '../../protocol/handshake';
import { hmacKey } from '../../protocol/hash';
import type { Bytes } from '../../protocol/natives';
import { GrantKind, grantKeys, openGrant, sealGrant } from '../../protocol/permit';
import { Pair } from '../protocol/pair';
import { Random } from '../protocol/random';
import { vectors } from '../vectors/files';
import { BUDGET, bytesOf as bytes, damaged, fuzz, hex, noiseOf, ONE_TEST_MS, tell } from './fuzz';

const N = nodeNatives;
const v = vectors();
const FRAME_MAX = 128;
/** Largest sealed message that the device's end takes, and the host's. */
const RX_MAX = { device: 640, host: 16384 };
/** Refusals of a grant. */
const REFUSED = [1, 3, 4, 12];

/** Good inputs, from the vectors, to start from. */
const frames: Bytes[] = [...v.frame.map((f: { wire: string }) => f.wire), ...v.session.map((s: { wire: string }) => s.wire), v.handshake.helloWire].map(bytes);
const bodies: Bytes[] = v.messages.map((m: { body: string }) => bytes(m.body));
const grants: Bytes[] = v.grants.accepted.concat(v.grants.refused).map((g: { cose: string }) => bytes(g.cose));
const payloads: Bytes[] = v.grants.accepted.map((g: { payload: string }) => bytes(g.payload));
const records: Bytes[] = v.evidence.records.map((r: { record: string }) => bytes(r.record));

afterAll(tell);

test('COBS', () => fuzz('COBS', 1, (random) => {
  const b = damaged(random, frames);
  const raw = cobsDecode(b);
  if (raw !== undefined && (raw.length > b.length || cobsDecode(cobsEncode(raw)) !== raw)) return `decoded ${hex(b)}`;
  const encoded = cobsEncode(b);
  if (encoded.includes('\0') || encoded.length > b.length + Math.max(1, Math.ceil(b.length / 254)) || cobsDecode(encoded) !== b) return `encoded ${hex(b)}`;
}), ONE_TEST_MS);

test('frames: bounded, and in step again with the next one', () => {
  let got: Bytes | undefined;
  const reader = new FrameReader(N, 256, (_type, _seq, _ack, _flags, body) => {
    got = body;
  });
  const long = noiseOf(new Random(3), 5000).replace(/\0/g, '\x01');
  fuzz('frames', 2, (random, i) => {
    reader.push(random.below(50) ? damaged(random, frames) : long);
    if (reader.rest.length >= 256) return `holds ${reader.rest.length} bytes`;
    if (i % 5) return;
    // What was cut off takes the frame behind it along at most: the delimiter ahead ends it.
    const body = noiseOf(random, random.below(200));
    const wire = '\0' + encodeFrame(N, 4, 1, 2, 3, body);
    const at = random.below(wire.length);
    reader.push(wire.substring(0, at));
    reader.push(wire.substring(at));
    if (got !== body) return `out of step: ${hex(wire)}`;
  });
}, ONE_TEST_MS);

/** Plain values compared: numbers, strings, truth values, and lists of them. */
function same(a: unknown, b: unknown): boolean {
  if (Array.isArray(a)) return Array.isArray(b) && a.length === b.length && a.every((x, i) => same(x, b[i]));
  if (typeof a !== 'object' || a === null) return a === b;
  const [x, y] = [a as Record<string, unknown>, b as Record<string, unknown>];
  for (const key in x) if (!same(x[key], y[key])) return false;
  return Object.keys(y).length === Object.keys(x).length;
}

test.each(MESSAGES.map((m) => m.name))('message %s', (name) => {
  const functions = codec as unknown as { [name: string]: (x: unknown) => unknown };
  const decode = functions[`decode${name}`] as (b: Bytes) => object | undefined;
  const encode = functions[`encode${name}`] as (m: object) => Bytes;
  fuzz(`message ${name}`, name.length * 31 + name.charCodeAt(0), (random) => {
    const b = damaged(random, bodies);
    const m = decode(b);
    if (m === undefined) return;
    for (const value of Object.values(m)) {
      // An enumeration out of range may be negative, which devices never write.
      if (typeof value === 'number' && value < 0) return;
      if ((typeof value === 'string' || Array.isArray(value)) && value.length > b.length) return `grew from ${hex(b)}`;
    }
    if (!same(decode(encode(m)), m)) return `means something else when written again: ${hex(b)}`;
  });
}, ONE_TEST_MS);

test('grants: outside the MAC and inside it', () => {
  const keys = grantKeys(N, bytes(v.keys.deviceId), bytes(v.keys.permit), bytes(v.keys.ack));
  const pads = hmacKey(N, bytes(v.keys.permit));
  const known = new Set(grants);
  fuzz('grants', 4, (random) => {
    const outside = damaged(random, grants);
    if (typeof openGrant(N, keys, outside) !== 'number' && !known.has(outside)) return `taken: ${hex(outside)}`;
    const payload = damaged(random, payloads);
    const inside = openGrant(N, keys, sealGrant(N, pads, payload));
    if (typeof inside === 'number' ? !REFUSED.includes(inside) : !(inside.kind <= GrantKind.REJECT && inside.kind !== GrantKind.ACK)) return `payload ${hex(payload)}`;
  });
}, ONE_TEST_MS);

test('records and CBOR heads', () => fuzz('records and CBOR', 5, (random) => {
  const b = damaged(random, records);
  if (readRecord(b) !== undefined && b.length > 512) return `too long: ${hex(b)}`;
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
    if (r.ok && (r.at < before || r.at > b.length)) return `beyond its end: ${hex(b)}`;
  }
}), ONE_TEST_MS);

/** What the peers hold, which no interface shows. */
interface Inner {
  reader: FrameReader;
  link?: { parts?: Bytes };
}

function held(peer: unknown, most: number): string | undefined {
  const { reader, link } = peer as Inner;
  if (reader.rest.length >= FRAME_MAX) return `${reader.rest.length} bytes of a frame held`;
  if ((link?.parts ?? '').length > most) return `${link!.parts!.length} bytes of a message held`;
  return undefined;
}

/** The handshake's own bodies. */
const helloBody = makeHello(4, FRAME_MAX, 0xa11ce, '\x11'.repeat(16));
const challenge = bytes(v.handshake.challengePlain) + bytes(v.handshake.macD);
const opening = [helloBody, challenge, challenge.substring(0, 16), ...bodies];

test('handshake: HELLO, CHALLENGE and PROVE from anybody', () => {
  let pair = new Pair().up();
  fuzz('handshake', 8, (random, i) => {
    const body = damaged(random, opening);
    readChallenge(body);
    const wire = encodeFrame(N, random.pick([FrameType.HELLO, FrameType.CHALLENGE, FrameType.PROVE]), 0, 0, 0, body);
    const end = random.below(2) ? pair.host : pair.device;
    end.receive(wire);
    const wrong = held(pair.device, RX_MAX.device) ?? held(pair.host, RX_MAX.host);
    if (wrong !== undefined) return wrong;
    // Whoever is live stays so: nobody without the key can end a session or begin one.
    if (!pair.device.live()) return `the session of the device is gone: ${hex(wire)}`;
    pair.wire.length = 0;
    if (i % 5000 === 4999) pair = new Pair({ seed: i }).up();
  });
}, ONE_TEST_MS);

test('the device in a session: frames that are whole and hold anything', () => {
  let pair = new Pair().up();
  fuzz('link and channel of the device', 9, (random, i) => {
    const body = damaged(random, opening, 100).substring(0, 110);
    const type = random.below(4) ? FrameType.DATA : random.below(9);
    pair.device.receive(encodeFrame(N, type, random.below(256), random.below(256), random.below(8), body));
    pair.device.tick(i);
    const wrong = held(pair.device, RX_MAX.device);
    if (wrong !== undefined) return wrong;
    if (pair.atDevice.length > 0) return `taken as a message: ${hex(body)}`;
    pair.wire.length = 0;
    // It ended the session, as it may: a host that knows the key is let in again.
    if (!pair.device.live() || i % 5000 === 4999) pair = new Pair({ seed: i }).up();
  });
}, ONE_TEST_MS);

test('both ends of a session: whatever is thrown at them, they find each other again', () => {
  const pair = new Pair().up();
  fuzz('both ends of a session', 6, (random) => {
    const typed = encodeFrame(N, random.below(9), random.below(4), random.below(4), random.below(8), noiseOf(random, random.pick([0, 16, 26, 46, 100])));
    pair.inject(random.below(2) === 0, random.below(3) ? damaged(random, frames) : typed);
    if (random.below(20) === 0) pair.host.send(16, 1, noiseOf(random, random.below(200)));
    if (random.below(20) === 0) pair.device.send(String.fromCharCode(4, 0) + noiseOf(random, random.below(200)));
    pair.run(random.below(50));
    if (!pair.host.live && random.below(10) === 0) pair.host.connect();
    pair.wire.length = 0;
    // Nothing that was injected ever comes through as a message.
    if (pair.atHost.some((m) => m.type !== 1 && m.type !== 4) || pair.atDevice.some((m) => m.type !== 16)) return 'a message that nobody sent';
    pair.atHost.length = 0;
    pair.atDevice.length = 0;
    pair.ups.length = 0;
    pair.downs.length = 0;
    pair.deviceDowns.length = 0;
    return held(pair.host, RX_MAX.host) ?? held(pair.device, RX_MAX.device);
  }, Math.ceil(BUDGET / 4));
  pair.run(60_000);
  if (!pair.host.live) pair.up();
  pair.run(30_000);
  if (!pair.host.live) pair.up();
  expect(pair.host.send(16, 7, 'still here')).toBe(true);
  pair.run(5000);
  expect(pair.atDevice.map((m) => m.body)).toContain('still here');
}, ONE_TEST_MS);
