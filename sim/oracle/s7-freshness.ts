/**
 * S7 No statement takes effect twice, or without the authority having made it. The device's clock never goes backwards, and
 * only the authority moves it forward.
 */
import type { Fact, Invariant, Statement, Written } from './facts';
import { hexOf, Kind, type Known } from './known';

/** Seconds by which a device's clock may be ahead of the authority's: what a drifting crystal gains in a run. */
const AHEAD = 5;
const AHEAD_DRIFTING = 300;
/** Seconds by which it may be behind: the longest that an answer may be under way, and rounding down. */
const BEHIND = 35;

export class Freshness implements Invariant {
  readonly id = 'S7';
  private readonly said = new Map<string, Statement>();
  private readonly saidAt = new Map<string, number>();
  private readonly done = new Set<string>();
  private readonly counters = new Map<number, number>();
  private time = 0;
  private epoch = 0;

  constructor(private readonly known: Known) {}

  see(fact: Fact): void {
    if (fact.what === 'said') {
      this.said.set(fact.statement.sha256, fact.statement);
      this.saidAt.set(fact.statement.sha256, this.known.now());
    }
    if (fact.what === 'record') this.record(fact.record);
  }

  private record(record: Written): void {
    const { kind, data, seq, time, at } = record;
    const { known } = this;
    if (time !== null) {
      if (time < this.time) known.broken('S7', `record ${seq} says ${time}, an earlier one ${this.time}: the clock went back`);
      const ahead = time - known.unixAt(at);
      if (ahead > (known.bent(['clock'], -Infinity) ? AHEAD_DRIFTING : AHEAD)) known.broken('S7', `record ${seq}: the device's clock is ${ahead} s ahead of the authority's`);
      this.time = Math.max(this.time, time);
    }
    if (kind === Kind.PERMIT) this.permit(seq, hexOf(data.get(1)), hexOf(data.get(2)));
    else if (kind === Kind.CLOCK) this.clock(seq, data.get(1) as number, data.get(2) as number);
    else if (kind === Kind.GRANTED) this.stroke(seq, data.get(3) === 1 ? 'reject' : 'stroke', hexOf(data.get(1)), hexOf(data.get(2)));
    else if (kind === Kind.CLEARED) this.cleared(seq, hexOf(data.get(3)), data.get(1) as number, data.get(2) as number);
    else if (kind === Kind.REVOKED) this.revoked(seq, data.get(1) as number | undefined, hexOf(data.get(2)));
    else if (kind === Kind.RECYCLED && !this.some((one) => one.kind === 'ack' && one.through >= (data.get(1) as number))) {
      known.broken('S7', `record ${seq}: recycled up to ${String(data.get(1))}, which nobody acknowledged`);
    }
    this.lag(record);
  }

  /** What the authority itself set back, as this record may say, is no lag of the device's. */
  private lag({ seq, time, at }: Written): void {
    const { known } = this;
    const behind = time === null ? 0 : known.unixAt(at) - time;
    if (behind > (known.bent(['clock'], -Infinity) ? AHEAD_DRIFTING : BEHIND) + known.misled) known.broken('S7', `record ${seq}: the device's clock is ${behind} s behind the authority's`);
  }

  private permit(seq: number, id: string, hash: string): void {
    const { known } = this;
    const statement = this.said.get(hash);
    if (statement?.kind !== 'permit') return known.broken('S7', `record ${seq} takes in a permit ${id} that no authority made`);
    this.once(seq, hash, 'a permit');
    const { counter } = statement.claims;
    const before = this.counters.get(counter);
    if (before !== undefined) known.broken('S7', `record ${seq} takes in counter ${counter}, which record ${before} took in`);
    this.counters.set(counter, seq);
  }

  private clock(seq: number, old: number, now: number): void {
    const { known } = this;
    if (now < old) known.broken('S7', `record ${seq} sets the clock back from ${old} to ${now}`);
    // The clock stands where the answer would set it back a little, so `now` may be what it was.
    const fit = [...this.said.values()].filter((one): one is Extract<Statement, { kind: 'time' }> => one.kind === 'time' && !this.done.has(one.sha256) && (one.time === now || (now === old && one.time <= now)));
    const unused = fit.at(-1);
    if (unused === undefined) known.broken('S7', `record ${seq} sets the clock to ${now}, which the authority did not say, or said once`);
    else {
      this.done.add(unused.sha256);
      known.misled = Math.max(known.misled, ...fit.map((one) => known.unixAt(this.saidAt.get(one.sha256)!) - one.time));
    }
  }

  private stroke(seq: number, word: 'stroke' | 'reject', permit: string, photo: string): void {
    const fits = [...this.said.values()].find((one) => one.kind === word && one.permit === permit && one.photo === photo && !this.done.has(one.sha256));
    if (fits === undefined) this.known.broken('S7', `record ${seq} ${word === 'stroke' ? 'grants a stroke' : 'rejects a page'} without the authority, or for the second time`);
    else this.done.add(fits.sha256);
  }

  private cleared(seq: number, hash: string, condition: number, alarm: number): void {
    const { known } = this;
    const statement = this.said.get(hash);
    if (statement?.kind !== 'clear') return known.broken('S7', `record ${seq} clears alarm ${condition} without the authority`);
    if (statement.condition !== condition || statement.seq !== alarm) known.broken('S7', `record ${seq} clears alarm ${condition} of record ${alarm} by a statement on ${statement.condition} of ${statement.seq}`);
    this.once(seq, hash, 'a clearing');
  }

  private revoked(seq: number, epoch: number | undefined, permit: string): void {
    const { known } = this;
    if (epoch !== undefined) {
      if (epoch <= this.epoch) known.broken('S7', `record ${seq} sets the epoch to ${epoch} from ${this.epoch}`);
      this.epoch = epoch;
      if (!this.some((one) => one.kind === 'epoch' && one.epoch === epoch)) known.broken('S7', `record ${seq} sets the epoch to ${epoch} without the authority`);
    } else if (!this.some((one) => one.kind === 'revoke' && one.permit === permit)) known.broken('S7', `record ${seq} revokes permit ${permit} without the authority`);
  }

  private once(seq: number, hash: string, what: string): void {
    if (this.done.has(hash)) this.known.broken('S7', `record ${seq}: ${what} takes effect twice`);
    this.done.add(hash);
  }

  private some(fits: (statement: Statement) => boolean): boolean {
    for (const one of this.said.values()) if (fits(one)) return true;
    return false;
  }
}

