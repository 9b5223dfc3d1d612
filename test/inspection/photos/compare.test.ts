/** The comparison on real photos of the simulator's camera: few pages, every kind of answer. The whole table: corpus/. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { inspect, prepare, readApproved, readPhoto, type ApprovedPage, type Inspection, type Prepared } from '../../host-bridge/inspection';
import { Page, PhotoScene } from '../../sim/paper';
import type { Picture } from '../../sim/paper/picture';
import { CONDITIONS, printed, shot } from './corpus/conditions';
import { tamper, type Tamper } from './corpus/tamper';

const file = path.resolve(__dirname, '../../sim/assets/contract-zh.pdf');
const REFERENCE = { width: 2048, height: 1536 };

let pages: ApprovedPage[];
let prepared: Prepared;
let sheet: Page;

beforeAll(async () => {
  pages = await readApproved(readFileSync(file));
  prepared = await prepare(pages);
  sheet = await Page.print(file, { page: 1, dpi: 250 });
});

async function photographed(picture: Picture, seed: number, size = REFERENCE, condition = CONDITIONS[0]!): Promise<Buffer> {
  const page = new Page(`sheet ${seed}`, sheet.widthMm, sheet.heightMm, await printed(picture, sheet.widthMm, condition, seed), 250);
  return shot(await new PhotoScene(seed).jpeg({ ...size, page, photo: 1 }), condition, seed);
}

const judged = async (jpeg: Buffer, page?: number): Promise<Inspection> => (await inspect(await readPhoto(jpeg), prepared, page === undefined ? {} : { page })).inspection;
const named = (name: string): (typeof CONDITIONS)[number] => CONDITIONS.find((one) => one.name === name)!;

test('the approved page is the same, lying on its side as the tray holds it, and it is known which page it is', async () => {
  const first = await judged(await photographed(sheet.picture!, 3));
  expect(first).toMatchObject({ verdict: 'same', page: 1, pages: 2, turned: 3, reasons: [], findings: [] });
  const second = await Page.print(file, { page: 2, dpi: 250 });
  expect(await judged(await photographed(second.picture!, 4))).toMatchObject({ verdict: 'same', page: 2 });
});

test.each(['other printer', 'curled', 'all a little'])('an honest page under "%s" is the same', async (name) => {
  expect(await judged(await photographed(sheet.picture!, 5, REFERENCE, named(name)))).toMatchObject({ verdict: 'same', reasons: [] });
});

test.each<Tamper>(['digit', 'digit-alike', 'character', 'point', 'erased', 'added', 'line-replaced'])('a page with a changed %s is different, and the box is where it was changed', async (kind) => {
  const changed = tamper({ picture: sheet.picture!, widthMm: sheet.widthMm, glyphs: pages[0]!.glyphs }, kind, 21)!;
  const result = await judged(await photographed(changed.picture, 6));
  expect(result.verdict).toBe('different');
  const hit = result.findings.some((f) => f.x < changed.x + changed.width + 1 && f.x + f.width > changed.x - 1 && f.y < changed.y + changed.height + 1 && f.y + f.height > changed.y - 1);
  expect({ what: changed.what, hit }).toEqual({ what: changed.what, hit: true });
  for (const f of result.findings) expect(f.text.zh.length * f.text.en.length).toBeGreaterThan(0);
});

test('a blank sheet, another document and the other page of the same one are told apart', async () => {
  const blank = { ...sheet.picture!, rgb: new Uint8Array(sheet.picture!.rgb.length).fill(255) };
  expect(await judged(await photographed(blank, 7))).toMatchObject({ verdict: 'different', reasons: [{ code: 'BLANK' }] });
  const other = await Page.print(path.resolve(__dirname, '../../sim/assets/contract-en.pdf'), { page: 1, dpi: 250 });
  expect(await judged(await photographed(other.picture!, 8))).toMatchObject({ verdict: 'different', reasons: [{ code: 'OTHER_PAGE' }] });
  expect(await judged(await photographed(sheet.picture!, 9), 2)).toMatchObject({ verdict: 'different', page: 1, reasons: [{ code: 'WRONG_PAGE' }] });
});

test('a photo too poor to judge is unreadable, with advice, whatever it shows', async () => {
  expect(await judged(await photographed(sheet.picture!, 10, { width: 1024, height: 768 }))).toMatchObject({ verdict: 'unreadable', reasons: [{ code: 'SMALL' }] });
  expect(await judged(await photographed(sheet.picture!, 10, REFERENCE, named('blurred')))).toMatchObject({ verdict: 'unreadable', reasons: [{ code: 'BLURRED' }] });
  expect(await judged(await photographed(sheet.picture!, 10, REFERENCE, named('glare')))).toMatchObject({ verdict: 'unreadable' });
  const empty = await new PhotoScene(1).jpeg({ ...REFERENCE, photo: 1 });
  expect(await judged(empty)).toMatchObject({ verdict: 'unreadable', reasons: [{ code: 'NO_SHEET' }] });
  const covered = await new PhotoScene(1).jpeg({ ...REFERENCE, photo: 1, covered: true });
  expect(await judged(covered)).toMatchObject({ verdict: 'unreadable' });
});
