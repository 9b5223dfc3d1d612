/**
 * The sheet's outline in the photo: a bright region on something darker, with four straight sides. The sides are found
 * to a fraction of a pixel along many short scans across them, and how they bend tells the lens's distortion.
 */
import { undistort, type Lens } from './lens';
import { openCv, withMats } from './opencv';
import { resized, sampleAt, type Plane } from './plane';

export interface Outline {
  /** Undistorted corners, clockwise as seen, starting anywhere. */
  corners: [number, number][];
  lens: Lens;
  /** Share of the scans (0..1) that agree with their side; the weakest side counts. */
  agreed: number;
}

export type OutlineFault = 'no-sheet' | 'cut-off';

/** Long side of the picture on which the region is looked for, pixels. */
const SMALL = 480;
/** A sheet takes at least this share of the picture. */
const LEAST_AREA = 0.12;
const SCANS = 90;

export async function findOutline(grey: Plane): Promise<Outline | OutlineFault> {
  const shrink = Math.min(1, SMALL / Math.max(grey.width, grey.height));
  const small = await resized(grey, Math.round(grey.width * shrink), Math.round(grey.height * shrink));
  const quad = await roughQuad(small);
  if (quad === undefined) return 'no-sheet';
  const full = quad.map(([x, y]) => [(x + 0.5) / shrink - 0.5, (y + 0.5) / shrink - 0.5] as [number, number]);
  const margin = 2 / shrink;
  if (full.some(([x, y]) => x < margin || y < margin || x > grey.width - 1 - margin || y > grey.height - 1 - margin)) return 'cut-off';
  const sides = full.map((corner, i) => scanSide(grey, corner, full[(i + 1) % 4]!));
  return fitSides(sides, { width: grey.width, height: grey.height, k: 0 });
}

/** Four corners of the largest bright region, clockwise, in pixels of the small picture. */
async function roughQuad(small: Plane): Promise<[number, number][] | undefined> {
  const { cv } = await openCv();
  return withMats((keep) => {
    const bytes = Uint8Array.from(small.data, (v) => Math.max(0, Math.min(255, v * 255 + 0.5)));
    const grey = keep(cv.matFromArray(small.height, small.width, cv.CV_8UC1, bytes as unknown as number[]));
    // Print is closed away, so that a page full of it is still one bright region; the tray around it stays dark.
    const closed = keep(new cv.Mat());
    const kernel = keep(cv.getStructuringElement(cv.MORPH_RECT, new cv.Size(13, 13)));
    cv.morphologyEx(grey, closed, cv.MORPH_CLOSE, kernel);
    const mask = keep(new cv.Mat());
    cv.threshold(closed, mask, 0, 255, cv.THRESH_BINARY + cv.THRESH_OTSU);
    const contours = keep(new cv.MatVector());
    const hierarchy = keep(new cv.Mat());
    cv.findContours(mask, contours, hierarchy, cv.RETR_EXTERNAL, cv.CHAIN_APPROX_NONE);
    let largest: InstanceType<typeof cv.Mat> | undefined;
    let area = 0;
    for (let i = 0; i < contours.size(); i++) {
      const one = keep(contours.get(i));
      const size = cv.contourArea(one);
      if (size > area) [largest, area] = [one, size];
    }
    if (!largest || area < LEAST_AREA * small.width * small.height) return undefined;
    const hull = keep(new cv.Mat());
    cv.convexHull(largest, hull, true, true);
    const around = cv.contourArea(hull);
    if (area < 0.8 * around) return undefined;
    const length = cv.arcLength(hull, true);
    for (let eps = 0.01; eps < 0.09; eps += 0.008) {
      const corners = keep(new cv.Mat());
      cv.approxPolyDP(hull, corners, eps * length, true);
      if (corners.rows !== 4) continue;
      const points = Array.from({ length: 4 }, (_, i) => [corners.data32S[2 * i]!, corners.data32S[2 * i + 1]!] as [number, number]);
      if (Math.abs(cv.contourArea(corners)) < 0.85 * around) return undefined;
      return clockwise(points);
    }
    return undefined;
  });
}

function clockwise(points: [number, number][]): [number, number][] {
  const cx = points.reduce((sum, p) => sum + p[0], 0) / 4;
  const cy = points.reduce((sum, p) => sum + p[1], 0) / 4;
  return points.slice().sort((a, b) => Math.atan2(a[1] - cy, a[0] - cx) - Math.atan2(b[1] - cy, b[0] - cx));
}

/** Spots where bright turns dark, on scans from inside to outside across one side (corners clockwise: outside is left of a to b). */
function scanSide(grey: Plane, a: [number, number], b: [number, number]): [number, number][] {
  const length = Math.hypot(b[0] - a[0], b[1] - a[1]);
  const nx = (b[1] - a[1]) / length;
  const ny = -(b[0] - a[0]) / length;
  const reach = Math.round(Math.max(8, 0.018 * Math.max(grey.width, grey.height)));
  const found: [number, number][] = [];
  for (let s = 0; s < SCANS; s++) {
    const t = 0.03 + (0.94 * s) / (SCANS - 1);
    const x = a[0] + (b[0] - a[0]) * t;
    const y = a[1] + (b[1] - a[1]) * t;
    const profile: number[] = [];
    for (let d = -reach - 1; d <= reach + 1; d++) profile.push(sampleAt(grey, x + nx * d, y + ny * d));
    const step = (i: number): number => profile[i - 1]! - profile[i + 1]!;
    let best = 1;
    for (let i = 1; i < profile.length - 1; i++) if (step(i) > step(best)) best = i;
    if (best < 2 || best > profile.length - 3 || step(best) < 0.08) continue;
    const [l, m, r] = [step(best - 1), step(best), step(best + 1)];
    const bend = l - 2 * m + r;
    const d = best - reach - 1 + (bend < 0 ? (0.5 * (l - r)) / bend : 0);
    found.push([x + nx * d, y + ny * d]);
  }
  return found;
}

interface Line {
  /** Unit normal and distance: nx x + ny y = c. */
  nx: number;
  ny: number;
  c: number;
  /** Sum over the spots of their bounded distance. */
  cost: number;
  inliers: number;
}

/** Farther than so many pixels from its side a spot says nothing. */
const FAR = 2;

/** A line through undistorted spots; those far off lose their say. `unit` is a pixel's size. */
function lineThrough(spots: readonly [number, number][], unit: number): Line {
  let weights = spots.map(() => 1);
  let line: Line = { nx: 1, ny: 0, c: 0, cost: Infinity, inliers: 0 };
  for (let round = 0; round < 6; round++) {
    let [sw, sx, sy] = [0, 0, 0];
    spots.forEach(([x, y], i) => {
      sw += weights[i]!;
      sx += weights[i]! * x;
      sy += weights[i]! * y;
    });
    const [mx, my] = [sx / sw, sy / sw];
    let [xx, xy, yy] = [0, 0, 0];
    spots.forEach(([x, y], i) => {
      xx += weights[i]! * (x - mx) ** 2;
      xy += weights[i]! * (x - mx) * (y - my);
      yy += weights[i]! * (y - my) ** 2;
    });
    const angle = 0.5 * Math.atan2(2 * xy, xx - yy);
    const [nx, ny] = [-Math.sin(angle), Math.cos(angle)];
    const c = nx * mx + ny * my;
    const far = spots.map(([x, y]) => Math.abs(nx * x + ny * y - c) / unit);
    const width = round < 2 ? 6 : FAR;
    weights = far.map((d) => 1 / (1 + (d / width) ** 2) ** 2);
    line = { nx, ny, c, cost: far.reduce((sum, d) => sum + Math.min(d * d, 9), 0), inliers: far.filter((d) => d < FAR).length };
  }
  return line;
}

function fitSides(sides: [number, number][][], lens: Lens): Outline | OutlineFault {
  if (sides.some((spots) => spots.length < SCANS * 0.4)) return 'no-sheet';
  const unit = 1 / Math.max(lens.width, lens.height);
  const lines = (k: number): Line[] => sides.map((spots) => lineThrough(spots.map(([u, v]) => undistort({ ...lens, k }, u, v)), unit));
  const cost = (k: number): number => lines(k).reduce((sum, line) => sum + line.cost, 0);
  // Golden section between the strongest pincushion and barrel that small lenses have.
  let [low, high] = [-0.12, 0.25];
  const ratio = (Math.sqrt(5) - 1) / 2;
  for (let i = 0; i < 16; i++) {
    const [a, b] = [high - ratio * (high - low), low + ratio * (high - low)];
    if (cost(a) < cost(b)) high = b;
    else low = a;
  }
  const k = (low + high) / 2;
  const fitted = lines(k);
  const corners: [number, number][] = [];
  for (let i = 0; i < 4; i++) {
    const [p, q] = [fitted[(i + 3) % 4]!, fitted[i]!];
    const det = p.nx * q.ny - p.ny * q.nx;
    if (Math.abs(det) < 0.3) return 'no-sheet';
    corners.push([(p.c * q.ny - q.c * p.ny) / det, (p.nx * q.c - q.nx * p.c) / det]);
  }
  return { corners, lens: { ...lens, k }, agreed: Math.min(...fitted.map((line) => line.inliers)) / SCANS };
}
