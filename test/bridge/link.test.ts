import { MessageType, RecordKind } from '../../protocol';
import { Cable, FakeDevice } from './fake-device';
import { Bench, DEVICE, OTHER } from './harness';

let bench: Bench;
beforeEach(() => {
  bench = new Bench();
});
afterEach(() => bench.end());

test('a device is known by its handshake and its status is shown', async () => {
  bench.plug();
  await bench.start();
  const took = await bench.ready();
  expect(took).toBeLessThan(1000);
  await bench.clock.run(100);
  const device = (await bench.get(`/v1/devices/${DEVICE}`)).json();
  expect(device).toMatchObject({ id: DEVICE, connected: true, port: 'cable:1', firmware: 'fake', status: { state: 'IDLE', batteryMv: 3900, lidClosed: true, boltClosed: true, paper: false } });
  expect(await bench.events('device.ready')).toEqual([{ port: 'cable:1', firmware: 'fake', boot: 1 }]);
});

test('a cable pulled without an event is found out and the device is back within 5 s of its return', async () => {
  const device = bench.plug();
  await bench.start();
  await bench.ready();
  for (let round = 0; round < 20; round++) {
    device.o.cable.connected = false;
    await bench.clock.until(() => bench.bridge.fleet.find(DEVICE) === undefined, 60_000);
    await bench.clock.run(round * 777);
    device.reboot();
    device.o.cable.connected = true;
    expect(await bench.ready()).toBeLessThan(5_000);
    await bench.clock.run(200);
  }
  expect(await bench.events('device.ready')).toHaveLength(21);
  expect(await bench.events('device.down')).toHaveLength(20);
});

test('a dead line that still looks connected is given up by deadline', async () => {
  const device = bench.plug();
  await bench.start();
  await bench.ready();
  await bench.clock.run(1000);
  device.o.cable.dead = true;
  const took = await bench.clock.until(() => bench.bridge.fleet.find(DEVICE) === undefined, 90_000);
  expect(took).toBeLessThan(40_000);
  device.o.cable.dead = false;
  expect(await bench.ready()).toBeLessThan(5_000);
});

test('a device that restarts under a live session is taken up again at once', async () => {
  const device = bench.plug();
  await bench.start();
  await bench.ready();
  for (let round = 0; round < 30; round++) {
    await bench.clock.run(137 * round);
    device.reboot();
    await bench.clock.until(() => device.peer.live() && bench.bridge.fleet.find(DEVICE)?.ready?.boot === device.boot, 5_000);
  }
  expect(device.boot).toBe(31);
});

test('garbage at a port ends in one clear code, and it is tried again slowly', async () => {
  const cable = new Cable(bench.clock);
  bench.port(cable);
  let hellos = 0;
  cable.attach((bytes) => {
    hellos++;
    for (let i = 0; i < 5; i++) cable.fromDevice(Buffer.from(bytes.map((byte, at) => (byte * 7 + at * 13 + hellos) & 255)));
  });
  await bench.start();
  await bench.clock.run(600_000);
  expect(await bench.events('port')).toEqual([{ port: 'cable:1', code: 'NOT_A_DEVICE' }]);
  const early = hellos;
  await bench.clock.run(600_000);
  expect(hellos - early).toBeGreaterThan(10);
  expect(hellos - early).toBeLessThan(100);
  expect((await bench.get('/v1/ports')).json()).toMatchObject({ ports: [{ name: 'cable:1', fault: 'NOT_A_DEVICE' }] });
});

test('a silent port is told once, and a device that wakes up there is found within 5 s', async () => {
  const device = bench.plug();
  device.o.cable.dead = true;
  await bench.start();
  await bench.clock.run(300_000);
  expect(await bench.events('port')).toEqual([{ port: 'cable:1', code: 'NO_ANSWER' }]);
  device.o.cable.dead = false;
  device.reboot();
  expect(await bench.ready()).toBeLessThan(5_000);
});

test('a device without a link key here is named as such', async () => {
  bench.plug('00000000000000ff');
  await bench.start();
  await bench.clock.run(60_000);
  expect(await bench.events('port')).toEqual([{ port: 'cable:1', code: 'NO_KEY' }]);
});

test('a wrong link key is named as such', async () => {
  const device = bench.plug();
  await bench.start({ linkKeys: new Map([[DEVICE, 'x'.repeat(32)]]) });
  await bench.clock.run(60_000);
  expect(await bench.events('port')).toEqual([{ port: 'cable:1', code: 'WRONG_KEY' }]);
  expect(device.peer.live()).toBe(false);
});

test('the same device at a second port is turned away while the first one lives, and taken when it is dead', async () => {
  const first = bench.plug();
  await bench.start();
  await bench.ready();
  await bench.stop();
  const second = bench.plug();
  first.o.cable.dead = false;
  await bench.start();
  await bench.ready();
  await bench.clock.run(10_000);
  const port = bench.bridge.fleet.find(DEVICE)?.port;
  const loser = bench.bridge.ports.find((p) => p.name !== port);
  expect(loser?.fault?.code).toBe('DUPLICATE');
  const winner = port === 'cable:1' ? first : second;
  winner.o.cable.dead = true; // moved to the other port, and nobody said so
  await bench.clock.until(() => bench.bridge.fleet.find(DEVICE)?.port === loser?.name, 120_000);
});

test('a cable that tells when it is pulled is believed at once', async () => {
  const device = bench.plug();
  const cable = device.o.cable;
  let tell: (connected: boolean) => void = () => undefined;
  Object.assign(cable, { onState: (call: typeof tell) => (tell = call) });
  await bench.start();
  await bench.ready();
  cable.connected = false;
  tell(false);
  expect(bench.bridge.fleet.find(DEVICE)).toBeUndefined();
  cable.connected = true;
  tell(true);
  expect(await bench.ready()).toBeLessThan(5_000);
});

test('two devices at two ports do not disturb one another', async () => {
  const a = bench.plug();
  const b = bench.plug(OTHER);
  for (let i = 0; i < 30; i++) {
    a.record(RecordKind.BOOT, [1]);
    b.record(RecordKind.BOOT, [2]);
  }
  await bench.start();
  await bench.clock.until(async () => (await bench.records()).length === 30 && (await bench.records(OTHER)).length === 30);
  a.o.cable.dead = true;
  await bench.clock.run(60_000);
  expect(bench.bridge.fleet.find(OTHER)).toBeDefined();
  expect(bench.bridge.fleet.find(DEVICE)).toBeUndefined();
});

test('a device that breaks the protocol is dropped and tried again, not hammered', async () => {
  const device = bench.plug();
  let asked = 0;
  device.script = (type, tag) => {
    if (type !== MessageType.STATUS_GET) return false;
    asked++;
    device.send(MessageType.STATUS, tag, '\xff\xff\xff');
    return true;
  };
  await bench.start();
  await bench.clock.run(120_000);
  expect(asked).toBeGreaterThan(3);
  expect(asked).toBeLessThan(40);
  expect((await bench.events('port')).every((event) => event['code'] === 'LINK_BROKEN')).toBe(true);
  device.script = () => false;
  await bench.clock.until(() => bench.bridge.fleet.find(DEVICE)?.status !== undefined, 60_000);
});

test('a device that takes a request and never answers is given up', async () => {
  const device = bench.plug();
  device.script = (type) => type === MessageType.STATUS_GET;
  await bench.start();
  await bench.ready();
  await bench.clock.until(() => bench.bridge.fleet.find(DEVICE) === undefined, 20_000);
});

test('something that gives itself out for a device and cannot prove it does not disturb the true one, at its port or at another', async () => {
  const device = bench.plug();
  const cable = new Cable(bench.clock);
  const liar = new FakeDevice({ clock: bench.clock, id: DEVICE, linkKey: 'w'.repeat(32), cable });
  bench.port(cable);
  await bench.start();
  await bench.ready();
  for (let i = 0; i < 20; i++) {
    device.record(RecordKind.BOOT, [i]);
    device.notice();
    liar.record(RecordKind.BOOT, [99 + i]);
    liar.notice();
    await bench.clock.run(3_000);
  }
  expect(await bench.records()).toHaveLength(20);
  expect(await bench.events('device.down')).toEqual([]);
  expect(bench.bridge.ports[1]!.fault?.code).toBe('WRONG_KEY');
  expect(bench.bridge.fleet.find(DEVICE)?.port).toBe('cable:1');
  expect(await bench.incidents()).toEqual([]);
  // It takes the true one's place at the same port: no session, no record, and the true one is taken up again.
  device.o.cable.connected = false;
  await bench.clock.until(() => bench.bridge.fleet.find(DEVICE) === undefined, 60_000);
  expect(await bench.records()).toHaveLength(20);
  device.o.cable.connected = true;
  device.reboot();
  await bench.ready();
});

test('a device that proves itself and brings records of another: none of them counts for anybody', async () => {
  const device = bench.plug();
  const other = bench.plug(OTHER);
  other.record(RecordKind.BOOT, [1]);
  device.record(RecordKind.BOOT, [1], { device: other.deviceId });
  await bench.start();
  await bench.clock.until(async () => (await bench.incidents()).length > 0, 30_000);
  await bench.clock.run(5_000);
  expect(await bench.incidents()).toEqual(['foreign']);
  expect(await bench.records()).toEqual([]);
  expect(await bench.records(OTHER)).toEqual([0]);
});

