/** What the bridge keeps, for how long, and what it does when the disk runs low. */
import { existsSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync, copyFileSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { GrantKind, grantPayload, hmacKey, RecordKind, sealGrant, type Grant } from '../../protocol';
import { bytesOfHex, toBuffer } from '../../host-bridge/common/bytes';
import { openStore } from '../../host-bridge/common/database';
import { ackOf } from '../../host-bridge/bridge/retention';
import { MIGRATIONS } from '../../host-bridge/bridge/tables';
import { nodeNatives } from '../../host-bridge/natives';
import { Bench, DEVICE, OTHER } from './harness';

const DAY = 86_400_000;
let bench: Bench;
beforeEach(() => {
  bench = new Bench();
});
afterEach(() => bench.end());

const seal = (grant: Grant, device = DEVICE): Buffer => toBuffer(sealGrant(nodeNatives, hmacKey(nodeNatives, 'x'.repeat(32)), grantPayload(bytesOfHex(device) ?? '', grant)));
const ack = (records: number, photos: number): Buffer => seal({ kind: GrantKind.ACK, recordsThrough: records, photosThrough: photos, hash: 'h'.repeat(32) });
const permit = (id: string): Buffer =>
  seal({ kind: 1, notBefore: 1, notAfter: 2_000_000_000, permit: bytesOfHex(id) ?? '', counter: 1, epoch: 0, die: 'DIE00001', count: 3, persons: [1, 1], policy: 1, document: 'd'.repeat(32) });
const post = (grant: Buffer) => bench.send('POST', `/v1/devices/${DEVICE}/grants`, { grant: grant.toString('base64') });
const fileOf = (digest: string): string => join(bench.directory, `spool/photos/${digest}.jpg`);
const stored = (): string[] => readdirSync(join(bench.directory, 'spool/photos'));
/** So many days go by, and the bridge begins anew. */
const later = async (days: number, keepDays = 30): Promise<void> => {
  await bench.stop();
  bench.clock.skip(days * DAY);
  await bench.start({ keepDays });
  await bench.clock.run(5_000);
};
const photo = async (digest: string): Promise<[number, unknown]> => {
  const answer = await bench.get(`/v1/devices/${DEVICE}/photos/${digest}`);
  return [answer.statusCode, answer.statusCode === 200 ? answer.rawPayload.length : answer.json<{ code: string }>().code];
};

test('an acknowledgement is known by its form, and nothing else is taken for one', () => {
  expect(ackOf(ack(7, 5))).toEqual({ records: 7, photos: 5 });
  for (const other of [permit('aa'.repeat(16)), Buffer.alloc(0), Buffer.from('d18440', 'hex'), Buffer.alloc(300, 0x9f)]) expect(ackOf(other)).toBeUndefined();
});

test('what the register has goes after its days; what it does not have stays, however long the desk is away', async () => {
  const device = bench.plug();
  const digests = [1, 2, 3].map((i) => device.photo(3_000 + i));
  await bench.start({ keepDays: 30 });
  await bench.clock.until(() => stored().length === 3);
  await bench.stop();
  // A month and more without anybody: everything is still there.
  device.o.cable.connected = false;
  await later(40);
  expect(stored()).toHaveLength(3);
  device.o.cable.connected = true;
  await bench.ready();
  expect((await post(ack(2, 2))).statusCode).toBe(202);
  await bench.clock.until(() => device.applied.length === 1);
  await later(0);
  await bench.clock.until(() => stored().length === 1, 60_000);
  expect(await photo(digests[2]!)).toEqual([200, 3_003]);
  expect([404, 410]).toContain((await photo(digests[0]!))[0]);
  expect(await bench.records()).toEqual([2]);
  // The chain goes on where it was, and a new photo is not touched.
  const late = device.photo(5_000);
  device.notice();
  await bench.clock.until(() => stored().length === 2);
  expect((await photo(late))[0]).toBe(200);
  expect(await bench.incidents()).toEqual([]);
  await later(60);
  expect(stored()).toHaveLength(2);
});

test('an acknowledgement that the device refuses frees nothing', async () => {
  const device = bench.plug();
  device.photo(3_000);
  await bench.start({ keepDays: 1 });
  await bench.clock.until(() => stored().length === 1);
  device.script = (type, tag) => type === 21 && (device.refuse(tag, 3), true);
  await post(ack(1, 1));
  await bench.clock.run(1_000);
  await later(5, 1);
  expect(stored()).toHaveLength(1);
});

test('killed between a released photo and its row: told as released, whatever stands in its file', async () => {
  const device = bench.plug();
  const digests = [device.photo(3_000), device.photo(3_001)];
  await bench.start({ keepDays: 30 });
  await bench.clock.until(() => stored().length === 2);
  await post(ack(2, 2));
  await bench.clock.until(() => device.applied.length === 1);
  // As the power cut leaves it: a disk that ran low had freed the file, and has room again afterwards.
  await bench.stop();
  rmSync(fileOf(digests[0]!));
  truncateSync(fileOf(digests[1]!), 2_000);
  await bench.start({ keepDays: 30 });
  await bench.clock.run(5_000);
  expect([await photo(digests[0]!), await photo(digests[1]!)]).toEqual([[410, 'PHOTO_RELEASED'], [410, 'PHOTO_RELEASED']]);
  expect(await bench.incidents()).toEqual([]);
});

test('a file that is lost or spoilt before the register has it comes from the device once more, and is told', async () => {
  const device = bench.plug();
  const digests = [device.photo(3_000), device.photo(3_001), device.photo(3_002), device.photo(3_003)];
  await bench.start({ keepDays: 30 });
  await bench.clock.until(() => stored().length === 4);
  rmSync(fileOf(digests[0]!));
  truncateSync(fileOf(digests[1]!), 2_000);
  const bytes = readFileSync(fileOf(digests[2]!));
  bytes[1_500]! ^= 1;
  writeFileSync(fileOf(digests[2]!), bytes);
  // Never the wrong bytes, and while the device is away they are waited for.
  device.o.cable.connected = false;
  await bench.clock.run(20_000);
  for (const digest of digests.slice(0, 3)) expect([await photo(digest), await photo(digest)]).toEqual([[425, 'PHOTO_PENDING'], [425, 'PHOTO_PENDING']]);
  expect(await photo(digests[3]!)).toEqual([200, 3_003]);
  device.o.cable.connected = true;
  await bench.clock.until(async () => (await photo(digests[2]!))[0] === 200, 60_000);
  expect(await Promise.all(digests.map(photo))).toEqual([[200, 3_000], [200, 3_001], [200, 3_002], [200, 3_003]]);
  const { incidents } = (await bench.get('/v1/incidents')).json<{ incidents: { kind: string; detail: unknown }[] }>();
  expect(incidents.map(({ kind, detail }) => [kind, detail])).toEqual([
    ['photo-lost', { digest: digests[0], why: 'missing' }], ['photo-lost', { digest: digests[1], why: 'spoilt' }], ['photo-lost', { digest: digests[2], why: 'spoilt' }],
  ]);
  // With the device on the line it is asked at once.
  rmSync(fileOf(digests[3]!));
  expect(await photo(digests[3]!)).toEqual([425, 'PHOTO_PENDING']);
  await bench.clock.until(async () => (await photo(digests[3]!))[0] === 200, 5_000);
});

test.each<[string, (file: string) => void]>([
  ['a folder', (file) => mkdirSync(join(file, 'in'), { recursive: true })],
  ['a link to another file', (file) => symlinkSync('/etc/hostname', file)],
  ['a link that leads nowhere', (file) => symlinkSync('/nowhere', file)],
  ['a file larger than the memory', (file) => (writeFileSync(file, ''), truncateSync(file, 1.5 * 2 ** 30))],
  ['other bytes, as many', (file) => writeFileSync(file, Buffer.alloc(3_000, 7))],
])('in place of a photo there is %s: it is put aside, whoever asks at once, twice if need be, and the photo comes once more', async (_name, put) => {
  const digest = bench.plug().photo(3_000);
  await bench.start({ keepDays: 30 });
  await bench.clock.until(() => stored().length === 1);
  for (let turn = 0; turn < 2; turn++) {
    rmSync(fileOf(digest));
    put(fileOf(digest));
    const before = process.memoryUsage().external;
    expect(new Set((await Promise.all(Array.from({ length: 40 }, () => photo(digest)))).map(String))).toEqual(new Set(['425,PHOTO_PENDING']));
    expect(process.memoryUsage().external - before).toBeLessThan(2 ** 28);
    await bench.clock.until(async () => (await photo(digest))[0] === 200, 60_000);
  }
  const { incidents } = (await bench.get('/v1/incidents')).json<{ incidents: { kind: string; times: number; detail: unknown }[] }>();
  expect(incidents).toMatchObject([{ kind: 'photo-lost', times: 2, detail: { digest, why: 'spoilt' } }]);
});

test('a photo that two devices brought goes with the last of them', async () => {
  const device = bench.plug();
  const other = bench.plug(OTHER);
  const digest = device.photo(3_000);
  other.photo(3_000);
  await bench.start({ keepDays: 1 });
  await bench.clock.until(async () => (await bench.events('photo')).length === 2);
  await post(ack(1, 1));
  await bench.clock.until(() => device.applied.length === 1);
  await later(3, 1);
  expect((await bench.get(`/v1/devices/${OTHER}/photos/${digest}`)).statusCode).toBe(200);
});

test('a disk that runs low: photos wait on the device, records come, permits are refused with a time to come back', async () => {
  const device = bench.plug();
  let free = 1_000_000;
  const digests = [device.photo(3_000), device.photo(3_001)];
  await bench.start({ reserve: 500_000, freeBytes: () => free });
  await bench.clock.until(() => stored().length === 2);
  free = 400_000;
  await bench.clock.run(2_000);
  const waiting = device.photo(3_002);
  device.record(RecordKind.ALARM, [3, 0]);
  device.notice();
  await bench.clock.until(async () => (await bench.records()).length === 4, 10_000);
  await bench.clock.run(60_000);
  expect(await photo(waiting)).toEqual([425, 'PHOTO_PENDING']);
  const refused = await bench.send('PUT', `/v1/devices/${DEVICE}/permits/${'aa'.repeat(16)}`, { grant: permit('aa'.repeat(16)).toString('base64') });
  expect([refused.statusCode, refused.json<{ code: string }>().code, refused.headers['retry-after']]).toEqual([503, 'STORE_FULL', '60']);
  expect((await bench.get('/readyz')).statusCode).toBe(503);
  // What the register has makes room before its days are over.
  expect((await post(ack(2, 2))).statusCode).toBe(202);
  await bench.clock.until(() => stored().length === 0, 60_000);
  expect((await photo(digests[0]!))).toEqual([410, 'PHOTO_RELEASED']);
  expect(await bench.records()).toHaveLength(4);
  free = 1_000_000;
  await bench.clock.until(async () => (await photo(waiting))[0] === 200, 120_000);
  await bench.clock.until(async () => (await bench.get('/readyz')).statusCode === 200, 30_000);
  expect(await bench.incidents()).toEqual([]);
});

test.each([['cut short', (part: string, size: number) => truncateSync(part, Math.floor(size / 3))], ['with a tail of zeros', (part: string, size: number) => truncateSync(part, size + 5_000)], ['overwritten', (part: string, size: number) => writeFileSync(part, Buffer.alloc(size, 7))], ['longer than the photo', (part: string) => truncateSync(part, 200_000)]])(
  'a part of a photo that a crash left %s is fetched anew and not held against the device',
  async (_how, spoil) => {
    const device = bench.plug();
    const digest = device.photo(100_000);
    const part = join(bench.directory, 'spool/incoming', `${DEVICE}-${digest}.part`);
    await bench.start();
    await bench.clock.until(() => existsSync(part) && statSync(part).size > 20_000);
    bench.crash();
    spoil(part, statSync(part).size);
    await bench.start();
    await bench.clock.until(async () => (await photo(digest))[0] === 200, 60_000);
    expect((await photo(digest))[1]).toBe(100_000);
    expect(await bench.incidents()).toEqual([]);
  },
);

test('a database whose log was cut at any byte: what is left is a whole, and the device brings the rest again', async () => {
  const device = bench.plug();
  await bench.start();
  await bench.ready();
  for (let i = 0; i < 30; i++) {
    device.record(RecordKind.BOOT, [i]);
    if (i % 10 === 9) device.photo(2_000 + i);
    device.notice();
    await bench.clock.run(50);
  }
  await bench.clock.until(async () => (await bench.records()).length === 33);
  const log = join(bench.directory, 'bridge.db-wal');
  const size = statSync(log).size;
  const home = join(bench.directory, 'copy');
  mkdirSync(home);
  bench.crash();
  for (const name of ['bridge.db', 'bridge.db-wal']) copyFileSync(join(bench.directory, name), join(home, name));
  for (let cut = 0; cut < 12; cut++) {
    const at = cut === 0 ? 0 : Math.floor((size * cut * 0.083 + 17 * cut) % size);
    for (const name of ['bridge.db', 'bridge.db-wal']) copyFileSync(join(home, name), join(home, `${cut}${name}`));
    truncateSync(join(home, `${cut}bridge.db-wal`), at);
    await bench.start({ database: join(home, `${cut}bridge.db`), spool: join(home, `${cut}`) });
    await bench.clock.until(async () => (await bench.records()).length === 33 && (await bench.events('photo')).length === 3, 60_000);
    expect((await bench.events('record')).map(({ seq }) => seq)).toEqual([...Array(33).keys()]);
    expect((await bench.incidents()).filter((kind) => kind !== 'late')).toEqual([]);
    bench.crash();
  }
  await bench.start();
}, 120_000);

test('a database file cut short is named and left as it is, not made anew', async () => {
  bench.plug().record(RecordKind.BOOT, [1]);
  await bench.start();
  await bench.clock.until(async () => (await bench.records()).length === 1);
  await bench.stop();
  const file = join(bench.directory, 'cut.db');
  const whole = statSync(join(bench.directory, 'bridge.db')).size;
  const outcomes = new Set<string>();
  for (let at = 1; at < whole; at += 3_001) {
    copyFileSync(join(bench.directory, 'bridge.db'), file);
    truncateSync(file, at);
    try {
      const store = openStore(file, MIGRATIONS);
      outcomes.add('opened');
      await store.close();
    } catch (error) {
      outcomes.add((error as { code: string }).code);
      expect(statSync(file).size).toBe(at);
    }
  }
  expect([...outcomes]).toEqual(['STORE_FAILED']);
  // A whole copy opens.
  copyFileSync(join(bench.directory, 'bridge.db'), file);
  await openStore(file, MIGRATIONS).close();
  await bench.start();
});
