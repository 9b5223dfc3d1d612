/**
 * L2, every page of a use: where nothing at all is wrong, a sheet that lies under a closed lid while a use is open and has strokes left
 * is looked at or stamped, or the use is ended with a reason, each within a time that a person waits.
 */
import type { Claims, Fact, Invariant, Written } from './facts';
import { hexOf, Kind, Result, type Known } from './known';

/** From the lid's closing to a record of the use, ms: the longest photo of these worlds, and a little. */
const WITHIN_MS = 9000;
/** A photo behind the stroke is recorded a moment before the unit waits for the next page, ms. */
const WAITS_MS = 500;
/** Trouble that is over for so long, ms, has left no trace; but what flash has lost it does not get back. */
const CALM_MS = 30_000;
/** Policies of which a unit may wait for something else than the page: a place, the dock, stillness, another holder, the host. */
const PLAIN = 3;

export class Page implements Invariant {
  readonly id = 'L2';
  private use: { claims: Claims; at: number; told: boolean } | undefined;
  /** The record that the unit waits behind: opened, stroke done, photo behind it. */
  private since: Written | undefined;
  private disturbedAt = -Infinity;

  constructor(private readonly known: Known) {}

  see(fact: Fact): void {
    this.look();
    if (fact.what === 'run') this.use = undefined;
    // Hands that shake it have it look again.
    else if (fact.what === 'moved' || fact.what === 'leaned' || fact.what === 'die' || fact.what === 'turned' || fact.what === 'case') this.disturbedAt = this.known.now();
    else if (fact.what === 'record') this.record(fact.record);
  }

  private record(record: Written): void {
    const { kind, data } = record;
    if (kind === Kind.OPENED) {
      const claims = this.known.permits.get(hexOf(data.get(1)));
      this.use = claims === undefined || (claims.policy & ~PLAIN) !== 0 || claims.fences !== undefined || claims.code !== undefined ? undefined : { claims, at: record.at, told: false };
      this.since = record;
      return;
    }
    if (this.use === undefined) return;
    if (kind === Kind.CLOSED || kind === Kind.ALARM) this.use = undefined;
    else if (kind === Kind.OUTCOME && data.get(3) === Result.STAMPED) this.since = (this.use.claims.policy & 1) === 0 ? record : undefined;
    else if (kind === Kind.PHOTO && data.get(2) === 1) this.since = record;
    // It looks at the page, or tells why not: what comes of that others judge.
    else if (kind === Kind.PHOTO || kind === Kind.INTENT || kind === Kind.REFUSED) this.since = undefined;
  }

  private look(): void {
    const { known, use, since } = this;
    if (use === undefined || since === undefined || use.told || known.lidOpen || !known.paper || known.alarms.size > 0) return;
    // Behind a stroke the lid must have been seen to open: the page may be the same.
    if (since.kind !== Kind.OPENED && !known.lidSeenOpen(since.at + WAITS_MS)) return;
    const from = Math.max(since.at, known.lidAt, known.paperAt, this.disturbedAt);
    if (known.now() - from <= WITHIN_MS || known.calmSince > from - CALM_MS || known.bent(['flash'], -Infinity)) return;
    use.told = true;
    known.broken('L2', `a page lies under the lid since ${(from / 1000).toFixed(3)} s, permit ${use.claims.counter} is open, and nothing happens`);
  }

  end(): void {
    this.look();
  }
}
