/** Sign-in by the company's own sign-on, against a small provider that checks what it is told, and can be made to lie. */
import { createHash } from 'node:crypto';
import { exportJWK, generateKeyPair, SignJWT, type JWTPayload } from 'jose';
import { Browser, ORIGIN, SIGN_IN, type Page } from './browser';
import { openOffice, type Office } from './support';

const ISSUER = 'https://id.example.com';

/** OpenID Connect Core 1.0: discovery, keys, codes bound to a challenge (RFC 7636), each once. */
class TestProvider {
  down = false;
  claims: JWTPayload = { preferred_username: 'Wang.Wei' };
  /** Changes the claims of the next id tokens. */
  change: (claims: JWTPayload) => JWTPayload = (claims) => claims;
  signWith: CryptoKey | undefined;
  asked: string[] = [];
  private codes = new Map<string, { challenge: string; nonce: string; redirect: string }>();
  private keys = generateKeyPair('RS256');

  /** The person agrees: where the browser is sent back to. */
  agree(address: string, code = `code-${this.codes.size}`): URL {
    const { searchParams: asked } = new URL(address);
    expect(Object.fromEntries(asked)).toMatchObject({ client_id: 'desk', response_type: 'code', code_challenge_method: 'S256', scope: 'openid profile', redirect_uri: `${ORIGIN}/v1/sign-in/company/callback` });
    this.codes.set(code, { challenge: asked.get('code_challenge') ?? '', nonce: asked.get('nonce') ?? '', redirect: asked.get('redirect_uri') ?? '' });
    const back = new URL(asked.get('redirect_uri') ?? '');
    back.search = new URLSearchParams({ code, state: asked.get('state') ?? '' }).toString();
    return back;
  }

  readonly fetch = (async (input: unknown, init: RequestInit = {}) => {
    const url = new URL(String(input));
    this.asked.push(url.pathname);
    if (this.down) throw new TypeError('fetch failed');
    const json = (body: object, status = 200): Response => new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } });
    const keys = await this.keys;
    if (url.pathname === '/.well-known/openid-configuration') {
      return json({
        issuer: ISSUER, authorization_endpoint: `${ISSUER}/authorize`, token_endpoint: `${ISSUER}/token`, jwks_uri: `${ISSUER}/keys`, response_types_supported: ['code'],
        subject_types_supported: ['public'], id_token_signing_alg_values_supported: ['RS256'], code_challenge_methods_supported: ['S256'],
      });
    }
    if (url.pathname === '/keys') return json({ keys: [{ ...(await exportJWK(keys.publicKey)), kid: '1', alg: 'RS256', use: 'sig' }] });
    const form = new URLSearchParams(String(init.body));
    if (new Headers(init.headers).get('authorization') !== `Basic ${Buffer.from('desk:geheim').toString('base64')}`) return json({ error: 'invalid_client' }, 401);
    const known = this.codes.get(form.get('code') ?? '');
    this.codes.delete(form.get('code') ?? '');
    const verifier = createHash('sha256').update(form.get('code_verifier') ?? '').digest('base64url');
    if (known === undefined || known.challenge !== verifier || known.redirect !== form.get('redirect_uri')) return json({ error: 'invalid_grant' }, 400);
    const now = Math.floor(Date.now() / 1000);
    const claims = this.change({ iss: ISSUER, aud: 'desk', sub: '4711', iat: now, exp: now + 300, nonce: known.nonce, ...this.claims });
    const token = await new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: '1' }).sign(this.signWith ?? keys.privateKey);
    return json({ access_token: 'x', token_type: 'Bearer', id_token: token });
  }) as typeof fetch;
}

let provider: TestProvider;
let office: Office;
let browser: Browser;

async function open(claim = 'preferred_username'): Promise<void> {
  provider = new TestProvider();
  office = await openOffice({ signIn: { ...SIGN_IN, company: { issuer: ISSUER, clientId: 'desk', clientSecret: 'geheim', claim, scope: 'openid profile', fetch: provider.fetch } } });
  browser = new Browser(office);
  browser.from = {};
}
beforeEach(() => open());
afterEach(() => office.close());

const named = (login: string) => office.call(office.tokens.admin, 'PUT', `/v1/people/${office.ids.applicant}`, { name: 'w', login, department: null, title: '' });
const there = async (at = browser): Promise<string> => String((await at.ask('GET', '/v1/sign-in/company')).headers['location']);
const back = (at: Browser, url: URL): Promise<Page> => at.ask('GET', `${url.pathname}${url.search}`, undefined, { 'sec-fetch-site': 'cross-site' });

test('there, back, and signed in as the person whose login the claim is', async () => {
  await named('wang.wei');
  const start = await browser.ask('GET', '/v1/sign-in/company');
  expect(start.status).toBe(302);
  expect(start.headers['set-cookie']).toMatch(/^__Host-smartseal-flow=[\w-]+; Max-Age=300; Path=\/; HttpOnly; Secure; SameSite=Lax$/);
  const page = await back(browser, provider.agree(String(start.headers['location'])));
  expect([page.status, page.headers['location']]).toEqual([303, '/']);
  expect([...browser.cookies.keys()]).toEqual(['__Host-smartseal']);
  expect((await browser.ask('GET', '/v1/me')).body.id).toBe(office.ids.applicant);
  expect((await browser.ask('GET', '/v1/me/sessions')).body.sessions[0].how).toBe('company');
});

test('whom the desk does not know gets in nowhere', async () => {
  await named('somebody.else');
  expect((await back(browser, provider.agree(await there()))).body.code).toBe('SIGN_IN_FAILED');
  expect(browser.cookies.has('__Host-smartseal')).toBe(false);
});

const now = (): number => Math.floor(Date.now() / 1000);
test.each<[string, (claims: JWTPayload) => JWTPayload]>([
  ['for another client', (claims) => ({ ...claims, aud: 'other' })],
  ['by another issuer', (claims) => ({ ...claims, iss: 'https://evil.example' })],
  ['for another sign-in', (claims) => ({ ...claims, nonce: 'other' })],
  ['that is over', (claims) => ({ ...claims, iat: now() - 900, exp: now() - 600 })],
  ['without the claim', ({ preferred_username: _, ...claims }) => claims],
  ['whose claim is no text', (claims) => ({ ...claims, preferred_username: ['wang.wei'] })],
  ['whose claim is empty', (claims) => ({ ...claims, preferred_username: '' })],
])('an id token %s is refused', async (_what, change) => {
  await named('wang.wei');
  provider.change = change;
  expect((await back(browser, provider.agree(await there()))).body).toMatchObject({ status: 401, code: 'SIGN_IN_FAILED' });
});

test('signed by somebody else it is refused', async () => {
  await named('wang.wei');
  provider.signWith = (await generateKeyPair('RS256')).privateKey;
  expect((await back(browser, provider.agree(await there()))).body.code).toBe('SIGN_IN_FAILED');
});

test("an answer is its own browser's, for its own state, once, within five minutes", async () => {
  await named('wang.wei');
  const url = provider.agree(await there());
  // Somebody else's browser, which the attacker sends to the address of their own sign-in.
  const victim = new Browser(office);
  expect((await back(victim, url)).body.code).toBe('STEP_OVER');
  await there(victim);
  expect((await back(victim, url)).body.code).toBe('SIGN_IN_FAILED');
  const wrong = new URL(url);
  wrong.searchParams.set('state', 'other');
  const flow = browser.cookies.get('__Host-smartseal-flow') ?? '';
  expect((await back(browser, wrong)).body.code).toBe('SIGN_IN_FAILED');
  browser.cookies.set('__Host-smartseal-flow', flow);
  expect((await back(browser, url)).body.code).toBe('STEP_OVER'); // tried once, used up
  const late = provider.agree(await there());
  office.clock.forward(300_000);
  expect((await back(browser, late)).body.code).toBe('STEP_OVER');
});

test('a code that was caught on its way is worth nothing without the verifier', async () => {
  await named('wang.wei');
  provider.agree(await there(), 'caught');
  const thief = new Browser(office);
  const own = new URL(provider.agree(await there(thief)));
  own.searchParams.set('code', 'caught');
  expect((await back(thief, own)).body.code).toBe('SIGN_IN_FAILED');
});

test('the provider refuses: nobody is signed in', async () => {
  const url = provider.agree(await there());
  url.searchParams.delete('code');
  url.searchParams.set('error', 'access_denied');
  expect((await back(browser, url)).body.code).toBe('SIGN_IN_FAILED');
});

test('an address of mail is taken only where the provider has verified it', async () => {
  await office.close();
  await open('email');
  await named('wang@example.com');
  provider.claims = { email: 'wang@example.com' };
  expect((await back(browser, provider.agree(await there()))).body.code).toBe('SIGN_IN_FAILED');
  provider.claims = { email: 'wang@example.com', email_verified: true };
  expect((await back(browser, provider.agree(await there()))).status).toBe(303);
});

test('a provider that does not answer is told as that, and asked again after a while', async () => {
  provider.down = true;
  expect((await browser.ask('GET', '/v1/sign-in/company')).body.code).toBe('IDENTITY_UNREACHABLE');
  const asked = provider.asked.length;
  provider.down = false;
  expect((await browser.ask('GET', '/v1/sign-in/company')).status).toBe(503);
  expect(provider.asked).toHaveLength(asked);
  office.clock.forward(5_000);
  const url = provider.agree(await there());
  provider.down = true;
  expect((await back(browser, url)).body.code).toBe('IDENTITY_UNREACHABLE');
});
