/**
 * What follows from an inspection for who would grant a stroke on its photo (C5, B7). The one place that says so: the desk and the
 * simulator's office both ask here.
 */
import type { Text } from '../common/errors';

/** What of an inspection the judgement rests on. */
export interface Judged {
  verdict: string;
  /** Page of the approved document, from 1. */
  page?: number;
  reasons: readonly { text: Text }[];
  /** Places of the page that are open beside their labels. */
  open: readonly { label: string }[];
  /** What the approved document leaves open or says two ways, on whatever page. */
  notes: readonly { code: string; page: number; text: Text }[];
}

export interface Objection {
  code: 'PAGE_UNREADABLE' | 'PAGE_DIFFERS' | 'PAGE_OPEN';
  /** Why, in words. */
  because: Text[];
}

/** An open place without a label. */
const BARE = '____';

/**
 * What stands in the way of a stroke; undefined: nothing. Only a *same* of a known page without any reason passes, whatever else
 * an inspection may say.
 * @param filled whether what is open, or said two ways, was looked at and taken on by who may
 */
export function objectionTo({ verdict, reasons, page, open, notes }: Judged, filled: boolean): Objection | undefined {
  const because = reasons.map(({ text }) => text);
  if (verdict === 'unreadable') return { code: 'PAGE_UNREADABLE', because };
  if (verdict !== 'same' || reasons.length > 0 || page === undefined) return { code: 'PAGE_DIFFERS', because };
  if (filled) return undefined;
  // Open places stand among the notes as the file has them; what the photo shows open is in `open`.
  const ours = notes.filter((note) => note.page === page && note.code !== 'UNFILLED');
  if (ours.length > 0) return { code: 'PAGE_OPEN', because: ours.map(({ text }) => text) };
  return open.length > 0 ? { code: 'PAGE_OPEN', because: open.map(({ label }) => ({ en: label || BARE, zh: label || BARE })) } : undefined;
}
