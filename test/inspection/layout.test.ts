/** Lines to sign on, tables and blocks: found in a page's own picture, and nothing else taken for them. */
import type { ApprovedPage, Glyph } from '../../host-bridge/inspection';
import { layoutOf, placeOf } from '../../host-bridge/inspection/layout';

const SCALE = 6;

/** A page of A4 with lines of text (mm) and rules (mm, half a millimetre thick). */
function page(text: [string, number, number][], rules: [x: number, y: number, width: number, height: number][]): ApprovedPage {
  const glyphs: Glyph[] = text.flatMap(([line, x, y]) => [...line].map((char, i) => ({ char, x: x + 4 * i, y, width: 3.8, height: 3.6 })).filter((g) => g.char !== ' '));
  const [width, height] = [210 * SCALE, 297 * SCALE];
  const data = new Float32Array(width * height).fill(1);
  for (const [x, y, w, h] of rules) for (let j = Math.round(y * SCALE); j < Math.round((y + h) * SCALE); j++) data.fill(0, j * width + Math.round(x * SCALE), j * width + Math.round((x + w) * SCALE));
  return { number: 1, widthMm: 210, heightMm: 297, picture: { width, height, data }, glyphs };
}

const rounded = (boxes: readonly { x: number; y: number; width: number }[]): number[][] => boxes.map((b) => [b.x, b.y, b.width].map(Math.round));

test.each(['授权代表：', '甲方（盖章）：', '签字：', 'Signature:', 'Authorised by:'])('the rule behind “%s” is a line to sign on', (label) => {
  const width = 4 * [...label].length;
  const layout = layoutOf(page([[label, 20, 200]], [[22 + width, 204, 50, 0.5]]));
  expect(rounded(layout.signatureLines)).toEqual([[22 + width, 204, 50]]);
  expect(placeOf(layout, { x: 30 + width, y: 198, width: 10, height: 4 })).toBe('signature');
  expect(placeOf(layout, { x: 30 + width, y: 120, width: 10, height: 4 })).toBeUndefined();
});

test('the rule above its label is one too; rules under headings, across the page, too short, or far from a label are none', () => {
  const lines = (text: [string, number, number][], ...rules: [number, number, number, number][]): number => layoutOf(page(text, rules)).signatureLines.length;
  expect(lines([['Signature', 40, 206]], [40, 203, 50, 0.5])).toBe(1);
  expect(lines([['第一条 付款', 20, 100]], [20, 105, 50, 0.5])).toBe(0);
  expect(lines([['签字：', 20, 200]], [20, 205, 170, 0.5])).toBe(0);
  expect(lines([['签字：', 20, 200]], [34, 204, 12, 0.5])).toBe(0);
  expect(lines([['签字：', 20, 200]], [34, 240, 50, 0.5])).toBe(0);
  expect(lines([['签字：', 20, 200]], [120, 204, 50, 0.5])).toBe(0);
});

test('a rule of a table is no line to sign on, and what stands in the table is no block', () => {
  const rules: [number, number, number, number][] = [[20, 100, 90, 0.5], [20, 112, 90, 0.5], [20, 124, 90, 0.5], [20, 100, 0.5, 24.5], [60, 100, 0.5, 24.5], [109.5, 100, 0.5, 24.5]];
  const layout = layoutOf(page([['签字', 24, 104], ['付款方式', 20, 60]], rules));
  expect(layout.signatureLines).toEqual([]);
  expect(layout.tables).toHaveLength(1);
  expect(rounded(layout.tables[0].cells)).toEqual([[20, 100, 40], [60, 100, 50], [20, 112, 40], [60, 112, 50]]);
  expect(rounded(layout.blocks)).toEqual([[20, 60, 16]]);
  expect(placeOf(layout, { x: 70, y: 115, width: 5, height: 3 })).toBe('table');
});

test('lines that follow each other are one block; a gap begins another', () => {
  const layout = layoutOf(page([['甲方应当在收到', 20, 40], ['发票后付款', 20, 46], ['乙方应当交货', 20, 70], ['备注', 120, 46]], []));
  const blocks = layout.blocks.map((b) => [b.x, b.y, b.height].map((v) => Math.round(v * 10) / 10)).sort((a, b) => a[1] - b[1] || a[0] - b[0]);
  // One row of print is one line, wherever on it words stand; so the note joins the line beside it.
  expect(blocks).toEqual([[20, 40, 9.6], [20, 70, 3.6]]);
});
