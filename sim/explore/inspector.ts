/**
 * Whether a photo of these worlds shows a page of the approved document: a stand-in for host-bridge/inspection, which takes seconds of a
 * real computer for each photo and wants pictures of print. Photos here are tiny and name the sheet that lies there (fast-scene.ts); a
 * sheet says by its name whether it is the document's or another. What follows from the answer is the office's, or the real desk's.
 */
import type { Compared, PageComparer } from '../../host-bridge/desk';
import { shownIn } from '../paper';
import { OTHER_SHEET } from '../people/hands';

export function verdictOn(photo: Buffer): Compared['verdict'] {
  const shown = shownIn(photo);
  if (shown === undefined || shown === 'empty' || shown === 'dark') return 'unreadable';
  return shown.includes(OTHER_SHEET) ? 'different' : 'same';
}

const WHY = {
  unreadable: [{ code: 'NO_SHEET', text: { zh: '照片中找不到纸张', en: 'no sheet is found in the photo' } }],
  different: [{ code: 'OTHER_PAGE', text: { zh: '不是批准文件的任何一页', en: 'it is no page of the approved document' } }],
  same: [],
};

/** For the real desk. */
export const INSPECTOR: PageComparer = {
  inspect: ({ photo }) => {
    const verdict = verdictOn(photo);
    return Promise.resolve({ inspection: { verdict, pages: 1, reasons: WHY[verdict], findings: [], elements: [], open: [], notes: [], ...(verdict === 'same' ? { page: 1 } : {}) } });
  },
  close: () => undefined,
};
