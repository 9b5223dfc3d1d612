/** The parts as the real interpreter asks for them: requests of firmware/board/LINUX.md, and the FIFOs that carry them. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { RequestReader } from '../../sim/board/linux-fifo';
import { Cause, LinuxBus, romCode, serveFifos, World } from '../../sim';
import { IDENTITY, plain } from './helpers';

function make(): { world: World; bus: LinuxBus; ask: (op: number, ...operands: number[]) => string } {
  const world = new World();
  const bus = new LinuxBus(world, { identity: IDENTITY });
  return { world, bus, ask: (op, ...operands) => bus.answer(op, Buffer.from(operands)).toString('hex') };
}

test('every operation answers as written down', async () => {
  const { world, ask } = make();
  await world.run(100);
  expect(ask(1, 1)).toBe('01');
  expect(ask(3, 0x20, 0x0c, 0xff)).toBe('01');
  expect(ask(4, 0x20, 0x0c, 1)).toBe('ff');
  expect(ask(3, 0x27, 0)).toBe('00');
  expect(ask(4, 0x27, 0, 1)).toBe('');
  expect(ask(2, 0x40, 0, 0)).toBe('000086');
  expect(ask(7, 0)).toBe('0000');
  expect(parseInt(ask(7, 1), 16)).toBeGreaterThan(3900);
  expect(ask(8)).toBe('01');
  expect(ask(9)).toBe(romCode(1));
  expect(ask(10, 7)).toHaveLength(14);
  expect([ask(11), ask(99), ask(1, 2), ask(4, 0x20), ask(7, 9)]).toEqual(['', '', '', '', '']);
});

test('bolt and motor make a stroke; the end of the interpreter lets go of both', async () => {
  const { world, bus, ask } = make();
  bus.body.hand.insertPaper(plain('p'));
  ask(5, 1);
  await world.run(100);
  ask(6, 200);
  await world.run(900);
  expect(parseInt(ask(7, 0), 16)).toBeGreaterThan(500);
  expect(bus.body.truth.strokes).toHaveLength(1);
  bus.release();
  await world.run(1000);
  expect(bus.body.parts.actuator.moving).toBe(false);
  expect(bus.body.parts.bolt.energised).toBe(false);
});

test('watchdog and restart give their causes to the next start', async () => {
  const { world, bus, ask } = make();
  const seen: string[] = [];
  bus.onWatchdog = () => seen.push('watchdog');
  bus.onReset = () => seen.push('reset');
  expect(ask(1, 1)).toBe('01');
  await world.run(9000);
  ask(11);
  await world.run(9000);
  expect(seen).toEqual([]);
  await world.run(2000);
  expect(ask(1, 1)).toBe('02');
  ask(12);
  expect(ask(1, 1)).toBe('03');
  bus.power(false);
  bus.power(true);
  expect(bus.cause).toBe(Cause.POWER_ON);
  expect(seen).toEqual(['watchdog', 'reset']);
});

test('the reader answers on its line', async () => {
  const { world, bus } = make();
  const heard: Buffer[] = [];
  bus.reader.onData((bytes) => heard.push(bytes));
  await world.run(100);
  bus.reader.write(Buffer.from('ef01ffffffff010003010005', 'hex'));
  await world.run(100);
  expect(Buffer.concat(heard).toString('hex')).toBe('55ef01ffffffff07000302000c');
});

test('messages are cut out of any pieces', () => {
  const reader = new RequestReader((op, operands) => Buffer.concat([Buffer.of(op), operands]));
  const out: string[] = [];
  for (const byte of Buffer.from('0003 01aabb 0000 0001 07'.replace(/ /g, ''), 'hex')) out.push(reader.push(Buffer.of(byte)).toString('hex'));
  expect(out.join('')).toBe('000301aabb0000000107');
});

test('over FIFOs, with another process asking', async () => {
  const directory = mkdtempSync(path.join(os.tmpdir(), 'smartseal-fifo-'));
  const fifos = serveFifos(directory, (op, operands) => Buffer.concat([Buffer.of(op), operands, operands]));
  try {
    const child = spawn('sh', ['-c', `printf '\\000\\003\\005hi' > q; head -c 7 r`], { cwd: directory });
    const chunks: Buffer[] = [];
    child.stdout.on('data', (bytes: Buffer) => chunks.push(bytes));
    await new Promise((resolve) => child.on('close', resolve));
    expect(Buffer.concat(chunks)).toEqual(Buffer.from('\x00\x05\x05hihi', 'latin1'));
  } finally {
    fifos.close();
    rmSync(directory, { recursive: true });
  }
});
