/**
 * What was called, by whom, with what result. A call that may have changed something stands here before it is answered;
 * one that only looked within a second, many in one transaction. The newest are kept, up to a number.
 */
import type { Generated, Kysely, Selectable } from 'kysely';
import type { Cancel, Clock } from './clock';
import type { Store } from './database';
import type { Log } from './log';

export interface AuditEntry {
  /** Name of the token, person or certificate; '' nobody was known. */
  who: string;
  /** token, person, certificate, or ''. */
  how: string;
  method: string;
  /** Without its query. */
  path: string;
  status: number;
  /** Code of the error, '' none. */
  code: string;
  /** IP address of the caller. */
  address: string;
}

export interface AuditTable extends AuditEntry {
  id: Generated<number>;
  /** Unix milliseconds. */
  at: number;
}

export interface AuditSchema {
  audit: AuditTable;
}

export const AUDIT_SQL = `CREATE TABLE audit (
  id INTEGER PRIMARY KEY AUTOINCREMENT, at BIGINT NOT NULL, who TEXT NOT NULL, how TEXT NOT NULL, method TEXT NOT NULL, path TEXT NOT NULL,
  status INTEGER NOT NULL, code TEXT NOT NULL, address TEXT NOT NULL)`;

/** Milliseconds that a look waits to be written, and looks that wait at most: further ones are only counted. */
const WAIT = 1_000;
const WAITING_MOST = 10_000;

export class Audit<S extends AuditSchema> {
  private waiting: (AuditEntry & { at: number })[] = [];
  private lost = 0;
  private closed = false;
  private timer: Cancel | undefined;
  private writing: Promise<void> = Promise.resolve();

  constructor(
    private readonly store: Store<S>,
    private readonly clock: Clock,
    private readonly log: Log,
    private readonly keep: number,
  ) {}

  /** Resolves when a change stands durably; looks are written later. Never rejects: what was done is done. */
  note(entry: AuditEntry, change: boolean): Promise<void> {
    // The program ends: what is broken off now has done nothing.
    if (this.closed) return Promise.resolve();
    if (this.waiting.length >= WAITING_MOST && !change) this.lost += 1;
    else this.waiting.push({ ...entry, at: this.clock.wall() });
    if (change) return this.flush();
    this.timer ??= this.clock.after(WAIT, () => void this.flush());
    return Promise.resolve();
  }

  /** Writes what waits. */
  flush(): Promise<void> {
    this.timer?.();
    this.timer = undefined;
    this.writing = this.writing.then(() => this.write());
    return this.writing;
  }

  private async write(): Promise<void> {
    const rows = this.waiting;
    if (rows.length === 0) return;
    this.waiting = [];
    try {
      await this.store.commit(async (trx) => {
        const db = auditOf(trx);
        for (let i = 0; i < rows.length; i += 100) await db.insertInto('audit').values(rows.slice(i, i + 100)).execute();
        const { newest } = await db.selectFrom('audit').select(({ fn }) => fn.max('id').as('newest')).executeTakeFirstOrThrow();
        await db.deleteFrom('audit').where('id', '<=', Number(newest) - this.keep).execute();
      });
      if (this.lost > 0) this.log.warn('calls not kept in the audit', { calls: this.lost });
      this.lost = 0;
    } catch (error) {
      // The disk is full, or gone: the log at least says that there were calls, and they are tried again with the next.
      this.log.error('audit not written', { calls: rows.length, why: reasonOf(error) });
      const room = Math.max(0, WAITING_MOST - this.waiting.length);
      this.lost += Math.max(0, rows.length - room);
      this.waiting = [...rows.slice(0, room), ...this.waiting];
    }
  }

  /** Entries after an id, oldest first. */
  after(id: number, limit: number): Promise<Selectable<AuditTable>[]> {
    return this.store.read((db) => auditOf(db).selectFrom('audit').selectAll().where('id', '>', id).orderBy('id').limit(limit).execute());
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.flush();
    this.timer?.();
  }
}

/** What the database itself said, where it did. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return cause instanceof Error ? cause.message : String(cause);
}

function auditOf<S extends AuditSchema>(db: Kysely<S>): Kysely<AuditSchema> {
  return db as unknown as Kysely<AuditSchema>;
}
