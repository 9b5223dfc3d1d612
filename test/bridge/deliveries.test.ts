import { grantPayload, hmacKey, MessageType, RecordKind, RefusalCode, sealGrant, UseState, type Grant } from '../../protocol';
import { bytesOfHex, toBuffer } from '../../host-bridge/common/bytes';
import { nodeNatives } from '../../host-bridge/natives';
import { Bench, DEVICE, OTHER } from './harness';

const PERMIT = '70'.repeat(16);

function seal(device: string, grant: Grant): string {
  const payload = grantPayload(bytesOfHex(device) ?? '', grant);
  return toBuffer(sealGrant(nodeNatives, hmacKey(nodeNatives, 'x'.repeat(32)), payload)).toString('base64');
}

function permit(device = DEVICE, id = PERMIT, counter = 1): string {
  return seal(device, {
    kind: 1, notBefore: 1, notAfter: 2_000_000_000, permit: bytesOfHex(id) ?? '', counter, epoch: 0, die: 'DIE00001', count: 3, persons: [1, 1], policy: 1, document: 'd'.repeat(32),
  });
}

function time(at: number): string {
  return seal(DEVICE, { kind: 2, nonce: 'n'.repeat(16), time: at });
}

let bench: Bench;
beforeEach(() => {
  bench = new Bench();
});
afterEach(() => bench.end());

const put = (grant: string, id = PERMIT, device = DEVICE) => bench.send('PUT', `/v1/devices/${device}/permits/${id}`, { grant });

test('a permit waits for its device, is delivered once, and its use is followed', async () => {
  const device = bench.plug();
  device.o.cable.connected = false;
  await bench.start();
  const first = await put(permit());
  expect([first.statusCode, first.json()]).toEqual([202, { permit: PERMIT, state: 'queued' }]);
  expect((await put(permit())).json()).toEqual({ permit: PERMIT, state: 'queued' });
  device.o.cable.connected = true;
  await bench.clock.until(async () => (await put(permit())).json<{ state: string }>().state === 'delivered');
  await bench.clock.run(5_000);
  expect(device.loaded).toHaveLength(1);
  device.record(RecordKind.INTENT, ['p'.repeat(16), 1, 1]);
  device.record(RecordKind.CLOSED, ['p'.repeat(16), 1, 1]);
  device.notice();
  await bench.clock.run(1_000);
  const seen = (await bench.get(`/v1/devices/${DEVICE}/permits/${PERMIT}`)).json();
  expect(seen).toEqual({ permit: PERMIT, state: 'delivered', count: 3, used: 1, closed: true });
  expect((await bench.events('permit')).map((event) => [event['state'], event['used'], event['closed']])).toEqual([['delivered', 0, false], ['delivered', 1, false], ['delivered', 1, true]]);
});

test('permits reach the device in order, whatever the line does, each at least once and with one result', async () => {
  const device = bench.plug();
  await bench.start();
  await bench.ready();
  const ids = [...Array(20).keys()].map((i) => i.toString(16).padStart(32, '0'));
  for (const [i, id] of ids.entries()) await put(permit(DEVICE, id, i + 1), id);
  for (let round = 0; device.loaded.length < 20 || (await bench.events('permit')).length < 20; round++) {
    device.o.cable.deadAfter = 8 + (round % 9);
    await bench.clock.until(() => device.o.cable.dead || new Set(device.loaded).size === 20, 60_000);
    await bench.clock.run(50);
    device.o.cable.dead = false;
    device.o.cable.deadAfter = Infinity;
    device.reboot();
    await bench.ready();
    expect(round).toBeLessThan(100);
  }
  const order = device.loaded.filter((grant, at) => device.loaded.indexOf(grant) === at);
  expect(order).toEqual(ids.map((id, i) => Buffer.from(permit(DEVICE, id, i + 1), 'base64').toString('hex')));
  expect((await bench.events('permit')).map((event) => event['permit'])).toEqual(ids);
});

test('a refusal is kept with its code; handed in again the device is asked again', async () => {
  const device = bench.plug();
  let code: number = RefusalCode.TIME_UNKNOWN;
  device.permitAnswer = () => code;
  await bench.start();
  await bench.ready();
  const refused = await bench.send('PUT', `/v1/devices/${DEVICE}/permits/${PERMIT}`, { grant: permit() }, 'all', { prefer: 'wait=5' });
  expect(refused.json()).toEqual({ permit: PERMIT, state: 'refused', code: 'TIME_UNKNOWN' });
  code = 0;
  const again = await bench.send('PUT', `/v1/devices/${DEVICE}/permits/${PERMIT}`, { grant: permit() }, 'all', { prefer: 'wait=5' });
  expect(again.json()).toEqual({ permit: PERMIT, state: 'delivered', count: 3, used: 0, closed: false });
});

test('a busy device is asked again until it has time', async () => {
  const device = bench.plug();
  let busy = 3;
  device.permitAnswer = () => (busy-- > 0 ? RefusalCode.BUSY : 0);
  await bench.start();
  await bench.ready();
  await put(permit());
  await bench.clock.until(() => device.loaded.length === 1, 10_000);
});

test('a device that takes nothing during a stroke still gives its records and photos, and is asked again as soon as it says it is done', async () => {
  const device = bench.plug();
  await bench.start();
  await bench.ready();
  let [stroking, asked] = [true, 0];
  device.script = (type, tag) => {
    if (type !== MessageType.GRANT_APPLY || !stroking) return false;
    asked++;
    device.refuse(tag, RefusalCode.BUSY);
    return true;
  };
  await bench.send('POST', `/v1/devices/${DEVICE}/grants`, { grant: time(1) });
  device.state = UseState.STROKING;
  device.photo(60_000);
  device.notice();
  await bench.clock.until(async () => (await bench.events('photo')).length === 1, 3_000);
  expect(device.photoRequests).toBe(Math.ceil(60_000 / 8192)); // small parts: records written meanwhile wait for no more
  expect(await bench.records()).toEqual([0]);
  const before = asked;
  await bench.clock.run(10_000);
  expect(asked - before).toBeGreaterThanOrEqual(9);
  expect(asked - before).toBeLessThanOrEqual(11);
  expect(device.applied).toHaveLength(0);
  stroking = false;
  device.state = UseState.IDLE;
  device.photoRequests = 0;
  device.photo(60_001);
  device.notice();
  await bench.clock.until(() => device.applied.length === 1, 200);
  await bench.clock.until(async () => (await bench.events('photo')).length === 2, 3_000);
  expect(device.photoRequests).toBeLessThanOrEqual(2);
});

test('a bridge killed between the device’s answer and its own note delivers again, with one result', async () => {
  const device = bench.plug();
  await bench.start();
  await bench.ready();
  device.permitAnswer = () => {
    if (device.loaded.length === 0) bench.crash();
    return 0;
  };
  await put(permit());
  await bench.clock.until(() => device.loaded.length === 1);
  await bench.clock.run(1_000);
  await bench.start();
  await bench.clock.until(async () => (await bench.events('permit')).length === 1);
  await bench.clock.run(10_000);
  expect(device.loaded).toHaveLength(2);
  expect(await bench.events('permit')).toHaveLength(1);
});

test('other grants are applied, once, under the hash of their bytes', async () => {
  const device = bench.plug();
  await bench.start();
  await bench.ready();
  const nonce = await bench.send('POST', `/v1/devices/${DEVICE}/time/nonce`);
  expect(nonce.json()).toEqual({ nonce: '6e'.repeat(16) });
  const answer = await bench.send('POST', `/v1/devices/${DEVICE}/grants`, { grant: time(1) }, 'all', { prefer: 'wait=5' });
  expect(answer.statusCode).toBe(202);
  const { id, state } = answer.json<{ id: string; state: string }>();
  expect(state).toBe('applied');
  expect((await bench.send('POST', `/v1/devices/${DEVICE}/grants`, { grant: time(1) })).json()).toEqual({ id, state: 'applied' });
  expect((await bench.get(`/v1/devices/${DEVICE}/grants/${id}`)).json()).toEqual({ id, state: 'applied' });
  expect(device.applied).toHaveLength(1);
  expect((await bench.send('POST', `/v1/devices/${DEVICE}/close`)).json()).toEqual({ closed: true });
});

test('a device without the time asks for it, once a minute', async () => {
  const device = bench.plug();
  device.time = 0;
  await bench.start();
  await bench.clock.run(121_000);
  expect((await bench.events('time.wanted')).length).toBe(2 + 1);
  device.time = 1_800_000_000;
  await bench.clock.run(200_000);
  expect((await bench.events('time.wanted')).length).toBe(3);
});

test.each([
  ['GRANT_MALFORMED', 422, 'AAAA', PERMIT, DEVICE],
  ['GRANT_ELSEWHERE', 422, permit(OTHER), PERMIT, DEVICE],
  ['PERMIT_ID', 422, permit(), '00'.repeat(16), DEVICE],
  ['GRANT_KIND', 422, time(5), PERMIT, DEVICE],
  ['UNKNOWN_DEVICE', 404, permit(), PERMIT, 'ff'.repeat(8)],
  ['INVALID', 400, '!!!!', PERMIT, DEVICE],
  ['INVALID', 400, 'AAB=', PERMIT, DEVICE],
  ['INVALID', 400, 'A'.repeat(1000), PERMIT, DEVICE],
])('a permit that cannot be one is refused at the door: %s', async (code, status, grant, id, device) => {
  await bench.start();
  const answer = await put(grant, id, device);
  expect([answer.json<{ code: string }>().code, answer.statusCode]).toEqual([code, status]);
});

test('another permit under the same id, a permit among the grants, a queue without end: all refused', async () => {
  await bench.start();
  await put(permit());
  expect((await put(permit(DEVICE, PERMIT, 2))).json()).toMatchObject({ code: 'PERMIT_DIFFERS', status: 409 });
  expect((await bench.send('POST', `/v1/devices/${DEVICE}/grants`, { grant: permit() })).json()).toMatchObject({ code: 'GRANT_KIND' });
  for (let i = 0; i < 255; i++) await bench.send('POST', `/v1/devices/${DEVICE}/grants`, { grant: time(i) });
  const full = await bench.send('POST', `/v1/devices/${DEVICE}/grants`, { grant: time(999) });
  expect([full.statusCode, full.json<{ code: string }>().code, full.headers['retry-after']]).toEqual([429, 'QUEUE_FULL', '30']);
});

test('what needs the device at once says when it is not there', async () => {
  await bench.start();
  for (const path of ['time/nonce', 'close']) {
    const answer = await bench.send('POST', `/v1/devices/${DEVICE}/${path}`);
    expect([answer.statusCode, answer.json<{ code: string }>().code, answer.headers['retry-after']]).toEqual([503, 'DEVICE_OFFLINE', '5']);
  }
});
