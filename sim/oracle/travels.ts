/** Where the unit truly is, and whether that lies in a fence. Geometry of its own: great circles, and rays on the grid of degrees. */
import type { Fact } from './facts';
import type { Known } from './known';

/** Metres by which two ways of reckoning may differ, besides half a per cent. */
const SLACK_M = 3;
const EARTH_M = 6_371_000;

export interface Spot {
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

/** The way of the unit through the world. */
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
