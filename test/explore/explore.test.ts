/** Random worlds: clean on the bundle as it is, the same to the byte each time, and caught when something is wrong. */
import path from 'node:path';
import { play, planOf, readSaved, shrink, smallWorlds, Timeline, type Plan } from '../../sim/explore';
import { loadProgram, type Program } from '../../sim';
import { fitHost, HOST_MUTANTS } from '../mutants/host';
import { MUTANTS, type Change } from '../mutants/list';
import { CORPUS } from './corpus';
import { ground } from './ground';

const ROOT = path.resolve(__dirname, '../..');
/** Worlds of the random part. */
const WORLDS = Number(process.env['EXPLORE_WORLDS'] ?? 60);
/** Depth of the exhaustive part. */
const DEPTH = Number(process.env['EXPLORE_DEPTH'] ?? 3);

const means = ground();

/** The bundle with a mutant in it. */
async function mutant(id: string): Promise<Program> {
  const { maker } = jest.requireActual<{ maker(): { make(changes: readonly Change[]): Promise<string> } }>('../mutants/make.js');
  return loadProgram(await maker().make(MUTANTS.find((one) => one.id === id)!.changes));
}

test.each(CORPUS)('$profile $seed: $what', async ({ seed, profile }) => {
  expect((await play(planOf(seed, profile), means)).breaches).toEqual([]);
});

test(`${WORLDS} random worlds are clean`, async () => {
  const failed: string[] = [];
  let strokes = 0;
  for (let seed = 10_001; seed <= 10_000 + WORLDS; seed++) {
    const { breaches, strokes: made } = await play(planOf(seed), means);
    strokes += made;
    if (breaches.length > 0) failed.push(`${seed}: ${breaches[0]!.id} ${breaches[0]!.text}`);
  }
  expect(failed).toEqual([]);
  expect(strokes).toBeGreaterThan(WORLDS);
}, 600_000);

test(`every order of up to ${DEPTH} events with one permit, two persons and one cut`, async () => {
  const failed: string[] = [];
  for (let number = 0; number < smallWorlds(DEPTH); number++) {
    const { breaches } = await play(planOf(number, 'small'), means);
    if (breaches.length > 0) failed.push(`${number}: ${breaches[0]!.id} ${breaches[0]!.text}`);
  }
  expect(failed).toEqual([]);
}, 900_000);

test('the same number gives the same world, and another number another', async () => {
  const once = await play(planOf(77), means);
  expect(await play(planOf(77), means)).toEqual(once);
  expect((await play(planOf(78), means)).hash).not.toBe(once.hash);
});

test('a broken firmware is caught, cut down to a few deeds, told, and fails again when it is played again', async () => {
  const broken = await mutant('revocation forgotten');
  let found: Plan | undefined;
  let id = '';
  for (let seed = 1; found === undefined && seed < 200; seed++) {
    const { breaches } = await play(planOf(seed, 'people'), { program: broken });
    if (breaches.length > 0) [found, id] = [planOf(seed, 'people'), breaches[0]!.id];
  }
  expect(found).toBeDefined();
  const small = await shrink(found!, async (plan) => (await play(plan, { program: broken })).breaches[0]?.id === id);
  expect(small.steps.length).toBeLessThan(found!.steps.length);
  const timeline = new Timeline('zh');
  const saved = JSON.parse(JSON.stringify({ format: 'smartseal-world/1', id, text: '', plan: small })) as object;
  const again = await play(readSaved(JSON.stringify(saved)).plan, { program: broken, onFact: (at, unit, fact) => timeline.fact(at, unit, fact), onStep: (at, step) => timeline.step(at, step) });
  expect(again.breaches[0]?.id).toBe(id);
  expect(timeline.text()).toContain('固件启动');
}, 300_000);

test('every mutant still fits the code, and each invariant has at least three', async () => {
  const { maker } = jest.requireActual<{ maker(): { fits(changes: readonly Change[]): void } }>('../mutants/make.js');
  const made = maker();
  for (const { changes } of MUTANTS) made.fits(changes);
  for (const { changes } of HOST_MUTANTS) fitHost(path.join(ROOT, 'dist'), changes);
  for (const id of ['S1', 'S2', 'S3', 'S4', 'S5', 'S6', 'S7', 'S8', 'L1', 'L2', 'L3', 'L4']) expect([id, MUTANTS.filter(({ breaks }) => breaks === id).length >= 3]).toEqual([id, true]);
}, 120_000);

test('what is no saved world is refused', () => {
  expect(() => readSaved('{}')).toThrow('not a saved world');
  expect(() => planOf(1, 'nonsense')).toThrow('no profile');
});
