/** The text of a page in reading order, each character still knowing its place. */
import type { ApprovedPage, Glyph } from './approved';

export interface Box {
  /** mm from the page's top left corner. */
  x: number;
  y: number;
  width: number;
  height: number;
}

/** A line: characters from left to right, with a blank where a gap stands between them. */
export interface Line extends Box {
  text: string;
  /** One a character of the text; undefined for a blank that is a gap. */
  glyphs: (Glyph | undefined)[];
}

/** Characters whose middles are less than so many heights apart are on one line. */
const SAME_LINE = 0.55;

export function linesOf(page: Pick<ApprovedPage, 'glyphs'>): Line[] {
  const rows: { middle: number; height: number; glyphs: Glyph[] }[] = [];
  for (const g of page.glyphs) {
    if (g.char.trim() === '') continue;
    // Punctuation sits low or high; it joins the row that it overlaps.
    const middle = g.y + g.height / 2;
    const row = rows.findLast((r) => Math.abs(r.middle - middle) < SAME_LINE * Math.max(r.height, g.height));
    if (row) {
      row.glyphs.push(g);
      if (g.height > row.height) [row.height, row.middle] = [g.height, middle];
    } else rows.push({ middle, height: g.height, glyphs: [g] });
  }
  rows.sort((a, b) => a.middle - b.middle);
  return rows.map(({ glyphs, height }) => {
    glyphs.sort((a, b) => a.x - b.x);
    const out: (Glyph | undefined)[] = [];
    let text = '';
    glyphs.forEach((g, i) => {
      const gap = i === 0 ? 0 : g.x - glyphs[i - 1]!.x - glyphs[i - 1]!.width;
      // Two blanks for a wide gap: a column, or room to be filled in.
      const blanks = gap > 1.6 * height ? 2 : gap > 0.28 * height && /[\w.,)]/.test(glyphs[i - 1]!.char) && /[\w(]/.test(g.char) ? 1 : 0;
      for (let k = 0; k < blanks; k++) out.push(undefined);
      text += ' '.repeat(blanks) + g.char;
      for (let k = 0; k < g.char.length; k++) out.push(g);
    });
    return { text, glyphs: out, ...around(glyphs) };
  });
}

export function around(list: readonly Box[]): Box {
  const x = Math.min(...list.map((g) => g.x));
  const y = Math.min(...list.map((g) => g.y));
  return { x, y, width: Math.max(...list.map((g) => g.x + g.width)) - x, height: Math.max(...list.map((g) => g.y + g.height)) - y };
}

/** The box of a part of a line's text. */
export function boxOf(line: Line, from: number, length: number): Box {
  const part = line.glyphs.slice(from, from + length).filter((g) => g !== undefined);
  return part.length > 0 ? around(part) : line;
}

export const meets = (a: Box, b: Box): boolean => a.x < b.x + b.width && a.x + a.width > b.x && a.y < b.y + b.height && a.y + a.height > b.y;

/** Kinds of characters whose height is that of the type, and how many of them a page has where they are more than a note or a folio. */
const TYPE: readonly (readonly [RegExp, number])[] = [[/[0-9]/, 20], [/[acemnorsuvwxz]/, 50]];

/** Height of the smaller of a page's figures and small letters in the middle, mm; infinite where it has too few of either. Chinese characters are taller than both. */
export function letterMm(glyphs: readonly Glyph[]): number {
  return Math.min(...TYPE.map(([kind, few]) => {
    const heights = glyphs.filter((g) => kind.test(g.char)).map((g) => g.height).sort((a, b) => a - b);
    return heights.length < few ? Infinity : heights[heights.length >> 1]!;
  }));
}

/** Print is no higher, mm; smaller print under a character is less high than this share of it; cells in which it is looked for, mm. */
const PRINT = { most: 15, under: 0.7, cell: 0.5, ink: 0.6 } as const;

/**
 * The characters that the picture of the page bears out: of its text layer one says nothing of the type that stands on bare paper, or over
 * smaller print. Whoever writes a document writes that layer as well, and hidden large characters would hide how small the print is.
 */
export function printedGlyphs({ picture, widthMm }: Pick<ApprovedPage, 'picture' | 'widthMm'>, glyphs: readonly Glyph[]): Glyph[] {
  const print = glyphs.filter((g) => g.height < PRINT.most && g.width < PRINT.most);
  const cells = new Map<number, number>();
  const cellOf = (x: number, y: number): number => Math.floor(y / PRINT.cell) * 100_000 + Math.floor(x / PRINT.cell);
  for (const g of print) {
    if (!/[\p{L}\p{N}]/u.test(g.char)) continue; // of points and brackets the height is not that of the type
    const cell = cellOf(g.x + g.width / 2, g.y + g.height / 2);
    cells.set(cell, Math.min(cells.get(cell) ?? Infinity, g.height));
  }
  const over = (g: Glyph): boolean => {
    for (let y = g.y; y < g.y + g.height; y += PRINT.cell) for (let x = g.x; x < g.x + g.width; x += PRINT.cell) if ((cells.get(cellOf(x, y)) ?? Infinity) < PRINT.under * g.height) return true;
    return false;
  };
  const { width, height, data } = picture;
  const scale = width / widthMm;
  const inked = (g: Glyph): boolean => {
    for (let y = Math.max(0, Math.floor(g.y * scale)); y < Math.min(height, Math.ceil((g.y + g.height) * scale)); y++)
      for (let x = Math.max(0, Math.floor(g.x * scale)); x < Math.min(width, Math.ceil((g.x + g.width) * scale)); x++) if (data[y * width + x]! < PRINT.ink) return true;
    return false;
  };
  const counted = new Set<number>();
  // Of many in one place one counts.
  return print.filter((g) => {
    const cell = cellOf(g.x + g.width / 2, g.y + g.height / 2);
    if (counted.has(cell) || over(g) || !inked(g)) return false;
    counted.add(cell);
    return true;
  });
}
