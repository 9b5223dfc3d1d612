/** A reader that errs, and is sure of it: the strokes of the photo decide whether it is believed. Photos are real, the reader is not. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { keyElements } from '../../../host-bridge/inspection/elements';
import { compare, layOut, prepare, type Laid } from '../../../host-bridge/inspection/compare';
import type { Model } from '../../../host-bridge/inspection/model';
import { readBack } from '../../../host-bridge/inspection/read-back';
import type { ReadGlyph } from '../../../host-bridge/inspection/recognise';
import { readApproved, readPhoto, type ApprovedPage } from '../../../host-bridge/inspection';
import { Page, PhotoScene } from '../../../sim/paper';

const file = path.resolve(__dirname, '../../../sim/assets/contract-zh.pdf');
const VALUE = '103,200.00';
/** What the reader says of the photo, and of the approved page, at whatever place. */
let says: { seen: string; expected: string };
let seen: unknown;
jest.mock('../../../host-bridge/inspection/recognise', () => ({
  ...jest.requireActual<object>('../../../host-bridge/inspection/recognise'),
  recognise: (picture: unknown): Promise<ReadGlyph[]> => Promise.resolve([...(picture === seen ? says.seen : says.expected)].map((char, x) => ({ char, x, y: 0, width: 1, height: 1, sure: 99 }))),
}));

let page: ApprovedPage;
let sheet: Page;
beforeAll(async () => {
  page = (await readApproved(readFileSync(file)))[0]!;
  sheet = await Page.print(file, { page: 1, dpi: 220 });
}, 60_000);

async function laidOf(paper: Page): Promise<{ laid: Laid; model: Model }> {
  const laid = await layOut(await readPhoto(await new PhotoScene(8).jpeg({ width: 2048, height: 1536, page: paper, photo: 1 })), await prepare([page]));
  if (typeof laid === 'string') throw new Error(laid);
  return { laid, model: compare(laid).model };
}
/** What comes of it where no stroke differed enough. */
async function told({ laid, model }: { laid: Laid; model: Model }, read: string): Promise<[string, string | undefined, number]> {
  seen = model.seen;
  says = { seen: read, expected: VALUE };
  const key = keyElements(page).find(({ value }) => value.endsWith(VALUE))!;
  const { elements: [element], more } = await readBack(laid, model, [key], () => false, [], () => []);
  return [element!.state, element!.seen, more.length];
}

test('an amount that stands there as approved is the same, whatever the reader says; where no other place shows that figure, the reader is believed', async () => {
  const honest = await laidOf(sheet.copy('honest'));
  expect(await told(honest, VALUE)).toEqual(['same', undefined, 0]);
  // A 2 for the 3, a 5 for the 2, both at once: the page has all of them elsewhere, and they fit worse.
  for (const read of ['102,200.00', '105,200.00', '102,500.00']) expect(await told(honest, read)).toEqual(['same', undefined, 0]);
  for (const glyph of page.glyphs) if (glyph.char === '5') glyph.char = 'x';
  expect(await told(honest, '105,200.00')).toEqual(['different', '105,200.00', 1]);
}, 120_000);

test('one glyph that is several characters leads to no other place: then the strokes say nothing against the reader', async () => {
  const honest = await laidOf(sheet.copy('joined'));
  const first = page.glyphs.map((g) => g.char).join('').indexOf(VALUE);
  const glyphs = page.glyphs.slice();
  try {
    // As a text layer may have it: ⑩ (NFKC 10) for the first two figures.
    const [one, zero] = [glyphs[first]!, glyphs[first + 1]!];
    page.glyphs.splice(first, 2, { ...one, char: '⑩', width: zero.x + zero.width - one.x });
    says = { seen: '103,200.05', expected: VALUE };
    seen = honest.model.seen;
    const key = { kind: 'amount' as const, page: 1, value: VALUE, x: one.x, y: one.y, width: glyphs[first + VALUE.length - 1]!.x + glyphs[first + VALUE.length - 1]!.width - one.x, height: one.height };
    const { elements: [element] } = await readBack(honest.laid, honest.model, [key], () => false, [], () => []);
    expect(element).toMatchObject({ state: 'different', seen: '103,200.05' });
  } finally {
    page.glyphs.splice(0, page.glyphs.length, ...glyphs);
  }
}, 120_000);

test('an amount that was changed is not the same, though no stroke was found to differ', async () => {
  const changed = sheet.copy('changed');
  const first = page.glyphs.map((g) => g.char).join('').indexOf(VALUE);
  const [three, two] = [page.glyphs[first + 2]!, page.glyphs[first + 4]!];
  const { rgb, width } = changed.picture!;
  const s = changed.dpi / 25.4;
  const source = rgb.slice();
  for (let y = -0.3 * s; y < (two.height + 0.3) * s; y++)
    for (let x = -0.1 * s; x < (two.width + 0.1) * s; x++)
      for (let c = 0; c < 3; c++) rgb[(Math.round(three.y * s + y) * width + Math.round(three.x * s + x)) * 3 + c] = source[(Math.round(two.y * s + y) * width + Math.round(two.x * s + x)) * 3 + c]!;
  expect(await told(await laidOf(changed), '102,200.00')).toEqual(['different', '102,200.00', 1]);
}, 120_000);
