/**
 * Where a spot of the page appears in the photo: a plane seen in perspective through a lens with one coefficient of
 * radial distortion (barrel), about the middle of the picture.
 *
 * Undistorted image coordinates: (u - width/2) / F, with F = the longer side in pixels, so that a lens keeps its number
 * whatever the resolution. Undistorted radius = r (1 + k r²), as the simulator's camera and the usual division of
 * labour (Brown 1966, first term) have it.
 */
export interface Lens {
  width: number;
  height: number;
  k: number;
}

/** Row by row; from (X, Y, 1) in page mm to the undistorted image. The last element is 1. */
export type Matrix3 = [number, number, number, number, number, number, number, number, number];

export interface PageMap {
  h: Matrix3;
  lens: Lens;
}

const focal = (lens: Lens): number => Math.max(lens.width, lens.height);

/** Pixel (centres at whole numbers) to undistorted coordinates. */
export function undistort(lens: Lens, u: number, v: number): [number, number] {
  const f = focal(lens);
  const x = (u + 0.5 - lens.width / 2) / f;
  const y = (v + 0.5 - lens.height / 2) / f;
  const k = 1 + lens.k * (x * x + y * y);
  return [x * k, y * k];
}

/** The other way; four rounds of the fixed point are exact to a thousandth of a pixel for the lenses we meet. */
export function distort(lens: Lens, xu: number, yu: number): [number, number] {
  let x = xu;
  let y = yu;
  for (let n = 0; n < 5; n++) {
    const k = 1 + lens.k * (x * x + y * y);
    x = xu / k;
    y = yu / k;
  }
  const f = focal(lens);
  return [x * f + lens.width / 2 - 0.5, y * f + lens.height / 2 - 0.5];
}

/** Page mm to photo pixels. */
export function project(map: PageMap, x: number, y: number): [number, number] {
  const h = map.h;
  const w = 1 / (h[6] * x + h[7] * y + h[8]);
  return distort(map.lens, (h[0] * x + h[1] * y + h[2]) * w, (h[3] * x + h[4] * y + h[5]) * w);
}

/** One observation: the spot (x, y) mm of the page is seen at pixel (u, v). */
export interface Pair {
  x: number;
  y: number;
  u: number;
  v: number;
}

/**
 * The map through at least four pairs, by Gauss-Newton over the eight numbers of the homography and, with `lens`, k;
 * far-off pairs lose their weight (Cauchy, scale in pixels). Starts from `start`.
 */
export function fit(pairs: readonly Pair[], start: PageMap, options: { lens: boolean; scale: number; rounds?: number }): PageMap {
  const n = options.lens ? 9 : 8;
  let map: PageMap = { h: [...start.h], lens: { ...start.lens } };
  for (let round = 0; round < (options.rounds ?? 8); round++) {
    const a = new Float64Array(n * n);
    const b = new Float64Array(n);
    const steps = stepsOf(map, n);
    for (const pair of pairs) {
      const [u, v] = project(map, pair.x, pair.y);
      const [du, dv] = [pair.u - u, pair.v - v];
      const weight = 1 / (1 + (du * du + dv * dv) / (options.scale * options.scale));
      const ju = new Float64Array(n);
      const jv = new Float64Array(n);
      for (let p = 0; p < n; p++) {
        const [u2, v2] = project(steps[p]!.map, pair.x, pair.y);
        ju[p] = (u2 - u) / steps[p]!.step;
        jv[p] = (v2 - v) / steps[p]!.step;
      }
      for (let i = 0; i < n; i++) {
        b[i] = b[i]! + weight * (ju[i]! * du + jv[i]! * dv);
        for (let j = 0; j < n; j++) a[i * n + j] = a[i * n + j]! + weight * (ju[i]! * ju[j]! + jv[i]! * jv[j]!);
      }
    }
    const delta = solve(a, b, n);
    if (!delta) break;
    map = moved(map, delta);
  }
  return map;
}

/** Sizes at which the parameters change a pixel by much the same: mm stand against parts of the picture. */
const STEP = [1e-7, 1e-7, 1e-5, 1e-7, 1e-7, 1e-5, 1e-8, 1e-8, 1e-5];

function stepsOf(map: PageMap, n: number): { map: PageMap; step: number }[] {
  return Array.from({ length: n }, (_, p) => {
    const delta = new Float64Array(n);
    delta[p] = STEP[p]!;
    return { map: moved(map, delta), step: STEP[p]! };
  });
}

function moved(map: PageMap, delta: Float64Array): PageMap {
  const h = [...map.h] as Matrix3;
  for (let i = 0; i < 8; i++) h[i] = h[i]! + delta[i]!;
  return { h, lens: { ...map.lens, k: map.lens.k + (delta[8] ?? 0) } };
}

/** Gaussian elimination with pivoting and a touch of damping; undefined: singular. */
export function solve(a: Float64Array, b: Float64Array, n: number): Float64Array | undefined {
  const m = a.slice();
  const x = b.slice();
  for (let i = 0; i < n; i++) m[i * n + i] = m[i * n + i]! * (1 + 1e-9);
  for (let c = 0; c < n; c++) {
    let best = c;
    for (let r = c + 1; r < n; r++) if (Math.abs(m[r * n + c]!) > Math.abs(m[best * n + c]!)) best = r;
    if (Math.abs(m[best * n + c]!) < 1e-30) return undefined;
    if (best !== c) {
      for (let k = 0; k < n; k++) [m[c * n + k], m[best * n + k]] = [m[best * n + k]!, m[c * n + k]!];
      [x[c], x[best]] = [x[best]!, x[c]!];
    }
    for (let r = c + 1; r < n; r++) {
      const f = m[r * n + c]! / m[c * n + c]!;
      if (f === 0) continue;
      for (let k = c; k < n; k++) m[r * n + k] = m[r * n + k]! - f * m[c * n + k]!;
      x[r] = x[r]! - f * x[c]!;
    }
  }
  for (let r = n - 1; r >= 0; r--) {
    let sum = x[r]!;
    for (let k = r + 1; k < n; k++) sum -= m[r * n + k]! * x[k]!;
    x[r] = sum / m[r * n + r]!;
  }
  return x.every(Number.isFinite) ? x : undefined;
}

/** The homography that takes four corners of the page (mm) to four undistorted spots; undefined: three lie on a line. */
export function fromCorners(page: readonly (readonly [number, number])[], seen: readonly (readonly [number, number])[]): Matrix3 | undefined {
  const a = new Float64Array(64);
  const b = new Float64Array(8);
  for (let i = 0; i < 4; i++) {
    const [x, y] = page[i]!;
    const [u, v] = seen[i]!;
    a.set([x, y, 1, 0, 0, 0, -u * x, -u * y], i * 16);
    a.set([0, 0, 0, x, y, 1, -v * x, -v * y], i * 16 + 8);
    b[2 * i] = u;
    b[2 * i + 1] = v;
  }
  const h = solve(a, b, 8);
  return h && ([...h, 1] as Matrix3);
}
