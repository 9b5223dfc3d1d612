/** What an office asks its unit, one question at a time. */
import type { Bytes } from '../../protocol';
import type { Event, World } from '../world/world';

export interface Job {
  name: string;
  type: number;
  body(): Bytes;
  /** Takes answers until it returns true. */
  take(type: number, body: Bytes): boolean;
  /** Hangs on the session in which it was thought of: forgotten with it. What is not is asked again in the next. */
  fleeting?: boolean;
}

/** Asks the unit once a session stands; what is asked is forgotten when the session goes. */
export type Ask = (type: number, body: () => Bytes, take: (type: number, body: Bytes) => boolean) => void;

const ANSWER_MS = 20_000;

export class Jobs {
  private queue: Job[] = [];
  private current: Job | undefined;
  private tag = 0;
  private asked: Event | undefined;

  constructor(private readonly world: World, private readonly ready: () => boolean, private readonly send: (type: number, tag: number, body: Bytes) => void) {}

  get empty(): boolean {
    return this.current === undefined && this.queue.length === 0;
  }

  /** One of this name waits. */
  waits(name: string): boolean {
    return this.queue.some((job) => job.name === name);
  }

  /** One of this name waits, or is under way. */
  has(name: string): boolean {
    return this.current?.name === name || this.waits(name);
  }

  add(job: Job, first = false): void {
    if (first) this.queue.unshift(job);
    else this.queue.push(job);
    this.go();
  }

  /** Asks what is next, where a session stands. */
  go(): void {
    if (!this.ready() || this.current !== undefined) return;
    const job = this.queue.shift();
    if (job === undefined) return;
    this.current = job;
    this.tag = (this.tag % 255) + 1;
    this.asked = this.world.after(ANSWER_MS, () => this.lost());
    this.send(job.type, this.tag, job.body());
  }

  answer(type: number, tag: number, body: Bytes): void {
    if (this.current === undefined || tag !== this.tag || !this.current.take(type, body)) return;
    this.end();
    this.go();
  }

  /** No answer came, or the session went: the same again, as soon as there is one. */
  lost(): void {
    const job = this.current;
    this.end();
    if (job !== undefined && job.fleeting !== true) this.queue.unshift(job);
    this.go();
  }

  /** The session is gone. */
  down(): void {
    this.queue = this.queue.filter((job) => job.fleeting !== true);
    this.lost();
  }

  private end(): void {
    if (this.asked !== undefined) this.world.cancel(this.asked);
    this.asked = undefined;
    this.current = undefined;
  }
}
