/**
 * What the approved page should look like in this very photo: blurred as the photo is, printed as dark as this printer
 * prints, shifted where paper and lens shift it. What the photo shows beyond that is a difference.
 */
import { blur, boxMean, gradients, median, plane, sampleAt, type Plane } from './plane';
import { scatter } from './scatter';

export interface Model {
  /** The page as expected, 0..1. */
  expected: Plane;
  /** The evened photo, brought over the expected page. */
  seen: Plane;
  /** seen - expected: below zero is ink that was not approved, above is ink that is missing. */
  rest: Plane;
  /** Steepness of the expected page, a pixel. */
  steep: Plane;
  /** Blur of the photo against the approved picture, sigma in pixels. */
  sigma: number;
  /** How dark this print is: share of the approved ink that is seen (1: as approved). */
  ink: number;
  /** Typical |rest| a unit of steepness next to print: what registration and blur leave. */
  slack: number;
}

const SIGMAS = [0.35, 0.5, 0.65, 0.8, 0.95, 1.1, 1.3, 1.5, 1.75, 2, 2.4, 2.8, 3.3];
/** Tiles on which blur is estimated: side in pixels and how many of those with most print. */
const TILE = 48;
const TILES = 24;

/** @param seen evened photo (1 is white), @param reference approved page, of one size, @param scale pixels a mm, @param skip 1 where nothing is judged */
export function explain(seen: Plane, reference: Plane, scale: number, skip?: Uint8Array): Model {
  const sigma = estimateBlur(seen, reference);
  let expected = toned(blur(reference, sigma), seen);
  let aligned = seen;
  for (const window of [5, 3.2]) {
    const flow = residualFlow(aligned, expected, Math.round(window * scale));
    aligned = shifted(aligned, flow.dx, flow.dy);
  }
  expected = inked(toned(blur(reference, estimateBlur(aligned, reference)), aligned), aligned, scale);
  const { gx, gy } = gradients(expected);
  const steep = plane(seen.width, seen.height);
  const rest = plane(seen.width, seen.height);
  for (let i = 0; i < rest.data.length; i++) {
    steep.data[i] = Math.hypot(gx.data[i]!, gy.data[i]!);
    rest.data[i] = skip?.[i] ? 0 : aligned.data[i]! - expected.data[i]!;
  }
  const ratios: number[] = [];
  for (let i = 0; i < rest.data.length; i += 7) if (steep.data[i]! > 0.08) ratios.push(Math.abs(rest.data[i]!) / steep.data[i]!);
  return { expected, seen: aligned, rest, steep, sigma, ink: inkShare(aligned, reference), slack: ratios.length > 50 ? median(ratios) : 0.1 };
}

function inkShare(seen: Plane, reference: Plane): number {
  let [a, b] = [0, 0];
  for (let i = 0; i < seen.data.length; i++) {
    const ink = 1 - reference.data[i]!;
    if (ink < 0.05) continue;
    a += 1 - seen.data[i]!;
    b += ink;
  }
  return b > 0 ? a / b : 1;
}

/** The blur of the approved picture at which it fits the photo best, over the tiles with most print. */
export function estimateBlur(seen: Plane, reference: Plane): number {
  const { width, height } = reference;
  const tiles: { x: number; y: number; ink: number }[] = [];
  for (let y = TILE; y + 2 * TILE < height; y += TILE)
    for (let x = TILE; x + 2 * TILE < width; x += TILE) {
      let [sum, square] = [0, 0];
      for (let j = 0; j < TILE; j += 2) for (let i = 0; i < TILE; i += 2) {
        const v = reference.data[(y + j) * width + x + i]!;
        sum += v;
        square += v * v;
      }
      const n = (TILE / 2) ** 2;
      tiles.push({ x, y, ink: square / n - (sum / n) ** 2 });
    }
  tiles.sort((a, b) => b.ink - a.ink);
  // Every third of the best: spread over the page rather than one heading.
  const chosen = tiles.filter((t) => t.ink > 0.004).slice(0, TILES * 4).filter((_, i) => i % 4 === 0);
  if (chosen.length === 0) return 0.8;
  const cost = SIGMAS.map((sigma) => median(chosen.map((t) => tileCost(seen, reference, t.x, t.y, sigma))));
  let best = 0;
  for (let i = 1; i < cost.length; i++) if (cost[i]! < cost[best]!) best = i;
  return SIGMAS[best]!;
}

const PAD = 8;
/** Scatter of the photo about the blurred tile, its gain and offset left free. */
function tileCost(seen: Plane, reference: Plane, x0: number, y0: number, sigma: number): number {
  const size = TILE + 2 * PAD;
  const cut = plane(size, size);
  for (let y = 0; y < size; y++) for (let x = 0; x < size; x++) cut.data[y * size + x] = reference.data[(y0 - PAD + y) * reference.width + x0 - PAD + x]!;
  const soft = blur(cut, sigma);
  const { count, one, other, both } = scatter({ data: soft.data, from: PAD * size + PAD, stride: size }, { data: seen.data, from: y0 * seen.width + x0, stride: seen.width }, TILE, TILE);
  return one < 1e-6 ? other / count : (other - (both * both) / one) / count;
}

const KNOTS = 12;
/** The expected page with the photo's tones: the middle brightness seen for each brightness expected, made monotone. */
function toned(expected: Plane, seen: Plane): Plane {
  const bins: number[][] = Array.from({ length: KNOTS + 1 }, () => []);
  for (let i = 0; i < expected.data.length; i += 5) {
    const e = expected.data[i]!;
    const knot = Math.max(0, Math.min(KNOTS, Math.round(e * KNOTS)));
    const bin = bins[knot]!;
    // White is most of the page: a part of it says the same.
    if (knot === KNOTS && i % 105 !== 0) continue;
    bin.push(seen.data[i]!);
  }
  const curve = new Float64Array(KNOTS + 1).fill(NaN);
  for (let k = 0; k <= KNOTS; k++) if (bins[k]!.length >= 40) curve[k] = median(bins[k]!);
  if (Number.isNaN(curve[KNOTS]!)) curve[KNOTS] = 1;
  const known = [...curve.keys()].filter((k) => !Number.isNaN(curve[k]!));
  const darkest = known[0]!;
  const slope = darkest < KNOTS ? (curve[KNOTS]! - curve[darkest]!) / (KNOTS - darkest) : 1 / KNOTS;
  for (let k = KNOTS - 1; k >= 0; k--) {
    if (Number.isNaN(curve[k]!)) {
      const below = known.filter((n) => n < k).pop();
      curve[k] = below === undefined ? curve[k + 1]! - slope : curve[k + 1]! + (curve[below]! - curve[k + 1]!) / (k + 1 - below);
    }
    curve[k] = Math.max(0, Math.min(curve[k]!, curve[k + 1]!));
  }
  const out = plane(expected.width, expected.height);
  for (let i = 0; i < out.data.length; i++) {
    const f = Math.max(0, Math.min(KNOTS - 1e-6, expected.data[i]! * KNOTS));
    const k = f | 0;
    out.data[i] = curve[k]! + (curve[k + 1]! - curve[k]!) * (f - k);
  }
  return out;
}

/** Window in which the darkness of print is taken, mm, and how far it may go from the page's own. */
const INK_WINDOW_MM = 14;
const INK_RANGE = [0.7, 1.35] as const;

/** Print as dark as it is around each spot: toner wears unevenly, and bold print loses less of it than thin strokes. */
function inked(expected: Plane, seen: Plane, scale: number): Plane {
  const { width, height } = expected;
  const w = Math.floor(width / GATHER);
  const h = Math.floor(height / GATHER);
  const both = plane(w, h);
  const own = plane(w, h);
  const share = 1 / (GATHER * GATHER);
  for (let y = 0; y < h * GATHER; y++)
    for (let x = 0, i = y * width; x < w * GATHER; x++, i++) {
      const ink = 1 - expected.data[i]!;
      if (ink < 0.004) continue;
      const at = ((y / GATHER) | 0) * w + ((x / GATHER) | 0);
      both.data[at] = both.data[at]! + share * ink * Math.max(0, Math.min(1.2, 1 - seen.data[i]!));
      own.data[at] = own.data[at]! + share * ink * ink;
    }
  const r = Math.max(1, Math.round((INK_WINDOW_MM * scale) / GATHER / 2));
  const a = boxMean(both, r);
  const b = boxMean(own, r);
  const gain = plane(w, h);
  for (let i = 0; i < gain.data.length; i++) gain.data[i] = Math.max(INK_RANGE[0], Math.min(INK_RANGE[1], (a.data[i]! + 0.0015) / (b.data[i]! + 0.0015)));
  const out = plane(width, height, 1);
  for (let y = 0, i = 0; y < height; y++)
    for (let x = 0; x < width; x++, i++) if (expected.data[i]! < 0.999) out.data[i] = 1 - sampleAt(gain, (x + 0.5) / GATHER - 0.5, (y + 0.5) / GATHER - 0.5) * (1 - expected.data[i]!);
  return out;
}

/** A shift is never more than so many pixels a round: larger ones belong to registration, or to a difference. */
const MOST_SHIFT = 0.9;

/** Products of gradients are gathered over squares of so many pixels before windows are laid over them. */
const GATHER = 4;

/**
 * Least-squares shift of the photo over the expected page in windows of so many pixels (Lucas and Kanade 1981): wide
 * enough that a changed character cannot be explained away by moving it.
 */
function residualFlow(seen: Plane, expected: Plane, window: number): { dx: Plane; dy: Plane } {
  const { width, height } = seen;
  const w = Math.floor(width / GATHER);
  const h = Math.floor(height / GATHER);
  const [xx, xy, yy, xe, ye] = [0, 1, 2, 3, 4].map(() => plane(w, h)) as [Plane, Plane, Plane, Plane, Plane];
  const s = seen.data;
  const share = 1 / (GATHER * GATHER);
  for (let y = 1; y < Math.min(height - 1, h * GATHER); y++)
    for (let x = 1, i = y * width + 1; x < Math.min(width - 1, w * GATHER); x++, i++) {
      const a = (s[i + 1]! - s[i - 1]!) / 2;
      const b = (s[i + width]! - s[i - width]!) / 2;
      if (a * a + b * b < 1e-5) continue;
      const d = expected.data[i]! - s[i]!;
      // Where photo and page disagree in substance the gradient means nothing.
      const weight = (d > 0.35 || d < -0.35 ? 0.1 : 1) * share;
      const at = ((y / GATHER) | 0) * w + ((x / GATHER) | 0);
      xx.data[at] = xx.data[at]! + a * a * weight;
      xy.data[at] = xy.data[at]! + a * b * weight;
      yy.data[at] = yy.data[at]! + b * b * weight;
      xe.data[at] = xe.data[at]! + a * d * weight;
      ye.data[at] = ye.data[at]! + b * d * weight;
    }
  const r = Math.max(1, Math.round(window / GATHER / 2));
  const [mxx, mxy, myy, mxe, mye] = [xx, xy, yy, xe, ye].map((p) => boxMean(boxMean(p, r), Math.max(1, r >> 1))) as [Plane, Plane, Plane, Plane, Plane];
  const dx = plane(w, h);
  const dy = plane(w, h);
  for (let i = 0; i < w * h; i++) {
    // Without print there is nothing to shift by: the damping lets the shift fade to none.
    const a = mxx.data[i]! + 4e-5;
    const b = mxy.data[i]!;
    const c = myy.data[i]! + 4e-5;
    const det = a * c - b * b;
    dx.data[i] = Math.max(-MOST_SHIFT, Math.min(MOST_SHIFT, (c * mxe.data[i]! - b * mye.data[i]!) / det));
    dy.data[i] = Math.max(-MOST_SHIFT, Math.min(MOST_SHIFT, (a * mye.data[i]! - b * mxe.data[i]!) / det));
  }
  return { dx, dy };
}

/** The picture moved by shifts that are given for squares of GATHER pixels. */
function shifted(p: Plane, dx: Plane, dy: Plane): Plane {
  const out = plane(p.width, p.height);
  for (let y = 0, i = 0; y < p.height; y++)
    for (let x = 0; x < p.width; x++, i++) {
      const fx = (x + 0.5) / GATHER - 0.5;
      const fy = (y + 0.5) / GATHER - 0.5;
      out.data[i] = sampleAt(p, x + sampleAt(dx, fx, fy), y + sampleAt(dy, fx, fy));
    }
  return out;
}
