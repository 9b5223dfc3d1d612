/** The host's end of the link: one object per port, no clock, no port. SPEC.md, "Handshake" and "Link". */
import { encodeFrame, Flag, FRAME_MIN, FrameReader, FrameType } from './frame';
import { hmacKey, same } from './hash';
import type { Challenge } from './handshake';
import { macDevice, macHost, makeHello, readChallenge, sessionKeys, transcript, VERSION } from './handshake';
import { BAD_LIMIT, Link, MESSAGE_LIMIT, NEVER } from './link';
import type { Bytes, Natives } from './natives';
import { DownReason } from './reasons';

/** Largest sealed message a host takes from a device, bytes. */
export const HOST_RX_MAX = 16384;
/** Milliseconds without a word before the host asks, and before it gives up; age at which a session is renewed. */
const PROBE_AFTER = 20000;
const SILENT_AFTER = 90000;
const AGE_LIMIT = 86400000;
const RTO_FIRST = 800;
const RTO_MAX = 2400;
const MISSES = 6;
/** Shortest time between two HELLOs or PROVEs, whatever asks for one. */
const PACE = 100;

/** Whom the host has at the other end. */
export interface DeviceInfo {
  /** 8 bytes. */
  deviceId: Bytes;
  version: number;
  /** Agreed size of a frame on the wire. */
  frameMax: number;
  /** Largest sealed message the device takes. */
  rxMax: number;
  /** Agreed frames under way from the device. */
  window: number;
}

export interface HostPeerOptions {
  natives: Natives;
  write(bytes: Bytes): void;
  /** The link key (32 bytes) of a device, or undefined if this host has none. */
  keyFor(deviceId: Bytes): Bytes | undefined;
  /** Any number that tells this host from others, for logs. */
  hostId: number;
  /** Largest frame of this port on the wire, 128..2048. One frame should take at most about 100 ms on the line. */
  frameMax: number;
  /** Frames the device may have under way, 1..8. */
  window: number;
  events: {
    /** The device has proven itself and its first message has come. */
    ready(device: DeviceInfo): void;
    message(type: number, tag: number, body: Bytes): void;
    /** The session, or the attempt to make one, is over. After RESTARTED and RENEWED a new one follows by itself. */
    down(reason: DownReason): void;
    /** Plain text the device said outside any session: best effort, never evidence. */
    log?(text: Bytes): void;
  };
}

const enum Phase {
  IDLE,
  HELLO,
  PROVE,
  LIVE,
}

export interface HostCounters {
  frames: number;
  badFrames: number;
  handshakes: number;
  badChallenges: number;
  attentions: number;
  sent: number;
  received: number;
  /** Frames sent again. */
  retries: number;
  /** Frames and messages of sessions that failed their check. */
  badMessages: number;
}

export class HostPeer {
  readonly counters: HostCounters;
  private readonly o: HostPeerOptions;
  private readonly reader: FrameReader;
  private phase: Phase = Phase.IDLE;
  private link: Link | undefined;
  private device: DeviceInfo | undefined;
  /** Body of the HELLO under way, and the frame (HELLO or PROVE) that is repeated until it is answered. */
  private hello = '';
  private pending = '';
  private stamp = -1;
  private rto = RTO_FIRST;
  private misses = 0;
  private restarts = 0;
  private hurry = false;
  /** What was wrong with the answers that came. */
  private why: DownReason = DownReason.NO_ANSWER;
  /** Why the live session gives way to the handshake under way. */
  private renewal: DownReason = DownReason.RENEWED;
  private heardAt = -1;
  private liveAt = -1;
  private probedAt = -1;
  private doubt = false;
  private doubtAt = -1;
  private heard = false;

  constructor(o: HostPeerOptions) {
    this.o = o;
    this.counters = {
      frames: 0,
      badFrames: 0,
      handshakes: 0,
      badChallenges: 0,
      attentions: 0,
      sent: 0,
      received: 0,
      retries: 0,
      badMessages: 0,
    };
    this.reader = new FrameReader(o.natives, FRAME_MIN > o.frameMax ? FRAME_MIN : o.frameMax, (type, seq, ack, flags, body) => {
      this.frame(type, seq, ack, flags, body);
    });
  }

  /** Frames that wait to be sent or acknowledged. */
  get queued(): number {
    return this.link ? this.link.frames.length : 0;
  }

  /** Whether a session is live. */
  get live(): boolean {
    return this.phase === Phase.LIVE || (this.phase === Phase.HELLO && this.link !== undefined);
  }

  /** Starts a handshake. A live session stays until the device has proven itself anew. Call tick() afterwards. */
  connect(): void {
    this.restarts = 0;
    this.renewal = DownReason.RENEWED;
    this.begin();
  }

  /** Ends whatever is under way without a word: the port is gone, or the owner is done. */
  close(): void {
    const was = this.phase;
    this.phase = Phase.IDLE;
    this.endLink();
    if (was !== Phase.IDLE) this.o.events.down(DownReason.CLOSED);
  }

  /** Bytes from the port, in arbitrary pieces. Call tick() afterwards. */
  receive(chunk: Bytes): void {
    this.reader.push(chunk);
    this.counters.frames = this.reader.good;
    this.counters.badFrames = this.reader.bad;
    const link = this.link;
    if (!link) return;
    if (link.bad >= BAD_LIMIT) this.fail(DownReason.TAMPERED);
    else if (this.phase !== Phase.PROVE) link.settle();
  }

  /**
   * Queues a message. False, and nothing sent, when no session is live or the message is larger than the device takes.
   * Call tick() afterwards.
   */
  send(type: number, tag: number, body: Bytes): boolean {
    if (!this.link || !this.live || !this.device || body.length + 14 > this.device.rxMax) return false;
    this.link.send(String.fromCharCode(type, tag) + body);
    this.link.flush();
    this.counters.sent++;
    return true;
  }

  /** Milliseconds (any monotonic clock) in; milliseconds until the next call is wanted out. Call after receive and send, too. */
  tick(now: number): number {
    if (this.heard || this.heardAt < 0) {
      this.heardAt = now;
      this.heard = false;
    }
    let wait = NEVER;
    const link = this.link;
    if (link && this.live) {
      const left = link.tick(now);
      if (left < 0) {
        this.fail(DownReason.LOST);
        return NEVER;
      }
      wait = left;
    }
    if (this.phase === Phase.LIVE) wait = Math.min(wait, this.watch(now));
    // watch() may have begun a handshake.
    if (this.phase === Phase.HELLO || this.phase === Phase.PROVE) wait = Math.min(wait, this.persist(now));
    return wait < 0 ? 0 : wait;
  }

  /** Repeats the HELLO or PROVE until it is answered or given up. */
  private persist(now: number): number {
    if (this.stamp < 0) this.stamp = now;
    const waited = now - this.stamp;
    if (waited >= this.rto || (this.hurry && waited >= PACE)) {
      if (!this.hurry) {
        this.misses++;
        this.rto = Math.min(this.rto * 1.5, RTO_MAX);
      }
      this.hurry = false;
      // Answers that were wrong are not worth as many tries as silence.
      if (this.misses > (this.why === DownReason.NO_ANSWER ? MISSES : 2)) {
        this.fail(this.why);
        return NEVER;
      }
      this.stamp = now;
      this.o.write(this.pending);
    }
    return this.stamp + (this.hurry ? PACE : this.rto) - now;
  }

  /** Looks after a live session: age, silence, doubts. */
  private watch(now: number): number {
    const link = this.link as Link;
    if (this.liveAt < 0) this.liveAt = now;
    if (this.doubt && this.doubtAt < 0) this.doubtAt = now;
    if (this.doubt && now - this.doubtAt >= link.rto) {
      // Told that there is no session, and nothing of the session has been heard since: ask who is there.
      this.doubt = false;
      this.restarts = 0;
      this.renewal = DownReason.RESTARTED;
      this.begin();
      return 0;
    }
    const worn = Math.max(link.txCtr, link.rxCtr) >= MESSAGE_LIMIT - 1024 || now - this.liveAt >= AGE_LIMIT;
    if (worn && !link.frames.length) {
      this.connect();
      return 0;
    }
    const quiet = now - this.heardAt;
    if (quiet >= SILENT_AFTER) {
      this.fail(DownReason.SILENT);
      return NEVER;
    }
    if (quiet >= PROBE_AFTER && now - Math.max(this.probedAt, this.heardAt) >= PROBE_AFTER) {
      this.probedAt = now;
      link.ack(Flag.PROBE);
    }
    const left = Math.max(this.probedAt, this.heardAt) + PROBE_AFTER - now;
    return this.doubt ? Math.min(left, this.doubtAt + link.rto - now) : left;
  }

  private begin(): void {
    const o = this.o;
    this.counters.handshakes++;
    this.phase = Phase.HELLO;
    this.hello = makeHello(o.window, o.frameMax, o.hostId, o.natives.random(16));
    // The zero ahead ends whatever half frame the line may hold.
    this.pending = '\0' + encodeFrame(o.natives, FrameType.HELLO, 0, 0, 0, this.hello);
    this.stamp = -1;
    this.rto = RTO_FIRST;
    this.misses = 0;
    this.hurry = false;
    this.doubt = false;
    this.why = DownReason.NO_ANSWER;
    o.write(this.pending);
  }

  private endLink(): void {
    if (this.link) {
      this.counters.retries += this.link.retries;
      this.counters.badMessages += this.link.bad;
    }
    this.link = undefined;
    this.device = undefined;
    this.doubt = false;
  }

  private fail(reason: DownReason): void {
    this.phase = Phase.IDLE;
    this.endLink();
    this.o.events.down(reason);
  }

  private frame(type: number, seq: number, ack: number, flags: number, body: Bytes): void {
    const link = this.link;
    if (type === FrameType.CHALLENGE) {
      if (this.phase === Phase.HELLO) this.challenge(body);
    } else if (type === FrameType.ATTENTION) {
      this.counters.attentions++;
      this.attention();
    } else if (type === FrameType.LOG) {
      if (this.o.events.log) this.o.events.log(body);
    } else if (link && type === FrameType.DATA) {
      // The first message of a session is READY, and READY is one frame.
      if (this.phase === Phase.PROVE && (seq || flags !== 3)) return;
      this.alive();
      link.data(seq, ack, flags, body);
    } else if (link && type === FrameType.ACK && this.phase !== Phase.PROVE) {
      this.alive();
      link.acked(ack);
      if (flags & Flag.GAP) link.missing(ack);
      if (flags & Flag.PROBE) link.urgent = true;
    }
  }

  private alive(): void {
    this.heard = true;
    this.doubt = false;
    this.doubtAt = -1;
  }

  /** Somebody says that there is no session: believed only as far as asking costs nothing. */
  private attention(): void {
    if (this.phase === Phase.HELLO) this.hurry = true;
    else if (this.phase === Phase.PROVE) {
      // The challenge is no longer known there: begin again, but not for ever.
      if (this.restarts++ < MISSES) this.begin();
    } else if (this.phase === Phase.LIVE && this.link && !this.doubt) {
      this.doubt = true;
      this.doubtAt = -1;
      this.link.ack(Flag.PROBE);
    }
  }

  private challenge(body: Bytes): void {
    const o = this.o;
    const n = o.natives;
    const c = readChallenge(body);
    const key = c && o.keyFor(c.deviceId);
    if (!c) return this.doubtful(DownReason.PROTOCOL);
    if (!key) return this.doubtful(DownReason.UNKNOWN_DEVICE);
    const pads = hmacKey(n, key);
    const th = transcript(n, this.hello, c.plain);
    if (!same(n, macDevice(n, pads, th).substr(0, 16), c.mac)) return this.doubtful(DownReason.WRONG_KEY);
    if (c.version !== VERSION) return this.fail(DownReason.VERSION);
    if (!this.sound(c)) return this.fail(DownReason.PROTOCOL);
    if (this.link) {
      this.endLink();
      o.events.down(this.renewal);
      // The owner may have closed, or begun anew, on hearing that.
      if (this.phase !== Phase.HELLO || this.link) return;
    }
    this.device = { deviceId: c.deviceId, version: c.version, frameMax: c.frameMax, rxMax: c.rxMax, window: c.window };
    this.link = new Link({
      natives: n,
      write: (bytes) => {
        o.write(bytes);
        return true;
      },
      frameMax: c.frameMax,
      window: 1,
      ackEvery: c.window > 1 ? c.window >> 1 : 1,
      rxMax: HOST_RX_MAX,
      sid: th.substr(0, 5),
      keys: sessionKeys(n, pads, th),
      direction: 0,
      onMessage: (type, tag, message) => {
        this.message(type, tag, message);
      },
    });
    this.phase = Phase.PROVE;
    this.pending = encodeFrame(n, FrameType.PROVE, 0, 0, 0, macHost(n, pads, th, c.mac));
    this.stamp = -1;
    this.rto = RTO_FIRST;
    this.misses = 0;
    this.hurry = false;
    this.why = DownReason.NO_ANSWER;
    o.write(this.pending);
  }

  private sound(c: Challenge): boolean {
    return c.frameMax >= FRAME_MIN && c.frameMax <= this.o.frameMax && c.window >= 1 && c.window <= this.o.window && c.rxMax >= FRAME_MIN;
  }

  /** A challenge that proves nothing may be anybody's: the true one can still come. */
  private doubtful(reason: DownReason): void {
    this.counters.badChallenges++;
    this.why = reason;
  }

  private message(type: number, tag: number, body: Bytes): void {
    this.counters.received++;
    if (this.phase === Phase.PROVE) {
      this.phase = Phase.LIVE;
      this.liveAt = -1;
      this.heardAt = -1;
      this.probedAt = -1;
      this.restarts = 0;
      this.o.events.ready(this.device as DeviceInfo);
    }
    if (this.link) this.o.events.message(type, tag, body);
  }
}
