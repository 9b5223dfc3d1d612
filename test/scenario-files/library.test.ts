/** Every scenario of the library is played once on the built bundle; what is said of it must stand in both languages. */
import path from 'node:path';
import { memoryOf, systemClock } from '../../host-bridge/cli/system';
import { InspectionService } from '../../host-bridge/inspection';
import { library } from '../../sim/cli/library';
import { headLines, junit, play, readScenario, reportData, stepLines, summaryLine, type Played } from '../../sim/scenario';
import { REFUSAL_NAMES } from '../../sim/scenario/names';
import { stepTitle } from '../../sim/scenario/report';
import { bundle } from '../scenario/bench';

const shelf = library('en');
const HAN = /\p{Script=Han}/u;
/** The inspection itself, as built. */
const inspector = new InspectionService({ clock: systemClock(), memoryOf, program: path.resolve(__dirname, '../../dist/host-bridge/inspection/inspect.worker.js'), limits: { timeMs: 600_000 } });
afterAll(() => inspector.close());

test('the library speaks of every requirement that the firmware of today has, and of every alarm that can be brought about', () => {
  const covered = new Set(shelf.flatMap(({ scenario }) => scenario.covers));
  expect([...covered].sort()).toEqual(['A3', 'A4', 'A5', 'B5', 'B7', 'B9', 'C1', 'C2', 'C3', 'C4', 'C5', 'C6', 'C7', 'C8', 'C9', 'D1', 'D4']);
  const alarms = new Set(shelf.flatMap(({ scenario }) => scenario.steps.flatMap(({ expect: wanted }) => wanted?.alarms ?? [])));
  expect([...alarms].sort()).toEqual(['BATTERY', 'BLIND', 'BOLT', 'CAMERA', 'CASE', 'CLOCK', 'CODE', 'CONTACT', 'DIE', 'DROP', 'FENCE', 'FINGER', 'JOURNAL', 'LID', 'LINK', 'MOVED', 'OVERCOUNT', 'OVERDUE', 'PAPER', 'READER', 'SENSORS', 'STALL', 'TILT', 'UNKNOWN', 'UPDATE']);
});

/** Refusals that no hand at a unit and no word of an office brings about, and why. */
const BEYOND = {
  UNKNOWN_MESSAGE: 'a host that speaks a later protocol', NOT_FOUND: 'a host that asks for what it has acknowledged', NO_UPDATE: 'a host that sends pieces without having begun',
  IMAGE_OFFSET: 'a host that leaves a piece out', OFFLINE_LOCKED: 'power that goes between the tenth wrong code and its alarm',
};

test('every refusal is met in one of them, but for those that only a strange host or a cut to the millisecond brings about', () => {
  const met = new Set(shelf.flatMap(({ scenario }) => scenario.steps.flatMap(({ refused, expect: wanted }) => [refused, ...(wanted?.records ?? []).map((one) => (one.kind === 'refused' ? String(one['code']) : undefined))])));
  expect(REFUSAL_NAMES.filter((name) => name !== '' && !met.has(name))).toEqual(Object.keys(BEYOND));
});

describe.each(shelf.map(({ name, scenario }) => [name, scenario] as const))('%s', (name, scenario) => {
  let played: Played;
  beforeAll(async () => {
    played = await play(scenario, { bundle: bundle(), language: 'en', inspector });
  }, 900_000);

  test('is met to its last step', () => {
    expect(played.results.flatMap((result) => (result.misses.length === 0 ? [] : [stepLines(result, 'en')]))).toEqual([]);
    expect(played.results).toHaveLength(scenario.steps.length);
    expect(scenario.steps.some(({ expect: wanted }) => wanted !== undefined)).toBe(true);
  });

  test.each(['en', 'zh'] as const)('is reported in %s', (language) => {
    const said = [...headLines(scenario, language), summaryLine(scenario, played, language), ...played.results.flatMap((result) => stepLines(result, language))].join('\n');
    expect(said).toContain(scenario.title[language]);
    expect(said).not.toMatch(/undefined|\[object|NaN/);
    const told = scenario.steps.filter((step) => step.expect !== undefined || (step.note !== undefined && step.do === undefined)).map((step) => stepTitle({ step }, language));
    for (const title of told) expect(HAN.test(title)).toBe(language === 'zh');
    if (language === 'en') expect(said).not.toMatch(HAN);
    expect(reportData(name, scenario, played, language)).toMatchObject({ scenario: name, ok: true, steps: scenario.steps.length });
    const xml = junit([{ name, scenario, played }], language);
    expect(xml).toContain(`<testsuite name="${name}" tests="${scenario.steps.length}" failures="0" errors="0" skipped="0"`);
    expect(xml.match(/<testcase /g)).toHaveLength(scenario.steps.length);
  });
});

test('a scenario played twice comes out the same to the millisecond', async () => {
  const { scenario } = shelf.find(({ name }) => name === 'bad-line')!;
  const once = await play(scenario, { bundle: bundle(), language: 'en' });
  expect(await play(scenario, { bundle: bundle(), language: 'zh' })).toEqual(once);
  expect(once.ok).toBe(true);
});

test('commands may be written in either language', async () => {
  const text = 'title: { zh: 一, en: A }\nabout: { zh: 一, en: A }\nsteps: [授权 zhang 次数=1 不拍照, 手指 zhang, 纸 空白, { expect: { strokes: 1, state: idle } }]\n';
  const played = await play(readScenario(text, 'zh.yaml', 'zh'), { bundle: bundle(), language: 'zh' });
  expect(played.ok).toBe(true);
});

test('an office whose comparison fails, or that has none, grants nothing', async () => {
  const { scenario } = shelf.find(({ name }) => name === 'page-compared')!;
  // Up to the grant for the page that is the approved one.
  const steps = scenario.steps.slice(0, 2).concat(scenario.steps.slice(7, 9), { ...scenario.steps[4]!, refused: 'NOT_COMPARED' }, scenario.steps[5]!);
  for (const broken of [undefined, { inspect: () => Promise.reject(new Error('crashed')), close: () => undefined }]) {
    const played = await play({ ...scenario, steps }, { bundle: bundle(), language: 'en', ...(broken ? { inspector: broken } : {}) });
    expect(played.results.flatMap(({ misses }) => misses)).toEqual([]);
    expect(played.results).toHaveLength(steps.length);
  }
}, 300_000);
