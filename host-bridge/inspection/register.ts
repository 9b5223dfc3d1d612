/**
 * Registration: from a map that is right to a few millimetres to one that is right to a fraction of a pixel. Patches of
 * the approved page with print on them are looked for around where the map expects them; all that agree correct the map.
 */
import { fit, project, type Pair, type PageMap } from './lens';
import { bilinear, median, type Plane } from './plane';
import { warp, type Flow } from './warp';

/** Side of a patch and distance of patches, mm. */
const PATCH_MM = 11;
const STEP_MM = 14;
/** A match below this correlation is none. */
const LEAST_MATCH = 0.55;
/** A match that falls by less than this two pixels aside, in either direction, is of a rule or an edge and tells no place along it. */
const LEAST_DROP = 0.06;

/** Mean squared steepness a pixel, along the weaker axis: below, a patch is plain paper or a rule. */
const LEAST_STEEP = 2e-4;

export interface Registration {
  map: PageMap;
  /** Median distance in pixels (of the photo) between where the map has the patches and where they are. */
  error: number;
  /** Patches with print, and those of them that were found. */
  patches: number;
  matched: number;
  /** Median correlation of those that were found. */
  correlation: number;
}

/**
 * One round. @param reach how far a patch is looked for, pixels of the page picture; @param lens whether distortion is corrected too
 */
export function register(photo: Plane, reference: Plane, scale: number, start: PageMap, reach: number, lens: boolean): Registration {
  const { width, height } = reference;
  const seen = warp(photo, start, width, height, scale);
  const half = Math.round((PATCH_MM * scale) / 2);
  const step = Math.round(STEP_MM * scale);
  const pairs: Pair[] = [];
  const scores: number[] = [];
  let patches = 0;
  for (let cy = half + reach + 1; cy < height - half - reach - 1; cy += step)
    for (let cx = half + reach + 1; cx < width - half - reach - 1; cx += step) {
      if (!textured(reference, cx, cy, half)) continue;
      patches++;
      const hit = search(seen, reference, cx, cy, half, reach);
      if (!hit || hit.score < LEAST_MATCH || Math.min(hit.dropX, hit.dropY) < LEAST_DROP) continue;
      scores.push(hit.score);
      const [u, v] = project(start, (cx + hit.dx + 0.5) / scale, (cy + hit.dy + 0.5) / scale);
      pairs.push({ x: (cx + 0.5) / scale, y: (cy + 0.5) / scale, u, v });
    }
  // Few patches tell where the print lies, not how the lens bends.
  const map = pairs.length >= 12 ? fit(pairs, start, { lens, scale: Math.max(0.5, 0.35 * reach) }) : start;
  const left = pairs.map((p) => {
    const [u, v] = project(map, p.x, p.y);
    return Math.hypot(u - p.u, v - p.v);
  });
  return { map, error: median(left), patches, matched: pairs.length, correlation: median(scores) };
}

/** Side and distance of the small patches by which curled paper is followed, mm. */
const FINE_MM = 8;
const FINE_STEP_MM = 6;

/**
 * How print sits off the map spot by spot, from many small patches: each is held to the middle of its neighbours, so that
 * a changed word does not move paper. Where there is no print the shift fades into that of the print around.
 */
export function followPaper(seen: Plane, reference: Plane, scale: number, reach: number): Flow {
  const { width, height } = reference;
  const half = Math.round((FINE_MM * scale) / 2);
  const step = Math.round(FINE_STEP_MM * scale);
  const cols = Math.max(2, Math.ceil(width / step) + 1);
  const rows = Math.max(2, Math.ceil(height / step) + 1);
  const foundX = new Float64Array(cols * rows).fill(NaN);
  const foundY = new Float64Array(cols * rows).fill(NaN);
  const room = half + reach + 1;
  for (let j = 0; j < rows; j++)
    for (let i = 0; i < cols; i++) {
      const cx = Math.min(width - room - 1, Math.max(room, i * step));
      const cy = Math.min(height - room - 1, Math.max(room, j * step));
      if (cx < room || cy < room || !steep(reference, cx, cy, half)) continue;
      const hit = search(seen, reference, cx, cy, half, reach);
      if (!hit || hit.score < LEAST_MATCH) continue;
      // A rule tells its place across itself, and nothing along.
      if (hit.dropX > LEAST_DROP) foundX[j * cols + i] = hit.dx;
      if (hit.dropY > LEAST_DROP) foundY[j * cols + i] = hit.dy;
    }
  const xs = settled(foundX, cols, rows);
  const ys = settled(foundY, cols, rows);
  return (x, y) => [bilinear(xs, cols, rows, x / step, y / step), bilinear(ys, cols, rows, x / step, y / step)];
}

/** Shifts along one axis: outliers held to the middle of their neighbours, gaps filled from around, all smoothed a little. */
function settled(found: Float64Array, cols: number, rows: number): Float64Array {
  const around = (list: Float64Array, at: number, r: number): number[] => {
    const [i, j] = [at % cols, (at / cols) | 0];
    const out: number[] = [];
    for (let y = Math.max(0, j - r); y <= Math.min(rows - 1, j + r); y++) for (let x = Math.max(0, i - r); x <= Math.min(cols - 1, i + r); x++) if (!Number.isNaN(list[y * cols + x]!)) out.push(list[y * cols + x]!);
    return out;
  };
  let held = found.map((one, at) => {
    const near = around(found, at, 2);
    if (near.length < 3) return NaN;
    const middle = median(near);
    return Math.abs(one - middle) < 0.8 ? one : middle;
  });
  if (!held.some((one) => !Number.isNaN(one))) return held.fill(0);
  while (held.some(Number.isNaN)) {
    const last = held;
    held = last.map((one, at) => {
      if (!Number.isNaN(one)) return one;
      const near = around(last, at, 1);
      return near.length > 0 ? median(near) : NaN;
    });
  }
  return held.map((_, at) => {
    const near = around(held, at, 1);
    return near.reduce((sum, v) => sum + v, 0) / near.length;
  });
}

/** Whether a patch has print at all. */
function steep(p: Plane, cx: number, cy: number, half: number): boolean {
  let [sum, n] = [0, 0];
  for (let y = cy - half; y < cy + half; y += 2)
    for (let x = cx - half; x < cx + half; x += 2) {
      const i = y * p.width + x;
      sum += ((p.data[i + 1]! - p.data[i - 1]!) / 2) ** 2 + ((p.data[i + p.width]! - p.data[i - p.width]!) / 2) ** 2;
      n++;
    }
  return sum / n > LEAST_STEEP;
}

/** Print that tells its place both ways: steep along both axes of a patch (Harris 1988), not a rule or an edge alone. */
function textured(p: Plane, cx: number, cy: number, half: number): boolean {
  let [xx, xy, yy, n] = [0, 0, 0, 0];
  for (let y = cy - half; y < cy + half; y += 2)
    for (let x = cx - half; x < cx + half; x += 2) {
      const i = y * p.width + x;
      const gx = (p.data[i + 1]! - p.data[i - 1]!) / 2;
      const gy = (p.data[i + p.width]! - p.data[i - p.width]!) / 2;
      xx += gx * gx;
      xy += gx * gy;
      yy += gy * gy;
      n++;
    }
  const least = ((xx + yy - Math.sqrt((xx - yy) ** 2 + 4 * xy * xy)) / 2) / n;
  return least > LEAST_STEEP && least > 0.1 * ((xx + yy) / n);
}

/** The shift (pixels, with a fraction) at which the photo correlates best with the approved patch. */
export function search(seen: Plane, reference: Plane, cx: number, cy: number, half: number, reach: number): { dx: number; dy: number; score: number; dropX: number; dropY: number } | undefined {
  const w = reference.width;
  const size = 2 * reach + 1;
  const scores = new Float64Array(size * size);
  const stride = half > 20 ? 2 : 1;
  let [rs, rr, n] = [0, 0, 0];
  for (let y = -half; y < half; y += stride)
    for (let x = -half; x < half; x += stride) {
      const r = reference.data[(cy + y) * w + cx + x]!;
      rs += r;
      rr += r * r;
      n++;
    }
  const variance = rr - (rs * rs) / n;
  let best = 0;
  for (let dy = -reach; dy <= reach; dy++)
    for (let dx = -reach; dx <= reach; dx++) {
      let [ss, s2, rs2] = [0, 0, 0];
      for (let y = -half; y < half; y += stride) {
        const ro = (cy + y) * w + cx;
        const so = ro + dy * w + dx;
        for (let x = -half; x < half; x += stride) {
          const s = seen.data[so + x]!;
          ss += s;
          s2 += s * s;
          rs2 += s * reference.data[ro + x]!;
        }
      }
      const score = (rs2 - (rs * ss) / n) / Math.sqrt(Math.max(1e-9, variance * (s2 - (ss * ss) / n)));
      const at = (dy + reach) * size + dx + reach;
      scores[at] = score;
      if (score > scores[best]!) best = at;
    }
  const bx = best % size;
  const by = (best / size) | 0;
  if (bx === 0 || by === 0 || bx === size - 1 || by === size - 1) return undefined;
  const aside = (step: number, room: number): number => Math.max(...[-2, 2].map((k) => (Math.abs(room + k) <= reach ? scores[best + k * step]! : -1)));
  const dropX = scores[best]! - aside(1, bx - reach);
  const dropY = scores[best]! - aside(size, by - reach);
  const peak = (l: number, m: number, r: number): number => (l - 2 * m + r < -1e-9 ? (0.5 * (l - r)) / (l - 2 * m + r) : 0);
  return {
    dx: bx - reach + peak(scores[best - 1]!, scores[best]!, scores[best + 1]!),
    dy: by - reach + peak(scores[best - size]!, scores[best]!, scores[best + size]!),
    score: scores[best]!,
    dropX,
    dropY,
  };
}
