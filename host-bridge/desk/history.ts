/** What every room shares: the store, the time, and one way to do something and have it stand in the register and the event stream. */
import type { SharedStore } from '../common/shared';
import type { EventLog } from '../common/events';
import type { Transaction } from 'kysely';
import type { Cbor } from './cbor';
import { appendEntry } from './register/register';
import type { Tables } from './tables';

export type Trx = Transaction<Tables>;

export interface Event {
  type: 'application' | 'permit' | 'record' | 'photo' | 'impression' | 'sheet' | 'sheets.due' | 'case' | 'statement' | 'ceremony' | 'seal' | 'restored' | 'approval.reminded' | 'approval.escalated' | 'paper.owed' | 'paper.due' | 'paper.overdue' | 'paper.reported' | 'outside' | 'message' | 'lease' | 'update';
  device: string;
  data: Record<string, unknown>;
}

export interface HistoryOptions {
  store: SharedStore<Tables>;
  events: EventLog<Tables>;
  /** Unix seconds. */
  seconds(): number;
  random(length: number): Buffer;
  /** Called first in every transaction; throws where this process may not do what it is about to. */
  guard?(trx: Trx): Promise<void>;
}

export class History {
  readonly store: SharedStore<Tables>;
  constructor(private readonly o: HistoryOptions) {
    this.store = o.store;
  }

  seconds(): number {
    return this.o.seconds();
  }

  /** A new identity of so many bytes, in hexadecimal. */
  newId(bytes: number): string {
    return this.o.random(bytes).toString('hex');
  }

  /** A transaction; when it is durable the readers of the event stream are woken. */
  async commit<T>(work: (trx: Trx) => Promise<T>): Promise<T> {
    const { guard } = this.o;
    const result = await this.store.commit(async (trx) => {
      await guard?.(trx);
      return work(trx);
    });
    this.o.events.wake();
    return result;
  }

  /** Writes into the register, and into the event stream where an event is given. Returns the entry's number. */
  async note(trx: Trx, kind: string, data: Record<string, Cbor | undefined>, search = '', event?: Event): Promise<number> {
    const number = await appendEntry(trx, this.seconds(), kind, data, search);
    if (event) await this.o.events.append(trx, event.type, event.device, { ...event.data, entry: number });
    return number;
  }
}
