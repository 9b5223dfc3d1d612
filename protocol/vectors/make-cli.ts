/**
 * `npm run vectors`: writes protocol/vectors/*.json. The argument names the compiled module that offers `nodeNatives`
 * (the protocol itself has no primitives). The working directory is the project's root.
 */
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Natives } from '../natives';
import { makeVectors, vectorText } from './make';

const natives = (require(resolve(process.argv[2] ?? '')) as { nodeNatives: Natives }).nodeNatives;
for (const [file, content] of Object.entries(makeVectors(natives))) {
  writeFileSync(join(process.cwd(), 'protocol', 'vectors', file), vectorText(content));
}
