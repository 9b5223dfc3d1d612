/** Captured frames: what support needs, nothing secret, never more than so much; and what Wireshark makes of them. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GrantKind, grantPayload, hmacKey, MESSAGES, MessageType, RecordKind, RefusalCode, sealGrant } from '../../protocol';
import { DAMAGES, Ring, type Packet } from '../../host-bridge/bridge/capture';
import { pcapng } from '../../host-bridge/bridge/pcapng';
import { bytesOfHex, toBuffer } from '../../host-bridge/common/bytes';
import { nodeNatives } from '../../host-bridge/natives';
import { Cable } from './fake-device';
import { Bench, DEVICE, LINK_KEY, OTHER } from './harness';

const LUA = join(__dirname, '../../protocol/wireshark/smartseal.lua');
let bench: Bench;
beforeEach(() => {
  bench = new Bench();
});
afterEach(() => bench.end());

/** Packets of a pcapng file, read by its own lengths (draft-ietf-opsawg-pcapng, section 3.1). */
function packetsIn(file: Buffer): { toDevice: boolean; bytes: Buffer; length: number }[] {
  const found = [];
  for (let at = 0; at < file.length; ) {
    const length = file.readUInt32LE(at + 4);
    expect(file.readUInt32LE(at + length - 4)).toBe(length);
    if (file.readUInt32LE(at) === 6) {
      const kept = file.readUInt32LE(at + 20);
      const bytes = file.subarray(at + 28, at + 28 + kept);
      found.push({ bytes, length: file.readUInt32LE(at + 24), toDevice: bytes[2] === 1 });
    }
    at += length;
  }
  return found;
}

const capture = async (id = DEVICE): Promise<Buffer> => {
  const answer = await bench.get(`/v1/devices/${id}/capture`);
  expect([answer.statusCode, answer.headers['content-type']]).toEqual([200, 'application/x-pcapng']);
  return answer.rawPayload;
};

/** A session with a bit of everything, and all that must never be seen outside of it. */
async function session(): Promise<{ secrets: Buffer[] }> {
  const device = bench.plug();
  const wire: Buffer[] = [];
  const { cable } = device.o;
  const { write, fromDevice } = cable;
  cable.write = function (bytes) {
    wire.push(Buffer.from(bytes));
    write.call(this, bytes);
  };
  cable.fromDevice = function (bytes) {
    wire.push(Buffer.from(bytes));
    return fromDevice.call(this, bytes);
  };
  await bench.start();
  await bench.ready();
  device.record(RecordKind.BOOT, [1]);
  const photo = device.photo(9_000);
  device.notice();
  const id = '77'.repeat(16);
  const grant = toBuffer(sealGrant(nodeNatives, hmacKey(nodeNatives, 'x'.repeat(32)), grantPayload(bytesOfHex(DEVICE) ?? '', {
    kind: GrantKind.PERMIT, notBefore: 1, notAfter: 2_000_000_000, permit: bytesOfHex(id) ?? '', counter: 1, epoch: 0, die: 'DIE00001', count: 3, persons: [1, 1], policy: 1, document: 'd'.repeat(32),
  })));
  await bench.send('PUT', `/v1/devices/${DEVICE}/permits/${id}`, { grant: grant.toString('base64') });
  const nonce = (await bench.send('POST', `/v1/devices/${DEVICE}/time/nonce`)).json<{ nonce: string }>().nonce;
  await bench.clock.until(async () => (await bench.events('photo')).length === 1 && device.loaded.length === 1);
  await bench.send('POST', `/v1/devices/${DEVICE}/close`);
  // Of each frame on the wire: what stands behind the head, where it is longer than what says nothing.
  const bodies = wire.flatMap((bytes) => bytes.toString('latin1').split('\0')).filter((piece) => piece.length > 30).map((piece) => Buffer.from(piece.slice(24, 40), 'latin1'));
  const secrets = [Buffer.from(LINK_KEY, 'latin1'), grant.subarray(20, 40), Buffer.from('d'.repeat(16)), Buffer.from(id, 'hex'), Buffer.from(nonce, 'hex'), Buffer.from(photo, 'hex'), toBuffer(device.photos.get(photo)!).subarray(100, 116), toBuffer(device.records[0]!).subarray(30, 46), ...bodies];
  return { secrets };
}

test('a capture has the handshake, the frames and the messages, and nothing that opens or tells what they carried', async () => {
  const { secrets } = await session();
  expect(secrets.length).toBeGreaterThan(20);
  const file = await capture();
  for (const secret of secrets) expect(file.includes(secret)).toBe(false);
  const packets = packetsIn(file);
  const frames = packets.filter(({ bytes }) => bytes[1] === 1).map(({ bytes }) => bytes[4]! & 31);
  expect(frames.slice(0, 4).sort()).toEqual([1, 2, 3, 7]);
  const messages = packets.filter(({ bytes }) => bytes[1] === 2).map(({ bytes, toDevice }) => `${toDevice ? '>' : '<'}${bytes[4]}`);
  for (const wanted of [`<${MessageType.READY}`, `>${MessageType.RECORDS_GET}`, `<${MessageType.PHOTO_CHUNK}`, `>${MessageType.PERMIT_LOAD}`, `>${MessageType.USE_CLOSE}`, `<${MessageType.DONE}`]) expect(messages).toContain(wanted);
  // Of DATA the head alone, and how long it was.
  const data = packets.filter(({ bytes }) => bytes[1] === 1 && (bytes[4]! & 31) === 4);
  expect(data.every(({ bytes, length }) => bytes.length === 8 && length > bytes.length)).toBe(true);
  // Another device has a ring of its own.
  expect((await bench.get(`/v1/devices/${OTHER}/capture`)).statusCode).toBe(404);
  expect((await bench.get(`/v1/devices/${'0'.repeat(16)}/capture`)).json()).toMatchObject({ code: 'UNKNOWN_DEVICE' });
});

test('a port where nobody is known has a ring of its own, with what was wrong', async () => {
  const cable = new Cable(bench.clock);
  bench.port(cable);
  cable.attach(() => {
    cable.fromDevice(Buffer.from('Login: \0\x05abcd\0\x21\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\0'));
    cable.fromDevice(Buffer.alloc(3_000, 65));
    cable.fromDevice(Buffer.from([0]));
  });
  await bench.start();
  await bench.clock.run(20_000);
  const answer = await bench.get('/v1/capture?port=cable:1');
  const packets = packetsIn(answer.rawPayload);
  const damage = packets.filter(({ bytes }) => bytes[1] === 3).map(({ bytes }) => DAMAGES[bytes[3]!]);
  expect(new Set(damage)).toEqual(new Set(['cobs', 'short', 'long']));
  expect(answer.rawPayload.includes('Login')).toBe(false);
  expect(packets.some(({ bytes }) => bytes[1] === 4 && bytes.subarray(4).toString() === 'NOT_A_DEVICE')).toBe(true);
  const metrics = (await bench.get('/metrics')).payload;
  expect(metrics).toMatch(/^smartseal_link_damage_total\{port="cable:1",kind="long"\} [1-9]/m);
  expect(metrics).toMatch(/^smartseal_port_faults_total\{port="cable:1",code="NOT_A_DEVICE"\} [1-9]/m);
  expect((await bench.get('/v1/capture?port=none')).statusCode).toBe(404);
});

test('a ring keeps the newest, whatever comes, and never more than its bytes', () => {
  let seed = 7;
  const dice = (below: number): number => Math.floor(((seed = (seed * 48_271) % 2_147_483_647) * below) / 2_147_483_647);
  for (const limit of [0, 20, 300, 4_096]) {
    const ring = new Ring(limit);
    const model: Packet[] = [];
    for (let i = 0; i < 3_000; i++) {
      const packet: Packet = { at: i + 0.5, toDevice: dice(2) === 1, bytes: Buffer.alloc(dice(60), i), length: dice(5_000) };
      ring.push(packet);
      if (15 + packet.bytes.length <= limit) model.push(packet);
    }
    const size = (packets: Packet[]): number => packets.reduce((sum, { bytes }) => sum + 15 + bytes.length, 0);
    while (size(model) > limit) model.shift();
    expect(ring.packets()).toEqual(model);
    expect(ring.count).toBe(model.length);
  }
});

describe('Wireshark', () => {
  const there = spawnSync('tshark', ['--version'], { encoding: 'utf8' }).status === 0;
  const folder = mkdtempSync(join(tmpdir(), 'tshark-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const tshark = (file: Buffer, ...args: string[]): string => {
    const path = join(folder, 'capture.pcapng');
    writeFileSync(path, file);
    return execFileSync('tshark', ['-X', `lua_script:${LUA}`, '-r', path, ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  };

  test('the dissector knows every message, refusal and damage there is', () => {
    const lua = readFileSync(LUA, 'utf8');
    for (const { name, type } of MESSAGES) expect(lua).toContain(`[${type}] = "${name}"`);
    const proto = readFileSync(join(__dirname, '../../protocol/smartseal.proto'), 'utf8');
    for (const [, name, number] of /enum RefusalCode \{([^}]*)\}/.exec(proto)![1]!.matchAll(/(\w+) = ([1-9]\d*);/g)) expect(lua).toContain(`[${number}] = "${name}"`);
    expect(/local damages = \{(.*)\}/.exec(lua)![1]!.split(',')).toHaveLength(DAMAGES.length);
  });

  (there ? test : test.failing)('tshark takes a capture of a session apart without a complaint', async () => {
    if (!there) throw new Error('tshark is not installed');
    await session();
    const device = bench.devices[0]!;
    device.script = (type, tag) => type === MessageType.TIME_NONCE_GET && (device.refuse(tag, RefusalCode.BUSY), true);
    await bench.send('POST', `/v1/devices/${DEVICE}/time/nonce`);
    const file = await capture();
    const lines = tshark(file, '-T', 'fields', '-E', 'separator=|', '-e', '_ws.col.Protocol', '-e', '_ws.col.Source', '-e', '_ws.col.Info', '-e', '_ws.malformed', '-e', '_ws.lua.text').trim().split('\n');
    expect(lines).toHaveLength(packetsIn(file).length);
    expect(lines.every((line) => /^SmartSeal\|(host|device|bridge)\|[^|]+\|\|$/.test(line))).toBe(true);
    const infos = lines.map((line) => line.split('|').slice(1, 3).join(' '));
    expect(infos.some((info) => /^host RecordsGet, tag \d+, \d+ bytes$/.test(info))).toBe(true);
    expect(infos.some((info) => /^device CHALLENGE, 54 bytes$/.test(info))).toBe(true);
    expect(infos.some((info) => /^device Refusal, tag \d+, \d+ bytes: BUSY$/.test(info))).toBe(true);
    expect(tshark(file, '-Y', 'smartseal.challenge.device', '-T', 'fields', '-e', 'smartseal.challenge.device', '-e', 'smartseal.challenge.frame_max').trim().split('\n')[0]).toBe(`${DEVICE}\t1024`);
    expect(tshark(file, '-Y', 'smartseal.refusal == 19', '-T', 'fields', '-e', 'smartseal.refusal').trim()).toBe('19');
  });

  (there ? test : test.failing)('tshark takes no harm from a capture that lies', async () => {
    if (!there) throw new Error('tshark is not installed');
    await bench.start();
    let seed = 3;
    const dice = (below: number): number => Math.floor(((seed = (seed * 48_271) % 2_147_483_647) * below) / 2_147_483_647);
    const packets: Packet[] = Array.from({ length: 2_000 }, (_, i) => {
      const bytes = Buffer.from(Array.from({ length: dice(24) }, () => dice(256)));
      if (bytes.length > 1 && dice(10) > 0) bytes.set([1, 1 + dice(4)]);
      if (bytes.length > 4 && dice(2) === 0) bytes[4] = 32 + dice(8);
      return { at: i, toDevice: dice(2) === 1, bytes, length: bytes.length + dice(40) };
    });
    const file = pcapng({ name: 'x', program: 'test', comment: '', packets });
    const text = tshark(file, '-T', 'fields', '-e', 'frame.number', '-e', '_ws.lua.text');
    expect(text.trim().split('\n')).toHaveLength(2_000);
    expect(text).not.toMatch(/Lua Error/i);
  });
});
