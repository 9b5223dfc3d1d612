/**
 * Goodput of photos where more than one clean line is at work: four units at once, a line that loses one frame in a hundred,
 * the radio's shape at an MTU of 23, 131 and 247. The bridge's own code at simulated units with the built firmware, all in virtual
 * time, so that a busy computer changes no figure; BENCH_TTY=1 adds four units at once at real terminals, by the clock.
 */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { bleTransport, bytePortTransport, createBridge, serialTransport, type Central, type Transport } from '../../host-bridge/bridge';
import { SILENT } from '../../host-bridge/common/log';
import { nodeNatives } from '../../host-bridge/natives';
import { createUnit, fastScene, loadProgram, Page, RealTime, World, type Unit } from '../../sim';
import { watchPulls, type Pull } from './goodput';
import { terminal, timersOf } from './lines';
import { digits, median, type Bench } from './report';
import { VirtualHost } from './virtual-host';

const PHOTO = 170_000;
const PERSON = 7;
const WRITTEN = '7d1a0002-5ea1-4c0b-9e3a-2f6b8c1d9a10';
/** Milliseconds between two notifications of the unit, and the longest one (firmware/board/xiao.ts). */
const PACE = 20;
const LONGEST = 128;
/** The radio takes six writes in a connection interval of 15 ms. */
const WRITE_MS = 15 / 6;

const identityOf = (i: number) => ({
  deviceId: Buffer.from(`GOODPUT${i}`, 'latin1'), linkKey: Buffer.alloc(32, 1), permitKey: Buffer.alloc(32, 2), evidenceKey: Buffer.alloc(32, 3), people: [{ slot: 0, person: PERSON }],
});

const turns = async (): Promise<void> => {
  for (let i = 0; i < 4; i++) await new Promise((resolve) => setImmediate(resolve));
};

/** Units that have stamped once, each with two photos that nobody has fetched. */
async function stamped(bench: Bench, world: World, count: number): Promise<Unit[]> {
  const program = loadProgram(path.join(bench.root, 'dist/firmware/xiao.js'));
  const units: Unit[] = [];
  for (let i = 0; i < count; i++) {
    const identity = identityOf(i);
    // No two photos alike: the bridge asks for one of a kind once.
    const unit = createUnit(world, { bundle: program, identity, name: `unit ${i}`, scene: fastScene({ size: PHOTO + i }) });
    const host = new VirtualHost(world, unit, identity, false);
    unit.power.on();
    await world.run(2_000);
    host.start();
    await world.run(3_000);
    host.permit(PERSON);
    await world.run(2_000);
    unit.hand.finger(PERSON);
    await world.run(3_000);
    unit.hand.insertPaper(Page.plain(`page ${i}`));
    await world.run(30_000);
    host.stop();
    if (unit.truth.strokes.length !== 1) throw new Error('the unit did not stamp');
    units.push(unit);
  }
  return units;
}

/** Loses this share of the frames, whole, either way. */
function lose(port: Unit['cable'], world: World, share: number): void {
  const random = world.random.fork('loss');
  const losing = [false, false];
  port.tamper = (toDevice, bytes) => {
    const kept: number[] = [];
    const i = toDevice ? 1 : 0;
    for (const byte of bytes) {
      if (!losing[i]) kept.push(byte);
      if (byte === 0) losing[i] = random.uint32() / 2 ** 32 < share;
    }
    return kept.length === 0 ? [] : [Buffer.from(kept)];
  };
}

/** The unit's radio as a central has it. */
function centralOf(unit: Unit, world: World, mtu: number): Central {
  const { radio } = unit.parts;
  return {
    nearby: () => Promise.resolve([]),
    connect: (_address, _bond, handlers) => {
      if (!radio.connect(mtu)) return Promise.reject(new Error('not advertising'));
      radio.onNotify = (_uuid, bytes) => handlers.notified(bytes);
      radio.onState = (connected) => !connected && handlers.gone();
      return Promise.resolve({
        mtu: radio.payload + 3,
        write: (bytes: Buffer) => {
          radio.write(WRITTEN, bytes);
          return new Promise<void>((resolve) => void world.after(WRITE_MS, resolve));
        },
        disconnect: () => Promise.resolve(radio.disconnect()),
      });
    },
  };
}

interface Case {
  metric: string;
  units: number;
  /** What the wire could carry of photo, bytes a ms. */
  capacity: number;
  free?: boolean;
  goal?: number;
  prepare?(unit: Unit, world: World): void;
  transport(unit: Unit, world: World, i: number): Transport;
}

async function virtualCase(bench: Bench, { metric, units: count, capacity, free, goal, prepare, transport }: Case): Promise<void> {
  const world = new World({ seed: 5, settle: turns });
  const units = await stamped(bench, world, count);
  for (const unit of units) {
    if (free) unit.processor.spend = () => undefined;
    prepare?.(unit, world);
  }
  const watched = watchPulls(() => world.now);
  const folder = path.join(bench.folder, metric.replace(/\W+/g, '-'));
  mkdirSync(folder);
  const bridge = await createBridge({
    database: path.join(folder, 'bridge.db'), spool: path.join(folder, 'spool'), tokens: [], natives: nodeNatives, random: () => 0.5, log: SILENT,
    linkKeys: new Map(units.map((_, i) => [identityOf(i).deviceId.toString('hex'), identityOf(i).linkKey.toString('latin1')])), transports: units.map((unit, i) => transport(unit, world, i)),
    clock: { wall: () => 1_800_000_000_000 + Math.floor(world.now), now: () => Math.floor(world.now), after: (ms, call) => {
      const event = world.after(ms, call);
      return () => world.cancel(event);
    } },
  });
  try {
    bridge.start();
    const done = (): Pull[] => [...watched.pulls.values()].filter(({ bytes }) => bytes >= PHOTO);
    const limit = world.now + 60_000 + (8 * PHOTO) / capacity;
    while (done().length < 2 * count && world.now < limit) await world.run(200);
    if (done().length < 2 * count) throw new Error(`${metric}: only ${[...watched.pulls.values()].map(({ bytes }) => bytes).join(' + ')} bytes came`);
    const rates = done().map(({ from, to, bytes }) => bytes / (to - from));
    bench.figure({
      metric, value: (median(rates) * 100) / capacity, unit: '% of the wire is photo', ...(goal === undefined ? {} : { goal, better: 'more' as const }),
      context: { bytesPerSecond: Math.round(median(rates) * 1000), slowest: digits((Math.min(...rates) * 100) / capacity, 4), photos: rates.length, requests: done().reduce((sum, { requests }) => sum + requests, 0) },
    });
  } finally {
    watched.end();
    const stopping = bridge.stop();
    for (let i = 0; i < 20; i++) await world.run(50);
    await stopping;
  }
}

/** Four units at four real terminals, by the clock. */
async function terminals(bench: Bench, baud: number): Promise<void> {
  const timers = timersOf(bench);
  const world = new World({ seed: 5 });
  const units = await stamped(bench, world, 4);
  for (const unit of units) unit.processor.spend = () => undefined;
  const real = new RealTime(world, { now: () => bench.now(), sleep: (ms) => {
    let wake = (): void => undefined;
    const done = new Promise<void>((resolve) => (wake = resolve));
    const cancel = timers.after(ms, wake);
    return { done, wake: () => (cancel(), wake()) };
  } });
  const running = real.run();
  const ttys = await Promise.all(units.map((unit) => terminal(unit.port, baud, timers)));
  const watched = watchPulls(() => bench.now());
  const folder = path.join(bench.folder, `tty-${baud}`);
  mkdirSync(folder);
  const bridge = await createBridge({
    database: path.join(folder, 'bridge.db'), spool: path.join(folder, 'spool'), tokens: [], natives: nodeNatives, random: () => 0.5, log: SILENT,
    linkKeys: new Map(units.map((_, i) => [identityOf(i).deviceId.toString('hex'), identityOf(i).linkKey.toString('latin1')])), transports: ttys.map(({ pty }) => serialTransport({ path: pty.path, baud })),
    clock: { wall: () => 1_800_000_000_000 + bench.now(), now: () => bench.now(), after: (ms, call) => timers.after(ms, call) },
  });
  try {
    bridge.start();
    const capacity = baud / 10_000;
    const done = (): Pull[] => [...watched.pulls.values()].filter(({ bytes }) => bytes >= PHOTO);
    const limit = bench.now() + 120_000 + (6 * PHOTO) / capacity;
    while (done().length < 8 && bench.now() < limit) await bench.sleep(20);
    if (done().length < 8) throw new Error(`only ${done().length} of 8 photos came over four terminals at ${baud} baud`);
    const shares = done().map(({ from, to, bytes }) => (bytes * 100) / ((to - from) * capacity));
    bench.figure({ metric: `four units at once at real terminals, ${baud} baud, protocol alone`, value: median(shares), unit: '% of the line is photo', goal: 97, better: 'more', context: { slowest: digits(Math.min(...shares), 4), load: bench.load() } });
  } finally {
    watched.end();
    await bridge.stop();
    real.stop();
    await running;
    for (const { pty } of ttys) await pty.close();
  }
}

export async function goodputMany(bench: Bench): Promise<void> {
  const cable = (baud: number) => (unit: Unit, _world: World, i: number): Transport => {
    unit.cable.baud = baud;
    return bytePortTransport(`cable:${i}`, unit.port);
  };
  const cases: Case[] = [];
  for (const baud of [115_200, 921_600]) {
    for (const free of [true, false]) {
      const how = free ? 'protocol alone' : 'as the modelled unit does it';
      cases.push({ metric: `four units at once, ${baud} baud, ${how}`, units: 4, capacity: baud / 10_000, free, transport: cable(baud), ...(free ? { goal: 97 } : {}) });
      cases.push({ metric: `1 % of the frames lost, ${baud} baud, ${how}`, units: 1, capacity: baud / 10_000, free, transport: cable(baud), prepare: (unit, world) => lose(unit.cable, world, 0.01) });
    }
  }
  for (const mtu of [23, 131, 247]) {
    cases.push({
      metric: `BLE's shape, MTU ${mtu}`, units: 1, capacity: Math.min(mtu - 3, LONGEST) / PACE, transport: (unit, world) => bleTransport({ address: '00:11:22:33:44:55', central: centralOf(unit, world, mtu) }),
    });
  }
  const asked = bench.env['BENCH_CASE'];
  for (const one of cases.filter(({ metric }) => asked === undefined || metric.includes(asked))) {
    bench.say(one.metric);
    await virtualCase(bench, one);
  }
  if (bench.env['BENCH_TTY'] === '1') for (const baud of [115_200, 921_600]) await terminals(bench, baud);
  else bench.skipped('four units at once at real terminals', 'by the clock, so for a computer that has nothing else to do: BENCH_TTY=1');
}
