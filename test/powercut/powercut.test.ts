/**
 * Power goes before, at each word of, and after every flash operation of every scenario, and twice in those that matter most;
 * then it comes back, and S1 to S5, L1 and L2 of SAFETY.md are judged on the simulated world's truth and on the records.
 *
 * A scenario runs once. What a cut at each of its operations leaves is made from that run (moments.ts) and started again. Two
 * such images that agree in every word that was read go the same way, and only one of them runs. How much: budget.ts.
 */
import type { Bench, Snapshot } from '../scenario/bench';
import { add, ALONE, coreSeconds, line, newTally, ONE_TEST_MS, SAMPLES, SEED, told, TOLD } from './budget';
import { begun, Judgement, prepared, revived, survey, surveyAnew } from './cuts';
import { agree, cutOf, cutsAt, flashAfter, label, leftOver, readWords, type Cut, type Moment } from './moments';
import { ORDERS } from './orders';
import type { Scenario } from './scenario';
import { SCENARIOS as STAMPING } from './scenarios';
import { settle, untilGone } from './settle';

const SCENARIOS = [...STAMPING, ...ORDERS];
const FILE = 'test/powercut/powercut.test.ts';
/** Cut twice: in the scenario, and in what follows when the unit is taken up anew. */
const TWICE = ['use by one person, with photos', 'use with a grant for the stroke', 'acknowledgement of records and photos, journal recycled', 'change of the vault page', 'compaction of the state at a start', 'compaction of the state by a permit'];
/** First cuts of a pair in each of these, unless all are asked for. */
const FIRSTS = 3;

const began = process.cpuUsage();
const all = newTally();
const pairs = newTally();
let pairSeconds = 0;

interface Ready {
  scenario: Scenario;
  from: Snapshot | undefined;
  moments: Moment[];
}

async function ready(name: string): Promise<Ready> {
  const scenario = SCENARIOS.find((one) => one.name === name)!;
  const from = await prepared(scenario);
  return { scenario, from, moments: await survey(scenario, from) };
}

const names = SCENARIOS.map(({ name }) => name);

if (ALONE !== undefined) {
  test('alone', async () => {
    const name = names.find((one) => ALONE!.startsWith(`${one}: `))!;
    const { scenario, moments } = await ready(name);
    const [first, second] = ALONE!.slice(name.length + 2).split(', then ').map(cutOf);
    const within = second === undefined ? moments : await surveyAnew(moments[first!.op - 1]!, first!, SEED);
    const cut = second ?? first!;
    const moment = within[cut.op - 1]!;
    const bench = revived(moment, cut, SEED);
    await settle(bench, { alarms: scenario.alarms ?? [] });
  }, ONE_TEST_MS);
} else {
  afterAll(() => {
    console.log(line('the flashed bundle', all, coreSeconds(began) - pairSeconds));
    console.log(line('the flashed bundle, in pairs', pairs, pairSeconds));
  });

  test.each(names)('%s', async (name) => {
    const { scenario, moments } = await ready(name);
    const tally = newTally();
    for (const [i, moment] of moments.entries()) {
      if (tally.failed.length >= TOLD) break;
      await new Judgement(name, scenario.alarms ?? [], moment, SEED, tally).all(cutsAt(moment), moments[i + 1], SAMPLES);
    }
    add(all, tally);
    expect(told(tally.failed, FILE)).toEqual([]);
  }, ONE_TEST_MS);

  test.each(TWICE)('twice: %s', async (name) => {
    const since = process.cpuUsage();
    const { scenario, moments } = await ready(name);
    const tally = newTally();
    const every = SAMPLES === Infinity ? 1 : Math.ceil(moments.length / FIRSTS);
    for (let i = every >> 1; i < moments.length && tally.failed.length < TOLD; i += every) {
      // After it, or torn in the middle of it.
      for (const first of cutsAt(moments[i]!, 1).slice(1).slice(SAMPLES === Infinity ? 0 : -1)) {
        const next = await surveyAnew(moments[i]!, first, SEED);
        for (const [k, moment] of next.entries()) {
          const judgement = new Judgement(`${name}: ${label(first)}, then`, scenario.alarms ?? [], moment, SEED, tally);
          await judgement.all(cutsAt(moment, SAMPLES === Infinity ? Infinity : 1), next[k + 1], 1);
        }
      }
    }
    add(pairs, tally);
    pairSeconds += coreSeconds(since);
    expect(told(tally.failed, FILE).map((one) => one.replaceAll(', then: ', ', then '))).toEqual([]);
  }, ONE_TEST_MS);

  test('what is made of a run without cuts is what a real cut leaves', async () => {
    const { scenario, from, moments } = await ready('use by one person, with photos');
    for (let i = 0; i < moments.length; i += 5) {
      for (const cut of cutsAt(moments[i]!, 1)) {
        const real = await begun(scenario, from);
        real.unit.flash.cutAt(cut.op, cut.how, cut.words);
        expect(await untilGone(real, scenario.run)).toBe(true);
        const made = flashAfter(moments[i]!, leftOver(moments[i]!, cut, SEED));
        expect([label(cut), differences(real, made, moments[i]!, cut)]).toEqual([label(cut), []]);
        const left = moments[i]!.left!;
        const { truth } = real.unit;
        expect([real.world.now >= left.at, real.chain.next, truth.strokeCount, truth.carrierMm, truth.lidClosed, truth.page?.id, real.granted.length])
          .toEqual([true, left.from.chain.next, left.truth.strokeCount, left.carrierMm, left.lidClosed, left.page?.id, left.from.granted.length]);
      }
    }
  }, ONE_TEST_MS);

  test('what is not run again would have gone the same way', async () => {
    const { scenario, moments } = await ready('change of the vault page');
    let compared = 0;
    for (const moment of moments.filter(({ kind }, i) => kind === 'erase' || i % 9 === 0)) {
      const runs: { cut: Cut; range: Uint8Array; mask: Uint8Array; records: string }[] = [];
      for (const cut of cutsAt(moment, 6)) {
        const range = leftOver(moment, cut, SEED);
        const bench = revived(moment, cut, SEED);
        const mask = readWords(bench.unit.flash, moment.address, range.length);
        await settle(bench, { alarms: scenario.alarms ?? [] });
        const records = bench.chain.bytes.join('');
        for (const other of runs) {
          if (!agree(other.mask, other.range, range)) continue;
          expect([label(cut), label(other.cut), records === other.records]).toEqual([label(cut), label(other.cut), true]);
          compared++;
        }
        runs.push({ cut, range, mask, records });
      }
    }
    expect(compared).toBeGreaterThan(5);
  }, ONE_TEST_MS);
}

/** Addresses where real and made flash differ, but for bits that tearing leaves to chance. */
function differences(real: Bench, made: Map<number, Uint8Array>, { address, before, after, kind }: Moment, { how, words }: Cut): number[] {
  const { flash } = real.unit;
  const found: number[] = [];
  for (const [page, bytes] of made) {
    const right = flash.read(page * bytes.length, bytes.length);
    for (let i = 0; i < bytes.length; i++) {
      if (bytes[i] === right[i]) continue;
      const at = page * bytes.length + i - address;
      const chance = how === 'torn' && at >= words * 4 && at < (kind === 'erase' ? before.length : words * 4 + 4);
      // Between old and new: no bit that both have alike.
      if (!chance || ((bytes[i]! ^ right[i]!) & ~(before[at]! ^ after[at]!)) !== 0) found.push(at + address);
    }
  }
  return found;
}
