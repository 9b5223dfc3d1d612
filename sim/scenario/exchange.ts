/** The bench office's side of the link: a session that is made again whenever the cable is up, and one request at a time over it. */
import { toBuffer, toBytes } from '../../host-bridge/natives';
import { decodeRefusal, HostPeer, MessageType, type Bytes, type DownReason, type Natives } from '../../protocol';
import { SimError } from '../cli/texts';
import type { BytePort } from '../unit/port';
import type { Event, World } from '../world/world';
import { nameOf, REFUSAL_NAMES } from './names';

export interface ExchangeOptions {
  world: World;
  port: BytePort;
  natives: Natives;
  deviceId: Bytes;
  linkKey: Bytes;
  /** Hears each message as it was before sealing or after opening. */
  onMessage?: ((toDevice: boolean, type: number, tag: number, body: Bytes) => void) | undefined;
  /** READY: the session is up. */
  onReady: (body: Bytes) => void;
  onNotice: (body: Bytes) => void;
  /** A session that was up is over. */
  onDown: (reason: DownReason) => void;
}

/** The unit said no. `refusal` is the code's name. */
export class Refused extends SimError {
  constructor(readonly refusal: string) {
    super('REFUSED', refusal);
  }
}

/** Virtual ms. */
const ANSWER_MS = 15_000;
/** How long a command waits for a session that is being made. */
const SESSION_MS = 5000;
const RECONNECT_MS = 2000;

interface Request {
  type: number;
  body: Bytes;
  tag: number;
  /** Takes answers until it returns true. */
  take: (type: number, body: Bytes) => boolean;
  fail: (error: Error) => void;
}

export class Exchange {
  /** The session is up. */
  ready = false;
  private readonly peer: HostPeer;
  private event: Event | undefined;
  private queue: Request[] = [];
  private waiting: (() => void)[] = [];
  private tag = 0;

  constructor(private readonly o: ExchangeOptions) {
    const { port } = o;
    this.peer = new HostPeer({
      natives: o.natives,
      write: (bytes) => port.write(toBuffer(bytes)),
      keyFor: (device) => (device === o.deviceId ? o.linkKey : undefined),
      hostId: 1,
      frameMax: 2048,
      window: 8,
      events: {
        ready: () => undefined,
        message: (type, tag, body) => this.message(type, tag, body),
        down: (reason) => this.down(reason),
      },
    });
    port.onData((bytes) => {
      this.peer.receive(toBytes(bytes));
      this.turn();
    });
    port.onState((connected) => {
      if (connected) this.peer.connect();
      else this.peer.close();
      this.turn();
    });
  }

  /** Waits until the session is up. @throws SimError NO_SESSION */
  async session(): Promise<void> {
    if (this.ready) return;
    const { world } = this.o;
    await new Promise<void>((resolve) => {
      this.waiting.push(resolve);
      world.after(SESSION_MS, () => (resolve(), world.touch()));
    });
    if (!this.ready) throw new SimError('NO_SESSION');
  }

  /** The one answer's body. @throws Refused, SimError NO_SESSION, NO_ANSWER */
  async ask(type: number, body: Bytes): Promise<Bytes> {
    let found = '';
    await this.stream(type, body, (answer) => {
      found = answer;
      return true;
    });
    return found;
  }

  /** Hands on the answers until `take` returns true. @throws Refused, SimError NO_SESSION, NO_ANSWER */
  stream(type: number, body: Bytes, take: (answer: Bytes) => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      this.request(type, body, (answered, answer) => {
        const refused = answered === MessageType.REFUSAL;
        if (refused) reject(new Refused(nameOf(REFUSAL_NAMES, decodeRefusal(answer)?.code ?? 0)));
        const last = refused || take(answer);
        if (last) resolve();
        return last;
      }, reject);
    });
  }

  private request(type: number, body: Bytes, take: Request['take'], fail: Request['fail']): void {
    if (!this.ready) {
      fail(new SimError('NO_SESSION'));
      return;
    }
    this.tag = (this.tag % 255) + 1;
    const request = { type, body, tag: this.tag, take, fail };
    this.queue.push(request);
    this.o.world.after(ANSWER_MS, () => {
      if (!this.queue.includes(request)) return;
      this.queue.splice(this.queue.indexOf(request), 1);
      fail(new SimError('NO_ANSWER'));
      this.o.world.touch();
      this.send();
    });
    if (this.queue.length === 1) this.send();
  }

  private send(): void {
    const head = this.queue[0];
    if (head === undefined) return;
    this.o.onMessage?.(true, head.type, head.tag, head.body);
    this.peer.send(head.type, head.tag, head.body);
    this.turn();
  }

  private message(type: number, tag: number, body: Bytes): void {
    this.o.onMessage?.(false, type, tag, body);
    if (type === MessageType.READY) {
      this.ready = true;
      this.o.onReady(body);
      for (const wake of this.waiting.splice(0)) wake();
    } else if (type === MessageType.NOTICE) this.o.onNotice(body);
    else if (tag !== 0 && tag === this.queue[0]?.tag && this.queue[0].take(type, body)) {
      this.queue.shift();
      this.send();
    }
  }

  private down(reason: DownReason): void {
    const was = this.ready;
    this.ready = false;
    for (const { fail } of this.queue.splice(0)) fail(new SimError('NO_SESSION'));
    if (was) this.o.onDown(reason);
    this.o.world.after(RECONNECT_MS, () => {
      if (this.ready || !this.o.port.connected) return;
      this.peer.connect();
      this.turn();
    });
  }

  private turn(): void {
    const { world } = this.o;
    if (this.event !== undefined) world.cancel(this.event);
    const wait = this.peer.tick(Math.floor(world.now));
    this.event = Number.isFinite(wait) ? world.after(Math.max(1, wait), () => this.turn()) : undefined;
  }
}
