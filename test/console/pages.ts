/** Every page of the console, and who is sent there to look at it. */
import type { Name } from './company';

export const PAGES: readonly [who: Name, address: string, name: string][] = [
  ['zhang', '/', 'home'], ['zhang', '/more', 'more'], ['zhang', '/account', 'account'], ['zhang', '/apply', 'apply-empty'], ['zhang', '/applications', 'applications'],
  ['li', '/tasks', 'tasks'], ['wang', '/register', 'register'], ['wang', '/cases', 'cases'], ['wang', '/units', 'units'], ['wang', '/seals', 'seals'], ['wang', '/ceremonies', 'ceremonies'], ['admin', '/people', 'people'],
  ['zhou', '/remote', 'remote-empty'],
];
