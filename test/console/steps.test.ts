/** Steps in a seal's life and more strokes for a permit under way, in real Chromium against a desk of this process; signed with passkeys where the organisation wants it. */
import type { Browser } from 'playwright-core';
import { approved, deviceId } from '../desk/support';
import { ConsoleOffice, WORDS, type Who } from './office';
import { openBrowser, program, type Language, type Size, type Visitor } from './visitor';

jest.setTimeout(900_000);
if (program === undefined) console.warn('not run, because there is no Chromium on this machine: steps and top-ups in a browser');

const DAY = 86_400;
/** What a field for a day or a moment takes, in Shanghai, where the visitors are. */
const local = (seconds: number, length: 10 | 16): string => new Date((seconds + 8 * 3600) * 1000).toISOString().slice(0, length);

if (program !== undefined) describe.each<[Language, Size]>([['zh', 'phone'], ['en', 'desk']])('in %s on a %s', (language, size) => {
  const words = WORDS[language];
  let it: ConsoleOffice;
  let browser: Browser;
  beforeAll(async () => {
    [it, browser] = await Promise.all([ConsoleOffice.open(), openBrowser()]);
    await it.ask('admin', 'PUT', '/v1/settings/signatures', { custody: true, applicant: true, approvers: true, reason: '用印管理办法' });
  });
  afterAll(async () => {
    await browser?.close();
    await it?.close();
  });
  const enter = (who: Who): Promise<Visitor> => it.enter(browser, who, size, language);
  const clean = async (visitor: Visitor, name: string): Promise<void> => {
    await visitor.settled();
    await visitor.shot(name);
    expect([name, await visitor.findings(), await visitor.tooWide(), visitor.complaints]).toEqual([name, [], [], []]);
  };

  test('a seal is engraved, its card changed, put into use and kept by a deputy: each step noted with a signature and its notice', async () => {
    const { ids, clock } = it.office;
    await it.ask('admin', 'PUT', `/v1/people/${ids.other}/roles`, { roles: ['applicant', 'custodian'] });
    const { id } = await it.ask('admin', 'POST', '/v1/seals', { kind: 'finance', name: '财务专用章', die: 'd1e0000000000077', device: deviceId, custodian: ids.custodian, approvers: [[ids.chief]], width: 38, height: 38, issuedBy: '财务部' });
    const admin = await enter('admin');
    const { page } = admin;
    await admin.open(`/seals/${id}`);
    const dialog = page.getByRole('dialog');
    const begin = async (what: 'engrave' | 'activate' | 'change' | 'deputy'): Promise<void> => {
      await page.getByRole('button', { name: words.seal.ask, exact: true }).click();
      await dialog.locator('select[name=what]').selectOption(what);
      await dialog.locator('textarea[name=reason]').fill(language === 'zh' ? '印章管理办法' : 'Rules for seals');
    };
    const note = async (): Promise<void> => {
      await dialog.getByRole('button', { name: words.seal.steps, exact: true }).click();
      await dialog.waitFor({ state: 'detached' });
    };
    await begin('engrave');
    await dialog.locator('input[name=unit]').fill(language === 'zh' ? '总经理办公会' : 'Board');
    await dialog.locator('input[name=number]').fill('2027-003');
    await dialog.locator('input[name=day]').fill(local(clock.seconds - DAY, 10));
    await clean(admin, 'step-engrave');
    await note();
    await begin('change');
    await dialog.getByText(words.stepFields.nothing).waitFor();
    expect(await dialog.getByRole('button', { name: words.seal.steps, exact: true }).isDisabled()).toBe(true);
    await dialog.locator('input[name=name]').fill('财务专用章（二）');
    await dialog.locator('input[name=width]').fill('');
    await clean(admin, 'step-change');
    await note();
    await page.getByRole('heading', { name: '财务专用章（二）', level: 1 }).waitFor();
    await begin('activate');
    await dialog.locator('input[name=unit]').fill(language === 'zh' ? '行政部' : 'Administration');
    // Without a scope the desk refuses, and says why.
    await dialog.getByRole('button', { name: words.seal.steps, exact: true }).click();
    await dialog.getByRole('alert').waitFor();
    await dialog.locator('input[name=scope-finance]').check();
    await clean(admin, 'step-activate');
    await note();
    await begin('deputy');
    await dialog.locator('select[name=deputy]').selectOption(String(ids.other));
    await dialog.locator('input[name=until]').fill(local(clock.seconds + 3 * DAY, 16));
    await clean(admin, 'step-deputy');
    await note();
    for (const what of ['engrave', 'change', 'activate', 'deputy'] as const) await page.locator('.time-line strong').filter({ hasText: words.steps[what] }).waitFor();
    await page.getByText(words.signed.noted).nth(3).waitFor();
    await clean(admin, 'seal-steps');
    await admin.leave();
    const { events } = await it.ask('auditor', 'GET', `/v1/seals/${id}/history`);
    expect(events).toMatchObject([
      { what: 'engrave', detail: { scope: '2027-003', act: expect.any(String) } }, { what: 'change', detail: { was: '财务专用章', act: expect.any(String) } },
      { what: 'activate', detail: { scope: 'finance', act: expect.any(String) } }, { what: 'deputy', detail: { person: ids.other, act: expect.any(String) } },
    ]);
    expect(await it.ask('auditor', 'GET', `/v1/seals/${id}`)).toMatchObject({ state: 'active', name: '财务专用章（二）', width: null, height: 38, deputy: ids.other });
    expect((await it.ask('auditor', 'GET', `/v1/seals/${id}/signatures`)).signatures).toHaveLength(4);
    // Who may not note it is not offered it.
    const custodian = await enter('custodian');
    await custodian.open(`/seals/${id}`);
    expect(await custodian.page.getByRole('button', { name: words.seal.ask, exact: true }).count()).toBe(0);
    await custodian.leave();
  });

  test('more strokes: asked for by who applied, granted in part by one approver and agreed to by the next, refused another time', async () => {
    const { office } = it;
    await it.ask('admin', 'PUT', '/v1/settings/signatures', { applicant: false, approvers: false, reason: '试行' });
    const application = await approved(office, { purpose: '投标文件', count: 2 });
    await it.ask('admin', 'PUT', '/v1/settings/signatures', { applicant: true, approvers: true, reason: '用印管理办法' });
    await office.desk.round();
    await office.desk.round();
    const asking = await enter('applicant');
    await asking.open(`/applications/${application.id}`);
    const dialog = asking.page.getByRole('dialog');
    const ask = async (count: number, reason: string): Promise<void> => {
      await asking.page.getByRole('button', { name: words.topUps.ask }).click();
      await dialog.locator('input[name=count]').fill(String(count));
      await dialog.locator('textarea[name=reason]').fill(reason);
    };
    await ask(6, language === 'zh' ? '投标文件另需四份' : 'Four more copies');
    await clean(asking, 'top-up-ask');
    await dialog.getByRole('button', { name: words.topUps.askAct, exact: true }).click();
    await dialog.waitFor({ state: 'detached' });
    await asking.page.getByText(words.topUpStates.submitted, { exact: true }).waitFor();
    const decide = async (who: 'chief' | 'director', count?: number): Promise<void> => {
      const approver = await enter(who);
      await approver.open('/tasks');
      await approver.page.getByRole('link', { name: words.topUps.wanted.split('{{count}}').join('').trim(), exact: false }).first().click();
      const card = approver.page.locator('.top-up').first();
      if (count !== undefined) await card.locator('input[name=granted]').fill(String(count));
      await card.getByRole('button', { name: words.task.approve, exact: true }).waitFor();
      await clean(approver, `top-up-${who}`);
      await card.getByRole('button', { name: words.task.approve, exact: true }).click();
      await approver.page.locator('input[name=granted]').waitFor({ state: 'detached' });
      await approver.leave();
    };
    await decide('chief', 4);
    await decide('director');
    // Not the state of the application, which reads the same.
    await asking.page.locator('.top-up').getByText(words.topUpStates.approved, { exact: true }).waitFor();
    await clean(asking, 'top-up-approved');
    const { topUps } = await it.ask('auditor', 'GET', '/v1/top-ups');
    expect(topUps).toMatchObject([{ application: application.id, count: 4, state: 'approved', decided: [office.ids.chief, office.ids.director] }]);
    expect((await it.ask('auditor', 'GET', `/v1/applications/${application.id}/signatures`)).signatures.map(({ matter, decision }: { matter: string; decision: string }) => [matter, decision])).toEqual([['top-up', 'asked'], ['top-up', 'approved'], ['top-up', 'approved']]);

    await ask(9, language === 'zh' ? '再多几份' : 'Some more');
    await dialog.getByRole('button', { name: words.topUps.askAct, exact: true }).click();
    await dialog.waitFor({ state: 'detached' });
    const chief = await enter('chief');
    await chief.open(`/tasks/${application.id}`);
    const refusing = chief.page.getByRole('dialog');
    await chief.page.locator('.top-up').getByRole('button', { name: words.task.refuse, exact: true }).click();
    await refusing.locator('textarea').fill(language === 'zh' ? '份数已够' : 'Enough copies');
    await refusing.getByRole('button', { name: words.task.refuse, exact: true }).click();
    await chief.page.getByText(words.topUpStates.refused, { exact: true }).waitFor();
    await chief.leave();
    await asking.page.getByText(words.topUpStates.refused, { exact: true }).waitFor();
    await asking.leave();
    const auditor = await enter('auditor');
    await auditor.open('/statistics');
    await auditor.page.getByText(language === 'zh' ? '份数已够' : 'Enough copies').waitFor();
    await clean(auditor, 'statistics-refusals');
    await auditor.leave();
  });
});
