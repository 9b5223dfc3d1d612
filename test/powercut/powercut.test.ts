/**
 * Power goes before, within or after flash operations of every scenario; then power comes back, and S1 to S5, L1 and L2 of
 * SAFETY.md are judged on the simulated world's truth and on the records.
 *
 * POWERCUT_BUDGET: cuts in all (default 3600, which is every single cut and some pairs, within six minutes on one core), or
 * `all`, with many more pairs.
 */
import { seededRandom } from '../../sim';
import type { Snapshot } from '../scenario/bench';
import { cutsOf, inject, label, prepared, survey, type Cut } from './cuts';
import { SCENARIOS, type Scenario } from './scenarios';

const budget = process.env['POWERCUT_BUDGET'] ?? '3600';
const BUDGET = budget === 'all' ? Infinity : Number(budget);
/** Share of the budget for cuts in pairs. */
const PAIRS = 0.1;
const ONE_TEST_MS = 3_600_000;
/** Failures told of one scenario. */
const TOLD = 12;

interface Ready {
  scenario: Scenario;
  from: Snapshot | undefined;
  cuts: Cut[];
  /** Why it does not even go without a cut. */
  wrong?: unknown;
}

const began = process.cpuUsage();
const ready: Ready[] = [];
let injected = 0;
let possible = 0;

async function failures(runs: (() => Promise<number>)[], names: string[]): Promise<string[]> {
  const failed: string[] = [];
  for (let i = 0; i < runs.length && failed.length < TOLD; i++) {
    try {
      injected += await runs[i]!();
    } catch (error) {
      failed.push(`${names[i]!}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return failed;
}

beforeAll(async () => {
  for (const scenario of SCENARIOS) {
    try {
      const from = await prepared(scenario);
      const cuts = cutsOf(await survey(scenario, from));
      possible += cuts.length;
      ready.push({ scenario, from, cuts });
    } catch (wrong) {
      ready.push({ scenario, from: undefined, cuts: [], wrong });
    }
  }
}, ONE_TEST_MS);

afterAll(() => {
  const { user, system } = process.cpuUsage(began);
  console.log(`power cuts: ${injected} injected (${possible} single ones possible) in ${((user + system) / 1e6).toFixed(0)} s of one core`);
});

test.each(SCENARIOS.map(({ name }, i) => ({ name, i })))('$name', async ({ i }) => {
  const { scenario, from, cuts, wrong } = ready[i]!;
  if (wrong !== undefined) throw wrong;
  const share = Math.ceil((BUDGET * (1 - PAIRS) * cuts.length) / possible);
  // A scenario of few operations gets all of its cuts.
  const chosen = cuts.slice(0, Math.max(share, Math.min(60, BUDGET)));
  const failed = await failures(chosen.map((cut) => () => inject(scenario, from, cut)), chosen.map(label));
  expect(failed).toEqual([]);
}, ONE_TEST_MS);

test('two cuts: in the use with photos, and again while it is taken up anew', async () => {
  const { scenario, from, cuts, wrong } = ready.find((one) => one.scenario.name === 'use by one person, with photos')!;
  if (wrong !== undefined) throw wrong;
  const random = seededRandom(20);
  const count = BUDGET === Infinity ? cuts.length * 4 : Math.ceil(BUDGET * PAIRS);
  const pairs = Array.from({ length: count }, (): [Cut, Cut] => {
    const how = (['torn', 'after', 'before'] as const)[random.below(3)]!;
    return [cuts[random.below(cuts.length)]!, { op: 1 + random.below(40), how, words: random.below(30) }];
  });
  const failed = await failures(pairs.map(([first, second]) => () => inject(scenario, from, first, second)), pairs.map(([first, second]) => `${label(first)}, then ${label(second)}`));
  expect(failed).toEqual([]);
}, ONE_TEST_MS);
