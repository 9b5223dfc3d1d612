/**
 * Trusted time. Only the authority sets it, by an answer to a nonce of the device; it never goes backwards; what it once
 * knew survives a reset as a lower bound.
 */
import type { Bytes, Natives } from '../../protocol/natives';

/** Milliseconds a nonce is good for: the most by which a delayed answer can put the clock behind. */
const NONCE_MS = 30000;
/** Seconds by which the authority may correct a clock that runs ahead: it then stands until the true time catches up. */
const AHEAD = 120;

export const enum TimeSet {
  DONE = 0,
  STALE = 1,
  BACKWARDS = 2,
}

export class Clock {
  /** What is known to be past, Unix seconds. */
  floor: number;
  private uptime: () => number;
  private base: number;
  private at: number;
  private nonce: Bytes;
  private asked: number;

  constructor(uptime: () => number) {
    this.uptime = uptime;
    this.floor = 0;
    this.base = 0;
    this.at = 0;
    this.nonce = '';
    this.asked = 0;
  }

  /** Unix seconds; 0: not known since power loss. */
  now(): number {
    if (this.base === 0) return 0;
    const t = this.base + Math.floor((this.uptime() - this.at) / 1000);
    if (t > this.floor) this.floor = t;
    return this.floor;
  }

  /** A new nonce; the one before counts no more. */
  ask(n: Natives): Bytes {
    this.nonce = n.random(16);
    this.asked = this.uptime();
    return this.nonce;
  }

  /** Takes an authentic time. Each nonce serves once. */
  set(nonce: Bytes, time: number): TimeSet {
    if (this.nonce === '' || nonce !== this.nonce || this.uptime() - this.asked > NONCE_MS) return TimeSet.STALE;
    this.nonce = '';
    if (time < this.floor - (this.now() > 0 ? AHEAD : 0) || time === 0) return TimeSet.BACKWARDS;
    this.base = time;
    this.at = this.uptime();
    return TimeSet.DONE;
  }
}
