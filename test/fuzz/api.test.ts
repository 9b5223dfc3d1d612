/**
 * The bridge's API against requests made from its own OpenAPI document: sound ones, nearly sound ones and rubbish. Another
 * validator (Ajv) judges from the document alone which are sound. No 5xx but those that the document names, no error that it
 * does not name, no answer of another form than it promises, nothing unsound taken, nothing left rejected.
 */
import Ajv2020, { type ValidateFunction } from 'ajv/dist/2020';
import fc from 'fast-check';
import { grantPayload, hmacKey, sealGrant, type Grant } from '../../protocol';
import { bytesOfHex, toBuffer } from '../../host-bridge/common/bytes';
import { nodeNatives } from '../../host-bridge/natives';
import { Bench, DEVICE } from '../bridge/harness';
import { BUDGET, ONE_TEST_MS } from './fuzz';

interface Schema {
  type?: string;
  enum?: unknown[];
  anyOf?: Schema[];
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  pattern?: string;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  $ref?: string;
}
interface Parameter { name: string; in: 'path' | 'query' | 'header'; required?: boolean; schema: Schema }
interface Operation {
  operationId: string;
  parameters?: Parameter[];
  requestBody?: { content: Record<string, { schema: Schema }> };
  responses: Record<string, { description: string; content?: Record<string, { schema?: Schema }> }>;
}

const RUNS = Math.max(40, Math.floor(BUDGET / 100));
const PERMIT = '70'.repeat(16);
const raw = (hex: string): string => bytesOfHex(hex) ?? '';
const seal = (device: string, grant: Grant): string => toBuffer(sealGrant(nodeNatives, hmacKey(nodeNatives, 'x'.repeat(32)), grantPayload(raw(device), grant))).toString('base64');
const GRANTS = [
  seal(DEVICE, { kind: 1, notBefore: 1, notAfter: 2_000_000_000, permit: raw(PERMIT), counter: 1, epoch: 0, die: 'DIE00001', count: 3, persons: [1, 1], policy: 1, document: 'd'.repeat(32) }),
  seal(DEVICE, { kind: 2, nonce: 'n'.repeat(16), time: 1_800_000_000 }),
  seal(DEVICE, { kind: 3, permit: raw(PERMIT), photo: 'p'.repeat(32), seq: 3 }),
  seal(DEVICE, { kind: 5, permit: raw(PERMIT), counter: 1 }),
  seal('ff'.repeat(8), { kind: 2, nonce: 'n'.repeat(16), time: 1 }),
];

/** Values that programs stumble over. */
const RUBBISH = fc.oneof(
  fc.constantFrom<unknown>(null, true, 0, -1, 1.5, 1e99, 2 ** 53, '', 'null', '\u0000', '\ud800', '__proto__', [], {}, [[]], { constructor: { prototype: 1 } }, 'A'.repeat(3000), '../../etc/passwd', "' OR 1=1 --"),
  fc.jsonValue({ maxDepth: 4 }),
);

/** Sound values for what the document's schemas use; where a pattern has no maker here, the test says so and fails. */
function sound(schema: Schema, name: string): fc.Arbitrary<unknown> {
  if (name === 'grant') return fc.constantFrom(...GRANTS);
  if (name === 'device') return fc.constantFrom(DEVICE, DEVICE, DEVICE, '0'.repeat(16));
  if (name === 'permit') return fc.constantFrom(PERMIT, PERMIT, '0'.repeat(32));
  if (name === 'prefer') return fc.constantFrom('wait=0', 'respond-async', 'wait=1');
  if (name === 'url') return fc.constantFrom('https://oa.example.com/hook', 'http://127.0.0.1/', 'https://[::1]/', 'ftp://x', 'https://user:pass@x/', 'https://169.254.169.254/');
  if (schema.enum) return fc.constantFrom(...schema.enum);
  if (schema.anyOf) return fc.oneof(...schema.anyOf.map((one) => sound(one, '')));
  switch (schema.type) {
    case 'integer':
      return fc.integer({ min: schema.minimum ?? -1000, max: Math.min(schema.maximum ?? 1000, Number.MAX_SAFE_INTEGER) });
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case 'array':
      return fc.array(sound(schema.items ?? {}, ''), { maxLength: 4 });
    case 'object':
      return fc.record(Object.fromEntries(Object.entries(schema.properties ?? {}).map(([key, one]) => [key, sound(one, key)])), { requiredKeys: schema.required ?? [] });
    case 'string': {
      if (schema.pattern?.startsWith('^[A-Za-z0-9+/]')) return fc.uint8Array({ minLength: 1, maxLength: 60 }).map((bytes) => Buffer.from(bytes).toString('base64'));
      if (schema.pattern !== undefined) return fc.stringMatching(new RegExp(schema.pattern));
      return fc.string({ minLength: schema.minLength ?? 0, maxLength: Math.min(schema.maxLength ?? 40, 60) });
    }
    default:
      return RUBBISH;
  }
}

/** One thing wrong with a sound value, somewhere. */
function spoilt(schema: Schema, name: string): fc.Arbitrary<unknown> {
  if (schema.type !== 'object') return fc.oneof(RUBBISH, sound(schema, name).map((value) => (typeof value === 'string' ? `${value} ` : typeof value === 'number' ? String(value) : [value])));
  return fc.tuple(sound(schema, name), fc.constantFrom(...Object.keys(schema.properties ?? {}), 'surprise', '__proto__'), RUBBISH, fc.boolean()).map(([value, key, rubbish, drop]) => {
    const copy: Record<string, unknown> = { ...(value as object) };
    if (drop) delete copy[key];
    else Object.defineProperty(copy, key, { value: rubbish, enumerable: true, configurable: true, writable: true });
    return copy;
  });
}

let bench: Bench;
let operations: [method: string, url: string, operation: Operation][];
let ajv: Ajv2020;
const checks = new Map<string, ValidateFunction>();
const rejections: unknown[] = [];
const onRejection = (why: unknown): void => void rejections.push(why);

beforeAll(async () => {
  process.on('unhandledRejection', onRejection);
  bench = new Bench();
  bench.plug();
  await bench.start();
  await bench.ready();
  const document = (await bench.get('/openapi.json')).json<{ paths: Record<string, Record<string, Operation>>; components: { schemas: Record<string, object> } }>();
  operations = Object.entries(document.paths).flatMap(([url, methods]) => Object.entries(methods).map(([method, operation]): [string, string, Operation] => [method, url, operation]));
  ajv = new Ajv2020({ strict: false });
  ajv.addFormat('uri', true);
  for (const [name, schema] of Object.entries(document.components.schemas)) ajv.addSchema(schema, `#/components/schemas/${name}`);
});
afterAll(async () => {
  process.off('unhandledRejection', onRejection);
  await bench.end();
});

function check(key: string, schema: Schema): ValidateFunction {
  let made = checks.get(key);
  if (made === undefined) checks.set(key, (made = ajv.compile(JSON.parse(JSON.stringify(schema)) as object)));
  return made;
}

/** Whether a text is a sound parameter; numbers and truth values are texts in an address. */
function soundText(key: string, schema: Schema, text: string): boolean {
  if (schema.type === 'integer') return /^-?(0|[1-9]\d{0,15})$/.test(text) && check(key, schema)(Number(text));
  if (schema.type === 'boolean') return text === 'true' || text === 'false';
  return check(key, schema)(text);
}

interface Made { url: string; headers: Record<string, string>; payload?: string; sound: boolean }

function request(method: string, path: string, operation: Operation): fc.Arbitrary<Made> {
  const parameters = operation.parameters ?? [];
  const body = operation.requestBody?.content['application/json']?.schema;
  const one = (parameter: Parameter): fc.Arbitrary<string | undefined> => {
    const good = sound(parameter.schema, parameter.name).map(String);
    const bad = spoilt(parameter.schema, parameter.name).map((value) => (typeof value === 'string' ? value : (JSON.stringify(value) ?? 'undefined')));
    const given = fc.oneof({ weight: 5, arbitrary: good }, { weight: 1, arbitrary: bad });
    return parameter.required === true ? given : fc.option(given, { nil: undefined });
  };
  const values = fc.tuple(...parameters.map(one));
  const payloads: fc.Arbitrary<string | undefined> = body === undefined ? fc.constant(undefined) : fc.oneof(
    { weight: 5, arbitrary: sound(body, '').map((value) => JSON.stringify(value)) },
    { weight: 4, arbitrary: spoilt(body, '').map((value) => JSON.stringify(value) ?? '') },
    { weight: 1, arbitrary: fc.oneof(fc.string(), fc.constantFrom('{', '{"a":1}{', '[[[[', '\u0000', '{"__proto__":{"x":1}}', `${'['.repeat(5000)}`)) },
  );
  return fc.tuple(values, payloads).map(([given, payload]) => {
    let url = path;
    const query: string[] = [];
    const headers: Record<string, string> = {};
    let good = true;
    for (const [i, parameter] of parameters.entries()) {
      const text = given[i];
      if (text === undefined) continue;
      const wellFormed = !/\p{Surrogate}/u.test(text);
      const shown = wellFormed ? text : '?';
      if (parameter.in === 'header') {
        const plain = shown.replace(/[^\x20-\x7e]/g, '').trim();
        headers[parameter.name] = plain;
        good &&= soundText(`${operation.operationId} ${parameter.name}`, parameter.schema, plain);
      } else {
        if (parameter.in === 'path') url = url.replace(`{${parameter.name}}`, encodeURIComponent(shown));
        else query.push(`${parameter.name}=${encodeURIComponent(shown)}`);
        good &&= soundText(`${operation.operationId} ${parameter.name}`, parameter.schema, shown);
      }
    }
    if (payload !== undefined) {
      try {
        good &&= check(`${operation.operationId} body`, body!)(JSON.parse(payload));
      } catch {
        good = false;
      }
      headers['content-type'] = 'application/json';
    }
    return { url: query.length === 0 ? url : `${url}?${query.join('&')}`, headers, ...(payload === undefined ? {} : { payload }), sound: good };
  });
}

test('requests made from the document find nothing but what the document says', async () => {
  let calls = 0;
  let taken = 0;
  for (const [method, path, operation] of operations) {
    if (operation.operationId === 'followEvents') continue; // endless; its own tests
    await fc.assert(
      fc.asyncProperty(request(method, path, operation), async (made) => {
        calls += 1;
        const answer = await bench.clock.during(bench.bridge.app.inject({ method: method.toUpperCase() as 'GET', url: made.url, headers: { authorization: 'Bearer all', ...made.headers }, ...(made.payload === undefined ? {} : { payload: made.payload }) }));
        const { statusCode } = answer;
        const told = `${method} ${made.url} ${made.payload ?? ''} -> ${statusCode} ${answer.payload.slice(0, 300)}`;
        if (statusCode < 300) {
          taken += 1;
          if (!made.sound) throw new Error(`unsound and taken: ${told}`);
        }
        const response = operation.responses[statusCode];
        const type = String(answer.headers['content-type'] ?? '').split(';')[0]!;
        if (statusCode === 304) return;
        if (statusCode >= 400) {
          const { code, detail } = answer.json<{ code: string; detail?: string }>();
          if (type !== 'application/problem+json') throw new Error(`not a problem document: ${told}`);
          // An address that its own parser refuses, or that leads nowhere, is of no operation.
          if (code === 'NO_ROUTE' || (code === 'INVALID' && !made.sound)) return;
          if (response === undefined || !response.description.includes(`\`${code}\`:`)) throw new Error(`not in the document: ${told}`);
          // A schema cannot say "canonical": one text for one grant (common/bytes.ts).
          if (statusCode === 400 && made.sound && detail?.includes('canonical') !== true) throw new Error(`sound and refused: ${told}`);
        }
        const schema = response?.content?.[type]?.schema;
        if (schema === undefined) throw new Error(`no such answer in the document: ${type} ${told}`);
        if (!type.endsWith('json')) return;
        const fits = check(`${operation.operationId} ${statusCode}`, schema);
        if (!fits(answer.json())) throw new Error(`of another form: ${JSON.stringify(fits.errors)} ${told}`);
      }),
      { numRuns: RUNS, seed: 20_261_126, endOnFailure: true },
    );
  }
  expect(rejections).toEqual([]);
  expect(calls).toBeGreaterThan(operations.length * RUNS * 0.9);
  expect(taken).toBeGreaterThan(calls / 10);
}, ONE_TEST_MS);
