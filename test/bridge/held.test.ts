/** Events that somebody still has to get: kept beyond their number while there is room, and never gone unsaid. */
import type { MqttClient } from '../../host-bridge/bridge/mqtt/publisher';
import { MIGRATIONS, type BridgeSchema } from '../../host-bridge/bridge/tables';
import type { Outcome } from '../../host-bridge/bridge/webhooks/post';
import { openStore } from '../../host-bridge/common/database';
import { join } from 'node:path';
import { Bench, DEVICE } from './harness';

interface Message { type: string; data: Record<string, unknown> }
let bench: Bench;
let taken: Message[];
let answer: Outcome;
beforeEach(() => {
  bench = new Bench();
  taken = [];
  answer = { status: 200, why: '' };
});
afterEach(() => bench.end());

const OK: Outcome = { status: 200, why: '' };
const AWAY: Outcome = { status: 0, why: 'UNREACHABLE' };
const post = (_url: string, _headers: unknown, body: string): Promise<Outcome> => {
  if (answer.why === '') taken.push(JSON.parse(body) as Message);
  return Promise.resolve(answer);
};
const start = (change: object = {}) => bench.start({ post, eventsKept: 10, ...change });
const happen = async (from: number, to: number): Promise<void> => {
  for (let i = from; i <= to; i++) await bench.bridge.events.publish('incident', DEVICE, { i });
};
const count = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, i) => from + i);
const numbers = (): unknown[] => taken.map(({ data }) => data['i']);
const metric = async (name: string): Promise<number> => Number(new RegExp(`^smartseal_${name} (\\d+)`, 'm').exec((await bench.get('/metrics')).payload)?.[1]);

/** A webhook whose queue is full, so that it takes no more out of the log; and that queue empty again. */
async function fullQueue(): Promise<void> {
  await start();
  const { id } = (await bench.send('POST', '/v1/webhooks', { url: 'https://oa.example.com/', types: ['incident'] })).json<{ id: string }>();
  await edit(async (store) => {
    const rows = count(1, 5_000).map((n) => ({ webhook: id, event: 1_000_000 + n, device: 'filler', type: 'filler', at: 1, data: '{}', tries: 0, due: 0, dead: 0, status: 0, why: '' }));
    await store.commit(async (trx) => {
      for (let i = 0; i < rows.length; i += 500) await trx.insertInto('webhook_job').values(rows.slice(i, i + 500)).execute();
    });
  });
  answer = AWAY;
}
const emptyQueue = (): Promise<void> => edit(async (store) => void (await store.commit((trx) => trx.deleteFrom('webhook_job').where('type', '=', 'filler').execute())));
async function edit(work: (store: ReturnType<typeof openStore<BridgeSchema>>) => Promise<void>): Promise<void> {
  await bench.stop();
  const store = openStore<BridgeSchema>(join(bench.directory, 'bridge.db'), MIGRATIONS);
  await work(store);
  await store.close();
}

test('a webhook that is far behind loses nothing while there is room on the disk', async () => {
  const roomy = { eventsKept: 110 };
  await fullQueue();
  await start(roomy);
  await happen(1, 1_100);
  await emptyQueue();
  answer = OK;
  await start(roomy);
  await bench.clock.until(() => numbers().includes(1_100), 60_000);
  expect(numbers()).toEqual(count(1, 1_100));
  // It has them: from now on their number counts again.
  await happen(1_101, 2_100);
  const { oldest, newest } = await bench.bridge.events.bounds();
  expect(newest - oldest).toBeLessThan(250);
}, 60_000);

test('where the disk runs low the oldest go, well before anything else is refused; the receiver is told, and so are the figures', async () => {
  await fullQueue();
  const disk = { reserve: 1_000, freeBytes: () => 3_999 };
  await start(disk);
  await happen(1, 1_100);
  expect(await metric('events_given_up_total')).toBeGreaterThan(900);
  expect((await bench.get('/readyz')).statusCode).toBe(200);
  await emptyQueue();
  answer = OK;
  await start(disk);
  await bench.clock.until(() => numbers().includes(1_100), 60_000);
  expect(taken[0]).toMatchObject({ type: 'reset', data: { oldest: expect.any(Number) } });
  expect(numbers().slice(1)).toEqual(count(taken[1]!.data['i'] as number, 1_100));
});

test('one that is switched off, or never comes back, does not keep the log growing for ever', async () => {
  await fullQueue();
  const unchecked = await bench.clock.during(start({ eventsKept: 50 }));
  expect(unchecked).toBeDefined();
  await happen(1, 2_100);
  // At most ten times as many as are kept anyway.
  const { oldest, newest } = await bench.bridge.events.bounds();
  expect([newest - oldest > 50, newest - oldest < 500 + 1_024]).toEqual([true, true]);
  expect(await metric('events_given_up_total')).toBeGreaterThan(0);
}, 60_000);

test('a broker that is away holds its events too', async () => {
  let connected = (): void => undefined;
  const topics: { topic: string; i: unknown }[] = [];
  const client: MqttClient = {
    on: (event, call) => void (event === 'connect' && (connected = call as () => void)),
    publishAsync: (topic, payload) => Promise.resolve(void topics.push({ topic, i: (JSON.parse(payload) as Message).data?.['i'] })),
    endAsync: () => Promise.resolve(),
  };
  await start({ eventsKept: 1_000, mqtt: { prefix: 's', connect: () => client } });
  await bench.clock.run(100);
  await happen(1, 2_100);
  connected();
  await bench.clock.until(() => topics.some(({ i }) => i === 2_100), 60_000);
  expect(topics.some(({ topic }) => topic === 's/bridge/reset')).toBe(false);
  expect(topics.filter(({ topic }) => topic.endsWith('/events/incident')).map(({ i }) => i)).toEqual(count(1, 2_100));
}, 60_000);

/** A page is read when much has gone just before. */
function goneBefore(page: number): void {
  const { events } = bench.bridge;
  const real = events.after.bind(events);
  let pages = 0;
  events.after = async (id, limit) => {
    if (++pages === page) await happen(1_000, 3_100);
    return real(id, limit);
  };
}
/** Nothing is held. */
const NO_ROOM = { reserve: 1_000, freeBytes: () => 3_999 };

test('what goes between two pages of a slow reader is told as well', async () => {
  await start();
  await happen(1, 150);
  const url = await bench.bridge.app.listen({ host: '127.0.0.1', port: 0 });
  goneBefore(2);
  const response = await fetch(`${url}/v1/events?after=0`, { headers: { authorization: 'Bearer all' } });
  let text = '';
  for await (const chunk of response.body!) {
    text += Buffer.from(chunk).toString();
    if (text.includes('"i":3100}')) break;
  }
  const seen = text.split('\n\n').filter((part) => part.includes('data: ')).map((part) => (part.startsWith('event: reset') ? 'reset' : Number(/"i":(\d+)/.exec(part)![1])));
  expect(seen.slice(0, 101)).toEqual([...count(1, 100), 'reset']);
  expect(seen.slice(101)).toEqual(count(seen[101] as number, 3_100));
}, 60_000);

test('and what goes as the queue of a webhook is filled', async () => {
  await start(NO_ROOM);
  await bench.send('POST', '/v1/webhooks', { url: 'https://oa.example.com/', types: ['incident'] });
  goneBefore(1);
  await happen(1, 1);
  await bench.clock.until(() => numbers().includes(3_100), 120_000);
  expect(taken.map(({ type }) => type).slice(0, 2)).toEqual(['reset', 'incident']);
  expect(numbers().slice(1)).toEqual(count(taken[1]!.data['i'] as number, 3_100));
}, 120_000);

test('and what goes as the broker is told', async () => {
  const topics: string[] = [];
  const client: MqttClient = { on: (event, call) => void (event === 'connect' && bench.clock.after(0, call as () => void)), publishAsync: (topic) => Promise.resolve(void topics.push(topic)), endAsync: () => Promise.resolve() };
  await start({ ...NO_ROOM, mqtt: { prefix: 's', connect: () => client } });
  await bench.clock.run(100);
  goneBefore(1);
  await happen(1, 1);
  await bench.clock.until(() => topics.includes('s/bridge/reset'), 60_000);
  expect(topics.indexOf('s/bridge/reset')).toBeLessThan(topics.findIndex((topic) => topic.endsWith('/events/incident')));
}, 60_000);

test('the figures tell how far each is behind, and what became of what was sent', async () => {
  const client: MqttClient = { on: () => undefined, publishAsync: () => Promise.resolve(), endAsync: () => Promise.resolve() };
  await start({ mqtt: { prefix: 's', connect: () => client } });
  await bench.clock.run(100);
  const hook = async (host: string): Promise<string> => (await bench.send('POST', '/v1/webhooks', { url: `https://${host}.example.com/`, types: ['incident'] })).json<{ id: string }>().id;
  const good = await hook('oa');
  await happen(1, 3);
  await bench.clock.run(2_000);
  answer = AWAY;
  await happen(4, 6);
  await bench.clock.run(20_000);
  const text = (await bench.get('/metrics')).payload;
  const value = (name: string): number => Number(new RegExp(`^smartseal_${name.replace(/[{}]/g, '\\$&')} (\\S+)$`, 'm').exec(text)?.[1]);
  const at = (name: string, more = ''): number => value(`${name}{webhook="${good}"${more}}`);
  expect([at('webhook_on'), at('webhook_messages_total', ',result="delivered"'), at('webhook_waiting'), at('webhook_dead_letters')]).toEqual([1, 3, 3, 0]);
  expect(at('webhook_messages_total', ',result="unreachable"')).toBeGreaterThan(0);
  expect(at('webhook_lag_seconds')).toBeGreaterThanOrEqual(20);
  expect([value('mqtt_connected'), value('mqtt_waiting'), value('mqtt_events_total{result="published"}')]).toEqual([0, 6, 0]);
  expect(value('mqtt_lag_seconds')).toBeGreaterThanOrEqual(22);
  expect([value('events'), value('events_given_up_total')]).toEqual([6, 0]);
  // A receiver that says no, until it is put aside.
  answer = { status: 500, why: 'STATUS' };
  await bench.clock.run(40 * 3_600_000);
  const later = (await bench.get('/metrics')).payload;
  expect(later).toMatch(new RegExp(`^smartseal_webhook_messages_total\\{webhook="${good}",result="dead"\\} [1-3]$`, 'm'));
  expect(later).toMatch(new RegExp(`^smartseal_webhook_dead_letters\\{webhook="${good}"\\} [1-3]$`, 'm'));
  await bench.send('DELETE', `/v1/webhooks/${good}`);
  await bench.clock.run(20_000);
  expect((await bench.get('/metrics')).payload).not.toContain(good);
});
