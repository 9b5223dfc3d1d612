/** A stroke is granted only on a photo that is the same page: whatever the comparison says or fails to say, nothing else passes. */
import { Problem } from '../../host-bridge/common/errors';
import type { Compared, PageComparer } from '../../host-bridge/desk';
import { INSPECTION } from '../../host-bridge/inspection';
import { approved, openOffice, hexBytes, type Office } from './support';

const SAME: Compared = { verdict: 'same', page: 1, pages: 1, reasons: [], findings: [], elements: [], open: [], notes: [] };
const box = { x: 10, y: 20, width: 30, height: 4 };
const words = { en: 'something', zh: '某事' };
let office: Office;
let say: () => Promise<Awaited<ReturnType<PageComparer['inspect']>>>;
let asked: { approved: Buffer; photo: Buffer }[];
let permit: string;
let photo: string;

beforeEach(async () => {
  asked = [];
  office = await openOffice({ comparer: { inspect: (one) => (asked.push(one), say()), close: () => undefined } });
  const application = await approved(office, { strokeGrants: true });
  await office.desk.round();
  permit = application.permits[0].id;
  office.device.write(2, [hexBytes(permit), 'x'.repeat(32), 2]);
  photo = Buffer.from(office.device.photo(permit, 0, 1, Buffer.from('page')), 'latin1').toString('hex');
  await office.desk.round();
});

afterEach(() => office.close());

const ask = (more: object = {}, who: keyof Office['tokens'] = 'chief') => office.call(office.tokens[who], 'POST', `/v1/permits/${permit}/strokes`, { photo, number: 1, ...more });
const granted = async (): Promise<boolean> => {
  await office.desk.round();
  return office.bridge.grants.some((grant) => grant.kind === 3);
};

test('the same page: granted, with the comparison on record; the approved file and this photo were compared', async () => {
  say = () => Promise.resolve({ inspection: SAME, picture: Buffer.from('jpeg') });
  expect((await ask()).status).toBe(202);
  expect(await granted()).toBe(true);
  expect(asked).toHaveLength(1);
  expect(asked[0].photo.toString()).toBe('page');
  const picture = await office.call(office.tokens.chief, 'GET', `/v1/permits/${permit}/photos/${photo}/comparison/picture`);
  expect(picture).toMatchObject({ status: 200, raw: Buffer.from('jpeg') });
  expect(asked).toHaveLength(1); // looked at again, not compared again
});

test.each<[string, () => Promise<{ inspection: Compared }>, number, string]>([
  ['different', () => Promise.resolve({ inspection: { ...SAME, verdict: 'different', reasons: [{ code: 'OTHER_PAGE', text: words }] } }), 409, 'PAGE_DIFFERS'],
  ['unreadable', () => Promise.resolve({ inspection: { ...SAME, verdict: 'unreadable', reasons: [{ code: 'GLARE', text: words }] } }), 409, 'PAGE_UNREADABLE'],
  ['the same, with a reason', () => Promise.resolve({ inspection: { ...SAME, reasons: [{ code: 'CHANGED', text: words }] } }), 409, 'PAGE_DIFFERS'],
  ['the same, of no page', () => Promise.resolve({ inspection: { ...SAME, page: undefined } as never }), 409, 'PAGE_DIFFERS'],
  ['a word of its own', () => Promise.resolve({ inspection: { ...SAME, verdict: 'fine' } as never }), 409, 'PAGE_DIFFERS'],
  ['places left open', () => Promise.resolve({ inspection: { ...SAME, open: [{ kind: 'cell', label: '金额', ...box }] } }), 409, 'PAGE_OPEN'],
  ['amounts that contradict', () => Promise.resolve({ inspection: { ...SAME, notes: [{ code: 'AMOUNT_DISAGREES', page: 1, text: words, ...box }] } }), 409, 'PAGE_OPEN'],
  ['a time-out', () => Promise.reject(new Problem(INSPECTION.INSPECTION_TIMEOUT)), 504, 'INSPECTION_TIMEOUT'],
  ['a crash', () => Promise.reject(new Problem(INSPECTION.INSPECTION_FAILED)), 500, 'INSPECTION_FAILED'],
  ['a full queue', () => Promise.reject(new Problem(INSPECTION.INSPECTION_BUSY, { retryAfter: 10 })), 429, 'INSPECTION_BUSY'],
  ['an error nobody knows', () => Promise.reject(new Error('boom')), 503, 'NOT_COMPARED'],
])('%s: no grant, with the reason, and the refusal stands in the register', async (_name, answer, status, code) => {
  say = answer;
  expect(await ask()).toMatchObject({ status, body: { code } });
  expect(await granted()).toBe(false);
  const entries = await office.desk.rooms.store.read((db) => db.selectFrom('entry').select('search').where('kind', '=', 'comparison').execute());
  expect(entries).toHaveLength(1);
  expect(entries[0].search).toContain(code.toLowerCase());
  // What failed is compared anew the next time, and a good answer then passes.
  say = () => Promise.resolve({ inspection: SAME });
  if (status >= 429) expect((await ask()).status).toBe(202);
  else expect((await ask()).status).toBe(409);
});

test('open places are taken on by who decides last, with a reason, and by nobody else; a page that differs is not', async () => {
  say = () => Promise.resolve({ inspection: { ...SAME, open: [{ kind: 'cell', label: '金额', ...box }] } });
  expect((await ask({ open: '' })).status).toBe(400);
  const shown = await office.call(office.tokens.chief, 'GET', `/v1/permits/${permit}/photos/${photo}/comparison`);
  expect(shown.body).toMatchObject({ verdict: 'same', grantable: false, objection: { code: 'PAGE_OPEN', detail: '金额' }, open: [{ label: '金额' }] });
  expect(await ask({ open: '金额由财务后填' })).toMatchObject({ status: 403, body: { code: 'NOT_YOUR_STEP' } });
  expect(await granted()).toBe(false);
  expect((await ask({ open: '金额由财务后填' }, 'director')).status).toBe(202);
  expect(await granted()).toBe(true);
  const [entry] = await office.desk.rooms.store.read((db) => db.selectFrom('entry').select('search').where('kind', '=', 'statement').where('search', 'like', '%compared: same%').execute());
  expect(entry.search).toContain('金额由财务后填');
});

test('a page that differs stays refused whatever reason is given, and others see no comparison', async () => {
  say = () => Promise.resolve({ inspection: { ...SAME, verdict: 'different', reasons: [{ code: 'CHANGED', text: words }], findings: [{ code: 'CHANGED', text: words, approved: '100', seen: '900', ...box }] } });
  for (const who of ['chief', 'director'] as const) expect((await ask({ open: 'it is fine' }, who)).status).not.toBe(202);
  expect(await granted()).toBe(false);
  const shown = (who: keyof Office['tokens']) => office.call(office.tokens[who], 'GET', `/v1/permits/${permit}/photos/${photo}/comparison`);
  expect((await shown('chief')).body).toMatchObject({ verdict: 'different', findings: [{ seen: '900', ...box }] });
  expect((await shown('applicant')).status).toBe(403);
});
