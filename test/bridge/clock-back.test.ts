/** The computer's clock is set back: what was put off by the old time does not wait for it to come again. */
import type { Outcome } from '../../host-bridge/bridge/webhooks/post';
import { systemClock } from '../../host-bridge/cli/system';
import { Bench, DEVICE } from './harness';

const YEAR = 365 * 86_400_000;
let bench: Bench;
/** What the computer's clock is wrong by, milliseconds. */
let wrong: number;
beforeEach(() => {
  bench = new Bench();
  wrong = YEAR;
});
afterEach(() => bench.end());

const start = (change: object = {}) => bench.start({ clock: { wall: () => bench.clock.wall() + wrong, now: () => bench.clock.now(), after: (ms, call) => bench.clock.after(ms, call) }, ...change });

test('a message that was refused once is sent again within its pause, and the receiver is not hammered', async () => {
  let answer: Outcome = { status: 500, why: 'STATUS' };
  let tries = 0;
  await start({ post: () => (tries++, Promise.resolve(answer)) });
  const { id } = (await bench.send('POST', '/v1/webhooks', { url: 'https://oa.example.com/hook', types: ['incident'] })).json<{ id: string }>();
  await bench.bridge.events.publish('incident', DEVICE, {});
  await bench.clock.run(100);
  expect(tries).toBe(1);
  wrong = 0;
  await bench.clock.run(60_000);
  expect(tries).toBeGreaterThan(1);
  expect(tries).toBeLessThan(8);
  answer = { status: 200, why: '' };
  await bench.clock.run(3_600_000);
  expect((await bench.get(`/v1/webhooks/${id}`)).json()).toMatchObject({ waiting: 0, dead: 0 });
});

test('a lease ends within the longest that there is', async () => {
  await start();
  expect((await bench.send('POST', `/v1/devices/${DEVICE}/lease`, { seconds: 14_400 }, 'admin')).statusCode).toBe(200);
  expect((await bench.send('POST', `/v1/devices/${DEVICE}/lease`, { seconds: 60 }, 'all')).statusCode).toBe(409);
  wrong = 0;
  const next = await bench.send('POST', `/v1/devices/${DEVICE}/lease`, { seconds: 60 }, 'all');
  expect([next.statusCode, next.json()]).toEqual([200, expect.objectContaining({ holder: 'all', fence: 2 })]);
});

test('the webhook of a person last seen in what is now the future stops until they call', async () => {
  const http = { person: () => Promise.resolve({ name: 'person:zhang', scopes: ['webhook'], how: 'person' as const }) };
  await start({ http, post: () => Promise.resolve({ status: 200, why: '' }) });
  const jwt = { authorization: 'Bearer eyJhbGciOiJFUzI1NiJ9.e30.c2ln' };
  const call = (method: 'GET' | 'POST', url: string, payload?: object) => bench.clock.during(bench.bridge.app.inject({ method, url, headers: jwt, ...(payload === undefined ? {} : { payload }) }));
  const { id } = (await call('POST', '/v1/webhooks', { url: 'https://oa.example.com/hook' })).json<{ id: string }>();
  const paused = async (): Promise<boolean | undefined> => (await bench.get('/v1/webhooks', 'all')).json<{ webhooks: { id: string; paused: boolean }[] }>().webhooks.find((one) => one.id === id)?.paused;
  expect(await paused()).toBe(false);
  wrong = 0;
  expect(await paused()).toBe(true);
  expect((await call('GET', `/v1/webhooks/${id}`)).json()).toMatchObject({ paused: false });
});

test('a timer of many weeks is none that comes at once', async () => {
  await start();
  let called = false;
  const cancel = systemClock().after(40 * 86_400_000, () => (called = true));
  await new Promise((resolve) => systemClock().after(50, () => resolve(undefined)));
  cancel();
  expect(called).toBe(false);
});

test('whoever has called too often waits a minute, whatever the computer says', async () => {
  const real = Date.now;
  const calls = async (n: number): Promise<number[]> => {
    const seen: number[] = [];
    for (let i = 0; i < n; i++) seen.push((await bench.get('/v1/ports')).statusCode);
    return seen;
  };
  await start({ http: { limits: { perMinute: 3, failuresPerMinute: 5 } } });
  try {
    expect(await calls(4)).toEqual([200, 200, 200, 429]);
    Date.now = () => real() - YEAR;
    wrong = 0;
    expect(await calls(1)).toEqual([429]);
    await bench.clock.run(60_000);
    expect(await calls(4)).toEqual([200, 200, 200, 429]);
  } finally {
    Date.now = real;
  }
});
