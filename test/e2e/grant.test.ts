/** `smartseal grant`: keys and statements of an authority of one's own, as another reader of the protocol reads them. */
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Action, grantKeys, GrantKind, openGrant, type Grant } from '../../protocol';
import { toBytes } from '../../host-bridge/common/bytes';
import { nodeNatives } from '../../host-bridge/natives';
import { built, run } from './programs';

const folder = mkdtempSync(path.join(tmpdir(), 'grant-'));
const ID = '00112233445566aa';
const DIE = '010100000000000a';
const DOCUMENT = 'ab'.repeat(32);
const PERMIT = '70'.repeat(16);
const key = path.join(folder, `${ID}.authority.json`);
const grant = (...args: string[]) => run(['grant', ...args, '--lang', 'en']);
const keyed = (...args: string[]) => grant(args[0]!, '--key', key, ...args.slice(1));
const permit = (...more: string[]) => keyed('permit', '--die', DIE, '--person', '7', '--document', DOCUMENT, ...more);

/** What the device makes of it. */
function read(base64: string): Grant | number {
  const file = JSON.parse(readFileSync(key, 'utf8')) as Record<string, string>;
  const bytes = (hex: string): string => toBytes(Buffer.from(hex, 'hex'));
  return openGrant(nodeNatives, grantKeys(nodeNatives, bytes(ID), bytes(file['permitKey']!), bytes(file['ackKey']!)), toBytes(Buffer.from(base64.trim(), 'base64')));
}

beforeAll(() => {
  built();
  expect(grant('unit', '--id', ID, '--out', folder, '--person', '1:7', '--die', DIE).code).toBe(0);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('keys are made once, for their owner alone, and each has only what its role needs', () => {
  const files = ['unit', 'authority', 'link'].map((name) => path.join(folder, `${ID}.${name}.json`));
  for (const file of files) expect(statSync(file).mode & 0o077).toBe(0);
  const [unit, authority, link] = files.map((file) => JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>);
  expect(unit).toMatchObject({ deviceId: ID, people: [{ slot: 1, person: 7 }], dies: [DIE] });
  expect(link).toEqual({ [ID]: unit!['linkKey'] });
  expect(authority!['permitKey']).toBe(unit!['permitKey']);
  expect(JSON.stringify(authority)).not.toContain(unit!['linkKey'] as string);
  const again = grant('unit', '--id', ID, '--out', folder);
  expect([again.code, again.errors[0]]).toEqual([1, expect.stringMatching(/^CONFLICT: .*exists/)]);
});

test('a permit says what was asked for, and no counter comes twice', () => {
  const first = permit('--count', '3', '--person', '9:both', '--policy', 'photos,grants', '--from', '1800000000', '--for', '60', '--id', PERMIT);
  expect(read(first.out)).toMatchObject({ kind: GrantKind.PERMIT, count: 3, persons: [7, 1, 9, 3], policy: 3, notBefore: 1_800_000_000, notAfter: 1_800_000_060, counter: 1, epoch: 0 });
  expect(read(permit().out)).toMatchObject({ counter: 2, count: 1, policy: 1 });
  writeFileSync(path.join(folder, `${ID}.counter.lock`), '');
  expect(permit().errors[0]).toMatch(/^CONFLICT: .*counter\.lock/);
  rmSync(path.join(folder, `${ID}.counter.lock`));
  expect(read(permit().out)).toMatchObject({ counter: 3 });
});

test('with --out the body of the request stands in a file, and the id on standard output', () => {
  const out = path.join(folder, 'permit.json');
  expect(permit('--id', PERMIT, '--out', out).out).toBe(`${PERMIT}\n`);
  expect(read((JSON.parse(readFileSync(out, 'utf8')) as { grant: string }).grant)).toMatchObject({ kind: GrantKind.PERMIT });
  expect(JSON.parse(permit('--id', PERMIT, '--json').out)).toMatchObject({ permit: PERMIT, document: DOCUMENT, grant: expect.any(String) });
});

const HASH = 'cd'.repeat(32);
test.each<[string[], object]>([
  [['time', '--nonce', '0f'.repeat(16), '--at', '1800000000'], { kind: GrantKind.TIME, time: 1_800_000_000 }],
  [['stroke', '--permit', PERMIT, '--photo', HASH, '--seq', '5'], { kind: GrantKind.STROKE, seq: 5 }],
  [['reject', '--permit', PERMIT, '--photo', HASH, '--seq', '5'], { kind: GrantKind.REJECT, seq: 5 }],
  [['revoke', '--permit', PERMIT, '--counter', '4'], { kind: GrantKind.REVOKE, counter: 4 }],
  [['epoch', '--epoch', '2'], { kind: GrantKind.REVOKE, epoch: 2 }],
  [['clear', '--condition', '2', '--seq', '9'], { kind: GrantKind.CLEAR, condition: 2, seq: 9 }],
  [['top-up', '--permit', PERMIT, '--count', '5', '--counter', '90', '--epoch', '0'], { kind: GrantKind.TOP_UP, count: 5, counter: 90 }],
  [['ack', '--records', '9', '--photos', '8', '--hash', HASH], { kind: GrantKind.ACK, recordsThrough: 9, photosThrough: 8 }],
  [['ceremony', '--action', 'finger', '--subject', '8', '--person', '7', '--until', '1900000000'], { action: Action.FINGER_ADD, subject: 8, until: 1_900_000_000 }],
  [['ceremony', '--action', 'take-out', '--subject', '7', '--person', '7', '--until', '1900000000', '--circle', '31.2,121.4,500', '--silence', '3600'], { action: Action.TAKE_OUT, silence: 3600 }],
  [['ceremony', '--action', 'press', '--die', DIE, '--press', '300,80,500'], { action: Action.DIE_TUNE, dwell: 300, duty: 80, life: 500 }],
  [['ceremony', '--action', 'maintain', '--person', '7:passcode'], { action: Action.MAINTAIN, persons: [7, 2] }],
])('%s', (args, expected) => {
  const made = keyed(...args);
  expect(made.errors).toEqual([]);
  expect(read(made.out)).toMatchObject(expected);
});

test('what a unit would refuse as malformed is not handed out, and files that will not do are told without their keys', () => {
  expect(permit('--person', '7').errors[0]).toMatch(/^INVALID: .*MALFORMED/);
  expect(keyed('ceremony', '--action', 'take-out', '--subject', '8', '--person', '7', '--until', '1900000000').errors[0]).toMatch(/^INVALID: .*MALFORMED/);
  expect(permit('--document', path.join(folder, 'none.pdf')).errors[0]).toMatch(/^FILE_FAILED: /);
  expect(permit('--count', '0').code).toBe(2);
  expect(permit('--policy', 'constructor').code).toBe(2);
  const secret = (JSON.parse(readFileSync(key, 'utf8')) as { permitKey: string }).permitKey;
  const bad = path.join(folder, 'bad.json');
  for (const text of [`{"permitKey":"${secret}"`, `{"permitKey":"${secret}"}`, `["${secret}"]`, 'null']) {
    writeFileSync(bad, text, { mode: 0o600 });
    const told = grant('epoch', '--key', bad, '--epoch', '1').errors.join('\n');
    expect(told).toMatch(/^CONFIG: /);
    expect(told).not.toContain(secret.slice(0, 16));
  }
  chmodSync(bad, 0o644);
  expect(grant('epoch', '--key', bad, '--epoch', '1').errors[0]).toMatch(/^FILE_EXPOSED: /);
  expect(existsSync(path.join(folder, 'bad.counter'))).toBe(false);
});
