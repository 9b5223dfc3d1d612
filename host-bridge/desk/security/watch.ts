/** What of every call belongs into the security log: refusals of access, limits reached, confidential content handed out. */
import type { FastifyRequest } from 'fastify';
import type { App } from '../../common/app';
import { COMMON } from '../../common/errors';
import { cookieOf, SESSION_COOKIE } from '../../common/session';
import type { SecurityLog } from './log';

declare module 'fastify' {
  interface FastifyRequest {
    /** It stands in the security log already, with more than is known here. */
    noted: boolean;
  }
  interface FastifyContextConfig {
    /** Its answer is confidential content: a document, a photo, an archive. That it was read is noted. */
    confidential?: boolean;
    /** Asked in the course of every day before anybody has signed in (401, without any token or session), or before there is what is asked for (404): no refusal here. */
    usual?: 401 | 404;
  }
}

/** A path may itself be a word that opens something where a route is open to all: then the route alone is told. */
function whatOf(request: FastifyRequest): string {
  const { config, url } = request.routeOptions;
  const path = config.scope === 'open' ? url : request.url.split('?')[0];
  return `${request.method} ${path ?? ''}`;
}

/** Whether the call shows anything by which somebody would be known. */
const showsWho = ({ headers }: FastifyRequest): boolean => headers.authorization !== undefined || cookieOf(headers.cookie, SESSION_COOKIE) !== undefined;

/** Hears of every call of the routes that are added from now on. */
export function watch(app: App, security: SecurityLog): void {
  app.decorateRequest('noted', false);
  app.addHook('onResponse', async (request, reply) => {
    if (request.noted || request.is404) return;
    const { statusCode: status } = reply;
    const known = request.principal !== null;
    const limit = request.fault === COMMON.TOO_MANY.code;
    // Of one known here NOT_FOUND is also the answer to a question for what is somebody else's.
    const { usual } = request.routeOptions.config;
    if (status === usual && (usual === 404 || !showsWho(request))) return;
    const refused = status === 401 || status === 403 || (known && status === 404);
    const read = status < 300 && request.routeOptions.config.confidential === true;
    if (!limit && !refused && !read) return;
    security.note({
      kind: limit ? 'limit' : refused ? 'refused' : 'read', person: known ? Number(request.principal?.name) : null, how: request.principal?.how ?? (known ? 'token' : ''),
      code: request.fault, what: whatOf(request), address: request.address,
    });
  });
}
