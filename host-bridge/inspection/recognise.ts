/**
 * Text recognition, Chinese and English: Tesseract as WebAssembly with language data from the installation. No network, no
 * process of its own: it runs in the one that looks at photos, which is bounded and watched (service.ts).
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { Glyph } from './approved';
import type { Plane } from './plane';
import type { Box } from './text';

export type Script = 'chi_sim' | 'eng';

/** A character that was read: its box in mm, and how sure the reader is of it, 0..100. */
export interface ReadGlyph extends Glyph {
  sure: number;
  /** A blank stands before it. */
  after?: boolean;
}

/** What is used of the module: the package has no types. */
interface Tesseract {
  FS: { writeFile(name: string, data: Uint8Array): void; unlink(name: string): void };
  TessBaseAPI: new () => TessApi;
}
interface TessApi {
  /** 0: ready. `mode` 1: the neural network only. */
  Init(folder: null, languages: string, mode: number, config?: string): number;
  SetVariable(name: string, value: string): boolean;
  /** Reads /input. 1: it cannot. */
  SetImageFile(exif: number, angle: number): number;
  Recognize(monitor: null): number;
  GetJSONText(): string;
  Clear(): void;
}
interface Told {
  blocks?: { paragraphs: { lines: { words: { symbols: { text: string; confidence: number; bbox: { x0: number; y0: number; x1: number; y1: number } }[] }[] }[] }[] }[];
}

/** The integer models made from the best ones: on the corpus as good as those of twelve times the size, in a third less time (README.md). */
const DATA = '4.0.0_best_int';

let engine: Promise<Tesseract> | undefined;
const readers = new Map<Script, Promise<TessApi>>();

async function load(script: Script): Promise<TessApi> {
  const core = require('tesseract.js-core/tesseract-core-simd-lstm') as (options: object) => Promise<Tesseract>;
  const silent = (): undefined => undefined;
  engine ??= core({ print: silent, printErr: silent });
  const module = await engine;
  const packed = readFileSync(path.join(path.dirname(require.resolve(`@tesseract.js-data/${script}`)), DATA, `${script}.traineddata.gz`));
  module.FS.writeFile(`./${script}.traineddata`, await promisify(gunzip)(packed));
  const api = new module.TessBaseAPI();
  if (api.Init(null, script, 1) !== 0) throw new Error(`language data of ${script}`);
  module.FS.unlink(`./${script}.traineddata`);
  return api;
}

/** One line of print, or a whole page with its blocks. */
export type Shape = 'line' | 'page';
const MODES: Readonly<Record<Shape, string>> = { line: '7', page: '3' };
/** Pixels around a line, for the reader wants paper on all sides. */
const MARGIN = 10;

/**
 * Reads a part of a page. @param picture the page, 0 black, 1 white, @param scale its pixels a mm, @param box what is read,
 * mm; places of the characters come back in mm of the page. @param only characters that can be at all, where that is known
 */
export async function recognise(picture: Plane, scale: number, box: Box, script: Script, shape: Shape, only = ''): Promise<ReadGlyph[]> {
  let reader = readers.get(script);
  if (!reader) readers.set(script, (reader = load(script)));
  const api = await reader;
  const module = await engine!;
  const x0 = Math.max(0, Math.floor(box.x * scale));
  const y0 = Math.max(0, Math.floor(box.y * scale));
  const width = Math.min(picture.width, Math.ceil((box.x + box.width) * scale)) - x0;
  const height = Math.min(picture.height, Math.ceil((box.y + box.height) * scale)) - y0;
  if (width < 4 || height < 4) return [];
  module.FS.writeFile('/input', greyMap(picture, x0, y0, width, height));
  api.SetVariable('tessedit_pageseg_mode', MODES[shape]);
  api.SetVariable('tessedit_char_whitelist', only);
  if (api.SetImageFile(1, 0) === 1) throw new Error('the picture for the reader');
  api.Recognize(null);
  const told = JSON.parse(api.GetJSONText()) as Told;
  api.Clear();
  const out: ReadGlyph[] = [];
  for (const block of told.blocks ?? []) for (const paragraph of block.paragraphs) for (const line of paragraph.lines) {
    let last = -Infinity;
    line.words.forEach(({ symbols }, word) => symbols.forEach(({ text, confidence, bbox }, i) =>
      {
        // The network knows the order of characters better than their places.
        last = Math.max(last + 0.02, (x0 + bbox.x0 - MARGIN) / scale);
        out.push({
          char: text, sure: confidence, ...(i === 0 && word > 0 && script === 'eng' ? { after: true } : {}),
          x: last, y: (y0 + bbox.y0 - MARGIN) / scale, width: Math.max(0.02, (x0 + bbox.x1 - MARGIN) / scale - last), height: (bbox.y1 - bbox.y0) / scale,
        });
      }));
  }
  return out;
}

/** A portable grey map (PGM), which the reader's own library takes without a decoder. */
function greyMap(picture: Plane, x0: number, y0: number, width: number, height: number): Uint8Array {
  const [w, h] = [width + 2 * MARGIN, height + 2 * MARGIN];
  const head = Buffer.from(`P5\n${w} ${h}\n255\n`);
  const out = Buffer.alloc(head.length + w * h, 255);
  head.copy(out);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const v = picture.data[(y0 + y) * picture.width + x0 + x]! * 255 + 0.5;
      out[head.length + (y + MARGIN) * w + x + MARGIN] = v < 0 ? 0 : v > 255 ? 255 : v;
    }
  return out;
}

/** What a page is written in, by its characters. */
export const scriptOf = (glyphs: readonly Pick<Glyph, 'char'>[]): Script => (glyphs.some((g) => /\p{Script=Han}/u.test(g.char)) ? 'chi_sim' : 'eng');
