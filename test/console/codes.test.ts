/** Codes for a unit without a network, in real Chromium: what was read out on the phone, what is asked back, the signature, and the code; and a simulated unit that opens by it (C6). */
import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { documentCode } from '../../host-bridge/desk/authority/offline';
import { nodeNatives as n } from '../../host-bridge/natives';
import { hmacKey } from '../../protocol/hash';
import { offlineAnswer, offlineCheck, offlineKey, offlineSession, tripCode } from '../../protocol/offline';
import { until } from '../../sim/cli/demo/http';
import { challengeOn, type Challenge } from '../../sim/people/glass';
import { approved, deviceId, die, hexBytes, identityOf, type Json } from '../desk/support';
import { asset } from '../e2e/programs';
import { ConsoleOffice, WORDS } from './office';
import { openBrowser, program, type Language, type Size, type Visitor } from './visitor';
import { clean, walking } from './walking';

jest.setTimeout(900_000);
if (program === undefined) console.warn('not run, because there is no Chromium on this machine: codes for a unit without a network in a browser');

const groups = (digits: string): string => digits.replace(/\d{4}(?=\d)/g, '$& ');
const card = (page: Page) => page.locator('#codes');
const button = (page: Page, name: string) => card(page).getByRole('button', { name, exact: true });

/** What is asked back, row by row. */
const readBack = (page: Page): Promise<string[]> => card(page).locator('.read-back dd').allTextContents();

async function hear(page: Page, words: typeof WORDS.zh, challenge: string, number: string): Promise<void> {
  await page.locator('input[name=challenge]').fill(challenge);
  await page.locator('input[name=number]').fill(number);
  await button(page, words.codes.ask).click();
}

if (program !== undefined) describe('codes for a unit without a network', () => {
  let it: ConsoleOffice;
  let browser: Browser;
  beforeAll(async () => {
    [it, browser] = await Promise.all([ConsoleOffice.open(), openBrowser()]);
    await it.ask('admin', 'PUT', '/v1/settings/signatures', { strokes: true, reason: '用印管理办法' });
  });
  afterAll(async () => {
    await browser?.close();
    await it?.close();
  });

  const key = offlineKey(n, hmacKey(n, identityOf().permitKey.toString('latin1')));
  const session = (document: string, count: number) => offlineSession({ device: hexBytes(deviceId), die: hexBytes(die), epoch: 0, person: 7, count, document });
  let counter = 11;
  /** What stands on the display of the unit, and the code that it waits for. */
  const call = (challenge: string, count = 2): { number: string; code: string } => {
    const terms = session(documentCode(it.office.document), count);
    counter += 1;
    return { number: `${String(counter).padStart(4, '0')}-${offlineCheck(n, key, counter, challenge, terms)}`, code: offlineAnswer(n, key, counter, challenge, terms) };
  };
  const look = async (visitor: Visitor, name: string): Promise<void> => {
    await visitor.shot(name);
    await clean(visitor);
  };

  test.each<[Language, Size]>([['zh', 'phone'], ['en', 'desk']])('are given in %s on a %s: signed, asked back, and shown only then', async (language, size) => {
    const words = WORDS[language];
    const { id } = await approved(it.office, { purpose: '异地签约' });
    const detail = (): Promise<Json> => it.ask('applicant', 'GET', `/v1/applications/${id}`);
    const li = await it.enter(browser, 'chief', size, language);
    const { page } = li;
    const answers: string[] = [];
    page.on('response', (response) => { if (/\/(answers|trip-codes)$/.test(response.url())) answers.push(`${new URL(response.url()).pathname.split('/').at(-1)} ${response.status()}`); });
    await li.open(`/tasks/${id}`);
    await button(page, words.codes.answer).click();
    await card(page).getByText(groups(documentCode(it.office.document))).waitFor();
    await card(page).getByText(words.sign.must).waitFor();
    await look(li, 'code-ask');

    // Misheard by one digit: nothing is given, and the permit stays.
    const { number, code } = call('12345678');
    await hear(page, words, '1234 5679', number);
    await card(page).getByText(words.errors.code.replace('{{code}}', 'MISHEARD')).waitFor();
    expect([(await detail()).permits[0].state, await card(page).locator('.read-back').count()]).toEqual(['issued', 0]);

    await hear(page, words, '1234 5678', number.replace('-', ''));
    await card(page).getByRole('heading', { name: words.codes.readBack }).waitFor();
    expect(await readBack(page)).toEqual(['张伟', 'Unit 1', '公司公章', '2', groups(documentCode(it.office.document)), number.slice(0, 4)]);
    // Neither to be seen nor in the page, whatever is pressed beside the one button.
    expect(await page.content()).not.toMatch(new RegExp(`${code}|${groups(code)}`));
    expect((await detail()).permits[0].state).toBe('revoked');
    await look(li, 'code-read-back');
    await button(page, words.codes.right).click();
    await card(page).getByText(groups(code), { exact: true }).waitFor();
    await look(li, 'code-shown');
    await button(page, words.codes.done).click();
    await button(page, words.codes.answer).waitFor();
    expect(await page.content()).not.toContain(groups(code));

    // Another one takes a reason; where the caller says something else it is never shown.
    await button(page, words.codes.answer).click();
    const again = call('87654321', 1);
    await page.locator('input[name=count]').fill('1');
    await hear(page, words, '87654321', again.number);
    await card(page).getByText(words.errors.code.replace('{{code}}', 'REASON_REQUIRED')).waitFor();
    await page.locator('textarea[name=reason]').fill('电话中断');
    await button(page, words.codes.ask).click();
    await button(page, words.codes.wrong).click();
    await card(page).getByText(words.codes.notGivenWhat).waitFor();
    await look(li, 'code-not-told');
    expect(await page.content()).not.toMatch(new RegExp(`${again.code}|${groups(again.code)}`));
    await button(page, words.close).click();

    await button(page, words.codes.trip).click();
    await page.locator('textarea[name=reason]').fill('外出签约');
    await button(page, words.codes.ask).click();
    await card(page).getByRole('heading', { name: words.codes.readBack }).waitFor();
    const serial = Number((await readBack(page)).at(-1));
    await look(li, 'code-trip-read-back');
    await button(page, words.codes.right).click();
    await card(page).getByText(groups(tripCode(n, key, serial, { device: hexBytes(deviceId), die: hexBytes(die), epoch: 0, person: 7, count: 2, document: '' })), { exact: true }).waitFor();
    await look(li, 'code-trip');
    expect(answers).toEqual(['answers 422', 'answers 201', 'answers 422', 'answers 201', 'trip-codes 201']);

    // Each was signed with the passkey, and the signatures stand with the application.
    const { signatures } = await it.ask('applicant', 'GET', `/v1/applications/${id}/signatures`);
    expect(signatures.map(({ matter, person }: Json) => [matter, person])).toEqual(Array.from({ length: 3 }, () => ['code', it.office.ids.chief]));
    expect(await page.getByText(words.signed.code).count()).toBe(3);
    await li.leave();
  });

  test('are offered to nobody outside the chain, and not before approval', async () => {
    const { id } = await approved(it.office, { purpose: '投标文件' });
    const waiting = await it.ask('applicant', 'POST', '/v1/applications', { seal: it.office.seal, document: it.office.document, purpose: '待批', count: 1, notBefore: it.office.clock.seconds - 60, notAfter: it.office.clock.seconds + 3600, persons: [it.office.ids.applicant] });
    const zhang = await it.enter(browser, 'applicant', 'phone', 'zh');
    await zhang.open(`/applications/${id}`);
    // Who will stand at the unit is told what to type there.
    await zhang.page.getByText(groups(documentCode(it.office.document))).waitFor();
    expect(await card(zhang.page).count()).toBe(0);
    await clean(zhang);
    await zhang.leave();
    const li = await it.enter(browser, 'chief', 'phone', 'zh');
    await li.open(`/applications/${waiting.id}`);
    expect(await card(li.page).count()).toBe(0);
    await li.open(`/applications/${id}`);
    await button(li.page, WORDS.zh.codes.trip).waitFor();
    await li.leave();
  });
});

if (program !== undefined) describe('a unit that was unplugged', () => {
  const at = walking();

  test('opens by the answer that the console gave on the phone, and what it stamped is in the register when it is back', async () => {
    const { company } = at;
    const { stage, people, seal } = company;
    const { unit, holderNumber: holder } = stage;
    const words = WORDS.zh;
    unit.type('unplug');
    await until('the unit to be away', async () => ((await stage.bridge.json<{ connected: boolean }>('GET', `/v1/devices/${stage.device}`)).connected ? undefined : true));
    const form = new FormData();
    const now = Math.floor(Date.now() / 1000);
    for (const [name, value] of Object.entries({ seal, purpose: '异地签约', category: 'contract', amount: 100, count: 1, notBefore: now - 60, notAfter: now + 3600, persons: [people.zhang.id], strokeGrants: false, submit: true })) form.set(name, typeof value === 'string' ? value : JSON.stringify(value));
    form.set('document', new Blob([readFileSync(asset('contract-zh.pdf'))], { type: 'application/pdf' }), 'contract-zh.pdf');
    const { id, content, document } = await company.as('zhang').json<{ id: string; content: string; document: string }>('POST', '/v1/applications', form);
    await company.as('li').json('POST', `/v1/applications/${id}/approve`, { content });

    /** Looks at the display until it says this. */
    const display = <T>(what: string, found: (rows: string[]) => T | undefined): Promise<T> => until(what, async () => {
      const shown = unit.next('the display', (line) => Array.isArray(line['rows']));
      unit.type('display');
      return found((await shown)['rows'] as string[]);
    });
    const asks = (text: string): Promise<true> => display(text, (rows) => (rows.join(' ').includes(text) ? true : undefined));
    unit.type(`type *__B${holder}#`);
    await asks('指纹或口令');
    unit.type(`finger ${holder}`);
    await asks('盖章次数');
    unit.type(`type 1#${documentCode(document)}#`);
    const heard = await display<Challenge>('the challenge', challengeOn);

    const li = await at.visit('desk', 'zh');
    await li.signIn(people.li);
    const { page } = li;
    await li.open(`/tasks/${id}`);
    await button(page, words.codes.answer).click();
    await hear(page, words, heard.challenge, `${heard.number}-${heard.check}`);
    await button(page, words.codes.right).click();
    const code = (await card(page).locator('.said-code').textContent())!.replace(' ', '');
    await clean(li);
    await li.leave();

    unit.type(`type ${code}#`);
    await display('the answer to be judged', (rows) => (rows.join(' ').includes('应答码') ? undefined : true));
    const stroke = unit.next('the stroke', (line) => line['event'] === 'stroke', 120_000);
    unit.type('paper contract-zh');
    await stroke;
    unit.type('plug');
    await company.proven(1);
    await until('the application to be used', async () => ((await company.as('zhang').json<Json>('GET', `/v1/applications/${id}`)).state === 'used' ? true : undefined), 60_000);
  });
});
