/**
 * Sends what waits: for each webhook in the order of each device, several devices side by side. A receiver that is away
 * (no connection, 429, 502, 503, 504) loses nothing however long it is: it is looked for again with growing pauses. One that
 * answers no to a message is asked again with growing pauses as well, a number of times; then that message is put aside as a
 * dead letter, and those behind it go on.
 */
import type { Cancel, Clock, Random } from '../../common/clock';
import { COMMON, Problem } from '../../common/errors';
import type { EventLog } from '../../common/events';
import type { Log } from '../../common/log';
import type { BridgeSchema } from '../tables';
import type { Outcome, Post } from './post';
import { signedHeaders } from './sign';
import type { Job, Webhook, WebhookStore } from './store';

/** Milliseconds before the first repetition, growth, and the longest pause. */
const FIRST = 1_000;
const GROWTH = 3;
const LONGEST = 3_600_000;
/** Noes before a message is put aside: some 17 hours. */
export const TRIES = 24;
/** Messages of one webhook under way at once, each of another device. */
const SIDE_BY_SIDE = 8;
/** Messages by which webhooks are tried, under way at once. */
const PROBES = 8;
/** Milliseconds before the store is asked again after it failed. */
const STORE_AGAIN = 5_000;

interface Lane {
  /** Devices with a message under way. */
  busy: Set<string>;
  /** Failures to reach it in a row, and when it is looked for again (clock.now). */
  away: number;
  until: number;
}

/** What came of messages since start. */
export interface Tally {
  delivered: number;
  /** Tries that the receiver answered with no, and where it was not there. */
  refused: number;
  unreachable: number;
  /** Put aside. */
  dead: number;
}

export class Sender {
  private probing = 0;
  private readonly tallies = new Map<string, Tally>();
  private readonly lanes = new Map<string, Lane>();
  private readonly running = new Set<Promise<void>>();
  private timer: Cancel | undefined;
  private stopping = false;
  private looking: Promise<void> | undefined;
  private more = false;
  private unlisten: Cancel = () => undefined;

  constructor(
    private readonly store: WebhookStore,
    private readonly events: EventLog<BridgeSchema>,
    private readonly post: Post,
    private readonly clock: Clock,
    private readonly random: Random,
    private readonly log: Log,
  ) {}

  start(): void {
    this.unlisten = this.events.onMore(() => this.wake());
    this.wake();
  }

  /** There may be something to do. */
  wake(): void {
    this.more = true;
    if (this.stopping || this.looking !== undefined) return;
    this.looking = this.look().finally(() => {
      this.looking = undefined;
      if (this.more) this.wake();
    });
  }

  /** Ends; what is under way is waited for, what waits stays. */
  async stop(): Promise<void> {
    this.stopping = true;
    this.more = false;
    this.unlisten();
    this.timer?.();
    await this.looking;
    await Promise.all(this.running);
  }

  /** Sends one message now, outside of any order. Throws TOO_MANY while several such are under way. */
  async probe(webhook: Webhook): Promise<Outcome> {
    if (this.probing >= PROBES) throw new Problem(COMMON.TOO_MANY, { retryAfter: 10 });
    this.probing += 1;
    const at = this.clock.wall();
    const done = this.attempt(webhook, { webhook: webhook.id, event: 0, device: '', type: 'ping', at, data: '{}', tries: 0, due: 0, dead: 0, status: 0, why: '' }, `${webhook.id}.ping.${at}`);
    return done.finally(() => (this.probing -= 1));
  }

  tally(id: string): Tally {
    const known = this.tallies.get(id) ?? { delivered: 0, refused: 0, unreachable: 0, dead: 0 };
    this.tallies.set(id, known);
    return known;
  }

  /** A webhook is no more. */
  forget(id: string): void {
    this.tallies.delete(id);
  }

  /** A webhook was changed: it is looked for at once. */
  fresh(id: string): void {
    const lane = this.lanes.get(id);
    // What is under way stays under way: begun a second time, it could overtake itself.
    if (lane !== undefined) Object.assign(lane, { away: 0, until: 0 });
    this.wake();
  }

  private async look(): Promise<void> {
    this.timer?.();
    this.timer = undefined;
    this.more = false;
    let next = Infinity;
    try {
      for (const webhook of await this.store.all()) {
        if (webhook.state !== 'on' || this.stopping || this.store.paused(webhook)) continue;
        const more = await this.store.deal(webhook);
        next = Math.min(next, await this.begin(webhook));
        if (more) this.more = true;
      }
    } catch (error) {
      this.log.error('webhooks not looked at', { code: error instanceof Problem ? error.code : 'INTERNAL', why: error instanceof Error ? error.message : String(error) });
      next = STORE_AGAIN;
    }
    if (!this.stopping && next < Infinity) this.timer = this.clock.after(next, () => this.wake());
  }

  /** Begins what can be begun. Returns the milliseconds until the next can. */
  private async begin(webhook: Webhook): Promise<number> {
    const lane = this.lanes.get(webhook.id) ?? { busy: new Set<string>(), away: 0, until: 0 };
    this.lanes.set(webhook.id, lane);
    const wait = lane.until - this.clock.now();
    if (wait > 0) return wait;
    // Whoever was away is asked with one message first.
    const places = (lane.away > 0 ? 1 : SIDE_BY_SIDE) - lane.busy.size;
    if (places <= 0) return Infinity;
    const now = this.clock.wall();
    const heads = (await this.store.heads(webhook.id, SIDE_BY_SIDE * 2)).filter((job) => !lane.busy.has(job.device));
    // No pause is longer: what is due later than that was put off by a clock that has been set back since.
    const waits = ({ due }: Job): boolean => due > now && due - now <= LONGEST;
    const ready = heads.filter((job) => !waits(job)).slice(0, places);
    for (const job of ready) {
      lane.busy.add(job.device);
      const run = this.send(webhook, job, lane).finally(() => {
        lane.busy.delete(job.device);
        this.running.delete(run);
        this.wake();
      });
      this.running.add(run);
    }
    return Math.max(0, Math.min(...heads.filter(waits).map(({ due }) => due - now), Infinity));
  }

  private async send(webhook: Webhook, job: Job, lane: Lane): Promise<void> {
    const outcome = await this.attempt(webhook, job, `${webhook.id}.${job.event}`);
    const tally = this.tally(webhook.id);
    try {
      if (outcome.why === '') {
        tally.delivered += 1;
        lane.away = 0;
        await this.store.delivered(job, outcome);
        return;
      }
      if (isAway(outcome)) {
        tally.unreachable += 1;
        // Several that were under way together are one failure.
        if (this.clock.now() >= lane.until) {
          lane.until = this.clock.now() + this.pause(lane.away, outcome.retryAfter);
          lane.away += 1;
        }
        await this.store.failed(job, outcome, undefined, false);
        return;
      }
      lane.away = 0;
      const tries = job.tries + 1;
      const gone = outcome.status === 410;
      const dead = tries >= TRIES;
      tally.refused += 1;
      if (dead) tally.dead += 1;
      await this.store.failed(job, outcome, { tries, due: this.clock.wall() + this.pause(job.tries, outcome.retryAfter), dead: dead ? this.clock.wall() : 0 }, gone);
      if (dead || gone) this.log.warn('webhook message put aside', { webhook: webhook.id, event: job.event, status: outcome.status, why: outcome.why });
    } catch (error) {
      // It arrived and could not be noted, or the other way round: it is sent again, under the same id.
      lane.until = this.clock.now() + STORE_AGAIN;
      this.log.error('webhook not noted', { webhook: webhook.id, code: error instanceof Problem ? error.code : 'INTERNAL' });
    }
  }

  private attempt(webhook: Webhook, job: Job, id: string): Promise<Outcome> {
    const body = bodyOf(job);
    const now = this.clock.wall();
    const secrets = [Buffer.from(webhook.secret), ...(webhook.secret_before !== null && now < webhook.before_until ? [Buffer.from(webhook.secret_before)] : [])];
    return this.post(webhook.url, signedHeaders(id, Math.floor(now / 1000), body, secrets), body);
  }

  /** Growing, and none like another's, so that not all come back at once. */
  private pause(failures: number, retryAfter: number | undefined): number {
    const grown = Math.min(LONGEST, FIRST * GROWTH ** failures);
    return Math.round(Math.min(LONGEST, Math.max(grown * (0.75 + this.random() / 2), (retryAfter ?? 0) * 1000)));
  }
}

/** What is sent. */
export function bodyOf(job: Pick<Job, 'event' | 'type' | 'device' | 'at' | 'data'>): string {
  const { event, type, device, at, data } = job;
  return JSON.stringify({ id: event, type, timestamp: new Date(at).toISOString(), device, data: JSON.parse(data) as unknown });
}

function isAway({ status, why }: Outcome): boolean {
  return why === 'UNREACHABLE' || status === 429 || status === 502 || status === 503 || status === 504;
}
