/** What the desk serves of the console: files, headers, sizes; and that its types are those of this desk. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { openOffice, type Office } from '../desk/support';
import { SIGN_IN } from '../desk/browser';
import { root } from '../structure/sources';

const folder = path.join(root, 'dist/console');
/** Kilobytes of 1000 bytes, gzipped: what a phone loads before it shows a page for the first time. */
const FIRST_LOAD = 120_000;

let office: Office;
beforeAll(async () => {
  if (!existsSync(path.join(folder, 'index.html'))) spawnSync('npm', ['run', '--silent', 'build:console'], { cwd: root });
  office = await openOffice({ console: folder, signIn: SIGN_IN });
});
afterAll(() => office.close());

const get = (url: string, headers: Record<string, string> = {}) => office.desk.app.inject({ url, headers });

test('the types of the console are those of this desk', async () => {
  const document = (await get('/openapi.json')).payload;
  const made = spawnSync(process.execPath, [path.join(root, 'host-bridge/console/types.mjs')], { input: document, encoding: 'utf8', maxBuffer: 1 << 24 });
  expect(made.stderr).toBe('');
  expect(made.stdout).toBe(readFileSync(path.join(root, 'host-bridge/console/generated/desk.ts'), 'utf8'));
});

test('every address below /console/ is the page, with a policy that has no exception', async () => {
  for (const url of ['/console/', '/console/tasks/00112233aabbccdd', '/console/..%2f..%2fpackage.json', '/console/.vite/manifest.json']) {
    const { statusCode, headers, payload } = await get(url);
    expect([url, statusCode, headers['content-type'], /<div id="console">/.test(payload)]).toEqual([url, 200, 'text/html; charset=utf-8', true]);
    const policy = String(headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).toContain("require-trusted-types-for 'script'");
    expect(policy).not.toMatch(/unsafe|data:|blob:|\*|https?:/);
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['cache-control']).toBe('no-cache');
  }
  expect([(await get('/')).statusCode, (await get('/')).headers.location, (await get('/console')).headers.location]).toEqual([302, '/console/', '/console/']);
});

test('files whose names say what is in them are kept, compressed where the browser takes it; what is not there is an error', async () => {
  const script = readdirSync(path.join(folder, 'assets')).find((name) => /^libraries-.*\.js$/.test(name))!;
  const plain = await get(`/console/assets/${script}`);
  expect([plain.statusCode, plain.headers['cache-control'], plain.headers['content-type']]).toEqual([200, 'public, max-age=31536000, immutable', 'application/javascript; charset=utf-8']);
  const brotli = await get(`/console/assets/${script}`, { 'accept-encoding': 'br' });
  expect([brotli.headers['content-encoding'], brotli.rawPayload.length < plain.rawPayload.length / 2]).toEqual(['br', true]);
  const gone = await get('/console/assets/index-00000000.js');
  expect([gone.statusCode, gone.json().code]).toEqual([404, 'NO_ROUTE']);
  const daily = 'public, max-age=86400';
  for (const [name, type, kept] of [['sw.js', 'application/javascript', 'no-cache'], ['manifest.webmanifest', 'application/manifest+json', 'no-cache'], ['icon.svg', 'image/svg+xml', daily], ['icon-512.png', 'image/png', daily]] as const) {
    const { statusCode, headers } = await get(`/console/${name}`);
    expect([name, statusCode, String(headers['content-type']).split(';')[0], headers['cache-control']]).toEqual([name, 200, type, kept]);
  }
});

test('no file has a script or style in it that the policy would have to allow', () => {
  const page = readFileSync(path.join(folder, 'index.html'), 'utf8');
  // And what every page begins with is named in it, so that all of it comes together.
  for (const part of ['libraries', 'parts']) expect(page).toMatch(new RegExp(`<link rel="modulepreload" crossorigin href="/console/assets/${part}-[^"]+\\.js">`));
  expect(page).not.toMatch(/<style|style=|<script(?![^>]*\bsrc=)|\bon\w+=/);
});

test('what is loaded before the first page fits into the budget', () => {
  const manifest = JSON.parse(readFileSync(path.join(folder, '.vite/manifest.json'), 'utf8')) as Record<string, { file: string; imports?: string[]; css?: string[] }>;
  const needed = new Set<string>(['index.html']);
  const add = (key: string): void => {
    const entry = manifest[key]!;
    for (const file of [entry.file, ...(entry.css ?? [])]) needed.add(file);
    for (const one of entry.imports ?? []) if (!needed.has(manifest[one]!.file)) add(one);
  };
  // The sign-in, and the page behind it, in the longer language.
  for (const key of ['index.html', ...Object.keys(manifest).filter((name) => /^_(parts|libraries)-/.test(name)), 'sign-in/sign-in.tsx', 'i18n/zh.json']) add(key);
  // The application itself and what the home is made of are among them.
  expect(needed.size).toBeGreaterThan(6);
  const bytes = [...needed].reduce((sum, file) => sum + gzipSync(readFileSync(path.join(folder, file)), { level: 9 }).length, 0);
  expect(bytes).toBeGreaterThan(50_000);
  expect(bytes).toBeLessThanOrEqual(FIRST_LOAD);
  if (process.env['SHOW'] !== undefined) console.log(`first load ${bytes} bytes gzipped in ${needed.size} files`);
});
