/** Sign-in by the company's own sign-on, against a small provider that checks what it is told, and can be made to lie. */
import { generateKeyPair, type JWTPayload } from 'jose';
import { Browser, ORIGIN, SIGN_IN, type Page } from './browser';
import { ISSUER, TestProvider } from './provider';
import { openOffice, type Office } from './support';

let provider: TestProvider;
let office: Office;
let browser: Browser;

async function open(claim = 'preferred_username'): Promise<void> {
  provider = new TestProvider(ORIGIN);
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
  expect([...browser.cookies.keys()]).toEqual(['__Host-smartseal', '__Host-smartseal-browser']);
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
