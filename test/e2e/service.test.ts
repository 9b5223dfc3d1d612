/** The bridge as a service that nobody looks at: its log has no reader or no room, a setting cannot be had. */
import { spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ask, bridgeFolder, built, freePort, root, run, until } from './programs';

const ID = '5ea1000000000003';
let folder: string;
let children: ChildProcess[] = [];
beforeAll(built, 120_000);
beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), 'service-'))));
afterEach(() => {
  for (const child of children) child.kill('SIGKILL');
  children = [];
  rmSync(folder, { recursive: true, force: true });
});

/** A bridge that writes a line for every call. Returns its configuration. */
async function talkative(): Promise<{ config: string; url: string }> {
  const port = await freePort();
  const config = bridgeFolder(path.join(folder, 'bridge'), { ports: [], keys: { [ID]: '11'.repeat(32) }, listen: port });
  change(config, { logLevel: 'debug' });
  return { config, url: `http://127.0.0.1:${port}` };
}

function change(config: string, more: object): void {
  writeFileSync(config, JSON.stringify({ ...(JSON.parse(readFileSync(config, 'utf8')) as object), ...more }));
}

function begin(config: string, out: 'pipe' | number): ChildProcess {
  const child = spawn(process.execPath, [path.join(root, 'bin/smartseal.js'), 'bridge', '--config', config], { stdio: ['ignore', out, out] });
  children.push(child);
  return child;
}

/** Whether it serves, and went on serving while it wrote some lines. */
async function serves(child: ChildProcess, url: string): Promise<void> {
  await until('an answer', () => (child.exitCode !== null ? Promise.reject(new Error(`ended with ${child.exitCode}`)) : ask(`${url}/v1/devices`, 'test').catch(() => undefined)));
  for (let i = 0; i < 5; i++) expect((await ask(`${url}/v1/devices`, 'test')).status).toBe(200);
  expect([child.exitCode, child.signalCode]).toEqual([null, null]);
}

test('who read its log ends: it goes on, and ends in order when it is told to', async () => {
  const { config, url } = await talkative();
  const child = begin(config, 'pipe');
  child.stdout!.destroy();
  child.stderr!.destroy();
  await serves(child, url);
  child.kill('SIGTERM');
  await until('its end', () => child.exitCode ?? undefined);
  expect(child.exitCode).toBe(0);
});

test('its log stands on a disk that is full: it begins, and goes on', async () => {
  if (!existsSync('/dev/full')) return expect(process.platform).not.toBe('linux');
  const { config, url } = await talkative();
  const full = openSync('/dev/full', 'w');
  const child = begin(config, full);
  closeSync(full);
  await serves(child, url);
});

test('a token for a desk that cannot be had: told, with nothing left running', async () => {
  const { config } = await talkative();
  const uplink = { url: 'https://desk.example.com', name: 'north', token: 'env:SMARTSEAL_NOT_SET' };
  change(config, { uplinks: [uplink] });
  expect(run(['bridge', '--config', config])).toEqual({ code: 1, out: '', errors: [expect.stringMatching(/^CONFIG: .*SMARTSEAL_NOT_SET/)] });
  change(config, { uplinks: [{ ...uplink, token: 'env:PATH', ca: 'none.pem' }] });
  expect(run(['bridge', '--config', config])).toEqual({ code: 1, out: '', errors: [expect.stringMatching(/^CONFIG: .*none\.pem: ENOENT/)] });
  change(config, { uplinks: [{ ...uplink, token: 'env:PATH', url: 'https://' }] });
  expect(run(['bridge', '--config', config])).toEqual({ code: 1, out: '', errors: [expect.stringMatching(/^CONFIG: .*uplinks/)] });
});

test('a secret in the configuration itself: only where nobody else may read that', async () => {
  const { config } = await talkative();
  chmodSync(config, 0o644);
  for (const more of [{ uplinks: [{ url: 'https://desk.example.com', name: 'north', token: 'plain-secret' }] }, { mqtt: { url: 'mqtt://127.0.0.1:9', username: 'x', password: 'plain-secret' } }]) {
    change(config, { uplinks: [], ...more });
    const told = run(['bridge', '--config', config]);
    expect(told).toEqual({ code: 1, out: '', errors: [expect.stringMatching(/^FILE_EXPOSED: .*chmod 600/)] });
    expect(told.errors.join()).not.toContain('plain-secret');
  }
});
