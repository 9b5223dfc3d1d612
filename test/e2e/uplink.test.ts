/**
 * A bridge that goes out to its desk, as three processes: a simulated unit, a bridge at which nobody needs to be able to call,
 * and a desk behind TLS that speaks to nobody without a certificate. One stamp, from the application to the proof in the register.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Agent, fetch as undici, FormData } from 'undici';
import { digestOfToken } from '../../host-bridge/common/tokens';
import type { Json } from '../desk/support';
import { asset, built, freePort, run, Running, until } from './programs';

const folder = mkdtempSync(path.join(tmpdir(), 'uplink-e2e-'));
const at = (...names: string[]): string => path.join(folder, ...names);
const openssl = spawnSync('openssl', ['version']).status === 0;
if (!openssl) console.warn('not run, because there is no openssl on this machine: a bridge that goes out to a desk behind certificates');

const DEVICE = '00112233445566ab';
const DIE = '010100000000000a';
const PASSPHRASE = { SMARTSEAL_PASSPHRASE: 'right' };
const programs: Running[] = [];
const start = (args: string[], env: NodeJS.ProcessEnv = {}): Running => {
  const program = new Running(args, env);
  programs.push(program);
  return program;
};
beforeAll(() => built(), 120_000);
afterAll(async () => {
  for (const program of programs) await program.stop('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

function certificate(name: string, signer?: string): void {
  const ec = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2', '-keyout', `${name}.key`, '-subj', `/CN=${name}`];
  const make = (...args: string[]): void => {
    const made = spawnSync('openssl', args, { cwd: folder, encoding: 'utf8' });
    if (made.status !== 0) throw new Error(made.stderr);
  };
  if (signer === undefined) return make('req', '-x509', ...ec, '-out', `${name}.pem`, '-addext', 'basicConstraints=critical,CA:TRUE');
  make('req', ...ec, '-out', `${name}.csr`, '-addext', 'subjectAltName=IP:127.0.0.1');
  make('x509', '-req', '-in', `${name}.csr`, '-CA', `${signer}.pem`, '-CAkey', `${signer}.key`, '-CAcreateserial', '-days', '2', '-copy_extensions', 'copy', '-out', `${name}.pem`);
}

if (openssl) test('from an application to a proven stamp, over connections that the bridge has made', async () => {
  for (const [name, signer] of [['ca'], ['others'], ['desk', 'ca'], ['bridge', 'ca'], ['office', 'ca'], ['forged', 'others']] as const) certificate(name, signer);
  const deskPort = await freePort();
  const unitPort = await freePort();
  const made = JSON.parse(run(['desk', 'init', '--dir', at('desk'), '--port', String(deskPort), '--json'], PASSPHRASE).out) as { config: string; token: string };
  expect(run(['desk', 'provision-device', '--config', made.config, '--id', DEVICE, '--person', '1:7', '--die', DIE, '--out', at('keys')], PASSPHRASE).code).toBe(0);
  const config = JSON.parse(readFileSync(made.config, 'utf8')) as Json;
  const tls = { cert: at('desk.pem'), key: at('desk.key'), clientCa: at('ca.pem'), clientRequired: true };
  writeFileSync(made.config, JSON.stringify({ ...config, tls, pollMs: 500, bridges: [{ name: 'north', uplink: digestOfToken('way-out'), token: 'env:BRIDGE_TOKEN' }] }));
  // The bridge's own API stands at an address that only this machine reaches; the desk never learns it.
  const bridgeConfig = (client: string): string => {
    const file = at(`bridge-${client}.json`);
    writeFileSync(file, JSON.stringify({
      listen: { host: '127.0.0.1', port: 0 }, database: `bridge-${client}.db`, spool: `photos-${client}`, linkKeysFile: `keys/${DEVICE}.link.json`, reserveMb: 0,
      tokens: [{ name: 'desk', sha256: digestOfToken('of-the-bridge'), scopes: ['read', 'permit', 'grant'], devices: [DEVICE] }],
      ports: [{ kind: 'tcp', host: '127.0.0.1', port: unitPort, frameMax: 2048 }],
      uplinks: [{ url: `https://127.0.0.1:${deskPort}`, name: 'north', token: 'env:UPLINK_TOKEN', ca: 'ca.pem', cert: `${client}.pem`, key: `${client}.key` }],
    }));
    return file;
  };

  const unit = start(['sim', '--identity', at('keys', `${DEVICE}.unit.json`), '--tcp', String(unitPort), '--json']);
  await until('the unit', () => (unit.out.includes(String(unitPort)) || undefined));
  const desk = start(['desk', '--config', made.config, '--json'], { ...PASSPHRASE, BRIDGE_TOKEN: 'of-the-bridge' });
  const { url } = await desk.said('the desk', (line) => String(line['url']).startsWith('https:'), 60_000);

  const dispatcher = new Agent({ connect: { ca: readFileSync(at('ca.pem')), cert: readFileSync(at('office.pem')), key: readFileSync(at('office.key')) } });
  const call = async (token: string, method: string, where: string, body?: object): Promise<Json> => {
    const form = body instanceof FormData;
    const answer = await undici(`${url as string}${where}`, {
      method, dispatcher, headers: { authorization: `Bearer ${token}`, ...(body === undefined || form ? {} : { 'content-type': 'application/json' }) }, ...(body === undefined ? {} : { body: form ? body : JSON.stringify(body) }),
    });
    const json = (await answer.json()) as Json;
    if (answer.status >= 300) throw new Error(`${method} ${where}: ${answer.status} ${JSON.stringify(json)}`);
    return json;
  };
  const admin = made.token;
  const hire = async (name: string, roles: string[]): Promise<{ id: number; token: string }> => {
    const { person, token } = await call(admin, 'POST', '/v1/people', { name, roles });
    return { id: person.id as number, token: token as string };
  };
  const [zhang, li, wang] = [await hire('张三', ['applicant']), await hire('李四', ['approver']), await hire('王五', ['custodian', 'auditor'])];
  await call(admin, 'POST', '/v1/devices', { id: DEVICE, name: '一号机', bridge: 'north' });
  await call(admin, 'PUT', `/v1/devices/${DEVICE}/enrolments/${zhang.id}`, { number: 7 });
  const seal = await call(admin, 'POST', '/v1/seals', { kind: 'company', name: '公司公章', die: DIE, device: DEVICE, custodian: wang.id, approvers: [[li.id]] });
  await call(admin, 'POST', `/v1/seals/${seal.id}/activate`, { reason: '启用', unit: '行政部', scope: 'letter' });

  // With a certificate of another authority the desk hears nothing of the bridge, and the bridge says so.
  const stranger = start(['bridge', '--config', bridgeConfig('forged'), '--json'], { UPLINK_TOKEN: 'way-out' });
  await stranger.said('that it gets no connection', (line) => line['msg'] === 'uplink not connected', 30_000);
  await stranger.stop();
  expect(stranger.log.some((line) => line['msg'] === 'uplink connected')).toBe(false);
  expect(stranger.err + stranger.out).not.toContain('way-out');

  let bridge = start(['bridge', '--config', bridgeConfig('bridge'), '--json'], { UPLINK_TOKEN: 'way-out' });
  await bridge.said('the connection', (line) => line['msg'] === 'uplink connected', 30_000);

  const form = new FormData();
  form.append('document', new Blob([readFileSync(asset('contract-zh.pdf'))]) as never, 'contract.pdf');
  const document = await call(zhang.token, 'POST', '/v1/documents', form);
  const now = Math.floor(Date.now() / 1000);
  const applied = await call(zhang.token, 'POST', '/v1/applications', { seal: seal.id, purpose: '采购合同', document: document.sha256, count: 1, notBefore: now - 60, notAfter: now + 3600, persons: [zhang.id] });
  await call(li.token, 'POST', `/v1/applications/${applied.id}/approve`, { content: applied.content });
  const permit = async (): Promise<Json> => (await call(zhang.token, 'GET', `/v1/applications/${applied.id}`)).permits[0] as Json;
  await until('the permit on the unit', async () => (await permit())['state'] === 'delivered' || undefined, 90_000);

  unit.type('finger 7');
  await new Promise((resolve) => setTimeout(resolve, 1500));
  unit.type(`paper ${asset('contract-zh.pdf')}`);
  const uses = async (): Promise<Json[]> => (await call(wang.token, 'GET', '/v1/register/uses')).uses as Json[];
  await until('the stamp', async () => (await uses()).some(({ result }) => result === 'stamped') || undefined, 120_000);
  // The bridge is killed on the way and comes back by itself: nothing is missing, nothing doubled.
  await bridge.stop('SIGKILL');
  bridge = start(['bridge', '--config', bridgeConfig('bridge'), '--json'], { UPLINK_TOKEN: 'way-out' });
  const proven = await until('both photos', async () => {
    const found = await uses();
    return found.length === 1 && found[0]!['beforeStored'] === true && found[0]!['afterStored'] === true ? found : undefined;
  }, 120_000);
  expect(proven[0]).toMatchObject({ result: 'stamped', use: 1, charged: 1 });
  const { records } = await call(wang.token, 'GET', `/v1/register/records/${DEVICE}?limit=1000`);
  expect((records as { seq: number }[]).map(({ seq }) => seq)).toEqual((records as unknown[]).map((_, i) => i));
  expect((await call(wang.token, 'GET', '/v1/cases?open=true')).cases).toEqual([]);
  for (const program of programs) expect(program.err + program.out).not.toMatch(/way-out|of-the-bridge/);
  await dispatcher.close();
}, 400_000);
