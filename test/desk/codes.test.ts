/** Codes for units without a network: what the desk gives, to whom, and what it makes of the records. The device's side is the protocol's own. */
import { Command } from 'commander';
import path from 'node:path';
import { registerCodes } from '../../host-bridge/cli/codes';
import { verifyArchiveFile, writeArchiveFile, type Report } from '../../host-bridge/desk';
import { documentCode, OfflineCodes } from '../../host-bridge/desk/authority/offline';
import { nodeNatives } from '../../host-bridge/natives';
import { hmacKey } from '../../protocol/hash';
import { offlineAnswer, offlineCheck, offlineId, offlineKey, offlineSession, tripCode } from '../../protocol/offline';
import { approved, deviceId, die, hexBytes, identityOf, openOffice, type Answer, type Office } from './support';

const n = nodeNatives;
const key = offlineKey(n, hmacKey(n, identityOf().permitKey.toString('latin1')));
const DEVICE = hexBytes(deviceId);
const DIE = hexBytes(die);

let office: Office;
beforeEach(async () => {
  office = await openOffice();
});
afterEach(() => office.close());

const terms = (more: Partial<{ epoch: number; person: number; count: number; document: string }> = {}) => ({ device: DEVICE, die: DIE, epoch: 0, person: 7, count: 2, document: documentCode(office.document), ...more });

/** What a device's display shows for these terms. */
function shown(counter: number, challenge: string, t = terms()): { challenge: string; number: string } {
  return { challenge, number: `${String(counter % 10_000).padStart(4, '0')}-${offlineCheck(n, key, counter, challenge, offlineSession(t))}` };
}

const answer = (application: string, body: object, token = office.tokens.chief): Promise<Answer> => office.call(token, 'POST', `/v1/applications/${application}/answers`, body);
const trip = (application: string, body: object = {}, token = office.tokens.director): Promise<Answer> => office.call(token, 'POST', `/v1/applications/${application}/trip-codes`, body);
const cases = async (): Promise<string[]> => (await office.call(office.tokens.auditor, 'GET', '/v1/cases')).body.cases.map((one: { kind: string }) => one.kind);

async function archive(): Promise<Report> {
  const { history, authority, documentBlobs, photoBlobs } = office.desk.rooms;
  const file = path.join(office.folder, 'archive.tar');
  await writeArchiveFile({ history, authority, documents: documentBlobs, photos: photoBlobs }, file);
  return verifyArchiveFile(file);
}

describe('the answer to a challenge', () => {
  test('is what the device waits for, read back with all that it is for; the permit is taken back', async () => {
    const { id, permits } = await approved(office);
    const told = await answer(id, shown(3, '12345678'));
    expect(told.status).toBe(201);
    const session = offlineSession(terms());
    expect(told.body).toEqual({
      id: Buffer.from(offlineId(n, key, 1, 3, session), 'latin1').toString('hex'), code: offlineAnswer(n, key, 3, '12345678', session), application: id, device: deviceId,
      seal: '公司公章', die, person: office.ids.applicant, name: 'applicant', count: 2, document: office.document, documentCode: documentCode(office.document), number: 3,
    });
    const after = await office.call(office.tokens.applicant, 'GET', `/v1/applications/${id}`);
    expect(after.body.state).toBe('approved');
    expect(after.body.permits).toMatchObject([{ id: permits[0].id, state: 'revoked' }]);
    await office.desk.round();
    expect(office.bridge.permits.size).toBe(0);
    expect(office.bridge.grants).toContainEqual(expect.objectContaining({ kind: 5, permit: hexBytes(permits[0].id), counter: 1 }));
    // Asked once more it is the same; other terms for the same challenge are not answered.
    expect((await answer(id, shown(3, '12345678'))).body).toEqual(told.body);
    // Another of the chain does not read out what somebody else has given.
    const theirs = await answer(id, shown(3, '12345678'), office.tokens.director);
    expect([theirs.status, theirs.body.code]).toEqual([409, 'WRONG_STATE']);
    const other = await answer(id, { ...shown(3, '12345678', terms({ count: 1 })), count: 1, reason: 'again' });
    expect([other.status, other.body.code]).toEqual([409, 'WRONG_STATE']);
  });

  test('goes by the number that the display shows, over ten thousand and behind a desk that has forgotten', async () => {
    office.device.write(19, [25_007, 7, 1, documentCode(office.document)]);
    await office.desk.round();
    const { id } = await approved(office);
    expect((await answer(id, shown(34_002, '00000001'))).body).toMatchObject({ number: 34_002, code: offlineAnswer(n, key, 34_002, '00000001', offlineSession(terms())) });
    expect(await cases()).toEqual([]);
  });

  test('is not given where something was misheard, and costs nothing', async () => {
    const { id } = await approved(office);
    for (const wrong of [shown(1, '12345678', terms({ person: 8 })), shown(1, '12345678', terms({ count: 1 })), shown(1, '12345678', terms({ document: '00000000' })), { ...shown(1, '12345678'), challenge: '12345679' }]) {
      const refused = await answer(id, wrong);
      expect([refused.status, refused.body.code]).toEqual([422, 'MISHEARD']);
    }
    expect((await office.call(office.tokens.applicant, 'GET', `/v1/applications/${id}`)).body.permits[0].state).toBe('issued');
    expect((await answer(id, shown(1, '12345678'))).status).toBe(201);
    for (const malformed of [{}, { challenge: '1234567', number: '0001-00' }, { challenge: '12345678', number: '1-00' }, { ...shown(1, '12345678'), count: 10 }]) expect((await answer(id, malformed)).status).toBe(400);
  });

  test('is only for an approved application, in its window, by who approves it, for one person, and not beyond what was granted', async () => {
    const { id } = await approved(office);
    const call = shown(1, '12345678');
    for (const token of [office.tokens.applicant, office.tokens.admin, office.tokens.auditor]) expect((await answer(id, call, token)).status).toBe(403);
    expect((await answer('00'.repeat(8), call)).status).toBe(404);
    expect((await answer(id, { ...shown(1, '12345678', terms({ count: 3 })), count: 3 })).body.code).toBe('WIDENED');
    const two = await approved(office, { persons: [office.ids.applicant, office.ids.chief] });
    expect((await answer(two.id, call)).body.code).toBe('NO_CODE');
    const many = await approved(office, { count: 10 });
    expect((await answer(many.id, call)).body.code).toBe('NO_CODE');
    const grants = await approved(office, { strokeGrants: true });
    expect((await answer(grants.id, call)).body.code).toBe('NO_CODE');
    const later = await approved(office, { notBefore: office.clock.seconds + 600 });
    expect((await answer(later.id, call)).body.code).toBe('WINDOW');
    office.clock.forward(3_700_000);
    expect((await answer(id, call)).body.code).toBe('WINDOW');
  });

  test('is not given where the unit has the permit already; and a second time only with a reason', async () => {
    const one = await approved(office);
    expect((await answer(one.id, shown(1, '11111111'))).status).toBe(201);
    expect((await answer(one.id, shown(2, '22222222'))).body.code).toBe('REASON_REQUIRED');
    expect((await answer(one.id, { ...shown(2, '22222222'), reason: '电话中断' })).status).toBe(201);
    const two = await approved(office);
    await office.desk.round();
    expect((await answer(two.id, shown(3, '33333333'))).body).toMatchObject({ code: 'WRONG_STATE', detail: 'the unit has the permit' });
  });
});

describe('trip codes', () => {
  test('count on, also behind those that a device has taken before a backup', async () => {
    const { id } = await approved(office);
    const first = await trip(id);
    expect(first.body).toMatchObject({ number: 1, code: tripCode(n, key, 1, terms({ document: '' })), count: 2 });
    expect((await trip(id, { count: 1 })).body.code).toBe('REASON_REQUIRED');
    expect((await trip(id, { count: 1, reason: '补发' })).body).toMatchObject({ number: 2, code: tripCode(n, key, 2, terms({ document: '', count: 1 })) });
    office.device.write(18, [offlineId(n, key, 2, 40, offlineSession(terms({ document: '' }))), 2, 40, 7, 2]);
    await office.desk.round();
    // Not one of this desk's.
    expect(await cases()).toEqual(['foreign-permit']);
    expect((await trip(id, { reason: 'x' })).body.number).toBe(41);
  });

  test('are numbered once, however many are asked for at the same time', async () => {
    const { id } = await approved(office);
    const given = await Promise.all(Array.from({ length: 12 }, () => trip(id, { reason: 'x' })));
    expect(given.map(({ body }) => body.number).sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
  });
});

describe('records', () => {
  /** A use by an answer, as a unit records it. */
  function use(code: string, counter: number, strokes: number): void {
    const { device } = office;
    const id = hexBytes(code);
    device.write(19, [counter, 7, 2, documentCode(office.document)]);
    device.write(18, [id, 1, counter, 7, 2, documentCode(office.document)]);
    device.write(3, [id, { cbor: '\x81\x07' }]);
    for (let use = 1; use <= strokes; use++) {
      const before = device.photo(code, 0, use, Buffer.from(`before ${use} `.repeat(200)));
      const intent = device.records.length;
      device.write(5, [id, use, use, before]);
      device.write(6, [id, use, 1, '', intent, use]);
      device.photo(code, 1, use, Buffer.from(`after ${use} `.repeat(200)));
    }
    device.write(7, [id, 1, strokes]);
  }

  test('of what a code has opened stand in the register under its application, and in an archive that verifies', async () => {
    const { id } = await approved(office);
    const { body: given } = await answer(id, shown(1, '12345678'));
    use(given.id, 1, 2);
    await office.desk.round();
    expect(await cases()).toEqual([]);
    const { uses } = (await office.call(office.tokens.auditor, 'GET', '/v1/register/uses')).body;
    expect(uses).toHaveLength(2);
    expect(uses[0]).toMatchObject({ permit: given.id, application: id, document: office.document, result: 'stamped', beforeStored: true, afterStored: true });
    expect((await office.call(office.tokens.applicant, 'GET', `/v1/applications/${id}`)).body.state).toBe('used');
    const entries = (await office.call(office.tokens.auditor, 'GET', `/v1/register/entries?search=${given.id}`)).body;
    expect(JSON.stringify(entries)).toContain('"code"');
    // The answer itself stands nowhere.
    expect(JSON.stringify(entries)).not.toContain(given.code);
  });

  test('a code that goes beyond its count, or that nobody gave, does not pass the archive’s check', async () => {
    const { id } = await approved(office);
    const { body: given } = await answer(id, shown(1, '12345678'));
    use(given.id, 1, 3);
    await office.desk.round();
    const report = await archive();
    expect(report.findings.map(({ code }) => code)).toEqual(['OVER_COUNT']);
  });

  test('an archive of them verifies', async () => {
    const { id } = await approved(office);
    const { body: given } = await answer(id, shown(1, '12345678'));
    use(given.id, 1, 2);
    await office.desk.round();
    expect((await archive()).findings).toEqual([]);
  });
});

describe('on the command line', () => {
  async function run(...words: string[]): Promise<{ out: string; err: string; code: number | undefined }> {
    const said = { out: '', err: '' };
    const spies = [jest.spyOn(process.stdout, 'write').mockImplementation((text) => ((said.out += String(text)), true)), jest.spyOn(process.stderr, 'write').mockImplementation((text) => ((said.err += String(text)), true))];
    const program = new Command();
    const desk = program.command('desk').option('--json').option('--lang <language>');
    registerCodes(desk);
    try {
      await program.parseAsync(['node', 'smartseal', 'desk', ...words]);
      return { ...said, code: process.exitCode as number | undefined };
    } finally {
      process.exitCode = 0;
      for (const spy of spies) spy.mockRestore();
    }
  }

  test('a code comes with all that it is for', async () => {
    const { id } = await approved(office);
    const url = await office.desk.app.listen({ host: '127.0.0.1', port: 0 });
    const { challenge, number } = shown(1, '12345678');
    const access = ['--url', url, '--token', office.tokens.chief];
    const { out } = await run('answer', id, '1234 5678', number, ...access, '--lang', 'zh');
    const code = offlineAnswer(n, key, 1, challenge, offlineSession(terms()));
    expect(out.split('\n')).toEqual([
      '请先逐项核对：', `  印章: 公司公章 (${die})`, `  设备: ${deviceId}`, `  用印人: applicant (${office.ids.applicant})`, '  次数: 2',
      `  文件码: ${documentCode(office.document).replace(/^..../, '$& ')}`, '  编号: 1', `应答码: ${code.slice(0, 4)} ${code.slice(4)}`, '',
    ]);
    expect(await run('answer', id, '12345679', number, ...access, '--lang', 'en')).toMatchObject({ out: '', err: expect.stringContaining('MISHEARD'), code: 1 });
    expect(await run('trip', id, ...access, '--lang', 'en')).toMatchObject({ err: expect.stringContaining('REASON_REQUIRED'), code: 1 });
    expect(JSON.parse((await run('trip', id, ...access, '--count', '1', '--reason', 'lost', '--json')).out)).toMatchObject({ code: tripCode(n, key, 1, terms({ document: '', count: 1 })), count: 1 });
    expect(await run('trip', id, '--url', 'http://127.0.0.1:9', '--token', 'x', '--lang', 'en')).toMatchObject({ err: expect.stringContaining('DESK_UNREACHABLE'), code: 1 });
  });
});

test('a withdrawn application takes back what a code of it has opened', async () => {
  const { id } = await approved(office);
  const { body: given } = await answer(id, shown(1, '12345678'));
  expect((await office.call(office.tokens.applicant, 'POST', `/v1/applications/${id}/withdraw`, {})).status).toBe(200);
  await office.desk.round();
  expect(office.bridge.grants).toContainEqual(expect.objectContaining({ kind: 5, permit: hexBytes(given.id), counter: 0 }));
});

test('codes of the desk are under its own key for each device', () => {
  expect(new OfflineCodes(Buffer.alloc(32, 1)).answer(1, '12345678', { device: Buffer.alloc(8), die: Buffer.alloc(8), epoch: 0, person: 1, count: 1 }))
    .not.toBe(new OfflineCodes(Buffer.alloc(32, 2)).answer(1, '12345678', { device: Buffer.alloc(8), die: Buffer.alloc(8), epoch: 0, person: 1, count: 1 }));
});
