/** Departments, who is over whom, and on which units a person is known. */
import { headOf, leaderOf } from '../../host-bridge/desk/people/organisation';
import { deviceId, openOffice, type Answer, type Office } from './support';

let office: Office;
beforeEach(async () => {
  office = await openOffice();
});
afterEach(() => office.close());

type Who = keyof Office['tokens'];
const ask = (who: Who, method: string, url: string, body?: unknown): Promise<Answer> => office.call(office.tokens[who], method, url, body);
const add = async (name: string, more: object = {}): Promise<number> => (await ask('admin', 'POST', '/v1/departments', { name, parent: null, head: null, leader: null, ...more })).body.id;
const place = (who: Who, department: number | null): Promise<Answer> => ask('admin', 'PUT', `/v1/people/${office.ids[who]}`, { name: who, login: null, department, title: '职员' });

test('heads and leaders are found upwards, and nobody is their own', async () => {
  const { ids } = office;
  const company = await add('公司', { head: ids.director });
  const sales = await add('销售部', { parent: company, head: ids.chief, leader: ids.auditor });
  const north = await add('北区', { parent: sales });
  await place('applicant', north);
  await place('chief', sales);
  await place('director', company);
  const superiors = async (person: number) => (await ask('admin', 'GET', `/v1/people/${person}/superiors`)).body;
  expect(await superiors(ids.applicant)).toEqual({ head: ids.chief, leader: ids.auditor });
  expect(await superiors(ids.chief)).toEqual({ head: ids.director, leader: ids.auditor });
  expect(await superiors(ids.director)).toEqual({ head: null, leader: null });
  expect(await superiors(ids.other)).toEqual({ head: null, leader: null });
  expect((await ask('applicant', 'GET', `/v1/people/${ids.applicant}/superiors`)).body.head).toBe(ids.chief);
  expect((await ask('applicant', 'GET', `/v1/people/${ids.chief}/superiors`)).status).toBe(404);
  await office.desk.rooms.store.read(async (db) => {
    expect([await headOf(db, ids.applicant), await leaderOf(db, ids.director)]).toEqual([ids.chief, undefined]);
    await expect(headOf(db, 99)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
  expect((await ask('applicant', 'GET', '/v1/departments')).body.departments.map((one: { name: string }) => one.name)).toEqual(['公司', '销售部', '北区']);
  expect((await ask('auditor', 'GET', `/v1/people/${ids.applicant}`)).body).toEqual({ id: ids.applicant, name: 'applicant', roles: ['applicant'], department: north, title: '职员' });
});

test('no department comes to be below itself; no parent, head or member that does not exist', async () => {
  const a = await add('a');
  const b = await add('b', { parent: a });
  const c = await add('c', { parent: b });
  const change = (id: number, parent: number | null) => ask('admin', 'PUT', `/v1/departments/${id}`, { name: 'a', parent, head: null, leader: null });
  expect((await change(a, c)).body.code).toBe('DEPARTMENT_CIRCLE');
  expect((await change(a, a)).body.code).toBe('DEPARTMENT_CIRCLE');
  const both = await Promise.all([change(b, null).then(() => change(b, c)), change(c, a)]);
  expect(both.map(({ status }) => status).sort()).not.toContain(500);
  expect((await change(a, 77)).status).toBe(404);
  expect((await ask('admin', 'POST', '/v1/departments', { name: 'x', parent: null, head: 77, leader: null })).status).toBe(404);
  expect((await place('other', 77)).status).toBe(404);
});

test('one that is in use stays; what is changed stands in the register', async () => {
  const a = await add('法务部');
  const b = await add('b', { parent: a });
  expect((await ask('admin', 'DELETE', `/v1/departments/${a}`)).body.code).toBe('DEPARTMENT_IN_USE');
  expect((await ask('admin', 'DELETE', `/v1/departments/${b}`)).status).toBe(200);
  await place('other', a);
  expect((await ask('admin', 'DELETE', `/v1/departments/${a}`)).body.code).toBe('DEPARTMENT_IN_USE');
  await place('other', null);
  expect((await ask('admin', 'DELETE', `/v1/departments/${a}`)).status).toBe(200);
  const { entries } = (await ask('auditor', 'GET', '/v1/register/entries?from=0&limit=1000')).body;
  expect(entries.map((entry: { kind: string }) => entry.kind).filter((kind: string) => /^department|profile/.test(kind))).toEqual(['department', 'department', 'department-removed', 'profile', 'profile', 'department-removed']);
});

test('on which units a person is known, for them and for who reads of people', async () => {
  const enrolment = { device: deviceId, person: office.ids.chief, number: 8, means: 3, until: null };
  for (const who of ['chief', 'auditor', 'admin'] as const) expect((await ask(who, 'GET', `/v1/people/${office.ids.chief}/enrolments`)).body).toEqual({ enrolments: [enrolment] });
  expect((await ask('applicant', 'GET', `/v1/people/${office.ids.chief}/enrolments`)).status).toBe(404);
  expect((await ask('admin', 'GET', '/v1/people/99/enrolments')).status).toBe(404);
});
