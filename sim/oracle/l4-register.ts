/** L4 Every record reaches the register exactly once, in order, whatever the link did. */
import type { Fact, Invariant } from './facts';
import type { Known } from './known';

/** From flash to register, ms, where nothing is in the way. */
const ON_ITS_WAY_MS = 1000;

export class Register implements Invariant {
  readonly id = 'L4';
  private next = 0;

  constructor(private readonly known: Known) {}

  see(fact: Fact): void {
    if (fact.what !== 'told') return;
    if (fact.seq > this.next) this.known.broken('L4', `record ${fact.seq} came to the register, ${this.next} is missing`);
    else if (fact.seq === this.next) this.next++;
  }

  end(): void {
    const { known } = this;
    if (known.bent(['flash'], -Infinity)) return;
    // What was written just now is still on its way.
    const due = known.records.filter((one) => one !== undefined && one.at <= known.now() - ON_ITS_WAY_MS).length;
    if (this.next < due) known.broken('L4', `the register ends at record ${this.next}, the unit has ${due}`);
  }
}
