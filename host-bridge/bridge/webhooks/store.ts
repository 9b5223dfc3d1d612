/** Webhooks and what is on its way to them, durably. */
import type { Selectable } from 'kysely';
import type { Clock } from '../../common/clock';
import type { Store } from '../../common/database';
import { COMMON, Problem } from '../../common/errors';
import type { EventLog } from '../../common/events';
import { BRIDGE } from '../faults';
import type { BridgeSchema } from '../tables';
import { SECRET_BYTES } from './sign';
import type { Outcome } from './post';
import type { JobTable, WebhookTable } from './tables';

export type Webhook = Selectable<WebhookTable>;
export type Job = Selectable<JobTable>;

/** Webhooks of one bridge, and of one caller. */
const MOST = 100;
const EACH = 25;
/** Events that wait for one webhook; the rest stays in the log. */
const WAITING_MOST = 5_000;
const DEAL = 500;
/** Milliseconds that two secrets sign side by side after a change. */
const BOTH = 24 * 3_600_000;
/** A maker who calls often is not written down each time: milliseconds. */
const SEEN_EVERY = 3_600_000;

export interface Wanted {
  url: string;
  types: readonly string[];
  devices: readonly string[];
}

/** What the maker of a webhook may by now. */
export interface Standing {
  /** Their token has expired, may no more, or is gone: nothing is sent. */
  over: boolean;
  /** Devices that they are bounded to; null: none. */
  bounds: ReadonlySet<string> | null;
}

export interface Backlog {
  id: string;
  on: boolean;
  waiting: number;
  dead: number;
  /** Unix milliseconds of the oldest event that waits. */
  oldestAt: number | undefined;
}

export class WebhookStore {
  constructor(
    private readonly store: Store<BridgeSchema>,
    private readonly events: EventLog<BridgeSchema>,
    private readonly clock: Clock,
    private readonly random: (length: number) => Buffer,
    /** Of who was last seen at Unix milliseconds. */
    private readonly standing: (owner: string, seen: number) => Standing,
  ) {}

  all(): Promise<Webhook[]> {
    return this.store.read((db) => db.selectFrom('webhook').selectAll().orderBy('created').orderBy('id').execute());
  }

  /** Whether nothing is sent because of its maker; what happens meanwhile waits. */
  paused({ owner, seen }: Pick<Webhook, 'owner' | 'seen'>): boolean {
    return this.standing(owner, seen).over;
  }

  /** Their maker is still there. Returns whether that let paused ones go on. */
  async met(owner: string): Promise<boolean> {
    const old = (await this.all()).filter((webhook) => webhook.owner === owner && Math.abs(this.clock.wall() - webhook.seen) >= SEEN_EVERY);
    if (old.length === 0) return false;
    await this.store.commit((trx) => trx.updateTable('webhook').set({ seen: this.clock.wall() }).where('owner', '=', owner).execute());
    return old.some((webhook) => this.paused(webhook));
  }

  /** Throws NOT_FOUND. */
  async one(id: string): Promise<Webhook> {
    const row = await this.store.read((db) => db.selectFrom('webhook').selectAll().where('id', '=', id).executeTakeFirst());
    if (row === undefined) throw new Problem(COMMON.NOT_FOUND, id);
    return row;
  }

  /** It hears of what happens from now on. Throws WEBHOOKS_FULL. */
  async make(wanted: Wanted, owner: string, secret: Buffer | undefined): Promise<Webhook> {
    const { newest } = await this.events.bounds();
    const row = {
      id: `wh_${this.random(12).toString('hex')}`, url: wanted.url, secret: secret ?? this.random(SECRET_BYTES), secret_before: null, before_until: 0, types: JSON.stringify(wanted.types), devices: JSON.stringify(wanted.devices),
      state: 'on' as const, through: newest, created: this.clock.wall(), owner, seen: this.clock.wall(), last_at: 0, last_status: 0, last_why: '',
    };
    return this.store.commit(async (trx) => {
      const count = async (of: string | undefined): Promise<number> => {
        const all = trx.selectFrom('webhook').select(({ fn }) => fn.countAll().as('n'));
        return Number((await (of === undefined ? all : all.where('owner', '=', of)).executeTakeFirstOrThrow()).n);
      };
      if ((await count(owner)) >= EACH) throw new Problem(BRIDGE.WEBHOOKS_FULL, `${EACH} of one caller`);
      if ((await count(undefined)) >= MOST) throw new Problem(BRIDGE.WEBHOOKS_FULL, String(MOST));
      return trx.insertInto('webhook').values(row).returningAll().executeTakeFirstOrThrow();
    });
  }

  /** Changes what is given. One that is switched on again goes on where it stood. */
  async change(id: string, set: Partial<Wanted> & { state?: 'on' | 'off' }): Promise<Webhook> {
    const { types, devices, ...plain } = set;
    const values = { ...plain, ...(types === undefined ? {} : { types: JSON.stringify(types) }), ...(devices === undefined ? {} : { devices: JSON.stringify(devices) }) };
    if (Object.keys(values).length > 0) await this.store.commit((trx) => trx.updateTable('webhook').set(values).where('id', '=', id).execute());
    return this.one(id);
  }

  /** A new secret; the old one signs beside it for a day. */
  async renew(id: string): Promise<Webhook> {
    const { secret } = await this.one(id);
    await this.store.commit((trx) => trx.updateTable('webhook').set({ secret: this.random(SECRET_BYTES), secret_before: Buffer.from(secret), before_until: this.clock.wall() + BOTH }).where('id', '=', id).execute());
    return this.one(id);
  }

  async remove(id: string): Promise<void> {
    await this.one(id);
    await this.store.commit(async (trx) => {
      await trx.deleteFrom('webhook_job').where('webhook', '=', id).execute();
      await trx.deleteFrom('webhook').where('id', '=', id).execute();
    });
  }

  /** Puts the events behind `through` in the webhook's queue, as far as there is room. Returns whether there may be more. */
  async deal(webhook: Webhook): Promise<boolean> {
    const { newest } = await this.events.bounds();
    if (newest <= webhook.through) return false;
    const { waiting } = await this.counts(webhook.id);
    const room = Math.min(DEAL, WAITING_MOST - waiting);
    if (room <= 0) return false;
    const page = await this.events.after(webhook.through, room);
    const last = page.at(-1);
    if (last === undefined) return false;
    const types = JSON.parse(webhook.types) as string[];
    const devices = JSON.parse(webhook.devices) as string[];
    const { bounds } = this.standing(webhook.owner, webhook.seen);
    const wanted = page.filter((event) => (bounds === null || bounds.has(event.device)) && (types.length === 0 || types.includes(event.type)) && (devices.length === 0 || devices.includes(event.device)));
    const base = { webhook: webhook.id, tries: 0, due: 0, dead: 0, status: 0, why: '' };
    const jobs: Job[] = wanted.map(({ id, device, type, at, data }) => ({ ...base, event: id, device, type, at, data: JSON.stringify(data) }));
    // Whoever was away for longer than events are kept is told so, in the place of what is gone.
    const oldest = page[0]?.id ?? 0;
    if (oldest > webhook.through + 1) jobs.unshift({ ...base, event: webhook.through + 1, device: '', type: 'reset', at: this.clock.wall(), data: JSON.stringify({ oldest }) });
    const there = await this.store.commit(async (trx) => {
      const moved = await trx.updateTable('webhook').set({ through: last.id }).where('id', '=', webhook.id).executeTakeFirst();
      if (moved.numUpdatedRows === 0n) return false; // removed in the meantime
      if (jobs.length > 0) await trx.insertInto('webhook_job').values(jobs).onConflict((c) => c.doNothing()).execute();
      return true;
    });
    if (!there) return false;
    webhook.through = last.id;
    return page.length === room;
  }

  /** The oldest that waits for each device. */
  heads(webhook: string, limit: number): Promise<Job[]> {
    return this.store.read((db) =>
      db
        .selectFrom('webhook_job')
        .selectAll()
        .where('webhook', '=', webhook)
        .where('dead', '=', 0)
        .where('event', 'in', (sub) => sub.selectFrom('webhook_job as j').select(({ fn }) => fn.min('j.event').as('first')).where('j.webhook', '=', webhook).where('j.dead', '=', 0).groupBy('j.device'))
        .orderBy('due')
        .orderBy('event')
        .limit(limit)
        .execute(),
    );
  }

  /** It has arrived. */
  async delivered(job: Job, outcome: Outcome): Promise<void> {
    await this.store.commit(async (trx) => {
      await trx.deleteFrom('webhook_job').where('webhook', '=', job.webhook).where('event', '=', job.event).execute();
      await trx.updateTable('webhook').set(this.last(outcome)).where('id', '=', job.webhook).execute();
    });
  }

  /** It was refused, or nobody was there. @param set what becomes of it; undefined: it waits as before */
  async failed(job: Job, outcome: Outcome, set: { tries: number; due: number; dead: number } | undefined, off: boolean): Promise<void> {
    await this.store.commit(async (trx) => {
      if (set !== undefined) await trx.updateTable('webhook_job').set({ ...set, status: outcome.status, why: outcome.why }).where('webhook', '=', job.webhook).where('event', '=', job.event).execute();
      await trx.updateTable('webhook').set({ ...this.last(outcome), ...(off ? { state: 'off' as const } : {}) }).where('id', '=', job.webhook).execute();
    });
  }

  private last(outcome: Outcome): { last_at: number; last_status: number; last_why: string } {
    return { last_at: this.clock.wall(), last_status: outcome.status, last_why: outcome.why };
  }

  counts(webhook: string): Promise<{ waiting: number; dead: number }> {
    return this.store.read(async (db) => {
      const count = async (dead: '=' | '>'): Promise<number> => Number((await db.selectFrom('webhook_job').select(({ fn }) => fn.countAll().as('n')).where('webhook', '=', webhook).where('dead', dead, 0).executeTakeFirstOrThrow()).n);
      return { waiting: await count('='), dead: await count('>') };
    });
  }

  /** What each webhook has still to get, whether it is in its queue yet or not. */
  async backlogs(): Promise<Backlog[]> {
    const out: Backlog[] = [];
    for (const { id, state, through, owner, seen } of await this.all()) {
      const { waiting, dead } = await this.counts(id);
      const rest = await this.events.behind(through);
      const head = await this.store.read((db) => db.selectFrom('webhook_job').select('at').where('webhook', '=', id).where('dead', '=', 0).orderBy('event').limit(1).executeTakeFirst());
      out.push({ id, on: state === 'on' && !this.paused({ owner, seen }), waiting: waiting + rest.waiting, dead, oldestAt: head?.at ?? rest.oldestAt });
    }
    return out;
  }

  /** Given up, oldest event first. */
  dead(webhook: string, after: number, limit: number): Promise<Job[]> {
    return this.store.read((db) => db.selectFrom('webhook_job').selectAll().where('webhook', '=', webhook).where('dead', '>', 0).where('event', '>', after).orderBy('event').limit(limit).execute());
  }

  /** Sends given-up ones again, all or one. Returns how many. */
  async resend(webhook: string, event: number | undefined): Promise<number> {
    const done = await this.store.commit((trx) => {
      const query = trx.updateTable('webhook_job').set({ dead: 0, tries: 0, due: 0 }).where('webhook', '=', webhook).where('dead', '>', 0);
      return (event === undefined ? query : query.where('event', '=', event)).executeTakeFirst();
    });
    return Number(done.numUpdatedRows);
  }

  async drop(webhook: string, event: number): Promise<boolean> {
    const done = await this.store.commit((trx) => trx.deleteFrom('webhook_job').where('webhook', '=', webhook).where('event', '=', event).where('dead', '>', 0).executeTakeFirst());
    return Number(done.numDeletedRows) > 0;
  }
}
