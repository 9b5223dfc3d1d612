/** Names that are ours and the interpreter's as well (firmware/build/own.js). */
import path from 'node:path';
import { root } from './sources';

const { own } = require(path.join(root, 'firmware/build/own.js')) as { own(code: string): string };

test('ours are told apart from what the interpreter has', () => {
  expect(own('const a = { total: 1 }; a.total = Math.floor(a.total);')).toBe('const a = { total$own: 1 }; a.total$own = Math.floor(a.total$own);');
  expect(own('const memory = process.memory(); f(memory.total);')).toBe('const memory = process.memory(); f(memory.total);');
});

test("the interpreter's, read from something else, would be undefined on the unit: refused", () => {
  expect(() => own('f(process.memory(false).total);')).toThrow('total');
});
