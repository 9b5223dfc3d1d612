/**
 * Plays a plan: first the deeds, with safety judged at every fact; then all faults end, and progress is demanded: locked and
 * linked, alarms cleared, every permit that can be used used up, every record in the register.
 */
import type { Program } from '../board/run';
import type { Breach, Fact } from '../oracle';
import { World } from '../world/world';
import { carryOut } from './deeds';
import type { House } from './house';
import type { Images } from './images';
import { Seat } from './seat';
import type { Plan } from './plan';

export interface Outcome {
  breaches: (Breach & { unit: number })[];
  strokes: number;
  records: number;
  photos: number;
  cuts: number;
  virtualMs: number;
  /** Deeds carried out, by name; faults as "fault NAME". */
  deeds: Record<string, number>;
  /** SHA-256 over all that happened. */
  hash: string;
}

export interface PlayOptions {
  program: Program;
  /** Makes the real bridge and desk of worlds that have them (house.ts, houses); without it there are no such worlds. */
  house?: (world: World, bridges: number) => House;
  /** Makes the images of worlds with updates (images.ts); without it there are no such worlds. */
  images?: () => Images;
  /** Hears everything, for timelines. */
  onFact?: (at: number, unit: number, fact: Fact) => void;
  onStep?: (at: number, step: Plan['steps'][number]) => void;
}

/** Milliseconds that the demands may take: to be linked and at rest, to be rid of alarms, for one stroke. */
const REST_MS = 8000;
/** All tries of an image, each ended by the watchdog. */
const TRIALS_MS = 60_000;
const CLEAR_MS = 120_000;
const STROKE_MS = 30_000;
/** In which a permit that some have begun to open is given up, and a little. */
const PERSONS_MS = 35_000;
const SYNC_MS = 180_000;
/** UseState IDLE, as the unit told last. */
const IDLE = 1;

export async function play(plan: Plan, options: PlayOptions): Promise<Outcome> {
  let house: House | undefined;
  const world = new World({ seed: plan.seed, trace: true, settle: () => house?.settle() ?? Promise.resolve() });
  if (plan.profile === 'chain') {
    if (options.house === undefined) throw new TypeError('a world with bridge and desk needs a house');
    house = options.house(world, plan.units > 1 && world.random.chance(0.5) ? plan.units : 1);
  }
  const images = plan.steps.some(({ deed }) => deed === 'update') ? options.images?.() : undefined;
  const seats = Array.from({ length: plan.units }, (_, unit) => new Seat(world, `UNIT${String(unit).padStart(4, '0')}`, {
    program: options.program, photo: plan.photo, dies: plan.dies, images, ...(house === undefined ? {} : { house }),
    ...(options.onFact === undefined ? {} : { onFact: (fact) => options.onFact!(world.now, unit, fact) }),
  }));
  const deeds: Record<string, number> = {};
  for (const seat of seats) seat.unit.power.on();
  await house?.start();
  for (const step of plan.steps) {
    world.at(step.at, () => {
      const seat = seats[step.unit];
      if (seat === undefined || broken()) return;
      options.onStep?.(world.now, step);
      const name = step.deed === 'fault' ? `fault ${step.name}` : step.deed;
      deeds[name] = (deeds[name] ?? 0) + 1;
      world.trace('deed', name);
      carryOut(seat, step);
    });
  }
  const broken = (): boolean => seats.some(({ oracle }) => oracle.breaches.length > 0);
  const until = async (condition: () => boolean, ms: number): Promise<boolean> => (await world.runUntil(() => broken() || condition(), ms)) && !broken();
  try {
    await until(() => false, plan.until);
    house?.heal();
    if (!broken()) await demand(world, seats, until);
    if (!broken()) await house?.judge();
  } finally {
    await house?.close();
  }
  const cuts = seats.reduce((sum, { unit }) => sum + unit.truth.runs.filter((run) => run.what === 'cut').length, 0);
  return {
    breaches: seats.flatMap(({ oracle }, unit) => oracle.breaches.map((one) => ({ ...one, unit }))),
    strokes: seats.reduce((sum, { unit }) => sum + unit.truth.strokeCount, 0),
    records: seats.reduce((sum, { oracle }) => sum + oracle.known.records.length, 0),
    photos: seats.reduce((sum, { office }) => sum + office.photos, 0),
    cuts, virtualMs: world.now, deeds, hash: world.traceHash(),
  };
}

async function demand(world: World, seats: readonly Seat[], until: (condition: () => boolean, ms: number) => Promise<boolean>): Promise<void> {
  for (const seat of seats) seat.heal();
  // An image that never comes up is tried some times first.
  await until(() => seats.every(({ office }) => office.ready !== false), TRIALS_MS);
  await until(() => false, REST_MS);
  for (const seat of seats) seat.moreTime();
  for (const seat of seats) {
    const { office, oracle, holder } = seat;
    const calm = (): boolean => office.idle && office.standing === 0;
    // An alarm whose cause has just gone may come up once more.
    for (let i = 0; i < 3; i++) {
      office.work();
      office.status();
      await until(calm, CLEAR_MS);
      await until(() => false, 3000);
    }
    await useUp(seat, until);
    await until(() => !holder.busy, STROKE_MS);
    office.work();
    office.status();
    await until(calm, SYNC_MS);
    await until(() => false, 1000);
    if (oracle.breaches.length === 0) oracle.end();
  }
}

/**
 * Every permit that can be used is used up by its persons. A finger opens the oldest permit that names its person, so one
 * may have to wait for its turn: rounds go on while anything comes of them.
 */
async function useUp(seat: Seat, until: (condition: () => boolean, ms: number) => Promise<boolean>): Promise<void> {
  const { office, oracle, holder, unit } = seat;
  const left = (id: string): number => Math.max(0, oracle.usable.left(id) ?? 0);
  const all = (): number => office.permits.reduce((sum, { claims }) => sum + left(claims.id), 0);
  for (let idle = 0; all() > 0 && idle < 3; ) {
    // Strokes, not what is left: a permit that found no room until now adds to that.
    const before = unit.truth.strokeCount;
    seat.moreTime();
    // Somebody may have begun to open a permit: whoever shows themselves in between means another.
    await until(() => office.state === IDLE, PERSONS_MS);
    for (const { claims } of office.permits) {
      const pages = Math.min(5, left(claims.id));
      if (pages === 0) continue;
      holder.use({ die: claims.die, persons: claims.persons, means: claims.means, pages, habit: 'careful', moment: 0, waits: (claims.policy & 2) !== 0, sees: () => office.state });
      if (!(await until(() => !holder.busy, STROKE_MS * (pages + 1)))) return;
      await until(() => false, 2000);
    }
    idle = unit.truth.strokeCount > before ? 0 : idle + 1;
  }
}
