/**
 * Latin letters and figures that the photo shows as another one of the page. An o that became u differs by a stroke or two that print
 * and camera could explain; but it differs exactly as a u does, and the page itself shows what its u looks like in this photo.
 */
import type { Glyph } from './approved';
import type { Difference } from './differences';
import type { Model } from './model';

/** Letters looked at: those that the photo explains worst; each is held against so many others at most. */
const MOST = { letters: 24, others: 80 } as const;
/** Paper around a letter that belongs to it, mm. */
const AROUND_MM = 0.12;
/** Others are tried so many pixels around where a printer would set them: first roughly, then around the best. */
const ROUGH = [-1, 0, 1];
const FINE = [-0.5, 0, 0.5];
/** Heights further apart than this are of other type, shares. */
const TYPE = 0.45;

/** How a letter of the photo fits another one of the page. */
export interface Leaning {
  glyph: Glyph;
  other: string;
  /** Squares left under the other against those left under the approved letter. */
  left: number;
  /** How far the other differs from the approved letter: squares, against those of the approved letter's ink. */
  apart: number;
}

const LATIN = /^[A-Za-z0-9]$/;

/** The nearest of its kind is likeliest to be of the same type, as dark and as sharp. */
function nearest(list: readonly Glyph[], glyph: Glyph): Glyph {
  const far = (o: Glyph): number => Math.hypot(o.x - glyph.x, 4 * (o.y - glyph.y));
  return list.reduce((a, b) => (far(b) < far(a) ? b : a));
}

export function leanings(model: Model, glyphs: readonly Glyph[], scale: number, skip?: Uint8Array): Leaning[] {
  const latin = glyphs.filter((g) => LATIN.test(g.char) && g.height > 0.8 && g.height < 8);
  const kinds = new Map<string, Glyph[]>();
  for (const g of latin) {
    const key = `${g.char} ${Math.round(g.height * 3)}`;
    const list = kinds.get(key);
    if (list) list.push(g);
    else kinds.set(key, [g]);
  }
  const judged = latin.map((glyph) => ({ glyph, rest: restOf(model, glyph, scale, skip) })).filter(({ rest }) => rest > 0).sort((a, b) => b.rest - a.rest).slice(0, MOST.letters);
  return judged.flatMap(({ glyph }) => {
    let best: Leaning | undefined;
    const others = [...kinds.values()].filter(([o]) => o!.char !== glyph.char && Math.abs(Math.log(o!.height / glyph.height)) < TYPE).slice(0, MOST.others);
    for (const list of others) {
      const one = lean(model, glyph, nearest(list, glyph), scale);
      if (one && (!best || one.left < best.left)) best = one;
    }
    return best ? [best] : [];
  });
}

/** Squares of what is left of a letter, against those of its ink; 0: not judged. */
function restOf(model: Model, g: Glyph, scale: number, skip?: Uint8Array): number {
  const { width, height } = model.expected;
  let [rest, ink] = [0, 0];
  for (let y = Math.max(0, Math.floor((g.y - AROUND_MM) * scale)); y < Math.min(height, Math.ceil((g.y + g.height + AROUND_MM) * scale)); y++)
    for (let x = Math.max(0, Math.floor((g.x - AROUND_MM) * scale)); x < Math.min(width, Math.ceil((g.x + g.width + AROUND_MM) * scale)); x++) {
      const at = y * width + x;
      if (skip?.[at]) return 0;
      rest += model.rest.data[at]! ** 2;
      ink += (1 - model.expected.data[at]!) ** 2;
    }
  return ink > 0 ? rest / ink : 0;
}

/** What is left under the nearest of these that is that character and of the same type, against what is left under the letter itself; undefined: there is none. */
export function leftUnder(model: Model, glyphs: readonly Glyph[], glyph: Glyph, char: string, scale: number): number | undefined {
  const others = glyphs.filter((o) => o.char === char && Math.abs(Math.log(o.height / glyph.height)) < TYPE);
  return others.length === 0 ? undefined : lean(model, glyph, nearest(others, glyph), scale)?.left;
}

function lean(model: Model, glyph: Glyph, other: Glyph, scale: number): Leaning | undefined {
  // Middle on middle; feet on the same line, or middles where one has a tail.
  const left = (glyph.x + glyph.width / 2 - other.width / 2) * scale;
  let best: (Leaning & { ax: number; ay: number }) | undefined;
  const attempt = (ax: number, ay: number): void => {
    const one = fitOf(model, glyph, other, ax, ay, scale);
    if (one && (!best || one.left < best.left)) best = { ...one, ax, ay };
  };
  for (const top of [(glyph.y + glyph.height - other.height) * scale, (glyph.y + (glyph.height - other.height) / 2) * scale]) {
    if (best && Math.abs(top - best.ay) < 1.2) continue;
    for (const dy of ROUGH) for (const dx of ROUGH) attempt(left + dx, top + dy);
  }
  if (!best) return undefined;
  const { ax, ay } = best;
  for (const dy of FINE) for (const dx of FINE) if (dx !== 0 || dy !== 0) attempt(ax + dx, ay + dy);
  return best;
}

/** How the photo fits the other letter, its box's top left corner at that pixel. */
function fitOf({ expected, seen }: Model, glyph: Glyph, other: Glyph, ax: number, ay: number, scale: number): Leaning | undefined {
  const { width, height, data } = expected;
  const pad = AROUND_MM * scale;
  const [sx, sy] = [other.x * scale - ax, other.y * scale - ay];
  const [gx0, gx1, gy0, gy1] = [glyph.x * scale - pad, (glyph.x + glyph.width) * scale + pad, glyph.y * scale - pad, (glyph.y + glyph.height) * scale + pad];
  const [ox0, ox1, oy0, oy1] = [ax - pad, ax + other.width * scale + pad, ay - pad, ay + other.height * scale + pad];
  const [x0, x1] = [Math.floor(Math.min(gx0, ox0)), Math.ceil(Math.max(gx1, ox1))];
  const [y0, y1] = [Math.floor(Math.min(gy0, oy0)), Math.ceil(Math.max(gy1, oy1))];
  if (x0 < 1 || y0 < 1 || x1 >= width - 1 || y1 >= height - 1) return undefined;
  let [own, its, square, ink] = [0, 0, 0, 0];
  for (let y = y0; y < y1; y++)
    for (let x = x0; x < x1; x++) {
      const inOther = x >= ox0 && x < ox1 && y >= oy0 && y < oy1;
      const inOwn = x >= gx0 && x < gx1 && y >= gy0 && y < gy1;
      if (!inOther && !inOwn) continue;
      const at = y * width + x;
      const e = data[at]!;
      const h = inOther ? between(data, width, height, x + sx, y + sy) : 1;
      const s = seen.data[at]!;
      own += (s - e) ** 2;
      its += (s - h) ** 2;
      square += (h - e) ** 2;
      if (inOwn) ink += (1 - e) ** 2;
    }
  return square === 0 || own === 0 || ink === 0 ? undefined : { glyph, other: other.char, left: its / own, apart: square / ink };
}

function between(data: Float32Array, width: number, height: number, x: number, y: number): number {
  const [u, v] = [Math.floor(x), Math.floor(y)];
  if (u < 0 || v < 0 || u + 1 >= width || v + 1 >= height) return 1;
  const [a, b] = [x - u, y - v];
  const at = v * width + u;
  return (data[at]! * (1 - a) + data[at + 1]! * a) * (1 - b) + (data[at + width]! * (1 - a) + data[at + width + 1]! * a) * b;
}

/** Less left under the other letter than this, of letters so far apart at least: measured, README.md. */
export const OTHER = { left: 0.7, apart: 0.1 } as const;

/** Letters that are another one. */
export function otherLetters(model: Model, glyphs: readonly Glyph[], scale: number, skip?: Uint8Array): Difference[] {
  return leanings(model, glyphs, scale, skip)
    .filter((one) => one.left < OTHER.left && one.apart > OTHER.apart)
    .map(({ glyph: { x, y, width, height }, left }) => ({ kind: 'changed', x, y, width, height, added: 0, missing: 0, strength: OTHER.left / Math.max(0.05, left) }));
}
