/** Backup and restore: whole or not at all, and a desk that was put back gives nothing out for the second time. */
import { existsSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { GrantKind } from '../../protocol';
import { createDesk, type DeskOptions } from '../../host-bridge/desk/desk';
import { verifyArchiveFile } from '../../host-bridge/desk/archive/file';
import { writeArchiveFile } from '../../host-bridge/desk/archive/save';
import { acceptRestored, restoreBackup } from '../../host-bridge/desk/backup/restore';
import { LEFT_OUT } from '../../host-bridge/desk/backup/restored';
import { writeBackup } from '../../host-bridge/desk/backup/write';
import { OfflineCodes } from '../../host-bridge/desk/authority/offline';
import { noteVerifier } from '../../host-bridge/desk/register/note';
import { approved, caller, deviceId, die, hexBytes, openOffice, testDatabase, testFolder, testKeys, testRandom, type Json, type Office } from './support';

let office: Office;
let file: string;
beforeEach(async () => {
  office = await openOffice();
  file = path.join(office.folder, 'desk.backup');
});
afterEach(() => office.close().catch(() => undefined));

const get = async (url: string): Promise<Json> => (await office.call(office.tokens.auditor, 'GET', url)).body;
const backup = () => writeBackup(office.desk.rooms, file);

/** A desk elsewhere, with the same keys. */
async function elsewhere(more: Partial<DeskOptions> = {}): Promise<DeskOptions> {
  const folder = testFolder();
  return {
    ...office.options, database: await testDatabase(folder), documents: path.join(folder, 'documents'), photos: path.join(folder, 'photos'), random: testRandom('restored'), ...more,
  };
}

/** What one must do after a restore: nobody's token is good any more. */
async function freshTokens(): Promise<void> {
  const { people } = office.desk.rooms;
  for (const [name, token] of Object.entries(office.tokens)) {
    if ((await people.find(token)) !== undefined) continue;
    office.tokens[name as keyof Office['tokens']] = (await people.renewToken(office.ids[name as keyof Office['ids']], 0, { strong: true })).token;
  }
}

/** The office goes on with another desk. */
async function open(options: DeskOptions): Promise<void> {
  office.desk = await createDesk(options);
  await freshTokens();
  office.options = options;
  office.call = caller(office.desk);
}

async function used(count = 1): Promise<Json> {
  const application = await approved(office, { count });
  await office.desk.round();
  const permit = application.permits[0].id as string;
  office.device.use(permit, office.bridge.permits.get(permit)!, count);
  await office.desk.round();
  return application;
}

/** What the unit writes when it takes a new epoch. */
function confirmEpoch(): void {
  const epoch = office.bridge.grants.filter((grant) => grant.kind === 5 && 'epoch' in grant && grant.epoch !== undefined).at(-1)!.epoch!;
  office.device.write(12, [epoch]);
}

test('everything comes back: the register verifies, uses, photos, documents and people are there', async () => {
  const { id } = await used(2);
  const made = await backup();
  expect(made).toMatchObject({ file, photos: 4, documents: 2, missing: [] });
  expect(existsSync(`${file}.new`)).toBe(false);
  const before = { uses: await get('/v1/register/uses'), entries: (await get('/v1/register/entries?limit=1000')).entries };
  await office.close();
  const options = await elsewhere();
  expect(await restoreBackup(file, options)).toMatchObject({ entries: made.entries, devices: 1, missing: [] });
  await open(options);
  expect(await get('/v1/register/uses')).toEqual(before.uses);
  expect((await get('/v1/register/entries?limit=1000')).entries.slice(0, made.entries)).toEqual(before.entries);
  expect((await get(`/v1/applications/${id}`)).state).toBe('used');
  expect((await office.call(office.tokens.auditor, 'GET', `/v1/photos/${before.uses.uses[0].after}`)).raw.toString()).toContain('photo after');
  expect((await office.call(office.tokens.chief, 'GET', `/v1/documents/${office.document}/pages/1`)).status).toBe(200);
  const archive = path.join(testFolder(), 'register.tar');
  const { history, authority, documentBlobs, photoBlobs } = office.desk.rooms;
  await writeArchiveFile({ history, authority, documents: documentBlobs, photos: photoBlobs }, archive);
  expect((await verifyArchiveFile(archive, noteVerifier(authority.registerKey)!)).findings).toEqual([]);
  expect((await get('/v1/cases?open=true')).cases.map((c: Json) => c.kind)).toEqual(['restored']);
});

test('a backup that was changed, cut, or is of another register is refused, and nothing is restored', async () => {
  await used();
  await backup();
  const whole = readFileSync(file);
  const options = await elsewhere();
  const refused = () => expect(restoreBackup(file, options)).rejects.toMatchObject({ code: 'BACKUP_DAMAGED' });
  for (const at of [0, 600, Math.floor(whole.length / 2), whole.indexOf('smartseal-backup-1'), whole.length - 2000, whole.length - 1]) {
    const changed = Buffer.from(whole);
    changed[at] = (changed[at] as number) ^ 1;
    writeFileSync(file, changed);
    await refused();
  }
  for (const length of [0, 511, 1024, 5000, whole.length - 512, whole.length - 1]) {
    writeFileSync(file, whole);
    truncateSync(file, length);
    await refused();
  }
  writeFileSync(file, Buffer.concat([whole, Buffer.alloc(512)]));
  await refused();
  writeFileSync(file, whole);
  // That it is of another register is another thing than that it is damaged.
  await expect(restoreBackup(file, { ...options, keys: { ...testKeys, registerSeed: Buffer.alloc(32, 5) } })).rejects.toMatchObject({ code: 'BACKUP_KEY' });
  await restoreBackup(file, options);
  await expect(restoreBackup(file, options)).rejects.toMatchObject({ code: 'CONFLICT' });
});

test('a desk that runs on the database keeps it from being restored into', async () => {
  await backup();
  await office.desk.round(); // it is on duty
  await expect(acceptRestored(office.options)).rejects.toMatchObject({ code: 'CONFLICT' });
});

test('a damaged register is not backed up; a photo that is missing is named, there and when it is restored', async () => {
  await used();
  const photos = (await office.desk.rooms.store.read((db) => db.selectFrom('photo').select('sha256').execute())).map((row) => row.sha256 as string);
  rmSync(path.join(office.options.photos as string, photos[0]!.slice(0, 2), photos[0]!));
  expect((await backup()).missing).toEqual([`photos/${photos[0]}`]);
  expect((await restoreBackup(file, await elsewhere())).missing).toEqual([`photos/${photos[0]}`]);
  await office.desk.rooms.store.commit((trx) => trx.updateTable('entry').set({ body: 'AAAA' }).where('number', '=', 2).execute());
  await expect(backup()).rejects.toMatchObject({ code: 'REGISTER_DAMAGED' });
});

test('nobody comes back in by what may have been taken from them in the lost days: no token, session or recovery code; who has which passkey or password is told', async () => {
  const { store, history } = office.desk.rooms;
  const now = office.clock.seconds;
  await store.commit(async (trx) => {
    await trx.insertInto('session').values({ sha256: 'a'.repeat(64), id: 'b'.repeat(16), person: office.ids.chief, how: 'passkey', created: now, seen: now, until: now + 3600, agent: '', address: '', ended: null }).execute();
    await trx.insertInto('passkey').values({ id: 'c'.repeat(16), credential: 'x', person: office.ids.chief, public_key: '', counter: 0, transports: '', name: '手机', created: now - 86_400, used: null, removed: null, rp_id: 'desk.test' }).execute();
    await trx.insertInto('password').values({ person: office.ids.director, hash: '', totp: '', step: 0, created: now }).execute();
    await trx.insertInto('recovery_code').values({ sha256: 'd'.repeat(64), person: office.ids.director, used: null }).execute();
    await history.note(trx, 'passkey', { person: office.ids.chief, passkey: 'c'.repeat(16), key: Buffer.alloc(0), by: office.ids.chief }, '');
  });
  await backup();
  const before = { ...office.tokens };
  await office.close();
  const options = await elsewhere();
  const restored = await restoreBackup(file, options);
  expect(restored.means).toEqual([
    { person: office.ids.chief, name: 'chief', roles: ['applicant', 'approver'], passkeys: [{ name: '手机', created: now - 86_400 }], password: null },
    { person: office.ids.director, name: 'director', roles: ['approver'], passkeys: [], password: now },
  ]);
  office.desk = await createDesk(options);
  office.call = caller(office.desk);
  for (const [name, token] of Object.entries(before)) expect([name, (await office.call(token, 'GET', '/v1/me')).status]).toEqual([name, 401]);
  // Where nobody signs in by a browser there must be a first token.
  expect(restored.token!.person).toBe(office.ids.admin);
  expect((await office.call(restored.token!.token, 'GET', '/v1/me')).body).toMatchObject({ id: office.ids.admin });
  await freshTokens();
  const rows = await office.desk.rooms.store.read(async (db) => [await db.selectFrom('session').select('ended').execute(), await db.selectFrom('recovery_code').select('used').execute()]);
  expect(JSON.stringify(rows)).not.toContain('null');
  const { entries } = await get('/v1/register/entries?limit=1000&search=restored');
  expect(entries.map((entry: Json) => entry.kind)).toEqual(expect.arrayContaining(['restored', 'access-ended']));
  expect((await office.call(office.tokens.director, 'GET', '/v1/me/notices')).body.notices.map(({ kind }: Json) => kind)).toContain('restored');
  const differs = await office.desk.rooms.auditor.look();
  expect(differs.filter(({ table }) => table === 'person_token')).toEqual([]);
});

test('nobody decides or keeps a seal in another’s place by what may have been ended in the lost days, and no browser is pushed to', async () => {
  const { ids, tokens } = office;
  const until = office.clock.seconds + 30 * 86_400;
  const given = (await office.call(tokens.director, 'POST', '/v1/delegations', { delegate: ids.chief, until, reason: '出差' })).body;
  await office.call(tokens.admin, 'PUT', `/v1/people/${ids.other}/roles`, { roles: ['custodian'] });
  expect((await office.call(tokens.admin, 'PUT', `/v1/seals/${office.seal}/deputy`, { deputy: { person: ids.other, until }, reason: '休假' })).body.deputy).toBe(ids.other);
  await office.desk.rooms.store.commit((trx) => trx.insertInto('push_subscription').values({ id: 'a'.repeat(24), person: ids.chief, endpoint: 'https://push.example.org/lost-phone', p256dh: '', auth: '', language: 'zh', created: 1, agent: '', ended: null }).execute());
  await backup();
  // The lost days.
  expect((await office.call(tokens.director, 'POST', `/v1/delegations/${given.id}/end`, {})).body.ended).not.toBeNull();
  await office.close();
  const options = await elsewhere();
  await restoreBackup(file, options);
  office.desk = await createDesk(options);
  office.call = caller(office.desk);
  await freshTokens();
  expect((await get('/v1/delegations')).delegations).toMatchObject([{ id: given.id, ended: expect.any(Number) }]);
  expect((await get('/v1/seals')).seals).toMatchObject([{ id: office.seal, deputy: null, deputyUntil: null }]);
  expect(await office.desk.rooms.store.read((db) => db.selectFrom('push_subscription').select('id').execute())).toEqual([]);
  expect((await office.desk.rooms.auditor.look()).filter(({ table }) => ['delegation', 'seal', 'seal_event'].includes(table))).toEqual([]);
});

describe('what the lost days gave out', () => {
  test('no counter comes again, nothing that was granted before holds, and the unit is told so first', async () => {
    const waiting = await approved(office); // issued, not yet delivered
    await backup();
    for (let i = 0; i < 3; i++) await used();
    const counters = [...office.bridge.permits.values()].map((grant) => (office.bridge.open(grant) as { counter: number }).counter);
    expect(counters).toEqual([1, 2, 3, 4]);
    await office.call(office.tokens.custodian, 'POST', `/v1/devices/${deviceId}/revoke`, { reason: 'lost day' });
    await office.desk.round();
    await office.close();

    const options = await elsewhere();
    expect(await restoreBackup(file, options)).toMatchObject({ withdrawn: 1 });
    await open(options);
    expect(await get(`/v1/applications/${waiting.id}`)).toMatchObject({ state: 'withdrawn', permits: [{ state: 'revoked' }] });
    const again = await approved(office);
    office.bridge.permits.clear();
    office.bridge.grants.length = 0;
    office.bridge.calls.length = 0;
    await office.desk.round();
    expect([...office.bridge.permits.keys()]).toEqual([again.permits[0].id]);
    const permit = office.bridge.open(office.bridge.permits.get(again.permits[0].id)!) as { counter: number; epoch: number };
    expect(permit.counter).toBeGreaterThan(Math.max(...counters) + 1_000_000);
    expect(permit.counter).toBe(2 + LEFT_OUT.counters);
    expect(permit.epoch).toBe(LEFT_OUT.epochs);
    expect(office.bridge.grants.find((grant) => grant.kind === 5)).toMatchObject({ epoch: LEFT_OUT.epochs });
    const order = office.bridge.calls.filter((call) => /permits\/|grants$/.test(call.path) && call.method !== 'GET').map((call) => call.method);
    expect(order.indexOf('POST')).toBeLessThan(order.indexOf('PUT'));
    // The records of the lost days come from the bridge, and nobody here knows their permits: a person is told.
    expect((await get('/v1/cases?open=true')).cases.map((c: Json) => c.kind)).toContain('foreign-permit');
  });

  test('a ceremony that was ordered is taken back, and the next one has a counter that no unit has seen', async () => {
    const order = async (): Promise<Json> => (await office.call(office.tokens.custodian, 'POST', `/v1/devices/${deviceId}/ceremonies`, { action: 'maintain', present: [office.ids.chief], reason: '例行维护' })).body;
    const counters = () => office.bridge.grants.filter(({ kind }) => kind === GrantKind.CEREMONY).map((grant) => (grant as { counter: number }).counter);
    // The first one may only tell the unit the time.
    const rounds = async (): Promise<void> => (await office.desk.round(), office.desk.round());
    const waiting = await order();
    expect(waiting.state).toBe('ordered');
    await backup();
    await order();
    await rounds();
    expect(counters().sort()).toEqual([1, 2]);
    await office.close();

    const options = await elsewhere();
    await restoreBackup(file, options);
    await open(options);
    expect((await get(`/v1/ceremonies/${waiting.id}`)).state).toBe('revoked');
    office.bridge.grants.length = 0;
    await order();
    await rounds();
    expect(counters()).toEqual([2 + LEFT_OUT.counters]); // and what waited is not handed over any more
  });

  test('the same backup put back a second time begins above the first time; a unit that only the lost days knew begins above them as well', async () => {
    await backup();
    const other = '00112233aabbccee';
    const given: { counter: number; epoch: number }[] = [];
    for (let time = 0; time < 3; time++) {
      await office.close();
      office.clock.forward(60_000);
      const options = await elsewhere({ random: testRandom(`restored ${time}`) });
      await restoreBackup(file, options);
      await open(options);
      for (let i = 0; i < 3; i++) {
        const { permits } = await approved(office);
        await office.desk.round();
        given.push(office.bridge.open(office.bridge.permits.get(permits[0].id)!) as { counter: number; epoch: number });
      }
      await office.call(office.tokens.custodian, 'POST', `/v1/devices/${deviceId}/revoke`, { reason: 'lost day' });
      const added = await office.call(office.tokens.admin, 'POST', '/v1/devices', { id: other, name: 'Unit 2', bridge: 'other' });
      expect(added.status).toBe(201);
      expect(added.body.epoch).toBeGreaterThan(LEFT_OUT.epochs + 50 * time);
    }
    for (const key of ['counter', 'epoch'] as const) expect(given.map((one) => one[key])).toEqual([...given.map((one) => one[key])].sort((a, b) => a - b));
    expect(new Set(given.map((one) => one.counter)).size).toBe(9);
    expect(new Set(given.map((one) => one.epoch)).size).toBe(3);
    expect(given[3]!.epoch).toBeGreaterThan(given[2]!.epoch + 1); // above the revocation of the day that was lost
  });

  test('no code is given before the unit has confirmed the new epoch; then none that the lost days gave', async () => {
    const codesFor = async () => {
      const application = await approved(office, { count: 2, persons: [office.ids.applicant] });
      const answer = await office.call(office.tokens.chief, 'POST', `/v1/applications/${application.id}/trip-codes`, {});
      return answer;
    };
    expect((await codesFor()).body).toMatchObject({ number: 1 });
    await backup();
    const lost = [await codesFor(), await codesFor()].map((answer) => answer.body);
    expect(lost.map((code) => code.number)).toEqual([2, 3]);
    // The unit sees one of them: a CODE record.
    office.device.write(18, [hexBytes(lost[0].id), 2, 2, 7, 2]);
    await office.close();

    const options = await elsewhere();
    await restoreBackup(file, options);
    await open(options);
    expect(await codesFor()).toMatchObject({ status: 409, body: { code: 'NOT_HEARD' } });
    await office.desk.round();
    expect(await codesFor()).toMatchObject({ status: 409, body: { code: 'NOT_HEARD' } }); // told, and not yet confirmed
    confirmEpoch();
    await office.desk.round();
    const next = await codesFor();
    expect(next.status).toBe(201);
    // The number that the unit has seen is known again; the code that was given under the next one is no code any more.
    expect(next.body.number).toBe(3);
    expect(lost.map((code) => code.code)).not.toContain(next.body.code);
    const terms = { device: Buffer.from(deviceId, 'hex'), die: Buffer.from(die, 'hex'), epoch: LEFT_OUT.epochs, person: 7, count: 2 };
    expect(next.body.code).toBe(new OfflineCodes(office.device.identity.permitKey).trip(3, terms));
  });

  test('whoever read the event stream takes nothing new for something old', async () => {
    await backup();
    await used();
    const read = (await office.desk.rooms.events.bounds()).newest;
    await office.close();
    const options = await elsewhere();
    await restoreBackup(file, options);
    await open(options);
    const later = await office.desk.rooms.events.after(read, 10);
    expect(later[0]).toMatchObject({ type: 'restored' });
    expect(later.every((event) => event.id > read)).toBe(true);
  });
});

describe('a register behind its mark', () => {
  /** The office with a mark, and its database as it was before something was given out. */
  async function rolledBack(): Promise<DeskOptions> {
    await office.close();
    const mark = path.join(office.folder, 'register.mark');
    const options = { ...office.options, mark };
    await open(options);
    await office.desk.close();
    const copy = await testDatabase(testFolder(), options.database);
    await open(options);
    await used();
    await office.close();
    return { ...options, database: copy };
  }

  test('the desk does not open; told that it was restored, it does, and the mark of before is kept', async () => {
    const options = await rolledBack();
    await expect(createDesk(options)).rejects.toMatchObject({ code: 'REGISTER_BEHIND' });
    await expect(createDesk(options)).rejects.toMatchObject({ code: 'REGISTER_BEHIND' });
    const before = readFileSync(options.mark as string, 'utf8');
    await acceptRestored(options);
    expect(readFileSync(`${options.mark}.before-1`, 'utf8')).toBe(before);
    await open(options);
    const { entries } = await get('/v1/register/entries?limit=1000&search=restored');
    expect(entries.some((entry: Json) => entry.kind === 'restored')).toBe(true);
    const next = await approved(office);
    await office.desk.round();
    expect((office.bridge.open(office.bridge.permits.get(next.permits[0].id)!) as { counter: number }).counter).toBeGreaterThan(1_000_000);
    await office.close();
    await open(options); // and from then on as always
  });

  test('nothing leaves the desk that the mark does not cover, and where it cannot be written nothing leaves', async () => {
    await office.close();
    const mark = path.join(office.folder, 'no such folder', 'register.mark');
    await open({ ...office.options, mark });
    await approved(office);
    await office.desk.round();
    expect(office.bridge.permits.size).toBe(0);
    expect((await get('/v1/bridges')).bridges[0].error).not.toBeNull();
    expect((await office.call(office.tokens.auditor, 'GET', '/v1/checkpoint')).status).toBe(503);
  });

  test('a mark that this register never signed is told', async () => {
    await office.close();
    const mark = path.join(office.folder, 'register.mark');
    writeFileSync(mark, 'test/register\n1\n');
    await expect(createDesk({ ...office.options, mark })).rejects.toMatchObject({ code: 'REGISTER_DAMAGED' });
  });
});
