/** Documents, pages and photos encrypted at rest: nothing of them on the disk, in the bucket or in a backup; all of it for the desk; nothing of what was changed. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { restoreBackup } from '../../host-bridge/desk/backup/restore';
import { writeBackup } from '../../host-bridge/desk/backup/write';
import { cipherOf, createDesk, type DeskOptions } from '../../host-bridge/desk/desk';
import { DiskBlobs } from '../../host-bridge/desk/documents/blobs';
import { FileCipher } from '../../host-bridge/desk/documents/cipher';
import { S3Blobs } from '../../host-bridge/desk/documents/s3';
import { S3Server, keys, region } from './s3-server';
import { approved, caller, openOffice, testDatabase, testFolder, testRandom, tinyPng, type Office } from './support';

jest.setTimeout(300_000);

const CHUNK = 65_536;
const random = testRandom('at rest');
const cipher = new FileCipher(Buffer.alloc(32, 7), random, true);
const sha256 = (data: Buffer): string => createHash('sha256').update(data).digest('hex');
const filesOf = (folder: string): string[] => readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => path.join(folder, name)).filter((name) => statSync(name).isFile());

describe('the form', () => {
  test('what is closed opens again, whatever its length; the same content is never the same bytes', () => {
    for (const length of [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK]) {
      const data = random(length);
      const [one, two] = [cipher.close(data, sha256(data)), cipher.close(data, sha256(data))];
      expect([length, cipher.open(one, sha256(data))?.equals(data), one.equals(two)]).toEqual([length, true, false]);
      expect(one.length).toBe(32 + length + 16 * Math.max(1, Math.ceil(length / CHUNK)));
    }
  });

  test('not when a bit is changed, a chunk is cut off, moved, doubled, the name is another, or the key', () => {
    const data = random(2 * CHUNK + 100);
    const name = sha256(data);
    const closed = cipher.close(data, name);
    fc.assert(fc.property(fc.nat(closed.length - 1), fc.integer({ min: 0, max: 7 }), (at, bit) => {
      const changed = Buffer.from(closed);
      changed[at]! ^= 1 << bit;
      return cipher.open(changed, name) === undefined;
    }), { numRuns: 60 });
    const [head, whole] = [closed.subarray(0, 32), CHUNK + 16];
    const chunk = (i: number): Buffer => closed.subarray(32 + i * whole, Math.min(closed.length, 32 + (i + 1) * whole));
    for (const parts of [[0], [0, 1], [1, 0, 2], [0, 0, 1, 2], [0, 2], [2], [1, 2], []]) expect([parts, cipher.open(Buffer.concat([head, ...parts.map(chunk)]), name)]).toEqual([parts, undefined]);
    for (const length of [0, 7, 31, 32, 47, 100, closed.length - 1]) expect([length, cipher.open(closed.subarray(0, length), name)]).toEqual([length, undefined]);
    expect(cipher.open(Buffer.concat([closed, Buffer.alloc(1)]), name)).toBeUndefined();
    expect(cipher.open(closed, sha256(Buffer.from('other')))).toBeUndefined();
    expect(new FileCipher(Buffer.alloc(32, 8), random, true).open(closed, name)).toBeUndefined();
    expect(cipher.open(closed, name)?.equals(data)).toBe(true);
  });
});

describe('in a folder and in a bucket', () => {
  test('a plain file is read, and is encrypted when its content comes again; with encryption off again both are read', async () => {
    const folder = testFolder();
    const data = Buffer.from('合同 content of a contract'.repeat(20));
    const hash = await new DiskBlobs(folder).put(data);
    const bytes = (): Buffer => readFileSync(path.join(folder, hash.slice(0, 2), hash));
    const closing = new DiskBlobs(folder, cipher);
    expect([(await closing.get(hash))?.equals(data), bytes().equals(data)]).toEqual([true, true]);
    expect(await closing.put(data)).toBe(hash);
    expect([(await closing.get(hash))?.equals(data), bytes().includes('contract')]).toEqual([true, false]);
    const off = new DiskBlobs(folder, new FileCipher(Buffer.alloc(32, 7), random, false));
    expect((await off.get(hash))?.equals(data)).toBe(true);
    await expect(new DiskBlobs(folder, new FileCipher(Buffer.alloc(32, 8), random, false)).get(hash)).rejects.toMatchObject({ code: 'FILE_KEY' });
    await expect(new DiskBlobs(folder).get(hash)).rejects.toMatchObject({ code: 'FILE_KEY' });
    // Content that itself looks like an encrypted file is content.
    const odd = cipher.close(data, hash);
    expect((await closing.get(await closing.put(odd)))?.equals(odd)).toBe(true);
  });

  test('a bucket gets encrypted bytes under the same name, signed as what they are', async () => {
    const server = new S3Server();
    const clock = { wall: () => 1_800_000_000_000, now: () => 0, after: (_ms: number, call: () => void) => (setImmediate(call), () => undefined) };
    server.now = clock.wall;
    const url = await server.start();
    try {
      const store = new S3Blobs({ url: `${url}/photos`, region, ...keys, fetch, clock, timeout: (ms) => AbortSignal.timeout(ms), cipher });
      const data = Buffer.from('photo of a page '.repeat(10_000));
      const hash = await store.put(data);
      const [object] = [...server.objects.values()];
      expect([(await store.get(hash))?.equals(data), Buffer.from(object!).includes('photo of')]).toEqual([true, false]);
    } finally {
      await server.stop();
    }
  });
});

describe('a desk', () => {
  let office: Office;
  afterEach(() => office.close().catch(() => undefined));

  async function used(): Promise<void> {
    const application = await approved(office, { count: 1 });
    await office.desk.round();
    const permit = application.permits[0].id as string;
    office.device.use(permit, office.bridge.permits.get(permit)!, 1);
    await office.desk.round();
  }

  test('has nothing of a document or a photo on its disk or in its backup, shows all of it, and comes back from that backup', async () => {
    office = await openOffice({ encryptFiles: true });
    await used();
    const page = (): Promise<number> => office.call(office.tokens.chief, 'GET', `/v1/documents/${office.document}/pages/1`).then(({ status }) => status);
    const photo = async (): Promise<string> => {
      const { uses } = (await office.call(office.tokens.auditor, 'GET', '/v1/register/uses')).body;
      return (await office.call(office.tokens.auditor, 'GET', `/v1/photos/${uses[0].after}`)).raw.toString();
    };
    expect([await page(), await photo()]).toEqual([200, expect.stringContaining('photo after')]);
    const stored = filesOf(path.join(office.folder, 'documents')).concat(filesOf(path.join(office.folder, 'photos')));
    expect(stored.length).toBeGreaterThanOrEqual(4);
    const document = tinyPng(40, 60, 200);
    for (const file of stored) expect([FileCipher.is(readFileSync(file)), readFileSync(file).includes('photo '), readFileSync(file).includes(document.subarray(8, 24))]).toEqual([true, false, false]);
    expect(await office.desk.rooms.auditor.look()).toEqual([]);
    const file = path.join(office.folder, 'desk.backup');
    expect(await writeBackup(office.desk.rooms, file)).toMatchObject({ missing: [] });
    expect([readFileSync(file).includes('photo after'), readFileSync(file).includes(document.subarray(8, 24))]).toEqual([false, false]);
    await office.close();
    const folder = testFolder();
    const options: DeskOptions = { ...office.options, database: await testDatabase(folder), documents: path.join(folder, 'documents'), photos: path.join(folder, 'photos'), random: testRandom('restored') };
    expect(await restoreBackup(file, options)).toMatchObject({ missing: [] });
    office.desk = await createDesk(options);
    office.call = caller(office.desk);
    // Nobody's token outlives a restore.
    for (const who of ['chief', 'auditor'] as const) office.tokens[who] = (await office.desk.rooms.people.renewToken(office.ids[who], 0, { strong: true })).token;
    expect([await page(), await photo()]).toEqual([200, expect.stringContaining('photo after')]);
  });

  test('that a file, or a backup, is under another key is told as that, and not as missing or damaged; such a file may be handed in anew', async () => {
    office = await openOffice({ encryptFiles: true });
    await used();
    const file = path.join(office.folder, 'desk.backup');
    await writeBackup(office.desk.rooms, file);
    const other = { ...office.options.keys, signInKey: Buffer.alloc(32, 9) };
    const folder = testFolder();
    const elsewhere: DeskOptions = { ...office.options, keys: other, database: await testDatabase(folder), documents: path.join(folder, 'documents'), photos: path.join(folder, 'photos'), random: testRandom('elsewhere') };
    await expect(restoreBackup(file, elsewhere)).rejects.toMatchObject({ code: 'BACKUP_KEY' });
    const foreign = new FileCipher(Buffer.alloc(32, 8), random, true);
    const place = path.join(office.folder, 'documents', office.document.slice(0, 2), office.document);
    const content = cipherOf(office.options.keys, random, true)!.open(readFileSync(place), office.document)!;
    writeFileSync(place, foreign.close(content, office.document));
    const read = await office.call(office.tokens.applicant, 'GET', `/v1/documents/${office.document}/content`);
    expect([read.status, read.body.code]).toEqual([500, 'FILE_KEY']);
    expect(await office.desk.rooms.auditor.look()).toEqual([expect.objectContaining({ table: 'document', what: 'missing' })]);
    expect((await writeBackup(office.desk.rooms, file)).missing).toEqual([`documents/${office.document}`]);
    await office.desk.rooms.documentBlobs.put(content);
    expect((await office.call(office.tokens.applicant, 'GET', `/v1/documents/${office.document}/content`)).status).toBe(200);
  });

  test('finds a stored file that was changed, and shows none of it', async () => {
    office = await openOffice({ encryptFiles: true });
    const file = path.join(office.folder, 'documents', office.document.slice(0, 2), office.document);
    const bytes = readFileSync(file);
    bytes[bytes.length - 20]! ^= 1;
    writeFileSync(file, bytes);
    expect((await office.call(office.tokens.applicant, 'GET', `/v1/documents/${office.document}/content`)).status).toBe(404);
    expect((await office.desk.rooms.auditor.look()).length).toBeGreaterThan(0);
  });
});
