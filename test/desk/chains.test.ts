/** What seals are used for (B6), and who decides: rules by kind, category and amount, their preview, and what nobody gets around. */
import { applicationOf, approved, deviceId, openOffice, type Answer, type Json, type Office } from './support';

let office: Office;
beforeEach(async () => {
  office = await openOffice();
});
afterEach(() => office.close());

type Who = keyof Office['tokens'];
const ask = (who: Who, method: string, url: string, body?: unknown): Promise<Answer> => office.call(office.tokens[who], method, url, body);
const apply = async (more: Record<string, unknown> = {}): Promise<Answer> => ask('applicant', 'POST', '/v1/applications', applicationOf(office, more));
const rule = async (fields: Record<string, unknown>): Promise<Json> => {
  const { status, body } = await ask('admin', 'POST', '/v1/chains', { rule: { name: '规则', ...fields }, reason: '制度第三条' });
  expect([status, body]).toEqual([201, expect.anything()]);
  return body;
};
const preview = async (more: Record<string, unknown> = {}): Promise<Json> => (await ask('admin', 'POST', '/v1/chains/preview', { seal: office.seal, ...more })).body;
const named = (chain: Json): string[][] => chain.steps.map((step: { name: string }[]) => step.map(({ name }) => name));
const entries = async (search: string): Promise<string[]> => (await ask('auditor', 'GET', `/v1/register/entries?search=${search}`)).body.entries.map(({ kind }: { kind: string }) => kind);

async function openTo(...categories: string[]): Promise<void> {
  expect((await ask('admin', 'PUT', '/v1/scopes/company', { categories, reason: '董事会决议' })).status).toBe(200);
}

describe('what a seal is used for', () => {
  test('each kind has the scope of the requirement until an administrator changes it, and the register says so', async () => {
    expect((await ask('applicant', 'GET', '/v1/scopes')).body.scopes).toEqual([
      { kind: 'company', categories: ['letter'], usual: true }, { kind: 'department', categories: ['internal'], usual: true }, { kind: 'contract', categories: ['contract'], usual: true },
      { kind: 'finance', categories: ['finance'], usual: true }, { kind: 'legal-representative', categories: ['contract', 'finance'], usual: true },
    ]);
    expect((await apply({ category: 'contract' })).body).toMatchObject({ code: 'OUT_OF_SCOPE' });
    expect((await apply({ category: 'contract' })).status).toBe(422);
    expect((await apply()).body).toMatchObject({ state: 'submitted', category: 'letter', amount: null });
    const draft = (await apply({ submit: false })).body;
    await openTo('contract');
    expect((await apply({ category: 'contract', amount: 1_234_500 })).body).toMatchObject({ category: 'contract', amount: 1_234_500 });
    expect((await apply({ category: 'letter' })).body.code).toBe('OUT_OF_SCOPE');
    // A draft is judged by what holds when it is submitted.
    expect((await ask('applicant', 'POST', `/v1/applications/${draft.id}/submit`)).body.code).toBe('OUT_OF_SCOPE');
    expect(await entries('董事会决议')).toEqual(['scope']);
  });

  test.each([
    ['an amount on a letter', { category: 'letter', amount: 1 }], ['half a fen', { category: 'letter', amount: 0.5 }], ['a negative amount', { category: 'letter', amount: -1 }],
    ['an amount beyond whole numbers', { amount: 2 ** 53 }], ['no such category', { category: 'love letter' }],
  ])('%s is refused', async (_name, more) => expect((await apply(more)).body.code).toBe('INVALID'));

  test('category and amount stand in what is approved', async () => {
    await openTo('letter', 'contract');
    const contents = [await apply({ category: 'letter' }), await apply({ category: 'contract' }), await apply({ category: 'contract', amount: 5 }), await apply({ category: 'contract', amount: 6 })].map(({ body }) => body.content);
    expect(new Set(contents).size).toBe(4);
  });

  test('nothing is opened without a reason, or to nothing', async () => {
    expect((await ask('admin', 'PUT', '/v1/scopes/company', { categories: ['contract'], reason: '  ' })).body.code).toBe('REASON_REQUIRED');
    expect((await ask('admin', 'PUT', '/v1/scopes/company', { categories: [], reason: 'x' })).body.code).toBe('INVALID');
    expect((await ask('admin', 'PUT', '/v1/scopes/moon', { categories: ['contract'], reason: 'x' })).body.code).toBe('INVALID');
    expect((await ask('admin', 'GET', '/v1/scopes')).body.scopes[0]).toEqual({ kind: 'company', categories: ['letter'], usual: true });
  });
});

describe('who decides', () => {
  beforeEach(() => openTo('letter', 'contract'));

  test('the most specific rule wins; without one the seal’s own chain stays', async () => {
    const { chief, director } = office.ids;
    const wide = await rule({ name: '公章', kind: 'company', steps: [[director]] });
    const contract = await rule({ name: '合同', category: 'contract', kind: 'company', steps: [[chief]] });
    const large = await rule({ name: '大额合同', category: 'contract', amountFrom: 100_000_000, kind: 'company', steps: [[chief], [director]] });
    const chain = async (more: Record<string, unknown>): Promise<unknown> => {
      const { body } = await apply(more);
      return [body.rule, body.chain];
    };
    expect(await chain({})).toEqual([wide.id, [[director]]]);
    expect(await chain({ category: 'contract', amount: 99_999_999 })).toEqual([contract.id, [[chief]]]);
    expect(await chain({ category: 'contract', amount: 100_000_000 })).toEqual([large.id, [[chief], [director]]]);
    // Nobody has the short chain by keeping silent about the amount.
    expect(await chain({ category: 'contract' })).toEqual([large.id, [[chief], [director]]]);
    const own = await rule({ name: '这枚章', seal: office.seal, category: 'contract', amountFrom: 100_000_000, steps: [[director], [chief]] });
    expect(await chain({ category: 'contract' })).toEqual([own.id, [[director], [chief]]]);
    for (const { id } of [wide, contract, large, own]) expect((await ask('admin', 'POST', `/v1/chains/${id}/remove`, { reason: '作废' })).status).toBe(200);
    expect(await chain({ category: 'contract' })).toEqual([null, [[chief], [director]]]);
    expect(await entries('大额合同')).toEqual(['chain-rule', 'chain-rule']);
  });

  test('what was submitted keeps its chain', async () => {
    const { id, content } = (await apply()).body;
    await rule({ kind: 'company', steps: [[office.ids.director]] });
    expect((await ask('director', 'POST', `/v1/applications/${id}/approve`, { content })).body.code).toBe('NOT_YOUR_STEP');
    expect((await ask('chief', 'POST', `/v1/applications/${id}/approve`, { content })).body.step).toBe(1);
  });

  test('any two approvers are two', async () => {
    await rule({ steps: ['any', 'any'] });
    const { id, content, chain } = (await apply()).body;
    expect(chain).toEqual([[office.ids.chief, office.ids.director], [office.ids.chief, office.ids.director]]);
    expect((await ask('director', 'POST', `/v1/applications/${id}/approve`, { content })).body.step).toBe(1);
    expect((await ask('director', 'POST', `/v1/applications/${id}/approve`, { content })).body.code).toBe('ALREADY_DECIDED');
    expect((await ask('director', 'GET', '/v1/tasks')).body.applications).toEqual([]);
    expect((await ask('chief', 'GET', '/v1/tasks')).body.applications).toHaveLength(1);
    expect((await ask('chief', 'POST', `/v1/applications/${id}/approve`, { content })).body).toMatchObject({ state: 'approved', permits: [{ state: 'issued' }] });
  });

  test('"any" never means who applies', async () => {
    await rule({ steps: ['any'] });
    expect((await preview({ applicant: office.ids.chief })).steps).toEqual([[{ id: office.ids.director, name: 'director', may: true }]]);
    await ask('admin', 'PUT', `/v1/people/${office.ids.director}/roles`, { roles: [] });
    expect((await preview({ applicant: office.ids.chief })).code).toBe('NO_CHAIN');
  });

  test('a preview tells who would decide, also by a rule that does not stand yet, and changes nothing', async () => {
    const { chief, director } = office.ids;
    expect(await preview()).toEqual({ rule: null, steps: [[{ id: chief, name: 'chief', may: true }], [{ id: director, name: 'director', may: true }]], needs: [1, 1] });
    const draft = { name: '试行', category: 'contract', amountFrom: 5_000, steps: [[director]] };
    expect(await preview({ draft, category: 'contract', amount: 4_999 })).toMatchObject({ rule: null });
    const seen = await preview({ draft, category: 'contract', amount: 5_000 });
    expect([seen.rule.name, named(seen)]).toEqual(['试行', [['director']]]);
    expect((await ask('admin', 'GET', '/v1/chains')).body.rules).toEqual([]);
    const stands = await rule(draft);
    expect(named(await preview({ draft: { ...draft, steps: [[chief]] }, category: 'contract' }))).toEqual([['chief']]);
    // In place of one that stands: moved to letters, it decides on contracts no more.
    expect(await preview({ draft: { name: 'x', category: 'letter', steps: [[chief]] }, replaces: stands.id, category: 'contract' })).toMatchObject({ rule: null });
    await ask('admin', 'PUT', `/v1/people/${director}/roles`, { roles: ['applicant'] });
    expect((await preview({ category: 'contract' })).steps).toEqual([[{ id: director, name: 'director', may: false }]]);
    for (const who of ['applicant', 'chief', 'auditor', 'custodian'] as const) expect((await ask(who, 'POST', '/v1/chains/preview', { seal: office.seal })).status).toBe(403);
  });

  test('a rule is replaced under its id', async () => {
    const { id } = await rule({ category: 'letter', steps: [[office.ids.chief]] });
    const put = await ask('admin', 'PUT', `/v1/chains/${id}`, { rule: { name: '新', category: 'letter', steps: [[office.ids.director]] }, reason: '调岗' });
    expect(put.body).toMatchObject({ id, name: '新', steps: [[office.ids.director]] });
    expect((await apply()).body.chain).toEqual([[office.ids.director]]);
    expect((await ask('admin', 'PUT', `/v1/chains/${'0'.repeat(16)}`, { rule: { name: 'x', steps: ['any'] }, reason: 'x' })).status).toBe(404);
  });

  test.each<[string, (o: Office) => Record<string, unknown>, string]>([
    ['names somebody who approves nothing', (o) => ({ steps: [[o.ids.applicant]] }), 'INVALID'],
    ['names nobody there is', () => ({ steps: [[4711]] }), 'NOT_FOUND'],
    ['has no step', () => ({ steps: [] }), 'INVALID'],
    ['has a step of nobody', () => ({ steps: [[]] }), 'INVALID'],
    ['names a seal and a kind', (o) => ({ seal: o.seal, kind: 'company', steps: ['any'] }), 'INVALID'],
    ['names no seal there is', () => ({ seal: '0'.repeat(16), steps: ['any'] }), 'NOT_FOUND'],
    ['asks a take-out for its category', () => ({ matter: 'take-out', category: 'letter', steps: ['any'] }), 'INVALID'],
    ['asks a letter for its amount', () => ({ category: 'letter', amountFrom: 1, steps: ['any'] }), 'INVALID'],
    ['says what another says', () => ({ kind: 'company', steps: ['any'] }), 'CONFLICT'],
  ])('a rule that %s is refused', async (_name, fields, code) => {
    await rule({ kind: 'company', steps: [[office.ids.chief]] });
    const answer = await ask('admin', 'POST', '/v1/chains', { rule: { name: 'x', ...fields(office) }, reason: 'x' });
    expect(answer.body.code).toBe(code);
    expect((await ask('admin', 'GET', '/v1/chains')).body.rules).toHaveLength(1);
  });
});

describe('taking a seal out (B3)', () => {
  test('goes department head, deputy general manager, office director, each for themselves, and uses keep their own chain', async () => {
    const { cards, people } = office.desk.rooms;
    await cards.enrol({ device: deviceId, person: office.ids.custodian, number: 9, means: 1 }, office.ids.admin);
    const deputy = await people.add('副总', ['approver'], 0);
    await rule({ name: '外带', matter: 'take-out', kind: 'company', steps: [[office.ids.chief], [deputy.person.id], [office.ids.director, office.ids.chief]] });
    const order = { action: 'take-out', present: [office.ids.custodian, office.ids.applicant], person: office.ids.applicant, until: office.clock.seconds + 3600, reason: '外出签约' };
    const { body } = await ask('custodian', 'POST', `/v1/devices/${deviceId}/ceremonies`, order);
    expect(body.chain).toEqual([[office.ids.chief], [deputy.person.id], [office.ids.director, office.ids.chief]]);
    const approve = (token: string): Promise<Answer> => office.call(token, 'POST', `/v1/ceremonies/${body.id}/approve`, { content: body.content });
    expect((await approve(office.tokens.director)).body.code).toBe('NOT_YOUR_STEP');
    expect((await approve(office.tokens.chief)).body).toMatchObject({ state: 'asked', step: 1, decided: [office.ids.chief] });
    expect((await approve(deputy.token)).body).toMatchObject({ state: 'asked', step: 2 });
    // Both may; but the head has spoken.
    expect((await approve(office.tokens.chief)).body.code).toBe('ALREADY_DECIDED');
    expect((await approve(office.tokens.director)).body).toMatchObject({ state: 'ordered' });
    // Other ceremonies, and uses, have the seal's own chain.
    expect((await ask('custodian', 'POST', `/v1/devices/${deviceId}/ceremonies`, { action: 'resume', present: [office.ids.custodian], reason: 'x' })).body.chain).toEqual([[office.ids.chief], [office.ids.director]]);
    expect((await approved(office)).chain).toEqual([[office.ids.chief], [office.ids.director]]);
  });
});
