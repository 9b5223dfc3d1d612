/** Events over MQTT against a real Mosquitto. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectAsync, type IPublishPacket, type MqttClient } from 'mqtt';
import { connect } from '../../host-bridge/bridge/mqtt/connect';
import type { MqttClient as OurClient } from '../../host-bridge/bridge/mqtt/publisher';
import { systemClock } from '../../host-bridge/cli/system';
import { Bench, DEVICE, OTHER } from './harness';

const program = ['mosquitto', '/usr/sbin/mosquitto'].find((name) => spawnSync(name, ['-h']).error === undefined);
if (program === undefined) console.warn('not run, because there is no mosquitto on this machine: events over MQTT');

interface Heard { topic: string; body: Record<string, unknown>; packet: IPublishPacket }

test('a broker is never asked before it is there, and its password stands in no log', async () => {
  const bench = new Bench();
  const lines: string[] = [];
  const note = (message: string, fields?: object): void => void lines.push(`${message} ${JSON.stringify(fields)}`);
  const log = { debug: note, info: note, warn: note, error: note, with: () => log };
  await bench.start({ log, mqtt: { prefix: 'x', connect: (will) => connect({ url: 'mqtt://127.0.0.1:1', username: 'bridge', password: 'hush-hush' }, will) } });
  await bench.bridge.events.publish('test', DEVICE, {});
  const clock = systemClock();
  for (let i = 0; i < 200 && !lines.some((line) => line.includes('broker failed')); i++) await new Promise<void>((resolve) => clock.after(20, resolve));
  expect(lines.some((line) => line.startsWith('broker failed'))).toBe(true);
  expect(lines.join('\n')).not.toContain('hush-hush');
  await bench.end();
});

if (program !== undefined) describe('with Mosquitto', () => {
  const folder = mkdtempSync(join(tmpdir(), 'mqtt-'));
  let port: number;
  let broker: ChildProcess | undefined;
  let bench: Bench;
  let reader: MqttClient | undefined;
  let heard: Heard[];

  const start = async (): Promise<void> => {
    const child = (broker = spawn(program, ['-c', join(folder, 'mosquitto.conf')], { stdio: ['ignore', 'ignore', 'pipe'] }));
    let told = '';
    await new Promise<void>((resolve, reject) => {
      child.stderr!.on('data', (chunk: Buffer) => {
        told += chunk.toString();
        if (told.includes(' running')) resolve();
      });
      child.on('exit', () => reject(new Error(told)));
    });
  };
  const kill = async (): Promise<void> => {
    if (broker === undefined || broker.exitCode !== null || broker.signalCode !== null) return;
    const gone = new Promise((resolve) => broker!.on('exit', resolve));
    broker.kill('SIGKILL');
    await gone;
  };
  const listen = async (): Promise<void> => {
    heard = [];
    const client = (reader = await connectAsync(`mqtt://127.0.0.1:${port}`, { protocolVersion: 5, reconnectPeriod: 0 }));
    client.on('message', (topic, payload, packet) => heard.push({ topic, body: JSON.parse(payload.toString()) as Record<string, unknown>, packet }));
    await client.subscribeAsync('seals/#', { qos: 1 });
  };
  const clock = systemClock();
  const until = async (what: string, condition: () => boolean): Promise<void> => {
    for (let i = 0; i < 1500 && !condition(); i++) {
      await new Promise<void>((resolve) => clock.after(20, resolve));
      await bench.clock.run(20);
    }
    if (!condition()) throw new Error(`still not so: ${what}; heard ${JSON.stringify(heard.map(({ topic, body }) => [topic, body]))}`);
  };
  const about = (topic: string): Heard[] => heard.filter((one) => one.topic === topic);
  const bridge = () => bench.start({ mqtt: { prefix: 'seals', connect: (will) => connect({ url: `mqtt://127.0.0.1:${port}`, clientId: 'bridge' }, will) } });
  const happen = async (from: number, n: number, device = DEVICE): Promise<void> => {
    for (let i = from; i < from + n; i++) await bench.bridge.events.publish('test', device, { i });
  };
  const numbers = (device = DEVICE): number[] => about(`seals/devices/${device}/events/test`).map(({ body }) => (body['data'] as { i: number }).i);
  /** Virtual time for the bridge's ports, real time for its line to the broker. */
  const stop = async (): Promise<void> => {
    let done = false;
    const stopped = bench.bridge.stop().finally(() => (done = true));
    while (!done) {
      await bench.clock.run(10);
      await new Promise<void>((resolve) => clock.after(2, resolve));
    }
    await stopped;
  };
  const range = (n: number): number[] => [...Array(n).keys()].map((i) => i + 1);

  beforeAll(async () => {
    const free = createServer();
    await new Promise<void>((resolve) => free.listen(0, '127.0.0.1', resolve));
    port = (free.address() as AddressInfo).port;
    await new Promise((resolve) => free.close(resolve));
    writeFileSync(join(folder, 'mosquitto.conf'), `listener ${port} 127.0.0.1\nallow_anonymous true\npersistence false\nlog_type all\nlog_dest stderr\n`);
  });
  beforeEach(async () => {
    await start();
    bench = new Bench();
    await listen();
  });
  afterEach(async () => {
    await reader?.endAsync(true);
    await stop();
    rmSync(bench.directory, { recursive: true, force: true });
    await kill();
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('a topic for each device and type, in order, as MQTT 5 says it', async () => {
    await bridge();
    await until('online', () => about('seals/bridge/state').some(({ body }) => body['online'] === true));
    await until('cursor', () => about(`seals/devices/${OTHER}/state`).length > 0);
    await happen(1, 250);
    await happen(1, 3, OTHER);
    await until('all', () => numbers().length === 250 && numbers(OTHER).length === 3);
    expect([numbers(), numbers(OTHER)]).toEqual([range(250), range(3)]);
    const { packet, body } = about(`seals/devices/${DEVICE}/events/test`)[0]!;
    expect(packet).toMatchObject({ qos: 1, retain: false, properties: { contentType: 'application/json', userProperties: { id: String(body['id']) } } });
  });

  test('a broker that is for one device, with topics by user, tells each of no other', async () => {
    await kill();
    const [acl, passwords] = [join(folder, 'acl'), join(folder, 'passwords')];
    writeFileSync(acl, `user office\ntopic readwrite seals/#\npattern read seals/devices/%u/#\n`, { mode: 0o600 });
    writeFileSync(passwords, [DEVICE, OTHER, 'office'].map((name) => `${name}:secret-${name}\n`).join(''), { mode: 0o600 });
    expect(spawnSync('mosquitto_passwd', ['-U', passwords]).status).toBe(0);
    const conf = join(folder, 'mosquitto.conf');
    const open = readFileSync(conf, 'utf8');
    writeFileSync(conf, `${open.replace('allow_anonymous true', 'allow_anonymous false')}password_file ${passwords}\nacl_file ${acl}\nuser root\n`);
    try {
      await start();
    } finally {
      writeFileSync(conf, open);
    }
    const hears = new Map<string, string[]>();
    const clients = [];
    for (const username of [DEVICE, OTHER, 'office']) {
      const client = await connectAsync(`mqtt://127.0.0.1:${port}`, { protocolVersion: 5, reconnectPeriod: 0, username, password: `secret-${username}` });
      const topics: string[] = [];
      client.on('message', (topic) => topics.push(topic));
      await client.subscribeAsync('seals/#', { qos: 1 });
      clients.push(client);
      hears.set(username, topics);
    }
    await bench.start({ mqtt: { prefix: 'seals', only: [DEVICE], connect: (will) => connect({ url: `mqtt://127.0.0.1:${port}`, clientId: 'bridge', username: 'office', password: 'secret-office' }, will) } });
    await happen(1, 2, OTHER);
    await happen(1, 1);
    await bench.bridge.events.publish('test', '', {});
    await happen(2, 1);
    const told = `seals/devices/${DEVICE}/events/test`;
    await until('both', () => hears.get('office')!.filter((topic) => topic === told).length === 2 && hears.get(DEVICE)!.length === 3);
    expect(new Set(hears.get('office'))).toEqual(new Set(['seals/bridge/state', `seals/devices/${DEVICE}/state`, told]));
    expect([hears.get(DEVICE), hears.get(OTHER)]).toEqual([[`seals/devices/${DEVICE}/state`, told, told], []]);
    for (const client of clients) await client.endAsync(true);
  });

  test('what a device is at is retained for whoever comes later', async () => {
    bench.plug();
    await bridge();
    await bench.ready();
    await until('ready', () => about(`seals/devices/${DEVICE}/events/device.ready`).length > 0);
    await until('state', () => about(`seals/devices/${DEVICE}/state`).some(({ body }) => body['connected'] === true && body['status'] !== undefined));
    await reader!.endAsync(true);
    await listen();
    await until('retained', () => about(`seals/devices/${DEVICE}/state`).length === 1 && about('seals/bridge/state').length === 1);
    expect(about(`seals/devices/${DEVICE}/state`)[0]).toMatchObject({ body: { connected: true, status: { state: 'IDLE' } }, packet: { retain: true } });
    bench.devices[0]!.o.cable.connected = false;
    await bench.clock.until(() => bench.bridge.fleet.find(DEVICE) === undefined);
    await bench.clock.run(1000);
    await until('gone', () => about(`seals/devices/${DEVICE}/state`).at(-1)!.body['connected'] === false);
  });

  test('a bridge whose line is cut leaves its last will; one that stops says so itself', async () => {
    let cut = (): void => undefined;
    await bench.start({ mqtt: { prefix: 'seals', connect: (will) => {
      const client = connect({ url: `mqtt://127.0.0.1:${port}` }, will) as unknown as MqttClient;
      cut = () => {
        client.options.reconnectPeriod = 0;
        client.stream.destroy();
      };
      return client as never;
    } } });
    await until('online', () => about('seals/bridge/state').some(({ body }) => body['online'] === true));
    cut();
    await until('will', () => about('seals/bridge/state').at(-1)!.body['online'] === false);
    await stop();
    await bridge();
    await until('online again', () => about('seals/bridge/state').at(-1)!.body['online'] === true);
    await stop();
    await until('goodbye', () => about('seals/bridge/state').at(-1)!.body['online'] === false);
    await bridge();
  });

  test('a broker that was away, and a bridge that was killed: everything in order, nothing missing', async () => {
    await bridge();
    await until('online', () => about(`seals/devices/${OTHER}/state`).length > 0);
    await happen(1, 5);
    await until('first', () => numbers().length === 5);
    await kill();
    await happen(6, 20);
    await start();
    await listen();
    await until('rest', () => numbers().includes(25));
    expect([...new Set(numbers())]).toEqual([...Array(20).keys()].map((i) => i + 6));
    bench.crash();
    await stop();
    await bench.start();
    await happen(26, 5);
    await stop();
    await bridge();
    await until('after the crash', () => numbers().includes(30));
    expect([...new Set(numbers())].filter((i) => i > 25)).toEqual([26, 27, 28, 29, 30]);
  });
});

test('a broker that takes everything and confirms nothing does not keep the bridge from ending', async () => {
  const bench = new Bench();
  const calls = new Map<string, () => void>();
  const forced: (boolean | undefined)[] = [];
  const client = {
    on: (event: string, call: () => void) => calls.set(event, call),
    publishAsync: () => new Promise<never>(() => undefined),
    endAsync: (force?: boolean) => (forced.push(force), Promise.resolve()),
  } as unknown as OurClient;
  await bench.start({ mqtt: { prefix: 'seals', connect: () => client } });
  await bench.clock.until(() => calls.has('connect'));
  calls.get('connect')!();
  await bench.bridge.events.publish('test', DEVICE, {});
  await bench.clock.run(1_000);
  const from = bench.clock.now();
  await bench.end();
  // By force, so that the broker tells the last will.
  expect([forced, bench.clock.now() - from]).toEqual([[true], expect.any(Number)]);
  expect(bench.clock.now() - from).toBeLessThan(10_000);
});
