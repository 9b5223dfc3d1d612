/**
 * Lints an OpenAPI document from standard input by Redocly's "recommended" rules. Prints the problems as JSON. A program
 * of its own, because the linter comes as an ES module, which the test runner does not load on Node 20.
 */
'use strict';
const { readFileSync } = require('node:fs');

(async () => {
  const { createConfig, lintFromString } = await import('@redocly/openapi-core');
  const rules = { 'operation-4xx-response': 'error', 'operation-operationId-url-safe': 'error', 'operation-operationId': 'error', 'no-unused-components': 'error', 'no-invalid-schema-examples': 'error', 'no-invalid-parameter-examples': 'error', 'tag-description': 'off' };
  const config = await createConfig({ extends: ['recommended'], rules }, {});
  const problems = await lintFromString({ source: readFileSync(0, 'utf8'), absoluteRef: 'openapi.json', config });
  process.stdout.write(JSON.stringify(problems.map(({ severity, ruleId, message, location }) => ({ severity, ruleId, message, at: location[0]?.pointer }))));
})();
