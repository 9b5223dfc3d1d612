import { get, type IncomingMessage } from 'node:http';
import { digestOfToken } from '../../host-bridge/common/tokens';
import { systemClock } from '../../host-bridge/cli/system';
import { Bench, DEVICE, type TokenName } from './harness';

const PERMIT = '70'.repeat(16);

/** Every route with the scope it takes; undefined: open. */
const ROUTES: [method: 'GET' | 'PUT' | 'POST' | 'PATCH' | 'DELETE', path: string, scope: TokenName | undefined][] = [
  ['GET', '/healthz', undefined],
  ['GET', '/readyz', undefined],
  ['GET', '/v1/devices', 'reader'],
  ['GET', '/v1/devices/:device', 'reader'],
  ['GET', '/v1/devices/:device/view', 'reader'],
  ['POST', '/v1/devices/:device/photo', 'permitter'],
  ['POST', '/v1/devices/:device/time/nonce', 'granter'],
  ['POST', '/v1/devices/:device/close', 'granter'],
  ['DELETE', '/v1/devices/:device/quarantine', 'admin'],
  ['POST', '/v1/devices/:device/maintain', 'admin'],
  ['POST', '/v1/devices/:device/update', 'admin'],
  ['GET', '/v1/devices/:device/update', 'reader'],
  ['GET', '/v1/ports', 'reader'],
  ['PUT', '/v1/devices/:device/permits/:permit', 'permitter'],
  ['GET', '/v1/devices/:device/permits/:permit', 'reader'],
  ['POST', '/v1/devices/:device/grants', 'granter'],
  ['GET', '/v1/devices/:device/grants/:grant', 'reader'],
  ['GET', '/v1/devices/:device/permits', 'reader'],
  ['DELETE', '/v1/devices/:device/permits/:permit', 'permitter'],
  ['POST', '/v1/devices/:device/permits/:permit/revoke', 'granter'],
  ['POST', '/v1/devices/:device/permits/:permit/strokes', 'granter'],
  ['POST', '/v1/devices/:device/permits/:permit/top-up', 'granter'],
  ['GET', '/v1/devices/:device/grants', 'reader'],
  ['GET', '/v1/devices/:device/time', 'reader'],
  ['PUT', '/v1/devices/:device/time', 'granter'],
  ['GET', '/v1/devices/:device/people', 'reader'],
  ['GET', '/v1/devices/:device/uses', 'reader'],
  ['GET', '/v1/devices/:device/alarms', 'reader'],
  ['GET', '/v1/devices/:device/take-outs', 'reader'],
  ['GET', '/v1/devices/:device/photos', 'reader'],
  ['POST', '/v1/devices/:device/lease', 'admin'],
  ['GET', '/v1/devices/:device/lease', 'reader'],
  ['DELETE', '/v1/devices/:device/lease', 'admin'],
  ['POST', '/v1/webhooks', 'subscriber'],
  ['GET', '/v1/webhooks', 'subscriber'],
  ['GET', '/v1/webhooks/:webhook', 'subscriber'],
  ['PATCH', '/v1/webhooks/:webhook', 'subscriber'],
  ['DELETE', '/v1/webhooks/:webhook', 'subscriber'],
  ['POST', '/v1/webhooks/:webhook/secret', 'subscriber'],
  ['POST', '/v1/webhooks/:webhook/ping', 'subscriber'],
  ['GET', '/v1/webhooks/:webhook/dead-letters', 'subscriber'],
  ['POST', '/v1/webhooks/:webhook/dead-letters/resend', 'subscriber'],
  ['POST', '/v1/webhooks/:webhook/dead-letters/:event/resend', 'subscriber'],
  ['DELETE', '/v1/webhooks/:webhook/dead-letters/:event', 'subscriber'],
  ['GET', '/v1/errors', undefined],
  ['GET', '/v1/audit', 'admin'],
  ['GET', '/v1/devices/:device/records', 'reader'],
  ['GET', '/v1/devices/:device/photos/:digest', 'reader'],
  ['GET', '/v1/incidents', 'reader'],
  ['GET', '/v1/devices/:device/capture', 'admin'],
  ['GET', '/v1/capture', 'admin'],
  ['GET', '/metrics', 'reader'],
  ['GET', '/v1/events', 'reader'],
];

const real = (path: string): string => path.replace(':device', DEVICE).replace(':permit', PERMIT).replace(':grant', 'a'.repeat(64)).replace(':webhook', `wh_${'0'.repeat(24)}`).replace(':event', '1').replace(':digest', 'b'.repeat(64));

let bench: Bench;
beforeAll(async () => {
  bench = new Bench();
  await bench.start();
});
afterAll(() => bench.end());

test('the OpenAPI 3.1 document lists every route, its security and the form of its errors', async () => {
  const document = (await bench.get('/openapi.json')).json<{ openapi: string; paths: Record<string, Record<string, { security?: unknown; responses: Record<string, { content?: object }> }>> }>();
  expect(document.openapi).toBe('3.1.0');
  const listed = Object.entries(document.paths).flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`));
  expect(listed.sort()).toEqual(ROUTES.map(([method, path]) => `${method} ${path.replace(/:(\w+)/g, '{$1}')}`).sort());
  for (const [method, path, scope] of ROUTES) {
    const operation = document.paths[path.replace(/:(\w+)/g, '{$1}')]?.[method.toLowerCase()];
    expect(operation?.security).toEqual(scope === undefined ? [] : [{ bearer: [] }]);
    expect(Object.keys(operation?.responses['default']?.content ?? {})).toEqual(['application/problem+json']);
  }
});

test.each(ROUTES)('%s %s takes its own scope and no other', async (method, path, scope) => {
  const call = (authorization?: string) =>
    bench.clock.during(bench.bridge.app.inject({ method, url: real(path), headers: authorization === undefined ? {} : { authorization }, ...(method === 'PUT' ? { payload: {} } : {}) }));
  if (scope === undefined) {
    expect((await call()).statusCode).toBe(200);
    return;
  }
  for (const bad of [undefined, 'Bearer nobody', 'Basic YTpi', 'Bearer', `Bearer ${'x'.repeat(5000)}`, `Bearer ${digestOfToken('all')}`]) {
    const answer = await call(bad);
    expect([answer.statusCode, answer.json<{ code: string }>().code, answer.headers['www-authenticate']]).toEqual([401, 'UNAUTHENTICATED', 'Bearer']);
  }
  for (const name of ['reader', 'permitter', 'granter', 'subscriber', 'admin'] as const) {
    if (path === '/v1/events' && name === scope) continue; // an endless stream, below
    const answer = await call(`Bearer ${name}`);
    if (name === scope) expect([401, 403]).not.toContain(answer.statusCode);
    else expect([answer.statusCode, answer.json<{ code: string }>().code]).toEqual([403, 'FORBIDDEN']);
  }
});

test.each([
  ['GET', '/nowhere', undefined, 404, 'NO_ROUTE'],
  ['GET', '/v1/devices/xyz', undefined, 400, 'INVALID'],
  ['GET', `/v1/devices/${DEVICE.toUpperCase()}`, undefined, 400, 'INVALID'],
  ['GET', '/v1/devices/ffffffffffffffff', undefined, 404, 'UNKNOWN_DEVICE'],
  ['GET', '/v1/devices?limit=0', undefined, 400, 'INVALID'],
  ['GET', '/v1/devices?limit=many', undefined, 400, 'INVALID'],
  ['GET', '/v1/devices?surprise=1', undefined, 400, 'INVALID'],
  ['GET', `/v1/devices/${DEVICE}/records?from=-1`, undefined, 400, 'INVALID'],
  ['GET', `/v1/devices/${DEVICE}/permits/${PERMIT}`, undefined, 404, 'NOT_FOUND'],
  ['GET', '/v1/%zz', undefined, 400, 'INVALID'],
  ['PUT', `/v1/devices/${DEVICE}/permits/${PERMIT}`, '{"grant":1}', 400, 'INVALID'],
  ['PUT', `/v1/devices/${DEVICE}/permits/${PERMIT}`, '{"grant":"AAAA","more":1}', 400, 'INVALID'],
  ['PUT', `/v1/devices/${DEVICE}/permits/${PERMIT}`, '{', 400, 'INVALID'],
  ['PUT', `/v1/devices/${DEVICE}/permits/${PERMIT}`, `{"grant":"${'A'.repeat(5000)}"}`, 413, 'TOO_LARGE'],
  ['PUT', `/v1/devices/${DEVICE}/permits/${PERMIT}`, '<grant/>', 415, 'UNSUPPORTED_TYPE'],
  ['PUT', `/v1/devices/${DEVICE}/permits/${PERMIT}`, 'text', 415, 'UNSUPPORTED_TYPE'],
] as const)('%s %s is a problem document', async (method, url, payload, status, code) => {
  for (const language of ['en', 'zh-CN,zh;q=0.9']) {
    const headers = { authorization: 'Bearer all', 'accept-language': language, ...(payload === undefined ? {} : { 'content-type': code === 'UNSUPPORTED_TYPE' ? (payload === 'text' ? 'text/plain' : 'application/xml') : 'application/json' }) };
    const answer = await bench.clock.during(bench.bridge.app.inject({ method, url, headers, ...(payload === undefined ? {} : { payload }) }));
    expect(answer.headers['content-type']).toContain('application/problem+json');
    const document = answer.json<{ title: string }>();
    expect(document).toMatchObject({ status, code, type: `urn:smartseal:error:${code}` });
    expect(answer.statusCode).toBe(status);
    expect(/[\u4e00-\u9fff]/.test(document.title)).toBe(language !== 'en');
  }
});

test('devices are paged', async () => {
  const first = (await bench.get('/v1/devices?limit=1')).json<{ devices: { id: string }[]; next: string }>();
  expect(first.devices.map((device) => device.id)).toEqual([DEVICE]);
  const second = (await bench.get(`/v1/devices?limit=1&after=${first.next}`)).json<{ devices: { id: string }[]; next?: string }>();
  expect([second.devices.length, second.next]).toEqual([1, undefined]);
});

test('metrics come in the text format', async () => {
  const answer = await bench.get('/metrics');
  expect(answer.headers['content-type']).toContain('version=0.0.4');
  expect(answer.payload).toContain('smartseal_devices_known 2\n');
});

/** Reads server-sent events over a real socket until `count` have come. */
function follow(url: string, headers: Record<string, string>, count: number): Promise<{ id: number; event: string; data: Record<string, unknown> }[]> {
  return new Promise((resolve, reject) => {
    const request = get(url, { headers: { authorization: 'Bearer reader', ...headers } }, (response: IncomingMessage) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('error', () => undefined);
      response.on('data', (chunk: string) => {
        text += chunk;
        const events = text
          .split('\n\n')
          .slice(0, -1)
          .filter((block) => block.includes('event:'))
          .map((block) => {
            const field = (name: string): string => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1] ?? '';
            return { id: Number(field('id')), event: field('event'), data: JSON.parse(field('data')) as Record<string, unknown> };
          });
        if (events.length < count) return;
        request.destroy();
        resolve(events.slice(0, count));
      });
    });
    request.on('error', reject);
  });
}

test('events resume after the last one seen, none lost and none twice', async () => {
  const url = await bench.bridge.app.listen({ host: '127.0.0.1', port: 0 });
  for (let i = 1; i <= 250; i++) await bench.bridge.events.publish('test', DEVICE, { i });
  const all = await follow(`${url}/v1/events?after=0`, {}, 250);
  expect(all.map((event) => event.data['i'])).toEqual([...Array(250).keys()].map((i) => i + 1));
  expect(all[0]).toMatchObject({ event: 'test', data: { device: DEVICE } });
  const seen = all[99]?.id ?? 0;
  const rest = await follow(`${url}/v1/events`, { 'last-event-id': String(seen) }, 150);
  expect(rest.map((event) => event.data['i'])).toEqual([...Array(150).keys()].map((i) => i + 101));
  const live = follow(`${url}/v1/events`, {}, 3);
  await new Promise((resolve) => systemClock().after(100, () => resolve(undefined)));
  for (let i = 1; i <= 3; i++) await bench.bridge.events.publish('live', '', { i });
  expect((await live).map((event) => [event.event, event.data['i']])).toEqual([['live', 1], ['live', 2], ['live', 3]]);
});

test('a reader that comes back too late is told so', async () => {
  await bench.stop();
  await bench.start({ eventsKept: 10 });
  for (let i = 1; i <= 1030; i++) await bench.bridge.events.publish('test', '', { i });
  const url = await bench.bridge.app.listen({ host: '127.0.0.1', port: 0 });
  const [first, second] = await follow(`${url}/v1/events`, { 'last-event-id': '5' }, 2);
  expect(first?.event).toBe('reset');
  expect(second?.id).toBe(first?.data['oldest']);
});
