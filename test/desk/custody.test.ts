/** Custody: what is done at the device before persons, asked for, approved, ordered, proven; and what the desk then believes. */
import { Action, GrantKind } from '../../protocol';
import type { DataValue } from '../../protocol/evidence';
import { approved, applicationOf, deviceId, die, hexBytes, openOffice, type Answer, type Json, type Office } from './support';

let office: Office;
beforeEach(async () => {
  office = await openOffice();
  const { cards } = office.desk.rooms;
  for (const [name, number] of [['custodian', 9], ['director', 10]] as const) await cards.enrol({ device: deviceId, person: office.ids[name], number, means: 1 }, office.ids.admin);
});
afterEach(() => office.close());

type Who = keyof Office['tokens'];
const call = (who: Who, method: string, url: string, body?: unknown): Promise<Answer> => office.call(office.tokens[who], method, url, body);
const get = async (url: string, who: Who = 'auditor'): Promise<Json> => (await call(who, 'GET', url)).body;
const ask = (order: Record<string, unknown>, who: Who = 'custodian'): Promise<Answer> => call(who, 'POST', `/v1/devices/${deviceId}/ceremonies`, { present: [office.ids.custodian], reason: '年度交接', ...order });
const seal = (): Promise<Json> => get(`/v1/seals/${office.seal}`);

/** Asks, has both approvers agree, and hands it over. Returns it as the desk has it then. */
async function ordered(order: Record<string, unknown>): Promise<Json> {
  const { status, body } = await ask(order);
  expect([status, body]).toEqual([201, expect.anything()]);
  for (const who of ['chief', 'director'] as const) if ((await get(`/v1/ceremonies/${body.id}`)).state === 'asked') await call(who, 'POST', `/v1/ceremonies/${body.id}/approve`, { content: body.content });
  // The first round may only tell the device the time.
  await office.desk.round();
  await office.desk.round();
  return get(`/v1/ceremonies/${body.id}`);
}

/** What the device got last, and its record that it was done. */
const last = (): Json => office.bridge.grants.filter(({ kind }) => kind === GrantKind.CEREMONY).at(-1);
async function done(ceremony: Json, present: number[], more: DataValue[] = []): Promise<void> {
  const grant = last();
  const array = String.fromCharCode(0x80 + present.length) + present.map((number) => String.fromCharCode(number)).join('');
  office.device.write(15, [hexBytes(ceremony.id), grant.action, grant.counter, more[0] ?? grant.subject, more[1], { cbor: array }, more[2]]);
  await office.desk.round();
}

test('a handover is approved by the chain, ordered for giver, receiver and witness, and moves the keeper only when all three were there', async () => {
  const { ids } = office;
  const ceremony = await ordered({ action: 'handover', present: [ids.custodian, ids.applicant, ids.director], person: ids.applicant });
  expect(ceremony.state).toBe('ordered');
  expect(last()).toMatchObject({ kind: GrantKind.CEREMONY, action: Action.HANDOVER, persons: [9, 1, 7, 1, 10, 1], epoch: 0 });
  expect((await seal()).custodian).toBe(ids.custodian);
  await done(ceremony, [9, 7, 10]);
  expect((await seal()).custodian).toBe(ids.applicant);
  expect(await get(`/v1/ceremonies/${ceremony.id}`)).toMatchObject({ state: 'done', record: 0 });
  const { events } = await get(`/v1/seals/${office.seal}/history`);
  expect(events).toMatchObject([{ what: 'handover', custodian: ids.applicant, present: [ids.custodian, ids.applicant, ids.director], ceremony: ceremony.id, reason: '年度交接' }]);
  const entry = (await get(`/v1/register/entries?from=${events[0].entry}&limit=1`)).entries[0];
  expect(entry.kind).toBe('seal-state');
  // Who gave it away keeps nothing there any more.
  expect((await ask({ action: 'suspend', present: [] })).body.code).toBe('NOT_KEEPER');
});

test('a finger is enrolled: number, end and means as the device recorded them', async () => {
  const { ids, clock } = office;
  const until = clock.seconds + 86_400;
  const ceremony = await ordered({ action: 'finger', person: ids.other, until });
  expect(last()).toMatchObject({ action: Action.FINGER_ADD, subject: ids.other, until, persons: [9, 1] });
  expect((await call('applicant', 'POST', '/v1/applications', applicationOf(office, { persons: [ids.other] }))).body.code).toBe('NOT_ENROLLED');
  await done(ceremony, [9], [ids.other, 3, until]);
  const known = async (): Promise<Json> => (await get(`/v1/devices/${deviceId}/enrolments`)).enrolments.find((one: Json) => one.person === ids.other);
  expect(await known()).toMatchObject({ number: ids.other, means: 1, until });
  expect((await call('applicant', 'POST', '/v1/applications', applicationOf(office, { persons: [ids.other] }))).status).toBe(201);
  // A delegate whose time is over by then is nobody.
  expect((await call('applicant', 'POST', '/v1/applications', applicationOf(office, { persons: [ids.other], notBefore: until, notAfter: until + 3600 }))).body.code).toBe('NOT_ENROLLED');
  await done(await ordered({ action: 'passcode', person: ids.other }), [9], [ids.other]);
  expect(await known()).toMatchObject({ means: 3, until: null });
  await done(await ordered({ action: 'remove', person: ids.other }), [9]);
  expect(await known()).toBeUndefined();
});

test('suspended seals take no application, and an approval under way makes no permit; returned to service they do', async () => {
  const waiting = (await call('applicant', 'POST', '/v1/applications', applicationOf(office))).body;
  await call('chief', 'POST', `/v1/applications/${waiting.id}/approve`, { content: waiting.content });
  // Nobody has to approve that a seal rests: whoever sees the danger says so.
  const suspension = await ordered({ action: 'suspend', present: [], reason: '公司更名' });
  expect(suspension.chain).toEqual([]);
  await done(suspension, []);
  expect((await seal()).state).toBe('suspended');
  expect((await call('applicant', 'POST', '/v1/applications', applicationOf(office))).body.code).toBe('SEAL_STATE');
  expect((await call('director', 'POST', `/v1/applications/${waiting.id}/approve`, { content: waiting.content })).body.code).toBe('SEAL_STATE');
  await done(await ordered({ action: 'resume' }), [9]);
  expect((await seal()).state).toBe('active');
  expect((await approved(office)).permits).toHaveLength(1);
});

test('a die is taken out, put away and destroyed; destroyed is the end', async () => {
  await done(await ordered({ action: 'die-out', die }), [9]);
  expect((await seal()).state).toBe('removed');
  const step = (name: string, reason = '上交'): Promise<Answer> => call('admin', 'POST', `/v1/seals/${office.seal}/${name}`, { reason });
  expect((await call('admin', 'POST', `/v1/seals/${office.seal}/activate`, { reason: '再次启用', unit: '行政部', scope: 'letter' })).body.code).toBe('WRONG_STATE');
  expect((await step('archive')).body.state).toBe('archived');
  expect((await step('destroy')).body.state).toBe('destroyed');
  expect((await step('archive')).body.code).toBe('WRONG_STATE');
  expect((await ask({ action: 'die-in', die }, 'admin')).body.code).toBe('WRONG_STATE');
  expect((await get(`/v1/seals/${office.seal}/history`)).events.map((one: Json) => one.what)).toEqual(['die-out', 'archive', 'destroy']);
});

test('a new seal is received, and stamps nothing before it was put into use', async () => {
  const { ids } = office;
  const card = { kind: 'contract', name: '合同章', die: 'd1e0000000000002', device: deviceId, custodian: ids.custodian, approvers: [[ids.chief]], width: 42, height: 42, issuedBy: '行政部', recipient: '王五', received: office.clock.seconds };
  const made = (await call('admin', 'POST', '/v1/seals', card)).body;
  expect(made).toMatchObject({ state: 'received', pieces: 1, width: 42, issuedBy: '行政部', recipient: '王五' });
  expect((await call('applicant', 'POST', '/v1/applications', applicationOf(office, { seal: made.id }))).body.code).toBe('SEAL_STATE');
  expect((await call('admin', 'POST', `/v1/seals/${made.id}/activate`, { reason: '启用通知 2026-11', unit: '行政部', scope: 'contract' })).body.state).toBe('active');
  expect((await call('applicant', 'POST', '/v1/applications', applicationOf(office, { seal: made.id }))).status).toBe(201);
});

test('a unit is taken out by its borrower until a time, and given back', async () => {
  const { ids, clock } = office;
  const until = clock.seconds + 3 * 86_400;
  const fences = [{ latitude: 31.2304, longitude: 121.4737, radius: 500 }];
  const ceremony = await ordered({ action: 'take-out', present: [ids.custodian, ids.applicant], person: ids.applicant, until, fences, silence: 3600 });
  expect(last()).toMatchObject({ action: Action.TAKE_OUT, subject: 7, until, silence: 3600, persons: [9, 1, 7, 1] });
  await done(ceremony, [9, 7]);
  expect((await get(`/v1/seals/${office.seal}/history`)).events).toMatchObject([{ what: 'take-out', present: [ids.custodian, ids.applicant] }]);
  await done(await ordered({ action: 'return' }), [9]);
  expect((await get(`/v1/seals/${office.seal}/history`)).events).toMatchObject([{ what: 'take-out' }, { what: 'return' }]);
});

test('refused, decided by the wrong person, on other words or twice: nothing is ordered', async () => {
  const { body } = await ask({ action: 'resume' });
  const decide = async (who: Who, path: string, more: object = {}): Promise<string> => (await call(who, 'POST', `/v1/ceremonies/${body.id}/${path}`, { content: body.content, ...more })).body.code;
  expect(await decide('director', 'approve')).toBe('NOT_YOUR_STEP');
  expect(await decide('chief', 'approve', { content: '0'.repeat(64) })).toBe('CONTENT_CHANGED');
  expect(await decide('chief', 'refuse')).toBe('REASON_REQUIRED');
  expect((await get('/v1/ceremonies?mine=true', 'chief')).ceremonies).toMatchObject([{ id: body.id }]);
  expect((await get('/v1/ceremonies?mine=true', 'director')).ceremonies).toEqual([]);
  expect(await decide('chief', 'refuse', { reason: '不同意' })).toBeUndefined();
  expect(await decide('chief', 'approve')).toBe('WRONG_STATE');
  await office.desk.round();
  expect(last()).toBeUndefined();
});

test.each<[string, (o: Office) => Record<string, unknown>, string]>([
  ['a handover without its witness', (o) => ({ action: 'handover', present: [o.ids.custodian, o.ids.applicant], person: o.ids.applicant }), 'INVALID'],
  ['a handover to somebody else than the second', (o) => ({ action: 'handover', present: [o.ids.custodian, o.ids.applicant, o.ids.director], person: o.ids.director }), 'INVALID'],
  ['somebody twice', (o) => ({ action: 'destroy', present: [o.ids.custodian, o.ids.custodian] }), 'INVALID'],
  ['somebody who is not enrolled there', (o) => ({ action: 'resume', present: [o.ids.auditor] }), 'NOT_ENROLLED'],
  ['a finger of nobody', () => ({ action: 'finger' }), 'INVALID'],
  ['a finger of a person there is not', () => ({ action: 'finger', person: 999 }), 'NOT_FOUND'],
  ['an end that has passed', (o) => ({ action: 'finger', person: o.ids.other, until: o.clock.seconds }), 'WINDOW'],
  ['fences around a suspension', () => ({ action: 'suspend', fences: [{ latitude: 1, longitude: 1, radius: 10 }] }), 'INVALID'],
  ['a borrower who is not there', (o) => ({ action: 'take-out', person: o.ids.applicant, until: o.clock.seconds + 60 }), 'INVALID'],
  ['a die nobody knows', () => ({ action: 'die-out', die: 'd1e00000000000ff' }), 'NOT_FOUND'],
  ['no reason', () => ({ action: 'suspend', reason: ' ' }), 'REASON_REQUIRED'],
])('%s is refused', async (_what, order, code) => {
  expect((await ask(order(office))).body.code).toBe(code);
});

test('taken back before it was done it is revoked at the device as well; in its time not done it expires', async () => {
  const first = await ordered({ action: 'resume' });
  const { counter } = last();
  expect((await call('custodian', 'POST', `/v1/ceremonies/${first.id}/revoke`, { reason: '改期' })).body.state).toBe('revoked');
  await office.desk.round();
  expect(office.bridge.grants.at(-1)).toMatchObject({ kind: GrantKind.REVOKE, permit: hexBytes(first.id), counter });
  const second = await ordered({ action: 'resume', lasts: 600 });
  office.clock.forward(601_000);
  await office.desk.round();
  expect((await get(`/v1/ceremonies/${second.id}`)).state).toBe('expired');
});

test('the removal of a person takes back what was ordered about them before, wherever a relay keeps it', async () => {
  const finger = await ordered({ action: 'finger', person: office.ids.applicant });
  const { counter } = last();
  await ordered({ action: 'remove', person: office.ids.applicant });
  expect((await get(`/v1/ceremonies/${finger.id}`)).state).toBe('revoked');
  expect(office.bridge.grants).toContainEqual(expect.objectContaining({ kind: GrantKind.REVOKE, permit: hexBytes(finger.id), counter }));
});

test('a device that was restarted gets once more what still waits, and nothing that is done', async () => {
  const count = (): number => office.bridge.grants.filter(({ kind }) => kind === GrantKind.CEREMONY).length;
  const ceremony = await ordered({ action: 'resume' });
  expect(count()).toBe(1);
  office.device.write(1, [1]);
  await office.desk.round();
  await office.desk.round();
  expect(count()).toBe(2);
  await done(ceremony, [9]);
  office.device.write(1, [1]);
  await office.desk.round();
  await office.desk.round();
  expect(count()).toBe(2);
});

test('a ceremony that this desk never ordered is a case, and changes nobody', async () => {
  office.device.write(15, [hexBytes('ab'.repeat(16)), Action.HANDOVER, 77, undefined, undefined, { cbor: '\x83\x09\x07\x0a' }]);
  await office.desk.round();
  expect((await get('/v1/cases')).cases).toMatchObject([{ kind: 'foreign-ceremony', detail: { ceremony: 'ab'.repeat(16), action: 5 } }]);
  expect((await seal()).custodian).toBe(office.ids.custodian);
});
