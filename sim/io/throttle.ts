/**
 * A cable as slow as a serial line: every byte takes ten bit times (8N1), each direction by itself. The line is never
 * idle while bytes wait: a timer that comes late is made up for, so the rate over a second is the line's to the byte.
 */
import type { Cable, Timers } from './cable';

/** Shortest nap: finer than this a timer is not. Pieces are as long as the line carries in that time. */
const TICK_MS = 1;

/** Bytes in order, not faster than so many a second. */
export class Pacer {
  private queue: Buffer[] = [];
  private waiting = 0;
  private cancel: (() => void) | undefined;
  /** The line has carried `carried` bytes since `since`, without a pause. */
  private since = 0;
  private carried = 0;

  constructor(
    private readonly timers: Timers,
    private readonly bytesPerMs: number,
    private readonly out: (bytes: Buffer) => void,
  ) {}

  /** Bytes that have not left yet. */
  get length(): number {
    return this.waiting;
  }

  push(bytes: Buffer): void {
    if (bytes.length === 0) return;
    this.queue.push(bytes);
    this.waiting += bytes.length;
    if (this.cancel) return;
    // The line was idle; but what a late timer let out too late still counts as carried in time.
    const now = this.timers.now();
    const free = this.since + this.carried / this.bytesPerMs;
    if (now > free) {
      this.since = now;
      this.carried = 0;
    }
    this.arm();
  }

  /** Forgets what waits (the cable is pulled). */
  clear(): void {
    this.cancel?.();
    this.cancel = undefined;
    this.queue = [];
    this.waiting = 0;
  }

  private arm(): void {
    const due = this.since + (this.carried + Math.min(this.waiting, Math.max(1, this.bytesPerMs * TICK_MS))) / this.bytesPerMs;
    this.cancel = this.timers.after(Math.max(0, due - this.timers.now()), () => {
      this.cancel = undefined;
      this.release();
    });
  }

  private release(): void {
    let allowed = Math.floor((this.timers.now() - this.since) * this.bytesPerMs - this.carried + 1e-6);
    while (allowed > 0 && this.queue.length > 0) {
      const head = this.queue[0]!;
      const piece = head.length <= allowed ? head : head.subarray(0, allowed);
      if (piece.length === head.length) this.queue.shift();
      else this.queue[0] = head.subarray(piece.length);
      allowed -= piece.length;
      this.waiting -= piece.length;
      this.carried += piece.length;
      this.out(piece);
    }
    if (this.queue.length > 0 && !this.cancel) this.arm();
  }
}

/** The cable at so many baud. */
export function throttle(cable: Cable, baud: number, timers: Timers): Cable {
  const rate = baud / 10 / 1000;
  const receivers = new Set<(bytes: Buffer) => void>();
  const down = new Pacer(timers, rate, (bytes) => cable.write(bytes));
  const up = new Pacer(timers, rate, (bytes) => {
    for (const receive of receivers) receive(bytes);
  });
  cable.onData((bytes) => up.push(bytes));
  return {
    get connected() {
      return cable.connected;
    },
    write: (bytes) => down.push(bytes),
    onData(receive) {
      receivers.add(receive);
      return () => receivers.delete(receive);
    },
  };
}
