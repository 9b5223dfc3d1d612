/**
 * How much of a serial line is photo: a simulated unit at a pseudo-terminal throttled to 115,200 and 921,600 baud, the bridge
 * with its real serial binding pulling a photo from it; beside it ZMODEM (lrzsz) with the same file on a line made the same way.
 *
 * Twice: as the modelled unit does it (flash, AES and the output buffer cost the time that they take at 64 MHz), and with
 * every cost of the modelled processor set to zero, which leaves the protocol.
 */
import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createBridge, serialTransport } from '../../host-bridge/bridge';
import { Session } from '../../host-bridge/bridge/session';
import { SILENT } from '../../host-bridge/common/log';
import { nodeNatives } from '../../host-bridge/natives';
import { createUnit, fastScene, loadProgram, Page, RealTime, World } from '../../sim';
import { pair, terminal, timersOf } from './lines';
import { digits, median, type Bench } from './report';
import { VirtualHost } from './virtual-host';

const PHOTO = 170_000;
const PERSON = 7;
const BAUDS = [115_200, 921_600];
const GOAL = 97;

/** A pull of one photo: when it was first asked for, when its last byte had come, and how many times was asked. */
export interface Pull {
  from: number;
  to: number;
  bytes: number;
  requests: number;
}

/** Sees every photo that a bridge in this process pulls. */
export function watchPulls(now: () => number): { pulls: Map<string, Pull>; end(): void } {
  const pulls = new Map<string, Pull>();
  const original = Session.prototype.photoGet;
  Session.prototype.photoGet = function (digest, offset, maxBytes, chunk) {
    const pull = pulls.get(digest) ?? { from: now(), to: 0, bytes: 0, requests: 0 };
    pulls.set(digest, pull);
    pull.requests++;
    return original.call(this, digest, offset, maxBytes, (piece) => {
      pull.bytes += piece.data.length;
      pull.to = now();
      chunk(piece);
    });
  };
  return { pulls, end: () => void (Session.prototype.photoGet = original) };
}

async function smartseal(bench: Bench, baud: number, free: boolean): Promise<void> {
  const timers = timersOf(bench);
  const world = new World({ seed: 3 });
  const identity = {
    deviceId: Buffer.from('GOODPUT1', 'latin1'), linkKey: Buffer.alloc(32, 1), permitKey: Buffer.alloc(32, 2), evidenceKey: Buffer.alloc(32, 3),
    people: [{ slot: 0, person: PERSON }],
  };
  const unit = createUnit(world, { bundle: loadProgram(path.join(bench.root, 'dist/firmware/xiao.js')), identity, scene: fastScene({ size: PHOTO }) });
  if (free) unit.processor.spend = () => undefined;
  // In virtual time: two photos that nobody has fetched.
  const host = new VirtualHost(world, unit, identity, false);
  unit.power.on();
  await world.run(2000);
  host.start();
  await world.run(3000);
  host.permit(PERSON);
  await world.run(2000);
  unit.hand.finger(PERSON);
  await world.run(3000);
  unit.hand.insertPaper(Page.plain('page'));
  await world.run(30_000);
  host.stop();
  if (unit.truth.strokes.length !== 1) throw new Error('the unit did not stamp');

  const real = new RealTime(world, {
    now: () => bench.now(),
    sleep: (ms) => {
      let wake = (): void => undefined;
      const done = new Promise<void>((resolve) => (wake = resolve));
      const cancel = timers.after(ms, wake);
      return { done, wake: () => (cancel(), wake()) };
    },
  });
  const running = real.run();
  const { pty, meter } = await terminal(unit.port, baud, timers);
  const watched = watchPulls(() => bench.now());
  const folder = path.join(bench.folder, `bridge-${baud}-${free}`);
  mkdirSync(folder);
  const bridge = await createBridge({
    database: path.join(folder, 'bridge.db'), spool: path.join(folder, 'spool'), tokens: [], linkKeys: new Map([[identity.deviceId.toString('hex'), identity.linkKey.toString('latin1')]]),
    transports: [serialTransport({ path: pty.path, baud })], natives: nodeNatives, random: () => 0.5, log: SILENT,
    clock: { wall: () => 1_800_000_000_000 + bench.now(), now: () => bench.now(), after: (ms, call) => timers.after(ms, call) },
  });
  const wire = { from: 0, to: 0 };
  try {
    bridge.start();
    const limit = bench.now() + 90_000 + (4 * PHOTO * 10_000) / baud;
    const complete = (): Pull[] => [...watched.pulls.values()].filter(({ bytes }) => bytes >= PHOTO);
    while (watched.pulls.size === 0 && bench.now() < limit) await bench.sleep(5);
    wire.from = meter.bytes;
    while (complete().length < 2 && bench.now() < limit) await bench.sleep(5);
    wire.to = meter.bytes;
    if (complete().length < 2) throw new Error(`only ${[...watched.pulls.values()].map(({ bytes }) => bytes).join(' + ')} bytes came over ${baud} baud`);
    const shares = complete().map(({ from, to, bytes }) => (bytes / ((to - from) * (baud / 10_000))) * 100);
    bench.figure({
      metric: `${baud} baud, ${free ? 'protocol alone (processor costs nothing)' : 'as the modelled unit does it'}`, value: median(shares), unit: '% of the line is photo', goal: GOAL, better: 'more',
      context: {
        shares: shares.map((share) => digits(share, 4)), photoBytes: PHOTO, requests: complete().map(({ requests }) => requests), payloadOfWireBytes: digits((2 * PHOTO * 100) / (wire.to - wire.from), 4), load: bench.load(),
      },
    });
  } finally {
    watched.end();
    await bridge.stop();
    real.stop();
    await running;
    await pty.close();
  }
}

async function zmodem(bench: Bench, baud: number): Promise<void> {
  const { a, b, meter } = await pair(baud, timersOf(bench));
  const folder = path.join(bench.folder, `zmodem-${baud}`);
  mkdirSync(folder);
  const file = path.join(bench.folder, `photo-${baud}.jpg`);
  const photo = Buffer.alloc(PHOTO);
  // A JPEG's bytes are close to random; ZMODEM escapes some of them.
  for (let i = 0, x = 1; i < PHOTO; i++) photo[i] = (x = (Math.imul(x, 1_664_525) + 1_013_904_223) >>> 0) >>> 24;
  writeFileSync(file, photo);
  const run = (program: string, args: string[], tty: string): Promise<number> =>
    new Promise((resolve, reject) => {
      const descriptor = openSync(tty, 'r+');
      const child = spawn(program, args, { cwd: folder, stdio: [descriptor, descriptor, 'ignore'] });
      child.on('error', reject);
      child.on('exit', (code) => resolve(code ?? -1));
      closeSync(descriptor);
    });
  try {
    const started = bench.now();
    const codes = await Promise.all([run('rz', ['-q', '-b', '-y'], b.path), run('sz', ['-q', '-b', file], a.path)]);
    if (codes.some((code) => code !== 0)) throw new Error(`rz and sz ended with ${codes.join(' and ')}`);
    if (!readFileSync(path.join(folder, path.basename(file))).equals(photo)) throw new Error('ZMODEM brought another file');
    bench.figure({
      metric: `${baud} baud, ZMODEM (lrzsz) with a file of the same size`, value: (PHOTO / ((meter.last - meter.first) * (baud / 10_000))) * 100, unit: '% of the line is file',
      context: { payloadOfWireBytes: digits((PHOTO * 100) / meter.bytes, 4), withStartAndEndMs: Math.round(bench.now() - started), load: bench.load() },
    });
  } finally {
    await a.close();
    await b.close();
  }
}

async function there(program: string): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(program, ['--version'], { stdio: 'ignore' });
    child.on('error', () => resolve(false));
    child.on('exit', () => resolve(true));
  });
}

export async function goodput(bench: Bench): Promise<void> {
  const lrzsz = (await there('sz')) && (await there('rz'));
  for (const baud of BAUDS) {
    for (const free of [true, false]) {
      bench.say(`${baud} baud${free ? ', processor for nothing' : ''}`);
      await smartseal(bench, baud, free);
    }
    if (lrzsz) await zmodem(bench, baud);
    else bench.skipped(`${baud} baud, ZMODEM`, 'sz and rz (package lrzsz) are not installed');
  }
}
