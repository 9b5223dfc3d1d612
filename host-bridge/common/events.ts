/**
 * A durable log of events with ids that only grow, from which any number of readers follow at their own pace. An event is
 * appended in the transaction that stores what it tells of, so none is lost between the two.
 */
import type { ColumnType, Kysely, Transaction } from 'kysely';
import type { Cancel, Clock } from './clock';
import type { Migration, Store } from './database';

export interface EventTable {
  id: number;
  /** Unix milliseconds. */
  at: ColumnType<number, number, never>;
  type: string;
  /** Whom it concerns, '' where nobody in particular. */
  device: string;
  /** JSON. */
  data: string;
}

/** A database with an event log has this table (migration EVENT_MIGRATION). */
export interface EventSchema {
  event: EventTable;
}

export const EVENT_MIGRATION: Migration = {
  name: '0001-events',
  up: [
    `CREATE TABLE event (
      id BIGINT PRIMARY KEY,
      at BIGINT NOT NULL,
      type TEXT NOT NULL,
      device TEXT NOT NULL,
      data TEXT NOT NULL)`,
  ],
};

export interface StoredEvent {
  id: number;
  at: number;
  type: string;
  device: string;
  data: Record<string, unknown>;
}

/** For whom events are kept beyond their number. */
export interface Hold<S> {
  /** Everybody who counts here has had the events up to this id; Infinity: there is nobody. */
  through(trx: Transaction<S>): Promise<number>;
  /** Whether the disk has room to keep more for them. */
  room(): boolean;
  /** So many that somebody has not had are gone. */
  gaveUp(events: number): void;
}

/** Events between two looks at what may go, and how many go at most at each: no transaction is long. */
const TIDY_EVERY = 1_024;
const TIDY_MOST = 4_096;
/** Held for somebody who is away: at most so many times the number that is kept anyway. */
const HELD = 10;

export class EventLog<S extends EventSchema> {
  private readonly readers = new Set<() => void>();

  /** Keeps at least the newest `keep` events, and more of them for those who still have to get them. */
  constructor(
    private readonly store: Store<S>,
    private readonly clock: Clock,
    private readonly keep: number,
    private readonly hold?: Hold<S>,
  ) {}

  /**
   * Appends in the caller's transaction; the caller calls `wake` when it has committed. Ids are counted here and not by
   * the database: where it draws them from a sequence, a higher id may be committed and read before a lower one. The
   * newest event is never deleted, so no id comes twice.
   */
  async append(trx: Transaction<S>, type: string, device: string, data: Record<string, unknown>): Promise<number> {
    const db = eventsOf(trx);
    const { newest } = await db.selectFrom('event').select(({ fn }) => fn.max('id').as('newest')).executeTakeFirstOrThrow();
    const id = Number(newest ?? 0) + 1;
    await db.insertInto('event').values({ id, at: this.clock.wall(), type, device, data: JSON.stringify(data) }).execute();
    if (id % TIDY_EVERY === 0) await this.tidy(trx, id);
    return id;
  }

  private async tidy(trx: Transaction<S>, newest: number): Promise<void> {
    const db = eventsOf(trx);
    const surplus = newest - this.keep;
    const had = (await this.hold?.through(trx)) ?? Infinity;
    const must = this.hold?.room() === true ? newest - this.keep * HELD : surplus;
    const { oldest } = await db.selectFrom('event').select(({ fn }) => fn.min('id').as('oldest')).executeTakeFirstOrThrow();
    const last = Math.min(surplus, Math.max(had, must), Number(oldest) + TIDY_MOST - 1);
    if (last < Number(oldest)) return;
    await db.deleteFrom('event').where('id', '<=', last).execute();
    const lost = last - Math.max(had, Number(oldest) - 1);
    if (lost > 0) this.hold?.gaveUp(lost);
  }

  /** Appends one event by itself and tells the readers. */
  async publish(type: string, device: string, data: Record<string, unknown>): Promise<void> {
    await this.store.commit((trx) => this.append(trx, type, device, data));
    this.wake();
  }

  /** Tells the readers that there may be more. */
  wake(): void {
    for (const reader of [...this.readers]) reader();
  }

  /** Calls when there may be more. */
  onMore(call: () => void): Cancel {
    const reader = (): void => call();
    this.readers.add(reader);
    return () => {
      this.readers.delete(reader);
    };
  }

  /** Events after an id, oldest first. Their ids have no gaps: where the first is not the next one, those between are gone. */
  async after(id: number, limit: number): Promise<StoredEvent[]> {
    const rows = await this.store.read((db) => eventsOf(db).selectFrom('event').selectAll().where('id', '>', id).orderBy('id').limit(limit).execute());
    return rows.map((row) => ({ ...row, id: Number(row.id), at: Number(row.at), data: JSON.parse(row.data) as Record<string, unknown> }));
  }

  /** What a reader has not had who has come to an id: how many, and since when (Unix milliseconds). */
  async behind(id: number): Promise<{ waiting: number; oldestAt: number | undefined }> {
    const [[first], { newest }] = [await this.after(id, 1), await this.bounds()];
    return { waiting: first === undefined ? 0 : newest - first.id + 1, oldestAt: first?.at };
  }

  /** Ids of the oldest and newest event kept; both 0 when there is none. */
  async bounds(): Promise<{ oldest: number; newest: number }> {
    const row = await this.store.read((db) =>
      eventsOf(db)
        .selectFrom('event')
        .select(({ fn }) => [fn.min('id').as('oldest'), fn.max('id').as('newest')])
        .executeTakeFirst(),
    );
    return { oldest: Number(row?.oldest ?? 0), newest: Number(row?.newest ?? 0) };
  }
}

/** Kysely's types are invariant in the schema; the event table is the same in all of them. */
function eventsOf<S extends EventSchema>(db: Kysely<S>): Kysely<EventSchema> {
  return db as unknown as Kysely<EventSchema>;
}
