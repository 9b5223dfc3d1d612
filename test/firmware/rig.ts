/** The device of rig-world.ts with a host at the other end of its cable, and what a host asks of it. */
import type { Grant } from '../../protocol/permit';
import { grantPayload } from '../../protocol/payload';
import { GrantKind, sealGrant } from '../../protocol/permit';
import { hmacKey } from '../../protocol/hash';
import { HostPeer } from '../../protocol/peer';
import { decodeRefusal, MessageType } from '../../protocol/generated/codec';
import * as codec from '../../protocol/generated/codec';
import { ACK, DEVICE, DIE, host, LINK, PERMIT, T0 } from './identity';
import { World } from './rig-world';

export interface Answer {
  type: number;
  body: string;
}

export class Rig extends World {
  readonly peer: HostPeer;
  ready = 0;
  notices: codec.Notice[] = [];
  readyMessage: codec.Ready | undefined;
  answers = new Map<number, Answer[]>();
  private tag = 0;
  private hostWake = -1;
  private counter = 0;

  constructor(options: ConstructorParameters<typeof World>[0] = {}) {
    super(options);
    this.peer = new HostPeer({
      natives: host,
      write: (b) => this.later(1, () => this.toDevice?.(b)),
      keyFor: () => LINK,
      hostId: 1,
      frameMax: 1024,
      window: 4,
      events: {
        ready: () => { this.ready++; },
        message: (type, tag, body) => this.heard(type, tag, body),
        down: () => undefined,
      },
    });
  }

  protected written(bytes: string): void {
    this.peer.receive(bytes);
    this.hostTick();
  }

  /** A page is laid in, and the lid closed. */
  page(): void {
    this.hand(() => { this.lid = false; });
    this.hand(() => { this.paper = true; });
    this.hand(() => { this.lid = true; });
  }

  private hostTick(): void {
    const wait = this.peer.tick(this.now);
    if (this.hostWake >= 0) this.cancel(this.hostWake);
    this.hostWake = this.later(Math.max(1, wait), () => this.hostTick());
  }

  private heard(type: number, tag: number, body: string): void {
    if (type === MessageType.READY) this.readyMessage = codec.decodeReady(body);
    else if (type === MessageType.NOTICE) this.notices.push(codec.decodeNotice(body)!);
    else {
      const list = this.answers.get(tag) ?? [];
      list.push({ type, body });
      this.answers.set(tag, list);
    }
  }

  connect(): boolean {
    const before = this.ready;
    this.peer.connect();
    this.hostTick();
    return this.until(() => this.ready > before || this.power.dead, 6000) && this.ready > before;
  }

  /** Sends a request and waits for what ends its answer. Undefined: none came. */
  ask(type: number, body: string): Answer[] | undefined {
    const tag = (this.tag = (this.tag % 255) + 1);
    this.answers.delete(tag);
    this.peer.send(type, tag, body);
    this.hostTick();
    const whole = (): boolean => {
      const list = this.answers.get(tag);
      if (list === undefined) return false;
      const last = list[list.length - 1]!;
      if (last.type === MessageType.VIEW_CHUNK) return codec.decodeViewChunk(last.body)!.last;
      return last.type !== MessageType.PHOTO_CHUNK || codec.decodePhotoChunk(last.body)!.last;
    };
    return this.until(() => whole() || this.power.dead, 8000) && whole() ? this.answers.get(tag) : undefined;
  }

  /** 0, or the code of the refusal; -1: no answer. */
  code(answers: Answer[] | undefined): number {
    if (answers === undefined) return -1;
    const a = answers[0]!;
    return a.type === MessageType.REFUSAL ? decodeRefusal(a.body)!.code : 0;
  }

  grant(g: Grant, key = g.kind === GrantKind.ACK ? ACK : PERMIT): string {
    return sealGrant(host, hmacKey(host, key), grantPayload(DEVICE, g));
  }

  /** A permit for one stroke without photos by person 101, unless told otherwise. */
  permit(change: Partial<Grant> = {}): string {
    const counter = change.counter ?? ++this.counter;
    this.counter = counter;
    return this.grant({
      kind: GrantKind.PERMIT, notBefore: T0 - 100, notAfter: T0 + 100000, permit: ('permit' + counter).padEnd(16, '-'), counter, epoch: 0,
      die: DIE, count: 1, persons: [101, 1], policy: 0, document: 'D'.repeat(32), idle: 60, ...change,
    });
  }

  load(grant: string): number {
    return this.code(this.ask(MessageType.PERMIT_LOAD, codec.encodePermitLoad({ grant })));
  }

  apply(g: Grant, key?: string): number {
    return this.code(this.ask(MessageType.GRANT_APPLY, codec.encodeGrantApply({ grant: this.grant(g, key) })));
  }

  setTime(time = T0 + Math.floor(this.now / 1000)): number {
    const a = this.ask(MessageType.TIME_NONCE_GET, '');
    if (a === undefined) return -1;
    const nonce = codec.decodeTimeNonce(a[0]!.body)!.nonce;
    return this.apply({ kind: GrantKind.TIME, nonce, time });
  }

  status(): codec.Status | undefined {
    const a = this.ask(MessageType.STATUS_GET, '');
    return a === undefined ? undefined : codec.decodeStatus(a[0]!.body);
  }

  permitState(counter: number): codec.PermitState | undefined {
    const a = this.ask(MessageType.PERMIT_GET, codec.encodePermitGet({ permit: ('permit' + counter).padEnd(16, '-') }));
    return a === undefined || a[0]!.type === MessageType.REFUSAL ? undefined : codec.decodePermitState(a[0]!.body);
  }
}
