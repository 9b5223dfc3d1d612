/** The authorisation matrix: every role on every route, as the routes themselves say it; a new route without a row fails. */
import { operations, roles } from '../../host-bridge/desk/people/roles';
import { applicationOf, approved, callsOf, databaseBytes, deviceId, openOffice, type Json, type Office, type Who } from './support';

jest.setTimeout(300_000);

let office: Office;
beforeEach(async () => {
  office = await openOffice();
});
afterEach(() => office.close());

const { ask, submitted } = callsOf(() => office);

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
    ['POST', '/v1/documents', 'documents.add'], ['POST', '/v1/documents/photographed', 'documents.add'], ['GET', `/v1/documents/${'0'.repeat(64)}`, 'documents.read'],
    ['GET', `/v1/documents/${'0'.repeat(64)}/pages/1`, 'documents.read'], ['GET', `/v1/documents/${'0'.repeat(64)}/content`, 'documents.read'],
    ['POST', '/v1/applications', 'applications.add', {}], ['GET', '/v1/applications', 'applications.read'], ['GET', `/v1/applications/${'0'.repeat(16)}`, 'applications.read'],
    ['PUT', `/v1/applications/${'0'.repeat(16)}`, 'applications.add', {}], ['POST', `/v1/applications/${'0'.repeat(16)}/submit`, 'applications.add'],
    ['POST', `/v1/applications/${'0'.repeat(16)}/withdraw`, 'applications.add', {}], ['GET', `/v1/applications/${'0'.repeat(16)}/decisions`, 'applications.read'],
    ['GET', '/v1/tasks', 'applications.decide'], ['GET', '/v1/decisions', 'applications.decide'], ['POST', `/v1/applications/${'0'.repeat(16)}/approve`, 'applications.decide', {}],
    ['POST', `/v1/applications/${'0'.repeat(16)}/refuse`, 'applications.decide', {}], ['POST', `/v1/permits/${'0'.repeat(32)}/strokes`, 'uses.grant', {}],
    ['GET', `/v1/permits/${'0'.repeat(32)}/photos/${'0'.repeat(64)}/comparison`, 'uses.grant', undefined], ['GET', `/v1/permits/${'0'.repeat(32)}/photos/${'0'.repeat(64)}/comparison/picture`, 'uses.grant', undefined],
    ['POST', `/v1/applications/${'0'.repeat(16)}/answers`, 'uses.grant', {}], ['POST', `/v1/applications/${'0'.repeat(16)}/trip-codes`, 'uses.grant', {}],
    ['GET', '/v1/register/uses', 'register.read'], ['GET', '/v1/register/entries', 'register.read'], ['GET', `/v1/register/records/${deviceId}`, 'register.read'],
    ['GET', `/v1/photos/${'0'.repeat(64)}`, 'register.read'], ['GET', '/v1/checkpoint', 'proofs.read'], ['GET', '/v1/checkpoint/cosigned', 'proofs.read'], ['GET', '/v1/register/witnesses', 'proofs.read'], ['GET', '/v1/register/inclusion?entry=0', 'proofs.read'],
    ['GET', '/v1/register/consistency?first=1', 'proofs.read'], ['GET', '/v1/bridges', 'cases.read'], ['GET', '/v1/cases', 'cases.read'],
    ['POST', `/v1/cases/${'0'.repeat(24)}/close`, 'cases.close', {}], ['POST', `/v1/cases/${'0'.repeat(24)}/clear`, 'cases.close', {}],
    ['POST', '/v1/archive', 'archive.make'],
    ['POST', `/v1/permits/${'0'.repeat(32)}/top-ups`, 'applications.add', {}], ['GET', '/v1/top-ups', 'applications.read'], ['POST', `/v1/top-ups/${'0'.repeat(16)}/approve`, 'applications.decide', {}],
    ['POST', `/v1/top-ups/${'0'.repeat(16)}/refuse`, 'applications.decide', {}], ['POST', `/v1/top-ups/${'0'.repeat(16)}/withdraw`, 'applications.add'], ['POST', `/v1/permits/${'0'.repeat(32)}/reject`, 'uses.grant', {}],
    ['POST', '/v1/delegations', 'applications.decide', {}], ['GET', '/v1/delegations', 'applications.read'], ['POST', `/v1/delegations/${'0'.repeat(16)}/end`, 'applications.decide'],
    ['GET', '/v1/scopes', 'cards.read'], ['PUT', '/v1/scopes/99', 'cards.manage', {}], ['GET', '/v1/chains', 'cards.read'], ['POST', '/v1/chains', 'cards.manage', {}],
    ['PUT', `/v1/chains/${'0'.repeat(16)}`, 'cards.manage', {}], ['POST', `/v1/chains/${'0'.repeat(16)}/remove`, 'cards.manage', {}], ['POST', '/v1/chains/preview', 'cards.manage', {}],
    ['POST', `/v1/devices/${'0'.repeat(16)}/ceremonies`, 'custody.order', {}], ['GET', '/v1/ceremonies', 'custody.read'], ['GET', '/v1/ceremonies/actions', 'custody.read'], ['GET', `/v1/ceremonies/${'0'.repeat(32)}`, 'custody.read'],
    ['POST', `/v1/ceremonies/${'0'.repeat(32)}/approve`, 'custody.decide', {}], ['POST', `/v1/ceremonies/${'0'.repeat(32)}/refuse`, 'custody.decide', {}],
    ['POST', `/v1/ceremonies/${'0'.repeat(32)}/revoke`, 'custody.order', {}], ['GET', `/v1/seals/${'0'.repeat(16)}/history`, 'cards.read'],
    ['POST', `/v1/seals/${'0'.repeat(16)}/activate`, 'cards.manage', {}], ['POST', `/v1/seals/${'0'.repeat(16)}/archive`, 'cards.manage', {}], ['POST', `/v1/seals/${'0'.repeat(16)}/destroy`, 'cards.manage', {}],
    ['POST', '/v1/sign-in/passkey/options', 'open'], ['POST', '/v1/sign-in/passkey', 'open', {}], ['POST', '/v1/sign-in/password', 'open', {}], ['POST', '/v1/sign-in/invitation', 'open', {}],
    ['GET', '/v1/sign-in/company', 'open'], ['GET', '/v1/sign-in/company/callback', 'open'], ['POST', '/v1/sign-out', 'self.enrol'],
    ['GET', '/v1/me/passkeys', 'self.enrol'], ['POST', '/v1/me/passkeys/options', 'self.enrol'], ['POST', '/v1/me/passkeys', 'self.enrol', {}], ['DELETE', `/v1/me/passkeys/${'0'.repeat(16)}`, 'self.read'],
    ['GET', '/v1/me/password', 'self.enrol'], ['POST', '/v1/me/password', 'self.enrol', {}], ['POST', '/v1/me/password/confirm', 'self.enrol', {}], ['GET', '/v1/me/sessions', 'self.read'], ['DELETE', `/v1/me/sessions/${'0'.repeat(16)}`, 'self.read'],
    ['GET', `/v1/applications/${'0'.repeat(16)}/live`, 'applications.read'], ['GET', `/v1/applications/${'0'.repeat(16)}/changes`, 'applications.read'],
    ['GET', `/v1/applications/${'0'.repeat(16)}/photos/${'0'.repeat(64)}/comparison`, 'applications.read'], ['GET', `/v1/applications/${'0'.repeat(16)}/photos/${'0'.repeat(64)}/comparison/picture`, 'applications.read'],
    ['GET', `/v1/applications/${'0'.repeat(16)}/messages`, 'applications.read'], ['POST', `/v1/applications/${'0'.repeat(16)}/messages`, 'uses.talk', {}],
    ['GET', `/v1/devices/${'0'.repeat(16)}/places`, 'cases.read'], ['GET', `/v1/devices/${'0'.repeat(16)}/lease`, 'cases.read'], ['POST', `/v1/devices/${'0'.repeat(16)}/lease`, 'devices.maintain', {}],
    ['POST', `/v1/devices/${'0'.repeat(16)}/lease/end`, 'devices.maintain'], ['POST', `/v1/devices/${'0'.repeat(16)}/update`, 'devices.maintain'], ['GET', `/v1/devices/${'0'.repeat(16)}/update`, 'cases.read'],
    ['GET', '/v1/security-events', 'security.read'], ['GET', '/v1/me/notices', 'self.read'], ['POST', '/v1/me/notices/seen', 'self.read', {}],
    ['GET', '/v1/push', 'self.read'], ['POST', '/v1/push/subscriptions', 'self.read', {}], ['DELETE', `/v1/push/subscriptions/${'0'.repeat(24)}`, 'self.read'],
    ['GET', '/v1/people/99', 'people.read'], ['PUT', '/v1/people/99', 'people.manage', {}], ['GET', '/v1/people/99/superiors', 'self.read'], ['GET', '/v1/people/99/enrolments', 'self.read'],
    ['POST', '/v1/people/99/invitation', 'people.manage', {}], ['DELETE', '/v1/people/99/invitation', 'people.manage'], ['GET', '/v1/people/99/sign-in', 'people.read'],
    ['DELETE', `/v1/people/99/passkeys/${'0'.repeat(16)}`, 'people.manage'], ['DELETE', '/v1/people/99/password', 'people.manage'], ['DELETE', '/v1/people/99/sessions', 'people.manage'],
    ['GET', '/v1/settings', 'organisation.read'], ['PUT', '/v1/settings/reminders', 'organisation.manage', {}], ['GET', '/v1/reminders', 'applications.read'],
    ['PUT', '/v1/settings/papers', 'organisation.manage', {}], ['GET', '/v1/reports', 'applications.read'], ['GET', `/v1/applications/${'0'.repeat(16)}/report`, 'applications.read'], ['POST', `/v1/applications/${'0'.repeat(16)}/report`, 'applications.add', {}],
    ['GET', '/v1/outside', 'cards.read'], ['POST', '/v1/outside/99/instances', 'outside.bind', {}], ['POST', '/v1/outside/99/events', 'open', {}], ['GET', '/v1/outside/99/events', 'open'],
    ['PUT', '/v1/settings/signatures', 'organisation.manage', {}], ['GET', `/v1/applications/${'0'.repeat(16)}/signatures`, 'applications.read'], ['GET', `/v1/applications/${'0'.repeat(16)}/sheet.pdf`, 'applications.read'], ['GET', `/v1/ceremonies/${'0'.repeat(32)}/signatures`, 'custody.read'], ['GET', `/v1/seals/${'0'.repeat(16)}/signatures`, 'custody.read'],
    ['POST', `/v1/ceremonies/${'0'.repeat(32)}/signatures/options`, 'custody.decide', {}], ['POST', `/v1/top-ups/${'0'.repeat(16)}/signatures/options`, 'applications.decide', {}], ['POST', `/v1/permits/${'0'.repeat(32)}/signatures/options`, 'uses.grant', {}],
    ['POST', `/v1/devices/${'0'.repeat(16)}/ceremonies/options`, 'custody.order', {}], ['POST', `/v1/permits/${'0'.repeat(32)}/top-ups/options`, 'applications.add', {}], ['POST', `/v1/seals/${'0'.repeat(16)}/steps/options`, 'cards.manage', {}],
    ['POST', `/v1/applications/${'0'.repeat(16)}/signatures/options`, 'applications.read', {}],
    ['POST', `/v1/applications/${'0'.repeat(16)}/codes/options`, 'uses.grant', {}], ['POST', `/v1/seals/${'0'.repeat(16)}/approvers/options`, 'cards.manage', {}], ['POST', `/v1/devices/${'0'.repeat(16)}/enrolments/99/options`, 'cards.manage', {}],
    ['GET', '/v1/register/statistics', 'register.read'],
    ['POST', `/v1/seals/${'0'.repeat(16)}/engrave`, 'cards.manage', {}], ['POST', `/v1/seals/${'0'.repeat(16)}/change`, 'cards.manage', {}], ['PUT', `/v1/seals/${'0'.repeat(16)}/deputy`, 'cards.manage', {}],
    ['GET', '/v1/departments', 'organisation.read'], ['POST', '/v1/departments', 'organisation.manage', {}], ['PUT', '/v1/departments/99', 'organisation.manage', {}], ['DELETE', '/v1/departments/99', 'organisation.manage'],
    ['GET', `/v1/seals/${'0'.repeat(16)}/history/1/notice.pdf`, 'cards.read'], ['PUT', `/v1/seals/${'0'.repeat(16)}/sample`, 'cards.manage'], ['GET', `/v1/seals/${'0'.repeat(16)}/sample`, 'cards.read'],
    ['POST', `/v1/register/uses/${'0'.repeat(16)}/1/receipt`, 'register.read'], ['GET', `/v1/receipts/${'0'.repeat(32)}`, 'open'], ['GET', `/v1/receipts/${'0'.repeat(32)}/qr.svg`, 'open'], ['GET', `/r/${'0'.repeat(32)}`, 'open'],
    ['GET', `/v1/register/uses/${'0'.repeat(16)}/1/impression`, 'register.read'], ['GET', `/v1/register/uses/${'0'.repeat(16)}/1/impression/picture`, 'register.read'],
    ['POST', `/v1/register/uses/${'0'.repeat(16)}/1/sheets`, 'uses.sheets'], ['GET', `/v1/register/uses/${'0'.repeat(16)}/1/sheets`, 'applications.read'], ['GET', `/v1/register/uses/${'0'.repeat(16)}/1/sheets/picture`, 'applications.read'], ['GET', `/v1/register/uses/${'0'.repeat(16)}/1/sheets/1/1`, 'applications.read'],
    ['GET', `/v1/register/uses/${'0'.repeat(16)}/1/comparison`, 'register.read'], ['GET', `/v1/register/uses/${'0'.repeat(16)}/1/comparison/picture`, 'register.read'],
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

  test('the table above names every route of the desk, and no other; every operation has a route', async () => {
    const { body } = await office.call(undefined, 'GET', '/openapi.json');
    const documented = Object.entries(body.paths as Record<string, object>).flatMap(([url, methods]) => Object.keys(methods).map((m) => `${m.toUpperCase()} ${url.replace(/\{\w+\}/g, '*')}`));
    const tested = calls.map(([method, url]) => `${method} ${url.split('?')[0]?.replace(/\/(0{16,}|99|1|00112233aabbccdd)(?=\/|$)/g, '/*')}`);
    expect(documented.filter((route) => !tested.includes(route))).toEqual(['GET /v1/events']); // an endless stream, below
    expect(tested.filter((route) => !documented.includes(route) && !['GET /openapi.json', 'GET /healthz', 'GET /readyz'].includes(route))).toEqual([]);
    expect(tested.filter((route, i) => tested.indexOf(route) !== i)).toEqual([]);
    expect(Object.keys(operations).filter((name) => !calls.some(([, , scope]) => scope === name))).toEqual(['events.read']);
  });

  test('what the description of the API says about each route is what its role is asked for', async () => {
    const { body } = await office.call(undefined, 'GET', '/openapi.json');
    for (const [method, url, scope] of calls) {
      const route = Object.keys(body.paths as Record<string, object>).find((path) => method.toLowerCase() in body.paths[path] && new RegExp(`^${path.replace(/\{\w+\}/g, '[^/]+')}$`).test(url.split('?')[0] as string));
      if (route === undefined) continue;
      const { security } = body.paths[route][method.toLowerCase()] as { security?: unknown[] };
      if (scope !== 'open') expect([method, url, JSON.stringify(security ?? body.security ?? [])]).not.toEqual([method, url, '[]']);
    }
  });

  test('the stream of events: who may read it, and who may not', async () => {
    const url = await office.desk.app.listen({ port: 0, host: '127.0.0.1' });
    const { people } = office.desk.rooms;
    for (const role of roles) {
      const { token } = await people.add(`stream ${role}`, [role], 0);
      const stop = new AbortController();
      const { status } = await fetch(`${url}/v1/events`, { headers: { authorization: `Bearer ${token}` }, signal: stop.signal });
      stop.abort();
      expect([role, status]).toEqual([role, (operations['events.read'] as readonly string[]).includes(role) ? 200 : 403]);
    }
    expect((await fetch(`${url}/v1/events`)).status).toBe(401);
  });

  test('roles add up, and nobody without a role may do anything', async () => {
    const { people } = office.desk.rooms;
    const both = await people.add('both', ['applicant', 'auditor'], 0);
    const none = await people.add('none', [], 0);
    for (const [method, url, scope, body] of calls) {
      if (scope === 'open') continue;
      const allowed = (['applicant', 'auditor'] as const).some((role) => (operations[scope] as readonly string[]).includes(role));
      expect([method, url, (await office.call(both.token, method, url, body)).status === 403]).toEqual([method, url, !allowed]);
      expect([method, url, [401, 403].includes((await office.call(none.token, method, url, body)).status)]).toEqual([method, url, true]);
    }
  });

  test('people who only keep or check see what they may', async () => {
    const { id } = await submitted();
    const seen = async (who: Who): Promise<number> => (await ask(who, 'GET', '/v1/applications')).body.applications.length;
    expect([await seen('applicant'), await seen('chief'), await seen('director'), await seen('custodian'), await seen('auditor'), await seen('admin'), await seen('other')]).toEqual([1, 1, 1, 1, 1, 1, 0]);
    expect((await ask('other', 'GET', `/v1/applications/${id}`)).status).toBe(404);
    expect((await ask('other', 'GET', `/v1/applications/${id}/decisions`)).status).toBe(404);
  });

  test('who stamps finds the application in their list, asked for or named by an approver besides', async () => {
    await office.desk.rooms.cards.enrol({ device: deviceId, person: office.ids.other, number: 12, means: 1 }, office.ids.admin);
    const persons = [office.ids.applicant, office.ids.other];
    const drafted = await ask('applicant', 'POST', '/v1/applications', applicationOf(office, { persons, submit: false }));
    const seen = async (): Promise<string[]> => (await ask('other', 'GET', '/v1/applications')).body.applications.map(({ id }: Json) => id);
    expect([drafted.status, await seen()]).toEqual([201, []]);
    const one = await submitted({ persons });
    const { id, content } = await submitted();
    expect(await seen()).toEqual([one.id]);
    expect((await ask('chief', 'POST', `/v1/applications/${id}/approve`, { content, narrow: { persons } })).body).toMatchObject({ granted: { persons } });
    expect((await seen()).sort()).toEqual([one.id, id].sort());
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
    for (const secret of [office.options.keys.permitRoot!, office.options.keys.evidenceRoot, office.device.identity.permitKey, office.device.identity.evidenceKey]) {
      for (const form of [secret, Buffer.from(secret.toString('hex')), Buffer.from(secret.toString('base64'))]) expect(bytes.includes(form) || wal.includes(form)).toBe(false);
    }
  });
});
