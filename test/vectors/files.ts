import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = join(__dirname, '../../protocol/vectors');

/** The text of each vector file, by its name. */
export function vectorTexts(): { [file: string]: string } {
  const names = readdirSync(FOLDER).filter((name) => name.endsWith('.json'));
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(FOLDER, name), 'utf8')]));
}

/** The contents of each vector file, by its name without .json. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export function vectors(): any {
  return Object.fromEntries(Object.entries(vectorTexts()).map(([name, text]) => [name.replace('.json', ''), JSON.parse(text)]));
}
