/**
 * S1, the place: every stroke under a permit with fences happened truly inside one, every stroke under a permit for the dock on
 * USB power and where that came to the unit, and nothing moved the unit between the photo and the intent. Geometry of its own: great
 * circles, and rays on the grid of degrees.
 */
import type { Claims, Fact, Invariant, Written } from './facts';
import { hexOf, Kind, type Known } from './known';

/** From intent to touch, and a fix that is told two seconds late, ms. */
const STROKE_MS = 15_000;
/** Metres by which two ways of reckoning may differ, besides half a per cent. */
const SLACK_M = 3;
/** A cable pulled in this time before the touch cannot stop it any more, ms. */
const UNSTOPPABLE_MS = 4000;
/** Being carried is known after so long, ms; movements of less are not. */
const CARRIED_MS = 16_000;
/** A movement that is seen for sure takes so long, ms. */
const SEEN_MS = 250;
/** The unit samples a hundred times a second: what begins in this time before the intent it need not have seen, ms. */
const LATE_MS = 60;
const EARTH_M = 6_371_000;

interface Spot {
  latitude: number;
  longitude: number;
}

interface Leg {
  from: number;
  to: number;
  start: Spot;
  end: Spot;
}

const rad = (degrees: number): number => (degrees * Math.PI) / 180;

/** Metres between two spots, by the haversine. */
function distance(a: Spot, b: Spot): number {
  const h = Math.sin(rad(b.latitude - a.latitude) / 2) ** 2 + Math.cos(rad(a.latitude)) * Math.cos(rad(b.latitude)) * Math.sin(rad(b.longitude - a.longitude) / 2) ** 2;
  return 2 * EARTH_M * Math.asin(Math.min(1, Math.sqrt(h)));
}

function inPolygon(corners: readonly Spot[], { latitude, longitude }: Spot): boolean {
  let inside = false;
  for (const [i, a] of corners.entries()) {
    const b = corners[(i + 1) % corners.length]!;
    if (a.latitude > latitude === b.latitude > latitude) continue;
    const crossing = a.longitude + ((latitude - a.latitude) / (b.latitude - a.latitude)) * (b.longitude - a.longitude);
    if (crossing > longitude) inside = !inside;
  }
  return inside;
}

/** Whether a spot lies in one of the fences, or nearly. */
export function insideOf(fences: readonly (readonly number[])[], spot: Spot): boolean {
  return fences.some((fence) => {
    if (fence.length === 3) return distance({ latitude: fence[0]! / 1e7, longitude: fence[1]! / 1e7 }, spot) <= fence[2]! * 1.005 + SLACK_M;
    const corners = Array.from({ length: fence.length / 2 }, (_, i) => ({ latitude: fence[2 * i]! / 1e7, longitude: fence[2 * i + 1]! / 1e7 }));
    const near = [[0, 0], [SLACK_M, 0], [-SLACK_M, 0], [0, SLACK_M], [0, -SLACK_M]];
    return near.some(([north, east]) => inPolygon(corners, { latitude: spot.latitude + north! / 111_000, longitude: spot.longitude + east! / (111_000 * Math.cos(rad(spot.latitude))) }));
  });
}

/** Where the unit truly is, and what is done to it. */
export class Travels {
  private readonly legs: Leg[];

  constructor(private readonly known: Known, home: Spot) {
    this.legs = [{ from: -Infinity, to: -Infinity, start: home, end: home }];
  }

  see(fact: Fact): void {
    const now = this.known.now();
    if (fact.what === 'place') this.legs.push({ from: now, to: now + fact.ms, start: this.at(now), end: { latitude: fact.latitude, longitude: fact.longitude } });
  }

  at(ms: number): Spot {
    const { from, to, start, end } = this.legs.findLast((leg) => leg.from <= ms) ?? this.legs[0]!;
    const share = to > from ? Math.min(1, Math.max(0, (ms - from) / (to - from))) : 1;
    return { latitude: start.latitude + (end.latitude - start.latitude) * share, longitude: start.longitude + (end.longitude - start.longitude) * share };
  }

  moving(ms: number): boolean {
    return this.legs.some((leg) => leg.from <= ms && ms < leg.to);
  }

  /** Moments between two at which it may have been somewhere else than at either. */
  between(from: number, to: number): number[] {
    const moments = this.legs.filter((leg) => leg.from > from && leg.from <= to).map((leg) => leg.from);
    for (const leg of this.legs) for (let i = 1; i < 40; i++) moments.push(leg.from + ((leg.to - leg.from) * i) / 40);
    return moments.filter((ms) => ms >= from && ms <= to);
  }
}

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
