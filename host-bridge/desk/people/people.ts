/** People: who they are, what they may do, by which tokens they are known. Ids are small numbers, also used in permits. */
import { COMMON, Problem } from '../../common/errors';
import type { Store } from '../../common/database';
import { digestOfToken, tokenOf, type Principal } from '../../common/tokens';
import { appendEntry } from '../register/register';
import type { Db, Tables } from '../tables';
import type { Administrators } from './administrators';
import { administration, operationsOf, roles, type Role } from './roles';
import { tell } from '../security/notices';
import { DESK } from '../errors';

export interface Person {
  id: number;
  name: string;
  roles: Role[];
  /** By which they sign in with a password, and the company's sign-on knows them. */
  login?: string;
  department?: number;
  /** Title of their post. */
  title?: string;
}

export interface Profile {
  name: string;
  login: string | null;
  department: number | null;
  title: string;
}

/** One form of a login, however it was typed. */
export function loginText(login: string): string {
  return login.normalize('NFKC').trim().toLowerCase();
}

interface Row {
  id: number;
  name: string;
  roles: string;
  login: string | null;
  department: number | null;
  title: string;
}

const COLUMNS = ['id', 'name', 'roles', 'login', 'department', 'title'] as const;

function personOf(row: Row): Person {
  return {
    id: Number(row.id), name: row.name, roles: row.roles.split(' ').filter((r): r is Role => (roles as readonly string[]).includes(r)),
    ...(row.login === null ? {} : { login: row.login }), ...(row.department === null ? {} : { department: Number(row.department) }), ...(row.title === '' ? {} : { title: row.title }),
  };
}

export async function getPerson(db: Db, id: number): Promise<Person> {
  const row = await db.selectFrom('person').select(COLUMNS).where('id', '=', id).executeTakeFirst();
  if (!row) throw new Problem(COMMON.NOT_FOUND, `person ${id}`);
  return personOf(row);
}

export async function listPeople(db: Db): Promise<Person[]> {
  return (await db.selectFrom('person').select(COLUMNS).orderBy('id').execute()).map(personOf);
}

function principalOf({ id, roles: held }: { id: number; roles: string }): Principal {
  return { name: String(id), scopes: operationsOf(held.split(' ')) };
}

export interface PeopleOptions {
  store: Store<Tables>;
  /** Unix seconds. */
  seconds(): number;
  random(length: number): Buffer;
  /** Where people sign in with a browser a token administrates only where it was made so, and for a time. */
  administrators: Administrators;
}

/** How a token is made. */
export interface TokenTerms {
  /** In a session with two factors, or at the machine of the desk. */
  strong: boolean;
  /** Days that it is good for. An administrator's by default: 90, the first one's 30; else for ever. */
  days?: number | undefined;
}

/** Days of an administrator's token. */
export const TOKEN_DAYS = { administrator: 90, first: 30, most: 365 } as const;

/** As the register says it. */
const said = ({ until, strong }: { until: number | null; strong: number }): Record<string, number | undefined> => ({ until: until ?? undefined, strong });

export class People {
  constructor(private readonly o: PeopleOptions) {}

  /** Adds a person; the new token is returned once and never stored. `by`: who did it, 0 for the program at set-up. */
  async add(name: string, held: readonly Role[], by: number, terms: TokenTerms = { strong: by === 0, days: TOKEN_DAYS.first }): Promise<{ person: Person; token: string }> {
    const token = tokenOf(this.o.random(32));
    const at = this.o.seconds();
    const made = this.terms(at, held, by === 0 && !held.includes('admin') ? { strong: terms.strong } : terms);
    const person = await this.o.store.commit(async (trx) => {
      const last = await trx.selectFrom('person').select(trx.fn.max('id').as('last')).executeTakeFirst();
      const id = Number(last?.last ?? 0) + 1;
      const sorted = roles.filter((role) => held.includes(role));
      await trx.insertInto('person').values({ id, name, roles: sorted.join(' '), created: at, login: null, department: null, title: '' }).execute();
      await trx.insertInto('person_token').values({ sha256: digestOfToken(token), person: id, created: at, revoked: null, ...made }).execute();
      await appendEntry(trx, at, 'person', { person: id, name, roles: [...sorted], token: Buffer.from(digestOfToken(token), 'hex'), ...said(made), by }, name);
      return { id, name, roles: sorted };
    });
    return { person, token };
  }

  /** Changes what a person may do. An empty list shuts them out. Throws CONFLICT where nobody would be left to administrate, or to sign in for it: no command makes another administrator. */
  async setRoles(id: number, held: readonly Role[], by: number): Promise<Person> {
    return this.o.store.commit(async (trx) => {
      const person = await getPerson(trx, id);
      const sorted = roles.filter((role) => held.includes(role));
      await this.o.administrators.keep(trx, () => trx.updateTable('person').set({ roles: sorted.join(' ') }).where('id', '=', id).execute());
      await appendEntry(trx, this.o.seconds(), 'roles', { person: id, roles: [...sorted], by }, person.name);
      return { ...person, roles: sorted };
    });
  }

  /** Changes name, login, department and title. Throws CONFLICT where somebody else has the login or the last administrator could not sign in without it, NOT_FOUND for no such department. */
  async setProfile(id: number, profile: Profile, by: number): Promise<Person> {
    const login = profile.login === null ? null : loginText(profile.login);
    return this.o.store.commit(async (trx) => {
      await getPerson(trx, id);
      const other = login === null ? undefined : await trx.selectFrom('person').select('id').where('login', '=', login).where('id', '!=', id).executeTakeFirst();
      if (other !== undefined) throw new Problem(COMMON.CONFLICT, 'somebody else has this login');
      const known = profile.department === null ? true : await trx.selectFrom('department').select('id').where('id', '=', profile.department).executeTakeFirst();
      if (known === undefined) throw new Problem(COMMON.NOT_FOUND, `department ${profile.department}`);
      await this.o.administrators.keep(trx, () => trx.updateTable('person').set({ ...profile, login }).where('id', '=', id).execute());
      await appendEntry(trx, this.o.seconds(), 'profile', { person: id, ...profile, login, by }, `${profile.name} ${login ?? ''} ${profile.title}`);
      return getPerson(trx, id);
    });
  }

  /** Until when, and for what. Where nobody has a session tokens are all there is, and last as they are asked to. */
  private terms(at: number, held: readonly Role[], { strong, days }: TokenTerms): { until: number | null; strong: number } {
    const sessions = this.o.administrators.ways !== undefined;
    const admin = sessions && strong && held.includes('admin');
    const lasts = sessions ? (days ?? (admin ? TOKEN_DAYS.administrator : undefined)) : undefined;
    return { until: lasts === undefined ? null : at + lasts * 86_400, strong: strong ? 1 : 0 };
  }

  /** A new token; every earlier one of this person stops working. Returns it, and Unix seconds from which it is refused. */
  async renewToken(id: number, by: number, terms: TokenTerms): Promise<{ token: string; until: number | null }> {
    const token = tokenOf(this.o.random(32));
    const at = this.o.seconds();
    const until = await this.o.store.commit(async (trx) => {
      const person = await getPerson(trx, id);
      const made = this.terms(at, person.roles, terms);
      await trx.updateTable('person_token').set({ revoked: at }).where('person', '=', id).where('revoked', 'is', null).execute();
      await trx.insertInto('person_token').values({ sha256: digestOfToken(token), person: id, created: at, revoked: null, ...made }).execute();
      await appendEntry(trx, at, 'token', { person: id, token: Buffer.from(digestOfToken(token), 'hex'), ...said(made), by }, person.name);
      await tell(trx, id, 'token', at, by === id || by === 0 ? {} : { by });
      return made.until;
    });
    return { token, until };
  }

  /**
   * Who presents this token. Looked up by its digest: 256 random bits make the time of an index lookup worthless to a
   * guesser, and no stored value leads back to a token.
   */
  async find(token: string): Promise<Principal | undefined> {
    const row = await this.o.store.read((db) =>
      db
        .selectFrom('person_token')
        .innerJoin('person', 'person.id', 'person_token.person')
        .select(['person.id', 'person.roles', 'person_token.until', 'person_token.strong'])
        .where('person_token.sha256', '=', digestOfToken(token))
        .where('person_token.revoked', 'is', null)
        .executeTakeFirst(),
    );
    if (row === undefined) return undefined;
    const until = row.until === null ? undefined : Number(row.until);
    if (until !== undefined && this.o.seconds() >= until) throw new Problem(COMMON.TOKEN_EXPIRED);
    const known = { ...principalOf(row), ...(until === undefined ? {} : { until: until * 1000 }) };
    if (this.o.administrators.ways === undefined || !row.roles.split(' ').includes('admin') || (Number(row.strong) === 1 && until !== undefined) || (await this.o.store.read((db) => this.o.administrators.able(db))).size === 0) return known;
    return { ...known, scopes: known.scopes.filter((one) => !(administration as readonly string[]).includes(one)), withheld: { scopes: administration, why: DESK.TWO_FACTORS } };
  }

  /** Who a person is that somebody else has vouched for; undefined: there is none with this number. */
  async known(id: number): Promise<Principal | undefined> {
    const row = await this.o.store.read((db) => db.selectFrom('person').select(['id', 'roles']).where('id', '=', id).executeTakeFirst());
    return row && principalOf(row);
  }
}
