/** Tokens, certificates and people that are for some devices: for them there are no others, in no list, stream or message. */
import type { JWTPayload } from 'jose';
import { eventsOf } from '../../host-bridge/client';
import { peopleByJwt } from '../../host-bridge/desk/people/identity';
import type { People } from '../../host-bridge/desk/people/people';
import type { MqttClient } from '../../host-bridge/bridge/mqtt/publisher';
import { digestOfToken, union } from '../../host-bridge/common/tokens';
import type { Outcome } from '../../host-bridge/bridge/webhooks/post';
import { Bench, DEVICE, OTHER } from './harness';

const ALL = ['read', 'permit', 'grant', 'webhook', 'admin'];
const NOBODY = '00000000000000ff';
let bench: Bench;
let posted: { url: string; body: { type: string; device: string; data: Record<string, unknown> } }[];
beforeEach(() => {
  bench = new Bench();
  posted = [];
});
afterEach(() => bench.end());

const post = (url: string, _headers: unknown, body: string): Promise<Outcome> => {
  posted.push({ url, body: JSON.parse(body) as (typeof posted)[number]['body'] });
  return Promise.resolve({ status: 200, why: '' });
};
const entry = (name: string, devices?: string[], scopes = ALL) => ({ name, sha256: digestOfToken(name), scopes, ...(devices === undefined ? {} : { devices }) });
const start = (bounds: string[] | undefined = [DEVICE]) => bench.start({ post, tokens: [entry('some', bounds), entry('all')] });
const call = (method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', url: string, token: string, payload?: object) =>
  bench.clock.during(bench.bridge.app.inject({ method, url, headers: { authorization: `Bearer ${token}` }, ...(payload === undefined ? {} : { payload }) }));

test('every route there is: of another device it says what it says of one that does not exist', async () => {
  await start();
  const document = bench.bridge.app.swagger() as { paths: Record<string, Record<string, unknown>> };
  const routes = Object.entries(document.paths).flatMap(([path, methods]) => Object.keys(methods).map((method) => [method.toUpperCase() as 'GET', path] as const));
  const fill = (path: string, device: string): string => path.replace('{device}', device).replace('{webhook}', `wh_${'0'.repeat(24)}`).replace(/\{(digest|grant)\}/, 'a'.repeat(64)).replace('{permit}', 'a'.repeat(32)).replace('{event}', '1');
  let asked = 0;
  for (const [method, path] of routes) {
    if (!path.includes('{device}')) continue;
    asked += 1;
    const answers = [];
    for (const device of [OTHER, NOBODY]) {
      const answer = await call(method, fill(path, device), 'some', method === 'GET' || method === 'DELETE' ? undefined : {});
      answers.push([answer.statusCode, answer.body.replaceAll(device, 'ID')]);
    }
    expect([method, path, answers[0]]).toEqual([method, path, answers[1]]);
    expect([path, answers[0]![0]]).toEqual([path, 404]);
    // A route that does not look at all would pass the above: its own device it does find.
    expect([path, (await call(method, fill(path, DEVICE), 'some', {})).body.includes('UNKNOWN_DEVICE')]).toEqual([path, false]);
  }
  expect(asked).toBeGreaterThan(25);
});

test('what is of all devices is not for a token of some, unless it keeps to them', async () => {
  await start();
  for (const url of ['/metrics', '/v1/audit', '/v1/capture?port=cable:1']) expect([url, (await call('GET', url, 'some')).json<{ code: string }>().code]).toEqual([url, 'FORBIDDEN']);
  for (const url of ['/v1/devices', '/v1/ports', '/v1/incidents', '/v1/webhooks']) expect([url, (await call('GET', url, 'some')).statusCode]).toEqual([url, 200]);
});

test('lists: devices, ports and incidents are its own', async () => {
  const [one, other] = [bench.plug(DEVICE), bench.plug(OTHER)];
  for (const device of [one, other]) device.firstSeq = 3; // what came before is lost: an incident
  await start();
  await bench.ready(DEVICE);
  await bench.ready(OTHER);
  await bench.clock.run(2000);
  const of = async (token: string) => ({
    devices: (await call('GET', '/v1/devices', token)).json<{ devices: { id: string }[]; next?: string }>(),
    ports: (await call('GET', '/v1/ports', token)).json<{ ports: { device?: string }[] }>().ports.map(({ device }) => device),
    incidents: (await call('GET', '/v1/incidents', token)).json<{ incidents: { device: string }[] }>().incidents.map(({ device }) => device),
  });
  const [all, some] = [await of('all'), await of('some')];
  expect([all.devices.devices.map(({ id }) => id), all.ports, all.incidents].map((list) => [...list].sort())).toEqual([[DEVICE, OTHER], [DEVICE, OTHER], [DEVICE, OTHER]]);
  expect([some.devices.devices.map(({ id }) => id), some.ports, some.incidents]).toEqual([[DEVICE], [DEVICE], [DEVICE]]);
  expect((await call('GET', '/v1/devices?limit=1', 'some')).json()).not.toHaveProperty('next');
});

test('the stream tells of its own, and begins again behind what was not for it', async () => {
  await start();
  const url = await bench.bridge.app.listen({ host: '127.0.0.1', port: 0 });
  const publish = (device: string, n: number): Promise<void> => bench.bridge.events.publish('incident', device, { n });
  await publish(DEVICE, 1);
  for (let n = 2; n < 6; n++) await publish(OTHER, n);
  await bench.bridge.events.publish('port', '', { port: 'x', code: 'Y' });
  const stop = new AbortController();
  const raw = await fetch(`${url}/v1/events?after=0`, { headers: { authorization: 'Bearer some' }, signal: stop.signal });
  let text = '';
  for await (const chunk of raw.body!) {
    text += Buffer.from(chunk).toString();
    if (text.includes('id: 6')) break;
  }
  stop.abort();
  expect(text.match(/"n":\d+/g)).toEqual(['"n":1']);
  expect(text).not.toContain(OTHER);
  expect(text.endsWith('id: 6\n\n')).toBe(true);

  // Our own client: it has missed nothing, and hears what comes.
  const end = new AbortController();
  const seen: unknown[] = [];
  const asked: (string | null)[] = [];
  const following = (async () => {
    const get: typeof fetch = (input, init) => {
      asked.push(new Headers(init?.headers).get('last-event-id'));
      return fetch(input, init);
    };
    for await (const event of eventsOf({ baseUrl: url, token: 'some', after: 1, signal: end.signal, fetch: get, sleep: () => Promise.resolve() })) {
      seen.push(event.data['n']);
      if (seen.length === 1) break;
    }
  })();
  await publish(OTHER, 7);
  await publish(DEVICE, 8);
  await following;
  expect([seen, asked]).toEqual([[8], ['1']]);
});

test('webhooks: its own devices, its own webhooks, and the bounds of today', async () => {
  await start([DEVICE, NOBODY]);
  const make = (token: string, devices?: string[]) => call('POST', '/v1/webhooks', token, { url: `https://${token}.example.com/`, types: ['incident'], ...(devices === undefined ? {} : { devices }) });
  expect((await make('some', [OTHER])).json()).toMatchObject({ code: 'UNKNOWN_DEVICE', status: 404 });
  const mine = (await make('some')).json<{ id: string; devices: string[] }>();
  expect([...mine.devices].sort()).toEqual([NOBODY, DEVICE].sort());
  const theirs = (await make('all')).json<{ id: string }>();
  expect((await call('GET', '/v1/webhooks', 'some')).json<{ webhooks: { id: string }[] }>().webhooks.map(({ id }) => id)).toEqual([mine.id]);
  const at = (path = '') => `/v1/webhooks/${theirs.id}${path}`;
  const tries = [['GET', at()], ['PATCH', at()], ['DELETE', at()], ['POST', at('/secret')], ['POST', at('/ping')], ['GET', at('/dead-letters')], ['POST', at('/dead-letters/resend')], ['POST', at('/dead-letters/1/resend')], ['DELETE', at('/dead-letters/1')]] as const;
  for (const [method, url] of tries) expect([method, url, (await call(method, url, 'some', method === 'PATCH' ? { url: 'https://thief.example.com/' } : undefined)).statusCode]).toEqual([method, url, 404]);
  expect((await call('PATCH', `/v1/webhooks/${mine.id}`, 'some', { devices: [DEVICE, OTHER] })).statusCode).toBe(404);
  expect((await call('PATCH', `/v1/webhooks/${mine.id}`, 'some', { devices: [] })).json<{ devices: string[] }>().devices).toHaveLength(2);
  await bench.bridge.events.publish('incident', OTHER, { n: 1 });
  await bench.bridge.events.publish('incident', DEVICE, { n: 2 });
  await bench.bridge.events.publish('incident', '', { n: 3 });
  await bench.clock.run(1000);
  const of = (name: string) => posted.filter(({ url }) => url === `https://${name}.example.com/`).map(({ body }) => body.data['n']);
  expect([of('some'), of('all').sort()]).toEqual([[2], [1, 2, 3]]);

  // The configuration gives the token less from now on: its webhook is told less, too.
  await bench.stop();
  await start([NOBODY]);
  await bench.bridge.events.publish('incident', DEVICE, { n: 4 });
  await bench.bridge.events.publish('incident', NOBODY, { n: 5 });
  await bench.clock.run(1000);
  expect(of('some')).toEqual([2, 5]);
});

test('a webhook is as good as the token of its maker: none is sent once that has expired, or is gone; with a new one of that name it goes on', async () => {
  const until = (ms: number): string => new Date(bench.clock.wall() + ms).toISOString();
  const begin = (...tokens: object[]) => bench.start({ post, tokens: [entry('all'), ...tokens] as never });
  await begin({ ...entry('temp'), expires: until(60_000) });
  const { id } = (await call('POST', '/v1/webhooks', 'temp', { url: 'https://temp.example.com/', types: ['incident'] })).json<{ id: string }>();
  const sent = () => posted.map(({ body }) => body.data['n']);
  const happens = async (n: number): Promise<void> => {
    await bench.bridge.events.publish('incident', DEVICE, { n });
    await bench.clock.run(2_000);
  };
  const paused = async (): Promise<unknown> => (await call('GET', `/v1/webhooks/${id}`, 'all')).json<{ paused: boolean }>().paused;
  await happens(1);
  expect([sent(), await paused()]).toEqual([[1], false]);
  await bench.clock.run(60_000);
  await happens(2);
  expect([sent(), await paused()]).toEqual([[1], true]);
  expect((await call('GET', '/metrics', 'all')).payload).toMatch(new RegExp(`^smartseal_webhook_on\\{webhook="${id}"\\} 0$`, 'm'));
  await bench.stop();
  await begin(); // taken away
  await happens(3);
  expect([sent(), await paused()]).toEqual([[1], true]);
  await bench.stop();
  await begin(entry('temp', undefined, ['read'])); // somebody of that name, who may not
  await happens(4);
  expect([sent(), await paused()]).toEqual([[1], true]);
  await bench.stop();
  await begin(entry('temp'));
  await happens(5);
  expect([sent(), await paused()]).toEqual([[1, 2, 3, 4, 5], false]);
});

test('a person who has left hears no more: their webhook waits when they have not called for a month, and goes on when they do', async () => {
  const person = (token: string) => Promise.resolve(token === 'eyJ.li.x' ? { name: 'person:li', scopes: ['webhook'], how: 'person' as const, until: bench.clock.wall() + 300_000 } : undefined);
  const begin = () => bench.start({ post, tokens: [entry('all')], personDays: 2, http: { person } });
  const sent = () => posted.map(({ body }) => body.data['n']);
  const happens = async (n: number): Promise<void> => {
    await bench.bridge.events.publish('incident', DEVICE, { n });
    await bench.clock.run(2_000);
  };
  await begin();
  const { id } = (await call('POST', '/v1/webhooks', 'eyJ.li.x', { url: 'https://li.example.com/', types: ['incident'] })).json<{ id: string }>();
  const paused = async (): Promise<unknown> => (await call('GET', `/v1/webhooks/${id}`, 'all')).json<{ paused: boolean }>().paused;
  await bench.clock.run(86_400_000);
  await happens(1);
  expect((await call('GET', '/v1/webhooks', 'eyJ.li.x')).json<{ webhooks: object[] }>().webhooks).toHaveLength(1);
  await bench.clock.run(86_400_000 + 3_600_000);
  await happens(2); // two days after it was made, one after they called
  expect([sent(), await paused()]).toEqual([[1, 2], false]);
  await bench.clock.run(86_400_000);
  await happens(3);
  expect([sent(), await paused()]).toEqual([[1, 2], true]); // that somebody else looks at it does not count
  await bench.stop();
  await begin();
  await happens(4);
  expect([sent(), await paused()]).toEqual([[1, 2], true]);
  expect((await call('GET', `/v1/webhooks/${id}`, 'eyJ.li.x')).json()).toMatchObject({ paused: false });
  await bench.clock.run(2_000);
  expect(sent()).toEqual([1, 2, 3, 4]);
});

test('webhooks of another are seen to by administrators of the whole bridge only', async () => {
  await bench.start({ post, tokens: [entry('oa', undefined, ['webhook']), entry('erp', undefined, ['webhook', 'read']), entry('hall', [DEVICE]), entry('all')] });
  const { id } = (await call('POST', '/v1/webhooks', 'oa', { url: 'https://oa.example.com/' })).json<{ id: string }>();
  const list = async (token: string): Promise<number> => (await call('GET', '/v1/webhooks', token)).json<{ webhooks: object[] }>().webhooks.length;
  expect([await list('oa'), await list('erp'), await list('hall'), await list('all')]).toEqual([1, 0, 0, 1]);
  for (const token of ['erp', 'hall']) for (const method of ['GET', 'DELETE', 'PATCH'] as const) expect([token, method, (await call(method, `/v1/webhooks/${id}`, token, method === 'PATCH' ? { url: 'https://thief.example.com/' } : undefined)).statusCode]).toEqual([token, method, 404]);
  expect((await call('PATCH', `/v1/webhooks/${id}`, 'all', { state: 'off' })).json()).toMatchObject({ state: 'off', url: 'https://oa.example.com/', owner: 'oa' });
});

test('a broker that is for some devices hears of no other, nor of what is of none', async () => {
  const topics: string[] = [];
  const client: MqttClient = {
    on: (event, call) => void (event === 'connect' && bench.clock.after(0, call as () => void)),
    publishAsync: (topic) => Promise.resolve(void topics.push(topic)),
    endAsync: () => Promise.resolve(),
  };
  await bench.start({ mqtt: { prefix: 's', connect: () => client, only: [DEVICE] } });
  for (const device of [OTHER, DEVICE, '', OTHER]) await bench.bridge.events.publish('incident', device, {});
  await bench.clock.run(1000);
  expect(topics.filter((topic) => topic !== 's/bridge/state')).toEqual([`s/devices/${DEVICE}/state`, `s/devices/${DEVICE}/events/incident`]);
});

test('grants side by side: none makes the scopes of another reach its own devices', () => {
  const { scopes, bounds } = union([{ scopes: ['read'], devices: [DEVICE, OTHER] }, { scopes: ['read', 'admin'], devices: [DEVICE] }, { scopes: ['permit'] }, { scopes: ['permit'], devices: [OTHER] }]);
  expect([...scopes].sort()).toEqual(['admin', 'permit', 'read']);
  expect([...bounds!].map(([scope, devices]) => [scope, [...devices]])).toEqual([['read', [DEVICE, OTHER]], ['admin', [DEVICE]]]);
});

test('a name inherited from an object is no person of the desk, nor is a claim that is no text', async () => {
  const people = { known: (id: number) => Promise.resolve(id === 3 ? { name: '3', scopes: ['self.read'] } : undefined) } as unknown as People;
  const who = (claims: JWTPayload | undefined) => peopleByJwt(people, { claim: 'sub', people: { zhang: 3, gone: 4 }, claims: () => Promise.resolve(claims) })('eyJ.a.b');
  expect(await who({ sub: 'zhang', exp: 1000 })).toEqual({ name: '3', scopes: ['self.read'], how: 'person', until: 1_030_000 });
  for (const claims of [{ sub: 'constructor' }, { sub: '__proto__' }, { sub: 'gone' }, { sub: 3 as never }, { sub: ['zhang'] as never }, {}, undefined]) expect(await who(claims)).toBeUndefined();
});
