/** Worlds with the real bridge and the real desk: clean as they are, the same twice, and an oracle that sees what is broken. */
import { EventLog } from '../../host-bridge/common/events';
import { Deliveries } from '../../host-bridge/bridge/deliveries';
import { Spool } from '../../host-bridge/bridge/spool';
import { Permits } from '../../host-bridge/desk/authority/permits';
import type { UseRow } from '../../host-bridge/desk/register/uses';
import { play, planOf, type Outcome, type Plan, type Step } from '../../sim/explore';
import { ground } from './ground';

let mockUses: (uses: UseRow[]) => UseRow[] = (uses) => uses;
jest.mock('../../host-bridge/desk/register/uses', () => {
  const actual = jest.requireActual<typeof import('../../host-bridge/desk/register/uses')>('../../host-bridge/desk/register/uses');
  return { ...actual, listUses: async (...given: Parameters<typeof actual.listUses>) => mockUses(await actual.listUses(...given)) };
});

const means = ground();
afterEach(() => {
  jest.restoreAllMocks();
  mockUses = (uses) => uses;
});

const run = (plan: Plan): Promise<Outcome> => play(plan, means);
const told = ({ breaches }: Outcome): string[] => breaches.map(({ id, text }) => `${id} ${text}`);

/** One permit for two strokes with photos, used; and what else is to happen. */
function quiet(more: Step[] = [], policy = 1): Plan {
  const steps: Step[] = [
    { at: 500, unit: 0, deed: 'permit', count: 2, persons: [7], policy, from: -60, lasts: 7200, idle: 60 },
    { at: 20_000, unit: 0, deed: 'use', permit: 0, pages: 2, habit: 'careful', moment: 0 },
    ...more,
  ];
  return { seed: 7, profile: 'chain', units: 1, photo: 300, steps: steps.sort((a, b) => a.at - b.at), until: 45_000 };
}

/** Strangers' fingers, long before the use, until the unit raises its alarm. */
const strangers: Step = { at: 1000, unit: 0, deed: 'finger', person: 0, times: 5, ms: 1500 };

test('a permit is applied for, approved, delivered, used up, and stands in the register as it was', async () => {
  const outcome = await run(quiet());
  expect(told(outcome)).toEqual([]);
  expect(outcome.strokes).toBe(2);
  expect(outcome.photos).toBe(4);
});

test('strokes that wait for a grant get it from the approver', async () => {
  const outcome = await run(quiet([], 3));
  expect([told(outcome), outcome.strokes]).toEqual([[], 2]);
});

test.each<[string, Step]>([
  ['the bridge crashes while the unit answers', { at: 21_000, unit: 0, deed: 'bridge crash', when: 'hearing', after: 3, old: false, ms: 3000 }],
  ['the desk is killed in the middle of a use', { at: 25_000, unit: 0, deed: 'desk restart', crash: true, ms: 4000 }],
  ['answers are lost after they were carried out', { at: 400, unit: 0, deed: 'network', what: 'loses answers', size: 0.9, ms: 30_000 }],
  ['another program holds the bridge’s database', { at: 25_000, unit: 0, deed: 'database busy', of: 'bridge', ms: 3000 }],
  ['the bridge swaps the authority’s statements', { at: 400, unit: 0, deed: 'bridge lies', what: 'swaps statements', pick: 3, ms: 20_000 }],
  ['the bridge changes records', { at: 400, unit: 0, deed: 'bridge lies', what: 'changes records', pick: 77, ms: 20_000 }],
])('%s: the register is the truth all the same', async (_what, step) => {
  const outcome = await run(quiet([step]));
  expect(told(outcome)).toEqual([]);
});

test('a bridge that begins again with an older copy of its files brings nothing into disorder', async () => {
  const outcome = await run(quiet([
    { at: 6000, unit: 0, deed: 'bridge copied' }, strangers,
    { at: 18_000, unit: 0, deed: 'bridge crash', when: 'now', after: 1, old: true, ms: 2000 },
  ]));
  expect(told(outcome)).toEqual([]);
});

test('random worlds: clean, and the same to the byte when played again', async () => {
  const [one, two] = [await run(planOf(3, 'chain')), await run(planOf(3, 'chain'))];
  expect([told(one), told(await run(planOf(6, 'chain')))]).toEqual([[], []]);
  expect(two.hash).toBe(one.hash);
});

describe('the oracle sees', () => {
  test('a bridge that leaves a record out', async () => {
    const { records } = Spool.prototype;
    jest.spyOn(Spool.prototype, 'records').mockImplementation(async function (this: Spool, ...given) {
      return (await records.apply(this, given)).filter(({ seq }) => seq !== 6);
    });
    expect(told(await run(quiet()))).toContainEqual(expect.stringMatching(/^L4 .*ends at record 6/));
  });

  test('a bridge that hands no permit over', async () => {
    const { next } = Deliveries.prototype;
    jest.spyOn(Deliveries.prototype, 'next').mockImplementation(async function (this: Deliveries, device) {
      const delivery = await next.call(this, device);
      return delivery?.kind === 'permit' ? undefined : delivery;
    });
    expect(told(await run(quiet()))).toContainEqual(expect.stringMatching(/^L2 permit 1 left the desk and never reached the unit/));
  });

  test('a bridge that shows an alarm twice', async () => {
    const { append } = EventLog.prototype;
    jest.spyOn(EventLog.prototype, 'append').mockImplementation(async function (this: EventLog<never>, trx, type, device, data) {
      if (type === 'alarm') await append.call(this, trx, type, device, data);
      return append.call(this, trx, type, device, data);
    });
    expect(told(await run(quiet([strangers])))).toContainEqual(expect.stringMatching(/^S6 the bridge shows the alarm of record \d+ 2 times/));
  });

  test('a desk that counts a use twice', async () => {
    mockUses = (uses) => uses.flatMap((use) => (use.use === 2 ? [use, use] : [use]));
    expect(told(await run(quiet()))).toContainEqual(expect.stringMatching(/^L4 register: the use of intent \d+ stands there twice/));
  });

  test('a desk that forgets a use, or tells another result', async () => {
    mockUses = (uses) => uses.filter(({ use }) => use !== 2);
    expect(told(await run(quiet()))).toContainEqual(expect.stringMatching(/on paper, and no use says so/));
    mockUses = (uses) => uses.map((use) => ({ ...use, result: 'failed' }));
    expect(told(await run(quiet()))).toContainEqual(expect.stringMatching(/says "failed", the record "stamped"/));
  });

  test('a desk that never clears an alarm', async () => {
    jest.spyOn(Permits.prototype, 'state').mockResolvedValue('0'.repeat(32));
    const outcome = await run(quiet([strangers]));
    // The alarm is never cleared, so what is left of the permit cannot be had.
    expect(told(outcome)).toContainEqual(expect.stringMatching(/^L2 /));
  });
});
