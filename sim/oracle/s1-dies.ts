/** S1 of dies: a ceremony's record that a die was taken out or put in is true. */
import type { Fact, Invariant, Written } from './facts';
import { Action } from './kinds';
import { hexOf, Kind, type Known } from './known';

/** It may have been there, or not, until so shortly before, ms: two readings a second apart have to agree. */
const JUST_MS = 3000;

export class Dies implements Invariant {
  readonly id = 'S1';
  private fitted: readonly string[];
  private before: readonly string[];

  /** @param dies that the unit left the office with */
  constructor(private readonly known: Known, dies: readonly string[]) {
    this.fitted = this.before = dies;
  }

  see(fact: Fact): void {
    if (fact.what === 'die') {
      this.before = this.fitted;
      this.fitted = fact.rom === undefined ? [] : fact.rom.split('+');
    } else if (fact.what === 'record' && fact.record.kind === Kind.CEREMONY) this.ceremony(fact.record);
  }

  private ceremony({ seq, at, data }: Written): void {
    const { known } = this;
    const action = data.get(2);
    if ((action !== Action.DIE_OUT && action !== Action.DIE_IN) || known.bent(['die', 'switches'], at - JUST_MS)) return;
    const die = hexOf(data.get(5));
    const answers = at - known.dieAt < JUST_MS ? [this.before, this.fitted] : [this.fitted];
    if (!answers.some((dies) => dies.includes(die) === (action === Action.DIE_IN))) known.broken('S1', `record ${seq} says that die ${die} was ${action === Action.DIE_IN ? 'put in' : 'taken out'}; in the unit: ${this.fitted.join(', ') || 'none'}`);
  }
}
