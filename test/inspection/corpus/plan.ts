/** Which pages are photographed how: fixed by names and numbers, so that a run can be repeated and parted. */
import { CONDITIONS, type Condition } from './conditions';
import { TAMPERS, type Tamper } from './tamper';
import { seedOf } from '../../../sim/paper/field';

export interface Shot {
  file: string;
  page: number;
  /** Whether the page's document is held back while thresholds are tuned: by the hash of its name, one half. */
  heldBack: boolean;
  condition: Condition;
  /** 'none': honest; 'other': another page of the corpus lies there. */
  tamper: Tamper | 'none' | 'other';
  seed: number;
}

const GOOD = CONDITIONS.filter((c) => c.good);
const POOR = CONDITIONS.filter((c) => !c.good);

export function plan(pages: readonly { file: string; page: number }[], honest: number, poor: number): Shot[] {
  const out: Shot[] = [];
  for (const { file, page } of pages) {
    const name = `${file.split('/').pop()!}#${page}`;
    const heldBack = seedOf(file.split('/').pop()!, 'split') % 2 === 1;
    const add = (condition: Condition, tamper: Shot['tamper'], n: number | string): void => void out.push({ file, page, heldBack, condition, tamper, seed: seedOf(name, condition.name, tamper, n) % 100_000 });
    const from = seedOf(name, 'conditions');
    for (let i = 0; i < honest; i++) add(GOOD[(from + i) % GOOD.length]!, 'none', i);
    for (let i = 0; i < poor; i++) add(POOR[(from + i) % POOR.length]!, 'none', `poor ${i}`);
    TAMPERS.forEach((tamper, i) => add(GOOD[(from + 3 * i) % GOOD.length]!, tamper, 0));
    add(GOOD[from % GOOD.length]!, 'other', 0);
    // One digit under a photo that is poor: it must not be the same either.
    add(POOR[from % POOR.length]!, 'digit-alike', 'poor');
  }
  return out;
}
