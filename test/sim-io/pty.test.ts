import { closeSync, constants, existsSync, lstatSync, mkdtempSync, openSync, readFileSync, readSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { autoDetect } from '@serialport/bindings-cpp';
import { SerialPortStream } from '@serialport/stream';
import type { Pty, PtyError } from '../../sim/io';
import { openPty } from '../../sim/io';
import { device, everyByte, timers, until } from './wires';

let folder: string;
let ptys: Pty[];
let hosts: SerialPortStream[];
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'smartseal-pty-'));
  ptys = [];
  hosts = [];
});
afterEach(async () => {
  // A host that is left open on a terminal that has gone would read end-of-file for ever.
  for (const port of hosts) await closed(port);
  for (const pty of ptys) await pty.close();
  rmSync(folder, { recursive: true, force: true });
});

async function pty(...args: Parameters<typeof openPty>): Promise<Pty> {
  const opened = await openPty(...args);
  ptys.push(opened);
  return opened;
}

interface Host {
  port: SerialPortStream;
  heard(): Buffer;
  listen(): void;
}

/** Reads so many bytes with nothing but open and read. */
function plainRead(where: string, length: number): Buffer {
  const fd = openSync(where, constants.O_RDONLY | constants.O_NOCTTY | constants.O_NONBLOCK);
  const out = Buffer.alloc(length);
  try {
    for (let at = 0; at < length; ) at += readSync(fd, out, at, length - at, null);
  } finally {
    closeSync(fd);
  }
  return out;
}

function host(where: string, listening = true): Promise<Host> {
  return new Promise((resolve, reject) => {
    const port = new SerialPortStream({ binding: autoDetect(), path: where, baudRate: 115200, lock: true, hupcl: false, autoOpen: false });
    hosts.push(port);
    let heard = Buffer.alloc(0);
    const listen = (): void => void port.on('data', (bytes: Buffer) => (heard = Buffer.concat([heard, bytes])));
    if (listening) listen();
    port.open((error) => (error ? reject(error) : resolve({ port, heard: () => heard, listen })));
  });
}

const closed = (port: SerialPortStream): Promise<void> => new Promise((resolve) => (port.isOpen ? port.close(() => resolve()) : resolve()));

test('a host with the real binding gets every byte value both ways, and nothing comes back as an echo', async () => {
  const unit = device();
  const link = path.join(folder, 'seal');
  const terminal = await pty(unit, { link, timers });
  expect(realpathSync(link)).toBe(terminal.device);
  // A program that sets nothing up reads them too, and a cooked terminal would echo them to the device.
  unit.say(everyByte);
  expect(plainRead(link, everyByte.length)).toEqual(everyByte);
  expect(unit.heard).toHaveLength(0);
  unit.say(everyByte);
  const { port, heard } = await host(link);
  // The binding throws away what waited when it opens; the device's next words are heard.
  for (let i = 0; i < 20; i++) {
    port.write(everyByte);
    unit.say(everyByte);
  }
  await until('all at the host', () => heard().length >= 20 * everyByte.length);
  await until('all at the device', () => unit.heard.length >= 20 * everyByte.length);
  expect(heard()).toEqual(Buffer.concat(new Array<Buffer>(20).fill(everyByte)));
  expect(unit.heard).toEqual(Buffer.concat(new Array<Buffer>(20).fill(everyByte)));
  expect(terminal.counters).toEqual({ toHost: 22 * everyByte.length, fromHost: 20 * everyByte.length, lost: 0 });
  await closed(port);
});

test('a host may close and open again', async () => {
  const unit = device();
  const terminal = await pty(unit, { timers });
  for (const word of ['one', 'two']) {
    const { port, heard } = await host(terminal.path);
    unit.say(Buffer.from(word));
    await until(word, () => heard().toString() === word);
    await closed(port);
  }
});

test('a host that does not read costs a bounded amount of memory and never stops the program', async () => {
  const unit = device();
  const terminal = await pty(unit, { timers });
  const { port, heard, listen } = await host(terminal.path, false);
  const piece = Buffer.alloc(1024, 0x55);
  const start = performance.now();
  for (let i = 0; i < 1000; i++) unit.say(piece);
  expect(performance.now() - start).toBeLessThan(1000);
  expect(terminal.counters.lost).toBeGreaterThan(800_000);
  const sent = 1_024_000 - terminal.counters.lost;
  // What was kept arrives whole when the host reads.
  listen();
  await until('what was kept', () => heard().length >= sent);
  expect(heard()).toHaveLength(sent);
  await closed(port);
});

test('a pulled cable: the link is gone, the host finds its line broken, and the same name comes back', async () => {
  const unit = device();
  const link = path.join(folder, 'seal');
  const first = await pty(unit, { link, timers });
  const { port } = await host(link);
  let ended = false;
  port.on('close', () => (ended = true));
  port.on('error', () => (ended = true));
  // Let the binding wait for input: hit in the middle of a read() it gets end-of-file for ever and tells nobody.
  await new Promise((resolve) => setTimeout(resolve, 100));
  await first.close();
  expect(existsSync(link)).toBe(false);
  try {
    await until('the break', () => ended || !port.isOpen);
  } finally {
    await closed(port);
  }
  const second = await pty(unit, { link, timers });
  const again = await host(link);
  unit.say(Buffer.from('back'));
  await until('the word', () => again.heard().toString() === 'back');
  await closed(again.port);
  await second.close();
  expect(lstatSync(link, { throwIfNoEntry: false })).toBeUndefined();
});

test('nothing is said into an unplugged device', async () => {
  const unit = device();
  const terminal = await pty(unit, { timers });
  unit.connected = false;
  const { port } = await host(terminal.path);
  port.write(Buffer.from('hello'));
  await until('the bytes at the terminal', () => terminal.counters.fromHost === 5);
  expect(unit.heard).toHaveLength(0);
  await closed(port);
});

test('a file in the place of the link stays as it is; an old link is replaced', async () => {
  const file = path.join(folder, 'precious');
  writeFileSync(file, 'mine');
  await expect(openPty(device(), { link: file, timers })).rejects.toMatchObject({ code: 'PTY_PATH_TAKEN' } satisfies Partial<PtyError>);
  expect(readFileSync(file, 'utf8')).toBe('mine');
  const other = path.join(folder, 'other');
  symlinkSync(file, other);
  await expect(openPty(device(), { link: other, timers })).rejects.toMatchObject({ code: 'PTY_PATH_TAKEN' });
  const stale = path.join(folder, 'stale');
  symlinkSync('/dev/pts/99999', stale);
  const terminal = await pty(device(), { link: stale, timers });
  expect(realpathSync(stale)).toBe(terminal.device);
  await expect(openPty(device(), { link: path.join(folder, 'no', 'such'), timers })).rejects.toMatchObject({ code: 'PTY_PATH_TAKEN' });
});
