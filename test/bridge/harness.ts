import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bytePortTransport, createBridge, type Bridge, type BridgeOptions } from '../../host-bridge/bridge';
import { SILENT } from '../../host-bridge/common/log';
import { digestOfToken } from '../../host-bridge/common/tokens';
import { nodeNatives } from '../../host-bridge/natives';
import { Cable, FakeDevice } from './fake-device';
import { VirtualClock } from './virtual-clock';

export const DEVICE = '5345414c30303031';
export const OTHER = '5345414c30303032';
export const LINK_KEY = 'k'.repeat(32);

const SCOPES = { reader: ['read'], permitter: ['permit'], granter: ['grant'], subscriber: ['webhook'], admin: ['admin'], all: ['read', 'permit', 'grant', 'webhook', 'admin'] };
export type TokenName = keyof typeof SCOPES;

/** A bridge on a directory of its own, a virtual clock, and devices on cables. */
export class Bench {
  readonly clock = new VirtualClock();
  readonly directory = mkdtempSync(join(tmpdir(), 'bridge-'));
  bridge!: Bridge;
  cables: Cable[] = [];
  devices: FakeDevice[] = [];
  private alive = { now: true };

  /** Puts a device on a cable of its own. */
  plug(id = DEVICE): FakeDevice {
    const cable = new Cable(this.clock);
    const device = new FakeDevice({ clock: this.clock, id, linkKey: LINK_KEY, cable });
    this.devices.push(device);
    this.port(cable);
    return device;
  }

  port(cable: Cable): void {
    this.cables.push(cable);
  }

  /** Starts a bridge on the same database as the one before. */
  async start(change: Partial<BridgeOptions> = {}): Promise<Bridge> {
    let seed = 1;
    const alive = (this.alive = { now: true });
    this.bridge = await createBridge({
      database: join(this.directory, 'bridge.db'),
      spool: join(this.directory, 'spool'),
      tokens: Object.entries(SCOPES).map(([name, scopes]) => ({ name, sha256: digestOfToken(name), scopes })),
      linkKeys: new Map([[DEVICE, LINK_KEY], [OTHER, LINK_KEY]]),
      transports: this.cables.map((cable, i) => bytePortTransport(`cable:${i + 1}`, cable)),
      natives: nodeNatives,
      clock: { wall: () => this.clock.wall(), now: () => this.clock.now(), after: (ms, call) => this.clock.after(ms, () => alive.now && call()) },
      random: () => (seed = (seed * 16807) % 2147483647) / 2147483647,
      log: SILENT,
      ...change,
    });
    this.bridge.start();
    return this.bridge;
  }

  ready(id = DEVICE): Promise<number> {
    return this.clock.until(() => this.bridge.fleet.find(id) !== undefined);
  }

  /** All events of a type so far. */
  async events(type: string): Promise<Record<string, unknown>[]> {
    return (await this.bridge.events.after(0, 10_000)).filter((event) => event.type === type).map((event) => event.data);
  }

  async get(url: string, token: TokenName = 'all') {
    return this.clock.during(this.bridge.app.inject({ method: 'GET', url, headers: { authorization: `Bearer ${token}` } }));
  }

  async send(method: 'PUT' | 'POST' | 'PATCH' | 'DELETE', url: string, body?: object, token: TokenName = 'all', headers: Record<string, string> = {}) {
    return this.clock.during(
      this.bridge.app.inject({ method, url, headers: { authorization: `Bearer ${token}`, ...headers }, ...(body === undefined ? {} : { payload: body }) }),
    );
  }

  async records(id = DEVICE, branch?: number): Promise<number[]> {
    const response = await this.get(`/v1/devices/${id}/records?limit=1000${branch === undefined ? '' : `&branch=${branch}`}`);
    return response.json<{ records: { seq: number }[] }>().records.map((record) => record.seq);
  }

  async incidents(): Promise<string[]> {
    return (await this.get('/v1/incidents')).json<{ incidents: { kind: string }[] }>().incidents.map((incident) => incident.kind);
  }

  /** The bridge is gone from one instant to the next: nothing it had in mind happens any more. */
  crash(): void {
    this.alive.now = false;
    for (const cable of this.cables) cable.onData(() => undefined);
  }

  async stop(): Promise<void> {
    await this.clock.during(this.bridge.stop());
  }

  async end(): Promise<void> {
    if ((this.bridge as Bridge | undefined) !== undefined) await this.stop();
    rmSync(this.directory, { recursive: true, force: true });
  }
}
