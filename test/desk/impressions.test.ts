/** What the desk makes of the photo after a stroke: judged once, written down once, told to a person where it is not as it should be; and nothing waits for it. */
import { createHash } from 'node:crypto';
import path from 'node:path';
import { COMMON, Problem } from '../../host-bridge/common/errors';
import { DESK } from '../../host-bridge/desk/errors';
import { createDesk, noteVerifier, reportLines, verifyArchiveFile, writeArchiveFile, type DeskOptions, type Judge } from '../../host-bridge/desk';
import { INSPECTION, type Asked, type Told } from '../../host-bridge/inspection';
import { sampleOf, strokes, toldOf, type Stroke } from './impressions';
import { caller, deviceId, openOffice, testRandom, tinyPng, type Answer, type Json, type Office } from './support';

jest.setTimeout(300_000); // on PostgreSQL, on a busy machine
const words = { en: 'something', zh: '某事' };
const DAY = 86_400_000;
let office: Office;
let asked: Asked[];
let rests: number;
/** What is said of each photo, by its bytes. */
let say: (asked: Asked) => Promise<Told>;
const judge: Judge = { inspect: (one) => (asked.push(one), say(one)), rest: () => void (rests += 1), close: () => undefined };
const SAMPLE = tinyPng(60, 60, 0);
const isAfter = ({ photo }: Asked): boolean => photo.toString().startsWith('after');
/** A page without an impression before, this after. */
const found = (after: Told) => (one: Asked): Promise<Told> => Promise.resolve(isAfter(one) ? after : toldOf({}, []));
const photos = (n = 1, more: object = {}): Stroke => ({ before: Buffer.from(`before ${n}`), after: Buffer.from(`after ${n}`), ...more });

async function open(more: Partial<DeskOptions> = {}): Promise<void> {
  office = await openOffice({ judge, ...more }, { width: 42, height: 42 });
  await sampleOf(office, SAMPLE);
}
beforeEach(() => {
  asked = [];
  rests = 0;
  say = found(toldOf());
});
afterEach(() => office.close());

const ask = (who: keyof Office['tokens'], url: string, method = 'GET', body?: unknown): Promise<Answer> => office.call(office.tokens[who], method, url, body);
const use = async (intent: number): Promise<Json> => (await ask('auditor', `/v1/register/uses?device=${deviceId}&intent=${intent}`)).body.uses[0];
const earlier = async (intent: number | undefined): Promise<Json[]> => (await ask('auditor', `/v1/register/uses/${deviceId}/${intent}/impression`)).body.earlier;
const cases = async (): Promise<Json[]> => (await ask('custodian', '/v1/cases?open=true')).body.cases.filter(({ kind }: Json) => kind === 'impression');
const entries = async (): Promise<Json[]> => (await ask('auditor', '/v1/register/entries?limit=1000')).body.entries.filter(({ kind }: Json) => kind === 'impression');
const archived = async (): Promise<string> => {
  const { history, authority, documentBlobs, photoBlobs } = office.desk.rooms;
  const file = path.join(office.folder, 'archive.tar');
  await writeArchiveFile({ history, authority, documents: documentBlobs, photos: photoBlobs }, file);
  return file;
};
const later = async (ms: number): Promise<void> => {
  office.clock.time += ms;
  await office.desk.round();
};

test('a good impression stands in the register, in the stream and in print, and is no case', async () => {
  await open();
  const { application, intents: [intent] } = await strokes(office, [photos()], { marks: [{ page: 1, x: 2500, y: 7500 }] });
  await office.desk.round();
  expect(asked.map((one) => [one.photo.toString(), one.after?.size, one.after?.marks, one.after?.earlier])).toEqual([['before 1', { widthMm: 42, heightMm: 42 }, undefined, undefined], ['after 1', { widthMm: 42, heightMm: 42 }, [{ page: 1, x: 2500, y: 7500 }], []]]);
  const { sample } = (await ask('admin', '/v1/seals')).body.seals[0];
  expect(sample).not.toBeNull();
  for (const one of asked) expect(createHash('sha256').update(one.after!.sample).digest('hex')).toBe(sample);
  expect(rests).toBeGreaterThan(0);
  const { impression } = await use(intent);
  expect(impression).toMatchObject({ verdict: 'same', grade: 'good', page: 1, reasons: [], completeness: 0.97, smear: 0.02, ink: 0.8, rotation: 1.3, off: 1.2, covers: [] });
  expect(await cases()).toEqual([]);
  expect((await entries()).map(({ number }) => number)).toEqual([impression.entry]);
  const [event] = (await office.desk.rooms.events.after(0, 1000)).filter(({ type }) => type === 'impression');
  expect(event).toMatchObject({ device: deviceId, data: { application: application.id, intent, verdict: 'same', grade: 'good', entry: impression.entry } });
  const detail = await ask('auditor', `/v1/register/uses/${deviceId}/${intent}/impression`);
  expect(detail).toMatchObject({ status: 200, body: { version: 1, since: 'same', impressions: [{ likeness: 0.912, centreX: 51, grade: 'good' }], earlier: [], findings: [], document: office.document } });
  const picture = await ask('auditor', `/v1/register/uses/${deviceId}/${intent}/impression/picture`);
  expect(picture).toMatchObject({ status: 200, raw: Buffer.from('jpeg') });
  expect(asked).toHaveLength(2); // as it was drawn then
  expect((await ask('auditor', '/v1/register/uses.csv')).raw.toString()).toContain('清晰');
  expect((await ask('applicant', `/v1/applications/${application.id}/uses`)).body.uses[0].impression.grade).toBe('good');
  const report = await verifyArchiveFile(await archived(), noteVerifier(office.desk.rooms.authority.registerKey)!);
  expect(report).toMatchObject({ ok: true, summary: { impressions: { judged: 1, different: 0 } } });
  expect(reportLines(report, 'zh').join('\n')).toContain('判定印迹 1 次，其中不符 0 次');
  // Once is once.
  await later(DAY);
  expect(asked).toHaveLength(2);
  expect(await entries()).toHaveLength(1);
});

test.each<[string, Told, string, string[], string]>([
  ['of another seal', toldOf({ verdict: 'different', reasons: [{ code: 'NO_IMPRESSION', text: words }, { code: 'USED', text: words }] }, [{ grade: 'foreign' }]), 'foreign', ['NO_IMPRESSION', 'USED'], '不是本章'],
  ['none', toldOf({ verdict: 'different', reasons: [{ code: 'NO_IMPRESSION', text: words }] }, []), 'none', ['NO_IMPRESSION'], '无印迹'],
  ['incomplete', toldOf({ verdict: 'different', reasons: [{ code: 'IMPRESSION_POOR', text: words }] }, [{ grade: 'incomplete' }]), 'incomplete', ['IMPRESSION_POOR'], '残缺'],
  ['misplaced', toldOf({ verdict: 'different', reasons: [{ code: 'MISPLACED', text: words }] }, [{ off: 70 }]), 'good', ['MISPLACED'], '不符'],
  ['over an amount', toldOf({ verdict: 'different', reasons: [{ code: 'COVERS', text: words }] }, [{ covers: [{ kind: 'amount', value: '100.00' }] }]), 'good', ['COVERS'], '不符'],
  ['on another page than before', toldOf({ page: 2, pages: 2 }), 'good', ['CHANGED_SINCE'], '不符'],
])('an impression %s is a case, which is closed with a reason', async (_name, after, grade, reasons, printed) => {
  await open();
  say = found(after);
  const { application, intents: [intent] } = await strokes(office, [photos()]);
  await office.desk.round();
  expect((await use(intent)).impression).toMatchObject({ verdict: 'different', grade, reasons: reasons.map((code) => ({ code, text: { zh: expect.any(String), en: expect.any(String) } })) });
  const [one, ...more] = await cases();
  expect(one).toMatchObject({ device: deviceId, seq: intent, detail: { application: application.id, intent, found: grade, reasons: reasons.join(' ') } });
  expect(more).toEqual([]);
  expect((await ask('auditor', '/v1/register/uses.csv')).raw.toString()).toContain(printed);
  expect((await ask('custodian', `/v1/cases/${one.id}/close`, 'POST', { reason: '' })).status).toBe(400);
  expect((await ask('custodian', `/v1/cases/${one.id}/close`, 'POST', { reason: '已当面核对' })).status).toBe(200);
  expect(await cases()).toEqual([]);
});

test('a difference that the photo before the stroke had already is no change since; one more is', async () => {
  await open();
  const box = { code: 'CHANGED', text: words, kind: 'changed', x: 10, y: 20, width: 8, height: 3, approved: '100', seen: '900' };
  const different = { verdict: 'different', reasons: [{ code: 'CHANGED', text: words }] };
  const known = toldOf({ ...different, findings: [box] }, []);
  const since = async (after: Told, n: number): Promise<Json> => {
    say = (one) => Promise.resolve(isAfter(one) ? after : known);
    const { intents: [intent] } = await strokes(office, [photos(n)]);
    await office.desk.round();
    return (await ask('auditor', `/v1/register/uses/${deviceId}/${intent}/impression`)).body;
  };
  expect(await since(toldOf({ ...different, findings: [box] }), 1)).toMatchObject({ verdict: 'different', since: 'same', reasons: [{ code: 'CHANGED' }], findings: [{ seen: '900', x: 10 }] });
  expect(await since(toldOf({ ...different, findings: [box, { ...box, y: 120 }] }), 2)).toMatchObject({ since: 'changed', reasons: [{ code: 'CHANGED' }, { code: 'CHANGED_SINCE' }] });
  // Its own ink is no change, wherever it lies.
  expect(await since(toldOf({ ...different, findings: [box, { ...box, x: 32, y: 205 }] }), 3)).toMatchObject({ since: 'same' });
});

test('a photo that shows nothing, and one that is none, are unreadable: written down, no case, not tried again', async () => {
  await open();
  say = (one) => (!isAfter(one) ? Promise.resolve(toldOf({}, [])) : one.photo.toString() === 'after 1' ? Promise.resolve(toldOf({ verdict: 'unreadable', page: undefined, reasons: [{ code: 'GLARE', text: words }] }, [])) : Promise.reject(new Problem(INSPECTION.PHOTO_UNREADABLE)));
  const { intents } = await strokes(office, [photos(1), photos(2)]);
  await office.desk.round();
  expect((await use(intents[0])).impression).toMatchObject({ verdict: 'unreadable', grade: null, reasons: [{ code: 'GLARE' }] });
  expect((await use(intents[1])).impression).toMatchObject({ verdict: 'unreadable', grade: null, reasons: [{ code: 'PHOTO_UNREADABLE', text: INSPECTION.PHOTO_UNREADABLE.title }] });
  expect(await cases()).toEqual([]);
  await later(DAY);
  expect(asked.filter(isAfter)).toHaveLength(2);
});

test('what crashes or stalls is tried three times, ever later, and is then written down as failed, with why', async () => {
  await open();
  const { intents: [intent] } = await strokes(office, [photos()]);
  say = () => Promise.reject(new Problem(INSPECTION.INSPECTION_TIMEOUT));
  await office.desk.round();
  const tried = (): number => asked.length; // each ends with the photo before
  expect(tried()).toBe(1);
  expect((await use(intent)).impression).toBeNull();
  await later(59_000);
  expect(tried()).toBe(1);
  await later(1000);
  expect(tried()).toBe(2);
  await later(599_000);
  expect(tried()).toBe(2);
  await later(1000);
  expect(tried()).toBe(3);
  expect((await use(intent)).impression).toMatchObject({ verdict: 'failed', grade: null, reasons: [{ code: 'INSPECTION_TIMEOUT', text: INSPECTION.INSPECTION_TIMEOUT.title }] });
  await later(DAY);
  expect(tried()).toBe(3);
  expect(await cases()).toEqual([]);
});

test('what goes well the second time is judged, and the first time is forgotten', async () => {
  await open();
  const { intents: [intent] } = await strokes(office, [photos()]);
  say = () => Promise.reject(new Problem(INSPECTION.INSPECTION_FAILED));
  await office.desk.round();
  say = found(toldOf());
  await later(60_000);
  expect((await use(intent)).impression).toMatchObject({ verdict: 'same', grade: 'good' });
  expect(await office.desk.rooms.store.read((db) => db.selectFrom('impression_try').selectAll().execute())).toEqual([]);
});

test('a full queue is no try', async () => {
  await open();
  const { intents: [intent] } = await strokes(office, [photos()]);
  say = (one) => (isAfter(one) ? Promise.reject(new Problem(INSPECTION.INSPECTION_BUSY, { retryAfter: 10 })) : Promise.resolve(toldOf({}, [])));
  await office.desk.round();
  for (let n = 0; n < 5; n++) await later(30_000);
  say = found(toldOf());
  await later(30_000);
  expect((await use(intent)).impression).toMatchObject({ grade: 'good' });
});

test('files that cannot be reached, or are under another key, are no try', async () => {
  await open();
  const { intents: [intent] } = await strokes(office, [photos()]);
  say = found(toldOf());
  const { photoBlobs } = office.desk.rooms;
  const { get } = photoBlobs;
  for (const fault of [COMMON.STORE_FAILED, COMMON.STORE_BUSY, DESK.FILE_KEY]) {
    photoBlobs.get = () => Promise.reject(new Problem(fault));
    for (let n = 0; n < 5; n++) await later(3_600_000);
    expect([fault.code, (await use(intent)).impression ?? null]).toEqual([fault.code, null]);
  }
  photoBlobs.get = get.bind(photoBlobs);
  await later(30_000);
  expect((await use(intent)).impression).toMatchObject({ grade: 'good' });
});

test('a desk that is shut down in the middle judges it after its start: no try is lost with that, and nothing is written twice', async () => {
  await open();
  const { intents } = await strokes(office, [photos(1), photos(2), photos(3)]);
  // The first is judged, the second never answers.
  say = (one) => (one.photo.toString() === 'after 2' ? new Promise<never>(() => undefined) : found(toldOf())(one));
  const round = office.desk.round();
  while (asked.filter(isAfter).length < 2) await new Promise((resolve) => setImmediate(resolve));
  await office.desk.close();
  await round.catch(() => undefined);
  say = found(toldOf());
  const again = await createDesk({ ...office.options, random: testRandom('again') });
  Object.assign(office, { desk: again, call: caller(again), close: () => again.close() });
  await again.round();
  expect(await Promise.all(intents.map(async (intent) => (await use(intent)).impression?.grade))).toEqual(['good', 'good', 'good']);
  expect(await entries()).toHaveLength(3);
  expect(asked.filter((one) => one.photo.toString() === 'after 1')).toHaveLength(1);
});

test('a desk that goes down with it each time gives up after three tries', async () => {
  await open();
  const { intents: [intent] } = await strokes(office, [photos()]);
  say = () => Promise.reject(new Problem(INSPECTION.INSPECTION_FAILED));
  await office.desk.round();
  // As the table stands after the process was killed in its third try.
  await office.desk.rooms.store.commit((trx) => trx.updateTable('impression_try').set({ tries: 3, code: null }).execute());
  asked = [];
  await later(3_600_000);
  expect(asked).toEqual([]);
  expect((await use(intent)).impression).toMatchObject({ verdict: 'failed', reasons: [{ code: 'INSPECTION_FAILED' }] });
});

test('not judged: a stroke that failed, one over the edges of sheets, one of a seal without sample or size, one whose photo came a week ago', async () => {
  await open();
  const { intents: [failed, unknown] } = await strokes(office, [photos(1, { result: 2 }), photos(2, { result: 3 })]);
  const edges = await strokes(office, [photos(3)], { crossPage: 1 });
  await office.desk.round();
  expect(await Promise.all([failed, unknown, edges.intents[0]].map(async (intent) => (await use(intent)).impression?.grade))).toEqual([undefined, 'good', undefined]);
  await office.desk.rooms.store.commit((trx) => trx.updateTable('seal').set({ height: null }).execute());
  const { intents: [late] } = await strokes(office, [photos(4)]);
  await office.desk.round();
  await office.desk.rooms.store.commit((trx) => trx.updateTable('seal').set({ height: 42 }).execute());
  await later(8 * DAY);
  expect((await use(late)).impression).toBeNull();
  // Within the week it would have been.
  const { intents: [other] } = await strokes(office, [photos(5)]);
  await office.desk.round();
  expect((await use(other)).impression.grade).toBe('good');
});

test('a photo after the stroke waits a day for the one before it, which is not here yet', async () => {
  await open();
  say = (one) => Promise.resolve(toldOf({}, isAfter(one) ? [{}] : [{ grade: 'foreign' }]));
  office.bridge.changePhoto = (photo) => (isAfter({ photo } as Asked) ? photo : Buffer.from('torn on its way'));
  const { intents: [first, second] } = await strokes(office, [photos(1), photos(2)]);
  await later(3_600_000);
  expect([(await use(first)).impression, (await use(second)).impression, asked]).toEqual([null, null, []]);
  office.bridge.changePhoto = (photo) => (photo.toString() === 'before 2' ? Buffer.from('torn') : photo);
  await office.desk.round();
  expect([await earlier(first), (await use(second)).impression]).toEqual([[expect.objectContaining({ grade: 'foreign' })], null]);
  await later(DAY);
  expect([(await use(second)).impression, await earlier(second)]).toEqual([expect.objectContaining({ grade: 'good' }), []]);
});

test('a page that never ends holds up neither evidence nor strokes', async () => {
  await open();
  say = () => new Promise<never>(() => undefined);
  await strokes(office, [photos(1)]);
  const held = office.desk.rooms.followers[0].round(); // a round of its follower, as the desk that runs makes them
  await held;
  const { application } = await strokesNow(2);
  await office.desk.rooms.followers[0].round();
  const { uses } = (await ask('auditor', `/v1/register/uses?application=${application.id}`)).body;
  expect(uses).toMatchObject([{ result: 'stamped', beforeStored: true, afterStored: true, impression: null }]);
});

/** As `strokes`, with rounds of the follower alone. */
async function strokesNow(n: number): Promise<Awaited<ReturnType<typeof strokes>>> {
  const round = office.desk.round;
  office.desk.round = () => office.desk.rooms.followers[0].round();
  try {
    return await strokes(office, [photos(n)]);
  } finally {
    office.desk.round = round;
  }
}

test('who may not read the register sees none of it; without comparison there is no picture', async () => {
  await open();
  const { intents: [intent] } = await strokes(office, [photos()]);
  await office.desk.round();
  for (const what of ['impression', 'impression/picture', 'comparison', 'comparison/picture']) expect((await ask('applicant', `/v1/register/uses/${deviceId}/${intent}/${what}`)).status).toBe(403);
  expect((await ask('auditor', `/v1/register/uses/${deviceId}/${intent + 1}/impression`)).status).toBe(404);
  expect((await ask('auditor', `/v1/register/uses/${deviceId}/${intent + 1}/impression/picture`)).status).toBe(404);
  expect(await ask('auditor', `/v1/register/uses/${deviceId}/${intent}/comparison`)).toMatchObject({ status: 503, body: { code: 'NOT_COMPARED' } });
});

test('two replicas over one database: what one has judged the other does not, and one that is off duty writes nothing', async () => {
  await open();
  const { intents: [intent] } = await strokes(office, [photos()]);
  let go = (): void => undefined;
  say = (one) => (isAfter(one) ? new Promise((resolve) => (go = () => resolve(toldOf()))) : Promise.resolve(toldOf({}, [])));
  const round = office.desk.round();
  while (asked.filter(isAfter).length < 1) await new Promise((resolve) => setImmediate(resolve));
  // Another one has taken the place meanwhile.
  await office.desk.rooms.store.commit((trx) => trx.updateTable('duty').set({ term: 99 }).execute());
  go();
  await round.catch(() => undefined);
  expect(await entries()).toEqual([]);
  expect((await use(intent)).impression).toBeNull();
});
