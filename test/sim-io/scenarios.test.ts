/** `sim run`, `sim list` and `sim record` as a person or a build server starts them, and a page stamped by piped commands alone. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { until } from './wires';

const root = path.resolve(__dirname, '../..');
const program = path.join(root, 'bin/smartseal.js');
const env = { ...process.env, LANG: 'C.UTF-8', LC_ALL: 'C.UTF-8' };
let folder: string;

beforeAll(() => {
  // `make test` has built both; alone, this file builds what is missing.
  if (!existsSync(path.join(root, 'dist/sim/cli/run.js'))) spawnSync('npx', ['tsc', '-p', 'tsconfig.json'], { cwd: root });
  if (!existsSync(path.join(root, 'dist/firmware/xiao.js'))) spawnSync(process.execPath, ['firmware/build/build.js'], { cwd: root });
}, 120_000);
beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), 'smartseal-scenarios-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function run(args: string[], input = ''): { status: number | null; out: string; err: string } {
  const done = spawnSync(process.execPath, [program, 'sim', ...args], { input, env, encoding: 'utf8', timeout: 50_000 });
  return { status: done.status, out: done.stdout, err: done.stderr };
}
const HAN = /\p{Script=Han}/u;

test('a scenario of the library by its name: report, JSON, JUnit, exit code 0', () => {
  const xml = path.join(folder, 'out.xml');
  const { status, out, err } = run(['run', 'stamp', 'fingers', '--junit', xml]);
  expect({ status, err }).toEqual({ status: 0, err: '' });
  expect(out).toContain('The first stroke  [C2 C3 C4]');
  expect(out).toMatch(/✓ expect .*impressions 1/);
  expect(out).toContain('2 scenarios, 0 failed');
  expect(readFileSync(xml, 'utf8').match(/<testsuite /g)).toHaveLength(2);
  const json = JSON.parse(run(['run', 'stamp', '--json', '--lang', 'zh']).out) as { ok: boolean; title: string };
  expect(json).toMatchObject({ ok: true, title: '第一次盖章' });
});

test('an expectation that is not met: exit code 1; a file that is wrong: exit code 2, with line and column', () => {
  const file = path.join(folder, 'mine.yaml');
  const head = 'title: { zh: 一, en: Mine }\nabout: { zh: 一, en: Mine }\nsteps:\n';
  writeFileSync(file, `${head}  - permit zhang\n  - { expect: { strokes: 1 }, within: 1 }\n`);
  expect(run(['run', file])).toMatchObject({ status: 1, err: '', out: expect.stringMatching(/✗ expect strokes 1\n\s+strokes: expected 1, was 0\n/) as string });
  writeFileSync(file, `${head}  - permit zhang\n  - expect: { stroke: 1 }\n`);
  expect(run(['run', file])).toMatchObject({ status: 2, out: '', err: `! SCENARIO_FIELD: The scenario is not in the form it must have: ${file}:5:23 steps.1.expect.stroke: there is no such key\n` });
  expect(JSON.parse(run(['run', file, '--json']).err)).toMatchObject({ error: 'SCENARIO_FIELD', file, line: 5, column: 23 });
  expect(run(['run', 'no-such'])).toMatchObject({ status: 2, err: expect.stringContaining('SCENARIO_FILE') as string });
  expect(run(['run']).status).toBe(2);
});

test('list names the library in both languages', () => {
  const lines = run(['list', '--json']).out.trim().split('\n').map((line) => JSON.parse(line) as { name: string; title: { zh: string; en: string } });
  expect(lines.map(({ name }) => name)).toEqual(expect.arrayContaining(['stamp', 'alarm-jam', 'offline']));
  for (const { title } of lines) expect([HAN.test(title.zh), HAN.test(title.en)]).toEqual([true, false]);
  expect(run(['list', '--lang', 'zh']).out).toContain('第一次盖章');
});

test('alone, with nothing else running, piped commands stamp a page; recorded, the session is a scenario that is met', () => {
  const file = path.join(folder, 'session.yaml');
  const script = ['wait 1', 'permit zhang count=2', 'finger zhang', 'wait 1.5', 'paper blank', 'wait 7', 'counters', 'lid open', 'wait 1', 'lid close', 'finish', 'wait 1', 'explain', 'quit'].join('\n');
  const { status, out, err } = run(['record', file, '--json'], script);
  expect({ status, err }).toEqual({ status: 0, err: '' });
  const all = out.trim().split('\n').map((line) => JSON.parse(line) as { event?: string; answer?: string; kind?: string; result?: string; stamped?: number; strokes?: number });
  expect(all.find(({ answer }) => answer === 'counters')).toMatchObject({ stamped: 1, strokes: 1 });
  expect(all.find(({ kind }) => kind === 'outcome')).toMatchObject({ event: 'record', result: 'stamped' });
  const played = run(['run', file]);
  expect(played).toMatchObject({ status: 0, err: '' });
  expect(played.out).toContain('record "Stroke outcome use 1 stamped charged 1"');
});

test('what cannot be recorded is said, and fails', () => {
  const { status, out, err } = run(['record', path.join(folder, 'x.yaml'), '--identity', path.join(folder, 'none.json')]);
  expect([status, out]).toEqual([1, '']);
  expect(err).toContain('IDENTITY');
  expect(run(['record', '/no/such/folder/x.yaml'], 'quit\n')).toMatchObject({ status: 1, err: expect.stringContaining('FILE') as string });
  // A scenario that is there is somebody's work.
  const mine = path.join(folder, 'mine.yaml');
  writeFileSync(mine, 'mine');
  expect(run(['record', mine], 'wait 1\nquit\n')).toMatchObject({ status: 1, err: expect.stringContaining('FILE_EXISTS') as string });
  expect(readFileSync(mine, 'utf8')).toBe('mine');
  expect(run(['record', path.join(folder, 'y.yaml'), '--seed', '4294967296']).status).toBe(2);
  expect(run(['record', path.join(folder, 'y.yaml'), '--seed', '']).status).toBe(2);
  expect(run(['--tcp', '0', '--baud', '0']).status).toBe(2);
});

test('a recording survives the end of its program, however that comes', async () => {
  const file = path.join(folder, 'killed.yaml');
  const child = spawn(process.execPath, [program, 'sim', 'record', file], { env, stdio: ['pipe', 'ignore', 'inherit'] });
  child.stdin.write('permit zhang\nwait 1.2\nlid open\n');
  await until('the command in the file', () => existsSync(file) && readFileSync(file, 'utf8').includes('do: lid open'), 20_000);
  child.kill('SIGKILL');
  await new Promise((resolve) => child.once('close', resolve));
  expect(run(['run', file])).toMatchObject({ status: 0, out: expect.stringContaining('lid open') as string });
});

test('commands at once after each other make a scenario that is met', () => {
  const file = path.join(folder, 'fast.yaml');
  const script = ['wait 1', 'permit zhang', 'finger zhang', 'wait 1.2', 'jam', 'paper blank', 'wait 9', 'jam off', 'clear', 'finger nobody', 'power off', 'power on', 'wait 1.5', 'clear', 'lid open', 'quit'].join('\n');
  expect(run(['record', file], script).status).toBe(1); // nobody is WHO
  const played = run(['run', file]);
  expect(played).toMatchObject({ status: 0, err: '', out: expect.stringContaining('alarms STALL') as string });
});

test('what cannot be read or written is told before anything is played, with exit code 2', () => {
  const file = path.join(folder, 'x.yaml');
  writeFileSync(file, 'title: { zh: 一, en: "A\\e[31m" }\nabout: { zh: 一, en: A }\nsteps: [lid open]\n');
  for (const junit of [path.join(folder, 'none/x.xml'), folder]) expect(run(['run', file, '--junit', junit])).toMatchObject({ status: 2, out: '', err: expect.stringContaining('! FILE: ') as string });
  expect(run(['run', file, '--bundle', path.join(folder, 'none.js')])).toMatchObject({ status: 2, out: '' });
  expect(run(['run', file]).out).not.toContain('\x1b');
  writeFileSync(file, Buffer.concat([Buffer.from('title: { zh: '), Buffer.from([0xd6, 0xd0]), Buffer.from(', en: A }\nabout: { zh: A, en: A }\nsteps: [lid open]\n')]));
  expect(run(['run', file])).toMatchObject({ status: 2, out: '', err: expect.stringContaining('not UTF-8') as string });
  for (const endless of ['/dev/zero', folder]) expect(run(['run', endless])).toMatchObject({ status: 2, err: expect.stringContaining('SCENARIO_FILE') as string });
});

test.each([[[]], [['run']], [['list']], [['record']], [['serve']]])('help of sim %p is Chinese throughout where Chinese is asked for', (words) => {
  const { status, out } = run([...words, '--help', '--lang', 'zh']);
  expect(status).toBe(0);
  // A line of nothing but names, paths and examples may do without Chinese; prose may not.
  const english = out.split('\n').filter((line) => !HAN.test(line) && /[a-z]{3,} [a-z]{3,}/i.test(line) && !/smartseal/.test(line));
  expect(english).toEqual([]);
  expect(out).not.toMatch(/\(default|\[options\]|\[command\]|Usage|Options|Commands/);
});
