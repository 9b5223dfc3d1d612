/**
 * Bearer tokens (RFC 6750). A token is 32 random bytes in base64url; stored is only its SHA-256, which needs no salt for
 * a secret of that size. Every stored digest is compared, each in constant time, so time tells nothing about which matched.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import { COMMON, Problem, type Fault } from './errors';

/** A token as the configuration holds it. */
export interface TokenEntry {
  /** Who carries it; stands in the log. */
  name: string;
  /** SHA-256 of the token's text, 64 lower-case hexadecimal digits. */
  sha256: string;
  scopes: string[];
  /** The moment from which it is refused, ISO 8601 with a zone; never where absent. */
  expires?: string | undefined;
  /** Calls a minute, where the limit of all is not meant. */
  perMinute?: number | undefined;
  /** Devices that it is bounded to; all where absent. */
  devices?: readonly string[] | undefined;
}

/** What the name of a person known by JWT begins with; no token or certificate may be called like it. */
export const PERSON = 'person:';

/** The devices that a scope is bounded to. A scope that does not stand here holds for all of them. */
export type Bounds = ReadonlyMap<string, ReadonlySet<string>>;

export interface Principal {
  name: string;
  scopes: readonly string[];
  /** Without bounds where absent. */
  bounds?: Bounds | undefined;
  /** How they are known. Default token. */
  how?: 'token' | 'person' | 'certificate' | 'session';
  perMinute?: number | undefined;
  /** When it is over, Unix milliseconds: what goes on beyond one answer ends then. */
  until?: number | undefined;
  /** Scopes that they would have by another way of being known, and what is answered instead. */
  withheld?: { scopes: readonly string[]; why: Fault } | undefined;
  /** The session of a browser by which they are known: its id, how it was begun, Unix seconds when. */
  session?: { id: string; how: string; opened: number };
}

/** SHA-256 of a token's text as configuration and tables hold it. */
export function digestOfToken(token: string): string {
  return createHash('sha256').update(token, 'utf8').digest('hex');
}

/** What is granted to one caller, one beside the other, as one: no grant makes another's scopes reach its own devices. */
export function union(grants: readonly { scopes: readonly string[]; devices?: readonly string[] | undefined }[]): { scopes: string[]; bounds: Bounds | undefined } {
  const scopes = [...new Set(grants.flatMap((grant) => grant.scopes))];
  const bounds = new Map<string, ReadonlySet<string>>();
  for (const scope of scopes) {
    const lists = grants.filter((grant) => grant.scopes.includes(scope)).map(({ devices }) => devices);
    if (!lists.includes(undefined)) bounds.set(scope, new Set(lists.flatMap((list) => list ?? [])));
  }
  return { scopes, bounds: bounds.size === 0 ? undefined : bounds };
}

/** A new token from 32 unpredictable bytes. */
export function tokenOf(random: Buffer): string {
  return random.toString('base64url');
}

export class TokenTable {
  private readonly entries: { digest: Buffer; principal: Principal }[];

  /** @param wall Unix milliseconds */
  constructor(entries: readonly TokenEntry[], private readonly wall: () => number) {
    this.entries = entries.map((e) => ({
      digest: Buffer.from(e.sha256, 'hex'), principal: { name: e.name, ...union([e]), how: 'token', perMinute: e.perMinute, until: e.expires === undefined ? undefined : new Date(e.expires).getTime() },
    }));
  }

  /** Who presents this token, or undefined. Throws TOKEN_EXPIRED for one that was good once. */
  find(token: string): Principal | undefined {
    const digest = createHash('sha256').update(token, 'utf8').digest();
    let found: Principal | undefined;
    for (const entry of this.entries) {
      if (entry.digest.length === digest.length && timingSafeEqual(entry.digest, digest)) found = entry.principal;
    }
    if (found?.until !== undefined && !(this.wall() < found.until)) throw new Problem(COMMON.TOKEN_EXPIRED, found.name);
    return found;
  }
}

/** Three parts of base64url with a header in front: what RFC 7519 calls a JWT, and none of our own tokens. */
export const isJwt = (token: string): boolean => /^eyJ[\w-]*\.[\w-]+\.[\w-]+$/.test(token);

/** The token of an Authorization header, or undefined. A JWT with many claims is longer than a token of ours. */
export function bearerOf(header: string | undefined): string | undefined {
  const match = /^Bearer ([A-Za-z0-9._~+/=-]{1,8192})$/i.exec(header ?? '');
  return match?.[1];
}
