/** How two pictures scatter together, over a window of each: what correlations and fits are made of. */

/** A window of a picture: its first value, and the length of a row. */
export interface Window {
  data: Float32Array;
  from: number;
  stride: number;
}

/** Sums of squares about the mean: of each picture, and of both together. */
export interface Scatter {
  /** Values taken of each. */
  count: number;
  one: number;
  other: number;
  both: number;
}

/** @param step every so many columns and rows count */
export function scatter(one: Window, other: Window, width: number, height: number, step = 1): Scatter {
  let [n, a, b, aa, bb, ab] = [0, 0, 0, 0, 0, 0];
  for (let y = 0; y < height; y += step) {
    const [i, k] = [one.from + y * one.stride, other.from + y * other.stride];
    for (let x = 0; x < width; x += step) {
      const p = one.data[i + x]!;
      const q = other.data[k + x]!;
      n++;
      a += p;
      b += q;
      aa += p * p;
      bb += q * q;
      ab += p * q;
    }
  }
  return { count: n, one: aa - (a * a) / n, other: bb - (b * b) / n, both: ab - (a * b) / n };
}
