/** Electronic signatures of all that is not an application: what is done at a unit, steps in a seal's life, more strokes, single strokes. */
import { createHash } from 'node:crypto';
import path from 'node:path';
import { noteVerifier, verifyArchiveFile, writeArchiveFile } from '../../host-bridge/desk';
import { auditDesk } from '../../host-bridge/desk/audit/audit';
import { decodeCbor, type CborMap } from '../../host-bridge/desk/cbor';
import { SignedActs } from '../../host-bridge/desk/register/signed-acts';
import type { Authenticator } from './authenticator';
import { SIGN_IN } from './browser';
import { signersOf } from './signers';
import { GrantKind } from '../../protocol';
import { readPdf } from './pdf-text';
import { applicationOf, approved, callsOf, deviceId, hexBytes, openOffice, type Answer, type Json, type Office, type Who } from './support';

const SIGNERS = ['applicant', 'chief', 'director', 'custodian', 'admin'] as const;
type Signer = (typeof SIGNERS)[number];

let office: Office;
let keys: Record<Signer, Authenticator>;
const { ask } = callsOf(() => office);

beforeEach(async () => {
  office = await openOffice({ signIn: SIGN_IN });
  keys = await signersOf(office, SIGNERS);
  for (const [name, number] of [['custodian', 9], ['director', 10]] as const) await office.desk.rooms.cards.enrol({ device: deviceId, person: office.ids[name], number, means: 1 }, office.ids.admin);
});
afterEach(() => office.close());

const demand = async (what: object): Promise<void> => {
  expect((await ask('admin', 'PUT', '/v1/settings/signatures', { ...what, reason: '用印规定' })).status).toBe(200);
};
/** Signs what a route gives to be signed. */
async function sign(who: Signer, url: string, body: object): Promise<object> {
  const { status, body: begun } = await ask(who, 'POST', url, body);
  expect([url, status, begun.code]).toEqual([url, 200, undefined]);
  return keys[who].get(begun.options);
}
async function signed(who: Signer, url: string, body: object): Promise<{ step: string; signature: object }> {
  const { status, body: begun } = await ask(who, 'POST', url, body);
  expect([url, status, begun.code]).toEqual([url, 200, undefined]);
  return { step: begun.step, signature: keys[who].get(begun.options) };
}
/** What a stranger finds in an archive, and the desk in its own tables. */
async function verified(): Promise<{ ok: boolean; signatures: number | undefined; differs: unknown[] }> {
  const { rooms } = office.desk;
  const sources = { authority: rooms.authority, documents: rooms.documentBlobs, photos: rooms.photoBlobs };
  const file = path.join(office.folder, 'year.archive');
  await writeArchiveFile({ history: rooms.history, ...sources }, file);
  const { ok, summary } = await verifyArchiveFile(file, noteVerifier(rooms.authority.registerKey));
  return { ok, signatures: summary?.signatures, differs: await rooms.store.snapshot((db) => auditDesk(db, sources)) };
}
/** What whoever reads the register finds where an entry says something else than was signed. */
async function bent(kind: string, name: string, all = false): Promise<unknown[]> {
  const { entries } = (await ask('auditor', 'GET', '/v1/register/entries?limit=500')).body;
  const acts = new SignedActs(office.options.keys.registerName);
  return entries.flatMap((entry: Json) => {
    const data = new Map((decodeCbor(Buffer.from(entry.body, 'base64')) as Json[])[4] as CborMap);
    if (entry.kind === kind && (all || data.has('act'))) data.set(name, typeof data.get(name) === 'number' ? 99 : '{}');
    return acts.read(entry.kind, data) ?? [];
  });
}
const code = (answer: Answer): string | number => answer.body.code ?? answer.status;
const decisions = (answer: Answer): unknown[] => answer.body.signatures.map(({ matter, decision, step, person }: Json) => [matter, decision, step, person]);

test('who asks for a handover and who approves it sign; each signature is of this order alone, and is good once', async () => {
  await demand({ custody: true });
  expect((await ask('admin', 'GET', '/v1/settings')).body.signatures).toEqual({ applicant: false, approvers: false, custody: true, strokes: false });
  const { ids } = office;
  const url = `/v1/devices/${deviceId}/ceremonies`;
  const order = { action: 'handover', present: [ids.custodian, ids.applicant, ids.director], person: ids.applicant, reason: '岗位调动' };
  expect(code(await ask('custodian', 'POST', url, order))).toBe('SIGNATURE_REQUIRED');
  expect((await ask('auditor', 'GET', '/v1/ceremonies')).body.ceremonies).toEqual([]);
  const mine = await signed('custodian', `${url}/options`, order);
  expect(code(await ask('custodian', 'POST', url, { ...order, reason: '其他原因', signed: mine }))).toBe('SIGNATURE_WRONG');
  expect(code(await ask('admin', 'POST', url, { ...order, signed: mine }))).toBe('STEP_OVER');
  expect(code(await ask('custodian', 'POST', url, { ...order, signed: { ...mine, step: `${mine.step}A` } }))).toBe('STEP_OVER');
  expect(code(await ask('custodian', 'POST', url, { ...order, signed: { ...mine, signature: keys.chief.get((await ask('custodian', 'POST', `${url}/options`, order)).body.options) } }))).toBe('SIGNATURE_WRONG');
  // The order in which a program writes its fields is nothing that anybody signs.
  const asked = await ask('custodian', 'POST', url, { signed: mine, ...Object.fromEntries(Object.entries(order).reverse()) });
  expect([asked.status, asked.body.state]).toEqual([201, 'asked']);
  expect(code(await ask('custodian', 'POST', url, { ...order, signed: mine }))).toBe('STEP_OVER');
  const { id, content } = asked.body;
  expect(code(await ask('chief', 'POST', `/v1/ceremonies/${id}/approve`, { content }))).toBe('SIGNATURE_REQUIRED');
  expect(code(await ask('chief', 'POST', `/v1/ceremonies/${id}/approve`, { content, signature: await sign('chief', `/v1/ceremonies/${id}/signatures/options`, { decision: 'refused' }) }))).toBe('SIGNATURE_WRONG');
  for (const who of ['chief', 'director'] as const) expect((await ask(who, 'POST', `/v1/ceremonies/${id}/approve`, { content, signature: await sign(who, `/v1/ceremonies/${id}/signatures/options`, { decision: 'approved' }) })).status).toBe(200);
  const all = [['ceremony', 'asked', 0, ids.custodian], ['ceremony', 'approved', 0, ids.chief], ['ceremony', 'approved', 1, ids.director]];
  expect(decisions(await ask('auditor', 'GET', `/v1/ceremonies/${id}/signatures`))).toEqual(all);
  expect(code(await ask('chief', 'POST', `/v1/ceremonies/${id}/signatures/options`, { decision: 'approved' }))).toBe('WRONG_STATE');
  expect(await verified()).toEqual({ ok: true, signatures: 3, differs: [] });
});

test('a ceremony that nobody has to approve, refused ones and a take-out are signed the same way', async () => {
  await demand({ custody: true });
  const { ids } = office;
  const url = `/v1/devices/${deviceId}/ceremonies`;
  const lost = { action: 'suspend', present: [], reason: '遗失' };
  expect(code(await ask('custodian', 'POST', url, lost))).toBe('SIGNATURE_REQUIRED');
  expect((await ask('custodian', 'POST', url, { ...lost, signed: await signed('custodian', `${url}/options`, lost) })).body.state).toBe('ordered');
  const out = { action: 'take-out', present: [ids.custodian, ids.applicant], person: ids.applicant, until: office.clock.seconds + 7200, reason: '客户处签约' };
  const { id, content } = (await ask('custodian', 'POST', url, { ...out, signed: await signed('custodian', `${url}/options`, out) })).body;
  const signature = await sign('chief', `/v1/ceremonies/${id}/signatures/options`, { decision: 'refused' });
  expect((await ask('chief', 'POST', `/v1/ceremonies/${id}/refuse`, { content, reason: '改期', signature })).body.state).toBe('refused');
  expect(await verified()).toEqual({ ok: true, signatures: 3, differs: [] });
  // Locking a unit at once waits for no passkey.
  expect((await ask('custodian', 'POST', `/v1/devices/${deviceId}/revoke`, { reason: '遗失' })).status).toBeLessThan(300);
});

test('steps in the life of a seal are signed with all that they say', async () => {
  await demand({ custody: true });
  const { ids, clock } = office;
  await ask('admin', 'PUT', `/v1/people/${ids.other}/roles`, { roles: ['custodian'] });
  const { id } = (await ask('admin', 'POST', '/v1/seals', { kind: 'contract', name: '合同章', die: 'd1e0000000000002', device: deviceId, custodian: ids.custodian, approvers: [[ids.chief]] })).body;
  const url = (what: string): string => `/v1/seals/${id}/${what}`;
  const method = (what: string): 'PUT' | 'POST' => (what === 'deputy' ? 'PUT' : 'POST');
  const steps: [string, object, object][] = [
    ['engrave', { reason: '按制度', unit: '总经理办公会', scope: '2026-017', from: clock.seconds - 86_400 }, { unit: '别处' }],
    ['change', { reason: '更名', card: { name: '合同专用章', issuedBy: '行政部' } }, { card: { name: '合同专用章', issuedBy: '法务部' } }],
    ['activate', { reason: '即日启用', unit: '行政部', scope: 'contract', terms: '采购合同' }, { terms: '所有合同' }],
    ['deputy', { reason: '休假', deputy: { person: ids.other, until: clock.seconds + 86_400 } }, { deputy: { person: ids.other, until: clock.seconds + 90_000 } }],
    ['deputy', { reason: '已回', deputy: null }, { deputy: { person: ids.other, until: clock.seconds + 86_400 } }],
  ];
  for (const [what, said, other] of steps) {
    expect([what, code(await ask('admin', method(what), url(what), said))]).toEqual([what, 'SIGNATURE_REQUIRED']);
    const mine = await signed('admin', url('steps/options'), { what, ...said });
    expect([what, code(await ask('admin', method(what), url(what), { ...said, ...other, signed: mine }))]).toEqual([what, 'SIGNATURE_WRONG']);
    expect([what, code(await ask('admin', method(what), url(what), { ...said, signed: mine }))]).toEqual([what, 200]);
    expect([what, code(await ask('admin', method(what), url(what), { ...said, signed: mine }))]).not.toEqual([what, 200]);
  }
  expect(decisions(await ask('auditor', 'GET', `/v1/seals/${id}/signatures`))).toEqual(steps.map(() => ['seal', 'noted', 0, ids.admin]));
  expect(code(await ask('custodian', 'POST', url('steps/options'), { what: 'archive', reason: '上交' }))).toBe('FORBIDDEN');
  expect(await verified()).toEqual({ ok: true, signatures: steps.length, differs: [] });
});

test('who approves a seal, and how somebody is known at a unit, is signed with all that it says', async () => {
  await demand({ custody: true });
  const { ids } = office;
  const acts: [string, object, object][] = [
    [`/v1/seals/${office.seal}/approvers`, { approvers: [[ids.director, ids.chief]], needs: [2] }, { approvers: [[ids.director, ids.chief]] }],
    [`/v1/seals/${office.seal}/approvers`, { approvers: [[ids.director]] }, { approvers: [[ids.chief]] }],
    [`/v1/devices/${deviceId}/enrolments/${ids.other}`, { number: 12, means: 2 }, { number: 13, means: 2 }],
    [`/v1/devices/${deviceId}/enrolments/${ids.other}`, { number: 14 }, { number: 14, means: 3 }],
  ];
  for (const [url, said, other] of acts) {
    expect([url, code(await ask('admin', 'PUT', url, said))]).toEqual([url, 'SIGNATURE_REQUIRED']);
    const mine = await signed('admin', `${url}/options`, said);
    expect([url, code(await ask('admin', 'PUT', url, { ...other, signed: mine }))]).toEqual([url, 'SIGNATURE_WRONG']);
    expect([url, code(await ask('admin', 'PUT', url, { ...said, signed: mine }))]).toEqual([url, 200]);
    expect([url, code(await ask('admin', 'PUT', url, { ...said, signed: mine }))]).toEqual([url, 'STEP_OVER']);
  }
  expect(decisions(await ask('auditor', 'GET', `/v1/seals/${office.seal}/signatures`))).toEqual([['card', 'noted', 0, ids.admin], ['card', 'noted', 0, ids.admin]]);
  // Who only stamps has nothing to do with how a seal is kept.
  expect([code(await ask('other', 'GET', `/v1/seals/${office.seal}/signatures`)), code(await ask('applicant', 'GET', `/v1/seals/${office.seal}/signatures`)), code(await ask('custodian', 'GET', `/v1/seals/${office.seal}/signatures`))]).toEqual(['FORBIDDEN', 'FORBIDDEN', 200]);
  expect(await verified()).toEqual({ ok: true, signatures: 4, differs: [] });
  expect(await bent('approvers', 'said')).toEqual(['DISAGREES', 'DISAGREES']);
  expect(await bent('enrolment', 'number')).toEqual(['DISAGREES', 'DISAGREES']);
});

test('a code for a unit without a network is signed as the strokes are that it grants, with what was read out', async () => {
  await demand({ strokes: true });
  const { id } = await approved(office, { count: 2 });
  const url = (what: string): string => `/v1/applications/${id}/${what}`;
  expect(code(await ask('chief', 'POST', url('trip-codes'), {}))).toBe('SIGNATURE_REQUIRED');
  const call = { challenge: '12345678', number: '0003-00' };
  expect(code(await ask('chief', 'POST', url('answers'), call))).toBe('MISHEARD');
  const mine = await signed('chief', url('codes/options'), { count: 1 });
  expect(code(await ask('chief', 'POST', url('trip-codes'), { count: 2, signed: mine }))).toBe('SIGNATURE_WRONG');
  expect(code(await ask('director', 'POST', url('trip-codes'), { count: 1, signed: mine }))).toBe('STEP_OVER');
  expect(code(await ask('chief', 'POST', url('trip-codes'), { count: 1, signed: { ...mine, signature: (await signed('chief', url('codes/options'), { ...call, count: 1 })).signature } }))).toBe('SIGNATURE_WRONG');
  const given = await ask('chief', 'POST', url('trip-codes'), { count: 1, signed: mine });
  expect([given.status, given.body.count, given.body.number]).toEqual([201, 1, 1]);
  expect(code(await ask('chief', 'POST', url('trip-codes'), { count: 1, signed: mine, reason: '再次' }))).not.toBe(201);
  expect(decisions(await ask('auditor', 'GET', url('signatures')))).toEqual([['code', 'granted', 0, office.ids.chief]]);
  expect(code(await ask('other', 'POST', url('codes/options'), {}))).toBe('FORBIDDEN');
  expect(await verified()).toEqual({ ok: true, signatures: 1, differs: [] });
  expect(await bent('code', 'count')).toEqual(['DISAGREES']);
});

test('more strokes, and a single stroke granted from afar, are signed by who asks and who grants', async () => {
  const application = await approved(office, { count: 2, strokeGrants: true });
  const permit = application.permits[0].id as string;
  await office.desk.round();
  await office.desk.round();
  await demand({ applicant: true, approvers: true, strokes: true });
  const more = { count: 5, reason: '合同多三份' };
  expect(code(await ask('applicant', 'POST', `/v1/permits/${permit}/top-ups`, more))).toBe('SIGNATURE_REQUIRED');
  const mine = await signed('applicant', `/v1/permits/${permit}/top-ups/options`, more);
  expect(code(await ask('applicant', 'POST', `/v1/permits/${permit}/top-ups`, { ...more, count: 6, signed: mine }))).toBe('SIGNATURE_WRONG');
  const { id, content } = (await ask('applicant', 'POST', `/v1/permits/${permit}/top-ups`, { ...more, signed: mine })).body;
  expect(code(await ask('chief', 'POST', `/v1/permits/${permit}/top-ups/options`, more))).toBe('NOT_FOUND');
  const decide = async (who: 'chief' | 'director', count: number, of = count): Promise<Answer> => ask(who, 'POST', `/v1/top-ups/${id}/approve`, { content, count, signature: await sign(who, `/v1/top-ups/${id}/signatures/options`, { decision: 'approved', count: of }) });
  expect(code(await decide('chief', 4, 3))).toBe('SIGNATURE_WRONG');
  expect((await decide('chief', 4)).body).toMatchObject({ step: 1, count: 4 });
  // What the first has left is what the second signs, said or not.
  const second = await ask('director', 'POST', `/v1/top-ups/${id}/signatures/options`, { decision: 'approved' });
  expect((decodeCbor(Buffer.from(second.body.form, 'base64')) as Json[])[8]).toBe('{"count":4}');
  expect((await decide('director', 4)).body.state).toBe('approved');

  office.device.write(2, [hexBytes(permit), createHash('sha256').update(office.bridge.permits.get(permit)!).digest().toString('latin1'), 2]);
  const digest = Buffer.from(office.device.photo(permit, 0, 1, Buffer.from('page')), 'latin1').toString('hex');
  const number = office.device.records.length - 1;
  await office.desk.round();
  await office.desk.round();
  const page = { photo: digest, number };
  expect(code(await ask('chief', 'POST', `/v1/permits/${permit}/strokes`, page))).toBe('SIGNATURE_REQUIRED');
  expect(code(await ask('chief', 'POST', `/v1/permits/${permit}/strokes`, { ...page, signature: await sign('chief', `/v1/permits/${permit}/signatures/options`, { ...page, decision: 'rejected' }) }))).toBe('SIGNATURE_WRONG');
  expect(code(await ask('chief', 'POST', `/v1/permits/${permit}/signatures/options`, { ...page, number: number + 1, decision: 'granted' }))).toBe('WRONG_NUMBER');
  // A grant that was lost on its way is given, and signed, once more.
  for (const _ of [1, 2]) expect((await ask('chief', 'POST', `/v1/permits/${permit}/strokes`, { ...page, signature: await sign('chief', `/v1/permits/${permit}/signatures/options`, { ...page, decision: 'granted' }) })).status).toBe(202);
  expect((await ask('chief', 'POST', `/v1/permits/${permit}/reject`, { ...page, reason: '不是这一页', signature: await sign('chief', `/v1/permits/${permit}/signatures/options`, { ...page, decision: 'rejected' }) })).status).toBe(202);
  const { ids } = office;
  expect(decisions(await ask('auditor', 'GET', `/v1/applications/${application.id}/signatures`))).toEqual([
    ['top-up', 'asked', 0, ids.applicant], ['top-up', 'approved', 0, ids.chief], ['top-up', 'approved', 1, ids.director], ['stroke', 'granted', number, ids.chief], ['stroke', 'granted', number, ids.chief], ['stroke', 'rejected', number, ids.chief],
  ]);
  expect(await verified()).toMatchObject({ signatures: 6, differs: [] });
  expect(await bent('top-up', 'count', true)).toEqual(['DISAGREES', 'DISAGREES']);
});

test('a signature over what the register does not say, or put there twice, is found by whoever reads it', async () => {
  const { id } = (await ask('admin', 'POST', '/v1/seals', { kind: 'contract', name: '合同章', die: 'd1e0000000000002', device: deviceId, custodian: office.ids.custodian, approvers: [[office.ids.chief]] })).body;
  const said = { reason: '即日启用', unit: '行政部', scope: 'contract' };
  await ask('admin', 'POST', `/v1/seals/${id}/activate`, { ...said, signed: await signed('admin', `/v1/seals/${id}/steps/options`, { what: 'activate', ...said }) });
  const lost = { action: 'suspend', present: [], reason: '遗失' };
  await ask('custodian', 'POST', `/v1/devices/${deviceId}/ceremonies`, { ...lost, signed: await signed('custodian', `/v1/devices/${deviceId}/ceremonies/options`, lost) });
  const { entries } = (await ask('auditor', 'GET', '/v1/register/entries?limit=500')).body;
  const all = entries.map(({ kind, body }: Json): [string, CborMap] => [kind, (decodeCbor(Buffer.from(body, 'base64')) as Json[])[4]]) as [string, CborMap][];
  const faults = (change: (kind: string, data: CborMap) => [string, CborMap][]): unknown[] => {
    const acts = new SignedActs(office.options.keys.registerName);
    return all.flatMap(([kind, data]) => change(kind, new Map(data))).flatMap(([kind, data]) => acts.read(kind, data) ?? []);
  };
  const bent = (which: string, name: string, value: string | number) => (kind: string, data: CborMap): [string, CborMap][] => [[kind, kind === which ? data.set(name, value) : data]];
  expect(faults((kind, data) => [[kind, data]])).toEqual([]);
  for (const [which, name, value] of [['seal-state', 'scope', 'finance'], ['seal-state', 'reason', 'x'], ['seal-state', 'seal', '0'.repeat(16)], ['seal-state', 'by', 99], ['seal-state', 'said', '{}'], ['ceremony', 'wanted', '{}'], ['ceremony', 'by', 99]] as const) {
    expect([which, name, faults(bent(which, name, value))]).toEqual([which, name, ['DISAGREES']]);
  }
  for (const [name, value] of [['subject', 'x'], ['matter', 'stroke'], ['decision', 'approved'], ['person', 99], ['step', 7]] as const) expect([name, faults(bent('signature', name, value))]).toEqual([name, ['SIGNATURE', 'SIGNATURE']]);
  expect(faults((kind, data) => (kind === 'signature' ? [[kind, data], [kind, data]] : [[kind, data]]))).toEqual(['DISAGREES', 'DISAGREES']);
  expect(faults((kind, data) => (kind === 'passkey' ? [] : [[kind, data]]))).toEqual(['DISAGREES', 'DISAGREES']);
  expect(faults((kind, data) => (kind === 'ceremony' || kind === 'seal-state' ? [] : [[kind, data]]))).toEqual(['DISAGREES', 'DISAGREES']);
});

const paper = async (who: Who, url: string): Promise<string> => {
  const { status, raw } = await ask(who, 'GET', url);
  expect([url, status]).toEqual([url, 200]);
  return (await readPdf(raw)).text.replace(/\s/g, '');
};
const digestOf = ({ form }: Json): string => createHash('sha256').update(Buffer.from(form, 'base64')).digest('hex');

test('the signatures stand on the sheet of the application and on the notice of a step: who, when, which key, over what', async () => {
  const draft = (await ask('applicant', 'POST', '/v1/applications', applicationOf(office, { submit: false, purpose: '采购合同', place: { fences: [{ latitude: 31.2, longitude: 121.5, radius: 900 }] } }))).body;
  const url = `/v1/applications/${draft.id}`;
  expect(code(await ask('applicant', 'GET', `${url}/sheet.pdf`))).toBe('NOT_FOUND');
  const { content } = (await ask('applicant', 'POST', `${url}/submit`, { signature: await sign('applicant', `${url}/signatures/options`, { decision: 'applied' }) })).body;
  for (const who of ['chief', 'director'] as const) await ask(who, 'POST', `${url}/approve`, { content, signature: await sign(who, `${url}/signatures/options`, { decision: 'approved' }) });
  const { signatures } = (await ask('auditor', 'GET', `${url}/signatures`)).body;
  const text = await paper('applicant', `${url}/sheet.pdf`);
  for (const words of ['用印申请审批单', '采购合同', '已批准', content, office.document, '31.2,121.5周围900米', '电子签名', ...signatures.flatMap((one: Json) => [digestOf(one), one.passkey, createHash('sha256').update(Buffer.from(one.key, 'base64')).digest('hex')])]) expect(text).toContain(words);
  expect(signatures).toHaveLength(3);
  expect(await paper('applicant', `${url}/sheet.pdf?lang=en`)).toContain('Electronicsignatures');
  expect(code(await ask('other', 'GET', `${url}/sheet.pdf`))).toBe('NOT_FOUND');

  const said = { reason: '休假', deputy: { person: office.ids.other, until: office.clock.seconds + 86_400 } };
  await ask('admin', 'PUT', `/v1/people/${office.ids.other}/roles`, { roles: ['custodian'] });
  await ask('admin', 'PUT', `/v1/seals/${office.seal}/deputy`, { ...said, signed: await signed('admin', `/v1/seals/${office.seal}/steps/options`, { what: 'deputy', ...said }) });
  const [event] = (await ask('auditor', 'GET', `/v1/seals/${office.seal}/history`)).body.events;
  const [noted] = (await ask('auditor', 'GET', `/v1/seals/${office.seal}/signatures`)).body.signatures;
  const notice = await paper('auditor', `/v1/seals/${office.seal}/history/${event.entry}/notice.pdf`);
  for (const words of ['印章代管通知', '电子签名', digestOf(noted), noted.passkey, '登记']) expect(notice).toContain(words);
});

test('the certificate of a handover bears the signatures of who asked for it and who approved it', async () => {
  const { ids } = office;
  const order = { action: 'handover', present: [ids.custodian, ids.applicant, ids.director], person: ids.applicant, reason: '岗位调动' };
  const url = `/v1/devices/${deviceId}/ceremonies`;
  const { id, content } = (await ask('custodian', 'POST', url, { ...order, signed: await signed('custodian', `${url}/options`, order) })).body;
  for (const who of ['chief', 'director'] as const) await ask(who, 'POST', `/v1/ceremonies/${id}/approve`, { content, signature: await sign(who, `/v1/ceremonies/${id}/signatures/options`, { decision: 'approved' }) });
  await office.desk.round();
  await office.desk.round();
  const grant = office.bridge.grants.filter(({ kind }) => kind === GrantKind.CEREMONY).at(-1) as Json;
  office.device.write(15, [hexBytes(id), grant.action, grant.counter, grant.subject, undefined, { cbor: '\x83\x09\x07\x0a' }]);
  await office.desk.round();
  const [event] = (await ask('auditor', 'GET', `/v1/seals/${office.seal}/history`)).body.events;
  const { signatures } = (await ask('auditor', 'GET', `/v1/seals/${office.seal}/signatures`)).body;
  expect(signatures).toHaveLength(3);
  const text = await paper('custodian', `/v1/seals/${office.seal}/history/${event.entry}/notice.pdf`);
  for (const words of ['印章移交证明', ...signatures.map(digestOf)]) expect(text).toContain(words);
});
