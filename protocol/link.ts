/**
 * One session's traffic without clock or port: sealing, fragments, acknowledgement, retries. Go-back-N both ways; the
 * peer's window says how many frames may be under way. Time enters by tick() only. SPEC.md, "Link".
 */
import { open, seal, SEAL_BYTES } from './channel';
import { bodyMax, closeFrame, encodeFrame, Flag, frameHead, FrameType } from './frame';
import type { Bytes, Natives } from './natives';
import { DownReason } from './reasons';

/** Milliseconds: first retry, and the bounds between which the measured round trip moves it. */
const RTO_FIRST = 800;
const RTO_MIN = 100;
const RTO_MAX = 2400;
/** Retries that go unanswered before the link counts as lost. */
const MISSES = 6;
/** Milliseconds an acknowledgement may wait for company. */
const ACK_DELAY = 20;
/** Milliseconds until a write that found no room is tried again. */
const BLOCKED = 20;
/** Messages each way before the session must be renewed. */
export const MESSAGE_LIMIT = 1048576;
/** Messages and frames that fail their check before the session ends. */
export const BAD_LIMIT = 8;
/** What tick() returns when nothing is wanted: a minute. */
export const NEVER = 60000;

export interface LinkOptions {
  natives: Natives;
  /** Takes all bytes or none. */
  write(bytes: Bytes): boolean;
  frameMax: number;
  /** Frames this end may have under way. */
  window: number;
  /** Frames received before an acknowledgement is sent at once. */
  ackEvery: number;
  /** Largest sealed message taken. */
  rxMax: number;
  sid: Bytes;
  /** 32 bytes: host to device, device to host. */
  keys: Bytes;
  /** Direction of what this end sends. */
  direction: number;
  onMessage(type: number, tag: number, body: Bytes): void;
}

export class Link {
  /** Frames not yet acknowledged, as they go on the wire. The first `sent` of them are under way. */
  frames: Bytes[];
  /** Messages sealed so far, and messages opened. */
  txCtr: number;
  rxCtr: number;
  /** Whether anything of ours was acknowledged. */
  heard: boolean;
  /** Whether an acknowledgement must go out now. */
  urgent: boolean;
  /** Frames to acknowledge. */
  owed: number;
  /** Frames and messages that failed their check. */
  bad: number;
  /** Frames sent again. */
  retries: number;
  rto: number;
  private o: LinkOptions;
  private txKey: Bytes;
  private rxKey: Bytes;
  private piece: number;
  private sealed: Bytes;
  private base: number;
  private sent: number;
  private expected: number;
  private parts: Bytes | undefined;
  private misses: number;
  private stamp: number;
  private owedAt: number;
  private timed: number;
  private timedAt: number;
  private sample: boolean;
  private quiet: number;
  /** Flag.GAP while what is expected is missing, else 0. */
  private gap: number;
  /** Frame that was sent again because the peer misses it. */
  private missed: number;

  constructor(o: LinkOptions) {
    this.o = o;
    this.txKey = o.keys.substr(o.direction * 16, 16);
    this.rxKey = o.keys.substr(16 - o.direction * 16, 16);
    this.piece = bodyMax(o.frameMax);
    this.frames = [];
    this.sealed = '';
    this.txCtr = 0;
    this.rxCtr = 0;
    this.heard = false;
    this.urgent = false;
    this.owed = 0;
    this.bad = 0;
    this.retries = 0;
    this.rto = RTO_FIRST;
    this.base = 0;
    this.sent = 0;
    this.expected = 0;
    this.parts = undefined;
    this.misses = 0;
    this.stamp = -1;
    this.owedAt = -1;
    this.timed = -1;
    this.timedAt = 0;
    this.sample = false;
    this.quiet = 0;
    this.gap = 0;
    this.missed = -1;
  }

  /** Frames of the window that are free: when 0, a message had better wait. */
  room(): number {
    this.flush();
    const free = this.o.window - this.frames.length;
    return free > 0 ? free : 0;
  }

  /**
   * Seals a message: type, tag and body in one. Its frames are made by flush(), when the caller has let go of the message:
   * of 2 KB, neither should be in memory while the other is.
   */
  send(message: Bytes): void {
    const o = this.o;
    this.flush();
    this.sealed = seal(o.natives, this.txKey, o.direction, o.sid, this.txCtr++, message);
    // The cipher had no memory: what comes after could not be opened, so the session ends.
    if (!this.sealed) this.bad = BAD_LIMIT;
  }

  /** Makes and stores the frames of the message just sealed, and sends what the window allows. */
  flush(): void {
    const end = this.sealed.length;
    const piece = this.piece;
    if (!end) return;
    for (let at = 0; at < end; at += piece) this.frames.push(closeFrame(this.o.natives, this.raw(at, end)));
    this.pump();
    // The frame just written carries the newest acknowledgement; one that waits in the queue does not.
    if (this.sent === this.frames.length) this.owed = 0;
  }

  /** The sealed bytes from `at` on as a frame, not yet closed. After the last of them nothing is held back. */
  private raw(at: number, end: number): Bytes {
    const next = at + this.piece;
    let raw = frameHead(FrameType.DATA, (this.base + this.frames.length) & 255, this.expected, (at ? 0 : 1) | (next < end ? 0 : 2));
    raw += end > this.piece ? this.sealed.substr(at, this.piece) : this.sealed;
    if (next >= end) this.sealed = '';
    return raw;
  }

  /** Sends all that is under way once more. */
  again(): void {
    this.retries += this.sent;
    this.quiet = this.sent;
    this.timed = -1;
    this.sent = 0;
    this.pump();
  }

  /**
   * The peer misses frame `ack` and has got what came behind it, so it need not be waited for. Once for each frame: an
   * acknowledgement carries no MAC, and what is lost once more comes at the retry time.
   */
  missing(ack: number): void {
    if (ack !== this.base || ack === this.missed || !this.sent) return;
    this.missed = ack;
    this.stamp = -1;
    this.again();
  }

  private pump(): void {
    const frames = this.frames;
    const end = frames.length < this.o.window ? frames.length : this.o.window;
    while (this.sent < end && this.o.write(frames[this.sent] as Bytes)) this.sent++;
  }

  /** The peer expects frame `ack` next: all before it have arrived. Anything outside the window is old, and ignored. */
  acked(ack: number): void {
    const count = (ack - this.base) & 255;
    if (!count || count > this.o.window || count > this.frames.length) return;
    if (this.timed >= 0 && ((this.timed - this.base) & 255) < count) this.sample = true;
    this.frames.splice(0, count);
    this.base = ack;
    this.sent = this.sent > count ? this.sent - count : 0;
    this.quiet -= count;
    this.misses = 0;
    this.missed = -1;
    this.stamp = -1;
    this.heard = true;
    this.pump();
  }

  /** A DATA frame that arrived whole. */
  data(seq: number, ack: number, flags: number, body: Bytes): void {
    this.acked(ack);
    if (seq !== this.expected) {
      // Before: a repetition. Beyond: something is missing. Both ends are put right by saying what is expected.
      this.urgent = true;
      this.gap = (seq - this.expected) & 128 ? 0 : Flag.GAP;
      return;
    }
    const o = this.o;
    let plain: Bytes | undefined;
    const all = flags & 1 ? body : this.parts === undefined ? undefined : this.parts + body;
    if (all !== undefined && all.length <= o.rxMax) {
      plain = flags & 2 ? open(o.natives, this.rxKey, 1 - o.direction, o.sid, this.rxCtr, all) : '\0\0';
    }
    if (plain === undefined || plain.length < 2) {
      // As if it had not arrived: the true frame with this number can still come.
      this.bad++;
      return;
    }
    this.expected = (seq + 1) & 255;
    this.gap = 0;
    this.owed++;
    if (flags & 2) {
      this.parts = undefined;
      this.rxCtr++;
      o.onMessage(plain.charCodeAt(0), plain.charCodeAt(1), plain.substr(2));
    } else {
      this.parts = all;
    }
  }

  /** Sends the acknowledgement that is due; with PROBE in `flags`, one that asks for an answer. */
  ack(flags: number): void {
    const o = this.o;
    if (o.write(encodeFrame(o.natives, FrameType.ACK, 0, this.expected, flags | this.gap, ''))) {
      this.owed = 0;
      this.urgent = false;
      this.owedAt = -1;
    }
  }

  /** To be called when a chunk has been worked through: acknowledges at once where that is due. */
  settle(): void {
    if (this.urgent || this.owed >= this.o.ackEvery) this.ack(0);
  }

  /** Acknowledges, retries. Milliseconds until the next call is wanted, or -1: the link is lost. */
  tick(now: number): number {
    let wait = NEVER;
    this.flush();
    if (this.owed || this.urgent) {
      if (this.owedAt < 0) this.owedAt = now;
      if (now - this.owedAt >= ACK_DELAY) this.ack(0);
      if (this.owed || this.urgent) wait = ACK_DELAY;
    } else {
      this.owedAt = -1;
    }
    if (this.sample) {
      // Karn's rule: only frames sent once are timed. The steady state is four round trips.
      this.rto = (this.rto * 7) / 8 + (now - this.timedAt) / 2;
      if (this.rto < RTO_MIN) this.rto = RTO_MIN;
      if (this.rto > RTO_MAX) this.rto = RTO_MAX;
      this.sample = false;
      this.timed = -1;
    }
    if (!this.frames.length) {
      this.stamp = -1;
      return wait;
    }
    if (this.stamp < 0) this.stamp = now;
    if (now - this.stamp >= this.rto) {
      if (++this.misses > MISSES) return -1;
      this.rto = this.rto * 2 < RTO_MAX ? this.rto * 2 : RTO_MAX;
      this.stamp = now;
      this.again();
    } else {
      this.pump();
    }
    if (this.timed < 0 && this.sent && this.quiet <= 0) {
      this.timed = (this.base + this.sent - 1) & 255;
      this.timedAt = now;
    }
    const left = this.stamp + this.rto - now;
    if (left < wait) wait = left;
    if (this.sent < this.frames.length && this.sent < this.o.window && wait > BLOCKED) wait = BLOCKED;
    return wait;
  }

  /** Why the session must end: its patience or its counters are used up; 0: it need not. */
  spent(): number {
    return this.bad >= BAD_LIMIT ? DownReason.TAMPERED : this.txCtr >= MESSAGE_LIMIT || this.rxCtr >= MESSAGE_LIMIT ? DownReason.RENEWED : 0;
  }
}

/** Protobuf bytes that fit into one frame: less the message's type and tag, and what sealing adds. */
export function payloadMax(frameMax: number): number {
  return bodyMax(frameMax) - SEAL_BYTES - 2;
}
