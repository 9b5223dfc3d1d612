/** Applications from draft to use, who may do what, and every way it is refused. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { operations, roles } from '../../host-bridge/desk/people/roles';
import { applicationOf, approved, databaseBytes, deviceId, Form, openOffice, tinyPng, type Answer, type Json, type Office } from './support';

let office: Office;
beforeEach(async () => {
  office = await openOffice();
});
afterEach(() => office.close());

type Who = keyof Office['tokens'];
const ask = (who: Who, method: string, url: string, body?: unknown): Promise<Answer> => office.call(office.tokens[who], method, url, body);

async function submitted(more: Record<string, unknown> = {}, who: Who = 'applicant'): Promise<Json> {
  const answer = await ask(who, 'POST', '/v1/applications', applicationOf(office, more));
  expect(answer.body).toMatchObject({ state: 'submitted' });
  return answer.body;
}

describe('the way of an application', () => {
  test('draft, changed, submitted, approved in order, permit issued', async () => {
    const draft = await ask('applicant', 'POST', '/v1/applications', applicationOf(office, { submit: false }));
    expect(draft.body).toMatchObject({ state: 'draft', content: null, photos: true, strokeGrants: false, idle: 300 });
    const { id } = draft.body;
    expect((await ask('chief', 'GET', `/v1/applications/${id}`)).status).toBe(404);
    expect((await ask('applicant', 'PUT', `/v1/applications/${id}`, applicationOf(office, { count: 5 }))).body.count).toBe(5);
    const sent = await ask('applicant', 'POST', `/v1/applications/${id}/submit`);
    expect(sent.body).toMatchObject({ state: 'submitted', chain: [[office.ids.chief], [office.ids.director]], step: 0 });
    expect((await ask('applicant', 'PUT', `/v1/applications/${id}`, applicationOf(office))).body.code).toBe('WRONG_STATE');
    const { content } = sent.body;
    expect((await ask('director', 'GET', '/v1/tasks')).body.applications).toEqual([]);
    expect((await ask('chief', 'GET', '/v1/tasks')).body.applications).toHaveLength(1);
    expect((await ask('director', 'POST', `/v1/applications/${id}/approve`, { content })).body.code).toBe('NOT_YOUR_STEP');
    expect((await ask('chief', 'POST', `/v1/applications/${id}/approve`, { content })).body).toMatchObject({ state: 'submitted', step: 1, permits: [] });
    expect((await ask('chief', 'POST', `/v1/applications/${id}/approve`, { content })).body.code).toBe('NOT_YOUR_STEP');
    const done = await ask('director', 'POST', `/v1/applications/${id}/approve`, { content });
    expect(done.body).toMatchObject({ state: 'approved', permits: [{ device: deviceId, state: 'issued', used: 0 }] });
    expect((await ask('auditor', 'GET', `/v1/applications/${id}/decisions`)).body.decisions).toMatchObject([
      { step: 0, person: office.ids.chief, verdict: 'approved', content }, { step: 1, person: office.ids.director, verdict: 'approved', content },
    ]);
    const entries = (await ask('auditor', 'GET', `/v1/register/entries?search=${id}`)).body.entries.map((e: { kind: string }) => e.kind);
    expect(entries).toEqual(['application', 'decision', 'decision', 'application', 'permit']);
  });

  test('refused with a reason, and then nothing more', async () => {
    const { id, content } = await submitted();
    expect((await ask('chief', 'POST', `/v1/applications/${id}/refuse`, { content })).status).toBe(400);
    expect((await ask('chief', 'POST', `/v1/applications/${id}/refuse`, { content, reason: '   ' })).body.code).toBe('REASON_REQUIRED');
    expect((await ask('chief', 'POST', `/v1/applications/${id}/refuse`, { content, reason: '金额未填写' })).body).toMatchObject({ state: 'refused', permits: [] });
    for (const [who, action] of [['director', 'approve'], ['chief', 'approve']] as const) {
      expect((await ask(who, 'POST', `/v1/applications/${id}/${action}`, { content })).body.code).toBe('WRONG_STATE');
    }
    expect((await ask('applicant', 'POST', `/v1/applications/${id}/withdraw`, {})).body.code).toBe('WRONG_STATE');
  });

  test('an approver narrows, and the next may narrow further, never widen', async () => {
    const { id, content, notBefore, notAfter } = await submitted({ count: 5 });
    const decide = (who: Who, narrow: { count?: number; notBefore?: number; notAfter?: number }) => ask(who, 'POST', `/v1/applications/${id}/approve`, { content, narrow });
    for (const narrow of [{ count: 6 }, { notBefore: notBefore - 1 }, { notAfter: notAfter + 1 }]) expect((await decide('chief', narrow)).body.code).toBe('WIDENED');
    expect((await decide('chief', { notAfter: notBefore })).body.code).toBe('WINDOW');
    expect((await decide('chief', { count: 0 })).status).toBe(400);
    expect((await decide('chief', { count: 3, notAfter: notAfter - 60 })).body.granted).toMatchObject({ count: 3, notBefore, notAfter: notAfter - 60 });
    for (const narrow of [{ count: 4 }, { notAfter }]) expect((await decide('director', narrow)).body.code).toBe('WIDENED');
    expect((await decide('director', { count: 2 })).body).toMatchObject({ state: 'approved', count: 5, granted: { count: 2, notAfter: notAfter - 60 } });
    await office.desk.round();
    const [grant] = [...office.bridge.permits.values()];
    expect(office.bridge.open(grant as Buffer)).toMatchObject({ count: 2, notBefore, notAfter: notAfter - 60 });
  });

  test('nobody decides on their own application, unless the office allows it', async () => {
    const own = { persons: [office.ids.chief] };
    const handIn = (): Promise<Answer> => ask('chief', 'POST', '/v1/documents', new Form().file('document', 'a.png', tinyPng(40, 60, 200)));
    expect((await ask('chief', 'POST', '/v1/applications', applicationOf(office, own))).body.code).toBe('NOT_FOUND'); // the hash alone is not the document
    expect((await handIn()).body.sha256).toBe(office.document);
    const { id, content } = await submitted(own, 'chief');
    expect((await ask('chief', 'POST', `/v1/applications/${id}/approve`, { content })).body.code).toBe('OWN_APPLICATION');
    expect((await ask('chief', 'GET', '/v1/tasks')).body.applications).toEqual([]);
    await office.close();
    office = await openOffice({ ownApplications: true });
    await handIn();
    const again = await submitted({ persons: [office.ids.chief] }, 'chief');
    expect((await ask('chief', 'GET', '/v1/tasks')).body.applications).toHaveLength(1);
    expect((await ask('chief', 'POST', `/v1/applications/${again.id}/approve`, { content: again.content })).body).toMatchObject({ step: 1 });
  });

  test('a decision is on the content that was looked at', async () => {
    const { id } = await submitted();
    expect((await ask('chief', 'POST', `/v1/applications/${id}/approve`, { content: '00'.repeat(32) })).body.code).toBe('CONTENT_CHANGED');
  });

  test('times over: nothing is decided, approved ones expire, and no permit is sent any more', async () => {
    const late = await submitted({ notAfter: office.clock.seconds + 100 });
    const application = await approved(office, { notAfter: office.clock.seconds + 100 });
    office.clock.forward(200_000);
    expect((await ask('chief', 'POST', `/v1/applications/${late.id}/approve`, { content: late.content })).body.code).toBe('WINDOW');
    await office.desk.round();
    for (const id of [late.id, application.id]) expect((await ask('applicant', 'GET', `/v1/applications/${id}`)).body.state).toBe('expired');
    expect(office.bridge.permits.size).toBe(0);
  });

  test('approvers changed later do not change who decides on what was submitted', async () => {
    const { id, content } = await submitted();
    await ask('admin', 'PUT', `/v1/seals/${office.seal}/approvers`, { approvers: [[office.ids.director]] });
    expect((await ask('director', 'POST', `/v1/applications/${id}/approve`, { content })).body.code).toBe('NOT_YOUR_STEP');
    expect((await submitted()).chain).toEqual([[office.ids.director]]);
  });

  test('only the applicant withdraws', async () => {
    const { id } = await submitted();
    expect((await ask('other', 'POST', `/v1/applications/${id}/withdraw`, {})).status).toBe(404);
    expect((await ask('applicant', 'POST', `/v1/applications/${id}/withdraw`, {})).body.state).toBe('withdrawn');
  });

  test.each<[string, (o: Office) => Record<string, unknown>, number, string]>([
    ['ends before it begins', (o) => ({ notAfter: o.clock.seconds - 100 }), 422, 'WINDOW'],
    ['is longer than a month', (o) => ({ notAfter: o.clock.seconds + 40 * 86_400 }), 422, 'WINDOW'],
    ['names a person who is not enrolled', (o) => ({ persons: [o.ids.other] }), 422, 'NOT_ENROLLED'],
    ['names a person twice', (o) => ({ persons: [o.ids.applicant, o.ids.applicant] }), 400, 'INVALID'],
    ['names nobody', () => ({ persons: [] }), 400, 'INVALID'],
    ['names five', () => ({ persons: [1, 2, 3, 4, 5] }), 400, 'INVALID'],
    ['asks for no stroke', () => ({ count: 0 }), 400, 'INVALID'],
    ['asks for more strokes than a permit holds', () => ({ count: 65_536 }), 400, 'INVALID'],
    ['names no seal there is', () => ({ seal: '0'.repeat(16) }), 404, 'NOT_FOUND'],
    ['names no document there is', () => ({ document: '0'.repeat(64) }), 404, 'NOT_FOUND'],
    ['says what nobody asked', () => ({ approved: true }), 400, 'INVALID'],
    ['has no purpose', () => ({ purpose: '' }), 400, 'INVALID'],
  ])('one that %s is refused', async (_name, more, status, code) => {
    const answer = await ask('applicant', 'POST', '/v1/applications', applicationOf(office, more(office)));
    expect([answer.status, answer.body.code]).toEqual([status, code]);
  });
});

describe('documents over HTTP', () => {
  test('an application with its document in one form', async () => {
    const contract = readFileSync(path.join(__dirname, '../../sim/assets/contract-zh.pdf'));
    const form = new Form();
    const { document: _document, ...fields } = applicationOf(office);
    for (const [name, value] of Object.entries(fields)) form.field(name, typeof value === 'string' ? value : JSON.stringify(value));
    const answer = await ask('applicant', 'POST', '/v1/applications', form.file('document', '../../采购合同.pdf', contract));
    expect([answer.status, answer.body.state]).toEqual([201, 'submitted']);
    const { document } = answer.body;
    expect((await ask('chief', 'GET', `/v1/documents/${document}`)).body).toMatchObject({ kind: 'pdf', name: '采购合同.pdf', size: contract.length });
    const page = await ask('chief', 'GET', `/v1/documents/${document}/pages/1`);
    expect(page.raw.subarray(1, 4).toString()).toBe('PNG');
    expect((await ask('chief', 'GET', `/v1/documents/${document}/content`)).raw.equals(contract)).toBe(true);
    expect((await ask('chief', 'GET', `/v1/documents/${document}/pages/99`)).status).toBe(404);
    expect((await ask('other', 'GET', `/v1/documents/${document}`)).status).toBe(404);
    expect((await ask('other', 'GET', `/v1/documents/${document}/pages/1`)).status).toBe(404);
    expect((await ask('director', 'GET', `/v1/documents/${office.document}/content`)).status).toBe(404);
  });

  test.each<[string, () => Form, number, string]>([
    ['a text called contract.pdf', () => new Form().file('document', 'contract.pdf', Buffer.from('not a pdf')), 415, 'DOCUMENT_UNSUPPORTED'],
    ['an empty file', () => new Form().file('document', 'contract.pdf', Buffer.alloc(0)), 422, 'DOCUMENT_EMPTY'],
    ['a broken PDF', () => new Form().file('document', 'a.pdf', Buffer.from('%PDF-1.7\nrubbish')), 422, 'DOCUMENT_CORRUPT'],
    ['a file above the limit', () => new Form().file('document', 'a.pdf', Buffer.alloc(70_000, 65)), 413, 'DOCUMENT_TOO_LARGE'],
    ['a form without a file', () => new Form().field('purpose', 'x'), 400, 'INVALID'],
    ['a file in another part', () => new Form().file('other', 'a.pdf', Buffer.from('%PDF-')), 400, 'INVALID'],
  ])('%s', async (_name, form, status, code) => {
    await office.close();
    office = await openOffice({ limits: { maxBytes: 60_000 } });
    const answer = await ask('applicant', 'POST', '/v1/documents', form());
    expect([answer.status, answer.body.code]).toEqual([status, code]);
    expect((await ask('applicant', 'POST', '/v1/documents', new Form().file('document', 'a.png', tinyPng(5, 5, 5)))).status).toBe(201);
  });
});

describe('authorisation', () => {
  /** A call of each route that is refused or not for the role alone; what it does to the object does not matter here. */
  const calls: [string, string, keyof typeof operations | 'open', unknown?][] = [
    ['GET', '/healthz', 'open'], ['GET', '/readyz', 'open'], ['GET', '/openapi.json', 'open'], ['GET', '/v1/register/key', 'open'],
    ['GET', '/v1/me', 'self.read'], ['GET', '/v1/directory', 'self.read'], ['GET', '/v1/sign-in', 'open'], ['GET', `/v1/devices/${deviceId}/state`, 'cases.read'],
    ['GET', `/v1/applications/${'0'.repeat(16)}/uses`, 'applications.read'], ['GET', `/v1/applications/${'0'.repeat(16)}/photos/${'0'.repeat(64)}`, 'applications.read'],
    ['GET', `/v1/applications/${'0'.repeat(16)}/lately`, 'applications.decide'], ['GET', `/v1/permits/${'0'.repeat(32)}/photos`, 'uses.grant'],
    ['GET', '/v1/people', 'people.read'], ['POST', '/v1/people', 'people.manage', {}], ['PUT', '/v1/people/99/roles', 'people.manage', {}], ['POST', '/v1/people/99/token', 'people.manage'],
    ['GET', '/v1/devices', 'cards.read'], ['POST', '/v1/devices', 'cards.manage', {}], ['POST', `/v1/devices/${'0'.repeat(16)}/revoke`, 'devices.revoke', {}],
    ['GET', `/v1/devices/${deviceId}/enrolments`, 'cards.read'], ['PUT', `/v1/devices/${deviceId}/enrolments/99`, 'cards.manage', {}],
    ['GET', '/v1/seals', 'cards.read'], ['GET', `/v1/seals/${'0'.repeat(16)}`, 'cards.read'], ['POST', '/v1/seals', 'cards.manage', {}],
    ['PUT', `/v1/seals/${'0'.repeat(16)}/approvers`, 'cards.manage', {}],
    ['POST', '/v1/documents', 'documents.add'], ['GET', `/v1/documents/${'0'.repeat(64)}`, 'documents.read'],
    ['GET', `/v1/documents/${'0'.repeat(64)}/pages/1`, 'documents.read'], ['GET', `/v1/documents/${'0'.repeat(64)}/content`, 'documents.read'],
    ['POST', '/v1/applications', 'applications.add', {}], ['GET', '/v1/applications', 'applications.read'], ['GET', `/v1/applications/${'0'.repeat(16)}`, 'applications.read'],
    ['PUT', `/v1/applications/${'0'.repeat(16)}`, 'applications.add', {}], ['POST', `/v1/applications/${'0'.repeat(16)}/submit`, 'applications.add'],
    ['POST', `/v1/applications/${'0'.repeat(16)}/withdraw`, 'applications.add', {}], ['GET', `/v1/applications/${'0'.repeat(16)}/decisions`, 'applications.read'],
    ['GET', '/v1/tasks', 'applications.decide'], ['POST', `/v1/applications/${'0'.repeat(16)}/approve`, 'applications.decide', {}],
    ['POST', `/v1/applications/${'0'.repeat(16)}/refuse`, 'applications.decide', {}], ['POST', `/v1/permits/${'0'.repeat(32)}/strokes`, 'uses.grant', {}],
    ['GET', `/v1/permits/${'0'.repeat(32)}/photos/${'0'.repeat(64)}/comparison`, 'uses.grant', undefined], ['GET', `/v1/permits/${'0'.repeat(32)}/photos/${'0'.repeat(64)}/comparison/picture`, 'uses.grant', undefined],
    ['POST', `/v1/applications/${'0'.repeat(16)}/answers`, 'uses.grant', {}], ['POST', `/v1/applications/${'0'.repeat(16)}/trip-codes`, 'uses.grant', {}],
    ['GET', '/v1/register/uses', 'register.read'], ['GET', '/v1/register/entries', 'register.read'], ['GET', `/v1/register/records/${deviceId}`, 'register.read'],
    ['GET', `/v1/photos/${'0'.repeat(64)}`, 'register.read'], ['GET', '/v1/checkpoint', 'proofs.read'], ['GET', '/v1/register/inclusion?entry=0', 'proofs.read'],
    ['GET', '/v1/register/consistency?first=1', 'proofs.read'], ['GET', '/v1/bridges', 'cases.read'], ['GET', '/v1/cases', 'cases.read'],
    ['POST', `/v1/cases/${'0'.repeat(24)}/close`, 'cases.close', {}], ['POST', `/v1/cases/${'0'.repeat(24)}/clear`, 'cases.close', {}],
    ['POST', '/v1/archive', 'archive.make'],
    ['POST', `/v1/permits/${'0'.repeat(32)}/top-ups`, 'applications.add', {}], ['GET', '/v1/top-ups', 'applications.read'], ['POST', `/v1/top-ups/${'0'.repeat(16)}/approve`, 'applications.decide', {}],
    ['POST', `/v1/top-ups/${'0'.repeat(16)}/refuse`, 'applications.decide', {}], ['POST', `/v1/top-ups/${'0'.repeat(16)}/withdraw`, 'applications.add'], ['POST', `/v1/permits/${'0'.repeat(32)}/reject`, 'uses.grant', {}],
    ['POST', '/v1/delegations', 'applications.decide', {}], ['GET', '/v1/delegations', 'applications.read'], ['POST', `/v1/delegations/${'0'.repeat(16)}/end`, 'applications.decide'],
    ['GET', '/v1/scopes', 'cards.read'], ['PUT', '/v1/scopes/99', 'cards.manage', {}], ['GET', '/v1/chains', 'cards.read'], ['POST', '/v1/chains', 'cards.manage', {}],
    ['PUT', `/v1/chains/${'0'.repeat(16)}`, 'cards.manage', {}], ['POST', `/v1/chains/${'0'.repeat(16)}/remove`, 'cards.manage', {}], ['POST', '/v1/chains/preview', 'cards.manage', {}],
    ['POST', `/v1/devices/${'0'.repeat(16)}/ceremonies`, 'custody.order', {}], ['GET', '/v1/ceremonies', 'custody.read'], ['GET', `/v1/ceremonies/${'0'.repeat(32)}`, 'custody.read'],
    ['POST', `/v1/ceremonies/${'0'.repeat(32)}/approve`, 'custody.decide', {}], ['POST', `/v1/ceremonies/${'0'.repeat(32)}/refuse`, 'custody.decide', {}],
    ['POST', `/v1/ceremonies/${'0'.repeat(32)}/revoke`, 'custody.order', {}], ['GET', `/v1/seals/${'0'.repeat(16)}/history`, 'cards.read'],
    ['POST', `/v1/seals/${'0'.repeat(16)}/activate`, 'cards.manage', {}], ['POST', `/v1/seals/${'0'.repeat(16)}/archive`, 'cards.manage', {}], ['POST', `/v1/seals/${'0'.repeat(16)}/destroy`, 'cards.manage', {}],
    ['POST', '/v1/sign-in/passkey/options', 'open'], ['POST', '/v1/sign-in/passkey', 'open', {}], ['POST', '/v1/sign-in/password', 'open', {}], ['POST', '/v1/sign-in/invitation', 'open', {}],
    ['GET', '/v1/sign-in/company', 'open'], ['GET', '/v1/sign-in/company/callback', 'open'], ['POST', '/v1/sign-out', 'self.enrol'],
    ['GET', '/v1/me/passkeys', 'self.enrol'], ['POST', '/v1/me/passkeys/options', 'self.enrol'], ['POST', '/v1/me/passkeys', 'self.enrol', {}], ['DELETE', `/v1/me/passkeys/${'0'.repeat(16)}`, 'self.read'],
    ['POST', '/v1/me/password', 'self.enrol', {}], ['POST', '/v1/me/password/confirm', 'self.enrol', {}], ['GET', '/v1/me/sessions', 'self.read'], ['DELETE', `/v1/me/sessions/${'0'.repeat(16)}`, 'self.read'],
    ['GET', '/v1/people/99', 'people.read'], ['PUT', '/v1/people/99', 'people.manage', {}], ['GET', '/v1/people/99/superiors', 'self.read'], ['GET', '/v1/people/99/enrolments', 'self.read'],
    ['POST', '/v1/people/99/invitation', 'people.manage', {}], ['DELETE', '/v1/people/99/invitation', 'people.manage'], ['GET', '/v1/people/99/sign-in', 'people.read'],
    ['DELETE', `/v1/people/99/passkeys/${'0'.repeat(16)}`, 'people.manage'], ['DELETE', '/v1/people/99/password', 'people.manage'], ['DELETE', '/v1/people/99/sessions', 'people.manage'],
    ['GET', '/v1/settings', 'organisation.read'], ['PUT', '/v1/settings/reminders', 'organisation.manage', {}], ['GET', '/v1/reminders', 'applications.read'],
    ['PUT', '/v1/settings/papers', 'organisation.manage', {}], ['GET', '/v1/reports', 'applications.read'], ['GET', `/v1/applications/${'0'.repeat(16)}/report`, 'applications.read'], ['POST', `/v1/applications/${'0'.repeat(16)}/report`, 'applications.add', {}],
    ['GET', '/v1/outside', 'cards.read'], ['POST', '/v1/outside/99/instances', 'outside.bind', {}], ['POST', '/v1/outside/99/events', 'open', {}], ['GET', '/v1/outside/99/events', 'open'],
    ['GET', '/v1/push', 'cases.read'], ['POST', '/v1/push/subscriptions', 'cases.read', {}], ['DELETE', `/v1/push/subscriptions/${'0'.repeat(24)}`, 'cases.read'],
    ['PUT', '/v1/settings/signatures', 'organisation.manage', {}], ['GET', `/v1/applications/${'0'.repeat(16)}/signatures`, 'applications.read'], ['POST', `/v1/applications/${'0'.repeat(16)}/signatures/options`, 'applications.read', {}],
    ['GET', '/v1/register/statistics', 'register.read'],
    ['GET', '/v1/departments', 'organisation.read'], ['POST', '/v1/departments', 'organisation.manage', {}], ['PUT', '/v1/departments/99', 'organisation.manage', {}], ['DELETE', '/v1/departments/99', 'organisation.manage'],
    ['GET', `/v1/seals/${'0'.repeat(16)}/history/1/notice.pdf`, 'cards.read'], ['PUT', `/v1/seals/${'0'.repeat(16)}/sample`, 'cards.manage'], ['GET', `/v1/seals/${'0'.repeat(16)}/sample`, 'cards.read'],
    ['POST', `/v1/register/uses/${'0'.repeat(16)}/1/receipt`, 'register.read'], ['GET', `/v1/receipts/${'0'.repeat(32)}`, 'open'], ['GET', `/v1/receipts/${'0'.repeat(32)}/qr.svg`, 'open'], ['GET', `/r/${'0'.repeat(32)}`, 'open'],
    ['GET', '/v1/register/uses.csv', 'register.read'], ['GET', '/v1/register/uses.xlsx', 'register.read'], ['GET', '/v1/register/uses.pdf', 'register.read'],
  ];

  test('every role on every route: allowed or 403 exactly as the table says; no token is 401', async () => {
    const { people } = office.desk.rooms;
    for (const role of roles) {
      const { token } = await people.add(`only ${role}`, [role], 0);
      for (const [method, url, scope, body] of calls) {
        const { status } = await office.call(token, method, url, body);
        const allowed = scope === 'open' || (operations[scope] as readonly string[]).includes(role);
        expect([role, method, url, status === 403 ? 'forbidden' : status === 401 ? 'unauthenticated' : 'allowed']).toEqual([role, method, url, allowed ? 'allowed' : 'forbidden']);
      }
    }
    for (const token of [undefined, 'x', 'A'.repeat(43)]) {
      for (const [method, url, scope, body] of calls) if (scope !== 'open') expect((await office.call(token, method, url, body)).status).toBe(401);
    }
  });

  test('the table above names every route of the desk', async () => {
    const { body } = await office.call(undefined, 'GET', '/openapi.json');
    const documented = Object.entries(body.paths as Record<string, object>).flatMap(([url, methods]) => Object.keys(methods).map((m) => `${m.toUpperCase()} ${url.replace(/\{\w+\}/g, '*')}`));
    const tested = new Set(calls.map(([method, url]) => `${method} ${url.split('?')[0]?.replace(/\/(0{16,}|99|1|00112233aabbccdd)(?=\/|$)/g, '/*')}`));
    expect(documented.filter((route) => !tested.has(route))).toEqual(['GET /v1/events']); // an endless stream, below
  });

  test('people who only keep or check see what they may', async () => {
    const { id } = await submitted();
    const seen = async (who: Who): Promise<number> => (await ask(who, 'GET', '/v1/applications')).body.applications.length;
    expect([await seen('applicant'), await seen('chief'), await seen('director'), await seen('custodian'), await seen('auditor'), await seen('admin'), await seen('other')]).toEqual([1, 1, 1, 1, 1, 1, 0]);
    expect((await ask('other', 'GET', `/v1/applications/${id}`)).status).toBe(404);
    expect((await ask('other', 'GET', `/v1/applications/${id}/decisions`)).status).toBe(404);
  });

  test('a new token ends the old one; roles taken away work at once', async () => {
    const renewed = await ask('admin', 'POST', `/v1/people/${office.ids.auditor}/token`);
    expect((await ask('auditor', 'GET', '/v1/me')).status).toBe(401);
    expect((await office.call(renewed.body.token, 'GET', '/v1/me')).body).toMatchObject({ id: office.ids.auditor, name: 'auditor', roles: ['auditor'], may: expect.arrayContaining(['register.read']) });
    expect((await ask('admin', 'PUT', `/v1/people/${office.ids.auditor}/roles`, { roles: [] })).body.roles).toEqual([]);
    expect((await office.call(renewed.body.token, 'GET', '/v1/me')).status).toBe(403);
  });

  test('no token, key or passphrase stands in the database', async () => {
    await approved(office);
    const rows = await office.desk.rooms.store.read((db) => db.selectFrom('person_token').selectAll().execute());
    for (const token of Object.values(office.tokens)) expect(JSON.stringify(rows)).not.toContain(token);
    await office.desk.round();
    const [bytes, wal] = (await databaseBytes(office)) as [Buffer, Buffer];
    for (const secret of [office.options.keys.permitRoot, office.options.keys.evidenceRoot, office.device.identity.permitKey, office.device.identity.evidenceKey]) {
      for (const form of [secret, Buffer.from(secret.toString('hex')), Buffer.from(secret.toString('base64'))]) expect(bytes.includes(form) || wal.includes(form)).toBe(false);
    }
  });
});

describe('cards', () => {
  test('devices, seals and enrolments over HTTP, contradictions refused', async () => {
    const card = { id: '0102030405060708', name: 'Unit 2', bridge: 'main' };
    expect((await ask('admin', 'POST', '/v1/devices', card)).status).toBe(201);
    expect((await ask('admin', 'POST', '/v1/devices', card)).status).toBe(201);
    expect((await ask('admin', 'POST', '/v1/devices', { ...card, name: 'Other' })).body.code).toBe('CONFLICT');
    const seal = { kind: 'contract', name: '合同章', die: 'd1e0000000000002', device: card.id, custodian: office.ids.custodian, approvers: [[office.ids.chief, office.ids.director]] };
    expect((await ask('admin', 'POST', '/v1/seals', seal)).body).toMatchObject({ name: '合同章', sample: null });
    expect((await ask('admin', 'POST', '/v1/seals', seal)).body.code).toBe('CONFLICT');
    expect((await ask('admin', 'POST', '/v1/seals', { ...seal, die: 'd1e0000000000003', approvers: [[office.ids.applicant]] })).body.code).toBe('INVALID');
    expect((await ask('admin', 'PUT', `/v1/devices/${card.id}/enrolments/${office.ids.other}`, { number: 1 })).body).toEqual({ device: card.id, person: office.ids.other, number: 1, means: 1, until: null });
    expect((await ask('admin', 'PUT', `/v1/devices/${card.id}/enrolments/${office.ids.chief}`, { number: 1, means: 3 })).body.code).toBe('CONFLICT');
    expect((await ask('custodian', 'GET', `/v1/devices/${card.id}/enrolments`)).body.enrolments).toHaveLength(1);
    expect((await ask('applicant', 'GET', '/v1/seals')).body.seals).toHaveLength(2);
  });
});
