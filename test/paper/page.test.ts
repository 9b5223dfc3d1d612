import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createHash } from 'node:crypto';
import type { PictureError } from '../../sim/paper';
import { Page, readFace } from '../../sim/paper';
import type { Face } from '../../sim/paper';

const assets = path.resolve(__dirname, '../../sim/assets');

/** A square ring: 20 mm outside, 14 mm inside, at 10 pixels a mm. */
function ring(): Face {
  const n = 200;
  const alpha = new Uint8Array(n * n);
  for (let y = 0; y < n; y++) for (let x = 0; x < n; x++) if (Math.max(Math.abs(x - 99.5), Math.abs(y - 99.5)) > 70) alpha[y * n + x] = 255;
  return { name: 'ring', widthMm: 20, heightMm: 20, relief: { width: n, height: n, alpha, scale: 10 } };
}

const sheet = (id: string): Page => Page.white(id, 210, 297, 100);

const pixel = (page: Page, xMm: number, yMm: number): [number, number, number] => {
  const { rgb, width } = page.picture!;
  const o = (Math.floor((yMm * page.dpi) / 25.4) * width + Math.floor((xMm * page.dpi) / 25.4)) * 3;
  return [rgb[o], rgb[o + 1], rgb[o + 2]];
};
const isRed = ([r, g, b]: [number, number, number]): boolean => r > 150 && g < r - 60 && b < r - 60;
const digest = (page: Page): string => createHash('sha256').update(page.picture!.rgb).digest('hex');

test('fanned sheets: one impression over their edges leaves ink on every one of them', () => {
  const fan = Page.fan('fan', 4, 5, 100);
  expect(fan.edges).toEqual([48, 53, 58]);
  fan.ink(ring(), 53, 80, 0, 1, 3);
  for (const x of [45.5, 50.5, 55.5, 60.5]) expect(isRed(pixel(fan, x, 71.5))).toBe(true);
  expect(pixel(fan, 48.2, 200)).toEqual([150, 150, 150]);
});

describe('an impression', () => {
  test('is red where the relief landed and leaves everything else white', () => {
    const page = sheet('p');
    page.ink(ring(), 60, 80, 0, 1, 3);
    const { rgb, width, height } = page.picture!;
    let red = 0;
    let stray = 0;
    for (let i = 0; i < width * height; i++) {
      const x = ((i % width) / page.dpi) * 25.4 - 60;
      const y = (Math.floor(i / width) / page.dpi) * 25.4 - 80;
      const colour: [number, number, number] = [rgb[i * 3], rgb[i * 3 + 1], rgb[i * 3 + 2]];
      const far = Math.max(Math.abs(x), Math.abs(y));
      if (isRed(colour)) red++;
      // The play of up to 2 degrees moves a corner by 0.5 mm at most.
      if ((far > 10.6 || far < 6.4) && colour.some((c) => c !== 255)) stray++;
    }
    const area = ((20 * 20 - 14 * 14) * (page.dpi / 25.4) ** 2);
    expect(red / area).toBeGreaterThan(0.8);
    expect(red / area).toBeLessThan(1.02);
    expect(stray).toBe(0);
  });

  test('follows the angle: a relief turned by 45 degrees reaches where the straight one does not', () => {
    const straight = sheet('a');
    const turned = sheet('b');
    straight.ink(ring(), 60, 80, 0, 1, 3);
    turned.ink(ring(), 60, 80, 45, 1, 3);
    const reddest = (page: Page): number => Math.min(...[12, 12.4, 12.8].map((d) => pixel(page, 60 + d, 80)[1]));
    expect(reddest(straight)).toBe(255);
    expect(reddest(turned)).toBeLessThan(170);
  });

  test('lies over print: black stays black', () => {
    const page = sheet('p');
    page.picture!.rgb.fill(20);
    page.ink(ring(), 60, 80, 0, 1, 3);
    for (const value of pixel(page, 51.5, 80)) expect(value).toBeLessThanOrEqual(20);
  });

  test('is fainter with less force, absent with none, and may miss the sheet', () => {
    const mean = (force: number): number => {
      const page = sheet('p');
      page.ink(ring(), 60, 80, 0, force, 3);
      return page.picture!.rgb.reduce((sum, value) => sum + (255 - value), 0);
    };
    expect(mean(0.3)).toBeLessThan(mean(1) * 0.8);
    expect(mean(0)).toBe(0);
    const page = sheet('p');
    page.ink(ring(), 209, -4, 0, 1, 3);
    page.ink(ring(), 500, 500, 0, 1, 3);
    expect(page.impressions).toHaveLength(2);
  });

  test('is the same for the same seed and another for another', () => {
    const of = (seed: number): { hash: string; angle: number } => {
      const page = sheet('p');
      const { angle } = page.ink(ring(), 60, 80, 0, 1, seed);
      return { hash: digest(page), angle };
    };
    expect(of(5)).toEqual(of(5));
    expect(of(5).hash).not.toBe(of(6).hash);
    for (const seed of [1, 2, 3, 4, 5, 6, 7, 8]) expect(Math.abs(of(seed).angle)).toBeLessThanOrEqual(2);
  });

  test('is remembered by a sheet without a picture', () => {
    const page = Page.plain('p');
    page.ink(ring(), 60, 80, 0, 1, 3);
    expect(page.impressions).toMatchObject([{ die: 'ring', x: 60, y: 80, force: 1, seed: 3 }]);
    expect(page.picture).toBeUndefined();
  });
});

describe('a page from a file', () => {
  test('the contract and the die of the demo come out in their real sizes', async () => {
    const page = await Page.print(path.join(assets, 'contract-zh.pdf'), { page: 2, dpi: 100 });
    expect(page.widthMm).toBeCloseTo(210, -1);
    expect(page.heightMm).toBeCloseTo(297, -1);
    expect(page.picture!.width).toBeCloseTo((page.widthMm * 100) / 25.4, -1);
    const dark = page.picture!.rgb.filter((value) => value < 100).length / page.picture!.rgb.length;
    expect(dark).toBeGreaterThan(0.005);
    const face = await readFace(path.join(assets, 'die-company.png'), 'company');
    expect(face.widthMm).toBeCloseTo(42, 1);
    expect(face.relief!.alpha.some((a) => a === 0) && face.relief!.alpha.some((a) => a === 255)).toBe(true);
    const twin = page.copy('twin');
    twin.ink(face, 51.4, 226.5, 0, 1, 1);
    expect(page.impressions).toHaveLength(0);
    expect(digest(page)).not.toBe(digest(twin));
    expect((await twin.toPng()).subarray(1, 4).toString()).toBe('PNG');
  });

  test('colours of a PDF are its own: red stays red', async () => {
    const draw = '1 0 0 rg 0 0 100 200 re f 0 0 1 rg 100 0 100 200 re f';
    const file = path.join(mkdtempSync(path.join(tmpdir(), 'smartseal-page-')), 'colours.pdf');
    const objects = ['<</Type/Catalog/Pages 2 0 R>>', '<</Type/Pages/Kids[3 0 R]/Count 1>>', '<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Contents 4 0 R>>', `<</Length ${draw.length}>>stream\n${draw}\nendstream`];
    const parts = ['%PDF-1.4\n', ...objects.map((o, i) => `${i + 1} 0 obj\n${o}\nendobj\n`)];
    const at = parts.map((_, i) => parts.slice(0, i).join('').length);
    const xref = `xref\n0 5\n0000000000 65535 f \n${at.slice(1).map((n) => `${String(n).padStart(10, '0')} 00000 n \n`).join('')}`;
    writeFileSync(file, `${parts.join('')}${xref}trailer\n<</Root 1 0 R/Size 5>>\nstartxref\n${parts.join('').length}\n%%EOF\n`);
    const page = await Page.print(file, { dpi: 72 });
    rmSync(path.dirname(file), { recursive: true });
    expect(pixel(page, 10, 30)).toEqual([255, 0, 0]);
    expect(pixel(page, 60, 30)).toEqual([0, 0, 255]);
  });

  test('an image is a page too; what is none ends in one line with a code', async () => {
    const page = await Page.print(path.join(assets, 'die-company.png'), { dpi: 50 });
    expect(page.widthMm).toBeGreaterThan(10);
    const code = (file: string, number = 1): Promise<string> => Page.print(file, { page: number }).then(() => 'none', (error: PictureError) => error.code);
    expect(await code(path.join(assets, 'nothing.pdf'))).toBe('PAGE_FILE_MISSING');
    expect(await code(path.join(assets, 'LICENSES.md'))).toBe('PAGE_FILE_UNREADABLE');
    expect(await code(path.join(assets, 'contract-zh.pdf'), 3)).toBe('PAGE_NUMBER');
    expect(await code(path.join(assets, 'die-company.png'), 2)).toBe('PAGE_NUMBER');
  });
});
