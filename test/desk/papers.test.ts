/** Blank paper (B7) and stamped paper for the archive: refused, granted as an exception, accounted for stroke by stroke, and asked after until it is. */
import { createHash } from 'node:crypto';
import sharp from 'sharp';
import { isBlankPage } from '../../host-bridge/desk/documents/blank';
import type { Compared, PageComparer } from '../../host-bridge/desk';
import { applicationOf, approved, deviceId, Form, hexBytes, openOffice, tinyPng, type Answer, type Json, type Office } from './support';

const DAY = 86_400;
const SAME: Compared = { verdict: 'same', page: 1, pages: 1, reasons: [], findings: [], elements: [], open: [], notes: [] };
let office: Office;
let boss: { token: string; id: number };
let verdict: Compared;
let asked: { approved: Buffer; photo: Buffer }[];
const comparer: PageComparer = { inspect: (one) => (asked.push(one), Promise.resolve({ inspection: verdict })), close: () => undefined };

type Who = keyof Office['tokens'];
const ask = (who: Who, method: string, url: string, body?: unknown): Promise<Answer> => office.call(office.tokens[who], method, url, body);
const upload = async (png: Buffer, who: Who = 'applicant'): Promise<string> => (await ask(who, 'POST', '/v1/documents', new Form().file('document', 'a.png', png))).body.sha256;
const events = async (): Promise<[string, Json][]> => (await office.desk.rooms.events.after(0, 1000)).filter(({ type }) => type.startsWith('paper.')).map(({ type, data }) => [type, data]);
const cases = async (): Promise<Json[]> => (await ask('admin', 'GET', '/v1/cases?open=true')).body.cases;

beforeEach(async () => {
  verdict = SAME;
  asked = [];
  office = await openOffice({ comparer });
  const { person, token } = await office.desk.rooms.people.add('副总经理', ['approver'], 0);
  boss = { token, id: person.id };
});
afterEach(() => office.close());

async function days(count: number): Promise<void> {
  office.clock.time += count * DAY * 1000;
  await office.desk.round();
}
const rule = (fields: object): Promise<Answer> => ask('admin', 'POST', '/v1/chains', { rule: { name: '规则', steps: [[boss.id]], ...fields }, reason: '用印规定' });

describe('blank paper', () => {
  let white: string;
  beforeEach(async () => {
    white = await upload(tinyPng(60, 60, 255));
  });
  const blank = (more: object = {}) => applicationOf(office, { document: white, blank: true, reportBy: office.clock.seconds + 3 * DAY, ...more });
  /** Granted by the deputy general manager; the unit makes so many strokes of three. */
  async function stamped(strokes: number): Promise<{ id: string; intents: number[] }> {
    await rule({ matter: 'blank' });
    const made = await ask('applicant', 'POST', '/v1/applications', blank({ count: 3 }));
    expect(made.body).toMatchObject({ state: 'submitted', blank: true, chain: [[boss.id]] });
    const { id, content } = made.body;
    expect((await office.call(boss.token, 'POST', `/v1/applications/${id}/approve`, { content })).body.state).toBe('approved');
    await office.desk.round();
    const [permit, grant] = [...office.bridge.permits][0] as [string, Buffer];
    if (strokes > 0) begin(permit, grant, strokes);
    await office.desk.round();
    return { id, intents: (await ask('auditor', 'GET', `/v1/register/uses?application=${id}`)).body.uses.map(({ intent }: Json) => intent).sort((a: number, b: number) => a - b) };
  }
  /** A use that is not over: what is left can still be used. */
  function begin(permit: string, grant: Buffer, strokes: number): void {
    const { device } = office;
    device.write(2, [hexBytes(permit), createHash('sha256').update(grant).digest().toString('latin1'), 3]);
    for (let use = 1; use <= strokes; use++) {
      const before = device.photo(permit, 0, use, Buffer.from(`photo before ${permit} ${use}`));
      device.write(5, [hexBytes(permit), use, use, before]);
      device.write(6, [hexBytes(permit), use, 1, hexBytes('0102'), device.records.length - 1, use]);
      device.photo(permit, 1, use, Buffer.from(`photo after ${permit} ${use}`));
    }
  }
  const report = (id: string, papers: object[], who: Who = 'applicant'): Promise<Answer> => ask(who, 'POST', `/v1/applications/${id}/report`, { papers });

  test('is refused: unsaid, and where no rule says who may grant it', async () => {
    expect((await ask('applicant', 'POST', '/v1/applications', applicationOf(office, { document: white }))).body).toMatchObject({ code: 'BLANK_DOCUMENT', detail: 'page 1' });
    expect((await ask('applicant', 'POST', '/v1/applications', blank())).body.code).toBe('BLANK_REFUSED');
    await rule({ matter: 'use' });
    expect((await ask('applicant', 'POST', '/v1/applications', blank())).body.code).toBe('BLANK_REFUSED');
    for (const [more, code] of [[{ reportBy: undefined }, 'INVALID'], [{ blank: false }, 'INVALID'], [{ reportBy: office.clock.seconds + 99 * DAY }, 'WINDOW'], [{ reportBy: office.clock.seconds - DAY }, 'WINDOW']] as const) {
      expect((await ask('applicant', 'POST', '/v1/applications', blank(more))).body.code).toBe(code);
    }
  });

  test('granted: each stroke comes back as a finished page or as spoiled, held against its photo, and the rest is revoked', async () => {
    const { id, intents } = await stamped(2);
    expect((await ask('applicant', 'GET', `/v1/applications/${id}/report`)).body).toMatchObject({ kind: 'blank', state: 'owed', due: office.clock.seconds + 3 * DAY, papers: [] });
    const finished = await upload(tinyPng(50, 60, 120));
    verdict = { ...SAME, verdict: 'different' };
    const [first, second] = intents.map((intent) => ({ device: deviceId, intent }));
    expect((await report(id, [{ ...first, document: finished }])).body).toMatchObject({ code: 'REPORT_INCOMPLETE', detail: `${deviceId}/${intents[1]}` });
    expect((await report(id, [first!, second!])).body.code).toBe('REASON_REQUIRED');
    expect((await report(id, [{ ...first, document: finished }, { ...first, document: finished }])).body.code).toBe('REPORT_INCOMPLETE');
    expect((await report(id, [{ ...first, document: finished }, { ...second, note: '写坏' }, { device: deviceId, intent: 99 }])).body.code).toBe('REPORT_INCOMPLETE');
    expect((await report(id, [{ ...first, document: white }, { ...second, note: '写坏' }])).body.code).toBe('REPORT_BLANK');
    expect((await report(id, [{ ...first, document: await upload(tinyPng(61, 60, 255)) }, { ...second, note: '写坏' }])).body.code).toBe('REPORT_BLANK');
    expect((await report(id, [{ ...first, document: finished, page: 2 }, { ...second, note: '写坏' }])).body.code).toBe('NOT_FOUND');
    expect((await report(id, [{ ...first, document: finished }, { ...second, note: '写坏' }], 'other')).body.code).toBe('NOT_FOUND');
    const { status, body } = await report(id, [{ ...first, document: finished }, { ...second, note: '写坏,已销毁' }]);
    expect([status, body]).toMatchObject([201, { state: 'made', used: 2, unused: 1, papers: [{ intent: intents[0], document: finished, page: 1, verdict: 'different' }, { intent: intents[1], document: null, note: '写坏,已销毁', verdict: 'not-compared' }] }]);
    expect(asked.map(({ photo }) => photo.toString().slice(0, 11))).toEqual(['photo after']);
    expect((await ask('applicant', 'GET', `/v1/applications/${id}`)).body).toMatchObject({ state: 'used', permits: [{ state: 'revoked', used: 2 }] });
    await office.desk.round();
    expect(office.bridge.grants.map(({ kind }) => kind)).toContain(5);
    expect((await report(id, [])).body.code).toBe('WRONG_STATE');
    expect((await events()).map(([type]) => type)).toEqual(['paper.reported']);
    expect((await ask('auditor', 'GET', `/v1/register/entries?search=${id}`)).body.entries.map(({ kind }: Json) => kind)).toEqual(expect.arrayContaining(['report', 'application']));
    // What was blank and is finished now looks different: that is no case.
    expect(await cases()).toEqual([]);
    // A stroke that the unit had made before it heard of the end is not in the account: somebody has to look.
    const [permit] = [...office.bridge.permits.keys()];
    office.device.write(5, [hexBytes(permit!), 3, 3, office.device.photo(permit!, 0, 3, Buffer.from('late'))]);
    await office.desk.round();
    expect(await cases()).toMatchObject([{ kind: 'paper-owed', detail: { application: id, intent: office.device.records.length - 1 } }]);
  });

  test('not accounted for: reminders, a case when the date has passed, and no more blank paper until it is', async () => {
    const { id } = await stamped(0);
    await days(1);
    expect(await events()).toEqual([]);
    await days(1.5);
    expect(await events()).toMatchObject([['paper.due', { application: id, kind: 'blank', person: office.ids.applicant }]]);
    await office.desk.round();
    expect(await events()).toHaveLength(1);
    await days(1);
    expect((await events()).map(([type]) => type)).toEqual(['paper.due', 'paper.overdue']);
    expect(await cases()).toMatchObject([{ kind: 'paper-owed', device: deviceId, detail: { application: id, kind: 'blank' } }]);
    await days(1);
    expect([(await events()).length, (await cases()).length]).toEqual([3, 1]);
    expect((await ask('applicant', 'GET', '/v1/reports?state=owed')).body.reports).toMatchObject([{ application: id, reminded: 3 }]);
    expect((await ask('other', 'GET', '/v1/reports')).body.reports).toEqual([]);
    expect((await ask('auditor', 'GET', '/v1/reports')).body.reports).toHaveLength(1);
    expect((await ask('applicant', 'POST', '/v1/applications', blank())).body.code).toBe('REPORT_OWED');
    // Nothing was used: that is an account as well.
    expect((await report(id, [])).body).toMatchObject({ state: 'made', used: 0, unused: 3 });
    expect((await ask('applicant', 'POST', '/v1/applications', blank())).status).toBe(201);
    await days(5);
    expect((await ask('applicant', 'GET', '/v1/reports?state=owed')).body.reports).toEqual([]);
  });
});

describe('stamped paper for the archive', () => {
  async function used(more: Record<string, unknown> = {}, result = 1): Promise<{ id: string; intent: number }> {
    const { id } = await approved(office, { count: 1, ...more });
    await office.desk.round();
    const [permit, grant] = [...office.bridge.permits].at(-1) as [string, Buffer];
    office.device.use(permit, grant, 1, result);
    await office.desk.round();
    return { id, intent: (await ask('auditor', 'GET', `/v1/register/uses?application=${id}`)).body.uses[0].intent };
  }
  const settle = (archiveWithin: number | null): Promise<Answer> => ask('admin', 'PUT', '/v1/settings/papers', { archiveWithin, remindBefore: DAY, every: DAY, reason: '归档规定' });

  test('nothing is owed where nobody says so', async () => {
    await used();
    expect((await ask('auditor', 'GET', '/v1/reports')).body.reports).toEqual([]);
  });

  test('owed from the end of the use on; the page that was stamped is filed, another one is a case', async () => {
    await settle(2 * DAY);
    const { id, intent } = await used();
    expect(await events()).toMatchObject([['paper.owed', { application: id, kind: 'archive', due: office.clock.seconds + 2 * DAY }]]);
    const scan = await upload(tinyPng(50, 60, 130));
    const file = (of: string, at: number) => ask('applicant', 'POST', `/v1/applications/${of}/report`, { papers: [{ device: deviceId, intent: at, document: scan }] });
    expect((await ask('applicant', 'POST', `/v1/applications/${id}/report`, { papers: [{ device: deviceId, intent, document: office.document }] })).body.code).toBe('REPORT_BLANK');
    expect((await file(id, intent)).body).toMatchObject({ state: 'made', used: 1, unused: 0, papers: [{ verdict: 'same', document: scan, page: 1 }] });
    expect(await cases()).toEqual([]);
    verdict = { ...SAME, verdict: 'different' };
    const next = await used();
    expect((await file(next.id, next.intent)).body).toMatchObject({ state: 'made', papers: [{ verdict: 'different' }] });
    expect(await cases()).toMatchObject([{ kind: 'paper-differs', detail: { application: next.id, strokes: String(next.intent) } }]);
  });

  test('a rule has a time of its own; overdue is a case; a stroke that failed left nothing to file', async () => {
    expect((await rule({ category: 'letter', steps: [[office.ids.chief], [office.ids.director]], archiveWithin: DAY })).body.archiveWithin).toBe(DAY);
    const { id } = await used();
    const failed = await used({}, 2);
    await days(1.1);
    expect((await ask('auditor', 'GET', '/v1/reports')).body.reports.map((one: Json) => [one.application, one.state])).toEqual(expect.arrayContaining([[id, 'owed'], [failed.id, 'void']]));
    expect((await events()).map(([type, { application }]) => [type, application])).toEqual([['paper.owed', id], ['paper.due', id], ['paper.overdue', id]]);
    expect(await cases()).toMatchObject([{ kind: 'paper-owed' }]);
    expect((await rule({ matter: 'take-out', archiveWithin: DAY })).body.code).toBe('INVALID');
  });
});

describe('what is blank', () => {
  const page = (inner: string, background = '#ffffff'): Promise<Buffer> =>
    sharp(Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="1240" height="1754"><rect width="100%" height="100%" fill="${background}"/>${inner}</svg>`)).png().toBuffer();
  test.each<[string, string, string | undefined, boolean]>([
    ['white paper', '', undefined, true], ['yellowish paper', '', '#f6f2e6', true], ['paper with a speck', '<circle cx="300" cy="300" r="2"/>', undefined, true],
    ['a line drawn for a signature', '<rect x="200" y="1500" width="400" height="3"/>', undefined, false], ['a page number', '<text x="600" y="1700" font-size="28">12</text>', undefined, false],
    ['a word', '<text x="200" y="300" font-size="40">授权委托书</text>', undefined, false], ['a black page', '', '#000000', false], ['a grey picture', '', '#888888', false],
  ])('%s: %s', async (_what, inner, background, blank) => {
    expect(await isBlankPage(await page(inner, background))).toBe(blank);
  });
});
