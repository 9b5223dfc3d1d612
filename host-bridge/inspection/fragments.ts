/**
 * Fragments of one stroke over the edges of several sheets (骑缝章), laid together again (F6). Each sheet shows a strip of
 * the impression, too little to be told from others by itself; but all lie under one stroke, so they share its turn.
 */
import { GRADES, MASK, redBoxes, type Sample } from './impression';
import { blur, pooled, resized, sampleAt, type Plane } from './plane';
import type { Box } from './text';

export interface Fragment extends Box {
  /** Which of the sheets, from 0. */
  sheet: number;
  /** Middle of the whole impression, mm on this sheet (it may lie beside it), and its turn, degrees clockwise. */
  centreX: number;
  centreY: number;
  angle: number;
  /** Correlation with the sample where this sheet shows it, -1..1. */
  likeness: number;
  /** Share of the sample's relief that is on this sheet. */
  share: number;
  /** The sample at MASK pixels a mm: 1 where this sheet has its ink. */
  mask: Uint8Array;
}

export interface Assembled {
  fragments: Fragment[];
  /** Shares of the sample's relief: on one of the sheets at least, and on more than one, which of one stroke nothing can be. */
  complete: number;
  twice: number;
}

/** One sheet: how red it is, pixels a mm, and its size. */
export interface RedSheet {
  red: Plane;
  scale: number;
}

/** Each seam hides a millimetre and a half of each sheet's edge, which is not looked at. */
export const TOGETHER = { complete: 0.75, twice: 0.12, likeness: 0.35 } as const;

/** Around a fragment, mm: ground beside the ink tells as much as the ink. */
const AROUND_MM = 1.5;
/** Sheets lie parallel to this, degrees. */
const PARALLEL = 3;
const COARSE = { scale: 1.25, step: 1.6, turn: 4 } as const;

interface Fit {
  x: number;
  y: number;
  angle: number;
  score: number;
}

/** What is compared: spots of the sheet in and around the fragment, with their redness. */
interface Spots {
  x: Float32Array;
  y: Float32Array;
  v: Float32Array;
}

function spotsOf({ red, scale }: RedSheet, box: Box, at: number): Spots {
  const f = Math.max(1, Math.round(scale / at));
  const small = pooled(red, f);
  const s = scale / f;
  const [x0, y0] = [Math.max(0, Math.floor((box.x - AROUND_MM) * s)), Math.max(0, Math.floor((box.y - AROUND_MM) * s))];
  const [x1, y1] = [Math.min(small.width, Math.ceil((box.x + box.width + AROUND_MM) * s)), Math.min(small.height, Math.ceil((box.y + box.height + AROUND_MM) * s))];
  const n = Math.max(0, x1 - x0) * Math.max(0, y1 - y0);
  const out: Spots = { x: new Float32Array(n), y: new Float32Array(n), v: new Float32Array(n) };
  let i = 0;
  for (let y = y0; y < y1; y++) for (let x = x0; x < x1; x++, i++) [out.x[i], out.y[i], out.v[i]] = [(x + 0.5) / s, (y + 0.5) / s, small.data[y * small.width + x]!];
  return out;
}

/** Correlation of the spots with the sample laid at a fit; beside the sample there is no ink. */
function score(spots: Spots, template: Plane, s: number, fit: Pick<Fit, 'x' | 'y' | 'angle'>): number {
  const [c, n] = [Math.cos((fit.angle * Math.PI) / 180), Math.sin((fit.angle * Math.PI) / 180)];
  const [hw, hh] = [template.width / 2, template.height / 2];
  let [a, b, aa, bb, ab] = [0, 0, 0, 0, 0];
  const count = spots.v.length;
  for (let i = 0; i < count; i++) {
    const [dx, dy] = [spots.x[i]! - fit.x, spots.y[i]! - fit.y];
    const u = (c * dx + n * dy) * s + hw - 0.5;
    const v = (-n * dx + c * dy) * s + hh - 0.5;
    const t = u < 0 || v < 0 || u > template.width - 1 || v > template.height - 1 ? 0 : sampleAt(template, u, v);
    const r = spots.v[i]!;
    a += t;
    b += r;
    aa += t * t;
    bb += r * r;
    ab += t * r;
  }
  return (count * ab - a * b) / Math.sqrt(Math.max(1e-9, (count * aa - a * a) * (count * bb - b * b)));
}

async function templateOf(sample: Sample, s: number): Promise<Plane> {
  return blur(await resized(sample.relief, Math.round(sample.widthMm * s), Math.round(sample.heightMm * s)), 0.25 * s);
}

function best(spots: Spots, template: Plane, s: number, from: Fit, by: { mm: number; step: number; degrees: number; turn: number }): Fit {
  let out: Fit = { ...from, score: -1 };
  for (let angle = from.angle - by.degrees; angle <= from.angle + by.degrees + 1e-9; angle += by.turn)
    for (let dy = -by.mm; dy <= by.mm + 1e-9; dy += by.step)
      for (let dx = -by.mm; dx <= by.mm + 1e-9; dx += by.step) {
        const fit = { x: from.x + dx, y: from.y + dy, angle, score: 0 };
        fit.score = score(spots, template, s, fit);
        if (fit.score > out.score) out = fit;
      }
  return out;
}

/**
 * Lays the strips of several sheets together.
 * @param sheets in any order; of each the widest red strip counts
 */
export async function assemble(sheets: readonly RedSheet[], sample: Sample): Promise<Assembled> {
  const template = await templateOf(sample, COARSE.scale);
  const strips = sheets.flatMap((sheet, number) => {
    const box = stripOf(sheet, sample);
    return box ? [{ sheet, number, box, spots: spotsOf(sheet, box, COARSE.scale) }] : [];
  });
  // Of every turn the best place of each strip; the turn that suits them all is the stroke's.
  const half = Math.max(sample.widthMm, sample.heightMm) / 2;
  let turn: { angle: number; fits: Fit[]; sum: number } | undefined;
  for (let angle = -180; angle < 180; angle += COARSE.turn) {
    const fits = strips.map(({ spots, box }) => best(spots, template, COARSE.scale, { x: box.x + box.width / 2, y: box.y + box.height / 2, angle, score: -1 }, { mm: half, step: COARSE.step, degrees: 0, turn: 1 }));
    // A wide strip tells more of the turn than a thin one.
    const sum = fits.reduce((total, fit, i) => total + fit.score * Math.sqrt(strips[i]!.spots.v.length), 0);
    if (!turn || sum > turn.sum) turn = { angle, fits, sum };
  }
  const fine = 3;
  const sharp = await templateOf(sample, fine);
  const columns = Math.round(sample.widthMm * MASK);
  const rows = Math.round(sample.heightMm * MASK);
  const small = await templateOf(sample, MASK);
  const relief = small.data.map((v) => (v > 0.6 ? 1 : 0));
  const all = relief.reduce((sum, v) => sum + v, 0) || 1;
  const fragments = strips.map(({ sheet, number, box }, i): Fragment => {
    const spots = spotsOf(sheet, box, fine);
    const near = best(spots, sharp, fine, turn!.fits[i]!, { mm: 1.2, step: 0.6, degrees: PARALLEL, turn: 1.5 });
    const fit = best(spots, sharp, fine, near, { mm: 0.4, step: 0.2, degrees: 0.8, turn: 0.4 });
    const mask = new Uint8Array(columns * rows);
    const [c, n] = [Math.cos((fit.angle * Math.PI) / 180), Math.sin((fit.angle * Math.PI) / 180)];
    const soft = blur(sheet.red, 0.2 * sheet.scale);
    for (let k = 0; k < mask.length; k++) {
      if (!relief[k]) continue;
      const [mx, my] = [((k % columns) + 0.5) / MASK - sample.widthMm / 2, (((k / columns) | 0) + 0.5) / MASK - sample.heightMm / 2];
      const [px, py] = [(fit.x + c * mx - n * my) * sheet.scale - 0.5, (fit.y + n * mx + c * my) * sheet.scale - 0.5];
      if (px >= 0 && py >= 0 && px <= soft.width - 1 && py <= soft.height - 1 && sampleAt(soft, px, py) > GRADES.red) mask[k] = 1;
    }
    return { sheet: number, ...box, centreX: fit.x, centreY: fit.y, angle: ((fit.angle + 540) % 360) - 180, likeness: fit.score, share: mask.reduce((sum, v) => sum + v, 0) / all, mask };
  });
  const good = fragments.filter((one) => one.likeness >= TOGETHER.likeness);
  let [once, more] = [0, 0];
  for (let k = 0; k < columns * rows; k++) {
    const on = good.filter((one) => one.mask[k]).length;
    if (on > 0) once++;
    if (on > 1) more++;
  }
  return { fragments, complete: once / all, twice: more / all };
}

/** The red of a sheet that can be a strip of the die: all of it within the die's size around the largest. */
function stripOf({ red, scale }: RedSheet, sample: Sample): Box | undefined {
  const boxes = redBoxes(red, scale);
  const [first] = boxes;
  if (!first) return undefined;
  const [x0, y0] = [first.x + first.width / 2 - sample.widthMm, first.y + first.height / 2 - sample.heightMm];
  const mine = boxes.filter((b) => b.x > x0 && b.y > y0 && b.x + b.width < x0 + 2 * sample.widthMm && b.y + b.height < y0 + 2 * sample.heightMm);
  const x = Math.min(...mine.map((b) => b.x));
  const y = Math.min(...mine.map((b) => b.y));
  return { x, y, width: Math.max(...mine.map((b) => b.x + b.width)) - x, height: Math.max(...mine.map((b) => b.y + b.height)) - y };
}
