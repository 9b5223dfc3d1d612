/** What an attacker could do to somebody at the console, tried in real Chromium: markup in every text, other sites, planted cookies, addresses that lead away, the company's sign-on. */
import type { AddressInfo } from 'node:net';
import { createServer, type Server } from 'node:http';
import type { Browser } from 'playwright-core';
import { until } from '../../sim/cli/demo/http';
import { Form, tinyPng } from '../desk/support';
import { ISSUER, TestProvider } from '../desk/provider';
import { freePort } from '../e2e/programs';
import { ConsoleOffice, type Who } from './office';
import { openBrowser, program, Visitor } from './visitor';
import zh from '../../host-bridge/console/i18n/zh.json';

jest.setTimeout(900_000);
if (program === undefined) console.warn('not run, because there is no Chromium on this machine: attacks on the console');

/** Whatever of it became markup says so at `globalThis.got`. */
const EVIL = '"><img src=x onerror="globalThis.got=1"><script>globalThis.got=2</script><svg onload=globalThis.got=3><a href="javascript:globalThis.got=4">x</a>{{7*7}}${7*7}';

if (program !== undefined) describe('attacks', () => {
  let it: ConsoleOffice;
  let browser: Browser;
  let provider: TestProvider;
  let others: Server;
  let elsewhere: string;
  let attack = '';
  beforeAll(async () => {
    const port = await freePort();
    const origin = `http://localhost:${port}`;
    provider = new TestProvider(origin);
    [it, browser] = await Promise.all([ConsoleOffice.open({}, { port, company: { issuer: ISSUER, clientId: 'desk', clientSecret: 'geheim', claim: 'preferred_username', scope: 'openid profile', fetch: provider.fetch } }), openBrowser()]);
    others = createServer((_request, response) => response.setHeader('content-type', 'text/html').end(attack)).listen(0, '127.0.0.1');
    await new Promise((resolve) => others.once('listening', resolve));
    elsewhere = `http://127.0.0.1:${(others.address() as AddressInfo).port}/`;
  });
  afterAll(async () => {
    await browser?.close();
    others?.close();
    await it?.close();
  });

  test('markup in names, purposes, reasons and file names is shown as what it is, on every page', async () => {
    const { office } = it;
    const { call, tokens, ids, clock } = office;
    const { sha256 } = (await call(tokens.applicant, 'POST', '/v1/documents', new Form().file('document', `${EVIL.replaceAll('"', "'").replaceAll('/', '').slice(0, 150)}.png`, tinyPng(40, 60, 30)))).body;
    await it.ask('admin', 'PUT', `/v1/people/${ids.applicant}`, { name: EVIL, login: 'applicant', department: null, title: EVIL });
    await it.ask('admin', 'POST', '/v1/departments', { name: EVIL, parent: null, head: ids.applicant, leader: null });
    await it.ask('admin', 'POST', '/v1/chains', { rule: { name: EVIL, category: 'internal', steps: [[ids.chief]] }, reason: EVIL });
    await it.ask('admin', 'PUT', '/v1/settings/papers', { archiveWithin: 86_400, remindBefore: 3600, every: 3600, reason: EVIL });
    const application = await it.used(EVIL, 1, { document: sha256 });
    const { applications } = await it.ask('applicant', 'GET', '/v1/applications');
    expect(applications[0].purpose).toBe(EVIL);
    const open = await it.ask('applicant', 'POST', '/v1/applications', { seal: office.seal, purpose: EVIL, document: sha256, count: 1, notBefore: clock.seconds - 60, notAfter: clock.seconds + 3600, persons: [ids.applicant] });
    await it.ask('chief', 'POST', '/v1/delegations', { delegate: ids.director, until: clock.seconds + 3600, reason: EVIL });
    await it.ask('custodian', 'POST', `/v1/devices/00112233aabbccdd/ceremonies`, { action: 'take-out', present: [ids.applicant], person: ids.applicant, until: clock.seconds + 86_400, reason: EVIL });
    office.device.write(9, [6, 0]);
    await office.desk.round();
    const { cases } = await it.ask('custodian', 'GET', '/v1/cases');
    await it.ask('custodian', 'POST', `/v1/cases/${cases[0].id}/close`, { reason: EVIL });
    const { uses } = await it.ask('auditor', 'GET', '/v1/register/uses');
    const pages: [Who, string[]][] = [
      ['admin', ['/', '/people', `/people/${ids.applicant}`, '/organisation', '/rules', '/settings', '/ceremonies', `/cases/${cases[0].id}`]],
      ['auditor', ['/statistics', '/papers', `/papers/${application.id}`, '/register', `/register/${uses[0].device}/${uses[0].intent}`, '/applications', `/applications/${application.id}`]],
      ['chief', ['/tasks', `/tasks/${open.id}`]],
    ];
    for (const [who, addresses] of pages) {
      const visitor = await it.enter(browser, who, 'desk', 'zh');
      for (const address of addresses) {
        await visitor.open(address);
        const has = address !== '/' && address !== '/settings';
        if (has) await visitor.page.waitForFunction(() => document.body.textContent.includes('<script>globalThis.got=2'));
        const seen = await visitor.page.evaluate(() => ({ got: (globalThis as { got?: number }).got, images: document.querySelectorAll('img[src="x"]').length, links: document.querySelectorAll('a[href^="javascript:"]').length, scripts: [...document.scripts].filter((one) => one.src === '').length, title: document.title, said: document.body.textContent.includes('<script>globalThis.got=2') }));
        expect([address, seen]).toEqual([address, { got: undefined, images: 0, links: 0, scripts: 0, title: zh.brand, said: has }]);
        expect([address, visitor.complaints]).toEqual([address, []]);
      }
      await visitor.leave();
    }
    // Neither the page that strangers see of a receipt.
    const { id } = await it.ask('auditor', 'POST', `/v1/register/uses/${uses[0].device}/${uses[0].intent}/receipt`);
    const stranger = await Visitor.come(browser, it.origin, 'phone', 'zh');
    await stranger.go(`/r/${id}`);
    expect(await stranger.page.evaluate(() => [(globalThis as { got?: number }).got, document.querySelectorAll('img[src="x"], script, a[href^="javascript:"]').length])).toEqual([undefined, 0]);
    await stranger.leave();
    await it.ask('admin', 'PUT', `/v1/people/${ids.applicant}`, { name: '张伟', login: 'applicant', department: null, title: '采购专员' });
  });

  test('another site can have nothing done and nothing shown: no form, no frame, no read', async () => {
    const visitor = await it.enter(browser, 'admin', 'desk', 'zh');
    const { page } = visitor;
    const before = await it.ask('admin', 'GET', '/v1/register/entries?limit=1000');
    const targets = ['/v1/archive', '/v1/people', '/v1/chains', '/v1/sign-out', '/v1/push/subscriptions', `/v1/people/${it.office.ids.admin}/invitation`];
    for (const target of targets) {
      attack = `<title>other</title><form id="form" method="post" enctype="text/plain" action="${it.origin}${target}"><input name='{"name":"x","roles":["admin"],"a":"' value='"}'></form>`;
      await page.goto(elsewhere);
      const posted = page.waitForResponse((response) => response.url() === `${it.origin}${target}`);
      await Promise.all([page.waitForURL(`${it.origin}${target}`), page.evaluate(() => (document.getElementById('form') as HTMLFormElement).submit())]);
      expect([target, (await posted).status() >= 400]).toEqual([target, true]);
    }
    for (const target of ['/console/', '/console/tasks', '/v1/me', '/r/00112233445566778899aabbccddeeff']) {
      attack = `<title>other</title><iframe src="${it.origin}${target}"></iframe>`;
      await page.goto(elsewhere);
      const framed = page.frames().find((frame) => frame !== page.mainFrame());
      // Of the console, the browser's own page stands where it would have been; of the interface, no session is sent along.
      if (target.startsWith('/console')) await until('the refusal', async () => ((await framed?.evaluate(() => location.href).catch(() => '')) === 'chrome-error://chromewebdata/' ? true : undefined), 45_000);
      expect([target, (await framed?.evaluate(() => document.documentElement.textContent ?? '').catch(() => '')) ?? '']).toEqual([target, expect.not.stringContaining('陈静')]);
    }
    const read = await page.evaluate(async (where) => Promise.all(['/v1/me', '/v1/people', '/v1/register/statistics'].map((one) => fetch(`${where}${one}`, { credentials: 'include' }).then(async (response) => response.text(), () => 'refused'))), it.origin);
    expect(read).toEqual(['refused', 'refused', 'refused']);
    const after = await it.ask('admin', 'GET', '/v1/register/entries?limit=1000');
    expect(after.entries.length).toBe(before.entries.length);
    // And the session is still there: it was not ended by another site either.
    await visitor.open('/');
    await page.locator('.frame').waitFor();
    await visitor.leave();
  });

  test('a cookie planted before the sign-in is not the session afterwards', async () => {
    const attacker = await it.enter(browser, 'other', 'desk', 'zh');
    const planted = (await attacker.context.cookies()).find(({ name }) => name === '__Host-smartseal')!;
    const { token } = await it.ask('admin', 'POST', `/v1/people/${it.office.ids.custodian}/invitation`, {});
    for (const value of [planted.value, 'A'.repeat(43)]) {
      const victim = await Visitor.come(browser, it.origin, 'phone', 'zh');
      await victim.context.addCookies([{ ...planted, value }]);
      await victim.context.clock.setSystemTime(it.office.clock.time);
      const entered = await victim.page.request.post(`${it.origin}/v1/sign-in/invitation`, { headers: { origin: it.origin }, data: { token } });
      if (value === planted.value) expect(entered.status()).toBe(200);
      const now = (await victim.context.cookies()).find(({ name }) => name === '__Host-smartseal');
      if (value === planted.value) {
        expect(now!.value).not.toBe(planted.value);
        // What the attacker has kept is still only the attacker's.
        await attacker.open('/account');
        await attacker.page.getByText('周敏').first().waitFor();
      } else expect(entered.status()).toBe(410);
      await victim.leave();
    }
    await attacker.leave();
  });

  test('no address of the console leads away from it', async () => {
    const visitor = await it.enter(browser, 'custodian', 'phone', 'zh');
    const { page } = visitor;
    const left: string[] = [];
    page.on('request', (request) => { if (!request.url().startsWith(it.origin) && !request.url().startsWith('data:')) left.push(request.url()); });
    for (const address of ['/console//evil.example/', '/console/%2F%2Fevil.example', '/console/https://evil.example/', '/console/\\evil.example', '/console/invitation?next=https://evil.example', '//evil.example/console/', '/console/javascript:globalThis.got=1', '/?to=https://evil.example', '/v1/sign-in/company/callback?state=x&code=y&redirect_uri=https://evil.example']) {
      await page.goto(`${it.origin}${address}`, { waitUntil: 'load' });
      expect([address, new URL(page.url()).origin]).toEqual([address, it.origin]);
    }
    await visitor.open('/');
    expect(left).toEqual([]);
    await visitor.leave();
  });

  test("the company's sign-on: the button leads to the provider and back, and who is not known stays outside", async () => {
    const person = await Visitor.come(browser, it.origin, 'phone', 'zh');
    const { page, context } = person;
    await context.clock.setSystemTime(it.office.clock.time);
    // The provider's page is made here; it is another site, and what it leads back to is the desk's own address.
    await context.route(`${ISSUER}/authorize**`, (route) => route.fulfill({ contentType: 'text/html', body: `<title>id</title><a id="agree" href="${provider.agree(route.request().url()).href.replaceAll('&', '&amp;')}">agree</a>` }));
    provider.claims = { preferred_username: 'director' };
    await person.go('/console/');
    await page.getByRole('link', { name: zh.signIn.company }).click();
    await page.locator('#agree').click();
    await page.getByRole('heading', { name: '您好，赵强' }).waitFor();
    expect(new URL(page.url()).origin).toBe(it.origin);
    await person.leave();

    const stranger = await Visitor.come(browser, it.origin, 'phone', 'zh');
    await stranger.context.route(`${ISSUER}/authorize**`, (route) => route.fulfill({ contentType: 'text/html', body: `<title>id</title><a id="agree" href="${provider.agree(route.request().url()).href.replaceAll('&', '&amp;')}">agree</a>` }));
    provider.claims = { preferred_username: 'nobody' };
    await stranger.go('/console/');
    await stranger.page.getByRole('link', { name: zh.signIn.company }).click();
    await stranger.page.locator('#agree').click();
    await stranger.page.getByText('SIGN_IN_FAILED').waitFor();
    expect((await stranger.context.cookies()).filter(({ name }) => name === '__Host-smartseal')).toEqual([]);
    await stranger.leave();
  });
});
