/** Web push: what a push service and a browser see of it, by a push service of this test that decrypts (RFC 8291) and checks the desk's signature (RFC 8292). */
import { createDecipheriv, createECDH, createPublicKey, hkdfSync, randomBytes, verify, type ECDH } from 'node:crypto';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { signInKeyOf } from '../../host-bridge/desk/authority/keystore';
import { SUBSCRIPTIONS } from '../../host-bridge/desk/push/push';
import type { Outcome } from '../../host-bridge/common/post';
import { approved, openOffice, testKeys, type Answer, type Json, type Office } from './support';
import { tell } from '../../host-bridge/desk/security/notices';
import { pushKey } from '../../host-bridge/desk/push/keys';

const DAY = 86_400_000;

/** A browser with a subscription. */
class FakeBrowser {
  readonly ecdh: ECDH = createECDH('prime256v1');
  readonly auth = randomBytes(16);
  readonly endpoint: string;
  readonly public: Buffer;
  constructor(host = 'push.example.org') {
    this.public = this.ecdh.generateKeys();
    this.endpoint = `https://${host}/send/${randomBytes(8).toString('hex')}`;
  }

  get subscription(): object {
    return { endpoint: this.endpoint, keys: { p256dh: this.public.toString('base64url'), auth: this.auth.toString('base64url') }, language: 'zh' };
  }

  /** RFC 8291 section 3.4, RFC 8188 section 2.1; one record. */
  decrypt(body: Buffer): Json {
    const [salt, length] = [body.subarray(0, 16), body[20]!];
    const server = body.subarray(21, 21 + length);
    const info = Buffer.concat([Buffer.from('WebPush: info\0'), this.public, server]);
    const ikm = Buffer.from(hkdfSync('sha256', this.ecdh.computeSecret(server), this.auth, info, 32));
    const key = Buffer.from(hkdfSync('sha256', ikm, salt, 'Content-Encoding: aes128gcm\0', 16));
    const nonce = Buffer.from(hkdfSync('sha256', ikm, salt, 'Content-Encoding: nonce\0', 12));
    const cipher = body.subarray(21 + length);
    const gcm = createDecipheriv('aes-128-gcm', key, nonce);
    gcm.setAuthTag(cipher.subarray(-16));
    const plain = Buffer.concat([gcm.update(cipher.subarray(0, -16)), gcm.final()]);
    const end = plain.lastIndexOf(2); // the last record's delimiter, and padding of zeros behind
    expect(plain.subarray(end + 1).every((byte) => byte === 0)).toBe(true);
    return JSON.parse(plain.subarray(0, end).toString('utf8'));
  }
}

interface Sent {
  url: string;
  headers: Record<string, string>;
  body: Buffer;
}

let office: Office;
let sent: Sent[];
let outcome: (url: string) => Outcome;
const post = (url: string, headers: Record<string, string>, body: string | Uint8Array): Promise<Outcome> => {
  sent.push({ url, headers, body: Buffer.from(body) });
  return Promise.resolve(outcome(url));
};
const GOOD = { status: 201, why: '' };

type Who = keyof Office['tokens'];
const ask = (who: Who, method: string, url: string, body?: unknown): Promise<Answer> => office.call(office.tokens[who], method, url, body);
const subscribe = async (who: Who, browser = new FakeBrowser()): Promise<FakeBrowser> => {
  expect((await ask(who, 'POST', '/v1/push/subscriptions', browser.subscription)).status).toBe(201);
  return browser;
};
/** The unit notes that it was opened by force. */
async function alarm(): Promise<string> {
  office.device.write(9, [6, 0]);
  await office.desk.round();
  const { cases } = (await ask('admin', 'GET', '/v1/cases?open=true')).body;
  return cases.find(({ kind }: Json) => kind === 'alarm').id;
}
async function later(ms: number): Promise<void> {
  office.clock.time += ms;
  await office.desk.round();
}

beforeEach(async () => {
  sent = [];
  outcome = () => GOOD;
  office = await openOffice({ push: { contact: 'mailto:it@example.com', networks: [], post } });
  await office.desk.round();
});
afterEach(() => office.close());

test('an alarm reaches the browsers of those who deal with cases, encrypted for each, signed by the desk, with nothing of a document', async () => {
  const [keeper, auditor] = [await subscribe('custodian'), await subscribe('auditor', new FakeBrowser('updates.example.net'))];
  await subscribe('applicant', new FakeBrowser('applicant.example.net')); // who may see no case is told of none
  const id = await alarm();
  expect(sent.map(({ url }) => url).sort()).toEqual([keeper.endpoint, auditor.endpoint].sort());
  for (const { url, headers, body } of sent) {
    const browser = url === keeper.endpoint ? keeper : auditor;
    const message = browser.decrypt(body);
    expect(message).toEqual({ case: id, title: '印章报警', body: expect.stringMatching(/^Unit 1：.+/) });
    expect(body.includes('Unit 1')).toBe(false);
    expect(() => (browser === keeper ? auditor : keeper).decrypt(body)).toThrow();
    expect(headers).toMatchObject({ 'content-encoding': 'aes128gcm', urgency: 'high' });
    expect(Number(headers['ttl'])).toBeGreaterThan(0);

    const [, token = '', key = ''] = /^vapid t=([\w.-]+), ?k=([\w-]+)$/i.exec(headers['authorization']!)!;
    expect(key).toBe((await ask('custodian', 'GET', '/v1/push')).body.key);
    const [head = '', claims = '', signature = ''] = token.split('.');
    const { jwk } = pushKey(signInKeyOf(testKeys));
    const { d: _secret, ...open } = jwk;
    expect(verify('sha256', Buffer.from(`${head}.${claims}`), { key: createPublicKey({ key: open, format: 'jwk' }), dsaEncoding: 'ieee-p1363' }, Buffer.from(signature, 'base64url'))).toBe(true);
    const said = JSON.parse(Buffer.from(claims, 'base64url').toString());
    expect(said).toMatchObject({ aud: new URL(url).origin, sub: 'mailto:it@example.com' });
    expect(said.exp - office.clock.seconds).toBeLessThanOrEqual(86_400);
  }
  // Once, however often it is looked.
  await later(60_000);
  expect(sent).toHaveLength(2);
});

test('a subscription that is over is removed; one that cannot be reached is tried again until somebody has taken the alarm', async () => {
  const [gone, away] = [await subscribe('custodian'), await subscribe('auditor', new FakeBrowser('away.example.net'))];
  outcome = (url) => (url === gone.endpoint ? { status: 410, why: 'STATUS' } : { status: 0, why: 'UNREACHABLE' });
  const id = await alarm();
  expect((await ask('custodian', 'GET', '/v1/push')).body.subscriptions).toEqual([]);
  expect((await ask('auditor', 'GET', '/v1/push')).body.subscriptions).toHaveLength(1);
  await later(10_000);
  expect(sent).toHaveLength(2);
  await later(10_000);
  expect(sent.at(-1)!.url).toBe(away.endpoint);
  expect(sent).toHaveLength(3);
  await ask('custodian', 'POST', `/v1/cases/${id}/close`, { reason: '已查看' });
  await later(3_600_000);
  expect(sent).toHaveLength(3);
});

test('a message is worth a day; who may no longer see cases is told of none', async () => {
  const away = await subscribe('auditor');
  outcome = () => ({ status: 503, why: 'STATUS', retryAfter: 60 });
  await alarm();
  await later(30_000);
  expect(sent).toHaveLength(1); // the service asked to be left alone for a minute
  await later(31_000);
  expect(sent).toHaveLength(2);
  await ask('admin', 'PUT', `/v1/people/${office.ids.auditor}/roles`, { roles: ['applicant'] });
  outcome = () => GOOD;
  await later(3_600_000);
  expect(sent).toHaveLength(2);
  await ask('admin', 'PUT', `/v1/people/${office.ids.auditor}/roles`, { roles: ['auditor'] });
  outcome = () => ({ status: 0, why: 'UNREACHABLE' });
  office.device.write(9, [6, 0]);
  await later(1000);
  outcome = () => GOOD;
  const before = sent.length;
  await later(DAY + 1000);
  expect(sent.slice(before)).toEqual([]);
  expect(sent.every(({ url }) => url === away.endpoint)).toBe(true);
});

test('subscriptions are bounded, belong to who signed in last at the browser, and are ended by their person alone', async () => {
  const browsers = [];
  for (let count = 0; count <= SUBSCRIPTIONS; count++) {
    office.clock.time += 1000;
    browsers.push(await subscribe('custodian'));
  }
  const { subscriptions } = (await ask('custodian', 'GET', '/v1/push')).body;
  expect(subscriptions).toHaveLength(SUBSCRIPTIONS);
  // What lets somebody send there is shown to nobody.
  expect(JSON.stringify(subscriptions)).not.toContain('push.example.org');
  const shared = browsers.at(-1)!;
  await subscribe('auditor', shared);
  const mine = (await ask('auditor', 'GET', '/v1/push')).body.subscriptions;
  expect([mine.length, (await ask('custodian', 'GET', '/v1/push')).body.subscriptions.length]).toEqual([1, SUBSCRIPTIONS - 1]);
  expect((await ask('custodian', 'DELETE', `/v1/push/subscriptions/${mine[0].id}`)).body.code).toBe('NOT_FOUND');
  expect((await ask('auditor', 'DELETE', `/v1/push/subscriptions/${mine[0].id}`)).status).toBe(200);
  await alarm();
  // It is told that it was ended, where its browser still takes it, and nothing else.
  expect(sent.filter(({ url }) => url === shared.endpoint).map(({ body }) => shared.decrypt(body)['notice'])).toEqual(['push-removed']);
});

test.each([
  ['http://push.example.org/x', 'https'], ['https://127.0.0.1/x', 'address'], ['https://[::1]/x', 'address'], ['https://169.254.169.254/latest/meta-data', 'address'], ['https://10.0.0.5/x', 'address'],
  ['https://0x7f.1/x', 'address'], ['https://[::ffff:10.0.0.5]/x', 'address'], ['https://user:pass@push.example.org/x', 'password'], ['javascript:alert(1)', 'https'], ['not an address', 'URL'],
])('the desk sends nothing to %s', async (endpoint, why) => {
  const { status, body } = await ask('custodian', 'POST', '/v1/push/subscriptions', { ...new FakeBrowser().subscription, endpoint });
  expect([status, body.code]).toEqual([422, 'PUSH_ADDRESS']);
  expect(body.detail).toContain(why);
});

test('keys that are none are refused', async () => {
  const browser = new FakeBrowser();
  const off = Buffer.from(browser.public);
  off[64] = off[64]! ^ 1; // no longer on the curve
  for (const keys of [{ p256dh: off.toString('base64url'), auth: browser.auth.toString('base64url') }, { p256dh: browser.public.toString('base64url'), auth: 'AAAA' }, { p256dh: browser.public.subarray(0, 33).toString('base64url'), auth: browser.auth.toString('base64url') }]) {
    expect((await ask('custodian', 'POST', '/v1/push/subscriptions', { ...browser.subscription, keys })).body.code).toBe('PUSH_KEYS');
  }
});

test('a name that leads to this machine is not connected to, though it was taken', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  let connected = 0;
  server.on('connection', () => connected++);
  await office.close();
  office = await openOffice({ push: { contact: 'mailto:it@example.com', networks: [] } });
  await office.desk.round();
  await subscribe('custodian', new FakeBrowser(`localhost:${(server.address() as AddressInfo).port}`));
  await alarm();
  expect(connected).toBe(0);
  await new Promise((resolve) => server.close(resolve));
});

test('not configured, nothing is offered and nothing is taken', async () => {
  await office.close();
  office = await openOffice();
  expect((await ask('custodian', 'GET', '/v1/push')).body).toEqual({ key: null, subscriptions: [] });
  expect((await ask('custodian', 'POST', '/v1/push/subscriptions', new FakeBrowser().subscription)).body.code).toBe('PUSH_OFF');
});

test('what happened to the own account reaches its person and nobody else, once, also where somebody has marked it as seen', async () => {
  const [applicant, auditor] = [await subscribe('applicant'), await subscribe('auditor', new FakeBrowser('updates.example.net'))];
  const { token } = (await ask('admin', 'POST', `/v1/people/${office.ids.applicant}/token`)).body;
  await later(1000);
  expect(sent.map(({ url }) => url)).toEqual([applicant.endpoint]);
  expect(applicant.decrypt(sent[0]!.body)).toEqual({ notice: 'token', title: '账户安全', body: expect.stringMatching(/令牌/) });
  expect(() => auditor.decrypt(sent[0]!.body)).toThrow();
  await later(60_000);
  expect(sent).toHaveLength(1);
  office.tokens.applicant = token;
  outcome = () => ({ status: 0, why: 'UNREACHABLE' });
  office.tokens.applicant = (await ask('admin', 'POST', `/v1/people/${office.ids.applicant}/token`)).body.token;
  await later(1000);
  expect(sent).toHaveLength(2);
  const { notices } = (await ask('applicant', 'GET', '/v1/me/notices')).body;
  expect(notices.map(({ kind, by }: Json) => [kind, by])).toEqual([['token', office.ids.admin], ['token', office.ids.admin], ['push-added', undefined]]);
  // A thief who is signed in can mark it before it is taken; that it happened is told all the same.
  await ask('applicant', 'POST', '/v1/me/notices/seen', { upTo: notices[0].id });
  outcome = () => GOOD;
  await later(3_600_000);
  expect(sent).toHaveLength(3);
  expect(applicant.decrypt(sent[2]!.body)).toMatchObject({ notice: 'token' });
  await later(3_600_000);
  expect(sent).toHaveLength(3);
});

test('whoever has a session of somebody hides nothing by making noise: of each kind the newest stay, and are shown', async () => {
  const { store } = office.desk.rooms;
  await store.commit((trx) => tell(trx, office.ids.applicant, 'passkey', office.clock.seconds, { name: 'Thief' }));
  const thief = new FakeBrowser('thief.example.net');
  for (let count = 0; count < 210; count++) {
    await subscribe('applicant', thief);
    const [{ id }] = (await ask('applicant', 'GET', '/v1/push')).body.subscriptions;
    await ask('applicant', 'DELETE', `/v1/push/subscriptions/${id}`);
  }
  const { notices } = (await ask('applicant', 'GET', '/v1/me/notices')).body;
  expect(notices.at(-1)).toMatchObject({ kind: 'passkey', name: 'Thief', seen: false });
  expect(notices.length).toBeLessThan(60);
  expect(await store.read((db) => db.selectFrom('account_notice').select('id').where('person', '=', office.ids.applicant).where('kind', '=', 'push-removed').execute())).toHaveLength(50);
});

test('who adds a browser to push to is told of: on the page, and at those that were there before', async () => {
  const mine = await subscribe('applicant');
  const told = async (): Promise<unknown[]> => (await ask('applicant', 'GET', '/v1/me/notices')).body.notices.map(({ kind }: Json) => kind);
  expect(await told()).toEqual(['push-added']);
  await later(1000);
  expect(sent).toEqual([]);
  // In a session that was stolen; what it can do there is mark it as seen.
  const thief = await subscribe('applicant', new FakeBrowser('thief.example.net'));
  const [{ id, kind, agent, address, name }] = (await ask('applicant', 'GET', '/v1/me/notices')).body.notices;
  expect([kind, typeof agent, typeof address, name]).toEqual(['push-added', 'string', 'string', agent]);
  await ask('applicant', 'POST', '/v1/me/notices/seen', { upTo: id });
  await later(1000);
  expect(sent.map(({ url }) => url)).toEqual([mine.endpoint]);
  expect(mine.decrypt(sent[0]!.body)).toEqual({ notice: 'push-added', title: '账户安全', body: '已开始向一个浏览器推送。若非本人操作，请立即查看。' });
  // A browser that renews what it has is none that was added; nobody else is told.
  await subscribe('applicant', mine);
  await later(1000);
  expect([sent.length, await told()]).toEqual([1, ['push-added', 'push-added']]);
  expect((await ask('auditor', 'GET', '/v1/me/notices')).body.notices).toEqual([]);
  // Of whoever has the browser from now on it is one.
  await subscribe('auditor', thief);
  expect((await ask('auditor', 'GET', '/v1/me/notices')).body.notices).toMatchObject([{ kind: 'push-added' }]);
});

test('who ends the push of a browser is told of: there last of all, and at the others', async () => {
  const [mine, phone] = [await subscribe('applicant'), await subscribe('applicant', new FakeBrowser('phone.example.net'))];
  const { store } = office.desk.rooms;
  // What happened before it was ended, and was not pushed yet, is told there as well.
  await store.commit((trx) => tell(trx, office.ids.applicant, 'new-browser', office.clock.seconds, { agent: 'Thief/1' }));
  const { subscriptions } = (await ask('applicant', 'GET', '/v1/push')).body;
  for (const { id } of subscriptions) expect((await ask('applicant', 'DELETE', `/v1/push/subscriptions/${id}`)).status).toBe(200);
  // Whoever makes and ends many drives none of them out.
  for (let count = 0; count < SUBSCRIPTIONS + 2; count++) {
    office.clock.time += 1000;
    await subscribe('applicant', new FakeBrowser('thief.example.net'));
    const [{ id }] = (await ask('applicant', 'GET', '/v1/push')).body.subscriptions;
    await ask('applicant', 'DELETE', `/v1/push/subscriptions/${id}`);
  }
  expect((await ask('applicant', 'GET', '/v1/push')).body.subscriptions).toEqual([]);
  expect((await ask('applicant', 'DELETE', `/v1/push/subscriptions/${subscriptions[0].id}`)).body.code).toBe('NOT_FOUND');
  await later(1000);
  for (const browser of [mine, phone]) {
    const told = sent.filter(({ url }) => url === browser.endpoint).map(({ body }) => browser.decrypt(body)['notice']);
    expect(told).toEqual(expect.arrayContaining(['new-browser', 'push-removed']));
  }
  const [{ kind, name, agent }] = (await ask('applicant', 'GET', '/v1/me/notices')).body.notices;
  expect([kind, typeof name, typeof agent]).toEqual(['push-removed', 'string', 'string']);
  // Nothing that happens afterwards goes there, and no case.
  const before = sent.length;
  await later(1000);
  await store.commit((trx) => tell(trx, office.ids.applicant, 'token', office.clock.seconds));
  await alarm();
  await later(60_000);
  expect(sent).toHaveLength(before);
  await later(DAY + 2000);
  expect(await store.read((db) => db.selectFrom('push_subscription').select('id').execute())).toEqual([]);
});

test('who approved is told once that it is stamped, by the number of the application alone', async () => {
  const [chief, applicant] = [await subscribe('chief'), await subscribe('applicant', new FakeBrowser('updates.example.net'))];
  const application = await approved(office, { purpose: '不为外人所知的收购协议', count: 5 });
  const permit = application.permits[0].id;
  await office.desk.round();
  office.device.use(permit, office.bridge.permits.get(permit)!, 5);
  await later(1000);
  expect(sent.map(({ url }) => url)).toEqual([chief.endpoint]);
  expect(chief.decrypt(sent[0]!.body)).toEqual({ notice: 'use-stamped', application: application.id, title: '您批准的用印', body: '已盖章。请打开审批台查看。' });
  expect(() => applicant.decrypt(sent[0]!.body)).toThrow();
  await later(60_000);
  expect(sent).toHaveLength(1);
});
