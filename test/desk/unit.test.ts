/** One unit at the desk: where it was and may be, whether it is away, and who maintains it. */
import { approved, deviceId, hexBytes, openOffice, Form, type Answer, type Office } from './support';

let office: Office;
let technician: { id: number; token: string };
beforeEach(async () => {
  office = await openOffice();
  const made = await office.desk.rooms.people.add('technician', ['technician'], 0);
  technician = { id: made.person.id, token: made.token };
});
afterEach(() => office.close());

const get = (url: string): Promise<Answer> => office.call(office.tokens.custodian, 'GET', `/v1/devices/${deviceId}${url}`);
const fix = (url: string, body?: unknown, token = technician.token): Promise<Answer> => office.call(token, 'POST', `/v1/devices/${deviceId}${url}`, body);

test('places come from the records of the unit, newest first, and fences from what still permits', async () => {
  const fence = { latitude: 31.2304, longitude: 121.4737, radius: 200 };
  const { id, permits } = await approved(office, { place: { fences: [fence] } });
  await office.desk.round();
  const permit = hexBytes(permits[0].id);
  // 1e-7 degree; the second one south of the equator and west of Greenwich.
  office.device.write(17, [permit, 312_304_000, 1_214_737_000, 8, 2, 1]);
  office.device.write(17, [permit, -337_800_000, -706_000_000, 25, 2, 0]);
  await office.desk.round();
  const { body } = await get('/places');
  expect(body.spots).toMatchObject([{ latitude: -33.78, longitude: -70.6, accuracy: 25 }, { latitude: 31.2304, longitude: 121.4737, accuracy: 8 }]);
  expect(body.permitted).toEqual([{ why: 'permit', subject: id, fence }]);
  expect(body.outing).toBeNull();
  await office.call(office.tokens.applicant, 'POST', `/v1/applications/${id}/withdraw`, {});
  expect((await get('/places')).body.permitted).toEqual([]);
});

test('a unit is maintained by one person at a time, who may give it back; an administrator ends it', async () => {
  const until = office.clock.seconds + 900;
  office.bridge.maintain = ({ method }) => (method === 'POST' ? [200, { fence: 3, holder: 'desk', until: until * 1000 }] : [200, { ended: true }]);
  expect((await get('/lease')).body).toEqual({ lease: null });
  expect((await fix('/lease', { seconds: 900 })).body).toEqual({ person: technician.id, until });
  expect((await get('/lease')).body.lease).toEqual({ person: technician.id, until });
  const second = await office.desk.rooms.people.add('second', ['technician'], 0);
  for (const [url, body] of [['/lease', { seconds: 900 }], ['/lease/end', undefined], ['/update', new Form().file('document', 'image.bin', Buffer.from('x'))]] as const) {
    expect([url, (await fix(url, body, second.token)).body.code]).toEqual([url, 'LEASED']);
  }
  expect((await fix('/lease/end', undefined, office.tokens.admin)).body).toEqual({ lease: null });
  expect((await get('/lease')).body).toEqual({ lease: null });
  expect((await fix('/lease', { seconds: 900 })).status).toBe(200);
  office.clock.forward(901_000);
  expect((await get('/lease')).body).toEqual({ lease: null });
});

test('what the bridge refuses is told by its reason', async () => {
  office.bridge.maintain = () => [403, { code: 'FORBIDDEN' }];
  expect((await fix('/lease', { seconds: 900 })).body.code).toBe('NO_MAINTENANCE');
  office.bridge.maintain = () => [409, { code: 'LEASED' }];
  expect((await fix('/lease', { seconds: 900 })).body.code).toBe('LEASED');
  expect((await get('/lease')).body).toEqual({ lease: null });
  office.bridge.down = true;
  expect((await fix('/lease', { seconds: 900 })).body.code).toBe('NO_BRIDGE');
});

test('only a whole image is handed on', async () => {
  office.bridge.maintain = () => [200, { fence: 1, until: office.clock.time + 900_000 }];
  await fix('/lease', { seconds: 900 });
  expect((await fix('/update', new Form().file('document', 'image.bin', Buffer.from('no image')))).body.code).toBe('IMAGE_REFUSED');
  expect(office.bridge.calls.some(({ path }) => path.endsWith('/update'))).toBe(false);
  office.bridge.maintain = () => [404, { code: 'NOT_FOUND' }];
  expect((await get('/update')).status).toBe(404);
  office.bridge.maintain = () => [200, { version: 7, state: 'sending', percent: 40, junk: 1 }];
  expect((await get('/update')).body).toEqual({ version: 7, state: 'sending', percent: 40, code: null });
});
