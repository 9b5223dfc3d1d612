/**
 * S3, the numbers in the records: each use of a permit has a number of its own, which its photos bear as well, and each record
 * says how many strokes are charged once it stands. What an auditor adds up is what the device went by.
 */
import type { Fact, Invariant, Written } from './facts';
import { hexOf, Kind, Result, type Known } from './known';

interface Sum {
  /** Intents, and strokes charged. */
  tried: number;
  charged: number;
}

export class Numbers implements Invariant {
  readonly id = 'S3';
  private readonly sums = new Map<string, Sum>();

  constructor(private readonly known: Known) {}

  see(fact: Fact): void {
    // On flash that has failed, what looks like an intent may be one that the unit found spoilt, and gave up.
    if (fact.what === 'record' && !this.known.bent(['flash'], -Infinity)) this.record(fact.record);
  }

  private record({ kind, seq, data }: Written): void {
    const { known } = this;
    const id = hexOf(data.get(1));
    const sum = this.sums.get(id) ?? { tried: 0, charged: 0 };
    const says = (key: number, what: string, due: number): void => {
      if (data.get(key) !== due) known.broken('S3', `record ${seq} says ${what} ${String(data.get(key))}, ${due} is right`);
    };
    if (kind === Kind.PERMIT) says(3, 'count', known.permits.get(id)?.count ?? 0);
    if (kind === Kind.PHOTO) says(5, 'use', sum.tried + (data.get(2) === 0 ? 1 : 0));
    if (kind === Kind.INTENT) {
      this.sums.set(id, { tried: sum.tried + 1, charged: sum.charged + 1 });
      says(2, 'use', sum.tried + 1);
      says(3, 'charged', sum.charged + 1);
    }
    if (kind === Kind.OUTCOME) {
      if (data.get(3) === Result.FAILED) sum.charged--;
      says(2, 'use', sum.tried);
      says(6, 'charged', sum.charged);
    }
    if (kind === Kind.CLOSED) says(3, 'charged', sum.charged);
  }
}
