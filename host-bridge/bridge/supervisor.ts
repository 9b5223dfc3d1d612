/**
 * Looks after one port for as long as the bridge runs: carries out what the state machine of port.ts decides, with one
 * HostPeer a connection. Nothing that happens at a port ends the process.
 */
import { DownReason, HostPeer, type Bytes, type HostCounters, type Natives } from '../../protocol';
import { hexOf, toBuffer, toBytes } from '../common/bytes';
import type { Cancel, Clock, Random } from '../common/clock';
import { Problem, type Fault } from '../common/errors';
import type { Log } from '../common/log';
import { Tap, type Captures } from './capture';
import { BRIDGE } from './faults';
import { OPEN_WITHIN, portStep, type PortEffect, type PortInput, type PortState } from './port';
import { Session } from './session';
import type { Connection, Transport } from './transport';

/** Frames a device may have under way. */
const WINDOW = 8;
/** Milliseconds between two looks whether an open port is still what its name leads to. */
const LOOK_EVERY = 1_000;
/** Milliseconds that the end of the bridge waits for a port that does not close. */
const CLOSE_WITHIN = 5_000;
/** Bytes without one good frame among them after which a silent port counts as something else. */
const NOISE = 16;

export interface SupervisorOptions {
  transport: Transport;
  natives: Natives;
  keyFor(deviceId: Bytes): Bytes | undefined;
  hostId: number;
  clock: Clock;
  random: Random;
  log: Log;
  captures: Captures;
  /** Decides whether the session may stay; false: the device is connected elsewhere. */
  admit(session: Session): Promise<boolean>;
  /** The port changed: a new fault, or ready (undefined). Each fault is told once until the port was ready again. */
  changed(fault: Problem | undefined): void;
}

export class Supervisor {
  readonly name: string;
  state: PortState = { name: 'stopped' };
  /** What keeps the port from being ready, as last told. */
  fault: Problem | undefined;
  session: Session | undefined;
  private readonly o: SupervisorOptions;
  private readonly log: Log;
  /** How often each fault was met since start, by code. */
  readonly faults = new Map<string, number>();
  /** Hears all that goes over the line. */
  readonly tap: Tap;
  private connection: Connection | undefined;
  /** Resolves when the last opening or closing is done; the next one waits for it. Never rejects. */
  private settled: Promise<void> = Promise.resolve();
  private peer: HostPeer | undefined;
  private past: HostCounters | undefined;
  private generation = 0;
  private noise = 0;
  private timer: Cancel | undefined;
  private ticker: Cancel | undefined;
  private looker: Cancel | undefined;

  constructor(options: SupervisorOptions) {
    this.o = options;
    this.name = options.transport.name;
    this.log = options.log.with({ port: this.name });
    this.tap = new Tap(options.captures, this.name, options.natives, options.clock, options.transport.frameMax);
  }

  start(): void {
    this.feed({ type: 'start' });
  }

  /** Something was plugged in at this port: it need not wait for its next turn. */
  appeared(): void {
    this.feed({ type: 'appeared' });
  }

  /** Ends everything at this port. Resolves when another program could open it, or the system does not let go of it. */
  async stop(): Promise<void> {
    this.feed({ type: 'stop' });
    await new Promise<void>((resolve) => {
      const late = this.o.clock.after(CLOSE_WITHIN, resolve);
      void this.settled.then(() => {
        late();
        resolve();
      });
    });
  }

  /** Counters of the link since start. */
  get counters(): HostCounters | undefined {
    const now = this.peer?.counters;
    return this.past === undefined ? now : now === undefined ? this.past : sum(this.past, now);
  }

  private feed(input: PortInput): void {
    const before = this.state.name;
    const { state, effects } = portStep(this.state, input, this.o.random());
    this.state = state;
    if (state.name !== before) this.log.debug('port state', { from: before, to: state.name });
    for (const effect of effects) this.carryOut(effect);
  }

  private carryOut(effect: PortEffect): void {
    switch (effect.type) {
      case 'open':
        this.open();
        break;
      case 'close':
        this.close(new Problem(BRIDGE.PORT_LOST, this.name));
        break;
      case 'handshake':
        this.handshake();
        break;
      case 'timer':
        this.timer?.();
        this.timer = this.o.clock.after(effect.ms, () => this.deadline());
        break;
      case 'cancelTimer':
        this.timer?.();
        break;
    }
  }

  private deadline(): void {
    if (this.state.name === 'opening') this.tell(new Problem(BRIDGE.PORT_FAILED, `${this.name}: not open after ${OPEN_WITHIN / 1000} s`));
    if (this.state.name === 'handshaking') this.tell(new Problem(BRIDGE.NO_ANSWER, this.name));
    this.feed({ type: 'timer' });
  }

  private open(): void {
    const mine = ++this.generation;
    const current = (): boolean => mine === this.generation;
    const opening = this.settled.then(() => {
      if (!current()) return undefined;
      return this.o.transport.open({
        data: (chunk) => {
          if (current()) this.received(chunk);
        },
        down: (why) => {
          if (!current()) return;
          this.connection = undefined;
          this.lost(why);
        },
      });
    });
    // A driver that hangs is never called a second time meanwhile: each such call would keep a thread of the process.
    this.settled = opening
      .then(
        (connection) => (connection === undefined || current() ? this.opened(connection) : shut(connection)),
        (error: unknown) => {
          if (!current()) return;
          const problem = error instanceof Problem ? error : new Problem(BRIDGE.PORT_FAILED, { detail: this.name, cause: error });
          this.tell(problem);
          this.feed({ type: 'openFailed', fault: problem.fault });
        },
      )
      .catch((error: unknown) => this.unforeseen(error));
  }

  private opened(connection: Connection | undefined): void {
    if (connection === undefined) return;
    this.connection = connection;
    this.feed({ type: 'opened' });
    if (connection.there !== undefined) this.look(connection);
  }

  /** A mistake of a transport or of ours: it is told and costs this connection, never the process. */
  private unforeseen(error: unknown): void {
    this.log.error('unforeseen', { why: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    if (this.state.name !== 'stopped') this.giveUp(new Problem(BRIDGE.PORT_FAILED, { detail: this.name, cause: error }));
  }

  private lost(why: Problem): void {
    this.close(why);
    this.tell(why);
    this.feed({ type: 'lost' });
  }

  private look(connection: Connection): void {
    this.looker = this.o.clock.after(LOOK_EVERY, () => {
      if (this.connection !== connection) return;
      if (isThere(connection)) this.look(connection);
      else this.lost(new Problem(BRIDGE.PORT_LOST, `${this.name} leads elsewhere`));
    });
  }

  private close(why: Problem): void {
    this.generation++;
    this.ticker?.();
    this.looker?.();
    const peer = this.peer;
    this.peer = undefined;
    if (peer !== undefined) {
      this.tap.note(why.code);
      this.tap.unknown();
      peer.close();
      this.past = this.past === undefined ? { ...peer.counters } : sum(this.past, peer.counters);
    }
    this.endSession(why);
    const connection = this.connection;
    this.connection = undefined;
    if (connection !== undefined) this.settled = shut(connection);
  }

  private endSession(why: Problem): void {
    const session = this.session;
    this.session = undefined;
    session?.end(why);
  }

  private handshake(): void {
    this.noise = 0;
    const peer: HostPeer = new HostPeer({
      natives: this.o.natives,
      keyFor: this.o.keyFor,
      hostId: this.o.hostId,
      frameMax: this.o.transport.frameMax,
      window: WINDOW,
      write: (bytes) => {
        // What finds no room is lost like any frame on the wire: the link sends it again.
        this.tap.sent(bytes);
        this.write(toBuffer(bytes));
      },
      events: {
        ready: (device) => this.meet(peer, device.deviceId),
        message: (type, tag, body) => {
          this.tap.message(false, type, tag, body);
          this.session?.receive(type, tag, body);
        },
        down: (reason) => this.down(peer, reason),
        log: (text) => this.log.debug('device says', { text: text.replace(/[^ -~]/g, '.').slice(0, 200) }),
      },
    });
    this.peer = peer;
    peer.connect();
    this.tick();
  }

  private write(bytes: Buffer): void {
    const connection = this.connection;
    try {
      connection?.write(bytes);
    } catch (error) {
      this.o.clock.after(0, () => {
        if (this.connection === connection) this.unforeseen(error);
      });
    }
  }

  private received(chunk: Buffer): void {
    const peer = this.peer;
    if (peer === undefined) return;
    this.noise += chunk.length;
    try {
      const bytes = toBytes(chunk);
      this.tap.received(bytes);
      peer.receive(bytes);
    } catch (error) {
      return this.unforeseen(error);
    }
    this.tick();
  }

  /** Lets the peer work and comes back when it wants to. */
  private tick(): void {
    this.ticker?.();
    const peer = this.peer;
    if (peer === undefined) return;
    let wait: number;
    try {
      wait = peer.tick(this.o.clock.now());
    } catch (error) {
      return this.unforeseen(error);
    }
    if (this.peer === peer) this.ticker = this.o.clock.after(Math.max(1, wait), () => this.tick());
  }

  private meet(peer: HostPeer, deviceId: Bytes): void {
    this.tap.known(hexOf(deviceId));
    const session: Session = new Session({
      deviceId,
      port: this.name,
      clock: this.o.clock,
      send: (type, tag, body) => {
        if (this.session === session) this.tap.message(true, type, tag, body);
        const taken = this.session === session && peer.send(type, tag, body);
        if (taken) this.tick();
        return taken;
      },
      broken: (why) => {
        if (this.session === session) this.giveUp(why);
      },
    });
    session.onReady = () => {
      void this.admit(session);
    };
    this.session = session;
  }

  private async admit(session: Session): Promise<void> {
    const stays = await this.o.admit(session).catch((error: unknown) => (this.unforeseen(error), true));
    if (this.session !== session) return;
    if (!stays) return this.giveUp(new Problem(BRIDGE.DUPLICATE, session.device));
    this.fault = undefined;
    this.feed({ type: 'ready' });
    this.log.info('device ready', { device: session.device, firmware: session.ready?.firmware });
    this.o.changed(undefined);
  }

  private down(peer: HostPeer, reason: DownReason): void {
    if (this.peer !== peer) return;
    const why = new Problem(this.faultOf(peer, reason), this.name);
    if (reason === DownReason.RESTARTED || reason === DownReason.RENEWED) {
      this.endSession(why);
      this.feed({ type: 'renewing' });
      return;
    }
    this.giveUp(why);
  }

  private giveUp(why: Problem): void {
    this.close(why);
    this.tell(why);
    this.feed({ type: 'down', fault: why.fault });
  }

  private tell(why: Problem): void {
    this.faults.set(why.code, (this.faults.get(why.code) ?? 0) + 1);
    const known = this.fault?.fault === why.fault;
    this.fault = why;
    if (known) return;
    if (this.peer === undefined) this.tap.note(why.code);
    this.log.warn(why.fault.title.en, { code: why.code, detail: why.detail });
    this.o.changed(why);
  }

  private faultOf(peer: HostPeer, reason: DownReason): Fault {
    switch (reason) {
      case DownReason.NO_ANSWER:
        return peer.counters.frames === 0 && this.noise >= NOISE ? BRIDGE.NOT_A_DEVICE : BRIDGE.NO_ANSWER;
      case DownReason.UNKNOWN_DEVICE:
        return BRIDGE.NO_KEY;
      case DownReason.WRONG_KEY:
        return BRIDGE.WRONG_KEY;
      case DownReason.VERSION:
        return BRIDGE.VERSION;
      case DownReason.TAMPERED:
      case DownReason.PROTOCOL:
        return BRIDGE.LINK_BROKEN;
      default:
        return BRIDGE.LINK_LOST;
    }
  }
}

async function shut(connection: Connection): Promise<void> {
  try {
    await connection.close();
  } catch {
    // nothing more can be done with it
  }
}

function isThere(connection: Connection): boolean {
  try {
    return connection.there?.() !== false;
  } catch {
    return false;
  }
}

function sum(a: HostCounters, b: HostCounters): HostCounters {
  const out = { ...a };
  for (const key of Object.keys(out) as (keyof HostCounters)[]) out[key] += b[key];
  return out;
}
