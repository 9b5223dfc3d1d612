/**
 * People of the company by their JSON Web Tokens (OpenID Connect Core 1.0, RFC 7519, RFC 9068). The company's identity
 * provider is asked for its keys only, which are kept; what a person may do is mapped from a claim to scopes here.
 */
import { createRemoteJWKSet, customFetch, errors, jwtVerify, type JWTPayload, type JWTVerifyGetKey } from 'jose';
import { COMMON, Problem } from './errors';
import type { Principal } from './tokens';

export interface OidcOptions {
  /** As the tokens name it; also where /.well-known/openid-configuration is, unless `jwks` says where the keys are. */
  issuer: string;
  /** This bridge, as the tokens name it. */
  audience: string;
  jwks?: string | undefined;
  /** Claim with the words that are mapped: a text of words between blanks, or a list. */
  claim: string;
  /** Scopes by word of that claim. */
  scopes: Readonly<Record<string, readonly string[]>>;
  /** Signature algorithms; symmetric ones and "none" are never taken. */
  algorithms: readonly string[];
  fetch: typeof fetch;
  /** A signal that aborts after so many milliseconds. */
  timeout: (ms: number) => AbortSignal;
  /** Unix milliseconds. */
  wall: () => number;
}

/** Seconds that clocks of two machines may differ. */
const SKEW = 30;
const WITHIN = 5_000;
/** Milliseconds after a failed discovery before the next. */
const AGAIN = 5_000;

/** Three parts of base64url with a header in front: what RFC 7519 calls a JWT, and none of our own tokens. */
export const isJwt = (token: string): boolean => /^eyJ[\w-]*\.[\w-]+\.[\w-]+$/.test(token);

/** Who a JWT is; undefined for one that is not good. Throws TOKEN_EXPIRED, IDENTITY_UNREACHABLE. */
export function oidcPeople(o: OidcOptions): (token: string) => Promise<Principal | undefined> {
  let keys: JWTVerifyGetKey | undefined;
  let failedAt = -Infinity;
  const keySet = async (): Promise<JWTVerifyGetKey> => {
    if (keys !== undefined) return keys;
    if (o.wall() - failedAt < AGAIN) throw unreachable(undefined);
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
      return personOf(payload, o);
    } catch (error) {
      if (error instanceof Problem) throw error;
      if (error instanceof errors.JWTExpired) throw new Problem(COMMON.TOKEN_EXPIRED);
      const bad = error instanceof errors.JOSEError && !(error instanceof errors.JWKSTimeout) && error.code !== 'ERR_JOSE_GENERIC';
      if (bad) return undefined;
      throw unreachable(error);
    }
  };
}

function personOf(payload: JWTPayload, o: OidcOptions): Principal {
  const value = payload[o.claim];
  const words = typeof value === 'string' ? value.split(' ') : Array.isArray(value) ? value.filter((word): word is string => typeof word === 'string') : [];
  const scopes = words.flatMap((word) => (Object.hasOwn(o.scopes, word) ? (o.scopes[word] ?? []) : []));
  // No token of the configuration is called like this: leases and the audit tell them apart.
  return { name: `person:${String(payload.sub).slice(0, 200)}`, scopes: [...new Set(scopes)], how: 'person', until: (Number(payload.exp) + SKEW) * 1000 };
}

async function discover({ issuer, fetch, timeout }: OidcOptions): Promise<string> {
  const response = await fetch(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`, { redirect: 'error', signal: timeout(WITHIN) });
  const document = (await response.json()) as { issuer?: unknown; jwks_uri?: unknown };
  // OpenID Connect Discovery 1.0 section 4.3: the issuer told must be the one asked.
  if (!response.ok || document.issuer !== issuer || typeof document.jwks_uri !== 'string') throw new Error('not a configuration of this issuer');
  return document.jwks_uri;
}

function unreachable(cause: unknown): Problem {
  return new Problem(COMMON.IDENTITY_UNREACHABLE, { retryAfter: 10, cause });
}
