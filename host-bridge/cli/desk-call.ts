/**
 * `smartseal desk call`: any call of a running desk's API, by method and path, with fields written as `name=value`. What a
 * field means is read from the desk's own OpenAPI document, so that nothing of the API stands here again.
 */
import type { Command } from 'commander';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { writeDurably } from '../common/files';
import { faults, Problem, type Language } from '../common/errors';
import { DESK, send, understood, type Options } from './client';
import { reaching } from './desk-look';
import { failWith, languageFrom, systemClock } from './system';

export const CALL = faults({
  NO_SUCH_CALL: [404, 'The desk has no such call', '审批台没有这个接口'],
  CALL_FIELD: [400, 'A field is not written right', '字段写法有误'],
  FILE_EXISTS: [409, 'There is a file of that name', '文件已存在'],
});

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];

interface Schema {
  type?: string;
  const?: unknown;
  enum?: unknown[];
  anyOf?: Schema[];
  items?: Schema;
  properties?: Record<string, Schema>;
  required?: string[];
  description?: string;
  $ref?: string;
}
interface Operation {
  summary?: string;
  description?: string;
  parameters?: { name: string; in: string; required?: boolean; description?: string; schema?: Schema }[];
  requestBody?: { content?: Record<string, { schema?: Schema }> };
}
export interface Document {
  paths: Record<string, Record<string, Operation>>;
  components?: { schemas?: Record<string, Schema> };
}
export interface Found {
  method: string;
  template: string;
  operation: Operation;
}

function resolved(document: Document, schema: Schema | undefined): Schema {
  const name = schema?.$ref?.split('/').pop();
  return name === undefined ? (schema ?? {}) : (document.components?.schemas?.[name] ?? {});
}

/** Path as a person writes it, with or without `/v1` before it; and its query. */
function pathOf(text: string): { pathname: string; query: URLSearchParams } {
  const [before = '', ...rest] = text.split('?');
  const bare = before.replace(/^\/+|\/+$/g, '');
  return { pathname: /^(v\d+|r|healthz|readyz)(\/|$)/.test(bare) ? `/${bare}` : `/v1/${bare}`, query: new URLSearchParams(rest.join('?')) };
}

/** The operation behind method and path; a literal part of a path goes before a parameter. */
export function operationOf(document: Document, method: string, pathname: string): Found | undefined {
  const wanted = pathname.split('/');
  const fits = (template: string): boolean => {
    const parts = template.split('/');
    return parts.length === wanted.length && parts.every((part, i) => part === wanted[i] || (/^\{.+\}$/.test(part) && wanted[i] !== ''));
  };
  const found = Object.keys(document.paths).filter((template) => document.paths[template]?.[method.toLowerCase()] !== undefined && fits(template));
  const template = found.sort((a, b) => (a.match(/\{/g)?.length ?? 0) - (b.match(/\{/g)?.length ?? 0))[0];
  const operation = template === undefined ? undefined : document.paths[template]?.[method.toLowerCase()];
  return template === undefined || operation === undefined ? undefined : { method, template, operation };
}

/** What a field may be, in few words. */
function typeText(document: Document, given: Schema | undefined): string {
  const schema = resolved(document, given);
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum !== undefined) return schema.enum.join(' | ');
  if (schema.anyOf !== undefined) return [...new Set(schema.anyOf.map((one) => (one.const === undefined ? typeText(document, one) : String(one.const))))].join(' | ');
  if (schema.type === 'array') return `${typeText(document, schema.items)}, …`;
  return schema.type === 'object' ? '{…}' : (schema.type ?? 'any');
}

function bodyOf(document: Document, { operation }: Found): Schema {
  const schema = resolved(document, operation.requestBody?.content?.['application/json']?.schema);
  return schema.anyOf === undefined ? schema : resolved(document, schema.anyOf.find((one) => resolved(document, one).properties !== undefined));
}

/** All calls whose method, path or summary hold every one of these words; each with its fields where they are few. */
export function described(document: Document, words: readonly string[]): string[] {
  const out: { head: string; fields: string[] }[] = [];
  for (const [template, methods] of Object.entries(document.paths)) {
    for (const [method, operation] of Object.entries(methods)) {
      const head = `${method.toUpperCase()} ${template}  ${operation.summary ?? ''}`;
      if (!words.every((word) => head.toLowerCase().includes(word.toLowerCase()))) continue;
      const body = bodyOf(document, { method, template, operation });
      const queries = (operation.parameters ?? []).filter((one) => one.in === 'query');
      out.push({ head, fields: [
        ...queries.map(({ name, required, schema, description }) => `    ${name}${required === true ? '' : '?'}=${typeText(document, schema)}  ${description ?? ''}`.trimEnd()),
        ...Object.entries(body.properties ?? {}).map(([name, schema]) => `    ${name}${body.required?.includes(name) === true ? '' : '?'}=${typeText(document, schema)}  ${resolved(document, schema).description ?? ''}`.trimEnd()),
      ] });
    }
  }
  return out.flatMap(({ head, fields }) => (out.length <= 12 ? [head, ...fields] : [head]));
}

/** A moment as Unix seconds: digits as they are, ISO 8601 with its zone, or `+SECONDS` from now. */
export function momentOf(text: string, now: number): number | undefined {
  if (/^\d{1,12}$/.test(text)) return Number(text);
  if (/^\+\d{1,9}$/.test(text)) return now + Number(text.slice(1));
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/.test(text)) return undefined;
  const time = new Date(text).getTime();
  return Number.isNaN(time) ? undefined : Math.floor(time / 1000);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** The value that a text means in a field of this schema. Throws CALL_FIELD. */
export function valueOf(document: Document, given: Schema | undefined, name: string, text: string, now: number): unknown {
  const schema = resolved(document, given);
  const wrong = (): Problem => new Problem(CALL.CALL_FIELD, `${name}=${text}: ${typeText(document, schema)}`);
  if (schema.anyOf !== undefined) {
    if (text === 'null' && schema.anyOf.some(({ type }) => type === 'null')) return null;
    const rest = schema.anyOf.filter(({ type }) => type !== 'null');
    if (rest.every((one) => one.const !== undefined)) return rest.find((one) => String(one.const) === text)?.const ?? text;
    return valueOf(document, rest.length === 1 ? rest[0] : {}, name, text, now);
  }
  if (schema.type === 'integer' || schema.type === 'number') {
    const value = momentOf(text, now) ?? (/^-?\d+(\.\d+)?$/.test(text) ? Number(text) : undefined);
    if (value === undefined) throw wrong();
    return value;
  }
  if (schema.type === 'boolean') {
    if (text !== 'true' && text !== 'false') throw wrong();
    return text === 'true';
  }
  if (schema.type === 'string') return text;
  const json = parsed(text);
  if (schema.type === 'array' && !Array.isArray(json)) return text === '' ? [] : text.split(',').map((part) => valueOf(document, schema.items, name, part.trim(), now));
  if (schema.type === 'object' && (typeof json !== 'object' || json === null)) throw wrong();
  return json ?? text;
}

interface Fields {
  fields: [name: string, text: string][];
  files: [name: string, file: string][];
}

/** `name=value`, or `name@FILE`. Throws CALL_FIELD. */
function fieldsOf(words: readonly string[]): Fields {
  const out: Fields = { fields: [], files: [] };
  for (const word of words) {
    const match = /^([A-Za-z][A-Za-z0-9]{0,63})([=@])([\s\S]*)$/.exec(word);
    if (match === null) throw new Problem(CALL.CALL_FIELD, word);
    const [, name = '', sign, text = ''] = match;
    (sign === '=' ? out.fields : out.files).push([name, text]);
  }
  return out;
}

function fileOf(name: string, file: string): File {
  if (!existsSync(file)) throw new Problem(CALL.CALL_FIELD, `${name}@${file}: ENOENT`);
  return new File([readFileSync(file)], path.basename(file));
}

/** What to send for these words. Throws NO_SUCH_CALL, CALL_FIELD. */
export function requestOf(document: Document, words: readonly string[], now: number): { method: string; path: string; body?: string | FormData; type?: string } {
  const [first = '', ...others] = words;
  const named = METHODS.includes(first.toUpperCase());
  const [target = '', ...rest] = named ? others : words;
  const { fields, files } = fieldsOf(rest);
  const { pathname, query } = pathOf(target);
  const guess = rest.length > 0 && operationOf(document, 'POST', pathname) !== undefined ? 'POST' : 'GET';
  const method = named ? first.toUpperCase() : guess;
  const found = operationOf(document, method, pathname);
  if (found === undefined) throw new Problem(CALL.NO_SUCH_CALL, `${method} ${pathname}`);
  const body = bodyOf(document, found);
  const asked = new Map((found.operation.parameters ?? []).filter((one) => one.in === 'query').map(({ name, schema }) => [name, schema]));
  const sent: Record<string, unknown> = {};
  for (const [name, text] of fields) {
    const known = body.properties?.[name];
    if (known === undefined && asked.has(name)) query.append(name, String(valueOf(document, asked.get(name), name, text, now)));
    else if (known === undefined && body.properties !== undefined) throw new Problem(CALL.CALL_FIELD, `${name}: ${Object.keys(body.properties).join(', ')}`);
    else if (method === 'GET') throw new Problem(CALL.CALL_FIELD, `${name}: ${[...asked.keys()].join(', ') || '-'}`);
    else sent[name] = valueOf(document, known, name, text, now);
  }
  const where = `${pathname}${query.size > 0 ? `?${query.toString()}` : ''}`;
  if (files.length > 0) {
    const form = new FormData();
    for (const [name, value] of Object.entries(sent)) form.set(name, typeof value === 'string' ? value : JSON.stringify(value));
    for (const [name, file] of files) form.set(name, fileOf(name, file));
    return { method, path: where, body: form };
  }
  const bodied = fields.length > 0 && Object.keys(sent).length > 0;
  const wants = found.operation.requestBody?.content?.['application/json'] !== undefined;
  return { method, path: where, ...(bodied || wants ? { body: JSON.stringify(sent), type: 'application/json' } : {}) };
}

/** The desk's own description. */
export async function documentOf(options: Options, language: Language): Promise<Document> {
  const response = await send(DESK, { ...options, token: options.token ?? process.env.SMARTSEAL_TOKEN ?? 'none' }, { method: 'GET', path: '/openapi.json' }, language);
  return understood<Document>(DESK, options, response, ({ paths }) => typeof paths === 'object');
}

async function call(words: readonly string[], options: Options & { out?: string; list?: boolean }): Promise<void> {
  const language = languageFrom(options.lang);
  try {
    if (options.out !== undefined && existsSync(options.out)) throw new Problem(CALL.FILE_EXISTS, options.out);
    const document = await documentOf(options, language);
    if (options.list === true || words.length === 0) {
      const lines = described(document, words);
      if (lines.length === 0) throw new Problem(CALL.NO_SUCH_CALL, words.join(' '));
      process.stdout.write(`${lines.join('\n')}\n`);
      return;
    }
    const response = await send(DESK, options, requestOf(document, words, Math.floor(systemClock().wall() / 1000)), language);
    const type = response.headers.get('content-type') ?? '';
    if (!response.ok) await understood<object>(DESK, options, response, () => false);
    const bytes = Buffer.from(await response.arrayBuffer());
    if (options.out !== undefined) {
      writeDurably(options.out, bytes, 0o600);
      process.stdout.write(options.json === true ? `${JSON.stringify({ out: options.out, bytes: bytes.length, type })}\n` : `${options.out} (${bytes.length} B)\n`);
    } else if (type.startsWith('application/json')) {
      const answer = JSON.parse(bytes.toString('utf8')) as unknown;
      process.stdout.write(`${options.json === true ? JSON.stringify(answer) : JSON.stringify(answer, null, 2)}\n`);
    } else {
      process.stdout.write(bytes);
    }
  } catch (error) {
    failWith(error, language, options.json === true);
  }
}

/** Below `smartseal desk`. */
export function registerCall(desk: Command): void {
  reaching(desk.command('call [words...]').description("any call of the desk's API: [METHOD] PATH [name=value | name@FILE]… (调用接口)"))
    .option('--list', 'which calls there are that hold these words, with their fields')
    .option('--out <file>', 'where the answer goes')
    .addHelpText('after', `
METHOD is POST where fields are given and there is such a call, else GET. PATH goes without /v1. A moment is Unix seconds, 2026-01-01T09:00+08:00, or +SECONDS from now; lists have commas, objects are JSON.

Examples:
  smartseal desk call --list seals
  smartseal desk call people name=张伟 roles=applicant,holder
  smartseal desk call PUT people/2/roles roles=applicant
  smartseal desk call documents document@contract.pdf
  smartseal desk call register/uses search=合同 from=2026-01-01T00:00+08:00
  smartseal desk call register/uses.pdf pictures=true --out uses.pdf`)
    .action((words: string[], _options: Options, command: Command) => call(words, command.optsWithGlobals<Options & { out?: string; list?: boolean }>()));
}
