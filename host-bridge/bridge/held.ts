/** For whom the bridge keeps events beyond their number: webhooks that are switched on, and the broker. */
import type { Transaction } from 'kysely';
import type { Hold } from '../common/events';
import type { Log } from '../common/log';
import { CURSOR } from './mqtt/publisher';
import type { BridgeSchema } from './tables';

/** Times the reserve that must be free for that: it ends well before anything else is refused. */
const PLENTY = 4;

export interface HeldOptions {
  /** Whether there is a broker at all. */
  mqtt: boolean;
  /** Bytes of disk that are free, and that are left free. */
  free(): number;
  reserve: number;
  log: Log;
}

export class Held implements Hold<BridgeSchema> {
  /** Events that went although somebody had not had them, since start. */
  lost = 0;
  private told = false;

  constructor(private readonly o: HeldOptions) {}

  async through(trx: Transaction<BridgeSchema>): Promise<number> {
    const { least } = await trx.selectFrom('webhook').select(({ fn }) => fn.min('through').as('least')).where('state', '=', 'on').executeTakeFirstOrThrow();
    const broker = this.o.mqtt ? await trx.selectFrom('meta').select('value').where('name', '=', CURSOR).executeTakeFirst() : undefined;
    return Math.min(least === null ? Infinity : Number(least), broker === undefined ? Infinity : Number(broker.value));
  }

  room(): boolean {
    return this.o.free() >= PLENTY * this.o.reserve;
  }

  gaveUp(events: number): void {
    this.lost += events;
    if (!this.told) this.o.log.error('events are gone that a webhook or the broker has not had', { events, why: this.room() ? 'too many' : 'the disk runs low' });
    this.told = true;
  }
}
