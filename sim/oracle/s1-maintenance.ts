/**
 * S1 and S6 of maintenance: it is begun only where the authority ordered it and no die is in the unit; while it lasts no use is opened and no
 * intent made, nothing is pressed onto anything, and the bolt opens for an empty holder only; a die that is put in ends it with an alarm.
 */
import type { Fact, Invariant, Order, Written } from './facts';
import { hexOf, Kind, type Known } from './known';

/** Action of the ceremony that opens it, and what its first and last record say (protocol/SPEC.md). */
const MAINTAIN = 13;
const BEGUN = 0;
const ENDED = 5;
/** A die that is in for so long has been seen, ms; the tags are read, and the records written, in less. */
const SEEN_MS = 500;
/** Within this it is over, ms: a flash page may be erased meanwhile. */
const OVER_MS = 2500;
/** What may keep the unit from knowing that a die is there, or from saying so. */
const BLIND = ['die', 'switches', 'flash', 'program'] as const;

export class Maintained implements Invariant {
  readonly id = 'S1';
  private readonly orders = new Map<string, Order>();
  /** Persons of the last ceremony that opens it, until it has been begun. */
  private ordered: string | undefined;
  private open = false;

  constructor(private readonly known: Known, private readonly truth: { readonly die: { rom: string } | undefined }) {}

  see(fact: Fact): void {
    const { known } = this;
    if (fact.what === 'said' && fact.statement.kind === 'ceremony' && fact.statement.order.action === MAINTAIN) this.orders.set(fact.statement.order.id, fact.statement.order);
    if (fact.what === 'run') this.open = false;
    if (fact.what === 'record') this.record(fact.record);
    if (!this.open) return;
    if (fact.what === 'bolt' && fact.open && this.fitted(SEEN_MS)) known.broken('S1', 'the bolt opens in maintenance although a die is in the unit');
    if (fact.what === 'stroke') known.broken('S1', 'a stroke in maintenance');
    if (this.fitted(OVER_MS)) {
      known.broken('S6', 'a die was put in, and maintenance goes on');
      this.open = false;
    }
  }

  /** A die has been in the unit for so long, and nothing keeps it from being seen. */
  private fitted(ms: number): boolean {
    const { known } = this;
    const since = Math.max(known.dieAt, known.running ?? Infinity);
    return this.truth.die !== undefined && known.now() - since >= ms && !known.bent(BLIND, since - 1000);
  }

  private record({ kind, data, seq }: Written): void {
    const { known } = this;
    if (kind === Kind.BOOT) this.open = false;
    if (kind === Kind.CEREMONY && data.get(2) === MAINTAIN) this.ordered = String(this.orders.get(hexOf(data.get(1)))?.persons);
    if ((kind === Kind.OPENED || kind === Kind.INTENT) && this.open && !known.bent(['flash', 'program'], -Infinity)) known.broken('S1', `record ${seq} tells of a use in maintenance`);
    if (kind !== Kind.MAINTENANCE) return;
    if (data.get(1) === BEGUN) {
      if (String(data.get(2)) !== this.ordered) known.broken('S1', `maintenance is begun by ${String(data.get(2))} (record ${seq}); ordered was ${String(this.ordered)}`);
      if (this.fitted(SEEN_MS)) known.broken('S1', `maintenance is begun (record ${seq}) with a die in the unit`);
      this.ordered = undefined;
      this.open = true;
    } else if (!this.open && !known.bent(['flash', 'program'], -Infinity)) known.broken('S1', `record ${seq} tells of maintenance that was not begun`);
    if (data.get(1) === ENDED) this.open = false;
  }
}
