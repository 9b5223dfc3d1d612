/** Differences that survive noise: where the photo has print that was not approved, or lacks print that was. */
import { blur, median, plane, pooled, type Plane } from './plane';
import type { Model } from './model';

export type DifferenceKind = 'added' | 'missing' | 'changed';

export interface Difference {
  kind: DifferenceKind;
  /** Box on the page, mm from its top left corner. */
  x: number;
  y: number;
  width: number;
  height: number;
  /** Ink too much and ink missing in the box: mm² of full black. */
  added: number;
  missing: number;
  /** How far beyond what print and camera explain, as a multiple of the threshold (1 and more). */
  strength: number;
}

export interface Thresholds {
  /** Softening before the look, mm: the width of a stroke. */
  stroke: number;
  /** Least difference on plain paper, shares of white. */
  floor: number;
  /** Multiples of the camera's own noise that are still noise. */
  noise: number;
  /** What registration and blur leave beside an edge: shares of the softened steepness. */
  edge: number;
  /** What printers differ in the darkness of print: shares of the softened ink. */
  ink: number;
  /** Least area of ink, mm² of full black, that is a difference. */
  mass: number;
}

/** Fine: characters. Broad: faint and wide things such as a watermark. Measured: see README.md. */
export const FINE: Thresholds = { stroke: 0.17, floor: 0.065, noise: 7, edge: 0.6, ink: 0.18, mass: 0.03 };
export const BROAD: Thresholds = { stroke: 0.8, floor: 0.024, noise: 9, edge: 0.25, ink: 0.38, mass: 0.5 };

/** What of a model the look needs. */
type Shown = Pick<Model, 'rest' | 'expected' | 'steep'>;

/** How far every spot is beyond what print and camera explain: 1 is the threshold; below zero is added ink. */
export function excess(model: Shown, scale: number, t: Thresholds): Plane {
  const sigma = t.stroke * scale;
  const rest = blur(model.rest, sigma);
  const ink = plane(rest.width, rest.height);
  for (let i = 0; i < ink.data.length; i++) ink.data[i] = 1 - model.expected.data[i]!;
  const softInk = blur(ink, sigma);
  const softSteep = blur(model.steep, sigma);
  const base = Math.max(t.floor, t.noise * grain(rest, model));
  for (let i = 0; i < rest.data.length; i++) rest.data[i] = rest.data[i]! / (base + t.edge * softSteep.data[i]! + t.ink * softInk.data[i]!);
  return rest;
}

/** Scatter of the softened rest on plain paper: camera noise and compression, as they come through the softening. */
function grain(rest: Plane, model: Shown): number {
  const values: number[] = [];
  const step = rest.data.length > 400_000 ? 29 : 3;
  for (let i = 0; i < rest.data.length; i += step) if (model.steep.data[i]! < 0.01) values.push(Math.abs(rest.data[i]!));
  return values.length > 100 ? median(values) / 0.6745 : 0.01;
}

function thinned(skip: Uint8Array, from: number, width: number, height: number, f: number): Uint8Array {
  const out = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) out[y * width + x] = skip[y * f * from + x * f]! | skip[(y * f + f - 1) * from + x * f + f - 1]!;
  return out;
}

/** What is hardly beyond the threshold must be larger to count. */
const WEAK = 1.25;

/** Boxes closer than this are one difference, mm. */
const JOIN_MM = 1.6;

/** Regions beyond the threshold, joined where they are near each other, strongest first. `skip` marks pixels that are not judged. */
export function findDifferences(whole: Model, fullScale: number, t: Thresholds, fullSkip?: Uint8Array): Difference[] {
  // Wide things need no fine picture.
  const coarser = Math.max(1, Math.floor((t.stroke * fullScale) / 1.2));
  const scale = fullScale / coarser;
  const model: Shown = coarser === 1 ? whole : { rest: pooled(whole.rest, coarser), expected: pooled(whole.expected, coarser), steep: pooled(whole.steep, coarser) };
  const skip = coarser === 1 || !fullSkip ? fullSkip : thinned(fullSkip, whole.rest.width, model.rest.width, model.rest.height, coarser);
  const beyond = excess(model, scale, t);
  const { width, height } = beyond;
  const label = new Int32Array(width * height);
  const boxes: { x0: number; y0: number; x1: number; y1: number; added: number; missing: number; strength: number }[] = [];
  const stack: number[] = [];
  for (let start = 0; start < label.length; start++) {
    if (label[start] !== 0 || Math.abs(beyond.data[start]!) < 1 || skip?.[start]) continue;
    const box = { x0: width, y0: height, x1: 0, y1: 0, added: 0, missing: 0, strength: 0 };
    boxes.push(box);
    label[start] = boxes.length;
    stack.push(start);
    while (stack.length > 0) {
      const at = stack.pop()!;
      const x = at % width;
      const y = (at / width) | 0;
      box.x0 = Math.min(box.x0, x);
      box.x1 = Math.max(box.x1, x);
      box.y0 = Math.min(box.y0, y);
      box.y1 = Math.max(box.y1, y);
      box.strength = Math.max(box.strength, Math.abs(beyond.data[at]!));
      const rest = model.rest.data[at]!;
      if (rest < 0) box.added -= rest;
      else box.missing += rest;
      for (const next of [x > 0 ? at - 1 : -1, x < width - 1 ? at + 1 : -1, y > 0 ? at - width : -1, y < height - 1 ? at + width : -1]) {
        // Down to six tenths of the threshold what hangs together belongs together.
        if (next < 0 || label[next] !== 0 || Math.abs(beyond.data[next]!) < 0.6 || skip?.[next]) continue;
        label[next] = boxes.length;
        stack.push(next);
      }
    }
  }
  const area = 1 / (scale * scale);
  const kept = boxes.filter((box) => (box.added + box.missing) * area >= t.mass * 0.5);
  return joined(kept, JOIN_MM * scale)
    .map((box): Difference => {
      const added = box.added * area;
      const missing = box.missing * area;
      return {
        kind: added > 4 * missing ? 'added' : missing > 4 * added ? 'missing' : 'changed',
        x: box.x0 / scale, y: box.y0 / scale, width: (box.x1 + 1 - box.x0) / scale, height: (box.y1 + 1 - box.y0) / scale,
        added, missing, strength: box.strength,
      };
    })
    .filter((d) => d.added + d.missing >= t.mass * (d.strength < WEAK ? 4 : 1))
    .sort((a, b) => b.added + b.missing - a.added - a.missing);
}

interface Box { x0: number; y0: number; x1: number; y1: number; added: number; missing: number; strength: number }

/** More boxes than this are not told apart any more: the page is another one. */
const MOST_BOXES = 1500;

function joined(boxes: Box[], gap: number): Box[] {
  const list = boxes.sort((a, b) => b.added + b.missing - a.added - a.missing).slice(0, MOST_BOXES);
  for (let again = true; again; ) {
    again = false;
    for (let i = 0; i < list.length; i++)
      for (let j = list.length - 1; j > i; j--) {
        const a = list[i]!;
        const b = list[j]!;
        if (b.x0 > a.x1 + gap || b.x1 < a.x0 - gap || b.y0 > a.y1 + gap || b.y1 < a.y0 - gap) continue;
        list[i] = { x0: Math.min(a.x0, b.x0), y0: Math.min(a.y0, b.y0), x1: Math.max(a.x1, b.x1), y1: Math.max(a.y1, b.y1), added: a.added + b.added, missing: a.missing + b.missing, strength: Math.max(a.strength, b.strength) };
        list.splice(j, 1);
        again = true;
      }
  }
  return list;
}
