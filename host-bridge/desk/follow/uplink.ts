/**
 * Bridges that come to the desk: each keeps a few connections open, upgraded from HTTP (RFC 9110, section 7.8), over which the
 * desk calls the bridge's API as it would at an address. Who a bridge is says its token, of which the desk holds the SHA-256.
 */
import { timingSafeEqual } from 'node:crypto';
import { Agent, request, type IncomingMessage, type Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Clock } from '../../common/clock';
import type { Log } from '../../common/log';
import { bearerOf, digestOfToken } from '../../common/tokens';
import { eventReader, type BridgeTransport } from './transport';

/** Name of the protocol in the Upgrade header. */
export const UPLINK = 'smartseal-bridge';
const PATH = /^\/v1\/bridges\/([^/?]{1,200})\/uplink$/;
/** Connections one bridge may have open. */
const CONNECTIONS = 8;
/** Milliseconds that a call waits for one of them. */
const WAIT = 10_000;
/** Largest answer that is read: a photo. */
const BODY_MAX = 16 << 20;

/** Connections of one bridge, as an agent of Node's own HTTP client. */
class Pool extends Agent {
  private readonly idle: Socket[] = [];
  private readonly wanted: ((error: Error | null, socket?: Socket) => void)[] = [];
  readonly all = new Set<Socket>();

  constructor(private readonly clock: Clock) {
    super({ keepAlive: true, maxSockets: 1, maxFreeSockets: CONNECTIONS, scheduling: 'lifo' });
  }

  get full(): boolean {
    return this.all.size >= CONNECTIONS;
  }

  add(socket: Socket): void {
    this.all.add(socket);
    this.count();
    socket.on('error', () => undefined);
    socket.on('end', () => socket.destroy()); // a server's sockets may stay half open
    socket.on('close', () => {
      this.all.delete(socket);
      this.count();
      const at = this.idle.indexOf(socket);
      if (at >= 0) this.idle.splice(at, 1);
    });
    const next = this.wanted.shift();
    if (next !== undefined) next(null, socket);
    else this.rest(socket);
  }

  /** Until it is wanted: a bridge that speaks unasked is none, and only who reads sees the other end go. */
  private rest(socket: Socket): void {
    this.idle.push(socket);
    socket.on('data', () => socket.destroy());
  }

  /** More requests than connections wait in the agent for one that comes free. */
  private count(): void {
    this.maxSockets = Math.max(1, this.all.size);
  }

  override createConnection(_options: unknown, callback?: (error: Error | null, stream: Duplex) => void): Duplex | null | undefined {
    const socket = this.idle.pop();
    if (socket !== undefined) {
      socket.removeAllListeners('data');
      return socket;
    }
    let over = false;
    const give = (error: Error | null, found?: Socket): void => {
      if (over) return void found?.destroy();
      over = true;
      cancel();
      callback?.(error, found as Duplex);
    };
    const cancel = this.clock.after(WAIT, () => {
      const at = this.wanted.indexOf(give);
      if (at >= 0) this.wanted.splice(at, 1);
      give(new Error('the bridge is not connected'));
    });
    this.wanted.push(give);
    return undefined;
  }

  end(): void {
    for (const socket of this.all) socket.destroy();
    for (const give of this.wanted.splice(0)) give(new Error('the desk ends'));
    this.destroy();
  }
}

export class Uplinks {
  private readonly pools = new Map<string, { digest: Buffer; pool: Pool }>();

  constructor(private readonly clock: Clock, private readonly log: Log) {}

  /** Whether bridges may come to this desk now. One replica follows them all: the others send them on to come again elsewhere. */
  open = (): boolean => true;

  /** Lets all go: another replica follows them now. */
  drop(): void {
    for (const { pool } of this.pools.values()) for (const socket of pool.all) socket.destroy();
  }

  /** A bridge that comes under this name with the token of this SHA-256. */
  expect(name: string, sha256: string): void {
    this.pools.set(name, { digest: Buffer.from(sha256, 'hex'), pool: new Pool(this.clock) });
  }

  /** Takes the upgrades of a server. */
  attach(server: Server): void {
    server.on('upgrade', (message, stream, head) => {
      // Somebody else's upgrade is left to them, where there is somebody else.
      if (!PATH.test(message.url ?? '') && server.listenerCount('upgrade') > 1) return;
      this.upgrade(message, stream as Socket, head);
    });
  }

  connections(name: string): number {
    return this.pools.get(name)?.pool.all.size ?? 0;
  }

  close(): void {
    for (const { pool } of this.pools.values()) pool.end();
  }

  private upgrade(message: IncomingMessage, socket: Socket, head: Buffer): void {
    socket.on('error', () => undefined);
    const refuse = (status: string): void => {
      socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
    };
    const match = PATH.exec(message.url ?? '');
    if (match === null || message.headers.upgrade?.toLowerCase() !== UPLINK) return refuse('404 Not Found');
    const name = nameOf(match[1] as string);
    const token = bearerOf(message.headers.authorization);
    const known = name === undefined ? undefined : this.pools.get(name);
    const digest = Buffer.from(digestOfToken(token ?? ''), 'hex');
    // Of an unknown name nothing more is told than of a wrong token.
    if (!timingSafeEqual(known?.digest ?? Buffer.alloc(digest.length), digest) || known === undefined || token === undefined) {
      this.log.warn('uplink refused', { bridge: name });
      return refuse('401 Unauthorized');
    }
    if (head.length > 0) return refuse('400 Bad Request'); // the desk speaks first
    socket.setNoDelay(true);
    socket.setTimeout(0);
    socket.setKeepAlive(true, 30_000);
    if (known.pool.full || !this.open()) return refuse('503 Service Unavailable');
    socket.write(`HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: ${UPLINK}\r\n\r\n`);
    known.pool.add(socket); // a call may be waiting for it
  }

  /** Calls over those connections. @param token of the bridge's API */
  transport(name: string, token: string, timeoutMs: number): BridgeTransport {
    const pool = this.pools.get(name)?.pool;
    if (pool === undefined) throw new Error(`no uplink is expected from ${name}`);
    const headers = { authorization: `Bearer ${token}`, host: 'bridge' };
    const ask = (method: string, path: string, more: Record<string, string>, body: string | undefined, stop?: AbortSignal): Promise<IncomingMessage> =>
      new Promise((resolve, reject) => {
        const asking = request({ method, path, agent: pool, headers: { ...headers, ...more, ...(body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }) }, ...(stop === undefined ? {} : { signal: stop }) }, resolve);
        asking.on('error', reject);
        // A request that still waits for a connection does not hear of its end before it has one.
        stop?.addEventListener('abort', () => reject(stop.reason as Error), { once: true });
        asking.end(body);
      });
    return {
      call: async ({ method, path, body }) => {
        const over = new AbortController();
        const cancel = this.clock.after(timeoutMs, () => over.abort(new Error('the bridge does not answer in time')));
        try {
          const response = await ask(method, path, body === undefined ? {} : { 'content-type': 'application/json' }, body === undefined ? undefined : JSON.stringify(body), over.signal);
          const parts: Buffer[] = [];
          let size = 0;
          for await (const part of response) {
            size += (part as Buffer).length;
            if (size > BODY_MAX) throw new Error('the answer is too large');
            parts.push(part as Buffer);
          }
          return { status: response.statusCode ?? 0, body: Buffer.concat(parts) };
        } finally {
          cancel();
        }
      },
      async stream(lastId, onEvent, stop, onOpen) {
        const response = await ask('GET', '/v1/events', { accept: 'text/event-stream', ...(lastId === undefined ? {} : { 'last-event-id': lastId }) }, undefined, stop);
        if (response.statusCode !== 200) {
          response.resume();
          throw new Error(`the event stream answered ${response.statusCode ?? 0}`);
        }
        onOpen?.();
        const feed = eventReader(onEvent);
        const text = new TextDecoder();
        for await (const part of response) feed(text.decode(part as Uint8Array, { stream: true }));
      },
    };
  }
}

function nameOf(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
