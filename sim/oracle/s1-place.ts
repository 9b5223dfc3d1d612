/**
 * S1, the place: every stroke under a permit with fences happened truly inside one, every stroke under a permit for the dock on
 * USB power and where that came to the unit, and nothing moved the unit between the photo and the intent.
 */
import type { Claims, Fact, Invariant, Written } from './facts';
import { hexOf, Kind, type Known } from './known';
import { insideOf, Travels, type Spot } from './travels';

/** From intent to touch, and a fix that is told two seconds late, ms. */
const STROKE_MS = 15_000;
/** A cable pulled in this time before the touch cannot stop it any more, ms. */
const UNSTOPPABLE_MS = 4000;
/** Being carried is known after so long, ms; movements of less are not. */
const CARRIED_MS = 16_000;
/** A movement that is seen for sure takes so long, ms. */
const SEEN_MS = 250;
/** The unit samples a hundred times a second: what begins in this time before the intent it need not have seen, ms. */
const LATE_MS = 60;

export class Place implements Invariant {
  readonly id = 'S1';
  private readonly travels: Travels;
  private moves: { from: number; to: number; how: string }[] = [];
  private leanedFrom = Infinity;
  private plugged = true;
  private pluggedAt = -Infinity;
  private pulledAt = -Infinity;
  private picture = -Infinity;

  constructor(private readonly known: Known, home: Spot) {
    this.travels = new Travels(known, home);
  }

  see(fact: Fact): void {
    const now = this.known.now();
    this.travels.see(fact);
    if (fact.what === 'place') this.place(fact, now);
    else if (fact.what === 'moved') this.moves.push({ from: now, to: now + fact.ms, how: fact.how });
    else if (fact.what === 'leaned') this.leanedFrom = Math.abs(fact.degrees) > 35 ? now : Infinity;
    else if (fact.what === 'picture') this.picture = now;
    else if (fact.what === 'plugged') this.plug(fact.there, now);
    // What it knew of being carried went with the power.
    else if (fact.what === 'run' && this.plugged) this.pluggedAt = now;
    else if (fact.what === 'record' && fact.record.kind === Kind.INTENT) this.intent(fact.record);
    else if (fact.what === 'stroke') this.stroke(fact.stroke.at);
  }

  private place({ ms }: Extract<Fact, { what: 'place' }>, now: number): void {
    // Set down at once: nobody carries it any more.
    if (ms === 0) for (const move of this.moves) move.to = Math.min(move.to, now);
  }

  private plug(there: boolean, now: number): void {
    if (there === this.plugged) return;
    this.plugged = there;
    if (there) this.pluggedAt = now;
    else this.pulledAt = now;
  }

  /** Just before an intent nothing had moved since the photo, and the unit stood. */
  private intent({ data, seq, at }: Written): void {
    const { known } = this;
    const claims = known.permits.get(hexOf(data.get(1)));
    if (claims === undefined || known.bent(['motion'], this.picture - 1000)) return;
    if (at - this.leanedFrom > 1500) known.broken('S1', `intent ${seq} although the unit is leaned over`);
    if ((claims.policy & 1) === 0) return;
    const moved = this.moves.find((move) => Math.min(move.to, at - LATE_MS) - Math.max(move.from, this.picture) > SEEN_MS);
    if (moved !== undefined) known.broken('S1', `intent ${seq}: ${moved.how} of the unit since its photo`);
  }

  private stroke(at: number): void {
    const { known } = this;
    const { intent } = known;
    const claims = intent === undefined ? undefined : known.permits.get(hexOf(intent.data.get(1)));
    if (intent === undefined || claims === undefined) return;
    const note = (text: string): void => known.broken('S1', `stroke under permit ${claims.counter} (intent ${intent.seq}): ${text}`);
    if (claims.fences !== undefined && !known.bent(['position'], intent.at - 60_000)) this.inside(claims, claims.fences, at, note);
    if ((claims.policy & 4) === 0) return;
    if (!this.plugged && at - this.pulledAt > UNSTOPPABLE_MS) note('without USB power, for the dock only');
    const carried = this.moves.find((move) => move.how === 'carry' && move.from > this.pluggedAt && Math.min(move.to, intent.at) - move.from > CARRIED_MS);
    if (carried !== undefined && !known.bent(['motion'], carried.from)) note('carried since it was docked');
  }

  /** The device knows no more than a fix that is as old as its permit allows: at some moment since then it was inside. */
  private inside(claims: Claims, fences: readonly (readonly number[])[], at: number, note: (text: string) => void): void {
    const from = at - STROKE_MS - (claims.fix?.age ?? 15) * 1000;
    const moments = [at, from, ...this.travels.between(from, at)];
    if (!moments.some((ms) => ms >= from && ms <= at && insideOf(fences, this.travels.at(ms)))) note('outside of every fence');
  }
}
