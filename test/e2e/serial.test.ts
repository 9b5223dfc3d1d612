/** Terminals that go away, and terminals that become others: the bridge lets go, and finds its devices again. */
import { mkdtempSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createBridge, serialTransport, type Bridge, type Connection } from '../../host-bridge/bridge';
import { hangUpBinding } from '../../host-bridge/bridge/tty';
import { systemClock, systemRandom } from '../../host-bridge/cli/system';
import { sleep } from '../../host-bridge/common/clock';
import { SILENT } from '../../host-bridge/common/log';
import { nodeNatives } from '../../host-bridge/natives';
import { RecordKind } from '../../protocol';
import { openPty, type Pty } from '../../sim/io';
import { Cable, FakeDevice } from '../bridge/fake-device';
import { DEVICE, LINK_KEY, OTHER } from '../bridge/harness';

const clock = systemClock();
const directory = mkdtempSync(join(tmpdir(), 'serial-'));
/** What a test opened is closed after it, whatever became of it. */
let opened: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of opened.reverse()) await close();
  opened = [];
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** A pseudo-terminal as a cable: the bridge opens `path`, the device sits at the other end. */
class Tty extends Cable {
  /** Bytes the device has sent. */
  sent = 0;
  private pty!: Pty;
  private receive: (bytes: Buffer) => void = () => undefined;
  private toPty: (bytes: Buffer) => void = () => undefined;

  static async open(): Promise<Tty> {
    const tty = new Tty(clock);
    const write = (bytes: Buffer): void => tty.receive(bytes);
    const onData = (call: (bytes: Buffer) => void) => ((tty.toPty = call), () => undefined);
    tty.pty = await openPty({ connected: true, write, onData }, { timers: clock });
    opened.push(() => tty.end());
    return tty;
  }

  get path(): string {
    return this.pty.device;
  }

  override attach(receive: (bytes: Buffer) => void): void {
    this.receive = receive;
  }

  override fromDevice(bytes: Buffer): boolean {
    this.sent += bytes.length;
    this.toPty(bytes);
    return true;
  }

  /** Pulled out: the line hangs up. */
  end(): Promise<void> {
    return this.pty.close();
  }
}

async function until(condition: () => boolean | Promise<boolean>, limit = 15_000): Promise<number> {
  const from = clock.now();
  while (!(await condition())) {
    if (clock.now() - from > limit) throw new Error('still not so');
    await sleep(clock, 10);
  }
  return clock.now() - from;
}

/** Lets a name lead to a terminal from now on, in one step. */
function lead(name: string, tty: Tty): void {
  symlinkSync(tty.path, `${name}.new`);
  renameSync(`${name}.new`, name);
}

const start = async (name: string, paths: string[]): Promise<Bridge> => {
  const bridge = await createBridge({
    database: join(directory, `${name}.db`), spool: join(directory, `${name}.spool`), tokens: [], linkKeys: new Map([[DEVICE, LINK_KEY], [OTHER, LINK_KEY]]),
    transports: paths.map((path) => serialTransport({ path, baud: 921_600 })), natives: nodeNatives, clock, random: systemRandom, log: SILENT,
  });
  bridge.start();
  opened.push(() => bridge.stop());
  return bridge;
};
const seal = (id: string, cable: Tty): FakeDevice => {
  const device = new FakeDevice({ clock, id, linkKey: LINK_KEY, cable });
  opened.push(() => device.halt());
  return device;
};
const count = async (bridge: Bridge, type: string): Promise<number> => (await bridge.events.after(0, 10_000)).filter((event) => event.type === type).length;
const portOf = (bridge: Bridge, device: string): string | undefined => bridge.fleet.find(device)?.port;

test('a read on a line that hung up ends with an error, and does not begin again for ever', async () => {
  const tty = await Tty.open();
  const port = await hangUpBinding().open({ path: tty.path, baudRate: 115_200 });
  await tty.end();
  await sleep(clock, 50);
  const before = process.cpuUsage();
  await expect(port.read(Buffer.alloc(64), 0, 64)).rejects.toMatchObject({ disconnect: true });
  expect(process.cpuUsage(before).user).toBeLessThan(500_000);
  await port.close();
  await expect(port.read(Buffer.alloc(64), 0, 64)).rejects.toMatchObject({ canceled: true });
});

test('a read that waits ends when the line hangs up, and is cancelled when the port is closed', async () => {
  for (const pulled of [true, false]) {
    const tty = await Tty.open();
    const port = await hangUpBinding().open({ path: tty.path, baudRate: 115_200 });
    const reading = port.read(Buffer.alloc(64), 0, 64).catch((error: unknown) => error);
    await sleep(clock, 50);
    if (pulled) await tty.end();
    else await port.close();
    expect(await reading).toHaveProperty('message');
    if (pulled) await port.close();
    else await tty.end();
  }
});

test('pulled out ten times in the middle of a photo: lost at once, no processor spent, and the photo comes whole', async () => {
  const name = join(directory, 'pulled');
  let tty = await Tty.open();
  lead(name, tty);
  let device = seal(DEVICE, tty);
  device.photo(3_000_000);
  const bridge = await start('pulled', [name]);
  let bytes = 0;
  for (let i = 0; i < 10; i++) {
    await until(() => bridge.fleet.size === 1);
    await until(() => tty.sent > 30_000 + 20_000 * (i % 4));
    bytes += tty.sent;
    const { records, photos } = device;
    device.halt();
    await tty.end();
    rmSync(name);
    expect(await until(() => bridge.fleet.size === 0)).toBeLessThan(2_000);
    if (i === 9) {
      const idle = process.cpuUsage();
      await sleep(clock, 1_000);
      expect(process.cpuUsage(idle).user / 1e6).toBeLessThan(0.5);
    }
    tty = await Tty.open();
    lead(name, tty);
    device = seal(DEVICE, tty);
    device.records = records;
    photos.forEach((photo, digest) => device.photos.set(digest, photo));
  }
  await until(async () => (await count(bridge, 'photo')) === 1, 30_000);
  // Resumed every time: all in all hardly more than the photo went over the line.
  expect(bytes + tty.sent).toBeLessThan(3_000_000 * 1.5);
  expect(await count(bridge, 'incident')).toBe(0);
}, 60_000);

test('a name that leads to another terminal is followed, although the first one never said goodbye', async () => {
  const name = join(directory, 'moved');
  const [first, second] = [await Tty.open(), await Tty.open()];
  lead(name, first);
  const device = seal(DEVICE, first);
  device.record(RecordKind.BOOT, [1]);
  const bridge = await start('moved', [name]);
  await until(() => bridge.fleet.size === 1);
  lead(name, second);
  device.halt();
  const moved = seal(DEVICE, second);
  moved.records = device.records;
  moved.record(RecordKind.BOOT, [1]);
  expect(await until(async () => (await count(bridge, 'record')) === 2)).toBeLessThan(6_000);
  // The first terminal is free for others.
  const held: Connection = await serialTransport({ path: first.path, baud: 115_200 }).open({ data: () => undefined, down: () => undefined });
  await held.close();
  rmSync(name);
  expect(await until(() => bridge.fleet.size === 0)).toBeLessThan(2_500);
  expect(bridge.ports[0]!.fault?.code).toMatch(/^PORT_(LOST|MISSING)$/);
});

test('two devices that swap their names are told apart by what they prove, not by where they are', async () => {
  const names = [join(directory, 'ttyACM0'), join(directory, 'ttyACM1')] as const;
  const ttys = [await Tty.open(), await Tty.open()] as const;
  names.forEach((name, i) => lead(name, ttys[i]!));
  const devices = [DEVICE, OTHER].map((id, i) => seal(id, ttys[i]!));
  devices[0]!.record(RecordKind.BOOT, [1]);
  const bridge = await start('swapped', [...names]);
  await until(() => bridge.fleet.size === 2);
  expect([portOf(bridge, DEVICE), portOf(bridge, OTHER)]).toEqual([`serial:${names[0]}`, `serial:${names[1]}`]);
  lead(names[0], ttys[1]);
  lead(names[1], ttys[0]);
  expect(await until(() => portOf(bridge, DEVICE) === `serial:${names[1]}` && portOf(bridge, OTHER) === `serial:${names[0]}`)).toBeLessThan(8_000);
  devices[0]!.record(RecordKind.BOOT, [2]);
  devices[0]!.notice();
  await until(async () => (await count(bridge, 'record')) === 2);
  expect((await bridge.events.after(0, 1000)).filter(({ type }) => type === 'record').map(({ device }) => device)).toEqual([DEVICE, DEVICE]);
  expect(await count(bridge, 'incident')).toBe(0);
});
