/** Plays a scenario in virtual time on a fresh unit that runs the flashed bundle. */
import { createHash } from 'node:crypto';
import type { Program } from '../board/run';
import { asSimError, type Language } from '../cli/texts';
import { World } from '../world/world';
import { Bench, type Person, type Teller } from './bench';
import { carryOut, parseLine } from './commands';
import { judge, type Miss } from './expect';
import type { Expect, Scenario, ScenarioStep } from './file';
import { BENCH_MAKER } from './maker';
import { Refused } from './office';
import type { Inspector } from './page-check';

export interface PlayOptions {
  bundle: string | Program;
  language: Language;
  /** PNG of the die's face, for scenarios with a real camera. */
  dieImage?: string;
  /** Of scenarios in which the office compares pages. */
  inspector?: Inspector;
  /** Hears what the unit does meanwhile. */
  onEvent?: Teller['event'];
  onStep?: (result: StepResult) => void;
}

export interface StepResult {
  number: number;
  step: ScenarioStep;
  /** Virtual seconds at its end, and how long it took. */
  at: number;
  took: number;
  misses: Miss[];
}

export interface Played {
  ok: boolean;
  results: StepResult[];
  /** Virtual seconds in all. */
  seconds: number;
}

/** People of a unit where the scenario names none. */
export const PEOPLE: readonly Person[] = ['zhang', 'li', 'wang', 'zhao'].map((name, i) => ({ person: i + 1, name }));
/** Unix seconds at which each scenario begins. */
const EPOCH = 1_800_000_000;
const POLL_MS = 50;
/** For a bolt, between whose opening and the stroke some ten milliseconds lie. */
const BOLT_POLL_MS = 5;
/** A command that has not ended by then has failed, ms. */
const COMMAND_MS = 120_000;
/** More than the longest wait, ms. */
const WAIT_MS = 3e9;
const DEVICE = 'SIMUNIT1';
/** Turns of the microtask queue until whatever waited for the unit has gone on: what the office does upon an answer is a dozen promises deep. */
const TURNS = 64;

async function settle(): Promise<void> {
  for (let turn = 0; turn < TURNS; turn++) await Promise.resolve();
}

const key = (name: string): Buffer => createHash('sha256').update(`scenario ${name}`).digest();

/** The unit that scenarios run on: the same keys and the same chance every time. */
export function benchFor(scenario: Pick<Scenario, 'unit'>, options: PlayOptions, office = true): Bench {
  const { seed, battery, camera, die, dies, people = [...PEOPLE] } = scenario.unit as Required<Pick<Scenario['unit'], 'seed' | 'battery' | 'camera'>> & Scenario['unit'];
  const identity = {
    deviceId: Buffer.from(DEVICE, 'latin1'), linkKey: key('link'), permitKey: key('permit'), evidenceKey: key('evidence'), makerKey: BENCH_MAKER,
    people: people.filter(({ enrolled }) => enrolled !== false).map(({ person }, slot) => ({ slot, person })),
  };
  return new Bench({
    world: new World({ seed, settle }), bundle: options.bundle, identity, deviceId: identity.deviceId.toString('hex'), people, seed, charge: battery / 100, photographs: camera === 'real', die, dies, office, epoch: EPOCH,
    teller: { language: options.language, event: options.onEvent ?? (() => undefined), answer: () => undefined },
    inspector: options.inspector,
    ...(options.dieImage === undefined ? {} : { dieImage: options.dieImage }),
  });
}

export async function play(scenario: Scenario, options: PlayOptions): Promise<Played> {
  let evidence = 0;
  const bench = benchFor(scenario, { ...options, onEvent: (name, text, data) => {
    if (name === 'evidence') evidence++;
    options.onEvent?.(name, text, data);
  } });
  const { world, unit } = bench;
  const results: StepResult[] = [];
  let from = 0;
  unit.power.on();
  for (const [i, step] of scenario.steps.entries()) {
    const begun = world.now;
    if (step.at !== undefined && step.at * 1000 > world.now) await world.runTo(step.at * 1000);
    const misses = step.do === undefined ? [] : await act(bench, step, scenario.pace);
    if (step.expect !== undefined) {
      const { met, next } = await meet(bench, step.expect, step.within, step.holds, from);
      misses.push(...met);
      from = next;
    }
    // Whatever a scenario looks at, these may never be.
    if (unit.truth.exceptions.length > 0) misses.push({ what: 'firmware', expected: 'no exception', was: String(unit.truth.exceptions[0]!.error) });
    if (evidence > 0) misses.push({ what: 'evidence', expected: 'chain, MACs and digests in order', was: `${evidence} wrong` });
    const result = { number: i + 1, step, at: world.now / 1000, took: (world.now - begun) / 1000, misses };
    results.push(result);
    options.onStep?.(result);
    // What comes after a step that failed says nothing any more.
    if (misses.length > 0) break;
  }
  return { ok: results.every(({ misses }) => misses.length === 0), results, seconds: world.now / 1000 };
}

/** Carries out a command while the world goes on. */
async function act(bench: Bench, step: ScenarioStep, pace: number): Promise<Miss[]> {
  const { world } = bench;
  const line = step.do!;
  let code: string | undefined;
  let over = false;
  const done = carryOut(bench, line).catch((error: unknown) => {
    code = error instanceof Refused ? error.refusal : asSimError(error).code;
    if (code === 'INTERNAL') code = `INTERNAL ${String(error)}`;
  }).finally(() => (over = true));
  // Most commands have ended before anything else happens.
  await settle();
  const command = parseLine(line, bench.language)?.command;
  if (!over) await world.runUntil(() => over, command?.lasts === true ? WAIT_MS : COMMAND_MS);
  if (!over) return [{ what: line, expected: 'an end', was: `none within ${COMMAND_MS / 1000} s` }];
  await done;
  if (command?.group === 'hands' && command.lasts !== true) await world.run(pace * 1000);
  if (code === step.refused) return [];
  return [{ what: 'refused', expected: step.refused ?? 'taken', was: code ?? 'taken' }];
}

/** Waits until all is met, then sees that it stays so. */
async function meet(bench: Bench, wanted: Expect, within: number, holds: number, from: number): Promise<{ met: Miss[]; next: number }> {
  const { world } = bench;
  const end = world.now + within * 1000;
  const poll = wanted.bolt === undefined ? POLL_MS : BOLT_POLL_MS;
  let found = judge(bench, wanted, from);
  while (found.misses.length > 0 && world.now < end) {
    await world.run(Math.min(poll, end - world.now));
    found = judge(bench, wanted, from);
  }
  const held = world.now + holds * 1000;
  while (found.misses.length === 0 && world.now < held) {
    await world.run(Math.min(POLL_MS, held - world.now));
    found = judge(bench, wanted, from);
  }
  return { met: found.misses, next: found.misses.length === 0 ? found.next : from };
}
