/** What was found in a stroke's photos, in real Chromium: real photos of the simulator's camera, judged by the real inspection in its process. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import sharp from 'sharp';
import { memoryOf, systemClock } from '../../host-bridge/cli/system';
import { InspectionService } from '../../host-bridge/inspection';
import { Page, PhotoScene, readFace } from '../../sim/paper';
import { sampleOf, strokes } from '../desk/impressions';
import { fan } from '../inspection/fan';
import { deviceId, Form, LogDevice, type Json } from '../desk/support';
import { root } from '../structure/sources';
import { ConsoleOffice, WORDS, type Who } from './office';
import { openBrowser, program, type Language, type Size, type Visitor } from './visitor';

jest.setTimeout(900_000);
if (program === undefined) console.warn('not run, because there is no Chromium on this machine: impressions in a browser');

const asset = (name: string): string => path.join(root, 'sim/assets', name);
const MARK = { page: 2, x: Math.round((55 / 210) * 10_000), y: Math.round((225 / 297) * 10_000) };

if (program !== undefined) describe('a use in the register', () => {
  let it: ConsoleOffice;
  let browser: Browser;
  let good: number;
  let bad: number;
  let contract: string;
  beforeAll(async () => {
    const inspection = new InspectionService({ clock: systemClock(), memoryOf, program: path.join(root, 'dist/host-bridge/inspection/inspect.worker.js'), limits: { timeMs: 240_000 } });
    [it, browser] = await Promise.all([ConsoleOffice.open({ judge: inspection, comparer: inspection }, { card: { width: 42, height: 42 } }), openBrowser()]);
    const { office } = it;
    office.device.photo = LogDevice.prototype.photo.bind(office.device);
    await sampleOf(office, readFileSync(asset('die-company.png')));
    ({ sha256: contract } = await it.ask('applicant', 'POST', '/v1/documents', new Form().file('document', 'contract-zh.pdf', readFileSync(asset('contract-zh.pdf')))));
    const sheet = await Page.print(asset('contract-zh.pdf'), { page: 2, dpi: 200 });
    const face = await readFace(asset('die-company.png'), 'company');
    const photo = (page: Page, n: number): Promise<Buffer> => new PhotoScene(5).jpeg({ width: 1600, height: 1200, page, photo: n });
    const inked = (page: Page, y: number): Page => {
      const copy = page.copy(`inked ${y}`);
      copy.ink(face, 55, y, 8, 1, y);
      return copy;
    };
    // A word of the page was erased before it was laid in, and the stroke went beside its place.
    const erased = sheet.copy('erased');
    for (let y = 330; y < 370; y++) erased.picture!.rgb.fill(255, (y * erased.picture!.width + 300) * 3, (y * erased.picture!.width + 420) * 3);
    const { intents } = await strokes(office, [{ before: await photo(sheet, 1), after: await photo(inked(sheet, 225), 2) }, { before: await photo(erased, 3), after: await photo(inked(erased, 130), 4) }], { document: contract, marks: [MARK], purpose: '采购合同' });
    [good, bad] = intents as [number, number];
    await office.desk.round();
  }, 600_000);
  afterAll(async () => {
    await browser?.close();
    await it?.close();
  });
  const enter = (who: Who, size: Size, language: Language): Promise<Visitor> => it.enter(browser, who, size, language);
  const clean = async (visitor: Visitor, name: string): Promise<void> => {
    await visitor.settled();
    await visitor.shot(name);
    expect([name, await visitor.findings(), await visitor.tooWide(), visitor.complaints]).toEqual([name, [], [], []]);
  };
  /** Pixels of a picture that are blue, and that are orange: frames around what is missing, and around a poor or misplaced impression or a good one in green. */
  const colours = async (url: string): Promise<{ blue: number; green: number }> => {
    const { raw } = await it.office.call(it.office.tokens.auditor, 'GET', url);
    const { data, info } = await sharp(raw).raw().toBuffer({ resolveWithObject: true });
    const count = { blue: 0, green: 0 };
    for (let i = 0; i < data.length; i += info.channels) {
      const [r, g, b] = [data[i]!, data[i + 1]!, data[i + 2]!];
      if (b > r + 70 && b > g + 70) count.blue++;
      if (g > r + 40 && g > b + 40) count.green++;
    }
    return count;
  };

  test.each([['zh', 'phone'], ['en', 'desk']] as const)('in %s on a %s: the impression with its frames, what was wrong with it, and the page before', async (language, size) => {
    const words = WORDS[language];
    const auditor = await enter('auditor', size, language);
    const { page } = auditor;
    await auditor.open('/register');
    for (const chip of [words.impressionGrades.good, words.impressionVerdicts.different]) await page.getByText(chip, { exact: true }).filter({ visible: true }).first().waitFor();
    await clean(auditor, 'register-impressions');

    await auditor.open(`/register/${deviceId}/${good}`);
    const loaded = async (src: string): Promise<void> => {
      const picture = page.locator(`img.photo[src$="${src}"]`);
      await picture.scrollIntoViewIfNeeded();
      await page.waitForFunction((end) => [...document.images].some((one) => one.src.endsWith(end) && one.naturalWidth > 800), src);
    };
    await loaded('/impression/picture');
    await page.getByText(words.impressionSince.same).waitFor();
    await clean(auditor, 'use-good');

    await auditor.open(`/register/${deviceId}/${bad}`);
    await loaded('/impression/picture');
    const { reasons, findings }: Json = await it.ask('auditor', 'GET', `/v1/register/uses/${deviceId}/${bad}/impression`);
    expect(reasons.map(({ code }: Json) => code)).toEqual(['MISPLACED', 'MISSING']);
    for (const one of [...reasons, ...findings]) await page.locator('.note li').filter({ hasText: one.text[language] }).first().waitFor();
    await page.getByRole('button', { name: words.impression.compare }).click();
    await loaded('/comparison/picture');
    await page.getByText(words.verdicts.different).waitFor();
    await clean(auditor, 'use-bad');
  });

  test('the pictures have the frames: what is missing in blue before and after, the impression in green', async () => {
    const url = `/v1/register/uses/${deviceId}/${bad}`;
    const [before, after] = [await colours(`${url}/comparison/picture`), await colours(`${url}/impression/picture`)];
    expect(before.blue).toBeGreaterThan(300);
    expect(before.green).toBeLessThan(50);
    expect(after.blue).toBeGreaterThan(300);
    expect(after.green).toBeGreaterThan(500);
  });

  test('the case leads to the use', async () => {
    const custodian = await enter('custodian', 'desk', 'zh');
    const { page } = custodian;
    await custodian.open('/cases');
    await page.getByRole('link', { name: WORDS.zh.caseKinds.impression }).click();
    await page.getByText(WORDS.zh.caseHelp.impression).waitFor();
    await clean(custodian, 'case-impression');
    await page.getByRole('link', { name: WORDS.zh.case.toUse }).click();
    await page.getByRole('heading', { name: WORDS.zh.impression.title, exact: true }).waitFor();
  });

  test('over the edges of two sheets: the applicant hands in a photo of each, and sees the strips laid together', async () => {
    const { office } = it;
    const { application, intents: [intent] } = await strokes(office, [{ before: Buffer.from('fan'), after: Buffer.from('fan') }], { document: contract, crossPage: 1, purpose: '合同骑缝' });
    await office.desk.round();
    const photos = await fan(asset('contract-zh.pdf'), await readFace(asset('die-company.png'), 'company'), [0.45, 0.55], { seed: 7 });
    const words = WORDS.zh;
    const applicant = await enter('applicant', 'phone', 'zh');
    const { page } = applicant;
    await applicant.open(`/applications/${application.id}`);
    await page.getByRole('heading', { name: words.sheets.title }).waitFor();
    const card = page.locator('section', { has: page.getByRole('heading', { name: words.sheets.title }) });
    await clean(applicant, 'sheets-wanted');
    // One first: it is kept, and the other still wanted.
    const files = photos.map((buffer, i) => ({ name: `${i}.jpg`, mimeType: 'image/jpeg', buffer }));
    for (const [i, file] of files.entries()) {
      await card.locator('input[name=pages]').setInputFiles(file);
      await card.getByRole('button', { name: words.sheets.send_other.replace('{{count}}', '1') }).click();
      if (i === 0) await card.getByText(words.sheets.wanted.replace('{{here}}', '1').replace('{{all}}', '2')).waitFor();
    }
    await card.getByText(words.sheets.complete).waitFor();
    await office.desk.round();
    await card.getByText(words.sheets.done).waitFor();
    await page.waitForFunction(() => [...document.images].some((one) => one.src.endsWith('/sheets/picture') && one.naturalWidth > 200));
    await clean(applicant, 'sheets-done');
    expect((await it.ask('auditor', 'GET', `/v1/register/uses/${deviceId}/${intent}/impression`)).verdict).toBe('same');
    const auditor = await enter('auditor', 'desk', 'en');
    await auditor.open(`/register/${deviceId}/${intent}`);
    await auditor.page.getByText(WORDS.en.sheets.done).waitFor();
    await clean(auditor, 'sheets-use');
  });
});
