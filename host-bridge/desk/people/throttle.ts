/**
 * Failed sign-ins are counted by account at an address, by account, and by address, in the database, so that neither a restart nor another
 * replica forgets. An attempt counts before it is looked at: many at once gain nothing. Whose account does not exist is counted as any other.
 * Who knows a login could keep its person out by failing on purpose: so a browser that has signed in as them before is counted by itself
 * (OWASP, "Slow Down Online Guessing Attacks with Device Cookies"), and of all others only very many failures count together.
 */
import { createHash } from 'node:crypto';
import ipaddr from 'ipaddr.js';
import { COMMON, Problem } from '../../common/errors';
import type { Store } from '../../common/database';
import { digestOfToken } from '../../common/tokens';
import type { Db, Tables } from '../tables';

/** Failures before one has to wait: of an account at one address, of a browser known to the account, of an account from anywhere, of an address. */
export const FREE = { account: 5, browser: 5, login: 100, address: 30 } as const;
/** Seconds of the first wait; each further failure doubles it, up to the longest. */
export const WAIT = { first: 30, longest: 3600 } as const;
/** Seconds without a failure after which all is forgotten. */
export const FORGOTTEN = 86_400;

export type Subject = { kind: keyof typeof FREE; text: string };

/** @param where address, or another word for where it is tried */
export const accountOf = (login: string, where: string): Subject => ({ kind: 'account', text: JSON.stringify([login, where]) });
export const loginOf = (login: string): Subject => ({ kind: 'login', text: login });
/** @param browser digest of what the browser is known by */
export const browserOf = (login: string, browser: string): Subject => ({ kind: 'browser', text: JSON.stringify([login, browser]) });

/** Digest of what a browser is known by, where this person has signed in by it before: then it is counted by itself alone, whoever else fails at its address. */
export async function knownBrowser(db: Db, browser: string | undefined, whose: { person: number } | { login: string }): Promise<string | undefined> {
  if (browser === undefined) return undefined;
  const known = db.selectFrom('known_browser').innerJoin('person', 'person.id', 'known_browser.person').select('known_browser.sha256').where('known_browser.sha256', '=', digestOfToken(browser));
  return (await ('person' in whose ? known.where('person.id', '=', whose.person) : known.where('person.login', '=', whose.login)).executeTakeFirst())?.sha256;
}

/** An address; of IPv6 the network of 64 bits, of which one customer has all. */
export function addressOf(ip: string): Subject {
  let text = ip;
  if (ipaddr.isValid(ip)) {
    const address = ipaddr.process(ip);
    text = address.kind() === 'ipv6' ? address.toByteArray().slice(0, 8).join('.') : address.toString();
  }
  return { kind: 'address', text };
}

const nameOf = ({ kind, text }: Subject): string => `${kind} ${createHash('sha256').update(text, 'utf8').digest('hex')}`;

export class Throttle {
  /** @param seconds Unix seconds */
  constructor(private readonly store: Store<Tables>, private readonly seconds: () => number) {}

  /** Counts an attempt as failed. Returns how many have failed with it, of each subject. Throws TOO_MANY while one of the subjects has to wait; then nothing is counted. */
  async take(subjects: readonly Subject[]): Promise<number[]> {
    const now = this.seconds();
    return this.store.commit(async (trx) => {
      const counts: number[] = [];
      await trx.deleteFrom('throttle').where('last', '<', now - FORGOTTEN).execute();
      const known = [];
      for (const subject of subjects) known.push(await trx.selectFrom('throttle').selectAll().where('subject', '=', nameOf(subject)).executeTakeFirst());
      const wait = Math.max(0, ...known.map((row) => Number(row?.until ?? 0) - now));
      if (wait > 0) throw new Problem(COMMON.TOO_MANY, { retryAfter: wait });
      for (const [i, subject] of subjects.entries()) {
        const failures = Number(known[i]?.failures ?? 0) + 1;
        counts.push(failures);
        const over = failures - FREE[subject.kind];
        const until = over < 0 ? 0 : now + Math.min(WAIT.first * 2 ** Math.min(over, 20), WAIT.longest);
        const values = { failures, last: now, until };
        if (known[i]) await trx.updateTable('throttle').set(values).where('subject', '=', nameOf(subject)).execute();
        else await trx.insertInto('throttle').values({ subject: nameOf(subject), ...values }).execute();
      }
      return counts;
    });
  }

  /** It did not fail after all: the account begins anew there, address and account elsewhere have this one back. (Who has an account here must not guess at others' for ever, nor others at theirs.) */
  async forgive(subjects: readonly Subject[]): Promise<void> {
    await this.store.commit(async (trx) => {
      for (const subject of subjects) {
        const where = nameOf(subject);
        if (subject.kind === 'account' || subject.kind === 'browser') await trx.deleteFrom('throttle').where('subject', '=', where).execute();
        else await trx.updateTable('throttle').set((eb) => ({ failures: eb('failures', '-', 1), until: 0 })).where('subject', '=', where).where('failures', '>', 0).execute();
      }
    });
  }
}
