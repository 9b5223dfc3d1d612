/** How long documents stay that were never stamped: by configuration, with an entry; what was ever granted stays, and who looks is told "removed" and not "missing". */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { noteVerifier, reportLines, verifyArchiveFile, writeArchiveFile, type Report } from '../../host-bridge/desk';
import { auditDesk, type Difference } from '../../host-bridge/desk/audit/audit';
import { checkConfig } from '../../host-bridge/common/config';
import { DeskConfig } from '../../host-bridge/desk/config';
import { createDesk } from '../../host-bridge/desk/desk';
import { S3Blobs } from '../../host-bridge/desk/documents/s3';
import { writeBackup } from '../../host-bridge/desk/backup/write';
import { keys, region, S3Server } from './s3-server';
import { applicationOf, approved, caller, callsOf, openOffice, testFolder, testRandom, tinyPng, type Json, type Office } from './support';

jest.setTimeout(300_000);

const DAY = 86_400_000;
let office: Office;
const { ask } = callsOf(() => office);
beforeEach(async () => {
  office = await openOffice({ documentDays: 30 });
});
afterEach(() => office.close());

const handIn = async (shade: number): Promise<string> => (await office.desk.rooms.documents.add(tinyPng(30 + shade, 40, shade), `${shade}.png`, office.ids.applicant)).sha256;
const there = (sha256: string): boolean => existsSync(path.join(office.folder, 'documents', sha256.slice(0, 2), sha256));
const pageOf = async (document: string): Promise<string> => (await office.desk.rooms.store.read((db) => db.selectFrom('document_page').select('sha256').where('document', '=', document).executeTakeFirstOrThrow())).sha256;
const apply = async (document: string, submit = true): Promise<Json> => (await ask('applicant', 'POST', '/v1/applications', applicationOf(office, { document, submit }))).body;
const refuse = ({ id, content }: Json): Promise<unknown> => ask('chief', 'POST', `/v1/applications/${id}/refuse`, { content, reason: '不合规定' });
const read = async (document: string): Promise<unknown[]> => {
  const { status, body } = await ask('auditor', 'GET', `/v1/documents/${document}/content`);
  return status === 200 ? [200] : [status, body.code];
};
async function later(days: number): Promise<void> {
  office.clock.time += days * DAY;
  await office.desk.round();
}
async function found(): Promise<{ report: Report; differs: Difference[] }> {
  const { history, authority, documentBlobs: documents, photoBlobs: photos, store } = office.desk.rooms;
  const file = path.join(testFolder(), 'register.tar');
  await writeArchiveFile({ history, authority, documents, photos }, file);
  return { report: await verifyArchiveFile(file, noteVerifier(authority.registerKey)!), differs: await store.snapshot((db) => auditDesk(db, { authority, documents, photos })) };
}

test('what was never stamped goes after its days: of a draft, refused, withdrawn, expired, or nobody applied with; the entry and the digest stay', async () => {
  const [draft, refused, withdrawn, expired, unused] = [await handIn(1), await handIn(2), await handIn(3), await handIn(4), await handIn(5)];
  const drafted = await apply(draft, false);
  await refuse(await apply(refused));
  await ask('applicant', 'POST', `/v1/applications/${(await apply(withdrawn)).id}/withdraw`, {});
  await apply(expired);
  await later(29);
  const all = [draft, refused, withdrawn, expired, unused];
  expect(all.map(there)).toEqual([true, true, true, true, true]);
  await later(2);
  // Draft and application expired when it was looked, on the twenty-ninth day: their days begin there.
  expect(all.map(there)).toEqual([true, false, false, true, false]);
  expect(await Promise.all(all.map(read))).toEqual([[200], [410, 'DOCUMENT_REMOVED'], [410, 'DOCUMENT_REMOVED'], [200], [410, 'DOCUMENT_REMOVED']]);
  expect(there(await pageOf(refused))).toBe(false);
  expect((await ask('auditor', 'GET', `/v1/documents/${refused}/pages/1`)).body.code).toBe('DOCUMENT_REMOVED');
  await later(40);
  expect(all.map(there)).toEqual([false, false, false, false, false]);
  const { entries } = (await ask('auditor', 'GET', '/v1/register/entries?limit=1000')).body;
  // With the office's own, with which nobody applied.
  expect(entries.filter(({ kind }: Json) => kind === 'document-removed')).toHaveLength(6);
  expect((await ask('auditor', 'GET', `/v1/documents/${refused}`)).body).toMatchObject({ sha256: refused, removed: expect.any(Number) });
  // A draft whose document is gone is sent no more, nor does anybody apply anew with it.
  expect((await ask('applicant', 'POST', `/v1/applications/${drafted.id}/submit`)).body.code).not.toBeUndefined();
  expect((await apply(refused)).code).toBe('DOCUMENT_REMOVED');
  const { report, differs } = await found();
  expect([report.findings, differs]).toEqual([[], []]);
  expect(report.summary!.removed).toMatchObject({ documents: 6 });
  expect(reportLines(report, 'zh').join('\n')).toMatch(/文件 6 份按保存规则移除/);
  expect((await writeBackup(office.desk.rooms, path.join(testFolder(), 'desk.backup'))).missing).toEqual([]);
});

test('nothing goes of what was granted, stamped, is still under way, or has something in common with that; photos never', async () => {
  const [shared, granted, coded, waiting] = [await handIn(1), await handIn(2), await handIn(3), await handIn(4)];
  await refuse(await apply(shared));
  const used = await approved(office, { document: shared });
  await office.desk.round();
  const permit = used.permits[0].id as string;
  office.device.use(permit, office.bridge.permits.get(permit)!, 1);
  await office.desk.round();
  // Approved, with a permit, and taken back before it was used.
  const { id } = await approved(office, { document: granted });
  expect((await ask('applicant', 'POST', `/v1/applications/${id}/withdraw`, {})).body.state).toBe('withdrawn');
  const code = await approved(office, { document: coded, count: 1 });
  expect((await ask('chief', 'POST', `/v1/applications/${code.id}/trip-codes`, {})).status).toBe(201);
  const photos = (await office.desk.rooms.store.read((db) => db.selectFrom('photo').select('sha256').where('state', '=', 'stored').execute())).map(({ sha256 }) => sha256!);
  expect(photos.length).toBeGreaterThan(0);
  for (let n = 0; n < 4; n++) await later(100);
  expect([shared, granted, coded].map(there)).toEqual([true, true, true]);
  expect(there(waiting)).toBe(false);
  for (const one of photos) expect(await office.desk.rooms.photoBlobs.get(one)).toBeDefined();
  const { report, differs } = await found();
  expect([report.findings, differs]).toEqual([[], []]);
});

test('a page that another document has as well stays; one that was removed may be handed in anew, and is there again', async () => {
  const gone = await handIn(1);
  const page = await pageOf(gone);
  await later(25);
  const kept = await handIn(2);
  await office.desk.rooms.store.commit((trx) => trx.updateTable('document_page').set({ sha256: page }).where('document', '=', kept).execute());
  await later(6);
  expect([there(gone), there(kept), there(page)]).toEqual([false, true, page !== gone]);
  // Not in the very second in which files go: a page of it might be among them.
  await expect(handIn(1)).rejects.toMatchObject({ code: 'STORE_BUSY' });
  office.clock.time += 2000;
  expect(await handIn(1)).toBe(gone);
  expect([there(gone), await read(gone)]).toEqual([true, [200]]);
  const { entries } = (await ask('auditor', 'GET', `/v1/register/entries?limit=1000&search=${gone}`)).body;
  expect(entries.map(({ kind }: Json) => kind)).toEqual(['document', 'document-removed', 'document']);
});

test('who hands in what was handed in long ago has all its days before them, by an entry a day; archive and audit say the same', async () => {
  const form = await handIn(1);
  await later(20);
  expect(await handIn(1)).toBe(form);
  expect(await handIn(1)).toBe(form);
  await later(15);
  // By the first time it would be gone now, before anybody can send the application.
  expect([there(form), there(await pageOf(form)), (await apply(form)).state]).toEqual([true, true, 'submitted']);
  const { entries } = (await ask('auditor', 'GET', `/v1/register/entries?limit=1000&search=${form}`)).body;
  expect(entries.filter(({ kind }: Json) => kind === 'document')).toHaveLength(2);
  const { report, differs } = await found();
  expect([report.findings, differs]).toEqual([[], []]);
});

test('photos are evidence: a desk that keeps them where documents go begins with no rule by which these go', () => {
  const of = (documents: unknown, photos: unknown, retention: object) => () => checkConfig(DeskConfig, { listen: { host: '127.0.0.1', port: 1 }, database: 'x', keys: 'x', documents, photos, bridges: [], retention }, 'desk.json');
  const bucket = (s3: string) => ({ s3, accessKey: 'a', secretKey: 's' });
  for (const [documents, photos] of [['files', './files/'], [bucket('https://s3.example.com/desk/all'), bucket('https://s3.example.com/desk/all/')]]) {
    expect(of(documents, photos, { documentDays: 180 })).toThrow(/one place/);
    expect(of(documents, photos, {})).not.toThrow(/one place/);
  }
  expect(of('documents', 'photos', { documentDays: 180 })).not.toThrow(/one place/);
});

test('who says that a document was removed, and has no entry that says so, is found', async () => {
  const { id } = await approved(office);
  await office.desk.rooms.store.commit((trx) => trx.updateTable('document').set({ removed: office.clock.seconds, purged: office.clock.seconds }).where('sha256', '=', office.document).execute());
  await office.desk.rooms.documentBlobs.remove(office.document);
  const { report, differs } = await found();
  expect(differs).toContainEqual({ table: 'document', key: office.document, what: 'changed', columns: ['removed'] });
  expect(report.findings.map(({ code }) => code)).toContain('MISSING');
  expect(id).toBeDefined();
});

test('off where it is not configured', async () => {
  const unused = await handIn(1);
  await office.desk.close();
  office.desk = await createDesk({ ...office.options, documentDays: undefined, random: testRandom('off') });
  office.call = caller(office.desk);
  for (let n = 0; n < 3; n++) await later(1000);
  expect(there(unused)).toBe(true);
});

test('in a bucket files are removed as well; while it does not answer they wait, and the entry stands', async () => {
  const server = new S3Server();
  server.now = () => office.clock.wall();
  const url = await server.start();
  try {
    const store = new S3Blobs({ url: `${url}/photos`, region, ...keys, fetch, clock: office.clock, timeout: (ms) => AbortSignal.timeout(ms) });
    const hash = await store.put(Buffer.from('content'));
    await store.remove(hash);
    await store.remove(hash);
    expect(await store.get(hash)).toBeUndefined();
  } finally {
    await server.stop();
  }
  const unused = await handIn(1);
  const { documentBlobs } = office.desk.rooms;
  const { remove } = documentBlobs;
  documentBlobs.remove = () => Promise.reject(new Error('away'));
  await expect(later(31)).rejects.toThrow('away');
  expect(await read(unused)).toEqual([410, 'DOCUMENT_REMOVED']);
  await expect(handIn(1)).rejects.toMatchObject({ code: 'STORE_BUSY' });
  documentBlobs.remove = remove.bind(documentBlobs);
  await office.desk.round();
  expect(there(unused)).toBe(false);
});
