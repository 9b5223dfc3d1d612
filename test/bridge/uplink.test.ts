/** Bridges that go out to the desk: nothing of theirs listens, and the desk calls them all the same. */
import { createServer, request, type Server } from 'node:http';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bytePortTransport, createBridge, Uplink, type Bridge } from '../../host-bridge/bridge';
import { systemClock, systemRandom } from '../../host-bridge/cli/system';
import { toBuffer } from '../../host-bridge/common/bytes';
import { sleep } from '../../host-bridge/common/clock';
import { SILENT } from '../../host-bridge/common/log';
import { digestOfToken } from '../../host-bridge/common/tokens';
import type { BridgeEvent, BridgeTransport } from '../../host-bridge/desk';
import { Uplinks } from '../../host-bridge/desk/follow/uplink';
import { nodeNatives } from '../../host-bridge/natives';
import { RecordKind } from '../../protocol';
import { Cable, FakeDevice } from './fake-device';
import { DEVICE, LINK_KEY, OTHER } from './harness';

const clock = systemClock();
const folder = mkdtempSync(join(tmpdir(), 'uplink-'));
let closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.reverse()) await close();
  closing = [];
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function until(what: string, condition: () => boolean | Promise<boolean>, limit = 10_000): Promise<void> {
  const from = clock.now();
  while (!(await condition())) {
    if (clock.now() - from > limit) throw new Error(`not so: ${what}`);
    await sleep(clock, 10);
  }
}

interface Site {
  bridge: Bridge;
  device: FakeDevice;
  uplink: Uplink;
}

let count = 0;
async function site(name: string, id: string, port: number, token = `token-of-${name}`): Promise<Site> {
  const cable = new Cable(clock);
  const device = new FakeDevice({ clock, id, linkKey: LINK_KEY, cable });
  const home = join(folder, `${name}-${count++}`);
  const bridge = await createBridge({
    database: `${home}.db`, spool: home, tokens: [{ name: 'desk', sha256: digestOfToken('desk'), scopes: ['read', 'permit', 'grant'] }], linkKeys: new Map([[id, LINK_KEY]]),
    transports: [bytePortTransport('cable', cable)], natives: nodeNatives, clock, random: systemRandom, log: SILENT,
  });
  bridge.start();
  const uplink = new Uplink({ url: `http://127.0.0.1:${port}`, name, token, serve: (incoming, answer) => bridge.app.routing(incoming, answer), clock, random: systemRandom, log: SILENT });
  uplink.start();
  closing.push(() => {
    uplink.stop();
    device.halt();
    return bridge.stop();
  });
  return { bridge, device, uplink };
}

async function desk(port = 0): Promise<{ server: Server; uplinks: Uplinks; port: number; end(): Promise<unknown> }> {
  const uplinks = new Uplinks(clock, SILENT);
  for (const name of ['north', 'south']) uplinks.expect(name, digestOfToken(`token-of-${name}`));
  const server = createServer((_, response) => response.end('desk'));
  uplinks.attach(server);
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const end = (): Promise<unknown> => {
    uplinks.close();
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  };
  closing.push(() => (server.listening ? end() : undefined));
  return { server, uplinks, port: (server.address() as { port: number }).port, end };
}

const idOf = async (transport: BridgeTransport, id: string): Promise<number> => (await transport.call({ method: 'GET', path: `/v1/devices/${id}` })).status;

test('two bridges behind closed doors: calls, photos and events, each from its own', async () => {
  const { uplinks, port } = await desk();
  const north = await site('north', DEVICE, port);
  const south = await site('south', OTHER, port);
  const [toNorth, toSouth] = ['north', 'south'].map((name) => uplinks.transport(name, 'desk', 5_000)) as [BridgeTransport, BridgeTransport];
  expect(await idOf(toNorth, DEVICE)).toBe(200);
  expect(await idOf(toNorth, OTHER)).toBe(404);
  expect(await idOf(toSouth, OTHER)).toBe(200);
  expect(north.bridge.app.server.listening || south.bridge.app.server.listening).toBe(false);

  const events: BridgeEvent[] = [];
  const stop = new AbortController();
  const streaming = toNorth.stream!(undefined, (event) => events.push(event), stop.signal).catch(() => undefined);
  await until('the unit', () => north.bridge.fleet.size === 1);
  const digest = north.device.photo(300_000);
  north.device.record(RecordKind.BOOT, [1]);
  north.device.notice();
  await until('its events', () => events.filter(({ type }) => type === 'record').length === 2 && events.some(({ type }) => type === 'photo'));
  const photo = await toNorth.call({ method: 'GET', path: `/v1/devices/${DEVICE}/photos/${digest}` });
  expect(photo.body.equals(toBuffer(north.device.photos.get(digest)!))).toBe(true);
  // More at once than there are connections: they wait for one another.
  const answers = await Promise.all(Array.from({ length: 40 }, () => toNorth.call({ method: 'GET', path: `/v1/devices/${DEVICE}/records?from=0` })));
  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
  const refused = await toNorth.call({ method: 'PUT', path: `/v1/devices/${DEVICE}/permits/${'aa'.repeat(16)}`, body: { grant: 'AAAA' } });
  expect([refused.status, (JSON.parse(refused.body.toString()) as { code: string }).code]).toEqual([422, 'GRANT_MALFORMED']);
  expect((await uplinks.transport('north', 'wrong', 5_000).call({ method: 'GET', path: '/v1/devices' })).status).toBe(401);
  stop.abort();
  await streaming;
  await until('a connection in place of the stream’s', () => north.uplink.connections === 4);
}, 30_000);

test('a wrong token, a name that nobody has, another protocol: refused, and nothing is told of which', async () => {
  const { uplinks, port } = await desk();
  await site('north', DEVICE, port, 'wrong');
  await site('west', OTHER, port);
  await sleep(clock, 700);
  expect([uplinks.connections('north'), uplinks.connections('west')]).toEqual([0, 0]);
  const ask = (path: string, headers: Record<string, string>): Promise<number> =>
    new Promise((resolve) => {
      const asking = request({ port, path, headers: { connection: 'Upgrade', ...headers }, agent: false });
      asking.on('response', (response) => (response.resume(), resolve(response.statusCode!)));
      asking.on('upgrade', (_, socket) => (socket.destroy(), resolve(101)));
      asking.on('error', () => resolve(0));
      asking.end();
    });
  const upgrade = 'smartseal-bridge';
  const right = { upgrade, authorization: 'Bearer token-of-west' };
  expect(await ask('/v1/bridges/north/uplink', { upgrade })).toBe(401);
  expect(await ask('/v1/bridges/nobody/uplink', right)).toBe(401);
  expect(await ask('/v1/bridges/%E0%A4%A/uplink', right)).toBe(401);
  expect(await ask('/v1/bridges/north/uplink', { ...right, upgrade: 'websocket' })).toBe(404);
  expect(await ask('/', right)).toBe(404);
  await expect(uplinks.transport('north', 'desk', 300).call({ method: 'GET', path: '/v1/devices' })).rejects.toThrow();
}, 30_000);

test('a desk that is not on duty takes no bridge, and lets go of those that it has when it is relieved', async () => {
  const { uplinks, port } = await desk();
  uplinks.open = () => false;
  const north = await site('north', DEVICE, port);
  await sleep(clock, 700);
  expect(uplinks.connections('north')).toBe(0);
  uplinks.open = () => true;
  await until('the bridge', () => uplinks.connections('north') > 0);
  uplinks.open = () => false;
  uplinks.drop();
  await until('the loss', () => uplinks.connections('north') === 0 && north.uplink.connections === 0);
}, 30_000);

test('the desk is away and comes back; the bridge is away and comes back: calls work again by themselves', async () => {
  const first = await desk();
  const north = await site('north', DEVICE, first.port);
  expect(await idOf(first.uplinks.transport('north', 'desk', 5_000), DEVICE)).toBe(200);
  await first.end();
  await until('the loss', () => north.uplink.connections === 0);
  const second = await desk(first.port);
  const transport = second.uplinks.transport('north', 'desk', 8_000);
  expect(await idOf(transport, DEVICE)).toBe(200); // waits until the bridge is there
  north.uplink.stop();
  await until('the loss', () => second.uplinks.connections('north') === 0);
  const waiting = idOf(transport, DEVICE);
  north.uplink.start();
  expect(await waiting).toBe(200);
}, 30_000);

test('a bridge cannot fill the desk with connections', async () => {
  const { uplinks, port } = await desk();
  const many = await Promise.all([1, 2, 3].map(() => site('north', DEVICE, port)));
  await until('connections', () => many.reduce((sum, { uplink }) => sum + uplink.connections, 0) >= 8);
  await sleep(clock, 500);
  expect(uplinks.connections('north')).toBe(8);
}, 30_000);
