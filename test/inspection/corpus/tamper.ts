/**
 * Pages changed as a cheat would: print taken from the page itself in the same size, put where it does not belong. Works
 * on any page whose file has its text, because only places and sizes of characters are needed.
 */
import type { Glyph } from '../../../host-bridge/inspection/approved';
import type { Picture } from '../../../sim/paper/picture';
import { seededRandom } from '../../../sim/world/random';

export interface Tampered {
  picture: Picture;
  /** Where, mm. */
  x: number;
  y: number;
  width: number;
  height: number;
  /** Height of the character changed, mm; 0 where it is not about one. */
  size: number;
  what: string;
}

export type Tamper = 'digit' | 'digit-alike' | 'character' | 'number' | 'point' | 'erased' | 'added' | 'line-deleted' | 'line-replaced' | 'version' | 'covered' | 'unfilled' | 'blank';
export const TAMPERS: readonly Tamper[] = ['digit', 'digit-alike', 'character', 'number', 'point', 'erased', 'added', 'line-deleted', 'line-replaced', 'version', 'covered', 'unfilled', 'blank'];

/** Digits that are easily taken for each other. */
export const ALIKE: Readonly<Record<string, string>> = { '0': '8693', '1': '74', '2': '73', '3': '859', '4': '19', '5': '638', '6': '850', '7': '12', '8': '3069', '9': '0384' };
const DIGIT = /[0-9]/;
const HAN = /\p{Script=Han}/u;
const LETTER = /[\p{L}]/u;

interface Page {
  picture: Picture;
  widthMm: number;
  glyphs: readonly Glyph[];
}

type Rect = { x: number; y: number; width: number; height: number };

/** Fewer dots of the sheet that differ, by so many steps of 255, are no change: text may be printed in white, or under something else. */
const SEEN = { dots: 3, steps: 40 } as const;

/** undefined: the page has nothing to change in that way, or nothing of the change would stand on the sheet. */
export function tamper(page: Page, kind: Tamper, seed: number): Tampered | undefined {
  const changed = change(page, kind, seed);
  if (changed === undefined) return undefined;
  const [before, after] = [page.picture.rgb, changed.picture.rgb];
  let dots = 0;
  for (let i = 0; i < before.length && dots < SEEN.dots; i += 3) if (Math.abs(before[i]! - after[i]!) + Math.abs(before[i + 1]! - after[i + 1]!) + Math.abs(before[i + 2]! - after[i + 2]!) > 3 * SEEN.steps) dots++;
  return dots < SEEN.dots ? undefined : changed;
}

function change(page: Page, kind: Tamper, seed: number): Tampered | undefined {
  const random = seededRandom(seed);
  const pick = <T>(list: readonly T[]): T | undefined => list[Math.floor(random.fraction() * list.length)];
  const out: Picture = { ...page.picture, rgb: page.picture.rgb.slice() };
  const scale = page.picture.width / page.widthMm;
  const glyphs = page.glyphs.filter((g) => g.height > 0.8 && g.height < 12);
  const told = (box: Rect, size: number, what: string): Tampered => ({ picture: out, ...box, size, what });

  const swapOne = (from: readonly Glyph[], fits: (old: Glyph, other: Glyph) => boolean): Tampered | undefined => {
    for (let tries = 0; tries < 60; tries++) {
      const old = pick(from);
      if (!old) return undefined;
      const others = glyphs.filter((g) => g.char !== old.char && Math.abs(g.height / old.height - 1) < 0.12 && Math.abs(g.width / old.width - 1) < 0.6 && fits(old, g));
      const other = pick(others);
      if (!other) continue;
      put(out, page.picture, scale, old, other);
      return told(old, old.height, `${old.char}→${other.char}`);
    }
    return undefined;
  };
  const digits = glyphs.filter((g) => DIGIT.test(g.char));

  switch (kind) {
    case 'digit':
      return swapOne(digits, (_, g) => DIGIT.test(g.char));
    case 'digit-alike':
      return swapOne(digits, (old, g) => (ALIKE[old.char] ?? '').includes(g.char));
    case 'character': {
      const han = glyphs.filter((g) => HAN.test(g.char));
      const letters = han.length > 30 ? han : glyphs.filter((g) => LETTER.test(g.char) && !/[ijlI]/.test(g.char));
      return swapOne(letters, (old, g) => HAN.test(old.char) === HAN.test(g.char) && LETTER.test(g.char) && !/[ijlI]/.test(g.char));
    }
    case 'number': {
      const runs = runsOf(glyphs).filter((run) => run.filter((g) => DIGIT.test(g.char)).length >= 3);
      const run = pick(runs);
      if (!run) return undefined;
      const places = run.filter((g) => DIGIT.test(g.char));
      let changed = 0;
      places.forEach((g, i) => {
        const other = places[(i + 1) % places.length]!;
        if (other.char === g.char) return;
        put(out, page.picture, scale, g, other);
        changed++;
      });
      return changed === 0 ? undefined : told(around(places), places[0]!.height, `${places.map((g) => g.char).join('')} turned`);
    }
    case 'point': {
      const points = page.glyphs.filter((g) => /[.,·:：。，]/.test(g.char) && g.height > 0.15 && g.height < 2);
      const point = pick(points);
      if (!point) return undefined;
      white(out, scale, grown(point, 0.15));
      return told(point, point.height, `${point.char} gone`);
    }
    case 'erased': {
      const start = Math.floor(random.fraction() * Math.max(1, glyphs.length - 4));
      const word = sameLine(glyphs.slice(start, start + 2 + Math.floor(random.fraction() * 4)));
      if (word.length === 0) return undefined;
      const box = grown(around(word), 0.2);
      white(out, scale, box);
      return told(box, word[0]!.height, `${word.map((g) => g.char).join('')} gone`);
    }
    case 'added': {
      const start = Math.floor(random.fraction() * Math.max(1, glyphs.length - 4));
      const word = sameLine(glyphs.slice(start, start + 2 + Math.floor(random.fraction() * 4)));
      if (word.length === 0) return undefined;
      const from = grown(around(word), 0.1);
      const free = emptySpot(page, scale, from, random.fraction.bind(random));
      if (!free) return undefined;
      copy(out, page.picture, scale, from, free.x, free.y);
      return told({ ...from, ...free }, word[0]!.height, `${word.map((g) => g.char).join('')} added`);
    }
    case 'line-deleted':
    case 'line-replaced': {
      const lines = linesOf(glyphs).filter((line) => line.width > 40);
      const line = pick(lines.slice(1, -1));
      if (!line) return undefined;
      const at = lines.indexOf(line);
      if (kind === 'line-replaced') {
        const other = pick(lines.filter((l) => l !== line && Math.abs(l.height / line.height - 1) < 0.5));
        if (!other) return undefined;
        white(out, scale, grown(line, 0.3));
        copy(out, page.picture, scale, grown(other, 0.1), line.x - 0.1, line.y - 0.1);
        return told(line, 0, 'another line in its place');
      }
      const next = lines[at + 1]!;
      const up = next.y - line.y;
      if (up < 2) return undefined;
      shiftUp(out, page.picture, scale, line.y - 0.3, up);
      return told({ x: line.x, y: line.y, width: line.width, height: 40 }, 0, 'line deleted, the rest moved up');
    }
    case 'version': {
      const first = swapOne(digits.length > 0 ? digits : glyphs, (old, g) => DIGIT.test(old.char) === DIGIT.test(g.char));
      if (!first) return undefined;
      const second = tamper({ ...page, picture: out }, 'line-deleted', seed + 1) ?? tamper({ ...page, picture: out }, 'line-replaced', seed + 1);
      return second ? { ...second, what: `another version: ${first.what}; ${second.what}` } : first;
    }
    case 'covered': {
      const middle = pick(glyphs);
      if (!middle) return undefined;
      const box = { x: middle.x - 8, y: middle.y - 1, width: 18, height: middle.height + 2 };
      const dark = random.fraction() < 0.5;
      fill(out, scale, box, dark ? 40 : 250);
      return told(box, 0, dark ? 'covered by something dark' : 'covered by a white strip');
    }
    case 'unfilled': {
      if (digits.length < 6) return undefined;
      for (const g of digits) white(out, scale, grown(g, 0.1));
      return told(around(digits), 0, 'all numbers gone');
    }
    case 'blank':
      out.rgb.fill(255);
      return told({ x: 0, y: 0, width: page.widthMm, height: 297 }, 0, 'an empty sheet');
  }
}

/** How dark a watermark is, shares of full ink, and how tall, mm. */
const WATERMARK = { ink: 0.15, heightMm: 45 };

/**
 * The approved page with a watermark that the sheet in the tray lacks: one of its own characters, large and light, across
 * the middle. Returns the picture (1 is white) and where.
 */
export function watermarked(page: { picture: { width: number; height: number; data: Float32Array }; widthMm: number; heightMm: number; glyphs: readonly Glyph[] }): { data: Float32Array; box: Rect } | undefined {
  const glyph = [...page.glyphs].filter((g) => LETTER.test(g.char)).sort((a, b) => b.height - a.height)[0];
  if (!glyph) return undefined;
  const { picture } = page;
  const scale = picture.width / page.widthMm;
  const data = picture.data.slice();
  const times = WATERMARK.heightMm / glyph.height;
  const box = { x: page.widthMm / 2 - (glyph.width * times) / 2, y: page.heightMm / 2 - WATERMARK.heightMm / 2, width: glyph.width * times, height: WATERMARK.heightMm };
  for (let y = Math.round(box.y * scale); y < (box.y + box.height) * scale; y++)
    for (let x = Math.round(box.x * scale); x < (box.x + box.width) * scale; x++) {
      const fx = Math.round((glyph.x + (x / scale - box.x) / times) * scale);
      const fy = Math.round((glyph.y + (y / scale - box.y) / times) * scale);
      if (picture.data[fy * picture.width + fx]! < 0.5) data[y * picture.width + x] = Math.min(data[y * picture.width + x]!, 1 - WATERMARK.ink);
    }
  // A character printed in grey leaves no mark: the sheet would be the approved one.
  return data.some((v, i) => v !== picture.data[i]) ? { data, box } : undefined;
}

const grown = (b: Rect, by: number): Rect => ({ x: b.x - by, y: b.y - by, width: b.width + 2 * by, height: b.height + 2 * by });

function around(list: readonly Rect[]): Rect {
  const x = Math.min(...list.map((g) => g.x));
  const y = Math.min(...list.map((g) => g.y));
  return { x, y, width: Math.max(...list.map((g) => g.x + g.width)) - x, height: Math.max(...list.map((g) => g.y + g.height)) - y };
}

const sameLine = (list: readonly Glyph[]): Glyph[] => list.filter((g) => Math.abs(g.y + g.height - (list[0]!.y + list[0]!.height)) < 1.5 && Math.abs(g.x - list[0]!.x) < 40);

/** Characters that follow each other without a gap. */
function runsOf(glyphs: readonly Glyph[]): Glyph[][] {
  const runs: Glyph[][] = [];
  for (const g of glyphs) {
    const last = runs.at(-1)?.at(-1);
    if (last && /[0-9.,:-]/.test(g.char) && Math.abs(g.y + g.height - last.y - last.height) < 1.2 && g.x - last.x - last.width < 1 && g.x > last.x) runs.at(-1)!.push(g);
    else if (DIGIT.test(g.char)) runs.push([g]);
    else runs.push([]);
  }
  return runs;
}

function linesOf(glyphs: readonly Glyph[]): Rect[] {
  const lines: Glyph[][] = [];
  for (const g of [...glyphs].sort((a, b) => a.y + a.height - b.y - b.height)) {
    const line = lines.at(-1);
    if (line && g.y + g.height - (line[0]!.y + line[0]!.height) < 1.4) line.push(g);
    else lines.push([g]);
  }
  return lines.map(around);
}

function each(p: Picture, scale: number, b: Rect, at: (o: number, x: number, y: number) => void): void {
  for (let y = Math.max(0, Math.round(b.y * scale)); y < Math.min(p.height, Math.round((b.y + b.height) * scale)); y++)
    for (let x = Math.max(0, Math.round(b.x * scale)); x < Math.min(p.width, Math.round((b.x + b.width) * scale)); x++) at((y * p.width + x) * 3, x, y);
}

function fill(p: Picture, scale: number, b: Rect, value: number): void {
  each(p, scale, b, (o) => p.rgb.fill(value, o, o + 3));
}

/** Paper as it is around the box: tables may be tinted. */
function white(p: Picture, scale: number, b: Rect): void {
  const tint = [0, 1, 2].map((c) => {
    const values: number[] = [];
    each(p, scale, grown(b, 0.3), (o) => values.push(p.rgb[o + c]!));
    return values.sort((x, y) => x - y)[Math.floor(values.length * 0.85)] ?? 255;
  });
  each(p, scale, b, (o) => tint.forEach((v, c) => (p.rgb[o + c] = v)));
}

/** One character in another's place, on the same base line, middle on middle. @param scale dots of the sheet a mm */
export function put(out: Picture, from: Picture, scale: number, old: Rect, other: Rect): void {
  white(out, scale, grown(old, 0.12));
  copy(out, from, scale, grown(other, 0.1), old.x + (old.width - other.width) / 2 - 0.1, old.y + (old.height - other.height) / 2 - 0.1);
}

function copy(out: Picture, from: Picture, scale: number, b: Rect, x: number, y: number): void {
  const dx = Math.round(x * scale) - Math.round(b.x * scale);
  const dy = Math.round(y * scale) - Math.round(b.y * scale);
  each(from, scale, b, (o, px, py) => {
    const [tx, ty] = [px + dx, py + dy];
    if (tx < 0 || ty < 0 || tx >= out.width || ty >= out.height) return;
    const t = (ty * out.width + tx) * 3;
    for (let c = 0; c < 3; c++) out.rgb[t + c] = Math.min(out.rgb[t + c]!, from.rgb[o + c]!);
  });
}

function shiftUp(out: Picture, from: Picture, scale: number, y: number, by: number): void {
  const start = Math.max(0, Math.round(y * scale));
  const rows = Math.round(by * scale);
  const stride = out.width * 3;
  out.rgb.copyWithin(start * stride, (start + rows) * stride);
  out.rgb.fill(255, out.rgb.length - rows * stride);
  void from;
}

function emptySpot(page: Page, scale: number, b: Rect, chance: () => number): { x: number; y: number } | undefined {
  const heightMm = page.picture.height / scale;
  for (let tries = 0; tries < 300; tries++) {
    const spot = { x: 15 + chance() * (page.widthMm - 30 - b.width), y: 15 + chance() * (heightMm - 30 - b.height) };
    let clean = true;
    each(page.picture, scale, { ...b, ...spot }, (o) => {
      if (page.picture.rgb[o]! < 245) clean = false;
    });
    if (clean) return spot;
  }
  return undefined;
}
