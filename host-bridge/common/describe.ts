/**
 * What the OpenAPI 3.1 document says of a route beside its own schema: the scope it needs, every error it may answer
 * (RFC 9457, by status, with their codes), and conditional requests (RFC 9110 section 13).
 */
import type { RouteOptions } from 'fastify';
import { Type, type TSchema } from 'typebox';
import { COMMON, documentOf, Problem, type Fault } from './errors';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The scope a token needs for this route; 'open' for none. Every route says it. */
    scope?: string;
    /** Errors this route may answer beside those that all routes of its form may. */
    errors?: readonly Fault[];
    /** It is of no single device, and keeps by itself to those that the caller is bounded to (`request.devices`). */
    bounded?: boolean;
    /** An answer that is never the same twice, or never ends: no ETag. */
    endless?: boolean;
    /** It goes on for as long as the caller likes: the audit hears of it when it begins. */
    stream?: boolean;
  }
}

/** Problem document, RFC 9457. */
export const ProblemSchema = Type.Object(
  {
    type: Type.String({ format: 'uri', description: 'urn:smartseal:error:<code>' }),
    title: Type.String({ description: 'In the language of Accept-Language: zh, else en' }),
    status: Type.Integer({ minimum: 400, maximum: 599 }),
    code: Type.String({ description: 'Stable error code; GET /v1/errors lists them all' }),
    detail: Type.Optional(Type.String({ description: 'What exactly, for people' })),
    refusal: Type.Optional(Type.String({ description: 'Of DEVICE_REFUSED: the code of the device (protocol/SPEC.md, "Refusals")' })),
    refusalDetail: Type.Optional(Type.Integer({ description: 'Of DEVICE_REFUSED: a number that belongs to it' })),
  },
  {
    $id: 'Problem', description: 'An error (RFC 9457)',
    examples: [documentOf(new Problem(COMMON.NOT_FOUND, '7070…'), 'en'), documentOf(new Problem(COMMON.TOO_MANY), 'zh')],
  },
);

const OK: Record<string, string> = { 200: 'Done', 201: 'Made', 202: 'Taken; it is carried out later', 204: 'Done, nothing to say' };

/** Completes the description of a route. Throws where it names no scope. `share` hears of every schema with an $id. */
export function describe(route: RouteOptions, share: (schema: TSchema) => void): void {
  const config = route.config ?? {};
  const { scope } = config;
  if (scope === undefined) throw new Error(`route ${String(route.method)} ${route.url} names no scope`);
  const schema = route.schema ?? {};
  if (schema.hide === true) return;
  const conditional = route.method === 'GET' && scope !== 'open' && config.endless !== true;
  const description = [schema.description, scope === 'open' ? undefined : `Scope: \`${scope}\`.`].filter((text) => text !== undefined).join('\n\n');
  route.schema = {
    ...schema,
    ...(description === '' ? {} : { description }),
    ...(schema.operationId === undefined ? { operationId: nameOf(String(route.method), route.url) } : {}),
    ...(schema.tags === undefined ? { tags: [schema.operationId === undefined ? 'other' : 'process'] } : {}),
    ...(scope === 'open' ? { security: [] } : { security: [{ bearer: [] }] }),
    ...(schema.querystring === undefined ? {} : { querystring: relaxed(schema.querystring as TSchema) }),
    ...(conditional ? { headers: withCondition(schema.headers) } : {}),
    response: {
      ...answers((schema.response ?? {}) as Record<string, TSchema>, share),
      ...(conditional ? { 304: { description: 'Unchanged: the ETag is the one of If-None-Match' } } : {}),
      ...errorsOf(faultsOf(route, config.errors ?? [])),
      default: problem('Any other error'),
    },
  };
  share(ProblemSchema);
}

/** getV1Things for GET /v1/things, where a route names itself not. */
function nameOf(method: string, url: string): string {
  const words = url.split(/[^A-Za-z0-9]+/).filter((word) => word !== '');
  return method.toLowerCase() + words.map((word) => word[0]!.toUpperCase() + word.slice(1)).join('');
}

/** What has a default need not be given. (TypeBox says it is required, because it is always there behind the validator.) */
function relaxed(schema: TSchema): TSchema {
  const { properties = {}, required = [] } = schema as { properties?: Record<string, { default?: unknown }>; required?: string[] };
  // With what TypeBox keeps out of sight, by which it knows an object as one of its own and fills in defaults.
  const copy = Object.defineProperties({}, Object.getOwnPropertyDescriptors(schema)) as TSchema;
  return Object.assign(copy, { required: required.filter((name) => properties[name]?.default === undefined) });
}

function withCondition(headers: unknown): TSchema {
  const given = (headers ?? Type.Object({})) as TSchema & { properties: Record<string, TSchema> };
  return Type.Object({ ...given.properties, 'if-none-match': Type.Optional(Type.String({ maxLength: 400, description: 'ETag of an answer that you have' })) }) as TSchema;
}

/** Schemas that carry an $id stand once among the components. */
function answers(response: Record<string, TSchema>, share: (schema: TSchema) => void): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(response).map(([status, schema]) => {
      const text = OK[status] ?? 'Done';
      const given = schema as TSchema & { content?: object; description?: string };
      if (given.content !== undefined) return [status, { ...given, description: given.description ?? text }];
      return [status, { description: text, content: { 'application/json': { schema: linked(schema, share) } } }];
    }),
  );
}

function linked(schema: unknown, share: (schema: TSchema) => void): unknown {
  if (typeof schema !== 'object' || schema === null) return schema;
  if (Array.isArray(schema)) return schema.map((item) => linked(item, share));
  const { $id } = schema as { $id?: string };
  if ($id !== undefined) {
    share(schema as TSchema);
    return { $ref: `${$id}#` };
  }
  return Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, linked(value, share)]));
}

/** The same with every schema below it replaced by its name, for the components themselves. */
export function component(schema: TSchema, share: (schema: TSchema) => void): TSchema {
  const { $id, ...rest } = schema as TSchema & { $id: string };
  return { $id, ...(linked(rest, share) as object) } as unknown as TSchema;
}

function faultsOf(route: RouteOptions, own: readonly Fault[]): Fault[] {
  const schema = route.schema ?? {};
  const takes = schema.params !== undefined || schema.querystring !== undefined || schema.headers !== undefined || schema.body !== undefined;
  const stored = route.config?.scope === 'open' ? [] : [COMMON.UNAUTHENTICATED, COMMON.TOKEN_EXPIRED, COMMON.FORBIDDEN, COMMON.IDENTITY_UNREACHABLE, COMMON.STORE_FULL, COMMON.STORE_BUSY, COMMON.STORE_FAILED];
  const body = schema.body === undefined ? [] : [COMMON.TOO_LARGE, COMMON.UNSUPPORTED_TYPE];
  const all = [...(takes ? [COMMON.INVALID] : []), ...stored, ...body, COMMON.TOO_MANY, ...own];
  return [...new Map(all.map((fault) => [fault.code, fault])).values()];
}

function errorsOf(faults: readonly Fault[]): Record<string, unknown> {
  const statuses = [...new Set(faults.map(({ status }) => status))];
  return Object.fromEntries(
    statuses.map((status) => {
      const here = faults.filter((fault) => fault.status === status);
      return [status, problem(here.map(({ code, title }) => `\`${code}\`: ${title.en} / ${title.zh}`).join('\n\n'))];
    }),
  );
}

function problem(description: string): object {
  return { description, content: { 'application/problem+json': { schema: { $ref: 'Problem#' } } } };
}
