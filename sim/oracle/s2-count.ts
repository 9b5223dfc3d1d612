/** S2 Strokes under a permit never exceed its count, whatever happens; each is charged durably before the actuator moves. */
import type { Fact, Invariant, Written } from './facts';
import { hexOf, Kind, type Known } from './known';

/** At home the carrier is no farther out than its switch, mm; a motor that was told to run has run no farther within the write. */
const HOME_MM = 0.3;

export class Count implements Invariant {
  readonly id = 'S2';
  /** Strokes by permit. */
  readonly strokes = new Map<string, number>();
  /** Intent of the last stroke. */
  private last: number | undefined;

  constructor(private readonly known: Known, private readonly truth: { readonly carrierMm: number }) {}

  see(fact: Fact): void {
    if (fact.what === 'record' && fact.record.kind === Kind.INTENT) this.before(fact.record);
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

  /** When the charge has become durable, the actuator has not moved yet. */
  private before({ seq, at }: Written): void {
    const { known, truth } = this;
    if (truth.carrierMm > HOME_MM && !known.bent(['motor', 'home', 'driver', 'switches', 'flash'], at - 60_000)) known.broken('S2', `the actuator stood ${truth.carrierMm.toFixed(2)} mm out when intent ${seq} became durable`);
  }
}
