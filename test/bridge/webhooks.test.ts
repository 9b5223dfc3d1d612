/** Webhooks: what arrives, in which order, what is put aside, and where they may not go. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';
import { systemClock } from '../../host-bridge/cli/system';
import { checkedUrl, mayReach, type AddressRules } from '../../host-bridge/bridge/webhooks/address';
import { poster, type Outcome } from '../../host-bridge/bridge/webhooks/post';
import { TRIES } from '../../host-bridge/bridge/webhooks/sender';
import { digestOfToken } from '../../host-bridge/common/tokens';
import { Bench, DEVICE, OTHER } from './harness';
import { VirtualClock } from './virtual-clock';

interface Message { id: number; type: string; device: string; data: Record<string, unknown> }
interface Hook { id: string; secret: string; state: string; waiting: number; dead: number; through: number }

const OK: Outcome = { status: 200, why: '' };
const NO: Outcome = { status: 500, why: 'STATUS' };
const AWAY: Outcome = { status: 0, why: 'UNREACHABLE' };

/** A receiver that notes what comes and answers as told. */
class Receiver {
  readonly got: (Message & { headers: Record<string, string>; body: string })[] = [];
  answer: (message: Message) => Outcome = () => OK;
  /** Goes by before an answer. */
  hold: () => Promise<void> = () => Promise.resolve();
  /** Messages that were answered with yes. */
  taken: Message[] = [];
  readonly post = async (_url: string, headers: Record<string, string>, body: string): Promise<Outcome> => {
    const message = JSON.parse(body) as Message;
    this.got.push({ ...message, headers, body });
    await this.hold();
    const outcome = this.answer(message);
    if (outcome.why === '') this.taken.push(message);
    return outcome;
  };
}

const systemPause = (ms: number): Promise<undefined> => new Promise((resolve) => void systemClock().after(ms, () => resolve(undefined)));

let bench: Bench;
let receiver: Receiver;
beforeEach(() => {
  bench = new Bench();
  receiver = new Receiver();
});
afterEach(async () => {
  if (bench.bridge !== undefined) await bench.end();
});

const start = (change: object = {}) => bench.start({ post: receiver.post, ...change });
const make = async (body: object = {}): Promise<Hook> => (await bench.send('POST', '/v1/webhooks', { url: 'https://oa.example.com/hook', types: ['incident'], ...body })).json();
const look = async (id: string): Promise<Hook> => (await bench.get(`/v1/webhooks/${id}`)).json();
const happen = async (n: number, device = DEVICE, from = 1, type = 'incident'): Promise<void> => {
  for (let i = from; i < from + n; i++) await bench.bridge.events.publish(type, device, { i });
};
const numbers = (messages: Message[], device = DEVICE): unknown[] => messages.filter((message) => message.device === device).map((message) => message.data['i']);

test('what happens is sent, signed so that an independent library takes it; filters hold', async () => {
  await start();
  const hook = await make({ types: ['incident'], devices: [DEVICE] });
  await happen(1);
  await happen(1, OTHER);
  await happen(1, DEVICE, 5, 'update');
  await bench.clock.run(1000);
  expect(receiver.got.map(({ type, device, data }) => [type, device, data])).toEqual([['incident', DEVICE, { i: 1 }]]);
  const { headers, body } = receiver.got[0]!;
  // The library looks at the clock of this machine, which the bench's is years ahead of.
  jest.useFakeTimers({ now: bench.clock.wall(), doNotFake: ['setImmediate', 'setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'nextTick', 'queueMicrotask', 'performance', 'hrtime', 'clearImmediate'] });
  try {
    expect(new Webhook(hook.secret).verify(body, headers)).toMatchObject({ type: 'incident' });
    expect(() => new Webhook(hook.secret).verify(body.replace('"i":1', '"i":2'), headers)).toThrow();
  } finally {
    jest.useRealTimers();
  }
});

test('each device in its own order; a refused message holds up its own device only, and is put aside at last', async () => {
  await start();
  const hook = await make();
  receiver.answer = ({ device, data }) => (device === DEVICE && data['i'] === 2 ? NO : OK);
  await happen(3);
  await happen(3, OTHER);
  await bench.clock.run(60_000);
  expect([numbers(receiver.taken), numbers(receiver.taken, OTHER)]).toEqual([[1], [1, 2, 3]]);
  await bench.clock.run(40 * 3_600_000);
  expect(numbers(receiver.taken)).toEqual([1, 3]);
  expect(receiver.got.filter(({ data, device }) => device === DEVICE && data['i'] === 2)).toHaveLength(TRIES);
  expect(new Set(receiver.got.filter(({ data, device }) => device === DEVICE && data['i'] === 2).map(({ headers }) => headers['webhook-id'])).size).toBe(1);
  const { deadLetters } = (await bench.get(`/v1/webhooks/${hook.id}/dead-letters`)).json<{ deadLetters: { event: number; data: object; tries: number; status: number }[] }>();
  expect(deadLetters).toEqual([expect.objectContaining({ data: { i: 2 }, tries: TRIES, status: 500, why: 'STATUS', device: DEVICE })]);
  receiver.answer = () => OK;
  expect((await bench.send('POST', `/v1/webhooks/${hook.id}/dead-letters/${deadLetters[0]!.event}/resend`)).json()).toEqual({ resent: 1 });
  await bench.clock.run(1000);
  expect(numbers(receiver.taken)).toEqual([1, 3, 2]);
  expect(await look(hook.id)).toMatchObject({ waiting: 0, dead: 0 });
});

test('a receiver that is away for a month loses nothing, and is not hammered', async () => {
  await start();
  const hook = await make();
  receiver.answer = () => AWAY;
  await happen(20);
  await happen(20, OTHER);
  await bench.clock.run(30 * 86_400_000);
  expect(receiver.got.length).toBeLessThan(1100);
  expect(await look(hook.id)).toMatchObject({ waiting: 40, dead: 0 });
  receiver.answer = () => OK;
  await bench.clock.run(2 * 3_600_000);
  const order = [...Array(20).keys()].map((i) => i + 1);
  expect([numbers(receiver.taken), numbers(receiver.taken, OTHER)]).toEqual([order, order]);
});

test('a receiver that asks to be left alone is', async () => {
  await start();
  await make();
  receiver.answer = () => ({ status: 429, why: 'STATUS', retryAfter: 600 });
  await happen(1);
  await bench.clock.run(599_000);
  expect(receiver.got).toHaveLength(1);
  await bench.clock.run(10_000);
  expect(receiver.got).toHaveLength(2);
});

test('a bridge killed at any moment sends everything after its return, in order', async () => {
  await start();
  await make();
  let made = 0;
  for (let round = 0; round < 7; round++) {
    let left = round;
    receiver.answer = () => {
      if (left-- > 0) return OK;
      bench.crash();
      return OK; // arrived, and the bridge is dead before it can note it
    };
    await happen(3, DEVICE, made + 1);
    made += 3;
    await bench.clock.run(round * 7);
    bench.crash();
    await bench.clock.during(bench.bridge.stop());
    await start();
  }
  receiver.answer = () => OK;
  await bench.clock.until(() => numbers(receiver.taken).includes(made));
  const seen = numbers(receiver.taken) as number[];
  expect([...new Set(seen)]).toEqual([...Array(made).keys()].map((i) => i + 1));
  // Again only what came last before: never back behind what was noted.
  for (let i = 1; i < seen.length; i++) expect(seen[i]! >= seen[i - 1]!).toBe(true);
});

test('who comes back when events are gone is told where they go on', async () => {
  await start({ eventsKept: 10 });
  const hook = await make();
  await bench.send('PATCH' as 'PUT', `/v1/webhooks/${hook.id}`, { state: 'off' });
  await happen(1100);
  await bench.send('PATCH' as 'PUT', `/v1/webhooks/${hook.id}`, { state: 'on' });
  await bench.clock.until(() => numbers(receiver.taken).includes(1100));
  expect(receiver.taken[0]).toMatchObject({ type: 'reset', data: { oldest: expect.any(Number) } });
  expect(receiver.taken[0]!.data['oldest']).toBe(receiver.taken[1]!.id);
});

test('410 switches a webhook off; a new secret signs beside the old one for a day; what is removed is gone', async () => {
  await start();
  const hook = await make();
  receiver.answer = () => ({ status: 410, why: 'STATUS' });
  await happen(1);
  await bench.clock.run(1000);
  expect(await look(hook.id)).toMatchObject({ state: 'off', waiting: 1 });
  receiver.answer = () => OK;
  const renewed = (await bench.send('POST', `/v1/webhooks/${hook.id}/secret`)).json<Hook>();
  expect(renewed.secret).not.toBe(hook.secret);
  await bench.send('PATCH' as 'PUT', `/v1/webhooks/${hook.id}`, { state: 'on' });
  await bench.clock.run(10_000);
  expect(receiver.got.at(-1)!.headers['webhook-signature']!.split(' ')).toHaveLength(2);
  await bench.clock.run(86_400_000);
  await happen(1, DEVICE, 2);
  await bench.clock.run(1000);
  expect(receiver.got.at(-1)!.headers['webhook-signature']!.split(' ')).toHaveLength(1);
  expect(JSON.stringify((await bench.get('/v1/webhooks')).json())).not.toContain('whsec_');
  await bench.send('DELETE', `/v1/webhooks/${hook.id}`);
  const before = receiver.got.length;
  await happen(1, DEVICE, 3);
  await bench.clock.run(1000);
  expect([receiver.got.length, (await bench.get(`/v1/webhooks/${hook.id}`)).statusCode]).toEqual([before, 404]);
});

/** Spellings of places that only the bridge's own machine or network reaches. */
const INSIDE = [
  'https://127.0.0.1/', 'https://127.1/', 'https://2130706433/', 'https://0x7f000001/', 'https://0177.0.0.1/', 'https://127.0.0.1.:443/', 'https://0.0.0.0/', 'https://10.1.2.3/', 'https://172.16.0.1/',
  'https://192.168.1.1/', 'https://169.254.169.254/latest/meta-data/', 'https://168.63.129.16/machine/', 'https://100.64.0.1/', 'https://224.0.0.1/', 'https://255.255.255.255/', 'https://192.0.0.1/', 'https://198.18.0.1/', 'https://[::1]/', 'https://[::]/',
  'https://[::ffff:127.0.0.1]/', 'https://[::ffff:7f00:1]/', 'https://[::127.0.0.1]/', 'https://[fe80::1]/', 'https://[fd00::1]/', 'https://[ff02::1]/', 'https://[64:ff9b::7f00:1]/', 'https://[2002:7f00:1::]/', 'https://[2001:0:7f00:1::]/', 'https://[fec0::1]/',
];

test.each(INSIDE)('%s is inside', (url) => {
  expect(() => checkedUrl(url, { networks: [], http: true })).toThrow(/may not be sent/);
});

test('an address inside may not be registered, nor set later', async () => {
  await start();
  const codes: string[] = [];
  for (const url of [INSIDE[0]!, INSIDE[11]!]) codes.push((await bench.send('POST', '/v1/webhooks', { url })).json<{ code: string }>().code);
  const hook = await make();
  codes.push((await bench.send('PATCH' as 'PUT', `/v1/webhooks/${hook.id}`, { url: INSIDE[0] })).json<{ code: string }>().code);
  expect(codes).toEqual(['WEBHOOK_ADDRESS', 'WEBHOOK_ADDRESS', 'WEBHOOK_ADDRESS']);
});

test('nor what is no https, carries a password, or is no address', async () => {
  await start();
  for (const url of ['http://oa.example.com/', 'file:///etc/passwd', 'gopher://oa.example.com/', 'https://user:secret@oa.example.com/', 'https://oa.example.com/#x', 'oa.example.com/x', `https://oa.example.com/${'a'.repeat(2048)}`, 'https:// x/']) {
    expect([400, 422]).toContain((await bench.send('POST', '/v1/webhooks', { url })).statusCode);
  }
  expect(checkedUrl('http://192.168.7.7:8080/x', { networks: ['192.168.7.0/24'], http: true }).href).toBe('http://192.168.7.7:8080/x');
  expect(mayReach('192.168.8.7', { networks: ['192.168.7.0/24'], http: true })).toBe(false);
  expect(mayReach('fd12::1', { networks: ['fd12::/16'], http: false })).toBe(true);
  expect(mayReach('8.8.8.8', { networks: [], http: false })).toBe(true);
  expect(mayReach('nonsense', { networks: ['0.0.0.0/0'], http: false })).toBe(false);
});

describe('over the network', () => {
  let server: Server;
  let port: number;
  let handle: (request: IncomingMessage, response: ServerResponse) => void;
  let hits = 0;
  beforeAll(async () => {
    server = createServer((request, response) => {
      hits += 1;
      request.resume();
      handle(request, response);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    port = (server.address() as AddressInfo).port;
  });
  beforeEach(() => {
    hits = 0;
    handle = (_request, response) => void response.end('ok');
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  const LOCAL = { networks: ['127.0.0.0/8'], http: true };
  const OPEN: AddressRules = { networks: [], http: true };
  const resolving = (...addresses: string[]) => (async () => addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))) as never;
  const once = async (rules: AddressRules, url: string, resolve?: never, clock = systemClock()): Promise<Outcome> => {
    const { post, close } = poster(rules, clock, resolve);
    try {
      return await post(url, {}, '{}');
    } finally {
      close();
    }
  };

  test('a name is judged by what it leads to, at the moment of the connection', async () => {
    const url = `http://oa.example.com:${port}/`;
    expect(await once(LOCAL, url, resolving('127.0.0.1'))).toEqual({ status: 200, why: '' });
    expect(hits).toBe(1);
    for (const addresses of [['127.0.0.1'], ['::1'], ['::ffff:127.0.0.1'], ['93.184.216.34', '127.0.0.1'], ['169.254.169.254'], []]) {
      expect(await once(OPEN, url, resolving(...addresses))).toEqual({ status: 0, why: 'BLOCKED' });
    }
    expect(hits).toBe(1);
  });

  test('a name that is never resolved is asked for once at a time, and holds up no other', async () => {
    let asked = 0;
    let answer: (found: { address: string; family: number }[]) => void = () => undefined;
    const silent = ((name: string) => {
      if (name === 'oa.example.com') return Promise.resolve([{ address: '127.0.0.1', family: 4 }]);
      asked += 1;
      return new Promise((resolve) => (answer = resolve));
    }) as never;
    const { post, close } = poster(LOCAL, systemClock(), silent);
    try {
      const waiting = Array.from({ length: 8 }, () => post(`http://silent.example.com:${port}/`, {}, '{}'));
      for (let i = 0; i < 4; i++) expect(await post(`http://oa.example.com:${port}/`, {}, '{}')).toEqual({ status: 200, why: '' });
      expect([asked, hits]).toEqual([1, 4]);
      answer([{ address: '127.0.0.1', family: 4 }]);
      expect(await Promise.all(waiting)).toEqual(waiting.map(() => ({ status: 200, why: '' })));
      // What was found is not kept: the next one is judged by what the name leads to then.
      const next = post(`http://silent.example.com:${port}/`, { connection: 'close' }, '{}');
      expect(await Promise.race([next, new Promise((resolve) => setImmediate(() => resolve('asked')))])).toBe('asked');
      answer([{ address: '127.0.0.1', family: 4 }]);
      await next;
    } finally {
      close();
    }
  });

  test('a name that leads elsewhere the second time is judged again', async () => {
    let asked = 0;
    const changing = (async () => [{ address: asked++ === 0 ? '127.0.0.2' : '127.0.0.1', family: 4 }]) as never;
    const rules = { networks: ['127.0.0.2/32'], http: true };
    const { post, close } = poster(rules, systemClock(), changing);
    await post(`http://oa.example.com:${port}/`, {}, '{}');
    expect(await post(`http://oa.example.com:${port}/`, {}, '{}')).toEqual({ status: 0, why: 'BLOCKED' });
    close();
    expect(hits).toBe(0);
  });

  test('one that was registered before the rules became stricter is not sent', async () => {
    expect(await once(OPEN, `http://127.0.0.1:${port}/`)).toEqual({ status: 0, why: 'BLOCKED' });
    expect(hits).toBe(0);
  });

  test('a redirection is not followed, and an endless or missing answer ends the attempt', async () => {
    handle = (_request, response) => void response.writeHead(302, { location: `http://127.0.0.1:${port}/secret` }).end();
    expect(await once(LOCAL, `http://127.0.0.1:${port}/`)).toEqual({ status: 302, why: 'REDIRECT' });
    expect(hits).toBe(1);
    handle = (_request, response) => {
      response.writeHead(200);
      const more = (): void => {
        while (response.write('x'.repeat(65_536)));
        if (!response.destroyed) response.once('drain', more);
      };
      more();
    };
    expect(await once(LOCAL, `http://127.0.0.1:${port}/`)).toMatchObject({ status: 200 });
    const clock = new VirtualClock();
    const asked = new Promise<void>((resolve) => (handle = () => resolve()));
    const silent = once(LOCAL, `http://127.0.0.1:${port}/`, undefined, clock);
    await asked; // it is connected: from here on it is the receiver that does not answer
    expect(await clock.during(silent)).toEqual({ status: 0, why: 'TIMEOUT' });
    expect(await once(LOCAL, 'http://127.0.0.1:1/')).toEqual({ status: 0, why: 'UNREACHABLE' });
    expect(await once(LOCAL, `https://127.0.0.1:${port}/`)).toEqual({ status: 0, why: 'TLS' });
  });
});

test('a machine that is switched off answers nothing at all: that is away, not a no', async () => {
  const clock = new VirtualClock();
  const never = (() => new Promise(() => undefined)) as never;
  const { post, close } = poster({ networks: [], http: true }, clock, never);
  expect(await clock.during(post('http://oa.example.com/', {}, '{}'))).toEqual({ status: 0, why: 'UNREACHABLE' });
  close();
});

test('one caller neither takes all places for webhooks, nor makes the bridge knock at an address without end', async () => {
  await bench.start({ post: receiver.post, tokens: ['one', 'two'].map((name) => ({ name, sha256: digestOfToken(name), scopes: ['webhook'] })) });
  const call = (token: string, url: string, payload?: object) => bench.bridge.app.inject({ method: 'POST', url, headers: { authorization: `Bearer ${token}` }, ...(payload === undefined ? {} : { payload }) });
  const make = (token: string) => call(token, '/v1/webhooks', { url: 'https://oa.example.com/hook', types: ['incident'] });
  const made = [];
  for (let i = 0; i < 26; i++) made.push((await make('one')).statusCode);
  expect(made).toEqual([...Array<number>(25).fill(201), 409]);
  const { id } = (await make('two')).json<Hook>();
  let answer = (): void => undefined;
  const open = new Promise<void>((resolve) => (answer = resolve));
  let knocks = 0;
  receiver.hold = async () => {
    knocks += 1;
    await open;
  };
  const pings = Array.from({ length: 40 }, () => call('two', `/v1/webhooks/${id}/ping`));
  const early = await Promise.race([Promise.all(pings), systemPause(500)]);
  expect(early).toBeUndefined();
  expect(knocks).toBe(8);
  answer();
  const statuses = (await Promise.all(pings)).map(({ statusCode }) => statusCode);
  expect([statuses.filter((status) => status === 200).length, statuses.filter((status) => status === 429).length]).toEqual([8, 32]);
});

test('a webhook that is changed or removed while a message is under way: nothing overtakes, nothing is left behind', async () => {
  await start();
  const hook = await make();
  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  const order: unknown[] = [];
  receiver.answer = () => OK;
  const post = receiver.post;
  let first = true;
  await bench.stop();
  await bench.start({ post: async (url: string, headers: Record<string, string>, body: string) => {
    const message = JSON.parse(body) as Message;
    if (first) {
      first = false;
      await held;
    }
    order.push(message.data['i']);
    return post(url, headers, body);
  } });
  await happen(3);
  await bench.clock.run(100);
  await bench.send('PATCH' as 'PUT', `/v1/webhooks/${hook.id}`, { state: 'on' });
  await bench.clock.run(100);
  expect(order).toEqual([]); // the first is still under way
  release();
  await bench.clock.run(1000);
  expect(order).toEqual([1, 2, 3]);
  await happen(50, DEVICE, 4);
  await bench.send('DELETE', `/v1/webhooks/${hook.id}`);
  await bench.clock.run(1000);
  const again = await make();
  expect(await look(again.id)).toMatchObject({ waiting: 0, dead: 0 });
});
