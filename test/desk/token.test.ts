/** Permit keys on a PKCS#11 token (SoftHSM2), with the real desk process: nothing to copy, grants as before, and what happens when the token is away. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { openShared } from '../../host-bridge/common/shared';
import { openAuthorityKeys } from '../../host-bridge/desk';
import { OfflineCodes } from '../../host-bridge/desk/authority/offline';
import { deskMigrations, type Tables } from '../../host-bridge/desk/tables';
import { nodeNatives } from '../../host-bridge/natives';
import { grantKeys, openGrant, type Grant } from '../../protocol/permit';
import { root } from '../structure/sources';
import { deviceId, die, Form, testFolder, tinyPng, type Json } from './support';

const MODULE = '/usr/lib/softhsm/libsofthsm2.so';
/** The package compiles as it is installed, where it can. */
const able = existsSync(MODULE) && existsSync(path.join(root, 'node_modules/pkcs11js/build/Release/pkcs11.node'));
if (!able) console.warn('not run, because SoftHSM 2 or the compiled package pkcs11js is not on this machine: permit keys on a PKCS#11 token');
const PIN = 'a PIN that stands nowhere';
const folder = testFolder();
const tokens = path.join(folder, 'tokens');
const desk = path.join(folder, 'desk');
const config = path.join(desk, 'desk.json');
const env = { ...process.env, SOFTHSM2_CONF: path.join(folder, 'softhsm2.conf'), SMARTSEAL_PASSPHRASE: 'correct horse battery staple', TOKEN_PIN: PIN };
const smartseal = path.join(root, 'bin/smartseal.js');
const run = (...args: string[]): { status: number | null; out: Json; err: string } => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [smartseal, 'desk', ...args, '--json'], { env, encoding: 'utf8' });
  return { status, out: stdout === '' ? undefined : JSON.parse(stdout), err: stderr };
};
const configure = (pkcs11?: object): void => {
  const { pkcs11: _before, ...rest } = JSON.parse(readFileSync(config, 'utf8')) as Json;
  writeFileSync(config, JSON.stringify({ ...rest, comparePages: false, ...(pkcs11 ? { pkcs11 } : {}) }), { mode: 0o600 });
};
const onToken = (more: object = {}): object => ({ module: MODULE, token: 'seals', pin: 'env:TOKEN_PIN', ...more });
const permitKey = (out: string): Buffer => {
  expect(run('provision-device', '--config', config, '--id', deviceId, '--out', path.join(folder, out)).status).toBe(0);
  return Buffer.from((JSON.parse(readFileSync(path.join(folder, out, `${deviceId}.unit.json`), 'utf8')) as { permitKey: string }).permitKey, 'hex');
};

let admin: string;
let kept: Buffer;
let process_: ChildProcess | undefined;
let url: string;
let said = '';

async function start(): Promise<void> {
  const started = spawn(process.execPath, [smartseal, 'desk', '--config', config, '--json'], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  process_ = started;
  started.stderr.on('data', (data: Buffer) => (said += data.toString()));
  let out = '';
  await new Promise<void>((resolve, reject) => {
    started.on('exit', (code) => reject(new Error(`desk ended with ${code}: ${said}`)));
    started.stdout.on('data', (data: Buffer) => {
      out += data.toString();
      if (out.includes('\n')) resolve();
    });
  });
  url = (JSON.parse(out) as { url: string }).url;
}
async function stop(): Promise<void> {
  if (process_ === undefined || process_.exitCode !== null) return;
  process_.removeAllListeners('exit');
  process_.kill('SIGTERM');
  await once(process_, 'exit');
}
async function call(token: string, method: string, where: string, body?: object): Promise<{ status: number; body: Json }> {
  const form = body instanceof Form ? body.encode() : undefined;
  const answer = await fetch(`${url}${where}`, { method, headers: { authorization: `Bearer ${token}`, ...(form ? { 'content-type': form.type } : body ? { 'content-type': 'application/json' } : {}) }, body: form ? new Uint8Array(form.data) : body ? JSON.stringify(body) : null });
  return { status: answer.status, body: await answer.json() };
}

function expectState({ status, body }: { status: number; body: Json }): Json {
  expect([status, body]).toEqual([201, expect.objectContaining({ state: 'submitted' })]);
  return body;
}

beforeAll(() => {
  admin = run('init', '--dir', desk, '--port', '0', '--register', 'test/token').out.token;
  configure();
  kept = permitKey('before');
}, 120_000);
afterEach(stop);

test('a module that is not there is named, and the key file stays as it was', () => {
  const before = readFileSync(path.join(desk, 'authority.keys'));
  configure(onToken({ module: '/nowhere.so' }));
  const moved = run('keys-to-token', '--config', config);
  configure();
  expect(moved).toMatchObject({ status: 1, err: expect.stringContaining('TOKEN_MODULE') });
  expect(readFileSync(path.join(desk, 'authority.keys')).equals(before)).toBe(true);
}, 120_000);

if (able) describe('with SoftHSM', () => {
  beforeAll(() => {
    mkdirSync(tokens);
    writeFileSync(env.SOFTHSM2_CONF, `directories.tokendir = ${tokens}\nobjectstore.backend = file\nlog.level = ERROR\n`);
    for (const label of ['seals', 'empty']) expect(spawnSync('softhsm2-util', ['--init-token', '--free', '--label', label, '--so-pin', 'the security officer', '--pin', PIN], { env }).status).toBe(0);
  });

  test('the root goes to the token, wrapped, and out of the key file; each unit keeps its key', async () => {
    expect(run('keys-to-token', '--config', config)).toMatchObject({ status: 1, err: expect.stringContaining('pkcs11') });
    configure(onToken());
    const early = run('--config', config);
    expect([early.status, early.err]).toEqual([1, expect.stringContaining('keys-to-token')]);
    expect(run('keys-to-token', '--config', config)).toMatchObject({ status: 0, out: { token: 'seals', key: 'smartseal/permit-root' } });
    expect((await openAuthorityKeys(readFileSync(path.join(desk, 'authority.keys'), 'utf8'), env.SMARTSEAL_PASSPHRASE)).permitRoot).toBeUndefined();
    expect(run('keys-to-token', '--config', config)).toMatchObject({ status: 1, err: expect.stringContaining('CONFLICT') });
    expect(permitKey('after')).toEqual(kept);
    configure();
    expect(run('--config', config)).toMatchObject({ status: 1, err: expect.stringContaining('no permit root') });
  }, 120_000);

  test('a PIN that is wrong is tried once, and ends the start; a token without the key grants nothing', () => {
    for (const [pkcs11, code] of [[onToken({ pin: 'env:HOME' }), 'TOKEN_PIN']] as const) {
      configure(pkcs11);
      expect(run('--config', config)).toMatchObject({ status: 1, err: expect.stringContaining(code) });
    }
    configure(onToken({ pin: PIN }));
    expect(run('--config', config)).toMatchObject({ status: 1, err: expect.stringContaining('CONFIG') });
    configure(onToken({ token: 'empty' }));
    expect(run('provision-device', '--config', config, '--id', deviceId, '--out', path.join(folder, 'none'))).toMatchObject({ status: 1, err: expect.stringContaining('TOKEN_KEY') });
  }, 120_000);

  test('grants come from the token, are refused while it is away with nothing half done, and come again when it is back', async () => {
    configure(onToken());
    await start();
    const person = async (name: string, roles: string[]): Promise<{ token: string; id: number }> => {
      const { body } = await call(admin, 'POST', '/v1/people', { name, roles });
      return { token: body.token, id: body.person.id };
    };
    const [lin, zhao] = [await person('林', ['applicant']), await person('赵', ['approver'])];
    expect((await call(admin, 'POST', '/v1/devices', { id: deviceId, name: 'Unit', bridge: 'main' })).status).toBe(201);
    expect((await call(admin, 'PUT', `/v1/devices/${deviceId}/enrolments/${lin.id}`, { number: 7 })).status).toBe(200);
    const seal = (await call(admin, 'POST', '/v1/seals', { kind: 'company', name: '公章', die, device: deviceId, custodian: zhao.id, approvers: [[zhao.id]] })).body;
    expect((await call(admin, 'POST', `/v1/seals/${seal.id}/activate`, { reason: '启用', unit: '行政部', scope: 'letter' })).status).toBe(200);
    const document = (await call(lin.token, 'POST', '/v1/documents', new Form().file('document', 'a.png', tinyPng(40, 60, 120)))).body;
    const now = Math.floor(Date.now() / 1000);
    const apply = async (): Promise<Json> => expectState(await call(lin.token, 'POST', '/v1/applications', { seal: seal.id, purpose: '合同', document: document.sha256, count: 2, notBefore: now - 60, notAfter: now + 3600, persons: [lin.id] }));
    const approve = ({ id, content }: Json): Promise<{ status: number; body: Json }> => call(zhao.token, 'POST', `/v1/applications/${id}/approve`, { content });

    const first = await approve(await apply());
    expect(first.body).toMatchObject({ state: 'approved', permits: [{ state: 'issued' }] });
    const store = await openShared<Tables>(path.join(desk, 'desk.db'), deskMigrations, { connections: 1 });
    const grants = await store.read((db) => db.selectFrom('permit').select('statement').execute());
    await store.close();
    const latin = (bytes: Buffer): string => bytes.toString('latin1');
    const opened = openGrant(nodeNatives, grantKeys(nodeNatives, latin(Buffer.from(deviceId, 'hex')), latin(kept), 'x'.repeat(32)), latin(Buffer.from(grants[0]!.statement, 'base64')));
    expect(opened).toMatchObject({ kind: 1, count: 2 } satisfies Partial<Grant>);

    // What is on the token cannot be had from it.
    const looked = spawnSync(process.execPath, ['-e', LOOK, MODULE, PIN], { env, cwd: root, encoding: 'utf8' });
    expect(JSON.parse(looked.stdout)).toEqual([['smartseal/permit-root', 'CKR_ATTRIBUTE_SENSITIVE'], [`smartseal/permit/${deviceId}`, 'CKR_ATTRIBUTE_SENSITIVE']]);

    const waiting = await apply();
    const size = async (): Promise<number> => (await call(admin, 'GET', '/v1/register/entries')).body.size;
    const before = await size();
    renameSync(tokens, `${tokens}.away`);
    for (let i = 0; i < 2; i++) expect(await approve(waiting)).toMatchObject({ status: 503, body: { code: 'TOKEN_AWAY' } });
    expect((await call(lin.token, 'GET', `/v1/applications/${waiting.id}`)).body).toMatchObject({ state: 'submitted', given: [], step: 0, permits: [] });
    expect(await size()).toBe(before);
    // Everything that needs no permit key goes on.
    const meanwhile = await apply();
    expect(meanwhile.state).toBe('submitted');
    renameSync(`${tokens}.away`, tokens);
    for (const one of [waiting, meanwhile]) expect((await approve(one)).body).toMatchObject({ state: 'approved', permits: [{ state: 'issued' }] });

    const code = await call(zhao.token, 'POST', `/v1/applications/${meanwhile.id}/trip-codes`, { count: 1 });
    const terms = { device: Buffer.from(deviceId, 'hex'), die: Buffer.from(die, 'hex'), epoch: 0, person: 7, count: 1 };
    expect([code.status, code.body.code]).toEqual([201, new OfflineCodes(kept).trip(code.body.number, terms)]);
    await stop();
    expect(said).toMatch(/is away[\s\S]*is back/);
    for (const text of [said, readFileSync(config, 'utf8'), readFileSync(path.join(desk, 'desk.db'), 'latin1')]) expect(text).not.toContain(PIN);
  }, 240_000);

  test('a desk starts while its token is away, and grants when it comes', async () => {
    renameSync(tokens, `${tokens}.away`);
    await start();
    expect((await call(admin, 'POST', `/v1/devices/${deviceId}/revoke`, { reason: '试验' })).body.code).toBe('TOKEN_AWAY');
    renameSync(`${tokens}.away`, tokens);
    expect((await call(admin, 'POST', `/v1/devices/${deviceId}/revoke`, { reason: '试验' })).status).toBe(202);
    await stop();
  }, 120_000);

  test('--new makes a root on the token that was never anywhere else, but only before there are units', () => {
    const other = path.join(folder, 'other');
    const made = path.join(other, 'desk.json');
    run('init', '--dir', other, '--port', '0', '--register', 'test/other');
    writeFileSync(made, JSON.stringify({ ...(JSON.parse(readFileSync(made, 'utf8')) as object), pkcs11: onToken({ token: 'empty' }) }), { mode: 0o600 });
    expect(run('keys-to-token', '--config', made, '--new')).toMatchObject({ status: 0 });
    expect(run('provision-device', '--config', made, '--id', deviceId, '--out', path.join(folder, 'new')).status).toBe(0);
    const key = (JSON.parse(readFileSync(path.join(folder, 'new', `${deviceId}.unit.json`), 'utf8')) as { permitKey: string }).permitKey;
    expect(key).toMatch(/^[0-9a-f]{64}$/);
    expect(key).not.toBe(kept.toString('hex'));
  }, 120_000);
});

/** Prints the labels of the token's secret keys, and what asking for their value gives. */
const LOOK = `
const ck = require('pkcs11js'), module_ = new ck.PKCS11();
module_.load(process.argv[1]); module_.C_Initialize();
const slot = module_.C_GetSlotList(true).find((one) => module_.C_GetTokenInfo(one).label.trim() === 'seals');
const session = module_.C_OpenSession(slot, ck.CKF_SERIAL_SESSION);
module_.C_Login(session, ck.CKU_USER, process.argv[2]);
module_.C_FindObjectsInit(session, [{ type: ck.CKA_CLASS, value: ck.CKO_SECRET_KEY }]);
const found = module_.C_FindObjects(session, 100).map((key) => {
  const label = module_.C_GetAttributeValue(session, key, [{ type: ck.CKA_LABEL }])[0].value.toString();
  try { return [label, module_.C_GetAttributeValue(session, key, [{ type: ck.CKA_VALUE }])[0].value.toString('hex')]; } catch (error) { return [label, error.message]; }
});
console.log(JSON.stringify(found.sort()));`;
