/**
 * The HTTP application every host program starts from: routes described by TypeBox schemas (and so by an OpenAPI 3.1
 * document), callers known by token or certificate with a scope named at each route, limits, an audit, problem+json for
 * every error, one log line a call.
 */
import { SerializerSelector } from '@fastify/fast-json-stringify-compiler';
import swagger from '@fastify/swagger';
import fastify, { type FastifyBaseLogger, type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest, type RawServerDefault } from 'fastify';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { type TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { Value } from 'typebox/value';
import type { AuditEntry } from './audit';
import { conditional } from './conditional';
import { component, describe } from './describe';
import { COMMON, documentOf, languageOf, Problem, storeProblem } from './errors';
import { guard, type Limits } from './guard';
import type { Log } from './log';
import type { SessionOptions } from './session';
import type { Principal } from './tokens';

export type App = FastifyInstance<RawServerDefault, IncomingMessage, ServerResponse, FastifyBaseLogger, TypeBoxTypeProvider>;

export interface AppOptions {
  title: string;
  version: string;
  description: string;
  /** Who presents this token, or undefined; may throw a Problem that says more. A TokenTable, or a table of a database. */
  find(token: string): Principal | undefined | Promise<Principal | undefined>;
  /** Who presents this JWT (oidc.ts), in place of `find`; where absent a JWT is a token like any other. */
  person?: ((token: string) => Promise<Principal | undefined>) | undefined;
  /** What a caller is answered who is bounded to devices and names another; it had better be what is answered of one that does not exist. */
  unknownDevice?(device: string): Problem;
  /** Who shows this client certificate (SHA-256 of it, lower-case hexadecimal), where TLS asks for one. */
  certificate?(fingerprint: string): Principal | undefined;
  /** Sessions of browsers; no cookie is looked at where absent. */
  session?: SessionOptions | undefined;
  /** Addresses or networks (CIDR) of proxies in front, whose X-Forwarded-For is believed; none where absent. */
  proxies?: readonly string[] | undefined;
  log: Log;
  /** Largest body in bytes where a route names none. */
  bodyLimit: number;
  /** Resolves when requests can be served; throws the Problem why not. Answers /readyz. */
  ready(): Promise<void>;
  /** Milliseconds of a clock that nobody sets back, for the limits. */
  now(): number;
  /** No limits where absent. */
  limits?: Limits | undefined;
  /** Hears of every call; of one that may have changed something before it is answered. */
  audit?: ((entry: AuditEntry, change: boolean) => void | Promise<void>) | undefined;
  /** Serves HTTPS; certificates of clients are asked for where `ca` is given, and are enough or needed beside a token. */
  tls?: TlsOptions | undefined;
}

export interface TlsOptions {
  /** PEM. */
  cert: string;
  key: string;
  /** PEM of who signs clients' certificates; clients are asked for one. */
  ca?: string | undefined;
  /** No connection without a certificate. */
  required?: boolean | undefined;
}

/** Connections at once: each costs a file, and the database and the ports need some too. */
const CONNECTIONS = 2_000;

const serializers = SerializerSelector();

/** Milliseconds for a whole request to come in: a body of the largest size over a slow line, and no trickle for ever. */
const REQUEST_WITHIN = 60_000;

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
    if (problem.fault.status === 401) reply.header('www-authenticate', 'Bearer');
    request.fault = problem.code;
    reply.code(problem.fault.status).header('content-type', 'application/problem+json; charset=utf-8').send(JSON.stringify(document));
  };

  const app: App = fastify({
    logger: false,
    bodyLimit: options.bodyLimit,
    exposeHeadRoutes: false,
    forceCloseConnections: true,
    requestTimeout: REQUEST_WITHIN,
    trustProxy: options.proxies === undefined || options.proxies.length === 0 ? false : [...options.proxies],
    routerOptions: { maxParamLength: 200 },
    schemaController: { compilersFactory: { buildSerializer: whenNeeded } },
    ...(options.tls === undefined ? {} : { https: secured(options.tls) }),
    frameworkErrors: (error: FastifyError, request: FastifyRequest, reply: FastifyReply) => fail(error, request, reply),
  } as { logger: false }).withTypeProvider<TypeBoxTypeProvider>();

  app.setValidatorCompiler(({ schema, httpPart }) => validator(schema as TSchema, httpPart !== 'body'));
  // Many clients say "JSON" with every request, also where there is nothing to say. A route that wants a body misses it anyway.
  const parse = app.getDefaultJsonParser('error', 'error');
  app.removeContentTypeParser(['application/json', 'text/plain']);
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body: string, done) => {
    if (body === '') return done(null, undefined);
    return parse(request, body, (error, value) => (error === null && ESCAPED_HALF.test(body) && hasHalf(value) ? done(new Problem(COMMON.INVALID, 'a text holds half of a character')) : done(error, value)));
  });
  app.setErrorHandler(fail);
  app.setNotFoundHandler((request, reply) => fail(new Problem(COMMON.NO_ROUTE, `${request.method} ${request.url.split('?')[0]}`), request, reply));

  app.server.maxConnections = CONNECTIONS;
  const shared = new Set<string>();
  const share = (schema: TSchema): void => {
    const { $id } = schema as { $id?: string };
    if ($id === undefined || shared.has($id)) return;
    shared.add($id);
    app.addSchema(component(schema, share));
  };
  app.addHook('onRoute', (route) => describe(route, share));
  await app.register(swagger, {
    refResolver: { buildLocalReference: (json, _base, _fragment, i) => (typeof json['$id'] === 'string' ? json['$id'] : `def-${i}`) },
    openapi: {
      openapi: '3.1.0',
      info: { title: options.title, version: options.version, description: options.description, license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } as never },
      servers: [{ url: '/', description: 'This server' }],
      components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer', description: 'A token of the configuration, or a JWT of the company (OpenID Connect). Where TLS asks for certificates, one of them does as well.' } } },
    },
  });
  await guard(app, options);
  conditional(app);

  // What a browser must not do with any answer; routes that say more themselves keep what they say.
  app.addHook('onSend', async (_request, reply) => {
    const said = { 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer', ...(options.tls === undefined ? {} : { 'strict-transport-security': 'max-age=31536000' }) };
    for (const [name, value] of Object.entries(said)) if (!reply.hasHeader(name)) reply.header(name, value);
  });
  app.addHook('onResponse', async (request, reply) => {
    options.log.debug('request', { who: request.principal?.name, method: request.method, url: request.routeOptions.url, status: reply.statusCode, ms: Math.round(reply.elapsedTime) });
  });

  app.get('/healthz', { config: { scope: 'open' }, schema: { operationId: 'getHealth', summary: 'The process runs', response: { 200: OkSchema } } }, async () => ({ ok: true }));
  app.get(
    '/readyz',
    { config: { scope: 'open', errors: [COMMON.STORE_FULL, COMMON.STORE_BUSY, COMMON.STORE_FAILED] }, schema: { operationId: 'getReadiness', summary: 'Requests can be served', response: { 200: OkSchema } } },
    async () => {
      await options.ready();
      return { ok: true };
    },
  );
  app.get('/openapi.json', { config: { scope: 'open' }, schema: { hide: true } }, async () => app.swagger());
  return app;
}

/** As JSON may write half of a pair of UTF-16, which is no text (RFC 7493 section 2.1): no hash, signature or table could hold it as it came. */
const ESCAPED_HALF = /\\u[dD][89a-fA-F]/;

function hasHalf(value: unknown): boolean {
  // Without recursion: a body may be as deep as it is long.
  for (const left = [value]; left.length > 0; ) {
    const one = left.pop();
    if (typeof one === 'string' && /\p{Surrogate}/u.test(one)) return true;
    if (typeof one === 'object' && one !== null) for (const [key, item] of Object.entries(one)) left.push(key, item);
  }
  return false;
}

/**
 * What writes an answer by its schema is made when the first is written: there are a dozen answers for each route, most of
 * them errors, which are written by themselves.
 */
const whenNeeded: typeof serializers = (external, options) => {
  const make = serializers(external, options);
  return (definition) => {
    let write: ((data: unknown) => string) | undefined;
    return (data) => (write ??= make(definition))(data);
  };
};

const OkSchema = { type: 'object', required: ['ok'], properties: { ok: { type: 'boolean' } }, additionalProperties: false } as unknown as TSchema;

/** TLS 1.2 at least (RFC 9325 section 3.1.1). */
function secured({ cert, key, ca, required }: TlsOptions): object {
  return { cert, key, minVersion: 'TLSv1.2', ...(ca === undefined ? {} : { ca, requestCert: true, rejectUnauthorized: required === true }) };
}

/** Text parts of a request (path, query, headers) are converted to the schema's types, bodies never. */
function validator(schema: TSchema, convert: boolean) {
  const check = Compile(schema);
  return (value: unknown) => {
    const given = convert ? fromText(schema, Value.Default(schema, value as never)) : value;
    if (check.Check(given)) return { value: given };
    const first = check.Errors(given)[0];
    return { error: new Problem(COMMON.INVALID, `${(first?.instancePath ?? '') === '' ? 'it' : first?.instancePath} ${first?.message ?? 'is not valid'}`) };
  };
}

/** Numbers and truth values as an address writes them, and nothing that merely looks like one: "true" is no 1. */
function fromText(schema: TSchema, value: unknown): unknown {
  const { properties = {} } = schema as { properties?: Record<string, { type?: string }> };
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, text]: [string, unknown]) => {
      const type = properties[name]?.type;
      if (typeof text !== 'string') return [name, text];
      if (type === 'integer' || type === 'number') return [name, /^-?(0|[1-9]\d{0,15})(\.\d{1,15})?$/.test(text) ? Number(text) : text];
      if (type === 'boolean') return [name, text === 'true' ? true : text === 'false' ? false : text];
      return [name, text];
    }),
  );
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
