/** By what people sign in to a desk that was put back: what was taken away in the lost days is there again, so each of them is told, and who restores has the list. */
import type { Role } from '../people/roles';
import { listPeople } from '../people/people';
import type { Rooms } from '../rooms';
import { tell } from '../security/notices';

export interface Means {
  person: number;
  name: string;
  roles: Role[];
  /** Names of the passkeys, and since when each is there, Unix seconds. */
  passkeys: { name: string; created: number }[];
  /** Since when there are password and authenticator, Unix seconds; null: there are none. */
  password: number | null;
}

export interface Access {
  /** All who can sign in by something that the desk keeps. */
  means: Means[];
  /** Where nobody signs in by a browser, a first token, of the administrator with the lowest number; shown once. */
  token?: { person: number; token: string };
}

/** After the whole schema is there. Ends nothing: that was done with the rows (restored.ts). */
export async function checkAccess({ store, history, people, signIn }: Rooms): Promise<Access> {
  const means = await store.commit(async (trx) => {
    const all: Means[] = [];
    for (const { id: person, name, roles } of await listPeople(trx)) {
      const passkeys = await trx.selectFrom('passkey').select(['name', 'created']).where('person', '=', person).where('removed', 'is', null).orderBy('created').orderBy('id').execute();
      const password = await trx.selectFrom('password').select('created').where('person', '=', person).executeTakeFirst();
      if (passkeys.length === 0 && password === undefined) continue;
      all.push({ person, name, roles, passkeys: passkeys.map((one) => ({ name: one.name, created: Number(one.created) })), password: password === undefined ? null : Number(password.created) });
      await tell(trx, person, 'restored', history.seconds());
    }
    return all;
  });
  if (signIn !== undefined) return { means };
  const first = (await store.read(listPeople)).find(({ roles }) => roles.includes('admin'));
  if (first === undefined) return { means };
  const { token } = await people.renewToken(first.id, 0, { strong: true });
  return { means, token: { person: first.id, token } };
}
