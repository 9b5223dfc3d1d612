/** The client package against a running bridge; and that what is generated is not stale. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { checkWebhook, createClient, eventsOf, type BridgeEvent, type Schema } from '../../host-bridge/client';
import { signedHeaders } from '../../host-bridge/bridge/webhooks/sign';
import { systemClock } from '../../host-bridge/cli/system';
import { Bench, DEVICE } from './harness';

const root = path.resolve(__dirname, '../..');
let bench: Bench;
beforeEach(() => {
  bench = new Bench();
});
afterEach(async () => {
  if (bench.bridge !== undefined) await bench.end();
});
const listen = async (port = 0): Promise<string> => {
  await bench.start();
  return bench.bridge.app.listen({ host: '127.0.0.1', port });
};
const sleep = (ms: number): Promise<void> => new Promise((resolve) => systemClock().after(Math.min(ms, 20), resolve));

test('docs/openapi.json and the generated types are those of this bridge', async () => {
  await bench.start();
  expect(JSON.parse(readFileSync(path.join(root, 'docs/openapi.json'), 'utf8'))).toEqual((await bench.get('/openapi.json')).json());
  const folder = mkdtempSync(path.join(tmpdir(), 'client-'));
  const made = spawnSync(process.execPath, [path.join(root, 'node_modules/openapi-typescript/bin/cli.js'), 'docs/openapi.json', '--default-non-nullable', 'false', '--output', path.join(folder, 'api.ts')], { cwd: root, encoding: 'utf8' });
  expect(made.status).toBe(0);
  expect(readFileSync(path.join(folder, 'api.ts'), 'utf8')).toBe(readFileSync(path.join(root, 'host-bridge/client/generated/api.ts'), 'utf8'));
  rmSync(folder, { recursive: true });
});

test('calls are typed, errors are problem documents', async () => {
  const baseUrl = await listen();
  const bridge = createClient({ baseUrl, token: () => Promise.resolve('all'), language: 'zh' });
  const { data } = await bridge.GET('/v1/devices/{device}', { params: { path: { device: DEVICE } } });
  const device: Schema<'Device'> = data!;
  expect([device.id, device.connected, device.nextSeq]).toEqual([DEVICE, false, 0]);
  const listed = await bridge.GET('/v1/devices/{device}/uses', { params: { path: { device: DEVICE }, query: { limit: 5 } } });
  expect(listed.data!.uses).toEqual([]);
  const { error, response } = await bridge.PUT('/v1/devices/{device}/permits/{permit}', { params: { path: { device: DEVICE, permit: '0'.repeat(32) } }, body: { grant: 'AAAA' } });
  expect([response.status, error?.code, error?.title]).toEqual([422, 'GRANT_MALFORMED', expect.stringMatching(/授权/)]);
  const hook = await bridge.POST('/v1/webhooks', { body: { url: 'https://oa.example.com/x', types: ['record'] } });
  expect(hook.data!.secret).toMatch(/^whsec_/);
});

test('events go on behind the last one over a restart of the bridge, and end when they should', async () => {
  const baseUrl = await listen();
  const seen: BridgeEvent[] = [];
  const stop = new AbortController();
  const reading = (async () => {
    for await (const event of eventsOf({ baseUrl, token: 'reader', after: 0, signal: stop.signal, sleep })) {
      seen.push(event);
      if (seen.length === 6) stop.abort();
    }
  })();
  for (let i = 1; i <= 3; i++) await bench.bridge.events.publish('test', DEVICE, { i });
  for (let i = 0; i < 500 && seen.length < 3; i++) await sleep(10);
  await bench.stop();
  await listen(Number(new URL(baseUrl).port));
  for (let i = 4; i <= 6; i++) await bench.bridge.events.publish('test', DEVICE, { i });
  await reading;
  expect(seen.map(({ type, data }) => [type, data['i'], data['device']])).toEqual([1, 2, 3, 4, 5, 6].map((i) => ['test', i, DEVICE]));
  await expect((async () => {
    for await (const event of eventsOf({ baseUrl, token: 'nobody', sleep })) void event;
  })()).rejects.toThrow('401');
});

test('a message is believed only as it was signed, and not when it is old', () => {
  const secret = Buffer.alloc(32, 7);
  const text = `whsec_${secret.toString('base64')}`;
  const body = JSON.stringify({ id: 5, type: 'record', timestamp: '2026-01-01T00:00:00.000Z', device: DEVICE, data: {} });
  const headers = signedHeaders('wh_1.5', 1000, body, [secret, Buffer.alloc(32, 8)]);
  expect(checkWebhook(text, headers, body, 1010)).toMatchObject({ id: 5, type: 'record' });
  expect(checkWebhook(`whsec_${Buffer.alloc(32, 8).toString('base64')}`, headers, body, 1010)).toMatchObject({ id: 5 });
  const bad: [string, Record<string, string>, string, number][] = [
    [text, headers, `${body} `, 1010], [text, headers, body, 1301], [text, headers, body, 699], [text, { ...headers, 'webhook-id': 'wh_1.6' }, body, 1010], [text, { ...headers, 'webhook-timestamp': '1001' }, body, 1010],
    [text, { ...headers, 'webhook-signature': 'v1,' }, body, 1010], [text, {}, body, 1010], [`whsec_${Buffer.alloc(32, 9).toString('base64')}`, headers, body, 1010],
  ];
  for (const [key, given, content, now] of bad) expect(checkWebhook(key, given, content, now)).toBeUndefined();
});
