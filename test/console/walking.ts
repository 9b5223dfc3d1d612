/** What walks through the console begin with: a company with its programs, a browser, and pages that nobody has to complain of. */
import type { Browser } from 'playwright-core';
import { Company } from './company';
import { openBrowser, Visitor, type Language, type Size } from './visitor';

export interface Walking {
  readonly company: Company;
  readonly browser: Browser;
  visit(size: Size, language: Language): Promise<Visitor>;
}

/** Opens both before the tests of the suite around it, and closes them behind. */
export function walking(): Walking {
  let company: Company;
  let browser: Browser;
  beforeAll(async () => {
    [company, browser] = await Promise.all([Company.open(), openBrowser()]);
  });
  afterAll(async () => {
    await browser?.close();
    await company?.close();
  });
  return {
    get company() {
      return company;
    },
    get browser() {
      return browser;
    },
    visit: (size, language) => Visitor.come(browser, company.stage.origin, size, language),
  };
}

/** No violation of axe, nothing wider than the screen, no error of a script. */
export async function clean(visitor: Visitor): Promise<void> {
  expect([await visitor.findings(), await visitor.tooWide(), visitor.complaints]).toEqual([[], [], []]);
}
