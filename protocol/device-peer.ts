/** The device's end of the link: one object, no clock, no port. SPEC.md, "Handshake" and "Link". */
import { getU16le } from './bytes';
import { encodeFrame, Flag, FRAME_MIN, FrameReader, FrameType } from './frame';
import type { Pads } from './hash';
import { hmacKey, same } from './hash';
import { deviceNonce, HELLO_BYTES, HELLO_LIMIT, macDevice, macHost, makeChallenge, sessionKeys, transcript } from './handshake';
import { Link, NEVER, payloadMax } from './link';
import type { Bytes, Natives } from './natives';
import { DownReason } from './reasons';

export interface DevicePeerOptions {
  natives: Natives;
  /** 8 bytes. */
  deviceId: Bytes;
  /** Link key, 32 bytes; empty on a unit that is not provisioned, which then stays silent. */
  key: Bytes;
  /** Number of boots so far: with it no nonce is used twice, whatever the random generator does. */
  boot: number;
  /** Takes all of the bytes and returns true, or none. A function, not a method: it is called without its object. */
  write(bytes: Bytes): boolean;
  /** Largest frame of this port on the wire, 128..2048. */
  frameMax: number;
  /** Largest sealed message taken, bytes. */
  rxMax: number;
  /** Frames to have under way, 1..8. */
  window: number;
  events: {
    /** A host has proven itself; the firmware's first message must be READY. */
    ready(): void;
    message(type: number, tag: number, body: Bytes): void;
    down(reason: number): void;
  };
}

/** A challenge that waits for its PROVE. */
interface Slot {
  hello: Bytes;
  body: Bytes;
  th: Bytes;
  window: number;
  frameMax: number;
  tries: number;
}

export class DevicePeer {
  /** What happened: frames that were not ours, handshakes begun, proofs refused. */
  hellos: number;
  refused: number;
  private o: DevicePeerOptions;
  private pads: Pads | undefined;
  private reader: FrameReader;
  private slot: Slot | undefined;
  private link: Link | undefined;
  private proof: Bytes;
  private session: number;
  private agreed: number;

  constructor(o: DevicePeerOptions) {
    this.o = o;
    this.pads = o.key.length === 32 ? hmacKey(o.natives, o.key) : undefined;
    this.slot = undefined;
    this.link = undefined;
    this.proof = '';
    this.session = 0;
    this.hellos = 0;
    this.refused = 0;
    this.agreed = o.frameMax;
    this.reader = new FrameReader(o.natives, o.frameMax, (type, seq, ack, flags, body) => {
      this.frame(type, seq, ack, flags, body);
    });
  }

  /** Bytes from the port, in arbitrary pieces. Call tick() afterwards. */
  receive(chunk: Bytes): void {
    if (!this.pads) return;
    this.reader.push(chunk);
    const link = this.link;
    // Once spent, without an acknowledgement: the host says it once more, and hears that there is no session.
    if (link && !link.spent()) link.settle();
  }

  /**
   * Sends a message of any size: type, tag and body in one string, so that a large one is not copied for it. False: no session,
   * or the window is full; try again when room() is above 0. Call tick() afterwards: its frames go out then.
   */
  send(message: Bytes): boolean {
    const link = this.link;
    if (!link || !link.room()) return false;
    link.send(message);
    return true;
  }

  /** Free frames of the window; 0 without a session. */
  room(): number {
    return this.link ? this.link.room() : 0;
  }

  /** Bytes of a message body that travel in a single frame of this session: the best size for photo chunks. */
  fits(): number {
    return payloadMax(this.agreed);
  }

  /** Whether a session is live. */
  live(): boolean {
    return !!this.link;
  }

  /** Milliseconds (any monotonic clock) in; milliseconds until the next call is wanted out. Call after receive and send, too. */
  tick(now: number): number {
    const link = this.link;
    if (!link) return NEVER;
    const spent = link.spent();
    const wait = spent ? -1 : link.tick(now);
    if (wait >= 0) return wait;
    this.end(spent || DownReason.LOST);
    // The host is told at once: it may be waiting for an answer that the cipher had no memory for.
    this.attention();
    return NEVER;
  }

  /** Says in the clear that there is no session here: at boot, and to whoever speaks as if there were one. */
  attention(): void {
    if (this.pads) this.o.write(encodeFrame(this.o.natives, FrameType.ATTENTION, 0, 0, 0, ''));
  }

  private end(reason: number): void {
    this.link = undefined;
    this.o.events.down(reason);
  }

  private frame(type: number, seq: number, ack: number, flags: number, body: Bytes): void {
    const link = this.link;
    if (type === FrameType.DATA) {
      if (link) link.data(seq, ack, flags, body);
      else this.attention();
    } else if (type === FrameType.ACK) {
      if (link) {
        link.acked(ack);
        if (flags & Flag.GAP) link.missing(ack);
        if (flags & Flag.PROBE) link.urgent = true;
      } else if (flags & Flag.PROBE) this.attention();
    } else if (type === FrameType.HELLO) this.hello(body);
    else if (type === FrameType.PROVE) this.prove(body);
  }

  /** Answers with a challenge. Whatever session is live stays so: anybody can say HELLO. */
  private hello(body: Bytes): void {
    const o = this.o;
    const n = o.natives;
    const pads = this.pads as Pads;
    if (body.length < HELLO_BYTES || body.length > HELLO_LIMIT) return;
    if (!this.slot || this.slot.hello !== body) {
      const window = body.charCodeAt(2) < o.window ? body.charCodeAt(2) : o.window;
      const offered = getU16le(body, 4);
      const frameMax = offered < o.frameMax ? offered : o.frameMax;
      if (window < 1 || frameMax < FRAME_MIN) return;
      this.hellos++;
      this.session++;
      const plain = makeChallenge(window, frameMax, o.rxMax, o.deviceId, deviceNonce(n, pads, o.boot, this.session));
      const th = transcript(n, body, plain);
      this.slot = { hello: body, body: plain + macDevice(n, pads, th), th: th, window: window, frameMax: frameMax, tries: 8 };
    }
    o.write(encodeFrame(n, FrameType.CHALLENGE, 0, 0, 0, this.slot.body));
  }

  private prove(body: Bytes): void {
    const o = this.o;
    const n = o.natives;
    const pads = this.pads as Pads;
    const old = this.link;
    if (old && body === this.proof) {
      // Our READY was lost: the stored frame again, never new keys or counters.
      if (!old.heard) old.again();
      return;
    }
    const slot = this.slot;
    if (!slot || !same(n, macHost(n, pads, slot.th, slot.body.substr(30)), body)) {
      this.refused++;
      if (slot && !--slot.tries) this.slot = undefined;
      this.attention();
      return;
    }
    this.slot = undefined;
    if (old) this.end(DownReason.REPLACED);
    this.proof = body;
    this.agreed = slot.frameMax;
    this.link = new Link({
      natives: n,
      write: o.write,
      frameMax: slot.frameMax,
      window: slot.window,
      ackEvery: 1,
      rxMax: o.rxMax,
      sid: slot.th.substr(0, 5),
      keys: sessionKeys(n, pads, slot.th),
      direction: 1,
      onMessage: o.events.message,
    });
    o.events.ready();
  }
}
