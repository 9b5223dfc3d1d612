/** Ports that come, go and misbehave: found by USB ids, named by their socket, and nothing at any of them ends the bridge. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { bytePortTransport, type Connection, type Transport } from '../../host-bridge/bridge';
import { usbFinder } from '../../host-bridge/bridge/finder';
import type { Finder } from '../../host-bridge/bridge/ports';
import { sysfsPorts } from '../../host-bridge/bridge/usb';
import { Cable, FakeDevice } from './fake-device';
import { Bench, DEVICE, LINK_KEY } from './harness';

let bench: Bench;
beforeEach(() => {
  bench = new Bench();
});
afterEach(() => bench.end());

describe('what a transport may do to us', () => {
  const harmless: Connection = { write: () => true, close: () => Promise.resolve() };
  const fail = (): never => {
    throw new Error('a mistake of the driver');
  };
  const cases: [string, Partial<Transport>][] = [
    ['opening throws at once', { open: fail }],
    ['opening rejects with something that is no error of ours', { open: () => Promise.reject(new Error('x')) }],
    ['opening rejects with nothing', { open: () => Promise.reject(undefined as unknown as Error) }],
    ['writing throws', { open: () => Promise.resolve({ ...harmless, write: fail }) }],
    ['closing throws', { open: () => Promise.resolve({ ...harmless, close: fail }) }],
    ['closing rejects', { open: () => Promise.resolve({ ...harmless, close: () => Promise.reject(new Error('x')) }) }],
    ['looking throws', { open: () => Promise.resolve({ ...harmless, there: fail }) }],
  ];
  test.each(cases)('%s: told with a code, tried again, and its neighbour does not notice', async (_what, transport) => {
    const cable = new Cable(bench.clock);
    new FakeDevice({ clock: bench.clock, id: DEVICE, linkKey: LINK_KEY, cable });
    let opened = 0;
    const bad: Transport = { name: 'bad', frameMax: 2048, open: () => Promise.reject(new Error('never')), ...transport };
    const counted: Transport = { ...bad, open: (handlers) => (opened++, bad.open(handlers)) };
    await bench.start({ transports: [counted, bytePortTransport('cable:1', cable)] });
    await bench.ready();
    await bench.clock.run(60_000);
    expect(opened).toBeGreaterThan(3);
    expect(bench.bridge.ports[0]!.fault?.code).toMatch(/^(PORT_FAILED|PORT_LOST|NO_ANSWER)$/);
    expect(bench.bridge.fleet.find(DEVICE)).toBeDefined();
  });

  test('an opening that hangs is told after ten seconds, and never called a second time meanwhile', async () => {
    let calls = 0;
    let release: (connection: Connection) => void = () => undefined;
    let closed = 0;
    const hung: Transport = { name: 'hung', frameMax: 2048, open: () => (calls++, new Promise((resolve) => (release = resolve))) };
    await bench.start({ transports: [hung] });
    await bench.clock.run(300_000);
    expect(calls).toBe(1);
    expect(bench.bridge.ports[0]!.fault?.code).toBe('PORT_FAILED');
    release({ write: () => true, close: () => (closed++, Promise.resolve()) });
    await bench.clock.until(() => calls === 2, 30_000);
    expect(closed).toBe(1); // it came too late and was let go before the next was asked for
    release({ write: () => true, close: () => (closed++, Promise.resolve()) });
    await bench.clock.until(() => bench.bridge.ports[0]!.state.name === 'handshaking', 30_000);
  });

  test('a port that floods costs no more than it sends: no memory grows, and the neighbour works', async () => {
    const device = bench.plug();
    const flood = new Cable(bench.clock);
    bench.port(flood);
    const noise = Buffer.alloc(65_536, 0x55);
    const shout = (): void => {
      flood.fromDevice(noise);
      bench.clock.after(10, shout);
    };
    shout();
    await bench.start();
    await bench.ready();
    const before = process.memoryUsage().heapUsed + process.memoryUsage().external;
    device.photo(100_000);
    device.notice();
    await bench.clock.until(async () => (await bench.events('photo')).length === 1, 60_000);
    await bench.clock.run(20_000);
    expect(process.memoryUsage().heapUsed + process.memoryUsage().external - before).toBeLessThan(60_000_000);
    expect(bench.bridge.ports[1]!.fault?.code).toBe('NOT_A_DEVICE');
    expect(bench.bridge.ports[1]!.faults.get('NOT_A_DEVICE')).toBeGreaterThan(0);
  });
});

describe('USB devices', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sysfs-'));
  const [sys, dev] = [join(folder, 'sys'), join(folder, 'dev')];
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  beforeEach(() => {
    for (const one of [sys, dev]) rmSync(one, { recursive: true, force: true });
    mkdirSync(join(sys, 'class/tty'), { recursive: true });
    mkdirSync(dev);
  });
  /** As the kernel shows a USB terminal: class/tty/NAME/device leads to the interface's folder below the device's. */
  const plug = (name: string, socket: string, ids: Record<string, string>, deep = ''): void => {
    const device = join(sys, 'devices/pci0/usb1', socket);
    const inside = join(device, `${socket}:1.0`, deep);
    mkdirSync(inside, { recursive: true });
    for (const [file, text] of Object.entries(ids)) writeFileSync(join(device, file), `${text}\n`);
    mkdirSync(join(sys, 'class/tty', name), { recursive: true });
    symlinkSync(inside, join(sys, 'class/tty', name, 'device'));
    writeFileSync(join(dev, name), '');
  };
  const pull = (name: string): void => rmSync(join(sys, 'class/tty', name), { recursive: true, force: true });
  const XIAO = { idVendor: '2886', idProduct: '8045', serial: 'A1B2', manufacturer: 'Seeed' };

  test('are listed with ids, number and socket; what is no USB terminal is not', () => {
    plug('ttyACM0', '1-1.2', XIAO);
    plug('ttyUSB3', '1-4', { idVendor: '0403', idProduct: '6001' }, 'ttyUSB3');
    mkdirSync(join(sys, 'class/tty/ttyS0'));
    mkdirSync(join(sys, 'devices/platform/serial0'), { recursive: true });
    symlinkSync(join(sys, 'devices/platform/serial0'), join(sys, 'class/tty/ttyS0/device'));
    mkdirSync(join(sys, 'class/tty/ttyACM9'));
    symlinkSync(join(sys, 'devices/gone'), join(sys, 'class/tty/ttyACM9/device'));
    expect(sysfsPorts(sys, dev)).toEqual([
      { path: join(dev, 'ttyACM0'), location: '1-1.2:1.0', vendor: '2886', product: '8045', serialNumber: 'A1B2', maker: 'Seeed' },
      { path: join(dev, 'ttyUSB3'), location: '1-4:1.0', vendor: '0403', product: '6001' },
    ]);
    expect(sysfsPorts(join(folder, 'nowhere'), dev)).toEqual([]);
  });

  const finderOf = (taken: string[] = [], wanted: { vendor: string; product?: string; serialNumber?: string } = { vendor: '2886' }): Finder =>
    usbFinder({ wanted, baud: 115_200, list: () => Promise.resolve(sysfsPorts(sys, dev)), taken });
  const names = async (finder: Finder): Promise<string[]> => (await finder.find()).map(({ name }) => name);

  test('are taken by vendor, product and number; one that the configuration names by its path is left to that', async () => {
    plug('ttyACM0', '1-1', XIAO);
    plug('ttyACM1', '1-2', { ...XIAO, serial: 'C3D4' });
    plug('ttyACM2', '1-3', { ...XIAO, idVendor: '1209' });
    expect(await names(finderOf())).toEqual(['usb:1-1:1.0', 'usb:1-2:1.0']);
    expect(await names(finderOf([], { vendor: '2886', product: '0001' }))).toEqual([]);
    expect(await names(finderOf([], { vendor: '2886', serialNumber: 'C3D4' }))).toEqual(['usb:1-2:1.0']);
    expect(await names(finderOf([join(dev, 'ttyACM0'), join(dev, 'ttyACM7')]))).toEqual(['usb:1-2:1.0']);
    const port = (await finderOf().find())[0]!.make();
    await expect(port.open({ data: () => undefined, down: () => undefined })).rejects.toMatchObject({ code: 'PORT_NOT_SERIAL', message: expect.stringContaining('ttyACM0') as string });
    pull('ttyACM0');
    await expect(port.open({ data: () => undefined, down: () => undefined })).rejects.toMatchObject({ code: 'PORT_MISSING' });
    // The socket is what counts: numbered anew, it is the same port.
    pull('ttyACM1');
    plug('ttyACM5', '1-2', {});
    expect(await names(finderOf())).toEqual(['usb:1-2:1.0']);
    expect(dirname(sysfsPorts(sys, dev)[0]!.path)).toBe(dev);
  });

  test('are taken up when they are plugged in, at once when they come back, and forgotten after a while', async () => {
    const cable = new Cable(bench.clock);
    const device = new FakeDevice({ clock: bench.clock, id: DEVICE, linkKey: LINK_KEY, cable });
    let plugged = false;
    let makes = 0;
    const finder: Finder = { find: () => Promise.resolve(plugged ? [{ name: 'usb:1-1:1.0', make: () => (makes++, bytePortTransport('usb:1-1:1.0', cable)) }] : []) };
    await bench.start({ finders: [finder, { find: () => Promise.reject(new Error('x')) }] });
    await bench.clock.run(5_000);
    expect(bench.bridge.ports).toEqual([]);
    plugged = true;
    expect(await bench.ready()).toBeLessThan(3_000);
    for (let round = 0; round < 5; round++) {
      plugged = cable.connected = false;
      await bench.clock.until(() => bench.bridge.fleet.find(DEVICE) === undefined, 60_000);
      await bench.clock.run(30_000);
      plugged = cable.connected = true;
      device.reboot();
      expect(await bench.ready()).toBeLessThan(3_000);
    }
    expect(makes).toBe(1);
    plugged = cable.connected = false;
    await bench.clock.run(700_000);
    expect(bench.bridge.ports).toEqual([]);
    plugged = cable.connected = true;
    device.reboot();
    expect(await bench.ready()).toBeLessThan(3_000);
    expect(makes).toBe(2);
  });
});
