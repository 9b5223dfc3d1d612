/** Load for a bridge in a process of its own: units that record and photograph, an OA that hands in permits, a reader of events. */
import { digestOfToken } from '../../host-bridge/common/tokens';
import { bytesOfHex, hexOf, toBuffer } from '../../host-bridge/common/bytes';
import { eventReader } from '../../host-bridge/desk/follow/transport';
import { nodeNatives } from '../../host-bridge/natives';
import { grantPayload, hmacKey, RecordKind, sealGrant } from '../../protocol';
import type { YardUnit } from '../bridge/yard';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

export const LINK_KEY = 'l'.repeat(32);
const TOKEN = 'load';
const headers = { authorization: `Bearer ${TOKEN}` };
export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** A folder for such a bridge. Returns its configuration file. */
export function bridgeFor(folder: string, units: readonly YardUnit[], port: number, more: object = {}): string {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeFileSync(path.join(folder, 'link.keys'), JSON.stringify(Object.fromEntries(units.map(({ id }) => [id, hexOf(LINK_KEY)]))), { mode: 0o600 });
  const config = path.join(folder, 'bridge.json');
  writeFileSync(config, JSON.stringify({
    listen: { host: '127.0.0.1', port }, database: 'bridge.db', spool: 'photos', linkKeysFile: 'link.keys', logLevel: 'warn',
    tokens: [{ name: TOKEN, sha256: digestOfToken(TOKEN), scopes: ['read', 'permit', 'grant', 'admin'] }],
    ports: units.map(({ cable }) => ({ kind: 'tcp', host: '127.0.0.1', port: cable.port })), ...more,
  }));
  return config;
}

/** A unit that is used all the time: a record now and then, and of every eighth a photo. Stops when told. */
export function busy({ device }: YardUnit, dice: (below: number) => number, everyMs: number, photoBytes: number): () => void {
  let timer: NodeJS.Timeout;
  let n = 0;
  const work = (): void => {
    if (++n % 8 === 0) device.photo(1_000 + Math.floor(dice(photoBytes)));
    else device.record(RecordKind.BOOT, [n]);
    device.notice();
    timer = setTimeout(work, dice(2 * everyMs));
  };
  work();
  return () => clearTimeout(timer);
}

/** An OA: hands in one permit after the other for a unit, each until it is taken. */
export class Office {
  /** Permits that were taken, as the device will see them. */
  readonly accepted: string[] = [];
  /** Answers by status, and how often nothing came. */
  readonly answers: Record<string, number> = {};
  private running = true;
  private readonly work: Promise<void>;

  constructor(private readonly url: string, private readonly unit: YardUnit, private readonly everyMs: number) {
    this.work = this.run();
  }

  private async run(): Promise<void> {
    for (let counter = 1; this.running; counter++) {
      const id = counter.toString(16).padStart(32, '0');
      const payload = grantPayload(bytesOfHex(this.unit.id) ?? '', {
        kind: 1, notBefore: 1, notAfter: 2_000_000_000, permit: bytesOfHex(id) ?? '', counter, epoch: 0, die: 'DIE00001', count: 1, persons: [1, 1], policy: 1, document: 'd'.repeat(32),
      });
      const grant = toBuffer(sealGrant(nodeNatives, hmacKey(nodeNatives, 'x'.repeat(32)), payload));
      for (let unknown = false; ; ) {
        const status = await fetch(`${this.url}/v1/devices/${this.unit.id}/permits/${id}`, {
          method: 'PUT', headers: { ...headers, 'content-type': 'application/json' }, body: JSON.stringify({ grant: grant.toString('base64') }), signal: AbortSignal.timeout(5_000),
        }).then(async (response) => (await response.arrayBuffer(), String(response.status)), () => 'nothing');
        this.answers[status] = (this.answers[status] ?? 0) + 1;
        if (status === '200' || status === '202') break;
        unknown ||= status === 'nothing'; // it may have been taken before the answer was lost
        if (!this.running && !unknown) return; // never taken, so nothing is owed
        await pause(20);
      }
      this.accepted.push(grant.toString('hex'));
      await pause(this.everyMs);
    }
  }

  stop(): Promise<void> {
    this.running = false;
    return this.work;
  }
}

export interface Seen {
  id: number;
  type: string;
  device: string;
  data: Record<string, unknown>;
}

/** A consumer of events that comes back with the last id it has. */
export class Reader {
  readonly seen: Seen[] = [];
  private attempt = new AbortController();
  private over = false;
  private readonly work: Promise<void>;

  constructor(private readonly url: string) {
    this.work = this.run();
  }

  private async run(): Promise<void> {
    while (!this.over) {
      this.attempt = new AbortController();
      const last = this.seen.at(-1)?.id ?? 0;
      try {
        const response = await fetch(`${this.url}/v1/events${last === 0 ? '?after=0' : ''}`, { headers: { ...headers, ...(last === 0 ? {} : { 'last-event-id': String(last) }) }, signal: this.attempt.signal });
        const feed = eventReader(({ id, type, data }) => {
          const parsed = JSON.parse(data) as Record<string, unknown>;
          this.seen.push({ id: Number(id), type, device: String(parsed['device']), data: parsed });
        });
        const text = new TextDecoder();
        for await (const part of response.body ?? []) feed(text.decode(part as Uint8Array, { stream: true }));
      } catch {
        // the bridge is gone: again
      }
      await pause(20);
    }
  }

  of(type: string, device: string): Seen[] {
    return this.seen.filter((event) => event.type === type && event.device === device);
  }

  stop(): Promise<void> {
    this.over = true;
    this.attempt.abort();
    return this.work;
  }
}

export async function get<T>(url: string): Promise<T> {
  const response = await fetch(url, { headers });
  return (await response.json()) as T;
}
