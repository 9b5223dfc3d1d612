/**
 * Whether a place is inside fences (protocol/fence.ts), on a sphere whose radius is chosen so that every doubt falls to the
 * side of caution: distances to a circle's centre are reckoned with the greatest radius of curvature of the earth, distances
 * to an edge with the least. Up to 100 km and 85 degrees the flat reckoning itself is wrong by less than 0.2 %, which that covers.
 */
import { CborReader } from '../../protocol/cbor';
import { LATITUDE_MAX, LONGITUDE_MAX, readFence } from '../../protocol/fence';
import type { Bytes } from '../../protocol/natives';
import type { Fix } from './parts';

/** Metres of 1e-7 degree of latitude, for a radius of 6,335 and of 6,400 km. */
const LEAST = 0.0110567;
const MOST = 0.0111702;

/** What a degree of longitude is to a degree of latitude there. */
function narrow(latitude: number): number {
  return Math.cos((latitude / 1800000000) * Math.PI);
}

/** Units of latitude between two places. */
function apart(latitude: number, longitude: number, fix: Fix): number {
  const y = latitude - fix.latitude;
  let x = Math.abs(longitude - fix.longitude);
  if (x > LONGITUDE_MAX) x = LONGITUDE_MAX * 2 - x;
  x = x * narrow((latitude + fix.latitude) / 2);
  return Math.sqrt(x * x + y * y);
}

/** Metres between two fixes, rather too many than too few. */
export function metres(a: Fix, b: Fix): number {
  return apart(a.latitude, a.longitude, b) * MOST;
}

/** Metres from the border of a polygon, negative outside. */
function depth(corners: number[], fix: Fix): number {
  const scale = narrow(fix.latitude);
  const n = corners.length;
  let inside = false;
  let nearest = Infinity;
  // Seen from the place: the corner before, in units of latitude.
  let y0 = (corners[n - 2] as number) - fix.latitude;
  let x0 = ((corners[n - 1] as number) - fix.longitude) * scale;
  for (let k = 0; k < n; k += 2) {
    const y = (corners[k] as number) - fix.latitude;
    const x = ((corners[k + 1] as number) - fix.longitude) * scale;
    const dy = y - y0;
    const dx = x - x0;
    if (y > 0 !== y0 > 0 && x0 - (y0 * dx) / dy > 0) inside = !inside;
    const length = dx * dx + dy * dy;
    let t = length > 0 ? -(x0 * dx + y0 * dy) / length : 0;
    if (t < 0) t = 0;
    if (t > 1) t = 1;
    const px = x0 + t * dx;
    const py = y0 + t * dy;
    const d = px * px + py * py;
    if (d < nearest) nearest = d;
    y0 = y;
    x0 = x;
  }
  const d = Math.sqrt(nearest) * LEAST;
  return inside ? d : -d;
}

/** Number (1..) of the fence that the place is certainly inside of; -1: certainly outside of all; 0: it cannot be told. */
export function fenceOf(fences: Bytes, fix: Fix): number {
  const r = new CborReader(fences);
  const count = r.head(4);
  let verdict = -1;
  for (let i = 1; i <= count; i++) {
    const fence = readFence(r);
    if (!r.ok || Math.abs(fix.latitude) > LATITUDE_MAX) return verdict;
    let inner = 0;
    let outer = 0;
    if (fence.length === 3) {
      const d = apart(fence[0] as number, fence[1] as number, fix);
      inner = (fence[2] as number) - d * MOST;
      outer = d * LEAST - (fence[2] as number);
    } else {
      inner = depth(fence, fix);
      outer = -inner;
    }
    if (inner >= fix.accuracy) return i;
    if (outer <= fix.accuracy) verdict = 0;
  }
  return verdict;
}
