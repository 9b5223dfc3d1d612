/**
 * Reads the wire as an eavesdropper would who has the link key: frames, handshake and messages by protocol/SPEC.md sections 3
 * to 6, in code of its own. It proves what the channel promises: each message opens under the counter that is due, no counter
 * and no nonce serves twice, and what is sent without a session is no more than may be.
 */
import { createDecipheriv, createHash, createHmac } from 'node:crypto';
import { crc32 } from './crc';

const Type = { HELLO: 1, CHALLENGE: 2, PROVE: 3, DATA: 4, ACK: 5, LOG: 6, ATTENTION: 7 } as const;
const FIRST = 1;
const LAST = 2;
const TAG = 8;
/** More than any frame; what is longer is no frame. */
const LONGEST = 4096;

/** One direction of a session. */
interface Direction {
  key: Buffer;
  ctr: number;
  seq: number;
  parts: Buffer[];
}

interface Session {
  sid: Buffer;
  toDevice: Direction;
  toHost: Direction;
}

export interface WireEvents {
  /** A message in plain text, opened under the session of its direction. */
  message(toDevice: boolean, plain: Buffer): void;
  /** Something in the clear that the device sent. */
  clear(type: number, body: Buffer): void;
  broken(text: string): void;
}

export class WireReader {
  private readonly rest = { in: Buffer.alloc(0), out: Buffer.alloc(0) };
  private readonly nonces = new Map<string, string>();
  private session: Session | undefined;
  /** Frames that the device sent in this session, by number. */
  private sent = new Map<number, Buffer>();
  private sentOf: Session | undefined;
  /** Greetings that arrived lately: the device may answer one while the next is under way. */
  private hellos: Buffer[] = [];
  /** Its answers to them, of which the host may prove any. */
  private pending: { th: Buffer; macD: Buffer }[] = [];
  /** What begins with the device's first message, if it accepted the proof: where the cable went in between, that may come behind the next proof. */
  private nexts: Session[] = [];

  constructor(private readonly linkKey: Buffer, private readonly events: WireEvents) {}

  push(toDevice: boolean, bytes: Buffer): void {
    const side = toDevice ? 'in' : 'out';
    let rest = this.rest[side].length === 0 ? bytes : Buffer.concat([this.rest[side], bytes]);
    for (let end = rest.indexOf(0); end >= 0; end = rest.indexOf(0)) {
      if (end > 0) this.frame(toDevice, rest.subarray(0, end));
      rest = rest.subarray(end + 1);
    }
    this.rest[side] = rest.length > LONGEST ? Buffer.alloc(0) : Buffer.from(rest);
  }

  /** The unit started again, or the cable went: half a frame is no frame. */
  reset(): void {
    this.rest.in = Buffer.alloc(0);
    this.rest.out = Buffer.alloc(0);
  }

  private frame(toDevice: boolean, coded: Buffer): void {
    const raw = uncobs(coded);
    if (raw === undefined || raw.length < 8 || raw[0]! >> 5 !== 1) return;
    const body = raw.subarray(4, -4);
    if (crc32(raw.subarray(0, -4)) !== raw.readUInt32LE(raw.length - 4)) return;
    const type = raw[0]! & 31;
    if (type === Type.DATA) return this.data(toDevice, raw[1]!, raw[3]!, body);
    if (toDevice) {
      if (type === Type.HELLO) this.hellos = [...this.hellos.slice(-7), Buffer.from(body)];
      if (type === Type.PROVE) this.prove(body);
      return;
    }
    this.events.clear(type, body);
    if (type === Type.CHALLENGE) this.challenge(body);
  }

  private challenge(body: Buffer): void {
    if (body.length !== 46) return;
    for (const greeting of this.hellos) {
      const th = createHash('sha256').update('smartseal-link/1\0').update(greeting).update(body.subarray(0, 30)).digest();
      const macD = createHmac('sha256', this.linkKey).update('D').update(th).digest().subarray(0, 16);
      // The MAC tells which greeting it belongs to.
      if (!macD.equals(body.subarray(30))) continue;
      const nonce = body.subarray(14, 30).toString('hex');
      const hello = greeting.toString('hex');
      const before = this.nonces.get(nonce);
      if (before !== undefined && before !== hello) this.events.broken(`nonce ${nonce} answers two different greetings`);
      this.nonces.set(nonce, hello);
      this.pending = [...this.pending.slice(-7), { th, macD }];
      return;
    }
  }

  private prove(body: Buffer): void {
    const right = ({ th, macD }: { th: Buffer; macD: Buffer }): Buffer => createHmac('sha256', this.linkKey).update('H').update(th).update(macD).digest().subarray(0, 16);
    const pending = this.pending.findLast((one) => right(one).equals(body));
    if (pending === undefined) return;
    const keys = createHmac('sha256', this.linkKey).update('S').update(pending.th).digest();
    const sid = pending.th.subarray(0, 5);
    if (this.session !== undefined && this.session.sid.equals(sid)) return; // a repeated PROVE changes nothing
    const direction = (key: Buffer): Direction => ({ key, ctr: 0, seq: 0, parts: [] });
    this.nexts = [...this.nexts.slice(-3), { sid, toDevice: direction(keys.subarray(0, 16)), toHost: direction(keys.subarray(16)) }];
  }

  private data(toDevice: boolean, seq: number, flags: number, body: Buffer): void {
    const begun = toDevice || seq !== 0 || flags !== (FIRST | LAST) ? -1 : this.nexts.findIndex((next) => this.open(next, false, next.toHost, body) !== undefined);
    if (begun >= 0) {
      this.session = this.nexts[begun]!;
      this.nexts = this.nexts.slice(begun + 1);
    }
    const { session } = this;
    if (session === undefined) {
      if (!toDevice) this.events.broken('the device sends data without a session');
      return;
    }
    const way = toDevice ? session.toDevice : session.toHost;
    if (seq !== way.seq) return this.again(session, toDevice, way, seq, body);
    const parts = (flags & FIRST) !== 0 ? [Buffer.from(body)] : [...way.parts, Buffer.from(body)];
    if ((flags & LAST) === 0) {
      way.parts = parts;
      way.seq = (way.seq + 1) & 255;
      if (!toDevice) this.remember(session, seq, body);
      return;
    }
    const plain = this.open(session, toDevice, way, Buffer.concat(parts));
    if (plain === undefined) {
      // Towards the device anybody may write; what the device sends is its own.
      if (!toDevice) this.events.broken(`what the device sends as message ${way.ctr} does not open under that counter`);
      return;
    }
    way.parts = [];
    way.ctr++;
    way.seq = (way.seq + 1) & 255;
    if (!toDevice) this.remember(session, seq, body);
    this.events.message(toDevice, plain);
  }

  private remember(session: Session, seq: number, body: Buffer): void {
    if (this.sentOf !== session) this.sent = new Map();
    this.sentOf = session;
    this.sent.set(seq, Buffer.from(body));
  }

  /** A frame that was sent before must be what it was: other bytes under one counter would give both away. */
  private again(session: Session, toDevice: boolean, way: Direction, seq: number, body: Buffer): void {
    if (toDevice) return;
    const behind = (way.seq - seq) & 255;
    if (behind === 0 || behind > 8) return this.events.broken(`the device sends frame ${seq} where ${way.seq} is due`);
    const before = this.sentOf === session ? this.sent.get(seq) : undefined;
    if (before !== undefined && !before.equals(body)) this.events.broken(`frame ${seq} is sent again with other bytes`);
  }

  private open(session: Session, toDevice: boolean, way: Direction, sealed: Buffer): Buffer | undefined {
    const length = sealed.length - TAG;
    if (length < 2) return undefined;
    const nonce = Buffer.alloc(13);
    nonce[0] = toDevice ? 0 : 1;
    nonce[1] = 0x24;
    nonce.writeUInt16LE(length, 2);
    session.sid.copy(nonce, 4);
    nonce.writeUInt32LE(way.ctr, 9);
    const cipher = createDecipheriv('aes-128-ccm', way.key, nonce, { authTagLength: TAG });
    cipher.setAuthTag(sealed.subarray(length));
    try {
      const plain = cipher.update(sealed.subarray(0, length));
      cipher.final();
      return plain;
    } catch {
      return undefined;
    }
  }
}

/** Consistent Overhead Byte Stuffing (Cheshire and Baker 1999); undefined: not such bytes. */
function uncobs(coded: Buffer): Buffer | undefined {
  const out = Buffer.allocUnsafe(coded.length);
  let length = 0;
  for (let at = 0; at < coded.length; ) {
    const code = coded[at]!;
    if (code === 0 || at + code > coded.length) return undefined;
    coded.copy(out, length, at + 1, at + code);
    length += code - 1;
    at += code;
    if (code < 255 && at < coded.length) out[length++] = 0;
  }
  return out.subarray(0, length);
}
