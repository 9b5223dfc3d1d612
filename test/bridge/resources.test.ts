/** What the API makes of records, people and leases. */
import { encodePeople, GrantKind, grantPayload, hmacKey, MessageType, RecordKind, RefusalCode, sealGrant, type Grant } from '../../protocol';
import { bytesOfHex, toBuffer } from '../../host-bridge/common/bytes';
import { nodeNatives } from '../../host-bridge/natives';
import type { FakeDevice } from './fake-device';
import { Bench, DEVICE } from './harness';

const PERMIT = '70'.repeat(16);
const raw = (hex: string): string => bytesOfHex(hex) ?? '';
const seal = (grant: Grant): string => toBuffer(sealGrant(nodeNatives, hmacKey(nodeNatives, 'x'.repeat(32)), grantPayload(raw(DEVICE), grant))).toString('base64');
const permit = (): string => seal({ kind: 1, notBefore: 1, notAfter: 2_000_000_000, permit: raw(PERMIT), counter: 1, epoch: 0, die: 'DIE00001', count: 3, persons: [1, 1], policy: 1, document: 'd'.repeat(32) });
const at = (path: string): string => `/v1/devices/${DEVICE}${path}`;

let bench: Bench;
let device: FakeDevice;
beforeEach(async () => {
  bench = new Bench();
  device = bench.plug();
  await bench.start();
  await bench.ready();
});
afterEach(() => bench.end());

/** One stroke as a device records it. */
function stroke(use: number, result: number, grade?: number): { before: string; after: string } {
  const before = device.photo(2000 + use, raw(PERMIT));
  device.record(RecordKind.INTENT, [raw(PERMIT), use, use, raw(before), 'DIE00001']);
  const intent = device.nextSeq - 1;
  if (result === 0) return { before, after: '' };
  device.record(RecordKind.OUTCOME, [raw(PERMIT), use, result, '', intent, use, ...(grade === undefined ? [] : [grade])]);
  const after = device.photo(3000 + use, raw(PERMIT));
  device.records.pop();
  device.record(RecordKind.PHOTO, [raw(PERMIT), 1, raw(after), 3000 + use, use]);
  return { before, after };
}

test('uses tell strokes with their outcome and their photos, page by page', async () => {
  device.record(RecordKind.BOOT, [1, 'fake']);
  const first = stroke(1, 1, 1);
  stroke(2, 2);
  stroke(3, 3);
  stroke(4, 0);
  device.notice();
  await bench.clock.until(async () => (await bench.records()).length === device.records.length);
  await bench.clock.run(5000);
  const whole = (await bench.get(at('/uses'))).json<{ uses: Record<string, unknown>[]; next?: number }>();
  expect(whole.uses.map(({ use, result, grade, charged }) => [use, result, grade, charged])).toEqual([[1, 'stamped', 'good', 1], [2, 'failed', null, 2], [3, 'unknown', null, 3], [4, 'pending', null, 4]]);
  expect(whole.uses[0]).toMatchObject({ permit: PERMIT, die: Buffer.from('DIE00001').toString('hex'), before: { digest: first.before, state: 'stored' }, after: { digest: first.after, state: 'stored' } });
  expect([whole.next, whole.uses[3]!['after']]).toEqual([undefined, null]);
  const paged: unknown[] = [];
  for (let after: number | undefined = 0; after !== undefined; ) {
    const page: { uses: unknown[]; next?: number } = (await bench.get(at(`/uses?limit=1&after=${after}`))).json();
    paged.push(...page.uses);
    after = page.next;
  }
  expect(paged).toEqual(whole.uses);
  const photos = (await bench.get(at('/photos?limit=2'))).json<{ photos: { digest: string }[]; next: number }>();
  expect(photos.photos.map(({ digest }) => digest)).toEqual([first.before, first.after]);
});

test('alarms have names, and say which record cleared them', async () => {
  device.record(RecordKind.ALARM, [2, 7]);
  device.record(RecordKind.ALARM, [16, 0]);
  device.record(RecordKind.CLEARED, [2, 0, 'h'.repeat(32)]);
  device.notice();
  await bench.clock.until(async () => (await bench.records()).length === 3);
  // The number of the first record is 0, and a page begins behind its `after`: nothing may be lost there but a start, which is never an alarm.
  const { alarms } = (await bench.get(at('/alarms'))).json<{ alarms: Record<string, unknown>[] }>();
  expect(alarms).toEqual([expect.objectContaining({ seq: 1, name: 'DROP', cleared: null, text: { zh: '设备跌落', en: 'Dropped' } })]);
});

test('take-outs tell who has the unit, and that it came back', async () => {
  device.record(RecordKind.BOOT, [1, 'fake']);
  device.record(RecordKind.CEREMONY, ['c'.repeat(16), 14, 1, 7, undefined, { cbor: '\x82\x07\x08' }, 1_900_000_000]);
  device.record(RecordKind.CEREMONY, ['c'.repeat(16), 5, 2]);
  device.record(RecordKind.CEREMONY, ['c'.repeat(16), 15, 3, undefined, undefined, { cbor: '\x81\x08' }]);
  device.record(RecordKind.CEREMONY, ['c'.repeat(16), 14, 4, 8, undefined, undefined, 1_900_000_001]);
  device.notice();
  await bench.clock.until(async () => (await bench.records()).length === 5);
  expect((await bench.get(at('/take-outs'))).json()).toEqual({
    takeOuts: [
      { seq: 1, time: device.time, borrower: 7, due: 1_900_000_000, persons: [7, 8], ended: { seq: 3, time: device.time, returned: true } },
      { seq: 4, time: device.time, borrower: 8, due: 1_900_000_001, persons: [], ended: null },
    ],
  });
});

test('people come from the device itself, however many answers it takes', async () => {
  const entry = (person: number, until: number, fingers: number, bits: number): string => {
    const bytes = Buffer.alloc(10);
    bytes.writeUInt32LE(person, 0);
    bytes.writeUInt32LE(until, 4);
    bytes[8] = fingers;
    bytes[9] = bits;
    return bytes.toString('latin1');
  };
  let asked = 0;
  device.script = (type, tag) => {
    if (type !== MessageType.PEOPLE_GET) return false;
    device.send(MessageType.PEOPLE, tag, encodePeople(asked++ === 0 ? { people: [entry(1, 0, 2, 1)], more: true } : { people: [entry(7, 1_900_000_000, 0, 3)], more: false }));
    return true;
  };
  expect((await bench.get(at('/people'))).json()).toEqual({
    people: [{ person: 1, until: null, fingers: 2, passcode: true, locked: false }, { person: 7, until: 1_900_000_000, fingers: 0, passcode: true, locked: true }],
  });
  device.script = (type, tag) => type === MessageType.PEOPLE_GET && (device.send(MessageType.PEOPLE, tag, encodePeople({ people: [entry(9, 0, 1, 0), entry(3, 0, 1, 0)], more: false })), true);
  expect((await bench.get(at('/people'))).json()).toMatchObject({ code: 'DEVICE_PROTOCOL' });
});

test('a permit that waits is taken back; one that the device has is not', async () => {
  device.o.cable.connected = false;
  await bench.clock.until(() => bench.bridge.fleet.find(DEVICE) === undefined);
  await bench.send('PUT', at(`/permits/${PERMIT}`), { grant: permit() });
  expect((await bench.send('DELETE', at(`/permits/${PERMIT}`))).json()).toEqual({ permit: PERMIT, state: 'refused', code: 'WITHDRAWN' });
  device.o.cable.connected = true;
  await bench.ready();
  await bench.clock.run(5000);
  expect(device.loaded).toEqual([]);
  await bench.send('PUT', at(`/permits/${PERMIT}`), { grant: permit() }, 'all', { prefer: 'wait=10' });
  expect(device.loaded).toHaveLength(1);
  const late = await bench.send('DELETE', at(`/permits/${PERMIT}`));
  expect([late.statusCode, late.json<{ code: string }>().code]).toEqual([409, 'PERMIT_DELIVERED']);
  expect((await bench.get(at('/permits'))).json()).toMatchObject({ permits: [{ permit: PERMIT, state: 'delivered' }] });
});

test('a revocation withdraws what still waits, and must be about the permit of the address', async () => {
  device.o.cable.connected = false;
  await bench.clock.until(() => bench.bridge.fleet.find(DEVICE) === undefined);
  await bench.send('PUT', at(`/permits/${PERMIT}`), { grant: permit() });
  const revoke = (id: string): string => seal({ kind: GrantKind.REVOKE, permit: raw(id), counter: 1 });
  expect((await bench.send('POST', at(`/permits/${PERMIT}/revoke`), { grant: revoke('71'.repeat(16)) })).json()).toMatchObject({ status: 422, code: 'PERMIT_ID' });
  expect((await bench.send('POST', at(`/permits/${PERMIT}/revoke`), { grant: seal({ kind: GrantKind.TIME, nonce: 'n'.repeat(16), time: 1 }) })).json()).toMatchObject({ code: 'GRANT_KIND' });
  expect((await bench.send('POST', at(`/permits/${PERMIT}/revoke`), { grant: revoke(PERMIT) })).statusCode).toBe(202);
  expect((await bench.get(at(`/permits/${PERMIT}`))).json()).toMatchObject({ code: 'WITHDRAWN' });
  device.o.cable.connected = true;
  await bench.clock.until(() => device.applied.length === 1);
  expect(device.loaded).toEqual([]);
});

test('twenty at once with the same permit: one delivery, one answer for all', async () => {
  const calls = [...Array(20)].map(() => bench.bridge.app.inject({ method: 'PUT', url: at(`/permits/${PERMIT}`), headers: { authorization: 'Bearer all', prefer: 'wait=10' }, payload: { grant: permit() } }));
  const answers = await bench.clock.during(Promise.all(calls));
  expect(new Set(answers.map((answer) => answer.payload)).size).toBe(1);
  await bench.clock.run(5000);
  expect(device.loaded).toHaveLength(1);
});

test('a lease keeps others out, ends by itself, and its number grows', async () => {
  device.script = (type, tag) => type === MessageType.MAINTAIN && (device.refuse(tag, RefusalCode.NOT_MAINTAINED), true);
  const maintain = async (token: 'all' | 'admin', fence?: number) => (await bench.send('POST', at('/maintain'), { what: 'sensors' }, token, fence === undefined ? {} : { 'lease-fence': String(fence) })).json<{ code: string }>().code;
  expect(await maintain('all')).toBe('DEVICE_REFUSED');
  const lease = (await bench.send('POST', at('/lease'), { seconds: 60 }, 'admin')).json<{ fence: number; holder: string; until: number }>();
  expect(lease).toMatchObject({ fence: 1, holder: 'admin' });
  expect(await maintain('all')).toBe('LEASED');
  expect(await maintain('admin')).toBe('LEASED'); // a second program behind the same token
  expect(await maintain('admin', 1)).toBe('DEVICE_REFUSED');
  const refused = await bench.send('POST', at('/lease'), { seconds: 60 });
  expect([refused.statusCode, refused.json<{ code: string }>().code, Number(refused.headers['retry-after'])]).toEqual([409, 'LEASED', 60]);
  await bench.clock.run(60_001);
  await bench.ready();
  expect((await bench.send('POST', at('/lease'), { seconds: 60 })).json()).toMatchObject({ fence: 2, holder: 'all' });
  expect(await maintain('admin', 1)).toBe('LEASE_OVER');
  expect((await bench.send('DELETE', at('/lease'), undefined, 'admin')).statusCode).toBe(404);
  expect((await bench.send('DELETE', at('/lease?force=true'), undefined, 'admin')).json()).toEqual({ ended: true });
  expect(await maintain('admin')).toBe('DEVICE_REFUSED');
});

test('every call stands in the audit, a change before it is answered', async () => {
  await bench.get(at('/uses?after=5'), 'reader');
  await bench.send('POST', at('/lease'), { seconds: 60 }, 'reader');
  await bench.clock.during(bench.bridge.app.inject({ method: 'POST', url: at('/lease'), headers: { authorization: 'Bearer nobody' }, payload: { seconds: 60 } }));
  await bench.clock.run(2000); // a stranger's call has changed nothing, and waits as looks do
  const { calls } = (await bench.get('/v1/audit')).json<{ calls: Record<string, unknown>[] }>();
  expect(calls.map(({ who, how, method, path, status, code }) => [who, how, method, path, status, code])).toEqual([
    ['reader', 'token', 'GET', at('/uses'), 200, ''],
    ['reader', 'token', 'POST', at('/lease'), 403, 'FORBIDDEN'],
    ['', '', 'POST', at('/lease'), 401, 'UNAUTHENTICATED'],
  ]);
  expect(calls[0]).toMatchObject({ address: '127.0.0.1', at: expect.any(Number) });
  expect((await bench.get('/v1/audit', 'reader')).statusCode).toBe(403);
  // Strangers at addresses that do not exist are nobody's calls.
  await bench.clock.during(bench.bridge.app.inject({ method: 'POST', url: '/v1/nowhere', payload: {} }));
  await bench.clock.run(2000);
  const later = (await bench.get('/v1/audit')).json<{ calls: { path: string }[] }>().calls;
  expect(later.some(({ path }) => path.includes('nowhere'))).toBe(false);
});

test('"JSON" without a body is no error where none is wanted, and one where it is', async () => {
  const empty = (url: string) => bench.clock.during(bench.bridge.app.inject({ method: 'POST', url, headers: { authorization: 'Bearer all', 'content-type': 'application/json' }, payload: '' }));
  expect((await empty(at('/time/nonce'))).statusCode).toBe(200);
  expect((await empty(at('/lease'))).json()).toMatchObject({ status: 400, code: 'INVALID' });
});
