/** Applications from draft to use, and every way they are refused. Who may do what: matrix.test.ts. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';
import { auditDesk } from '../../host-bridge/desk/audit/audit';
import { applicationOf, approved, callsOf, deviceId, Form, openOffice, tinyPng, type Answer, type Office, type Who } from './support';

let office: Office;
beforeEach(async () => {
  office = await openOffice();
});
afterEach(() => office.close());

const { ask, submitted } = callsOf(() => office);

describe('the way of an application', () => {
  test('however many there are, each is listed on one page, newest first', async () => {
    const made: string[] = [];
    for (let i = 0; i < 5; i++) {
      office.clock.time += 1000;
      made.push((await ask('applicant', 'POST', '/v1/applications', applicationOf(office, { submit: false }))).body.id);
    }
    const page = async (query: string): Promise<string[]> => (await ask('applicant', 'GET', `/v1/applications?${query}`)).body.applications.map(({ id }: { id: string }) => id);
    expect([...(await page('limit=2')), ...(await page('limit=2&offset=2')), ...(await page('limit=2&offset=4')), ...(await page('offset=6'))]).toEqual(made.reverse());
    expect((await ask('applicant', 'GET', '/v1/applications?offset=-1')).body.code).toBe('INVALID');
  });

  test('draft, changed, submitted, approved in order, permit issued', async () => {
    const draft = await ask('applicant', 'POST', '/v1/applications', applicationOf(office, { submit: false }));
    expect(draft.body).toMatchObject({ state: 'draft', content: null, photos: true, strokeGrants: false, idle: 300 });
    const { id } = draft.body;
    expect((await ask('chief', 'GET', `/v1/applications/${id}`)).status).toBe(404);
    expect((await ask('applicant', 'PUT', `/v1/applications/${id}`, applicationOf(office, { count: 5 }))).body.count).toBe(5);
    const sent = await ask('applicant', 'POST', `/v1/applications/${id}/submit`);
    expect(sent.body).toMatchObject({ state: 'submitted', chain: [[office.ids.chief], [office.ids.director]], step: 0 });
    expect((await ask('applicant', 'PUT', `/v1/applications/${id}`, applicationOf(office))).body.code).toBe('WRONG_STATE');
    const { content } = sent.body;
    expect((await ask('director', 'GET', '/v1/tasks')).body.applications).toEqual([]);
    expect((await ask('chief', 'GET', '/v1/tasks')).body.applications).toHaveLength(1);
    expect((await ask('director', 'POST', `/v1/applications/${id}/approve`, { content })).body.code).toBe('NOT_YOUR_STEP');
    expect((await ask('chief', 'POST', `/v1/applications/${id}/approve`, { content })).body).toMatchObject({ state: 'submitted', step: 1, permits: [] });
    expect((await ask('chief', 'POST', `/v1/applications/${id}/approve`, { content })).body.code).toBe('NOT_YOUR_STEP');
    const done = await ask('director', 'POST', `/v1/applications/${id}/approve`, { content });
    expect(done.body).toMatchObject({ state: 'approved', permits: [{ device: deviceId, state: 'issued', used: 0 }] });
    expect((await ask('auditor', 'GET', `/v1/applications/${id}/decisions`)).body.decisions).toMatchObject([
      { step: 0, person: office.ids.chief, verdict: 'approved', content }, { step: 1, person: office.ids.director, verdict: 'approved', content },
    ]);
    const entries = (await ask('auditor', 'GET', `/v1/register/entries?search=${id}`)).body.entries.map((e: { kind: string }) => e.kind);
    expect(entries).toEqual(['application', 'decision', 'decision', 'application', 'permit']);
  });

  test('refused with a reason, and then nothing more', async () => {
    const { id, content } = await submitted();
    expect((await ask('chief', 'POST', `/v1/applications/${id}/refuse`, { content })).status).toBe(400);
    expect((await ask('chief', 'POST', `/v1/applications/${id}/refuse`, { content, reason: '   ' })).body.code).toBe('REASON_REQUIRED');
    expect((await ask('chief', 'POST', `/v1/applications/${id}/refuse`, { content, reason: '金额未填写' })).body).toMatchObject({ state: 'refused', permits: [] });
    for (const [who, action] of [['director', 'approve'], ['chief', 'approve']] as const) {
      expect((await ask(who, 'POST', `/v1/applications/${id}/${action}`, { content })).body.code).toBe('WRONG_STATE');
    }
    expect((await ask('applicant', 'POST', `/v1/applications/${id}/withdraw`, {})).body.code).toBe('WRONG_STATE');
  });

  test('a reason with half of a character, which no register could hold, is refused, and whole characters are taken however they are written', async () => {
    const one = await submitted();
    const refuse = (reason: string): Promise<{ statusCode: number; json(): { code: string } }> =>
      office.desk.app.inject({ method: 'POST', url: `/v1/applications/${one.id}/refuse`, headers: { authorization: `Bearer ${office.tokens.chief}`, 'content-type': 'application/json' }, payload: `{"content":"${one.content}","reason":"${reason}"}` });
    for (const half of ['no \\ud83d', '\\uDE00 no', '\\ude00\\ud83d']) {
      const answer = await refuse(half);
      expect([half, answer.statusCode, answer.json().code]).toEqual([half, 400, 'INVALID']);
    }
    const deep = await office.desk.app.inject({ method: 'POST', url: '/v1/people', headers: { authorization: `Bearer ${office.tokens.admin}`, 'content-type': 'application/json' }, payload: `${'['.repeat(200_000)}"\\ud83d"${']'.repeat(200_000)}` });
    expect([deep.statusCode, deep.json().code]).toEqual([400, 'INVALID']);
    expect((await refuse('no \\ud83d\\ude00, see C:\\\\ud83d')).statusCode).toBe(200);
    const { store, authority, documentBlobs: documents, photoBlobs: photos } = office.desk.rooms;
    expect(await store.snapshot((db) => auditDesk(db, { authority, documents, photos }))).toEqual([]);
  });

  test('an approver narrows, and the next may narrow further, never widen', async () => {
    const { id, content, notBefore, notAfter } = await submitted({ count: 5 });
    const decide = (who: Who, narrow: { count?: number; notBefore?: number; notAfter?: number }) => ask(who, 'POST', `/v1/applications/${id}/approve`, { content, narrow });
    for (const narrow of [{ count: 6 }, { notBefore: notBefore - 1 }, { notAfter: notAfter + 1 }]) expect((await decide('chief', narrow)).body.code).toBe('WIDENED');
    expect((await decide('chief', { notAfter: notBefore })).body.code).toBe('WINDOW');
    expect((await decide('chief', { count: 0 })).status).toBe(400);
    expect((await decide('chief', { count: 3, notAfter: notAfter - 60 })).body.granted).toMatchObject({ count: 3, notBefore, notAfter: notAfter - 60 });
    for (const narrow of [{ count: 4 }, { notAfter }]) expect((await decide('director', narrow)).body.code).toBe('WIDENED');
    expect((await decide('director', { count: 2 })).body).toMatchObject({ state: 'approved', count: 5, granted: { count: 2, notAfter: notAfter - 60 } });
    await office.desk.round();
    const [grant] = [...office.bridge.permits.values()];
    expect(office.bridge.open(grant as Buffer)).toMatchObject({ count: 2, notBefore, notAfter: notAfter - 60 });
  });

  test('nobody decides on their own application, unless the office allows it', async () => {
    const own = { persons: [office.ids.chief] };
    const handIn = (): Promise<Answer> => ask('chief', 'POST', '/v1/documents', new Form().file('document', 'a.png', tinyPng(40, 60, 200)));
    expect((await ask('chief', 'POST', '/v1/applications', applicationOf(office, own))).body.code).toBe('NOT_FOUND'); // the hash alone is not the document
    expect((await handIn()).body.sha256).toBe(office.document);
    const { id, content } = await submitted(own, 'chief');
    expect((await ask('chief', 'POST', `/v1/applications/${id}/approve`, { content })).body.code).toBe('OWN_APPLICATION');
    expect((await ask('chief', 'GET', '/v1/tasks')).body.applications).toEqual([]);
    await office.close();
    office = await openOffice({ ownApplications: true });
    await handIn();
    const again = await submitted({ persons: [office.ids.chief] }, 'chief');
    expect((await ask('chief', 'GET', '/v1/tasks')).body.applications).toHaveLength(1);
    expect((await ask('chief', 'POST', `/v1/applications/${again.id}/approve`, { content: again.content })).body).toMatchObject({ step: 1 });
  });

  test('a decision is on the content that was looked at', async () => {
    const { id } = await submitted();
    expect((await ask('chief', 'POST', `/v1/applications/${id}/approve`, { content: '00'.repeat(32) })).body.code).toBe('CONTENT_CHANGED');
  });

  test('times over: nothing is decided, approved ones expire, and no permit is sent any more', async () => {
    const late = await submitted({ notAfter: office.clock.seconds + 100 });
    const application = await approved(office, { notAfter: office.clock.seconds + 100 });
    office.clock.forward(200_000);
    expect((await ask('chief', 'POST', `/v1/applications/${late.id}/approve`, { content: late.content })).body.code).toBe('WINDOW');
    await office.desk.round();
    for (const id of [late.id, application.id]) expect((await ask('applicant', 'GET', `/v1/applications/${id}`)).body.state).toBe('expired');
    expect(office.bridge.permits.size).toBe(0);
  });

  test('approvers changed later do not change who decides on what was submitted', async () => {
    const { id, content } = await submitted();
    await ask('admin', 'PUT', `/v1/seals/${office.seal}/approvers`, { approvers: [[office.ids.director]] });
    expect((await ask('director', 'POST', `/v1/applications/${id}/approve`, { content })).body.code).toBe('NOT_YOUR_STEP');
    expect((await submitted()).chain).toEqual([[office.ids.director]]);
  });

  test('only the applicant withdraws', async () => {
    const { id } = await submitted();
    expect((await ask('other', 'POST', `/v1/applications/${id}/withdraw`, {})).status).toBe(404);
    expect((await ask('applicant', 'POST', `/v1/applications/${id}/withdraw`, {})).body.state).toBe('withdrawn');
  });

  test.each<[string, (o: Office) => Record<string, unknown>, number, string]>([
    ['ends before it begins', (o) => ({ notAfter: o.clock.seconds - 100 }), 422, 'WINDOW'],
    ['is longer than a month', (o) => ({ notAfter: o.clock.seconds + 40 * 86_400 }), 422, 'WINDOW'],
    ['names a person who is not enrolled', (o) => ({ persons: [o.ids.other] }), 422, 'NOT_ENROLLED'],
    ['names a person twice', (o) => ({ persons: [o.ids.applicant, o.ids.applicant] }), 400, 'INVALID'],
    ['names nobody', () => ({ persons: [] }), 400, 'INVALID'],
    ['names five', () => ({ persons: [1, 2, 3, 4, 5] }), 400, 'INVALID'],
    ['asks for no stroke', () => ({ count: 0 }), 400, 'INVALID'],
    ['asks for more strokes than a permit holds', () => ({ count: 65_536 }), 400, 'INVALID'],
    ['names no seal there is', () => ({ seal: '0'.repeat(16) }), 404, 'NOT_FOUND'],
    ['names no document there is', () => ({ document: '0'.repeat(64) }), 404, 'NOT_FOUND'],
    ['says what nobody asked', () => ({ approved: true }), 400, 'INVALID'],
    ['has no purpose', () => ({ purpose: '' }), 400, 'INVALID'],
  ])('one that %s is refused', async (_name, more, status, code) => {
    const answer = await ask('applicant', 'POST', '/v1/applications', applicationOf(office, more(office)));
    expect([answer.status, answer.body.code]).toEqual([status, code]);
  });
});

/** How far two pictures are apart, as a thumbnail of each: the mean over its pixels. */
async function apart(...pictures: [Buffer, Buffer]): Promise<number> {
  const [a, b] = await Promise.all(pictures.map((picture) => sharp(picture).greyscale().resize(64, 90, { fit: 'fill' }).raw().toBuffer()));
  return a!.reduce((sum, value, i) => sum + Math.abs(value - b![i]!), 0) / a!.length;
}

describe('documents over HTTP', () => {
  test('an application with its document in one form', async () => {
    const contract = readFileSync(path.join(__dirname, '../../sim/assets/contract-zh.pdf'));
    const form = new Form();
    const { document: _document, ...fields } = applicationOf(office);
    for (const [name, value] of Object.entries(fields)) form.field(name, typeof value === 'string' ? value : JSON.stringify(value));
    const answer = await ask('applicant', 'POST', '/v1/applications', form.file('document', '../../采购合同.pdf', contract));
    expect([answer.status, answer.body.state]).toEqual([201, 'submitted']);
    const { document } = answer.body;
    expect((await ask('chief', 'GET', `/v1/documents/${document}`)).body).toMatchObject({ kind: 'pdf', name: '采购合同.pdf', size: contract.length });
    const page = await ask('chief', 'GET', `/v1/documents/${document}/pages/1`);
    expect(page.raw.subarray(1, 4).toString()).toBe('PNG');
    // As wide as a screen needs it: smaller, the same page, and of no width but those that are kept.
    const whole = await sharp(page.raw).metadata();
    for (const width of [480, 640, 1080]) {
      const narrow = await ask('chief', 'GET', `/v1/documents/${document}/pages/1?width=${width}`);
      expect(await sharp(narrow.raw).metadata()).toMatchObject({ format: 'webp', width, height: Math.round((whole.height * width) / whole.width) });
      expect(narrow.raw.length).toBeLessThan(page.raw.length / 2);
      expect((await ask('chief', 'GET', `/v1/documents/${document}/pages/1?width=${width}`)).raw.equals(narrow.raw)).toBe(true);
      // The same page, and not the next one.
      const [first, second] = [await apart(page.raw, narrow.raw), await apart((await ask('chief', 'GET', `/v1/documents/${document}/pages/2`)).raw, narrow.raw)];
      expect(first).toBeLessThan(second / 3);
    }
    // Never larger than it was drawn.
    expect((await sharp((await ask('chief', 'GET', `/v1/documents/${document}/pages/1?width=1280`)).raw).metadata()).width).toBe(whole.width);
    for (const width of ['0', '481', '99999', '640.5', 'all']) expect([width, (await ask('chief', 'GET', `/v1/documents/${document}/pages/1?width=${width}`)).body.code]).toEqual([width, 'INVALID']);
    expect((await ask('other', 'GET', `/v1/documents/${document}/pages/1?width=640`)).status).toBe(404);
    expect((await ask('chief', 'GET', `/v1/documents/${document}/pages/99?width=640`)).status).toBe(404);
    expect((await ask('chief', 'GET', `/v1/documents/${document}/content`)).raw.equals(contract)).toBe(true);
    expect((await ask('chief', 'GET', `/v1/documents/${document}/pages/99`)).status).toBe(404);
    expect((await ask('other', 'GET', `/v1/documents/${document}`)).status).toBe(404);
    expect((await ask('other', 'GET', `/v1/documents/${document}/pages/1`)).status).toBe(404);
    expect((await ask('director', 'GET', `/v1/documents/${office.document}/content`)).status).toBe(404);
  });

  test.each<[string, () => Form, number, string]>([
    ['a text called contract.pdf', () => new Form().file('document', 'contract.pdf', Buffer.from('not a pdf')), 415, 'DOCUMENT_UNSUPPORTED'],
    ['an empty file', () => new Form().file('document', 'contract.pdf', Buffer.alloc(0)), 422, 'DOCUMENT_EMPTY'],
    ['a broken PDF', () => new Form().file('document', 'a.pdf', Buffer.from('%PDF-1.7\nrubbish')), 422, 'DOCUMENT_CORRUPT'],
    ['a file above the limit', () => new Form().file('document', 'a.pdf', Buffer.alloc(70_000, 65)), 413, 'DOCUMENT_TOO_LARGE'],
    ['a form without a file', () => new Form().field('purpose', 'x'), 400, 'INVALID'],
    ['a file in another part', () => new Form().file('other', 'a.pdf', Buffer.from('%PDF-')), 400, 'INVALID'],
  ])('%s', async (_name, form, status, code) => {
    await office.close();
    office = await openOffice({ limits: { maxBytes: 60_000 } });
    const answer = await ask('applicant', 'POST', '/v1/documents', form());
    expect([answer.status, answer.body.code]).toEqual([status, code]);
    expect((await ask('applicant', 'POST', '/v1/documents', new Form().file('document', 'a.png', tinyPng(5, 5, 5)))).status).toBe(201);
  });
});

describe('cards', () => {
  test('devices, seals and enrolments over HTTP, contradictions refused', async () => {
    const card = { id: '0102030405060708', name: 'Unit 2', bridge: 'main' };
    expect((await ask('admin', 'POST', '/v1/devices', card)).status).toBe(201);
    expect((await ask('admin', 'POST', '/v1/devices', card)).status).toBe(201);
    expect((await ask('admin', 'POST', '/v1/devices', { ...card, name: 'Other' })).body.code).toBe('CONFLICT');
    const seal = { kind: 'contract', name: '合同章', die: 'd1e0000000000002', device: card.id, custodian: office.ids.custodian, approvers: [[office.ids.chief, office.ids.director]] };
    expect((await ask('admin', 'POST', '/v1/seals', seal)).body).toMatchObject({ name: '合同章', sample: null });
    expect((await ask('admin', 'POST', '/v1/seals', seal)).body.code).toBe('CONFLICT');
    expect((await ask('admin', 'POST', '/v1/seals', { ...seal, die: 'd1e0000000000003', approvers: [[office.ids.applicant]] })).body.code).toBe('INVALID');
    expect((await ask('admin', 'PUT', `/v1/devices/${card.id}/enrolments/${office.ids.other}`, { number: 1 })).body).toEqual({ device: card.id, person: office.ids.other, number: 1, means: 1, until: null });
    expect((await ask('admin', 'PUT', `/v1/devices/${card.id}/enrolments/${office.ids.chief}`, { number: 1, means: 3 })).body.code).toBe('CONFLICT');
    expect((await ask('custodian', 'GET', `/v1/devices/${card.id}/enrolments`)).body.enrolments).toHaveLength(1);
    expect((await ask('applicant', 'GET', '/v1/seals')).body.seals).toHaveLength(2);
  });
});
