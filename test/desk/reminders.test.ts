/** Steps that wait too long (催办、升级): who is told when, whom it goes to, and that it is said once, whatever restarts. */
import { createDesk } from '../../host-bridge/desk/desk';
import { dueOf } from '../../host-bridge/desk/approvals/reminders';
import { makeDatabase, startCluster } from '../postgres/cluster';
import { applicationOf, approved, deviceId, hexBytes, openOffice, type Answer, type Json, type Office } from './support';

const HOUR = 3600;
let office: Office;
let boss: { token: string; id: number };
const cluster = startCluster();
if (!cluster) console.warn('not run, because there is no PostgreSQL on this machine: reminders by one of two replicas');
afterAll(() => cluster?.stop());

type Who = keyof Office['tokens'];
const ask = (who: Who, method: string, url: string, body?: unknown): Promise<Answer> => office.call(office.tokens[who], method, url, body);

beforeEach(async () => {
  office = await openOffice();
  const { person, token } = await office.desk.rooms.people.add('总经理', ['approver'], 0);
  boss = { token, id: person.id };
  const company = (await ask('admin', 'POST', '/v1/departments', { name: '公司', parent: null, head: boss.id, leader: null })).body.id;
  const sales = (await ask('admin', 'POST', '/v1/departments', { name: '销售部', parent: company, head: office.ids.chief, leader: null })).body.id;
  for (const who of ['chief', 'applicant'] as const) await ask('admin', 'PUT', `/v1/people/${office.ids[who]}`, { name: who, login: null, department: sales, title: '' });
  await settle({ after: HOUR, every: HOUR, escalateAfter: 2 * HOUR, escalateTo: 'superior' });
});
afterEach(() => office.close());

const settle = (value: object): Promise<Answer> => ask('admin', 'PUT', '/v1/settings/reminders', { ...value, reason: '用印规定第七条' });
const apply = async (more: Record<string, unknown> = {}): Promise<Json> => (await ask('applicant', 'POST', '/v1/applications', applicationOf(office, { notAfter: office.clock.seconds + 20 * HOUR, ...more }))).body;
const events = async (): Promise<Json[]> => (await office.desk.rooms.events.after(0, 1000)).filter(({ type }) => type.startsWith('approval.'));
async function later(hours: number): Promise<void> {
  office.clock.time += hours * HOUR * 1000;
  await office.desk.round();
}

test('reminded in time, again, and then it goes to who stands above, who decides it', async () => {
  const asked = await apply();
  await later(0.9);
  expect(await events()).toEqual([]);
  await later(0.2);
  expect(await events()).toMatchObject([{ type: 'approval.reminded', device: deviceId, data: { kind: 'application', id: asked.id, step: 0, count: 1, persons: [office.ids.chief] } }]);
  await office.desk.round();
  expect(await events()).toHaveLength(1);
  expect((await office.call(boss.token, 'GET', `/v1/applications/${asked.id}`)).status).toBe(404);
  await later(1);
  expect((await events())[1]).toMatchObject({ type: 'approval.reminded', data: { count: 2 } });
  await later(1);
  expect((await events()).slice(2).map(({ type, data }) => [type, data.persons])).toEqual([['approval.escalated', [boss.id]], ['approval.reminded', [office.ids.chief, boss.id]]]);
  expect((await office.call(boss.token, 'GET', '/v1/reminders')).body.reminders).toMatchObject([{ kind: 'application', id: asked.id, count: 3, escalated: office.clock.seconds, added: [boss.id] }]);
  expect((await office.call(boss.token, 'GET', '/v1/tasks')).body.applications.map(({ id }: Json) => id)).toEqual([asked.id]);
  expect((await office.call(boss.token, 'POST', `/v1/applications/${asked.id}/approve`, { content: asked.content })).body).toMatchObject({ state: 'submitted', step: 1 });
  // The next step begins anew, and what was decided is over.
  expect((await ask('auditor', 'GET', '/v1/reminders')).body.reminders).toEqual([]);
  await later(0.5);
  expect(await events()).toHaveLength(4);
  await later(0.6);
  expect((await events())[4]).toMatchObject({ type: 'approval.reminded', data: { step: 1, count: 1, persons: [office.ids.director] } });
  const entries = (await ask('auditor', 'GET', `/v1/register/entries?search=${asked.id}`)).body.entries.map(({ kind }: Json) => kind);
  expect(entries).toEqual(['application', 'reminder', 'reminder', 'escalation', 'reminder', 'decision', 'reminder']);
});

test('who has a step of their own gets no second one; where nobody is left, a person has to look', async () => {
  await ask('admin', 'PUT', `/v1/seals/${office.seal}/approvers`, { approvers: [[office.ids.chief], [boss.id]] });
  const { id } = await apply();
  await later(3);
  expect((await events()).map(({ type, data }) => [type, data.persons])).toEqual([['approval.escalated', []], ['approval.reminded', [office.ids.chief]]]);
  expect((await ask('admin', 'GET', '/v1/cases?open=true')).body.cases).toMatchObject([{ kind: 'unanswered', device: deviceId, detail: { kind: 'application', id, step: 0 } }]);
  expect((await ask('applicant', 'GET', `/v1/applications/${id}`)).body.chain).toEqual([[office.ids.chief], [boss.id]]);
  await later(1);
  expect((await ask('admin', 'GET', '/v1/cases?open=true')).body.cases).toHaveLength(1);
});

test('neither to the applicant, nor to who approves nothing: the next above; or to a role', async () => {
  // The applicant heads the department of the chief; above stands the auditor, who is no approver, and then the boss.
  const rows = (await ask('admin', 'GET', '/v1/departments')).body.departments;
  await ask('admin', 'PUT', `/v1/departments/${rows[1].id}`, { name: '销售部', parent: rows[0].id, head: office.ids.applicant, leader: office.ids.auditor });
  const { id } = await apply();
  await later(3);
  expect((await ask('applicant', 'GET', `/v1/applications/${id}`)).body.chain[0]).toEqual([office.ids.chief, boss.id]);
  await settle({ after: HOUR, every: null, escalateAfter: HOUR, escalateTo: 'admin' });
  await ask('admin', 'PUT', `/v1/people/${office.ids.other}/roles`, { roles: ['admin', 'approver'] });
  const next = await apply();
  await later(2);
  expect((await ask('applicant', 'GET', `/v1/applications/${next.id}`)).body.chain[0].sort()).toEqual([office.ids.chief, office.ids.other].sort());
  const before = (await events()).length;
  await later(5);
  expect((await events()).length).toBe(before);
});

test('a rule has times of its own; null is never; delegates are told', async () => {
  const rule = { name: '快办', category: 'letter', steps: [[office.ids.chief]], remindAfter: 600, escalateAfter: 600 };
  expect((await ask('admin', 'POST', '/v1/chains', { rule, reason: 'x' })).body).toMatchObject({ remindAfter: 600, escalateAfter: 600 });
  await settle({ after: null, every: null, escalateAfter: null, escalateTo: 'superior' });
  await ask('chief', 'POST', '/v1/delegations', { delegate: office.ids.director, until: office.clock.seconds + 50 * HOUR, reason: '出差' });
  const asked = await apply();
  await later(0.25);
  expect(await events()).toMatchObject([{ data: { id: asked.id, persons: [office.ids.chief, office.ids.director] } }]);
  expect((await ask('director', 'GET', '/v1/reminders')).body.reminders).toHaveLength(1);
  expect((await ask('applicant', 'GET', '/v1/reminders')).body.reminders).toHaveLength(1);
  expect((await ask('other', 'GET', '/v1/reminders')).body.reminders).toEqual([]);
  expect((await ask('admin', 'POST', '/v1/chains', { rule: { name: '外带', matter: 'take-out', steps: ['any'], remindAfter: 600 }, reason: 'x' })).body.code).toBe('INVALID');
});

test('ceremonies and top-ups as well', async () => {
  await office.desk.rooms.cards.enrol({ device: deviceId, person: office.ids.custodian, number: 9, means: 1 }, office.ids.admin);
  const { id, content } = (await ask('custodian', 'POST', `/v1/devices/${deviceId}/ceremonies`, { action: 'resume', present: [office.ids.custodian], reason: 'x' })).body;
  const application = await approved(office, { notAfter: office.clock.seconds + 20 * HOUR });
  await office.desk.round();
  const permit = application.permits[0].id;
  office.device.write(2, [hexBytes(permit), 'x'.repeat(32), 2]);
  const topUp = (await ask('applicant', 'POST', `/v1/permits/${permit}/top-ups`, { count: 5, reason: '多一份' })).body;
  await later(3);
  expect((await events()).filter(({ type }) => type === 'approval.escalated').map(({ data }) => [data.kind, data.id, data.persons])).toEqual([['ceremony', id, [boss.id]], ['top-up', topUp.id, [boss.id]]]);
  expect((await office.call(boss.token, 'POST', `/v1/ceremonies/${id}/approve`, { content })).body).toMatchObject({ step: 1, decided: [boss.id] });
  expect((await office.call(boss.token, 'POST', `/v1/top-ups/${topUp.id}/approve`, { content: topUp.content })).body).toMatchObject({ step: 1, decided: [boss.id] });
  expect((await ask('applicant', 'GET', `/v1/applications/${application.id}`)).body.chain).toEqual([[office.ids.chief], [office.ids.director]]);
});

test('a restart says nothing twice, and what fell into it once', async () => {
  const { id } = await apply();
  await later(1.1);
  await office.desk.close();
  office.clock.time += 5 * HOUR * 1000;
  const desk = await createDesk(office.options);
  office.desk = desk;
  await desk.round();
  await desk.round();
  expect((await events()).map(({ type, data }) => [type, data.id, data.count])).toEqual([['approval.reminded', id, 1], ['approval.escalated', id, undefined], ['approval.reminded', id, 2]]);
});

test('of two replicas one says it', async () => {
  if (!cluster) return;
  await makeDatabase(cluster.address('postgres'), 'reminders');
  await office.close();
  office = await openOffice({ database: cluster.address('reminders') });
  await settle({ after: HOUR, every: null, escalateAfter: null, escalateTo: 'superior' });
  const other = await createDesk({ ...office.options, mark: undefined });
  try {
    for (let i = 0; i < 5; i++) await apply();
    office.clock.time += 2 * HOUR * 1000;
    await Promise.all([office.desk.round(), other.round(), office.desk.round(), other.round()]);
    expect(await events()).toHaveLength(5);
    // The one on duty goes: the other says what comes then, and nothing of before.
    await apply();
    await office.desk.rooms.duty.close();
    office.clock.time += 2 * HOUR * 1000;
    await other.round();
    expect(await events()).toHaveLength(6);
  } finally {
    await other.close();
  }
});

test.each([[{ after: 59 }, 400], [{ after: 'soon' }, 400], [{ escalateTo: 'nobody' }, 400], [{ reason: ' ' }, 422]])('settings %j are refused', async (more, status) => {
  expect((await ask('admin', 'PUT', '/v1/settings/reminders', { after: HOUR, every: null, escalateAfter: null, escalateTo: 'superior', reason: 'x', ...more })).status).toBe(status);
  expect((await ask('applicant', 'GET', '/v1/settings')).body.reminders.after).toBe(HOUR);
});

test('when something is due', () => {
  const times = { after: 10, every: 5, escalateAfter: 20 };
  const at = (now: number, said?: { count: number; last: number; escalated: number | null }) => dueOf(times, 100, said, now);
  expect(at(109)).toEqual({ remind: false, escalate: false });
  expect(at(110)).toEqual({ remind: true, escalate: false });
  expect(at(114, { count: 1, last: 110, escalated: null })).toEqual({ remind: false, escalate: false });
  expect(at(115, { count: 1, last: 110, escalated: null })).toEqual({ remind: true, escalate: false });
  expect(at(130, { count: 2, last: 129, escalated: null })).toEqual({ remind: false, escalate: true });
  expect(at(200, { count: 2, last: 199, escalated: 130 })).toEqual({ remind: false, escalate: false });
});
