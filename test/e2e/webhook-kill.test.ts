/** The bridge as a program, killed at random points under load: whatever it said yes to reaches the webhook, in order. KILLS: how often. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { grantPayload, hmacKey, sealGrant } from '../../protocol';
import { toBuffer, toBytes } from '../../host-bridge/common/bytes';
import { checkWebhook, type WebhookMessage } from '../../host-bridge/client';
import { digestOfToken } from '../../host-bridge/common/tokens';
import { nodeNatives } from '../../host-bridge/natives';
import { Random } from '../protocol/random';
import { built, freePort, Running, until } from './programs';

const KILLS = Number(process.env['KILLS'] ?? 12);
const DEVICES = ['00112233445566aa', '00112233445566bb'];
const folder = mkdtempSync(path.join(tmpdir(), 'kill-'));
let receiver: Server;
let url: string;
let secret = '';
const got: WebhookMessage[] = [];
let forged = 0;

/** A permit for a device that is away: it waits at the bridge, and can be withdrawn, which is an event. */
function permit(device: string, n: number): { id: string; grant: string } {
  const id = n.toString(16).padStart(32, '0');
  const payload = grantPayload(toBytes(Buffer.from(device, 'hex')), { kind: 1, notBefore: 1, notAfter: 2_000_000_000, permit: toBytes(Buffer.from(id, 'hex')), counter: n, epoch: 0, die: 'DIE00001', count: 1, persons: [1, 1], policy: 1, document: 'd'.repeat(32) });
  return { id, grant: toBuffer(sealGrant(nodeNatives, hmacKey(nodeNatives, 'x'.repeat(32)), payload)).toString('base64') };
}

const call = (method: string, route: string, body?: object): Promise<Response> =>
  fetch(new URL(route, url), { method, headers: { authorization: 'Bearer all', 'content-type': 'application/json' }, ...(body === undefined ? {} : { body: JSON.stringify(body) }), signal: AbortSignal.timeout(10_000) });

beforeAll(async () => {
  built();
  receiver = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
    request.on('end', () => {
      const message = checkWebhook(secret, request.headers, body, Date.now() / 1000);
      if (message === undefined) forged += 1;
      else got.push(message);
      response.writeHead(message === undefined ? 401 : 204).end();
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  writeFileSync(path.join(folder, 'link.keys'), JSON.stringify(Object.fromEntries(DEVICES.map((id) => [id, '00'.repeat(32)]))), { mode: 0o600 });
  writeFileSync(path.join(folder, 'bridge.json'), JSON.stringify({
    listen: { host: '127.0.0.1', port: await freePort() }, database: 'bridge.db', spool: 'photos', linkKeysFile: 'link.keys', ports: [], webhooks: { networks: ['127.0.0.1/32'], http: true },
    tokens: [{ name: 'all', sha256: digestOfToken('all'), scopes: ['read', 'permit', 'webhook', 'admin'] }],
  }));
}, 120_000);
afterAll(() => {
  receiver.closeAllConnections();
  receiver.close();
  rmSync(folder, { recursive: true, force: true });
});

test('nothing that was answered is lost, and each device stays in order', async () => {
  const random = new Random(20_261_126);
  /** Withdrawals that were answered with yes, by device. */
  const done = new Map(DEVICES.map((id) => [id, [] as string[]]));
  let n = 0;
  for (let round = 0; round <= KILLS; round++) {
    const bridge = new Running(['bridge', '--config', path.join(folder, 'bridge.json'), '--json']);
    url = ((await bridge.said('its address', (line) => typeof line.url === 'string')) as { url: string }).url;
    if (secret === '') {
      const made = (await (await call('POST', '/v1/webhooks', { url: `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`, types: ['permit'] })).json()) as { secret: string };
      secret = made.secret;
    }
    const last = round === KILLS;
    let killed = false;
    const work = Promise.all(DEVICES.map(async (device) => {
      for (let k = 0; k < (last ? 3 : 400) && !killed; k++) {
        const { id, grant } = permit(device, ++n);
        try {
          const route = `/v1/devices/${device}/permits/${id}`;
          if ((await call('PUT', route, { grant })).status !== 202) throw new Error('not taken');
          if ((await call('DELETE', route)).status === 200) done.get(device)!.push(id);
        } catch (error) {
          if (!killed) throw error;
        }
      }
    }));
    if (!last) {
      await new Promise((resolve) => setTimeout(resolve, 20 + random.below(900)));
      killed = true;
      await bridge.stop('SIGKILL');
      await work;
      continue;
    }
    await work;
    await until('everything', () => DEVICES.every((device) => got.some((message) => message.device === device && message.data['permit'] === done.get(device)!.at(-1))) || undefined, 60_000);
    const { calls } = (await (await call('GET', '/v1/audit?limit=1')).json()) as { calls: unknown[] };
    expect(calls).toHaveLength(1);
    await bridge.stop();
  }
  expect(forged).toBe(0);
  for (const device of DEVICES) {
    const mine = got.filter((message) => message.device === device);
    const seen = new Set(mine.map(({ data }) => data['permit']));
    expect(done.get(device)!.filter((id) => !seen.has(id))).toEqual([]);
    // At least once: the last one before a kill may come again, an earlier one never.
    for (let i = 1; i < mine.length; i++) expect(mine[i]!.id).toBeGreaterThanOrEqual(mine[i - 1]!.id);
  }
  expect(n).toBeGreaterThan(KILLS);
}, 60_000 + KILLS * 5_000);
