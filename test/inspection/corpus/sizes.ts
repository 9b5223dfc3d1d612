/**
 * How small a changed figure is still found, and how many pixels of it the camera must show: a page of figures in graded sizes, in each size
 * some of them changed into others that look alike, photographed at graded resolutions under good conditions.
 *
 *   node dist/test/inspection/corpus/sizes.js [--widths 1600,2048,2592] [--conditions plain,soft] > sizes.md
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { inspect, prepare, readApproved, readPhoto, type Glyph } from '../../../host-bridge/inspection';
import { meets } from '../../../host-bridge/inspection/text';
import { Page, PhotoScene } from '../../../sim/paper';
import { seededRandom } from '../../../sim/world/random';
import { CONDITIONS, printed, shot } from './conditions';
import { lineOf, pageOf } from './page';
import { DPI, print } from './sheet';
import { ALIKE, put } from './tamper';

/** Sizes of type, points, and lines of each; in each line one figure is changed. */
const SIZES = [3, 4, 5, 6, 7, 8, 9, 10.5] as const;
const LINES = 3;

/** A page of A4 with lines of amounts. */
function pdf(): { data: Buffer; bands: { points: number; from: number; to: number }[] } {
  const random = seededRandom(11);
  const digit = (): number => Math.floor(random.fraction() * 10);
  const bands: { points: number; from: number; to: number }[] = [];
  let text = '';
  let y = 22;
  for (const points of SIZES) {
    const from = y - 3;
    for (let line = 0; line < LINES; line++, y += 6 + points * 0.2) {
      const amounts = Array.from({ length: Math.floor(155 / (points * 2.4)) }, () => `${1 + (digit() % 9)},${digit()}${digit()}${digit()},${digit()}${digit()}${digit()}.${digit()}${digit()}`);
      text += lineOf(points, 20, y, amounts.join('   '));
    }
    bands.push({ points, from, to: y - 3 });
    y += 3;
  }
  return { data: pageOf(text), bands };
}

interface Found {
  points: number;
  heights: number[];
  of: number;
  found: number;
}

const listed = (name: string, otherwise: string): string[] => {
  const at = process.argv.indexOf(`--${name}`);
  return (at < 0 ? otherwise : (process.argv[at + 1] ?? otherwise)).split(',');
};

async function main(): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'smartseal-sizes-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const file = path.join(folder, 'sizes.pdf');
  const { data, bands } = pdf();
  writeFileSync(file, data);
  const pages = await readApproved(readFileSync(file));
  const prepared = await prepare(pages);
  const { glyphs } = pages[0]!;
  const sheet = await print(file, 1);
  const scale = DPI / 25.4;
  const out: string[] = ['| figures of | tall, mm |'];
  const columns: { head: string; cells: string[] }[] = [];
  for (const width of listed('widths', '1600,2048,2592').map(Number)) {
    const rows: Found[] = bands.map(({ points }) => ({ points, heights: [], of: 0, found: 0 }));
    let pixels = 0;
    let seed = 40;
    for (const condition of CONDITIONS.filter(({ name }) => listed('conditions', 'plain,soft,noisy,jpeg 55').includes(name))) {
      const random = seededRandom(++seed);
      const picture = { ...sheet.picture!, rgb: sheet.picture!.rgb.slice() };
      const changes: { row: Found; glyph: Glyph; into: string }[] = [];
      bands.forEach(({ from, to }, i) => {
        const digits = glyphs.filter((g) => /\d/.test(g.char) && g.y + g.height > from && g.y + g.height <= to);
        for (let line = 0; line < LINES; line++) {
          const mine = digits.filter((g) => g.y + g.height > from + ((to - from) * line) / LINES && g.y + g.height <= from + ((to - from) * (line + 1)) / LINES);
          const old = mine[Math.floor(random.fraction() * mine.length)];
          const other = mine.find((g) => old !== undefined && ALIKE[old.char]!.includes(g.char));
          if (!old || !other) continue;
          put(picture, sheet.picture!, scale, old, other);
          changes.push({ row: rows[i]!, glyph: old, into: other.char });
        }
      });
      const paper = new Page(`sheet ${seed}`, sheet.widthMm, sheet.heightMm, await printed(picture, sheet.widthMm, condition, seed), DPI);
      const jpeg = await shot(await new PhotoScene(seed).jpeg({ page: paper, width, height: (width * 3) / 4, photo: 1, ...(condition.photo ? { quality: 95 } : {}) }), condition, seed);
      const { inspection } = await inspect(await readPhoto(jpeg), prepared);
      process.stderr.write(`${width} ${condition.name}: ${inspection.verdict} ${inspection.reasons.map(({ code }) => code).join(' ')}, ${inspection.findings.length} boxes\n`);
      pixels = inspection.measured?.pixelsPerMm ?? pixels;
      for (const { row, glyph, into } of changes) {
        row.of++;
        row.heights.push(glyph.height);
        if (inspection.verdict === 'different' && inspection.findings.some((f) => meets(f, glyph))) row.found++;
        else process.stderr.write(`  not found: ${glyph.char}→${into}, ${row.points} pt\n`);
      }
    }
    const tall = (row: Found): number => row.heights.reduce((sum, v) => sum + v, 0) / Math.max(1, row.heights.length);
    if (columns.length === 0) columns.push({ head: '', cells: rows.map((row) => `${row.points} pt | ${tall(row).toFixed(2)}`) });
    columns.push({ head: `${width} × ${(width * 3) / 4} (${pixels.toFixed(1)} px/mm)`, cells: rows.map((row) => `${row.found} of ${row.of} (${(tall(row) * pixels).toFixed(0)} px)`) });
  }
  out[0] += columns.slice(1).map(({ head }) => ` ${head} |`).join('');
  out.push(`| --- | --- |${columns.slice(1).map(() => ' --- |').join('')}`);
  columns[0]!.cells.forEach((_, i) => out.push(`| ${columns.map(({ cells }) => cells[i]!).join(' | ')} |`));
  process.stdout.write(`${out.join('\n')}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
});
