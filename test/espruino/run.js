/**
 * Runs the firmware on the interpreter that ESPRUINO names: node test/espruino/run.js [--counts] [--keep] [--only WORD]
 * Without it: says by name what was not run.
 */
'use strict';
require('./load-ts');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const suites = {
  'natives and vectors': () => require('./vectors').run,
  'boot from flash': () => require('./boot').run,
  'the display in both languages': () => require('./display').run,
  'flashed by the espruino tool over a terminal': () => require('./flash').run,
};
const chain = path.join(__dirname, 'chain.js');
if (fs.existsSync(chain)) suites['the whole chain with the simulated parts'] = () => require(chain).run;

const results = { passed: 0, failed: 0 };

function check(what, ok, detail) {
  results[ok ? 'passed' : 'failed']++;
  console.log(`${ok ? 'ok    ' : 'FAILED'} ${what}${ok || detail === undefined ? '' : `: ${detail}`}`);
}

async function main() {
  const interpreter = process.env.ESPRUINO;
  if (!interpreter) {
    for (const name of Object.keys(suites)) console.log(`not run on the real interpreter (ESPRUINO is not set): ${name}`);
    return;
  }
  const keep = process.argv.includes('--keep');
  const at = process.argv.indexOf('--only');
  const only = at < 0 ? '' : process.argv[at + 1];
  for (const [name, load] of Object.entries(suites)) {
    if (!name.includes(only)) continue;
    const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'smartseal-espruino-'));
    console.log(`# ${name}${keep ? ` in ${dir}` : ''}`);
    try {
      await load()({ interpreter: path.resolve(interpreter), dir, check });
    } catch (error) {
      check(name, false, error.stack);
    }
    if (!keep) fs.rmSync(dir, { recursive: true, force: true });
  }
}

main().then(() => {
  if (process.env.ESPRUINO || process.argv.includes('--counts')) console.log(`${results.passed} passed, ${results.failed} failed on the interpreter`);
  process.exit(results.failed === 0 ? 0 : 1);
});
