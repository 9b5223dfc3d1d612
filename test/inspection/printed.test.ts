/** How large the print of a page is, by what the page shows and not by what its text layer says. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { readApproved, type ApprovedPage } from '../../host-bridge/inspection';
import { letterMm, printedGlyphs } from '../../host-bridge/inspection/text';

let pages: ApprovedPage[];
beforeAll(async () => {
  pages = (await Promise.all(['contract-zh.pdf', 'contract-en.pdf'].map((name) => readApproved(readFileSync(path.resolve(__dirname, '../../sim/assets', name)))))).flat();
}, 120_000);

test('of honest pages every figure and letter counts', () => {
  const counted = /[0-9acemnorsuvwxz]/;
  for (const page of pages) {
    const print = printedGlyphs(page, page.glyphs).filter(({ char }) => counted.test(char));
    expect(print).toHaveLength(page.glyphs.filter(({ char }) => counted.test(char)).length);
    expect(letterMm(print)).toBe(letterMm(page.glyphs));
  }
});

test.each<[string, (page: ApprovedPage, i: number) => { x: number; y: number }]>([
  ['on bare paper', (page, i) => ({ x: 2 + (i % 40) * 4, y: page.heightMm - 8 })],
  ['over the print', (page, i) => ({ x: page.glyphs[i % page.glyphs.length]!.x - 0.5, y: page.glyphs[i % page.glyphs.length]!.y - 1 })],
])('large characters of the text layer that nobody sees, %s, make no print larger', (_where, at) => {
  const small = pages.find((page) => Number.isFinite(letterMm(page.glyphs)))!;
  const honest = letterMm(small.glyphs);
  const hidden = Array.from({ length: 5000 }, (_, i) => ({ char: i % 2 === 0 ? '8' : 'a', ...at(small, i), width: 4, height: Math.max(5, 2.2 * honest) }));
  expect(letterMm([...small.glyphs, ...hidden])).toBeGreaterThan(2 * honest);
  const print = printedGlyphs(small, [...small.glyphs, ...hidden]);
  expect(letterMm(print)).toBeLessThan(1.1 * honest);
});
