/** `npm run generate`: writes protocol/generated/ from protocol/smartseal.proto. The working directory is the project's root. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generate } from './generate';

const folder = join(process.cwd(), 'protocol');
const output = generate(readFileSync(join(folder, 'smartseal.proto'), 'utf8'));
mkdirSync(join(folder, 'generated'), { recursive: true });
writeFileSync(join(folder, 'generated', 'codec.ts'), output.codec);
writeFileSync(join(folder, 'generated', 'messages.ts'), output.messages);
