/** Who approved something is told when it is stamped and when it goes wrong, and finds what became of all that they decided. */
import { approved, callsOf, openOffice, type Json, type Office, type Who } from './support';

let office: Office;
beforeEach(async () => {
  office = await openOffice();
});
afterEach(() => office.close());
const { ask, submitted } = callsOf(() => office);

async function stroked(application: Json, strokes: number, result = 1): Promise<void> {
  await office.desk.round();
  const permit = application.permits[0].id;
  office.device.use(permit, office.bridge.permits.get(permit)!, strokes, result);
  await office.desk.round();
}
const told = async (who: Who): Promise<Json[]> => (await ask(who, 'GET', '/v1/me/notices')).body.notices.filter(({ kind }: Json) => kind.startsWith('use-')).map(({ id: _id, at: _at, ...one }: Json) => one);
const decided = async (who: Who): Promise<Json[]> => (await ask(who, 'GET', '/v1/decisions')).body.decisions;

test('both who approved are told of the strokes, as one notice until they have seen it; nobody else is', async () => {
  const application = await approved(office, { purpose: '采购合同', count: 3 });
  expect(await told('chief')).toEqual([]);
  await stroked(application, 3);
  const stamped = { kind: 'use-stamped', application: application.id, purpose: '采购合同', count: 3, seen: false };
  for (const who of ['chief', 'director'] as const) expect(await told(who)).toEqual([stamped]);
  for (const who of ['applicant', 'custodian', 'auditor', 'admin', 'other'] as const) expect(await told(who)).toEqual([]);
  const [newest] = (await ask('chief', 'GET', '/v1/me/notices')).body.notices;
  await ask('chief', 'POST', '/v1/me/notices/seen', { upTo: newest.id });
  expect(await told('chief')).toEqual([{ ...stamped, seen: true }]);
  expect(await told('director')).toEqual([stamped]);
});

test.each([[2, 'use-failed'], [3, 'use-unknown']])('a stroke with result %i is told as %s', async (result, kind) => {
  const application = await approved(office);
  await stroked(application, 1, result);
  expect(await told('director')).toMatchObject([{ kind, application: application.id, count: 1 }]);
});

test('a use that an alarm has ended is told, and is not over', async () => {
  const application = await approved(office);
  await office.desk.round();
  office.device.write(7, [Buffer.from(application.permits[0].id, 'hex').toString('latin1'), 5, 0]);
  await office.desk.round();
  expect(await told('chief')).toMatchObject([{ kind: 'use-alarm', application: application.id }]);
  expect((await ask('applicant', 'GET', `/v1/applications/${application.id}`)).body.state).toBe('approved');
});

test('the list of what somebody decided says what became of it, the newest first, and is theirs alone', async () => {
  const first = await approved(office, { purpose: '第一份', count: 2 });
  await stroked(first, 2);
  const used = office.clock.seconds;
  office.clock.time += 60_000;
  const second = await submitted({ purpose: '第二份' });
  await ask('chief', 'POST', `/v1/applications/${second.id}/refuse`, { content: second.content, reason: '金额不符' });
  const none = { stamped: 0, failed: 0, unknown: 0, pending: 0, differing: 0, last: null };
  expect(await decided('chief')).toMatchObject([
    { application: { id: second.id, state: 'refused' }, decision: { verdict: 'refused', reason: '金额不符' }, strokes: none },
    { application: { id: first.id, state: 'used' }, decision: { verdict: 'approved' }, strokes: { ...none, stamped: 2, last: used } },
  ]);
  expect((await decided('director')).map(({ application }) => application.id)).toEqual([first.id]);
  expect((await ask('chief', 'GET', '/v1/decisions?limit=1')).body.decisions).toHaveLength(1);
  expect((await ask('chief', 'GET', '/v1/decisions?limit=201')).body.code).toBe('INVALID');
});

test('in whose place it was decided is told as well; who decided for them no longer is once that is over', async () => {
  const until = office.clock.seconds + 3600;
  await ask('admin', 'PUT', `/v1/people/${office.ids.other}/roles`, { roles: ['approver'] });
  expect((await ask('chief', 'POST', '/v1/delegations', { delegate: office.ids.other, until, reason: '出差' })).status).toBe(201);
  const application = await submitted({ count: 2, notAfter: office.clock.seconds + 7200 });
  for (const who of ['other', 'director'] as const) expect((await ask(who, 'POST', `/v1/applications/${application.id}/approve`, { content: application.content })).status).toBe(200);
  const permitted = (await ask('applicant', 'GET', `/v1/applications/${application.id}`)).body;
  expect((await decided('other')).map(({ application: { id } }) => id)).toEqual([application.id]);
  expect((await decided('chief')).map(({ application: { id } }) => id)).toEqual([application.id]);
  office.clock.time += 3_700_000;
  await stroked(permitted, 1);
  expect(await told('chief')).toMatchObject([{ kind: 'use-stamped', application: application.id }]);
  expect(await told('other')).toEqual([]);
  expect(await decided('other')).toEqual([]);
});
