/** What an approved document leaves open, or says in two ways: for the people who approve it, before anybody stamps it. */
import type { Text } from '../common/errors';
import { isScan, type ApprovedPage } from './approved';
import { contradictions, keyElements } from './elements';
import type { Box } from './text';
import { openSpots } from './unfilled';

export interface Note extends Box {
  code: 'BLANK_PAGE' | 'UNFILLED' | 'AMOUNT_DISAGREES';
  page: number;
  text: Text;
}

/** A form has more open places than anybody reads about. */
const MOST = 50;

export function notesOf(pages: readonly ApprovedPage[]): Note[] {
  const open = pages.flatMap(openSpots).map(({ kind, label, page, x, y, width, height }): Note =>
    kind === 'blank-page'
      ? { code: 'BLANK_PAGE', page, x, y, width, height, text: { en: `page ${page} is blank`, zh: `第 ${page} 页是空白页` } }
      : { code: 'UNFILLED', page, x, y, width, height, text: { en: `page ${page}: left open${label ? ` at “${label}”` : ''}`, zh: `第 ${page} 页：${label ? `“${label}”处` : ''}留有空白未填` } });
  // Of a scan the reader misses capitals: what does not fit there says nothing of the document.
  const amounts = contradictions(pages.filter((page) => !isScan(page)).flatMap(keyElements)).map(({ page, value, cents, x, y, width, height }): Note => ({
    code: 'AMOUNT_DISAGREES', page, x, y, width, height,
    text: cents === undefined
      ? { en: `page ${page}: “${value}” is no amount`, zh: `第 ${page} 页：“${value}”不是规范的大写金额` }
      : { en: `page ${page}: no amount in figures equals “${value}”`, zh: `第 ${page} 页：大写金额“${value}”与小写金额不一致` },
  }));
  return [...open, ...amounts].slice(0, MOST);
}
