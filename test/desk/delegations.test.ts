/** Delegation (A5, B3): who decides in whose place, for how long, and what nobody hands on. */
import { applicationOf, deviceId, openOffice, Form, tinyPng, type Answer, type Json, type Office } from './support';

let office: Office;
let deputy: { token: string; id: number };
beforeEach(async () => {
  office = await openOffice();
  const { person, token } = await office.desk.rooms.people.add('副手', ['approver', 'applicant'], 0);
  deputy = { token, id: person.id };
});
afterEach(() => office.close());

type Who = keyof Office['tokens'];
const call = (who: Who, method: string, url: string, body?: unknown): Promise<Answer> => office.call(office.tokens[who], method, url, body);
const asDeputy = (method: string, url: string, body?: unknown): Promise<Answer> => office.call(deputy.token, method, url, body);
const give = (who: Who, more: Record<string, unknown> = {}): Promise<Answer> => call(who, 'POST', '/v1/delegations', { delegate: deputy.id, until: office.clock.seconds + 3600, reason: '出差', ...more });
const apply = async (more: Record<string, unknown> = {}): Promise<Json> => (await call('applicant', 'POST', '/v1/applications', applicationOf(office, more))).body;
const approve = ({ id, content }: Json): Promise<Answer> => asDeputy('POST', `/v1/applications/${id}/approve`, { content });
const tasks = async (): Promise<string[]> => (await asDeputy('GET', '/v1/tasks')).body.applications.map(({ id }: Json) => id);

test('the delegate sees, and decides in the giver’s place; both names stand in the decision and in the register', async () => {
  const asked = await apply();
  expect((await asDeputy('GET', `/v1/applications/${asked.id}`)).status).toBe(404);
  const { body } = await give('chief');
  expect(body).toMatchObject({ giver: office.ids.chief, delegate: deputy.id, ended: null });
  expect(await tasks()).toEqual([asked.id]);
  expect((await asDeputy('GET', `/v1/applications/${asked.id}`)).status).toBe(200);
  expect((await asDeputy('GET', `/v1/documents/${office.document}/pages/1`)).status).toBe(200);
  expect((await asDeputy('GET', '/v1/applications')).body.applications).toHaveLength(1);
  expect((await approve(asked)).body).toMatchObject({ state: 'submitted', step: 1 });
  expect((await call('auditor', 'GET', `/v1/applications/${asked.id}/decisions`)).body.decisions).toMatchObject([{ person: deputy.id, behalf: office.ids.chief, verdict: 'approved' }]);
  expect((await call('director', 'POST', `/v1/applications/${asked.id}/approve`, { content: asked.content })).body.state).toBe('approved');
  expect((await call('auditor', 'GET', `/v1/applications/${asked.id}/decisions`)).body.decisions[1]).toMatchObject({ person: office.ids.director, behalf: null });
  const entries = (await call('auditor', 'GET', '/v1/register/entries?search=出差')).body.entries;
  expect(entries.map(({ kind }: Json) => kind)).toEqual(['delegation']);
  // The giver still decides as well.
  const other = await apply();
  expect((await call('chief', 'POST', `/v1/applications/${other.id}/approve`, { content: other.content })).body.step).toBe(1);
});

test('before it begins, after its time, and after its end it is nothing', async () => {
  const asked = await apply({ notAfter: office.clock.seconds + 20_000 });
  await give('chief', { from: office.clock.seconds + 100, until: office.clock.seconds + 200 });
  expect((await approve(asked)).body.code).toBe('NOT_YOUR_STEP');
  office.clock.forward(100_000);
  expect(await tasks()).toEqual([asked.id]);
  office.clock.forward(100_000);
  expect(await tasks()).toEqual([]);
  expect((await approve(asked)).body.code).toBe('NOT_YOUR_STEP');
  const { id } = (await give('chief')).body;
  expect(await tasks()).toEqual([asked.id]);
  expect((await call('director', 'POST', `/v1/delegations/${id}/end`)).status).toBe(404);
  expect((await call('chief', 'POST', `/v1/delegations/${id}/end`)).body.ended).toBe(office.clock.seconds);
  expect((await call('chief', 'POST', `/v1/delegations/${id}/end`)).body.code).toBe('WRONG_STATE');
  expect((await approve(asked)).body.code).toBe('NOT_YOUR_STEP');
});

test('never to the applicant, nor by the applicant to another', async () => {
  for (const token of [office.tokens.chief, deputy.token]) await office.call(token, 'POST', '/v1/documents', new Form().file('document', 'a.png', tinyPng(40, 60, 200)));
  await office.desk.rooms.cards.enrol({ device: deviceId, person: deputy.id, number: 11, means: 1 }, office.ids.admin);
  await give('chief');
  const own = (await asDeputy('POST', '/v1/applications', applicationOf(office, { persons: [deputy.id] }))).body;
  expect((await approve(own)).body.code).toBe('OWN_APPLICATION');
  expect(await tasks()).toEqual([]);
  // The chief applies: what they could not decide themselves they have nobody decide.
  const chiefs = (await call('chief', 'POST', '/v1/applications', applicationOf(office, { persons: [office.ids.chief] }))).body;
  expect((await approve(chiefs)).body.code).toBe('NOT_YOUR_STEP');
  expect(await tasks()).toEqual([]);
});

test('one person with two delegations is still one: neither step alone', async () => {
  await give('chief');
  await give('director');
  const asked = await apply();
  expect((await approve(asked)).body.step).toBe(1);
  expect((await approve(asked)).body.code).toBe('ALREADY_DECIDED');
  expect((await call('director', 'POST', `/v1/applications/${asked.id}/approve`, { content: asked.content })).body.state).toBe('approved');
});

test('it is not handed on, and ends with the giver’s role', async () => {
  await give('chief', { delegate: office.ids.director });
  await give('director');
  const asked = await apply();
  expect((await approve(asked)).body.code).toBe('NOT_YOUR_STEP');
  expect((await call('director', 'POST', `/v1/applications/${asked.id}/approve`, { content: asked.content })).body.step).toBe(1);
  const next = await apply();
  await call('admin', 'PUT', `/v1/people/${office.ids.chief}/roles`, { roles: ['applicant'] });
  expect((await call('director', 'POST', `/v1/applications/${next.id}/approve`, { content: next.content })).body.code).toBe('NOT_YOUR_STEP');
});

test('ceremonies too', async () => {
  await office.desk.rooms.cards.enrol({ device: deviceId, person: office.ids.custodian, number: 9, means: 1 }, office.ids.admin);
  await give('chief');
  const { body } = await call('custodian', 'POST', `/v1/devices/${deviceId}/ceremonies`, { action: 'resume', present: [office.ids.custodian], reason: 'x' });
  expect((await asDeputy('GET', '/v1/ceremonies?mine=true')).body.ceremonies).toHaveLength(1);
  expect((await asDeputy('POST', `/v1/ceremonies/${body.id}/approve`, { content: body.content })).body).toMatchObject({ step: 1, decided: [deputy.id, office.ids.chief] });
  expect((await asDeputy('GET', '/v1/ceremonies?mine=true')).body.ceremonies).toEqual([]);
});

test.each<[string, (o: Office) => Record<string, unknown>, string]>([
  ['to oneself', (o) => ({ delegate: o.ids.chief }), 'INVALID'], ['to somebody who approves nothing', (o) => ({ delegate: o.ids.applicant }), 'INVALID'], ['to nobody', () => ({ delegate: 4711 }), 'NOT_FOUND'],
  ['for time that has passed', (o) => ({ from: o.clock.seconds - 20, until: o.clock.seconds - 10 }), 'WINDOW'], ['that ends before it begins', (o) => ({ from: o.clock.seconds + 9000 }), 'WINDOW'],
  ['for good', (o) => ({ until: o.clock.seconds + 93 * 86_400 }), 'WINDOW'], ['without a reason', () => ({ reason: '  ' }), 'REASON_REQUIRED'],
])('a delegation %s is refused', async (_name, more, code) => {
  expect((await give('chief', more(office))).body.code).toBe(code);
  expect((await call('auditor', 'GET', '/v1/delegations')).body.delegations).toEqual([]);
});

test('only those concerned and those who check see it', async () => {
  await give('chief');
  const seen = async (who: Who): Promise<number> => (await call(who, 'GET', '/v1/delegations')).body.delegations.length;
  expect([await seen('chief'), await seen('director'), await seen('applicant'), await seen('auditor'), await seen('admin')]).toEqual([1, 0, 0, 1, 1]);
});
