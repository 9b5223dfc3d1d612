/** `sim serve`: ten units at once, and the real bridge on all of them, over TCP and over pseudo-terminals. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createBridge, parseLinkKeys, serialTransport, tcpTransport, type Transport } from '../../host-bridge/bridge';
import { systemClock, systemRandom } from '../../host-bridge/cli/system';
import { SILENT } from '../../host-bridge/common/log';
import { nodeNatives } from '../../host-bridge/natives';
import { until } from './wires';

const root = path.resolve(__dirname, '../..');
const program = path.join(root, 'bin/smartseal.js');
const UNITS = 10;
let folder: string;
let child: ChildProcess | undefined;

beforeAll(() => {
  // `make test` has built both; alone, this file builds what is missing.
  if (!existsSync(path.join(root, 'dist/sim/cli/many.js'))) spawnSync('npx', ['tsc', '-p', 'tsconfig.json'], { cwd: root });
  if (!existsSync(path.join(root, 'dist/firmware/xiao.js'))) spawnSync(process.execPath, ['firmware/build/build.js'], { cwd: root });
}, 120_000);
beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), 'smartseal-many-'))));
afterEach(async () => {
  await stop();
  rmSync(folder, { recursive: true, force: true });
});

interface Line {
  unit?: number;
  device: string;
  pty: string;
  tcp: string;
  ble: string;
  ready?: number;
}

async function start(args: string[]): Promise<{ units: Line[]; text: string }> {
  let text = '';
  child = spawn(process.execPath, [program, 'sim', 'serve', ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  child.stdout!.on('data', (bytes: Buffer) => (text += bytes.toString()));
  await until('all units', () => text.includes('"ready"'), 30_000);
  const lines = text.trim().split('\n').map((line) => JSON.parse(line) as Line);
  return { units: lines.filter(({ unit }) => unit !== undefined), text };
}

async function stop(): Promise<number | null> {
  const running = child;
  child = undefined;
  if (running === undefined) return null;
  const ended = new Promise<number | null>((resolve) => running.once('exit', resolve));
  running.kill('SIGTERM');
  return ended;
}

async function attend(name: string, units: Line[], transports: Transport[]): Promise<void> {
  const bridge = await createBridge({
    database: path.join(folder, `${name}.db`), spool: path.join(folder, name), tokens: [], linkKeys: parseLinkKeys(readFileSync(path.join(folder, 'ids/link.keys'), 'utf8'), 'link.keys'),
    transports, natives: nodeNatives, clock: systemClock(), random: systemRandom, log: SILENT,
  });
  bridge.start();
  try {
    await until(`ten sessions over ${name}`, () => units.every(({ device }) => bridge.fleet.find(device) !== undefined), 30_000);
    let recorded = new Set<string>();
    for (let tries = 0; recorded.size < UNITS && tries < 500; tries++) {
      recorded = new Set((await bridge.events.after(0, 10_000)).filter(({ type }) => type === 'record').map(({ device }) => device));
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect([...recorded].sort()).toEqual(units.map(({ device }) => device).sort());
  } finally {
    await bridge.stop();
  }
}

test('ten units at once: the bridge has them all, over TCP, then over their terminals', async () => {
  const ids = path.join(folder, 'ids');
  const { units, text } = await start(['--units', String(UNITS), '--tcp', '0', '--pty', path.join(folder, 'seal'), '--identities', ids]);
  expect(new Set(units.map(({ device }) => device)).size).toBe(UNITS);
  expect(units.map(({ pty }) => path.basename(pty))).toEqual(Array.from({ length: UNITS }, (_, i) => `seal-${i + 1}`));

  // Keys lie in files that nobody else can read, and stand nowhere else.
  for (const file of readdirSync(ids)) expect(statSync(path.join(ids, file)).mode & 0o077).toBe(0);
  const keys = Object.values(JSON.parse(readFileSync(path.join(ids, 'link.keys'), 'utf8')) as Record<string, string>);
  expect(keys).toHaveLength(UNITS);
  for (const key of keys) expect(text).not.toContain(key.slice(0, 16));

  await attend('tcp', units, units.map(({ tcp }) => tcpTransport({ host: tcp.split(':')[0], port: Number(tcp.split(':')[1]) })));
  await attend('pty', units, units.map(({ pty }) => serialTransport({ path: pty, baud: 921_600 })));
  expect(await stop()).toBe(0);
  for (const { pty } of units) expect(existsSync(pty)).toBe(false);

  // The same folder again: the same units.
  const again = await start(['--units', '3', '--tcp', '0', '--identities', ids]);
  expect(again.units.map(({ device }) => device)).toEqual(units.slice(0, 3).map(({ device }) => device));
}, 120_000);

test('what cannot be offered is one line with a code', () => {
  const run = (args: string[]): { status: number | null; err: string } => {
    const done = spawnSync(process.execPath, [program, 'sim', 'serve', ...args], { encoding: 'utf8', timeout: 20_000 });
    return { status: done.status, err: done.stderr };
  };
  expect(run([])).toMatchObject({ status: 2, err: expect.stringContaining('"USAGE"') as string });
  expect(run(['--units', '0', '--tcp', '0']).status).toBe(2);
  expect(run(['--mtu', '22', '--ble', '0']).status).toBe(2);
  expect(run(['--pty', path.join(folder, 'none/x')])).toMatchObject({ status: 1, err: expect.stringContaining('"PTY_PATH"') as string });
  expect(run(['--tcp', '0', '--identities', '/dev/null'])).toMatchObject({ status: 1, err: expect.stringContaining('"IDENTITIES"') as string });
});
