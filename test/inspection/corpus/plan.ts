/** Which pages are photographed how: fixed by names and numbers, so that a run can be repeated and parted. */
import { CONDITIONS, type Condition } from './conditions';
import { TAMPERS, type Tamper } from './tamper';
import { seedOf } from '../../../sim/paper/field';

export interface Shot {
  file: string;
  page: number;
  /** Whether the page's document is held back while thresholds are tuned: by the hash of its name, three in four. */
  heldBack: boolean;
  condition: Condition;
  /** 'none': honest; 'other': another page of the corpus lies there; 'watermark': the approved page has one and the sheet has not. */
  tamper: Tamper | 'none' | 'other' | 'watermark';
  seed: number;
}

const GOOD = CONDITIONS.filter((c) => c.good);
const POOR = CONDITIONS.filter((c) => !c.good);

/** Documents whose photos were looked at while thresholds were set, whatever their name's hash says. */
const LOOKED_AT = new Set(['contract-zh.pdf', 'contract-en.pdf', 'issue-67-example.pdf', 'eu-015.pdf', 'senate-expenditures.pdf', 'issue-463-example.pdf', 'eu-014.pdf', 'federal-register-2020-17221.pdf', 'maint-guide-a.zh-cn.pdf', 'eu-018.pdf', 'us-009.pdf']);

/** @param changes kinds of change a page, taken in turn; by default all */
export function plan(pages: readonly { file: string; page: number }[], honest: number, poor: number, changes: number = TAMPERS.length): Shot[] {
  const out: Shot[] = [];
  for (const { file, page } of pages) {
    const name = `${file.split('/').pop()!}#${page}`;
    const heldBack = !LOOKED_AT.has(file.split('/').pop()!) && seedOf(file.split('/').pop()!, 'split') % 4 !== 0;
    const add = (condition: Condition, tamper: Shot['tamper'], n: number | string): void => void out.push({ file, page, heldBack, condition, tamper, seed: seedOf(name, condition.name, tamper, n) % 100_000 });
    const from = seedOf(name, 'conditions');
    for (let i = 0; i < honest; i++) add(GOOD[(from + i) % GOOD.length]!, 'none', i);
    for (let i = 0; i < poor; i++) add(POOR[(from + i) % POOR.length]!, 'none', `poor ${i}`);
    for (let i = 0; i < changes; i++) add(GOOD[(from + 3 * i) % GOOD.length]!, TAMPERS[(from + i) % TAMPERS.length]!, 0);
    add(GOOD[from % GOOD.length]!, 'other', 0);
    add(GOOD[(from + 1) % GOOD.length]!, 'watermark', 0);
    // One digit under a photo that is poor: it must not be the same either.
    add(POOR[from % POOR.length]!, 'digit-alike', 'poor');
  }
  return out;
}
