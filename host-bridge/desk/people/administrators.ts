/**
 * Administrators who can sign in. While there is none, a token of an administrator must be enough to invite the first (people.ts); once there
 * is one, the last of them stays: by no command would there be another. Only what opens a session now counts.
 */
import { COMMON, Problem } from '../../common/errors';
import type { Db } from '../tables';

/** What opens a session here, by the configuration of now. */
export interface Ways {
  /** Domain that passkeys must be for. */
  rpId: string;
  passwords: boolean;
  company: boolean;
}

export async function administratorsOf(db: Db): Promise<number[]> {
  const rows = await db.selectFrom('person').select(['id', 'roles']).where('roles', 'like', '%admin%').execute();
  return rows.filter(({ roles }) => roles.split(' ').includes('admin')).map(({ id }) => Number(id));
}

export class Administrators {
  /** @param ways absent: nobody signs in with a browser */
  constructor(readonly ways: Ways | undefined) {}

  /** Those who can sign in. By the company's sign-on can whoever has done so lately. */
  async able(db: Db): Promise<Set<number>> {
    const admins = this.ways === undefined ? [] : await administratorsOf(db);
    if (this.ways === undefined || admins.length === 0) return new Set();
    const { rpId, passwords, company } = this.ways;
    const passkeys = await db.selectFrom('passkey').select('person').where('person', 'in', admins).where('removed', 'is', null).where('rp_id', '=', rpId).execute();
    const known = passwords ? await db.selectFrom('password').innerJoin('person', 'person.id', 'password.person').select('password.person').where('password.person', 'in', admins).where('person.login', 'is not', null).execute() : [];
    const signedOn = company ? await db.selectFrom('session').innerJoin('person', 'person.id', 'session.person').select('session.person').where('session.person', 'in', admins).where('session.how', '=', 'company').where('person.login', 'is not', null).execute() : [];
    return new Set([...passkeys, ...known, ...signedOn].map(({ person }) => Number(person)));
  }

  /** Does what takes something from somebody. Throws CONFLICT where no administrator who can sign in, or none at all, would be left of those there were. */
  async keep<T>(trx: Db, work: () => Promise<T>): Promise<T> {
    const before = { all: (await administratorsOf(trx)).length, able: (await this.able(trx)).size };
    const done = await work();
    if (before.all > 0 && (await administratorsOf(trx)).length === 0) throw new Problem(COMMON.CONFLICT, 'the last administrator');
    if (before.able > 0 && (await this.able(trx)).size === 0) throw new Problem(COMMON.CONFLICT, 'the last administrator who can sign in');
    return done;
  }
}
