/** Units over BLE, behind the same port interface: every MTU, radios that go out of reach, and pairing. */
import { bleFinder, bleTransport } from '../../host-bridge/bridge';
import { RecordKind } from '../../protocol';
import { FakeCentral } from './central';
import { Cable, FakeDevice } from './fake-device';
import { Bench, DEVICE, LINK_KEY } from './harness';

const ADDRESS = 'C0:FF:EE:00:00:01';
let bench: Bench;
let central: FakeCentral;
let device: FakeDevice;
beforeEach(() => {
  bench = new Bench();
  const cable = new Cable(bench.clock);
  device = new FakeDevice({ clock: bench.clock, id: DEVICE, linkKey: LINK_KEY, cable });
  central = new FakeCentral(bench.clock, cable);
});
afterEach(() => bench.end());

test.each([23, 24, 53, 131, 185, 247, 517])('at an MTU of %i: a session, records and a photo, and no write that does not fit', async (mtu) => {
  central.mtu = mtu;
  for (let i = 0; i < 20; i++) device.record(RecordKind.BOOT, [i]);
  device.photo(30_000);
  await bench.start({ transports: [bleTransport({ address: ADDRESS, central })] });
  await bench.clock.until(async () => (await bench.events('photo')).length === 1);
  expect(await bench.records()).toHaveLength(21);
  expect(Math.max(...central.writes)).toBe(Math.min(mtu, 131) - 3);
  // The first write says how long one may be, in bytes that are no frame.
  expect(central.firsts[0]).toEqual(Buffer.alloc(Math.min(mtu, 131) - 3));
  expect(await bench.incidents()).toEqual([]);
  expect(bench.bridge.ports[0]!.name).toBe(`ble:${ADDRESS}`);
});

test('out of reach and back, also in the middle of a photo: the link is back within 5 s', async () => {
  central.mtu = 131;
  device.photo(200_000);
  await bench.start({ transports: [bleTransport({ address: ADDRESS, central })] });
  for (let round = 0; round < 12; round++) {
    await bench.ready();
    await bench.clock.run(37 * round);
    central.advertising = false;
    central.lose();
    expect(bench.bridge.fleet.find(DEVICE)).toBeUndefined();
    await bench.clock.run(round * 900);
    central.advertising = true;
    expect(await bench.ready()).toBeLessThan(5_000);
  }
  await bench.clock.until(async () => (await bench.events('photo')).length === 1);
  expect(central.connections).toBe(13);
  expect(await bench.incidents()).toEqual([]);
});

test('a write that fails ends the connection, and the next one works', async () => {
  await bench.start({ transports: [bleTransport({ address: ADDRESS, central })] });
  await bench.ready();
  let fails = 1;
  central.onWrite = () => {
    if (fails-- > 0) throw new Error('org.bluez.Error.Failed');
  };
  device.record(RecordKind.BOOT, [1]);
  device.notice();
  await bench.clock.until(() => bench.bridge.fleet.find(DEVICE) === undefined, 30_000);
  expect(central.disconnects).toBe(1);
  expect(await bench.ready()).toBeLessThan(5_000);
  await bench.clock.until(async () => (await bench.records()).length === 1);
});

test('a radio that takes nothing more: what waits is bounded, and what does not fit is not taken in part', async () => {
  const connection = await bleTransport({ address: ADDRESS, central }).open({ data: () => undefined, down: () => undefined });
  let taken = 0;
  for (let i = 0; i < 200; i++) if (connection.write(Buffer.alloc(100, 1))) taken++;
  expect(taken).toBeLessThan(60);
  expect(taken).toBeGreaterThan(20);
  const before = central.writes.length;
  for (let i = 0; i < 500; i++) await bench.clock.run(1);
  const bytes = central.writes.reduce((sum, length) => sum + length, 0);
  expect(bytes).toBe(20 + taken * 100);
  expect(before).toBeLessThan(central.writes.length);
  await connection.close();
  expect(connection.write(Buffer.alloc(1))).toBe(false);
});

test('a connection that is gone before it was told of is no connection', async () => {
  const { connect } = central;
  central.connect = function (address, bond, handlers) {
    const link = connect.call(this, address, bond, handlers);
    handlers.gone();
    return link;
  };
  await expect(bleTransport({ address: ADDRESS, central }).open({ data: () => undefined, down: () => undefined })).rejects.toMatchObject({ code: 'PORT_LOST' });
  expect(central.disconnects).toBe(1);
});

test('units in reach are found by their service and paired where that is asked for', async () => {
  central.advertising = false;
  await bench.start({ finders: [bleFinder(central, true)] });
  await bench.clock.run(3_000);
  expect(bench.bridge.ports).toEqual([]);
  central.advertising = true;
  expect(await bench.ready()).toBeLessThan(3_000);
  expect(bench.bridge.fleet.find(DEVICE)!.port).toBe(`ble:${ADDRESS}`);
  expect(central.bonded).toBe(1);
});
