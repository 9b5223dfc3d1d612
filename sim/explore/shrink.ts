/**
 * Cuts a failing plan down to a short one that still breaks the same promise: deeds are left out in ever smaller groups
 * (delta debugging, Zeller and Hildebrandt 2002), then what is left is made plainer.
 */
import type { Plan, Step } from './plan';

/** Plays at most. */
const BUDGET = 300;

/** @param fails whether the plan still breaks the promise in question */
export async function shrink(plan: Plan, fails: (plan: Plan) => Promise<boolean>): Promise<Plan> {
  let best = plan;
  let plays = 0;
  const better = async (candidate: Plan): Promise<boolean> => {
    if (plays >= BUDGET) return false;
    plays++;
    if (!(await fails(candidate))) return false;
    best = candidate;
    return true;
  };
  for (let size = Math.ceil(best.steps.length / 2); size >= 1 && plays < BUDGET; ) {
    let left = false;
    for (let from = 0; from < best.steps.length && plays < BUDGET; ) {
      const steps = [...best.steps.slice(0, from), ...best.steps.slice(from + size)];
      if (await better({ ...best, steps })) left = true;
      else from += size;
    }
    if (size === 1 && !left) break;
    size = left && size === 1 ? 1 : Math.floor(size / 2);
    if (size === 0) break;
  }
  const units = Math.max(1, ...best.steps.map((step) => step.unit + 1));
  if (units < best.units) await better({ ...best, units });
  const last = Math.max(0, ...best.steps.map((step) => step.at));
  for (const until of [last + 5000, last + 30_000, last + 60_000]) if (until < best.until && (await better({ ...best, until }))) break;
  for (let i = 0; i < best.steps.length; i++) {
    for (const plain of plainer(best.steps[i]!)) {
      if (await better({ ...best, steps: best.steps.map((step, at) => (at === i ? plain : step)) })) break;
    }
  }
  return best;
}

/** The same deed, with less to it. */
function plainer(step: Step): Step[] {
  switch (step.deed) {
    case 'permit': return [{ ...step, count: 1, policy: 0, persons: step.persons.slice(0, 1), from: -60, lasts: 7200 }, { ...step, count: 1 }, { ...step, policy: 0 }];
    case 'use': return [{ ...step, habit: 'careful', pages: 1 }, { ...step, pages: 1 }, { ...step, habit: 'careful' }];
    case 'finger': return step.times > 1 ? [{ ...step, times: 1 }] : [];
    case 'fault': return [{ ...step, size: 0.5, ms: 5000 }, { ...step, ms: 5000 }];
    case 'cut': case 'unplug': return [{ ...step, ms: 1000 }];
    default: return [];
  }
}
