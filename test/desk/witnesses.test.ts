/** Witnesses of the register: what they are sent, what is believed of their answers, and what comes out when the register was put back or forked. */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { verifyArchiveFile, writeArchiveFile } from '../../host-bridge/desk';
import { createDesk, type Desk } from '../../host-bridge/desk/desk';
import { cosignedAt, cosignerVerifier, noteVerifier, openCosigned } from '../../host-bridge/desk/register/note';
import { checkReceipt } from '../../host-bridge/desk/register/receipt-check';
import { answerOf, requestBody } from '../../host-bridge/desk/register/witness';
import { approved, caller, openOffice, testDatabase, testKeys, type Json, type Office } from './support';
import { createAuthority } from '../../host-bridge/desk/authority/authority';
import { WitnessServer } from './witness-server';

const registerKey = createAuthority(testKeys).registerKey;
let office: Office;
let one: WitnessServer;
let two: WitnessServer;
const reach = { fetch, timeout: (ms: number) => AbortSignal.timeout(ms), every: 300 };
const options = () => ({ ...reach, list: [{ url: one.url, key: one.vkey }, { url: two.url, key: two.vkey }] });
beforeEach(async () => {
  one = new WitnessServer('witness.example/one', registerKey);
  two = new WitnessServer('witness.example/two', registerKey);
  await Promise.all([one.listen(), two.listen()]);
  office = await openOffice({ witnesses: options() });
});
afterEach(async () => {
  await office.close();
  await Promise.all([one.close(), two.close()]);
});

const get = async (url: string, desk: Desk = office.desk): Promise<Json> => (await caller(desk)(office.tokens.auditor, 'GET', url)).body;
const states = async (desk?: Desk): Promise<Json[]> => (await get('/v1/register/witnesses', desk)).witnesses;
const grow = (desk: Desk, name: string): Promise<unknown> => desk.rooms.people.add(name, ['applicant'], office.ids.admin);
const cases = async (desk?: Desk): Promise<string[]> => (await get('/v1/cases', desk)).cases.map(({ kind }: Json) => kind);
/** Moves the clock past the time after which it is asked again. */
const later = (seconds = 400): void => office.clock.forward(seconds * 1000);

test('each cosigns what continues what it has seen; the desk keeps what verifies, and shows it', async () => {
  expect(await states()).toMatchObject([{ name: 'witness.example/one', state: 'new', size: null }, { state: 'new' }]);
  await office.desk.round();
  const first = one.latest.size;
  expect(await states()).toMatchObject([{ state: 'cosigned', size: first, time: one.time, detail: null }, { state: 'cosigned', size: first }]);
  expect(one.requests[0]).toMatch(/^old 0\n\ntest\/register\n\d+\n/);
  await grow(office.desk, '王五');
  await office.desk.round(); // too early
  expect(one.requests).toHaveLength(1);
  later();
  await office.desk.round();
  expect(one.latest.size).toBeGreaterThan(first);
  expect(one.requests[1]).toMatch(new RegExp(`^old ${first}\\n([A-Za-z0-9+/]{43}=\\n)+\\n`));
  const note = String(await get('/v1/checkpoint/cosigned'));
  const opened = openCosigned(noteVerifier(registerKey)!, note)!;
  expect(opened.lines.map((line) => [one, two].map(({ vkey, time }) => cosignedAt(cosignerVerifier(vkey)!, opened.text, line) === time))).toEqual([[true, false], [false, true]]);
  // Nothing new: nobody is asked.
  later();
  await office.desk.round();
  expect(one.requests).toHaveLength(2);
  expect(await cases()).toEqual([]);
});

test('one that is away is asked again, seldom and seldomer, and reported; the others go on', async () => {
  one.broken = { status: 503, body: '' };
  await office.desk.round();
  expect(await states()).toMatchObject([{ state: 'away', size: null, detail: 'HTTP 503' }, { state: 'cosigned' }]);
  await office.desk.round();
  expect(one.requests).toHaveLength(1);
  for (const [wait, asked] of [[31, 2], [31, 2], [31, 3], [121, 4]] as const) {
    later(wait);
    await office.desk.round();
    expect([wait, one.requests.length]).toEqual([wait, asked]);
  }
  for (let hour = 0; hour < 26; hour++) {
    later(3601);
    await office.desk.round();
  }
  expect(await cases()).toEqual(['witness-away']);
  one.broken = undefined;
  later(3601);
  await office.desk.round();
  expect((await states())[0]).toMatchObject({ state: 'cosigned', detail: null });
  // Not even there.
  await one.close();
  await grow(office.desk, '王五');
  later();
  await office.desk.round();
  expect((await states())[0]).toMatchObject({ state: 'away', detail: expect.stringMatching(/ECONN|UND_ERR/) });
  expect(await cases()).toEqual(['witness-away']);
});

test('one that is further than the desk knew, by another replica, is asked from there', async () => {
  await office.desk.round();
  const { size } = one.latest;
  await office.desk.rooms.store.commit(async (trx) => {
    await trx.updateTable('witness').set({ size: 1 }).execute();
  });
  await grow(office.desk, '王五');
  later();
  await office.desk.round();
  expect(one.requests.slice(1).map((body) => body.split('\n')[0])).toEqual(['old 1', `old ${size}`]);
  expect((await states())[0].state).toBe('cosigned');
});

test.each([
  ['of another key', () => two.line('x\n')], ['over another text', () => one.line('test/register\n1\nAAAA\n')], ['with no signature', () => 'ok'], ['without end', () => 'x'.repeat(20_000)],
])('an answer %s is no cosignature', async (_what, body) => {
  one.broken = { status: 200, body: `${body()}\n` };
  await office.desk.round();
  expect((await states())[0]).toMatchObject({ size: null, state: expect.stringMatching(/refused|away/) });
  expect(openCosigned(noteVerifier(registerKey)!, String(await get('/v1/checkpoint/cosigned')))!.lines).toHaveLength(1);
});

describe('a register that is another than the witness has seen', () => {
  /** The desk over a copy of its database as it is now, while the real one goes on. */
  let copy: Desk;
  beforeEach(async () => {
    await office.desk.round();
    await office.close();
    const { folder, options: opened } = office;
    const copied = path.join(folder, 'copy');
    mkdirSync(copied);
    const database = await testDatabase(copied, opened.database);
    const [real, forked] = [await createDesk(opened), await createDesk({ ...opened, database, bridges: [] })];
    office = { ...office, desk: real, call: caller(real), close: async () => (await real.close(), await forked.close()) };
    copy = forked;
  });

  test('put back to an earlier day: the witness knows more entries than there are', async () => {
    for (const name of ['王五', '赵六']) await grow(office.desk, name);
    later();
    await office.desk.round();
    expect((await states())[0].state).toBe('cosigned');
    await grow(copy, '钱七');
    await copy.round();
    expect(await states(copy)).toMatchObject([{ state: 'conflict', detail: expect.stringContaining('it has cosigned') }, { state: 'conflict' }]);
    expect((await cases(copy)).filter((kind) => kind === 'witness-conflict')).toHaveLength(2);
    expect(await cases()).toEqual([]);
    // Once a finding, however often it is asked.
    later(4000);
    await copy.round();
    expect((await cases(copy)).filter((kind) => kind === 'witness-conflict')).toHaveLength(2);
  });

  test('and grown beyond it with other entries: the proof does not verify', async () => {
    await grow(office.desk, '王五');
    later();
    await office.desk.round();
    for (const name of ['a', 'b', 'c', 'd']) await grow(copy, name);
    await copy.round();
    expect((await states(copy))[0]).toMatchObject({ state: 'conflict', detail: expect.stringContaining('not the beginning') });
    expect(await cases(copy)).toContain('witness-conflict');
    expect((await states())[0].state).toBe('cosigned');
  });

  test('of the same size with another entry: the same size, and another root', async () => {
    await grow(office.desk, '王五');
    later();
    await office.desk.round();
    const { size } = one.latest;
    await grow(copy, '赵六');
    await copy.rooms.store.commit(async (trx) => {
      await trx.updateTable('witness').set({ size }).execute();
    });
    await copy.rooms.witnesses.now();
    // The desk thinks it has been cosigned already; grown by one it is told that its beginning is another.
    await grow(copy, '钱七');
    await copy.round();
    expect((await states(copy))[0].state).toBe('conflict');
  });
});

describe('archives and receipts', () => {
  const wanted = (need: number, ...witnesses: WitnessServer[]) => ({ witnesses: witnesses.map(({ vkey }) => cosignerVerifier(vkey)!), need });
  async function stroke(): Promise<string> {
    const { permits } = await approved(office, { count: 1 });
    for (let i = 0; i < 2; i++) await office.desk.round();
    office.device.use(permits[0].id, office.bridge.permits.get(permits[0].id)!, 1);
    for (let i = 0; i < 3; i++) await office.desk.round();
    const [use] = (await get('/v1/register/uses')).uses;
    const { body } = await office.call(office.tokens.auditor, 'POST', `/v1/register/uses/${use.device}/${use.intent}/receipt`);
    return JSON.stringify((await office.call(undefined, 'GET', `/v1/receipts/${body.id}`)).body);
  }
  const archive = async (name: string): Promise<string> => {
    const { history, authority, documentBlobs: documents, photoBlobs: photos } = office.desk.rooms;
    const file = path.join(office.folder, name);
    await writeArchiveFile({ history, authority, documents, photos }, file);
    return file;
  };
  const key = noteVerifier(registerKey)!;

  test('an archive has the cosignatures of its own checkpoint, or the newest cosigned one; who asks for a witness gets it verified', async () => {
    await stroke();
    await office.desk.rooms.witnesses.now();
    const whole = await archive('whole.tar');
    expect(await verifyArchiveFile(whole, key, wanted(2, one, two))).toMatchObject({ ok: true, summary: { cosignatures: [{ name: one.name, time: one.time, size: one.latest.size }, { name: two.name }] } });
    expect(await verifyArchiveFile(whole, key)).toMatchObject({ ok: true });
    // Entries since then, and nobody there to cosign them.
    one.broken = { status: 503, body: '' };
    await grow(office.desk, '王五');
    await office.desk.rooms.witnesses.now();
    const later_ = await archive('later.tar');
    expect(await verifyArchiveFile(later_, key, wanted(2, one, two))).toMatchObject({ ok: true });
    await grow(office.desk, '赵六');
    const last = await archive('last.tar');
    const report = await verifyArchiveFile(last, key, wanted(1, two));
    expect([report.ok, report.summary!.cosignatures![0]!.size < report.summary!.entries]).toEqual([true, true]);
    const stranger = new WitnessServer('witness.example/three', registerKey);
    for (const quorum of [wanted(1, stranger), wanted(3, one, two, stranger)]) {
      expect(await verifyArchiveFile(last, key, quorum)).toMatchObject({ ok: false, findings: [{ code: 'COSIGNATURE', name: 'checkpoint', detail: expect.stringContaining('three') }] });
    }
    expect((await verifyArchiveFile(last, key, wanted(1, one, two, stranger))).ok).toBe(true);
  });

  test('a register without witnesses lacks what is asked for', async () => {
    await office.close();
    office = await openOffice();
    expect(await verifyArchiveFile(await archive('none.tar'), key, wanted(1, one))).toMatchObject({ ok: false, findings: [{ code: 'COSIGNATURE' }] });
  });

  test('a receipt is proven under a cosigned checkpoint as soon as there is one, and a changed cosignature is none', async () => {
    await stroke();
    await grow(office.desk, '王五');
    await office.desk.rooms.witnesses.now();
    const [{ id }] = await office.desk.rooms.store.read((db) => db.selectFrom('receipt').select('id').execute()) as [{ id: string }];
    const text = JSON.stringify((await office.call(undefined, 'GET', `/v1/receipts/${id}`)).body);
    const checked = (content: string, need: number, ...witnesses: WitnessServer[]): Json => checkReceipt(content, key, undefined, wanted(need, ...witnesses));
    expect(checked(text, 2, one, two)).toMatchObject({ ok: true, facts: { cosignatures: [{ name: one.name }, { name: two.name }] } });
    const receipt = JSON.parse(text);
    const lines = receipt.checkpoint.split('\n');
    const broken = (change: (line: string) => string): string => JSON.stringify({ ...receipt, checkpoint: lines.map((line: string) => (line.startsWith(`— ${one.name}`) ? change(line) : line)).join('\n') });
    const flipped = (line: string): string => `${line.slice(0, -6)}${line.at(-6) === 'A' ? 'B' : 'A'}${line.slice(-5)}`;
    expect(checked(broken(flipped), 2, one, two)).toMatchObject({ ok: false, fault: 'COSIGNATURE', detail: one.name });
    expect(checked(broken(flipped), 1, two).ok).toBe(true);
    // A line that is no signature line makes it no note.
    expect(checked(broken(() => 'x'), 0)).toMatchObject({ ok: false, fault: 'SIGNATURE' });
    // A cosignature of another checkpoint is none of this one.
    expect(checked(broken(() => one.line('test/register\n1\nAAAA\n')), 1, one)).toMatchObject({ ok: false, fault: 'COSIGNATURE' });
  });
});

test('the request is that of the specification, and its answers are read as it says', () => {
  expect(requestBody(3, [Buffer.alloc(32, 1)], 'a\n4\nx\n\n— a b\n')).toBe('old 3\nAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=\n\na\n4\nx\n\n— a b\n');
  const witness = cosignerVerifier(one.vkey)!;
  const asked = { old: 3, size: 5, text: 'x\n' };
  expect(answerOf(409, '4\n', witness, asked)).toEqual({ kind: 'elsewhere', size: 4 });
  expect(answerOf(409, '3\n', witness, asked)).toMatchObject({ kind: 'refused' });
  expect(answerOf(409, '05\n', witness, asked)).toMatchObject({ kind: 'refused' });
  expect(answerOf(409, '5\n', witness, { ...asked, old: 5 })).toMatchObject({ kind: 'conflict' });
  expect(answerOf(422, '', witness, asked)).toMatchObject({ kind: 'conflict' });
  for (const status of [400, 403, 404]) expect(answerOf(status, '', witness, asked)).toMatchObject({ kind: 'refused' });
  for (const status of [429, 500, 503]) expect(answerOf(status, '', witness, asked)).toMatchObject({ kind: 'away' });
  expect(answerOf(200, `${two.line('x\n')}\n${one.line('x\n')}\n`, witness, asked)).toMatchObject({ kind: 'cosigned', time: one.time });
});
