/** Both ends of a link in one place, on virtual time, with whatever may happen to bytes in between. */
import { nodeNatives } from '../../host-bridge/natives';
import { encodeReady, MessageType } from '../../protocol/generated/codec';
import type { Bytes, Natives } from '../../protocol/natives';
import { DevicePeer, HostPeer } from '../../protocol/peer';
import type { DeviceInfo } from '../../protocol/peer';
import { Random } from './random';

export const DEVICE_ID = 'SEAL0001';
export const LINK_KEY = '\x11'.repeat(32);

/** The natives of Node with repeatable randomness. */
export function seededNatives(seed: number): Natives {
  const random = new Random(seed);
  return { ...nodeNatives, random: (length) => random.bytes(length) };
}

export interface Message {
  type: number;
  tag: number;
  body: Bytes;
}

/** What becomes of the n-th write (from 0) in one direction: the pieces that arrive, each after so many milliseconds. */
export type Fault = (n: number, bytes: Bytes) => { bytes: Bytes; delay: number }[];

const DELAY = 2;
export const fair: Fault = (_n, bytes) => [{ bytes, delay: DELAY }];

export interface PairOptions {
  seed?: number;
  frameMax?: number;
  window?: number;
  rxMax?: number;
  key?: Bytes;
  boot?: number;
  toDevice?: Fault;
  toHost?: Fault;
  onDevice?: (message: Message, device: DevicePeer) => void;
}

interface Flight {
  at: number;
  order: number;
  bytes: Bytes;
  toDevice: boolean;
}

export class Pair {
  now = 0;
  host: HostPeer;
  device: DevicePeer;
  readonly ups: DeviceInfo[] = [];
  readonly downs: number[] = [];
  readonly deviceDowns: number[] = [];
  readonly atHost: Message[] = [];
  readonly atDevice: Message[] = [];
  /** Everything written, in order. */
  readonly wire: { toDevice: boolean; bytes: Bytes; at: number }[] = [];
  boot: number;
  private readonly flights: Flight[] = [];
  private order = 0;
  private counts = [0, 0];
  private hostDue = 0;
  private deviceDue = 0;
  powered = true;

  constructor(readonly o: PairOptions = {}) {
    this.boot = o.boot ?? 7;
    this.host = this.makeHost(o.seed ?? 1);
    this.device = this.makeDevice();
  }

  private makeHost(seed: number): HostPeer {
    return new HostPeer({
      natives: seededNatives(seed),
      write: (bytes) => this.write(true, bytes),
      keyFor: (id) => (id === DEVICE_ID ? LINK_KEY : undefined),
      hostId: 0xa11ce,
      frameMax: this.o.frameMax ?? 128,
      window: this.o.window ?? 4,
      events: {
        ready: (device) => this.ups.push(device),
        message: (type, tag, body) => this.atHost.push({ type, tag, body }),
        down: (reason) => this.downs.push(reason),
      },
    });
  }

  makeDevice(): DevicePeer {
    const device: DevicePeer = new DevicePeer({
      natives: seededNatives(99 + this.boot),
      deviceId: DEVICE_ID,
      key: this.o.key ?? LINK_KEY,
      boot: this.boot,
      write: (bytes) => {
        this.write(false, bytes);
        return true;
      },
      frameMax: this.o.frameMax ?? 128,
      rxMax: this.o.rxMax ?? 640,
      window: this.o.window ?? 4,
      events: {
        ready: () => {
          device.send(String.fromCharCode(MessageType.READY, 0) + encodeReady({ boot: this.boot, firstSeq: 0, nextSeq: 5, ackedSeq: 0, state: 1, firmware: '0.1.0' }));
        },
        message: (type, tag, body) => {
          const message = { type, tag, body };
          this.atDevice.push(message);
          this.o.onDevice?.(message, device);
        },
        down: (reason) => this.deviceDowns.push(reason),
      },
    });
    return device;
  }

  /** The device restarts: its memory is gone, its boot counter has moved. */
  reboot(announce = true): void {
    this.boot++;
    this.device = this.makeDevice();
    this.deviceDue = this.now;
    if (announce) this.device.attention();
  }

  /** Puts bytes on the line that neither end has written. */
  inject(toDevice: boolean, bytes: Bytes): void {
    this.flights.push({ at: this.now + DELAY, order: this.order++, bytes, toDevice });
  }

  private write(toDevice: boolean, bytes: Bytes): void {
    this.wire.push({ toDevice, bytes, at: this.now });
    const side = toDevice ? 0 : 1;
    const n = this.counts[side] as number;
    this.counts[side] = n + 1;
    const fault = (toDevice ? this.o.toDevice : this.o.toHost) ?? fair;
    for (const piece of fault(n, bytes)) this.flights.push({ at: this.now + piece.delay, order: this.order++, bytes: piece.bytes, toDevice });
  }

  tick(): void {
    this.hostDue = this.now + Math.max(1, this.host.tick(this.now));
    this.deviceDue = this.now + Math.max(1, this.device.tick(this.now));
  }

  /** Lets so much time pass, or less when `until` comes true. */
  run(ms: number, until?: () => boolean): void {
    const end = this.now + ms;
    this.tick();
    while (!until?.()) {
      this.flights.sort((a, b) => a.at - b.at || a.order - b.order);
      const next = Math.min(this.flights[0]?.at ?? Infinity, this.hostDue, this.deviceDue);
      if (next > end) {
        this.now = end;
        return;
      }
      this.now = Math.max(this.now, next);
      const flight = this.flights[0];
      if (flight && flight.at <= this.now) {
        this.flights.shift();
        if (!flight.toDevice) this.host.receive(flight.bytes);
        else if (this.powered) this.device.receive(flight.bytes);
      }
      this.tick();
    }
  }

  /** Connects, and runs until the session stands. */
  up(ms = 30000): this {
    const before = this.ups.length;
    this.host.connect();
    this.run(ms, () => this.ups.length > before);
    return this;
  }
}
