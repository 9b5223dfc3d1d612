/** The page of OWASP ASVS 4.0.3: every requirement of levels 1 and 2 once, the same verdict in both languages, and every test that it names is there. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** Requirements of levels 1 and 2 by section; those that the standard has deleted are left out. */
const SECTIONS: Readonly<Record<string, string>> = {
  '1.1': '1-7', '1.2': '1-4', '1.4': '1 4 5', '1.5': '1-4', '1.6': '1-4', '1.7': '1-2', '1.8': '1-2', '1.9': '1-2', '1.10': '1', '1.11': '1-2', '1.12': '2', '1.14': '1-6',
  '2.1': '1-12', '2.2': '1-3', '2.3': '1-3', '2.4': '1-5', '2.5': '1-7', '2.6': '1-3', '2.7': '1-6', '2.8': '1-7', '2.9': '1-3', '2.10': '1-4',
  '3.1': '1', '3.2': '1-4', '3.3': '1-4', '3.4': '1-5', '3.5': '1-3', '3.7': '1', '4.1': '1 2 3 5', '4.2': '1-2', '4.3': '1-3',
  '5.1': '1-5', '5.2': '1-8', '5.3': '1-10', '5.4': '1-3', '5.5': '1-4', '6.1': '1-3', '6.2': '1-6', '6.3': '1-2', '6.4': '1-2', '7.1': '1-4', '7.2': '1-2', '7.3': '1 3 4', '7.4': '1-3',
  '8.1': '1-4', '8.2': '1-3', '8.3': '1-8', '9.1': '1-3', '9.2': '1-4', '10.2': '1-2', '10.3': '1-3', '11.1': '1-8', '12.1': '1-3', '12.2': '1', '12.3': '1-6', '12.4': '1-2', '12.5': '1-2', '12.6': '1',
  '13.1': '1 3 4 5', '13.2': '1 2 3 5 6', '13.3': '1-2', '13.4': '1-2', '14.1': '1-4', '14.2': '1-6', '14.3': '2-3', '14.4': '1-7', '14.5': '1-4',
};
const numbers = (text: string): number[] => text.split(' ').flatMap((part) => {
  const [from, to = from] = part.split('-').map(Number) as [number, number?];
  return Array.from({ length: to - from + 1 }, (_, i) => from + i);
});
const root = path.resolve(__dirname, '../..');
const VERDICTS: Readonly<Record<string, string>> = { 满足: 'met', 不适用: 'not applicable', 不足: 'falls short' };

function rowsOf(page: string): { id: string; verdict: string; test: string }[] {
  const rows = [...readFileSync(path.join(root, 'docs', page), 'utf8').matchAll(/^\| (\d+\.\d+\.\d+)(?:–(\d+\.\d+\.\d+))? \| [^|]+ \| ([^|]+) \| [^|]+ \| ?`?([^|`]*)`? ?\|$/gm)];
  return rows.flatMap(([, first, last = first, verdict, test]) => {
    const [chapter, section, from] = first!.split('.').map(Number);
    const to = Number(last!.split('.')[2]);
    return Array.from({ length: to - from! + 1 }, (_, i) => ({ id: `${chapter}.${section}.${from! + i}`, verdict: VERDICTS[verdict!] ?? verdict!, test: test!.trim() }));
  });
}

test('each requirement once, in the order of the standard, in both languages alike', () => {
  const all = Object.entries(SECTIONS).flatMap(([section, which]) => numbers(which).map((number) => `${section}.${number}`));
  const en = rowsOf('asvs.md');
  expect(en.map(({ id }) => id)).toEqual(all);
  expect(rowsOf('asvs.zh-CN.md')).toEqual(en);
  for (const { id, verdict, test: named } of en) {
    expect([id, Object.values(VERDICTS)]).toEqual([id, expect.arrayContaining([verdict])]);
    if (/^test\//.test(named)) expect([named, existsSync(path.join(root, named))]).toEqual([named, true]);
  }
  // The sums on the page are those of its rows.
  const sums = ['met', 'not applicable', 'falls short'].map((verdict) => en.filter((row) => row.verdict === verdict).length);
  expect(/^(\d+) requirements: (\d+) met, (\d+) not applicable, (\d+) fall short/m.exec(readFileSync(path.join(root, 'docs/asvs.md'), 'utf8'))!.slice(1).map(Number)).toEqual([all.length, ...sums]);
});
