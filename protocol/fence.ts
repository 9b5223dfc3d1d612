/**
 * Fences: where a permit may be used. One byte string, claim 19 of a permit as it stands in the payload: an array of 1 to 4
 * fences, each an array of whole numbers in units of 1e-7 degree (WGS 84): [latitude, longitude, radius in metres], a circle;
 * or the 3 to 8 corners of a polygon in turn, [latitude, longitude, latitude, longitude, …]. SPEC.md, "Grants".
 *
 * A polygon's edges are straight where longitude and latitude are drawn as a grid, and do not cross the antimeridian (a
 * place on it takes two fences); a circle may lie across it. Nothing lies beyond 85 degrees north or south: there a
 * degree of longitude is too short to reckon with.
 */
import { cborHead, cborInt, type CborReader } from './cbor';
import type { Bytes } from './natives';

const FENCES = 4;
const CORNERS = 8;
/** 1e-7 degree. */
export const LATITUDE_MAX = 850000000;
export const LONGITUDE_MAX = 1800000000;
/** Metres. */
const RADIUS_MAX = 100000;

/** Takes one fence: its numbers. Where it is none, `ok` of the reader is false. */
export function readFence(r: CborReader): number[] {
  const size = r.head(4);
  const fence: number[] = [];
  let west = LONGITUDE_MAX;
  let east = -LONGITUDE_MAX;
  if (size !== 3 && (size < 6 || size > CORNERS * 2 || size % 2 !== 0)) r.ok = false;
  for (let k = 0; k < size - 1 && r.ok; k += 2) {
    const latitude = r.int();
    const longitude = r.int();
    if (Math.abs(latitude) > LATITUDE_MAX || Math.abs(longitude) > LONGITUDE_MAX) r.ok = false;
    if (longitude < west) west = longitude;
    if (longitude > east) east = longitude;
    fence.push(latitude);
    fence.push(longitude);
  }
  // Wider than half the globe it would be read the other way round as well.
  if (east - west > LONGITUDE_MAX) r.ok = false;
  if (size === 3) {
    const radius = r.upTo(RADIUS_MAX);
    if (!radius) r.ok = false;
    fence.push(radius);
  }
  return fence;
}

/** Takes all fences of a permit, as the bytes they stand in; empty where they are not in order (`ok` is false then). */
export function readFences(r: CborReader): Bytes {
  const from = r.at;
  const count = r.head(4);
  if (count < 1 || count > FENCES) r.ok = false;
  for (let i = 0; i < count && r.ok; i++) readFence(r);
  return r.ok ? r.b.substring(from, r.at) : '';
}

/** The bytes of fences, for the authority and for tests. */
export function fenceBytes(fences: number[][]): Bytes {
  let b = cborHead(4, fences.length);
  for (const fence of fences) {
    b += cborHead(4, fence.length);
    for (const one of fence) b += cborInt(one);
  }
  return b;
}
