/** The console's words: none is missing in either language, none is left over, and no text stands in a page instead of in them. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { ALARM_TABLE } from '../../protocol/alarms';
import en from '../../host-bridge/console/i18n/en.json';
import zh from '../../host-bridge/console/i18n/zh.json';
import { ACTIONS, sealStates, STEPS } from '../../host-bridge/desk/custody/actions';
import { ceremonyStates } from '../../host-bridge/desk/custody/ceremonies';
import { caseKinds } from '../../host-bridge/desk/follow/cases';
import { states } from '../../host-bridge/desk/applications/applications';
import { categories } from '../../host-bridge/desk/applications/scope';
import { roles } from '../../host-bridge/desk/people/roles';
import { sealKinds } from '../../host-bridge/desk/register/cards';
import { sessionKinds } from '../../host-bridge/desk/people/sessions';
import { eventKinds } from '../../host-bridge/desk/security/log';
import { noticeKinds } from '../../host-bridge/desk/security/notices';
import { results } from '../../host-bridge/desk/register/uses';
import { root, sources } from '../structure/sources';

type Words = { [name: string]: string | Words };
const flat = (words: Words, before = ''): [string, string][] => Object.entries(words).flatMap(([name, value]): [string, string][] => (typeof value === 'string' ? [[before + name, value]] : flat(value, `${before}${name}.`)));
const bare = (key: string): string => key.replace(/_(one|other)$/, '');
const keysOf = (words: Words): Set<string> => new Set(flat(words).map(([key]) => bare(key)));
const holes = (text: string): string[] => [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name!).sort();

const pages = sources().filter((file) => file.includes(`${path.sep}console${path.sep}`) && !file.includes('generated'));

test('both catalogues have the same keys, with the same values to fill in', () => {
  expect([...keysOf(en)].sort()).toEqual([...keysOf(zh)].sort());
  const other = new Map(flat(en).map(([key, text]) => [bare(key), text]));
  for (const [key, text] of flat(zh)) expect([key, holes(text)]).toEqual([key, holes(other.get(bare(key))!)]);
  for (const [, text] of [...flat(zh), ...flat(en)]) expect(text.trim()).not.toBe('');
});

test('each is in its own language', () => {
  const han = /\p{Script=Han}/u;
  // Terms of the trade stand in brackets behind their translation.
  const foreign = flat(en).filter(([, text]) => han.test(text.replace(/\(\p{Script=Han}+\)/gu, '')));
  expect(foreign).toEqual([]);
  const untranslated = flat(zh).filter(([, text]) => !han.test(text) && /[A-Za-z]{3,}/.test(text.replace(/\{\{\w+\}\}/g, '')));
  expect(untranslated).toEqual([]);
});

test('there are words for whatever the desk may say', () => {
  const known = keysOf(zh);
  const wanted = [
    ...states.flatMap((one) => [`states.${one}`, `next.${one}`]), ...results.map((one) => `results.${one}`), ...categories.map((one) => `categories.${one}`), ...roles.map((one) => `roles.${one}`),
    ...sealKinds.map((one) => `sealKinds.${one}`), ...sealStates.map((one) => `sealStates.${one}`), ...Object.keys(STEPS).map((one) => `steps.${one}`), ...caseKinds.flatMap((one) => [`caseKinds.${one}`, `caseHelp.${one}`]),
    ...ceremonyStates.flatMap((one) => [`ceremonyStates.${one}`, `ceremonyNext.${one}`]), ...Object.keys(ACTIONS).flatMap((one) => [`actions.${one}`, `actionHelp.${one}`]),
    ...noticeKinds.map((one) => `notices.kinds.${one}`), ...eventKinds.map((one) => `security.kinds.${one}`), ...[...sessionKinds, 'token', 'person', 'session', 'certificate'].map((one) => `security.how.${one}`),
  ];
  expect(wanted.filter((key) => !known.has(key))).toEqual([]);
  expect(Object.keys(ALARM_TABLE).length).toBeGreaterThan(20);
});

test('every key that a page asks for is there, and every key is asked for', () => {
  const known = keysOf(zh);
  const asked = new Set<string>();
  const families = new Set<string>();
  for (const file of pages) {
    const text = readFileSync(file, 'utf8');
    for (const [, key] of text.matchAll(/\bt\(\s*'([\w.-]+)'/g)) asked.add(key!);
    for (const [, one, other] of text.matchAll(/\bt\([^`)]*?\? '([\w.-]+)' : '([\w.-]+)'/g)) asked.add(one!).add(other!);
    for (const [, family] of text.matchAll(/\bt\(`([\w.]+)\.\$\{/g)) families.add(family!);
    for (const [, family] of text.matchAll(/'(deviceStates|services|custody)'/g)) families.add(family!);
  }
  expect([...asked].filter((key) => !known.has(key))).toEqual([]);
  const unused = [...known].filter((key) => !asked.has(key) && !families.has(key.slice(0, key.lastIndexOf('.'))));
  expect(unused).toEqual([]);
});

test('no page says anything in words of its own', () => {
  const found: string[] = [];
  /** Attributes that are read out or shown. */
  const spoken = new Set(['aria-label', 'alt', 'title', 'placeholder', 'label']);
  for (const file of pages.filter((one) => one.endsWith('.tsx'))) {
    const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.ES2022, true, ts.ScriptKind.TSX);
    const visit = (node: ts.Node): void => {
      if (ts.isJsxText(node) && /\p{L}{2,}/u.test(node.text)) found.push(`${path.relative(root, file)}: ${node.text.trim()}`);
      if (ts.isJsxAttribute(node) && spoken.has(node.name.getText()) && node.initializer !== undefined && ts.isStringLiteral(node.initializer)) found.push(`${path.relative(root, file)}: ${node.getText()}`);
      ts.forEachChild(node, visit);
    };
    visit(source);
  }
  expect(found).toEqual([]);
});
