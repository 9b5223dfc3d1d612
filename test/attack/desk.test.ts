/** Attacks on the desk: by people with an account, and by a bridge that lies. */
import { EvidenceKeys } from '../../host-bridge/desk/follow/intake';
import { eventReader } from '../../host-bridge/desk/follow/transport';
import { nodeNatives } from '../../host-bridge/natives';
import { ratchet } from '../../protocol/evidence';
import { hmacKey } from '../../protocol/hash';
import { applicationOf, approved, deviceId, hexBytes, openOffice, type Json, type Office } from '../desk/support';

let office: Office;
beforeEach(async () => {
  office = await openOffice();
});
afterEach(() => office.close());

const kindsSent = (kind: number): Json[] => office.bridge.grants.filter((g) => g.kind === kind);

describe('stroke grants', () => {
  const ask = (who: keyof Office['tokens'], permit: string, photo: string) => office.call(office.tokens[who], 'POST', `/v1/permits/${permit}/strokes`, { photo });

  async function opened(more: Record<string, unknown> = {}): Promise<{ id: string; permit: string }> {
    const application = await approved(office, { strokeGrants: true, ...more });
    await office.desk.round();
    const permit = application.permits[0].id as string;
    office.device.write(2, [hexBytes(permit), nodeNatives.sha256(office.bridge.permits.get(permit)!.toString('latin1')), 2]);
    return { id: application.id, permit };
  }
  const photo = (permit: string, which: number, content = 'page'): string => Buffer.from(office.device.photo(permit, which, 1, Buffer.from(content)), 'latin1').toString('hex');

  test('name the record of the photo, the newest where two are the same', async () => {
    const { permit } = await opened();
    const digest = photo(permit, 0);
    await office.desk.round();
    expect((await ask('chief', permit, digest)).status).toBe(202);
    const again = office.device.records.length;
    expect(photo(permit, 0)).toBe(digest);
    await office.desk.round();
    expect((await ask('chief', permit, digest)).status).toBe(202);
    await office.desk.round();
    expect(kindsSent(3).map((g) => g.seq)).toEqual([1, again]);
  });

  test('are not given by the applicant, even as one of the approvers', async () => {
    const { call, tokens, ids, seal } = office;
    await call(tokens.admin, 'PUT', `/v1/seals/${seal}/approvers`, { approvers: [[ids.chief, ids.director]] });
    const made = await call(tokens.chief, 'POST', '/v1/documents', undefined);
    expect(made.status).toBe(415);
    await office.desk.rooms.documents.add(office.desk.rooms.documentBlobs.get(office.document)!, 'mine.png', ids.chief);
    const application = await call(tokens.chief, 'POST', '/v1/applications', applicationOf(office, { strokeGrants: true, persons: [ids.chief] }));
    await call(tokens.director, 'POST', `/v1/applications/${application.body.id}/approve`, { content: application.body.content });
    await office.desk.round();
    const permit = (await call(tokens.chief, 'GET', `/v1/applications/${application.body.id}`)).body.permits[0].id;
    const digest = photo(permit, 0);
    await office.desk.round();
    expect((await ask('chief', permit, digest)).body).toMatchObject({ status: 403, code: 'OWN_APPLICATION' });
    expect((await ask('director', permit, digest)).status).toBe(202);
  });

  test('are for a photo before a stroke under this permit', async () => {
    const [one, two] = [await opened(), await opened()];
    const other = photo(two.permit, 0, 'another page');
    const after = photo(one.permit, 1, 'stamped page');
    await office.desk.round();
    expect((await ask('chief', one.permit, other)).status).toBe(404);
    expect((await ask('chief', one.permit, after)).status).toBe(404);
    expect((await ask('chief', two.permit, other)).status).toBe(202);
  });

  test('are not given under a permit that was taken back', async () => {
    const { id, permit } = await opened();
    const digest = photo(permit, 0);
    await office.desk.round();
    await office.call(office.tokens.applicant, 'POST', `/v1/applications/${id}/withdraw`, {});
    expect((await ask('chief', permit, digest)).body).toMatchObject({ status: 409, code: 'WRONG_STATE' });
  });
});

describe('a bridge that lies', () => {
  test('saying that the device refused a permit, it cannot keep the permit for later', async () => {
    office.bridge.permitState = 'refused';
    const application = await approved(office);
    await office.desk.round();
    await office.desk.round();
    const permit = application.permits[0].id as string;
    expect(kindsSent(5)).toEqual([{ kind: 5, permit: hexBytes(permit), counter: 1 }]);
    // Withdrawing it says no more, and nothing is said twice.
    await office.call(office.tokens.applicant, 'POST', `/v1/applications/${application.id}/withdraw`, {});
    await office.desk.round();
    expect(kindsSent(5)).toHaveLength(1);
  });

  test('bringing a record from far ahead, it does not make every later record costly', () => {
    const first = Buffer.alloc(32, 7);
    const keys = new EvidenceKeys(() => first);
    const steps = (from: Buffer, count: number): Buffer => {
      let key = from.toString('latin1');
      for (let i = 0; i < count; i++) key = ratchet(nodeNatives, hmacKey(nodeNatives, key));
      return Buffer.from(key, 'latin1');
    };
    expect(keys.at(deviceId, 3)!.equals(steps(first, 3))).toBe(true);
    // Far ahead it goes in steps, and neither forgets nor loses what is near.
    expect([keys.at(deviceId, 2500, 1000), keys.at(deviceId, 2500, 1000)]).toEqual([undefined, undefined]);
    expect(keys.at(deviceId, 2500, 1000)!.equals(steps(first, 2500))).toBe(true);
    expect(keys.at(deviceId, 4)!.equals(steps(first, 4))).toBe(true);
    const far = keys.at(deviceId, 10_000)!;
    expect(keys.at(deviceId, 9000, 1000)).toBeDefined(); // from 8192
    expect(keys.at(deviceId, 10_000)!.equals(far)).toBe(true);
  });

  test('bringing a record from a million ahead, it does not stop the desk for seconds', async () => {
    office.device.write(1, [1]);
    office.bridge.changeRecord = () => office.device.make(1, [1], 1 << 20);
    const began = Date.now();
    await office.desk.round();
    expect(Date.now() - began).toBeLessThan(1000);
    office.bridge.changeRecord = (record) => record;
    await office.desk.round();
    const records = await office.call(office.tokens.auditor, 'GET', `/v1/register/records/${deviceId}`);
    expect(records.body.records).toHaveLength(1);
  });

  test('with an event that never ends, it does not fill the memory', () => {
    const feed = eventReader(() => undefined);
    const line = `data: ${'x'.repeat(1000)}\n`;
    expect(() => {
      for (let i = 0; i < 3000; i++) feed(line);
    }).toThrow('too long');
  });
});

describe('what is somebody else’s', () => {
  test('a custodian clears no alarm, closes no case and revokes nothing of a device whose seals others keep', async () => {
    const { person, token } = await office.desk.rooms.people.add('elsewhere', ['custodian'], 0);
    expect(person.id).toBeGreaterThan(0);
    office.device.write(9, [6, 0]);
    await office.desk.round();
    const [alarm] = (await office.call(token, 'GET', '/v1/cases')).body.cases as { id: string }[];
    for (const url of [`/v1/cases/${alarm!.id}/clear`, `/v1/cases/${alarm!.id}/close`, `/v1/devices/${deviceId}/revoke`]) {
      expect((await office.call(token, 'POST', url, { reason: 'mine now' })).body).toMatchObject({ status: 403, code: 'NOT_KEEPER' });
    }
    await office.desk.round();
    expect([...kindsSent(4), ...kindsSent(5)]).toEqual([]);
    expect((await office.call(office.tokens.custodian, 'POST', `/v1/cases/${alarm!.id}/clear`, { reason: 'seen' })).status).toBe(202);
  });
});
