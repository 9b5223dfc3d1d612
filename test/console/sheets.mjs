/**
 * Contact sheets of the console's pages, small enough to read: SHOTS=FOLDER npx jest test/console/every-page && node test/console/sheets.mjs FOLDER
 * Writes docs/console/pages.LANGUAGE.SIZE.webp.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';

const folder = process.argv[2];
if (folder === undefined) throw new Error('which folder?');
const out = join(dirname(fileURLToPath(import.meta.url)), '../../docs/console');
const GAP = 12;
/** Pixels: width of a page on its sheet, its greatest height, and pages side by side. */
const FORM = { phone: { width: 234, height: 620, across: 10 }, desk: { width: 500, height: 460, across: 5 } };
/** Names of the pages in their order, as the test wrote them beside their pictures. */
const PAGES = JSON.parse(readFileSync(join(folder, 'pages.json'), 'utf8'));

/** The upper part of a page, as wide as its place. */
async function top(file, width, most) {
  const { data, info } = await sharp(file).resize({ width }).png().toBuffer({ resolveWithObject: true });
  return info.height <= most ? data : sharp(data).extract({ left: 0, top: 0, width, height: most }).png().toBuffer();
}

const there = new Set(readdirSync(folder));
for (const language of ['zh', 'en']) {
  for (const [size, { width, height, across }] of Object.entries(FORM)) {
    const files = PAGES.map((name) => `${name}.${language}.${size}.png`).filter((name) => there.has(name));
    if (files.length < PAGES.length) throw new Error(`${PAGES.length - files.length} pages are missing in ${language} on a ${size}`);
    const rows = Math.ceil(files.length / across);
    const parts = await Promise.all(files.map(async (name, index) => ({
      input: await top(join(folder, name), width, height),
      left: GAP + (index % across) * (width + GAP), top: GAP + Math.floor(index / across) * (height + GAP),
    })));
    const sheet = sharp({ create: { width: GAP + across * (width + GAP), height: GAP + rows * (height + GAP), channels: 3, background: '#8a94a3' } });
    const { size: bytes } = await sheet.composite(parts).webp({ quality: 60, effort: 6 }).toFile(join(out, `pages.${language}.${size}.webp`));
    process.stdout.write(`pages.${language}.${size}.webp ${bytes} bytes\n`);
  }
}
