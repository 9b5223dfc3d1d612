/** Notices of a seal's life on paper, and the sample impression on them. */
import sharp from 'sharp';
import { changeSeal } from '../../host-bridge/desk/custody/seals';
import { getSeal } from '../../host-bridge/desk/register/cards';
import { readPdf } from './pdf-text';
import { deviceId, Form, openOffice, tinyPng, type Answer, type Json, type Office } from './support';

let office: Office;
beforeEach(async () => {
  office = await openOffice();
});
afterEach(() => office.close());

const call = (who: keyof Office['tokens'], method: string, url: string, body?: unknown): Promise<Answer> => office.call(office.tokens[who], method, url, body);

async function newSeal(): Promise<Json> {
  const card = {
    kind: 'contract', name: '合同专用章（二）', die: 'd1e0000000000002', device: deviceId, custodian: office.ids.custodian, approvers: [[office.ids.chief]], width: 42, height: 42, issuedBy: '行政部', recipient: '王五', received: office.clock.seconds,
  };
  return (await call('admin', 'POST', '/v1/seals', card)).body;
}
const events = async (id: string): Promise<Json[]> => (await call('auditor', 'GET', `/v1/seals/${id}/history`)).body.events;

test('the notice of activation says date, unit and scope, shows card and sample, and names its entry', async () => {
  const { id } = await newSeal();
  const sample = await sharp(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="500" height="500"><circle cx="250" cy="250" r="220" fill="none" stroke="#c00" stroke-width="14"/></svg>')).flatten({ background: '#fff' }).jpeg().toBuffer();
  const kept = await call('admin', 'PUT', `/v1/seals/${id}/sample`, new Form().file('document', 'sample.jpg', sample));
  expect(kept.body.sample).toMatch(/^[0-9a-f]{64}$/);
  const from = Date.UTC(2027, 1, 1) / 1000;
  expect((await call('admin', 'POST', `/v1/seals/${id}/activate`, { reason: '总经理办公会决议', unit: '明河科技有限公司', scope: 'contract', terms: '对外签署的采购与销售合同', from })).body.state).toBe('active');
  const [event] = await events(id);
  expect(event.detail).toEqual({ unit: '明河科技有限公司', scope: 'contract', terms: '对外签署的采购与销售合同', from });
  const pdf = await call('auditor', 'GET', `/v1/seals/${id}/history/${event.entry}/notice.pdf`);
  const { text, pages, images } = await readPdf(pdf.raw);
  for (const words of ['印章启用通知', '合同专用章（二）', '2027年2月1日', '明河科技有限公司', '使用范围：合同（对外签署的采购与销售合同）', '42 × 42 mm', '王五', '行政部', `第 ${event.entry} 条`, 'test/register']) expect(text).toContain(words);
  expect(pages).toBe(1);
  expect(images).toBe(1);
  expect((await readPdf((await call('auditor', 'GET', `/v1/seals/${id}/history/${event.entry}/notice.pdf?lang=en`)).raw)).text).toContain('1 February 2027');
});

test('the certificate of handover names giver, receiver and witness', async () => {
  const { ids } = office;
  const { history, store } = office.desk.rooms;
  await history.commit(async (trx) => changeSeal(trx, history, await getSeal(trx, office.seal), { what: 'handover', custodian: ids.applicant, by: ids.custodian, present: [ids.custodian, ids.applicant, ids.auditor], ceremony: 'ab'.repeat(16), reason: '岗位调动' }));
  expect((await store.read((db) => getSeal(db, office.seal))).custodian).toBe(ids.applicant);
  const [event] = await events(office.seal);
  const { text } = await readPdf((await call('custodian', 'GET', `/v1/seals/${office.seal}/history/${event.entry}/notice.pdf`)).raw);
  for (const words of ['印章移交证明', '由custodian移交给applicant', 'auditor监交', '监交人：', '岗位调动', 'ab'.repeat(16), '（未留样）']) expect(text).toContain(words);
});

test('a sample that is none, or too large, is refused and changes nothing', async () => {
  const { id } = await newSeal();
  const put = async (data: Buffer): Promise<string> => (await call('admin', 'PUT', `/v1/seals/${id}/sample`, new Form().file('document', 'x', data))).body.code;
  expect(await put(Buffer.from('%PDF-1.4 not a picture'))).toBe('DOCUMENT_UNSUPPORTED');
  expect(await put(tinyPng(60, 200, 1))).toBe('DOCUMENT_CORRUPT');
  expect(await put(Buffer.concat([tinyPng(8, 8, 1), Buffer.alloc(6 << 20)]))).toBe('DOCUMENT_TOO_LARGE');
  expect((await call('auditor', 'GET', `/v1/seals/${id}/sample`)).body.code).toBe('NOT_FOUND');
  expect((await call('applicant', 'PUT', `/v1/seals/${id}/sample`, new Form().file('document', 'x', tinyPng(8, 8, 1)))).body.code).toBe('FORBIDDEN');
});

test('a step without a notice, of another seal, or that never was, has none', async () => {
  const { id } = await newSeal();
  await call('admin', 'POST', `/v1/seals/${id}/activate`, { reason: '启用', unit: '行政部', scope: 'contract' });
  const [event] = await events(id);
  for (const url of [`/v1/seals/${office.seal}/history/${event.entry}/notice.pdf`, `/v1/seals/${id}/history/${event.entry + 1}/notice.pdf`]) expect((await call('auditor', 'GET', url)).body.code).toBe('NOT_FOUND');
});
