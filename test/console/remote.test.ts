/** Remote mode in the browser (B5): applied for with an operator, a place and marks; the operator sees the tray, talks with the applicant, and confirms each stroke by its number. */
import { readFileSync } from 'node:fs';
import { systemClock } from '../../host-bridge/cli/system';
import { until } from '../../sim/cli/demo/http';
import { asset } from '../e2e/programs';
import { program } from './visitor';
import { clean, walking } from './walking';
import en from '../../host-bridge/console/i18n/en.json';
import zh from '../../host-bridge/console/i18n/zh.json';

const FOUND = {
  verdict: 'different', page: 1, pages: 2, grantable: false, objection: null, elements: [], open: [], notes: [],
  reasons: [{ code: 'DIFFERENCES', text: { zh: '页面与批准的文件有出入', en: 'The page differs from the approved document' } }],
  findings: [{ code: 'CHANGED', text: { zh: '文字有改动', en: 'Text was changed' }, approved: '128000.50', seen: '198000.50', x: 40, y: 60, width: 30, height: 6 }],
};

jest.setTimeout(900_000);
if (program === undefined) console.warn('not run, because there is no Chromium on this machine: remote mode in a browser');

if (program !== undefined) describe('remote mode', () => {
  const at = walking();

  test.each([['zh', 'phone', zh], ['en', 'desk', en]] as const)('in %s on a %s', async (language, size, words) => {
    const purpose = language === 'zh' ? '外地签约，远程盖章' : 'Signed elsewhere, stamped from afar';
    const zhang = await at.visit(size, language);
    await zhang.context.grantPermissions(['geolocation']);
    await zhang.context.setGeolocation({ latitude: 31.2304, longitude: 121.4737, accuracy: 12 });
    await zhang.signIn(at.company.people.zhang);
    await zhang.open('/apply');
    const { page } = zhang;
    await page.locator('input[name=document]').setInputFiles(asset(language === 'zh' ? 'contract-zh.pdf' : 'contract-en.pdf'));
    await page.locator('.pages figure img').first().waitFor();
    await page.locator('textarea[name=purpose]').fill(purpose);
    await page.locator('summary').filter({ hasText: words.marks.act }).click();
    await page.locator('button.marked').first().click({ position: { x: 60, y: 80 } });
    await page.locator('.spots ellipse').first().waitFor();
    await page.locator('select[name=operator]').selectOption({ label: '周敏' });
    // Picked by "here", and then taken back: the simulated unit is elsewhere, and the permit is for any place.
    await page.locator('summary').filter({ hasText: words.place.title }).click();
    await page.getByRole('button', { name: words.place.here, exact: true }).click();
    await page.locator('.plot .picked').waitFor();
    expect(await page.locator('input[name=latitude]').inputValue()).toBe('31.2304');
    await page.locator('.plot svg').click({ position: { x: 40, y: 40 } });
    await page.waitForFunction(() => (document.querySelector('input[name=latitude]') as HTMLInputElement).value !== '31.2304');
    await zhang.settled();
    await zhang.shot('apply-remote');
    await clean(zhang);
    await page.getByRole('button', { name: words.place.anywhere, exact: true }).click();
    await page.locator('input[name=holder]').first().waitFor();
    await page.getByRole('button', { name: words.apply.submit }).click();
    await page.getByText(words.next.submitted).waitFor();
    await page.getByText('周敏').first().waitFor();

    const [{ id, content }] = (await at.company.as('zhang').json<{ applications: [{ id: string; content: string }] }>('GET', '/v1/applications?limit=1')).applications;
    const { marks, operator } = await at.company.as('li').json<{ marks: { page: number }[]; operator: number }>('GET', `/v1/applications/${id}`);
    expect([marks.map((mark) => mark.page), operator]).toEqual([[1], at.company.people.zhou.id]);
    await at.company.as('li').json('POST', `/v1/applications/${id}/approve`, { content });
    await at.company.delivered();

    // What a comparison may say, as the desk words it: the comparison itself takes as long as it takes, and has tests of its own.
    await page.route('**/comparison', (route) => route.fulfill({ json: FOUND }));
    await page.route('**/comparison/picture', (route) => route.continue({ url: route.request().url().replace('/comparison/picture', '') }));
    const zhou = await at.visit(size, language);
    await zhou.signIn(at.company.people.zhou);
    await zhou.open('/remote');
    await zhou.shot('remote');
    await clean(zhou);
    await zhou.page.getByRole('link', { name: purpose }).click();
    await zhou.page.getByText(words.live.stands).waitFor();
    await zhang.open(`/live/${id}`);
    await page.getByText(words.liveNext.IDLE).first().waitFor();

    const last = await at.company.newest();
    const { uses } = await at.company.as('wang').json<{ uses: unknown[] }>('GET', '/v1/register/uses');
    await at.company.present(language === 'zh' ? 'contract-zh.pdf' : 'contract-en.pdf', 1);
    const number = await at.company.displayed(last);
    // Each sees it come by itself: the step with the person's name, and the picture of the tray.
    await page.getByText(words.step.opened.replace('{{who}}', '张伟')).waitFor();
    await page.locator('img.photo').first().waitFor();
    await page.getByText(words.verdicts.different).waitFor();
    await page.locator('.note ol li').filter({ hasText: FOUND.findings[0]!.text[language] }).filter({ hasText: '128000.50' }).waitFor();
    await page.locator('img.photo[src$="/comparison/picture"]').waitFor();
    await page.locator('input[name=say]').fill(language === 'zh' ? `页面放好了，核对号 ${number}` : `It lies in the tray, number ${number}`);
    await page.getByRole('button', { name: words.talk.send }).click();
    await zhou.page.locator('.talk p').getByText(String(number)).waitFor();
    await zhou.page.locator('input[name=say]').fill(language === 'zh' ? '看到了，现在盖章' : 'I see it, stamping now');
    await zhou.page.getByRole('button', { name: words.talk.send }).click();
    await page.locator('.talk').getByText(language === 'zh' ? '现在盖章' : 'stamping now').waitFor();
    await zhou.settled();
    await zhou.shot('live-operator');
    await clean(zhou);
    await zhou.page.locator('input[name=number]').fill(String(number + 7));
    await zhou.page.getByRole('button', { name: words.grant.act }).click();
    await zhou.page.getByText('WRONG_NUMBER').waitFor();
    await zhou.page.locator('input[name=number]').fill(String(number));
    await zhou.page.getByRole('button', { name: words.grant.act }).click();
    await page.getByText(words.step.granted).waitFor();
    await page.locator('.time-line').getByText(words.results.stamped, { exact: true }).waitFor();
    await at.company.proven(uses.length + 1);
    await page.locator('.time-line').getByText(words.step.after, { exact: true }).waitFor();
    await zhang.settled();
    await zhang.shot('live-applicant');
    await clean(zhang);
    await at.company.emptyTray();
    await zhang.leave();

    // Who audits reads what was said, and says nothing.
    const wang = await at.visit(size, language);
    await wang.signIn(at.company.people.wang);
    await wang.open(`/live/${id}`);
    await wang.page.locator('.talk p').getByText(String(number)).waitFor();
    expect(await wang.page.locator('input[name=say]').count()).toBe(0);
    await clean(wang);
    await wang.leave();
    await zhou.leave();
  });

  test('where a unit is, was and may be is plotted from what its receiver gave', async () => {
    const { stage, people, seal } = at.company;
    const HERE = { latitude: 31.2304, longitude: 121.4737 };
    const METRES = 500;
    const put = stage.unit.next('the place', (line) => line['event'] === 'place', 60_000);
    stage.unit.type(`place ${HERE.latitude} ${HERE.longitude}`);
    await put;
    const form = new FormData();
    const now = Math.floor(systemClock().wall() / 1000);
    const wish = { seal, purpose: '在上海办公室用印', count: 1, notBefore: now - 60, notAfter: now + 3600, persons: [people.zhang.id], place: { fences: [{ ...HERE, radius: 2000 }] } };
    for (const [name, value] of Object.entries(wish)) form.set(name, typeof value === 'string' ? value : JSON.stringify(value));
    form.set('document', new Blob([readFileSync(asset('contract-zh.pdf'))], { type: 'application/pdf' }), 'contract-zh.pdf');
    const { id, content } = await at.company.as('zhang').json<{ id: string; content: string }>('POST', '/v1/applications', form);
    await at.company.as('li').json('POST', `/v1/applications/${id}/approve`, { content });
    await at.company.delivered();
    // Somebody opens the use: the unit writes down where that was.
    const told = () => at.company.as('wang').json<{ spots: { latitude: number; longitude: number }[] }>('GET', `/v1/devices/${stage.device}/places`);
    const stands = async () => (await at.company.as('wang').json<{ place: { latitude: number; longitude: number } | null }>('GET', `/v1/devices/${stage.device}/state`)).place;
    await until('the receiver', async () => ((await stands()) === null ? undefined : true), 120_000);
    await at.company.finger(stage.holderNumber);
    await until('where it was opened', async () => ((await told()).spots.length > 0 ? true : undefined), 120_000);
    stage.unit.type(`carry ${METRES} 10`);
    await until('the unit elsewhere', async () => (((await stands())?.latitude ?? 0) > HERE.latitude + 0.004 ? true : undefined), 120_000);

    const wang = await at.visit('phone', 'zh');
    await wang.signIn(people.wang);
    await wang.open(`/units/${stage.device}`);
    const { page } = wang;
    const plot = page.locator('.plot svg');
    await plot.locator('.fence').waitFor();
    expect([await plot.locator('.spot').count(), await plot.locator('.spot.newest').count(), await plot.locator('.way').count()]).toEqual([2, 1, 1]);
    // To scale: the two spots are as far apart as the unit was carried, measured by the circle of 2000 m; north is above.
    const [fence, newest, before] = await Promise.all(['.fence', '.spot.newest circle:last-child', '.spot:not(.newest) circle:last-child'].map((one) => plot.locator(one).evaluate((circle) => ['cx', 'cy', 'r'].map((name) => Number(circle.getAttribute(name))))));
    const perMetre = fence![2]! / 2000;
    const [east, north] = [newest![0]! - before![0]!, before![1]! - newest![1]!].map((pixels) => pixels / perMetre);
    expect(Math.abs(north! - METRES)).toBeLessThan(60);
    expect(Math.abs(east!)).toBeLessThan(60);
    const lines = page.locator('li').filter({ hasText: '±' });
    expect(await lines.count()).toBe(2);
    const seen = (await lines.nth(1).innerText()).match(/(\d+\.\d+), (\d+\.\d+) ±/)!;
    expect([Math.abs(Number(seen[1]) - HERE.latitude) < 0.001, Math.abs(Number(seen[2]) - HERE.longitude) < 0.001]).toEqual([true, true]);
    await wang.settled();
    await wang.shot('unit-places');
    await clean(wang);
    await wang.leave();
  });
});
