/** A bridge's end of the cable in virtual time. It holds the link key and no other; it need not be honest. */
import { nodeNatives } from '../../host-bridge/natives';
import {
  decodeNotice, decodeReady, decodeRefusal, decodeStatus, HostPeer, MessageType, type Natives, type Ready,
} from '../../protocol';
import type { BytePort, World } from '../../sim';
import { IDENTITY } from './authority';

/** The unit lost its power, or the link, while something was waited for. */
export class Gone extends Error {
  override name = 'Gone';
}

export interface Message {
  at: number;
  type: number;
  tag: number;
  body: string;
}

/** Frame types and sizes are the protocol's; waiting longer than this for an answer is a failure. */
const ANSWER_MS = 10_000;

export class BridgeLink {
  /** READY of the session that is up. */
  ready: Ready | undefined;
  /** Sessions made so far. */
  sessions = 0;
  /** State and alarms as told last. */
  state = 0;
  alarms = 0;
  readonly messages: Message[] = [];
  readonly peer: HostPeer;
  private readonly random: ReturnType<World['random']['fork']>;
  private event: ReturnType<World['after']> | undefined;
  private tag = 0;

  /** @param follow connects by itself whenever the port comes up */
  constructor(private readonly world: World, private readonly port: BytePort, name = 'bridge', linkKey: Buffer = IDENTITY.linkKey, follow = true) {
    this.random = world.random.fork(name);
    const natives: Natives = { ...nodeNatives, random: (length) => this.random.bytes(length).toString('latin1') };
    this.peer = new HostPeer({
      natives,
      write: (bytes) => port.write(Buffer.from(bytes, 'latin1')),
      keyFor: () => linkKey.toString('latin1'),
      hostId: 1,
      frameMax: 2048,
      window: 8,
      events: {
        ready: () => undefined,
        message: (type, tag, body) => this.take({ at: world.now, type, tag, body }),
        down: () => (this.ready = undefined),
      },
    });
    port.onData((bytes) => {
      this.peer.receive(bytes.toString('latin1'));
      this.turn();
    });
    if (!follow) return;
    port.onState((connected) => {
      if (connected) this.connect();
      else {
        this.peer.close();
        this.turn();
      }
    });
  }

  connect(): void {
    this.peer.connect();
    this.turn();
  }

  /** Sends without waiting; the tag used. */
  send(type: number, body = '', tag = this.nextTag()): number {
    this.peer.send(type, tag, body);
    this.turn();
    return tag;
  }

  /** Sends and waits for the first answer. @throws Gone when the link goes meanwhile, Error when none comes */
  async ask(type: number, body = ''): Promise<Message> {
    if (this.ready === undefined) throw new Gone('no session');
    const sessions = this.sessions;
    const from = this.messages.length;
    const tag = this.send(type, body);
    const answer = (): Message | undefined => {
      for (let i = from; i < this.messages.length; i++) if (this.messages[i]!.tag === tag) return this.messages[i];
      return undefined;
    };
    await this.world.runUntil(() => answer() !== undefined || this.ready === undefined || this.sessions !== sessions, ANSWER_MS);
    const found = answer();
    if (found !== undefined) return found;
    if (this.ready === undefined || this.sessions !== sessions) throw new Gone('session ended');
    throw new Error(`no answer to message ${type} within ${ANSWER_MS} ms`);
  }

  /** 0, or the code of the refusal that an answer is. */
  static code(answer: Message): number {
    return answer.type === MessageType.REFUSAL ? decodeRefusal(answer.body)!.code : 0;
  }

  private nextTag(): number {
    return (this.tag = (this.tag % 255) + 1);
  }

  private take(message: Message): void {
    this.messages.push(message);
    if (message.type === MessageType.READY) {
      this.ready = decodeReady(message.body);
      this.sessions++;
      this.state = this.ready!.state;
    } else if (message.type === MessageType.NOTICE) {
      const notice = decodeNotice(message.body)!;
      this.state = notice.state;
      this.alarms = notice.alarms;
    } else if (message.type === MessageType.STATUS) {
      const status = decodeStatus(message.body)!;
      this.state = status.state;
      this.alarms = status.alarms;
    }
  }

  private turn(): void {
    if (this.event !== undefined) this.world.cancel(this.event);
    const wait = this.peer.tick(Math.floor(this.world.now));
    this.event = Number.isFinite(wait) && wait >= 0 ? this.world.after(Math.max(1, wait), () => this.turn()) : undefined;
  }
}
