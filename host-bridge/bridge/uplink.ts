/**
 * A connection from the bridge out to a desk, over which the desk calls the bridge: where a bridge stands behind a
 * firewall, nothing needs to be opened for it. The bridge asks the desk to upgrade an HTTP connection (RFC 9110, section 7.8)
 * and then serves its own API on it, with tokens and scopes as ever. A few connections stand ready at all times.
 */
import { createServer, request, type ClientRequest, type RequestListener, type Server } from 'node:http';
import { request as secureRequest } from 'node:https';
import type { Duplex } from 'node:stream';
import type { Cancel, Clock, Random } from '../common/clock';
import type { Log } from '../common/log';

/** Name of the protocol in the Upgrade header. */
export const UPLINK = 'smartseal-bridge';

export interface UplinkOptions {
  /** The desk, for instance https://desk.example.com */
  url: string;
  /** Under which the desk knows this bridge, and what it has to show for it. */
  name: string;
  token: string;
  /** What answers requests: the API's own. */
  serve: RequestListener;
  clock: Clock;
  random: Random;
  log: Log;
  /** PEM of who signs the desk's certificate, where it is not one of the system's. */
  ca?: string | undefined;
  /** PEM, where the desk asks for a certificate. */
  cert?: string | undefined;
  key?: string | undefined;
}

/** Connections that stand ready. One goes to the event stream. */
const READY = 4;
/** Milliseconds: answer of the desk, silence on a connection, first and longest pause, growth of it. */
const ANSWER_WITHIN = 15_000;
const SILENT_AFTER = 90_000;
const PAUSE = { first: 500, most: 30_000, growth: 1.8 };

export class Uplink {
  private readonly server: Server;
  private readonly open = new Set<Duplex>();
  private readonly asking = new Set<ClientRequest>();
  private readonly timers = new Set<Cancel>();
  private running = false;
  private fails = 0;
  private told = '';

  constructor(private readonly o: UplinkOptions) {
    this.server = createServer({ keepAliveTimeout: SILENT_AFTER, requestTimeout: 60_000 }, o.serve);
  }

  /** Connections to the desk now. */
  get connections(): number {
    return this.open.size;
  }

  start(): void {
    this.running = true;
    for (let i = 0; i < READY; i++) this.ask();
  }

  stop(): void {
    this.running = false;
    for (const cancel of this.timers) cancel();
    for (const one of this.asking) one.destroy();
    for (const one of this.open) one.destroy();
  }

  private ask(): void {
    if (!this.running) return;
    const { url, name, token, ca, cert, key } = this.o;
    const target = new URL(`/v1/bridges/${encodeURIComponent(name)}/uplink`, url);
    const asking = (target.protocol === 'https:' ? secureRequest : request)(target, {
      headers: { connection: 'Upgrade', upgrade: UPLINK, authorization: `Bearer ${token}` }, agent: false, ...(ca === undefined ? {} : { ca }), ...(cert === undefined ? {} : { cert, key }),
    });
    this.asking.add(asking);
    const late = this.after(ANSWER_WITHIN, () => asking.destroy(new Error('no answer')));
    let settled = false;
    const failed = (why: string): void => {
      if (settled) return;
      settled = true;
      late();
      this.asking.delete(asking);
      this.again(why);
    };
    asking.on('error', (error) => failed((error as NodeJS.ErrnoException).code ?? error.message));
    asking.on('response', (response) => {
      response.resume();
      asking.destroy();
      failed(`HTTP ${response.statusCode ?? 0}`);
    });
    asking.on('upgrade', (_response, socket: Duplex, head: Buffer) => {
      if (settled) return void socket.destroy();
      settled = true;
      late();
      this.asking.delete(asking);
      this.take(socket, head);
    });
    asking.end();
  }

  private take(socket: Duplex, head: Buffer): void {
    this.fails = 0;
    if (this.told !== 'connected') this.o.log.info('uplink connected', { desk: this.o.url });
    this.told = 'connected';
    this.open.add(socket);
    if (head.length > 0) socket.unshift(head);
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.open.delete(socket);
      if (this.running) this.again('closed');
    });
    (socket as Duplex & { setTimeout?(ms: number, call: () => void): void }).setTimeout?.(SILENT_AFTER, () => socket.destroy());
    this.server.emit('connection', socket);
  }

  private again(why: string): void {
    if (!this.running) return;
    // One that was used up (the end of an event stream) is replaced at once; where the desk is away, ever more slowly.
    const pause = why === 'closed' ? PAUSE.first / 5 : Math.min(PAUSE.most, PAUSE.first * PAUSE.growth ** Math.min(this.fails / READY, 30));
    if (why !== 'closed') {
      this.fails++;
      if (this.told !== why) this.o.log.warn('uplink not connected', { desk: this.o.url, why });
      this.told = why;
    }
    this.after(pause * (0.75 + 0.25 * this.o.random()), () => this.ask());
  }

  private after(ms: number, call: () => void): Cancel {
    const cancel = this.o.clock.after(ms, () => {
      this.timers.delete(end);
      call();
    });
    const end = (): void => {
      this.timers.delete(end);
      cancel();
    };
    this.timers.add(end);
    return end;
  }
}
