/**
 * How fast virtual time runs: ten units in one world, each with its host, each stamping a hundred pages in its day
 * (a permit, a finger, a page, two photos and a stroke each), the built bundle on every one of them.
 */
import path from 'node:path';
import { createUnit, fastScene, loadProgram, Page, World, type Unit } from '../../sim';
import type { Bench } from './report';
import { VirtualHost } from './virtual-host';

const UNITS = 10;
const STAMPS_A_DAY = 100;
const DAY_MS = 86_400_000;
const PERSON = 7;
/** From the permit to the finger, the page, its removal, ms. */
const FINGER = 2000;
const PAPER = 5000;
const DONE = 25_000;

interface Seat {
  unit: Unit;
  host: VirtualHost;
}

function seat(world: World, program: ReturnType<typeof loadProgram>, index: number, photo: number): Seat {
  const identity = {
    deviceId: Buffer.from(`BENCH${String(index).padStart(3, '0')}`, 'latin1'),
    linkKey: Buffer.alloc(32, 1), permitKey: Buffer.alloc(32, 2), evidenceKey: Buffer.alloc(32, 3), people: [{ slot: 0, person: PERSON }],
  };
  const unit = createUnit(world, { bundle: program, identity, name: `unit ${index}`, scene: fastScene({ size: photo }) });
  const host = new VirtualHost(world, unit, identity);
  unit.power.on();
  return { unit, host };
}

/** One stroke, from the permit on. */
function stamp(world: World, { unit, host }: Seat, number: number): void {
  host.permit(PERSON);
  world.after(FINGER, () => unit.hand.finger(PERSON));
  world.after(PAPER, () => unit.hand.insertPaper(Page.plain(`page ${number}`)));
  world.after(DONE, () => {
    if (unit.truth.page !== undefined) unit.hand.removePaper();
    unit.truth.forget();
  });
}

async function run(bench: Bench, options: { stamps: number; photo: number; ms: number }): Promise<void> {
  const world = new World({ seed: 11, settle: () => Promise.resolve() });
  const program = loadProgram(path.join(bench.root, 'dist/firmware/xiao.js'));
  const seats = Array.from({ length: UNITS }, (_, i) => seat(world, program, i, options.photo));
  await world.run(2000);
  for (const one of seats) one.host.start();
  await world.run(10_000);
  for (const one of seats) if (!one.host.ready) throw new Error(`${one.unit.name}: no session`);
  // Spread over the day, never two of a unit at once.
  const gap = DAY_MS / Math.max(1, options.stamps);
  let number = 0;
  for (const [i, one] of seats.entries()) {
    if (options.stamps === 0) break;
    const go = (): void => {
      world.after(gap, go);
      stamp(world, one, number++);
    };
    world.after((gap * (i + 1)) / (UNITS + 1), go);
  }
  // The engine's compiler has seen everything once before the clock starts.
  await world.run(Math.min(options.ms / 10, 1_800_000));
  const before = { cpu: bench.cpu(), wall: bench.now(), events: world.events, at: world.now };
  await world.run(options.ms);
  const cpu = bench.cpu() - before.cpu;
  const virtualMs = world.now - before.at;
  const sum = (key: keyof VirtualHost['counts']): number => seats.reduce((total, { host }) => total + host.counts[key], 0);
  if (seats.some(({ unit }) => unit.truth.exceptions.length > 0)) throw new Error('an exception in the firmware');
  if (sum('stamped') < number - UNITS) throw new Error(`${sum('stamped')} of ${number} stamps came to the register`);
  bench.figure({
    metric: options.stamps === 0 ? 'ten idle units' : `ten units, ${options.stamps} stamps a day each, photos of ${options.photo} B`,
    value: virtualMs / cpu,
    unit: 'virtual s per core s',
    ...(options.stamps === 0 ? {} : { goal: 10_000, better: 'more' as const }),
    context: {
      unitSecondsPerCoreSecond: Math.round((virtualMs * UNITS) / cpu), virtualHours: virtualMs / 3_600_000, cpuSeconds: Number((cpu / 1000).toFixed(2)),
      wallSeconds: Number(((bench.now() - before.wall) / 1000).toFixed(2)), events: world.events - before.events,
      stamped: sum('stamped'), records: sum('records'), photos: sum('photos'), photoBytes: sum('photoBytes'), refused: sum('refused'), load: bench.load(),
    },
  });
}

export async function virtual(bench: Bench): Promise<void> {
  const ms = Number(bench.env['BENCH_HOURS'] ?? 24) * 3_600_000;
  bench.say('ten idle units');
  await run(bench, { stamps: 0, photo: 4096, ms: ms / 4 });
  bench.say('ten units at work');
  await run(bench, { stamps: STAMPS_A_DAY, photo: 4096, ms });
}
