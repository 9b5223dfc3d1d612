/** At the device and in the records: rows C7, C8 and D1 to D4 of REQUIREMENTS.md, walked through the desk's API. */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { until } from '../programs';
import { Company, DEVICE, pause } from './company';

let office: Company;
beforeAll(async () => (office = await Company.open()), 240_000);
afterAll(() => office?.close());
const now = (): number => Math.floor(Date.now() / 1000);

/** Size of the signed checkpoint of everything so far. */
const checkpoint = async (): Promise<number> => Number((await office.call('zhang', 'GET', '/v1/checkpoint')).raw.toString().split('\n')[1]);

/** Events as the office's screen gets them, from now on. */
async function watch(): Promise<{ types: string[]; stop(): void }> {
  const types: string[] = [];
  const abort = new AbortController();
  const response = await fetch(`${office.url}/v1/events`, { headers: office.bearer('shen'), signal: abort.signal });
  void (async () => {
    for await (const part of response.body!) types.push(...[...Buffer.from(part).toString().matchAll(/^event: (.+)$/gm)].map(([, type]) => type!));
  })().catch(() => undefined);
  return { types, stop: () => abort.abort() };
}

test('D4: the office sees a use as it happens, and where the seal is', async () => {
  const { types, stop } = await watch();
  const began = Date.now();
  // A permit for one place: the unit finds out where it is, and says so.
  const { id } = await office.permitted({ place: { fences: [{ latitude: 31.2304, longitude: 121.4737, radius: 2000 }] } });
  const place = await until('the place', async () => (await office.state()).place ?? undefined, 120_000);
  expect(place).toMatchObject({ latitude: expect.closeTo(31.2304, 2), longitude: expect.closeTo(121.4737, 2) });
  await office.open('zhang');
  office.lay();
  await office.proven(id as string, 1);
  await office.takeOut();
  expect((await office.records()).map(({ kind }) => kind)).toContain('place');
  for (const type of ['permit', 'record', 'photo']) expect(types).toContain(type);
  expect(Date.now() - began).toBeLessThan(120_000);
  stop();
  const state = await office.state();
  expect(state).toMatchObject({ connected: true, boltClosed: true, diePresent: true, state: 'IDLE' });
  expect(await office.refusal('zhang', 'GET', `/v1/devices/${DEVICE}/state`)).toBe('FORBIDDEN');
  expect((await office.call('zhang', 'GET', '/v1/events')).status).toBe(403);
}, 240_000);

test('D1: every operation has its entry, in one chain from the unit into one tree with signed checkpoints; nothing is missing between', async () => {
  const records = await office.records();
  expect(records.map(({ seq }) => seq)).toEqual(records.map((_, i) => i));
  expect(records.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['boot', 'permit', 'opened', 'photo', 'intent', 'outcome', 'closed']));
  const { entries } = await office.done('shen', 'GET', '/v1/register/entries?limit=1000');
  expect((entries as { number: number }[]).map(({ number }) => number)).toEqual((entries as unknown[]).map((_, i) => i));
  const kinds = (entries as { kind: string }[]).map(({ kind }) => kind);
  for (const kind of ['person', 'device', 'enrolment', 'seal', 'seal-state', 'document', 'application', 'decision', 'permit', 'record', 'photo']) expect(kinds).toContain(kind);
  const size = await checkpoint();
  await office.apply();
  expect(await checkpoint()).toBeGreaterThan(size);
  expect((await office.done('zhang', 'GET', `/v1/register/consistency?first=${size}`)).path).toEqual(expect.any(Array));
  expect((await office.done('zhang', 'GET', '/v1/register/inclusion?entry=0')).path).toEqual(expect.any(Array));
  // Whoever changes a table behind the desk's back is found out.
  const check = (): { code: number | null; told: { ok: boolean; differences: { table: string }[] } } => {
    const { code, out } = office.smartseal('desk', 'check', '--config', office.config, '--json');
    return { code, told: JSON.parse(out) as never };
  };
  expect(check()).toMatchObject({ code: 0, told: { ok: true, differences: [] } });
  const database = new DatabaseSync(path.join(path.dirname(office.config), 'desk.db'));
  database.exec('PRAGMA busy_timeout = 5000; UPDATE stroke SET charged = charged + 1');
  expect(check()).toMatchObject({ code: 3, told: { ok: false, differences: [{ table: 'stroke', what: 'changed', columns: ['charged'] }] } });
  database.exec('UPDATE stroke SET charged = charged - 1');
  database.close();
  // There is no way to change or to drop one: the API has none, whoever asks.
  const { paths } = (await office.call(undefined, 'GET', '/openapi.json')).body as { paths: Record<string, object> };
  for (const [url, methods] of Object.entries(paths)) if (/^\/v1\/(register|photos|checkpoint|archive)/.test(url)) expect([url, Object.keys(methods).filter((method) => !['get', 'post'].includes(method))]).toEqual([url, []]);
  expect((await office.call('admin', 'DELETE', '/v1/register/entries/0')).status).toBe(404);
});

test('D2: the register of uses is searched, also in Chinese, printed and exported, with the pictures of what was stamped', async () => {
  const { id } = await office.permitted({ purpose: '致税务局的函' });
  const use = await office.stamp(id, 'zhang');
  for (const search of ['税务局', '张伟', '公司公章']) expect((await office.uses(`search=${encodeURIComponent(search)}`)).map(({ intent }) => intent)).toContain(use.intent);
  expect(await office.uses(`search=${encodeURIComponent('海关')}`)).toEqual([]);
  for (const digest of [use.before, use.after]) expect((await office.call('shen', 'GET', `/v1/photos/${digest}`)).raw.subarray(0, 3).toString('hex')).toBe('ffd8ff');
  const file = async (form: string): Promise<Buffer> => {
    const answer = await office.call('shen', 'GET', `/v1/register/uses.${form}`);
    expect([form, answer.status]).toEqual([form, 200]);
    return answer.raw;
  };
  expect((await file('csv')).toString()).toContain('致税务局的函');
  expect((await file('xlsx')).subarray(0, 2).toString()).toBe('PK');
  const plain = await file('pdf');
  const pictures = await file('pdf?pictures=true');
  expect(plain.subarray(0, 5).toString()).toBe('%PDF-');
  expect(pictures.length).toBeGreaterThan(plain.length);
  for (const where of ['/v1/register/uses', '/v1/register/uses.csv', '/v1/register/uses.pdf', `/v1/photos/${use.after}`]) expect(await office.refusal('zhang', 'GET', where)).toBe('FORBIDDEN');
}, 240_000);

test('D3: the archive of the year verifies by the public key alone, and one changed byte is found', async () => {
  expect(await office.refusal('zhang', 'POST', '/v1/archive')).toBe('FORBIDDEN');
  const archive = path.join(office.folder, 'year.tar');
  writeFileSync(archive, (await office.call('shen', 'POST', '/v1/archive')).raw);
  const keyFile = path.join(office.folder, 'register.key');
  writeFileSync(keyFile, `${(await office.call(undefined, 'GET', '/v1/register/key')).body.key}\n`);
  const verify = (): { code: number | null; out: string } => office.smartseal('verify', archive, '--key', keyFile, '--json');
  const good = verify();
  expect([good.code, JSON.parse(good.out)]).toMatchObject([0, { ok: true, findings: [], summary: { strokes: { stamped: 2 }, photos: 4 } }]);
  const bytes = readFileSync(archive);
  bytes[bytes.length >> 1]! ^= 1;
  writeFileSync(archive, bytes);
  const bad = verify();
  expect([bad.code, JSON.parse(bad.out).ok]).toEqual([3, false]);
}, 240_000);

test('C7: what is outside of the conditions locks the unit by itself, and reaches the office at once', async () => {
  const { types, stop } = await watch();
  const { id } = await office.permitted();
  const strokes = await office.strokes();
  const from = await office.next();
  office.unit.type('case open');
  await office.recorded('alarm', from);
  const found = await office.caseOf('alarm');
  await until('the event', () => types.includes('case') || undefined);
  stop();
  expect((await office.state()).state).toBe('ALARMED');
  await office.fingers('zhang');
  office.lay();
  await pause(8000);
  expect(await office.strokes()).toBe(strokes);
  office.unit.type('paper out');
  // Cleared by who keeps the seal, for a reason, and only when the cause is gone.
  expect(await office.refusal('zhang', 'POST', `/v1/cases/${found.id}/clear`, { reason: '没事' })).toBe('FORBIDDEN');
  expect(await office.refusal('ma', 'POST', `/v1/cases/${found.id}/clear`, { reason: '没事' })).toBe('NOT_KEEPER');
  await office.closeCase();
  await office.clear('维修人员打开外壳');
  expect(await office.stamp(id, 'zhang')).toMatchObject({ result: 'stamped' });
}, 240_000);

test('C8: taking the seal out is authorised, bounded and answered for; overdue it locks itself and is told; a return closes it', async () => {
  const order = { action: 'take-out', present: [office.ids.wang, office.ids.zhang], person: office.ids.zhang };
  const where = `/v1/devices/${DEVICE}/ceremonies`;
  expect(await office.refusal('zhang', 'POST', where, { ...order, until: now() + 3600, reason: '见客户' })).toBe('FORBIDDEN');
  expect(await office.refusal('wang', 'POST', where, { ...order, reason: '见客户' })).toBe('INVALID');
  expect(await office.refusal('wang', 'POST', where, { ...order, until: now() - 5, reason: '见客户' })).toBe('WINDOW');
  const fences = [{ latitude: 31.2304, longitude: 121.4737, radius: 20_000 }];
  const asked = await office.ceremony({ ...order, until: now() + 75, fences, reason: '见客户' });
  await office.attended(asked, ['wang', 'zhang']);
  expect((await office.history()).at(-1)).toMatchObject({ what: 'take-out', present: [office.ids.wang, office.ids.zhang] });
  expect((await office.state()).custody).toBe('out');
  const { id } = await office.permitted();
  // It is not back in time.
  const late = await office.caseOf('alarm', 120_000);
  expect(late.detail.condition).toEqual(expect.any(Number));
  const strokes = await office.strokes();
  await office.fingers('zhang');
  office.lay();
  await pause(8000);
  expect(await office.strokes()).toBe(strokes);
  office.unit.type('paper out');
  const back = await office.ceremony({ action: 'return', present: [office.ids.wang], reason: '归还' });
  await office.attended(back, ['wang']);
  await office.clear('已归还');
  expect((await office.history()).map(({ what }) => what).slice(-2)).toEqual(['take-out', 'return']);
  expect(await office.stamp(id, 'zhang')).toMatchObject({ result: 'stamped' });
}, 300_000);
