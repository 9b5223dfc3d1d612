/** People: who they are, what they may do, by which tokens they are known. Ids are small numbers, also used in permits. */
import { COMMON, Problem } from '../../common/errors';
import type { Store } from '../../common/database';
import { digestOfToken, tokenOf, type Principal } from '../../common/tokens';
import { appendEntry } from '../register/register';
import type { Db, Tables } from '../tables';
import { operationsOf, roles, type Role } from './roles';

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
}

export class People {
  constructor(private readonly o: PeopleOptions) {}

  /** Adds a person; the new token is returned once and never stored. `by`: who did it, 0 for the program at set-up. */
  async add(name: string, held: readonly Role[], by: number): Promise<{ person: Person; token: string }> {
    const token = tokenOf(this.o.random(32));
    const at = this.o.seconds();
    const person = await this.o.store.commit(async (trx) => {
      const last = await trx.selectFrom('person').select(trx.fn.max('id').as('last')).executeTakeFirst();
      const id = Number(last?.last ?? 0) + 1;
      const sorted = roles.filter((role) => held.includes(role));
      await trx.insertInto('person').values({ id, name, roles: sorted.join(' '), created: at, login: null, department: null, title: '' }).execute();
      await trx.insertInto('person_token').values({ sha256: digestOfToken(token), person: id, created: at, revoked: null }).execute();
      await appendEntry(trx, at, 'person', { person: id, name, roles: [...sorted], token: Buffer.from(digestOfToken(token), 'hex'), by }, name);
      return { id, name, roles: sorted };
    });
    return { person, token };
  }

  /** Changes what a person may do. An empty list shuts them out. */
  async setRoles(id: number, held: readonly Role[], by: number): Promise<Person> {
    return this.o.store.commit(async (trx) => {
      const person = await getPerson(trx, id);
      const sorted = roles.filter((role) => held.includes(role));
      await trx.updateTable('person').set({ roles: sorted.join(' ') }).where('id', '=', id).execute();
      await appendEntry(trx, this.o.seconds(), 'roles', { person: id, roles: [...sorted], by }, person.name);
      return { ...person, roles: sorted };
    });
  }

  /** Changes name, login, department and title. Throws CONFLICT where somebody else has the login, NOT_FOUND for no such department. */
  async setProfile(id: number, profile: Profile, by: number): Promise<Person> {
    const login = profile.login === null ? null : loginText(profile.login);
    return this.o.store.commit(async (trx) => {
      await getPerson(trx, id);
      const other = login === null ? undefined : await trx.selectFrom('person').select('id').where('login', '=', login).where('id', '!=', id).executeTakeFirst();
      if (other !== undefined) throw new Problem(COMMON.CONFLICT, 'somebody else has this login');
      const known = profile.department === null ? true : await trx.selectFrom('department').select('id').where('id', '=', profile.department).executeTakeFirst();
      if (known === undefined) throw new Problem(COMMON.NOT_FOUND, `department ${profile.department}`);
      await trx.updateTable('person').set({ ...profile, login }).where('id', '=', id).execute();
      await appendEntry(trx, this.o.seconds(), 'profile', { person: id, ...profile, login, by }, `${profile.name} ${login ?? ''} ${profile.title}`);
      return getPerson(trx, id);
    });
  }

  /** A new token; every earlier one of this person stops working. */
  async renewToken(id: number, by: number): Promise<string> {
    const token = tokenOf(this.o.random(32));
    const at = this.o.seconds();
    await this.o.store.commit(async (trx) => {
      const person = await getPerson(trx, id);
      await trx.updateTable('person_token').set({ revoked: at }).where('person', '=', id).where('revoked', 'is', null).execute();
      await trx.insertInto('person_token').values({ sha256: digestOfToken(token), person: id, created: at, revoked: null }).execute();
      await appendEntry(trx, at, 'token', { person: id, token: Buffer.from(digestOfToken(token), 'hex'), by }, person.name);
    });
    return token;
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
        .select(['person.id', 'person.roles'])
        .where('person_token.sha256', '=', digestOfToken(token))
        .where('person_token.revoked', 'is', null)
        .executeTakeFirst(),
    );
    return row && principalOf(row);
  }

  /** Who a person is that somebody else has vouched for; undefined: there is none with this number. */
  async known(id: number): Promise<Principal | undefined> {
    const row = await this.o.store.read((db) => db.selectFrom('person').select(['id', 'roles']).where('id', '=', id).executeTakeFirst());
    return row && principalOf(row);
  }
}
