/**
 * The impression on the page: where red paste lies, how it lies against the kept sample (留样), and how well it came out.
 *
 * The sample is the impression as approved, from a picture: red or dark on white, or opaque on nothing. Paste is known
 * by its colour: it takes green and blue light and leaves red; black print takes all three.
 */
import type { Laid } from './compare';
import { Problem } from '../common/errors';
import { INSPECTION } from './errors';
import type { Photo } from './photo';
import { blur, plane, pooled, quantile, resized, sampleAt, type Plane } from './plane';
import { around, meets, type Box } from './text';
import { warpColours } from './warp';

/** The kept sample: 1 where the relief inks. */
export interface Sample {
  relief: Plane;
  widthMm: number;
  heightMm: number;
}

export type Grade = 'good' | 'faint' | 'incomplete' | 'smeared' | 'foreign';

export interface FoundImpression extends Box {
  /** Middle on the page, mm, and turn against the sample, degrees clockwise. */
  centreX: number;
  centreY: number;
  angle: number;
  /** Correlation with the sample, -1..1. */
  likeness: number;
  /** Share of the sample's relief that left ink. */
  completeness: number;
  /** Ink beside the relief, as a share of all ink within the die's outline. */
  smear: number;
  /** Density of the film, share of full red. */
  ink: number;
  grade: Grade;
}

/** Pixels a millimetre at which strips of an impression are laid together (fragments.ts). */
export const MASK = 2;

/** Measured on the simulator's paste at forces 0.3 to 1.2: README.md. */
export const GRADES = { likeness: 0.45, completeness: 0.8, smear: 0.3, ink: 0.3, red: 0.15 } as const;

/** Less red than this is none: shares of white. */
const RED = 0.1;
/** Red spots closer than this belong together, mm; less of them, mm², is a speck. */
const TOGETHER_MM = 4;
const LEAST_MM2 = 6;

/** How red each spot of the page is, 0..1: what green and blue lack against red, lit evenly. */
export function redness(photo: Photo, laid: Laid): Plane {
  const { width, height } = laid.reference;
  const [r, g, b] = warpColours(photo, laid.map, width, height, laid.scale, laid.flow);
  // The lamp's own colour is that of the paper.
  const tint = [r, g, b].map((p) => quantile(pooled(p, 8).data.filter((_, i) => i % 3 === 0), 0.6));
  for (let i = 0; i < r.data.length; i++) {
    const red = r.data[i]! / tint[0]!;
    const rest = Math.max(g.data[i]! / tint[1]!, b.data[i]! / tint[2]!);
    const light = Math.max(0.05, laid.light.field.data[i]! / tint[1]!);
    r.data[i] = laid.skip[i] ? 0 : Math.max(0, Math.min(1, (red - rest) / light));
  }
  return r;
}

/** Boxes of what is red on the page, mm, largest first. */
export function redBoxes(red: Plane, scale: number): (Box & { areaMm2: number })[] {
  const f = Math.max(1, Math.round(scale / 2));
  const small = pooled(red, f);
  const s = scale / f;
  const reach = Math.max(1, Math.round((TOGETHER_MM * s) / 2));
  const spots: { x: number; y: number; value: number }[] = [];
  for (let y = 0; y < small.height; y++) for (let x = 0; x < small.width; x++) if (small.data[y * small.width + x]! > RED * 0.6) spots.push({ x, y, value: small.data[y * small.width + x]! });
  const label = new Int32Array(small.width * small.height);
  const at = new Map(spots.map((p) => [p.y * small.width + p.x, p]));
  const groups: { x: number; y: number; value: number }[][] = [];
  for (const spot of spots) {
    if (label[spot.y * small.width + spot.x] !== 0) continue;
    const group: typeof spots = [];
    groups.push(group);
    const stack = [spot];
    label[spot.y * small.width + spot.x] = groups.length;
    while (stack.length > 0) {
      const one = stack.pop()!;
      group.push(one);
      for (let dy = -2 * reach; dy <= 2 * reach; dy++) for (let dx = -2 * reach; dx <= 2 * reach; dx++) {
        const key = (one.y + dy) * small.width + one.x + dx;
        const next = one.x + dx < 0 || one.x + dx >= small.width ? undefined : at.get(key);
        if (!next || label[key] !== 0) continue;
        label[key] = groups.length;
        stack.push(next);
      }
    }
  }
  return groups
    .map((group) => ({ ...around(group.map(({ x, y }) => ({ x: x / s, y: y / s, width: 1 / s, height: 1 / s }))), areaMm2: group.length / (s * s) }))
    .filter((box) => box.areaMm2 >= LEAST_MM2)
    .sort((a, b) => b.areaMm2 - a.areaMm2);
}

/** Size of a seal, mm, as its card says it. */
export interface SealSize {
  widthMm: number;
  heightMm: number;
}

/**
 * @param size dots an inch of the picture; or the seal's own size, where its relief fills it and what stands around is margin, at whatever resolution
 * @throws PHOTO_UNREADABLE where it is no picture, or has no relief
 */
export async function readSample(data: Buffer, size: number | SealSize = 300): Promise<Sample> {
  const { default: sharp } = await import('sharp');
  let raw: { data: Buffer; info: { width: number; height: number } };
  try {
    raw = await sharp(data, { limitInputPixels: 16_000_000 }).toColourspace('srgb').ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  } catch (error) {
    throw new Problem(INSPECTION.PHOTO_UNREADABLE, { detail: 'sample', cause: error });
  }
  const { width, height } = raw.info;
  const relief = plane(width, height);
  // Opaque on nothing, or coloured on white: ink is what green does not come through.
  for (let i = 0; i < relief.data.length; i++) relief.data[i] = (raw.data[4 * i + 3]! / 255) * (1 - raw.data[4 * i + 1]! / 255);
  const most = quantile(relief.data.filter((v) => v > 0.05), 0.7) || 1;
  for (let i = 0; i < relief.data.length; i++) relief.data[i] = Math.min(1, relief.data[i]! / most);
  return typeof size === 'number' ? { relief, widthMm: (width / size) * 25.4, heightMm: (height / size) * 25.4 } : { relief: trimmed(relief), ...size };
}

/** A row or a column with less relief than this share of it is margin with dust. */
const DUST = 0.004;

/** The relief without the margins of its picture. */
function trimmed(relief: Plane): Plane {
  const { width, height, data } = relief;
  const [columns, rows] = [new Float32Array(width), new Float32Array(height)];
  for (let y = 0, i = 0; y < height; y++) for (let x = 0; x < width; x++, i++) if (data[i]! > 0.5) [columns[x], rows[y]] = [columns[x]! + 1, rows[y]! + 1];
  const inked = (counts: Float32Array, of: number): [number, number] => [counts.findIndex((n) => n > DUST * of), counts.findLastIndex((n) => n > DUST * of) + 1];
  const [[x0, x1], [y0, y1]] = [inked(columns, height), inked(rows, width)];
  if (x1 - x0 < 2 || y1 - y0 < 2) throw new Problem(INSPECTION.PHOTO_UNREADABLE, 'sample');
  const out = plane(x1 - x0, y1 - y0);
  for (let y = 0; y < out.height; y++) out.data.set(data.subarray((y0 + y) * width + x0, (y0 + y) * width + x1), y * out.width);
  return out;
}

/** Print of the approved page takes what is red so far around it, mm: a letterhead in red (红头) is no impression. */
const PRINT_MM = 0.7;
/** Brightness of the approved page below which it is print there. */
const PRINT = 0.85;

/** What is red on the page, where the approved page has nothing. */
function beside(red: Plane, { reference, scale }: Laid): Plane {
  const { width, height } = red;
  const reach = Math.max(1, Math.round(PRINT_MM * scale));
  const print = new Uint8Array(width * height);
  // Along the rows, then along the columns: how far the last print is behind, from either side.
  for (let y = 0; y < height; y++) spread(width, reach, (x) => reference.data[y * width + x]! < PRINT, (x) => (print[y * width + x] = 1));
  const rows = print.slice();
  for (let x = 0; x < width; x++) spread(height, reach, (y) => rows[y * width + x] === 1, (y) => (print[y * width + x] = 1));
  const out = plane(width, height);
  for (let i = 0; i < out.data.length; i++) out.data[i] = print[i] === 1 ? 0 : red.data[i]!;
  return out;
}

function spread(length: number, reach: number, is: (i: number) => boolean, mark: (i: number) => void): void {
  for (const back of [false, true]) {
    let left = 0;
    for (let n = 0; n < length; n++) {
      const i = back ? length - 1 - n : n;
      left = is(i) ? reach + 1 : left - 1;
      if (left > 0) mark(i);
    }
  }
}

/** Every impression on the page, held against the sample; red print of the approved page is none. */
export async function findImpressions(photo: Photo, laid: Laid, sample: Sample): Promise<FoundImpression[]> {
  const red = redness(photo, laid);
  const bare = redBoxes(beside(red, laid), laid.scale);
  const out: FoundImpression[] = [];
  for (const box of redBoxes(red, laid.scale)) {
    if (!bare.some((one) => meets(one, box))) continue;
    // What lies within an impression that is known (a star in a ring) is a part of it.
    if (out.some((one) => one.grade !== 'foreign' && Math.hypot(box.x + box.width / 2 - one.centreX, box.y + box.height / 2 - one.centreY) < Math.max(sample.widthMm, sample.heightMm) / 2)) continue;
    out.push(await held(red, laid.scale, box, sample));
  }
  return out;
}

/** Names of the boxes that an impression lies on. */
export function covering<T extends Box>(impression: FoundImpression, boxes: readonly T[]): T[] {
  return boxes.filter((box) => meets(impression, box));
}

interface Fit { x: number; y: number; angle: number; score: number }

async function held(red: Plane, scale: number, box: Box, sample: Sample): Promise<FoundImpression> {
  const coarse = 1.6;
  const fine = Math.min(scale, 4);
  const start: Fit = { x: box.x + box.width / 2, y: box.y + box.height / 2, angle: 0, score: -1 };
  // An impression that is cut off has its middle elsewhere: its box may be smaller than the die by much.
  const loose = Math.max(2, sample.widthMm - box.width, sample.heightMm - box.height) / 2 + 2;
  const first = await search(red, scale, sample, coarse, start, { mm: Math.min(loose, 14), step: 1, degrees: 180, turn: 4 });
  const second = await search(red, scale, sample, coarse, first, { mm: 1.2, step: 0.4, degrees: 4, turn: 1 });
  const fit = await search(red, scale, sample, fine, second, { mm: 0.4, step: 0.2, degrees: 0.8, turn: 0.4 });
  const measured = await measure(red, scale, sample, fine, fit);
  return { ...box, centreX: fit.x, centreY: fit.y, angle: ((fit.angle + 540) % 360) - 180, likeness: fit.score, ...measured, grade: gradeOf(fit.score, measured) };
}

function gradeOf(likeness: number, m: { completeness: number; smear: number; ink: number }): Grade {
  if (likeness < GRADES.likeness) return 'foreign';
  if (m.completeness < GRADES.completeness) return m.ink < GRADES.ink ? 'faint' : 'incomplete';
  if (m.smear > GRADES.smear) return 'smeared';
  return m.ink < GRADES.ink ? 'faint' : 'good';
}

/** The page's red around a fit, laid out as the sample lies. */
function cut(red: Plane, scale: number, width: number, height: number, s: number, fit: Fit, into: Float32Array): void {
  const [c, n] = [Math.cos((fit.angle * Math.PI) / 180), Math.sin((fit.angle * Math.PI) / 180)];
  for (let y = 0, i = 0; y < height; y++)
    for (let x = 0; x < width; x++, i++) {
      const [mx, my] = [(x + 0.5 - width / 2) / s, (y + 0.5 - height / 2) / s];
      const px = (fit.x + c * mx - n * my) * scale - 0.5;
      const py = (fit.y + n * mx + c * my) * scale - 0.5;
      into[i] = px < 0 || py < 0 || px > red.width - 1 || py > red.height - 1 ? 0 : sampleAt(red, px, py);
    }
}

async function search(red: Plane, scale: number, sample: Sample, s: number, from: Fit, by: { mm: number; step: number; degrees: number; turn: number }): Promise<Fit> {
  const f = Math.max(1, Math.floor(scale / s));
  const source = f === 1 ? red : pooled(red, f);
  const width = Math.round(sample.widthMm * s);
  const height = Math.round(sample.heightMm * s);
  const template = blur(await resized(sample.relief, width, height), 0.6);
  const mean = template.data.reduce((a, b) => a + b, 0) / template.data.length;
  let square = 0;
  for (const v of template.data) square += (v - mean) ** 2;
  const seen = new Float32Array(width * height);
  let best = { ...from, score: -1 };
  for (let angle = -by.degrees; angle < by.degrees + 1e-9; angle += by.turn)
    for (let dy = -by.mm; dy <= by.mm + 1e-9; dy += by.step)
      for (let dx = -by.mm; dx <= by.mm + 1e-9; dx += by.step) {
        const fit = { x: from.x + dx, y: from.y + dy, angle: from.angle + angle, score: 0 };
        cut(source, scale / f, width, height, s, fit, seen);
        let [sum, own, both] = [0, 0, 0];
        for (let i = 0; i < seen.length; i++) {
          const v = seen[i]!;
          sum += v;
          own += v * v;
          both += v * template.data[i]!;
        }
        fit.score = (both - sum * mean) / Math.sqrt(Math.max(1e-9, square * (own - (sum * sum) / seen.length)));
        if (fit.score > best.score) best = fit;
      }
  return best;
}

/** Relief and ground are judged a little inside of their edges: paste is squeezed out by as much. */
async function measure(red: Plane, scale: number, sample: Sample, s: number, fit: Fit): Promise<Pick<FoundImpression, 'completeness' | 'smear' | 'ink'>> {
  const width = Math.round(sample.widthMm * s);
  const height = Math.round(sample.heightMm * s);
  const template = blur(await resized(sample.relief, width, height), 0.25 * s);
  const seen = plane(width, height);
  cut(red, scale, width, height, s, fit, seen.data);
  const soft = blur(seen, 0.2 * s);
  const film: number[] = [];
  let [inked, relief, beside, all] = [0, 0, 0, 0];
  for (let i = 0; i < soft.data.length; i++) {
    const v = soft.data[i]!;
    if (template.data[i]! > 0.7) {
      relief++;
      if (v > GRADES.red) inked++;
      film.push(v);
    }
    if (v > GRADES.red) {
      all++;
      if (template.data[i]! < 0.08) beside++;
    }
  }
  return { completeness: relief > 0 ? inked / relief : 0, smear: all > 0 ? beside / all : 0, ink: quantile(film, 0.6) };
}
