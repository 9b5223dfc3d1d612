/**
 * The cable between unit and host: an ear that decodes the frames, and faults that a line can have. What is heard is what
 * was sent, before the line does anything to it.
 */
import { nodeNatives } from '../../host-bridge/natives';
import {
  decodeGrantApply, decodeNotice, decodePermitGet, decodePermitLoad, decodePermitState, decodePhotoChunk, decodePhotoGet, decodeReady, decodeRecords, decodeRecordsGet, decodeRefusal,
  decodeStatus, decodeTimeNonce, FRAME_LIMIT, FrameReader, MESSAGES, type Bytes,
} from '../../protocol';
import type { UsbPort } from '../unit/port';
import type { Random, World } from '../world/world';
import { nameOf, REFUSAL_NAMES } from './names';

/** Shares of the pieces that a line loses, doubles or damages, 0..1. */
export interface LineFaults {
  lose: number;
  double: number;
  corrupt: number;
}

export interface Heard {
  /** Virtual ms. */
  at: number;
  toDevice: boolean;
  /** A frame as it went over the wire, or a message as the bench office sealed or opened it. */
  what: 'frame' | 'message' | 'noise';
  name: string;
  /** Decoded content. */
  fields: Record<string, unknown>;
}

const KEPT = 400;
/** Index: FrameType. */
const FRAMES = ['', 'HELLO', 'CHALLENGE', 'PROVE', 'DATA', 'ACK', 'LOG', 'ATTENTION'];
const DECODERS: Readonly<Record<number, (body: Bytes) => object | undefined>> = {
  1: decodeReady, 2: decodeRefusal, 4: decodeNotice, 17: decodeStatus, 18: decodePermitLoad, 19: decodePermitGet, 20: decodePermitState, 21: decodeGrantApply, 23: decodeTimeNonce,
  24: decodeRecordsGet, 25: decodeRecords, 26: decodePhotoGet, 27: decodePhotoChunk,
};
const SHOWN_BYTES = 8;

export class Wiretap {
  readonly faults: LineFaults = { lose: 0, double: 0, corrupt: 0 };
  readonly heard: Heard[] = [];
  private readonly random: Random;

  private until: { bytes: number; call: () => void } | undefined;

  constructor(private readonly world: World, cable: UsbPort) {
    this.random = world.random.fork('line');
    const readers = [this.reader(false), this.reader(true)] as const;
    const bad = [0, 0];
    cable.tamper = (toDevice, bytes) => {
      const side = toDevice ? 1 : 0;
      readers[side].push(bytes.toString('latin1'));
      if (readers[side].bad > bad[side]!) this.note(toDevice, 'noise', 'NOISE', { bytes: bytes.length });
      bad[side] = readers[side].bad;
      if (!toDevice) this.count(bytes.length);
      return this.harm(bytes);
    };
  }

  /** Calls when the unit has sent so many more bytes. */
  after(bytes: number, call: () => void): void {
    this.until = { bytes, call };
  }

  private count(sent: number): void {
    if (this.until === undefined || (this.until.bytes -= sent) > 0) return;
    const { call } = this.until;
    this.until = undefined;
    // Not within the port's own call.
    this.world.after(0, call);
  }

  /** A message that the bench office sealed or opened. */
  message(toDevice: boolean, type: number, tag: number, body: Bytes): void {
    const fields = DECODERS[type]?.(body) ?? {};
    this.note(toDevice, 'message', MESSAGES.find((one) => one.type === type)?.name ?? String(type), { tag, ...readable(fields) });
  }

  private reader(toDevice: boolean): FrameReader {
    return new FrameReader(nodeNatives, FRAME_LIMIT, (type, seq, ack, flags, body) => this.note(toDevice, 'frame', nameOf(FRAMES, type), {
      ...(type === 4 ? { seq, ack, first: (flags & 1) !== 0, last: (flags & 2) !== 0 } : type === 5 ? { ack, probe: (flags & 4) !== 0 } : {}), bytes: body.length,
    }));
  }

  private note(toDevice: boolean, what: Heard['what'], name: string, fields: Record<string, unknown>): void {
    this.heard.push({ at: this.world.now, toDevice, what, name, fields });
    if (this.heard.length > KEPT) this.heard.shift();
  }

  private harm(bytes: Buffer): Buffer[] {
    const { lose, double, corrupt } = this.faults;
    if (lose + double + corrupt === 0) return [bytes];
    if (this.random.chance(lose)) return [];
    const out = Buffer.from(bytes);
    if (out.length > 0 && this.random.chance(corrupt)) out[this.random.below(out.length)]! ^= 1 << this.random.below(8);
    return this.random.chance(double) ? [out, Buffer.from(out)] : [out];
  }
}

/** Byte strings as the beginning of their hexadecimal text. */
function readable(fields: object): Record<string, unknown> {
  const hex = (value: string): string => {
    const bytes = Buffer.from(value, 'latin1');
    return bytes.length <= SHOWN_BYTES ? bytes.toString('hex') : `${bytes.toString('hex', 0, SHOWN_BYTES)}… (${bytes.length})`;
  };
  return Object.fromEntries(Object.entries(fields).map(([name, value]: [string, unknown]) => {
    if (name === 'code' && typeof value === 'number') return [name, nameOf(REFUSAL_NAMES, value)];
    if (name === 'firmware' || typeof value === 'number' || typeof value === 'boolean') return [name, value];
    if (Array.isArray(value)) return [name, `${value.length} × bytes`];
    return [name, hex(String(value))];
  }));
}
