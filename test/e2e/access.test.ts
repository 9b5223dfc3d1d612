/** Bridge and desk as programs, with TLS, certificates and secrets from files. */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Agent, fetch as undici } from 'undici';
import { digestOfToken } from '../../host-bridge/common/tokens';
import { built, run, Running } from './programs';

const openssl = spawnSync('openssl', ['version']).status === 0;
if (!openssl) console.warn('not run, because there is no openssl on this machine: bridge and desk with TLS');

if (openssl) describe('with TLS', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'access-'));
  const at = (name: string): string => path.join(folder, name);
  const config = (more: object = {}): string => {
    const file = at('bridge.json');
    writeFileSync(file, JSON.stringify({
      listen: { host: '127.0.0.1', port: 0 }, database: 'bridge.db', spool: 'photos', linkKeysFile: 'link.keys', ports: [], tokens: [{ name: 'oa', sha256: digestOfToken('secret'), scopes: ['read'], perMinute: 5 }],
      tls: { cert: 'server.pem', key: 'server.key' }, ...more,
    }));
    return file;
  };
  beforeAll(() => {
    built();
    for (const name of ['server', 'other']) {
      const made = spawnSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2', '-keyout', `${name}.key`, '-out', `${name}.pem`, '-subj', '/CN=x', '-addext', 'subjectAltName=IP:127.0.0.1'], { cwd: folder, encoding: 'utf8' });
      if (made.status !== 0) throw new Error(made.stderr);
      chmodSync(at(`${name}.key`), 0o600);
    }
    writeFileSync(at('link.keys'), '{}', { mode: 0o600 });
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('the bridge serves HTTPS, counts calls, and is no HTTP server', async () => {
    const bridge = new Running(['bridge', '--config', config(), '--json']);
    const { url } = (await bridge.said('its address', (line) => typeof line.url === 'string')) as { url: string };
    expect(url).toMatch(/^https:/);
    const dispatcher = new Agent({ connect: { ca: readFileSync(at('server.pem'), 'utf8') } });
    const statuses: number[] = [];
    for (let i = 0; i < 7; i++) statuses.push((await undici(`${url}/v1/ports`, { dispatcher, headers: { authorization: 'Bearer secret' } })).status);
    expect(statuses).toEqual([200, 200, 200, 200, 200, 429, 429]);
    await expect(fetch(url.replace('https', 'http'))).rejects.toThrow();
    await dispatcher.close();
    await bridge.stop();
    // Secrets of webhooks stand in it.
    expect(statSync(at('bridge.db')).mode & 0o077).toBe(0);
  });

  test.each([
    [{ tls: { cert: 'server.pem', key: 'other.key' } }, /^CONFIG: .*at tls: /],
    [{ tls: { cert: 'link.keys', key: 'server.key' } }, /^CONFIG: .*at tls: /],
    [{ tls: { cert: 'none.pem', key: 'server.key' } }, /^CONFIG: .*none\.pem: ENOENT/],
    [{ mqtt: { url: 'mqtt://127.0.0.1', password: 'env:NO_SUCH_VARIABLE' } }, /^CONFIG: .*NO_SUCH_VARIABLE/],
    [{ mqtt: { url: 'mqtt://127.0.0.1', password: 'file:no.password' } }, /^CONFIG: .*no\.password: ENOENT/],
  ])('files that will not do end in one line %#', (change, line) => {
    const ended = run(['bridge', '--config', config(change), '--lang', 'en']);
    expect([ended.code, ended.errors.length, ended.errors[0]]).toEqual([1, 1, expect.stringMatching(line)]);
  });

  test('a key that others may read is refused', () => {
    chmodSync(at('other.key'), 0o644);
    expect(run(['bridge', '--config', config({ tls: { cert: 'other.pem', key: 'other.key' } }), '--lang', 'en']).errors[0]).toMatch(/^FILE_EXPOSED: /);
  });

  test('the desk serves HTTPS by its configuration', async () => {
    const env = { SMARTSEAL_PASSPHRASE: 'a long passphrase' };
    const desk = at('desk');
    expect(run(['desk', 'init', '--dir', desk, '--register', 'x/y', '--json'], env).code).toBe(0);
    const file = path.join(desk, 'desk.json');
    writeFileSync(file, JSON.stringify({ ...(JSON.parse(readFileSync(file, 'utf8')) as object), listen: { host: '127.0.0.1', port: 0 }, tls: { cert: '../server.pem', key: '../server.key' }, limits: { perMinute: 3 } }), { mode: 0o600 });
    const running = new Running(['desk', '--config', file, '--json'], env);
    const { url } = (await running.said('its address', (line) => typeof line.url === 'string')) as { url: string };
    const dispatcher = new Agent({ connect: { ca: readFileSync(at('server.pem'), 'utf8') } });
    const statuses: number[] = [];
    for (let i = 0; i < 4; i++) statuses.push((await undici(`${url}/healthz`, { dispatcher })).status);
    expect([url.startsWith('https:'), statuses]).toEqual([true, [200, 200, 200, 429]]);
    await dispatcher.close();
    await running.stop();
  });
});

test('a device is taken for oneself on the command line, shown with --lease, and given back', async () => {
  built();
  const folder = mkdtempSync(path.join(tmpdir(), 'lease-'));
  const id = '00112233445566aa';
  writeFileSync(path.join(folder, 'link.keys'), JSON.stringify({ [id]: '00'.repeat(32) }), { mode: 0o600 });
  const file = path.join(folder, 'bridge.json');
  const tokens = ['boss', 'rival'].map((name) => ({ name, sha256: digestOfToken(name), scopes: ['read', 'admin'] }));
  writeFileSync(file, JSON.stringify({ listen: { host: '127.0.0.1', port: 0 }, database: 'bridge.db', spool: 'photos', linkKeysFile: 'link.keys', ports: [], tokens }));
  const bridge = new Running(['bridge', '--config', file, '--json']);
  const { url } = (await bridge.said('its address', (line) => typeof line.url === 'string')) as { url: string };
  const device = (token: string, ...args: string[]) => run(['device', ...args, '--url', url, '--token', token, '--lang', 'en']);
  const taken = device('boss', 'lease', id, '--seconds', '600');
  expect([taken.code, taken.out]).toEqual([0, expect.stringMatching(/^Lease 1, until .*--lease 1/)]);
  expect(device('rival', 'lease', id).errors[0]).toMatch(/^LEASED: .*boss/);
  expect(device('rival', 'maintain', id, 'sensors').errors[0]).toMatch(/^LEASED: /);
  expect(device('boss', 'maintain', id, 'sensors', '--lease', '1').errors[0]).toMatch(/^DEVICE_OFFLINE: /);
  expect(device('boss', 'lease', id, '--end').out).toBe('The lease is over\n');
  expect(device('rival', 'maintain', id, 'sensors', '--lease', '1').errors[0]).toMatch(/^LEASE_OVER: /);
  await bridge.stop();
  rmSync(folder, { recursive: true, force: true });
});
