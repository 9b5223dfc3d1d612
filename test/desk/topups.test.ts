/** More strokes for a permit under way, and a page that is rejected: asked, decided, told to the device, believed by its record. */
import path from 'node:path';
import { verifyArchiveFile, writeArchiveFile } from '../../host-bridge/desk';
import { GrantKind } from '../../protocol';
import { approved, hexBytes, openOffice, type Answer, type Json, type Office } from './support';

let office: Office;
let application: Json;
let permit: string;
beforeEach(async () => {
  office = await openOffice();
  application = await approved(office, { count: 2, strokeGrants: true });
  permit = application.permits[0].id;
});
afterEach(() => office.close());

type Who = keyof Office['tokens'];
const call = (who: Who, method: string, url: string, body?: unknown): Promise<Answer> => office.call(office.tokens[who], method, url, body);
const ask = (more: Record<string, unknown> = {}, who: Who = 'applicant'): Promise<Answer> => call(who, 'POST', `/v1/permits/${permit}/top-ups`, { count: 5, reason: '合同多两份', ...more });
const decide = (one: Json, who: Who, more: Record<string, unknown> = {}, how = 'approve'): Promise<Answer> => call(who, 'POST', `/v1/top-ups/${one.id}/${how}`, { content: one.content, ...more });
const rounds = async (): Promise<void> => {
  await office.desk.round();
  await office.desk.round();
};
const quota = async (): Promise<number> => (await call('applicant', 'GET', `/v1/applications/${application.id}`)).body.permits[0].count;
const told = (kind: number): Json[] => office.bridge.grants.filter((grant) => grant.kind === kind);
const cases = async (): Promise<string[]> => (await call('auditor', 'GET', '/v1/cases')).body.cases.map(({ kind }: Json) => kind);

describe('top-up', () => {
  beforeEach(rounds);

  test('goes through the chain of the application, reaches the device, and counts when the device has recorded it', async () => {
    const asked = (await ask()).body;
    expect(asked).toMatchObject({ state: 'submitted', count: 5, chain: application.chain, application: application.id });
    const waits = async (who: Who): Promise<number> => (await call(who, 'GET', '/v1/top-ups?mine=true')).body.topUps.length;
    expect([await waits('chief'), await waits('director')]).toEqual([1, 0]);
    expect((await decide(asked, 'director')).body.code).toBe('NOT_YOUR_STEP');
    expect((await decide({ ...asked, content: application.content }, 'chief')).body.code).toBe('CONTENT_CHANGED');
    expect((await decide(asked, 'chief', { count: 6 })).body.code).toBe('WIDENED');
    expect((await decide(asked, 'chief', { count: 4 })).body).toMatchObject({ state: 'submitted', step: 1, count: 4 });
    expect((await decide(asked, 'director', { count: 5 })).body.code).toBe('WIDENED');
    expect(told(GrantKind.TOP_UP)).toEqual([]);
    expect((await decide(asked, 'director')).body).toMatchObject({ state: 'approved', decided: [office.ids.chief, office.ids.director] });
    await rounds();
    const [first] = [...office.bridge.permits.values()].map((grant) => office.bridge.open(grant) as Json);
    expect(told(GrantKind.TOP_UP)).toMatchObject([{ count: 4, permit: hexBytes(permit), counter: first.counter + 1, epoch: first.epoch }]);
    expect(await quota()).toBe(2);
    office.device.write(2, [hexBytes(permit), 'x'.repeat(32), 2]);
    office.device.write(21, [hexBytes(permit), 4, first.counter + 1]);
    await rounds();
    expect(await quota()).toBe(4);
    const { entries } = (await call('auditor', 'GET', `/v1/register/entries?search=${asked.id}`)).body;
    expect(entries.map(({ kind }: Json) => kind)).toEqual(['top-up', 'top-up', 'top-up']);
    expect((await ask({ count: 4 })).body.code).toBe('NOT_MORE');
  });

  test('an archive with more strokes than the permit says verifies by the register’s entry, and not beyond it', async () => {
    const asked = (await ask({ count: 3 })).body;
    for (const who of ['chief', 'director'] as const) await decide(asked, who);
    const id = hexBytes(permit);
    const { history, authority, documentBlobs, photoBlobs } = office.desk.rooms;
    const report = async (name: string) => {
      await rounds();
      const file = path.join(office.folder, name);
      await writeArchiveFile({ history, authority, documents: documentBlobs, photos: photoBlobs }, file);
      return (await verifyArchiveFile(file)).findings;
    };
    office.device.use(permit, office.bridge.permits.get(permit)!, 3);
    expect(await report('a.tar')).toEqual([]);
    office.device.write(5, [id, 4, 4]);
    office.device.write(6, [id, 4, 1, hexBytes('0102'), office.device.records.length - 1, 4]);
    expect(await report('b.tar')).toMatchObject([{ code: 'OVER_COUNT' }]);
  });

  test('a device that has more strokes than anybody granted is a case', async () => {
    office.device.write(21, [hexBytes(permit), 9, 77]);
    await rounds();
    expect(await cases()).toContain('foreign-permit');
    expect(await quota()).toBe(2);
  });

  test('is refused with a reason, or withdrawn, and then another may be asked for; never two at once', async () => {
    const asked = (await ask()).body;
    expect((await ask()).body.code).toBe('WRONG_STATE');
    expect((await decide(asked, 'chief', {}, 'refuse')).body.code).toBe('REASON_REQUIRED');
    expect((await decide(asked, 'chief', { reason: '两份足够' }, 'refuse')).body.state).toBe('refused');
    expect((await decide(asked, 'chief')).body.code).toBe('WRONG_STATE');
    const again = (await ask()).body;
    expect((await call('other', 'POST', `/v1/top-ups/${again.id}/withdraw`)).status).toBe(404);
    expect((await call('applicant', 'POST', `/v1/top-ups/${again.id}/withdraw`)).body.state).toBe('withdrawn');
    expect((await decide(again, 'chief')).body.code).toBe('WRONG_STATE');
    expect((await ask()).status).toBe(201);
  });

  test('ends with its application', async () => {
    const asked = (await ask()).body;
    await decide(asked, 'chief');
    await call('applicant', 'POST', `/v1/applications/${application.id}/withdraw`, {});
    expect((await call('chief', 'GET', '/v1/top-ups')).body.topUps).toMatchObject([{ id: asked.id, state: 'expired' }]);
    expect((await decide(asked, 'director')).body.code).toBe('WRONG_STATE');
    expect((await ask()).body.code).toBe('WRONG_STATE');
  });

  test('one that was approved and has not gone out does not go out after the permit was taken back', async () => {
    const asked = (await ask()).body;
    for (const who of ['chief', 'director'] as const) await decide(asked, who);
    await call('applicant', 'POST', `/v1/applications/${application.id}/withdraw`, {});
    await rounds();
    expect(told(GrantKind.TOP_UP)).toEqual([]);
    expect(told(GrantKind.REVOKE)).toHaveLength(1);
  });

  test.each<[string, Record<string, unknown>, Who, string]>([
    ['as many as there are', { count: 2 }, 'applicant', 'NOT_MORE'], ['more than a permit holds', { count: 65_536 }, 'applicant', 'INVALID'], ['no reason', { reason: ' ' }, 'applicant', 'REASON_REQUIRED'],
    ['what another applied for', {}, 'other', 'NOT_FOUND'],
  ])('%s: refused', async (_name, more, who, code) => expect((await ask(more, who)).body.code).toBe(code));

  test('nobody sees what is not theirs', async () => {
    const asked = (await ask()).body;
    expect((await call('other', 'GET', '/v1/top-ups')).body.topUps).toEqual([]);
    const { token } = await office.desk.rooms.people.add('外人', ['approver'], 0);
    expect((await office.call(token, 'POST', `/v1/top-ups/${asked.id}/approve`, { content: asked.content })).status).toBe(404);
  });
});

test('a permit that the unit does not have yet is not topped up', async () => expect((await ask()).body.code).toBe('WRONG_STATE'));

describe('a page rejected', () => {
  let photo: string;
  beforeEach(async () => {
    await rounds();
    office.device.write(2, [hexBytes(permit), 'x'.repeat(32), 2]);
    photo = Buffer.from(office.device.photo(permit, 0, 1, Buffer.from('page')), 'latin1').toString('hex');
    await rounds();
  });
  const reject = (more: Record<string, unknown> = {}, who: Who = 'chief'): Promise<Answer> => call(who, 'POST', `/v1/permits/${permit}/reject`, { photo, number: 1, reason: '不是批准的那一页', ...more });

  test('by who decides on it, as the device reads it, and in the register with the reason', async () => {
    expect((await reject()).status).toBe(202);
    await rounds();
    expect(told(GrantKind.REJECT)).toMatchObject([{ permit: hexBytes(permit), photo: hexBytes(photo), seq: 1 }]);
    expect((await call('auditor', 'GET', '/v1/register/entries?search=不是批准的那一页')).body.entries).toHaveLength(1);
  });

  test.each<[string, Record<string, unknown>, string]>([
    ['another number', { number: 2 }, 'WRONG_NUMBER'], ['another photo', { photo: '0'.repeat(64) }, 'NOT_FOUND'], ['no reason', { reason: '' }, 'INVALID'],
  ])('%s: refused', async (_name, more, code) => {
    expect((await reject(more)).body.code).toBe(code);
    await rounds();
    expect(told(GrantKind.REJECT)).toEqual([]);
  });

  test('not by an approver of something else', async () => {
    const { token } = await office.desk.rooms.people.add('外人', ['approver'], 0);
    expect((await office.call(token, 'POST', `/v1/permits/${permit}/reject`, { photo, number: 1, reason: 'x' })).status).toBe(404);
  });
});
