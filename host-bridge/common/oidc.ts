/**
 * People of the company by their JSON Web Tokens (OpenID Connect Core 1.0, RFC 7519, RFC 9068). The company's identity
 * provider is asked for its keys only, which are kept; what a person may do is mapped from a claim to scopes here.
 */
import { createRemoteJWKSet, customFetch, errors, jwtVerify, type JWTPayload, type JWTVerifyGetKey } from 'jose';
import { COMMON, Problem } from './errors';
import { PERSON, union, type Principal } from './tokens';

export interface JwtOptions {
  /** As the tokens name it; also where /.well-known/openid-configuration is, unless `jwks` says where the keys are. */
  issuer: string;
  /** This program, as the tokens name it. */
  audience: string;
  jwks?: string | undefined;
  /** Signature algorithms; symmetric ones and "none" are never taken. */
  algorithms: readonly string[];
  fetch: typeof fetch;
  /** A signal that aborts after so many milliseconds. */
  timeout: (ms: number) => AbortSignal;
  /** Unix milliseconds. */
  wall: () => number;
}

/** What a word of the claim stands for; the devices that it is for, where not all. */
export type Meaning = readonly string[] | { scopes: readonly string[]; devices: readonly string[] };

export interface OidcOptions extends JwtOptions {
  /** Claim with the words that are mapped: a text of words between blanks, or a list. */
  claim: string;
  /** Scopes by word of that claim. */
  scopes: Readonly<Record<string, Meaning>>;
}

/** Seconds that clocks of two machines may differ. */
const SKEW = 30;
const WITHIN = 5_000;
/** Milliseconds after a failed discovery before the next. */
const AGAIN = 5_000;

/** What a JWT claims; undefined for one that is not good. Throws TOKEN_EXPIRED, IDENTITY_UNREACHABLE. */
export function jwtClaims(o: JwtOptions): (token: string) => Promise<JWTPayload | undefined> {
  let keys: JWTVerifyGetKey | undefined;
  let failedAt = -Infinity;
  const keySet = async (): Promise<JWTVerifyGetKey> => {
    if (keys !== undefined) return keys;
    if (Math.abs(o.wall() - failedAt) < AGAIN) throw unreachable(undefined);
    try {
      const url = o.jwks ?? (await discover(o));
      keys = createRemoteJWKSet(new URL(url), { timeoutDuration: WITHIN, [customFetch]: (at: string, options: RequestInit) => o.fetch(at, { ...options, redirect: 'error' }) } as never);
      return keys;
    } catch (error) {
      failedAt = o.wall();
      throw unreachable(error);
    }
  };
  return async (token) => {
    try {
      const { payload } = await jwtVerify(token, await keySet(), {
        issuer: o.issuer, audience: o.audience, algorithms: o.algorithms.filter((name) => !/^(HS|none)/i.test(name)), clockTolerance: SKEW, currentDate: new Date(o.wall()), requiredClaims: ['exp', 'sub'],
      });
      return payload;
    } catch (error) {
      if (error instanceof Problem) throw error;
      if (error instanceof errors.JWTExpired) throw new Problem(COMMON.TOKEN_EXPIRED);
      const bad = error instanceof errors.JOSEError && !(error instanceof errors.JWKSTimeout) && error.code !== 'ERR_JOSE_GENERIC';
      if (bad) return undefined;
      throw unreachable(error);
    }
  };
}

/** Who a JWT is, by the words of a claim; undefined for one that is not good. Throws as `jwtClaims` does. */
export function oidcPeople(o: OidcOptions): (token: string) => Promise<Principal | undefined> {
  const claims = jwtClaims(o);
  return async (token) => {
    const payload = await claims(token);
    return payload === undefined ? undefined : personOf(payload, o);
  };
}

/** When a JWT is over, Unix milliseconds. */
export const endOf = (payload: JWTPayload): number => (Number(payload.exp) + SKEW) * 1000;

function personOf(payload: JWTPayload, o: OidcOptions): Principal {
  const value = payload[o.claim];
  const words = typeof value === 'string' ? value.split(' ') : Array.isArray(value) ? value.filter((word): word is string => typeof word === 'string') : [];
  const meanings = words.flatMap((word) => (Object.hasOwn(o.scopes, word) ? [o.scopes[word] ?? []] : []));
  const grants = meanings.map((meaning) => ('scopes' in meaning ? meaning : { scopes: meaning }));
  // No token of the configuration is called like this (config.ts): leases, webhooks and the audit tell them apart.
  return { name: `${PERSON}${String(payload.sub).slice(0, 200)}`, ...union(grants), how: 'person', until: endOf(payload) };
}

async function discover({ issuer, fetch, timeout }: JwtOptions): Promise<string> {
  const response = await fetch(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`, { redirect: 'error', signal: timeout(WITHIN) });
  const document = (await response.json()) as { issuer?: unknown; jwks_uri?: unknown };
  // OpenID Connect Discovery 1.0 section 4.3: the issuer told must be the one asked.
  if (!response.ok || document.issuer !== issuer || typeof document.jwks_uri !== 'string') throw new Error('not a configuration of this issuer');
  return document.jwks_uri;
}

function unreachable(cause: unknown): Problem {
  return new Problem(COMMON.IDENTITY_UNREACHABLE, { retryAfter: 10, cause });
}
