/** The office's pages in real Chromium, against a desk of this process: rules, organisation, settings, signatures, papers, figures, archives. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { verifyArchiveFile } from '../../host-bridge/desk/archive/file';
import { noteVerifier } from '../../host-bridge/desk/register/note';
import { approved, testFolder, tinyPng } from '../desk/support';
import { ConsoleOffice, WORDS, type Who } from './office';
import { openBrowser, program, type Language, type Size, type Visitor } from './visitor';
import en from '../../host-bridge/console/i18n/en.json';
import zh from '../../host-bridge/console/i18n/zh.json';

jest.setTimeout(900_000);
if (program === undefined) console.warn("not run, because there is no Chromium on this machine: the console's office pages");

const DAY = 86_400;
const FEISHU = { kind: 'feishu', name: 'feishu-main', template: 'T-1', encryptKey: 'k'.repeat(24), verificationToken: 'v'.repeat(24) } as const;

if (program !== undefined) describe('the office', () => {
  let it: ConsoleOffice;
  let browser: Browser;
  beforeAll(async () => {
    [it, browser] = await Promise.all([ConsoleOffice.open({ outside: [FEISHU] }), openBrowser()]);
  });
  afterAll(async () => {
    await browser?.close();
    await it?.close();
  });
  const enter = (who: Who, size: Size = 'desk', language: Language = 'zh'): Promise<Visitor> => it.enter(browser, who, size, language);
  const clean = async (visitor: Visitor, name: string): Promise<void> => {
    await visitor.settled();
    await visitor.shot(name);
    expect([name, await visitor.findings(), await visitor.tooWide(), visitor.complaints]).toEqual([name, [], [], []]);
  };

  test('a rule is written, previewed by the desk before it stands, drawn as a chain, and removed with a reason', async () => {
    const admin = await enter('admin');
    const { page } = admin;
    await admin.open('/rules');
    await page.getByRole('button', { name: zh.rules.add }).click();
    const dialog = page.getByRole('dialog');
    await dialog.locator('input[name=name]').fill('十万元以上的合同');
    await dialog.locator('select[name=kind]').selectOption('company');
    await dialog.locator('select[name=category]').selectOption('contract');
    await dialog.locator('input[name=amountFrom]').fill('100000');
    await dialog.getByRole('checkbox', { name: /^李娜/ }).check();
    await dialog.getByRole('button', { name: zh.rules.addStep }).click();
    await dialog.locator('input[name=any-2]').check();
    await dialog.locator('select[name=about-seal]').selectOption(it.office.seal);
    await dialog.locator('select[name=about-category]').selectOption('contract');
    await dialog.locator('input[name=about-amount]').fill('120000');
    await dialog.locator('select[name=about-applicant]').selectOption(String(it.office.ids.chief));
    await dialog.getByRole('button', { name: zh.rules.ask }).click();
    // Of the first step only she decides, and it is she who asks: the desk says so, not the page.
    await dialog.getByText(zh.rules.mayNot).first().waitFor();
    await clean(admin, 'rule-editor');
    await dialog.locator('textarea[name=reason]').fill('用印管理办法第八条');
    await dialog.getByRole('button', { name: zh.save }).click();
    await dialog.waitFor({ state: 'detached' });
    const flow = page.locator('article .flow');
    await flow.first().waitFor();
    expect(await flow.locator('li').allTextContents()).toEqual([zh.roles.applicant, `${zh.flow.step.replace('{{number}}', '1')}李娜`, `${zh.flow.step.replace('{{number}}', '2')}${zh.rules.any}`, zh.matterEnds.use]);
    expect((await it.ask('auditor', 'GET', '/v1/chains')).rules).toMatchObject([{ name: '十万元以上的合同', kind: 'company', category: 'contract', amountFrom: 10_000_000, steps: [[it.office.ids.chief], 'any'] }]);

    // By the rules as they stand now.
    const asking = page.locator('form').filter({ hasText: zh.rules.whoDecidesWhat });
    await asking.locator('select[name=about-seal]').selectOption(it.office.seal);
    await asking.locator('select[name=about-category]').selectOption('contract');
    await asking.locator('input[name=about-amount]').fill('99999.99');
    await asking.getByRole('button', { name: zh.rules.ask }).click();
    await asking.getByText(zh.rules.bySeal).waitFor();
    await clean(admin, 'rules');

    await page.getByRole('button', { name: zh.scopes.editOf.replace('{{kind}}', zh.sealKinds.department) }).click();
    await dialog.getByRole('checkbox', { name: zh.categories.letter }).check();
    await dialog.locator('textarea').fill('部门对外函件');
    await dialog.getByRole('button', { name: zh.save }).click();
    await dialog.waitFor({ state: 'detached' });
    expect((await it.ask('auditor', 'GET', '/v1/scopes')).scopes.find(({ kind }: { kind: string }) => kind === 'department')).toMatchObject({ categories: ['internal', 'letter'], usual: false });

    await page.getByRole('button', { name: zh.rules.removeOf.replace('{{name}}', '十万元以上的合同') }).click();
    await dialog.locator('textarea').fill('改由印章登记卡审批');
    await dialog.getByRole('button', { name: zh.remove, exact: true }).click();
    await page.getByText(zh.rules.none).waitFor();
    await admin.leave();
  });

  test('departments make a tree, and what a person may do is changed; who checks sees it and cannot change it', async () => {
    const admin = await enter('admin', 'phone', 'en');
    const { page } = admin;
    await admin.open('/organisation');
    for (const [name, parent, head] of [['总经办', '', '赵强 · 副总经理'], ['行政部', '总经办', '李娜 · 办公室主任']] as const) {
      await page.getByRole('button', { name: en.organisation.add }).click();
      await page.locator('input[name=name]').fill(name);
      if (parent !== '') await page.locator('select[name=parent]').selectOption({ label: parent });
      await page.locator('select[name=head]').selectOption({ label: head });
      await page.getByRole('dialog').getByRole('button', { name: en.save }).click();
      await page.getByRole('dialog').waitFor({ state: 'detached' });
    }
    await page.locator('.tree .tree').getByText('行政部').waitFor();
    await clean(admin, 'organisation');
    await page.getByRole('link', { name: /王芳/ }).click();
    await page.locator('select[name=department]').selectOption({ label: '行政部' });
    await page.getByRole('button', { name: en.save, exact: true }).click();
    await page.getByText(en.saved).waitFor();
    await page.locator('input[name=role][value=witness]').check();
    await page.getByRole('button', { name: en.personPage.saveRoles }).click();
    await page.getByText(en.saved).nth(1).waitFor();
    await clean(admin, 'person');
    expect(await it.ask('admin', 'GET', `/v1/people/${it.office.ids.custodian}`)).toMatchObject({ roles: ['custodian', 'witness'], title: '印章保管员' });
    await admin.leave();

    const auditor = await enter('auditor');
    await auditor.open('/organisation');
    await auditor.page.getByText('行政部').waitFor();
    await auditor.page.getByRole('link', { name: /王芳/ }).click();
    await auditor.page.getByText(zh.personPage.noSession).waitFor();
    expect(await auditor.page.locator('main form').count()).toBe(0);
    await auditor.leave();
  });

  test('settings are changed with a reason; authorities elsewhere are shown with the address for their messages', async () => {
    const admin = await enter('admin');
    const { page } = admin;
    await admin.open('/settings');
    await page.getByText(`${it.origin}/v1/outside/feishu-main/events`).waitFor();
    await page.getByRole('button', { name: zh.settings.editOf.replace('{{name}}', zh.settings.reminders) }).click();
    await page.locator('input[name=after]').fill('4');
    await page.locator('.duration').filter({ has: page.locator('input[name=after]') }).locator('select').selectOption('hours');
    await page.locator('select[name=escalateTo]').selectOption('admin');
    await page.getByRole('dialog').locator('textarea').fill('加快审批');
    await page.getByRole('dialog').getByRole('button', { name: zh.save }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(await it.ask('auditor', 'GET', '/v1/settings')).toMatchObject({ reminders: { after: 4 * 3600, escalateTo: 'admin' } });
    await page.getByText(zh.duration.hours_other.replace('{{count}}', '4')).waitFor();
    await page.getByRole('button', { name: zh.settings.editOf.replace('{{name}}', zh.settings.signatures) }).click();
    await page.locator('input[name=approvers]').check();
    await page.getByRole('dialog').locator('textarea').fill('电子签名管理办法');
    await page.getByRole('dialog').getByRole('button', { name: zh.save }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await clean(admin, 'settings');
    await admin.leave();
  });

  test('an application and its approval are signed with passkeys, and the signatures stand as evidence with it and with the use', async () => {
    const zhang = await enter('applicant', 'phone');
    await zhang.open('/apply');
    const { page } = zhang;
    await page.locator('input[name=document]').setInputFiles({ name: '授权书.png', mimeType: 'image/png', buffer: tinyPng(40, 60, 90) });
    await page.locator('.pages figure img').first().waitFor();
    await page.locator('textarea[name=purpose]').fill('供应商授权书');
    await page.locator('input[name=strokeGrants]').uncheck();
    await page.locator('input[name=sign]').check();
    await clean(zhang, 'apply-signed');
    await page.getByRole('button', { name: zh.apply.submit }).click();
    await page.getByText(zh.next.submitted).waitFor();
    await page.getByText(zh.signed.applied, { exact: false }).waitFor();
    const id = page.url().split('/').at(-1)!;
    await clean(zhang, 'application-signed');

    for (const who of ['chief', 'director'] as const) {
      const approver = await enter(who, who === 'chief' ? 'phone' : 'desk', who === 'chief' ? 'zh' : 'en');
      const words = WORDS[approver.language];
      await approver.open(`/tasks/${id}`);
      // Settled before: they must.
      await approver.page.getByText(words.sign.must).waitFor();
      expect(await approver.page.locator('input[name=sign]').isDisabled()).toBe(true);
      await approver.page.getByRole('button', { name: words.task.approve, exact: true }).click();
      await approver.page.getByText(words.task.approved).waitFor();
      await clean(approver, 'task-signed');
      await approver.leave();
    }
    const { signatures } = await it.ask('applicant', 'GET', `/v1/applications/${id}/signatures`);
    expect(signatures.map(({ decision, person }: { decision: string; person: number }) => [decision, person])).toEqual([['applied', it.office.ids.applicant], ['approved', it.office.ids.chief], ['approved', it.office.ids.director]]);
    await it.office.desk.round();
    const { permits } = await it.ask('applicant', 'GET', `/v1/applications/${id}`);
    it.office.device.use(permits[0].id, it.office.bridge.permits.get(permits[0].id)!, 1);
    await it.office.desk.round();
    await zhang.leave();

    const wang = await enter('custodian');
    await wang.open('/register');
    await wang.page.getByRole('link', { name: '供应商授权书' }).click();
    await wang.page.getByRole('heading', { name: zh.signatures.title }).waitFor();
    expect(await wang.page.getByText(zh.signed.approved, { exact: false }).count()).toBe(2);
    await wang.page.getByText(zh.signatures.evidence).first().click();
    await wang.page.getByText(signatures[0].signature, { exact: true }).waitFor();
    await wang.leave();
    await it.ask('admin', 'PUT', '/v1/settings/signatures', { applicant: false, approvers: false, reason: '试行结束' });
  });

  test('blank paper is asked for as an exception, and accounted for stroke by stroke', async () => {
    const { office } = it;
    await it.ask('admin', 'POST', '/v1/chains', { rule: { name: '空白用纸', matter: 'blank', steps: [[office.ids.director]] }, reason: '用印管理办法' });
    const zhang = await enter('applicant');
    const { page } = zhang;
    await zhang.open('/apply');
    await page.locator('input[name=document]').setInputFiles({ name: '空白信笺.png', mimeType: 'image/png', buffer: tinyPng(60, 60, 255) });
    await page.locator('.pages figure img').first().waitFor();
    await page.locator('textarea[name=purpose]').fill('外出签约备用信笺');
    await page.locator('input[name=strokeGrants]').uncheck();
    await page.locator('input[name=count]').fill('2');
    await page.getByRole('button', { name: zh.apply.submit }).click();
    // Blank paper is not stamped as if it were a document.
    await page.getByText('BLANK_DOCUMENT').waitFor();
    await page.locator('input[name=blank]').check();
    await clean(zhang, 'apply-blank');
    await page.getByRole('button', { name: zh.apply.submit }).click();
    await page.getByText(zh.next.submitted).waitFor();
    const id = page.url().split('/').at(-1)!;
    const { content } = await it.ask('applicant', 'GET', `/v1/applications/${id}`);
    await it.ask('director', 'POST', `/v1/applications/${id}/approve`, { content });
    await office.desk.round();
    const { permits } = await it.ask('applicant', 'GET', `/v1/applications/${id}`);
    office.device.use(permits[0].id, office.bridge.permits.get(permits[0].id)!, 2);
    await office.desk.round();

    await zhang.open('/papers');
    await clean(zhang, 'papers');
    await page.getByRole('link', { name: /外出签约备用信笺/ }).click();
    await page.locator('input[type=file]').first().setInputFiles({ name: '承诺书.png', mimeType: 'image/png', buffer: tinyPng(40, 60, 120) });
    await page.getByText('承诺书.png').waitFor();
    await page.locator('fieldset.stroke').nth(1).locator('input[name^=note-]').fill('写错作废');
    await clean(zhang, 'report');
    await page.getByRole('button', { name: zh.papers.send }).click();
    await page.getByText(zh.reportStates.made).first().waitFor();
    await page.getByText('写错作废').waitFor();
    await clean(zhang, 'report-made');
    expect(await it.ask('auditor', 'GET', `/v1/applications/${id}/report`)).toMatchObject({ state: 'made', used: 2, unused: 0, papers: [{ page: 1, note: null }, { page: null, note: '写错作废' }] });
    await zhang.leave();
  });

  test('steps that wait too long are told to their approvers and to who asked, with whom they have gone to', async () => {
    const { office } = it;
    const { id } = await it.ask('applicant', 'POST', '/v1/applications', { ...(await draft()), purpose: '年检材料' });
    office.clock.time += 5 * 3600 * 1000;
    await office.desk.round();
    office.clock.time += 3 * DAY * 1000;
    await office.desk.round();
    const chief = await enter('chief', 'phone');
    await chief.open('/tasks');
    await chief.page.getByRole('heading', { name: zh.overdue.title }).waitFor();
    await chief.page.getByText(zh.overdue.escalated).waitFor();
    await clean(chief, 'tasks-overdue');
    await chief.page.locator('section').filter({ has: chief.page.getByRole('heading', { name: zh.overdue.title }) }).getByRole('link').click();
    await chief.page.waitForURL(`**/tasks/${id}`);
    await chief.leave();
    async function draft(): Promise<object> {
      return { seal: office.seal, document: office.document, count: 1, notBefore: office.clock.seconds - 60, notAfter: office.clock.seconds + 20 * DAY, persons: [office.ids.applicant] };
    }
  });

  test('figures are drawn and stand in tables; the archive that the browser has saved verifies by itself', async () => {
    await it.used('采购合同', 2);
    await it.used('年度审计报告', 1, { category: 'letter' });
    await approved(it.office, { purpose: '未使用' });
    const auditor = await enter('auditor', 'desk', 'en');
    const { page } = auditor;
    await auditor.open('/statistics');
    await page.locator('canvas').nth(4).waitFor();
    // What is drawn has ink: the library came through the policy.
    expect(await page.locator('canvas').first().evaluate((canvas: HTMLCanvasElement) => canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height).data.some((value) => value !== 0))).toBe(true);
    await page.locator('details').nth(1).locator('summary').click();
    const { total } = await it.ask('auditor', 'GET', '/v1/register/statistics');
    expect(total.stamped).toBeGreaterThanOrEqual(3);
    expect(await page.locator('details').nth(1).locator('tbody tr').allTextContents()).toEqual([`公司公章${total.stamped}000`]);
    await clean(auditor, 'statistics');

    await auditor.open('/archives');
    await page.getByRole('button', { name: en.archives.make }).click();
    const saving = page.waitForEvent('download');
    await page.getByRole('link', { name: en.archives.save }).click();
    const file = path.join(testFolder(), 'register.tar');
    await (await saving).saveAs(file);
    await clean(auditor, 'archives');
    const command = (await page.locator('code.secret').textContent())!;
    const key = noteVerifier(/--key '([^']+)'/.exec(command)![1]!)!;
    const told = await verifyArchiveFile(file, key);
    expect(told).toMatchObject({ ok: true });
    expect(readFileSync(file).length).toBeGreaterThan(10_000);
    await auditor.leave();
  });
});
