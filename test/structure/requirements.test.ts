/** Each row of REQUIREMENTS.md that the desk answers for is walked by one test that names it, through the desk's own API. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const ROWS = ['A2', 'A3', 'A4', 'A5', 'A6', 'B1', 'B2', 'B3', 'B4', 'B5', 'B6', 'B7', 'B8', 'B9', 'C7', 'C8', 'D1', 'D2', 'D3', 'D4'];

test('every row has one test, and no test names a row that is none', () => {
  const folder = path.resolve(__dirname, '../e2e');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.test.ts'));
  const named = files.flatMap((file) => [...readFileSync(path.join(folder, file), 'utf8').matchAll(/\btest(?:\.each\([^\n]*\))?\(\s*['"`]([A-E]\d): /g)].map(([, row]) => row!));
  expect(named.sort()).toEqual(ROWS);
});
