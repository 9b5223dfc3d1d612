/** Outside authorities (B9): messages in the shapes of Feishu, DingTalk and WeCom, and what an attacker makes of them. */
import { createCipheriv, createHash, randomBytes } from 'node:crypto';
import { adapterOf } from '../../host-bridge/desk/outside/adapters';
import { envelopeOpen, feishuOpen } from '../../host-bridge/desk/outside/crypto';
import { applicationOf, openOffice, type Answer, type Json, type Office } from './support';

const FEISHU = { kind: 'feishu', name: 'feishu-main', template: '7C468A54-8745-2245-9675-08B7C63E7A85', encryptKey: 'test key', verificationToken: '41a9425ea7df4536a7623e38fa321bae' } as const;
const AES = 'jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C';
const DING = { kind: 'dingtalk', name: 'ding', template: 'PROC-FF6Y4BE1N2', token: 'QDG6eK', aesKey: AES, owner: 'dingappkey' } as const;
const WECOM = { kind: 'wecom', name: 'wecom', template: 'C4NyFZG4u4aFe5HQzEVCJYSSVrVK8rokifSiPLXHi', token: 'QDG6eK', aesKey: AES, owner: 'wx5823bf96d3bd56c7' } as const;

let office: Office;
beforeEach(async () => {
  office = await openOffice({ outside: [FEISHU, DING, WECOM] });
});
afterEach(() => office.close());

type Who = keyof Office['tokens'];
const ask = (who: Who, method: string, url: string, body?: unknown): Promise<Answer> => office.call(office.tokens[who], method, url, body);

/** Written after their documents, not after our code. */
function feishuEncrypt(text: string, key: string): string {
  const iv = randomBytes(16);
  const cipher = createCipheriv('aes-256-cbc', createHash('sha256').update(key).digest(), iv);
  return Buffer.concat([iv, cipher.update(text), cipher.final()]).toString('base64');
}
function envelope(text: string, owner: string): string {
  const key = Buffer.from(`${AES}=`, 'base64');
  const length = Buffer.alloc(4);
  length.writeUInt32BE(Buffer.byteLength(text));
  const plain = Buffer.concat([randomBytes(16), length, Buffer.from(text), Buffer.from(owner)]);
  const pad = 32 - (plain.length % 32);
  const cipher = createCipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false);
  return Buffer.concat([cipher.update(Buffer.concat([plain, Buffer.alloc(pad, pad)])), cipher.final()]).toString('base64');
}
const sha1 = (parts: string[]): string => createHash('sha1').update(parts.sort().join('')).digest('hex');

interface Message { url: string; headers: Record<string, string>; payload: string }
/** A change to a message on its way. */
type Change = { timestamp?: string; key?: string; token?: string; owner?: string; unsigned?: boolean; uuid?: string };

function feishu(event: object, o: Change = {}): Message {
  const timestamp = o.timestamp ?? String(office.clock.seconds);
  const nonce = randomBytes(8).toString('hex');
  const text = JSON.stringify({ ts: '1502199207.7171419', uuid: o.uuid ?? randomBytes(16).toString('hex'), token: o.token ?? FEISHU.verificationToken, type: 'event_callback', event: { app_id: 'cli_xxx', tenant_key: 'xxx', ...event } });
  const payload = JSON.stringify({ encrypt: feishuEncrypt(text, FEISHU.encryptKey) });
  const signature = createHash('sha256').update(timestamp + nonce + (o.key ?? FEISHU.encryptKey) + payload).digest('hex');
  return { url: '/v1/outside/feishu-main/events', payload, headers: { 'content-type': 'application/json; charset=utf-8', ...(o.unsigned ? {} : { 'x-lark-signature': signature, 'x-lark-request-timestamp': timestamp, 'x-lark-request-nonce': nonce }) } };
}
function ding(event: object, o: Change = {}): Message {
  const timestamp = o.timestamp ?? `${office.clock.seconds}000`;
  const nonce = randomBytes(4).toString('hex');
  const encrypt = envelope(JSON.stringify(event), o.owner ?? DING.owner);
  const signature = sha1([o.token ?? DING.token, timestamp, nonce, encrypt]);
  return { url: `/v1/outside/ding/events?signature=${signature}&msg_signature=${signature}&timestamp=${timestamp}&nonce=${nonce}`, payload: JSON.stringify({ encrypt }), headers: { 'content-type': 'application/json' } };
}
function wecom(xml: string, o: Change = {}): Message {
  const timestamp = o.timestamp ?? String(office.clock.seconds);
  const nonce = String(randomBytes(4).readUInt32BE());
  const encrypt = envelope(xml, o.owner ?? WECOM.owner);
  const signature = sha1([o.token ?? WECOM.token, timestamp, nonce, encrypt]);
  const payload = `<xml><ToUserName><![CDATA[${WECOM.owner}]]></ToUserName><Encrypt><![CDATA[${encrypt}]]></Encrypt><AgentID><![CDATA[3010040]]></AgentID></xml>`;
  return { url: `/v1/outside/wecom/events?msg_signature=${signature}&timestamp=${timestamp}&nonce=${nonce}`, payload, headers: { 'content-type': 'text/xml' } };
}
const feishuEvent = (status: string, instance = 'I-1', more: object = {}): object => ({ type: 'approval_instance', approval_code: FEISHU.template, instance_code: instance, status, operate_time: '1502199207000', ...more });
const dingEvent = (type: string, result?: string, instance = 'I-1'): object => ({
  EventType: 'bpms_instance_change', processInstanceId: instance, corpId: 'corpid', title: '用印', type, ...(result ? { result } : {}), createTime: 1495592272000, finishTime: 1495592305000, staffId: 'manager75', processCode: DING.template,
});
const wecomEvent = (status: number, instance = 'I-1'): string =>
  `<xml><ToUserName><![CDATA[${WECOM.owner}]]></ToUserName><FromUserName><![CDATA[sys]]></FromUserName><CreateTime>1653577739</CreateTime><MsgType><![CDATA[event]]></MsgType><Event><![CDATA[sys_approval_change]]></Event><AgentID>3010040</AgentID><ApprovalInfo><SpNo>${instance}</SpNo><SpName><![CDATA[用印]]></SpName><SpStatus>${status}</SpStatus><TemplateId><![CDATA[${WECOM.template}]]></TemplateId><ApplyTime>1653577739</ApplyTime><Applyer><UserId><![CDATA[liutao]]></UserId><Party><![CDATA[1]]></Party></Applyer><SpRecord><SpStatus>1</SpStatus><ApproverAttr>1</ApproverAttr></SpRecord><StatuChangeEvent>${status}</StatuChangeEvent></ApprovalInfo></xml>`;

async function send({ url, headers, payload }: Message, method: 'POST' | 'GET' = 'POST'): Promise<{ status: number; text: string }> {
  const response = await office.desk.app.inject({ method, url, headers, ...(method === 'POST' ? { payload } : {}) });
  return { status: response.statusCode, text: response.payload };
}
/** An application that waits for this authority, and says which approval there is for it. */
async function waiting(authority: string, bound = true): Promise<Json> {
  await ask('admin', 'POST', '/v1/chains', { rule: { name: authority, seal: office.seal, authority }, reason: '在 OA 审批' });
  const { body } = await ask('applicant', 'POST', '/v1/applications', applicationOf(office));
  expect(body).toMatchObject({ state: 'submitted', authority, chain: [] });
  if (bound) expect((await ask('admin', 'POST', `/v1/outside/${authority}/instances`, { instance: 'I-1', application: body.id, content: body.content })).status).toBe(201);
  return body;
}
const state = async (id: string): Promise<Json> => (await ask('applicant', 'GET', `/v1/applications/${id}`)).body;

test('their own examples are read', () => {
  expect(feishuOpen('P37w+VZImNgPEO1RBhJ6RtKl7n6zymIbEG1pReEzghk=', 'test key')).toBe('hello world');
  const query = { msg_signature: '5c45ff5e21c57e6ad56bac8758b79b1d9ac89fd3', timestamp: '1409659589', nonce: '263014780', echostr: 'P9nAzCzyDtyTWESHep1vC5X9xho/qYX3Zpb4yKa9SKld1DsH3Iyt3tP3zNdtp+4RPcs8TgAE7OaBO+FZXvnaqQ==' };
  const at = (now: number) => adapterOf(WECOM, randomBytes).read({ query, headers: {}, body: Buffer.alloc(0), now });
  expect(at(1409659589)).toEqual({ challenge: '1616140317555161061' });
  expect(() => at(1409659589 + 301)).toThrow(expect.objectContaining({ code: 'OUTSIDE_REFUSED' }));
  expect(() => adapterOf({ ...WECOM, owner: 'wx0' }, randomBytes).read({ query, headers: {}, body: Buffer.alloc(0), now: 1409659589 })).toThrow();
});

describe.each<[string, (say: 'approved' | 'refused' | 'withdrawn' | 'reverted', o?: Change) => Message]>([
  ['feishu-main', (say, o) => feishu(feishuEvent({ approved: 'APPROVED', refused: 'REJECTED', withdrawn: 'CANCELED', reverted: 'REVERTED' }[say]), o)],
  ['ding', (say, o) => ding({ approved: dingEvent('finish', 'agree'), refused: dingEvent('finish', 'refuse'), withdrawn: dingEvent('terminate'), reverted: dingEvent('terminate') }[say], o)],
  ['wecom', (say, o) => wecom(wecomEvent({ approved: 2, refused: 3, withdrawn: 4, reverted: 6 }[say]), o)],
])('%s', (name, message) => {
  test('an approval there is a permit here, and one that is reverted there takes back what was not used', async () => {
    const { id } = await waiting(name);
    expect((await ask('chief', 'POST', `/v1/applications/${id}/approve`, { content: (await state(id)).content })).body.code).toBe('NOT_YOUR_STEP');
    expect((await send(message('approved'))).status).toBe(200);
    expect(await state(id)).toMatchObject({ state: 'approved', permits: [{ state: 'issued', count: 2 }] });
    await office.desk.round();
    const [permit, grant] = [...office.bridge.permits][0] as [string, Buffer];
    office.device.write(2, [Buffer.from(permit, 'hex').toString('latin1'), createHash('sha256').update(grant).digest().toString('latin1'), 2]);
    office.device.write(5, [Buffer.from(permit, 'hex').toString('latin1'), 1, 1, office.device.photo(permit, 0, 1, Buffer.from('page'))]);
    await office.desk.round();
    expect((await send(message('reverted'))).status).toBe(200);
    expect(await state(id)).toMatchObject({ state: 'used', permits: [{ state: 'revoked', used: 1 }] });
    await office.desk.round();
    expect(office.bridge.grants.map(({ kind }) => kind)).toContain(5);
    // An approval that comes late, or again, raises nothing.
    await send(message('approved'));
    expect((await state(id)).permits).toHaveLength(1);
    const kinds = (await ask('auditor', 'GET', `/v1/register/entries?search=${id}`)).body.entries.map(({ kind }: Json) => kind);
    expect(kinds.filter((kind: string) => kind.startsWith('outside'))).toEqual(['outside-instance', 'outside', 'outside']);
  });

  test('refused there, withdrawn there', async () => {
    const { id } = await waiting(name);
    await send(message('refused'));
    expect((await state(id)).state).toBe('refused');
    await send(message('approved'));
    expect((await state(id)).state).toBe('refused');
  });

  test('nothing that is not theirs, old, ahead or sent again does anything', async () => {
    const { id } = await waiting(name);
    const stale = (by: number): Change => ({ timestamp: name === 'ding' ? `${office.clock.seconds + by}000` : String(office.clock.seconds + by) });
    const wrong: Change[] = [{ token: 'other' }, stale(-301), stale(301), { timestamp: 'now' }, ...(name === 'feishu-main' ? [{ key: 'other' }, { unsigned: true }] : [{ owner: 'other' }])];
    for (const change of wrong) {
      const { status, text } = await send(message('approved', change));
      expect([change, status, JSON.parse(text).code]).toEqual([change, 401, 'OUTSIDE_REFUSED']);
    }
    const good = message('approved');
    for (const payload of ['', '{}', '<xml/>', '{"encrypt":"AAAA"}', '[]', '<!DOCTYPE xml [<!ENTITY a "b">]><xml><Encrypt>&a;</Encrypt></xml>', good.payload.replace(/[A-Za-z0-9+/]{40}/, (text) => `${text.startsWith('A') ? 'B' : 'A'}${text.slice(1)}`)]) expect((await send({ ...good, payload })).status).toBe(401);
    expect((await send({ ...good, payload: 'x'.repeat(70_000) })).status).toBe(413);
    expect((await state(id)).state).toBe('submitted');
    expect((await send(good)).status).toBe(200);
    expect((await state(id)).state).toBe('approved');
    const size = async (): Promise<number> => (await ask('auditor', 'GET', '/v1/checkpoint')).body.size;
    const before = await size();
    expect((await send(good)).status).toBe(200);
    expect(await size()).toBe(before);
    expect((await send({ ...good, url: good.url.replace(name, 'nobody') })).status).toBe(404);
  });
});

test('Feishu sends an event once more with a new signature: it is one event', async () => {
  const { id } = await waiting('feishu-main');
  await send(feishu(feishuEvent('REVERTED', 'I-2'), { uuid: 'u1' }));
  expect((await send(feishu(feishuEvent('APPROVED'), { uuid: 'u1' }))).status).toBe(200);
  expect((await state(id)).state).toBe('submitted');
});

test('the check of each address is answered as they want it', async () => {
  const payload = JSON.stringify({ encrypt: feishuEncrypt(JSON.stringify({ challenge: 'ajls384k', token: FEISHU.verificationToken, type: 'url_verification' }), FEISHU.encryptKey) });
  expect(await send({ url: '/v1/outside/feishu-main/events', headers: { 'content-type': 'application/json' }, payload })).toEqual({ status: 200, text: '{"challenge":"ajls384k"}' });
  const other = JSON.stringify({ encrypt: feishuEncrypt(JSON.stringify({ challenge: 'ajls384k', token: 'other', type: 'url_verification' }), FEISHU.encryptKey) });
  expect((await send({ url: '/v1/outside/feishu-main/events', headers: { 'content-type': 'application/json' }, payload: other })).status).toBe(401);
  const answered = JSON.parse((await send(ding({ EventType: 'check_url' }))).text);
  expect(envelopeOpen(answered.encrypt, AES, DING.owner)).toBe('success');
  expect(answered.msg_signature).toBe(sha1([DING.token, answered.timeStamp, answered.nonce, answered.encrypt]));
  const [timestamp, nonce, echostr] = [String(office.clock.seconds), '42', envelope('1616140317555161061', WECOM.owner)];
  const url = `/v1/outside/wecom/events?msg_signature=${sha1([WECOM.token, timestamp, nonce, echostr])}&timestamp=${timestamp}&nonce=${nonce}&echostr=${encodeURIComponent(echostr)}`;
  expect(await send({ url, headers: {}, payload: '' }, 'GET')).toEqual({ status: 200, text: '1616140317555161061' });
  expect((await send({ url: '/v1/outside/wecom/events', headers: {}, payload: '' }, 'GET')).status).toBe(401);
});

test('which approval is for what is said by an administrator’s program, once, for this content; an approval by another template is of something else', async () => {
  const asked = await waiting('feishu-main', false);
  const bind = (who: Who, more: object = {}, name = 'feishu-main'): Promise<Answer> => ask(who, 'POST', `/v1/outside/${name}/instances`, { instance: 'I-1', application: asked.id, content: asked.content, ...more });
  expect((await bind('applicant')).status).toBe(403);
  expect((await bind('admin', { content: '0'.repeat(64) })).body.code).toBe('CONTENT_CHANGED');
  expect((await bind('admin', {}, 'ding')).status).toBe(404);
  await send(feishu(feishuEvent('APPROVED', 'I-1', { approval_code: 'LEAVE' })));
  // Who decides there was quicker than the program.
  await send(feishu(feishuEvent('PENDING')));
  await send(feishu(feishuEvent('APPROVED')));
  expect((await state(asked.id)).state).toBe('submitted');
  expect((await bind('admin')).body).toMatchObject({ instance: 'I-1', application: asked.id, verdict: 'approved' });
  expect((await state(asked.id)).state).toBe('approved');
  expect((await bind('admin')).status).toBe(201);
  const next = (await ask('applicant', 'POST', '/v1/applications', applicationOf(office))).body;
  expect((await bind('admin', { application: next.id, content: next.content })).body.code).toBe('CONFLICT');
  await bind('admin', { application: next.id, content: next.content, instance: 'I-3' });
  expect((await bind('admin', { application: next.id, content: next.content, instance: 'I-4' })).body.code).toBe('CONFLICT');
  await send(feishu(feishuEvent('APPROVED', 'I-3', { approval_code: 'LEAVE' })));
  expect((await state(next.id)).state).toBe('submitted');
  const strokes = await ask('applicant', 'POST', '/v1/applications', applicationOf(office, { strokeGrants: true }));
  expect(strokes.body.code).toBe('INVALID');
  expect((await ask('admin', 'POST', '/v1/chains', { rule: { name: 'x', category: 'letter', authority: 'nobody' }, reason: 'x' })).body.code).toBe('INVALID');
  expect((await ask('admin', 'POST', '/v1/chains', { rule: { name: 'x', category: 'letter', authority: 'ding', steps: ['any'] }, reason: 'x' })).body.code).toBe('INVALID');
  expect((await ask('admin', 'POST', '/v1/chains', { rule: { name: 'x', category: 'letter' }, reason: 'x' })).body.code).toBe('INVALID');
});
