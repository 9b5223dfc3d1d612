/** S6 of passcodes: wrong ones in a row, whoever's, raise an alarm. The records of them say how many were looked at, at least. */
import type { Fact, Invariant } from './facts';
import { Kind, type Known } from './known';

const CODE = 19;
const WRONG_CODE = 35;
/** Wrong passcodes in a row (firmware/core/alarms.ts, told here anew). */
const WRONG = 5;
const WITHIN_MS = 1500;

export class WrongCodes implements Invariant {
  readonly id = 'S6';
  private wrong = 0;
  /** The alarm is due then, virtual ms. */
  private due = Infinity;

  constructor(private readonly known: Known) {}

  see(fact: Fact): void {
    const { known } = this;
    if (known.now() > this.due) {
      known.broken('S6', `no alarm after ${WRONG} wrong passcodes in a row`);
      this.due = Infinity;
    }
    // A right one, or a start, begins anew.
    if ((fact.what === 'typed' && fact.right) || fact.what === 'run') {
      this.wrong = 0;
      this.due = Infinity;
    } else if (fact.what === 'record') {
      const { kind, data } = fact.record;
      if (kind === Kind.ALARM && data.get(1) === CODE) {
        this.wrong = 0;
        this.due = Infinity;
      } else if (kind === Kind.REFUSED && data.get(1) === WRONG_CODE && ++this.wrong >= WRONG && !known.alarms.has(CODE) && !known.bent(['flash'], -Infinity)) {
        this.due = Math.min(this.due, known.now() + WITHIN_MS);
      }
    }
  }
}
