/** Receipts: what a counterparty holds proves the stroke without the desk, and nothing in it can be changed. */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { noteVerifier } from '../../host-bridge/desk/register/note';
import { receiptPage } from '../../host-bridge/desk/print/receipt-page';
import { checkReceipt, type Checked } from '../../host-bridge/desk/register/receipt-check';
import { newAuthorityKeys } from '../../host-bridge/desk/authority/keystore';
import { createAuthority } from '../../host-bridge/desk/authority/authority';
import { approved, die, openOffice, testRandom, type Json, type Office } from './support';

let office: Office;
let id: string;
let use: Json;
beforeEach(async () => {
  office = await openOffice({ publicUrl: 'https://seal.example.com' });
  const application = await approved(office, { purpose: '<script>合同</script>', count: 2 });
  await office.desk.round();
  const permit = application.permits[0].id;
  office.device.use(permit, office.bridge.permits.get(permit)!, 2);
  await office.desk.round();
  use = (await office.call(office.tokens.auditor, 'GET', '/v1/register/uses')).body.uses.find((one: Json) => one.use === 2);
  const given = await office.call(office.tokens.auditor, 'POST', `/v1/register/uses/${use.device}/${use.intent}/receipt`);
  expect(given.body.url).toBe(`https://seal.example.com/r/${given.body.id}`);
  id = given.body.id;
});
afterEach(() => office.close());

const open = async (url: string) => office.desk.app.inject({ url });
const key = () => noteVerifier(office.desk.rooms.authority.registerKey)!;
const fetched = async (): Promise<Json> => (await open(`/v1/receipts/${id}`)).json();
const fault = (checked: Checked): string => (checked.ok ? 'ok' : checked.fault);

test('anybody who has its name gets it, and it proves seal, time, result, document and photos under the register that is trusted', async () => {
  const checked = checkReceipt(JSON.stringify(await fetched()), key());
  expect(checked).toMatchObject({
    ok: true,
    facts: { register: 'test/register', device: use.device, intent: use.intent, seal: { name: '公司公章', kind: 'company', die }, time: use.time, result: 'stamped', permit: use.permit, document: office.document, before: use.before, after: use.after },
  });
  expect((await office.call(office.tokens.auditor, 'POST', `/v1/register/uses/${use.device}/${use.intent}/receipt`)).body.id).toBe(id);
});

test('it stays as it is while the register grows, and asking for it writes nothing', async () => {
  const first = await fetched();
  const count = async (): Promise<number> => (await office.desk.rooms.store.read((db) => db.selectFrom('checkpoint').select('size').execute())).length;
  const before = await count();
  await approved(office);
  expect(await fetched()).toEqual(first);
  expect(await count()).toBe(before);
});

test('the document itself fits, another does not', async () => {
  const text = JSON.stringify(await fetched());
  const document = (await office.call(office.tokens.applicant, 'GET', `/v1/documents/${office.document}/content`)).raw;
  expect(fault(checkReceipt(text, key(), document))).toBe('ok');
  expect(fault(checkReceipt(text, key(), Buffer.concat([document, Buffer.of(0)])))).toBe('OTHER_DOCUMENT');
});

test('whatever is changed in it, and a register of the same name, is found', async () => {
  const receipt = await fetched();
  const stranger = createAuthority(newAuthorityKeys('test/register', testRandom('stranger')));
  const changed: [string, (r: Json) => void, string][] = [
    ['another seal', (r) => (r.statement = r.statement.replace('公司公章', '财务专用章')), 'SIGNATURE'],
    ['a checkpoint of another size', (r) => (r.checkpoint = r.checkpoint.replace(/\n(\d+)\n/, '\n9$1\n')), 'SIGNATURE'],
    ['an entry changed', (r) => (r.entries[0].body = Buffer.from(r.entries[0].body, 'base64').fill(1, 8, 9).toString('base64')), 'ROOT'],
    ['an entry under another number', (r) => (r.entries[0].number += 1), 'ROOT'],
    ['a proof changed', (r) => (r.entries[0].path[0] = '0'.repeat(64)), 'ROOT'],
    ['a record changed', (r) => (r.records[0] = Buffer.from(r.records[0], 'base64').fill(1, 40, 41).toString('base64')), 'DISAGREES'],
    ['the intent left out', (r) => r.records.splice(0, 3), 'MISSING'],
    ['something besides', (r) => (r.note = 1), 'MALFORMED'],
    ["a stranger's key", (r) => (r.key = stranger.registerKey), 'WRONG_KEY'],
  ];
  for (const [what, change, expected] of changed) {
    const copy = structuredClone(receipt);
    change(copy);
    // A record that is no CBOR any more cannot even be read.
    expect([what, [expected, ...(what === 'a record changed' ? ['MALFORMED'] : [])]]).toEqual([what, expect.arrayContaining([fault(checkReceipt(JSON.stringify(copy), key()))])]);
  }
  for (const nonsense of ['', '{}', '[1]', 'x'.repeat(300_000), '{"format":"smartseal-receipt"}']) expect(fault(checkReceipt(nonsense, key()))).toBe('MALFORMED');
});

test('a record that is left out takes away what it proved, and never makes a stroke stamped that was not', async () => {
  const receipt = await fetched();
  const left = receipt.records.map((_: string, i: number) => {
    const checked = checkReceipt(JSON.stringify({ ...receipt, records: receipt.records.filter((_one: string, at: number) => at !== i) }), key());
    return checked.ok ? `${checked.facts.result}, ${checked.facts.after === null ? 'no photo after' : 'photo after'}` : checked.fault;
  });
  expect(left).toEqual(['stamped, photo after', 'MISSING', 'pending, photo after', 'stamped, no photo after']);
});

test('its page needs no login, runs nothing, and shows no name of a person', async () => {
  const page = await open(`/r/${id}`);
  expect(page.statusCode).toBe(200);
  expect(page.headers['content-security-policy']).toContain("default-src 'none'");
  for (const words of ['公司公章', office.document, use.before, use.after, '已盖章']) expect(page.body).toContain(words);
  for (const words of ['<script', 'applicant', 'chief', 'custodian']) expect(page.body).not.toContain(words);
  const svg = await open(`/v1/receipts/${id}/qr.svg`);
  expect(svg.headers['content-type']).toContain('image/svg+xml');
  expect(svg.body).toMatch(/^<svg/);
  for (const url of [`/r/${'0'.repeat(32)}`, `/v1/receipts/${'0'.repeat(32)}`, `/v1/receipts/${'0'.repeat(32)}/qr.svg`]) expect((await open(url)).statusCode).toBe(404);
});

test('where nobody has said how strangers reach the desk, its page shows no code that leads nowhere', async () => {
  const told = checkReceipt(JSON.stringify(await fetched()), key());
  if (!told.ok) throw new Error(told.fault);
  expect(receiptPage(id, told.facts, String, true)).toContain('<img');
  expect(receiptPage(id, told.facts, String, false)).not.toContain('<img');
});

test('who may not read the register gives out none, and a stroke that is none has none', async () => {
  expect((await office.call(office.tokens.applicant, 'POST', `/v1/register/uses/${use.device}/${use.intent}/receipt`)).body.code).toBe('FORBIDDEN');
  expect((await office.call(office.tokens.auditor, 'POST', `/v1/register/uses/${use.device}/0/receipt`)).body.code).toBe('NOT_FOUND');
});

test('smartseal verify says so too, in both languages, and by its exit code', async () => {
  const file = (name: string, data: string | Buffer): string => {
    writeFileSync(path.join(office.folder, name), data);
    return path.join(office.folder, name);
  };
  const receipt = file('receipt.json', JSON.stringify(await fetched()));
  const document = file('contract.png', (await office.call(office.tokens.applicant, 'GET', `/v1/documents/${office.document}/content`)).raw);
  const verify = (...args: string[]) => {
    const { status, stdout } = spawnSync(process.execPath, [path.join(__dirname, '../../bin/smartseal.js'), 'verify', receipt, ...args], { encoding: 'utf8' });
    return { status, stdout };
  };
  const { registerKey } = office.desk.rooms.authority;
  expect(verify('--key', registerKey, '--document', document, '--lang', 'en')).toEqual({ status: 0, stdout: expect.stringContaining('the document is the one that was approved') });
  expect(verify('--lang', 'zh')).toEqual({ status: 0, stdout: expect.stringContaining('未给定公钥') });
  expect(verify('--key', registerKey, '--document', receipt, '--lang', 'zh')).toEqual({ status: 3, stdout: expect.stringContaining('不是所批准的文件') });
  expect(JSON.parse(verify('--key', registerKey, '--json').stdout)).toMatchObject({ ok: true, facts: { result: 'stamped' } });
});
