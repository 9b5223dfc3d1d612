/** The bench, its office, what it explains, and recordings: in virtual time. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { carryOut, COMMANDS, complete, findings, observe, play, readScenario, Recorder, type Bench } from '../../sim/scenario';
import { inLanguage, parseLine } from '../../sim/scenario/commands';
import { benchFor } from '../../sim/scenario/play';
import { bundle } from '../scenario/bench';

const HAN = /\p{Script=Han}/u;

function bench(language: 'zh' | 'en' = 'en', office = true, told: string[] = []): Bench {
  const made = benchFor({ unit: { seed: 1, battery: 90, camera: 'fast' } }, { bundle: bundle(), language, onEvent: (_name, text) => told.push(text[language]) }, office);
  made.unit.power.on();
  return made;
}

/** Carries out a line while the world goes on, then lets some time pass. */
async function act(on: { bench: Bench; perform?: (line: string) => Promise<void> }, line: string, seconds = 3): Promise<string | undefined> {
  let over = false;
  let code: string | undefined;
  void (on.perform ?? ((text: string) => carryOut(on.bench, text)))(line).catch((error: { refusal?: string; code: string }) => (code = error.refusal ?? error.code)).finally(() => (over = true));
  for (let i = 0; i < 8 && !over; i++) await Promise.resolve();
  await on.bench.world.runUntil(() => over, 60_000);
  await on.bench.world.run(seconds * 1000);
  return code;
}

describe('commands', () => {
  test('each has a name and a help of its own in both languages', () => {
    const names = COMMANDS.flatMap((one) => one.names);
    expect(new Set(names).size).toBe(names.length);
    for (const { names: [en, zh], help, form } of COMMANDS) {
      expect([HAN.test(en), HAN.test(zh), HAN.test(help.en), HAN.test(help.zh), HAN.test(form.en)]).toEqual([false, true, false, true, false]);
      expect(form.zh === '').toBe(form.en === '');
    }
  });

  test('every word that may follow is understood in both languages, and a line can be put into either', () => {
    for (const { names, options = [] } of COMMANDS) {
      for (const [en, zh] of options) {
        const number = names[0] === 'cut' ? ['7 ', '7 '] : names[0] === 'battery' ? ['7 ', '7 '] : ['', ''];
        const value = en.endsWith('=') ? '5' : '';
        const line = `${names[0]} ${number[0]}${en}${value}`;
        const chinese = `${names[1]} ${number[1]}${zh}${value}`;
        expect(inLanguage(line, 'zh')).toBe(chinese);
        expect(inLanguage(chinese, 'en')).toBe(line);
        expect(parseLine(chinese, 'zh')!.command.names).toBe(names);
      }
    }
    expect(inLanguage('finger "Li Na"', 'zh')).toBe('手指 "Li Na"');
  });

  test('completion offers names, words of the language, people, and files with blanks in quotes', () => {
    const one = bench();
    expect(complete(one, 'pa').candidates).toEqual(['paper ', 'pad ']);
    expect(complete(one, '手').candidates).toEqual(['手指 ']);
    expect(complete(one, 'lid ').candidates).toEqual(['open', 'close']);
    expect(complete(one, 'lid 合').candidates).toEqual(['合']);
    expect(complete(bench('zh'), 'lid ').candidates).toEqual(['开', '合']);
    expect(complete(one, 'finger z').candidates).toEqual(['zhang', 'zhao']);
    expect(complete(one, 'permit zhang co').candidates).toEqual(['count=', 'compare']);
    expect(complete(one, 'help ja').candidates).toEqual(['jam']);
    expect(complete(one, 'bogus x').candidates).toEqual([]);
    const folder = mkdtempSync(path.join(tmpdir(), 'smartseal-complete-'));
    writeFileSync(`${folder}/a page.pdf`, '');
    expect(complete(one, `paper ${folder}/a`)).toEqual({ word: `${folder}/a`, candidates: [`"${folder}/a page.pdf"`] });
    expect(complete(one, `paper "${folder}/a p`).candidates).toEqual([`"${folder}/a page.pdf"`]);
    rmSync(folder, { recursive: true });
  });
});

describe('the bench office', () => {
  test('grants, pulls, checks and acknowledges; what the unit refuses has a name', async () => {
    const one = bench();
    await one.world.run(1000);
    expect(await act({ bench: one }, 'permit zhang count=2')).toBeUndefined();
    await act({ bench: one }, 'finger zhang');
    await act({ bench: one }, 'paper blank', 12);
    expect(observe(one)).toMatchObject({ state: 'open', strokes: 1, impressions: 1, alarms: [], bolt: 'locked' });
    const register = one.office!.register!;
    expect(register.entries).toEqual(one.journal);
    expect(register.photos.size).toBe(2);
    expect(one.office!.complete).toBe(true);
    expect(await act({ bench: one }, 'permit nobody')).toBe('WHO');
    expect(await act({ bench: one }, 'permit')).toBe('USAGE');
    expect(await act({ bench: one }, 'clock -100000')).toBe('CLOCK_BACKWARDS');
    expect(await act({ bench: one }, 'grant')).toBe('STALE');
    await act({ bench: one }, 'power off', 0);
    expect(await act({ bench: one }, 'clear')).toBe('NO_SESSION');
  });

  test('where another host has the cable there is none', async () => {
    const one = bench('en', false);
    await one.world.run(1000);
    expect(await act({ bench: one }, 'permit zhang')).toBe('NO_OFFICE');
    expect(observe(one).state).toBe('idle');
    expect(findings(one)[0].help.en).toContain('the desk grants one');
  });

  test('the wire is decoded, and the messages of the own session stand in clear', async () => {
    const one = bench();
    await one.world.run(1000);
    await act({ bench: one }, 'permit zhang');
    const names = one.tap.heard.map(({ what, toDevice, name }) => `${what} ${toDevice ? '>' : '<'} ${name}`);
    for (const wanted of ['frame > HELLO', 'frame < CHALLENGE', 'frame > PROVE', 'frame < DATA', 'message < Ready', 'message > PermitLoad', 'message < PermitState']) expect(names).toContain(wanted);
    const state = one.tap.heard.find(({ name }) => name === 'PermitState')!;
    expect(state.fields).toMatchObject({ count: 1, used: 0, closed: false });
  });
});

describe('what is explained', () => {
  test('after a jam: what happened, that there is no ink, what is recorded, why it is locked, what helps', async () => {
    const one = bench();
    await one.world.run(1000);
    expect(findings(one)[0]).toMatchObject({ code: 'NO_PERMIT', wrong: false });
    for (const line of ['jam', 'permit zhang', 'finger zhang']) await act({ bench: one }, line);
    await act({ bench: one }, 'paper blank', 12);
    const [found] = findings(one);
    expect(found).toMatchObject({ code: 'STALL', wrong: true, help: { en: '"jam off", then "clear"', zh: '“卡住 关”，然后“解除”' } });
    for (const part of ['Actuator stalled', 'jams at 10 mm', 'NO ink', 'unknown', 'charged 1', 'stays locked until the authority clears it']) expect(found.what.en).toContain(part);
    for (const part of ['执行机构堵转', '没有留下印迹', '结果不明', '授权方解除']) expect(found.what.zh).toContain(part);
    await act({ bench: one }, 'jam off');
    expect(findings(one)[0].help.en).toBe('the cause is gone: "clear"');
    await act({ bench: one }, 'clear');
    expect(findings(one)[0].wrong).toBe(false);
  });

  test('a dead contact switch: there is ink, and the unit does not call it stamped', async () => {
    const one = bench();
    await one.world.run(1000);
    for (const line of ['contact dead', 'permit zhang', 'finger zhang']) await act({ bench: one }, line);
    await act({ bench: one }, 'paper blank', 20);
    expect(findings(one)[0].what.en).toContain('left INK on the paper');
  });

  test('whatever it waits for, the next step is named', async () => {
    const one = bench();
    await one.world.run(1000);
    const code = (): string => findings(one)[0].code;
    await act({ bench: one }, 'permit zhang li grant');
    expect(findings(one)[0]).toMatchObject({ code: 'READY', help: { en: expect.stringContaining('finger zhang') as string } });
    await act({ bench: one }, 'finger zhang');
    expect(code()).toBe('PERSONS');
    await act({ bench: one }, 'finger li');
    expect(code()).toBe('PAPER');
    await act({ bench: one }, 'lid open');
    await act({ bench: one }, 'paper blank');
    expect(code()).toBe('LID');
    await act({ bench: one }, 'lid close', 6);
    expect(code()).toBe('GRANT');
    await act({ bench: one }, 'power off');
    expect(code()).toBe('POWER');
  });
});

test('a session becomes a scenario, and played it comes out as it was seen', async () => {
  const one = bench();
  await one.world.run(800);
  const recorder = new Recorder(one, { seed: 1, battery: 90 });
  const on = { bench: one, perform: (line: string) => recorder.perform(line) };
  const lines = ['state', 'permit zhang count=2', 'finger zhang', 'paper blank', 'paper out', 'jam', 'paper blank', 'explain', 'finger zhang', 'paper yank', 'jam off', 'clear', 'permit wang die=0102000000000053', 'bogus', 'finger zhang', 'lid open', 'power off', 'power on', 'wait 3'];
  for (const line of lines) await act(on, line, line === 'paper blank' ? 14 : 2.5);
  const text = recorder.text();
  const scenario = readScenario(text, 'recorded.yaml', 'en');
  const done = scenario.steps.flatMap((step) => step.do ?? []);
  expect(done).toEqual(lines.filter((line) => !['state', 'explain', 'bogus', 'wait 3'].includes(line)));
  expect(scenario.steps.find((step) => step.do === 'permit wang die=0102000000000053')!.refused).toBe('WRONG_DIE');
  expect(text).toContain('condition: STALL');
  // The bench's camera was a fast one.
  const played = await play({ ...scenario, unit: { ...scenario.unit, camera: 'fast' } }, { bundle: bundle(), language: 'en' });
  expect(played.results.flatMap(({ number, step, misses }) => (misses.length === 0 ? [] : [{ number, line: step.do, misses }]))).toEqual([]);
  // And it does look: a session that went otherwise does not pass for this one.
  const other = await play({ ...scenario, unit: { ...scenario.unit, camera: 'fast' }, steps: scenario.steps.filter((step) => step.do !== 'jam') }, { bundle: bundle(), language: 'en' });
  expect(other.ok).toBe(false);
});
