/**
 * Which page of the approved document lies there, and which way up: the sheet is laid out coarsely in each possible
 * direction and held against each page, letting print sit a few millimetres off where the sheet's edges would have it.
 */
import { fromCorners, type PageMap } from './lens';
import type { Outline } from './outline';
import { blur, quantile, resized, type Plane } from './plane';
import { scatter } from './scatter';
import { warp } from './warp';

/** Pixels a millimetre of the coarse picture. */
const COARSE = 1.5;
/** How far print may sit off, mm: feeding tolerance of printers and of hands that lay paper on glass. */
const OFF_MM = 5;

/** A page made ready for comparison. */
export interface Candidate {
  number: number;
  widthMm: number;
  heightMm: number;
  /** Ink of the page, coarse. */
  coarse: Plane;
}

export async function candidate(page: { number: number; widthMm: number; heightMm: number; picture: Plane }): Promise<Candidate> {
  const small = await resized(page.picture, Math.round(page.widthMm * COARSE), Math.round(page.heightMm * COARSE));
  return { number: page.number, widthMm: page.widthMm, heightMm: page.heightMm, coarse: inked(small) };
}

export interface Location {
  page: number;
  /** Quarter turns, clockwise, by which the sheet lies off upright in the photo. */
  turned: number;
  map: PageMap;
  /** Correlation of the coarse prints, -1..1. */
  likeness: number;
  /** Print off the place where the sheet's edges expect it, mm. */
  offX: number;
  offY: number;
}

/** All pages in all directions, the most alike first. Empty: the sheet has another shape than every page. */
export function locate(grey: Plane, outline: Outline, candidates: readonly Candidate[]): Location[] {
  const found: Location[] = [];
  const laid = new Map<string, Plane | undefined>();
  for (const page of candidates) {
    const { widthMm: w, heightMm: h, coarse } = page;
    for (let turn = 0; turn < 4; turn++) {
      const map = mapOf(outline, w, h, turn);
      if (!map || !fits(outline, w, h, turn)) continue;
      const key = `${turn} ${w.toFixed(1)} ${h.toFixed(1)}`;
      if (!laid.has(key)) laid.set(key, inked(evened(warp(grey, map, coarse.width, coarse.height, COARSE))));
      const best = slide(laid.get(key)!, coarse, Math.round(OFF_MM * COARSE));
      const offX = best.dx / COARSE;
      const offY = best.dy / COARSE;
      found.push({ page: page.number, turned: turn, map: displaced(map, offX, offY), likeness: best.score, offX, offY });
    }
  }
  return found.sort((a, b) => b.likeness - a.likeness);
}

/** Corner number `turn` of the outline is the page's top left one. */
function mapOf(outline: Outline, w: number, h: number, turn: number): PageMap | undefined {
  const page = [[0, 0], [w, 0], [w, h], [0, h]] as const;
  const matrix = fromCorners(page, [0, 1, 2, 3].map((i) => outline.corners[(i + turn) % 4]!));
  return matrix && { h: matrix, lens: outline.lens };
}

/** Whether the sheet is about as long as the page in that direction: perspective stretches a little, a quarter turn a lot. */
function fits(outline: Outline, w: number, h: number, turn: number): boolean {
  const side = (i: number): number => {
    const a = outline.corners[(i + turn) % 4]!;
    const b = outline.corners[(i + turn + 1) % 4]!;
    return Math.hypot(a[0] - b[0], a[1] - b[1]);
  };
  const seen = (side(0) + side(2)) / (side(1) + side(3));
  const ratio = seen / (w / h);
  return ratio > 0.85 && ratio < 1.18;
}

/** The same map for a page whose print lies (x, y) mm farther. */
export function displaced(map: PageMap, x: number, y: number): PageMap {
  const [a, b, c, d, e, f, g, h, i] = map.h;
  const moved = [a, b, a * x + b * y + c, d, e, d * x + e * y + f, g, h, g * x + h * y + i];
  const last = moved[8]!;
  return { h: moved.map((v) => v / last) as unknown as PageMap['h'], lens: map.lens };
}

/** Print alone, softened so that a pixel's shift does not matter. */
function inked(p: Plane): Plane {
  const soft = blur(p, 0.7);
  for (let i = 0; i < soft.data.length; i++) soft.data[i] = 1 - soft.data[i]!;
  return soft;
}

/** Roughly evened by the brightest paper around; enough for a coarse look. */
function evened(p: Plane): Plane {
  const cell = 14;
  const cols = Math.ceil(p.width / cell);
  const rows = Math.ceil(p.height / cell);
  const white = new Float32Array(cols * rows);
  for (let j = 0; j < rows; j++)
    for (let i = 0; i < cols; i++) {
      const values: number[] = [];
      for (let y = Math.max(0, (j - 1) * cell); y < Math.min(p.height, (j + 2) * cell); y += 2)
        for (let x = Math.max(0, (i - 1) * cell); x < Math.min(p.width, (i + 2) * cell); x += 2) values.push(p.data[y * p.width + x]!);
      white[j * cols + i] = Math.max(0.05, quantile(values, 0.85));
    }
  const out = { width: p.width, height: p.height, data: new Float32Array(p.data.length) };
  for (let y = 0; y < p.height; y++) for (let x = 0; x < p.width; x++) out.data[y * p.width + x] = Math.min(1.1, p.data[y * p.width + x]! / white[((y / cell) | 0) * cols + ((x / cell) | 0)]!);
  return out;
}

function slide(seen: Plane, page: Plane, reach: number): { dx: number; dy: number; score: number } {
  const { width, height } = page;
  let best = { dx: 0, dy: 0, score: -1 };
  const edge = reach + 2;
  const scoreAt = (dx: number, dy: number, step: number): number => {
    const x = edge + (edge % step);
    const { count, one, other, both } = scatter({ data: page.data, from: edge * width + x, stride: width }, { data: seen.data, from: (edge + dy) * width + x + dx, stride: width }, width - edge - x, height - 2 * edge, step);
    return one < 1e-4 * count || other < 1e-5 * count ? 0 : both / Math.sqrt(one * other);
  };
  for (let dy = -reach; dy <= reach; dy++) for (let dx = -reach; dx <= reach; dx++) {
    const score = scoreAt(dx, dy, 3);
    if (score > best.score) best = { dx, dy, score };
  }
  return { ...best, score: scoreAt(best.dx, best.dy, 1) };
}
