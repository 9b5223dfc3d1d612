/**
 * What the photo says at a place, read off it; and whether that contradicts what was approved. The strokes decide
 * (differences.ts); reading says in words what stands there instead, and may only make a verdict worse, never better.
 */
import type { ApprovedPage, Glyph } from './approved';
import type { ElementKind, KeyElement } from './elements';
import { layoutOf } from './layout';
import type { Plane } from './plane';
import { recognise, scriptOf, type ReadGlyph, type Script } from './recognise';
import { meets, type Box } from './text';

/** What of a compared page is read: the photo over the approved page, and the approved page as this photo would show it. */
export interface Readable {
  seen: Plane;
  expected: Plane;
  /** Pixels a mm. */
  scale: number;
  script: Script;
}

export interface Reading {
  /** What the photo has there, as it was read; empty: nothing. */
  text: string;
  /** Characters that are others, read surely, where the approved page under the same blur is read rightly: `at` counts in the plain value. Empty: nothing contradicts. */
  others: { at: number; char: string }[];
}

/** Kinds written in figures: read by the English model, of nothing but these, for what cannot be there is not read. */
const FIGURES: Partial<Record<ElementKind, string>> = {
  amount: '0123456789.,',
  'account-number': '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-',
  'contract-number': '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-/._()',
};

/** Paper around what is read, mm: less cuts strokes, more takes in neighbours. */
const AROUND = { x: 0.7, y: 0.6 };
/** A reader surer than this of every character that differs contradicts: README.md says what that costs and finds. */
export const SURE = 90;
/** Longer boxes are no element and no difference of characters, mm. */
const LONGEST_MM = 140;

/** Full-width and half-width forms are one; blanks do not count, and of an amount in figures only its digits and its point. */
export function plain(text: string, kind?: ElementKind): string {
  const one = text.normalize('NFKC').replace(/\s/g, '');
  return kind === 'amount' ? one.replace(/[^\d.]/g, '') : one;
}

const padded = ({ x, y, width, height }: Box): Box => ({ x: x - AROUND.x, y: y - AROUND.y, width: width + 2 * AROUND.x, height: height + 2 * AROUND.y });
const textOf = (glyphs: readonly ReadGlyph[]): string => glyphs.map((g) => (g.after ? ' ' : '') + g.char).join('').trim();

/** Reads the place of an approved value in the photo; undefined: the reader cannot tell. */
export async function readElement(page: Readable, element: Pick<KeyElement, 'kind' | 'value' | 'x' | 'y' | 'width' | 'height'>): Promise<Reading | undefined> {
  if (element.width > LONGEST_MM) return undefined;
  const { kind } = element;
  const only = FIGURES[kind] ?? '';
  const script = only === '' ? page.script : 'eng';
  const box = padded(element);
  const read = await recognise(page.seen, page.scale, box, script, 'line', only);
  const [approved, found] = [plain(element.value, kind), plain(textOf(read), kind)];
  if (found === approved) return { text: element.value, others: [] };
  // What the reader cannot read where it stands as approved (its Chinese has no 柒 and no 捌), it says nothing about here.
  const control = await recognise(page.expected, page.scale, box, script, 'line', only);
  if (plain(textOf(control), kind) !== approved) return undefined;
  return { text: textOf(read), others: surely(read, approved, kind) };
}

/** As many characters as approved, some of them others: a figure or letter for a figure or letter, each read surely. Empty: not so. */
function surely(read: readonly ReadGlyph[], approved: string, kind: ElementKind): { at: number; char: string }[] {
  const found = read.flatMap((g) => [...plain(g.char, kind)].map((char) => ({ char, sure: g.sure })));
  const wanted = [...approved];
  if (found.length !== wanted.length) return [];
  const others = found.flatMap(({ char, sure }, at) => (char === wanted[at] ? [] : [{ at, char, sure }]));
  return others.every(({ at, char, sure }) => sure >= SURE && /^\w\w$/.test(char + wanted[at]!)) ? others.map(({ at, char }) => ({ at, char })) : [];
}

/** What the photo has at a difference; undefined: too long to be read. */
export async function readPlace(page: Readable, box: Box): Promise<string | undefined> {
  if (box.width > LONGEST_MM || box.height > 14) return undefined;
  return textOf(await recognise(page.seen, page.scale, padded(box), page.script, 'line'));
}

/** Shares of full ink of a place: below, what was approved there is not there at all. */
const OPEN = 0.2;

/** Whether the place of an approved value is bare in the photo. */
export function isBare({ seen, expected, scale }: Readable, box: Box): boolean {
  let [has, wants] = [0, 0];
  const [x0, y0, x1, y1] = [box.x, box.y, box.x + box.width, box.y + box.height].map((v) => Math.round(v * scale)) as [number, number, number, number];
  for (let y = Math.max(0, y0); y < Math.min(seen.height, y1); y++)
    for (let x = Math.max(0, x0); x < Math.min(seen.width, x1); x++) {
      const i = y * seen.width + x;
      // Light left uneven is not print.
      has += Math.max(0, 0.93 - seen.data[i]!);
      wants += Math.max(0, 0.93 - expected.data[i]!);
    }
  return wants > 0 && has / wants < OPEN;
}

/** More cells than this are not read one by one; higher ones hold more than a line. */
const CELLS = { most: 80, lineMm: 11, inset: 0.7 } as const;

/**
 * The characters of a page that has none of its own (a scan), read off its picture. Chinese first; a page with hardly any
 * is read again as English. Cells of tables are read one by one: between rules the reader finds no lines by itself.
 */
export async function readPage(page: ApprovedPage): Promise<Glyph[]> {
  const { picture, widthMm, heightMm } = page;
  const scale = picture.width / widthMm;
  const all = { x: 0, y: 0, width: widthMm, height: heightMm };
  let read = await recognise(picture, scale, all, 'chi_sim', 'page');
  const han = read.filter((g) => /\p{Script=Han}/u.test(g.char)).length;
  const script: Script = read.length > 0 && han < 0.1 * read.length ? 'eng' : 'chi_sim';
  if (script === 'eng') read = await recognise(picture, scale, all, 'eng', 'page');
  const { tables } = layoutOf(page);
  const cells = tables.flatMap((table) => table.cells);
  if (cells.length > 0 && cells.length <= CELLS.most) {
    read = read.filter((g) => !tables.some((table) => meets(table, g)));
    for (const { x, y, width, height } of cells) {
      const inner = { x: x + CELLS.inset, y: y + CELLS.inset, width: width - 2 * CELLS.inset, height: height - 2 * CELLS.inset };
      if (hasInk(picture, scale, inner)) read.push(...(await recognise(picture, scale, inner, script, height < CELLS.lineMm ? 'line' : 'page')));
    }
  }
  return read.filter((g) => g.sure > 30 && g.width > 0 && g.height > 0).map(({ char, x, y, width, height }) => ({ char: MISREAD[char] ?? char, x, y, width, height }));
}

/** Brackets that the Chinese model takes for others. */
const MISREAD: Readonly<Record<string, string>> = { '〈': '（', '〉': '）' };

function hasInk(picture: Plane, scale: number, box: Box): boolean {
  let ink = 0;
  for (let y = Math.ceil(box.y * scale); y < (box.y + box.height) * scale; y++)
    for (let x = Math.ceil(box.x * scale); x < (box.x + box.width) * scale; x++) if (picture.data[y * picture.width + x]! < 0.6) ink++;
  return ink > 0.25 * scale * scale;
}

export { scriptOf };
