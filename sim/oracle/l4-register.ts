/** L4 Every record reaches the register exactly once, in order, whatever the link did. */
import type { Fact, Invariant } from './facts';
import type { Known } from './known';

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
    if (this.next < known.records.length) known.broken('L4', `the register ends at record ${this.next}, the unit has ${known.records.length}`);
  }
}
