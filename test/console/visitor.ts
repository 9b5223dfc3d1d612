/** A person at a browser: real Chromium, on a phone or at a desk, in one language. What the page complains of in the meantime is kept. */
import { source as axe } from 'axe-core';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import type { Employee } from './company';

const PROGRAMS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
export const program = process.env['CHROMIUM'] ?? PROGRAMS.find((file) => existsSync(file));

const SIZES = { phone: { width: 390, height: 844 }, desk: { width: 1366, height: 860 } } as const;
export type Size = keyof typeof SIZES;
export type Language = 'zh' | 'en';
/** Milliseconds; generous, for it says only that something will never come. */
const PATIENCE = 180_000;

/** Where pictures of pages go; none are taken where it is not said. */
const shots = process.env['SHOTS'];
/** Names of the pages of which one was taken, in their order: pages.json beside them, for the contact sheets (sheets.mjs). */
let shot: readonly string[] = [];

/** Those that the tests of this file opened, also when what was opened beside one failed, and nobody has it. */
const browsers: Promise<Browser>[] = [];
afterAll(async () => {
  for (const one of browsers) await (await one.catch(() => undefined))?.close();
});

export function openBrowser(): Promise<Browser> {
  const browser = chromium.launch({ executablePath: program, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
  browsers.push(browser);
  return browser;
}

export class Visitor {
  /** Errors of scripts, violations of the content security policy, failed loads. */
  readonly complaints: string[] = [];

  private constructor(readonly page: Page, readonly context: BrowserContext, private readonly origin: string, private readonly size: Size, readonly language: Language) {}

  static async come(browser: Browser, origin: string, size: Size, language: Language): Promise<Visitor> {
    const context = await browser.newContext({ viewport: SIZES[size], locale: language === 'zh' ? 'zh-CN' : 'en-GB', timezoneId: 'Asia/Shanghai', hasTouch: size === 'phone', isMobile: size === 'phone', deviceScaleFactor: 1, reducedMotion: 'reduce' });
    context.setDefaultTimeout(PATIENCE);
    const page = await context.newPage();
    const visitor = new Visitor(page, context, origin, size, language);
    page.on('pageerror', (error) => visitor.complaints.push(`error: ${error.message}`));
    // That a call was answered with an error is told by the page itself; what the browser adds is no complaint of the page.
    page.on('console', (message) => { if (message.type() === 'error' && !/Failed to load resource/.test(message.text())) visitor.complaints.push(`console: ${message.text()}`); });
    return visitor;
  }

  async go(to: string): Promise<void> {
    await this.page.goto(`${this.origin}${to}`);
  }

  /** Signs in as people do. @param code of the authenticator; a recovery code where none is given */
  async signIn(employee: Employee, code = employee.recoveryCodes.pop()!): Promise<void> {
    const { page } = this;
    if (!page.url().startsWith(this.origin)) await this.go('/');
    await page.locator('input[name=username]').fill(employee.login);
    await page.locator('input[name=password]').fill(employee.password);
    await page.locator('input[name=code]').fill(code);
    await page.locator('form button[type=submit]').click();
    await page.locator('.frame').waitFor();
  }

  /** Opens a page of the console and waits until nothing of it is on its way. */
  async open(to: string): Promise<void> {
    await this.go(`/console${to}`);
    await this.settled();
  }

  /** Goes to a page of the console from the one that stands, as by a link. */
  async move(to: string): Promise<void> {
    await this.page.evaluate(async (address) => {
      history.pushState(null, '', address);
      // What was there has gone, or tells that it waits, when the next frame is drawn.
      await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
    }, `/console${to}`);
    await this.settled();
  }

  async settled(): Promise<void> {
    const { page } = this;
    await page.locator('h1').first().waitFor();
    await page.locator('.waiting').first().waitFor({ state: 'detached' });
    await page.waitForFunction(() => [...document.images].every((image) => image.complete || image.loading === 'lazy'));
  }

  /** What axe finds wrong, one line a finding. */
  async findings(): Promise<string[]> {
    if (!(await this.page.evaluate(() => 'axe' in globalThis))) await this.page.evaluate(axe);
    const { violations } = await this.page.evaluate(() => (globalThis as unknown as { axe: { run(): Promise<{ violations: { id: string; nodes: { html: string; failureSummary?: string }[] }[] }> } }).axe.run());
    return violations.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 160)} ${failureSummary ?? ''}`));
  }

  /** Pictures that did not come. */
  async broken(): Promise<string[]> {
    return this.page.evaluate(() => [...document.images].filter((image) => image.complete && image.currentSrc !== '' && image.naturalWidth === 0).map((image) => image.currentSrc));
  }

  /** Something wider than the screen, where there is something. */
  async tooWide(): Promise<string[]> {
    return this.page.evaluate(() => {
      const width = document.documentElement.clientWidth;
      if (document.documentElement.scrollWidth <= width) return [];
      return [...document.querySelectorAll('main *')].filter((one) => one.getBoundingClientRect().right > width + 1).map((one) => one.outerHTML.slice(0, 120));
    });
  }

  async shot(name: string): Promise<void> {
    if (shots === undefined) return;
    mkdirSync(shots, { recursive: true });
    if (!shot.includes(name)) writeFileSync(path.join(shots, 'pages.json'), JSON.stringify([...shot, name]));
    shot = [...new Set([...shot, name])];
    const { page } = this;
    // As high as the page: what is fixed to the screen would lie across it otherwise.
    const height = await page.evaluate(() => document.documentElement.scrollHeight);
    await page.setViewportSize({ width: SIZES[this.size].width, height: Math.max(SIZES[this.size].height, height) });
    await page.screenshot({ path: path.join(shots, `${name}.${this.language}.${this.size}.png`) });
    await page.setViewportSize(SIZES[this.size]);
  }

  async leave(): Promise<void> {
    await this.context.close();
  }
}
