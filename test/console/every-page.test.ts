/** Every page of the console in both languages and both sizes: nothing for axe to find, nothing wider than the screen, no complaint of the browser. SHOTS=folder keeps a picture of each. */
import { readFileSync } from 'node:fs';
import type { Browser, Cookie } from 'playwright-core';
import { approved, deviceId } from '../desk/support';
import { asset } from '../e2e/programs';
import { ConsoleOffice, type Who } from './office';
import { openBrowser, program, Visitor, type Language, type Size } from './visitor';

jest.setTimeout(900_000);
if (program === undefined) console.warn('not run, because there is no Chromium on this machine: every page of the console');

const DAY = 86_400;

if (program !== undefined) describe('every page', () => {
  let it: ConsoleOffice;
  let browser: Browser;
  let pages: readonly [Who, string, string][];
  /** What needs no signing in: a receipt. */
  let receipt: string;
  beforeAll(async () => {
    [it, browser] = await Promise.all([ConsoleOffice.open({ push: { contact: 'mailto:it@example.com', networks: [], post: () => Promise.resolve({ status: 201, why: '' }) } }), openBrowser()]);
    const { office } = it;
    const { ids } = office;
    await it.ask('admin', 'POST', '/v1/chains', { rule: { name: '五十万元以上合同', category: 'contract', amountFrom: 50_000_000, steps: [[ids.chief], [ids.director]], remindAfter: 4 * 3600, escalateAfter: DAY, archiveWithin: 7 * DAY }, reason: '用印管理办法' });
    await it.ask('admin', 'POST', '/v1/chains', { rule: { name: '空白用纸', matter: 'blank', steps: [[ids.director]] }, reason: '用印管理办法' });
    await it.ask('admin', 'PUT', '/v1/settings/papers', { archiveWithin: 7 * DAY, remindBefore: DAY, every: DAY, reason: '档案管理办法' });
    const office1 = await it.ask('admin', 'POST', '/v1/departments', { name: '总经办', parent: null, head: ids.director, leader: null });
    const sales = await it.ask('admin', 'POST', '/v1/departments', { name: '销售部', parent: office1.id, head: ids.chief, leader: ids.director });
    await it.ask('admin', 'PUT', `/v1/people/${ids.applicant}`, { name: '张伟', login: 'applicant', department: sales.id, title: '采购专员' });
    const used = await it.used('与供应商签订采购合同', 2);
    office.clock.time += 32 * DAY * 1000;
    const last = await it.used('年度审计报告', 1);
    // A real contract, for what an approver sees is a page to be read.
    const { sha256: contract } = await office.desk.rooms.documents.add(readFileSync(asset('contract-zh.pdf')), '采购合同.pdf', ids.applicant);
    const unused = await approved(office, { purpose: '尚未使用的授权书', notAfter: office.clock.seconds + 20 * DAY });
    const open = await it.ask('applicant', 'POST', '/v1/applications', { seal: office.seal, document: contract, purpose: '投标文件', count: 3, notBefore: office.clock.seconds - 60, notAfter: office.clock.seconds + 20 * DAY, persons: [ids.applicant] });
    const out = await it.ask('custodian', 'POST', `/v1/devices/${deviceId}/ceremonies`, { action: 'take-out', present: [ids.applicant], person: ids.applicant, until: office.clock.seconds + DAY, reason: '外出签约' });
    office.clock.time += 2 * DAY * 1000;
    office.device.write(9, [6, 0]);
    await office.desk.round();
    const { cases } = await it.ask('custodian', 'GET', '/v1/cases?open=true');
    const { uses } = await it.ask('auditor', 'GET', '/v1/register/uses');
    const { id } = await it.ask('auditor', 'POST', `/v1/register/uses/${uses[0].device}/${uses[0].intent}/receipt`);
    receipt = `/r/${id}`;
    pages = [
      ['applicant', '/', 'home'], ['applicant', '/more', 'more'], ['applicant', '/account', 'account'], ['applicant', '/apply', 'apply'], ['applicant', '/applications', 'applications'], ['applicant', `/applications/${last.id}`, 'application'],
      ['applicant', `/live/${last.id}`, 'live'], ['applicant', '/papers', 'papers'], ['applicant', `/papers/${used.id}`, 'report'],
      ['chief', '/', 'home-approver'], ['chief', '/tasks', 'tasks'], ['chief', `/tasks/${open.id}`, 'task'], ['chief', `/applications/${unused.id}`, 'application-approved'], ['chief', '/remote', 'remote'],
      ['custodian', '/account', 'account-alarms'], ['custodian', '/cases', 'cases'], ['custodian', `/cases/${cases.find(({ kind }: { kind: string }) => kind === 'alarm').id}`, 'case'], ['custodian', '/units', 'units'], ['custodian', `/units/${deviceId}`, 'unit'], ['custodian', '/seals', 'seals'],
      ['custodian', `/seals/${office.seal}`, 'seal'], ['custodian', '/ceremonies', 'ceremonies'], ['custodian', `/ceremonies/${out.id}`, 'ceremony'],
      ['auditor', '/register', 'register'], ['auditor', `/register/${uses[0].device}/${uses[0].intent}`, 'use'], ['auditor', '/statistics', 'statistics'], ['auditor', '/archives', 'archives'], ['auditor', '/security', 'security'],
      ['admin', '/people', 'people'], ['admin', `/people/${ids.applicant}`, 'person'], ['admin', '/organisation', 'organisation'], ['admin', '/rules', 'rules'], ['admin', '/settings', 'settings'],
    ];
  });
  afterAll(async () => {
    await browser?.close();
    await it?.close();
  });

  const clean = async (visitor: Visitor, name: string): Promise<void> => {
    await visitor.shot(name);
    expect([name, await visitor.findings(), await visitor.tooWide(), await visitor.broken(), visitor.complaints]).toEqual([name, [], [], [], []]);
  };

  /** Each signs in once; in the other languages and sizes they come with what they have got by it. */
  const entered = new Map<Who, Cookie[]>();
  const come = async (who: Who, size: Size, language: Language): Promise<Visitor> => {
    const known = entered.get(who);
    if (known === undefined) {
      const visitor = await it.enter(browser, who, size, language);
      entered.set(who, await visitor.context.cookies());
      return visitor;
    }
    const visitor = await Visitor.come(browser, it.origin, size, language);
    await visitor.context.clock.setSystemTime(it.office.clock.time);
    await visitor.context.addCookies(known);
    return visitor;
  };

  test.each<[Language, Size]>([['zh', 'phone'], ['en', 'phone'], ['zh', 'desk'], ['en', 'desk']])('in %s on a %s', async (language, size) => {
    const stranger = await Visitor.come(browser, it.origin, size, language);
    await stranger.open('/');
    await clean(stranger, 'sign-in');
    const { token } = await it.ask('admin', 'POST', `/v1/people/${it.office.ids.other}/invitation`, {});
    await stranger.open(`/invitation#${token}`);
    await clean(stranger, 'invitation');
    await stranger.go(receipt);
    await stranger.settled();
    await clean(stranger, 'receipt');
    await stranger.leave();
    for (const who of [...new Set(pages.map(([one]) => one))]) {
      const visitor = await come(who, size, language);
      for (const [index, [, address, name]] of pages.filter(([one]) => one === who).entries()) {
        // Each once by its address; in the others as by a link, which is quicker and has to work as well.
        if (index === 0 || (language === 'zh' && size === 'phone')) await visitor.open(address);
        else await visitor.move(address);
        expect([name, new URL(visitor.page.url()).pathname]).toEqual([name, `/console${address}`]);
        await clean(visitor, name);
      }
      await visitor.leave();
    }
  });
});
