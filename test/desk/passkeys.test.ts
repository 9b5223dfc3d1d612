/** Passkeys at the desk, and what an attacker tries with them. */
import { Authenticator } from './authenticator';
import { Browser, ORIGIN, SIGN_IN, type Page } from './browser';
import { approved, openOffice, type Office } from './support';

let office: Office;
let browser: Browser;
beforeEach(async () => {
  office = await openOffice({ signIn: SIGN_IN });
  browser = new Browser(office);
});
afterEach(() => office.close());

async function register(at: Browser, key: Authenticator, name = 'laptop'): Promise<Page> {
  const { body } = await at.ask('POST', '/v1/me/passkeys/options');
  return at.ask('POST', '/v1/me/passkeys', { step: body.step, name, response: key.create(body.options) });
}

async function signIn(at: Browser, key: Authenticator): Promise<Page> {
  const { body } = await at.ask('POST', '/v1/sign-in/passkey/options');
  return at.ask('POST', '/v1/sign-in/passkey', { step: body.step, response: key.get(body.options) });
}

async function withPasskey(person: number): Promise<Authenticator> {
  const key = new Authenticator(ORIGIN);
  const at = new Browser(office);
  await at.invited(person);
  expect((await register(at, key)).status).toBe(201);
  return key;
}

test('invited, a passkey set, signed in with it: and it is me', async () => {
  const key = await withPasskey(office.ids.applicant);
  expect(await signIn(browser, key)).toMatchObject({ status: 200, body: { person: office.ids.applicant } });
  expect((await browser.ask('GET', '/v1/me')).body).toMatchObject({ id: office.ids.applicant, name: 'applicant', roles: ['applicant'] });
  expect((await browser.ask('GET', '/v1/people')).status).toBe(403);
  const entries = await office.call(office.tokens.auditor, 'GET', '/v1/register/entries?from=0&limit=1000');
  expect((entries.body.entries as { kind: string }[]).map(({ kind }) => kind)).toEqual(expect.arrayContaining(['invitation', 'invitation-used', 'passkey']));
});

test('what is asked of a new passkey: its person verified, kept on the device, no attestation, none that is there already', async () => {
  await browser.invited(office.ids.chief);
  expect((await browser.ask('POST', '/v1/me/passkeys/options')).body.options).toMatchObject({
    rp: { id: 'desk.example.com' }, attestation: 'none', authenticatorSelection: { residentKey: 'required', userVerification: 'required' }, excludeCredentials: [],
  });
});

test.each<[string, (key: Authenticator) => void]>([
  ['another origin', (key) => (key.origin = 'https://desk.example.com.evil.example')],
  ['the same host without TLS', (key) => (key.origin = 'http://desk.example.com')],
  ['another port', (key) => (key.origin = 'https://desk.example.com:8443')],
  ['another relying party', (key) => (key.rpId = 'evil.example')],
  ['a person not verified', (key) => (key.verified = false)],
])('registration refused: %s', async (_what, change) => {
  await browser.invited(office.ids.applicant);
  const key = new Authenticator(ORIGIN);
  change(key);
  expect((await register(browser, key)).body).toMatchObject({ status: 422, code: 'PASSKEY_REFUSED' });
  expect((await browser.ask('GET', '/v1/me/passkeys')).body.passkeys).toEqual([]);
});

test.each<[string, (key: Authenticator) => void]>([
  ['another origin', (key) => (key.origin = 'https://evil.example')],
  ['another relying party', (key) => (key.rpId = 'example.com')],
  ['a person not verified', (key) => (key.verified = false)],
  ['a counter that stands still', (key) => (key.counter -= 1)],
  ['a counter that goes back', (key) => (key.counter = 0)],
  ['the handle of somebody else', (key) => (key.handle = Buffer.alloc(32, 1).toString('base64url'))],
  ['an unknown credential', (key) => (key.credential = Buffer.alloc(32, 7))],
])('sign-in refused, and not told why: %s', async (_what, change) => {
  const key = await withPasskey(office.ids.applicant);
  await signIn(browser, key);
  await browser.ask('POST', '/v1/sign-out');
  change(key);
  const refused = await signIn(browser, key);
  expect(refused.body).toEqual({ type: 'urn:smartseal:error:SIGN_IN_FAILED', title: expect.any(String), status: 401, code: 'SIGN_IN_FAILED' });
  expect([...browser.cookies.keys()].filter((name) => name !== '__Host-smartseal-browser')).toEqual([]);
});

test('a cloned authenticator: the original goes on, the copy that falls behind does not', async () => {
  const key = await withPasskey(office.ids.applicant);
  const copy = key.copy();
  expect((await signIn(browser, key)).status).toBe(200);
  expect((await signIn(new Browser(office), copy)).body.code).toBe('SIGN_IN_FAILED');
  expect((await signIn(browser, key)).status).toBe(200);
});

test('an answer is taken once, for its own challenge, within five minutes', async () => {
  const key = await withPasskey(office.ids.applicant);
  const first = (await browser.ask('POST', '/v1/sign-in/passkey/options')).body;
  const second = (await browser.ask('POST', '/v1/sign-in/passkey/options')).body;
  const answer = { step: first.step, response: key.get(first.options) };
  expect((await browser.ask('POST', '/v1/sign-in/passkey', { ...answer, step: second.step })).body.code).toBe('SIGN_IN_FAILED');
  expect((await browser.ask('POST', '/v1/sign-in/passkey', answer)).status).toBe(200);
  expect(await browser.ask('POST', '/v1/sign-in/passkey', answer)).toMatchObject({ status: 401 });
  const again = { step: first.step, response: key.get(first.options) }; // the counter has grown, the challenge is used up
  expect((await browser.ask('POST', '/v1/sign-in/passkey', again)).body.code).toBe('STEP_OVER');
  const late = (await browser.ask('POST', '/v1/sign-in/passkey/options')).body;
  office.clock.forward(300_000);
  expect((await browser.ask('POST', '/v1/sign-in/passkey', { step: late.step, response: key.get(late.options) })).body.code).toBe('STEP_OVER');
  const forged = `${second.step.slice(0, -1)}${second.step.endsWith('A') ? 'B' : 'A'}`;
  expect((await browser.ask('POST', '/v1/sign-in/passkey', { step: forged, response: key.get(second.options) })).body.code).toBe('STEP_OVER');
});

test("another person's credential: neither signs for them nor is registered as one's own", async () => {
  const theirs = await withPasskey(office.ids.chief);
  const mine = await withPasskey(office.ids.applicant);
  // My key, their credential's name.
  const mixed = mine.copy();
  mixed.credential = theirs.credential;
  mixed.handle = theirs.handle;
  expect((await signIn(browser, mixed)).body.code).toBe('SIGN_IN_FAILED');
  await signIn(browser, mine);
  const stolen = mine.copy();
  stolen.credential = theirs.credential;
  expect((await register(browser, stolen)).body.code).toBe('CONFLICT');
  // A registration that somebody else began.
  const other = new Browser(office);
  await other.invited(office.ids.other);
  const begun = (await other.ask('POST', '/v1/me/passkeys/options')).body;
  expect((await browser.ask('POST', '/v1/me/passkeys', { step: begun.step, name: 'x', response: new Authenticator(ORIGIN).create(begun.options) })).body.code).toBe('STEP_OVER');
  const chief = new Browser(office);
  expect((await signIn(chief, theirs)).body.person).toBe(office.ids.chief);
});

test('several passkeys a person; one removed signs in no more, by the person or by an administrator', async () => {
  const first = await withPasskey(office.ids.applicant);
  await signIn(browser, first);
  const second = new Authenticator(ORIGIN);
  const made = (await register(browser, second, '手机')).body;
  expect((await browser.ask('GET', '/v1/me/passkeys')).body.passkeys.map((one: { name: string }) => one.name).sort()).toEqual(['laptop', '手机']);
  expect((await browser.ask('DELETE', `/v1/me/passkeys/${made.id}`)).body).toEqual({ removed: made.id });
  expect((await signIn(new Browser(office), second)).body.code).toBe('SIGN_IN_FAILED');
  const other = new Browser(office);
  await signIn(other, await withPasskey(office.ids.other));
  const left = (await browser.ask('GET', '/v1/me/passkeys')).body.passkeys[0].id as string;
  expect((await other.ask('DELETE', `/v1/me/passkeys/${left}`)).status).toBe(404);
  expect((await signIn(new Browser(office), first)).status).toBe(200);
  expect((await office.call(office.tokens.admin, 'DELETE', `/v1/people/${office.ids.applicant}/passkeys/${left}`)).status).toBe(200);
  expect((await signIn(new Browser(office), first)).body.code).toBe('SIGN_IN_FAILED');
});

test('means are changed only soon after signing in; the other sessions end with the change', async () => {
  const key = await withPasskey(office.ids.applicant);
  const elsewhere = new Browser(office);
  await signIn(elsewhere, key);
  await signIn(browser, key);
  office.clock.forward(901_000);
  expect((await browser.ask('POST', '/v1/me/passkeys/options')).body.code).toBe('SIGN_IN_AGAIN');
  await signIn(browser, key);
  expect((await register(browser, new Authenticator(ORIGIN))).status).toBe(201);
  expect((await elsewhere.ask('GET', '/v1/me')).status).toBe(401);
  expect((await browser.ask('GET', '/v1/me')).status).toBe(200);
});

test('a person without a role is nobody, also with a passkey', async () => {
  const key = await withPasskey(office.ids.applicant);
  await office.call(office.tokens.admin, 'PUT', `/v1/people/${office.ids.applicant}/roles`, { roles: [] });
  expect((await signIn(browser, key)).body.code).toBe('SIGN_IN_FAILED');
});

test('bodies out of bounds are refused before anything is computed', async () => {
  const { body } = await browser.ask('POST', '/v1/sign-in/passkey/options');
  const good = new Authenticator(ORIGIN).get(body.options);
  for (const wrong of [{ id: 'x'.repeat(1401) }, { rawId: '+/' }, { type: 'other' }, { response: { ...good.response, clientDataJSON: 'A'.repeat(8001) } }, { response: {} }]) {
    expect((await browser.ask('POST', '/v1/sign-in/passkey', { step: body.step, response: { ...good, ...wrong } })).body.code).toBe('INVALID');
  }
});

describe('an event stream', () => {
  /** Reads until the desk ends it; `begun` when it stands. */
  async function follow(headers: Record<string, string>): Promise<{ text: Promise<string> }> {
    const url = office.desk.app.server.listening ? `http://127.0.0.1:${(office.desk.app.server.address() as { port: number }).port}` : await office.desk.app.listen({ host: '127.0.0.1', port: 0 });
    const response = await fetch(`${url}/v1/events`, { headers });
    expect(response.status).toBe(200);
    const reader = response.body!.getReader();
    const first = Buffer.from((await reader.read()).value!).toString();
    const rest = async (): Promise<string> => {
      let text = first;
      for (let part = await reader.read(); !part.done; part = await reader.read()) text += Buffer.from(part.value).toString();
      return text;
    };
    return { text: rest() };
  }
  const cookie = (): Record<string, string> => ({ cookie: [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ') });

  test('ends with its session, and tells nothing of what comes after', async () => {
    await signIn(browser, await withPasskey(office.ids.custodian));
    const stream = await follow(cookie());
    await office.call(office.tokens.admin, 'DELETE', `/v1/people/${office.ids.custodian}/sessions`);
    await approved(office);
    expect(await stream.text).not.toContain('event:');
  });

  test('ends where nothing happens as well, and with the session that grew idle: following is no use of it', async () => {
    await signIn(browser, await withPasskey(office.ids.custodian));
    const stream = await follow(cookie());
    let ended = false;
    void stream.text.then(() => (ended = true));
    office.clock.forward(SIGN_IN.idle * 1000);
    // Each look at the session asks the database, which has a clock of its own.
    while (!ended) {
      office.clock.forward(15_000);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    expect(await stream.text).not.toContain('event:');
    expect((await browser.ask('GET', '/v1/me')).status).toBe(401);
  });

  test('ends with the token, and with the role', async () => {
    const authorization = `Bearer ${office.tokens.custodian}`;
    const one = await follow({ authorization });
    await office.call(office.tokens.admin, 'PUT', `/v1/people/${office.ids.custodian}/roles`, { roles: ['applicant'] });
    await approved(office);
    expect(await one.text).not.toContain('event:');
    await office.call(office.tokens.admin, 'PUT', `/v1/people/${office.ids.custodian}/roles`, { roles: ['custodian'] });
    const other = await follow({ authorization });
    await office.call(office.tokens.admin, 'POST', `/v1/people/${office.ids.custodian}/token`);
    await approved(office);
    expect(await other.text).not.toContain('event:');
  });
});
