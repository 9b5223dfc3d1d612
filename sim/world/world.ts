/**
 * The simulated world: a virtual clock, an agenda of events and seeded randomness. Time stands still while an event
 * runs and jumps to the next one; nothing here looks at a wall clock. Two worlds with the same seed and the same calls
 * are equal to the byte, which their trace hashes show.
 */
import { createHash, type Hash } from 'node:crypto';
import { Agenda, type Event } from './queue';
import { seededRandom, type Random } from './random';

export type { Event } from './queue';
export type { Random } from './random';

export interface WorldOptions {
  /** Default 1. */
  seed?: number;
  /** Keep a rolling SHA-256 over everything that is traced. Costs about a microsecond an event; default false. */
  trace?: boolean;
  /** Called with each traced line, for timelines. */
  onTrace?: (at: number, who: string, what: string, detail: string) => void;
  /**
   * Lets code outside of the world (promises of a bridge under test, say) settle after an event that reached it, before
   * time moves on. Default: a few turns of the microtask queue.
   */
  settle?: () => Promise<void>;
}

export class World {
  /** Virtual milliseconds since the world began; fractions occur. */
  now = 0;
  readonly random: Random;
  /** True when trace() does anything: skip building costly details otherwise. */
  readonly traced: boolean;
  /** Events run so far. */
  events = 0;
  /** Set by a driver of real time: brings `now` up to the wall clock before something from outside enters. */
  catchUp: (() => void) | undefined;
  /** Set by a driver of real time: called when an event was entered, so that it may have to wake earlier. */
  onEntered: (() => void) | undefined;

  private readonly agenda = new Agenda();
  private readonly jobs = new Set<Promise<unknown>>();
  private readonly settle: () => Promise<void>;
  private readonly onTrace: WorldOptions['onTrace'];
  private readonly hash: Hash | undefined;
  private failure: { error: unknown } | undefined;
  private touched = false;
  private running = false;

  constructor(options: WorldOptions = {}) {
    this.random = seededRandom(options.seed ?? 1);
    this.settle = options.settle ?? microtasks;
    this.onTrace = options.onTrace;
    this.hash = options.trace ? createHash('sha256') : undefined;
    this.traced = this.hash !== undefined || this.onTrace !== undefined;
  }

  /** Calls once after so many virtual milliseconds (less than 0 counts as 0). */
  after(ms: number, call: () => void): Event {
    return this.at(this.now + ms, call);
  }

  /** Calls once at an absolute virtual time; in the past counts as now. */
  at(time: number, call: () => void): Event {
    const event = this.agenda.add(time > this.now ? time : this.now, call);
    if (this.onEntered !== undefined) this.onEntered();
    return event;
  }

  /** Calls again and again until the returned function is called. */
  every(ms: number, call: () => void): () => void {
    let event: Event;
    const turn = (): void => {
      event = this.after(ms, turn);
      call();
    };
    event = this.after(ms, turn);
    return () => this.cancel(event);
  }

  cancel(event: Event): void {
    this.agenda.cancel(event);
  }

  /** Time does not move on until the promise has settled. A rejection makes run() reject. */
  pendingJob<T>(job: Promise<T>): Promise<T> {
    this.jobs.add(job);
    job.then(
      () => this.jobs.delete(job),
      (error: unknown) => {
        this.jobs.delete(job);
        this.failure ??= { error };
      },
    );
    return job;
  }

  /** Code outside of the world has been called: let its promises settle before time moves on. */
  touch(): void {
    this.touched = true;
  }

  /** Time of the next event, Infinity if the agenda is empty. */
  get next(): number {
    return this.agenda.next();
  }

  /** Runs everything due within the next so many milliseconds; `now` is then exactly that much later. */
  async run(ms: number): Promise<void> {
    await this.runTo(this.now + ms);
  }

  /** Runs until the condition holds, looked at after every event; false when the time is over before. */
  async runUntil(condition: () => boolean, withinMs: number): Promise<boolean> {
    const end = this.now + withinMs;
    while (!condition()) {
      if (this.touched || this.jobs.size > 0 || this.failure !== undefined) {
        await this.settled();
        if (condition()) return true;
      }
      if (this.agenda.next() > end) {
        this.now = end;
        return condition();
      }
      this.stepNow();
    }
    return true;
  }

  /** Runs the next event, wherever it lies in time; false when there is none. */
  async step(): Promise<boolean> {
    await this.settled();
    if (this.agenda.next() === Infinity) return false;
    this.stepNow();
    await this.settled();
    return true;
  }

  async runTo(end: number): Promise<void> {
    if (this.running) throw new Error('world: run() while running');
    this.running = true;
    try {
      for (;;) {
        await this.settled();
        if (!this.burst(end)) break;
      }
      if (end > this.now) this.now = end;
    } finally {
      this.running = false;
    }
  }

  /** Moves the clock over empty time, never past the next event; for drivers of real time. */
  idleTo(time: number): void {
    const next = this.agenda.next();
    const to = time < next ? time : next;
    if (to > this.now) this.now = to;
  }

  trace(who: string, what: string, detail = ''): void {
    if (!this.traced) return;
    this.hash?.update(`${this.now} ${who} ${what} ${detail}\n`);
    this.onTrace?.(this.now, who, what, detail);
  }

  /** SHA-256 (hex) over all that was traced so far; empty when tracing is off. */
  traceHash(): string {
    return this.hash === undefined ? '' : this.hash.copy().digest('hex');
  }

  /** Runs events without a pause until the end, or until something outside has to settle: then true. */
  private burst(end: number): boolean {
    const agenda = this.agenda;
    for (;;) {
      const time = agenda.next();
      if (time > end) return false;
      this.now = time;
      this.events++;
      agenda.take()();
      if (this.touched || this.jobs.size > 0) return true;
    }
  }

  private stepNow(): void {
    this.now = this.agenda.next();
    this.events++;
    this.agenda.take()();
  }

  private async settled(): Promise<void> {
    while (this.touched || this.jobs.size > 0) {
      this.touched = false;
      if (this.jobs.size > 0) await Promise.allSettled(this.jobs);
      await this.settle();
    }
    if (this.failure !== undefined) {
      const { error } = this.failure;
      this.failure = undefined;
      throw error;
    }
  }
}

async function microtasks(): Promise<void> {
  for (let i = 0; i < 8; i++) await Promise.resolve();
}
