/**
 * What the register keeps of one unit's records, checked as they come: sequence, chain and MACs, from the first key on. Own
 * code on node:crypto and cbor-x; nothing of the firmware or the protocol is used.
 */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { Decoder } from 'cbor-x';

export const Kind = {
  BOOT: 1, PERMIT: 2, OPENED: 3, PHOTO: 4, INTENT: 5, OUTCOME: 6, CLOSED: 7, REFUSED: 8, ALARM: 9, CLEARED: 10, CLOCK: 11,
  REVOKED: 12, GRANTED: 13, RECYCLED: 14, UPDATED: 20,
} as const;

export interface Entry {
  seq: number;
  boot: number;
  uptime: number;
  time: number | null;
  kind: number;
  data: Map<number, unknown>;
}

const maps = new Decoder({ mapsAsObjects: false });

/** SHA-256 of a binary string. */
export function sha256(bytes: string): Buffer {
  return createHash('sha256').update(bytes, 'latin1').digest();
}

export class Chain {
  /** Bytes of the records, as binary strings. */
  readonly bytes: string[] = [];
  readonly entries: Entry[] = [];
  private key: Buffer;
  private prev: Buffer = Buffer.alloc(32);

  constructor(private readonly device: Buffer, firstKey: Buffer) {
    this.key = firstKey;
  }

  copy(): Chain {
    const other = new Chain(this.device, this.key);
    other.bytes.push(...this.bytes);
    other.entries.push(...this.entries);
    other.prev = this.prev;
    return other;
  }

  get next(): number {
    return this.bytes.length;
  }

  hash(seq: number): Buffer {
    return sha256(this.bytes[seq]!);
  }

  /** Takes in a record that the device gives for this number. @throws Error when it is not the next, was changed, or is not authentic */
  take(seq: number, bytes: string): void {
    if (seq < this.next) {
      if (this.bytes[seq] !== bytes) throw new Error(`S4: record ${seq} was changed`);
      return;
    }
    if (seq > this.next) throw new Error(`S4: record ${this.next} is missing, ${seq} came`);
    const item = maps.decode(Buffer.from(bytes, 'latin1')) as [Buffer, Buffer];
    const [body, mac] = item;
    const right = createHmac('sha256', this.key).update(body).digest().subarray(0, 16);
    if (mac.length !== 16 || !timingSafeEqual(right, mac)) throw new Error(`S4: MAC of record ${seq}`);
    const v = maps.decode(body) as [number, Buffer, number, number, number, number | null, number, Map<number, unknown>, Buffer];
    if (v.length !== 9 || v[0] !== 1 || !this.device.equals(v[1]) || v[2] !== seq) throw new Error(`S4: head of record ${seq}`);
    if (!this.prev.equals(v[8])) throw new Error(`S4: chain broken at record ${seq}`);
    this.prev = sha256(bytes);
    this.key = createHmac('sha256', this.key).update('smartseal/ratchet').digest();
    this.bytes.push(bytes);
    this.entries.push({ seq, boot: v[3], uptime: Number(v[4]), time: v[5], kind: v[6], data: v[7] });
  }

  of(kind: number, from = 0): Entry[] {
    return this.entries.filter((entry) => entry.kind === kind && entry.seq >= from);
  }

  /** Alarms without a clearing record behind them: condition and number of the record. */
  latched(): { condition: number; seq: number }[] {
    const open = new Map<number, number>();
    for (const { kind, data, seq } of this.entries) {
      if (kind === Kind.ALARM) open.set(data.get(1) as number, seq);
      if (kind === Kind.CLEARED) open.delete(data.get(1) as number);
    }
    return [...open].map(([condition, seq]) => ({ condition, seq }));
  }
}

/** Digest of a photo as SPEC.md section 10 has it. */
export function photoDigest(photo: string): string {
  let digest: Buffer = Buffer.alloc(32);
  for (let at = 0; at < photo.length; at += 1024) {
    digest = createHash('sha256').update(digest).update(photo.substring(at, at + 1024), 'latin1').digest();
  }
  const size = Buffer.alloc(4);
  size.writeUInt32BE(photo.length);
  return createHash('sha256').update(digest).update(size).digest('binary');
}
