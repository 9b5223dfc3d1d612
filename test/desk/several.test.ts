/** Steps that take several approvers (m of n), of applications, top-ups and custody: distinct persons, each once, never who asks; one refusal ends it. */
import { writeArchiveFile, verifyArchiveFile } from '../../host-bridge/desk';
import path from 'node:path';
import { Authenticator } from './authenticator';
import { Browser, ORIGIN, SIGN_IN } from './browser';
import { applicationOf, deviceId, hexBytes, openOffice, Form, tinyPng, type Answer, type Json, type Office } from './support';

let office: Office;
let people: Record<string, { token: string; id: number }>;
async function open(more: Parameters<typeof openOffice>[0] = {}): Promise<void> {
  office = await openOffice(more);
  people = Object.fromEntries((Object.keys(office.tokens) as (keyof Office['tokens'])[]).map((name) => [name, { token: office.tokens[name], id: office.ids[name] }]));
  for (const [name, roles] of [['甲', ['approver', 'auditor', 'applicant']], ['乙', ['approver', 'auditor']], ['丙', ['approver', 'auditor']], ['丁', ['approver']]] as const) {
    const { person, token } = await office.desk.rooms.people.add(name, [...roles], 0);
    people[name] = { token, id: person.id };
  }
}
beforeEach(() => open());
afterEach(() => office.close());

const call = (who: string, method: string, url: string, body?: unknown): Promise<Answer> => office.call(people[who]!.token, method, url, body);
const id = (who: string): number => people[who]!.id;
const rule = async (fields: Record<string, unknown>): Promise<Answer> => call('admin', 'POST', '/v1/chains', { rule: { name: '重要印章', ...fields }, reason: '制度第五条' });
const apply = async (more: Record<string, unknown> = {}, who = 'applicant'): Promise<Json> => (await call(who, 'POST', '/v1/applications', applicationOf(office, more))).body;
const approve = (who: string, { id, content }: Json, more: object = {}): Promise<Answer> => call(who, 'POST', `/v1/applications/${id}/approve`, { content, ...more });
const refuse = (who: string, { id, content }: Json): Promise<Answer> => call(who, 'POST', `/v1/applications/${id}/refuse`, { content, reason: '不同意' });
const waits = async (who: string): Promise<number> => (await call(who, 'GET', '/v1/tasks')).body.applications.length;
const delegate = (from: string, to: string): Promise<Answer> => call(from, 'POST', '/v1/delegations', { delegate: id(to), until: office.clock.seconds + 3600, reason: '出差' });
const three = (): number[] => ['甲', '乙', '丙'].map(id);

describe('an application', () => {
  test('is approved when two of three have said so, each once; the state and the register tell how far it is', async () => {
    expect((await rule({ steps: [{ of: three(), need: 2 }, [id('director')]] })).body.steps[0]).toEqual({ of: three(), need: 2 });
    const asked = await apply();
    expect(asked).toMatchObject({ chain: [three(), [id('director')]], needs: [2, 1], given: [], step: 0 });
    expect((await approve('甲', asked, { narrow: { count: 1 } })).body).toMatchObject({ state: 'submitted', step: 0, given: [{ person: id('甲'), behalf: null }], granted: { count: 1 } });
    expect((await approve('甲', asked)).body.code).toBe('ALREADY_DECIDED');
    expect([await waits('甲'), await waits('乙'), await waits('丙'), await waits('director')]).toEqual([0, 1, 1, 0]);
    expect((await approve('director', asked)).body.code).toBe('NOT_YOUR_STEP');
    expect((await call('applicant', 'GET', `/v1/applications/${asked.id}`)).body).toMatchObject({ step: 0, needs: [2, 1], given: [{ person: id('甲') }], permits: [] });
    // The second is bound by what the first has left.
    expect((await approve('丙', asked, { narrow: { count: 2 } })).body.code).toBe('WIDENED');
    expect((await approve('丙', asked)).body).toMatchObject({ state: 'submitted', step: 1, given: [], granted: { count: 1 } });
    expect((await approve('乙', asked)).body.code).toBe('NOT_YOUR_STEP');
    expect((await approve('director', asked)).body).toMatchObject({ state: 'approved', permits: [{ count: 1 }] });
    const { entries } = (await call('auditor', 'GET', `/v1/register/entries?search=${asked.id}`)).body;
    const said = entries.map(({ kind, body }: Json) => [kind, Buffer.from(body, 'base64').includes(Buffer.from('needs'))]);
    expect(said.slice(0, 4)).toEqual([['application', true], ['decision', false], ['decision', false], ['decision', false]]);
  });

  test('is refused by one of them, also after others agreed', async () => {
    await rule({ steps: [{ of: three(), need: 3 }] });
    const asked = await apply();
    for (const who of ['甲', '乙']) expect((await approve(who, asked)).body.state).toBe('submitted');
    expect((await refuse('甲', asked)).body.code).toBe('ALREADY_DECIDED');
    expect((await refuse('丙', asked)).body).toMatchObject({ state: 'refused', permits: [] });
    expect((await approve('丙', asked)).body.code).toBe('WRONG_STATE');
  });

  test('of a role: whoever holds it and approves, and did not ask for it', async () => {
    await rule({ steps: [{ of: 'auditor', need: 2 }] });
    // The plain auditor approves nothing, 丁 audits nothing.
    expect((await apply()).chain).toEqual([three()]);
    await call('甲', 'POST', '/v1/documents', new Form().file('document', 'a.png', tinyPng(40, 60, 200)));
    const own = await apply({}, '甲');
    expect(own).toMatchObject({ chain: [[id('乙'), id('丙')]], needs: [2] });
    expect((await approve('甲', own)).body.code).toBe('NOT_YOUR_STEP');
    await call('admin', 'PUT', `/v1/people/${id('丙')}/roles`, { roles: ['auditor'] });
    expect((await call('甲', 'POST', '/v1/applications', applicationOf(office))).body).toMatchObject({ code: 'TOO_FEW_APPROVERS', status: 409 });
    expect((await apply()).needs).toEqual([2]);
  });

  test('who asks is none of several, though they are named and the office lets people decide on their own', async () => {
    await office.close();
    await open({ ownApplications: true });
    await call('甲', 'POST', '/v1/documents', new Form().file('document', 'a.png', tinyPng(40, 60, 200)));
    await rule({ steps: [{ of: three(), need: 2 }] });
    const own = await apply({}, '甲');
    expect((await approve('甲', own)).body.code).toBe('OWN_APPLICATION');
    await delegate('甲', '丁');
    expect((await approve('丁', own)).body.code).toBe('NOT_YOUR_STEP');
    expect((await approve('乙', own)).body.given).toHaveLength(1);
    expect((await approve('丙', own)).body.state).toBe('approved');
    await rule({ seal: office.seal, steps: [{ of: three(), need: 3 }] });
    expect((await apply({}, '甲')).code).toBe('TOO_FEW_APPROVERS');
  });

  test('a delegate and the one they stand for count once together, and one delegate of two counts once', async () => {
    await rule({ steps: [{ of: three(), need: 3 }] });
    for (const giver of ['甲', '乙']) await delegate(giver, '丁');
    const asked = await apply();
    expect((await approve('丁', asked)).body.given).toEqual([{ person: id('丁'), behalf: id('甲') }]);
    // Neither the giver again, nor the same delegate for the other.
    expect((await approve('甲', asked)).body.code).toBe('ALREADY_DECIDED');
    expect((await approve('丁', asked)).body.code).toBe('ALREADY_DECIDED');
    expect((await approve('乙', asked)).body.given).toHaveLength(2);
    expect([await waits('甲'), await waits('丁'), await waits('丙')]).toEqual([0, 0, 1]);
    await delegate('甲', '丙');
    expect((await approve('丙', asked)).body.state).toBe('approved');
  });

  test('who decided an earlier step is none of the several of the next while there are enough others', async () => {
    await rule({ steps: [[id('甲')], { of: three(), need: 2 }] });
    const asked = await apply();
    await approve('甲', asked);
    expect((await approve('甲', asked)).body.code).toBe('ALREADY_DECIDED');
    expect(await waits('甲')).toBe(0);
    for (const who of ['乙', '丙']) await approve(who, asked);
    expect((await call('applicant', 'GET', `/v1/applications/${asked.id}`)).body.state).toBe('approved');
    await rule({ seal: office.seal, steps: [[id('甲')], { of: three(), need: 3 }] });
    const all = await apply();
    for (const who of ['甲', '甲', '乙']) expect((await approve(who, all)).status).toBe(200);
    expect((await approve('丙', all)).body.state).toBe('approved');
  });

  test('is previewed with how many it takes', async () => {
    const draft = { name: 'x', steps: [{ of: three(), need: 2 }, 'any'] };
    const preview = (await call('admin', 'POST', '/v1/chains/preview', { seal: office.seal, draft, applicant: id('甲') })).body;
    expect(preview.needs).toEqual([2, 1]);
    expect(preview.steps[0].map(({ may }: Json) => may)).toEqual([false, true, true]);
    expect((await call('admin', 'POST', '/v1/chains/preview', { seal: office.seal, draft: { ...draft, steps: [{ of: three(), need: 3 }] }, applicant: id('甲') })).body.code).toBe('TOO_FEW_APPROVERS');
    expect((await call('admin', 'POST', '/v1/chains/preview', { seal: office.seal })).body.needs).toEqual([1, 1]);
  });

  test.each<[string, () => object, string]>([
    ['more than there are', () => ({ of: three(), need: 4 }), 'INVALID'], ['one person three times', () => ({ of: [id('甲'), id('甲'), id('甲')], need: 2 }), 'INVALID'], ['none', () => ({ of: three(), need: 0 }), 'INVALID'],
    ['of no role there is', () => ({ of: 'king', need: 1 }), 'INVALID'], ['of who does not approve', () => ({ of: [id('applicant'), id('甲')], need: 2 }), 'INVALID'],
  ])('a step that wants %s is refused', async (_name, step, code) => expect((await rule({ steps: [step()] })).body.code).toBe(code));

  test('reminds those who have not said anything yet, and goes to others beside them', async () => {
    await call('admin', 'PUT', '/v1/settings/reminders', { after: 600, every: 600, escalateAfter: 600, escalateTo: 'approver', reason: 'x' });
    await rule({ steps: [{ of: three(), need: 2 }] });
    const asked = await apply({ notAfter: office.clock.seconds + 20_000 });
    office.clock.forward(300_000);
    await approve('甲', asked);
    office.clock.forward(301_000);
    await office.desk.round();
    const told = async (type: string): Promise<Json[]> => (await office.desk.rooms.store.read((db) => db.selectFrom('event').selectAll().execute())).filter((one: Json) => one.type === type).map((one: Json) => JSON.parse(one.data));
    expect((await told('approval.reminded')).map(({ persons }) => persons)).toEqual([[id('乙'), id('丙')]]);
    office.clock.forward(600_000);
    await office.desk.round();
    expect((await told('approval.escalated')).map(({ persons }) => persons.includes(id('丁')))).toEqual([true]);
    expect((await approve('丁', asked)).body.state).toBe('approved');
  });

  test('both who decide one step may sign it; the archive verifies both', async () => {
    await office.close();
    await open({ signIn: SIGN_IN });
    const keys: Record<string, Authenticator> = {};
    for (const who of ['甲', '乙']) {
      const at = new Browser(office);
      await at.invited(id(who));
      const key = (keys[who] = new Authenticator(ORIGIN));
      const { body } = await at.ask('POST', '/v1/me/passkeys/options');
      expect((await at.ask('POST', '/v1/me/passkeys', { step: body.step, name: 'key', response: key.create(body.options) })).status).toBe(201);
    }
    await rule({ steps: [{ of: three(), need: 2 }] });
    const asked = await apply();
    for (const who of ['甲', '乙']) {
      const begun = (await call(who, 'POST', `/v1/applications/${asked.id}/signatures/options`, { decision: 'approved' })).body;
      expect((await approve(who, asked, { signature: keys[who]!.get(begun.options) })).status).toBe(200);
    }
    const { signatures } = (await call('auditor', 'GET', `/v1/applications/${asked.id}/signatures`)).body;
    expect(signatures.map(({ step, person }: Json) => [step, person])).toEqual([[0, id('甲')], [0, id('乙')]]);
    const { history, authority, documentBlobs: documents, photoBlobs: photos } = office.desk.rooms;
    const file = path.join(office.folder, 'several.tar');
    await writeArchiveFile({ history, authority, documents, photos }, file);
    expect(await verifyArchiveFile(file)).toMatchObject({ ok: true, summary: { signatures: 2 } });
  });
});

describe('top-ups and custody share it', () => {
  test('more strokes take as many as the application did', async () => {
    await rule({ steps: [{ of: three(), need: 2 }] });
    const asked = await apply({ count: 2 });
    for (const who of ['甲', '乙']) await approve(who, asked);
    await office.desk.round();
    await office.desk.round();
    const [permit] = (await call('applicant', 'GET', `/v1/applications/${asked.id}`)).body.permits;
    office.device.write(2, [hexBytes(permit.id), 'x'.repeat(32), 2]);
    const more = (await call('applicant', 'POST', `/v1/permits/${permit.id}/top-ups`, { count: 5, reason: '多两份' })).body;
    expect(more).toMatchObject({ needs: [2], given: [], state: 'submitted', since: office.clock.seconds });
    const say = (who: string, count?: number): Promise<Answer> => call(who, 'POST', `/v1/top-ups/${more.id}/approve`, { content: more.content, ...(count === undefined ? {} : { count }) });
    expect((await say('丙', 4)).body).toMatchObject({ state: 'submitted', step: 0, count: 4, given: [{ person: id('丙'), behalf: null }] });
    expect((await say('丙')).body.code).toBe('ALREADY_DECIDED');
    const mine = async (who: string): Promise<number> => (await call(who, 'GET', '/v1/top-ups?mine=true')).body.topUps.length;
    expect([await mine('丙'), await mine('甲')]).toEqual([0, 1]);
    expect((await say('甲', 4)).body).toMatchObject({ state: 'approved', count: 4 });
  });

  test('a seal’s own chain may want several, for its uses and for its custody', async () => {
    expect((await call('admin', 'PUT', `/v1/seals/${office.seal}/approvers`, { approvers: [three(), [id('chief')]], needs: [4] })).body.code).toBe('INVALID');
    expect((await call('admin', 'PUT', `/v1/seals/${office.seal}/approvers`, { approvers: [three(), [id('chief')]], needs: [2] })).body).toMatchObject({ needs: [2, 1] });
    expect(await apply()).toMatchObject({ rule: null, needs: [2, 1] });
    await office.desk.rooms.cards.enrol({ device: deviceId, person: id('custodian'), number: 9, means: 1 }, id('admin'));
    const asked = (await call('custodian', 'POST', `/v1/devices/${deviceId}/ceremonies`, { action: 'finger', present: [id('custodian')], person: id('other'), reason: '新员工' })).body;
    expect(asked).toMatchObject({ state: 'asked', needs: [2, 1], given: [], since: office.clock.seconds });
    const say = (who: string, how = 'approve', more: object = {}): Promise<Answer> => call(who, 'POST', `/v1/ceremonies/${asked.id}/${how}`, { content: asked.content, ...more });
    expect((await say('甲')).body).toMatchObject({ state: 'asked', step: 0, given: [{ person: id('甲'), behalf: null }] });
    expect((await say('甲')).body.code).toBe('ALREADY_DECIDED');
    expect((await say('chief')).body.code).toBe('NOT_YOUR_STEP');
    expect((await say('乙')).body).toMatchObject({ state: 'asked', step: 1, given: [] });
    expect((await say('chief')).body.state).toBe('ordered');
    const other = (await call('custodian', 'POST', `/v1/devices/${deviceId}/ceremonies`, { action: 'passcode', present: [id('custodian')], person: id('other'), reason: '新员工' })).body;
    await call('甲', 'POST', `/v1/ceremonies/${other.id}/approve`, { content: other.content });
    expect((await call('丙', 'POST', `/v1/ceremonies/${other.id}/refuse`, { content: other.content, reason: '不同意' })).body.state).toBe('refused');
  });

  test('two seals in a unit with the same approvers: the stricter wins', async () => {
    const { cards } = office.desk.rooms;
    await cards.setApprovers(office.seal, { approvers: [three()] }, id('admin'));
    await cards.addSeal({ kind: 'contract', name: '合同章', die: 'd1e0000000000002', device: deviceId, custodian: id('custodian'), sample: null, approvers: [three()], needs: [2] }, id('admin'));
    await cards.enrol({ device: deviceId, person: id('custodian'), number: 9, means: 1 }, id('admin'));
    const asked = (await call('custodian', 'POST', `/v1/devices/${deviceId}/ceremonies`, { action: 'finger', present: [id('custodian')], person: id('other'), reason: '新员工' })).body;
    expect(asked).toMatchObject({ chain: [three()], needs: [2] });
  });
});
