/** What pages of the console ask for beside the register: an application's own strokes and photos, its seal's last uses, how a unit is, names. */
import { operationsOf } from '../../host-bridge/desk/people/roles';
import { approved, deviceId, openOffice, type Json, type Office } from './support';

let office: Office;
beforeEach(async () => {
  office = await openOffice();
});
afterEach(() => office.close());

type Who = keyof Office['tokens'];
const ask = (who: Who, url: string): Promise<{ status: number; body: Json; raw: Buffer }> => office.call(office.tokens[who], 'GET', url);
const hexOf = (digest: string): string => Buffer.from(digest, 'latin1').toString('hex');

async function used(): Promise<{ id: string; permit: string }> {
  const { id, permits } = await approved(office, { count: 1, purpose: '采购合同' });
  await office.desk.round();
  const permit = permits[0].id as string;
  office.device.use(permit, office.bridge.permits.get(permit)!, 1);
  await office.desk.round();
  return { id, permit };
}

test('who may see an application sees its strokes and their photos, and nobody else does', async () => {
  const { id, permit } = await used();
  for (const who of ['applicant', 'chief', 'custodian', 'auditor'] as const) {
    const { uses } = (await ask(who, `/v1/applications/${id}/uses`)).body;
    expect([who, uses.length, uses[0].permit, uses[0].result, uses[0].beforeStored]).toEqual([who, 1, permit, 'stamped', true]);
    const photo = await ask(who, `/v1/applications/${id}/photos/${uses[0].before}`);
    expect([photo.status, photo.raw.toString().startsWith('photo before')]).toEqual([200, true]);
  }
  const [use] = (await ask('applicant', `/v1/applications/${id}/uses`)).body.uses;
  expect((await ask('other', `/v1/applications/${id}/uses`)).status).toBe(404);
  expect((await ask('other', `/v1/applications/${id}/photos/${use.after}`)).status).toBe(404);
  // The photo of one application is none of another, whoever may see that one.
  const other = await approved(office);
  expect((await ask('applicant', `/v1/applications/${other.id}/photos/${use.before}`)).status).toBe(404);
  expect((await ask('applicant', `/v1/applications/${id}/photos/${'0'.repeat(64)}`)).status).toBe(404);
});

test('who decides is shown what the seal did lately, and the photos that wait, without the number on the display', async () => {
  const { id } = await used();
  const { uses } = (await ask('chief', `/v1/applications/${id}/lately`)).body;
  expect(uses).toEqual([{ application: id, purpose: '采购合同', applicant: office.ids.applicant, time: office.clock.seconds, result: 'stamped' }]);
  const next = await approved(office, { strokeGrants: true });
  await office.desk.round();
  const permit = next.permits[0].id as string;
  const digest = hexOf(office.device.photo(permit, 0, 1, Buffer.from('page in the tray')));
  office.device.photo(permit, 1, 1, Buffer.from('page afterwards'));
  await office.desk.round();
  const { photos } = (await ask('chief', `/v1/permits/${permit}/photos`)).body;
  expect(photos).toEqual([{ digest, time: office.clock.seconds, stored: true, stroked: false }]);
  // Also before there is a stroke, and for the same people.
  expect((await ask('chief', `/v1/applications/${next.id}/photos/${digest}`)).raw.toString()).toBe('page in the tray');
  await office.call(office.tokens.admin, 'PUT', `/v1/people/${office.ids.other}/roles`, { roles: ['approver'] });
  expect((await ask('other', `/v1/permits/${permit}/photos`)).status).toBe(404);
  expect((await ask('other', `/v1/applications/${id}/lately`)).status).toBe(404);
  const first = (await ask('chief', `/v1/applications/${id}/uses`)).body.uses[0];
  expect((await ask('chief', `/v1/permits/${first.permit}/photos`)).body.photos).toMatchObject([{ digest: first.before, stroked: true }]);
});

test('the register is filtered by seal, result, time and stroke', async () => {
  await used();
  const count = async (query: string): Promise<number> => (await ask('auditor', `/v1/register/uses?${query}`)).body.uses.length;
  const [use] = (await ask('auditor', '/v1/register/uses')).body.uses;
  const { seconds } = office.clock;
  expect([await count(`seal=${office.seal}`), await count(`seal=${'0'.repeat(16)}`)]).toEqual([1, 0]);
  expect([await count('result=stamped'), await count('result=unknown'), await count('result=pending')]).toEqual([1, 0, 0]);
  expect([await count(`from=${seconds}`), await count(`from=${seconds + 1}`), await count(`until=${seconds}`), await count(`until=${seconds + 1}`)]).toEqual([1, 0, 0, 1]);
  expect([await count(`device=${deviceId}&intent=${use.intent}`), await count(`device=${deviceId}&intent=${use.intent + 1}`)]).toEqual([1, 0]);
});

test('how a unit is comes from its bridge, in known fields; a bridge that says something else is not repeated', async () => {
  office.bridge.time = 1_800_000_000;
  expect((await ask('custodian', `/v1/devices/${deviceId}/state`)).body).toMatchObject({ connected: true, time: 1_800_000_000, custody: 'free', batteryMv: null, alarms: [], place: null });
  office.bridge.custody = '<script>alert(1)</script>\u0007';
  expect((await ask('custodian', `/v1/devices/${deviceId}/state`)).body.custody).toBeNull();
  office.bridge.down = true;
  expect((await ask('custodian', `/v1/devices/${deviceId}/state`)).body).toMatchObject({ status: 503, code: 'NO_BRIDGE' });
  expect((await ask('custodian', `/v1/devices/${'0'.repeat(16)}/state`)).status).toBe(404);
  expect((await ask('applicant', `/v1/devices/${deviceId}/state`)).status).toBe(403);
});

test('everybody reads names, and nothing else of people; I am told what I may do', async () => {
  const { people } = (await ask('applicant', '/v1/directory')).body;
  expect(people).toContainEqual({ id: office.ids.chief, name: 'chief' });
  expect(people.flatMap((one: object) => Object.keys(one)).filter((name: string) => !['id', 'name', 'department', 'title'].includes(name))).toEqual([]);
  expect((await ask('applicant', '/v1/me')).body.may).toEqual(operationsOf(['applicant']));
  expect((await office.call(undefined, 'GET', '/v1/sign-in')).body).toEqual({ passkey: false, password: false, company: false });
});
