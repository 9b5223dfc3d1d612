/** The source files of the house and their imports, read with the compiler's own parser. */
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

export const root = path.resolve(__dirname, '../..');
const rooms = ['protocol', 'firmware', 'host-bridge', 'sim'];

export function sources(): string[] {
  const found: string[] = [];
  const walk = (folder: string): void => {
    for (const name of readdirSync(folder).sort()) {
      const file = path.join(folder, name);
      if (statSync(file).isDirectory()) walk(file);
      else if (/\.tsx?$/.test(name) && !name.endsWith('.d.ts')) found.push(file);
    }
  };
  for (const room of rooms) walk(path.join(root, room));
  return found;
}

export interface Imports {
  /** Files of this repository, absolute. */
  relative: string[];
  /** Packages and Node modules. */
  packages: string[];
}

export function importsOf(file: string): Imports {
  const info = ts.preProcessFile(readFileSync(file, 'utf8'), true, true);
  const relative: string[] = [];
  const packages: string[] = [];
  for (const { fileName } of info.importedFiles) {
    if (!fileName.startsWith('.')) {
      packages.push(fileName);
      continue;
    }
    const base = path.resolve(path.dirname(file), fileName);
    const hit = [`${base}.ts`, `${base}.tsx`, path.join(base, 'index.ts'), base].find((f) => existsSync(f) && statSync(f).isFile());
    if (hit) relative.push(hit);
    else throw new Error(`${path.relative(root, file)} imports ${fileName}, which does not exist`);
  }
  return { relative, packages };
}
