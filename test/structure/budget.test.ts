/** The bundles stay within their budget (firmware/build/build.js measures and names it). */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './sources';

const report = path.join(root, 'dist/firmware/size.json');

test('every bundle is within its budget', () => {
  if (!existsSync(report)) execFileSync(process.execPath, [path.join(root, 'firmware/build/build.js'), '--quiet']);
  const sizes = JSON.parse(readFileSync(report, 'utf8')) as Record<string, { bytes: number; budget: number }>;
  expect(Object.keys(sizes).sort()).toEqual(['linux', 'xiao']);
  for (const [board, { bytes, budget }] of Object.entries(sizes)) expect({ board, over: Math.max(0, bytes - budget) }).toEqual({ board, over: 0 });
});
