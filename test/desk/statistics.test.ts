/** Statistics of uses, as JSON and as the second sheet of the workbook; and who approved in whose place. */
import { unzipSync } from 'fflate';
import { appendEntry } from '../../host-bridge/desk/register/register';
import { RecordKind } from '../../host-bridge/desk/register/records';
import { applicationOf, approved, deviceId, hexBytes, openOffice, type Answer, type Json, type Office } from './support';

let office: Office;
beforeEach(async () => {
  office = await openOffice();
});
afterEach(() => office.close());

type Who = keyof Office['tokens'];
const ask = (who: Who, method: string, url: string, body?: unknown): Promise<Answer> => office.call(office.tokens[who], method, url, body);

async function used(purpose: string, granted: number, strokes: number, result = 1): Promise<void> {
  const application = await approved(office, { purpose, count: granted });
  await office.desk.round();
  const permit = application.permits[0].id;
  office.device.use(permit, office.bridge.permits.get(permit)!, strokes, result);
  await office.desk.round();
}

test('by seal, department, category, purpose and month; permits never used, strokes not used, applications refused', async () => {
  const { id } = (await ask('admin', 'POST', '/v1/departments', { name: '销售部', parent: null, head: null, leader: null })).body;
  await ask('admin', 'PUT', `/v1/people/${office.ids.applicant}`, { name: 'applicant', login: null, department: id, title: '' });
  await used('采购合同', 3, 2);
  await used('报价单', 1, 1, 2);
  const from = office.clock.seconds + 1;
  office.clock.time += 31 * 86_400 * 1000;
  await used('采购合同', 1, 1);
  const { id: unused } = await approved(office, { count: 4 });
  await ask('applicant', 'POST', `/v1/applications/${unused}/withdraw`, {});
  const asked = (await ask('applicant', 'POST', '/v1/applications', applicationOf(office))).body;
  await ask('chief', 'POST', `/v1/applications/${asked.id}/refuse`, { content: asked.content, reason: '金额未填写' });
  const { status, body } = await ask('auditor', 'GET', '/v1/register/statistics');
  expect(status).toBe(200);
  const counts = (stamped: number, failed: number): Json => ({ stamped, failed, unknown: 0, pending: 0 });
  expect(body).toEqual({
    total: counts(3, 1),
    by: {
      seal: [{ name: '公司公章', ...counts(3, 1) }], department: [{ name: '销售部', ...counts(3, 1) }], category: [{ name: 'letter', ...counts(3, 1) }],
      purpose: [{ name: '采购合同', ...counts(3, 0) }, { name: '报价单', ...counts(0, 1) }],
      month: [{ name: '2027-01', ...counts(2, 1) }, { name: '2027-02', ...counts(1, 0) }],
    },
    permits: { issued: 4, unused: 1, strokes: 9, strokesUnused: 5 },
    applications: expect.objectContaining({ used: 3, withdrawn: 1, refused: 1 }),
    refusals: { people: [{ matter: 'application', reason: '金额未填写', count: 1 }], units: [] },
  });
  const later = (await ask('auditor', 'GET', `/v1/register/statistics?from=${from}&seal=${office.seal}&device=${'0'.repeat(16)}`)).body;
  expect(later).toMatchObject({ total: counts(0, 0), permits: { issued: 0 }, applications: {} });
  expect((await ask('auditor', 'GET', `/v1/register/statistics?from=${from}`)).body).toMatchObject({ total: counts(1, 0), permits: { issued: 2, unused: 1, strokes: 5, strokesUnused: 4 } });
  expect((await ask('applicant', 'GET', '/v1/register/statistics')).status).toBe(403);

  const files = unzipSync((await ask('auditor', 'GET', '/v1/register/uses.xlsx')).raw);
  const text = (name: string): string => Buffer.from(files[name] ?? []).toString('utf8');
  const sheet = text('xl/worksheets/sheet2.xml') + text('xl/sharedStrings.xml');
  expect(text('xl/workbook.xml')).toContain('统计');
  for (const word of ['销售部', '2027-02', '未使用的许可', '被拒绝的申请']) expect(sheet).toContain(word);
});

test('who approved in another’s place stands with both names', async () => {
  await ask('chief', 'POST', '/v1/delegations', { delegate: office.ids.director, until: office.clock.seconds + 3600, reason: '出差' });
  const { id, content } = (await ask('applicant', 'POST', '/v1/applications', applicationOf(office, { count: 1 }))).body;
  for (let i = 0; i < 2; i++) expect((await ask('director', 'POST', `/v1/applications/${id}/approve`, { content })).status).toBe(200);
  await office.desk.round();
  const [permit, grant] = [...office.bridge.permits][0] as [string, Buffer];
  office.device.use(permit, grant, 1);
  await office.desk.round();
  expect((await ask('auditor', 'GET', '/v1/register/uses.csv')).raw.toString()).toContain(',director（代chief）、director,');
  expect((await ask('auditor', 'GET', '/v1/register/uses.csv?lang=en')).raw.toString()).toContain('"director (for chief), director"');
});

test('refusals by reason: of applications, more strokes, pages and ceremonies, and of the unit itself', async () => {
  for (const reason of ['金额未填写', '金额未填写', '不在范围内']) {
    const asked = (await ask('applicant', 'POST', '/v1/applications', applicationOf(office))).body;
    await ask('chief', 'POST', `/v1/applications/${asked.id}/refuse`, { content: asked.content, reason });
  }
  const application = await approved(office, { count: 2, strokeGrants: true });
  const permit = application.permits[0].id as string;
  await office.desk.round();
  await office.desk.round();
  const more = (await ask('applicant', 'POST', `/v1/permits/${permit}/top-ups`, { count: 5, reason: '多三份' })).body;
  await ask('chief', 'POST', `/v1/top-ups/${more.id}/refuse`, { content: more.content, reason: '两份足够' });
  office.device.write(2, [hexBytes(permit), 'x'.repeat(32), 2]);
  const photo = Buffer.from(office.device.photo(permit, 0, 1, Buffer.from('page')), 'latin1').toString('hex');
  for (const code of [3, 3, 7]) office.device.write(RecordKind.refused, [code, hexBytes(permit)]);
  await office.desk.round();
  await office.desk.round();
  await ask('chief', 'POST', `/v1/permits/${permit}/reject`, { photo, number: 1, reason: '不是批准的页面' });
  await office.desk.rooms.cards.enrol({ device: deviceId, person: office.ids.custodian, number: 9, means: 1 }, office.ids.admin);
  const ceremony = (await ask('custodian', 'POST', `/v1/devices/${deviceId}/ceremonies`, { action: 'take-out', present: [office.ids.custodian], person: office.ids.custodian, until: office.clock.seconds + 3600, reason: '外出' })).body;
  await ask('chief', 'POST', `/v1/ceremonies/${ceremony.id}/refuse`, { content: ceremony.content, reason: '改期' });
  const refusals = async (query = ''): Promise<Json> => (await ask('auditor', 'GET', `/v1/register/statistics${query}`)).body.refusals;
  expect((await refusals()).people[0]).toEqual({ matter: 'application', reason: '金额未填写', count: 2 });
  const { people, units } = await refusals();
  expect(people.slice(1)).toEqual(expect.arrayContaining([['application', '不在范围内'], ['top-up', '两份足够'], ['page', '不是批准的页面'], ['ceremony', '改期']].map(([matter, reason]) => ({ matter, reason, count: 1 }))));
  expect(people).toHaveLength(5);
  expect(units).toEqual([{ code: 3, count: 2 }, { code: 7, count: 1 }]);
  expect((await refusals(`?seal=${office.seal}`)).people).toHaveLength(4);
  expect(await refusals(`?seal=${'0'.repeat(16)}`)).toEqual({ people: [], units: [] });
  expect(await refusals(`?until=${office.clock.seconds - 1}`)).toEqual({ people: [], units: [] });
});

test('a long register is read with pauses in which everybody else is served', async () => {
  await office.close();
  let turns = 0;
  office = await openOffice({ turn: () => Promise.resolve(void (turns += 1)) });
  await office.desk.rooms.store.commit(async (trx) => {
    for (let i = 0; i < 2500; i++) await appendEntry(trx, office.clock.seconds, 'statement', { type: 'stroke', subject: `${i}`, by: 1 });
  });
  expect((await ask('auditor', 'GET', '/v1/register/statistics')).status).toBe(200);
  expect(turns).toBe(2);
});
