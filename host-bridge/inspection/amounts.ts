/** Amounts of money in figures and in Chinese capitals (大写), as hundredths of a unit, so that the two can be held together. */

const DIGITS: Readonly<Record<string, number>> = { 零: 0, 〇: 0, 壹: 1, 贰: 2, 貳: 2, 叁: 3, 參: 3, 肆: 4, 伍: 5, 陆: 6, 陸: 6, 柒: 7, 捌: 8, 玖: 9 };
const SMALL: Readonly<Record<string, number>> = { 拾: 10, 佰: 100, 仟: 1000 };
const LARGE: Readonly<Record<string, number>> = { 万: 1e4, 萬: 1e4, 亿: 1e8, 億: 1e8 };

/** What amounts in capitals are written with. */
export const CAPITALS = /[零〇壹贰貳叁參肆伍陆陸柒捌玖拾佰仟万萬亿億]+[元圆圓][零〇壹贰貳叁參肆伍陆陸柒捌玖角分整正]*/gu;
/** Amounts in figures: with a sign or name of a currency before or 元 behind. Groups: sign, figures, ten thousand. */
export const FIGURES = /(?:(¥|￥|RMB|CNY|USD|US\$|\$|EUR|€|£|GBP)\s*)?(\d{1,3}(?:[,，]\d{3})+(?:\.\d{1,2})?|\d+(?:\.\d{1,2})?)\s*(万)?(元)?/gu;

/**
 * 壹拾叁万陆仟伍佰陆拾元整 → 13656000.
 * @returns undefined where the words are no number as the rules for bills have it (Payment and Settlement rules of 1997, annex 1)
 */
export function capitalsToCents(text: string): number | undefined {
  const at = text.search(/[元圆圓]/u);
  if (at <= 0) return undefined;
  const whole = wholeNumber(text.slice(0, at));
  const rest = /^(?:零?(?:([壹贰貳叁參肆伍陆陸柒捌玖])角)?零?(?:([壹贰貳叁參肆伍陆陸柒捌玖])分)?|零角零分)[整正]?$/u.exec(text.slice(at + 1));
  if (whole === undefined || !rest) return undefined;
  return whole * 100 + (rest[1] ? DIGITS[rest[1]]! * 10 : 0) + (rest[2] ? DIGITS[rest[2]]! : 0);
}

function wholeNumber(text: string): number | undefined {
  if (text === '零') return 0;
  let [total, section, digit, last] = [0, 0, 0, Infinity];
  let open = false;
  for (const char of text) {
    if (char in DIGITS) {
      if (open && DIGITS[char] !== 0) return undefined; // two digits without a place between them
      digit = DIGITS[char]!;
      open = digit !== 0;
    } else if (char in SMALL) {
      const unit = SMALL[char]!;
      if (unit >= last || (digit === 0 && !(unit === 10 && section === 0 && total === 0))) return undefined;
      section += (digit || 1) * unit;
      [digit, open, last] = [0, false, unit];
    } else if (char in LARGE) {
      const unit = LARGE[char]!;
      section += digit;
      if (section === 0 && total === 0) return undefined;
      total = unit === 1e8 ? (total + section) * unit : total + section * unit;
      [section, digit, open, last] = [0, 0, false, Infinity];
    } else return undefined;
  }
  return total + section + digit;
}

/** 136,560.00 → 13656000; 12万 → 12000000. */
export function figuresToCents(figures: string, tenThousand = false): number {
  const [whole = '0', part = ''] = figures.replace(/[,，]/g, '').split('.');
  return (Number(whole) * 100 + Number(part.padEnd(2, '0').slice(0, 2))) * (tenThousand ? 1e4 : 1);
}
