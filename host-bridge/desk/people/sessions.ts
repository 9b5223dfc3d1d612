/**
 * Sessions of browsers. The token in the cookie is 32 random bytes, of which only the digest stands here. A session ends when nothing
 * was done for a while, in any case after its whole life, when its person ends it or an administrator does, and when its person has no role left.
 */
import { COMMON, Problem } from '../../common/errors';
import { digestOfToken, tokenOf, type Principal } from '../../common/tokens';
import { DESK } from '../errors';
import type { Trx } from '../history';
import { appendEntry } from '../register/register';
import type { Db } from '../tables';
import type { Store } from '../../common/database';
import type { Tables } from '../tables';
import { getPerson } from './people';
import { operationsOf } from './roles';
import { tell } from '../security/notices';

/** Seconds. */
export const INVITED_LIFE = 1800;
/** Seconds after a sign-in within which the means to sign in may be changed. */
export const FRESH = 900;
/** Sessions that one person may have open; the oldest ends first. */
const MOST = 20;
/** Seconds between notes that a session was used. */
const NOTED = 60;
/** Seconds that an ended session stays to be looked at. */
const KEPT = 30 * 86_400;
/** Browsers of one person that are known again; who was away longest is forgotten first. */
const BROWSERS = 20;

export const sessionKinds = ['passkey', 'password', 'company', 'invitation'] as const;
export type SessionKind = (typeof sessionKinds)[number];

/** Where a session is begun from: as its person will recognise it. */
export interface Client {
  agent: string;
  address: string;
  /** What the browser keeps to be known again. */
  browser?: string | undefined;
  /** Whose account it was, where a sign-in failed that is somebody's. For the security log, never for the answer. */
  account?: number;
}

export interface Opened {
  token: string;
  person: number;
  /** Seconds from now that it lives at most. */
  life: number;
  /** For a browser that was not known: by what it is from now on. */
  browser?: string | undefined;
}

export interface Session {
  id: string;
  how: string;
  created: number;
  seen: number;
  until: number;
  agent: string;
  address: string;
}

export interface SessionsOptions {
  store: Store<Tables>;
  /** Unix seconds. */
  seconds(): number;
  random(length: number): Buffer;
  /** Seconds without a request, and seconds at all, after which a session is over. */
  idle: number;
  life: number;
}

export class Sessions {
  constructor(private readonly o: SessionsOptions) {}

  /** Begins a session. Throws SIGN_IN_FAILED for a person without any role. */
  async open(trx: Trx, person: number, how: SessionKind, client: Client): Promise<Opened> {
    if ((await getPerson(trx, person)).roles.length === 0) throw new Problem(DESK.SIGN_IN_FAILED);
    const now = this.o.seconds();
    const token = tokenOf(this.o.random(32));
    const life = how === 'invitation' ? Math.min(INVITED_LIFE, this.o.life) : this.o.life;
    await trx.deleteFrom('session').where('person', '=', person).where('until', '<', now - KEPT).execute();
    const before = await this.list(trx, person);
    for (const { id } of before.slice(MOST - 1)) await trx.updateTable('session').set({ ended: now }).where('id', '=', id).execute();
    await trx
      .insertInto('session')
      .values({ sha256: digestOfToken(token), id: this.o.random(8).toString('hex'), person, how, created: now, seen: now, until: now + life, agent: client.agent.slice(0, 200), address: client.address.slice(0, 100), ended: null })
      .execute();
    return { token, person, life, browser: how === 'invitation' ? undefined : await this.meet(trx, person, client) };
  }

  /** Whether the person has signed in by this browser before; they are told of one that is new, but for their first. Returns by what a new one is known from now on. */
  private async meet(trx: Trx, person: number, { browser, agent, address }: Client): Promise<string | undefined> {
    const now = this.o.seconds();
    const known = browser === undefined ? undefined : digestOfToken(browser);
    if (known !== undefined) {
      const { numUpdatedRows } = await trx.updateTable('known_browser').set({ seen: now }).where('person', '=', person).where('sha256', '=', known).executeTakeFirst();
      if (Number(numUpdatedRows) > 0) return undefined;
    }
    const others = await trx.selectFrom('known_browser').select('sha256').where('person', '=', person).orderBy('seen', 'desc').orderBy('sha256').execute();
    for (const { sha256 } of others.slice(BROWSERS - 1)) await trx.deleteFrom('known_browser').where('person', '=', person).where('sha256', '=', sha256).execute();
    // A browser that others here use has a name already, which stays: else it would be new to each of them again and again.
    const shared = known !== undefined && (await trx.selectFrom('known_browser').select('sha256').where('sha256', '=', known).executeTakeFirst()) !== undefined;
    const made = shared ? undefined : tokenOf(this.o.random(32));
    await trx.insertInto('known_browser').values({ sha256: made === undefined ? (known as string) : digestOfToken(made), person, created: now, seen: now }).execute();
    if (others.length > 0) await tell(trx, person, 'new-browser', now, { agent, address });
    return made;
  }

  /** Whose session this is; undefined: it is over, or never was. Looked up by its digest, as tokens are (people.ts). @param use false: only looked at, so it grows idle all the same */
  async find(token: string, use = true): Promise<Principal | undefined> {
    const now = this.o.seconds();
    const sha256 = digestOfToken(token);
    const row = await this.o.store.read((db) =>
      db
        .selectFrom('session')
        .innerJoin('person', 'person.id', 'session.person')
        .select(['session.id', 'session.how', 'session.created', 'session.seen', 'session.until', 'session.person', 'person.roles'])
        .where('session.sha256', '=', sha256)
        .where('session.ended', 'is', null)
        .where('session.until', '>', now)
        .where('session.seen', '>', now - this.o.idle)
        .executeTakeFirst(),
    );
    if (row === undefined) return undefined;
    if (use && Number(row.seen) <= now - Math.min(NOTED, this.o.idle / 4)) {
      await this.o.store.commit((trx) => trx.updateTable('session').set({ seen: now }).where('sha256', '=', sha256).where('seen', '<', now).execute());
    }
    // Who was invited is here to set what they will sign in with, and for nothing else.
    const scopes = row.how === 'invitation' ? (['self.enrol'] as const) : operationsOf(row.roles.split(' '));
    return { name: String(row.person), scopes, how: 'session', until: Number(row.until) * 1000, session: { id: row.id, how: row.how, opened: Number(row.created) } };
  }

  /** Open sessions, the newest first. */
  async list(db: Db, person: number): Promise<Session[]> {
    const now = this.o.seconds();
    const rows = await db
      .selectFrom('session')
      .select(['id', 'how', 'created', 'seen', 'until', 'agent', 'address'])
      .where('person', '=', person)
      .where('ended', 'is', null)
      .where('until', '>', now)
      .where('seen', '>', now - this.o.idle)
      .orderBy('created', 'desc')
      .orderBy('id')
      .execute();
    return rows.map((row) => ({ ...row, created: Number(row.created), seen: Number(row.seen), until: Number(row.until) }));
  }

  /** Ends one. Throws NOT_FOUND where the person has no such session open. */
  async end(person: number, id: string): Promise<void> {
    await this.o.store.commit(async (trx) => {
      const open = (await this.list(trx, person)).some((one) => one.id === id);
      if (!open) throw new Problem(COMMON.NOT_FOUND, `session ${id}`);
      await trx.updateTable('session').set({ ended: this.o.seconds() }).where('id', '=', id).execute();
    });
  }

  /** Ends all of a person but one. Returns how many. */
  async endOthers(trx: Trx, person: number, but: string | undefined): Promise<number> {
    const open = (await this.list(trx, person)).filter(({ id }) => id !== but);
    for (const { id } of open) await trx.updateTable('session').set({ ended: this.o.seconds() }).where('id', '=', id).execute();
    return open.length;
  }

  /** Ends all of a person for an administrator, and says so in the register. */
  async endAll(person: number, by: number): Promise<number> {
    return this.o.store.commit(async (trx) => {
      const { name } = await getPerson(trx, person);
      const ended = await this.endOthers(trx, person, undefined);
      await appendEntry(trx, this.o.seconds(), 'sessions-ended', { person, ended, by }, name);
      return ended;
    });
  }

  /** A means to sign in was set: an invitation has done its work; where it was by a session, the others of the person are over. */
  async meansSet(trx: Trx, person: number, caller: Principal): Promise<void> {
    const invited = caller.session?.how === 'invitation';
    await this.endOthers(trx, person, invited ? undefined : caller.session?.id);
  }

  /** Throws SIGN_IN_AGAIN for a session that is too old to change by what its person signs in. */
  checkFresh(caller: Principal | null): void {
    const session = caller?.session;
    if (session !== undefined && session.how !== 'invitation' && this.o.seconds() > session.opened + FRESH) throw new Problem(DESK.SIGN_IN_AGAIN);
  }
}
