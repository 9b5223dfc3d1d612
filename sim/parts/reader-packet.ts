/**
 * Packets of the R30x/R503 fingerprint modules (R503 user manual V1.2.2, Hangzhou Grow, "Data package format"; the same in
 * the ZFM-20 manual): EF 01 | address 4 | identifier 1 | length 2 | content | checksum 2, big-endian. Length counts content and
 * checksum; the checksum is the sum of identifier, length and content modulo 2^16.
 */
export const COMMAND = 0x01;
export const DATA = 0x02;
export const ACKNOWLEDGE = 0x07;
export const END_OF_DATA = 0x08;

/** Longest content that a module takes: a data packet of 256 bytes. */
const CONTENT_MAX = 256;

const NOTHING: Buffer = Buffer.alloc(0);

export interface Packet {
  address: number;
  identifier: number;
  content: Buffer;
  /** Checksum right. */
  sound: boolean;
}

export function encodePacket(address: number, identifier: number, content: Uint8Array, checksumError = 0): Buffer {
  const out = Buffer.alloc(11 + content.length);
  out.writeUInt16BE(0xef01, 0);
  out.writeUInt32BE(address, 2);
  out[6] = identifier;
  out.writeUInt16BE(content.length + 2, 7);
  out.set(content, 9);
  let sum = identifier + (out[7]! + out[8]!);
  for (const byte of content) sum += byte;
  out.writeUInt16BE((sum + checksumError) & 0xffff, 9 + content.length);
  return out;
}

/** Cuts a byte stream into packets; whatever is none is skipped up to the next EF 01. */
export class PacketReader {
  private held: Buffer = NOTHING;

  push(bytes: Uint8Array): Packet[] {
    this.held = this.held.length === 0 ? Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length) : Buffer.concat([this.held, bytes]);
    const packets: Packet[] = [];
    for (;;) {
      const start = this.held.indexOf(0xef);
      if (start < 0) {
        this.held = NOTHING;
        return packets;
      }
      if (start > 0) this.held = this.held.subarray(start);
      if (this.held.length < 2) return packets;
      if (this.held[1] !== 0x01) {
        this.held = this.held.subarray(1);
        continue;
      }
      if (this.held.length < 9) return packets;
      const length = this.held.readUInt16BE(7);
      if (length < 2 || length > CONTENT_MAX + 2) {
        this.held = this.held.subarray(2);
        continue;
      }
      if (this.held.length < 9 + length) return packets;
      const content = this.held.subarray(9, 7 + length);
      let sum = this.held[6]! + this.held[7]! + this.held[8]!;
      for (const byte of content) sum += byte;
      packets.push({
        address: this.held.readUInt32BE(2),
        identifier: this.held[6]!,
        content,
        sound: this.held.readUInt16BE(7 + length) === (sum & 0xffff),
      });
      this.held = this.held.length === 9 + length ? NOTHING : this.held.subarray(9 + length);
      if (this.held === NOTHING) return packets;
    }
  }

  reset(): void {
    this.held = NOTHING;
  }
}

/** Confirmation codes (manual, table of that name). */
export const Confirm = {
  OK: 0x00,
  PACKET_ERROR: 0x01,
  NO_FINGER: 0x02,
  IMAGE_FAIL: 0x03,
  TOO_MESSY: 0x06,
  TOO_FEW_FEATURES: 0x07,
  NO_MATCH: 0x08,
  NOT_FOUND: 0x09,
  NOT_COMBINED: 0x0a,
  OUT_OF_LIBRARY: 0x0b,
  BAD_TEMPLATE: 0x0c,
  NO_UPLOAD: 0x0d,
  NO_IMAGE_UPLOAD: 0x0f,
  NOT_DELETED: 0x10,
  WRONG_PASSWORD: 0x13,
  NO_IMAGE: 0x15,
  BAD_REGISTER: 0x1a,
  MUST_VERIFY: 0x21,
} as const;
