/** A use as it happens: its steps, who may follow it, what is said beside it, and the operator who grants its strokes from afar. */
import { once } from 'node:events';
import { request } from 'node:http';
import { applicationOf, approved, deviceId, hexBytes, openOffice, type Answer, type Json, type Office } from './support';

let office: Office;
let operator: { id: number; token: string };
beforeEach(async () => {
  office = await openOffice();
  const made = await office.desk.rooms.people.add('operator', ['operator'], 0);
  operator = { id: made.person.id, token: made.token };
});
afterEach(() => office.close());

type Who = keyof Office['tokens'];
const ask = (who: Who, method: string, url: string, body?: unknown): Promise<Answer> => office.call(office.tokens[who], method, url, body);
const far = (method: string, url: string, body?: unknown): Promise<Answer> => office.call(operator.token, method, url, body);
const hexOf = (digest: string): string => Buffer.from(digest, 'latin1').toString('hex');

/** An approved use, opened at the unit, with the photo of a page. */
async function opened(more: Record<string, unknown> = {}): Promise<{ id: string; permit: string; photo: string; number: number }> {
  const { id, permits } = await approved(office, { strokeGrants: true, ...more });
  await office.desk.round();
  const permit = permits[0].id as string;
  office.device.write(3, [hexBytes(permit), { cbor: '\x81\x07' }]);
  const number = office.device.records.length;
  const photo = hexOf(office.device.photo(permit, 0, 1, Buffer.from('page in the tray')));
  await office.desk.round();
  return { id, permit, photo, number };
}

test('the steps of a use are told in order to who may see it, with people and photos, and no other use is among them', async () => {
  const { id, permit, photo } = await opened();
  const other = await opened();
  office.device.write(13, [hexBytes(permit), hexBytes(photo)]);
  office.device.write(5, [hexBytes(permit), 1, 1, hexBytes(photo)]);
  office.device.write(6, [hexBytes(permit), 1, 1, hexBytes('0102'), office.device.records.length - 1, 1]);
  office.device.write(7, [hexBytes(permit), 1, 1]);
  await office.desk.round();
  const { steps } = (await ask('applicant', 'GET', `/v1/applications/${id}/live`)).body;
  expect(steps.map(({ kind }: Json) => kind)).toEqual(['opened', 'photo', 'granted', 'intent', 'outcome', 'closed']);
  expect(steps[0]).toMatchObject({ persons: [office.ids.applicant], device: deviceId, permit });
  expect(steps[1]).toMatchObject({ photo, which: 'before', stored: true });
  expect([steps[4].code, steps[5].code]).toEqual([1, 1]);
  for (const who of ['chief', 'custodian', 'auditor'] as const) expect((await ask(who, 'GET', `/v1/applications/${other.id}/live`)).body.steps).toHaveLength(2);
  expect((await ask('other', 'GET', `/v1/applications/${id}/live`)).status).toBe(404);
});

test('what the unit is at is told of this use alone, and an unreachable bridge takes nothing away from the steps', async () => {
  const { id } = await opened();
  expect((await ask('applicant', 'GET', `/v1/applications/${id}/live`)).body.units).toMatchObject([{ device: deviceId, connected: true, ours: false, state: null, paper: null }]);
  office.bridge.down = true;
  const { body } = await ask('applicant', 'GET', `/v1/applications/${id}/live`);
  expect([body.units[0].connected, body.steps.length]).toEqual([null, 2]);
});

test('the operator whom an application names grants its strokes, and nobody who is merely one', async () => {
  const { id, permit, photo, number } = await opened({ operator: operator.id });
  expect((await far('GET', `/v1/applications/${id}`)).body.operator).toBe(operator.id);
  expect((await far('GET', '/v1/applications')).body.applications).toHaveLength(1);
  expect((await far('GET', `/v1/documents/${office.document}`)).status).toBe(200);
  expect((await far('GET', `/v1/permits/${permit}/photos`)).body.photos).toMatchObject([{ digest: photo }]);
  expect((await far('GET', `/v1/applications/${id}/live`)).body).toMatchObject({ grants: true, talks: true });
  expect((await ask('auditor', 'GET', `/v1/applications/${id}/live`)).body).toMatchObject({ grants: false, talks: false });
  expect((await far('POST', `/v1/permits/${permit}/strokes`, { photo, number: number + 1 })).body.code).toBe('WRONG_NUMBER');
  expect((await far('POST', `/v1/permits/${permit}/strokes`, { photo, number })).status).toBe(202);
  const unnamed = await opened();
  expect((await far('POST', `/v1/permits/${unnamed.permit}/strokes`, { photo: unnamed.photo, number: unnamed.number })).status).toBe(404);
  expect((await far('GET', `/v1/applications/${unnamed.id}`)).status).toBe(404);
  // Who is an operator no more grants nothing by having been named.
  await ask('admin', 'PUT', `/v1/people/${operator.id}/roles`, { roles: ['approver'] });
  expect((await far('POST', `/v1/permits/${permit}/strokes`, { photo, number })).status).toBe(404);
});

test.each<[string, (o: Office) => Record<string, unknown>, string]>([
  ['without grants of single strokes', () => ({ strokeGrants: false }), 'INVALID'],
  ['who opens the use at the unit', () => ({ persons: [0] }), 'NOT_OPERATOR'],
  ['who is none', (o) => ({ operator: o.ids.other }), 'NOT_OPERATOR'],
  ['who applies', (o) => ({ operator: o.ids.applicant }), 'NOT_OPERATOR'],
  ['nobody knows', () => ({ operator: 999_999 }), 'NOT_FOUND'],
])('an operator %s is refused', async (_name, more, code) => {
  const given = { operator: operator.id, strokeGrants: true, ...more(office) };
  if ('persons' in given) given.persons = [operator.id];
  expect((await ask('applicant', 'POST', '/v1/applications', applicationOf(office, given))).body.code).toBe(code);
});

test('the operator and the marks are part of what is approved', async () => {
  const contents = new Set<string>();
  for (const more of [{}, { operator: operator.id }, { marks: [{ page: 1, x: 7000, y: 8000 }] }]) {
    const { body } = await ask('applicant', 'POST', '/v1/applications', applicationOf(office, { strokeGrants: true, submit: false, ...more }));
    expect((await ask('applicant', 'GET', `/v1/applications/${body.id}`)).body).toMatchObject({ operator: null, marks: [], ...more });
    contents.add((await ask('applicant', 'POST', `/v1/applications/${body.id}/submit`)).body.content);
  }
  expect(contents.size).toBe(3);
  for (const marks of [[{ page: 2, x: 1, y: 1 }], [{ page: 1, x: 10_001, y: 1 }], [{ page: 1, x: 1, y: -1 }], [{ page: 0, x: 1, y: 1 }]]) {
    expect((await ask('applicant', 'POST', '/v1/applications', applicationOf(office, { marks }))).body.code).toBe('INVALID');
  }
});

describe('what is said beside a use', () => {
  const say = (who: Who, id: string, text: string) => ask(who, 'POST', `/v1/applications/${id}/messages`, { text });

  test('is kept in order, with the use and in the register, and read by who may see it', async () => {
    const { id } = await opened({ operator: operator.id });
    expect((await say('applicant', id, '页面已放好，核对号 3')).status).toBe(201);
    expect((await far('POST', `/v1/applications/${id}/messages`, { text: 'I see it.' })).status).toBe(201);
    const { messages } = (await ask('auditor', 'GET', `/v1/applications/${id}/messages`)).body;
    expect(messages.map(({ person, text }: Json) => [person, text])).toEqual([[office.ids.applicant, '页面已放好，核对号 3'], [operator.id, 'I see it.']]);
    const { entries } = (await ask('auditor', 'GET', '/v1/register/entries?search=核对号')).body;
    expect(entries.map(({ kind }: Json) => kind)).toEqual(['message']);
    expect((await ask('other', 'GET', `/v1/applications/${id}/messages`)).status).toBe(404);
  });

  test('only by who takes part, only while it is approved, and within bounds', async () => {
    const { id } = await opened();
    expect((await say('auditor', id, 'x')).status).toBe(403); // by role
    expect((await say('other', id, 'x')).status).toBe(404);
    for (const text of ['', ' \u202e\u0000 ', 'x'.repeat(501)]) expect((await say('applicant', id, text)).body.code).toBe('INVALID');
    expect((await say('applicant', id, 'a\u202eb\nc')).body.text).toBe('a b c');
    const { store } = office.desk.rooms;
    await store.commit(async (trx) => {
      for (let i = 2; i <= 500; i++) await trx.insertInto('message').values({ id: `${id}-${String(i).padStart(4, '0')}`, application: id, person: office.ids.applicant, at: 1, text: 'x' }).execute();
    });
    expect((await say('applicant', id, 'one more')).body.code).toBe('TALK_FULL');
    await ask('applicant', 'POST', `/v1/applications/${id}/withdraw`, {});
    expect((await say('applicant', id, 'late')).body.code).toBe('WRONG_STATE');
  });
});

test('the stream says what to read anew, of this application alone, and ends with the right to see it', async () => {
  const { id, permit } = await opened({ operator: operator.id });
  const elsewhere = await opened();
  await office.desk.app.listen({ port: 0, host: '127.0.0.1' });
  const { port } = office.desk.app.server.address() as { port: number };
  const heard: string[] = [];
  const call = request({ port, path: `/v1/applications/${id}/changes`, headers: { authorization: `Bearer ${operator.token}` } });
  call.end();
  const [response] = (await once(call, 'response')) as [import('node:http').IncomingMessage];
  expect(response.statusCode).toBe(200);
  let told = (): void => undefined;
  response.setEncoding('utf8').on('data', (text: string) => {
    heard.push(...[...text.matchAll(/data: (.*)\n/g)].map(([, data]) => data!));
    told();
  });
  const next = async (from: number): Promise<string> => {
    while (heard.length <= from) await new Promise<void>((resolve) => (told = resolve));
    return heard[from]!;
  };
  office.device.write(5, [hexBytes(elsewhere.permit), 1, 1, hexBytes(elsewhere.photo)]);
  await office.desk.round();
  await ask('applicant', 'POST', `/v1/applications/${id}/messages`, { text: 'here' });
  expect(await next(0)).toBe('["talk"]');
  office.device.write(7, [hexBytes(permit), 3, 0]); // idle too long: the permit is not over
  await office.desk.round();
  expect(await next(1)).toContain('use');
  const ended = once(response, 'end');
  await ask('admin', 'PUT', `/v1/people/${operator.id}/roles`, { roles: [] });
  await ask('applicant', 'POST', `/v1/applications/${id}/withdraw`, {});
  await ended;
  expect(heard.every((line) => /^\["?(application|use|talk|unit)/.test(line))).toBe(true);
});
