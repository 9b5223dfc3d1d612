/** How a page is laid out: tables with their cells, lines to sign on, blocks of text. From the approved page's own picture. */
import type { Plane } from './plane';
import { around, linesOf, meets, type Box, type Line } from './text';
import { textGlyphs, type ApprovedPage } from './approved';

export interface Table extends Box {
  /** Row by row from the top left; a cell over several columns or rows is one. */
  cells: Box[];
}

export interface Layout {
  tables: Table[];
  /** Rules that hands sign on. */
  signatureLines: Box[];
  /** Paragraphs: lines that belong together, outside of tables. */
  blocks: Box[];
}

/** Darker than this is a rule; rules are so long at least and so thick at most, mm. */
const DARK = 0.62;
const RULE = { across: 10, down: 4, thick: 1.1 } as const;
/** Rules nearer than this meet, mm. */
const MEETS = 0.8;
/** More rules than this are a drawing or a hatching. */
const MOST_RULES = 400;
/** A line to sign on: mm. */
const SIGN = { least: 15, most: 95, label: 9 } as const;
const TO_SIGN = /签\s*[字章名]|盖\s*章|授权代表|法定代表人|signature|signed|authori[sz]ed|seal/iu;

export function layoutOf(page: ApprovedPage): Layout {
  const scale = page.picture.width / page.widthMm;
  const across = rules(page.picture, scale, false);
  const down = rules(page.picture, scale, true);
  const lines = linesOf({ glyphs: textGlyphs(page) });
  const tables = across.length + down.length > MOST_RULES ? [] : tablesOf(across, down);
  const free = across.filter((rule) => rule.width >= SIGN.least && rule.width <= SIGN.most && !tables.some((table) => meets(table, rule)));
  const signatureLines = free.filter((rule) => lines.some((line) => TO_SIGN.test(line.text) && near(line, rule)));
  return { tables, signatureLines, blocks: blocksOf(lines.filter((line) => !tables.some((table) => meets(table, line)))) };
}

/** The label stands before the line, or right under it. */
const near = (line: Box, rule: Box): boolean => rule.y > line.y - SIGN.label && rule.y < line.y + line.height + SIGN.label / 2 && line.x < rule.x + rule.width && line.x + line.width > rule.x - 40;

/** Long thin dark runs, mm; `down`: upright ones. Runs on neighbouring rows are one rule. */
function rules(picture: Plane, scale: number, down: boolean): Box[] {
  const [length, rows] = down ? [picture.height, picture.width] : [picture.width, picture.height];
  const at = (along: number, row: number): number => picture.data[down ? along * picture.width + row : row * picture.width + along]!;
  const least = Math.round((down ? RULE.down : RULE.across) * scale);
  const open: { from: number; to: number; first: number; last: number }[] = [];
  const out: Box[] = [];
  const close = (rule: { from: number; to: number; first: number; last: number }): void => {
    const thick = (rule.last - rule.first + 1) / scale;
    if (thick > RULE.thick) return;
    const [a, b] = [rule.from / scale, rule.first / scale];
    const long = (rule.to - rule.from) / scale;
    out.push(down ? { x: b, y: a, width: thick, height: long } : { x: a, y: b, width: long, height: thick });
  };
  for (let row = 0; row < rows; row++) {
    for (let i = 0; i < length; ) {
      if (at(i, row) >= DARK) {
        i++;
        continue;
      }
      const from = i;
      let last = i;
      // A pixel or two that are lighter do not end a rule.
      while (i < length && i - last <= 2) {
        if (at(i, row) < DARK) last = i;
        i++;
      }
      if (last - from < least) continue;
      const above = open.find((rule) => rule.last >= row - 2 && rule.from < last && rule.to > from);
      if (above) [above.from, above.to, above.last] = [Math.min(above.from, from), Math.max(above.to, last), row];
      else open.push({ from, to: last, first: row, last: row });
    }
    for (let k = open.length - 1; k >= 0; k--) if (open[k]!.last < row - 2) close(open.splice(k, 1)[0]!);
    if (out.length > MOST_RULES) return out;
  }
  for (const rule of open) close(rule);
  return out;
}

function tablesOf(across: readonly Box[], down: readonly Box[]): Table[] {
  const all = [...across, ...down];
  const group = all.map((_, i) => i);
  const root = (i: number): number => (group[i] === i ? i : (group[i] = root(group[i]!)));
  const wide = (b: Box): Box => ({ x: b.x - MEETS, y: b.y - MEETS, width: b.width + 2 * MEETS, height: b.height + 2 * MEETS });
  for (let i = 0; i < across.length; i++) for (let j = across.length; j < all.length; j++) if (meets(wide(all[i]!), all[j]!)) group[root(i)] = root(j);
  const out: Table[] = [];
  for (const one of new Set(all.map((_, i) => root(i)))) {
    const mine = all.map((rule, i) => ({ rule, i })).filter(({ i }) => root(i) === one);
    const rows = mine.filter(({ i }) => i < across.length).map(({ rule }) => rule);
    const columns = mine.filter(({ i }) => i >= across.length).map(({ rule }) => rule);
    if (rows.length < 2 || columns.length < 2) continue;
    out.push({ ...around([...rows, ...columns]), cells: cellsOf(rows, columns) });
  }
  return out.sort((a, b) => a.y - b.y);
}

/** Positions that differ by less than a rule's width are one. */
function steps(values: number[]): number[] {
  const out: number[] = [];
  for (const v of values.sort((a, b) => a - b)) if (out.length === 0 || v - out.at(-1)! > 2 * MEETS) out.push(v);
  return out;
}

/** The finest grid of all rules; its squares are joined where no rule stands between them. */
function cellsOf(rows: readonly Box[], columns: readonly Box[]): Box[] {
  const ys = steps(rows.map((r) => r.y + r.height / 2));
  const xs = steps(columns.map((c) => c.x + c.width / 2));
  const [w, h] = [xs.length - 1, ys.length - 1];
  if (w < 1 || h < 1 || w * h > 2000) return [];
  const into = Array.from({ length: w * h }, (_, i) => i);
  const root = (i: number): number => (into[i] === i ? i : (into[i] = root(into[i]!)));
  const covered = (list: readonly Box[], from: number, to: number, at: number, upright: boolean): boolean =>
    list.some((r) => (upright ? Math.abs(r.x + r.width / 2 - at) < 2 * MEETS && r.y < from + 0.4 * (to - from) && r.y + r.height > to - 0.4 * (to - from) : Math.abs(r.y + r.height / 2 - at) < 2 * MEETS && r.x < from + 0.4 * (to - from) && r.x + r.width > to - 0.4 * (to - from)));
  for (let j = 0; j < h; j++)
    for (let i = 0; i < w; i++) {
      if (i + 1 < w && !covered(columns, ys[j]!, ys[j + 1]!, xs[i + 1]!, true)) into[root(j * w + i + 1)] = root(j * w + i);
      if (j + 1 < h && !covered(rows, xs[i]!, xs[i + 1]!, ys[j + 1]!, false)) into[root((j + 1) * w + i)] = root(j * w + i);
    }
  const cells = new Map<number, Box[]>();
  for (let j = 0; j < h; j++) for (let i = 0; i < w; i++) {
    const key = root(j * w + i);
    cells.set(key, [...(cells.get(key) ?? []), { x: xs[i]!, y: ys[j]!, width: xs[i + 1]! - xs[i]!, height: ys[j + 1]! - ys[j]! }]);
  }
  return [...cells.values()].map(around).sort((a, b) => a.y - b.y || a.x - b.x);
}

/** Lines of which each begins less than a line's height below the one before, over the same columns. */
function blocksOf(lines: readonly Line[]): Box[] {
  const out: { box: Box; height: number }[] = [];
  for (const line of lines) {
    const block = out.findLast(({ box, height }) => line.y - box.y - box.height < 1.1 * height && line.y >= box.y && line.x < box.x + box.width && line.x + line.width > box.x);
    if (block) block.box = around([block.box, line]);
    else out.push({ box: around([line]), height: line.height });
  }
  return out.map(({ box }) => box);
}

/** Where on a page a box lies, in the words of its layout. */
export function placeOf(layout: Layout, box: Box): 'table' | 'signature' | undefined {
  if (layout.tables.some((table) => meets(table, box))) return 'table';
  return layout.signatureLines.some((line) => meets({ ...line, y: line.y - 8, height: 10 }, box)) ? 'signature' : undefined;
}
