/** An office in which everything that the register knows of has happened once: each of its tables has a row. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';
import type { DeskOptions } from '../../host-bridge/desk';
import type { DataValue } from '../../protocol/evidence';
import { GrantKind } from '../../protocol';
import { Authenticator } from './authenticator';
import { Browser, ORIGIN, SIGN_IN } from './browser';
import { toldOf, togetherOf } from './impressions';
import { applicationOf, deviceId, Form, hexBytes, openOffice, tinyPng, type Json, type Office } from './support';

export type Busy = Office;
const FEISHU = { kind: 'feishu', name: 'feishu-main', template: 'T', encryptKey: 'test key', verificationToken: 'token' } as const;
const DAY = 86_400;

export async function busyOffice(more: Partial<DeskOptions>): Promise<Busy> {
  const office = await openOffice({ signIn: SIGN_IN, outside: [FEISHU], publicUrl: 'https://seal.example.com', judge: { inspect: () => Promise.resolve(toldOf()), crossPage: () => Promise.resolve(togetherOf()), rest: () => undefined, close: () => undefined }, ...more }, { width: 42, height: 42 });
  const { ids, device, desk, clock } = office;
  type Who = keyof Office['tokens'];
  const done = async (who: Who, method: string, url: string, body?: unknown): Promise<Json> => {
    const answer = await office.call(office.tokens[who], method, url, body);
    if (answer.status >= 300) throw new Error(`${method} ${url}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  };
  const rounds = async (): Promise<void> => {
    await desk.round();
    await desk.round();
  };
  const upload = async (png: Buffer): Promise<string> => (await done('applicant', 'POST', '/v1/documents', new Form().file('document', 'a.png', png))).sha256;
  const apply = (fields: object = {}): Promise<Json> => done('applicant', 'POST', '/v1/applications', applicationOf(office, { notAfter: clock.seconds + 20 * DAY, ...fields }));
  const approve = async (asked: Json, narrow?: object): Promise<Json> => {
    for (const who of ['chief', 'director'] as const) await done(who, 'POST', `/v1/applications/${asked.id}/approve`, { content: asked.content, ...(narrow && who === 'chief' ? { narrow } : {}) });
    return done('applicant', 'GET', `/v1/applications/${asked.id}`);
  };

  // People, the organisation, the cards.
  const { id: department } = await done('admin', 'POST', '/v1/departments', { name: '行政部', parent: null, head: ids.chief, leader: ids.director });
  await done('admin', 'PUT', `/v1/people/${ids.applicant}`, { name: '张伟', login: 'zhang', department, title: '专员' });
  office.tokens.other = (await done('admin', 'POST', `/v1/people/${ids.other}/token`)).token;
  await done('admin', 'PUT', `/v1/people/${ids.other}/roles`, { roles: ['applicant', 'custodian'] });
  const browser = new Browser(office);
  await browser.invited(ids.applicant);
  const key = new Authenticator(ORIGIN);
  const { body } = await browser.ask('POST', '/v1/me/passkeys/options');
  await browser.ask('POST', '/v1/me/passkeys', { step: body.step, name: 'phone', response: key.create(body.options) });
  for (const [name, number] of [['custodian', 9], ['director', 10]] as const) await desk.rooms.cards.enrol({ device: deviceId, person: ids[name], number, means: 1 }, ids.admin);
  const picture = await sharp({ create: { width: 80, height: 80, channels: 3, background: '#c00' } }).png().toBuffer();
  await done('admin', 'PUT', `/v1/seals/${office.seal}/sample`, new Form().file('document', 'sample.png', picture));
  await done('admin', 'PUT', `/v1/seals/${office.seal}/deputy`, { deputy: { person: ids.other, until: clock.seconds + DAY }, reason: '休假' });
  await done('admin', 'PUT', '/v1/scopes/company', { categories: ['letter', 'contract'], reason: '决议' });
  await done('admin', 'PUT', '/v1/settings/signatures', { applicant: false, approvers: false, reason: '决议' });
  await done('admin', 'POST', '/v1/chains', { rule: { name: '空白', matter: 'blank', steps: [[ids.chief], [ids.director]] }, reason: '决议' });
  await done('admin', 'POST', '/v1/chains', { rule: { name: '合同', category: 'contract', authority: 'feishu-main' }, reason: '决议' });
  await done('admin', 'POST', '/v1/chains', { rule: { name: '大额合同', category: 'contract', amountFrom: 1_000_000, steps: [{ of: [ids.chief, ids.director], need: 2 }] }, reason: '决议' });
  await done('chief', 'POST', '/v1/delegations', { delegate: ids.director, until: clock.seconds + DAY, reason: '出差' });

  // A use, narrowed by who approved it, signed by who applied.
  const draft = await apply({ submit: false, count: 3 });
  const { options } = await done('applicant', 'POST', `/v1/applications/${draft.id}/signatures/options`, { decision: 'applied' });
  const signed = await done('applicant', 'POST', `/v1/applications/${draft.id}/submit`, { signature: key.get(options) });
  const first = await approve(signed, { count: 2, place: { fences: [{ latitude: 31.2, longitude: 121.5, radius: 900 }] } });
  await rounds();
  device.use(first.permits[0].id, office.bridge.permits.get(first.permits[0].id)!, 2);
  await rounds();
  const { uses } = await done('auditor', 'GET', '/v1/register/uses');
  await done('auditor', 'POST', `/v1/register/uses/${uses[0].device}/${uses[0].intent}/receipt`);

  // Blank paper, accounted for.
  const blank = await approve(await apply({ document: await upload(tinyPng(60, 60, 255)), blank: true, reportBy: clock.seconds + 21 * DAY, count: 1 }));
  await rounds();
  device.use(blank.permits[0].id, office.bridge.permits.get(blank.permits[0].id)!, 1);
  await rounds();
  const [stroke] = (await done('auditor', 'GET', `/v1/register/uses?application=${blank.id}`)).uses;
  await done('applicant', 'POST', `/v1/applications/${blank.id}/report`, { papers: [{ device: deviceId, intent: stroke.intent, document: await upload(tinyPng(50, 60, 120)) }], note: '已填写' });

  // More strokes under a permit that the unit has.
  const second = await approve(await apply({ purpose: '致税务局的函', count: 1, category: 'contract', amount: 5_000_000 }));
  await rounds();
  await done('applicant', 'POST', `/v1/applications/${second.id}/messages`, { text: '纸已放好' });
  const permit = second.permits[0].id as string;
  device.write(2, [hexBytes(permit), createHash('sha256').update(office.bridge.permits.get(permit)!).digest().toString('latin1'), 1]);
  const asked = await done('applicant', 'POST', `/v1/permits/${permit}/top-ups`, { count: 4, reason: '多三份' });
  for (const who of ['chief', 'director'] as const) await done(who, 'POST', `/v1/top-ups/${asked.id}/approve`, { content: asked.content });
  await rounds();
  const { counter } = office.bridge.grants.filter(({ kind }) => kind === GrantKind.TOP_UP).at(-1) as Json;
  device.write(21, [hexBytes(permit), 4, counter]);
  await rounds();

  // A stroke over the edges of two sheets, and a photo of each.
  const contract = (await done('applicant', 'POST', '/v1/documents', new Form().file('document', 'contract-zh.pdf', readFileSync(path.resolve(__dirname, '../../sim/assets/contract-zh.pdf'))))).sha256;
  const edges = await approve(await apply({ purpose: '骑缝', document: contract, count: 1, crossPage: 1 }));
  await rounds();
  const over = edges.permits.at(-1).id as string;
  device.use(over, office.bridge.permits.get(over)!, 1);
  await rounds();
  const { uses: [edge] } = await done('auditor', 'GET', `/v1/register/uses?application=${edges.id}`);
  await done('applicant', 'POST', `/v1/register/uses/${edge.device}/${edge.intent}/sheets?sheets=2`, new Form().file('page', '1.png', tinyPng(30, 40, 10)).file('page', '2.png', tinyPng(30, 40, 20)));
  await rounds();

  // A code for a unit that is away, an outside authority, an alarm that was looked at, and one that was not.
  office.bridge.permitState = 'queued';
  const third = await approve(await apply({ purpose: '外地用印', count: 1 }));
  await done('chief', 'POST', `/v1/applications/${third.id}/trip-codes`, {});
  const outside = await apply({ category: 'contract', amount: 100 });
  await done('admin', 'POST', '/v1/outside/feishu-main/instances', { instance: 'I-1', application: outside.id, content: outside.content });
  device.write(9, [9, 5]);
  await rounds();
  const [alarm] = (await done('custodian', 'GET', '/v1/cases?open=true')).cases;
  await done('custodian', 'POST', `/v1/cases/${alarm.id}/close`, { reason: '误触' });
  device.write(9, [10, 1]);
  await rounds();

  // What was done at the unit before persons.
  const ceremony = async (order: object, present: number[], values: DataValue[] = []): Promise<void> => {
    const { id, content } = await done('custodian', 'POST', `/v1/devices/${deviceId}/ceremonies`, { present: [ids.custodian], reason: '年度交接', ...order });
    for (const who of ['chief', 'director'] as const) await done(who, 'POST', `/v1/ceremonies/${id}/approve`, { content });
    await rounds();
    const grant = office.bridge.grants.filter(({ kind }) => kind === GrantKind.CEREMONY).at(-1) as Json;
    const array = String.fromCharCode(0x80 + present.length) + present.map((number) => String.fromCharCode(number)).join('');
    device.write(15, [hexBytes(id), grant.action, grant.counter, values[0] ?? grant.subject, values[1], { cbor: array }, values[2]]);
    await rounds();
  };
  await ceremony({ action: 'finger', person: ids.other, until: clock.seconds + DAY }, [9], [ids.other, 3, clock.seconds + DAY]);
  await ceremony({ action: 'take-out', person: ids.applicant, present: [ids.custodian, ids.applicant], until: clock.seconds + DAY }, [9, 7]);
  await office.call(office.tokens.auditor, 'GET', '/v1/checkpoint');
  return office;
}
