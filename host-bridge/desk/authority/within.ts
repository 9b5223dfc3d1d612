/** Whether one place lies within another, so that an approver who names a smaller one never makes it larger. */
import { usual, type Fence, type PlaceTerms } from './place';

/** Metres of a degree of latitude, as a device reckons distances to a circle's centre: rather too many (firmware/core/geometry.ts). */
const METRES = 111_702;
/** What flat reckoning may be wrong by, with a margin. */
const DOUBT = 1.005;

interface Point {
  latitude: number;
  longitude: number;
}

function metres(a: Point, b: Point): number {
  const y = a.latitude - b.latitude;
  const x = Math.abs(a.longitude - b.longitude);
  const across = (x > 180 ? 360 - x : x) * Math.cos((((a.latitude + b.latitude) / 2) * Math.PI) / 180);
  return Math.hypot(across, y) * METRES;
}

/** A circle in a circle, a polygon in a circle, or the same polygon. Any other polygon is not known to lie in one, and does not count. */
function inside(inner: Fence, outer: Fence): boolean {
  if (!('radius' in outer)) return !('radius' in inner) && JSON.stringify(inner.corners) === JSON.stringify(outer.corners);
  if (!('radius' in inner)) return inner.corners.every((corner) => metres(corner, outer) * DOUBT <= outer.radius);
  const apart = metres(inner, outer);
  return apart === 0 ? inner.radius <= outer.radius : (apart + inner.radius) * DOUBT <= outer.radius;
}

const age = (terms: PlaceTerms): number => terms.maxAge ?? usual.maxAge;
const accuracy = (terms: PlaceTerms): number => terms.maxAccuracy ?? usual.maxAccuracy;

/** Whether whatever satisfies `inner` satisfies `outer` (null: anywhere). */
export function placeWithin(inner: PlaceTerms, outer: PlaceTerms | null): boolean {
  if (outer === null) return true;
  if (age(inner) > age(outer) || accuracy(inner) > accuracy(outer)) return false;
  return outer.fences === undefined || inner.fences?.every((one) => outer.fences!.some((other) => inside(one, other))) === true;
}
