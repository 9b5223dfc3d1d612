/** Attacks on the desk: by people with an account, by a bridge that lies or loses photos, and by what its own errors tell. */
import { setImmediate as others } from 'node:timers/promises';
import { BridgeConfig } from '../../host-bridge/bridge/config';
import { checkConfig } from '../../host-bridge/common/config';
import { DeskConfig } from '../../host-bridge/desk/config';
import { EvidenceKeys } from '../../host-bridge/desk/follow/intake';
import { eventReader } from '../../host-bridge/desk/follow/transport';
import { nodeNatives } from '../../host-bridge/natives';
import { ratchet } from '../../protocol/evidence';
import { hmacKey } from '../../protocol/hash';
import { applicationOf, approved, deviceId, hexBytes, openOffice, type Answer, type Json, type Office } from '../desk/support';

let office: Office;
beforeEach(async () => {
  office = await openOffice();
});
afterEach(() => office.close());

const hexOf = (digest: string): string => Buffer.from(digest, 'latin1').toString('hex');
const kindsSent = (kind: number): Json[] => office.bridge.grants.filter((g) => g.kind === kind);

describe('stroke grants', () => {
  /** @param number as the display shows it: that of the newest record of all, where none is said */
  function ask(who: keyof Office['tokens'], permit: string, photo: string, number = office.device.records.length - 1): Promise<Answer> {
    return office.call(office.tokens[who], 'POST', `/v1/permits/${permit}/strokes`, { photo, number });
  }

  async function opened(more: Record<string, unknown> = {}): Promise<{ id: string; permit: string }> {
    const application = await approved(office, { strokeGrants: true, ...more });
    await office.desk.round();
    const permit = application.permits[0].id as string;
    office.device.write(2, [hexBytes(permit), nodeNatives.sha256(office.bridge.permits.get(permit)!.toString('latin1')), 2]);
    return { id: application.id, permit };
  }

  const photo = (permit: string, which: number, content = 'page'): string => hexOf(office.device.photo(permit, which, 1, Buffer.from(content)));

  test('name the record of the photo, the newest where two are the same', async () => {
    const { permit } = await opened();
    const digest = photo(permit, 0);
    await office.desk.round();
    expect((await ask('chief', permit, digest)).status).toBe(202);
    const again = office.device.records.length;
    expect(photo(permit, 0)).toBe(digest);
    await office.desk.round();
    expect((await ask('chief', permit, digest, 1)).body).toMatchObject({ status: 409, code: 'WRONG_NUMBER' });
    expect((await ask('chief', permit, digest)).status).toBe(202);
    await office.desk.round();
    expect(kindsSent(3).map((g) => g.seq)).toEqual([1, again]);
  });

  test('are not given by the applicant, even as one of the approvers', async () => {
    const { call, tokens, ids, seal } = office;
    await call(tokens.admin, 'PUT', `/v1/seals/${seal}/approvers`, { approvers: [[ids.chief, ids.director]] });
    const made = await call(tokens.chief, 'POST', '/v1/documents', undefined);
    expect(made.status).toBe(415);
    await office.desk.rooms.documents.add((await office.desk.rooms.documentBlobs.get(office.document))!, 'mine.png', ids.chief);
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
    const number = office.device.records.length - 1;
    const after = photo(one.permit, 1, 'stamped page');
    await office.desk.round();
    expect((await ask('chief', one.permit, other)).status).toBe(404);
    expect((await ask('chief', one.permit, after)).status).toBe(404);
    expect((await ask('chief', two.permit, other)).body).toMatchObject({ status: 409, code: 'WRONG_NUMBER' });
    expect((await ask('chief', two.permit, other, number)).status).toBe(202);
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

  test('with one long line in small pieces, it does not stop the desk', async () => {
    const feed = eventReader(() => undefined);
    for (let fed = 0; fed < 1 << 20; fed += 8) {
      feed('x'.repeat(8));
      // Lets jest's timeout end it.
      if (fed % 8192 === 0) await others();
    }
    expect(() => feed('x')).toThrow('too long');
  });
});

describe('a photo that never comes', () => {
  async function openCases(): Promise<Json[]> {
    return (await office.call(office.tokens.admin, 'GET', '/v1/cases?open=true')).body.cases;
  }

  async function used(): Promise<void> {
    const application = await approved(office, { count: 1 });
    await office.desk.round();
    const permit = application.permits[0].id as string;
    office.device.use(permit, office.bridge.permits.get(permit)!, 1);
  }

  async function fiveDays(): Promise<void> {
    for (let day = 0; day < 5; day++) {
      office.clock.time += 86_400_000;
      await office.desk.round();
    }
  }

  /** The bridge does not have these photos yet, and never will. Gives those that were asked for, of all. */
  function withhold(digests: string[]): Set<string> {
    const { bridge } = office;
    const call = bridge.call.bind(bridge);
    const asked = new Set<string>();
    bridge.call = (request) => {
      const digest = /photos\/([0-9a-f]{64})/.exec(request.path)?.[1];
      if (digest === undefined) return call(request);
      asked.add(digest);
      return digests.includes(digest) ? Promise.resolve({ status: 425, body: Buffer.from('{"code":"PHOTO_PENDING"}') }) : call(request);
    };
    return asked;
  }

  test('because its page is damaged does not hold back the acknowledgement of later ones when a person has closed the case', async () => {
    await used();
    const [content] = office.device.photos.values();
    office.bridge.changePhoto = (photo) => (photo === content ? Buffer.concat([photo.subarray(1), Buffer.of(0)]) : photo);
    await office.desk.round();
    const cases = await openCases();
    expect(cases).toMatchObject([{ kind: 'photo-wrong' }]);
    expect((await office.call(office.tokens.custodian, 'POST', `/v1/cases/${cases[0].id}/close`, { reason: 'seen' })).status).toBe(200);
    await used();
    await fiveDays();
    expect(await openCases()).toEqual([]);
    expect(kindsSent(6).at(-1).photosThrough).toBe(office.device.records.length);
  });

  test('for days, though the device is there, is told to a person', async () => {
    await used();
    const [digest] = office.device.photos.keys();
    withhold([digest!]);
    await fiveDays();
    expect(await openCases()).not.toEqual([]);
  });

  test('does not keep others from being fetched, even if there are sixty-four of them', async () => {
    const permit = '00'.repeat(16);
    const taken = (content: string): string => hexOf(office.device.photo(permit, 0, 1, Buffer.from(content)));
    const asked = withhold(Array.from({ length: 64 }, (_, i) => taken(`bad ${i}`)));
    const good = taken('good');
    for (let i = 0; i < 5; i++) await office.desk.round();
    expect(asked).toContain(good);
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

describe('an error of the configuration names the place, never the value', () => {
  const listen = { host: 'h', port: 1 };
  const bridge = { listen, database: 'd', spool: 's', ports: [], linkKeysFile: 'l' };
  const desk = { listen, database: 'd', keys: 'k', documents: 'd', photos: 'p', bridges: [] };

  /** All that the error says. */
  function told(schema: typeof BridgeConfig | typeof DeskConfig, value: unknown): string {
    try {
      checkConfig(schema, value, 'x.json');
    } catch (e) {
      return `${(e as Error).message} ${String((e as { detail?: string }).detail)}`;
    }
    return 'taken';
  }

  test.each([
    ['a token in clear where its SHA-256 belongs', BridgeConfig, { ...bridge, tokens: [{ name: 'n', sha256: 'S3CRET', scopes: ['read'] }] }, 'tokens.0.sha256'],
    ['a passphrase of digits without quotes', DeskConfig, { ...desk, passphrase: 5312345 }, 'passphrase'],
    ['a token of digits', DeskConfig, { ...desk, bridges: [{ name: 'b', url: 'http://x', token: 5312345 }] }, 'bridges.0.token'],
    ['a password in an address', DeskConfig, { ...desk, bridges: [{ name: 'b', url: 'ftp://me:S3CRET@x', token: 't' }] }, 'bridges.0.url'],
  ])('for %s', (_name, schema, value, place) => {
    const text = told(schema, value);
    expect(text).toContain(`x.json at ${place}`);
    expect(text).not.toMatch(/S3CRET|5312345/);
  });

  test('also where there is no configuration at all', () => {
    for (const value of [null, 1, 'x', [], true, JSON.parse('{"__proto__":1}')]) expect(told(DeskConfig, value)).toContain('x.json');
  });
});
