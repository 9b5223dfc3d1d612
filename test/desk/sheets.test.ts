/** Photos of the sheets of a cross-page stroke: who hands them in, how many, again where they were not good; evidence wherever evidence is looked for; and who is reminded. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Problem } from '../../host-bridge/common/errors';
import { createDesk, noteVerifier, reportLines, verifyArchiveFile, writeArchiveFile, type DeskOptions, type Judge } from '../../host-bridge/desk';
import { INSPECTION, type ToldTogether } from '../../host-bridge/inspection';
import { sampleOf, strokes, toldOf, togetherOf } from './impressions';
import { caller, deviceId, Form, openOffice, testRandom, tinyPng, type Answer, type Json, type Office } from './support';

jest.setTimeout(300_000);
const DAY = 86_400_000;
const CONTRACT = readFileSync(path.resolve(__dirname, '../../sim/assets/contract-zh.pdf'));
const words = { en: 'something', zh: '某事' };
let office: Office;
let looked: { photos: Buffer[]; size: unknown }[];
let say: () => Promise<ToldTogether>;
const judge: Judge = {
  inspect: () => Promise.resolve(toldOf()), rest: () => undefined, close: () => undefined,
  crossPage: (_approved, photos, _sample, { size }) => (looked.push({ photos: [...photos], size }), say()),
};
const shot = (n: number): Buffer => tinyPng(30, 40, n);
const form = (...photos: Buffer[]): Form => photos.reduce((all, photo, i) => all.file('page', `${i}.png`, photo), new Form());

async function open(more: Partial<DeskOptions> = {}): Promise<void> {
  office = await openOffice({ judge, ...more }, { width: 42, height: 42 });
  await sampleOf(office, tinyPng(60, 60, 0));
}
beforeEach(() => {
  looked = [];
  say = () => Promise.resolve(togetherOf());
});
afterEach(() => office.close());

const ask = (who: keyof Office['tokens'], method: string, url: string, body?: unknown): Promise<Answer> => office.call(office.tokens[who], method, url, body);
const at = (intent: number | undefined, rest = ''): string => `/v1/register/uses/${deviceId}/${intent}/sheets${rest}`;
const hand = (intent: number | undefined, photos: Buffer[], query = '', who: keyof Office['tokens'] = 'applicant'): Promise<Answer> => ask(who, 'POST', at(intent, query), form(...photos));
const use = async (intent: number | undefined): Promise<Json> => (await ask('auditor', 'GET', `/v1/register/uses?device=${deviceId}&intent=${intent}`)).body.uses[0];
const cases = async (): Promise<Json[]> => (await ask('custodian', 'GET', '/v1/cases?open=true')).body.cases.filter(({ kind }: Json) => kind === 'impression');
const kinds = async (kind: string): Promise<number> => (await ask('auditor', 'GET', '/v1/register/entries?limit=1000')).body.entries.filter((one: Json) => one.kind === kind).length;
const events = async (): Promise<Json[]> => (await office.desk.rooms.events.after(0, 1000)).filter(({ type }) => type === 'sheets.due').map(({ data }) => data);
const document = async (): Promise<string> => (await ask('applicant', 'POST', '/v1/documents', new Form().file('document', 'contract-zh.pdf', CONTRACT))).body.sha256;

/** A stroke over the edges of the two pages of a contract; and, where said, one on a page. */
async function edges(more: Record<string, unknown> = {}, result = 1): Promise<{ application: Json; intent: number | undefined }> {
  const { application, intents: [intent] } = await strokes(office, [{ before: Buffer.from('fan before'), after: Buffer.from('fan after'), result }], { document: await document(), crossPage: 1, ...more });
  await office.desk.round();
  return { application, intent };
}

test('a photo of each sheet is judged with the last one, and the judgement stands where others stand', async () => {
  await open();
  const { application, intent } = await edges();
  expect(await use(intent)).toMatchObject({ crossPage: true, sheets: [], impression: null });
  expect((await ask('applicant', 'GET', at(intent))).body).toMatchObject({ application: application.id, pages: 2, least: 2, most: 2, sheets: 2, round: 0, complete: false, open: true, mine: true, verdict: null, photos: [] });
  expect((await hand(intent, [shot(1)])).body).toMatchObject({ round: 1, complete: false, open: true, photos: [{ round: 1, sheet: 1, person: office.ids.applicant }] });
  await office.desk.round();
  expect(looked).toEqual([]);
  const { status, body } = await hand(intent, [shot(2)]);
  expect([status, body.complete, body.open]).toEqual([201, true, false]);
  await office.desk.round();
  expect(looked).toEqual([{ photos: [shot(1), shot(2)], size: { widthMm: 42, heightMm: 42 } }]);
  const { impression, sheets } = await use(intent);
  expect(sheets).toMatchObject([{ round: 1, sheet: 1 }, { round: 1, sheet: 2 }]);
  expect(impression).toMatchObject({ verdict: 'same', grade: 'good', reasons: [], completeness: 0.9, sheets: 2 });
  expect((await ask('auditor', 'GET', `/v1/register/uses/${deviceId}/${intent}/impression`)).body.together).toMatchObject({ round: 1, twice: 0, unseen: [], sheets: [{ page: 1, strip: { share: 0.45 } }, { page: 2 }] });
  expect(await cases()).toEqual([]);
  for (const who of ['applicant', 'custodian', 'auditor', 'chief'] as const) {
    expect([who, (await ask(who, 'GET', at(intent, '/picture'))).raw.toString()]).toEqual([who, 'jpeg']);
    expect([who, (await ask(who, 'GET', at(intent, '/1/2'))).raw.equals(shot(2))]).toEqual([who, true]);
  }
  expect((await hand(intent, [shot(3)])).body.code).toBe('WRONG_STATE'); // it is good
  expect([await kinds('sheet'), await kinds('impression')]).toEqual([2, 1]);
});

test('who applied, who stamped and who keeps the seal hand them in; nobody else, and nobody else sees them', async () => {
  await open();
  const { intent } = await edges({ persons: [office.ids.applicant, office.ids.chief] });
  expect((await hand(intent, [shot(1)], '', 'other')).status).toBe(404);
  expect((await hand(intent, [shot(1)], '', 'director')).status).toBe(403); // decides, and neither applies nor stamps
  expect((await hand(intent, [shot(1)], '', 'chief')).status).toBe(201);
  expect((await hand(intent, [shot(2)], '', 'custodian')).status).toBe(201);
  for (const rest of ['', '/picture', '/1/1']) expect([rest, (await ask('other', 'GET', at(intent, rest))).status]).toEqual([rest, 404]);
  expect((await ask('director', 'GET', at(intent))).body).toMatchObject({ mine: false, photos: [{ person: office.ids.chief }, { person: office.ids.custodian }] });
});

test('bounded: what is no photo, a photo twice, more sheets than there can be, strokes that are none', async () => {
  await open();
  const { intent } = await edges();
  const code = async (photos: Buffer[], query = ''): Promise<string> => (await hand(intent, photos, query)).body.code;
  expect(await code([Buffer.from('GIF89a')])).toBe('PHOTO_UNREADABLE');
  expect(await code([shot(1), shot(1)])).toBe('SHEET_TWICE');
  expect(await code([shot(1), shot(2), shot(3)])).toBe('SHEETS_COUNT');
  expect(await code([shot(1)], '?sheets=3')).toBe('SHEETS_COUNT'); // of a document of two pages
  expect(await code([shot(1)], '?sheets=1')).toBe('INVALID');
  expect(await code(Array.from({ length: 13 }, (_, i) => shot(i)))).toMatch(/INVALID|TOO_LARGE/);
  expect((await ask('applicant', 'POST', at(intent), new Form().file('photo', 'a.png', shot(1)))).body.code).toBe('INVALID');
  expect((await ask('applicant', 'POST', at(intent), {})).body.code).toBe('UNSUPPORTED_TYPE');
  expect((await hand(9999, [shot(1)])).status).toBe(404);
  expect((await ask('applicant', 'GET', at(intent))).body.photos).toEqual([]);
  expect((await ask('applicant', 'GET', at(intent, '/picture'))).status).toBe(404);
  const plain = await strokes(office, [{ before: Buffer.from('before'), after: Buffer.from('after') }]);
  await office.desk.round();
  expect((await hand(plain.intents[0], [shot(1)])).status).toBe(404); // on a page
  const failed = await edges({}, 2);
  expect((await hand(failed.intent, [shot(1)])).body.code).toBe('WRONG_STATE');
});

test('a photo that was handed in for one stroke is none of another over a copy; for its own stroke it may come again', async () => {
  await open();
  const { intents: [first, second] } = await strokes(office, [1, 2].map((n) => ({ before: Buffer.from(`fan before ${n}`), after: Buffer.from(`fan after ${n}`) })), { document: await document(), crossPage: 2 });
  await office.desk.round();
  say = () => Promise.resolve(togetherOf({ verdict: 'unreadable', reasons: [{ code: 'DARK', text: words }] }));
  expect((await hand(first, [shot(1), shot(2)])).status).toBe(201);
  await office.desk.round();
  expect((await hand(first, [shot(1), shot(3)])).body).toMatchObject({ round: 2, complete: true });
  for (const photos of [[shot(1), shot(2)], [shot(4), shot(3)]]) expect((await hand(second, photos)).body.code).toBe('SHEET_TWICE');
  expect((await hand(second, [shot(4), shot(5)])).status).toBe(201);
});

test('begun anew before it is complete; and after a set that was not good, which stays, with its case', async () => {
  await open();
  const { intent } = await edges();
  await hand(intent, [shot(1)]);
  expect((await hand(intent, [shot(2)], '?again=true')).body).toMatchObject({ round: 2, complete: false, photos: [{ round: 1 }, { round: 2 }] });
  say = () => Promise.resolve(togetherOf({ verdict: 'different', reasons: [{ code: 'NOT_WHOLE', text: words }], complete: 0.5 }));
  await hand(intent, [shot(3)]);
  await office.desk.round();
  expect((await use(intent)).impression).toMatchObject({ verdict: 'different', grade: 'incomplete', completeness: 0.5 });
  expect(await cases()).toMatchObject([{ detail: { found: 'incomplete', reasons: 'NOT_WHOLE', round: 2 } }]);
  expect((await ask('applicant', 'GET', at(intent))).body).toMatchObject({ open: true, anew: true, verdict: 'different', sheets: 2 });
  say = () => Promise.resolve(togetherOf());
  await hand(intent, [shot(4), shot(5)]);
  await office.desk.round();
  expect((await use(intent)).impression).toMatchObject({ verdict: 'same' });
  expect(await kinds('impression')).toBe(2);
  expect(await cases()).toHaveLength(1); // a person closes it
  expect(await office.desk.rooms.auditor.look()).toEqual([]);
});

test.each<[string, Partial<ToldTogether>, Json]>([
  ['a strip of another seal', { verdict: 'different', reasons: [{ code: 'NO_STRIP', text: words }, { code: 'NOT_WHOLE', text: words }], complete: 0.48 }, { verdict: 'different', grade: 'incomplete' }],
  ['strips of another seal alone', { verdict: 'different', reasons: [{ code: 'NO_STRIP', text: words }], complete: 0.02 }, { verdict: 'different', grade: 'foreign' }],
  ['no strip', { verdict: 'different', reasons: [{ code: 'NO_STRIP', text: words }], complete: 0, fragments: [] }, { verdict: 'different', grade: 'none' }],
  ['more than one stroke', { verdict: 'different', reasons: [{ code: 'TWO_STROKES', text: words }], twice: 0.4 }, { verdict: 'different', grade: 'foreign' }],
  ['another page with a good strip', { verdict: 'different', reasons: [{ code: 'OTHER_PAGE', text: words }] }, { verdict: 'different', grade: 'good' }],
  ['photos too poor', { verdict: 'unreadable', reasons: [{ code: 'DARK', text: words }] }, { verdict: 'unreadable', grade: null }],
])('graded: %s', async (_name, told, expected) => {
  await open();
  const { intent } = await edges();
  say = () => Promise.resolve(togetherOf(told));
  await hand(intent, [shot(1), shot(2)]);
  await office.desk.round();
  expect((await use(intent)).impression).toMatchObject(expected);
  expect(await cases()).toHaveLength(expected.verdict === 'different' ? 1 : 0);
});

test('a process that breaks is asked again, and a set that was complete when the desk went down is judged by the next one', async () => {
  await open();
  const { intent } = await edges();
  say = () => Promise.reject(new Problem(INSPECTION.INSPECTION_FAILED));
  await hand(intent, [shot(1), shot(2)]);
  await office.desk.round();
  expect((await use(intent)).impression).toBeNull();
  await office.desk.close();
  say = () => Promise.resolve(togetherOf());
  office.clock.time += 60_000;
  const desk = await createDesk({ ...office.options, random: testRandom('again') });
  Object.assign(office, { desk, call: caller(desk), close: () => desk.close() });
  await desk.round();
  expect((await use(intent)).impression).toMatchObject({ verdict: 'same', grade: 'good' });
  expect((await ask('applicant', 'GET', at(intent))).body).toMatchObject({ verdict: 'same', open: false });
});

test('archived and verified; a photo that was changed, taken away or added is found there and by the audit', async () => {
  await open();
  const { intent } = await edges();
  await hand(intent, [shot(1), shot(2)]);
  await office.desk.round();
  const { history, authority, documentBlobs, photoBlobs, store } = office.desk.rooms;
  const file = path.join(office.folder, 'archive.tar');
  const verified = async (): Promise<Json> => {
    await writeArchiveFile({ history, authority, documents: documentBlobs, photos: photoBlobs }, file);
    return verifyArchiveFile(file, noteVerifier(authority.registerKey)!);
  };
  const report = await verified();
  expect(report).toMatchObject({ ok: true, summary: { sheets: 2, impressions: { judged: 1, different: 0 } } });
  expect(reportLines(report, 'zh')).toContain('骑缝页照片 2 张');
  expect(await office.desk.rooms.auditor.look()).toEqual([]);
  const [one] = await store.read((db) => db.selectFrom('sheet_photo').selectAll().where('sheet', '=', 1).execute());
  const other = await photoBlobs.put(shot(9));
  await store.commit((trx) => trx.updateTable('sheet_photo').set({ sha256: other, size: shot(9).length }).where('sheet', '=', 1).execute());
  expect(await verified()).toMatchObject({ ok: false, findings: expect.arrayContaining([expect.objectContaining({ code: 'UNEXPECTED', name: `sheets/${other}.png` }), expect.objectContaining({ code: 'MISSING', name: `sheets/${one!.sha256}` })]) });
  expect(await office.desk.rooms.auditor.look()).toMatchObject([{ table: 'sheet_photo', what: 'changed', columns: ['sha256'] }]);
  await store.commit((trx) => trx.deleteFrom('sheet_photo').where('sheet', '=', 1).execute());
  expect(await office.desk.rooms.auditor.look()).toMatchObject([{ table: 'sheet_photo', what: 'missing' }]);
});

test('who applied is reminded of sheets that nobody photographed, as often as is settled, until they are there', async () => {
  await open();
  expect((await ask('admin', 'GET', '/v1/settings')).body.papers).toMatchObject({ sheetsAfter: 86_400 });
  await ask('admin', 'PUT', '/v1/settings/papers', { archiveWithin: null, remindBefore: 3600, every: 2 * 86_400, sheetsAfter: 3 * 86_400, reason: '决议' });
  const { application, intent } = await edges();
  const later = async (days: number): Promise<void> => {
    office.clock.time += days * DAY;
    await office.desk.round();
  };
  await later(2);
  expect(await events()).toEqual([]);
  await later(1);
  const told = { application: application.id, intent, sheets: 2, here: 0, person: office.ids.applicant };
  expect(await events()).toMatchObject([told]);
  await later(1);
  expect(await events()).toHaveLength(1);
  await hand(intent, [shot(1)]);
  await later(1);
  expect(await events()).toMatchObject([told, { ...told, here: 1 }]);
  await hand(intent, [shot(2)]);
  await later(10);
  expect(await events()).toHaveLength(2);
  // Never, where that is settled; and what is not said stays.
  await ask('admin', 'PUT', '/v1/settings/papers', { archiveWithin: null, remindBefore: 3600, every: 86_400, reason: '决议' });
  expect((await ask('admin', 'GET', '/v1/settings')).body.papers.sheetsAfter).toBe(3 * 86_400);
  await ask('admin', 'PUT', '/v1/settings/papers', { archiveWithin: null, remindBefore: 3600, every: 86_400, sheetsAfter: null, reason: '决议' });
  await edges({ notAfter: office.clock.seconds + 20 * 86_400 });
  await later(9);
  expect(await events()).toHaveLength(2);
});

test('a desk that judges nothing keeps them as evidence', async () => {
  await open({ judge: undefined });
  const { intent } = await edges();
  expect((await hand(intent, [shot(1), shot(2)])).body).toMatchObject({ complete: true, open: false, verdict: null });
  await office.desk.round();
  expect(await use(intent)).toMatchObject({ impression: null, sheets: [{ sheet: 1 }, { sheet: 2 }] });
});

test('a seal whose card lacks what impressions are judged by says so', async () => {
  office = await openOffice({ judge });
  const lacks = async (): Promise<string[]> => (await ask('custodian', 'GET', '/v1/seals')).body.seals[0].lacks;
  expect(await lacks()).toEqual(['sample', 'size']);
  await sampleOf(office, tinyPng(60, 60, 0));
  expect(await lacks()).toEqual(['size']);
  await office.close();
  await open();
  expect(await lacks()).toEqual([]);
});
