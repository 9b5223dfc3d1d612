/** A host in the same virtual time: the protocol's own peer on the unit's cable, with seeded randomness. */
import { nodeNatives } from '../../host-bridge/natives';
import {
  decodePermitState, decodeRefusal, decodeStatus, encodeGrantApply, encodePermitLoad, decodeTimeNonce, GrantKind, grantPayload, hmacKey, HostPeer, MessageType, sealGrant,
  type Grant, type Natives, type PermitState, type Status,
} from '../../protocol';
import type { Unit, World } from '../../sim';
import { IDENTITY } from './helpers';

/** Unix seconds that the authority tells. */
export const T0 = 1_800_000_000;

const text = (bytes: Buffer): string => bytes.toString('latin1');

export class Host {
  ready = 0;
  readonly messages: { at: number; type: number; tag: number; body: string }[] = [];
  private readonly peer: HostPeer;
  private readonly natives: Natives;
  private event: ReturnType<World['after']> | undefined;
  private tag = 0;

  constructor(private readonly world: World, private readonly unit: Unit) {
    const random = world.random.fork('host');
    this.natives = { ...nodeNatives, random: (length) => text(random.bytes(length)) };
    this.peer = new HostPeer({
      natives: this.natives,
      write: (bytes) => unit.port.write(Buffer.from(bytes, 'latin1')),
      keyFor: () => text(IDENTITY.linkKey),
      hostId: 1,
      frameMax: 2048,
      window: 8,
      events: {
        ready: () => this.ready++,
        message: (type, tag, body) => this.messages.push({ at: world.now, type, tag, body }),
        down: () => undefined,
      },
    });
    unit.port.onData((bytes) => {
      this.peer.receive(text(bytes));
      this.turn();
    });
  }

  connect(): void {
    this.peer.connect();
    this.turn();
  }

  /** Sends and waits for the answer with the same tag. */
  async ask(type: number, body = ''): Promise<{ type: number; body: string }> {
    const tag = (this.tag = (this.tag % 255) + 1);
    const from = this.messages.length;
    this.peer.send(type, tag, body);
    this.turn();
    const answer = (): { type: number; body: string } | undefined => this.messages.slice(from).find((message) => message.tag === tag);
    await this.world.runUntil(() => answer() !== undefined, 10_000);
    const found = answer();
    if (found === undefined) throw new Error(`no answer to ${type}`);
    return found;
  }

  async status(): Promise<Status> {
    return decodeStatus((await this.ask(MessageType.STATUS_GET)).body)!;
  }

  /** The authority's answer to the device's nonce. */
  async setTime(): Promise<void> {
    const nonce = decodeTimeNonce((await this.ask(MessageType.TIME_NONCE_GET)).body)!.nonce;
    const answer = await this.ask(MessageType.GRANT_APPLY, encodeGrantApply({ grant: this.seal({ kind: GrantKind.TIME, nonce, time: T0 }) }));
    if (answer.type !== MessageType.DONE) throw new Error(`time refused: ${decodeRefusal(answer.body)?.code}`);
  }

  /** Loads a permit for person 7 with one stroke, unless told otherwise. */
  async load(counter: number, change: Partial<Grant> = {}): Promise<PermitState> {
    const permit = `permit${counter}`.padEnd(16, '-');
    const grant = this.seal({
      kind: GrantKind.PERMIT, notBefore: T0 - 100, notAfter: T0 + 1_000_000, permit, counter, epoch: 0,
      die: text(Buffer.from(this.unit.truth.die!.rom, 'hex')), count: 1, persons: [7, 1], policy: 0, document: 'D'.repeat(32), idle: 60, ...change,
    });
    const answer = await this.ask(MessageType.PERMIT_LOAD, encodePermitLoad({ grant }));
    if (answer.type !== MessageType.PERMIT_STATE) throw new Error(`permit refused: ${decodeRefusal(answer.body)?.code}`);
    return decodePermitState(answer.body)!;
  }

  private seal(grant: Grant): string {
    return sealGrant(this.natives, hmacKey(this.natives, text(IDENTITY.permitKey)), grantPayload(text(IDENTITY.deviceId), grant));
  }

  private turn(): void {
    if (this.event !== undefined) this.world.cancel(this.event);
    const wait = this.peer.tick(Math.floor(this.world.now));
    this.event = Number.isFinite(wait) && wait >= 0 ? this.world.after(Math.max(1, wait), () => this.turn()) : undefined;
  }
}
