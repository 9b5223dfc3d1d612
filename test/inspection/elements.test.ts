/** Key elements, amounts in two ways and open places: what is found in text with places, without any photo. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { capitalsToCents, contradictions, figuresToCents, keyElements, notesOf, openSpots, readApproved, type ApprovedPage, type Glyph } from '../../host-bridge/inspection';

/** A page with lines of text: Chinese characters 4 mm wide, others 2; a tab is a wide gap. */
function page(...lines: string[]): ApprovedPage {
  const glyphs: Glyph[] = [];
  lines.forEach((text, row) => {
    let x = 20;
    for (const char of text) {
      const width = /[\u2e80-\uffef]/.test(char) ? 4 : 2;
      if (char === '\t') x += 16;
      else {
        if (char !== ' ') glyphs.push({ char, x, y: 20 + row * 8, width: width * 0.95, height: 3.6 });
        x += width;
      }
    }
  });
  const picture = { width: 210, height: 297, data: new Float32Array(210 * 297).fill(1) };
  for (const g of glyphs) picture.data[Math.round(g.y) * 210 + Math.round(g.x)] = 0;
  return { number: 1, widthMm: 210, heightMm: 297, picture, glyphs };
}

test.each([
  ['人民币', undefined], ['壹元整', 100], ['壹拾叁万陆仟伍佰陆拾元整', 13656000], ['拾元', 1000], ['贰万贰仟柒佰陆拾元整', 2276000], ['壹佰零伍元叁角贰分', 10532],
  ['伍角', undefined], ['壹亿零叁拾万元整', 10030000000], ['玖仟万元整', 9000000000], ['壹贰元', undefined], ['壹仟佰元', undefined], ['零元整', 0], ['叁万零伍元零捌分', 3000508], ['壹佰仟元', undefined],
])('%s is %p hundredths', (text, cents) => {
  expect(capitalsToCents(text)).toBe(cents);
});

test('every amount below ten million reads back as it was written in capitals', () => {
  const digits = '零壹贰叁肆伍陆柒捌玖';
  const write = (n: number): string => {
    const section = (m: number): string => [...String(m).padStart(4, '0')].map((d, i) => (d === '0' ? '零' : digits[Number(d)] + ['仟', '佰', '拾', ''][i])).join('').replace(/零+/g, '零').replace(/零$/, '');
    const [high, low] = [Math.floor(n / 10_000), n % 10_000];
    return `${high > 0 ? `${section(high).replace(/^零/, '')}万` : ''}${low > 0 ? (high > 0 ? section(low) : section(low).replace(/^零/, '')) : ''}`;
  };
  for (let n = 1; n < 10_000_000; n = Math.floor(n * 1.013) + 7) expect([n, capitalsToCents(`${write(n)}元整`)]).toEqual([n, n * 100]);
  expect(figuresToCents('1,234.5')).toBe(123450);
  expect(figuresToCents('12', true)).toBe(12000000);
});

test('parties, numbers, dates, names and amounts are found by name, with their places', () => {
  const found = keyElements(page('合同编号：HT-2025-0081', '甲方（买方）：北京明河科技有限公司\t签订日期：2025年3月18日', '法定代表人：周以宁', 'Party B: Harbour Testing Ltd.', '账 号：6222 0210 0111 1234 567', '总价¥136,560.00（大写：壹拾叁万陆仟伍佰陆拾元整）', 'Payment of USD 9,800.50 by 12 March 2026.'));
  expect(found.map(({ kind, value, cents }) => [kind, value, cents])).toEqual([
    ['contract-number', 'HT-2025-0081', undefined],
    ['party', '北京明河科技有限公司', undefined],
    ['date', '2025年3月18日', undefined],
    ['name', '周以宁', undefined],
    ['party', 'Harbour Testing Ltd.', undefined],
    ['account-number', '6222 0210 0111 1234 567', undefined],
    ['amount', '¥136,560.00', 13656000],
    ['amount-in-capitals', '壹拾叁万陆仟伍佰陆拾元整', 13656000],
    ['amount', 'USD 9,800.50', 980050],
    ['date', '12 March 2026', undefined],
  ]);
  const number = found[0];
  expect(number.x).toBeCloseTo(40, 0);
  expect(number.y).toBeCloseTo(20, 0);
  expect(number.width).toBeCloseTo(24, 0);
});

test('an amount in capitals that no figures equal, or that is no number, is told; one broken over two lines is read whole', () => {
  const said = (...lines: string[]): string[] => contradictions(keyElements(page(...lines))).map((e) => e.value);
  expect(said('¥68,280.00（大写：陆万', '捌仟贰佰捌拾元整）')).toEqual([]);
  expect(said('¥68,280.00（大写：陆万捌仟贰佰元整）')).toEqual(['陆万捌仟贰佰元整']);
  expect(said('¥68,280.00（大写：陆万捌捌仟元整）')).toEqual(['陆万捌捌仟元整']);
});

test('open places are found beside what they are for; signature lines are meant to be open', () => {
  const spots = (...lines: string[]): string[] => openSpots(page(...lines)).map((s) => `${s.kind} ${s.label}`.trim());
  expect(spots('甲方：________', '签订日期：2025年  月  日', '金额：\t\t', '甲方：北京明河科技有限公司', '2025年3月18日')).toEqual(['line 甲方：', 'date 2025年月日', 'label 金额']);
  expect(spots('授权代表（签字）：', '（盖章）：')).toEqual([]);
  expect(spots('目录 第一章............................ 3')).toEqual([]);
  expect(openSpots(page())).toMatchObject([{ kind: 'blank-page' }]);
});

test('the contract of the demo says nothing two ways and leaves nothing open', async () => {
  const pages = await readApproved(readFileSync(path.resolve(__dirname, '../../sim/assets/contract-zh.pdf')));
  expect(notesOf(pages)).toEqual([]);
  const elements = pages.flatMap(keyElements);
  expect(elements.filter((e) => e.kind === 'party').map((e) => e.value)).toEqual(['北京明河科技有限公司', '苏州岚屿测控设备有限公司', '北京明河科技有限公司', '苏州岚屿测控设备有限公司']);
  expect(elements.filter((e) => e.kind === 'amount-in-capitals')).toHaveLength(4);
});
