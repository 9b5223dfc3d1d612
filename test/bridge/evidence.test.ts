import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeRecordsGet, encodePhotoChunk, encodeRecords, MessageType, RecordKind, readRecord as readOnDevice } from '../../protocol';
import { toBuffer, toBytes } from '../../host-bridge/common/bytes';
import { readRecord } from '../../host-bridge/common/record';
import { Bench, DEVICE, OTHER } from './harness';

let bench: Bench;
beforeEach(() => {
  bench = new Bench();
});
afterEach(() => bench.end());

const upTo = (n: number): number[] => [...Array(n).keys()];
const photoPath = (digest: string): string => join(bench.directory, 'spool', 'photos', `${digest}.jpg`);

test('records are pulled after READY and on NOTICE, in order, each with one event', async () => {
  const device = bench.plug();
  for (let i = 0; i < 10; i++) device.record(RecordKind.BOOT, [i + 1]);
  await bench.start();
  await bench.clock.until(async () => (await bench.records()).length === 10);
  device.record(RecordKind.ALARM, [3, 0]);
  device.notice();
  expect(await bench.clock.until(async () => (await bench.records()).length === 11)).toBeLessThan(1_000);
  expect(await bench.records()).toEqual(upTo(11));
  expect((await bench.events('record')).map((event) => event['seq'])).toEqual(upTo(11));
  expect(await bench.events('alarm')).toEqual([{ seq: 10, condition: 3, time: 1_800_000_000 }]);
  const page = (await bench.get(`/v1/devices/${DEVICE}/records?from=3&limit=2`)).json();
  expect(page).toEqual({ records: [3, 4].map((seq) => ({ seq, bytes: toBuffer(device.records[seq] ?? '').toString('base64') })), next: 5, branch: 0 });
});

test('records and photos arrive whole although the line breaks at every chunk', async () => {
  const device = bench.plug();
  const digests: string[] = [];
  for (let i = 0; i < 5; i++) {
    device.record(RecordKind.OPENED, ['p'.repeat(16)]);
    digests.push(device.photo(20_000 + i));
  }
  await bench.start();
  let breaks = 0;
  for (let round = 1; (await bench.events('photo')).length < 5; round++) {
    // Enough for handshake and status, and one chunk more each round: so the break falls on every place there is.
    device.o.cable.deadAfter = 10 + (round % 40);
    await bench.clock.until(async () => device.o.cable.dead || (await bench.events('photo')).length === 5, 120_000);
    if (device.o.cable.dead) breaks++;
    device.o.cable.dead = false;
    device.o.cable.deadAfter = Infinity;
    device.reboot();
    await bench.ready();
    expect(round).toBeLessThan(200);
  }
  expect(breaks).toBeGreaterThan(5);
  expect(await bench.records()).toEqual(upTo(10));
  for (const digest of digests) {
    const photo = await bench.get(`/v1/devices/${DEVICE}/photos/${digest}`);
    expect(photo.statusCode).toBe(200);
    expect(photo.headers['content-type']).toBe('image/jpeg');
    expect(toBytes(photo.rawPayload)).toBe(device.photos.get(digest));
  }
  expect(readdirSync(join(bench.directory, 'spool', 'incoming'))).toEqual([]);
  expect(await bench.incidents()).toEqual([]);
});

test('a bridge that is killed at any instant goes on from what it had stored', async () => {
  const device = bench.plug();
  const digests: string[] = [];
  for (let i = 0; i < 6; i++) {
    device.record(RecordKind.OPENED, ['p'.repeat(16)]);
    digests.push(device.photo(100_000 + i));
  }
  let kills = 0;
  await bench.start();
  for (; (await bench.bridge.events.after(0, 1000)).filter((event) => event.type === 'photo').length < 6; kills++) {
    await bench.clock.run(10 + ((kills * 37) % 61));
    bench.crash();
    await bench.start();
    expect(kills).toBeLessThan(200);
  }
  expect(kills).toBeGreaterThan(10);
  expect(await bench.records()).toEqual(upTo(12));
  expect((await bench.events('record')).map((event) => event['seq'])).toEqual(upTo(12));
  expect(new Set((await bench.events('photo')).map((event) => event['digest']))).toEqual(new Set(digests));
  expect(await bench.events('photo')).toHaveLength(6);
  expect(await bench.incidents()).toEqual([]);
});

test('a photo is 425 until it has come, 404 if no record names it', async () => {
  const device = bench.plug();
  device.script = (type) => type === MessageType.PHOTO_GET;
  const digest = device.photo(5_000);
  await bench.start();
  await bench.clock.until(async () => (await bench.records()).length === 1);
  const pending = await bench.get(`/v1/devices/${DEVICE}/photos/${digest}`);
  expect([pending.statusCode, pending.json<{ code: string }>().code]).toEqual([425, 'PHOTO_PENDING']);
  expect((await bench.get(`/v1/devices/${DEVICE}/photos/${'0'.repeat(64)}`)).statusCode).toBe(404);
  device.script = () => false;
  await bench.clock.until(() => existsSync(photoPath(digest)));
});

test('a photo that is not what the record says is fetched anew, and noted', async () => {
  const device = bench.plug();
  const digest = device.photo(5_000);
  let lies = 2;
  device.script = (type, tag) => {
    if (type !== MessageType.PHOTO_GET || lies === 0) return false;
    lies--;
    for (let at = 0; at < 5_000; at += 1_000) device.send(MessageType.PHOTO_CHUNK, tag, encodePhotoChunk({ offset: at, data: 'x'.repeat(1_000), last: at === 4_000, size: 5_000 }));
    return true;
  };
  await bench.start();
  await bench.clock.until(() => existsSync(photoPath(digest)));
  expect(toBytes(readFileSync(photoPath(digest)))).toBe(device.photos.get(digest));
  expect(await bench.incidents()).toEqual(['photo-wrong']);
});

test('a photo that stays wrong is given up for the session, the rest goes on', async () => {
  const device = bench.plug();
  const bad = device.photo(5_000);
  const good = device.photo(6_000);
  device.photos.set(bad, 'y'.repeat(5_000));
  await bench.start();
  await bench.clock.until(() => existsSync(photoPath(good)));
  const requests = device.photoRequests;
  await bench.clock.run(120_000);
  expect(device.photoRequests).toBe(requests);
  expect((await bench.get(`/v1/devices/${DEVICE}/photos/${bad}`)).statusCode).toBe(425);
});

test('a photo the device has lost is noted and answered 410', async () => {
  const device = bench.plug();
  const digest = device.photo(5_000);
  device.photos.clear();
  await bench.start();
  await bench.clock.until(async () => (await bench.get(`/v1/devices/${DEVICE}/photos/${digest}`)).statusCode === 410);
  expect(await bench.incidents()).toEqual(['photo-gone']);
});

test.each(['offset', 'size', 'empty'])('photo chunks with a wrong %s break the link and write nothing wrong', async (what) => {
  const device = bench.plug();
  const digest = device.photo(3_000);
  let lie = true;
  device.script = (type, tag) => {
    if (type !== MessageType.PHOTO_GET || !lie) return false;
    const chunk = { offset: 0, data: 'z'.repeat(1_000), last: false, size: 3_000 };
    if (what === 'offset') chunk.offset = 1;
    if (what === 'size') chunk.size = 9_999;
    if (what === 'empty') chunk.data = '';
    device.send(MessageType.PHOTO_CHUNK, tag, encodePhotoChunk(chunk));
    return true;
  };
  await bench.start();
  await bench.clock.until(async () => (await bench.events('port')).some((event) => event['code'] === 'LINK_BROKEN'));
  lie = false;
  await bench.clock.until(() => existsSync(photoPath(digest)));
  expect(toBytes(readFileSync(photoPath(digest)))).toBe(device.photos.get(digest));
});

test('a device that comes with another history is told from the first: both are kept', async () => {
  const device = bench.plug();
  for (let i = 0; i < 6; i++) device.record(RecordKind.BOOT, [1]);
  await bench.start();
  await bench.clock.until(async () => (await bench.records()).length === 6);
  const first = (await bench.get(`/v1/devices/${DEVICE}/records`)).json<{ records: unknown }>().records;
  device.records = [];
  for (let i = 0; i < 9; i++) device.record(RecordKind.BOOT, [2]);
  device.reboot();
  await bench.clock.until(async () => (await bench.records()).length === 9);
  expect(await bench.incidents()).toEqual(['fork']);
  expect(await bench.events('incident')).toHaveLength(1);
  expect((await bench.get(`/v1/devices/${DEVICE}/records?branch=0`)).json<{ records: unknown }>().records).toEqual(first);
  expect(await bench.records(DEVICE, 1)).toEqual(upTo(9));
});

test('a device that lost its newest records is told, and what it writes then is kept beside', async () => {
  const device = bench.plug();
  for (let i = 0; i < 6; i++) device.record(RecordKind.BOOT, [1]);
  await bench.start();
  await bench.clock.until(async () => (await bench.records()).length === 6);
  device.records = device.records.slice(0, 4);
  device.reboot();
  await bench.clock.until(async () => (await bench.incidents()).length > 0);
  expect(await bench.incidents()).toEqual(['rollback']);
  await bench.clock.until(async () => (await bench.records()).length === 4);
  expect(await bench.records(DEVICE, 0)).toEqual(upTo(6));
});

test('records that the device recycled before they came are a gap, never skipped in silence', async () => {
  const device = bench.plug();
  for (let i = 0; i < 3; i++) device.record(RecordKind.BOOT, [1]);
  await bench.start();
  await bench.clock.until(async () => (await bench.records()).length === 3);
  device.o.cable.connected = false;
  for (let i = 0; i < 5; i++) device.record(RecordKind.BOOT, [1]);
  device.records = device.records.slice(5);
  device.firstSeq = 5;
  device.reboot();
  device.o.cable.connected = true;
  await bench.clock.until(async () => (await bench.records()).length === 6);
  expect(await bench.records()).toEqual([0, 1, 2, 5, 6, 7]);
  expect(await bench.events('incident')).toEqual([{ kind: 'gap', branch: 0, seq: 3, from: 3, to: 5 }]);
});

test.each([
  ['malformed', 'not a record at all'],
  ['malformed', '\x9f\x9f\x9f\x9f'],
  ['malformed', '\x82\x5b\xff\xff\xff\xff\xff\xff\xff\xff'],
  ['malformed', '\x81'.repeat(500)],
  ['malformed', '\xd8\x1c'.repeat(200)],
])('hostile records (%s) are kept as an incident and nothing is stored as a record', async (kind, bytes) => {
  const device = bench.plug();
  device.record(RecordKind.BOOT, [1]);
  device.script = (type, tag, body) => {
    if (type !== MessageType.RECORDS_GET) return false;
    const fromSeq = decodeRecordsGet(body)?.fromSeq ?? 0;
    device.send(MessageType.RECORDS, tag, encodeRecords({ fromSeq, records: [device.records[0] ?? '', bytes].slice(fromSeq) }));
    return true;
  };
  await bench.start();
  await bench.clock.until(async () => (await bench.incidents()).length > 0);
  expect(await bench.records()).toEqual([0]);
  expect(await bench.incidents()).toEqual([kind]);
  await bench.clock.run(300_000);
  expect(await bench.incidents()).toHaveLength(1);
  expect(await bench.events('incident')).toHaveLength(1);
});

test.each([
  ['foreign', { device: '12345678' }],
  ['sequence', { seq: 7 }],
] as const)('a record of the wrong %s is refused', async (kind, change) => {
  const device = bench.plug();
  device.record(RecordKind.BOOT, [1]);
  device.record(RecordKind.BOOT, [2], change);
  await bench.start();
  await bench.clock.until(async () => (await bench.incidents()).length > 0);
  expect(await bench.records()).toEqual([0]);
  expect(await bench.incidents()).toEqual([kind]);
});

test('a device whose chain breaks inside ends in quarantine, not in an endless loop; a person lifts it', async () => {
  const device = bench.plug();
  device.record(RecordKind.BOOT, [1]);
  device.record(RecordKind.BOOT, [2], { prev: 'q'.repeat(32) });
  await bench.start();
  await bench.clock.until(async () => (await bench.incidents()).includes('quarantine'));
  const events = (await bench.bridge.events.bounds()).newest;
  await bench.clock.run(300_000);
  expect((await bench.bridge.events.bounds()).newest).toBe(events);
  expect((await bench.get(`/v1/devices/${DEVICE}`)).json()).toMatchObject({ quarantined: true, connected: true });
  expect((await bench.send('DELETE', `/v1/devices/${DEVICE}/quarantine`)).statusCode).toBe(200);
  expect((await bench.send('DELETE', `/v1/devices/${DEVICE}/quarantine`)).statusCode).toBe(409);
});

test('a photo record without a usable digest or size is an incident', async () => {
  const device = bench.plug(OTHER);
  device.record(RecordKind.PHOTO, ['p'.repeat(16), 0, 'd'.repeat(32), 99_999_999, 1]);
  await bench.start();
  await bench.clock.until(async () => (await bench.records(OTHER)).length === 1);
  expect(await bench.incidents()).toEqual(['photo-record']);
});

test('the host and the device read the same records', () => {
  const device = bench.plug();
  device.record(RecordKind.BOOT, [1, 'v']);
  device.photo(2_000);
  for (const bytes of device.records) {
    const host = readRecord(toBuffer(bytes));
    const own = readOnDevice(bytes);
    expect([host?.seq, host?.boot, host?.kind, host?.time, toBytes(host?.prev ?? Buffer.alloc(0)), toBytes(host?.mac ?? Buffer.alloc(0))]).toEqual([own?.seq, own?.boot, own?.kind, own?.time, own?.prev, own?.mac]);
  }
  return bench.start();
});

test('records of a stroke that lack what they should say are kept like any other, and hold up nothing', async () => {
  const device = bench.plug();
  await bench.start();
  const id = 'p'.repeat(16);
  for (const kind of [RecordKind.INTENT, RecordKind.OUTCOME, RecordKind.CLOSED]) for (const values of [[], [id], [id, 1], ['short', 1, 1]]) device.record(kind, values);
  device.record(RecordKind.BOOT, [1]);
  await bench.clock.until(async () => (await bench.records()).length === 13, 30_000);
});
