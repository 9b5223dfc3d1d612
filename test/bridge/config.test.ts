import { chmodSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BridgeConfig, parseLinkKeys } from '../../host-bridge/bridge';
import { loadConfig, secretOf } from '../../host-bridge/common/config';
import { lineOf } from '../../host-bridge/common/errors';
import { readPrivate } from '../../host-bridge/common/files';
import { createLog } from '../../host-bridge/common/log';

const directory = mkdtempSync(join(tmpdir(), 'config-'));
const GOOD = { listen: { host: '127.0.0.1', port: 1 }, database: 'b.db', spool: 's', tokens: [], ports: [{ kind: 'serial', path: '/dev/ttyACM0' }], linkKeysFile: 'k.json' };

function load(config: unknown): unknown {
  const file = join(directory, 'bridge.json');
  writeFileSync(file, typeof config === 'string' ? config : JSON.stringify(config));
  try {
    return loadConfig(BridgeConfig, file);
  } catch (error) {
    return lineOf(error, 'en').replace(directory, '.');
  }
}

test('a configuration gets its defaults', () => {
  expect(load(GOOD)).toMatchObject({ ports: [{ baud: 115_200 }], eventsKept: 1_000_000, logLevel: 'info' });
});

test.each(['docs/bridge.md', 'docs/bridge.zh-CN.md'])('the configuration that %s shows is one, and says of nothing that there is no such setting', (page) => {
  const [shown] = /```json\n([\s\S]*?)```/.exec(readFileSync(join(__dirname, '../..', page), 'utf8'))!.slice(1);
  expect(load(shown)).toMatchObject({ oidc: { scopes: { 'hall-2': { devices: ['00112233445566aa'] } } }, uplinks: [{ name: 'north' }] });
});

test('and so are the pieces that the README of the bridge shows', () => {
  const pieces = [...readFileSync(join(__dirname, '../../host-bridge/bridge/README.md'), 'utf8').matchAll(/```json\n("uplinks"[\s\S]*?)```/g)].map(([, piece]) => JSON.parse(`{${piece}}`) as object);
  expect(pieces).toHaveLength(1);
  for (const piece of pieces) expect(load({ ...GOOD, ...piece })).toMatchObject(piece);
});

test.each([
  ['{', /^CONFIG: .*is not JSON$/],
  [{ ...GOOD, listen: { host: '127.0.0.1', port: 70_000 } }, /^CONFIG: .* at listen\.port: .*<=65535.*70000$/],
  [{ ...GOOD, suprise: 1 }, /^CONFIG: .* at suprise: there is no such setting$/],
  [{ ...GOOD, database: undefined }, /^CONFIG: .*database/],
  [{ ...GOOD, tokens: [{ name: 'x', sha256: 'y', scopes: ['read'] }] }, /^CONFIG: .* at tokens\.0\.sha256/],
  [{ ...GOOD, tokens: [{ name: 'x', sha256: 'a'.repeat(64), scopes: ['root'] }] }, /^CONFIG: .* at tokens\.0\.scopes\.0/],
  [{ ...GOOD, tokens: ['x', 'y'].map((name) => ({ name, sha256: 'a'.repeat(64), scopes: ['read'] })) }, /^CONFIG: .* at tokens: The same sha256 stands there twice$/],
  [{ ...GOOD, tokens: [{ name: 'x', sha256: 'a'.repeat(64), scopes: ['read'], devices: [] }] }, /^CONFIG: .* at tokens\.0\.devices/],
  [{ ...GOOD, tokens: [{ name: 'x', sha256: 'a'.repeat(64), scopes: ['read'], devices: ['unit-1'] }] }, /^CONFIG: .* at tokens\.0\.devices\.0/],
  [{ ...GOOD, oidc: { issuer: 'https://login.example.com', audience: 'a', scopes: { hall: { scopes: ['root'], devices: ['0011223344556677'] } } } }, /^CONFIG: .* at oidc\.scopes\.hall/],
  [{ ...GOOD, tokens: [{ name: 'person:zhang', sha256: 'a'.repeat(64), scopes: ['read'] }] }, /^CONFIG: .* at tokens\.0\.name: names that begin with person: are people's$/],
  [{ ...GOOD, uplinks: [{ url: 'https://desk.example.com', name: 'north', token: 'env:T', cert: 'bridge.pem' }] }, /^CONFIG: .* at uplinks\.0: cert and key together$/],
])('a configuration that will not do is told in one line %#', (config, line) => {
  expect(load(config)).toMatch(line);
});

test('link keys: errors name the place and never a key', () => {
  const key = '5a'.repeat(32);
  expect(parseLinkKeys(JSON.stringify({ '0011223344556677': key }), 'k').get('0011223344556677')).toBe('Z'.repeat(32));
  for (const text of [`{"0011223344556677":"${key}`, `{"0011223344556677":"${key}00"}`, `{"XX":"${key}"}`, `["${key}"]`, `{"0011223344556677":{"${key}":1}}`]) {
    let told = '';
    try {
      parseLinkKeys(text, 'k.json');
    } catch (error) {
      told = lineOf(error, 'zh');
    }
    expect(told).toMatch(/^CONFIG: .*k\.json/);
    expect(told).not.toContain(key.slice(0, 16));
  }
});

test('a secret file others may read is refused, a secret of the environment must be there', () => {
  const file = join(directory, 'secret');
  writeFileSync(file, 'x');
  chmodSync(file, 0o644);
  expect(() => readPrivate(file, true)).toThrow(/can be read by others/);
  chmodSync(file, 0o600);
  expect(readPrivate(file, true)).toBe('x');
  expect(secretOf('env:NAME', { NAME: 'v' })).toBe('v');
  expect(() => secretOf('env:NAME', {})).toThrow(/NAME/);
});

test('the log cuts out what could be a secret', () => {
  const lines: string[] = [];
  const log = createLog({ write: (line: string) => void lines.push(line) }, 'info');
  log.info('x', { linkKey: 'hush1', token: 'hush2', request: { authorization: 'hush3' }, device: 'shown' });
  expect(lines.join('')).toContain('shown');
  expect(lines.join('')).not.toContain('hush');
});

test.each(['bridge.md', 'bridge.zh-CN.md'])('the configuration that docs/%s shows is one', (page) => {
  const shown = /^```json\n([\s\S]*?)^```$/m.exec(readFileSync(join(__dirname, '../../docs', page), 'utf8'))![1]!;
  expect(load(shown)).toMatchObject({ oidc: { claim: 'groups', algorithms: ['RS256', 'PS256', 'ES256', 'EdDSA'] }, webhooks: { networks: ['10.20.0.0/16'] } });
});

test.each([
  [{ tokens: [{ name: 'x', sha256: 'a'.repeat(64), scopes: ['read'], expires: 'tomorrow' }] }, /tokens\.0\.expires/],
  [{ tokens: [{ name: 'x', sha256: 'a'.repeat(64), scopes: ['read'], expires: '2027-13-41T00:00:00Z' }] }, /tokens\.0\.expires/],
  [{ webhooks: { networks: ['10.0.0.0'] } }, /webhooks\.networks\.0/],
  [{ oidc: { issuer: 'https://x', audience: 'y', scopes: {}, algorithms: ['HS256'] } }, /oidc\.algorithms\.0/],
  [{ mqtt: { url: 'mqtt://user:hush@broker' } }, /mqtt\.url/],
  [{ mqtt: { url: 'mqtt://broker', prefix: 'a/#' } }, /mqtt\.prefix/],
])('access that will not do is told in one line %#', (change, line) => {
  const told = load({ ...GOOD, ...change }) as string;
  expect(told).toMatch(/^CONFIG: /);
  expect(told).toMatch(line);
  expect(told).not.toContain('hush');
});

test('ports of every kind, and what will not do of each', () => {
  const ports = (...list: object[]) => load({ ...GOOD, ports: list });
  expect(ports({ kind: 'usb', vendor: '2886', product: 'ABCD' }, { kind: 'ble' }, { kind: 'ble', address: 'c0:ff:ee:00:00:01', bond: true }, { kind: 'tcp', host: 'h', port: 7700 })).toMatchObject({
    ports: [{ vendor: '2886', product: 'abcd', baud: 115_200 }, { bond: false }, { address: 'C0:FF:EE:00:00:01', bond: true }, { port: 7700 }], keepDays: 90, reserveMb: 64, captureKb: 32, uplinks: [],
  });
  for (const wrong of [{ kind: 'usb' }, { kind: 'usb', vendor: '0x2886' }, { kind: 'ble', address: 'front desk' }, { kind: 'tcp', host: 'h', port: 0 }, { kind: 'lpt', path: '/dev/lp0' }]) expect(ports(wrong)).toMatch(/^CONFIG: .* at ports\.0/);
  for (const wrong of [{ keepDays: 0 }, { captureKb: 5_000 }, { uplinks: [{ url: 'desk.example.com', name: 'n', token: 't' }] }]) expect(load({ ...GOOD, ...wrong })).toMatch(/^CONFIG: /);
});
