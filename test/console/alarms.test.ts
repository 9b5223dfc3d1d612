/**
 * Alarms that cannot be missed, in real Chromium: the bar, the sound, and what the service worker makes of a push. No browser maker's push
 * service is reached here: what the desk sends is looked at in test/desk/push, and here the browser is handed the message as a push service would.
 */
import type { Browser, CDPSession } from 'playwright-core';
import type { Outcome } from '../../host-bridge/common/post';
import { until } from '../../sim/cli/demo/http';
import { ConsoleOffice, WORDS } from './office';
import { openBrowser, program } from './visitor';
import zh from '../../host-bridge/console/i18n/zh.json';

jest.setTimeout(600_000);
if (program === undefined) console.warn('not run, because there is no Chromium on this machine: alarms in the console');

if (program !== undefined) describe('alarms', () => {
  let it: ConsoleOffice;
  let browser: Browser;
  const post = (): Promise<Outcome> => Promise.resolve({ status: 201, why: '' });
  beforeAll(async () => {
    [it, browser] = await Promise.all([ConsoleOffice.open({ push: { contact: 'mailto:it@example.com', networks: [], post } }), openBrowser()]);
  });
  afterAll(async () => {
    await browser?.close();
    await it?.close();
  });

  async function alarm(): Promise<string> {
    it.office.device.write(9, [6, 0]);
    await it.office.desk.round();
    const { cases } = await it.ask('custodian', 'GET', '/v1/cases?open=true');
    return cases.find(({ kind }: { kind: string }) => kind === 'alarm').id;
  }

  test('the sound is switched on by the person, comes with an alarm until it is silenced or taken, and the bar stays until somebody has taken it', async () => {
    const wang = await it.enter(browser, 'custodian', 'phone', 'zh');
    const { page } = wang;
    await page.addInitScript(() => {
      const counted = globalThis as unknown as { tones: number };
      counted.tones = 0;
      const create = AudioContext.prototype.createOscillator;
      AudioContext.prototype.createOscillator = function () {
        counted.tones += 1;
        return create.call(this);
      };
    });
    const tones = (): Promise<number> => page.evaluate(() => (globalThis as unknown as { tones: number }).tones);
    await wang.open('/account');
    expect(await page.locator('input[name=sound]').isChecked()).toBe(false);
    await page.locator('input[name=sound]').check();
    await page.waitForFunction(() => (globalThis as unknown as { tones: number }).tones === 2);
    expect([await wang.findings(), await wang.tooWide()]).toEqual([[], []]);
    await wang.shot('account-alarms');
    const id = await alarm();
    await page.locator('.alarm').waitFor();
    await page.waitForFunction(() => (globalThis as unknown as { tones: number }).tones >= 6);
    await page.getByRole('button', { name: zh.alarm.silence }).click();
    await page.getByRole('button', { name: zh.alarm.silence }).waitFor({ state: 'detached' });
    const heard = await tones();
    await wang.open('/seals');
    await page.locator('.alarm').waitFor();
    await wang.shot('alarm-bar');
    expect([heard >= 6, await wang.findings()]).toEqual([true, []]);
    await it.ask('custodian', 'POST', `/v1/cases/${id}/close`, { reason: '误触，已检查' });
    await page.locator('.alarm').waitFor({ state: 'detached' });
    await wang.leave();
  });

  test('a push is shown by the service worker, leads to its case and nowhere else; a browser without a push service is told so', async () => {
    const wang = await it.enter(browser, 'custodian', 'desk', 'zh');
    const { page, context } = wang;
    await context.grantPermissions(['notifications'], { origin: it.origin });
    const devtools = await context.newCDPSession(page);
    const registration = registrationOf(devtools);
    await wang.open('/account');
    await page.evaluate(async () => void (await navigator.serviceWorker.ready));
    const registrationId = await registration;
    const id = 'ab'.repeat(12);
    for (const [data, title, at] of [
      [JSON.stringify({ case: id, title: '印章报警', body: '前台印章机：外壳被打开' }), '印章报警', `/console/cases/${id}`],
      [JSON.stringify({ case: '../../../evil', title: '<img src=x>', body: 'x' }), '<img src=x>', '/console/cases'],
      [JSON.stringify({ notice: 'use-stamped', application: 'cd'.repeat(8), title: '您批准的用印', body: '已盖章' }), '您批准的用印', `/console/tasks/${'cd'.repeat(8)}`],
      [JSON.stringify({ notice: 'use-stamped', application: '//evil.example', title: '另一则', body: 'x' }), '另一则', '/console/account'],
      ['not json', '印章报警 · Seal alarm', '/console/cases'],
    ] as const) {
      await devtools.send('ServiceWorker.deliverPushMessage', { origin: `${it.origin}/`, registrationId, data });
      const shown = await until('the notification', () => page.evaluate(async (wanted) => {
        const found = (await (await navigator.serviceWorker.ready).getNotifications()).find(({ title: one }) => one === wanted);
        return found === undefined ? undefined : [found.title, String(found.data), found.requireInteraction];
      }, title), 45_000);
      expect(shown).toEqual([title, at, true]);
    }
    await page.getByRole('button', { name: zh.alarms.push }).click();
    // This browser has no push service behind it: that is said, and nothing is kept at the desk.
    await page.locator('.note.bad').waitFor();
    expect((await it.ask('custodian', 'GET', '/v1/push')).subscriptions).toEqual([]);
    await wang.leave();
  });

  test.each(['zh', 'en'] as const)('who approved something is told at home that it was stamped, and finds it in the list of what they decided (%s)', async (language) => {
    const words = WORDS[language];
    const purpose = language === 'zh' ? '与供应商签订采购合同' : 'Supply agreement';
    const application = await it.used(purpose, 2);
    const li = await it.enter(browser, 'chief', 'phone', language);
    const { page } = li;
    const note = page.locator('.note.good').filter({ hasText: words.notices.uses });
    await note.getByRole('link', { name: purpose }).waitFor();
    expect(await note.textContent()).toContain(words.notices.kinds['use-stamped']);
    expect([await li.findings(), await li.tooWide()]).toEqual([[], []]);
    await li.open('/account');
    const here = page.locator('li').filter({ hasText: words.account.thisSession });
    await here.getByText('Chrome', { exact: false }).first().waitFor();
    expect(await here.locator('strong').textContent()).toMatch(/Linux/);
    // The words of the browser itself stand behind, for who wants them.
    expect(await here.getByText('AppleWebKit', { exact: false }).isVisible()).toBe(false);
    await here.getByText(words.agent.asSent).click();
    expect(await here.getByText('AppleWebKit', { exact: false }).isVisible()).toBe(true);
    await page.getByRole('button', { name: words.notices.seen }).click();
    await page.getByRole('button', { name: words.notices.seen }).waitFor({ state: 'detached' });
    await li.open('/tasks');
    await note.waitFor({ state: 'detached' });
    const line = page.locator('li').filter({ hasText: purpose });
    expect(await line.textContent()).toContain(words.became.stamped_other.replace('{{count}}', '2').replace('{{of}}', '2'));
    await line.getByRole('link').click();
    await page.waitForURL(`**/tasks/${application.id}`);
    expect(li.complaints).toEqual([]);
    await li.leave();
  });

  function registrationOf(devtools: CDPSession): Promise<string> {
    return new Promise((resolve, reject) => {
      devtools.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
        const mine = registrations.find(({ scopeURL, isDeleted }) => scopeURL === `${it.origin}/console/` && !isDeleted);
        if (mine !== undefined) resolve(mine.registrationId);
      });
      devtools.send('ServiceWorker.enable').catch(reject);
    });
  }
});
