/** Archives that were damaged, and archives that their own signer filled with damaged contents: a report, never an exception. */
import { createHash } from 'node:crypto';
import { PassThrough } from 'node:stream';
import { noteVerifier, verifyArchive } from '../../host-bridge/desk';
import type { Manifest } from '../../host-bridge/desk/archive/manifest';
import { planArchive, writeArchive, type ArchivePlan } from '../../host-bridge/desk/archive/write';
import { noteSigner } from '../../host-bridge/desk/register/note';
import { approved, openOffice, testKeys, type Office } from '../desk/support';
import { BUDGET, damaged, fuzzLater, ONE_TEST_MS, tell } from './fuzz';

/** Most bytes that a reader may ask for at a time: a megabyte of a photo or document. */
const PIECE = 1 << 20;
const MOST_FINDINGS = 1000;

let office: Office;
let plan: ArchivePlan;
let good: Buffer;

async function bytesOf(given: ArchivePlan): Promise<Buffer> {
  const out = new PassThrough();
  const parts: Buffer[] = [];
  out.on('data', (part: Buffer) => parts.push(part));
  await writeArchive(given, office.desk.rooms.authority, out);
  return Buffer.concat(parts);
}

beforeAll(async () => {
  office = await openOffice();
  const application = await approved(office, { count: 1 });
  await office.desk.round();
  const permit = application.permits[0].id;
  office.device.write(1, [1, '0.1.0']);
  office.device.use(permit, office.bridge.permits.get(permit) as Buffer, 1);
  await office.desk.round();
  const { history, authority, documentBlobs, photoBlobs } = office.desk.rooms;
  plan = await planArchive({ history, authority, documents: documentBlobs, photos: photoBlobs });
  good = await bytesOf(plan);
});
afterAll(async () => {
  await office.close();
  tell();
});

/** What is wrong with the way it was read or with the report. */
async function judged(bytes: Buffer): Promise<string | undefined> {
  let wrong: string | undefined;
  const report = await verifyArchive({
    size: bytes.length,
    read: (offset, length) => {
      // What a header claims beyond the file is not asked for.
      if (length > PIECE && length > bytes.length) wrong = `asked for ${length} bytes`;
      return Promise.resolve(bytes.subarray(offset, offset + length));
    },
  }, noteVerifier(noteSigner(testKeys.registerName, testKeys.registerSeed).vkey));
  if (report.findings.length > MOST_FINDINGS) wrong = `${report.findings.length} findings`;
  if (report.ok && !bytes.equals(good)) wrong = 'taken as sound';
  return wrong;
}

test('damaged on its way', async () => {
  const whole = good.toString('latin1');
  await fuzzLater('archives', 51, async (random) => judged(Buffer.from(damaged(random, [whole]), 'latin1')), Math.ceil(BUDGET / 20));
}, ONE_TEST_MS);

test('filled with damage by whoever may sign it', async () => {
  const files = await Promise.all(plan.files.map(async (file) => [file.name, (await file.content())!] as const));
  await fuzzLater('archives signed with damage inside', 52, async (random) => {
    const which = 1 + random.below(files.length - 1);
    const list = files.map(([name, content], i) => {
      const now = i === which ? Buffer.from(damaged(random, [content.toString('latin1')]), 'latin1') : content;
      return { name, size: now.length, sha256: createHash('sha256').update(now).digest('hex'), content: () => now };
    });
    if (list[which]!.content().equals(files[which]![1])) return undefined;
    const manifest: Manifest = { ...plan.manifest, files: list.map(({ name, size, sha256 }) => ({ name, size, sha256 })) };
    const wrong = await judged(await bytesOf({ manifest, files: list }));
    return wrong === undefined ? undefined : `${files[which]![0]}: ${wrong}`;
  }, Math.ceil(BUDGET / 100));
}, ONE_TEST_MS);
