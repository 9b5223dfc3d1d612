/** What is wrong with a scenario is named with its place; nothing that is misspelt is ever played. */
import { readScenario, ScenarioError } from '../../sim/scenario';

const HEAD = 'title: { zh: 一, en: One }\nabout: { zh: 一, en: One }\n';

function wrong(text: string, language: 'zh' | 'en' = 'en'): { code: string; at: string; why: string } {
  try {
    readScenario(text, 'x.yaml', language);
  } catch (error) {
    if (!(error instanceof ScenarioError)) throw error;
    return { code: error.code, at: `${error.line}:${error.column}`, why: error.why[language] };
  }
  throw new Error('read');
}

test.each([
  ['not YAML', 'title: {\n', 'SCENARIO_YAML', '2:1'],
  ['a key twice', `${HEAD}steps: [lid open]\nsteps: [lid close]\n`, 'SCENARIO_YAML', '4:1'],
  ['a tab for blanks', `${HEAD}steps:\n\t- lid open\n`, 'SCENARIO_YAML', '4:1'],
  ['a value of another type', `${HEAD}steps:\n  - expect: { strokes: many }\n`, 'SCENARIO_FIELD', '4:24'],
  ['a state that is none', `${HEAD}steps:\n  - expect:\n      state: asleep\n`, 'SCENARIO_FIELD', '5:14'],
  ['a key that is none', `${HEAD}steps:\n  - expect: { stroke: 1 }\n`, 'SCENARIO_FIELD', '4:23'],
  ['a misspelt key beside an expectation', `${HEAD}steps:\n  - { expect: { strokes: 1 }, wihtin: 3 }\n`, 'SCENARIO_FIELD', '4:39'],
  ['an expectation of nothing', `${HEAD}steps:\n  - expect: {}\n`, 'SCENARIO_FIELD', '4:13'],
  ['records wanted, but none', `${HEAD}steps:\n  - expect: { records: [] }\n`, 'SCENARIO_FIELD', '4:24'],
  ['lamps wanted, but none', `${HEAD}steps:\n  - expect: { lamps: {} }\n`, 'SCENARIO_FIELD', '4:22'],
  ['a result that is none', `${HEAD}steps:\n  - expect: { records: [{ kind: outcome, result: stampd }] }\n`, 'SCENARIO_FIELD', '4:25'],
  ['a code of no refusal and no error', `${HEAD}steps:\n  - { do: lid open, refused: WRONG_DYE }\n`, 'SCENARIO_COMMAND', '4:5'],
  ['a key twice in a step', `${HEAD}steps:\n  - expect: { strokes: 1, "strokes": 0 }\n`, 'SCENARIO_YAML', '4:27'],
  ['a record field that is none', `${HEAD}steps:\n  - expect: { records: [{ kind: outcome, reslt: stamped }] }\n`, 'SCENARIO_FIELD', '4:25'],
  ['an alarm that is none', `${HEAD}steps:\n  - expect: { alarms: [STALLED] }\n`, 'SCENARIO_FIELD', '4:24'],
  ['a negative count', `${HEAD}steps:\n  - expect: { strokes: -1 }\n`, 'SCENARIO_FIELD', '4:24'],
  ['both a command and an expectation', `${HEAD}steps:\n  - { do: lid open, expect: { strokes: 0 } }\n`, 'SCENARIO_FIELD', '4:29'],
  ['no title', 'about: { zh: 一, en: One }\nsteps: [lid open]\n', 'SCENARIO_FIELD', '1:1'],
  ['one language only', 'title: { zh: 一 }\nabout: { zh: 一, en: One }\nsteps: [lid open]\n', 'SCENARIO_FIELD', '1:8'],
  ['no steps', `${HEAD}steps: []\n`, 'SCENARIO_FIELD', '3:8'],
  ['no command of that name', `${HEAD}steps:\n  - lid open\n  - lidd open\n`, 'SCENARIO_COMMAND', '5:5'],
  ['too many words', `${HEAD}steps:\n  - lid open close\n`, 'SCENARIO_COMMAND', '4:5'],
  ['a command that only shows', `${HEAD}steps:\n  - journal\n`, 'SCENARIO_COMMAND', '4:5'],
  ['an empty command', `${HEAD}steps:\n  - "# later"\n`, 'SCENARIO_COMMAND', '4:5'],
  ['a refusal that is none', `${HEAD}steps:\n  - { do: lid open, refused: nope }\n`, 'SCENARIO_COMMAND', '4:5'],
])('%s', (_what, text, code, at) => {
  const found = wrong(text);
  expect([found.code, found.at]).toEqual([code, at]);
  expect(found.why).not.toBe('');
  expect(wrong(text, 'zh').code).toBe(code);
});

test('aliases cannot make a small file large', () => {
  const bomb = `a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c,*c,*c,*c,*c,*c]\n`;
  expect(wrong(bomb).code).toBe('SCENARIO_YAML');
});

test('a large file of many keys is refused within seconds', () => {
  const began = performance.now();
  expect(wrong(Array.from({ length: 80_000 }, (_, i) => `k${i}: 1`).join('\n')).code).toBe('SCENARIO_FIELD');
  expect(performance.now() - began).toBeLessThan(20_000);
}, 60_000);

test('what a step says is what is read', () => {
  const { steps, pace, covers, unit } = readScenario(`${HEAD}covers: [C1]\npace: 1\nsteps:\n  - finger zhang\n  - { do: permit zhang, refused: USED_UP, at: 3 }\n  - { expect: { state: idle }, within: 2, for: 4 }\n  - note: { zh: 话, en: A word }\n`, 'x.yaml', 'en');
  expect({ pace, covers, unit }).toEqual({ pace: 1, covers: ['C1'], unit: { seed: 1, battery: 90, camera: 'fast' } });
  expect(steps.map(({ line, do: act, refused, at, within, holds }) => ({ line, act, refused, at, within, holds }))).toEqual([
    { line: 6, act: 'finger zhang', refused: undefined, at: undefined, within: 15, holds: 0 },
    { line: 7, act: 'permit zhang', refused: 'USED_UP', at: 3, within: 15, holds: 0 },
    { line: 8, act: undefined, refused: undefined, at: undefined, within: 2, holds: 4 },
    { line: 9, act: undefined, refused: undefined, at: undefined, within: 15, holds: 0 },
  ]);
});
