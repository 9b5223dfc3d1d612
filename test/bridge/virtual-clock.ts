import type { Cancel, Clock } from '../../host-bridge/common/clock';

/** Time that passes only in `run`. Promises between two timers are let through before time moves on. */
export class VirtualClock implements Clock {
  private time = 0;
  private order = 0;
  private timers: { at: number; order: number; call: () => void }[] = [];

  wall(): number {
    return 1_800_000_000_000 + this.time;
  }

  now(): number {
    return this.time;
  }

  after(ms: number, call: () => void): Cancel {
    const timer = { at: this.time + Math.max(0, ms), order: this.order++, call };
    this.timers.push(timer);
    return () => {
      const index = this.timers.indexOf(timer);
      if (index >= 0) this.timers.splice(index, 1);
    };
  }

  /** Lets time pass in which nothing happens: what was due is late afterwards. */
  skip(ms: number): void {
    this.time += ms;
  }

  async run(ms: number): Promise<void> {
    const until = this.time + ms;
    await settle();
    for (;;) {
      let next: (typeof this.timers)[number] | undefined;
      for (const timer of this.timers) {
        if (timer.at <= until && (next === undefined || timer.at < next.at || (timer.at === next.at && timer.order < next.order))) next = timer;
      }
      if (next === undefined) break;
      this.timers.splice(this.timers.indexOf(next), 1);
      this.time = Math.max(this.time, next.at);
      next.call();
      await settle();
    }
    this.time = until;
  }

  /** Runs until a condition holds. Returns the milliseconds it took; fails after `limit`. */
  async until(condition: () => boolean | Promise<boolean>, limit = 120_000): Promise<number> {
    const from = this.time;
    while (!(await condition())) {
      if (this.time - from > limit) throw new Error(`still not so after ${limit} ms of virtual time`);
      await this.run(10);
    }
    return this.time - from;
  }

  /** Lets time pass until a promise is settled. */
  async during<T>(promise: Promise<T>, limit = 120_000): Promise<T> {
    let done = false;
    const finish = (): void => void (done = true);
    promise.then(finish, finish);
    await this.until(() => done, limit);
    return promise;
  }
}

function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
