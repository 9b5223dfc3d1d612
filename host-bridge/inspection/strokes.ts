/**
 * Approved strokes that are not there. A decimal point is too small to stand out of what print and camera explain beside
 * an edge; but all of its ink is either there or not, and that can be asked of each connected stroke by itself.
 */
import type { Difference } from './differences';
import type { Model } from './model';
import { median, type Plane } from './plane';

/** Darker than this is a stroke of the approved page, shares of full ink. */
const INKED = 0.35;
/** Strokes of more millimetres (rules, frames) are judged by the difference maps, not as one. */
const LONGEST_MM = 14;
/** Least ink of a stroke that can be asked for, mm² of full black: a full stop of 8 points. */
export const LEAST_INK = 0.05;
/** Less of the expected ink than this is none: a share. */
export const PRESENT = 0.4;
/** The ink that should be there must rise so far above the noise. */
const RISE = 8;

export function missingStrokes(model: Model, reference: Plane, scale: number, skip?: Uint8Array): Difference[] {
  const { width, height } = reference;
  const seen = new Uint8Array(width * height);
  const noise = plainNoise(model);
  const out: Difference[] = [];
  const stack: number[] = [];
  for (let start = 0; start < seen.length; start++) {
    if (seen[start] || 1 - reference.data[start]! < INKED || skip?.[start]) continue;
    let [x0, y0, x1, y1, own, both, square] = [width, height, 0, 0, 0, 0, 0];
    let edge = false;
    seen[start] = 1;
    stack.push(start);
    while (stack.length > 0) {
      const at = stack.pop()!;
      const x = at % width;
      const y = (at / width) | 0;
      // Only the stroke's own pixels are asked: beside it stands other print, which is there.
      const e = 1 - model.expected.data[at]!;
      own += e;
      both += e * (1 - model.seen.data[at]!);
      square += e * e;
      if (skip?.[at]) edge = true;
      if (x < x0) x0 = x;
      if (x > x1) x1 = x;
      if (y < y0) y0 = y;
      if (y > y1) y1 = y;
      for (let dy = -1; dy <= 1; dy++)
        for (let dx = -1; dx <= 1; dx++) {
          const [nx, ny] = [x + dx, y + dy];
          if (nx < 0 || ny < 0 || nx >= width || ny >= height) continue;
          const next = ny * width + nx;
          if (seen[next] || 1 - reference.data[next]! < INKED) continue;
          seen[next] = 1;
          stack.push(next);
        }
    }
    if (edge || x1 - x0 > LONGEST_MM * scale || y1 - y0 > LONGEST_MM * scale) continue;
    const ink = own / (scale * scale);
    const share = both / square;
    if (ink < LEAST_INK || share >= PRESENT || (1 - share) * Math.sqrt(square) < RISE * noise) continue;
    out.push({ kind: 'missing', x: x0 / scale, y: y0 / scale, width: (x1 + 1 - x0) / scale, height: (y1 + 1 - y0) / scale, added: 0, missing: ink * (1 - share), strength: (1 - share) / (1 - PRESENT) });
  }
  return out;
}

/** Characters no larger than this are asked for one by one, mm each way: points, commas, colons. */
const SMALL_MM = 1.6;
/**
 * Less ink than this cannot be told from noise by itself, mm² of full black: a point of 0.15 mm, in print of 4 points. Of points with less
 * ink than the second the camera shows hardly a pixel: those must be gone more clearly.
 */
const LEAST_POINT = 0.014;
const FAINT_POINT = 0.025;
const PRESENT_FAINT = 0.25;

/**
 * Approved points and commas that are not there, by their places in the file: printed close to a digit they hang together
 * with it in the picture, and are no stroke of their own.
 */
export function missingPoints(model: Model, glyphs: readonly { char: string; x: number; y: number; width: number; height: number }[], scale: number, skip?: Uint8Array): Difference[] {
  const { width, height } = model.expected;
  const noise = plainNoise(model);
  const out: Difference[] = [];
  for (const g of glyphs) {
    if (g.char.trim() === '' || g.width > SMALL_MM || g.height > SMALL_MM) continue;
    let [own, both, square] = [0, 0, 0];
    let edge = false;
    for (let y = Math.max(0, Math.floor(g.y * scale)); y < Math.min(height, Math.ceil((g.y + g.height) * scale)); y++)
      for (let x = Math.max(0, Math.floor(g.x * scale)); x < Math.min(width, Math.ceil((g.x + g.width) * scale)); x++) {
        const at = y * width + x;
        const e = 1 - model.expected.data[at]!;
        own += e;
        both += e * (1 - model.seen.data[at]!);
        square += e * e;
        if (skip?.[at]) edge = true;
      }
    const ink = own / (scale * scale);
    const share = square > 0 ? both / square : 1;
    if (edge || ink < LEAST_POINT || share >= (ink < FAINT_POINT ? PRESENT_FAINT : PRESENT) || (1 - share) * Math.sqrt(square) < RISE * noise) continue;
    out.push({ kind: 'missing', x: g.x, y: g.y, width: g.width, height: g.height, added: 0, missing: ink * (1 - share), strength: (1 - share) / (1 - PRESENT) });
  }
  return out;
}

function plainNoise(model: Model): number {
  const values: number[] = [];
  for (let i = 0; i < model.rest.data.length; i += 31) if (model.steep.data[i]! < 0.01) values.push(Math.abs(model.rest.data[i]!));
  return values.length > 100 ? median(values) / 0.6745 : 0.02;
}
