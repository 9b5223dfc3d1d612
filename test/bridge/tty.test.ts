import { mkdtempSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as pty from '@lydell/node-pty';
import { createBridge, serialTransport, tcpTransport, type Bridge, type Transport } from '../../host-bridge/bridge';
import { systemClock, systemRandom } from '../../host-bridge/cli/system';
import { sleep } from '../../host-bridge/common/clock';
import type { Problem } from '../../host-bridge/common/errors';
import { SILENT } from '../../host-bridge/common/log';
import { nodeNatives } from '../../host-bridge/natives';
import { RecordKind } from '../../protocol';
import { Cable, FakeDevice } from './fake-device';
import { DEVICE, LINK_KEY } from './harness';

const clock = systemClock();
const directory = mkdtempSync(join(tmpdir(), 'tty-'));

/** What node-pty's `open` gives beyond its published types: both ends, no process. */
interface OpenPty {
  master: import('node:tty').ReadStream;
  slave: import('node:tty').ReadStream;
  ptsName: string;
}

/** A pseudo-terminal as a cable: the bridge opens `path`, the fake device sits at the master. */
class Tty extends Cable {
  readonly path: string;
  private readonly pair: OpenPty;

  constructor() {
    super(clock);
    const open = (pty as unknown as { open(options: object): OpenPty }).open;
    this.pair = open({ cols: 80, rows: 24, encoding: null });
    this.pair.slave.pause();
    this.path = this.pair.ptsName;
    this.pair.master.on('error', () => undefined);
  }

  override attach(receive: (bytes: Buffer) => void): void {
    this.pair.master.removeAllListeners('data');
    this.pair.master.on('data', (bytes: Buffer) => receive(Buffer.from(bytes)));
  }

  override fromDevice(bytes: Buffer): boolean {
    (this.pair.master as unknown as NodeJS.WritableStream).write(bytes);
    return true;
  }

  end(): void {
    this.pair.slave.destroy();
    this.pair.master.destroy();
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

async function start(name: string, transports: Transport[]): Promise<Bridge> {
  const bridge = await createBridge({
    database: join(directory, `${name}.db`), spool: join(directory, name), tokens: [], linkKeys: new Map([[DEVICE, LINK_KEY]]),
    transports, natives: nodeNatives, clock, random: systemRandom, log: SILENT,
  });
  bridge.start();
  return bridge;
}

const count = async (bridge: Bridge, type: string): Promise<number> => (await bridge.events.after(0, 10_000)).filter((event) => event.type === type).length;
const open = (transport: Transport) => transport.open({ data: () => undefined, down: () => undefined });
const codeOf = (promise: Promise<unknown>): Promise<string> => promise.then(() => 'opened', (error: Problem) => error.code);

test('a device at a real terminal: records, a photo, and again after the terminal was lost', async () => {
  const link = join(directory, 'seal');
  let tty = new Tty();
  symlinkSync(tty.path, link);
  let device = new FakeDevice({ clock, id: DEVICE, linkKey: LINK_KEY, cable: tty });
  for (let i = 0; i < 20; i++) device.record(RecordKind.BOOT, [i + 1]);
  device.photo(200_000);
  const bridge = await start('tty', [serialTransport({ path: link, baud: 921_600 })]);
  await until(async () => (await count(bridge, 'photo')) === 1);
  expect(await count(bridge, 'record')).toBe(21);

  const { records, photos } = device;
  device.halt();
  tty.end();
  unlinkSync(link);
  await until(() => bridge.fleet.size === 0);
  tty = new Tty();
  device = new FakeDevice({ clock, id: DEVICE, linkKey: LINK_KEY, cable: tty });
  device.records = records;
  photos.forEach((bytes, digest) => device.photos.set(digest, bytes));
  device.photo(100_000);
  symlinkSync(tty.path, link);
  expect(await until(() => bridge.fleet.size === 1)).toBeLessThan(5_000);
  await until(async () => (await count(bridge, 'photo')) === 2);
  await bridge.stop();
  device.halt();
  tty.end();
});

test('what can go wrong in opening a port has a code each', async () => {
  const tty = new Tty();
  const file = join(directory, 'letter.txt');
  writeFileSync(file, 'do not write here');
  const held = await open(serialTransport({ path: tty.path, baud: 115_200 }));
  expect(await codeOf(open(serialTransport({ path: tty.path, baud: 115_200 })))).toBe('PORT_BUSY');
  await held.close();
  const again = await open(serialTransport({ path: tty.path, baud: 115_200 }));
  await again.close();
  expect(await codeOf(open(serialTransport({ path: join(directory, 'nothing'), baud: 115_200 })))).toBe('PORT_MISSING');
  expect(await codeOf(open(serialTransport({ path: file, baud: 115_200 })))).toBe('PORT_NOT_SERIAL');
  expect(await codeOf(open(serialTransport({ path: '/dev/null', baud: 115_200 })))).toBe('PORT_NOT_SERIAL');
  expect(await codeOf(open(tcpTransport({ host: '127.0.0.1', port: 1 })))).toBe('PORT_MISSING');
  tty.end();
});

test('a terminal whose reader stalls takes a bounded amount and no more', async () => {
  const tty = new Tty();
  const connection = await open(serialTransport({ path: tty.path, baud: 115_200 }));
  let taken = 0;
  for (let i = 0; i < 1000; i++) if (connection.write(Buffer.alloc(1024, 1))) taken += 1024;
  expect(taken).toBeLessThanOrEqual(65_536);
  await connection.close();
  expect(connection.write(Buffer.alloc(1))).toBe(false);
  tty.end();
});

test('a device over TCP, and again after its server went away', async () => {
  let socket: Socket | undefined;
  const cable = new Cable(clock);
  let toDevice: (bytes: Buffer) => void = () => undefined;
  cable.attach = (receive) => {
    toDevice = receive;
  };
  cable.fromDevice = (bytes) => socket?.write(bytes) ?? false;
  const serve = (port: number): Promise<Server> =>
    new Promise((resolve) => {
      const server = createServer((incoming) => {
        socket = incoming;
        incoming.on('data', (bytes) => toDevice(Buffer.from(bytes)));
        incoming.on('error', () => undefined);
      });
      server.listen(port, '127.0.0.1', () => resolve(server));
    });
  let server = await serve(0);
  const { port } = server.address() as { port: number };
  const device = new FakeDevice({ clock, id: DEVICE, linkKey: LINK_KEY, cable });
  device.photo(50_000);
  const bridge = await start('tcp', [tcpTransport({ host: '127.0.0.1', port })]);
  await until(async () => (await count(bridge, 'photo')) === 1);
  socket?.destroy();
  server.close();
  await until(() => bridge.fleet.size === 0);
  server = await serve(port);
  expect(await until(() => bridge.fleet.size === 1)).toBeLessThan(5_000);
  await bridge.stop();
  device.halt();
  socket?.destroy();
  server.close();
});
