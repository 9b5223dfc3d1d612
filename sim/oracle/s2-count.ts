/** S2 Strokes under a permit never exceed its count, whatever happens; each is charged durably before the actuator moves. */
import type { Fact, Invariant } from './facts';
import { hexOf, type Known } from './known';

export class Count implements Invariant {
  readonly id = 'S2';
  /** Strokes by permit. */
  readonly strokes = new Map<string, number>();
  /** Intent of the last stroke. */
  private last: number | undefined;

  constructor(private readonly known: Known) {}

  see(fact: Fact): void {
    if (fact.what !== 'stroke') return;
    const { known } = this;
    const { intent } = known;
    if (intent === undefined) return known.broken('S2', 'a stroke that was not charged to any permit beforehand');
    if (this.last === intent.seq) known.broken('S2', `a second stroke under intent ${intent.seq}`);
    this.last = intent.seq;
    const id = hexOf(intent.data.get(1));
    const made = (this.strokes.get(id) ?? 0) + 1;
    this.strokes.set(id, made);
    const claims = known.permits.get(id);
    if (claims !== undefined && made > claims.count) known.broken('S2', `stroke ${made} under permit ${claims.counter} for ${claims.count}`);
  }
}
