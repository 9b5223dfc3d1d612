/**
 * People of the desk by the JWTs of their company: who they are is the identity provider's to say, what they may do is the
 * desk's. A claim that no person here stands for is nobody.
 */
import type { JWTPayload } from 'jose';
import { endOf } from '../../common/oidc';
import type { Principal } from '../../common/tokens';
import type { People } from './people';

export interface IdentityOptions {
  /** What a JWT claims; undefined for one that is not good. @see jwtClaims */
  claims(token: string): Promise<JWTPayload | undefined>;
  /** The claim that says who it is, a text. */
  claim: string;
  /** Number of a person at the desk by the text of that claim. */
  people: Readonly<Record<string, number>>;
}

/** Who presents a JWT. Throws TOKEN_EXPIRED, IDENTITY_UNREACHABLE. */
export function peopleByJwt(people: People, o: IdentityOptions): (token: string) => Promise<Principal | undefined> {
  return async (token) => {
    const payload = await o.claims(token);
    const text = payload?.[o.claim];
    if (payload === undefined || typeof text !== 'string' || !Object.hasOwn(o.people, text)) return undefined;
    const known = await people.known(o.people[text] ?? 0);
    return known === undefined ? undefined : { ...known, how: 'person', until: endOf(payload) };
  };
}
