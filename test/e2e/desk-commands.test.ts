/** A company set up and a contract approved by `smartseal desk …` alone, at a real desk; and what a person mistypes. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { asset, built, run, Running, type Ended } from './programs';
import type { Json } from '../desk/support';

const folder = mkdtempSync(path.join(tmpdir(), 'desk-commands-'));
const at = (name: string): string => path.join(folder, name);
const PASSPHRASE = { SMARTSEAL_PASSPHRASE: 'a long passphrase' };
const DEVICE = '00112233445566aa';
const DIE = '010100000000000a';
let desk: Running;
let url: string;
const tokens: Record<string, string> = {};

const smartseal = (who: string, ...words: string[]): Ended => run(['desk', ...words, '--url', url, '--lang', 'en'], { SMARTSEAL_TOKEN: tokens[who] });
function json(who: string, ...words: string[]): Json {
  const done = smartseal(who, ...words, '--json');
  expect(done).toMatchObject({ code: 0, errors: [] });
  return JSON.parse(done.out) as Json;
}
const words = (who: string, ...line: string[]): string => {
  const done = smartseal(who, ...line);
  expect(done).toMatchObject({ code: 0, errors: [] });
  return done.out;
};

beforeAll(async () => {
  built();
  const made = run(['desk', 'init', '--dir', at('desk'), '--port', '0', '--bridge', 'front=http://127.0.0.1:9=x', '--json'], PASSPHRASE);
  const { config, token } = JSON.parse(made.out) as { config: string; token: string };
  tokens['admin'] = token;
  desk = new Running(['desk', '--config', config, '--json'], PASSPHRASE);
  ({ url } = (await desk.said('the address', ({ url: address }) => typeof address === 'string')) as { url: string });
}, 120_000);
afterAll(async () => {
  await desk.stop();
  rmSync(folder, { recursive: true, force: true });
});

test('people, a unit and a seal; an application, looked at, approved by fewer strokes, withdrawn', () => {
  for (const [name, roles] of [['zhang', 'applicant,holder'], ['li', 'approver'], ['wang', 'custodian,auditor']] as const) tokens[name] = (json('admin', 'call', 'people', `name=${name}`, `roles=${roles}`) as { token: string }).token;
  expect(words('admin', 'people')).toBe('1 admin admin\n2 zhang applicant,holder\n3 li approver\n4 wang custodian,auditor\n');
  json('admin', 'call', 'departments', 'name=法务部', 'parent=null', 'head=3', 'leader=null');
  json('admin', 'call', 'devices', `id=${DEVICE}`, 'name=front desk', 'bridge=front');
  json('admin', 'call', 'PUT', `devices/${DEVICE}/enrolments/2`, 'number=7');
  const seal = (json('admin', 'call', 'seals', 'kind=contract', 'name=contract seal', `die=${DIE}`, `device=${DEVICE}`, 'custodian=4', 'approvers=[[3]]') as { id: string }).id;
  json('admin', 'call', `/v1/seals/${seal}/activate`, 'reason=in use', 'unit=Office', 'scope=contract', 'from=2026-01-01T09:00+08:00');
  expect(words('zhang', 'seals')).toBe(`${seal} contract seal contract active ${DEVICE}\n`);

  const asked = words('zhang', 'apply', asset('contract-zh.pdf'), '--seal', seal, '--purpose', '采购合同', '--count', '3', '--category', 'contract', '--amount', '5000000');
  const [, id = '', content = ''] = /^([0-9a-f-]+) submitted 1\/1 3 strokes[\s\S]*content: (\S+)\n$/.exec(asked) ?? [];
  expect(asked).toContain('  applicant: zhang\n  seal: contract seal (contract)\n');
  expect(asked).toContain('  persons: zhang\n  category: contract\n  amount: 50000.00\n');
  expect(words('li', 'tasks')).toMatch(new RegExp(`^${id} submitted 1/1 3 strokes until \\S+ 采购合同\n$`));
  // Nobody approves what they have not been shown.
  const shown = smartseal('li', 'approve', id);
  expect([shown.code, shown.errors[0]]).toEqual([2, 'Nothing is decided yet. When you have looked at this, say so with --content and the content above']);
  expect(shown.out).toBe(asked);
  expect(smartseal('li', 'approve', id, '--content', 'f'.repeat(64))).toMatchObject({ code: 1, out: '' });
  expect(words('li', 'approve', id, '--content', content, '--count', '2')).toMatch(/ approved 2 strokes until /);
  expect(words('zhang', 'show', id)).toMatch(new RegExp(`  strokes: 2\n[\\s\\S]*  permit: [0-9a-f]{32} ${DEVICE} \\w+ 0/2\n`));
  expect(words('li', 'tasks')).toBe('none\n');
  expect(words('zhang', 'withdraw', id, '--reason', 'no longer needed')).toMatch(/ withdrawn /);

  const second = json('zhang', 'apply', asset('contract-zh.pdf'), '--seal', seal, '--purpose', 'second', '--from', '+60', '--for', '600') as { id: string; content: string; notAfter: number; notBefore: number };
  expect(second.notAfter - second.notBefore).toBe(600);
  expect(words('li', 'refuse', second.id, '--reason', 'wrong page', '--content', second.content)).toMatch(/ refused /);
  expect(words('zhang', 'applications').trim().split('\n').map((line) => line.split(' ')[1])).toEqual(['refused', 'withdrawn']);
});

test('any call by its path: fields as the desk describes them, files in and out', () => {
  expect(words('admin', 'call', '--list', 'seals', 'activate')).toMatch(/^POST \/v1\/seals\/\{id\}\/activate {2}.*\n {4}reason=string.*\n {4}unit=string.*\n {4}scope=string.*\n {4}terms\?=string.*\n {4}from\?=integer/);
  const kept = json('zhang', 'call', 'documents', `document@${asset('contract-zh.pdf')}`) as { sha256: string };
  expect(words('zhang', 'call', `documents/${kept.sha256}/content`, '--out', at('copy.pdf'))).toContain('copy.pdf');
  expect(readFileSync(at('copy.pdf')).equals(readFileSync(asset('contract-zh.pdf')))).toBe(true);
  expect(smartseal('zhang', 'call', `documents/${kept.sha256}/content`, '--out', at('copy.pdf'))).toMatchObject({ code: 1, errors: [expect.stringContaining('FILE_EXISTS')] });
  expect(json('wang', 'call', 'register/uses', 'limit=1', 'search=合同')).toMatchObject({ uses: [] });
  expect(words('wang', 'call', 'GET', 'register/uses.csv')).toContain(',');
});

test('what is mistyped changes nothing and says what is right', () => {
  const before = json('admin', 'call', 'people');
  const wrong = (who: string, ...line: string[]): string => {
    const done = smartseal(who, ...line);
    expect([line, done.code, done.out]).toEqual([line, 1, '']);
    return done.errors.join('\n');
  };
  expect(wrong('admin', 'call', 'people', 'name=x', 'role=applicant')).toMatch(/CALL_FIELD.*role: name, roles/);
  expect(wrong('admin', 'call', 'people', 'name')).toContain('CALL_FIELD');
  expect(wrong('admin', 'call', 'people', 'name=x', 'roles=king')).toContain('INVALID');
  expect(wrong('admin', 'call', 'peoples')).toMatch(/NO_SUCH_CALL.*GET \/v1\/peoples/);
  expect(wrong('admin', 'call', 'DELETE', 'people')).toContain('NO_SUCH_CALL');
  expect(wrong('admin', 'call', 'documents', 'document@/no/such/file.pdf')).toMatch(/CALL_FIELD.*ENOENT/);
  expect(wrong('admin', 'call', 'GET', 'register/uses', 'until=yesterday')).toMatch(/CALL_FIELD.*until=yesterday: integer/);
  expect(wrong('zhang', 'call', 'people', 'name=x', 'roles=admin')).toContain('FORBIDDEN');
  expect(wrong('zhang', 'apply', at('none.pdf'), '--seal', '0', '--purpose', 'x')).toMatch(/INVALID.*none\.pdf: ENOENT/);
  writeFileSync(at('text.pdf'), 'no pdf');
  expect(wrong('zhang', 'apply', at('text.pdf'), '--seal', '0', '--purpose', 'x')).not.toContain('INTERNAL');
  expect(wrong('zhang', 'show', '../people')).toMatch(/NOT_FOUND|INVALID/);
  expect(smartseal('zhang', 'apply', at('none.pdf'), '--seal', '0', '--purpose', 'x', '--count', '0').code).toBe(2);
  expect(smartseal('zhang', 'refuse', 'x').code).toBe(2);
  const deaf = run(['desk', 'tasks', '--url', 'http://127.0.0.1:9', '--lang', 'zh'], { SMARTSEAL_TOKEN: 'x' });
  expect([deaf.code, deaf.errors[0]]).toEqual([1, expect.stringMatching(/DESK_UNREACHABLE.*审批台没有响应|审批台没有响应.*DESK_UNREACHABLE/)]);
  expect(run(['device', 'list', '--url', 'nonsense', '--token', 'x', '--lang', 'en']).errors[0]).toContain('SERVER_URL');
  expect(run(['desk', 'tasks', '--url', url], { SMARTSEAL_TOKEN: '' }).errors[0]).toContain('NO_TOKEN');
  expect(json('admin', 'call', 'people')).toEqual(before);
  expect(existsSync(at('none.pdf'))).toBe(false);
});

test('who has no way in left gets one at the machine of the desk, while that does not run, and nobody else does', async () => {
  const made = run(['desk', 'init', '--dir', at('locked'), '--port', '0', '--origin', 'http://localhost:8620', '--json'], PASSPHRASE);
  const { config } = JSON.parse(made.out) as { config: string };
  const invite = (person: string, env: Record<string, string> = PASSPHRASE): Ended => run(['desk', 'invite', person, '--config', config, '--hours', '2', '--json', '--lang', 'en'], env);
  expect(invite('1', { SMARTSEAL_PASSPHRASE: 'not the passphrase' })).toMatchObject({ code: 1, out: '' });
  expect(invite('7')).toMatchObject({ code: 1, out: '' });
  const { link, token } = JSON.parse(invite('1').out) as { link: string; token: string };
  expect(link).toBe(`http://localhost:8620/console/invitation#${token}`);
  const other = new Running(['desk', '--config', config, '--json'], PASSPHRASE);
  try {
    const { url: address } = (await other.said('the address', ({ url: one }) => typeof one === 'string')) as { url: string };
    const { code, errors } = invite('1');
    expect([code, errors.join()]).toEqual([1, expect.stringContaining('CONFLICT')]);
    const accept = (): Promise<Response> => fetch(`${address}/v1/sign-in/invitation`, { method: 'POST', headers: { 'content-type': 'application/json', origin: 'http://localhost:8620' }, body: JSON.stringify({ token }) });
    expect([(await accept()).status, (await accept()).status]).toEqual([200, 410]);
  } finally {
    await other.stop();
  }
}, 120_000);
