/** What a document is about, by name: parties, amounts, dates, numbers, names; and what in it contradicts itself. */
import type { Text } from '../common/errors';
import { CAPITALS, capitalsToCents, FIGURES, figuresToCents } from './amounts';
import { textGlyphs, type ApprovedPage } from './approved';
import { boxOf, linesOf, type Box, type Line } from './text';

export type ElementKind = 'party' | 'amount' | 'amount-in-capitals' | 'date' | 'contract-number' | 'account-number' | 'name';

export const ELEMENTS: Readonly<Record<ElementKind, Text>> = {
  party: { en: 'party', zh: '当事方' },
  amount: { en: 'amount', zh: '金额' },
  'amount-in-capitals': { en: 'amount in capitals', zh: '大写金额' },
  date: { en: 'date', zh: '日期' },
  'contract-number': { en: 'contract number', zh: '合同编号' },
  'account-number': { en: 'account number', zh: '账号' },
  name: { en: 'name', zh: '姓名' },
};

export interface KeyElement extends Box {
  kind: ElementKind;
  page: number;
  value: string;
  /** Amounts: hundredths of a unit; undefined: capitals that are no number. */
  cents?: number;
}

const MONTHS = 'January|February|March|April|May|June|July|August|September|October|November|December|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec';

/** Group 1 is the value. */
const PATTERNS: readonly (readonly [Exclude<ElementKind, 'amount' | 'amount-in-capitals'>, RegExp])[] = [
  ['date', new RegExp(`((?:19|20)\\d{2}\\s*[年./-]\\s*\\d{1,2}\\s*[月./-]\\s*\\d{1,2}\\s*日?|\\d{1,2}(?:st|nd|rd|th)?\\s+(?:${MONTHS})\\.?,?\\s+\\d{4}|(?:${MONTHS})\\.?\\s+\\d{1,2},?\\s+\\d{4})`, 'giu')],
  ['contract-number', /(?:合同编号|合同号|协议编号|文件编号|(?:contract|agreement|order|reference)\s*(?:no\.?|number|ref\.?))\s*[:：]?\s*([A-Za-z0-9][A-Za-z0-9()（）/._-]{3,40})/giu],
  ['account-number', /(?:账\s*号|帐\s*号|账户号?码?|account\s*(?:no\.?|number)|IBAN)\s*[:：]?\s*([A-Z]{0,2}\d[\d -]{6,40}\d)/giu],
  ['party', /(?:[甲乙丙丁]\s*方|买\s*方|卖\s*方|出租方|承租方|委托方|受托方|party\s+[AB]|buyer|seller|supplier|client|customer|contractor|landlord|tenant)\s*(?:[（(][^）)]{0,12}[）)])?(?:\s*[:：]\s*|\s{2,})(\S.{1,60}?)(?=\s{2}|$)/giu],
  ['name', /(?:法定代表人|法人代表|授权代表|委托代理人|联系人|负责人|经办人|represented by|contact|attention|attn)(?:及电话)?\s*(?:[（(][^）)]{0,12}[）)])?\s*[:：]\s*([\p{Script=Han}·]{2,6}|[A-Z][\p{L}.'-]+(?:\s[A-Z][\p{L}.'-]+){0,3})/giu],
];

export function keyElements(page: ApprovedPage): KeyElement[] {
  const lines = linesOf({ glyphs: textGlyphs(page) });
  return lines.flatMap((line, i) => [...amountsIn(line, page.number, lines[i - 1]), ...namedIn(line, page.number)]).sort((a, b) => a.y - b.y || a.x - b.x);
}

/** Capitals at the end of a line, whose 元 stands on the next. */
const BROKEN = /[零〇壹贰貳叁參肆伍陆陸柒捌玖拾佰仟万萬亿億]+$/u;
/** Words that stand where a name would. */
const NO_NAME = /^(?:授权代表|委托代理人|法定代表人|签字|盖章|电话)/u;

function namedIn(line: Line, page: number): KeyElement[] {
  const out: KeyElement[] = [];
  for (const [kind, pattern] of PATTERNS)
    for (const hit of line.text.matchAll(pattern)) {
      const value = hit[1]!.trim();
      if (/^[_＿\s.…]*$/u.test(value) || (kind === 'name' && NO_NAME.test(value))) continue;
      out.push({ kind, page, value, ...boxOf(line, hit.index + hit[0].lastIndexOf(hit[1]!), hit[1]!.length) });
    }
  return out;
}

function amountsIn(line: Line, page: number, above: Line | undefined): KeyElement[] {
  const out: KeyElement[] = [];
  for (const hit of line.text.matchAll(CAPITALS)) {
    const begun = hit.index === 0 && above ? (BROKEN.exec(above.text)?.[0] ?? '') : '';
    const cents = capitalsToCents(begun + hit[0]);
    out.push({ kind: 'amount-in-capitals', page, value: begun + hit[0], ...(cents === undefined ? {} : { cents }), ...boxOf(line, hit.index, hit[0].length) });
  }
  for (const hit of line.text.matchAll(FIGURES)) {
    const [whole, sign, figures, tenThousand, yuan] = hit;
    const grouped = /[,，]\d{3}/.test(figures!) || /\.\d{2}$/.test(figures!);
    if (sign === undefined && yuan === undefined && !grouped) continue;
    // Parts of longer numbers (dates, codes) are none.
    if (/[\w-]/.test(line.text[hit.index - 1] ?? ' ') && sign === undefined) continue;
    out.push({ kind: 'amount', page, value: whole.trim(), cents: figuresToCents(figures!, tenThousand !== undefined), ...boxOf(line, hit.index, whole.length) });
  }
  return out;
}

/** Amounts in capitals that are no number, or that no amount in figures of the document equals. */
export function contradictions(elements: readonly KeyElement[]): KeyElement[] {
  const figures = new Set(elements.filter((e) => e.kind === 'amount').map((e) => e.cents));
  return elements.filter((e) => e.kind === 'amount-in-capitals' && (e.cents === undefined || (figures.size > 0 && !figures.has(e.cents))));
}
