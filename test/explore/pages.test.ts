/** Worlds in which somebody lays in a sheet of something else while a grant is waited for: it is not stamped, and an office that does not look is caught. */
import { play, planOf, type Outcome, type Plan } from '../../sim/explore';
import { INSPECTOR, verdictOn } from '../../sim/explore/inspector';
import { DILIGENT } from '../../sim/explore/manner';
import type { Fact } from '../../sim/oracle';
import { fastScene, Page } from '../../sim/paper';
import { ground } from './ground';

const means = ground();
afterEach(() => jest.restoreAllMocks());

/** A permit with a grant for each stroke; behind its photo the sheet is exchanged. */
function swapped(profile: 'people' | 'chain'): Plan {
  return {
    seed: 7, profile, units: 1, photo: 300, until: 60_000,
    steps: [
      { at: 500, unit: 0, deed: 'permit', count: 2, persons: [7], policy: 3, from: -60, lasts: 7200, idle: 60 },
      { at: 18_000, unit: 0, deed: 'swap while waiting', ms: 30_000 },
      { at: 20_000, unit: 0, deed: 'use', permit: 0, pages: 1, habit: 'careful', moment: 0 },
    ],
  };
}

async function run(plan: Plan): Promise<Outcome & { photographed: number; stamped: string[] }> {
  const others = new Set<string>();
  let photographed = 0;
  const stamped: string[] = [];
  const onFact = (_at: number, _unit: number, fact: Fact): void => {
    if (fact.what === 'paper' && fact.other !== undefined) others.add(fact.other);
    if (fact.what === 'picture' && fact.page !== undefined && others.has(fact.page)) photographed++;
    if (fact.what === 'stroke') stamped.push(fact.stroke.page!.id);
  };
  return { ...(await play(plan, { ...means, onFact })), photographed, stamped };
}

test.each(['people', 'chain'] as const)('%s: the sheet of something else is photographed and gets no stroke; the permit is used up on pages of the document', async (profile) => {
  const { breaches, photographed, stamped, hash } = await run(swapped(profile));
  expect(breaches).toEqual([]);
  expect(photographed).toBeGreaterThan(0);
  expect(stamped).toHaveLength(2);
  expect(stamped.filter((id) => id.includes('other'))).toEqual([]);
  expect((await run(swapped(profile))).hash).toBe(hash);
}, 300_000);

test('an office that grants without a look, and a desk whose comparison says "same" of anything, are caught', async () => {
  jest.replaceProperty(DILIGENT, 'inspects', false);
  const said = expect.objectContaining({ id: 'S1', text: expect.stringContaining('no page of the document') });
  expect((await run(swapped('people'))).breaches).toContainEqual(said);
  jest.spyOn(INSPECTOR, 'inspect').mockResolvedValue({ inspection: { verdict: 'same', page: 1, pages: 1, reasons: [], findings: [], elements: [], open: [], notes: [] } });
  expect((await run(swapped('chain'))).breaches).toContainEqual(said);
}, 300_000);

test('what shows no sheet is unreadable, and some random worlds of the chain have such a sheet', async () => {
  const scene = fastScene();
  const view = { width: 1600, height: 1200, photo: 1 };
  const shown = async (page?: Page, covered = false): Promise<string> => verdictOn(Buffer.from(await scene.jpeg({ ...view, page, covered })));
  expect(await shown()).toBe('unreadable');
  expect(await shown(Page.plain('UNIT0000 sheet 1'), true)).toBe('unreadable');
  expect(await shown(Page.plain('UNIT0000 sheet 1'))).toBe('same');
  expect(await shown(Page.plain('UNIT0000 other sheet 2'))).toBe('different');
  expect(verdictOn(Buffer.from('no picture'))).toBe('unreadable');
  expect([1, 2, 3, 4, 5, 6, 7, 8].some((seed) => planOf(seed, 'chain').steps.some(({ deed }) => deed === 'swap while waiting'))).toBe(true);
});
