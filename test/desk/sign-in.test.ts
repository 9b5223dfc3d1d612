/** Sessions, passwords with TOTP, invitations, throttling: as a person, and as who would like to be one. */
import { URI, type TOTP } from 'otpauth';
import { createDesk } from '../../host-bridge/desk/desk';
import { accountOf, FREE, loginOf, Throttle } from '../../host-bridge/desk/people/throttle';
import { Authenticator } from './authenticator';
import { Browser, ORIGIN, SIGN_IN, type Page } from './browser';
import { markRestored } from '../../host-bridge/desk/backup/restored';
import { DeskConfig } from '../../host-bridge/desk/config';
import { checkConfig } from '../../host-bridge/common/config';
import { databaseBytes, openOffice, type Office } from './support';

let office: Office;
let browser: Browser;
beforeEach(async () => {
  office = await openOffice({ signIn: SIGN_IN });
  browser = new Browser(office);
});
afterEach(() => office.close());

const PASSWORD = 'correct horse 电池 staple';
const LOGIN = 'wang.wei';

interface Means {
  totp: TOTP;
  recovery: string[];
}

const codeOf = (totp: TOTP): string => totp.generate({ timestamp: office.clock.time });
const signIn = (at: Browser, login: string, password: string, code: string): Promise<Page> => at.ask('POST', '/v1/sign-in/password', { login, password, code });

async function named(person: number, login: string): Promise<void> {
  const answer = await office.call(office.tokens.admin, 'PUT', `/v1/people/${person}`, { name: '王伟', login, department: null, title: '经理' });
  expect(answer.status).toBe(200);
}

/** Sets password and authenticator; the time goes on by a step, so that the next code is another one. */
async function withPassword(person = office.ids.applicant, login = LOGIN, password = PASSWORD): Promise<Means> {
  await named(person, login);
  const at = new Browser(office);
  await at.invited(person);
  const begun = (await at.ask('POST', '/v1/me/password', { password })).body;
  const totp = URI.parse(begun.uri) as TOTP;
  expect(totp.secret.base32).toBe(begun.secret);
  const set = await at.ask('POST', '/v1/me/password/confirm', { step: begun.step, code: codeOf(totp) });
  expect(set.status).toBe(201);
  office.clock.forward(30_000);
  return { totp, recovery: set.body.recoveryCodes };
}

describe('sessions', () => {
  test('the cookie is for this host alone, over TLS, out of reach of scripts and of other sites; its digest stands in the store', async () => {
    const { totp } = await withPassword();
    const page = await signIn(browser, LOGIN, PASSWORD, codeOf(totp));
    const [cookie, mark] = page.headers['set-cookie'] as string[];
    expect(mark).toMatch(/^__Host-smartseal-browser=[\w-]{43}; Max-Age=34560000; Path=\/; HttpOnly; Secure; SameSite=Strict$/);
    expect(cookie).toMatch(/^__Host-smartseal=[\w-]{43}; Max-Age=43200; Path=\/; HttpOnly; Secure; SameSite=Strict$/);
    expect(page.headers['cache-control']).toBe('no-store');
    const token = browser.cookies.get('__Host-smartseal') ?? '';
    const bytes = Buffer.concat(await databaseBytes(office));
    expect(token).toHaveLength(43);
    for (const secret of [token, PASSWORD, totp.secret.base32, totp.secret.hex.toLowerCase(), Buffer.from(totp.secret.buffer as ArrayBuffer).toString('latin1')]) expect(bytes.includes(Buffer.from(secret, secret.length === 20 ? 'latin1' : 'utf8'))).toBe(false);
  });

  test.each<[string, string, Record<string, string | undefined>, number]>([
    ['a change from another site', 'POST', { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }, 403],
    ['a change whose Origin alone is another', 'POST', { origin: 'https://evil.example', 'sec-fetch-site': undefined }, 403],
    ['a change from a page without origin', 'POST', { origin: 'null', 'sec-fetch-site': undefined }, 403],
    ['a change from a sibling host', 'POST', { origin: 'https://wiki.example.com', 'sec-fetch-site': 'same-site' }, 403],
    ['a change that says of itself only that it is from a sibling', 'POST', { origin: undefined, 'sec-fetch-site': 'same-site' }, 403],
    ['a change that does not say where it comes from', 'POST', { origin: undefined, 'sec-fetch-site': undefined }, 403],
    ['a change that a browser begins by itself', 'POST', { origin: undefined, 'sec-fetch-site': 'none' }, 403],
    ['a change with Origin and nothing else', 'POST', { origin: ORIGIN, 'sec-fetch-site': undefined }, 404],
    ['a change with Sec-Fetch-Site and nothing else', 'POST', { origin: undefined, 'sec-fetch-site': 'same-origin' }, 404],
    ['a look from another site', 'GET', { origin: undefined, 'sec-fetch-site': 'cross-site' }, 403],
    ['a look by an address typed in', 'GET', { origin: undefined, 'sec-fetch-site': 'none' }, 200],
    ['a look by a browser that says nothing', 'GET', { origin: undefined, 'sec-fetch-site': undefined }, 200],
  ])('%s', async (_what, method, from, status) => {
    const { totp } = await withPassword();
    await signIn(browser, LOGIN, PASSWORD, codeOf(totp));
    browser.from = from;
    const page = method === 'GET' ? await browser.ask('GET', '/v1/me') : await browser.ask('POST', `/v1/applications/${'0'.repeat(16)}/submit`);
    expect(page.status).toBe(status);
    if (status === 403) expect(page.body.code).toBe('CROSS_SITE');
  });

  test('nobody is signed in from another site as somebody else', async () => {
    const { totp } = await withPassword();
    browser.from = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' };
    expect((await signIn(browser, LOGIN, PASSWORD, codeOf(totp))).body.code).toBe('CROSS_SITE');
    expect((await browser.ask('POST', '/v1/sign-in/invitation', { token: 'A'.repeat(43) })).body.code).toBe('CROSS_SITE');
  });

  test('over after half an hour without a request, and after twelve hours in any case', async () => {
    const { totp } = await withPassword();
    await signIn(browser, LOGIN, PASSWORD, codeOf(totp));
    for (let used = 0; used < 41_000; used += 1700) {
      expect((await browser.ask('GET', '/v1/me')).status).toBe(200);
      office.clock.forward(1_700_000);
    }
    office.clock.forward(1_000_000);
    expect((await browser.ask('GET', '/v1/me')).body.code).toBe('UNAUTHENTICATED');
    await signIn(browser, LOGIN, PASSWORD, codeOf(totp));
    office.clock.forward(1_799_000);
    expect((await browser.ask('GET', '/v1/me')).status).toBe(200);
    office.clock.forward(1_800_000);
    expect((await browser.ask('GET', '/v1/me')).status).toBe(401);
  });

  test('listed and ended by their person, all of them by an administrator, and by nobody else', async () => {
    const { totp } = await withPassword();
    await signIn(browser, LOGIN, PASSWORD, codeOf(totp));
    office.clock.forward(30_000);
    const phone = new Browser(office);
    phone.address = '198.51.100.7';
    await signIn(phone, LOGIN, PASSWORD, codeOf(totp));
    const { current, sessions } = (await browser.ask('GET', '/v1/me/sessions')).body;
    expect(sessions).toHaveLength(2);
    expect(sessions[0]).toMatchObject({ how: 'password', agent: 'Test/1', address: '198.51.100.7' });
    expect(sessions[1].id).toBe(current);
    expect((await office.call(office.tokens.other, 'DELETE', `/v1/me/sessions/${current}`)).status).toBe(404);
    expect((await browser.ask('DELETE', `/v1/me/sessions/${sessions[0].id}`)).status).toBe(200);
    expect((await phone.ask('GET', '/v1/me')).status).toBe(401);
    expect((await office.call(office.tokens.admin, 'DELETE', `/v1/people/${office.ids.applicant}/sessions`)).body).toEqual({ ended: 1 });
    expect((await browser.ask('GET', '/v1/me')).status).toBe(401);
  });

  test('none outlives that the database is put back: it may have been ended in the days that are lost; nor does an invitation', async () => {
    const { totp } = await withPassword();
    await signIn(browser, LOGIN, PASSWORD, codeOf(totp));
    const { token } = (await office.call(office.tokens.admin, 'POST', `/v1/people/${office.ids.other}/invitation`, {})).body;
    await office.desk.rooms.store.commit((trx) => markRestored(trx, office.desk.rooms, undefined, new Set()));
    expect((await browser.ask('GET', '/v1/me')).status).toBe(401);
    expect((await browser.ask('POST', '/v1/sign-in/invitation', { token })).status).toBe(410);
  });

  test('a token goes before a cookie, and a wrong one is not mended by it', async () => {
    const { totp } = await withPassword();
    await signIn(browser, LOGIN, PASSWORD, codeOf(totp));
    const as = (token: string) => browser.ask('GET', '/v1/me', undefined, { authorization: `Bearer ${token}` });
    expect((await as(office.tokens.chief)).body.id).toBe(office.ids.chief);
    expect((await as('x'.repeat(43))).status).toBe(401);
  });

  test('of more than twenty the oldest end', async () => {
    const { totp } = await withPassword();
    await signIn(browser, LOGIN, PASSWORD, codeOf(totp));
    const { sessions } = office.desk.rooms.signIn ?? {};
    for (let i = 0; i < 20; i++) {
      office.clock.forward(1000);
      await office.desk.rooms.store.commit((trx) => sessions!.open(trx, office.ids.applicant, 'passkey', { agent: 'x'.repeat(500), address: '' }));
    }
    expect((await browser.ask('GET', '/v1/me')).status).toBe(401);
    const open = (await office.call(office.tokens.applicant, 'GET', '/v1/me/sessions')).body.sessions;
    expect([open.length, open[0].agent.length]).toEqual([20, 200]);
  });

  test('signed out: the cookie is gone, and whoever has kept it gets nothing by it', async () => {
    const { totp } = await withPassword();
    await signIn(browser, LOGIN, PASSWORD, codeOf(totp));
    const kept = browser.cookies.get('__Host-smartseal') ?? '';
    expect((await browser.ask('POST', '/v1/sign-out')).status).toBe(200);
    expect([...browser.cookies.keys()]).toEqual(['__Host-smartseal-browser']);
    browser.cookies.set('__Host-smartseal', kept);
    expect((await browser.ask('GET', '/v1/me')).status).toBe(401);
    expect((await office.call(office.tokens.other, 'POST', '/v1/sign-out')).status).toBe(404);
  });
});

describe('password and TOTP', () => {
  test('each code once, also the one that set it; one before and after the present step', async () => {
    const { totp } = await withPassword();
    const code = codeOf(totp);
    expect((await signIn(browser, ` ${LOGIN.toUpperCase()}`.trim(), PASSWORD, code)).status).toBe(200);
    expect((await signIn(new Browser(office), LOGIN, PASSWORD, code)).body.code).toBe('SIGN_IN_FAILED');
    expect((await signIn(new Browser(office), LOGIN, PASSWORD, totp.generate({ timestamp: office.clock.time - 30_000 }))).body.code).toBe('SIGN_IN_FAILED');
    expect((await signIn(new Browser(office), LOGIN, PASSWORD, totp.generate({ timestamp: office.clock.time + 60_000 }))).body.code).toBe('SIGN_IN_FAILED');
    expect((await signIn(new Browser(office), LOGIN, PASSWORD, totp.generate({ timestamp: office.clock.time + 30_000 }))).status).toBe(200);
  });

  test('two answers with one code at once: one gets in', async () => {
    const { totp } = await withPassword();
    const pages = await Promise.all([1, 2, 3].map(() => signIn(new Browser(office), LOGIN, PASSWORD, codeOf(totp))));
    expect(pages.map(({ status }) => status).sort()).toEqual([200, 401, 401]);
  });

  test('whatever is wrong, the answer is the same, and as much was computed', async () => {
    const { totp } = await withPassword();
    const good = codeOf(totp);
    const bad = good === '000000' ? '000001' : '000000';
    const answers = [
      await signIn(browser, LOGIN, 'a wrong password', good), await signIn(browser, LOGIN, PASSWORD, bad), await signIn(browser, 'nobody', PASSWORD, good), await signIn(browser, 'nobody', 'another', bad),
    ];
    for (const { status, body, headers } of answers) expect([status, body, headers['set-cookie']]).toEqual([401, answers[0]?.body, undefined]);
    expect((await signIn(browser, LOGIN, PASSWORD, good)).status).toBe(200); // a wrong password has not used the code up
  });

  test('recovery codes: ten, shown once, each good once and only with the password; not in the store', async () => {
    const { recovery } = await withPassword();
    expect(new Set(recovery).size).toBe(10);
    for (const code of recovery) expect(code).toMatch(/^([a-z2-9]{4}-){3}[a-z2-9]{4}$/);
    const [first = '', second = ''] = recovery;
    expect((await signIn(browser, LOGIN, 'not the password', first)).status).toBe(401);
    expect((await signIn(browser, LOGIN, PASSWORD, first.toUpperCase().replaceAll('-', ' '))).status).toBe(200);
    expect((await signIn(browser, LOGIN, PASSWORD, first)).status).toBe(401);
    expect((await signIn(browser, LOGIN, PASSWORD, second)).status).toBe(200);
    const bytes = Buffer.concat(await databaseBytes(office));
    for (const code of recovery) expect(bytes.includes(code) || bytes.includes(code.replaceAll('-', ''))).toBe(false);
  });

  test.each([
    ['kurz und 8', '12 to 128'], ['x'.repeat(129), '12 to 128'], ['abababababab', 'different'], ['password1234', 'common'], ['Qwertyuiop123456!', 'common'], ['footballfootball', 'common'], ['the wang.wei one', 'name'],
  ])('refused as password: %s', async (password, why) => {
    await named(office.ids.applicant, LOGIN);
    await browser.invited(office.ids.applicant);
    const { body } = await browser.ask('POST', '/v1/me/password', { password });
    expect([body.code, String(body.detail)]).toEqual(['PASSWORD_WEAK', expect.stringContaining(why)]);
  });

  test('not set before the phone shows the right code; a new one replaces the old with all its codes', async () => {
    const first = await withPassword();
    await browser.invited(office.ids.applicant);
    const begun = (await browser.ask('POST', '/v1/me/password', { password: 'quite another secret' })).body;
    const totp = URI.parse(begun.uri) as TOTP;
    const right = codeOf(totp);
    expect((await browser.ask('POST', '/v1/me/password/confirm', { step: begun.step, code: right === '000000' ? '000001' : '000000' })).body.code).toBe('CODE_WRONG');
    expect((await signIn(new Browser(office), LOGIN, PASSWORD, codeOf(first.totp))).status).toBe(200);
    expect((await browser.ask('POST', '/v1/me/password/confirm', { step: begun.step, code: right })).status).toBe(201);
    office.clock.forward(30_000);
    expect((await signIn(new Browser(office), LOGIN, PASSWORD, codeOf(first.totp))).status).toBe(401);
    expect((await signIn(new Browser(office), LOGIN, 'quite another secret', first.recovery[0] ?? '')).status).toBe(401);
    expect((await signIn(new Browser(office), LOGIN, 'quite another secret', codeOf(totp))).status).toBe(200);
  });

  test('an administrator takes it away; without a login there is none; a login is one person’s', async () => {
    const { totp } = await withPassword();
    expect((await office.call(office.tokens.admin, 'DELETE', `/v1/people/${office.ids.applicant}/password`)).body).toEqual({ removed: true });
    expect((await signIn(browser, LOGIN, PASSWORD, codeOf(totp))).status).toBe(401);
    const other = new Browser(office);
    await other.invited(office.ids.other);
    expect((await other.ask('POST', '/v1/me/password', { password: PASSWORD })).body.code).toBe('NO_LOGIN');
    expect((await office.call(office.tokens.admin, 'PUT', `/v1/people/${office.ids.other}`, { name: 'x', login: 'WANG.wei', department: null, title: '' })).body.code).toBe('CONFLICT');
  });

  test('where the configuration takes no passwords there are none', async () => {
    const without = await openOffice({ signIn: { ...SIGN_IN, passwords: false } });
    expect((await signIn(new Browser(without), LOGIN, PASSWORD, '000000')).body.code).toBe('SIGN_IN_OFF');
    await without.close();
    const off = await openOffice();
    expect((await new Browser(off).ask('POST', '/v1/sign-in/passkey/options')).body.code).toBe('SIGN_IN_OFF');
    await off.close();
  });
});

describe('throttling', () => {
  test('of an account at an address, whether it exists or not, after five failures, twice as long each time; a restart forgets nothing, and elsewhere its person signs in', async () => {
    const { totp } = await withPassword();
    for (const login of [LOGIN, 'nobody']) {
      for (let i = 0; i < 5; i++) expect((await signIn(browser, login, 'wrong', '000000')).status).toBe(401);
      expect(await signIn(browser, login, 'wrong', '000000')).toMatchObject({ status: 429, headers: { 'retry-after': '30' } });
    }
    await office.desk.close();
    office.desk = await createDesk(office.options);
    expect((await signIn(browser, LOGIN, PASSWORD, codeOf(totp))).status).toBe(429);
    const elsewhere = new Browser(office);
    elsewhere.address = '203.0.113.9';
    expect((await signIn(elsewhere, LOGIN, PASSWORD, codeOf(totp))).status).toBe(200);
    office.clock.forward(30_000);
    expect((await signIn(browser, LOGIN, 'wrong', '000000')).status).toBe(401);
    expect((await signIn(browser, LOGIN, PASSWORD, codeOf(totp))).headers['retry-after']).toBe('60');
    office.clock.forward(60_000);
    expect((await signIn(browser, LOGIN, PASSWORD, codeOf(totp))).status).toBe(200);
    office.clock.forward(30_000);
    for (let i = 0; i < 5; i++) expect((await signIn(browser, LOGIN, 'wrong', '000000')).status).toBe(401);
  });

  test('of an account from very many addresses together; a browser that has signed in as them before is not kept out by it, and has no more guesses than others', async () => {
    const { totp } = await withPassword();
    const mine = new Browser(office);
    expect((await signIn(mine, LOGIN, PASSWORD, codeOf(totp))).status).toBe(200);
    office.clock.forward(30_000);
    await mine.ask('POST', '/v1/sign-out');
    const { store, history } = office.desk.rooms;
    const throttle = new Throttle(store, () => history.seconds());
    for (let i = 0; i < FREE.login; i++) await throttle.take([loginOf(LOGIN), accountOf(LOGIN, `${i}`)]);
    const elsewhere = Object.assign(new Browser(office), { address: '203.0.113.9' });
    expect((await signIn(elsewhere, LOGIN, PASSWORD, codeOf(totp))).status).toBe(429);
    // The mark of a browser is worth something for its own account alone.
    elsewhere.cookies.set('__Host-smartseal-browser', 'A'.repeat(43));
    expect((await signIn(elsewhere, LOGIN, PASSWORD, codeOf(totp))).status).toBe(429);
    expect((await signIn(mine, LOGIN, PASSWORD, codeOf(totp))).status).toBe(200);
    for (let i = 0; i < 5; i++) expect((await signIn(mine, LOGIN, 'wrong', '000000')).status).toBe(401);
    expect((await signIn(mine, LOGIN, 'wrong', '000000')).status).toBe(429);
  });

  test('who fails on purpose behind the same address keeps nobody out of a browser by which they signed in before', async () => {
    const { totp } = await withPassword();
    const mine = new Browser(office);
    expect((await signIn(mine, LOGIN, PASSWORD, codeOf(totp))).status).toBe(200);
    const authenticator = new Authenticator(ORIGIN);
    const { body } = await mine.ask('POST', '/v1/me/passkeys/options');
    expect((await mine.ask('POST', '/v1/me/passkeys', { step: body.step, name: 'phone', response: authenticator.create(body.options) })).status).toBe(201);
    await mine.ask('POST', '/v1/sign-out');
    for (let i = 0; i < 31; i++) await signIn(new Browser(office), `nobody-${i}`, 'wrong', '000000');
    expect((await signIn(new Browser(office), LOGIN, PASSWORD, codeOf(totp))).status).toBe(429);
    office.clock.forward(30_000);
    await signIn(new Browser(office), 'nobody', 'wrong', '000000');
    expect((await signIn(new Browser(office), LOGIN, PASSWORD, codeOf(totp))).status).toBe(429);
    const begun = (await mine.ask('POST', '/v1/sign-in/passkey/options')).body;
    expect((await mine.ask('POST', '/v1/sign-in/passkey', { step: begun.step, response: authenticator.get(begun.options) })).status).toBe(200);
    await mine.ask('POST', '/v1/sign-out');
    expect((await signIn(mine, LOGIN, 'wrong', '000000')).status).toBe(401);
    expect((await signIn(mine, LOGIN, PASSWORD, codeOf(totp))).status).toBe(200);
  });

  test('many guesses at once gain nothing', async () => {
    await withPassword();
    const pages = await Promise.all(Array.from({ length: 20 }, () => signIn(new Browser(office), LOGIN, 'wrong', '000000')));
    expect(pages.filter(({ status }) => status === 401)).toHaveLength(5);
    expect(pages.filter(({ status }) => status === 429)).toHaveLength(15);
  });

  test('of an address, of IPv6 of its network, over all accounts and ways', async () => {
    const at = (address: string): Browser => Object.assign(new Browser(office), { address });
    for (let i = 0; i < 30; i++) expect((await at(`2001:db8:1:2::${i.toString(16)}`).ask('POST', '/v1/sign-in/invitation', { token: 'A'.repeat(43) })).body.code).toBe('INVITATION_OVER');
    expect((await signIn(at('2001:db8:1:2:ffff::1'), 'somebody', 'wrong', '000000')).status).toBe(429);
    expect((await signIn(at('2001:db8:1:3::1'), 'somebody', 'wrong', '000000')).status).toBe(401);
  });
});

test('behind a proxy that is named people have addresses of their own; nobody else is believed', async () => {
  const behind = await openOffice({ signIn: SIGN_IN, http: { proxies: ['10.0.0.0/8'] } });
  const at = (address: string, forwarded: string) => Object.assign(new Browser(behind), { address }).ask('POST', '/v1/sign-in/invitation', { token: 'A'.repeat(43) }, { 'x-forwarded-for': forwarded });
  for (let i = 0; i < 30; i++) expect((await at('10.0.0.5', '198.51.100.1')).status).toBe(410);
  expect((await at('10.0.0.5', '198.51.100.1')).status).toBe(429);
  expect((await at('10.0.0.5', '198.51.100.2')).status).toBe(410);
  for (let i = 0; i < 30; i++) expect((await at('192.0.2.7', `198.51.100.${i + 10}`)).status).toBe(410);
  expect((await at('192.0.2.7', '198.51.100.99')).status).toBe(429);
  await behind.close();
});

describe('configuration', () => {
  const config = (signIn: object) => () => checkConfig(DeskConfig, { listen: { host: '127.0.0.1', port: 1 }, database: 'x', keys: 'x', documents: 'x', photos: 'x', bridges: [], signIn }, 'desk.json').signIn;
  test('what is not said', () => {
    expect(config({ origin: ORIGIN })()).toEqual({ origin: ORIGIN, idle: 1800, life: 43_200, passwords: true });
  });
  test.each([
    [{ origin: 'http://desk.example.com' }], [{ origin: `${ORIGIN}/` }], [{ origin: ORIGIN, idle: 5 }], [{ origin: ORIGIN, company: { issuer: 'http://id.example.com', clientId: 'desk' } }],
    [{ origin: ORIGIN, company: { issuer: 'https://id.example.com', clientId: 'desk', scope: 'profile' } }],
  ])('refused: %j', (signIn) => {
    expect(config(signIn)).toThrow(expect.objectContaining({ code: 'CONFIG' }));
  });
  test.each([['evil.example', false], ['ample.com', false], ['sub.desk.example.com', false], ['example.com', true], ['desk.example.com', true]])('passkeys for the domain %s: %s', (rpId, good) => {
    if (good) expect(config({ origin: ORIGIN, rpId })()?.rpId).toBe(rpId);
    else expect(config({ origin: ORIGIN, rpId })).toThrow(expect.objectContaining({ code: 'CONFIG' }));
  });
});

describe('invitations', () => {
  const invite = async (hours?: number) => (await office.call(office.tokens.admin, 'POST', `/v1/people/${office.ids.other}/invitation`, hours === undefined ? {} : { hours })).body;
  const accept = (token: string) => browser.ask('POST', '/v1/sign-in/invitation', { token });

  test('once, within its time, the newest only, and until taken back', async () => {
    const first = await invite();
    const second = await invite(1);
    expect((await accept(first.token)).body.code).toBe('INVITATION_OVER');
    office.clock.forward(3_600_000);
    expect((await accept(second.token)).body.code).toBe('INVITATION_OVER');
    const third = await invite();
    expect((await office.call(office.tokens.admin, 'DELETE', `/v1/people/${office.ids.other}/invitation`)).body).toEqual({ withdrawn: true });
    expect((await accept(third.token)).body).toMatchObject({ status: 410, code: 'INVITATION_OVER' });
    const { token } = await invite();
    expect(Buffer.concat(await databaseBytes(office)).includes(token)).toBe(false);
    expect((await accept(token)).status).toBe(200);
    expect((await accept(token)).status).toBe(410);
  });

  test('it is good for setting the means to sign in and for nothing else, and ends with that or after half an hour', async () => {
    await browser.invited(office.ids.chief);
    for (const url of ['/v1/me', '/v1/applications', '/v1/tasks', '/v1/seals', '/v1/me/sessions']) expect((await browser.ask('GET', url)).status).toBe(403);
    expect((await browser.ask('GET', '/v1/me/passkeys')).status).toBe(200);
    office.clock.forward(1_800_000);
    expect((await browser.ask('GET', '/v1/me/passkeys')).status).toBe(401);
    await named(office.ids.chief, 'chief');
    await browser.invited(office.ids.chief);
    const begun = (await browser.ask('POST', '/v1/me/password', { password: PASSWORD })).body;
    await browser.ask('POST', '/v1/me/password/confirm', { step: begun.step, code: codeOf(URI.parse(begun.uri) as TOTP) });
    expect((await browser.ask('GET', '/v1/me/passkeys')).status).toBe(401);
  });
});
