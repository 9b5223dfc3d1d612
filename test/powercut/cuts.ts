/** Counts the flash operations of a scenario, and runs it again with the power cut at one of them, or at two. */
import type { CutMoment } from '../../sim';
import { Bench, type Snapshot } from '../scenario/bench';
import { judge } from '../scenario/oracle';
import type { Scenario } from './scenarios';
import { settle, untilGone, useUp } from './settle';

const PAGE_WORDS = 1024;

export interface Cut {
  /** 1: the first operation of the scenario. */
  op: number;
  how: CutMoment;
  /** Torn: whole words that are written (erasing: that are blank) before it. */
  words: number;
}

export function label({ op, how, words }: Cut): string {
  return how === 'torn' ? `torn at word ${words} of operation ${op}` : `${how} operation ${op}`;
}

/** Brings a unit to where the scenario begins. */
export async function prepared(scenario: Scenario): Promise<Snapshot | undefined> {
  if (scenario.prepare === undefined) return undefined;
  const bench = new Bench(scenario.preparePhotoBytes === undefined ? {} : { photoBytes: scenario.preparePhotoBytes });
  await bench.start();
  const given = await scenario.prepare(bench);
  if (given !== undefined) return given;
  await bench.pull();
  judge(bench);
  return bench.snapshot();
}

function benchFor(scenario: Scenario, from: Snapshot | undefined, seed: number): Bench {
  return new Bench({ seed, ...(from === undefined ? {} : { from }), ...(scenario.photoBytes === undefined ? {} : { photoBytes: scenario.photoBytes }) });
}

async function begin(scenario: Scenario, bench: Bench): Promise<void> {
  if (scenario.cold) return;
  await bench.start();
  await bench.pull();
}

/** One run without a cut; words of each flash operation (negative: an erase), and what the strokes came to. */
export async function survey(scenario: Scenario, from: Snapshot | undefined): Promise<number[]> {
  const bench = benchFor(scenario, from, 1);
  await begin(scenario, bench);
  const ops: number[] = [];
  bench.unit.flash.onOp = ({ kind, length }) => ops.push(kind === 'erase' ? -PAGE_WORDS : Math.ceil(length / 4));
  await scenario.run(bench);
  bench.unit.flash.onOp = undefined;
  const { strokeCount } = bench.unit.truth;
  if (strokeCount !== scenario.strokes) throw new Error(`${scenario.name}: ${strokeCount} strokes without a cut, ${scenario.strokes} expected`);
  bench.unit.power.cut();
  await settle(bench, { alarms: scenario.alarms ?? [] });
  return ops;
}

/** Every cut there is, in an order whose beginnings are spread over all operations: first one cut for each, then a second, and so on. */
export function cutsOf(ops: number[]): Cut[] {
  const ways = ops.map((length, i) => {
    const words = Math.abs(length);
    const torn = [...new Set([Math.floor(words / 2), words - 1, 0])];
    const all: Cut[] = torn.map((at): Cut => ({ op: i + 1, how: 'torn', words: at }));
    all.push({ op: i + 1, how: 'after', words: 0 }, { op: i + 1, how: 'before', words: 0 });
    // Each operation begins with another way.
    return all.slice(i % all.length).concat(all.slice(0, i % all.length));
  });
  const rounds = Math.max(...ways.map((all) => all.length));
  const order: Cut[] = [];
  for (let round = 0; round < rounds; round++) for (const all of ways) if (all[round] !== undefined) order.push(all[round]!);
  return order;
}

/** The scenario with one cut; with two, the second comes while the unit starts again or is used anew. @throws Error when a promise was broken */
export async function inject(scenario: Scenario, from: Snapshot | undefined, first: Cut, second?: Cut): Promise<number> {
  // The seed says what a torn word holds; it must not change the order of operations.
  const bench = benchFor(scenario, from, 1);
  await begin(scenario, bench);
  const { flash, power } = bench.unit;
  flash.cutAt(first.op, first.how, first.words);
  if (!(await untilGone(bench, scenario.run))) throw new Error(`operation ${first.op} did not come`);
  let cuts = 1;
  if (second !== undefined) {
    await bench.world.run(200);
    flash.noCuts();
    flash.cutAt(second.op, second.how, second.words);
    if (await untilGone(bench, anew)) cuts++;
    else power.cut();
  }
  await settle(bench, { alarms: scenario.alarms ?? [] });
  return cuts;
}

/** What the office does when a unit comes back. */
async function anew(bench: Bench): Promise<void> {
  bench.unit.hand.closeLid();
  await bench.start();
  await bench.pull();
  await bench.setTime();
  await bench.clearAlarms([3, 9, 13]);
  for (const granted of bench.granted) {
    await bench.load(granted);
    await useUp(bench, granted, 1);
  }
}
