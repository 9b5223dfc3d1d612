/** Who may call: tokens that expire, people by JWT, certificates; and how often. Over real sockets where TLS or an identity provider takes part. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose';
import { Agent, fetch as undici } from 'undici';
import { jwtClaims, oidcPeople } from '../../host-bridge/common/oidc';
import { digestOfToken } from '../../host-bridge/common/tokens';
import { httpTransport } from '../../host-bridge/desk/follow/transport';
import { createDesk } from '../../host-bridge/desk/desk';
import { testKeys, testRandom } from '../desk/support';
import { SILENT } from '../../host-bridge/common/log';
import { Bench, DEVICE, OTHER } from './harness';

let bench: Bench;
beforeEach(() => {
  bench = new Bench();
});
afterEach(() => bench.end());

const codeOf = (answer: { json<T>(): T; statusCode: number }): [number, string | undefined] => [answer.statusCode, answer.json<{ code?: string }>().code];
const ask = (token: string, url = '/v1/ports', headers: Record<string, string> = {}) => bench.clock.during(bench.bridge.app.inject({ url, headers: { authorization: `Bearer ${token}`, ...headers } }));

test('a token is good until its moment, and then says why it is not', async () => {
  const expires = new Date(bench.clock.wall() + 60_000).toISOString();
  await bench.start({ tokens: [{ name: 'oa', sha256: digestOfToken('oa'), scopes: ['read'], expires }] });
  expect((await ask('oa')).statusCode).toBe(200);
  await bench.clock.run(60_000);
  const late = await ask('oa');
  expect([...codeOf(late), late.headers['www-authenticate']]).toEqual([401, 'TOKEN_EXPIRED', 'Bearer']);
});

test('who calls too often waits, each by themselves; a token may have its own number', async () => {
  const entry = (name: string, perMinute?: number) => ({ name, sha256: digestOfToken(name), scopes: ['read'], perMinute });
  await bench.start({ tokens: [entry('a'), entry('b'), entry('busy', 40)], http: { limits: { perMinute: 10, failuresPerMinute: 5 } } });
  const statuses = async (token: string, n: number): Promise<number[]> => {
    const seen: number[] = [];
    for (let i = 0; i < n; i++) seen.push((await ask(token)).statusCode);
    return seen;
  };
  expect(await statuses('a', 12)).toEqual([...Array<number>(10).fill(200), 429, 429]);
  const limited = await ask('a');
  expect(limited.json()).toMatchObject({ code: 'TOO_MANY', status: 429 });
  expect(Number(limited.headers['retry-after'])).toBeGreaterThan(0);
  expect(await statuses('b', 1)).toEqual([200]);
  expect(new Set(await statuses('busy', 30))).toEqual(new Set([200]));
  // Whoever guesses is told to wait, and those with a token behind the same address are not.
  expect(await statuses('guess', 7)).toEqual([401, 401, 401, 401, 401, 429, 429]);
  expect(await statuses('b', 1)).toEqual([200]);
});

describe('people by JWT', () => {
  const AUDIENCE = 'seal-bridge';
  let provider: Server;
  let issuer: string;
  let down = false;
  let asked = 0;
  let keys: Awaited<ReturnType<typeof generateKeyPair>>;
  let stranger: Awaited<ReturnType<typeof generateKeyPair>>;

  beforeAll(async () => {
    keys = await generateKeyPair('ES256');
    stranger = await generateKeyPair('ES256');
    const jwk = { ...(await exportJWK(keys.publicKey)), kid: 'k1', alg: 'ES256', use: 'sig' };
    provider = createServer((request, response) => {
      asked += 1;
      if (down) return void response.writeHead(500).end();
      response.setHeader('content-type', 'application/json');
      if (request.url === '/.well-known/openid-configuration') return void response.end(JSON.stringify({ issuer, jwks_uri: `${issuer}/keys` }));
      if (request.url === '/keys') return void response.end(JSON.stringify({ keys: [jwk] }));
      response.writeHead(404).end();
    });
    await new Promise<void>((resolve) => provider.listen(0, '127.0.0.1', resolve));
    issuer = `http://127.0.0.1:${(provider.address() as AddressInfo).port}`;
  });
  afterAll(() => provider.close());

  const seconds = (): number => Math.floor(bench.clock.wall() / 1000);
  const jwt = (claims: object = {}, change: { key?: Awaited<ReturnType<typeof generateKeyPair>>['privateKey']; issuer?: string; audience?: string; exp?: number | null; alg?: string } = {}): Promise<string> => {
    const token = new SignJWT({ groups: ['seal-office', 'canteen'], ...claims }).setProtectedHeader({ alg: change.alg ?? 'ES256', kid: 'k1' }).setSubject('zhang').setIssuer(change.issuer ?? issuer).setAudience(change.audience ?? AUDIENCE);
    return (change.exp === null ? token : token.setExpirationTime(change.exp ?? seconds() + 300)).sign(change.key ?? keys.privateKey);
  };
  const start = (): Promise<unknown> =>
    bench.start({ http: { person: oidcPeople({ issuer, audience: AUDIENCE, claim: 'groups', scopes: { 'seal-office': ['read', 'permit'], constructor: ['admin'], 'hall-2': { scopes: ['read', 'admin'], devices: [OTHER] } }, algorithms: ['ES256', 'HS256'], fetch, timeout: (ms) => AbortSignal.timeout(ms), wall: () => bench.clock.wall() }) } });
  const get = async (token: string, url = '/v1/ports') => bench.bridge.app.inject({ url, headers: { authorization: `Bearer ${token}` } });

  test('a person has the scopes of their groups, and stands in the audit by name', async () => {
    await start();
    expect((await get(await jwt())).statusCode).toBe(200);
    expect(codeOf(await get(await jwt(), '/v1/audit'))).toEqual([403, 'FORBIDDEN']);
    expect(codeOf(await get(await jwt({ groups: ['canteen', 'constructor.x', '__proto__'] })))).toEqual([403, 'FORBIDDEN']);
    const { calls } = (await bench.get('/v1/audit')).json<{ calls: { who: string; how: string }[] }>();
    await bench.clock.run(2000);
    expect(calls.length === 0 || calls[0]!.who === 'person:zhang').toBe(true);
    expect((await bench.get('/v1/audit')).json<{ calls: { who: string; how: string }[] }>().calls[0]).toMatchObject({ who: 'person:zhang', how: 'person' });
  });

  test('and nobody else: wrong key, issuer, audience, no end, over, not signed, signed by our own public key', async () => {
    await start();
    const shared = new TextEncoder().encode(JSON.stringify(await exportJWK(keys.publicKey)));
    const bad: Record<string, string> = {
      key: await jwt({}, { key: stranger.privateKey }),
      issuer: await jwt({}, { issuer: 'https://evil.example' }),
      audience: await jwt({}, { audience: 'canteen' }),
      endless: await jwt({}, { exp: null }),
      unsigned: new UnsecuredJWT({ groups: ['seal-office'] }).setSubject('zhang').setIssuer(issuer).setAudience(AUDIENCE).setExpirationTime(seconds() + 300).encode(),
      symmetric: await new SignJWT({ groups: ['seal-office'] }).setProtectedHeader({ alg: 'HS256', kid: 'k1' }).setSubject('zhang').setIssuer(issuer).setAudience(AUDIENCE).setExpirationTime(seconds() + 300).sign(shared),
      cut: (await jwt()).slice(0, -4),
      rubbish: 'eyJhbGciOiJFUzI1NiJ9.e30.AAAA',
    };
    for (const [name, token] of Object.entries(bad)) expect([name, ...codeOf(await get(token))]).toEqual([name, 401, 'UNAUTHENTICATED']);
    expect(codeOf(await get(await jwt({}, { exp: seconds() - 60 })))).toEqual([401, 'TOKEN_EXPIRED']);
  });

  test('a group may be for some devices; beside one that is for all, each keeps to its own', async () => {
    await start();
    const hall = await jwt({ groups: ['hall-2'] });
    const both = await jwt({ groups: ['hall-2', 'seal-office'] });
    const status = async (token: string, url: string): Promise<number> => (await get(token, url)).statusCode;
    expect([await status(hall, `/v1/devices/${OTHER}`), await status(hall, `/v1/devices/${DEVICE}`)]).toEqual([200, 404]);
    expect([await status(both, `/v1/devices/${OTHER}`), await status(both, `/v1/devices/${DEVICE}`)]).toEqual([200, 200]);
    // admin is for hall 2 alone: DELETE …/quarantine finds that nothing is quarantined, and elsewhere no device at all.
    const lift = async (device: string): Promise<unknown> => (await bench.bridge.app.inject({ method: 'DELETE', url: `/v1/devices/${device}/quarantine`, headers: { authorization: `Bearer ${both}` } })).json<{ code: string }>().code;
    expect([await lift(OTHER), await lift(DEVICE)]).toEqual(['CONFLICT', 'UNKNOWN_DEVICE']);
    expect(codeOf(await get(both, '/v1/audit'))).toEqual([403, 'FORBIDDEN']);
  });

  test('the desk has the same guard: a JWT is the person whom its configuration names, with the roles that they have there', async () => {
    await bench.start();
    const home = join(bench.directory, 'desk');
    const identity = { claim: 'sub', people: { zhang: 1, ghost: 7 }, claims: jwtClaims({ issuer, audience: AUDIENCE, algorithms: ['ES256'], fetch, timeout: (ms) => AbortSignal.timeout(ms), wall: () => bench.clock.wall() }) };
    const desk = await createDesk({ database: ':memory:', documents: `${home}-documents`, photos: `${home}-photos`, keys: testKeys, clock: bench.clock, random: testRandom('desk'), log: SILENT, bridges: [], identity });
    const { token, person } = await desk.rooms.people.add('Zhang', ['auditor'], 0);
    const at = async (bearer: string, url = '/v1/me') => desk.app.inject({ url, headers: { authorization: `Bearer ${bearer}` } });
    const good = await at(await jwt());
    expect([good.statusCode, good.json<{ id: number }>().id]).toEqual([200, person.id]);
    expect([(await at(await jwt(), '/v1/people')).statusCode, (await at(token)).statusCode]).toEqual([200, 200]);
    const bad = { ghost: await new SignJWT({}).setProtectedHeader({ alg: 'ES256', kid: 'k1' }).setSubject('ghost').setIssuer(issuer).setAudience(AUDIENCE).setExpirationTime(seconds() + 300).sign(keys.privateKey), stranger: await jwt({}, { key: stranger.privateKey }), audience: await jwt({}, { audience: 'canteen' }) };
    for (const [name, one] of Object.entries(bad)) expect([name, ...codeOf(await at(one))]).toEqual([name, 401, 'UNAUTHENTICATED']);
    expect(codeOf(await at(await jwt({}, { exp: seconds() - 60 })))).toEqual([401, 'TOKEN_EXPIRED']);
    // Their roles are the desk's own, whatever the claims say.
    await desk.rooms.people.setRoles(person.id, [], 0);
    expect(codeOf(await at(await jwt({ roles: ['admin'], groups: ['admin'] }), '/v1/people'))).toEqual([403, 'FORBIDDEN']);
    await desk.close();
  });

  test('an identity provider that is down is 503, asked seldom, and tokens of the configuration go on', async () => {
    down = true;
    await start();
    const before = asked;
    for (let i = 0; i < 5; i++) expect(codeOf(await get(await jwt()))).toEqual([503, 'IDENTITY_UNREACHABLE']);
    expect(asked - before).toBe(1);
    expect((await get('reader')).statusCode).toBe(200);
    down = false;
    await bench.clock.run(6000);
    expect((await get(await jwt())).statusCode).toBe(200);
  });
});

const openssl = spawnSync('openssl', ['version']).status === 0;
if (!openssl) console.warn('not run, because there is no openssl on this machine: TLS and certificates of clients');

if (openssl) describe('TLS', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tls-'));
  const file = (name: string): string => readFileSync(join(folder, name), 'utf8');
  const run = (...args: string[]): void => {
    const made = spawnSync('openssl', args, { cwd: folder, encoding: 'utf8' });
    if (made.status !== 0) throw new Error(made.stderr);
  };
  const pair = (name: string, signer?: string): void => {
    const ec = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2', '-keyout', `${name}.key`, '-subj', `/CN=${name}`];
    if (signer === undefined) return run('req', '-x509', ...ec, '-out', `${name}.pem`, '-addext', 'basicConstraints=critical,CA:TRUE');
    run('req', ...ec, '-out', `${name}.csr`, '-addext', 'subjectAltName=IP:127.0.0.1');
    run('x509', '-req', '-in', `${name}.csr`, '-CA', `${signer}.pem`, '-CAkey', `${signer}.key`, '-CAcreateserial', '-days', '2', '-copy_extensions', 'copy', '-out', `${name}.pem`);
  };
  const fingerprint = (name: string): string => {
    const told = spawnSync('openssl', ['x509', '-in', `${name}.pem`, '-noout', '-fingerprint', '-sha256'], { cwd: folder, encoding: 'utf8' }).stdout;
    return told.split('=')[1]!.trim().replaceAll(':', '').toLowerCase();
  };
  beforeAll(() => {
    pair('ca');
    pair('others');
    pair('server', 'ca');
    pair('desk', 'ca');
    pair('clerk', 'ca');
    pair('forged', 'others');
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const serve = async (required: boolean): Promise<string> => {
    const known = new Map([[fingerprint('desk'), { name: 'desk', scopes: ['read', 'permit'], how: 'certificate' as const }], [fingerprint('forged'), { name: 'never', scopes: ['admin'], how: 'certificate' as const }]]);
    await bench.start({ http: { tls: { cert: file('server.pem'), key: file('server.key'), ca: file('ca.pem'), required }, certificate: (shown) => known.get(shown) } });
    return bench.bridge.app.listen({ host: '127.0.0.1', port: 0 });
  };
  const call = async (url: string, name?: string, token?: string): Promise<number | string> => {
    const dispatcher = new Agent({ connect: { ca: file('ca.pem'), ...(name === undefined ? {} : { cert: file(`${name}.pem`), key: file(`${name}.key`) }) } });
    try {
      const answer = await undici(`${url}/v1/ports`, { dispatcher, headers: token === undefined ? {} : { authorization: `Bearer ${token}` } });
      await answer.text();
      return answer.status;
    } catch {
      return 'no connection';
    } finally {
      await dispatcher.close();
    }
  };

  test('a certificate that the authority signed and the configuration names is enough; a token does as well', async () => {
    const url = await serve(false);
    expect(url.startsWith('https:')).toBe(true);
    expect(await call(url, 'desk')).toBe(200);
    expect(await call(url, 'clerk')).toBe(401); // signed, and nobody we know
    expect(await call(url, 'forged')).toBe(401); // its fingerprint stands there, who signed it does not
    expect(await call(url)).toBe(401);
    expect(await call(url, undefined, 'reader')).toBe(200);
    expect(await call(url, 'desk', 'nobody')).toBe(401); // a wrong token is not mended by a certificate
  });

  test('where certificates are required, nothing is heard without one', async () => {
    const url = await serve(true);
    expect([await call(url, 'desk'), await call(url), await call(url, 'forged')]).toEqual([200, 'no connection', 'no connection']);
  });

  test('the desk follows a bridge by its certificate, without a token', async () => {
    const url = await serve(true);
    const dispatcher = new Agent({ connect: { ca: file('ca.pem'), cert: file('desk.pem'), key: file('desk.key') } });
    const transport = httpTransport({ url, fetch: ((input: URL, init: object) => undici(input, { ...init, dispatcher })) as unknown as typeof fetch, timeoutMs: 5000, timeout: (ms) => AbortSignal.timeout(ms) });
    const answer = await transport.call({ method: 'GET', path: `/v1/devices/${DEVICE}` });
    expect([answer.status, JSON.parse(answer.body.toString())]).toEqual([200, expect.objectContaining({ id: DEVICE })]);
    await dispatcher.close();
  });
});

test('a stream of events ends with the token that opened it', async () => {
  const expires = new Date(bench.clock.wall() + 60_000).toISOString();
  await bench.start({ tokens: [{ name: 'oa', sha256: digestOfToken('oa'), scopes: ['read'], expires }, { name: 'boss', sha256: digestOfToken('boss'), scopes: ['admin'] }] });
  const url = await bench.bridge.app.listen({ host: '127.0.0.1', port: 0 });
  const response = await fetch(`${url}/v1/events`, { headers: { authorization: 'Bearer oa' } });
  expect(response.status).toBe(200);
  await bench.clock.run(2000);
  // The audit hears of it when it begins, not when it is over.
  const { calls } = (await ask('boss', '/v1/audit')).json<{ calls: { who: string; path: string; status: number }[] }>();
  expect(calls).toEqual([expect.objectContaining({ who: 'oa', path: '/v1/events', status: 200 })]);
  let over = false;
  const ended = (async () => {
    for await (const chunk of response.body!) void chunk;
    over = true;
  })();
  await bench.clock.run(50_000);
  expect(over).toBe(false);
  await bench.clock.run(30_000);
  await ended;
  expect((await fetch(`${url}/v1/events`, { headers: { authorization: 'Bearer oa' } })).status).toBe(401);
});
