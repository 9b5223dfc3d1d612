/** Documents that are blank, or have room left open beside a label, where somebody could write after the stamp (B7). */
import { textGlyphs, type ApprovedPage } from './approved';
import { layoutOf } from './layout';
import { openCells } from './open-cells';
import { boxOf, linesOf, meets, type Box, type Line } from './text';

export interface OpenSpot extends Box {
  page: number;
  kind: 'blank-page' | 'line' | 'date' | 'label' | 'cell';
  /** The words beside it. */
  label: string;
}

/** Labels whose value matters, with room and nothing else behind them. */
const LABELS = /((?:[甲乙丙丁]\s*方|买\s*方|卖\s*方|出租方|承租方)(?:[（(][^）)]{0,12}[）)])?|金\s*额|总\s*价|价\s*款|合同编号|签订日期|签约日期|日\s*期|账\s*号|帐\s*号|开户(?:银)?行|法定代表人|授权代表|身份证号码?|地\s*址|住\s*所|电\s*话|party\s+[AB]|buyer|seller|name|amount|date|account\s*(?:no\.?|number)|address|signature)\s*[:：]\s*$/iu;
/** A year, month or day without its number. */
const OPEN_DATE = /(?:(?:19|20)?\d{0,2}\s*年|(?<![\d一二三四五六七八九十])\s*年)\s*(?:\d{1,2})?\s*月\s*(?:\d{1,2})?\s*日/gu;
/** Where these stand at the foot of a contract, hands sign: that is meant to be open. */
const SIGNED = /签\s*[字章]|盖\s*章|签\s*名|signature|signed|seal/iu;

/** Known of pages that were looked at; of scans, as they were read then. */
const known = new WeakMap<ApprovedPage, { read: ApprovedPage['read']; spots: readonly OpenSpot[] }>();

export function openSpots(page: ApprovedPage): readonly OpenSpot[] {
  const before = known.get(page);
  if (before !== undefined && before.read === page.read) return before.spots;
  const spots = lookFor(page);
  known.set(page, { read: page.read, spots });
  return spots;
}

function lookFor(page: ApprovedPage): OpenSpot[] {
  if (isBlank(page)) return [{ page: page.number, kind: 'blank-page', label: '', x: 0, y: 0, width: page.widthMm, height: page.heightMm }];
  const lines = linesOf({ glyphs: textGlyphs(page) });
  const { tables } = layoutOf(page);
  return lines.flatMap((line) => [...underscores(line, page.number), ...openDates(line, page.number), ...openLabels(line, page, lines)]).filter((spot) => spot.kind !== 'label' || !tables.some((table) => meets(table, spot))).concat(openCells(page, tables));
}

/** Less ink than half a line of text. */
const BLANK_INK_MM2 = 10;

function isBlank(page: ApprovedPage): boolean {
  const { picture, widthMm } = page;
  let ink = 0;
  for (let i = 0; i < picture.data.length; i++) if (picture.data[i]! < 0.8) ink += 1 - picture.data[i]!;
  return ink * (widthMm / picture.width) ** 2 < BLANK_INK_MM2;
}

function underscores(line: Line, page: number): OpenSpot[] {
  return [...line.text.matchAll(/[_＿]{3,}|[.…·]{8,}/gu)]
    .filter((hit) => !/[.…·]/u.test(hit[0]) || !/\d\s*$/.test(line.text)) // a table of contents leads to a page number
    .map((hit) => ({ page, kind: 'line' as const, label: line.text.slice(Math.max(0, hit.index - 12), hit.index).trim(), ...boxOf(line, hit.index, hit[0].length) }));
}

function openDates(line: Line, page: number): OpenSpot[] {
  return [...line.text.matchAll(OPEN_DATE)]
    .filter((hit) => !/\d{4}\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日/u.test(hit[0]))
    .map((hit) => ({ page, kind: 'date' as const, label: hit[0].replace(/\s+/g, ' '), ...boxOf(line, hit.index, hit[0].length) }));
}

/** A label at the end of its line or cell, with nothing printed to the right of it before the next column or the edge. */
function openLabels(line: Line, page: ApprovedPage, lines: readonly Line[]): OpenSpot[] {
  const out: OpenSpot[] = [];
  let at = 0;
  for (const part of line.text.split(/ {2,}/u)) {
    const start = line.text.indexOf(part, at);
    at = start + part.length;
    const hit = LABELS.exec(part);
    if (!hit || SIGNED.test(part)) continue;
    const box = boxOf(line, start + hit.index, hit[0].trimEnd().length);
    const room: Box = { x: box.x + box.width + 0.5, y: box.y - 0.3, width: 18, height: box.height + 0.6 };
    const next = lines.some((other) => other.glyphs.some((g) => g && g.x < room.x + room.width && g.x + g.width > room.x && g.y < room.y + room.height && g.y + g.height > room.y));
    if (!next) out.push({ page: page.number, kind: 'label', label: hit[1]!.trim(), ...room });
  }
  return out;
}
