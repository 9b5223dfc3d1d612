/** Signing in, and what other sites and other people's words cannot do, in real Chromium against a desk of this process. */
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { createServer } from 'node:http';
import { randomBytes } from 'node:crypto';
import type { Browser } from 'playwright-core';
import { systemClock } from '../../host-bridge/cli/system';
import { SILENT } from '../../host-bridge/common/log';
import { createDesk, newAuthorityKeys, type Desk } from '../../host-bridge/desk';
import { Http } from '../../sim/cli/demo/http';
import { codeOf, signUp } from '../../sim/cli/demo/sign-ins';
import { freePort } from '../e2e/programs';
import { root } from '../structure/sources';
import type { Employee } from './company';
import { openBrowser, program, Visitor } from './visitor';
import zh from '../../host-bridge/console/i18n/zh.json';
import en from '../../host-bridge/console/i18n/en.json';

jest.setTimeout(600_000);
if (program === undefined) console.warn('not run, because there is no Chromium on this machine: signing in to the console');

if (program !== undefined) describe('signing in', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'sign-in-'));
  let desk: Desk;
  let browser: Browser;
  let origin: string;
  let url: string;
  let admin: Http;

  beforeAll(async () => {
    const port = await freePort();
    origin = `http://localhost:${port}`;
    url = `http://127.0.0.1:${port}`;
    const random = (length: number): Buffer => randomBytes(length);
    desk = await createDesk({
      database: path.join(folder, 'desk.db'), documents: path.join(folder, 'documents'), photos: path.join(folder, 'photos'), keys: newAuthorityKeys('console.test/register', random), clock: systemClock(), random, log: SILENT, bridges: [],
      console: path.join(root, 'dist/console'), signIn: { origin, idle: 1800, life: 43_200, passwords: true },
    });
    await desk.app.listen({ host: '127.0.0.1', port });
    admin = new Http(url, (await desk.rooms.people.add('管理员', ['admin'], 0)).token);
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await desk?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function hire(name: string, roles: string[]): Promise<{ id: number; name: string; token: string }> {
    const { person, token } = await admin.json<{ person: { id: number; name: string }; token: string }>('POST', '/v1/people', { name, roles });
    return { ...person, token };
  }

  test('an invitation is taken up with a passkey, which then signs in; signing out ends it', async () => {
    const person = await hire('陈晨', ['applicant']);
    const { token } = await admin.json<{ token: string }>('POST', `/v1/people/${person.id}/invitation`, {});
    const chen = await Visitor.come(browser, origin, 'phone', 'zh');
    const { page } = chen;
    const devtools = await chen.context.newCDPSession(page);
    await devtools.send('WebAuthn.enable');
    await devtools.send('WebAuthn.addVirtualAuthenticator', { options: { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true } });
    await chen.go(`/console/invitation#${token}`);
    await page.locator('input[name=passkey]').fill('陈晨的手机');
    // The token is gone from the address, and so from the history and from what is copied of it.
    expect(page.url()).toBe(`${origin}/console/invitation`);
    expect(await chen.findings()).toEqual([]);
    await chen.shot('invitation');
    await page.getByRole('button', { name: zh.passkey.make }).click();
    await page.getByText(zh.invitation.done).waitFor();
    await page.getByRole('button', { name: zh.signIn.title }).click();
    await page.getByRole('button', { name: zh.signIn.passkey }).click();
    await page.getByRole('heading', { name: '您好，陈晨' }).waitFor();
    await page.getByRole('link', { name: '陈晨' }).click();
    await page.getByText('陈晨的手机', { exact: true }).waitFor();
    await chen.settled();
    expect(await chen.findings()).toEqual([]);
    await chen.shot('account');
    // Neither a script nor another page of this browser has the session.
    expect(await page.evaluate(() => [document.cookie, localStorage.length, sessionStorage.length])).toEqual(['', 0, 0]);
    await page.getByRole('button', { name: zh.account.signOut }).click();
    await page.getByRole('button', { name: zh.signIn.passkey }).waitFor();
    expect((await chen.context.cookies()).filter(({ name }) => name === '__Host-smartseal')).toEqual([]);

    // The invitation was good once.
    await chen.go(`/console/invitation#${token}`);
    await page.getByText('INVITATION_OVER').waitFor();
    expect(chen.complaints).toEqual([]);
    await chen.leave();
  });

  test('a password is set with an authenticator; a wrong code says no more than that it failed, and what was typed is asked again', async () => {
    const person = await hire('Grace', ['applicant']);
    await admin.json('PUT', `/v1/people/${person.id}`, { name: 'Grace', login: 'grace', department: null, title: '' });
    const { token } = await admin.json<{ token: string }>('POST', `/v1/people/${person.id}/invitation`, {});
    const grace = await Visitor.come(browser, origin, 'desk', 'en');
    const { page } = grace;
    await grace.go(`/console/invitation#${token}`);
    await page.getByRole('button', { name: en.invitation.password }).click();
    await page.locator('input[name=new-password]').fill('password1234');
    await page.locator('input[name=again]').fill('password1234');
    await page.getByRole('button', { name: en.onward }).click();
    await page.getByText('PASSWORD_WEAK').waitFor();
    // What judges comes with the first letter, and only here.
    await page.locator('meter').waitFor();
    expect(Number(await page.locator('meter').getAttribute('value'))).toBeLessThan(2);
    await page.locator('input[name=new-password]').fill('quartz lamp seven rivers');
    await page.getByText(en.strength['4']).first().waitFor();
    // What is typed can be shown, and hidden again.
    const show = page.getByRole('button', { name: en.password.show }).first();
    await show.click();
    expect(await page.locator('input[name=new-password]').getAttribute('type')).toBe('text');
    await page.getByRole('button', { name: en.password.hide }).click();
    expect(await page.locator('input[name=new-password]').getAttribute('type')).toBe('password');
    await page.locator('input[name=again]').fill('quartz lamp seven rivers');
    await page.getByRole('button', { name: en.onward }).click();
    await page.getByText(en.password.byHand).click();
    expect(await page.locator('svg.qr path').getAttribute('d')).toMatch(/^M4 4h1v1h-1z/);
    const secret = (await page.locator('code.secret').textContent())!;
    await page.locator('input[name=code]').fill(codeOf(secret));
    await grace.shot('password');
    expect(await grace.findings()).toEqual([]);
    await page.getByRole('button', { name: en.password.set }).click();
    await page.locator('.codes code').nth(9).waitFor();
    const codes = await page.locator('.codes code').allTextContents();
    expect(codes).toHaveLength(10);
    await page.getByRole('button', { name: en.password.kept }).click();
    await page.getByRole('button', { name: en.signIn.title }).click();

    await page.locator('input[name=username]').fill('grace');
    await page.locator('input[name=password]').fill('quartz lamp seven rivers');
    await page.locator('input[name=code]').fill('000000');
    await page.getByRole('button', { name: en.signIn.enter, exact: true }).click();
    await page.getByText('SIGN_IN_FAILED').waitFor();
    expect(await page.locator('input[name=code]').inputValue()).toBe('');
    await page.locator('input[name=code]').fill(codes[0]!);
    await page.getByRole('button', { name: en.signIn.enter, exact: true }).click();
    await page.getByRole('heading', { name: 'Hello, Grace' }).waitFor();
    expect(grace.complaints).toEqual([]);
    await grace.leave();
  });

  test("words of others stay words: markup in a name becomes nothing else, and no script gets in", async () => {
    const evil = '<img src=x onerror="document.title=1"><script>document.title=2</script>';
    const person = await hire('审计', ['auditor']);
    const auditor: Employee = { ...(await signUp(admin, url, origin, person, 'auditor')), id: person.id, token: person.token };
    await hire(evil, ['applicant']);
    const visitor = await Visitor.come(browser, origin, 'phone', 'zh');
    await visitor.signIn(auditor);
    await visitor.open('/people');
    await visitor.page.getByText(evil, { exact: true }).waitFor();
    expect(await visitor.page.title()).toBe(zh.brand);
    // What a page could be brought to do by its own code is stopped by the policy.
    const tried = await visitor.page.evaluate(async () => {
      const violated = new Promise<string>((resolve) => document.addEventListener('securitypolicyviolation', (event) => resolve(event.violatedDirective)));
      const script = document.createElement('script');
      try {
        script.textContent = 'document.title = 3';
        document.head.append(script);
      } catch {
        return 'trusted types';
      }
      return violated;
    });
    expect(['trusted types', 'require-trusted-types-for', 'script-src-elem']).toContain(tried);
    expect(await visitor.page.title()).toBe(zh.brand);
    await visitor.leave();
  });

  test('another site can neither frame the console nor use its session', async () => {
    const person = await hire('保管', ['custodian', 'admin']);
    const keeper: Employee = { ...(await signUp(admin, url, origin, person, 'keeper')), id: person.id, token: person.token };
    const visitor = await Visitor.come(browser, origin, 'desk', 'zh');
    await visitor.signIn(keeper);
    const attack = `<title>other</title><iframe id="frame" src="${origin}/console/"></iframe><form id="form" method="post" action="${origin}/v1/people"><input name="name" value="x"></form>`;
    const other = createServer((_request, response) => response.setHeader('content-type', 'text/html').end(attack)).listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const before = (await admin.json<{ people: unknown[] }>('GET', '/v1/people')).people.length;
    const { page } = visitor;
    await page.goto(`http://127.0.0.1:${(other.address() as AddressInfo).port}/`);
    const inside = page.frames().find((frame) => frame !== page.mainFrame());
    expect(await inside?.locator('#console').count().catch(() => 0) ?? 0).toBe(0);
    // The browser sends no cookie along, and would not let the answer be read if it did.
    const asked = await page.evaluate(async (where) => fetch(`${where}/v1/people`, { method: 'POST', credentials: 'include', headers: { 'content-type': 'application/json' }, body: '{"name":"x","roles":["admin"]}' }).then((response) => response.status, () => 'refused'), origin);
    expect(asked).toBe('refused');
    const posted = page.waitForResponse((response) => response.url() === `${origin}/v1/people`);
    await page.evaluate(() => (document.getElementById('form') as HTMLFormElement).submit());
    expect((await posted).status()).toBeGreaterThanOrEqual(400);
    expect((await admin.json<{ people: unknown[] }>('GET', '/v1/people')).people).toHaveLength(before);
    await new Promise((resolve) => other.close(resolve));
    await visitor.leave();
  });

  test('on a weak network reads are tried again, and what changes something is sent once and never guessed', async () => {
    const person = await hire('林', ['admin']);
    const lin: Employee = { ...(await signUp(admin, url, origin, person, 'lin')), id: person.id, token: person.token };
    const visitor = await Visitor.come(browser, origin, 'phone', 'zh');
    await visitor.signIn(lin);
    const { page } = visitor;
    let reads = 0;
    await page.route('**/v1/people', (route) => {
      if (route.request().method() === 'GET') return ++reads < 3 ? route.abort('connectionreset') : route.continue();
      return route.abort('connectionreset');
    });
    let posts = 0;
    page.on('request', (request) => void (request.method() === 'POST' && request.url().endsWith('/v1/people') && posts++));
    await visitor.open('/people');
    await page.getByText('管理员').first().waitFor();
    expect(reads).toBeGreaterThanOrEqual(3);
    await page.getByRole('button', { name: zh.people.add }).click();
    await page.getByRole('dialog').locator('input[name=name]').fill('新人');
    await page.getByRole('dialog').getByRole('button', { name: zh.people.add }).click();
    await page.getByRole('dialog').getByText(zh.errors.unknown).waitFor();
    expect([posts, await page.locator('.lines strong', { hasText: '新人' }).count()]).toEqual([1, 0]);
    await visitor.leave();
  });

  test('the shell opens without the network, and shows nothing that was kept of the desk', async () => {
    const visitor = await Visitor.come(browser, origin, 'phone', 'zh');
    const { page, context } = visitor;
    await visitor.open('/');
    await page.evaluate(async () => void (await navigator.serviceWorker.ready));
    // The worker has the page from the first visit that it sees.
    await page.reload();
    await visitor.settled();
    await context.setOffline(true);
    await page.reload();
    await page.getByText('UNREACHABLE').waitFor();
    const kept = await page.evaluate(async () => (await Promise.all((await caches.keys()).map(async (name) => (await (await caches.open(name)).keys()).map(({ url: address }) => new URL(address).pathname)))).flat());
    expect(kept.length).toBeGreaterThan(3);
    expect(kept.filter((address) => !address.startsWith('/console/'))).toEqual([]);
    await context.setOffline(false);
    await page.getByRole('button', { name: zh.again }).click();
    await page.getByRole('heading', { name: zh.signIn.title, level: 1 }).waitFor();
    await visitor.leave();
  });
});
