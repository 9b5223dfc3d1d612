/** The security log, what people are told of their own account, and what one factor alone cannot do. */
import { sql } from 'kysely';
import { URI, type TOTP } from 'otpauth';
import { COMMON, Problem } from '../../host-bridge/common/errors';
import { createLog } from '../../host-bridge/common/log';
import { createDesk, type Desk } from '../../host-bridge/desk/desk';
import { ROWS, SHARE } from '../../host-bridge/desk/security/log';
import { Browser, SIGN_IN, type Page } from './browser';
import { caller, databaseBytes, openOffice, testRandom, type Json, type Office } from './support';

jest.setTimeout(300_000);

let office: Office;
let lines: string[];
const log = () => createLog({ write: (line: string) => void lines.push(line) }, 'info');
beforeEach(async () => {
  lines = [];
  office = await openOffice({ signIn: SIGN_IN, log: log() });
});
afterEach(() => office.close());

const PASSWORD = 'correct horse 电池 staple';
const LOGIN = 'wang.wei';
const DAY = 86_400_000;

const codeOf = (totp: TOTP): string => totp.generate({ timestamp: office.clock.time });
const signIn = (at: Browser, totp: TOTP, password = PASSWORD, code = codeOf(totp)): Promise<Page> => at.ask('POST', '/v1/sign-in/password', { login: LOGIN, password, code });
const events = async (query = ''): Promise<Json[]> => (await office.call(office.tokens.auditor, 'GET', `/v1/security-events${query}`)).body.events;
const seen = (list: Json[]): unknown[] => list.map(({ kind, person, how, code, what, count }) => [kind, person, how, code, what, count]);
const noticesOf = async (at: Browser): Promise<Json[]> => (await at.ask('GET', '/v1/me/notices')).body.notices;

/** Sets password and authenticator by an invitation, in a browser of its own. */
async function withPassword(person = office.ids.applicant, login = LOGIN): Promise<TOTP> {
  const put = await office.call(office.tokens.admin, 'PUT', `/v1/people/${person}`, { name: '王伟', login, department: null, title: '' });
  expect(put.status).toBe(200);
  const at = new Browser(office);
  await at.invited(person);
  const begun = (await at.ask('POST', '/v1/me/password', { password: PASSWORD })).body;
  const totp = URI.parse(begun.uri) as TOTP;
  expect((await at.ask('POST', '/v1/me/password/confirm', { step: begun.step, code: codeOf(totp) })).status).toBe(201);
  office.clock.forward(30_000);
  return totp;
}

describe('the security log', () => {
  test('sign-ins and refused ones: whose account, by what, from where; never what was typed', async () => {
    const totp = await withPassword();
    const browser = new Browser(office);
    browser.address = '198.51.100.7';
    await signIn(browser, totp, 'a guess at the secret');
    await browser.ask('POST', '/v1/sign-in/password', { login: 'hunter2-typed-in-the-wrong-field', password: PASSWORD, code: '123456' });
    expect((await signIn(browser, totp)).status).toBe(200);
    const found = await events();
    expect(seen(found.slice(0, 3))).toEqual([
      ['sign-in', office.ids.applicant, 'password', '', '', 1], ['sign-in-refused', null, 'password', 'SIGN_IN_FAILED', '', 1], ['sign-in-refused', office.ids.applicant, 'password', 'SIGN_IN_FAILED', '', 1],
    ]);
    expect(found[0]).toMatchObject({ address: '198.51.100.7', at: office.clock.seconds });
    const all = `${JSON.stringify(found)}${lines.join('')}${Buffer.concat(await databaseBytes(office)).toString('latin1')}`;
    for (const secret of ['a guess at the secret', 'hunter2', browser.cookies.get('__Host-smartseal') ?? '', office.tokens.admin, codeOf(totp)]) expect([secret, secret.length > 5 && !all.includes(secret)]).toEqual([secret, true]);
    const line = lines.map((one) => JSON.parse(one) as Json).find(({ kind, person }) => kind === 'sign-in-refused' && person === office.ids.applicant);
    expect(line).toMatchObject({ level: 'warn', msg: 'security', how: 'password', code: 'SIGN_IN_FAILED', address: '198.51.100.7' });
  });

  test('a code that was used is noted as such and told to its person, and is answered as anything else', async () => {
    const totp = await withPassword();
    const code = codeOf(totp);
    const mine = new Browser(office);
    expect((await signIn(mine, totp, PASSWORD, code)).status).toBe(200);
    const other = await signIn(new Browser(office), totp, PASSWORD, code);
    expect([other.status, other.body.code]).toEqual([401, 'SIGN_IN_FAILED']);
    expect(seen(await events('?kind=code-reused'))).toEqual([['code-reused', office.ids.applicant, 'password', 'SIGN_IN_FAILED', '', 1]]);
    expect((await noticesOf(mine)).map(({ kind }) => kind)).toContain('code-reused');
    // A wrong password with a used code is a guess like others.
    await signIn(new Browser(office), totp, 'something else entirely', code);
    expect(await events('?kind=code-reused')).toHaveLength(1);
  });

  test('refused calls: who, what, why; of strangers no path that opens something, and no query', async () => {
    await office.call(office.tokens.other, 'GET', `/v1/documents/${office.document}?secret=1`);
    await office.call(office.tokens.applicant, 'POST', '/v1/people', { name: 'x', roles: [] });
    await office.call('x'.repeat(43), 'GET', '/v1/people/7?q=hunter2');
    await office.call(undefined, 'GET', `/v1/receipts/${'ab'.repeat(16)}`);
    await office.call(office.tokens.admin, 'GET', '/no/such/route');
    // A browser asks so before anybody has signed in; who shows something that is not known is refused.
    await office.call(undefined, 'GET', '/v1/me');
    await office.call('y'.repeat(43), 'GET', '/v1/me');
    await office.desk.rooms.security.flush();
    const found = await events();
    expect(seen(found)).toEqual([
      ['refused', null, '', 'UNAUTHENTICATED', 'GET /v1/me', 1],
      ['refused', null, '', 'UNAUTHENTICATED', 'GET /v1/people/7', 1],
      ['refused', office.ids.applicant, 'token', 'FORBIDDEN', 'POST /v1/people', 1],
      ['refused', office.ids.other, 'token', 'NOT_FOUND', `GET /v1/documents/${office.document}`, 1],
    ]);
    expect(JSON.stringify(found) + lines.join('')).not.toMatch(/hunter2|secret=|abab/);
    expect(seen(await events(`?person=${office.ids.other}&kind=refused`))).toHaveLength(1);
    expect((await office.call(office.tokens.custodian, 'GET', '/v1/security-events')).body.code).toBe('FORBIDDEN');
  });

  test('confidential content that was read: documents, their pages, an archive, an export', async () => {
    const { auditor, applicant } = office.tokens;
    for (const url of [`/v1/documents/${office.document}/content`, `/v1/documents/${office.document}/pages/1`]) expect((await office.call(applicant, 'GET', url)).status).toBe(200);
    expect((await office.call(auditor, 'GET', '/v1/register/uses.csv')).status).toBe(200);
    expect((await office.call(auditor, 'POST', '/v1/archive')).status).toBe(200);
    await office.call(applicant, 'GET', `/v1/documents/${office.document}`); // its card is not its content
    expect(seen(await events('?kind=read')).reverse()).toEqual([
      ['read', office.ids.applicant, 'token', '', `GET /v1/documents/${office.document}/content`, 1], ['read', office.ids.applicant, 'token', '', `GET /v1/documents/${office.document}/pages/1`, 1],
      ['read', office.ids.auditor, 'token', '', 'GET /v1/register/uses.csv', 1], ['read', office.ids.auditor, 'token', '', 'POST /v1/archive', 1],
    ]);
  });

  test('whoever makes noise fills no disk and drowns nobody else: what is alike is counted, a share a minute stands, the rest is a number', async () => {
    for (let i = 0; i < 50; i++) await office.call(undefined, 'GET', '/v1/people');
    for (let i = 0; i < 300; i++) await office.call(undefined, 'GET', `/v1/people/${i + 1}`);
    await office.call(office.tokens.other, 'GET', '/v1/people');
    const now = await events();
    expect(now.filter(({ person }) => person === null)).toHaveLength(SHARE.strangers);
    expect(now.find(({ what }) => what === 'GET /v1/people' )).toMatchObject({ person: office.ids.other });
    expect(now.at(-1)).toMatchObject({ what: 'GET /v1/people', count: 50 });
    office.clock.forward(61_000);
    await office.desk.rooms.security.flush();
    expect(seen(await events('?kind=more'))).toEqual([['more', null, '', '', '', 301 - SHARE.strangers]]);
    expect(lines.filter((line) => line.includes('"security"')).length).toBeLessThan(SHARE.strangers + 10);
    // The next minute has a share of its own.
    await office.call(undefined, 'GET', '/v1/people/1');
    expect((await events())[0]).toMatchObject({ kind: 'refused', what: 'GET /v1/people/1' });
  });

  test('whoever reads much, or is made to, hides no refusal by it, and the other way round: in a minute, and in what is kept', async () => {
    const { store, security } = office.desk.rooms;
    const { other: person } = office.ids;
    const note = (kind: 'read' | 'refused', what: string): void => security.note({ kind, person, how: 'token', code: '', what, address: '' });
    for (let i = 0; i < SHARE.person + 30; i++) note('read', `GET /read/${i}`);
    for (let i = 0; i < SHARE.person + 20; i++) note('refused', `GET /refused/${i}`);
    expect(await events(`?kind=refused&person=${person}&limit=500`)).toHaveLength(SHARE.person);
    expect(await events(`?kind=read&person=${person}&limit=500`)).toHaveLength(SHARE.person);
    office.clock.forward(61_000);
    await security.flush();
    expect(seen(await events('?kind=more-read')).concat(seen(await events('?kind=more')))).toEqual([['more-read', person, '', '', '', 30], ['more', person, '', '', '', 20]]);

    const kept = async (kind: string): Promise<number> => Number((await store.read((db) => db.selectFrom('security_event').select(({ fn }) => fn.countAll().as('n')).where('person', '=', person).where('kind', '=', kind).executeTakeFirstOrThrow())).n);
    const first = (await events('?limit=1'))[0]!.id as number;
    const row = { at: office.clock.seconds, until: office.clock.seconds, count: 1, kind: 'read', person, how: 'token', code: '', what: 'GET /earlier', address: '' };
    await store.commit(async (trx) => {
      for (let i = 0; i < ROWS.person; i += 1000) await trx.insertInto('security_event').values(Array.from({ length: 1000 }, (_, j) => ({ ...row, id: first + 1 + i + j }))).execute();
    });
    for (let i = 0; i < 100; i++) note('read', `GET /later/${i}`);
    await security.flush();
    expect([await kept('refused'), (await kept('read')) + (await kept('more-read'))]).toEqual([SHARE.person, ROWS.person]);
    // Refusals have their own end.
    await store.commit(async (trx) => void (await trx.updateTable('security_event').set({ kind: 'refused' }).where('what', '=', 'GET /earlier').execute()));
    office.clock.forward(61_000);
    for (let i = 0; i < 100; i++) note('refused', `GET /again/${i}`);
    await security.flush();
    expect((await kept('refused')) + (await kept('more'))).toBe(ROWS.person);
    expect(await kept('read')).toBe(100);
  });

  test('in a flood that does not end each minute has its number, and what others do is written within a second all the same', async () => {
    const { store, security } = office.desk.rooms;
    await security.flush();
    const stored = (): Promise<Json[]> => store.read((db) => db.selectFrom('security_event').select(['kind', 'person', 'count', 'what']).orderBy('id').execute());
    office.clock.forward(60_000 - (office.clock.now() % 60_000));
    let noise = 0;
    const stranger = (): void => security.note({ kind: 'refused', person: null, how: '', code: 'UNAUTHENTICATED', what: `GET /${(noise += 1)}`, address: '' });
    const step = async (): Promise<void> => {
      for (let i = 0; i < 10; i++) stranger();
      office.clock.forward(500);
      await security.written();
    };
    for (let i = 0; i < 100; i++) await step();
    security.note({ kind: 'refused', person: office.ids.other, how: 'token', code: 'FORBIDDEN', what: 'GET /mine', address: '' });
    for (let i = 0; i < 3; i++) await step();
    expect((await stored()).filter(({ what }) => what === 'GET /mine')).toHaveLength(1);
    while (office.clock.now() % 60_000 !== 0) await step();
    for (let i = 0; i < 120 + 5; i++) await step();
    // Ten in half a second are 1200 in a minute.
    expect((await stored()).filter(({ kind }) => kind === 'more').map(({ count }) => Number(count))).toEqual([1200 - SHARE.strangers, 1200 - SHARE.strangers]);
  });

  test('what cannot be written, because the disk is full, is written once there is room, and told to the log once', async () => {
    const { store, security } = office.desk.rooms;
    await security.flush();
    lines = [];
    const { commit } = store;
    store.commit = () => Promise.reject(new Problem(COMMON.STORE_FULL));
    security.note({ kind: 'read', person: office.ids.other, how: 'token', code: '', what: 'GET /v1/documents/1', address: '' });
    security.tell(office.ids.other, 'failures', { count: 10 });
    await security.flush();
    store.commit = commit;
    office.clock.forward(10_000);
    await security.written();
    expect(seen(await events('?kind=read'))).toEqual([['read', office.ids.other, 'token', '', 'GET /v1/documents/1', 1]]);
    expect((await office.call(office.tokens.other, 'GET', '/v1/me/notices')).body.notices).toMatchObject([{ kind: 'failures', count: 10 }]);
    expect(lines.filter((line) => line.includes('GET /v1/documents/1'))).toHaveLength(1);
  });

  test('limits reached', async () => {
    const { desk } = office;
    await desk.close();
    const limited = await createDesk({ ...office.options, log: log(), random: testRandom('limits'), http: { limits: { perMinute: 3, failuresPerMinute: 30 } } });
    office.desk = limited;
    for (let i = 0; i < 5; i++) await limited.app.inject({ method: 'GET', url: '/v1/me', headers: { authorization: `Bearer ${office.tokens.other}` } });
    await limited.rooms.security.flush();
    expect(lines.map((one) => JSON.parse(one) as Json).find(({ kind }) => kind === 'limit')).toMatchObject({ msg: 'security', code: 'TOO_MANY' });
  });

  test('events stay as long as configured, also over a restart, and no longer', async () => {
    await office.call(undefined, 'GET', '/v1/people');
    await office.desk.close();
    office.desk = await createDesk({ ...office.options, log: log(), random: testRandom('later'), securityDays: 30 });
    const { security, store } = office.desk.rooms;
    const kept = async (): Promise<number> => (await store.read((db) => db.selectFrom('security_event').select('id').where('what', '=', 'GET /v1/people').execute())).length;
    expect(await kept()).toBe(1);
    office.clock.time += 29 * DAY;
    const more = async (): Promise<void> => {
      security.note({ kind: 'refused', person: 1, how: 'token', code: 'FORBIDDEN', what: 'GET /x', address: '' });
      await security.flush();
    };
    await more();
    expect(await kept()).toBe(1);
    office.clock.time += 2 * DAY;
    await more();
    expect(await kept()).toBe(0);
  });
});

describe('a person is told', () => {
  test('of a browser that is new, not of one that is known; of the first there is nothing to tell', async () => {
    const totp = await withPassword();
    const mine = new Browser(office);
    await signIn(mine, totp);
    expect((await noticesOf(mine)).map(({ kind }) => kind)).toEqual(['password', 'invitation-used', 'invitation']);
    office.clock.forward(30_000);
    await mine.ask('POST', '/v1/sign-out');
    await signIn(mine, totp);
    expect((await noticesOf(mine)).map(({ kind }) => kind)).not.toContain('new-browser');
    office.clock.forward(30_000);
    const theirs = new Browser(office);
    theirs.address = '203.0.113.9';
    await signIn(theirs, totp);
    const [notice] = await noticesOf(mine);
    expect(notice).toMatchObject({ kind: 'new-browser', agent: 'Test/1', address: '203.0.113.9', seen: false });
    await mine.ask('POST', '/v1/me/notices/seen', { upTo: notice.id });
    expect((await noticesOf(mine)).map(({ seen: was }) => was)).toEqual([true, true, true, true]);
    expect((await office.call(office.tokens.other, 'GET', '/v1/me/notices')).body.notices).toEqual([]);
  });

  test('the mark of a browser that somebody else uses makes it known to them alone', async () => {
    const totp = await withPassword();
    const mine = new Browser(office);
    await signIn(mine, totp);
    office.clock.forward(30_000);
    const theirs = new Browser(office);
    await office.desk.rooms.store.commit((trx) => office.desk.rooms.signIn!.sessions.open(trx, office.ids.other, 'passkey', { agent: '', address: '' })).then(({ browser }) => theirs.cookies.set('__Host-smartseal-browser', browser!));
    await signIn(theirs, totp);
    expect((await noticesOf(mine))[0]).toMatchObject({ kind: 'new-browser' });
  });

  test('of every tenth failure, and of what an administrator does to their account', async () => {
    const totp = await withPassword();
    const mine = new Browser(office);
    await signIn(mine, totp);
    for (let i = 0; i < 10; i++) {
      office.clock.time += 3600_000; // as long as the longest wait
      await signIn(new Browser(office), totp, 'guess after guess');
    }
    await office.call(office.tokens.admin, 'DELETE', `/v1/people/${office.ids.applicant}/password`);
    const { notices } = (await office.call(office.tokens.applicant, 'GET', '/v1/me/notices')).body;
    expect(notices.map(({ kind, count, by }: Json) => [kind, count ?? by]).slice(0, 2)).toEqual([['failures', 10], ['password-removed', office.ids.admin]]);
  });
});

describe('the password', () => {
  test('is changed by the present one, whatever else one has; an invitation stands in for it', async () => {
    const totp = await withPassword();
    const browser = new Browser(office);
    await signIn(browser, totp);
    const change = (old?: string): Promise<Page> => browser.ask('POST', '/v1/me/password', { password: 'quartz lamp seven rivers', ...(old === undefined ? {} : { old }) });
    expect([(await change()).status, (await change()).body.code]).toEqual([403, 'OLD_PASSWORD']);
    expect((await change('not the present one')).body.code).toBe('OLD_PASSWORD');
    expect((await change(PASSWORD)).status).toBe(200);
    // Guesses at it are counted as guesses at the sign-in.
    for (let i = 0; i < 5; i++) await change('not the present one');
    expect((await change(PASSWORD)).body.code).toBe('TOO_MANY');
    const anew = new Browser(office);
    await anew.invited(office.ids.applicant);
    expect((await anew.ask('POST', '/v1/me/password', { password: 'quartz lamp seven rivers' })).status).toBe(200);
  });

  test('stands under a pepper that is not in the database; one from before is put under it when the desk opens', async () => {
    const totp = await withPassword();
    const { store } = office.desk.rooms;
    const kept = async (desk: Desk): Promise<string> => (await desk.rooms.store.read((db) => db.selectFrom('password').select('hash').executeTakeFirstOrThrow())).hash;
    const [, salt] = /^\$scrypt\$ln=15,r=8,p=3,k=1\$([A-Za-z0-9+/]{22})\$[A-Za-z0-9+/]{43}$/.exec(await kept(office.desk))!;
    const { scryptSync } = await import('node:crypto');
    const plain = scryptSync(PASSWORD.normalize('NFKC'), Buffer.from(salt!, 'base64'), 32, { N: 2 ** 15, r: 8, p: 3, maxmem: 1 << 28 }).toString('base64').replace(/=+$/, '');
    expect(await kept(office.desk)).not.toContain(plain);
    // As a desk without a pepper kept it: worth nothing to a desk that has one, until that opens.
    const before = `$scrypt$ln=15,r=8,p=3$${salt}$${plain}`;
    await store.commit(async (trx) => void (await sql`UPDATE password SET hash = ${before}`.execute(trx)));
    expect((await signIn(new Browser(office), totp)).status).toBe(401);
    await office.desk.close();
    office.desk = await createDesk({ ...office.options, random: testRandom('again') });
    expect(await kept(office.desk)).toMatch(/^\$scrypt\$ln=15,r=8,p=3,k=1\$/);
    office.clock.forward(30_000);
    expect((await signIn(new Browser(office), totp)).status).toBe(200);
  });
});

describe('one factor alone', () => {
  const administers = async (token: string): Promise<unknown> => {
    const { status, body } = await office.call(token, 'POST', '/v1/people', { name: 'x', roles: [] });
    return status === 201 ? 201 : body.code;
  };
  const reads = async (token: string): Promise<number> => (await office.call(token, 'GET', '/v1/people')).status;

  test('a token of an administrator administrates where it was made in a session, and for ninety days; who has found one makes no other by it', async () => {
    const totp = await withPassword(office.ids.admin, 'admin');
    const browser = new Browser(office);
    expect((await browser.ask('POST', '/v1/sign-in/password', { login: 'admin', password: PASSWORD, code: codeOf(totp) })).status).toBe(200);
    const made = (await browser.ask('POST', `/v1/people/${office.ids.admin}/token`)).body;
    expect(made.until).toBe(office.clock.seconds + 90 * 86_400);
    expect((await office.call(office.tokens.admin, 'GET', '/v1/me')).status).toBe(401); // the earlier one
    expect(await administers(made.token)).toBe(201);
    // Made by a token: it reads, and does no administration; nor does it set by what its person signs in.
    const weak = (await office.call(made.token, 'POST', `/v1/people/${office.ids.admin}/token`)).body;
    expect([weak.until, await administers(weak.token), await reads(weak.token)]).toEqual([null, 'TWO_FACTORS', 200]);
    expect((await office.call(weak.token, 'GET', '/v1/me')).body.may).not.toContain('people.manage');
    expect((await office.call(weak.token, 'POST', '/v1/me/passkeys/options')).body.code).toBe('TWO_FACTORS');
    expect((await office.call(weak.token, 'POST', '/v1/me/password', { password: 'quartz lamp seven rivers' })).body.code).toBe('TWO_FACTORS');
    const short = (await browser.ask('POST', `/v1/people/${office.ids.admin}/token?days=1`)).body;
    expect(await administers(short.token)).toBe(201);
    office.clock.time += DAY;
    expect((await office.call(short.token, 'GET', '/v1/me')).body.code).toBe('TOKEN_EXPIRED');
  });

  test('a token from before, without an end, administrates only until an administrator can sign in; programs go on', async () => {
    const { store } = office.desk.rooms;
    await store.commit(async (trx) => void (await trx.updateTable('person_token').set({ strong: 0, until: null }).execute()));
    expect(await administers(office.tokens.admin)).toBe(201); // else nobody could ever invite the first
    await withPassword(office.ids.admin, 'admin');
    expect([await administers(office.tokens.admin), await reads(office.tokens.admin)]).toEqual(['TWO_FACTORS', 200]);
    office.clock.time += 1000 * DAY;
    expect((await office.call(office.tokens.applicant, 'GET', '/v1/me')).status).toBe(200);
  });

  test('who becomes an administrator administrates by no token they had', async () => {
    await withPassword(office.ids.admin, 'admin');
    await office.call(office.tokens.admin, 'PUT', `/v1/people/${office.ids.other}/roles`, { roles: ['applicant', 'admin'] });
    expect(await administers(office.tokens.other)).toBe('TWO_FACTORS');
  });

  test('where nobody can have a session tokens are all there is', async () => {
    const bare = await openOffice();
    try {
      const { body } = await bare.call(bare.tokens.admin, 'POST', `/v1/people/${bare.ids.admin}/token`);
      expect(body.until).toBeNull();
      expect((await bare.call(body.token, 'POST', '/v1/people', { name: 'x', roles: [] })).status).toBe(201);
    } finally {
      await bare.close();
    }
  });

  test('only what opens a session now counts: no password where they are off, no passkey of another domain', async () => {
    await withPassword(office.ids.admin, 'admin');
    await office.desk.rooms.store.commit((trx) => trx.insertInto('passkey').values({ id: 'c'.repeat(16), credential: 'x', person: office.ids.admin, public_key: '', counter: 0, transports: '', name: '', created: 0, used: null, removed: null, rp_id: null }).execute());
    const anew = async (signIn: object): Promise<void> => {
      await office.desk.close();
      office.desk = await createDesk({ ...office.options, signIn: { ...SIGN_IN, ...signIn }, random: testRandom(JSON.stringify(signIn)) });
      office.call = caller(office.desk);
    };
    await office.desk.rooms.store.commit((trx) => trx.updateTable('person_token').set({ strong: 0, until: null }).execute());
    await anew({}); // from now on that passkey is of this domain
    expect(await administers(office.tokens.admin)).toBe('TWO_FACTORS');
    await anew({ passwords: false });
    expect(await administers(office.tokens.admin)).toBe('TWO_FACTORS'); // the passkey
    await anew({ passwords: false, origin: 'https://desk.elsewhere.example', rpId: undefined });
    expect(await administers(office.tokens.admin)).toBe(201); // nobody could sign in any more
  });

  test('the last administrator who can sign in stays, and keeps by what', async () => {
    const { admin, other } = office.ids;
    await withPassword(admin, 'admin');
    await office.desk.rooms.store.commit((trx) => trx.updateTable('person_token').set({ until: office.clock.seconds + 86_400, strong: 1 }).where('person', '=', admin).execute());
    const ask = async (method: string, url: string, body?: unknown): Promise<unknown> => {
      const { status, body: answer } = await office.call(office.tokens.admin, method, url, body);
      return status === 200 ? 200 : answer.code;
    };
    expect(await ask('PUT', `/v1/people/${other}/roles`, { roles: ['admin'] })).toBe(200); // who has no means to sign in
    expect(await ask('PUT', `/v1/people/${admin}/roles`, { roles: ['auditor'] })).toBe('CONFLICT');
    expect(await ask('DELETE', `/v1/people/${admin}/password`)).toBe('CONFLICT');
    expect(await ask('PUT', `/v1/people/${admin}`, { name: '王伟', login: null, department: null, title: '' })).toBe('CONFLICT');
    const { store } = office.desk.rooms;
    await store.commit((trx) => trx.insertInto('passkey').values({ id: 'c'.repeat(16), credential: 'x', person: other, public_key: '', counter: 0, transports: '', name: '', created: 0, used: null, removed: null, rp_id: office.desk.rooms.signIn!.passkeys.domain }).execute());
    expect(await ask('DELETE', `/v1/people/${admin}/password`)).toBe(200);
    expect(await ask('DELETE', `/v1/people/${other}/passkeys/${'c'.repeat(16)}`)).toBe('CONFLICT');
  });

  test('the last administrator stays one: by no command would there be another', async () => {
    const { admin, other } = office.ids;
    const set = async (id: number, roles: string[]): Promise<unknown> => {
      const { status, body } = await office.call(office.tokens.admin, 'PUT', `/v1/people/${id}/roles`, { roles });
      return status === 200 ? body.roles : body.code;
    };
    expect(await set(admin, [])).toBe('CONFLICT');
    expect(await set(admin, ['auditor', 'admin'])).toEqual(['auditor', 'admin']);
    await set(other, ['admin']);
    expect(await set(admin, [])).toEqual([]);
  });
});
