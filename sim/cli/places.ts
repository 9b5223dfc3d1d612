/** Where the files of the repository lie, seen from dist/sim/cli as from sim/cli. */
import { existsSync } from 'node:fs';
import path from 'node:path';

export function repositoryRoot(): string {
  return ['../../..', '../..'].map((up) => path.join(__dirname, up)).find((folder) => existsSync(path.join(folder, 'package.json'))) ?? path.join(__dirname, '../../..');
}

/** A file of the repository; undefined: it is not there. */
export function repositoryFile(...parts: string[]): string | undefined {
  const file = path.join(repositoryRoot(), ...parts);
  return existsSync(file) ? file : undefined;
}
