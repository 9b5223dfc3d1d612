/**
 * The HTTP application every host program starts from: routes described by TypeBox schemas (and so by an OpenAPI 3.1
 * document), bearer tokens with a scope named at each route, problem+json for every error, one log line a call.
 */
import swagger from '@fastify/swagger';
import fastify, { type FastifyBaseLogger, type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest, type RawServerDefault, type RouteOptions } from 'fastify';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { type TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { Value } from 'typebox/value';
import { COMMON, documentOf, languageOf, Problem, storeProblem } from './errors';
import type { Log } from './log';
import { ProblemSchema } from './schema';
import { bearerOf, type Principal } from './tokens';

export type App = FastifyInstance<RawServerDefault, IncomingMessage, ServerResponse, FastifyBaseLogger, TypeBoxTypeProvider>;

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The scope a token needs for this route; 'open' for none. Every route says it. */
    scope?: string;
  }
  interface FastifyRequest {
    /** Who calls; null on open routes. */
    principal: Principal | null;
  }
}

export interface AppOptions {
  title: string;
  version: string;
  description: string;
  /** Who presents this token, or undefined. A TokenTable, or a table of a database. */
  find(token: string): Principal | undefined | Promise<Principal | undefined>;
  log: Log;
  /** Largest body in bytes where a route names none. */
  bodyLimit: number;
  /** Resolves when requests can be served; throws the Problem why not. Answers /readyz. */
  ready(): Promise<void>;
}

/** Makes the application with /healthz, /readyz and /openapi.json. Routes are added before `app.ready()` or `app.listen()`. */
export async function createApp(options: AppOptions): Promise<App> {
  const fail = (error: unknown, request: FastifyRequest, reply: FastifyReply): void => {
    const problem = problemOf(error);
    if (problem.fault.status >= 500) options.log.error('request failed', { code: problem.code, method: request.method, url: request.routeOptions?.url, why: textOf(error) });
    if (reply.raw.headersSent) {
      reply.raw.destroy();
      return;
    }
    const document = documentOf(problem, languageOf(request.headers['accept-language']));
    if (problem.retryAfter !== undefined) reply.header('retry-after', String(problem.retryAfter));
    if (problem.fault === COMMON.UNAUTHENTICATED) reply.header('www-authenticate', 'Bearer');
    reply.code(problem.fault.status).header('content-type', 'application/problem+json; charset=utf-8').send(JSON.stringify(document));
  };

  const app: App = fastify({
    logger: false,
    bodyLimit: options.bodyLimit,
    exposeHeadRoutes: false,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 200 },
    frameworkErrors: (error, request, reply) => fail(error, request as FastifyRequest, reply as FastifyReply),
  }).withTypeProvider<TypeBoxTypeProvider>();

  app.setValidatorCompiler(({ schema, httpPart }) => validator(schema as TSchema, httpPart !== 'body'));
  app.setErrorHandler(fail);
  app.setNotFoundHandler((request, reply) => fail(new Problem(COMMON.NO_ROUTE, `${request.method} ${request.url.split('?')[0]}`), request, reply));
  app.decorateRequest('principal', null);

  app.addHook('onRoute', (route) => describe(route));
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: options.title, version: options.version, description: options.description, license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } as never },
      components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } } },
    },
  });

  app.addHook('onRequest', async (request) => {
    const scope = request.routeOptions.config.scope;
    if (request.is404 || scope === 'open') return;
    const token = bearerOf(request.headers.authorization);
    const principal = token === undefined ? undefined : await options.find(token);
    if (principal === undefined) throw new Problem(COMMON.UNAUTHENTICATED);
    if (scope === undefined || !principal.scopes.includes(scope)) throw new Problem(COMMON.FORBIDDEN, `scope ${scope ?? 'none'}`);
    request.principal = principal;
  });
  app.addHook('onResponse', async (request, reply) => {
    options.log.debug('request', { who: request.principal?.name, method: request.method, url: request.routeOptions.url, status: reply.statusCode, ms: Math.round(reply.elapsedTime) });
  });

  app.get('/healthz', { config: { scope: 'open' }, schema: { summary: 'The process runs', response: { 200: OkSchema } } }, async () => ({ ok: true }));
  app.get('/readyz', { config: { scope: 'open' }, schema: { summary: 'Requests can be served', response: { 200: OkSchema } } }, async () => {
    await options.ready();
    return { ok: true };
  });
  app.get('/openapi.json', { config: { scope: 'open' }, schema: { hide: true } }, async () => app.swagger());
  return app;
}

const OkSchema = { type: 'object', required: ['ok'], properties: { ok: { type: 'boolean' } }, additionalProperties: false } as unknown as TSchema;

/** A route must name its scope; the OpenAPI document gets that and the form of errors. */
function describe(route: RouteOptions): void {
  const scope = route.config?.scope;
  if (scope === undefined) throw new Error(`route ${String(route.method)} ${route.url} names no scope`);
  const schema = route.schema ?? {};
  const response = (schema.response ?? {}) as Record<string, unknown>;
  route.schema = {
    ...schema,
    ...(scope === 'open' ? {} : { security: [{ bearer: [] }], description: `${schema.description ?? ''}${schema.description === undefined ? '' : '\n\n'}Scope: \`${scope}\`.` }),
    response: { ...response, default: { description: 'Any error (RFC 9457)', content: { 'application/problem+json': { schema: ProblemSchema } } } },
  };
}

/** Text parts of a request (path, query, headers) are converted to the schema's types, bodies never. */
function validator(schema: TSchema, convert: boolean) {
  const check = Compile(schema);
  return (value: unknown) => {
    const given = convert ? Value.Convert(schema, Value.Default(schema, value as never)) : value;
    if (check.Check(given)) return { value: given };
    const first = check.Errors(given)[0];
    return { error: new Problem(COMMON.INVALID, `${(first?.instancePath ?? '') === '' ? 'it' : first?.instancePath} ${first?.message ?? 'is not valid'}`) };
  };
}

/** What Fastify, a store or a handler threw, as the Problem to answer. */
function problemOf(error: unknown): Problem {
  if ((error as { code?: unknown }).code === 'ECONNRESET') return new Problem(COMMON.INVALID, 'the request broke off');
  const known = storeProblem(error);
  if (known instanceof Problem) return known;
  const { code, statusCode, message } = error as Partial<FastifyError>;
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE' || statusCode === 413) return new Problem(COMMON.TOO_LARGE);
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE' || statusCode === 415) return new Problem(COMMON.UNSUPPORTED_TYPE);
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) return new Problem(COMMON.INVALID, message ?? '');
  return new Problem(COMMON.INTERNAL, { cause: error });
}

function textOf(error: unknown): string {
  const cause = error instanceof Problem ? error.cause : undefined;
  const shown = cause ?? error;
  return shown instanceof Error ? (shown.stack ?? shown.message) : String(shown);
}
