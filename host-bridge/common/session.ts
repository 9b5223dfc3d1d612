/**
 * Sessions of browsers: the cookie by which one is known (RFC 6265bis), and what keeps other sites from using it. The cookie is out of
 * reach of scripts, goes over TLS alone, to this host alone, and with no request that another site has begun; and because not
 * every browser keeps to that, where a request comes from is looked at as well (Fetch Metadata, Origin).
 */
import { parse, serialize } from 'cookie';
import { COMMON, Problem } from './errors';
import type { Principal } from './tokens';

/** The prefix has browsers refuse it unless it is Secure, for the whole host, and for this host alone. */
export const SESSION_COOKIE = '__Host-smartseal';

/** Longest Cookie header that is looked at, and longest value, characters. */
const HEADER_MOST = 8192;
const VALUE_MOST = 3000;
const READS = new Set(['GET', 'HEAD', 'OPTIONS']);

export interface SessionOptions {
  /** Where browsers find this program: scheme, host and port. */
  origin: string;
  /** Whose session this token is of; undefined: of none that is open. */
  find(token: string, use?: boolean): Promise<Principal | undefined>;
}

/** What a request says of where it comes from. */
export interface Coming {
  method: string;
  headers: { origin?: string | undefined; cookie?: string | undefined; 'sec-fetch-site'?: string | string[] | undefined };
}

/** The value of a cookie; undefined where there is none of that name, or one that is none of ours. */
export function cookieOf(header: string | undefined, name: string): string | undefined {
  if (header === undefined || header.length > HEADER_MOST) return undefined;
  const value = parse(header)[name];
  return value !== undefined && value.length <= VALUE_MOST && /^[A-Za-z0-9_-]+$/.test(value) ? value : undefined;
}

/** A Set-Cookie header. @param seconds it is kept; 0 takes it away. @param crossing also sent where another site has sent the browser here */
export function cookieFor(name: string, value: string, seconds: number, crossing = false): string {
  return serialize(name, value, { httpOnly: true, secure: true, sameSite: crossing ? 'lax' : 'strict', path: '/', maxAge: seconds });
}

/**
 * Throws CROSS_SITE for a request that a session must not be used for. One that changes something must say that it comes from here,
 * by its Origin or by Sec-Fetch-Site; one that only reads must not say that it comes from elsewhere.
 */
export function checkSite({ method, headers }: Coming, origin: string): void {
  const site = headers['sec-fetch-site'];
  const reads = READS.has(method);
  const elsewhere = (headers.origin !== undefined && headers.origin !== origin) || (site !== undefined && site !== 'same-origin' && !(reads && site === 'none'));
  const told = headers.origin === origin || site === 'same-origin';
  if (elsewhere || !(reads || told)) throw new Problem(COMMON.CROSS_SITE);
}
