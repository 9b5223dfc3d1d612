/** Following a bridge that tells the truth, and one that does not. */
import { createDesk } from '../../host-bridge/desk/desk';
import { eventReader, type BridgeEvent, type BridgeTransport } from '../../host-bridge/desk/follow/transport';
import { approved, caller, deviceId, hexBytes, openOffice, type Json, type Office } from './support';

let office: Office;
beforeEach(async () => {
  office = await openOffice();
});
afterEach(() => office.close());

async function get(url: string, who: keyof Office['tokens'] = 'auditor'): Promise<Json> {
  const answer = await office.call(office.tokens[who], 'GET', url);
  expect(answer.status).toBe(200);
  return answer.body;
}

const openCases = async (): Promise<string[]> => (await get('/v1/cases?open=true')).cases.map((c: { kind: string }) => c.kind).sort();

/** Approves an application and lets the device use its permit. */
async function used(strokes = 1, more: Record<string, unknown> = {}): Promise<{ id: string; permit: string; grant: Buffer }> {
  const application = await approved(office, { count: strokes, ...more });
  await office.desk.round();
  const permit = application.permits[0].id as string;
  const grant = office.bridge.permits.get(permit) as Buffer;
  office.device.use(permit, grant, strokes);
  return { id: application.id, permit, grant };
}

describe('an honest bridge', () => {
  test('permit delivered, records and photos taken in, acknowledged, use in the register', async () => {
    const { id, permit, grant } = await used(2);
    expect(office.bridge.open(grant)).toMatchObject({ kind: 1, count: 2, counter: 1, epoch: 0, persons: [7, 1], policy: 1, idle: 300 });
    await office.desk.round();
    const { uses } = await get('/v1/register/uses');
    expect(uses).toHaveLength(2);
    expect(uses[0]).toMatchObject({ application: id, permit, use: 2, result: 'stamped', purpose: '与甲方的采购合同', beforeStored: true, afterStored: true, document: office.document });
    expect((await office.call(office.tokens.auditor, 'GET', `/v1/photos/${uses[0].after}`)).raw.toString()).toContain('photo after');
    expect((await get('/v1/register/uses?search=采购')).uses).toHaveLength(2);
    expect((await get('/v1/register/uses?search=100%25')).uses).toHaveLength(0);
    const last = office.bridge.grants[office.bridge.grants.length - 1];
    expect(last).toMatchObject({ kind: 6, recordsThrough: office.device.records.length, photosThrough: office.device.records.length });
    expect((await get(`/v1/applications/${id}`)).state).toBe('used');
    expect(await openCases()).toEqual([]);
    const before = office.bridge.grants.length;
    await office.desk.round();
    expect(office.bridge.grants.length).toBe(before); // nothing new, nothing said
  });

  test('a device that was taken out is told the time every five minutes, whether it has it or not', async () => {
    await office.desk.round();
    office.bridge.time = office.clock.seconds;
    office.bridge.custody = 'out';
    for (let i = 0; i < 10; i++) {
      office.clock.forward(60_000);
      office.bridge.time += 60;
      await office.desk.round();
    }
    expect(office.bridge.grants.map(({ kind }) => kind)).toEqual([2, 2, 2]);
  });

  test('a device without the time is told it, once', async () => {
    await office.desk.round();
    expect(office.bridge.grants[0]).toEqual({ kind: 2, nonce: hexBytes('0f'.repeat(16)), time: office.clock.seconds });
    await office.desk.round();
    expect(office.bridge.grants).toHaveLength(1);
    office.clock.forward(130_000);
    await office.desk.round();
    expect(office.bridge.grants).toHaveLength(2);
    office.bridge.online = false;
    office.clock.forward(60_000);
    await office.desk.round();
    expect(office.bridge.grants).toHaveLength(2);
  });

  test('a late photo holds back only the acknowledgement of photos', async () => {
    office.bridge.latePhotos = true;
    await used(1);
    await office.desk.round();
    const first = office.bridge.grants[office.bridge.grants.length - 1];
    expect(first).toMatchObject({ recordsThrough: office.device.records.length, photosThrough: 2 });
    expect((await get('/v1/register/uses')).uses[0]).toMatchObject({ result: 'stamped', beforeStored: false, afterStored: false });
    office.bridge.latePhotos = false;
    await office.desk.round();
    expect(office.bridge.grants[office.bridge.grants.length - 1]).toMatchObject({ photosThrough: office.device.records.length });
    expect((await get('/v1/register/uses')).uses[0]).toMatchObject({ beforeStored: true, afterStored: true });
  });

  test('many pages of records come in one round', async () => {
    for (let i = 0; i < 150; i++) office.device.write(11, [i, i + 1]);
    await office.desk.round();
    expect((await get(`/v1/register/records/${deviceId}?limit=1000`)).records).toHaveLength(150);
  });

  test('an unreachable bridge is said, and comes back', async () => {
    office.bridge.down = true;
    await office.desk.round();
    expect((await get('/v1/bridges')).bridges[0].error).toContain('connection refused');
    office.bridge.down = false;
    await office.desk.round();
    expect((await get('/v1/bridges')).bridges[0].error).toBeNull();
  });

  test('refused permits, unknown outcomes and alarms become cases; an alarm is cleared with a reason', async () => {
    office.bridge.permitState = 'refused';
    const refusedOne = await approved(office);
    await office.desk.round();
    expect((await get(`/v1/applications/${refusedOne.id}`)).permits[0]).toMatchObject({ state: 'refused', code: 'REPLAYED' });
    office.bridge.permitState = 'delivered';
    const application = await approved(office);
    await office.desk.round();
    const permit = application.permits[0].id;
    office.device.use(permit, office.bridge.permits.get(permit) as Buffer, 1, 3);
    office.device.write(9, [6, 0]);
    await office.desk.round();
    expect(await openCases()).toEqual(['alarm', 'permit-refused', 'unknown-outcome']);
    const alarm = (await get('/v1/cases')).cases.find((c: { kind: string }) => c.kind === 'alarm');
    const { call, tokens } = office;
    expect((await call(tokens.custodian, 'POST', `/v1/cases/${alarm.id}/clear`, { reason: '' })).status).toBe(400);
    expect((await call(tokens.custodian, 'POST', `/v1/cases/${alarm.id}/clear`, { reason: '已更换电池' })).body.closed).toMatchObject({ reason: '已更换电池' });
    await office.desk.round();
    expect(office.bridge.grants.find((g) => g.kind === 4)).toEqual({ kind: 4, condition: 6, seq: alarm.seq });
    expect((await call(tokens.custodian, 'POST', `/v1/cases/${alarm.id}/close`, { reason: 'again' })).body.code).toBe('WRONG_STATE');
    const unknown = (await get('/v1/cases?open=true')).cases.find((c: { kind: string }) => c.kind === 'unknown-outcome');
    expect((await call(tokens.custodian, 'POST', `/v1/cases/${unknown.id}/clear`, { reason: 'x' })).body.code).toBe('WRONG_STATE');
  });

  test('withdrawing an approved application revokes its permit', async () => {
    const application = await approved(office);
    await office.desk.round();
    await office.call(office.tokens.applicant, 'POST', `/v1/applications/${application.id}/withdraw`, { reason: '客户取消' });
    await office.desk.round();
    expect(office.bridge.grants.find((g) => g.kind === 5)).toEqual({ kind: 5, counter: 1, permit: hexBytes(application.permits[0].id) });
    await office.call(office.tokens.custodian, 'POST', `/v1/devices/${deviceId}/revoke`, { reason: 'lost' });
    await office.desk.round();
    expect(office.bridge.grants.filter((g) => g.kind === 5)[1]).toEqual({ kind: 5, epoch: 1 });
    const later = await approved(office);
    await office.desk.round();
    expect(office.bridge.open(office.bridge.permits.get(later.permits[0].id) as Buffer)).toMatchObject({ epoch: 1, counter: 2 });
  });

  test('a permit withdrawn before it was sent is never sent', async () => {
    office.bridge.down = true;
    const application = await approved(office);
    await office.desk.round();
    await office.call(office.tokens.applicant, 'POST', `/v1/applications/${application.id}/withdraw`, {});
    office.bridge.down = false;
    await office.desk.round();
    expect(office.bridge.permits.size).toBe(0);
    expect(office.bridge.grants.some((g) => g.kind === 5)).toBe(true);
  });

  test('a stroke is granted on a photo that is here, by who approved', async () => {
    const application = await approved(office, { strokeGrants: true });
    await office.desk.round();
    const permit = application.permits[0].id;
    office.device.write(2, [hexBytes(permit), 'x'.repeat(32), 2]);
    const digest = Buffer.from(office.device.photo(permit, 0, 1, Buffer.from('page')), 'latin1').toString('hex');
    const ask = (who: keyof Office['tokens'], number?: unknown) => office.call(office.tokens[who], 'POST', `/v1/permits/${permit}/strokes`, { photo: digest, ...(number === undefined ? {} : { number }) });
    expect((await ask('chief', 1)).status).toBe(404); // the photo is not here yet
    await office.desk.round();
    expect((await ask('applicant', 1)).status).toBe(403);
    // Nobody grants a stroke without the number that stands on the display of the unit, nor with what is none.
    for (const none of [undefined, null, '', '1', -1, 1.5, 4_294_967_295]) expect(await ask('chief', none)).toMatchObject({ status: 400, body: { code: 'INVALID' } });
    // What the person at the unit reads out belongs to another photo.
    expect(await ask('chief', 2)).toMatchObject({ status: 409, body: { code: 'WRONG_NUMBER' } });
    await office.desk.round();
    expect(office.bridge.grants.some((g) => g.kind === 3)).toBe(false);
    expect(await ask('chief', 1)).toMatchObject({ status: 202, body: { number: 1 } });
    await office.desk.round();
    expect(office.bridge.grants.find((g) => g.kind === 3)).toEqual({ kind: 3, permit: hexBytes(permit), photo: hexBytes(digest), seq: 1 });
  });
});

describe('a bridge that lies', () => {
  const storedCount = async (): Promise<number> => (await get(`/v1/register/records/${deviceId}?limit=1000`)).records.length;

  test('a changed record stops the chain before it, is a case once, and the true one is taken later', async () => {
    await used(1);
    const flip = (record: Buffer, seq: number): Buffer => {
      if (seq !== 3) return record;
      const changed = Buffer.from(record);
      changed[changed.length - 1] = (changed[changed.length - 1] as number) ^ 1;
      return changed;
    };
    office.bridge.changeRecord = flip;
    await office.desk.round();
    await office.desk.round();
    expect(await openCases()).toEqual(['bad-mac']);
    expect(await storedCount()).toBe(3);
    expect(office.bridge.grants.filter((g) => g.kind === 6).map((g) => g.recordsThrough)).toEqual([3]);
    office.bridge.changeRecord = (record) => record;
    await office.desk.round();
    expect(await storedCount()).toBe(office.device.records.length);
  });

  test('every byte of a record matters', async () => {
    office.device.write(1, [1, '0.1.0']);
    const record = office.device.records[0] as Buffer;
    for (let i = 0; i < record.length; i++) {
      const changed = Buffer.from(record);
      changed[i] = (changed[i] as number) ^ 0x20;
      office.bridge.changeRecord = () => changed;
      await office.desk.round();
      expect(await storedCount()).toBe(0);
    }
    expect(new Set(await openCases()).size).toBeGreaterThan(1);
  });

  test('records left out are a gap; a person may accept it with a reason', async () => {
    for (let i = 0; i < 6; i++) office.device.write(11, [i, i + 1]);
    office.bridge.recordsFrom = (from) => (from === 2 ? 4 : from);
    office.bridge.changeRecord = (record, seq) => (seq === 2 || seq === 3 ? (office.device.records[4] as Buffer) : record);
    await office.desk.round();
    expect(await openCases()).toEqual(['gap']);
    expect(await storedCount()).toBe(2);
    const { id } = (await get('/v1/cases')).cases[0];
    expect((await office.call(office.tokens.auditor, 'POST', `/v1/cases/${id}/close`, { reason: 'x' })).status).toBe(403);
    expect((await office.call(office.tokens.custodian, 'POST', `/v1/cases/${id}/close`, { reason: '桥接硬盘损坏' })).status).toBe(200);
    office.bridge.recordsFrom = (from) => from;
    office.bridge.changeRecord = (record) => record;
    await office.desk.round();
    const { records, next } = await get(`/v1/register/records/${deviceId}`);
    expect(records.map((r: { seq: number }) => r.seq)).toEqual([0, 1, 4, 5]);
    expect(next).toBe(6);
  });

  test('two authentic histories are a fork; replayed records change nothing', async () => {
    office.device.write(1, [1, '0.1.0']);
    office.device.write(11, [0, 5]);
    await office.desk.round();
    office.bridge.recordsFrom = () => 0;
    await office.desk.round();
    expect(await storedCount()).toBe(2);
    expect(await openCases()).toEqual([]);
    const { identity } = office.device;
    const other = office.device.make(11, [0, 6], 0, undefined, identity.evidenceKey.toString('latin1'));
    office.bridge.changeRecord = () => other;
    await office.desk.round();
    expect(await openCases()).toEqual(['fork']);
  });

  test('a record whose predecessor is another one is a fork', async () => {
    office.device.write(1, [1, '0.1.0']);
    await office.desk.round();
    const next = office.device.make(11, [0, 1], 1, 'p'.repeat(32));
    office.device.records.push(next);
    await office.desk.round();
    expect(await openCases()).toEqual(['fork']);
    expect(await storedCount()).toBe(1);
  });

  test("another device's records, rubbish, and a device that went back", async () => {
    office.bridge.recordsFrom = () => 0;
    office.device.write(1, [1, '0.1.0']);
    const record = office.device.records[0] as Buffer;
    const stranger = Buffer.from(record);
    Buffer.from('ffffffffffffffff', 'hex').copy(stranger, stranger.indexOf(Buffer.from(deviceId, 'hex')));
    for (const bytes of [stranger, Buffer.from('rubbish'), Buffer.alloc(0), Buffer.alloc(600, 0x81)]) {
      office.bridge.changeRecord = () => bytes;
      await office.desk.round();
    }
    office.bridge.changeRecord = (r) => r;
    await office.desk.round();
    expect(await storedCount()).toBe(1);
    office.device.records.length = 0;
    await office.desk.round();
    expect(await openCases()).toEqual(['behind', 'foreign', 'malformed', 'malformed', 'malformed']);
  });

  test('a swapped photo is not taken; one that is gone is a case', async () => {
    office.bridge.changePhoto = (photo) => Buffer.concat([photo.subarray(0, -1), Buffer.of(0)]);
    await used(1);
    await office.desk.round();
    expect(await openCases()).toEqual(['photo-wrong', 'photo-wrong']);
    expect((await get('/v1/register/uses')).uses[0].beforeStored).toBe(false);
    office.bridge.changePhoto = (photo) => photo;
    const [first] = [...office.device.photos.keys()];
    office.device.photos.delete(first as string);
    await office.desk.round();
    expect(await openCases()).toEqual(['photo-gone', 'photo-wrong', 'photo-wrong']);
    expect((await get('/v1/register/uses')).uses[0]).toMatchObject({ beforeStored: false, afterStored: true });
  });

  test('a permit the desk never issued, found in the records, is a case', async () => {
    office.device.write(2, ['p'.repeat(16), 's'.repeat(32), 1]);
    office.device.write(5, ['p'.repeat(16), 1, 1]);
    await office.desk.round();
    expect(await openCases()).toEqual(['foreign-permit', 'foreign-permit']);
  });
});

describe('restart and running', () => {
  test('a desk closed in the middle goes on where it was', async () => {
    office.bridge.latePhotos = true;
    const { id } = await used(1);
    await office.desk.round();
    const another = await approved(office);
    await office.desk.close();
    office.bridge.latePhotos = false;
    const desk = await createDesk(office.options);
    office.desk = desk;
    office.call = caller(desk);
    await desk.round();
    expect((await get(`/v1/applications/${id}`)).state).toBe('used');
    expect((await get('/v1/register/uses')).uses[0]).toMatchObject({ beforeStored: true, afterStored: true });
    const permit = another.permits[0].id;
    expect(office.bridge.open(office.bridge.permits.get(permit) as Buffer)).toMatchObject({ counter: 2 });
    office.device.use(permit, office.bridge.permits.get(permit) as Buffer, 1);
    await desk.round();
    expect(await openCases()).toEqual([]);
    expect((await get('/v1/register/uses')).uses).toHaveLength(2);
  });

  const settle = async (): Promise<void> => {
    for (let i = 0; i < 200; i++) await new Promise((resolve) => setImmediate(resolve));
  };
  /** Until it is so: a database in another process takes its own time. */
  const until = async (so: () => boolean | Promise<boolean>): Promise<void> => {
    while (!(await so())) await new Promise((resolve) => setImmediate(resolve));
    await settle();
  };
  const followed = (): boolean => office.desk.rooms.followers.every((follower) => follower.status.at !== null);

  test('started, it polls by the clock and is nudged by what is to be delivered', async () => {
    office.desk.start();
    await until(followed);
    office.device.write(1, [1, '0.1.0']);
    office.clock.forward(2000);
    await until(async () => (await get(`/v1/register/records/${deviceId}`)).next === 1);
    const application = await approved(office);
    await until(() => office.bridge.permits.size > 0);
    expect([...office.bridge.permits.keys()]).toEqual([application.permits[0].id]);
    office.clock.forward(4000 * 1000);
    await until(async () => (await get(`/v1/applications/${application.id}`)).state === 'expired');
  });

  test('an event stream that breaks is asked for again as often as the bridge is polled; what came before it stood is looked for', async () => {
    let asked = 0;
    let there = false;
    const stream: BridgeTransport['stream'] = (_last, _onEvent, stop, onOpen) => {
      asked++;
      if (!there) return Promise.reject(new Error('connection refused'));
      onOpen?.();
      return new Promise((resolve) => stop.addEventListener('abort', () => resolve()));
    };
    Object.assign(office.bridge, { stream });
    office.desk.start();
    await until(followed);
    for (let i = 0; i < 240; i++) {
      office.clock.forward(250);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(asked).toBeGreaterThan(60_000 / 2000);
    expect(asked).toBeLessThan(60_000 / 2000 + 10);
    await office.close();

    office = await openOffice({ pollMs: 3_600_000 });
    Object.assign(office.bridge, { stream });
    office.desk.start();
    await until(followed);
    office.device.write(1, [1, '0.1.0']);
    there = true;
    office.clock.forward(300);
    await until(async () => (await get(`/v1/register/records/${deviceId}`)).next === 1);
  });

  test('events are read in whatever pieces they come', () => {
    const text = ': hello\nid: 7\r\nevent: record\r\ndata: {"a":1}\ndata: more\r\n\r\nid: 8\n\ndata:x\n\n';
    for (const size of [1, 2, 3, 7, text.length]) {
      const events: BridgeEvent[] = [];
      const feed = eventReader((event) => events.push(event));
      for (let at = 0; at < text.length; at += size) feed(text.slice(at, at + size));
      expect(events).toEqual([{ id: '7', type: 'record', data: '{"a":1}\nmore' }, { id: '8', type: 'message', data: 'x' }]);
    }
    expect(() => eventReader(() => undefined)('x'.repeat((1 << 20) + 1))).toThrow();
  });
});
