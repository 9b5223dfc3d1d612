/**
 * The one place where a step of approval is decided, of whatever it is a step: an application, a ceremony, a top-up. A step asks for
 * so many (`need`, m) of those who may (n): distinct persons, of whom each counts once, whoever asks never, and a delegate
 * together with the one they stand for once. One refusal ends it.
 */
import { Problem } from '../../common/errors';
import { DESK } from '../errors';
import type { Db } from '../tables';
import { decidesFor } from './delegations';

/** One approval of the step that is due; `behalf`: in whose place, where not for themselves. */
export interface Given {
  person: number;
  behalf: number | null;
}

/** What waits for a decision. */
export interface Awaited {
  /** Who may decide, step by step, and how many of them it takes (1..n). */
  chain: readonly number[][];
  needs: readonly number[];
  /** The step that is due, from 0, and who has approved it so far. */
  step: number;
  given: readonly Given[];
  /** Who has decided so far, in this step and before it, with those in whose place it was. */
  decided: readonly number[];
  /** Who asks for it. */
  asks: number;
  /** SHA-256 of what is asked for. */
  content: string | null;
}

export interface Word {
  verdict: 'approved' | 'refused';
  /** SHA-256 of what was looked at. */
  content: string;
  /** Required for a refusal. */
  reason?: string | undefined;
}

/** What follows from a word. */
export interface Decided {
  behalf: number | null;
  /** waits: the step wants more approvals; passed: the next step is due; approved: it was the last one. */
  outcome: 'refused' | 'waits' | 'passed' | 'approved';
  /** The step that is due now, and what was said so far. */
  step: number;
  given: Given[];
  decided: number[];
}

type Why = 'NOT_YOUR_STEP' | 'OWN_APPLICATION' | 'ALREADY_DECIDED';

/** How many each step takes, from the list that is stored: one where it says nothing. */
export function needsOf(stored: string, chain: readonly unknown[]): number[] {
  const said = JSON.parse(stored) as number[];
  return chain.map((_step, i) => said[i] ?? 1);
}

/** As it is stored beside a chain: nothing where every step takes one. */
export const storedNeeds = (needs: readonly number[]): string => JSON.stringify(needs.every((need) => need === 1) ? [] : needs);

/** For the register: where a step takes more than one. */
export const saidNeeds = (needs: readonly number[]): number[] | undefined => (needs.some((need) => need > 1) ? [...needs] : undefined);

export class Steps {
  /** @param o.ownApplications whether an approver may decide on what they ask for themselves, where one approval is enough */
  constructor(private readonly seconds: () => number, private readonly o: { ownApplications: boolean }) {}

  /** Throws OWN_APPLICATION where a person would decide on what they asked for. */
  checkOwn(asks: number, person: number): void {
    if (asks === person && !this.o.ownApplications) throw new Problem(DESK.OWN_APPLICATION);
  }

  /** Whether the step that is due waits for this person. */
  async waitsFor(db: Db, one: Awaited, person: number): Promise<boolean> {
    return typeof (await this.decider(db, one, person)) === 'number';
  }

  /** In whose place, maybe their own, a person decides the step that is due; or why not. */
  private async decider(db: Db, one: Awaited, person: number): Promise<number | Why> {
    const step = one.chain[one.step] ?? [];
    const need = one.needs[one.step] ?? 1;
    // Of several who must agree, who asks is none, in an office of one person as well.
    const asks = this.o.ownApplications && need === 1 ? 0 : one.asks;
    const decider = await decidesFor(db, step, person, { asks, now: this.seconds(), decided: one.decided });
    if (decider === undefined) return 'NOT_YOUR_STEP';
    if (person === asks) return 'OWN_APPLICATION';
    const here = new Set(personsOf(one.given));
    if (here.has(person) || here.has(decider)) return 'ALREADY_DECIDED';
    // Who decided an earlier step decides this one only where the others are too few.
    const others = step.filter((other) => other !== asks && !one.decided.includes(other)).length;
    const again = one.decided.includes(person) || one.decided.includes(decider);
    return again && others >= need - one.given.length ? 'ALREADY_DECIDED' : decider;
  }

  /**
   * Judges one person's word on the step that is due. The caller stores what follows, in the same transaction.
   * @throws NOT_YOUR_STEP, OWN_APPLICATION, ALREADY_DECIDED, CONTENT_CHANGED, REASON_REQUIRED
   */
  async decide(trx: Db, one: Awaited, person: number, word: Word): Promise<Decided> {
    const decider = await this.decider(trx, one, person);
    if (typeof decider === 'string') throw new Problem(DESK[decider]);
    if (one.content !== word.content) throw new Problem(DESK.CONTENT_CHANGED);
    if (word.verdict === 'refused' && (word.reason ?? '').trim() === '') throw new Problem(DESK.REASON_REQUIRED);
    const behalf = decider === person ? null : decider;
    const decided = [...new Set([...one.decided, person, decider])];
    if (word.verdict === 'refused') return { behalf, outcome: 'refused', step: one.step, given: [...one.given], decided };
    const given = [...one.given, { person, behalf }];
    if (given.length < (one.needs[one.step] ?? 1)) return { behalf, outcome: 'waits', step: one.step, given, decided };
    const step = one.step + 1;
    return { behalf, outcome: step === one.chain.length ? 'approved' : 'passed', step, given: [], decided };
  }
}

/** Who has approved, and in whose place. */
export function personsOf(given: readonly Given[]): number[] {
  return given.flatMap(({ person, behalf }) => (behalf === null ? [person] : [person, behalf]));
}
