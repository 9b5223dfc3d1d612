/** Types of the desk's API for the console: OpenAPI document on standard input, TypeScript on standard output. */
import openapiTS, { astToString } from 'openapi-typescript';
import { text } from 'node:stream/consumers';

const document = JSON.parse(await text(process.stdin));
const METHODS = ['get', 'put', 'post', 'delete'];
for (const path of Object.values(document.paths)) {
  for (const method of METHODS) {
    const responses = path[method]?.responses;
    // Every error is one form (problem+json), which api/failure.ts reads; written out at each route they are nine tenths of the file.
    for (const status of Object.keys(responses ?? {})) if (!status.startsWith('2')) delete responses[status];
  }
}
process.stdout.write(`/** Made by \`npm run generate:api\` of the desk's OpenAPI document. */\n${astToString(await openapiTS(document, { defaultNonNullable: false }))}`);
