/**
 * What one replica of the desk does for all of them: follow the bridges, look what has expired, send reminders. Who holds the
 * place may lose it without knowing (its connection broke, it was stopped for a minute); so each taking begins a new term,
 * and what is done on duty proves in its own transaction that its term is still the one.
 */
import type { Clock } from '../common/clock';
import { Problem } from '../common/errors';
import type { Alone, SharedStore } from '../common/shared';
import type { Log } from '../common/log';
import { DESK } from './errors';
import type { Trx } from './history';
import type { Tables } from './tables';

const PLACE = 'duty';

export class Duty {
  private held: { place: Alone; term: number } | undefined;
  private taking: Promise<boolean> | undefined;
  private closed = false;
  /** Called when the place was lost. */
  onLost = (): void => undefined;

  constructor(private readonly store: SharedStore<Tables>, private readonly clock: Clock, private readonly log: Log) {}

  /** Whether this replica is on duty, as far as it knows. */
  get on(): boolean {
    return this.held?.place.lost === false;
  }

  /** Whether this replica is on duty, or is now; another takes the place within one round of its followers after it is free. */
  take(): Promise<boolean> {
    if (this.on) return Promise.resolve(true);
    // Followers of many bridges ask at once.
    this.taking ??= this.tryTo().finally(() => (this.taking = undefined));
    return this.taking;
  }

  private async tryTo(): Promise<boolean> {
    if (this.held) {
      this.log.warn('no longer on duty', { term: this.held.term });
      this.held = undefined;
      this.onLost();
    }
    if (this.closed) return false;
    const place = await this.store.alone(PLACE, this.clock);
    if (!place) return false;
    try {
      const term = await this.store.commit(async (trx) => {
        const last = await trx.selectFrom('duty').select('term').where('place', '=', PLACE).executeTakeFirst();
        const next = Number(last?.term ?? 0) + 1;
        if (last) await trx.updateTable('duty').set({ term: next }).where('place', '=', PLACE).execute();
        else await trx.insertInto('duty').values({ place: PLACE, term: next }).execute();
        return next;
      });
      this.held = { place, term };
      if (this.store.kind === 'postgres') this.log.info('on duty', { term });
      return true;
    } catch (error) {
      await place.release();
      throw error;
    }
  }

  /** Throws OFF_DUTY in a transaction of a replica whose term is over. */
  async check(trx: Trx): Promise<void> {
    const row = await trx.selectFrom('duty').select('term').where('place', '=', PLACE).executeTakeFirst();
    if (this.held && Number(row?.term ?? 0) === this.held.term) return;
    await this.held?.place.release();
    throw new Problem(DESK.OFF_DUTY);
  }

  /** Lets another have it. */
  async close(): Promise<void> {
    this.closed = true;
    await this.taking?.catch(() => undefined);
    await this.held?.place.release();
    this.held = undefined;
  }
}
