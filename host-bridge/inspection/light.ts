/** Light over the page, taken from its own blank paper, so that a photo becomes shares of white (1) whatever the lamp. */
import { solve } from './lens';
import { bilinear, plane, quantile, type Plane } from './plane';

/** Side of a cell on which light is measured, mm. */
const CELL_MM = 6;
/** Bare paper is this bright on the approved page, shares of white; where a page has hardly any, tints must do. */
const BARE = 0.93;
const TINTED = 0.55;
/** With fewer cells than this share on bare paper, tints are measured on as well: their light is that of the ink, too. */
const ENOUGH = 0.3;

export interface Light {
  field: Plane;
  /** Scatter of the evened photo on flat paper: noise of camera and compression, as a standard deviation. */
  noise: number;
  /** Share of the page's cells (0..1) that are burnt out (glare), and that are too dark to tell print from paper. */
  glare: number;
  dark: number;
  /** Cells that glare hides, in mm of the page: x, y, width, height. */
  glareCells: { x: number; y: number; width: number; height: number }[];
}

/**
 * @param seen the photo as the page lies, @param reference the approved page of the same size (1 is white),
 * @param scale pixels a millimetre
 */
export function measureLight(seen: Plane, reference: Plane, scale: number): Light {
  const bare = measureOn(seen, reference, scale, BARE);
  return bare.known >= ENOUGH ? bare : measureOn(seen, reference, scale, TINTED);
}

function measureOn(seen: Plane, reference: Plane, scale: number, least: number): Light & { known: number } {
  const { width, height } = seen;
  const cell = Math.max(8, Math.round(CELL_MM * scale));
  const cols = Math.ceil(width / cell);
  const rows = Math.ceil(height / cell);
  const flat = flatMask(reference, Math.max(1, Math.round(0.7 * scale)), least);
  let known = 0;
  const values = new Float64Array(cols * rows).fill(NaN);
  const scatter: number[] = [];
  let glare = 0;
  let dark = 0;
  const glareCells: Light['glareCells'] = [];
  for (let j = 0; j < rows; j++)
    for (let i = 0; i < cols; i++) {
      const found: number[] = [];
      const steps: number[] = [];
      let burnt = 0;
      let count = 0;
      const margin = Math.round(1.2 * scale);
      for (let y = Math.max(margin, j * cell); y < Math.min(height - margin, (j + 1) * cell); y += 3)
        for (let x = Math.max(margin, i * cell); x < Math.min(width - margin, (i + 1) * cell); x += 3) {
          const at = y * width + x;
          count++;
          if (seen.data[at]! > 0.992) burnt++;
          if (flat[at] === 0) continue;
          found.push(seen.data[at]! / reference.data[at]!);
          if (flat[at + 1] === 1) steps.push(Math.abs(seen.data[at + 1]! - seen.data[at]!));
        }
      if (count > 20 && burnt > 0.3 * count) {
        glare++;
        glareCells.push({ x: (i * cell) / scale, y: (j * cell) / scale, width: cell / scale, height: cell / scale });
      }
      if (found.length < 24) continue;
      known++;
      const value = quantile(found, 0.5);
      values[j * cols + i] = value;
      if (value < 0.16) dark++;
      if (steps.length > 20) scatter.push(quantile(steps, 0.5) / 0.954 / Math.max(0.05, value));
    }
  const { trend, left } = surface(values, cols, rows);
  const field = spread(width, height, (x, y) => {
    const fx = (x + 0.5) / cell - 0.5;
    const fy = (y + 0.5) / cell - 0.5;
    return Math.max(0.02, trend(fx, fy) * bilinear(left, cols, rows, fx, fy));
  });
  return { known: known / (cols * rows), field, noise: scatter.length > 0 ? quantile(scatter, 0.5) : 0.02, glare: glare / (cols * rows), dark: dark / (cols * rows), glareCells };
}

/** 1 where the approved page is even and bright for so many pixels around. */
function flatMask(reference: Plane, radius: number, least: number): Uint8Array {
  const { width, height, data } = reference;
  const rough = new Uint8Array(width * height).fill(1);
  for (let y = 1; y < height - 1; y++)
    for (let x = 1; x < width - 1; x++) {
      const i = y * width + x;
      const v = data[i]!;
      if (v < least || Math.abs(data[i + 1]! - data[i - 1]!) > 0.03 || Math.abs(data[i + width]! - data[i - width]!) > 0.03) rough[i] = 0;
    }
  // A running count along rows, then along columns: flat where no pixel within reach is not.
  const rows = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    let bad = 0;
    for (let x = -radius; x < width; x++) {
      if (x + radius < width && rough[y * width + x + radius] === 0) bad++;
      if (x - radius - 1 >= 0 && rough[y * width + x - radius - 1] === 0) bad--;
      if (x >= 0 && bad === 0) rows[y * width + x] = 1;
    }
  }
  const out = new Uint8Array(width * height);
  const bad = new Int32Array(width);
  for (let y = -radius; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (y + radius < height && rows[(y + radius) * width + x] === 0) bad[x] = bad[x]! + 1;
      if (y - radius - 1 >= 0 && rows[(y - radius - 1) * width + x] === 0) bad[x] = bad[x]! - 1;
      if (y >= 0 && bad[x] === 0) out[y * width + x] = 1;
    }
  }
  return out;
}

/** A slowly changing value over the page: worked out every 8 pixels, bilinear between. */
function spread(width: number, height: number, at: (x: number, y: number) => number): Plane {
  const step = 8;
  const cols = Math.ceil(width / step) + 1;
  const rows = Math.ceil(height / step) + 1;
  const knots = new Float64Array(cols * rows);
  for (let j = 0; j < rows; j++) for (let i = 0; i < cols; i++) knots[j * cols + i] = at(i * step, j * step);
  const out = plane(width, height);
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) out.data[y * width + x] = bilinear(knots, cols, rows, x / step, y / step);
  return out;
}

/** Terms of the trend: all x^p y^q of degree 4 and less. */
const TERMS = [...Array(5).keys()].flatMap((p) => [...Array(5 - p).keys()].map((q) => [p, q] as const));

/**
 * Light as a smooth trend over the page (lamp and lens) times what is left of it cell by cell. Cells without a
 * measurement follow the trend; each is held to the median around it, so that a stain is not light.
 */
function surface(values: Float64Array, cols: number, rows: number): { trend: (i: number, j: number) => number; left: Float64Array } {
  const known = [...values.keys()].filter((at) => !Number.isNaN(values[at]!));
  const middle = known.length > 0 ? quantile(known.map((at) => values[at]!), 0.5) : 1;
  const basis = (i: number, j: number): number[] => {
    const x = (2 * (i + 0.5)) / cols - 1;
    const y = (2 * (j + 0.5)) / rows - 1;
    return TERMS.map(([p, q]) => x ** p * y ** q);
  };
  const n = TERMS.length;
  let weights: Float64Array | undefined;
  for (let round = 0; round < 5 && known.length >= 2 * n; round++) {
    const a = new Float64Array(n * n);
    const b = new Float64Array(n);
    const last = weights;
    for (const at of known) {
      const t = basis(at % cols, (at / cols) | 0);
      const off = last ? (values[at]! - t.reduce((sum, v, k) => sum + v * last[k]!, 0)) / (0.03 * middle) : 0;
      const weight = 1 / (1 + off * off);
      for (let k = 0; k < n; k++) {
        b[k] = b[k]! + weight * t[k]! * values[at]!;
        for (let m = 0; m < n; m++) a[k * n + m] = a[k * n + m]! + weight * t[k]! * t[m]!;
      }
    }
    // A little stiffness: where few cells are known the higher terms stay small.
    for (let k = 1; k < n; k++) a[k * n + k] = a[k * n + k]! + 0.02 * (TERMS[k]![0] + TERMS[k]![1]);
    weights = solve(a, b, n) ?? weights;
  }
  const found = weights;
  const trend = (i: number, j: number): number => (found ? Math.max(0.1 * middle, basis(i, j).reduce((sum, v, k) => sum + v * found[k]!, 0)) : middle);
  const ratio = values.map((v, at) => (Number.isNaN(v) ? 1 : v / trend(at % cols, (at / cols) | 0)));
  const held = ratio.map((value, at) => {
    const around = quantile(neighbours(ratio, cols, rows, at % cols, (at / cols) | 0, 2), 0.5);
    return Math.max(0.94 * around, Math.min(1.06 * around, value));
  });
  const left = held.map((_, at) => {
    const around = neighbours(held, cols, rows, at % cols, (at / cols) | 0, 1);
    return 0.4 * held[at]! + (0.6 * around.reduce((x, y) => x + y, 0)) / around.length;
  });
  return { trend, left };
}

function neighbours(values: Float64Array, cols: number, rows: number, i: number, j: number, reach: number): number[] {
  const out: number[] = [];
  for (let y = Math.max(0, j - reach); y <= Math.min(rows - 1, j + reach); y++)
    for (let x = Math.max(0, i - reach); x <= Math.min(cols - 1, i + reach); x++) {
      out.push(values[y * cols + x]!);
    }
  return out;
}
