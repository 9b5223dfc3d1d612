/**
 * S2 of top-ups: a permit is for more strokes only as the authority has said, once by each statement, never by one of an epoch that was
 * over, and never for fewer than before. From the record on the permit's claims are those.
 */
import type { Fact, Invariant, Statement, Written } from './facts';
import { hexOf, Kind, type Known } from './known';

/** An epoch that was raised just before the record need not have been known, ms. */
const JUST_MS = 1000;

export class TopUps implements Invariant {
  readonly id = 'S2';
  private readonly said: Extract<Statement, { kind: 'top-up' }>[] = [];
  private readonly done = new Set<number>();

  constructor(private readonly known: Known) {}

  see(fact: Fact): void {
    if (fact.what === 'said' && fact.statement.kind === 'top-up') this.said.push(fact.statement);
    else if (fact.what === 'record' && fact.record.kind === Kind.TOPPED_UP) this.record(fact.record);
  }

  private record({ data, seq, at }: Written): void {
    const { known } = this;
    const [permit, count, counter] = [hexOf(data.get(1)), data.get(2), data.get(3)];
    const said = this.said.find((one) => one.counter === counter && one.permit === permit && one.count === count);
    const claims = known.permits.get(permit);
    if (said === undefined || claims === undefined) return known.broken('S7', `record ${seq} tops a permit up without the authority`);
    const what = `record ${seq} tops permit ${claims.counter} up`;
    if (this.done.has(said.counter)) known.broken('S2', `${what} a second time by the same statement`);
    if (said.count <= claims.count) known.broken('S2', `${what} from ${claims.count} to ${said.count}`);
    if (said.epoch < known.epoch.number && known.epoch.at < at - JUST_MS) known.broken('S1', `${what} by a statement of epoch ${said.epoch}; the epoch is ${known.epoch.number}`);
    this.done.add(said.counter);
    claims.count = Math.max(claims.count, said.count);
  }
}
