/** `smartseal sim run` and `sim list`: scenarios, played in virtual time. Exit codes: 0 all met, 1 something was not, 2 a file is wrong. */
import { accessSync, constants, statSync } from 'node:fs';
import path from 'node:path';
import { headLines, junit, play, reportData, ScenarioError, stepLines, summaryLine, type Played, type Scenario } from '../scenario';
import { writeFile } from '../scenario/commands/hands';
import { inspector } from './inspector';
import { library, load, located } from './library';
import { firmware } from './serve';
import { asSimError, ERRORS, errorLine, SimError, type Language } from './texts';
import { fill, width } from './width';

export interface RunOptions {
  junit?: string;
  json?: boolean;
  bundle?: string;
  /** Also what the unit does between the steps. */
  verbose?: boolean;
}

// What a file says goes to a terminal, which may be told to do things by control characters.
const harmless = (text: string): string => text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '\ufffd');
const out = (text: string): void => void process.stdout.write(`${harmless(text)}\n`);

export async function run(given: readonly string[], options: RunOptions, language: Language): Promise<number> {
  const json = options.json === true;
  let played = 0;
  const pages = inspector();
  try {
    if (options.junit !== undefined) writable(options.junit);
    // All files are read before the first is played: what is wrong with one is told at once.
    const scenarios = given.map(located).map((file) => ({ name: path.basename(file).replace(/\.ya?ml$/, ''), scenario: load(file, language) }));
    const { bundle, dieImage } = firmware(options.bundle);
    const runs: { name: string; scenario: Scenario; played: Played }[] = [];
    for (const { name, scenario } of scenarios) {
      if (!json) for (const line of headLines(scenario, language)) out(line);
      const outcome = await play(scenario, {
        bundle, dieImage, language, inspector: pages,
        onEvent: (_name, text) => !json && options.verbose === true && out(`${' '.repeat(14)}· ${text[language]}`),
        onStep: (result) => !json && stepLines(result, language).forEach(out),
      });
      runs.push({ name, scenario, played: outcome });
      played++;
      out(json ? JSON.stringify(reportData(name, scenario, outcome, language)) : `${summaryLine(scenario, outcome, language)}\n`);
    }
    const failed = runs.filter((one) => !one.played.ok);
    if (!json && runs.length > 1) out(language === 'zh' ? `${runs.length} 个场景，${failed.length} 个不通过${failed.map(({ name }) => `\n  ${name}`).join('')}` : `${runs.length} scenarios, ${failed.length} failed${failed.map(({ name }) => `\n  ${name}`).join('')}`);
    if (options.junit !== undefined) writeFile(options.junit, junit(runs, language));
    return failed.length === 0 ? 0 : 1;
  } catch (error) {
    const known = asSimError(error);
    const place = error instanceof ScenarioError ? { file: error.file, line: error.line, column: error.column } : {};
    process.stderr.write(json ? `${JSON.stringify({ error: known.code, title: ERRORS[known.code][language], detail: known.detail, ...place })}\n` : `! ${harmless(errorLine(known, language))}\n`);
    // Before the first was played it can only be a file: a scenario, the bundle, or where the report should go.
    return played === 0 && known.code !== 'INTERNAL' ? 2 : 1;
  } finally {
    pages.close();
  }
}

/** Whether a file can be written there, before minutes are spent on what should stand in it. @throws SimError FILE */
function writable(file: string): void {
  try {
    const there = statSync(file, { throwIfNoEntry: false });
    if (there?.isDirectory() === true) throw Object.assign(new Error('a folder'), { code: 'EISDIR' });
    accessSync(there === undefined ? path.dirname(path.resolve(file)) : file, constants.W_OK);
  } catch (error) {
    throw new SimError('FILE', `${file} ${(error as NodeJS.ErrnoException).code ?? ''}`);
  }
}

export function list(json: boolean, language: Language): void {
  const all = library(language);
  if (json) {
    for (const { name, file, scenario } of all) out(JSON.stringify({ name, file, title: scenario.title, about: scenario.about, covers: scenario.covers, steps: scenario.steps.length }));
    return;
  }
  const names = Math.max(...all.map(({ name }) => name.length)) + 2;
  const covers = Math.max(...all.map(({ scenario }) => width(scenario.covers.join(' ')))) + 2;
  for (const { name, scenario } of all) out(fill(name, names) + fill(scenario.covers.join(' '), covers) + scenario.title[language]);
  out(language === 'zh' ? '\n运行：smartseal sim run 名称' : '\nTo play one: smartseal sim run NAME');
}
