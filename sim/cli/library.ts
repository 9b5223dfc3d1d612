/** The scenarios that come with the simulator. */
import { closeSync, openSync, readdirSync, readSync } from 'node:fs';
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
/** Bytes. */
const LARGEST = 4_000_000;

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
  let bytes: Buffer;
  try {
    bytes = begin(file);
  } catch (error) {
    throw new SimError('SCENARIO_FILE', `${file} ${(error as NodeJS.ErrnoException).code ?? ''}`.trim());
  }
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new SimError('SCENARIO_FILE', `${file}${language === 'zh' ? '：编码不是 UTF-8' : ': not UTF-8'}`);
  }
  return readScenario(text, file, language);
}

/** A file's bytes, no more than a scenario may have: what is longer is no scenario, and some files have no end. */
function begin(file: string): Buffer {
  const fd = openSync(file, 'r');
  try {
    const bytes = Buffer.alloc(LARGEST + 1);
    let length = 0;
    for (let got = -1; got !== 0 && length < bytes.length; length += got) got = readSync(fd, bytes, length, bytes.length - length, null);
    if (length > LARGEST) throw Object.assign(new Error('too large'), { code: 'EFBIG' });
    return bytes.subarray(0, length);
  } finally {
    closeSync(fd);
  }
}
