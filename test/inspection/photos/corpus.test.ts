/** A small part of the corpus (corpus/main.ts), judged anew: no changed page passes, no honest good photo is refused. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Row } from '../corpus/table';

const root = path.resolve(__dirname, '../../..');
const program = path.join(root, 'dist/test/inspection/corpus/main.js');

let rows: Row[];

const judged = async (...options: string[]): Promise<Row[]> => {
  const { stdout } = await promisify(execFile)(process.execPath, [program, ...options], { maxBuffer: 1 << 26 });
  return stdout.split('\n').filter(Boolean).map((line) => JSON.parse(line) as Row);
};

beforeAll(async () => {
  if (!existsSync(program)) throw new Error('not built: run "make build"');
  rows = await judged('--pages', '1', '--honest', '3', '--poor', '5');
}, 1_200_000);

const told = (r: Row): string => `${r.tamper} under ${r.condition}: ${r.verdict} ${r.reasons.join(' ')} ${r.first.join('; ')}`;

test('honest pages under good conditions are the same, and the right page of the two', () => {
  const honest = rows.filter((r) => r.tamper === 'none' && r.good);
  expect(honest).toHaveLength(6);
  expect(honest.filter((r) => r.verdict !== 'same').map(told)).toEqual([]);
});

test('no changed page is the same, whatever the change and the condition', () => {
  const changed = rows.filter((r) => r.tamper !== 'none');
  expect(new Set(changed.map((r) => r.tamper)).size).toBeGreaterThanOrEqual(13);
  expect(changed.filter((r) => r.verdict === 'same').map(told)).toEqual([]);
});

test('what was changed is boxed where it was changed', () => {
  const small = rows.filter((r) => ['digit', 'digit-alike', 'character', 'number', 'point', 'erased', 'added'].includes(r.tamper) && r.verdict === 'different');
  expect(small.length).toBeGreaterThanOrEqual(6);
  expect(small.filter((r) => r.hit !== true).map(told)).toEqual([]);
});

test('a poor photo is unreadable with the reason that fits, or judged all the same', () => {
  const poor = rows.filter((r) => r.tamper === 'none' && !r.good);
  expect(poor).toHaveLength(10);
  for (const [condition, code] of [['blurred', 'BLURRED'], ['glare', 'GLARE']] as const) expect(poor.find((r) => r.condition === condition)).toMatchObject({ verdict: 'unreadable', reasons: [code] });
});

test('a single Latin letter that became another one of the page (1.9 mm, dark toner) is boxed', async () => {
  const letters = (await judged('--pages', '3', '--honest', '0', '--poor', '0', '--only', 'character')).filter((r) => r.file === 'contract-en.pdf');
  expect(letters.map((r) => [r.what, r.verdict, r.hit])).toEqual([['o→u', 'different', true]]);
}, 600_000);
