/** Packets as a pcapng file (draft-ietf-opsawg-pcapng-03), link type USER0; protocol/wireshark/smartseal.lua takes them apart. */
import type { Packet } from './capture';

/** LINKTYPE_USER0: for private use (www.tcpdump.org/linktypes.html). */
const LINKTYPE = 147;
const SECTION = 0x0a0d0d0a;
const INTERFACE = 1;
const ENHANCED = 6;
const OPTION = { end: 0, userApplication: 4, name: 2, description: 3, flags: 2, comment: 1 } as const;
/** Direction in epb_flags. */
const INBOUND = 1;
const OUTBOUND = 2;

export interface CaptureFile {
  /** Of the line: a device's id, a port's name. */
  name: string;
  program: string;
  /** What a reader should know. */
  comment: string;
  packets: readonly Packet[];
}

export function pcapng({ name, program, comment, packets }: CaptureFile): Buffer {
  const section = Buffer.alloc(16);
  section.writeUInt32LE(0x1a2b3c4d, 0);
  section.writeUInt16LE(1, 4);
  section.writeBigInt64LE(-1n, 8);
  const link = Buffer.alloc(8);
  link.writeUInt16LE(LINKTYPE, 0);
  return Buffer.concat([
    block(SECTION, section, [option(OPTION.comment, comment), option(OPTION.userApplication, program)]),
    block(INTERFACE, link, [option(OPTION.name, name)]),
    ...packets.map(packetBlock),
  ]);
}

function packetBlock({ at, toDevice, bytes, length }: Packet): Buffer {
  const head = Buffer.alloc(20);
  const micros = BigInt(Math.round(at * 1000));
  head.writeUInt32LE(Number(micros >> 32n), 4);
  head.writeUInt32LE(Number(micros & 0xffffffffn), 8);
  head.writeUInt32LE(bytes.length, 12);
  head.writeUInt32LE(Math.max(length, bytes.length), 16);
  const flags = Buffer.alloc(4);
  flags.writeUInt32LE(toDevice ? OUTBOUND : INBOUND);
  return block(ENHANCED, Buffer.concat([head, padded(bytes)]), [option(OPTION.flags, flags)]);
}

function block(type: number, body: Buffer, options: readonly Buffer[]): Buffer {
  const all = Buffer.concat([body, ...options, option(OPTION.end, Buffer.alloc(0))]);
  const head = Buffer.alloc(8);
  const length = all.length + 12;
  head.writeUInt32LE(type, 0);
  head.writeUInt32LE(length, 4);
  const tail = Buffer.alloc(4);
  tail.writeUInt32LE(length);
  return Buffer.concat([head, all, tail]);
}

function option(code: number, value: Buffer | string): Buffer {
  const bytes = typeof value === 'string' ? Buffer.from(value, 'utf8') : value;
  const head = Buffer.alloc(4);
  head.writeUInt16LE(code, 0);
  head.writeUInt16LE(bytes.length, 2);
  return Buffer.concat([head, padded(bytes)]);
}

function padded(bytes: Buffer): Buffer {
  return bytes.length % 4 === 0 ? bytes : Buffer.concat([bytes, Buffer.alloc(4 - (bytes.length % 4))]);
}
