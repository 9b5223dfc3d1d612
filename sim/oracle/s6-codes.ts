/** S6 of passcodes: wrong ones in a row, whoever's, raise an alarm. The records of them say how many were looked at, at least. */
import type { Fact, Invariant, Written } from './facts';
import { Kind, type Known } from './known';

const CODE = 19;
/** Refusals of a passcode: wrong, or of nobody who has one. The second is also said to fingers. */
const WRONG_CODE = 35;
const UNKNOWN_PERSON = 17;
/** Wrong passcodes in a row (firmware/core/alarms.ts, told here anew). */
const WRONG = 5;
const WITHIN_MS = 1500;
/** From the first key of a number to what becomes of it, ms. */
const TYPING_MS = 9000;

export class WrongCodes implements Invariant {
  readonly id = 'S6';
  private wrong = 0;
  /** The alarm is due then, virtual ms. */
  private due = Infinity;
  /** A wrong passcode of which nothing has come yet. */
  private typed: { person: number; at: number } | undefined;

  constructor(private readonly known: Known) {}

  see(fact: Fact): void {
    const { known } = this;
    if (known.now() > this.due) {
      known.broken('S6', `no alarm after ${WRONG} wrong passcodes in a row`);
      this.due = Infinity;
    }
    if (fact.what === 'typed' && !fact.right) this.typed = { person: fact.person, at: known.now() };
    else if (fact.what === 'finger') this.typed = undefined;
    // A right one, or a start, begins anew.
    else if (fact.what === 'typed' || fact.what === 'run') this.anew();
    else if (fact.what === 'record') this.record(fact.record);
  }

  private record({ kind, data, at }: Written): void {
    const { known, typed } = this;
    if (kind === Kind.ALARM && data.get(1) === CODE) this.anew();
    if (kind !== Kind.REFUSED || typed === undefined || data.get(3) !== typed.person || at - typed.at > TYPING_MS) return;
    if (data.get(1) !== WRONG_CODE && data.get(1) !== UNKNOWN_PERSON) return;
    this.typed = undefined;
    if (++this.wrong >= WRONG && !known.alarms.has(CODE) && !known.bent(['flash'], -Infinity)) this.due = Math.min(this.due, at + WITHIN_MS);
  }

  private anew(): void {
    this.wrong = 0;
    this.due = Infinity;
    this.typed = undefined;
  }
}
