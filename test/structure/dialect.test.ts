/** What the interpreter would not take is refused where the bundle is made (firmware/build/dialect.js). */
import path from 'node:path';
import { root } from './sources';

const { problems } = require(path.join(root, 'firmware/build/dialect.js')) as { problems(code: string, names: { globals: Set<string> }): { what: string }[] };
const found = (code: string): string[] => problems(code, { globals: new Set() }).map(({ what }) => what);

test('a word of the language as the name of a method: a mangled name may become one', () => {
  expect(found('class A{in(){return 1}}')).toEqual(['"in" as the name of a method']);
  expect(found('let a={do(){return 1}};a.do();')).toEqual(['"do" as the name of a method']);
  expect(found('let a={in:1};a.in=2;')).toEqual([]);
});
