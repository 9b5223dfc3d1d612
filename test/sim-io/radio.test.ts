/**
 * The bridge's own BLE at a simulated unit: through the simulator's BLE port at every MTU, and through BlueZ's interface on a
 * real D-Bus with the real D-Bus library, where only the daemon behind it is ours. What no test here shows: a radio.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { bleFinder, bleTransport, Bluez, createBridge, type Bridge } from '../../host-bridge/bridge';
import type { Finder } from '../../host-bridge/bridge/ports';
import { systemClock, systemRandom } from '../../host-bridge/cli/system';
import { SILENT } from '../../host-bridge/common/log';
import { nodeNatives } from '../../host-bridge/natives';
import { createUnit, RealTime, World, type Unit } from '../../sim';
import { serveBle } from '../../sim/io';
import { simulatedCentral } from '../bridge/central';
import { IDENTITY } from '../scenario/authority';
import { bundle } from '../scenario/bench';
import { ADDRESS, fakeBluez } from './bluez';
import { timers, until } from './wires';

const folder = mkdtempSync(path.join(tmpdir(), 'radio-'));
const DEVICE = IDENTITY.deviceId.toString('hex');
let world: World;
let unit: Unit;
let closing: (() => unknown)[] = [];

beforeEach(() => {
  world = new World({ seed: 1 });
  unit = createUnit(world, { bundle: bundle(), identity: IDENTITY });
  const real = new RealTime(world, { now: timers.now, sleep: (ms) => {
    let wake = (): void => undefined;
    const done = new Promise<void>((resolve) => (wake = resolve));
    const cancel = timers.after(ms, wake);
    return { done, wake: () => (cancel(), wake()) };
  } });
  unit.power.on();
  const running = real.run();
  closing = [() => (real.stop(), running)];
});
afterEach(async () => {
  for (const close of closing.reverse()) await close();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function start(name: string, ports: { transports?: Parameters<typeof createBridge>[0]['transports']; finders?: Finder[] }): Promise<Bridge> {
  const bridge = await createBridge({
    database: path.join(folder, `${name}.db`), spool: path.join(folder, name), tokens: [], linkKeys: new Map([[DEVICE, IDENTITY.linkKey.toString('latin1')]]), transports: [], natives: nodeNatives, clock: systemClock(), random: systemRandom, log: SILENT, ...ports,
  });
  bridge.start();
  closing.push(() => bridge.stop());
  return bridge;
}

const recorded = async (bridge: Bridge): Promise<number> => (await bridge.events.after(0, 1000)).filter(({ type }) => type === 'record').length;
async function records(bridge: Bridge, least: number): Promise<void> {
  for (let i = 0; i < 600 && (await recorded(bridge)) < least; i++) await new Promise((resolve) => setTimeout(resolve, 25));
  expect(await recorded(bridge)).toBeGreaterThanOrEqual(least);
}

test.each([23, 131, 247])('a unit at the simulator’s BLE port, MTU %i: a session and its records', async (mtu) => {
  const port = await serveBle(unit.parts.radio, { port: 0, mtu, catchUp: () => world.catchUp?.() }, timers.after);
  closing.push(() => port.close());
  const bridge = await start(`tcp-${mtu}`, { transports: [bleTransport({ address: `${port.host}:${port.port}`, central: simulatedCentral })] });
  await until('the session', () => bridge.fleet.find(DEVICE)?.ready !== undefined, 20_000);
  await records(bridge, 1);
  expect(unit.parts.radio.dropped).toBe(0);
}, 40_000);

test('a unit through BlueZ’s interface: found by its service, paired, lost and found again', async () => {
  const bluez = await fakeBluez(unit.parts.radio, 131);
  if (bluez === undefined) throw new Error('dbus-daemon is not installed; .ci/run installs it');
  closing.push(() => bluez.close());
  const central = new Bluez({ clock: systemClock(), log: SILENT, bus: bluez.bus });
  closing.push(() => central.close());
  const bridge = await start('bluez', { finders: [bleFinder(central, true)] });
  await until('the session', () => bridge.fleet.find(DEVICE)?.ready !== undefined, 20_000);
  expect(bridge.fleet.find(DEVICE)!.port).toBe(`ble:${ADDRESS}`);
  expect(bluez.device.Paired).toBe(true);
  expect(bluez.writes[0]).toBe(128);
  await records(bridge, 1);
  unit.power.cut();
  await until('the end', () => bridge.fleet.find(DEVICE) === undefined, 5_000);
  unit.power.on();
  await until('the session again', () => bridge.fleet.find(DEVICE)?.ready?.boot === 2, 20_000);
  await records(bridge, 2);
}, 60_000);

test('no Bluetooth, no adapter, a unit out of reach: a code each, and no end of the process', async () => {
  const nowhere = new Bluez({ clock: systemClock(), log: SILENT, bus: `unix:path=${path.join(folder, 'no-bus')}` });
  closing.push(() => nowhere.close());
  const quiet = { notified: () => undefined, gone: () => undefined };
  for (let i = 0; i < 2; i++) await expect(nowhere.connect(ADDRESS, false, quiet)).rejects.toMatchObject({ code: expect.stringMatching(/^PORT_(MISSING|FAILED)$/) as string });
  const bluez = await fakeBluez(unit.parts.radio, 131);
  if (bluez === undefined) throw new Error('dbus-daemon is not installed; .ci/run installs it');
  closing.push(() => bluez.close());
  const other = new Bluez({ clock: systemClock(), log: SILENT, bus: bluez.bus, adapter: 'hci7' });
  closing.push(() => other.close());
  await expect(other.connect(ADDRESS, false, quiet)).rejects.toMatchObject({ code: 'PORT_MISSING', detail: 'no Bluetooth adapter hci7' });
  const central = new Bluez({ clock: systemClock(), log: SILENT, bus: bluez.bus });
  closing.push(() => central.close());
  await expect(central.connect('C0:FF:EE:00:00:99', false, quiet)).rejects.toMatchObject({ code: 'PORT_MISSING' });
  await bridgeStays(central);
}, 60_000);

/** A bridge with such a port goes on. */
async function bridgeStays(central: Bluez): Promise<void> {
  const bridge = await start('away', { transports: [bleTransport({ address: 'C0:FF:EE:00:00:99', central })] });
  await until('the fault', () => bridge.ports[0]!.fault?.code === 'PORT_MISSING', 10_000);
}
