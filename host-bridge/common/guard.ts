/** Before a request is looked at: who calls, whether they may, whether they call too often. After it: what is kept of it. */
import rateLimit from '@fastify/rate-limit';
import type { FastifyRequest } from 'fastify';
import type { TLSSocket } from 'node:tls';
import type { App, AppOptions } from './app';
import { callStore } from './calls';
import { COMMON, Problem } from './errors';
import { checkSite, cookieOf, SESSION_COOKIE } from './session';
import { bearerOf, isJwt, type Principal } from './tokens';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who calls; null on open routes. */
    principal: Principal | null;
    /** Devices that the caller is bounded to here; null: none, they may all. */
    devices: ReadonlySet<string> | null;
    /** Whether who calls still may, for what goes on after the answer has begun. Counts as no use of a session. */
    still: () => Promise<boolean>;
    /** Code of the error answered; '' where it went well. */
    fault: string;
    /** IP address of the caller as it was when the request came; '' where the line was gone by then. */
    address: string;
  }
}

/** Calls in one minute. */
export interface Limits {
  /** Of one caller, by token, person or certificate; where nobody is known, of one address. */
  perMinute: number;
  /** Of one address without a valid token, before it is told to wait. */
  failuresPerMinute: number;
}

const MINUTE = 60_000;
/** Callers of whom is counted at once. */
const CALLERS = 20_000;
const READS = new Set(['GET', 'HEAD', 'OPTIONS']);

export async function guard(app: App, options: AppOptions): Promise<void> {
  app.decorateRequest('principal', null);
  app.decorateRequest('devices', null);
  app.decorateRequest('still');
  app.decorateRequest('fault', '');
  app.decorateRequest('address', '');
  // Now: a socket that is closed has no address any more, and whoever breaks off shall stand in the audit all the same.
  app.addHook('onRequest', async (request) => {
    request.address = (request.ip as string | undefined) ?? '';
  });
  const { limits } = options;
  if (limits !== undefined) {
    await app.register(rateLimit, {
      max: (request) => request.principal?.perMinute ?? limits.perMinute, timeWindow: MINUTE, store: callStore(options.now, CALLERS), hook: 'onRequest',
      keyGenerator: (request) => (request.principal === null ? `address ${request.ip}` : `caller ${request.principal.name}`),
      errorResponseBuilder: (_request, context) => new Problem(COMMON.TOO_MANY, { retryAfter: Math.ceil(context.ttl / 1000) }),
    });
  }
  const failures = limits === undefined ? undefined : app.createRateLimit({ max: limits.failuresPerMinute, timeWindow: MINUTE, keyGenerator: (request) => `failure ${request.ip}` });

  app.addHook('onRequest', async (request) => {
    const scope = request.routeOptions.config.scope;
    if (request.is404 || scope === 'open') return;
    try {
      request.principal = await whoCalls(request, options);
    } catch (error) {
      const counted = await failures?.(request);
      if (counted !== undefined && !counted.isAllowed && counted.isExceeded) throw new Problem(COMMON.TOO_MANY, { retryAfter: Math.ceil(counted.ttl / 1000) });
      throw error;
    }
    const { withheld } = request.principal;
    if (scope !== undefined && withheld?.scopes.includes(scope) === true) throw new Problem(withheld.why);
    if (scope === undefined || !request.principal.scopes.includes(scope)) throw new Problem(COMMON.FORBIDDEN, `scope ${scope ?? 'none'}`);
    const { name } = request.principal;
    request.still = async () => {
      try {
        const now = await whoCalls(request, options, false);
        return now.name === name && now.scopes.includes(scope);
      } catch {
        return false;
      }
    };
    const devices = (request.devices = request.principal.bounds?.get(scope) ?? null);
    if (devices === null || request.routeOptions.config.bounded === true) return;
    const { device } = request.params as { device?: string };
    // A route that does not say that it keeps to some devices is not for those who are bounded to some.
    if (device === undefined) throw new Problem(COMMON.FORBIDDEN, 'of all devices, and this token is for some');
    if (!devices.has(device)) throw options.unknownDevice?.(device) ?? new Problem(COMMON.NOT_FOUND, device);
  });

  const { audit } = options;
  if (audit === undefined) return;
  const entry = (request: FastifyRequest, status: number) => ({
    who: request.principal?.name ?? '', how: request.principal?.how ?? '', method: request.method,
    // The path alone: a query may hold what is nobody's business.
    path: (request.url.split('?')[0] ?? '').slice(0, 300), status, code: request.fault, address: request.address,
  });
  // Strangers write nothing here but that they tried, and no more of that than their address may: the disk is not theirs to wear out.
  const worth = (request: FastifyRequest): boolean => request.principal !== null || (!request.is404 && request.fault !== COMMON.TOO_MANY.code);
  app.addHook('preHandler', async (request) => {
    if (request.routeOptions.config.stream === true) await audit(entry(request, 200), false);
  });
  app.addHook('onSend', async (request, reply) => {
    if (!READS.has(request.method) && worth(request)) await audit(entry(request, reply.statusCode), request.principal !== null);
  });
  app.addHook('onResponse', async (request, reply) => {
    const { scope, stream } = request.routeOptions.config;
    if (READS.has(request.method) && worth(request) && scope !== 'open' && !(stream === true && reply.statusCode === 200)) await audit(entry(request, reply.statusCode), false);
  });
}

/** A token counts before a session, and that before a certificate: a program behind the desk's certificate may be somebody of its own. */
async function whoCalls(request: FastifyRequest, options: AppOptions, use = true): Promise<Principal> {
  const token = bearerOf(request.headers.authorization);
  if (token !== undefined) {
    const known = await (options.person !== undefined && isJwt(token) ? options.person(token) : options.find(token));
    if (known !== undefined) return known;
  } else if (request.headers.authorization === undefined) {
    const known = (await byCookie(request, options, use)) ?? byCertificate(request, options);
    if (known !== undefined) return known;
  }
  throw new Problem(COMMON.UNAUTHENTICATED);
}

/** The session of a browser. Where it comes from is looked at first: no other site learns whether there is a session. */
async function byCookie(request: FastifyRequest, { session }: AppOptions, use: boolean): Promise<Principal | undefined> {
  const token = session === undefined ? undefined : cookieOf(request.headers.cookie, SESSION_COOKIE);
  if (session === undefined || token === undefined) return undefined;
  checkSite(request, session.origin);
  return session.find(token, use);
}

function byCertificate(request: FastifyRequest, { certificate }: AppOptions): Principal | undefined {
  if (certificate === undefined) return undefined;
  const socket = request.raw.socket as Partial<TLSSocket>;
  // Only one that the configured authority has signed, and that has not expired, is believed at all.
  const shown = socket.authorized === true ? socket.getPeerCertificate?.() : undefined;
  return shown?.fingerprint256 === undefined ? undefined : certificate(shown.fingerprint256.replaceAll(':', '').toLowerCase());
}
