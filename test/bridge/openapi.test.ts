/** The OpenAPI document: what a linter says of it, whether answers are what it promises, and the errors' catalogue. */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import Ajv2020 from 'ajv/dist/2020';
import { BRIDGE } from '../../host-bridge/bridge';
import { CATALOGUE } from '../../host-bridge/bridge/api/catalogue';
import { Bench, DEVICE } from './harness';

interface Operation {
  operationId: string;
  tags: string[];
  summary: string;
  description?: string;
  parameters?: { name: string; in: string; required?: boolean; schema: object }[];
  responses: Record<string, { description: string; content?: Record<string, { schema?: object }> }>;
}
interface OpenApi {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, object> };
}

let bench: Bench;
let document: OpenApi;
beforeAll(async () => {
  bench = new Bench();
  bench.plug();
  await bench.start();
  document = (await bench.get('/openapi.json')).json();
});
afterAll(() => bench.end());

const operations = (): [string, string, Operation][] => Object.entries(document.paths).flatMap(([url, methods]) => Object.entries(methods).map(([method, operation]): [string, string, Operation] => [method, url, operation]));

test('a linter finds nothing', () => {
  const lint = spawnSync(process.execPath, [path.join(__dirname, 'openapi-lint.js')], { input: JSON.stringify(document), encoding: 'utf8' });
  expect(lint.stderr).toBe('');
  expect(JSON.parse(lint.stdout)).toEqual([]);
});

test('and it is one that finds something', () => {
  const broken = { ...document, paths: { '/v1/x': { get: { responses: { 200: { descripton: 'x' } } } } } };
  const lint = spawnSync(process.execPath, [path.join(__dirname, 'openapi-lint.js')], { input: JSON.stringify(broken), encoding: 'utf8' });
  expect((JSON.parse(lint.stdout) as unknown[]).length).toBeGreaterThan(2);
});

test('every operation has a name, a tag, a summary, and names its errors', () => {
  const names = operations().map(([, , operation]) => operation.operationId);
  expect(new Set(names).size).toBe(names.length);
  for (const [, url, operation] of operations()) {
    expect([url, operation.tags.length, operation.summary !== '']).toEqual([url, 1, true]);
    const codes = Object.values(operation.responses).flatMap(({ description }) => [...description.matchAll(/^`([A-Z_]+)`:/gm)].map(([, code]) => code));
    const known = new Set(CATALOGUE.map(({ code }) => code));
    expect(codes.filter((code) => !known.has(code!))).toEqual([]);
    expect(codes).toContain('TOO_MANY');
    if (url.includes('{device}')) expect([url, codes.includes('UNKNOWN_DEVICE')]).toEqual([url, true]);
  }
});

test('the catalogue tells every code once, in both languages', async () => {
  const { errors } = (await bench.get('/v1/errors')).json<{ errors: { code: string; status: number; title: { zh: string; en: string } }[] }>();
  expect(new Set(errors.map(({ code }) => code)).size).toBe(errors.length);
  expect(errors).toContainEqual({ code: 'DEVICE_OFFLINE', status: 503, title: BRIDGE.DEVICE_OFFLINE.title });
  for (const { title } of errors) expect([/[\u4e00-\u9fff]/.test(title.zh), /^[\x20-\x7e]+$/.test(title.en)]).toEqual([true, true]);
});

test('answers are what the document says, field by field', async () => {
  await bench.ready();
  const ajv = new Ajv2020({ strict: false });
  ajv.addFormat('uri', true);
  for (const [name, schema] of Object.entries(document.components.schemas)) ajv.addSchema(schema, `#/components/schemas/${name}`);
  let judged = 0;
  for (const [method, url, operation] of operations()) {
    if (method !== 'get' || url === '/v1/events') continue;
    const answer = await bench.get(url.replace('{device}', DEVICE).replace(/\{(permit|grant|digest)\}/, (_, name: string) => (name === 'permit' ? 'a'.repeat(32) : 'b'.repeat(64))).replace('{webhook}', `wh_${'0'.repeat(24)}`));
    const schema = operation.responses[answer.statusCode]?.content;
    expect([url, answer.statusCode, schema !== undefined]).toEqual([url, answer.statusCode, true]);
    const type = String(answer.headers['content-type']).split(';')[0]!;
    expect(Object.keys(schema!)).toContain(type);
    if (!type.endsWith('json')) continue;
    const check = ajv.compile(JSON.parse(JSON.stringify(schema![type]!.schema)) as object);
    expect([url, check(answer.json()), check.errors]).toEqual([url, true, null]);
    judged += 1;
  }
  expect(judged).toBeGreaterThan(20);
});

test('what has not changed is not sent again', async () => {
  const first = await bench.get('/v1/ports');
  const tag = String(first.headers['etag']);
  expect(tag).toMatch(/^"/);
  const ask = (etag: string) => bench.clock.during(bench.bridge.app.inject({ url: '/v1/ports', headers: { authorization: 'Bearer all', 'if-none-match': etag } }));
  const second = await ask(tag);
  expect([second.statusCode, second.payload]).toEqual([304, '']);
  expect([first.headers['cache-control'], second.headers['etag']]).toEqual(['private, no-cache', tag]);
  expect((await ask('"other"')).statusCode).toBe(200);
  for (const list of [`"other", ${tag}`, `W/${tag}`, '*', `"a",W/"b" , W/${tag}`]) expect((await ask(list)).statusCode).toBe(304);
  // Only what went well, and only GET: an error is told again, and a change is made.
  const missing = `/v1/devices/${DEVICE}/permits/${'0'.repeat(32)}`;
  const error = await bench.get(missing);
  expect(error.headers['etag']).toBeUndefined();
  const again = await bench.clock.during(bench.bridge.app.inject({ url: missing, headers: { authorization: 'Bearer all', 'if-none-match': '*' } }));
  expect(again.statusCode).toBe(404);
  const change = await bench.clock.during(bench.bridge.app.inject({ method: 'POST', url: `/v1/devices/${DEVICE}/lease`, headers: { authorization: 'Bearer all', 'if-none-match': '*' }, payload: { seconds: 10 } }));
  expect(change.statusCode).toBe(200);
});
