/**
 * The USB cable between a unit and a host, in virtual time. Bytes take line time and a latency; what is on its way when
 * the cable is pulled or the unit loses its power is gone.
 *
 * Fault model: pulled at any time; host that does not read (`stalled`); bytes lost, doubled, changed or held back by
 * `tamper`. Must be survived: all. May be lost: whatever was on its way.
 */
import type { World } from '../world/world';

/** What a hostile or broken line does with a piece: the pieces that come out instead. */
export type Tamper = (toDevice: boolean, bytes: Buffer) => Buffer[];

export interface PortOptions {
  /** 8N1 line rate; 0: USB speed. Default 0. */
  baud?: number;
  /** Each way, ms. Default 0.5. */
  latencyMs?: number;
}

/** A host's end of a cable to a unit. */
export interface BytePort {
  /** Cable plugged, and a running unit at its other end. */
  readonly connected: boolean;
  /** Towards the device. Not connected: gone. */
  write(data: Buffer): void;
  /** Adds a receiver of what the device sends; returns what removes it. */
  onData(receive: (data: Buffer) => void): () => void;
  /** Adds a listener to `connected`; returns what removes it. */
  onState(call: (connected: boolean) => void): () => void;
  unplug(): void;
  plug(): void;
}

/** Full-speed bulk transfers as CDC on this chip manages them, bytes a ms. */
const USB_BYTES_MS = 600;
const OUTPUT_BUFFER = 256;
/** Bytes that arrive as one piece at most. */
const PIECE = 512;
/** Bytes towards the device that wait for the line; a host that floods is not remembered for ever. Many times the link's windows. */
const WAITING_MOST = 1 << 20;
/** From the firmware's first line to an enumerated and opened CDC port. */
const ENUMERATE_MS = 40;

export class UsbPort implements BytePort {
  baud: number;
  latencyMs: number;
  /** The host has the port open and reads nothing. */
  stalled = false;
  tamper: Tamper | undefined;
  /** Bytes that arrived at the device's side. */
  onReceived: ((bytes: Buffer) => void) | undefined;
  onPlugged: ((plugged: boolean) => void) | undefined;
  /** Bytes carried each way, and lost to a pulled cable or a flooded line. */
  readonly counters = { toDevice: 0, toHost: 0, lost: 0 };

  private readonly world: World;
  private plugged = true;
  private running = false;
  private up = false;
  private generation = 0;
  private readonly freeAt = { device: 0, host: 0 };
  private held: Buffer[] = [];
  private readonly receivers = new Set<(data: Buffer) => void>();
  private readonly listeners = new Set<(connected: boolean) => void>();

  constructor(world: World, options: PortOptions = {}) {
    this.world = world;
    this.baud = options.baud ?? 0;
    this.latencyMs = options.latencyMs ?? 0.5;
  }

  get connected(): boolean {
    return this.up;
  }

  get isPlugged(): boolean {
    return this.plugged;
  }

  write(data: Buffer): void {
    this.world.catchUp?.();
    if (!this.up || (this.freeAt.device - this.world.now) * this.bytesPerMs() > WAITING_MOST) {
      this.counters.lost += data.length;
      return;
    }
    for (const piece of this.tampered(true, data)) this.carry(piece, 'device', (bytes) => this.onReceived?.(bytes));
    this.counters.toDevice += data.length;
  }

  onData(receive: (data: Buffer) => void): () => void {
    this.receivers.add(receive);
    return () => this.receivers.delete(receive);
  }

  onState(call: (connected: boolean) => void): () => void {
    this.listeners.add(call);
    return () => this.listeners.delete(call);
  }

  plug(): void {
    if (this.plugged) return;
    this.plugged = true;
    this.onPlugged?.(true);
    this.enumerate();
  }

  unplug(): void {
    if (!this.plugged) return;
    this.plugged = false;
    this.drop();
    this.onPlugged?.(false);
  }

  /** The processor began to run, or stopped. */
  deviceRuns(running: boolean): void {
    this.running = running;
    if (running) this.enumerate();
    else this.drop();
  }

  /** From the firmware. */
  send(bytes: Buffer): void {
    if (!this.up) return;
    for (const piece of this.tampered(false, bytes)) {
      if (this.stalled) this.held.push(piece);
      else this.carry(piece, 'host', (out) => this.toHost(out));
    }
    this.counters.toHost += bytes.length;
  }

  /** Milliseconds until the device's output buffer takes so many bytes. */
  roomIn(bytes: number): number {
    if (!this.up) return 0;
    const over = this.waiting() + bytes - OUTPUT_BUFFER;
    if (over <= 0) return 0;
    return this.stalled ? Infinity : over / this.bytesPerMs();
  }

  /** Bytes in the device's output buffer. */
  waiting(): number {
    if (!this.up) return 0;
    if (this.stalled) return this.held.reduce((sum, piece) => sum + piece.length, 0);
    return Math.ceil(Math.max(0, this.freeAt.host - this.world.now) * this.bytesPerMs());
  }

  /** The host reads again. */
  resume(): void {
    this.stalled = false;
    const held = this.held;
    this.held = [];
    for (const piece of held) this.carry(piece, 'host', (out) => this.toHost(out));
  }

  private tampered(toDevice: boolean, bytes: Buffer): Buffer[] {
    return this.tamper === undefined ? [bytes] : this.tamper(toDevice, bytes);
  }

  private bytesPerMs(): number {
    return this.baud === 0 ? USB_BYTES_MS : this.baud / 10_000;
  }

  private carry(data: Buffer, to: 'device' | 'host', deliver: (bytes: Buffer) => void): void {
    const perMs = this.bytesPerMs();
    const generation = this.generation;
    let at = Math.max(this.world.now, this.freeAt[to]);
    for (let from = 0; from < data.length; from += PIECE) {
      const piece = Buffer.from(data.subarray(from, from + PIECE));
      at += piece.length / perMs;
      this.world.at(at + this.latencyMs, () => {
        if (generation === this.generation) deliver(piece);
        else this.counters.lost += piece.length;
      });
    }
    this.freeAt[to] = at;
  }

  private toHost(bytes: Buffer): void {
    for (const receive of this.receivers) receive(bytes);
    if (this.receivers.size > 0) this.world.touch();
  }

  private enumerate(): void {
    const generation = this.generation;
    this.world.after(ENUMERATE_MS, () => {
      if (generation === this.generation && this.plugged && this.running) this.setUp(true);
    });
  }

  private drop(): void {
    this.generation++;
    this.held = [];
    this.freeAt.device = this.world.now;
    this.freeAt.host = this.world.now;
    this.setUp(false);
  }

  private setUp(up: boolean): void {
    if (up === this.up) return;
    this.up = up;
    for (const call of this.listeners) call(up);
    if (this.listeners.size > 0) this.world.touch();
  }
}
