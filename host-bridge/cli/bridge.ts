/** `smartseal bridge`: the bridge as a program of its own, loaded when it runs. */
import { join } from 'node:path';
import type { Command } from 'commander';
import type { BridgeOptions, UplinkOptions } from '../bridge';
import { BridgeConfig, parseLinkKeys } from '../bridge/config';
import { BRIDGE } from '../bridge/faults';
import { besideConfig, loadConfig, secretOf } from '../common/config';
import { COMMON, Problem } from '../common/errors';
import { makePrivateDirectory, makePrivateFile, readOpen, readPrivate } from '../common/files';
import type { Level } from '../common/log';
import { union } from '../common/tokens';
import { tlsOf } from './http';
import { untilThereIsRoom } from './room';
import { failWith, languageFrom, outliveOutput, POSIX, systemClock, systemRandom, untilSignal } from './system';

/** Milliseconds that another bridge is waited for that may be on its way out. */
const TAKEN_FOR = 5_000;

/** Runs until SIGINT or SIGTERM. `ready` is told the address once requests can be served. */
export async function runBridge(configPath: string, ready: (url: string) => void): Promise<void> {
  const config = loadConfig(BridgeConfig, configPath);
  outliveOutput();
  const { createBridge, portsFrom, Uplink } = require('../bridge') as typeof import('../bridge');
  const { createLog } = require('../common/log') as typeof import('../common/log');
  const { nodeNatives } = require('../natives') as typeof import('../natives');
  const { takeAlone } = require('../common/lock') as typeof import('../common/lock');
  const log = createLog(process.stderr, config.logLevel as Level);
  const clock = systemClock();
  const [database, spool] = [besideConfig(configPath, config.database), besideConfig(configPath, config.spool)];
  const linkKeys = parseLinkKeys(readPrivate(besideConfig(configPath, config.linkKeysFile), POSIX), config.linkKeysFile);
  const { collectDefaultMetrics, Registry } = require('prom-client') as typeof import('prom-client');
  const metrics = new Registry();
  collectDefaultMetrics({ register: metrics });
  const desks = config.uplinks.map((given) => deskOf(given, configPath));
  const ports = portsFrom(config.ports, process.platform, clock, log);
  const stopped = untilSignal();
  const locks: (() => void)[] = [];
  const since = clock.now();
  const mayPass = ({ fault }: Problem): boolean => fault === BRIDGE.SPOOL_TAKEN && clock.now() - since < TAKEN_FOR;
  const bridge = await untilThereIsRoom({ what: 'the bridge', log, clock, stopped, database, mayPass }, async () => {
    for (const letGo of locks.splice(0)) letGo();
    makePrivateDirectory(spool);
    // Secrets of webhooks and photos' digests stand in it; what SQLite puts beside it gets the same rights.
    makePrivateFile(database, POSIX);
    for (const file of [`${database}.lock`, join(spool, 'lock')]) locks.push(takeAlone(file, BRIDGE.SPOOL_TAKEN));
    return createBridge({
      database, spool, tokens: config.tokens, holders: [...config.tokens, ...config.certificates], linkKeys, transports: ports.transports, finders: ports.finders, natives: nodeNatives, clock, random: systemRandom, log, eventsKept: config.eventsKept, keepDays: config.keepDays,
      reserve: config.reserveMb * 1_048_576,
      captureBytes: config.captureKb * 1_024, metrics, auditKept: config.auditKept, webhooks: config.webhooks, personDays: config.webhooks.personDays,
      ...(config.mqtt === undefined ? {} : { mqtt: mqttOf(config.mqtt, configPath) }),
      http: httpOf(config, configPath, clock.wall),
    });
  });
  if (bridge === undefined) return;
  let url: string;
  try {
    url = await bridge.app.listen(config.listen);
  } catch (error) {
    await bridge.stop();
    throw new Problem(COMMON.CONFIG, { detail: `listen ${config.listen.host}:${config.listen.port}: ${(error as NodeJS.ErrnoException).code ?? 'failed'}`, cause: error });
  }
  const uplinks = desks.map((desk) => new Uplink({ ...desk, serve: (request, reply) => bridge.app.routing(request, reply), clock, random: systemRandom, log }));
  bridge.start();
  for (const uplink of uplinks) uplink.start();
  ready(url);
  await stopped;
  for (const uplink of uplinks) uplink.stop();
  await bridge.stop();
  ports.close();
  for (const letGo of locks) letGo();
}

/** A secret of the configuration. One that stands there itself asks of the file what is asked of every file with secrets. */
function secretIn(value: string, path: string): string {
  if (!/^(env|file):/.test(value)) readPrivate(path, POSIX);
  return secretOf(value, process.env, (file) => readPrivate(besideConfig(path, file), POSIX));
}

/** A desk that the bridge calls. Read before anything is opened: what is missing ends the program, and not half of it. */
function deskOf({ url, name, token, ca, cert, key }: BridgeConfig['uplinks'][number], path: string): Pick<UplinkOptions, 'url' | 'name' | 'token' | 'ca' | 'cert' | 'key'> {
  const open = (file: string | undefined): string | undefined => (file === undefined ? undefined : readOpen(besideConfig(path, file)));
  return { url, name, token: secretIn(token, path), ca: open(ca), cert: open(cert), key: key === undefined ? undefined : readPrivate(besideConfig(path, key), POSIX) };
}

/** How events get to a broker. */
function mqttOf(given: NonNullable<BridgeConfig['mqtt']>, path: string): NonNullable<BridgeOptions['mqtt']> {
  const { connect } = require('../bridge/mqtt/connect') as typeof import('../bridge/mqtt/connect');
  const secret = (file: string): string => readPrivate(besideConfig(path, file), POSIX);
  const open = (file: string | undefined): string | undefined => (file === undefined ? undefined : readOpen(besideConfig(path, file)));
  const { url, prefix, clientId, username, password, ca, cert, key, devices } = given;
  const access = { url, clientId, username, password: password === undefined ? undefined : secretIn(password, path), ca: open(ca), cert: open(cert), key: key === undefined ? undefined : secret(key) };
  return { prefix, only: devices, connect: (will) => connect(access, will) };
}

/** Limits, TLS, and how callers are known other than by tokens. */
function httpOf(config: BridgeConfig, path: string, wall: () => number): NonNullable<BridgeOptions['http']> {
  const { limits, tls, certificates, oidc } = config;
  const shown = new Map(certificates.map((entry) => [entry.sha256, { name: entry.name, ...union([entry]), how: 'certificate' as const }]));
  const { oidcPeople } = oidc === undefined ? {} : (require('../common/oidc') as typeof import('../common/oidc'));
  const secured = tlsOf(tls, path);
  return {
    limits,
    ...(secured === undefined ? {} : { tls: secured }),
    ...(shown.size === 0 ? {} : { certificate: (fingerprint: string) => shown.get(fingerprint) }),
    ...(oidc === undefined || oidcPeople === undefined ? {} : { person: oidcPeople({ ...oidc, fetch, timeout: (ms) => AbortSignal.timeout(ms), wall }) }),
  };
}

export function register(program: Command): void {
  program
    .command('bridge')
    .description('run the host bridge / 运行主机网桥')
    .requiredOption('--config <file>', 'configuration file (JSON) / 配置文件')
    .option('--json', 'tell the address as JSON')
    .option('--lang <lang>', 'zh or en')
    .action(async (options: { config: string; json?: boolean; lang?: string }) => {
      const language = languageFrom(options.lang);
      try {
        await runBridge(options.config, (url) => {
          if (options.json === true) process.stdout.write(`${JSON.stringify({ url })}\n`);
          else process.stdout.write(language === 'zh' ? `网桥已启动：${url}\n` : `The bridge serves ${url}\n`);
        });
      } catch (error) {
        failWith(error, language, options.json === true);
      }
    });
}
