/** Somebody on the network, with a poor token or none, at the bridge's own socket. */
import { connect, type Socket } from 'node:net';
import { sleep } from '../../host-bridge/common/clock';
import { systemClock } from '../../host-bridge/cli/system';
import { Bench, DEVICE } from '../bridge/harness';

const PERMIT = `/v1/devices/${DEVICE}/permits/${'70'.repeat(16)}`;
const clock = systemClock();
const rejections: unknown[] = [];
const onRejection = (why: unknown): void => void rejections.push(why);

let bench: Bench;
let port: number;
beforeEach(async () => {
  process.on('unhandledRejection', onRejection);
  bench = new Bench();
  await bench.start();
  port = Number(new URL(await bench.bridge.app.listen({ host: '127.0.0.1', port: 0 })).port);
});
afterEach(async () => {
  // Whatever was done: it still serves, and nothing was left rejected.
  const health = await fetch(`http://127.0.0.1:${port}/healthz`);
  expect([health.status, rejections]).toEqual([200, []]);
  process.off('unhandledRejection', onRejection);
  await bench.end();
});

/** Writes bytes and gathers what comes until the line is closed, or is quiet for a while. */
async function raw(pieces: (string | Buffer)[], quiet = 400): Promise<string> {
  const socket: Socket = connect(port, '127.0.0.1');
  let text = '';
  let closed = false;
  let heard = clock.now();
  socket.on('data', (chunk: Buffer) => {
    text += chunk.toString('latin1');
    heard = clock.now();
  });
  socket.on('error', () => undefined);
  socket.on('close', () => (closed = true));
  for (const piece of pieces) {
    if (closed) break;
    if (!socket.write(piece)) await Promise.race([new Promise((resolve) => socket.once('drain', resolve)), new Promise((resolve) => socket.once('close', resolve))]);
  }
  while (!closed && clock.now() - heard < quiet) await sleep(clock, 10);
  socket.destroy();
  return text;
}
const statuses = (text: string): number[] => [...text.matchAll(/^HTTP\/1\.1 (\d{3})/gm)].map(([, status]) => Number(status));
const head = (method: string, path: string, more: string[] = [], token = 'all'): string => [`${method} ${path} HTTP/1.1`, 'Host: x', `Authorization: Bearer ${token}`, 'Content-Type: application/json', ...more, '', ''].join('\r\n');

test('a body without end is cut off at the limit, announced or not', async () => {
  const chunk = `8000\r\n${'x'.repeat(0x8000)}\r\n`;
  const endless = await raw([head('PUT', PERMIT, ['Transfer-Encoding: chunked']), ...Array<string>(2000).fill(chunk)]);
  expect(statuses(endless)).toEqual([413]);
  const announced = await raw([head('PUT', PERMIT, ['Content-Length: 999999999']), 'x'.repeat(100_000)]);
  expect(statuses(announced)).toEqual([413]);
});

test('a body nobody may send is not even read', async () => {
  const answer = await raw([head('PUT', PERMIT, ['Content-Length: 3000'], 'reader')]);
  expect(statuses(answer)).toEqual([403]);
});

test('one that says less than it announced is waited for, and no longer than a request may take', async () => {
  expect(bench.bridge.app.server.requestTimeout).toBe(60_000);
  const answer = await raw([head('PUT', PERMIT, ['Content-Length: 30']), '{"grant":'], 300);
  expect(answer).toBe('');
});

test('rubbish instead of HTTP, headers without end, smuggled requests, broken addresses', async () => {
  expect(statuses(await raw(['\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', Buffer.alloc(500, 7)]))).toEqual([400]);
  expect(statuses(await raw(['GET / HTTP/1.1\r\nHost: x\r\n', ...Array<string>(200).fill(`X-A: ${'a'.repeat(1000)}\r\n`)]))).toEqual([431]);
  expect(statuses(await raw([`POST /v1/devices HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /v1/audit HTTP/1.1\r\nHost: x\r\n\r\n`]))).toEqual([400]);
  expect(statuses(await raw([head('GET', '/v1/devices/%00', [], 'all')]))[0]).toBe(400);
  expect(statuses(await raw([head('GET', '/v1/../v1/audit', [], 'reader')]))[0]).toBe(404);
  expect(statuses(await raw([head('GET', '//v1/audit', [], 'reader')]))[0]).toBe(404);
  expect(statuses(await raw([head('GET', `/${'a/'.repeat(4000)}`, [])]))[0]).toBe(404);
  for (const method of ['TRACE', 'OPTIONS', 'HEAD', 'PROPFIND', 'CONNECT']) expect([400, 404, undefined]).toContain(statuses(await raw([head(method, '/v1/audit', [], 'reader')]))[0]);
});

test('hundreds that break off in the middle of a request leave nothing behind', async () => {
  await Promise.all([...Array(300).keys()].map(async (i) => {
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => undefined);
    await new Promise((resolve) => socket.once('connect', resolve));
    socket.write(head('PUT', PERMIT, ['Content-Length: 100']).slice(0, 20 + (i % 150)));
    await sleep(clock, i % 30);
    if (i % 2 === 0) socket.resetAndDestroy();
    else socket.end();
  }));
  expect((await fetch(`http://127.0.0.1:${port}/v1/ports`, { headers: { authorization: 'Bearer reader' } })).status).toBe(200);
});

test('who breaks off in the middle stands in the audit, and hides nobody behind them', async () => {
  const broken = head('PUT', PERMIT, ['Transfer-Encoding: chunked']);
  await raw([broken, `1;${'e'.repeat(20_000)}\r\n{\r\n`.repeat(3)]);
  for (let i = 0; i < 20; i++) {
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => undefined);
    await new Promise((resolve) => socket.once('connect', resolve));
    socket.write(head('POST', `/v1/devices/${DEVICE}/lease`, ['Content-Length: 2'], i % 2 === 0 ? 'all' : 'stranger') + '{}', () => socket.resetAndDestroy());
  }
  await sleep(clock, 200);
  const took = await fetch(`http://127.0.0.1:${port}/v1/devices/${DEVICE}/lease`, { method: 'POST', headers: { authorization: 'Bearer admin', 'content-type': 'application/json' }, body: '{"seconds":60}' });
  expect(took.status).toBe(200);
  const audit = await fetch(`http://127.0.0.1:${port}/v1/audit?limit=1000`, { headers: { authorization: 'Bearer admin' } });
  const { calls } = (await audit.json()) as { calls: { who: string; method: string; status: number; address: string }[] };
  expect(calls).toContainEqual(expect.objectContaining({ who: 'admin', method: 'POST', status: 200, address: '127.0.0.1' }));
  expect(calls).toContainEqual(expect.objectContaining({ who: 'all', method: 'PUT', status: 400, address: '127.0.0.1' }));
});

test('one caller cannot take all the event streams', async () => {
  const stop = new AbortController();
  const streams = await Promise.all([...Array(40)].map(() => fetch(`http://127.0.0.1:${port}/v1/events`, { headers: { authorization: 'Bearer reader' }, signal: stop.signal })));
  expect([streams.filter(({ status }) => status === 200).length, streams.filter(({ status }) => status === 429).length]).toEqual([32, 8]);
  const other = await fetch(`http://127.0.0.1:${port}/v1/events`, { headers: { authorization: 'Bearer all' }, signal: stop.signal });
  expect(other.status).toBe(200);
  stop.abort();
  await sleep(clock, 100);
  const again = new AbortController();
  expect((await fetch(`http://127.0.0.1:${port}/v1/events`, { headers: { authorization: 'Bearer reader' }, signal: again.signal })).status).toBe(200);
  again.abort();
});

test('objects that would change what all objects are, and numbers that are none', async () => {
  const send = async (body: string): Promise<[number, string]> => {
    const answer = await fetch(`http://127.0.0.1:${port}/v1/devices/${DEVICE}/lease`, { method: 'POST', headers: { authorization: 'Bearer admin', 'content-type': 'application/json' }, body });
    return [answer.status, ((await answer.json()) as { code: string }).code];
  };
  for (const body of ['{"__proto__":{"seconds":60}}', '{"constructor":{"prototype":{"seconds":60}}}', '{"seconds":1e400}', '{"seconds":60.5}', '{"seconds":"60"}', '{"seconds":60,"seconds":"x"}', '[]', 'null', '\ufeff', '{"seconds":60}x', `{"seconds":${'9'.repeat(400)}}`]) {
    expect([body, ...(await send(body))]).toEqual([body, 400, 'INVALID']);
  }
  expect(({} as { seconds?: number }).seconds).toBeUndefined();
});

test('tokens in every wrong place and shape are none', async () => {
  for (const authorization of ['bearer', 'Bearer  all', 'Bearer all, Bearer nobody', 'Basic YWxsOmFsbA==', 'Digest all', 'Bearer a\u00e4', `Bearer ${'a'.repeat(9000)}`, 'Bearer null', 'Bearer undefined', 'Bearer eyJhbGciOiJub25lIn0.e30.']) {
    const text = await raw([`GET /v1/ports HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: ${authorization}\r\n\r\n`]);
    expect([authorization.slice(0, 40), statuses(text)]).toEqual([authorization.slice(0, 40), [401]]);
  }
  for (const url of ['/v1/ports?access_token=all', '/v1/ports?token=all']) expect((await fetch(`http://127.0.0.1:${port}${url}`)).status).toBe(401);
});
