/** No file at hand: pages photographed with the phone's camera, one by one, put in order, made one document by the desk, and applied for. */
import type { Browser } from 'playwright-core';
import sharp from 'sharp';
import { straighten } from '../../host-bridge/inspection/straighten';
import { ConsoleOffice } from './office';
import { openBrowser, program } from './visitor';
import en from '../../host-bridge/console/i18n/en.json';
import zh from '../../host-bridge/console/i18n/zh.json';

jest.setTimeout(900_000);
if (program === undefined) console.warn('not run, because there is no Chromium on this machine: photographing pages in a browser');

/** What the phone's camera sees: a sheet with a coloured bar near its top, askew on a dark table; or the table alone. */
async function seen(bar: string, sheet = true): Promise<{ name: string; mimeType: string; buffer: Buffer }> {
  const paper = sheet ? `<polygon points="300,180 1120,240 1060,1420 210,1340" fill="#f4f4f2"/><polygon points="380,300 1000,345 996,395 376,350" fill="${bar}"/>` : '';
  const picture = `<svg xmlns="http://www.w3.org/2000/svg" width="1300" height="1600"><rect width="1300" height="1600" fill="#26323a"/>${paper}</svg>`;
  return { name: 'image.jpg', mimeType: 'image/jpeg', buffer: await sharp(Buffer.from(picture)).jpeg({ quality: 92 }).toBuffer() };
}
const [RED, GREEN, BLUE] = ['#c01010', '#0c8030', '#1030c0'] as const;

if (program !== undefined) describe('photographed pages', () => {
  let it: ConsoleOffice;
  let browser: Browser;
  beforeAll(async () => {
    const comparer = { straighten, inspect: () => Promise.reject(new Error('not asked')), close: () => undefined };
    [it, browser] = await Promise.all([ConsoleOffice.open({ comparer }), openBrowser()]);
  });
  afterAll(async () => {
    await browser?.close();
    await it?.close();
  });

  /** The colour of a page's bar: the strongest of its three channels where the bar is. */
  async function colourOf(sha256: string, page: number): Promise<string | undefined> {
    const { raw } = await it.office.call(it.office.tokens.applicant, 'GET', `/v1/documents/${sha256}/pages/${page}`);
    const { width, height } = await sharp(raw).metadata();
    const spot = await sharp(raw).extract({ left: Math.round(width * 0.4), top: Math.round(height * 0.12), width: Math.round(width * 0.1), height: Math.max(1, Math.round(height * 0.01)) }).removeAlpha().stats();
    const means = spot.channels.map(({ mean }) => mean);
    return (['red', 'green', 'blue'] as const)[means.indexOf(Math.max(...means))];
  }

  test.each([['zh', 'phone', zh], ['en', 'desk', en]] as const)('in %s on a %s', async (language, size, words) => {
    const visitor = await it.enter(browser, 'applicant', size, language);
    const { page } = visitor;
    await visitor.open('/apply');
    await page.locator('summary').filter({ hasText: words.photos.title }).click();
    const input = page.locator('input[name=pages]');
    // A phone opens its camera for this, the one at the back.
    expect([await input.getAttribute('capture'), await input.getAttribute('accept')]).toEqual(['environment', 'image/*']);
    const shoot = async (label: string, photo: Awaited<ReturnType<typeof seen>>): Promise<void> => {
      const chooser = page.waitForEvent('filechooser');
      await page.getByText(label, { exact: true }).click();
      await (await chooser).setFiles(photo);
    };
    await shoot(words.photos.first, await seen(RED));
    for (const colour of [GREEN, BLUE]) await shoot(words.photos.next, await seen(colour));
    await shoot(words.photos.next, await seen('#000', false));
    const shots = page.locator('.shots li');
    await shots.nth(3).waitFor();
    const named = (label: string, n: number): string => label.replace('{{page}}', String(n));
    // Blue before green, the one without a sheet away, then blue before red as well; what was taken away is photographed anew.
    await page.getByRole('button', { name: named(words.photos.up, 3), exact: true }).click();
    await page.getByRole('button', { name: named(words.photos.remove, 4), exact: true }).click();
    expect(await shots.count()).toBe(3);
    await page.getByRole('button', { name: named(words.photos.down, 1), exact: true }).click();
    await shoot(words.photos.next, await seen('#000', false));
    await shots.nth(3).waitFor();
    await visitor.shot('photographed');
    expect([await visitor.findings(), await visitor.tooWide()]).toEqual([[], []]);
    const answer = page.waitForResponse((response) => response.url().endsWith('/v1/documents/photographed'));
    await page.locator('button.main.wide').filter({ hasText: '4' }).click();
    const made = (await (await answer).json()) as { sha256: string; pages: number; crooked: number[] };
    expect([made.pages, made.crooked]).toEqual([4, [4]]);
    expect([await colourOf(made.sha256, 1), await colourOf(made.sha256, 2), await colourOf(made.sha256, 3)]).toEqual(['blue', 'red', 'green']);
    // Shown as the desk has made it, and that one page is as it was photographed.
    await page.getByText(words.photos.crooked.replace('{{pages}}', '4')).waitFor();
    await page.locator('.pages figure').nth(3).waitFor();
    const [shown] = await page.locator('.pages img').evaluateAll((images) => images.map((image) => (image as HTMLImageElement).currentSrc));
    expect(shown).toMatch(new RegExp(`/v1/documents/${made.sha256}/pages/1\\?width=\\d+$`));
    await page.locator('textarea[name=purpose]').fill(language === 'zh' ? '纸质授权书' : 'A letter on paper');
    await page.locator('input[name=holder]').first().waitFor();
    await visitor.settled();
    expect([await visitor.findings(), await visitor.tooWide(), visitor.complaints]).toEqual([[], [], []]);
    await page.getByRole('button', { name: words.apply.submit }).click();
    await page.getByText(words.next.submitted).waitFor();
    const { applications } = await it.ask('applicant', 'GET', '/v1/applications?limit=1');
    expect(applications[0].document).toBe(made.sha256);
    await visitor.leave();
  });
});
