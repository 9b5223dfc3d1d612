/** The archive: what is exported verifies alone; whatever is done to it is found, and named. */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Command } from 'commander';
import { pack } from 'tar-stream';
import { register as registerVerify } from '../../host-bridge/cli/verify';
import { verifyArchive, verifyArchiveFile, writeArchiveFile, noteVerifier, reportLines, type Report } from '../../host-bridge/desk';
import { encodeManifest, parseManifest, type Manifest } from '../../host-bridge/desk/archive/manifest';
import { planArchive, writeArchive, type ArchivePlan } from '../../host-bridge/desk/archive/write';
import { endLength, entryLength, readHeader, tarHeader } from '../../host-bridge/desk/archive/tar';
import { decodeSequence, encodeSequence } from '../../host-bridge/desk/cbor';
import { noteSigner, signNote } from '../../host-bridge/desk/register/note';
import { PassThrough } from 'node:stream';
import { approved, openOffice, testFolder, testKeys, type Office } from './support';

let office: Office;
let good: Buffer;
let plan: ArchivePlan;
const key = noteVerifier(noteSigner(testKeys.registerName, testKeys.registerSeed).vkey)!;

const source = (bytes: Buffer) => ({ size: bytes.length, read: async (offset: number, length: number) => bytes.subarray(offset, offset + length) });
const verify = (bytes: Buffer, trusted: typeof key | undefined = key): Promise<Report> => verifyArchive(source(bytes), trusted);

async function bytesOf(given: ArchivePlan, authority = office.desk.rooms.authority): Promise<Buffer> {
  const out = new PassThrough();
  const parts: Buffer[] = [];
  out.on('data', (part: Buffer) => parts.push(part));
  await writeArchive(given, authority, out);
  return Buffer.concat(parts);
}

function sourcesOf(o: Office) {
  const { history, authority, documentBlobs, photoBlobs } = o.desk.rooms;
  return { history, authority, documents: documentBlobs, photos: photoBlobs };
}

interface Placed {
  name: string;
  from: number;
  to: number;
  size: number;
}

/** Where each file lies, read from the headers. */
function layout(bytes: Buffer): Placed[] {
  const files: Placed[] = [];
  for (let at = 0; at < bytes.length - endLength; ) {
    const header = readHeader(bytes.subarray(at, at + 512));
    if (!header) throw new Error(`no header at ${at}`);
    files.push({ name: header.name, from: at, to: at + entryLength(header.size), size: header.size });
    at += entryLength(header.size);
  }
  return files;
}

beforeAll(async () => {
  office = await openOffice();
  const application = await approved(office, { count: 1 });
  await office.desk.round();
  const permit = application.permits[0].id;
  office.device.write(1, [1, '0.1.0']);
  office.device.use(permit, office.bridge.permits.get(permit) as Buffer, 1);
  await office.desk.round();
  plan = await planArchive(sourcesOf(office));
  good = await bytesOf(plan);
});
afterAll(() => office.close());

describe('a sound archive', () => {
  test('verifies with and without the key, and says what there is', async () => {
    const report = await verify(good);
    expect(report.findings).toEqual([]);
    expect(report).toMatchObject({ ok: true, keyGiven: true, summary: { devices: 1, records: 8, permits: 1, documents: 1, photos: 2, strokes: { stamped: 1, failed: 0, unknown: 0 }, missingPhotos: 0 } });
    expect(await verifyArchive(source(good))).toMatchObject({ ok: true, keyGiven: false });
    expect(reportLines(report, 'zh').join('\n')).toContain('✓ 验证通过');
    expect(reportLines(await verifyArchive(source(good)), 'en').join('\n')).toContain('compare it with the one you trust');
    expect(await verify(good, noteVerifier(noteSigner('test/register', Buffer.alloc(32, 9)).vkey))).toMatchObject({ ok: false, findings: [{ code: 'WRONG_KEY', name: 'key.pub' }] });
  });

  test('is the same bytes however often it is made, and holds no secret', async () => {
    expect((await bytesOf(await planArchive(sourcesOf(office)))).equals(good)).toBe(true);
    for (const secret of [testKeys.permitRoot, testKeys.evidenceRoot, testKeys.registerSeed, office.device.identity.permitKey, office.device.identity.evidenceKey]) {
      expect(good.includes(secret)).toBe(false);
    }
  });

  test('files stand in the agreed order, headers as tar-stream and as our own writer make them', () => {
    const names = layout(good).map((file) => file.name);
    expect(names.slice(0, 3)).toEqual(['manifest.json', 'manifest.note', 'key.pub']);
    expect(names.slice(3)).toEqual([...names.slice(3)].sort());
    for (const file of layout(good)) expect(good.subarray(file.from, file.from + 512).equals(tarHeader(file.name, file.size))).toBe(true);
  });
});

describe('one byte', () => {
  test('changed anywhere is found, and the file it lies in is the one named', async () => {
    const files = layout(good);
    const ownerOf = (at: number): string => files.find((f) => at >= f.from && at < f.to)?.name ?? 'archive';
    const missed: string[] = [];
    // Every byte of what is signed, of a record and of the end; of the rest every eleventh, which falls on each place of a block.
    const whole = files.filter((f) => /^(manifest.note|key.pub|checkpoint|records.*04.cbor)$/.test(f.name));
    const places = new Set(whole.flatMap((f) => Array.from({ length: 512 + f.size + 3 }, (_, i) => f.from + i)));
    for (let at = 0; at < good.length; at += 11) places.add(at);
    for (const at of [...places].sort((a, b) => a - b)) {
      const changed = Buffer.from(good);
      changed[at] = (changed[at] as number) ^ (1 << (at % 8));
      const report = await verify(changed);
      if (report.ok || report.findings[0]?.name !== ownerOf(at)) missed.push(`${at} in ${ownerOf(at)}: ${JSON.stringify(report.findings[0])}`);
    }
    expect(missed).toEqual([]);
  }, 300_000);

  test('without the key too', async () => {
    const files = layout(good);
    for (let at = 0; at < good.length; at += 67) {
      const changed = Buffer.from(good);
      changed[at] = (changed[at] as number) ^ 0x55;
      const report = await verifyArchive(source(changed));
      const owner = files.find((f) => at >= f.from && at < f.to)?.name ?? 'archive';
      expect([at, report.ok, report.findings[0]?.name]).toEqual([at, false, owner]);
    }
  }, 120_000);

  test('more or fewer at the end, at any length', async () => {
    expect((await verify(Buffer.concat([good, Buffer.alloc(1)]))).findings).toEqual([{ code: 'TRAILING', name: 'archive', detail: '1' }]);
    expect((await verify(Buffer.concat([good, Buffer.alloc(10_240)]))).ok).toBe(false);
    for (let length = 0; length < good.length; length += 97) expect((await verify(good.subarray(0, length))).ok).toBe(false);
  });
});

describe('files', () => {
  test('left out, doubled, exchanged or added are found', async () => {
    const files = layout(good).slice(3);
    for (const file of files) {
      const without = Buffer.concat([good.subarray(0, file.from), good.subarray(file.to)]);
      const report = await verify(without);
      expect([report.ok, report.findings[0]?.name]).toEqual([false, file.name]);
      const doubled = Buffer.concat([good.subarray(0, file.to), good.subarray(file.from, file.to), good.subarray(file.to)]);
      expect((await verify(doubled)).ok).toBe(false);
    }
    const [a, b] = [files[2] as Placed, files[3] as Placed];
    const exchanged = Buffer.concat([good.subarray(0, a.from), good.subarray(b.from, b.to), good.subarray(a.from, a.to), good.subarray(b.to)]);
    expect((await verify(exchanged)).findings[0]).toMatchObject({ code: 'MISPLACED', name: a.name });
  });

  test('other files are no archives, however large they say they are', async () => {
    for (const bytes of [Buffer.alloc(0), Buffer.from('hello'), Buffer.alloc(5000), Buffer.concat([tarHeader('manifest.json', 8 ** 11 - 1), Buffer.alloc(2048)]), Buffer.concat([tarHeader('manifest.json', 0), Buffer.alloc(2048)])]) {
      expect((await verify(bytes)).ok).toBe(false);
    }
    const tar = pack();
    const parts: Buffer[] = [];
    tar.on('data', (part) => parts.push(part as Buffer));
    tar.entry({ name: 'manifest.json' }, '{}');
    tar.finalize();
    await new Promise<void>((resolve) => tar.on('end', () => resolve()));
    expect((await verify(Buffer.concat(parts))).ok).toBe(false);
  });
});

/** A register's owner who signs what is not true: manifest and archive fit each other, the contents do not. */
describe('signed by the register, and yet wrong', () => {
  async function forged(change: (files: Map<string, Buffer>) => void, manifest: Partial<Manifest> = {}): Promise<Report> {
    const files = new Map(await Promise.all(plan.files.map(async (file) => [file.name, (await file.content())!] as const)));
    change(files);
    const list = [...files].map(([name, content]) => ({ name, size: content.length, sha256: createHash('sha256').update(content).digest('hex'), content: () => content }));
    list.sort((a, b) => (a.name === 'key.pub' ? -1 : b.name === 'key.pub' ? 1 : a.name < b.name ? -1 : 1));
    const made: Manifest = { ...plan.manifest, ...manifest, files: list.map(({ name, size, sha256 }) => ({ name, size, sha256 })) };
    return verify(await bytesOf({ manifest: made, files: list }));
  }
  const named = (files: Map<string, Buffer>, part: string): string => [...files.keys()].filter((name) => name.includes(part)).sort()[0] as string;

  test('nothing changed is still sound', async () => expect((await forged(() => undefined)).ok).toBe(true));

  test.each<[string, (files: Map<string, Buffer>) => string, string]>([
    ['a record left out', (f) => (f.delete([...f.keys()].filter((n) => n.startsWith('records/'))[3] as string), 'records/'), 'MISSING'],
    ['a photo left out', (f) => (f.delete(named(f, 'photos/')), 'photos/'), 'MISSING'],
    ['a document left out', (f) => (f.delete(named(f, 'documents/')), 'documents/'), 'MISSING'],
    ['a permit left out', (f) => (f.delete(named(f, 'grants/')), 'grants/'), 'MISSING'],
    ['a photo exchanged', (f) => (f.set(named(f, 'photos/'), Buffer.from('another')), 'photos/'), 'DIGEST'],
    ['a document exchanged', (f) => (f.set(named(f, 'documents/'), Buffer.from('another')), 'documents/'), 'DISAGREES'],
    ['a permit exchanged', (f) => (f.set(named(f, 'grants/'), Buffer.from('another')), 'grants/'), 'MALFORMED'],
    ['a record exchanged', (f) => (f.set(named(f, 'records/'), f.get([...f.keys()].filter((n) => n.startsWith('records/'))[1] as string) as Buffer), 'records/'), 'MALFORMED'],
    ['a photo that no record names', (f) => (f.set(`photos/${'ab'.repeat(32)}.jpg`, Buffer.from('x')), 'photos/'), 'DIGEST'],
    ['a file that nobody knows', (f) => (f.set('other/file', Buffer.from('x')), 'other/file'), 'UNEXPECTED'],
    ['the last entry dropped', (f) => (f.set('register/leaves', encodeSequence((decodeSequence(f.get('register/leaves') as Buffer) as Buffer[]).slice(0, -1))), 'register/leaves'), 'DISAGREES'],
    ['no checkpoint', (f) => (f.delete('checkpoint'), 'checkpoint'), 'MISSING'],
    ['an older checkpoint', (f) => (f.set('checkpoint', Buffer.from(signNote(noteSigner(testKeys.registerName, testKeys.registerSeed), `test/register\n1\n${Buffer.alloc(32).toString('base64')}\n`))), 'register/leaves'), 'DISAGREES'],
  ])('%s', async (_name, change, code) => {
    let where = '';
    const report = await forged((files) => {
      where = change(files);
    });
    expect(report.ok).toBe(false);
    expect(report.findings.some((finding) => finding.code === code && finding.name.startsWith(where))).toBe(true);
  });

  test('entries in another order do not fit the checkpoint', async () => {
    const report = await forged((files) => {
      const entries = decodeSequence(files.get('register/leaves') as Buffer) as Buffer[];
      [entries[0], entries[1]] = [entries[1] as Buffer, entries[0] as Buffer];
      files.set('register/leaves', encodeSequence(entries));
    });
    expect(report.findings.map((f) => f.code)).toEqual(expect.arrayContaining(['ROOT', 'MALFORMED']));
  });

  test('a photo that had arrived cannot be called missing', async () => {
    const name = plan.files.find((file) => file.name.startsWith('photos/'))?.name as string;
    const digest = name.slice(7, -4);
    const report = await forged((files) => files.delete(name), { missing: [{ device: office.device.identity.deviceId.toString('hex'), seq: 3, digest }] });
    expect(report.findings[0]).toMatchObject({ code: 'MISSING', name });
  });

  test('manifests with a wrong form are refused', () => {
    const m = plan.manifest;
    expect(parseManifest(encodeManifest(m))).toEqual(m);
    const file = m.files[1] as Manifest['files'][number];
    for (const files of [[], m.files.slice(1), [...m.files, file], [...m.files.slice(0, 1), ...m.files.slice(1).reverse()], [m.files[0], { ...file, name: '../etc/passwd' }], [m.files[0], { ...file, name: 'manifest.json' }]]) {
      expect(parseManifest(encodeManifest({ ...m, files: files as Manifest['files'] }))).toBeUndefined();
    }
    expect(parseManifest(Buffer.from('null'))).toBeUndefined();
  });
});

describe('what was not there when the archive was made', () => {
  test('late photos and accepted gaps are told, not hidden', async () => {
    const other = await openOffice();
    try {
      other.bridge.latePhotos = true;
      const application = await approved(other, { count: 1 });
      await other.desk.round();
      const permit = application.permits[0].id;
      other.device.use(permit, other.bridge.permits.get(permit) as Buffer, 1);
      await other.desk.round();
      other.device.write(11, [1, 2]);
      other.device.write(11, [2, 3]);
      const lost = other.device.records.length - 2;
      other.bridge.changeRecord = (record, seq) => (seq === lost ? (other.device.records[lost + 1] as Buffer) : record);
      await other.desk.round();
      const { body } = await other.call(other.tokens.custodian, 'GET', '/v1/cases?open=true');
      await other.call(other.tokens.custodian, 'POST', `/v1/cases/${body.cases[0].id}/close`, { reason: 'lost' });
      other.bridge.changeRecord = (record) => record;
      await other.desk.round();
      const answer = await other.call(other.tokens.auditor, 'POST', '/v1/archive');
      expect(answer.status).toBe(200);
      const report = await verify(answer.raw);
      expect(report.findings).toEqual([]);
      expect(report.summary).toMatchObject({ photos: 0, missingPhotos: 2, acceptedGaps: 1, strokes: { stamped: 1 } });
    } finally {
      await other.close();
    }
  });

  test('a store that lost a photo makes no archive', async () => {
    const folder = testFolder();
    const broken = { ...sourcesOf(office), photos: { get: () => undefined } as never };
    await expect(writeArchiveFile(broken, path.join(folder, 'a.tar'))).rejects.toMatchObject({ code: 'ARCHIVE_INCOMPLETE' });
    expect(() => readFileSync(path.join(folder, 'a.tar'))).toThrow();
    expect(() => readFileSync(path.join(folder, 'a.tar.new'))).toThrow();
  });
});

describe('smartseal verify', () => {
  async function run(...args: string[]): Promise<{ code: number; out: string }> {
    let out = '';
    const spies = [jest.spyOn(process.stdout, 'write'), jest.spyOn(process.stderr, 'write')].map((spy) =>
      spy.mockImplementation((text) => {
        out += String(text);
        return true;
      }),
    );
    const before = process.exitCode;
    const program = new Command();
    registerVerify(program);
    await program.parseAsync(['verify', ...args], { from: 'user' });
    const code = Number(process.exitCode ?? 0);
    process.exitCode = before;
    for (const spy of spies) spy.mockRestore();
    return { code, out };
  }

  test('exit codes and words', async () => {
    const folder = testFolder();
    const file = path.join(folder, 'register.tar');
    await writeArchiveFile(sourcesOf(office), file);
    expect(readFileSync(file).equals(good)).toBe(true);
    expect(await verifyArchiveFile(file, key)).toMatchObject({ ok: true });
    writeFileSync(path.join(folder, 'key'), `${key.vkey}\n`);
    expect(await run(file, '--key', path.join(folder, 'key'))).toMatchObject({ code: 0 });
    expect((await run(file, '--key', key.vkey, '--json')).out).toContain('"ok":true');
    expect((await run(file, '--key', 'nonsense')).code).toBe(2);
    expect((await run(path.join(folder, 'nothing'))).code).toBe(1);
    const record = layout(good).find((f) => f.name.endsWith('0000000005.cbor')) as Placed;
    const changed = Buffer.from(good);
    changed[record.from + 512 + 20] = (changed[record.from + 512 + 20] as number) ^ 1;
    writeFileSync(file, changed);
    const told = await run(file, '--lang', 'zh');
    expect(told.code).toBe(3);
    expect(told.out).toContain('设备 00112233aabbccdd 的记录 5');
    expect((await run(file, '--json', '--lang', 'en')).out).toContain('record 5 of device 00112233aabbccdd');
  });
});
