/** Invitations: a word that an administrator hands to a person, with which that person, once and within its time, gets in to set a passkey or a password. */
import { Problem } from '../../common/errors';
import type { Store } from '../../common/database';
import { digestOfToken, tokenOf } from '../../common/tokens';
import { DESK } from '../errors';
import { appendEntry } from '../register/register';
import { tell } from '../security/notices';
import type { Tables } from '../tables';
import { getPerson } from './people';
import type { Client, Opened, Sessions } from './sessions';
import { addressOf, type Throttle } from './throttle';

/** Hours. */
export const INVITATION = { usual: 72, most: 168 } as const;

export interface InvitationsOptions {
  store: Store<Tables>;
  sessions: Sessions;
  throttle: Throttle;
  /** Unix seconds. */
  seconds(): number;
  random(length: number): Buffer;
}

export class Invitations {
  constructor(private readonly o: InvitationsOptions) {}

  /** A new one, shown once; an earlier one of that person is worth nothing any more. */
  async make(person: number, hours: number, by: number): Promise<{ token: string; until: number }> {
    const { store, random } = this.o;
    const token = tokenOf(random(32));
    const created = this.o.seconds();
    const until = created + hours * 3600;
    await store.commit(async (trx) => {
      const { name } = await getPerson(trx, person);
      await trx.deleteFrom('invitation').where('person', '=', person).execute();
      await trx.insertInto('invitation').values({ sha256: digestOfToken(token), person, created, until, used: null }).execute();
      await appendEntry(trx, created, 'invitation', { person, until, by }, name);
      await tell(trx, person, 'invitation', created, by === person || by === 0 ? {} : { by });
    });
    return { token, until };
  }

  /** Takes it back. Returns whether there was one that could still be used. */
  async withdraw(person: number, by: number): Promise<boolean> {
    return this.o.store.commit(async (trx) => {
      const { name } = await getPerson(trx, person);
      const now = this.o.seconds();
      const { numDeletedRows } = await trx.deleteFrom('invitation').where('person', '=', person).where('used', 'is', null).where('until', '>', now).executeTakeFirst();
      if (Number(numDeletedRows) > 0) await appendEntry(trx, now, 'invitation-withdrawn', { person, by }, name);
      return Number(numDeletedRows) > 0;
    });
  }

  /** Opens a session that is good for setting the means to sign in. Throws INVITATION_OVER, TOO_MANY. */
  async accept(token: string, client: Client): Promise<Opened> {
    const { store, sessions, throttle } = this.o;
    const subjects = [addressOf(client.address)];
    await throttle.take(subjects);
    const opened = await store.commit(async (trx) => {
      const now = this.o.seconds();
      const row = await trx.selectFrom('invitation').select('person').where('sha256', '=', digestOfToken(token)).where('used', 'is', null).where('until', '>', now).executeTakeFirst();
      if (row === undefined) throw new Problem(DESK.INVITATION_OVER);
      await trx.updateTable('invitation').set({ used: now }).where('sha256', '=', digestOfToken(token)).execute();
      const person = Number(row.person);
      await appendEntry(trx, now, 'invitation-used', { person }, (await getPerson(trx, person)).name);
      await tell(trx, person, 'invitation-used', now, { agent: client.agent, address: client.address });
      return sessions.open(trx, person, 'invitation', client);
    });
    await throttle.forgive(subjects);
    return opened;
  }
}
