/** Looks at the start, and once a day, whether the tables still hold what the register says; what they do not is a case for a person. */
import type { Clock } from '../../common/clock';
import { Problem } from '../../common/errors';
import type { Log } from '../../common/log';
import { DESK } from '../errors';
import type { Duty } from '../duty';
import { NO_UNIT, openCase } from '../follow/cases';
import type { History } from '../history';
import type { Store } from '../../common/database';
import type { Mark } from '../register/mark';
import type { Tables } from '../tables';
import { auditDesk, type AuditSources, type Difference } from './audit';

/** Milliseconds between two looks. */
export const EVERY_MS = 86_400_000;

export interface AuditorOptions extends AuditSources {
  history: History;
  clock: Clock;
  duty: Duty;
  mark: Mark;
  log: Log;
  /** A connection of its own to the database, so that nobody waits while it looks; absent: the desk's. */
  aside?: (() => Store<Tables>) | undefined;
}

export class Auditor {
  private due = -Infinity;
  private closed = false;
  private looking: Promise<unknown> = Promise.resolve();

  constructor(private readonly o: AuditorOptions) {}

  /** One look, if it is time for it and this replica is on duty. */
  async tick(): Promise<void> {
    const now = this.o.clock.now();
    if (this.closed || now < this.due || !(await this.o.duty.take()) || this.closed) return;
    this.due = now + EVERY_MS;
    const looking = this.look();
    this.looking = looking.catch(() => undefined);
    await looking;
  }

  /** Ends a look that is under way, and begins none. */
  async stop(): Promise<void> {
    this.closed = true;
    await this.looking;
  }

  /** Looks now; opens a case for each difference that is new. Returns all of them. */
  async look(): Promise<Difference[]> {
    const { history, mark, log, aside } = this.o;
    // Read before the moment that is looked at: meanwhile the register goes on, and the file with it.
    const kept = mark.read();
    const own = aside?.();
    const found = await (own ?? history.store).snapshot(async (db): Promise<Difference[]> => {
      try {
        if (kept) await mark.check(db, kept);
        return await auditDesk(db, { ...this.o, stopped: () => this.closed });
      } catch (error) {
        if (!(error instanceof Problem) || (error.code !== DESK.REGISTER_DAMAGED.code && error.code !== DESK.REGISTER_BEHIND.code)) throw error;
        return [{ table: 'entry', key: `${error.code} ${String(error.detail ?? '')}`.slice(0, 200), what: 'changed' }];
      }
    }).finally(() => own?.close());
    if (found.length > 0) log.error('the database is not what the register says', { differences: found.length, first: `${found[0]!.table} ${found[0]!.key}` });
    for (const { table, key, what, columns } of found) {
      const [device] = /^[0-9a-f]{16}(?= |$)/.exec(key) ?? [NO_UNIT];
      await history.commit((trx) => openCase(trx, history, ['record', 'photo', 'stroke', 'chain', 'device', 'enrolment'].includes(table) ? device : NO_UNIT, 'register-differs', null, { table, key, what, columns: (columns ?? []).join(' ') }));
    }
    return found;
  }
}
