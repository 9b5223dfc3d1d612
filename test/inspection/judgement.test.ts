/** What follows from an inspection: only a clean *same* of a known page passes; nothing that an inspection can say passes by accident. */
import { objectionTo, type Judged } from '../../host-bridge/inspection';

const words = { en: 'something', zh: '某事' };
const SAME: Judged = { verdict: 'same', page: 1, reasons: [], open: [], notes: [] };
const note = (code: string, page = 1): Judged['notes'][number] => ({ code, page, text: words });

test.each<[string, Partial<Judged>, string | undefined]>([
  ['the same page', {}, undefined],
  ['another page', { verdict: 'different', reasons: [{ text: words }] }, 'PAGE_DIFFERS'],
  ['a photo too poor', { verdict: 'unreadable', reasons: [{ text: words }] }, 'PAGE_UNREADABLE'],
  ['the same, with a reason', { reasons: [{ text: words }] }, 'PAGE_DIFFERS'],
  ['the same, of no page', { page: undefined }, 'PAGE_DIFFERS'],
  ['a word that is none', { verdict: 'SAME' }, 'PAGE_DIFFERS'],
  ['no word', { verdict: undefined as never }, 'PAGE_DIFFERS'],
  ['an open place', { open: [{ label: '金额' }] }, 'PAGE_OPEN'],
  ['an amount said two ways', { notes: [note('AMOUNT_DISAGREES')] }, 'PAGE_OPEN'],
  ['a blank page', { notes: [note('BLANK_PAGE')] }, 'PAGE_OPEN'],
  ['an amount said two ways on another page', { notes: [note('AMOUNT_DISAGREES', 2)] }, undefined],
  ['a place that the file leaves open and the photo shows filled as approved', { notes: [note('UNFILLED')] }, undefined],
])('%s', (_name, said, code) => {
  expect(objectionTo({ ...SAME, ...said }, false)?.code).toBe(code);
  // Who takes on open places takes on nothing else.
  expect(objectionTo({ ...SAME, ...said }, true)?.code).toBe(code === 'PAGE_OPEN' ? undefined : code);
});

test('an objection says why, an open place without a label too', () => {
  expect(objectionTo({ ...SAME, verdict: 'different', reasons: [{ text: words }] }, false)?.because).toEqual([words]);
  expect(objectionTo({ ...SAME, open: [{ label: '' }] }, false)?.because).toEqual([{ en: '____', zh: '____' }]);
});
