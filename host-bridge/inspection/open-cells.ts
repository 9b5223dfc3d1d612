/** Cells of a table that were left empty beside, or below, the words that say what belongs there. */
import { textGlyphs, type ApprovedPage } from './approved';
import type { Table } from './layout';
import type { OpenSpot } from './unfilled';
import { linesOf, meets, type Box } from './text';

/** What a cell is called whose neighbour must not be empty: the whole of its text. */
const LABEL = /^(?:[甲乙丙丁]方(?:[（(].{0,12}[）)])?|买方|卖方|出租方|承租方|(?:合同)?(?:总)?金额(?:[（(].{0,8}[）)])?|大写(?:金额)?|小写|总价|价款|合计(?:[（(].{0,8}[）)])?|合同编号|编号|(?:签订|签约|交货)?日期|账号|帐号|开户(?:银)?行|户名|姓名|法定代表人|身份证号码?|地址|电话|party\s*[ab]|buyer|seller|name|(?:total\s*)?amount|total|date|account\s*(?:no\.?|number)?|contract\s*no\.?|address|phone)\s*[:：]?$/iu;
/** Ink below this, mm² of full black, is an empty cell: a speck. */
const EMPTY_MM2 = 0.25;
/** The cell's own rules stand this far in, mm. */
const INSET = 0.8;

export function openCells(page: ApprovedPage, tables: readonly Table[]): OpenSpot[] {
  const glyphs = textGlyphs(page);
  const out: OpenSpot[] = [];
  for (const { cells } of tables) {
    const known = cells.map((cell) => ({ cell, text: textIn(glyphs, cell), empty: inkIn(page, cell) < EMPTY_MM2 }));
    for (const { cell, text } of known) {
      if (!LABEL.test(text)) continue;
      const right = known.find((other) => Math.abs(other.cell.x - cell.x - cell.width) < 2 && overlap(other.cell.y, other.cell.height, cell.y, cell.height));
      const below = known.find((other) => Math.abs(other.cell.y - cell.y - cell.height) < 2 && overlap(other.cell.x, other.cell.width, cell.x, cell.width));
      // A label with another label to its right heads a column.
      const value = right && !LABEL.test(right.text) ? right : below;
      if (value?.empty) out.push({ page: page.number, kind: 'cell', label: text, ...value.cell });
    }
  }
  return out;
}

const overlap = (a: number, aSize: number, b: number, bSize: number): boolean => Math.min(a + aSize, b + bSize) - Math.max(a, b) > 0.5 * Math.min(aSize, bSize);

function textIn(glyphs: Parameters<typeof linesOf>[0]['glyphs'], cell: Box): string {
  const inside = glyphs.filter((g) => meets({ x: g.x + g.width / 2, y: g.y + g.height / 2, width: 0.01, height: 0.01 }, cell));
  return linesOf({ glyphs: inside }).map((line) => line.text).join('').replace(/\s+/g, ' ').trim();
}

function inkIn(page: ApprovedPage, cell: Box): number {
  const { picture, widthMm } = page;
  const scale = picture.width / widthMm;
  let ink = 0;
  for (let y = Math.ceil((cell.y + INSET) * scale); y < (cell.y + cell.height - INSET) * scale; y++)
    for (let x = Math.ceil((cell.x + INSET) * scale); x < (cell.x + cell.width - INSET) * scale; x++) {
      const v = picture.data[y * picture.width + x]!;
      if (v < 0.8) ink += 1 - v;
    }
  return ink / (scale * scale);
}
