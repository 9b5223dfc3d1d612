/** How the desk of a configuration is opened, its modules loaded only then. */
import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { besideConfig, loadConfig } from '../common/config';
import { COMMON, Problem } from '../common/errors';
import { readOpen, readPrivate } from '../common/files';
import { openAuthorityKeys } from '../desk/authority/keystore';
import { DeskConfig } from '../desk/config';
import type { Desk, DeskOptions } from '../desk/desk';
import type { Blobs } from '../desk/documents/blobs';
import type { FileCipher } from '../desk/documents/cipher';
import { databaseOf, passphraseOf, random, secret } from './desk-command';
import { tlsOf } from './http';
import { checkRoom, untilThereIsRoom } from './room';
import { memoryOf, POSIX, systemClock } from './system';

function isFile(database: string): boolean {
  const { isPostgres } = require('../common/shared') as typeof import('../common/shared');
  return !isPostgres(database) && database !== ':memory:';
}

/** Where files are: a folder, or a bucket. */
function filesOf(configured: DeskConfig['photos'], config: string, cipher: () => FileCipher | undefined): string | Blobs {
  if (typeof configured === 'string') return besideConfig(config, configured);
  const { S3Blobs } = require('../desk/documents/s3') as typeof import('../desk/documents/s3');
  return new S3Blobs({
    url: configured.s3, region: configured.region, accessKey: secret(configured.accessKey, config), secretKey: secret(configured.secretKey, config),
    fetch, clock: systemClock(), timeout: (ms) => AbortSignal.timeout(ms), cipher: cipher(),
  });
}

/** fetch, with certificates where the configuration names some. */
function fetchOf({ name, ca, cert, key, token }: DeskConfig['bridges'][number], path: string): typeof fetch {
  if ((cert === undefined) !== (key === undefined) || (cert === undefined && token === undefined)) throw new Problem(COMMON.CONFIG, `${path} at bridges, ${name}: a token, or cert and key`);
  if (ca === undefined && cert === undefined) return fetch;
  const { Agent, fetch: ours } = require('undici') as typeof import('undici');
  const dispatcher = new Agent({
    connect: {
      ...(ca === undefined ? {} : { ca: readOpen(besideConfig(path, ca)) }),
      ...(cert === undefined || key === undefined ? {} : { cert: readOpen(besideConfig(path, cert)), key: readPrivate(besideConfig(path, key), POSIX) }),
    },
  });
  return ((input: URL, init: object) => ours(input, { ...init, dispatcher })) as unknown as typeof fetch;
}

/** People by JWT, where the configuration says so. */
function identityOf(oidc: DeskConfig['oidc'], wall: () => number): DeskOptions['identity'] {
  if (oidc === undefined) return undefined;
  const { jwtClaims } = require('../common/oidc') as typeof import('../common/oidc');
  const { claim, people, ...jwt } = oidc;
  return { claim, people, claims: jwtClaims({ ...jwt, fetch, timeout: (ms) => AbortSignal.timeout(ms), wall }) };
}

/** Sign-in with a browser, where the configuration says so. */
function signInOf(signIn: DeskConfig['signIn'], path: string): DeskOptions['signIn'] {
  if (signIn === undefined) return undefined;
  const { company, ...rest } = signIn;
  return { ...rest, company: company && { ...company, clientSecret: company.clientSecret === undefined ? undefined : secret(company.clientSecret, path), fetch } };
}

/** Where `npm run build` puts the console; undefined where it has not been built. */
export function builtConsole(): string | undefined {
  const folder = resolve(__dirname, '../../console');
  return existsSync(resolve(folder, 'index.html')) ? folder : undefined;
}

/** Outside authorities with their secrets. */
function outsideOf(outside: DeskConfig['outside'], path: string): NonNullable<DeskOptions['outside']> {
  return outside.map((one) => {
    if (one.kind === 'feishu') return { ...one, encryptKey: secret(one.encryptKey, path), verificationToken: secret(one.verificationToken, path) };
    const aesKey = secret(one.aesKey, path);
    if (!/^[A-Za-z0-9+/]{43}$/.test(aesKey)) throw new Problem(COMMON.CONFIG, `${path} at outside, ${one.name}: aesKey is not 43 characters of base64`);
    return { ...one, token: secret(one.token, path), aesKey };
  });
}

/** The judgement after a stroke lets the desk and the comparison before a stroke go first. */
const JUDGE_NICENESS = 10;
/** Milliseconds for one photo: it may have to wait for all others on the machine. */
const JUDGE_MS = 120_000;

/** The comparison of pages, loaded with the desk; after a stroke in a process of its own, which no stroke waits for. */
function comparers(clock: ReturnType<typeof systemClock>, timeMs: number): Required<Pick<DeskOptions, 'comparer' | 'judge'>> {
  const { InspectionService } = require('../inspection/service') as typeof import('../inspection/service');
  return { comparer: new InspectionService({ clock, memoryOf, limits: { timeMs } }), judge: new InspectionService({ clock, memoryOf, niceness: JUDGE_NICENESS, limits: { timeMs: Math.max(JUDGE_MS, timeMs) } }) };
}

/** What a configuration says of the desk, all but its bridges. */
export async function deskOptions(path: string): Promise<{ options: Omit<DeskOptions, 'bridges'>; config: DeskConfig }> {
  const config = loadConfig(DeskConfig, path);
  const opening = openAuthorityKeys(readPrivate(besideConfig(path, config.keys), POSIX), passphraseOf(config.passphrase, path));
  // The desk's modules load while another thread derives the key of the key file.
  const { createLog } = require('../common/log') as typeof import('../common/log');
  require('../desk/desk');
  const keys = await opening;
  const clock = systemClock();
  const log = createLog(process.stderr, 'info');
  const { tokenAtStart } = require('./token') as typeof import('./token');
  const permitKeys = tokenAtStart(config, keys, path, log);
  const database = databaseOf(config.database, path);
  const { cipherOf } = require('../desk/desk') as typeof import('../desk/desk');
  const cipher = (): FileCipher | undefined => cipherOf(keys, random, config.encryptFiles);
  const [documents, photos] = [filesOf(config.documents, path, cipher), filesOf(config.photos, path, cipher)];
  // Of what is on this machine: a database server, or a bucket, answers for its own room.
  const folders = [...(isFile(database) ? [dirname(database)] : []), ...[documents, photos].filter((where) => typeof where === 'string')];
  const options = {
    database, connections: config.connections, documents, photos, room: () => checkRoom(folders), identity: identityOf(config.oidc, clock.wall), signIn: signInOf(config.signIn, path), securityDays: config.securityLog.days, documentDays: config.retention.documentDays, encryptFiles: config.encryptFiles,
    console: config.signIn === undefined ? undefined : builtConsole(), mark: besideConfig(path, config.mark), keys, permitKeys, clock, turn: () => new Promise<void>((resolve) => setImmediate(resolve)), random, log,
    ownApplications: config.ownApplications, outside: outsideOf(config.outside, path), push: config.push, witnesses: { every: config.witnessEvery, list: config.witnesses, fetch, timeout: (ms: number) => AbortSignal.timeout(ms) }, ...(config.comparePages ? comparers(clock, config.comparisonSeconds * 1000) : {}), pollMs: config.pollMs, timeZone: config.timeZone, publicUrl: config.publicUrl, http: { limits: config.limits, tls: tlsOf(config.tls, path), proxies: config.proxies },
  };
  return { options, config };
}

export interface Opened {
  desk: Desk;
  config: DeskConfig;
}

/** @param stopped where the desk may wait for room on its disk; it is then undefined that is returned when this comes first */
export async function openDesk(path: string): Promise<Opened>;
export async function openDesk(path: string, stopped: Promise<void>): Promise<Opened | undefined>;
export async function openDesk(path: string, stopped?: Promise<void>): Promise<Opened | undefined> {
  const { options, config } = await deskOptions(path);
  const { createDesk } = require('../desk/desk') as typeof import('../desk/desk');
  const { httpTransport } = require('../desk/follow/transport') as typeof import('../desk/follow/transport');
  const { Uplinks } = require('../desk/follow/uplink') as typeof import('../desk/follow/uplink');
  const uplinks = new Uplinks(options.clock, options.log);
  const begin = (): Promise<Desk> => createDesk({
    ...options,
    bridges: config.bridges.map((bridge) => {
      const token = bridge.token === undefined ? undefined : secret(bridge.token, path);
      if (bridge.url !== undefined) return { name: bridge.name, transport: httpTransport({ url: bridge.url, token, fetch: fetchOf(bridge, path), timeoutMs: 30_000, timeout: (ms) => AbortSignal.timeout(ms) }) };
      uplinks.expect(bridge.name, bridge.uplink ?? '');
      return { name: bridge.name, transport: uplinks.transport(bridge.name, token ?? '', 30_000) };
    }),
  });
  const { database, log, clock } = options;
  // Only a file waits: where the database is a server, its own error is told at once.
  const desk = stopped === undefined || !isFile(database) ? await begin() : await untilThereIsRoom({ what: 'the desk', log, clock, stopped, database }, begin);
  if (desk === undefined) return undefined;
  const { store, duty } = desk.rooms;
  if (store.kind === 'postgres') {
    uplinks.open = () => duty.on;
    duty.onLost = () => uplinks.drop();
  }
  uplinks.attach(desk.app.server);
  return { desk: { ...desk, close: () => (uplinks.close(), desk.close()) }, config };
}
