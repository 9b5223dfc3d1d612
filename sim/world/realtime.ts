/**
 * Paces a world to a wall clock that is handed in. What the world does not differs from a virtual run; only when.
 * Things from outside (bytes on a pseudo-terminal, keys of a technician) enter at the moment they arrive.
 */
import type { World } from './world';

export interface WallClock {
  /** Milliseconds, monotonic. */
  now(): number;
  /** Resolves after so many milliseconds, or at once when `wake` is called. */
  sleep(ms: number): { done: Promise<void>; wake(): void };
}

/** Longest nap, so that a stop is noticed. */
const NAP_MS = 250;

export class RealTime {
  private readonly world: World;
  private readonly clock: WallClock;
  /** Virtual seconds a wall second. */
  readonly factor: number;
  private nap: { wake(): void } | undefined;
  private stopped = true;
  private wallStart = 0;
  private worldStart = 0;

  constructor(world: World, clock: WallClock, factor = 1) {
    this.world = world;
    this.clock = clock;
    this.factor = factor;
  }

  /** Runs until stop(). Rejects if a job of the world fails. */
  async run(): Promise<void> {
    const { world } = this;
    this.stopped = false;
    this.wallStart = this.clock.now();
    this.worldStart = world.now;
    let busy = false;
    world.catchUp = () => {
      if (!busy) world.idleTo(this.target());
    };
    world.onEntered = () => this.nap?.wake();
    try {
      while (!this.stopped) {
        busy = true;
        await world.runTo(Math.max(world.now, this.target()));
        busy = false;
        const wait = Math.min(NAP_MS, (world.next - this.target()) / this.factor);
        if (wait > 0 && !this.stopped) {
          const nap = this.clock.sleep(wait);
          this.nap = nap;
          await nap.done;
          this.nap = undefined;
        }
      }
    } finally {
      this.stopped = true;
      world.catchUp = undefined;
      world.onEntered = undefined;
    }
  }

  stop(): void {
    this.stopped = true;
    this.nap?.wake();
  }

  private target(): number {
    return this.worldStart + (this.clock.now() - this.wallStart) * this.factor;
  }
}
