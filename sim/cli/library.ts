/** The scenarios that come with the simulator. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { readScenario, type Scenario } from '../scenario';
import { repositoryFile } from './places';
import { SimError, type Language } from './texts';

export interface Shelved {
  name: string;
  file: string;
  scenario: Scenario;
}

const END = '.yaml';

/** @throws SimError SCENARIO_FILE, ScenarioError */
export function library(language: Language): Shelved[] {
  const folder = repositoryFile('sim', 'scenario', 'library');
  if (folder === undefined) throw new SimError('SCENARIO_FILE', 'sim/scenario/library');
  return readdirSync(folder).filter((name) => name.endsWith(END)).sort().map((name) => {
    const file = path.join(folder, name);
    return { name: path.basename(name, END), file, scenario: load(file, language) };
  });
}

/** A file's path, or the name of one in the library. */
export function located(given: string): string {
  if (/[/\\.]/.test(given)) return given;
  return repositoryFile('sim', 'scenario', 'library', given + END) ?? given;
}

/** @throws SimError SCENARIO_FILE, ScenarioError */
export function load(file: string, language: Language): Scenario {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new SimError('SCENARIO_FILE', `${file} ${(error as NodeJS.ErrnoException).code ?? ''}`.trim());
  }
  return readScenario(text, file, language);
}
