/** The main way through the console in real Chromium, against real desk, bridge and simulated unit: apply → approve → stamp → register → receipt. */
import { systemClock } from '../../host-bridge/cli/system';
import { until } from '../../sim/cli/demo/http';
import { codeOf } from '../../sim/cli/demo/sign-ins';
import { asset } from '../e2e/programs';
import { PAGES } from './pages';
import { program } from './visitor';
import { clean, walking } from './walking';
import en from '../../host-bridge/console/i18n/en.json';
import zh from '../../host-bridge/console/i18n/zh.json';

jest.setTimeout(900_000);
if (program === undefined) console.warn('not run, because there is no Chromium on this machine: the console in a browser');

if (program !== undefined) describe('the console', () => {
  const at = walking();

  describe.each([['zh', 'phone', zh], ['en', 'desk', en]] as const)('in %s on a %s', (language, size, words) => {
    const purpose = language === 'zh' ? '与供应商签订采购合同' : 'Letter of authorisation for a supplier';
    const file = language === 'zh' ? 'contract-zh.pdf' : 'contract-en.pdf';

    test('a document is applied for', async () => {
      const zhang = await at.visit(size, language);
      await zhang.go('/');
      await zhang.page.getByRole('heading', { name: words.signIn.title, level: 1 }).waitFor();
      await clean(zhang);
      await zhang.shot('sign-in');
      await zhang.signIn(at.company.people.zhang, language === 'zh' ? codeOf(at.company.people.zhang.secret, 30) : undefined);
      const { page } = zhang;
      await page.getByRole('link', { name: words.home.apply }).first().click();
      // One seal is in use, and so is chosen.
      await page.locator('input[name=document]').setInputFiles(asset(file));
      await page.locator('.pages figure img').first().waitFor();
      await page.locator('textarea[name=purpose]').fill(purpose);
      await page.locator('input[name=amount]').fill('128000.50');
      await page.locator('input[name=holder]').first().waitFor();
      await zhang.settled();
      await zhang.shot('apply');
      await clean(zhang);
      await page.getByRole('button', { name: words.apply.submit }).click();
      await page.getByText(words.next.submitted).waitFor();
      await zhang.settled();
      await clean(zhang);
      await zhang.leave();
    });

    test('it is approved beside its pages, and what its seal did', async () => {
      const li = await at.visit(size, language);
      await li.signIn(at.company.people.li);
      const { page } = li;
      await li.shot('home-approver');
      await page.locator('.below, .side').filter({ visible: true }).getByRole('link', { name: words.places.tasks }).click();
      await page.getByRole('link', { name: purpose }).click();
      await page.locator('.document img').first().waitFor();
      await page.getByRole('heading', { name: words.task.lately }).waitFor();
      await li.settled();
      await li.shot('task');
      await clean(li);
      await page.getByRole('button', { name: words.task.approve, exact: true }).click();
      await page.getByText(words.task.approved).waitFor();
      await page.getByText(words.grant.none).waitFor();
      await at.company.delivered();

      const last = await at.company.newest();
      const { uses } = await at.company.as('wang').json<{ uses: unknown[] }>('GET', '/v1/register/uses');
      await at.company.present(file, language === 'zh' ? 2 : 1);
      const number = await at.company.displayed(last);
      await page.locator('img.photo').first().waitFor();
      await page.locator('input[name=number]').fill(String(number + 1));
      await page.getByRole('button', { name: words.grant.act }).click();
      // Not the number on the display: no stroke, and the code says why.
      await page.getByText('WRONG_NUMBER').waitFor();
      await li.shot('grant');
      await page.locator('input[name=number]').fill(String(number));
      await page.getByRole('button', { name: words.grant.act }).click();
      await at.company.proven(uses.length + 1);
      await at.company.emptyTray();
      await clean(li);
      await li.leave();
    });

    test('it is found in the register with photos and proofs, and its receipt needs no login', async () => {
      const wang = await at.visit(size, language);
      await wang.signIn(at.company.people.wang);
      const { page } = wang;
      await wang.open('/register');
      await page.locator('input[name=search]').fill(language === 'zh' ? '采购合同' : 'supplier');
      await page.getByRole('button', { name: words.register.find }).click();
      await wang.shot('register');
      await clean(wang);
      await page.getByRole('link', { name: purpose }).click();
      await page.locator('.photos img').nth(1).waitFor();
      await page.getByText(words.proof.outcome.replace('{{seq}}', '').trim().split(' ')[0]!, { exact: false }).first().waitFor();
      await page.getByRole('button', { name: words.receipt.give }).click();
      const receipt = await page.getByRole('link', { name: words.receipt.open }).getAttribute('href');
      await wang.settled();
      await wang.shot('use');
      await clean(wang);
      await wang.leave();

      const stranger = await at.visit(size, language);
      await stranger.go(receipt!);
      await stranger.page.getByRole('heading', { level: 1 }).waitFor();
      expect(await stranger.page.textContent('table')).toContain('合同专用章');
      expect([await stranger.findings(), stranger.complaints]).toEqual([[], []]);
      await stranger.leave();
    });
  });

  /** A case and a ceremony, so that their pages have something to show. */
  async function trouble(): Promise<void> {
    const { device, desk, unit } = at.company.stage;
    unit.type('drop');
    await until('the alarm', async () => ((await desk.json<{ cases: { kind: string }[] }>('GET', '/v1/cases?open=true')).cases.some(({ kind }) => kind === 'alarm') ? true : undefined), 120_000);
    await at.company.as('wang').json('POST', `/v1/devices/${device}/ceremonies`, { action: 'take-out', present: [at.company.people.zhang.id], person: at.company.people.zhang.id, until: Math.floor(systemClock().wall() / 1000) + 86_400, reason: '外出签约' });
  }

  test('every page is whole in both languages and sizes; the alarm stands over each until it is closed with a reason', async () => {
    await trouble();
    const [first] = (await at.company.as('wang').json<{ cases: { id: string; kind: string }[] }>('GET', '/v1/cases?open=true')).cases.filter(({ kind }) => kind === 'alarm');
    const [ceremony] = (await at.company.as('wang').json<{ ceremonies: { id: string }[] }>('GET', '/v1/ceremonies')).ceremonies;
    const [used] = (await at.company.as('zhang').json<{ applications: { id: string }[] }>('GET', '/v1/applications?state=used')).applications;
    const pages = [...PAGES, ['wang', `/cases/${first!.id}`, 'case'], ['wang', `/seals/${at.company.seal}`, 'seal'], ['wang', `/units/${at.company.stage.device}`, 'unit'], ['admin', `/units/${at.company.stage.device}`, 'unit-admin'], ['wang', `/ceremonies/${ceremony!.id}`, 'ceremony'], ['zhang', `/live/${used!.id}`, 'live-over']] as typeof PAGES;
    for (const [size, language] of [['phone', 'zh'], ['desk', 'en']] as const) {
      for (const who of ['zhang', 'li', 'wang', 'zhou', 'admin'] as const) {
        const visitor = await at.visit(size, language);
        await visitor.signIn(at.company.people[who]);
        for (const [, address, name] of pages.filter(([one]) => one === who)) {
          await visitor.open(address);
          await visitor.shot(name);
          expect([name, await visitor.findings(), await visitor.tooWide(), visitor.complaints]).toEqual([name, [], [], []]);
          if (who === 'wang') expect([name, await visitor.page.locator('.alarm').count()]).toEqual([name, 1]);
        }
        await visitor.leave();
      }
    }
    const wang = await at.visit('phone', 'zh');
    await wang.signIn(at.company.people.wang);
    await wang.page.locator('.alarm a').click();
    await wang.page.getByRole('button', { name: zh.case.close }).click();
    await wang.page.getByRole('dialog').locator('textarea').fill('搬运时碰落，已检查，无损坏');
    await wang.page.getByRole('dialog').getByRole('button', { name: zh.case.close }).click();
    await wang.page.getByText('搬运时碰落，已检查，无损坏').waitFor();
    await wang.page.locator('.alarm').waitFor({ state: 'detached' });
    await wang.leave();
  });
});
