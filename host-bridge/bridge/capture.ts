/**
 * What went over a device's line lately, for support: a ring of frames and messages, cut down as they are taken so that
 * nothing secret is ever in it. Of a frame its head stays, of a handshake what is offered and who answers, of a message
 * its type, tag and length, and the body only where none of that kind holds anything that matters (SPEC.md, section 14).
 */
import { cobsDecode, FrameType, MessageType, type Bytes, type Natives } from '../../protocol';
import { toBytes } from '../common/bytes';
import type { Clock } from '../common/clock';

/** What a packet of the ring is. */
export const enum PacketKind {
  FRAME = 1,
  /** A message that was sealed or opened. */
  MESSAGE = 2,
  /** Bytes that are no frame. */
  DAMAGE = 3,
  /** A word of the bridge: a state of the port, the code of a fault. */
  NOTE = 4,
}

/** Why bytes are no frame; the numbers stand in the packet. */
export const DAMAGES = ['long', 'cobs', 'short', 'version', 'crc'] as const;
export type Damage = (typeof DAMAGES)[number];

export interface Packet {
  /** Unix milliseconds. */
  at: number;
  toDevice: boolean;
  /** What is kept, our head of four bytes first. */
  bytes: Buffer;
  /** Bytes there were. */
  length: number;
}

/** Bytes of the body of a frame that are kept: of HELLO and CHALLENGE all before the nonces and MACs. */
const KEPT: Readonly<Record<number, number>> = { [FrameType.HELLO]: 10, [FrameType.CHALLENGE]: 14 };

/** Messages that may be shown whole. */
const PLAIN: ReadonlySet<number> = new Set([
  MessageType.READY, MessageType.REFUSAL, MessageType.DONE, MessageType.NOTICE, MessageType.STATUS_GET, MessageType.RECORDS_GET, MessageType.TIME_NONCE_GET, MessageType.USE_CLOSE, MessageType.PEOPLE_GET,
  MessageType.VIEW_GET, MessageType.UPDATE_GET, MessageType.UPDATE_STATE, MessageType.UPDATE_FINISH,
]);

/** Format of our packets. */
const VERSION = 1;
const HEAD = 4;
/** Bytes in the ring ahead of a packet: kept u16, length u32, time f64, direction u8. */
const ENTRY = 15;
const FIRST_SIZE = 1_024;

/** The newest packets, in a buffer that grows to `limit` bytes and then forgets the oldest. */
export class Ring {
  private buffer: Buffer = Buffer.alloc(0);
  private start = 0;
  private end = 0;
  /** Packets held, and forgotten. */
  count = 0;
  forgotten = 0;

  constructor(private readonly limit: number) {}

  push({ at, toDevice, bytes, length }: Packet): void {
    const size = ENTRY + bytes.length;
    if (size > this.limit) return;
    this.makeRoom(size);
    const head = this.buffer;
    head.writeUInt16LE(bytes.length, this.end);
    head.writeUInt32LE(length, this.end + 2);
    head.writeDoubleLE(at, this.end + 6);
    head.writeUInt8(toDevice ? 1 : 0, this.end + 14);
    bytes.copy(head, this.end + ENTRY);
    this.end += size;
    this.count++;
  }

  /** Oldest first. */
  packets(): Packet[] {
    const found: Packet[] = [];
    for (let at = this.start; at < this.end; ) {
      const kept = this.buffer.readUInt16LE(at);
      found.push({
        length: this.buffer.readUInt32LE(at + 2), at: this.buffer.readDoubleLE(at + 6), toDevice: this.buffer.readUInt8(at + 14) === 1,
        bytes: Buffer.from(this.buffer.subarray(at + ENTRY, at + ENTRY + kept)),
      });
      at += ENTRY + kept;
    }
    return found;
  }

  /** Hands everything over. */
  drain(to: Ring): void {
    for (const packet of this.packets()) to.push(packet);
    this.start = this.end = this.count = 0;
    this.buffer = Buffer.alloc(0);
  }

  /** Entries lie one behind the other; what is forgotten is closed up now and then. */
  private makeRoom(size: number): void {
    while (this.end - this.start + size > this.limit) {
      this.start += ENTRY + this.buffer.readUInt16LE(this.start);
      this.count--;
      this.forgotten++;
    }
    if (this.end + size <= this.buffer.length) return;
    // Twice the limit, so that closing up is rare.
    const wanted = Math.min(2 * this.limit, Math.max(FIRST_SIZE, 2 * (this.end - this.start + size)));
    const next = wanted > this.buffer.length ? Buffer.alloc(wanted) : this.buffer;
    this.buffer.copy(next, 0, this.start, this.end);
    this.end -= this.start;
    this.start = 0;
    this.buffer = next;
  }
}

/** The rings of a bridge: one a device, and one a port for what came before anybody was known. */
export class Captures {
  private readonly devices = new Map<string, Ring>();
  private readonly ports = new Map<string, Ring>();

  /** @param limit bytes of each ring; 0: nothing is kept */
  constructor(private readonly limit: number) {}

  device(id: string): Ring {
    return ringIn(this.devices, id, this.limit);
  }

  port(name: string): Ring {
    return ringIn(this.ports, name, this.limit);
  }

  findDevice(id: string): Ring | undefined {
    return this.devices.get(id);
  }

  findPort(name: string): Ring | undefined {
    return this.ports.get(name);
  }

  /** A port that is no more. */
  forgetPort(name: string): void {
    this.ports.delete(name);
  }
}

function ringIn(rings: Map<string, Ring>, name: string, limit: number): Ring {
  const known = rings.get(name) ?? new Ring(limit);
  rings.set(name, known);
  return known;
}

/** Listens at one port. What it hears before a device is known goes to the port's ring, and over to the device's then. */
export class Tap {
  /** Frames that were none, by why. */
  readonly damage: Record<Damage, number> = { long: 0, cobs: 0, short: 0, version: 0, crc: 0 };
  private ring: Ring;
  private readonly own: Ring;
  private rest: Bytes = '';
  private lost = 0;

  constructor(private readonly captures: Captures, name: string, private readonly natives: Natives, private readonly clock: Clock, private readonly frameMax: number) {
    this.own = this.ring = captures.port(name);
  }

  /** Bytes from the device, in pieces. */
  received(chunk: Bytes): void {
    for (let from = 0; from < chunk.length; ) {
      const zero = chunk.indexOf('\0', from);
      const end = zero < 0 ? chunk.length : zero;
      this.rest += chunk.substring(from, end);
      if (this.rest.length >= this.frameMax) {
        this.lost += this.rest.length;
        this.rest = '';
      }
      if (zero >= 0) {
        if (this.lost > 0) this.spoilt('long', this.lost + this.rest.length);
        else if (this.rest.length > 0) this.frame(false, this.rest);
        this.rest = '';
        this.lost = 0;
      }
      from = end + 1;
    }
  }

  /** Whole frames to the device. */
  sent(bytes: Bytes): void {
    for (const piece of bytes.split('\0')) if (piece.length > 0) this.frame(true, piece);
  }

  message(toDevice: boolean, type: number, tag: number, body: Bytes): void {
    const kept = String.fromCharCode(type, tag) + (PLAIN.has(type) ? body.slice(0, 256) : '');
    this.put(PacketKind.MESSAGE, 0, toDevice, kept, 2 + body.length);
  }

  note(text: string): void {
    this.put(PacketKind.NOTE, 0, false, toBytes(Buffer.from(text.slice(0, 200), 'utf8')), undefined);
  }

  /** From now on it is this device that is heard; the handshake that showed it goes along. */
  known(device: string): void {
    const ring = this.captures.device(device);
    if (this.ring === this.own) this.own.drain(ring);
    this.ring = ring;
  }

  /** Nobody is known any more. */
  unknown(): void {
    this.ring = this.own;
    this.rest = '';
    this.lost = 0;
  }

  private frame(toDevice: boolean, piece: Bytes): void {
    const raw = cobsDecode(piece);
    const wrong: Damage | undefined =
      raw === undefined ? 'cobs' : raw.length < 8 ? 'short' : raw.charCodeAt(0) >> 5 !== 1 ? 'version' : this.natives.crc32(raw) !== 0x2144df1c ? 'crc' : undefined;
    if (raw === undefined || wrong !== undefined) return this.spoilt(wrong ?? 'cobs', piece.length);
    this.put(PacketKind.FRAME, 0, toDevice, raw.slice(0, 4 + Math.min(raw.length - 8, KEPT[raw.charCodeAt(0) & 31] ?? 0)), raw.length);
  }

  private spoilt(why: Damage, length: number): void {
    this.damage[why]++;
    this.put(PacketKind.DAMAGE, DAMAGES.indexOf(why), false, '', length);
  }

  private put(kind: PacketKind, detail: number, toDevice: boolean, kept: Bytes, length: number | undefined): void {
    const bytes = Buffer.allocUnsafe(HEAD + kept.length);
    bytes.writeUInt8(VERSION, 0);
    bytes.writeUInt8(kind, 1);
    bytes.writeUInt8(toDevice ? 1 : 0, 2);
    bytes.writeUInt8(detail, 3);
    bytes.write(kept, HEAD, 'latin1');
    this.ring.push({ at: this.clock.wall(), toDevice, bytes, length: HEAD + (length ?? kept.length) });
  }
}
