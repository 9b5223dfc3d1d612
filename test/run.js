/**
 * `make test`: every jest suite, then the suites of the real interpreter, then one plain line `N passed, N failed`.
 * A suite that could not run on this machine is named; it is never left out in silence.
 */
'use strict';
const { spawnSync } = require('node:child_process');
const { mkdtempSync, readFileSync, rmSync, existsSync } = require('node:fs');
const { tmpdir } = require('node:os');
const path = require('node:path');
const { postgresPrograms } = require('./postgres/programs.js');

const root = path.resolve(__dirname, '..');
const scratch = mkdtempSync(path.join(tmpdir(), 'smartseal-test-'));
const report = path.join(scratch, 'jest.json');
let passed = 0;
let failed = 0;
/** What failed, told once more at the end. */
const names = [];

/** Suites with real programs, sockets and clocks: they wait more than they work, and two stand side by side. */
const REAL = '/test/(attack|bridge|console|desk|e2e|sim-io)/';
/** Suites that kill what runs, pull cables by the hundred or watch the machine's memory: one at a time, with nothing beside. */
const ALONE = '/test/(e2e/(full-disk|killed|replug|webhook-kill)|inspection/photos)';

/** Suites of the desk that care where its tables are; they run once more with PostgreSQL. */
const STORES = '/test/desk/(?!postgres|replicas|merkle|place|authority)';

function suites(args, env = {}) {
  rmSync(report, { force: true });
  const jest = spawnSync(process.execPath, [require.resolve('jest/bin/jest'), '--json', `--outputFile=${report}`, ...args], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, ...env } });
  let bad = 0;
  if (existsSync(report)) {
    const result = JSON.parse(readFileSync(report, 'utf8'));
    passed += result.numPassedTests;
    // A suite that cannot even be loaded counts as one failure.
    bad += result.numFailedTests + result.numRuntimeErrorTestSuites;
    for (const suite of result.testResults.filter(({ status }) => status === 'failed')) {
      const file = path.relative(root, suite.name);
      const tests = suite.assertionResults.filter(({ status }) => status === 'failed').map(({ fullName }) => `${file}: ${fullName}`);
      names.push(...(tests.length > 0 ? tests : [`${file}: could not be loaded`]));
    }
    const skipped = result.numPendingTests + result.numTodoTests;
    if (skipped > 0) console.log(`${skipped} tests are marked as skipped: not allowed here`);
    bad += skipped;
  }
  failed += jest.status !== 0 && bad === 0 ? 1 : bad;
}

const asked = process.argv.slice(2);
if (asked.length > 0) suites(asked);
else {
  suites(['--maxWorkers=100%', '--testPathIgnorePatterns', REAL, ALONE]);
  // One that fails may leave programs and clocks of its own running: the whole must end all the same.
  suites(['--maxWorkers=2', '--forceExit', '--testPathPatterns', REAL, '--testPathIgnorePatterns', ALONE]);
  suites(['--maxWorkers=1', '--forceExit', '--testPathPatterns', ALONE]);
  if (postgresPrograms() === undefined) console.log('not run, because there is no PostgreSQL on this machine: the suites of the desk on PostgreSQL');
  else suites(['--maxWorkers=2', '--forceExit', '--testPathPatterns', STORES], { STORE: 'postgres' });
}
rmSync(scratch, { recursive: true, force: true });

const interpreter = spawnSync(process.execPath, [path.join(__dirname, 'espruino/run.js'), '--counts'], { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
process.stdout.write(interpreter.stdout ?? '');
const counts = /^(\d+) passed, (\d+) failed on the interpreter$/m.exec(interpreter.stdout ?? '');
if (counts) {
  passed += Number(counts[1]);
  failed += Number(counts[2]);
} else if (interpreter.status !== 0) failed += 1;

for (const name of names) console.log(`failed: ${name}`);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
