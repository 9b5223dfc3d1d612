/** Electronic signatures (B1): over what is asked for and decided, required where the organisation says so, and checked from the archive alone. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { noteVerifier, verifyArchiveFile, writeArchiveFile } from '../../host-bridge/desk';
import { decodeCbor, type CborMap } from '../../host-bridge/desk/cbor';
import { SignedActs } from '../../host-bridge/desk/register/signed-acts';
import { canonicalJson, signatureFits, signatureOf } from '../../host-bridge/desk/register/signature';
import type { Authenticator } from './authenticator';
import { SIGN_IN } from './browser';
import { signersOf } from './signers';
import { applicationOf, callsOf, openOffice, type Answer, type Json, type Office, type Who } from './support';

let office: Office;
let keys: Record<'applicant' | 'chief' | 'director', Authenticator>;
const { ask } = callsOf(() => office);

beforeEach(async () => {
  office = await openOffice({ signIn: SIGN_IN });
  keys = await signersOf(office, ['applicant', 'chief', 'director']);
});
afterEach(() => office.close());

const demand = (applicant: boolean, approvers: boolean): Promise<Answer> => ask('admin', 'PUT', '/v1/settings/signatures', { applicant, approvers, reason: '用印规定' });
const begin = async (who: Who, id: string, what: object): Promise<Json> => (await ask(who, 'POST', `/v1/applications/${id}/signatures/options`, what)).body;
async function sign(who: 'applicant' | 'chief' | 'director', id: string, what: object, key = keys[who]): Promise<object> {
  return key.get((await begin(who, id, what)).options);
}
async function submitted(): Promise<Json> {
  const { id } = (await ask('applicant', 'POST', '/v1/applications', applicationOf(office, { submit: false, count: 5 }))).body;
  const { status, body } = await ask('applicant', 'POST', `/v1/applications/${id}/submit`, { signature: await sign('applicant', id, { decision: 'applied' }) });
  expect([status, body.state]).toEqual([200, 'submitted']);
  return body;
}

test('who applies and who decides sign what it is; it is shown, stands in the register, and the archive verifies it alone', async () => {
  await demand(true, true);
  const { id, content } = await submitted();
  const narrow = { notAfter: office.clock.seconds + 1800, count: 3 };
  const first = { content, narrow, signature: await sign('chief', id, { decision: 'approved', narrow: { count: 3, notAfter: narrow.notAfter } }) };
  expect((await ask('chief', 'POST', `/v1/applications/${id}/approve`, first)).body).toMatchObject({ step: 1 });
  expect((await ask('director', 'POST', `/v1/applications/${id}/approve`, { content, signature: await sign('director', id, { decision: 'approved' }) })).body).toMatchObject({ state: 'approved' });
  const { signatures } = (await ask('auditor', 'GET', `/v1/applications/${id}/signatures`)).body;
  expect(signatures.map(({ decision, step, person }: Json) => [decision, step, person])).toEqual([['applied', 0, office.ids.applicant], ['approved', 0, office.ids.chief], ['approved', 1, office.ids.director]]);
  expect((await ask('other', 'GET', `/v1/applications/${id}/signatures`)).status).toBe(404);
  const form = decodeCbor(Buffer.from(signatures[1].form, 'base64')) as Json[];
  expect(form.slice(1)).toEqual([office.options.keys.registerName, id, Buffer.from(content, 'hex'), [Buffer.from(office.document, 'hex')], 'approved', 0, canonicalJson(narrow), office.ids.chief]);
  const { rooms } = office.desk;
  const file = path.join(office.folder, 'year.archive');
  await writeArchiveFile({ history: rooms.history, authority: rooms.authority, documents: rooms.documentBlobs, photos: rooms.photoBlobs }, file);
  const report = await verifyArchiveFile(file, noteVerifier(rooms.authority.registerKey));
  expect(report).toMatchObject({ ok: true, summary: { signatures: 3 } });
  expect(readFileSync(file).includes(Buffer.from(signatures[2].signature, 'base64'))).toBe(true);
});

test('without a signature nothing goes on where it is required, and where it is not it is taken all the same', async () => {
  await demand(true, true);
  expect((await ask('applicant', 'POST', '/v1/applications', applicationOf(office))).body.code).toBe('SIGNATURE_REQUIRED');
  const draft = (await ask('applicant', 'POST', '/v1/applications', applicationOf(office, { submit: false }))).body;
  expect((await ask('applicant', 'POST', `/v1/applications/${draft.id}/submit`)).body.code).toBe('SIGNATURE_REQUIRED');
  const { id, content } = await submitted();
  expect((await ask('chief', 'POST', `/v1/applications/${id}/approve`, { content })).body.code).toBe('SIGNATURE_REQUIRED');
  expect((await ask('chief', 'POST', `/v1/applications/${id}/refuse`, { content, reason: 'x' })).body.code).toBe('SIGNATURE_REQUIRED');
  expect((await ask('applicant', 'GET', `/v1/applications/${id}`)).body).toMatchObject({ state: 'submitted', step: 0 });
  await demand(false, false);
  expect((await ask('chief', 'POST', `/v1/applications/${id}/refuse`, { content, reason: 'x', signature: await sign('chief', id, { decision: 'refused' }) })).body.state).toBe('refused');
  expect((await ask('applicant', 'POST', '/v1/applications', applicationOf(office))).body.state).toBe('submitted');
});

test('a signature is of this decision, this content, this step, this person and this site', async () => {
  const { id, content } = await submitted();
  const other = await submitted();
  const approve = (signature: object, more: object = {}): Promise<Answer> => ask('chief', 'POST', `/v1/applications/${id}/approve`, { content, signature, ...more });
  const wrong: [string, object, object?][] = [
    ['a refusal', await sign('chief', id, { decision: 'refused' })],
    ['of another application', await sign('chief', other.id, { decision: 'approved' })],
    ['of more than was narrowed', await sign('chief', id, { decision: 'approved' }), { narrow: { count: 2 } }],
    ['of less', await sign('chief', id, { decision: 'approved', narrow: { count: 2 } })],
    ['by another person', keys.director.get((await begin('chief', id, { decision: 'approved' })).options)],
    ['for another person', keys.chief.get((await begin('director', id, { decision: 'approved' })).options)],
    ['at another site', await sign('chief', id, { decision: 'approved' }, Object.assign(keys.chief.copy(), { origin: 'https://evil.example' }))],
    ['of another relying party', await sign('chief', id, { decision: 'approved' }, Object.assign(keys.chief.copy(), { rpId: 'evil.example' }))],
    ['not verified', await sign('chief', id, { decision: 'approved' }, Object.assign(keys.chief.copy(), { verified: false }))],
  ];
  for (const [what, signature, more] of wrong) expect([what, (await approve(signature, more)).body.code]).toEqual([what, 'SIGNATURE_WRONG']);
  expect((await approve({ id: 'x' })).body.code).toBe('INVALID');
  expect((await ask('applicant', 'GET', `/v1/applications/${id}`)).body).toMatchObject({ state: 'submitted', step: 0 });
  // The copies above have not been believed: the key's own counter still goes on.
  keys.chief.counter += 10;
  expect((await approve(await sign('chief', id, { decision: 'approved' }))).status).toBe(200);
  // A draft that was changed after it was signed is another content.
  const draft = (await ask('applicant', 'POST', '/v1/applications', applicationOf(office, { submit: false }))).body;
  const signature = await sign('applicant', draft.id, { decision: 'applied' });
  await ask('applicant', 'PUT', `/v1/applications/${draft.id}`, applicationOf(office, { count: 9 }));
  expect((await ask('applicant', 'POST', `/v1/applications/${draft.id}/submit`, { signature })).body.code).toBe('SIGNATURE_WRONG');
  expect((await begin('other', draft.id, { decision: 'applied' })).code).toBe('NOT_FOUND');
  expect((await begin('chief', id, { decision: 'applied' })).code).toBe('WRONG_STATE');
});

test('a decision that is not the one that was signed before it is found by whoever reads the register', async () => {
  const { id, content } = await submitted();
  const narrow = { count: 3, place: { fences: [{ latitude: 31.2304, longitude: 121.4737, radius: 200 }] } };
  const approve = async (who: 'chief' | 'director', more: object): Promise<Answer> => ask(who, 'POST', `/v1/applications/${id}/approve`, { content, ...more, signature: await sign(who, id, { decision: 'approved', ...more }) });
  for (const [who, more] of [['chief', { narrow }], ['director', { narrow: {} }]] as const) expect((await approve(who, more)).status).toBe(200);
  const refused = await submitted();
  await ask('chief', 'POST', `/v1/applications/${refused.id}/refuse`, { content: refused.content, reason: '金额未填写', signature: await sign('chief', refused.id, { decision: 'refused' }) });
  const { entries } = (await ask('auditor', 'GET', '/v1/register/entries?limit=500')).body;
  const all = entries.map(({ kind, body }: Json): [string, CborMap] => [kind, (decodeCbor(Buffer.from(body, 'base64')) as Json[])[4]]) as [string, CborMap][];
  const faults = (change: (data: CborMap) => CborMap | undefined): unknown[] => {
    const acts = new SignedActs(office.options.keys.registerName);
    return all.flatMap(([kind, data]) => {
      const said = kind === 'decision' ? change(new Map(data)) : data;
      return said === undefined ? [] : (acts.read(kind, said) ?? []);
    });
  };
  const bent = (name: string, value: string | number | CborMap | null) => (data: CborMap): CborMap => (data.get(name) === value ? data : data.set(name, value));
  expect(faults((data) => data)).toEqual([]);
  expect(faults(bent('verdict', 'approved'))).toEqual(['DISAGREES']); // what was refused
  expect(faults(bent('verdict', 'refused'))).toEqual(['DISAGREES', 'DISAGREES']);
  expect(faults(bent('narrow', null))).toEqual(['DISAGREES']);
  for (const [name, value] of [['narrow', new Map([['count', 4]])], ['person', 99], ['step', 7], ['application', id.replace(/./g, '0')]] as const) expect([name, faults(bent(name, value))]).toEqual([name, ['DISAGREES', 'DISAGREES', 'DISAGREES']]);
  expect(faults(() => undefined)).toEqual(['DISAGREES', 'DISAGREES', 'DISAGREES']);
});

test('every byte of the evidence counts', async () => {
  const { id } = await submitted();
  const entry = (await ask('auditor', 'GET', `/v1/register/entries?search=${id}`)).body.entries.find(({ kind }: Json) => kind === 'signature');
  const data = (decodeCbor(Buffer.from(entry.body, 'base64')) as Json[])[4] as Map<string, Json>;
  const fits = (change: (data: Map<string, Json>) => void, register = office.options.keys.registerName): boolean => {
    const changed = new Map(data);
    change(changed);
    const { form, assertion } = signatureOf(register, changed as never);
    return signatureFits(form, assertion);
  };
  expect(fits(() => undefined)).toBe(true);
  expect(fits(() => undefined, 'other/register')).toBe(false);
  for (const [name, value] of [['application', '0'.repeat(16)], ['decision', 'approved'], ['step', 1], ['narrow', '{}'], ['person', 99], ['origin', 'https://evil.example'], ['rpId', 'evil.example'], ['documents', []]] as const) expect([name, fits((one) => one.set(name, value))]).toEqual([name, false]);
  for (const name of ['content', 'key', 'authenticatorData', 'clientData', 'signature']) {
    const bytes = data.get(name) as Buffer;
    for (const at of [0, bytes.length >> 1, bytes.length - 1]) {
      const bent = Buffer.from(bytes);
      bent[at]! ^= 1;
      expect([name, at, fits((one) => one.set(name, bent))]).toEqual([name, at, false]);
    }
    expect(fits((one) => one.set(name, Buffer.alloc(0)))).toBe(false);
  }
});

test('it cannot be required where there are no passkeys', async () => {
  await office.close();
  office = await openOffice();
  expect((await demand(true, false)).body.code).toBe('SIGN_IN_OFF');
  expect((await demand(false, false)).status).toBe(200);
});
