/** `smartseal` as a person or a script starts it: the built program with the bundle that is flashed. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, lstatSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { Program } from '../../sim/cli/demo/program';
import { until } from './wires';

const root = path.resolve(__dirname, '../..');
const program = path.join(root, 'bin/smartseal.js');
const env = { ...process.env, LANG: 'C.UTF-8', LC_ALL: 'C.UTF-8' };
let folder: string;

beforeAll(() => {
  // `make test` has built both; alone, this file builds what is missing.
  if (!existsSync(path.join(root, 'dist/sim/cli/main.js'))) spawnSync('npx', ['tsc', '-p', 'tsconfig.json'], { cwd: root });
  if (!existsSync(path.join(root, 'dist/firmware/xiao.js'))) spawnSync(process.execPath, ['firmware/build/build.js'], { cwd: root });
}, 120_000);
beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), 'smartseal-program-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function run(args: string[], input = ''): { status: number | null; out: string; err: string } {
  const done = spawnSync(process.execPath, [program, ...args], { input, env, encoding: 'utf8', timeout: 50_000 });
  return { status: done.status, out: done.stdout, err: done.stderr };
}

interface Line {
  at: number;
  event?: string;
  answer?: string;
  error?: string;
  [more: string]: unknown;
}
const lines = (out: string): Line[] => out.trim().split('\n').map((line) => JSON.parse(line) as Line);

test('help in both languages, clear words and exit code 2 for what it does not know', () => {
  expect(run(['--help'])).toMatchObject({ status: 0, out: expect.stringContaining('simulated seal') as string });
  expect(run(['--lang', 'zh', '--help']).out).toContain('模拟印章机');
  expect(run(['sim', '--help']).out).toContain('Examples:');
  expect(run(['--lang', 'zh', 'sim', '--help']).out).toContain('例：');
  for (const part of ['bridge', 'desk', 'device', 'verify']) expect(run([part, '--help']).status).toBe(0);
  expect(run(['simm'])).toMatchObject({ status: 2, err: expect.stringContaining('Did you mean sim?') as string });
  expect(run(['--lang', 'zh', 'simm'])).toMatchObject({ status: 2, err: expect.stringContaining('没有命令') as string });
  expect(run(['sim', '--tcp', 'x']).status).toBe(2);
  expect(run(['verify']).status).toBe(2);
  expect(run(['help', 'foo'])).toMatchObject({ status: 2, out: '', err: expect.stringMatching(/^error: unknown command 'foo'\n/) as string });
  expect(run(['verify', '--lang', 'fr', 'x'])).toMatchObject({ status: 2, err: expect.stringContaining("'fr'") as string });
});

test('an exploration of nothing is none, and what no world can be is said as wrong usage', () => {
  for (const [option, value] of [['--seeds', '0'], ['--from', '99999999999999999999'], ['--workers', '0'], ['--strokes', '0'], ['--minutes', '0'], ['--profile', 'nope']] as const) {
    expect(run(['sim', 'explore', '--seeds', '1', option, value])).toMatchObject({ status: 2, out: '' });
  }
  expect(run(['sim', 'replay', '5', '--profile', 'nope', '--lang', 'zh'])).toMatchObject({ status: 2, out: '', err: expect.stringMatching(/^! USAGE: 用法/) as string });
  expect(run(['sim', 'replay', '99999999999999999999'])).toMatchObject({ status: 2, out: '' });
  expect(run(['sim', 'replay', path.join(root, 'README.md')])).toMatchObject({ status: 1, err: expect.stringMatching(/^! FILE: /) as string });
});

test('an exploration that is ended by hand tells what it has seen, and where to go on; a script does not take it for whole', async () => {
  const child = spawn(process.execPath, [program, 'sim', 'explore', '--seeds', '100000', '--workers', '1', '--profile', 'calm', '--from', '7', '--json'], { env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  let out = '';
  let err = '';
  child.stdout.on('data', (bytes: Buffer) => (out += bytes.toString()));
  child.stderr.on('data', (bytes: Buffer) => (err += bytes.toString()));
  // As a terminal does it: to all processes of the group, and once, when it has begun (it has processes of its own).
  const begun = `/proc/${String(child.pid)}/task/${String(child.pid)}/children`;
  const asked = setInterval(() => {
    if (!existsSync(begun) || readFileSync(begun, 'utf8') === '') return;
    clearInterval(asked);
    process.kill(-child.pid!, 'SIGINT');
  }, 200);
  const status = await new Promise((resolve) => child.once('close', resolve));
  clearInterval(asked);
  const { worlds, failed, next } = JSON.parse(out) as { worlds: number; failed: unknown[]; next: number };
  expect({ status, failed, next }).toEqual({ status: 130, failed: [], next: 7 + worlds });
  expect(worlds).toBeGreaterThan(0);
  expect(err.match(/Ending/g)).toHaveLength(1);
}, 120_000);

test('an exploration that lost one of its processes is no clean one', async () => {
  // It ends by itself at its first word, as one does that runs out of memory.
  const loses = path.join(folder, 'loses.js');
  writeFileSync(loses, "if (process.argv[1].endsWith('explore.worker.js')) process.on('message', () => process.kill(process.pid, 'SIGKILL'));\n");
  const child = spawn(process.execPath, [program, 'sim', 'explore', '--seeds', '2', '--workers', '1'], { env: { ...env, NODE_OPTIONS: `--require ${loses}` }, stdio: ['ignore', 'pipe', 'pipe'] });
  let out = '';
  let err = '';
  child.stdout.on('data', (bytes: Buffer) => (out += bytes.toString()));
  child.stderr.on('data', (bytes: Buffer) => (err += bytes.toString()));
  const status = await new Promise((resolve) => child.once('close', resolve));
  expect({ status, out }).toEqual({ status: 1, out: '' });
  expect(err).toMatch(/^! WORKER: .*SIGKILL/m);
}, 60_000);

test('a script acts on the unit as hands would, and the screen tells what the unit does', async () => {
  const shot = path.join(folder, 'tray.jpg');
  const drawn = path.join(folder, 'tray.png');
  const sheet = path.join(folder, 'sheet.png');
  const script = [
    '# a comment', 'wait 0.6', 'state', `paper "${path.join(root, 'sim/assets/contract-zh.pdf')}" 2`, 'wait 0.6', `photo ${shot}`, `tray ${drawn}`, `paper save ${sheet}`, 'wrong-finger', 'wait 0.9',
    'lid open', 'lid close', 'die out', 'die in', 'unplug', 'plug', 'power off', 'power on', 'wait 0.6', 'paper out', 'truth', 'quit',
  ].join('\n');
  const { status, out, err } = run(['sim', '--json', '--state', path.join(folder, 'unit')], script);
  expect({ status, err }).toEqual({ status: 0, err: '' });
  const all = lines(out);
  const events = all.map(({ event, answer }) => event ?? answer);
  for (const wanted of ['unit', 'notice', 'boot', 'link', 'state', 'paper', 'file', 'finger', 'lid', 'die', 'cut', 'truth']) expect(events).toContain(wanted);
  expect(events.filter((event) => event === 'boot')).toHaveLength(2);
  expect(all.find(({ answer }) => answer === 'state')).toMatchObject({ powered: true, boltOpen: false, lidClosed: true, page: null });
  expect(all.find(({ answer }) => answer === 'truth')).toMatchObject({ strokes: [], exceptions: [], consoleBytes: 0 });
  expect(await sharp(shot).metadata()).toMatchObject({ format: 'jpeg', width: 1600, height: 1200 });
  expect((await sharp(drawn).metadata()).format).toBe('png');
  expect((await sharp(sheet).metadata()).format).toBe('png');
  // Once more from the same folder: the same unit, its flash as it was.
  const again = lines(run(['sim', '--json', '--state', path.join(folder, 'unit')], 'wait 0.6\nquit\n').out);
  expect(again[0].device).toBe(all[0].device);
});

test('what cannot be done is one line with a code; a script that failed ends with 1', () => {
  const { status, out } = run(['sim', '--json'], 'bogus\npaper out\ndie in\nfinger nobody\nstate now\npaper out 3\nphoto a b\nbattery 200\npaper no-such.pdf\nlid ajar\nphoto /no/such/folder/x.jpg\nquit\n');
  expect(status).toBe(1);
  expect(lines(out).flatMap(({ error }) => (error === undefined ? [] : [error]))).toEqual(['UNKNOWN_COMMAND', 'TRAY_EMPTY', 'HOLDER_OCCUPIED', 'WHO', 'USAGE', 'USAGE', 'USAGE', 'USAGE', 'PAGE_FILE_MISSING', 'USAGE', 'FILE']);
  expect(run(['sim', '--identity', path.join(folder, 'none.json')])).toMatchObject({ status: 1, err: expect.stringContaining('IDENTITY') as string });
  expect(run(['sim', '--pty', path.join(folder, 'none', 'x')])).toMatchObject({ status: 1, err: expect.stringContaining('PTY_PATH:') as string });
  const unit = path.join(folder, 'unit.json');
  writeFileSync(unit, JSON.stringify({ deviceId: '11'.repeat(8), linkKey: '22'.repeat(32), permitKey: '33'.repeat(32), evidenceKey: '44'.repeat(32), people: [] }));
  const provision = ['device', 'provision', '--port', '/dev/null', '--identity'];
  expect(run([...provision, unit])).toMatchObject({ status: 1, out: '', err: expect.stringMatching(/^FLASH_PORT: .*nothing was changed.*\n$/) as string });
  expect(run([...provision, unit, '--lang', 'zh']).err).toMatch(/^FLASH_PORT: .*什么都没有改动.*\n$/);
  expect(JSON.parse(run([...provision, path.join(folder, 'none.json'), '--json']).err)).toMatchObject({ code: 'IDENTITY' });
  expect(run(['device', 'provision', '--port', '/dev/null'])).toMatchObject({ status: 2, err: expect.stringContaining('--identity') as string });
  for (const [language, said] of [['en', 'give a flashed unit its keys and identity'], ['zh', '给烧录好的设备写入密钥和身份']]) expect(run(['device', 'provision', '--help', '--lang', language!]).out).toContain(said);
  expect(run(['device', 'flash', '--port', '/dev/null'])).toMatchObject({ status: 1, err: expect.stringMatching(/^FLASH_PORT: .*nothing was changed.*\n$/) as string });
  expect(run(['--lang', 'zh', 'sim', '--pty', path.join(root, 'package.json')])).toMatchObject({ status: 1, err: expect.stringContaining('路径已被占用') as string });
});

test('a step of the demo that waits ends with the error the simulator tells, and others that wait end quietly', async () => {
  const sim = new Program('sim', ['sim', '--json']);
  void sim.next('a stroke', () => false);
  const waiting = sim.next('a sheet', () => false);
  sim.type('paper a 2 b');
  await expect(waiting).rejects.toThrow(/^sim: USAGE: /);
  await sim.stop();
});

test('on a pseudo-terminal and on TCP it serves until a signal, and leaves nothing behind', async () => {
  const link = path.join(folder, 'seal');
  const child = spawn(process.execPath, [program, 'sim', '--json', '--pty', link, '--tcp', '0', '--state', path.join(folder, 'unit')], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  let out = '';
  child.stdout.on('data', (bytes: Buffer) => (out += bytes.toString()));
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  try {
    await until('the unit to be up', () => out.includes('"event":"link","connected":true'), 20_000);
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
    const { port } = lines(out).find(({ event }) => event === 'tcp')! as unknown as { port: number };
    const socket = connect(port, '127.0.0.1');
    await until('the host to be seen', () => out.includes('"event":"host","there":true'));
    socket.destroy();
    await until('the host to be gone', () => out.includes('"event":"host","there":false'));
  } finally {
    child.kill('SIGTERM');
  }
  expect(await ended).toBe(0);
  expect(existsSync(link)).toBe(false);
  expect(existsSync(path.join(folder, 'unit', 'lock'))).toBe(false);
  expect(readFileSync(path.join(folder, 'unit', 'flash.nor')).subarray(0, 9).toString()).toBe('smartseal');
});
