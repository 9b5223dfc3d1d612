/** Databases from before the desk held its tables against the register: their entries say less, and are judged by what they say. */
import path from 'node:path';
import { sql } from 'kysely';
import { openStore } from '../../host-bridge/common/database';
import { auditDesk, type Difference } from '../../host-bridge/desk/audit/audit';
import { decodeCbor, encodeCbor, type CborMap } from '../../host-bridge/desk/cbor';
import type { Trx } from '../../host-bridge/desk/history';
import { appendEntry, makeCheckpoint } from '../../host-bridge/desk/register/register';
import { deskMigrations, type Tables } from '../../host-bridge/desk/tables';
import { busyOffice, type Busy } from './busy';
import { testFolder } from './support';

/** What was written into these entries from then on. */
const LATER: Readonly<Record<string, readonly string[]>> = { person: ['token'], token: ['token'], document: ['pictures'], decision: ['granted'], report: ['papers'], application: ['chain'] };

let busy: Busy;
let folder: string;
beforeAll(async () => {
  busy = await busyOffice({ database: path.join((folder = testFolder()), 'desk.db'), documents: path.join(folder, 'documents'), photos: path.join(folder, 'photos') });
}, 300_000);
afterAll(() => busy.desk.close());

/** The register written anew, each entry without what its kind did not have then, under a tree and a checkpoint of its own. */
async function writtenBefore(trx: Trx): Promise<number> {
  const rows = await trx.selectFrom('entry').selectAll().orderBy('number').execute();
  for (const table of ['checkpoint', 'tree_node', 'entry'] as const) await trx.deleteFrom(table).execute();
  let without = 0;
  for (const row of rows) {
    const data = (decodeCbor(Buffer.from(row.body, 'base64')) as [number, number, number, string, CborMap])[4];
    for (const name of LATER[row.kind] ?? []) if (data.delete(name)) without += 1;
    await appendEntry(trx, Number(row.at), row.kind, Object.fromEntries(data) as Parameters<typeof appendEntry>[3]);
  }
  await makeCheckpoint(trx, busy.desk.rooms.authority, busy.clock.seconds);
  return without;
}

/** What is found after a change of the tables, all of which is taken back. @param older whether the register is one of before */
async function found(change: string, older = true): Promise<string[]> {
  const { authority, documentBlobs: documents, photoBlobs: photos, store } = busy.desk.rooms;
  const back = new Error('taken back');
  let all: Difference[] | undefined;
  await store.commit(async (trx) => {
    if (older) expect(await writtenBefore(trx)).toBeGreaterThan(15);
    for (const one of change.split(';').filter((each) => each.trim() !== '')) await sql`${sql.raw(one)}`.execute(trx);
    all = await auditDesk(trx, { authority, documents, photos });
    throw back;
  }).catch((error: unknown) => {
    if (error !== back) throw error;
  });
  return all!.map(({ table, what, columns }) => `${table} ${what}${columns ? ` ${columns.join(' ')}` : ''}`);
}

test('a database of that time has nothing that would have to be explained', async () => {
  expect(await found('')).toEqual([]);
});

test.each([
  ['a token more', `INSERT INTO person_token (sha256, person, created, revoked) SELECT '${'ab'.repeat(32)}', person, created, NULL FROM person_token WHERE revoked IS NULL LIMIT 1`, 'person_token unexpected'],
  ['a token that was replaced, made good again', `UPDATE person_token SET revoked = NULL`, 'person_token unexpected'],
  ['a token gone', `DELETE FROM person_token WHERE sha256 = (SELECT min(sha256) FROM person_token)`, 'person_token missing'],
  ['more strokes granted', `UPDATE application SET granted = replace(granted, '"count":2', '"count":9')`, 'application changed granted'],
  ['a place left out', `UPDATE application SET granted = replace(granted, '"place":{', '"where":{')`, 'application changed granted'],
  ['a page more', `INSERT INTO document_page SELECT document, 9, sha256, width, height, blank FROM document_page LIMIT 1`, 'document_page unexpected'],
  ['a page gone', `DELETE FROM document_page WHERE document = (SELECT min(document) FROM document_page)`, 'document_page missing'],
  ['a stroke more accounted for', `INSERT INTO report_paper SELECT application, device, intent + 1000, document, page, page_sha256, photo, verdict, note FROM report_paper LIMIT 1`, 'report_paper unexpected'],
  ['somebody who would see an application', `INSERT INTO application_holder SELECT id, (SELECT max(id) FROM person) FROM application WHERE id NOT IN (SELECT application FROM application_holder WHERE person = (SELECT max(id) FROM person)) LIMIT 1`, 'application_holder unexpected'],
])('%s: found', async (_name, change, what) => {
  expect(await found(change)).toContain(what);
});

test('nobody makes an entry older than it is: what it says is under the tree', async () => {
  const { store } = busy.desk.rooms;
  const row = await store.read((db) => db.selectFrom('entry').select(['number', 'body']).where('kind', '=', 'decision').limit(1).executeTakeFirstOrThrow());
  const [version, number, at, kind, data] = decodeCbor(Buffer.from(row.body, 'base64')) as [number, number, number, string, CborMap];
  expect(data.delete('granted')).toBe(true);
  const body = encodeCbor([version, number, at, kind, data]).toString('base64');
  await expect(found(`UPDATE entry SET body = '${body}' WHERE number = ${row.number}`, false)).rejects.toMatchObject({ code: 'REGISTER_DAMAGED' });
});

test('who opens a use is found in a database from before they had a table', async () => {
  await busy.desk.close();
  const rows = async (again: boolean): Promise<unknown[]> => {
    const store = openStore<Tables>(busy.options.database, deskMigrations);
    const all = await store.read((db) => db.selectFrom('application_holder').selectAll().orderBy('application').orderBy('person').execute());
    if (again) for (const one of ['DROP TABLE application_holder', `DELETE FROM migration WHERE name = '0025-holders'`]) await sql`${sql.raw(one)}`.execute(store.db);
    await store.close();
    return all.map((row) => ({ ...row }));
  };
  const before = await rows(true);
  expect(before.length).toBeGreaterThan(4);
  expect(await rows(false)).toEqual(before);
});
