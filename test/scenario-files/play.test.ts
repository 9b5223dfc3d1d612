/** A scenario that is not met says so, where and how; nothing that it names is taken on trust. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { junit, play, readScenario, stepLines, summaryLine, type Played, type Scenario } from '../../sim/scenario';
import { carryOut } from '../../sim/scenario/commands';
import { benchFor } from '../../sim/scenario/play';
import { bundle } from '../scenario/bench';

function scenario(steps: string, pace = 3): Scenario {
  return readScenario(`title: { zh: 一, en: <One> & "two" }\nabout: { zh: 一, en: One }\npace: ${pace}\nsteps:\n${steps}`, 'x.yaml', 'en');
}
const played = (steps: string, pace?: number): Promise<Played> => play(scenario(steps, pace), { bundle: bundle(), language: 'en' });
const last = (run: Played): string[] => run.results.at(-1)!.misses.map(({ what, expected, was }) => `${what}: ${expected}, ${was}`);

/** What a unit that has stamped one page under a permit of one is not. */
test.each([
  ['state: open', 'state: open, idle'],
  ['strokes: 2', 'strokes: 2, 1'],
  ['impressions: 0', 'impressions: 0, 1'],
  ['alarms: [STALL]', 'alarms: ["STALL"], []'],
  ['lamps: { red: true }', 'lamps.red: true, false'],
  ['bolt: open', 'bolt: open, locked'],
  ['lid: open', 'lid: open, closed'],
  ['actuator: stuck', 'actuator: stuck, home'],
  ['paper: false', 'paper: false, true'],
  ['die: false', 'die: false, true'],
  ['power: false', 'power: false, true'],
  ['link: down', 'link: down, up'],
  ['boots: 2', 'boots: 2, 1'],
  ['records: [{ kind: outcome, result: failed }]', 'records: outcome(result failed), '],
  ['records: [{ kind: closed }, { kind: outcome }]', 'records: outcome, '],
  ['no_records: [photo]', 'no_records: no photo, '],
  ['register: { photos: 3 }', 'register.photos: 3, 2'],
  ['register: { complete: false }', 'register.complete: false, true'],
  ['register: { resumed: 1 }', 'register.resumed: 1, 0'],
  ['view: empty', 'view: empty, none'],
])('%s is not met', async (wanted, miss) => {
  const run = await played(`  - permit zhang\n  - finger zhang\n  - paper blank\n  - wait 10\n  - { expect: { ${wanted} }, within: 1 }\n  - lid open\n`);
  expect(run.ok).toBe(false);
  // What comes after a failed step is not played.
  expect(run.results).toHaveLength(5);
  expect(last(run)).toEqual([expect.stringContaining(miss)]);
  const said = stepLines(run.results[4], 'en').join('\n');
  expect(said).toContain('✗ expect');
  expect(summaryLine(scenario('  - lid open\n  - lid open\n  - lid open\n  - lid open\n  - lid open\n  - lid open\n'), run, 'zh')).toBe('不通过：第 5 步不符，其后 1 步未执行');
});

test('a command that should be refused and is not, and the other way round', async () => {
  expect(last(await played('  - { do: permit zhang, refused: USED_UP }\n'))).toEqual(['refused: USED_UP, taken']);
  expect(last(await played('  - permit zhang die=0102000000000053\n'))).toEqual(['refused: taken, WRONG_DIE']);
  expect(last(await played('  - paper out\n'))).toEqual(['refused: taken, TRAY_EMPTY']);
  expect((await played('  - { do: paper out, refused: TRAY_EMPTY }\n  - { do: finger nobody, refused: WHO }\n  - { do: paper no-such.pdf, refused: PAGE_FILE_MISSING }\n')).ok).toBe(true);
});

test('what must hold for a while must hold all the while', async () => {
  const run = await played('  - permit zhang\n  - { expect: { state: idle }, for: 5 }\n  - finger zhang\n  - { expect: { state: open }, for: 90 }\n');
  expect(last(run)).toEqual(['state: open, idle']);
  expect(run.results[3].took).toBeGreaterThan(50);
});

test('a command ends when it has ended, not when something else happens', async () => {
  const run = await played('  - permit zhang\n  - wait 5\n  - power off\n  - power on\n  - wait 5\n  - clear\n', 0);
  expect(run.ok).toBe(true);
  expect(run.results[5].took).toBeLessThan(0.5);
});

test('records named once are not found again', async () => {
  const two = '  - permit zhang\n  - finger zhang\n  - expect: { records: [{ kind: opened }] }\n  - { expect: { records: [{ kind: opened }] }, within: 1 }\n';
  expect(last(await played(two))).toEqual([expect.stringContaining('records: opened')]);
});

test('a pile is fed until a sheet is not stamped, which stays in the tray', async () => {
  const run = await played('  - permit zhang count=3 nophotos\n  - finger zhang\n  - feed 2\n  - { expect: { strokes: 2, paper: false, state: open } }\n  - feed 5\n  - { expect: { strokes: 3, paper: true, impressions: 0 } }\n  - { do: feed 1, refused: TRAY_OCCUPIED }\n  - { do: feed 0, refused: USAGE }\n');
  expect(run.results.flatMap(({ misses }) => misses)).toEqual([]);
});

test('what the register has not acknowledged is not complete, and is acknowledged once it is back', async () => {
  const run = await played('  - register away\n  - permit zhang\n  - { expect: { register: { complete: false } }, for: 5 }\n  - register back\n  - { expect: { register: { complete: true } }, within: 2 }\n  - { do: register gone, refused: USAGE }\n');
  expect(run.results.flatMap(({ misses }) => misses)).toEqual([]);
});

test('the view of a real camera is a picture, and its names are not known', async () => {
  const real = { ...scenario('  - wait 3\n  - view\n  - { expect: { view: empty }, within: 1 }\n'), unit: { seed: 1, battery: 90, camera: 'real' as const } };
  expect(last(await play(real, { bundle: bundle(), language: 'en' }))).toEqual(['view: empty, a picture']);
});

test('numbers of things are whole, and how a command is written is told in the language of who reads it', async () => {
  for (const line of ['feed 1.5', 'unplug 0', 'cut 1.5', 'permit zhang count=1.5', 'permit zhang for=0.5', 'clock 0.5']) expect(last(await played(`  - ${line}\n`))).toEqual(['refused: taken, USAGE']);
  const one = benchFor({ unit: { seed: 1, battery: 90, camera: 'fast' } }, { bundle: bundle(), language: 'zh' });
  for (const [line, told] of [['电池 200', '电池 百分比 [旧 | 老化]  (0..100)'], ['盖 半', '盖 开 | 合'], ['卡住 5', '卡住 [回程 | 关]']]) await expect(carryOut(one, line)).rejects.toMatchObject({ code: 'USAGE', detail: told });
});

test('a document may have any name', async () => {
  const file = path.join(mkdtempSync(path.join(tmpdir(), 'smartseal-play-')), 'a=b.txt');
  writeFileSync(file, 'text');
  expect((await played(`  - permit zhang document=${file}\n`)).ok).toBe(true);
  rmSync(path.dirname(file), { recursive: true });
});

test("JUnit's XML names the failed step, skips the rest and quotes what XML must", async () => {
  const one = scenario('  - permit zhang\n  - { expect: { strokes: 1 }, within: 1 }\n  - lid open\n');
  const run = await play(one, { bundle: bundle(), language: 'en' });
  const xml = junit([{ name: 'one', scenario: one, played: run }], 'en');
  expect(xml).toContain('<testsuite name="one" tests="3" failures="1" errors="0" skipped="1"');
  expect(xml).toContain('value="&lt;One&gt; &amp; &quot;two&quot;"');
  expect(xml).toMatch(/name="2 expect strokes 1" time="1\.000"><failure type="expectation" message="strokes: expected 1, was 0">line 6 of the scenario/);
  expect(xml).toMatch(/name="3 lid open" time="0\.000"><skipped\/><\/testcase>/);
});
