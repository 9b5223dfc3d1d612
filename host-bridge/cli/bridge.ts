/** `smartseal bridge`: the bridge as a program of its own, loaded when it runs. */
import type { Command } from 'commander';
import type { BridgeOptions, Transport } from '../bridge';
import { BridgeConfig, parseLinkKeys } from '../bridge/config';
import { besideConfig, loadConfig, secretOf } from '../common/config';
import { COMMON, Problem } from '../common/errors';
import { makePrivateFile, readOpen, readPrivate } from '../common/files';
import type { Level } from '../common/log';
import { tlsOf } from './http';
import { failWith, languageFrom, POSIX, systemClock, systemRandom, untilSignal } from './system';

/** Runs until SIGINT or SIGTERM. `ready` is told the address once requests can be served. */
export async function runBridge(configPath: string, ready: (url: string) => void): Promise<void> {
  const config = loadConfig(BridgeConfig, configPath);
  const { createBridge, serialTransport, tcpTransport } = require('../bridge') as typeof import('../bridge');
  const { createLog } = require('../common/log') as typeof import('../common/log');
  const { nodeNatives } = require('../natives') as typeof import('../natives');
  const clock = systemClock();
  const log = createLog(process.stderr, config.logLevel as Level);
  // Secrets of webhooks and photos' digests stand in it; what SQLite puts beside it gets the same rights.
  makePrivateFile(besideConfig(configPath, config.database), POSIX);
  const bridge = await createBridge({
    database: besideConfig(configPath, config.database),
    spool: besideConfig(configPath, config.spool),
    tokens: config.tokens,
    linkKeys: parseLinkKeys(readPrivate(besideConfig(configPath, config.linkKeysFile), POSIX), config.linkKeysFile),
    transports: config.ports.map((port): Transport => (port.kind === 'serial' ? serialTransport(port) : tcpTransport(port))),
    natives: nodeNatives,
    clock,
    random: systemRandom,
    log,
    eventsKept: config.eventsKept,
    auditKept: config.auditKept,
    webhooks: config.webhooks,
    ...(config.mqtt === undefined ? {} : { mqtt: mqttOf(config.mqtt, configPath) }),
    http: httpOf(config, configPath, clock.wall),
  });
  let url: string;
  try {
    url = await bridge.app.listen(config.listen);
  } catch (error) {
    await bridge.stop();
    throw new Problem(COMMON.CONFIG, { detail: `listen ${config.listen.host}:${config.listen.port}: ${(error as NodeJS.ErrnoException).code ?? 'failed'}`, cause: error });
  }
  bridge.start();
  ready(url);
  await untilSignal();
  await bridge.stop();
}

/** How events get to a broker. */
function mqttOf(given: NonNullable<BridgeConfig['mqtt']>, path: string): NonNullable<BridgeOptions['mqtt']> {
  const { connect } = require('../bridge/mqtt/connect') as typeof import('../bridge/mqtt/connect');
  const secret = (file: string): string => readPrivate(besideConfig(path, file), POSIX);
  const open = (file: string | undefined): string | undefined => (file === undefined ? undefined : readOpen(besideConfig(path, file)));
  const { url, prefix, clientId, username, password, ca, cert, key } = given;
  const access = { url, clientId, username, password: password === undefined ? undefined : secretOf(password, process.env, secret), ca: open(ca), cert: open(cert), key: key === undefined ? undefined : secret(key) };
  return { prefix, connect: (will) => connect(access, will) };
}

/** Limits, TLS, and how callers are known other than by tokens. */
function httpOf(config: BridgeConfig, path: string, wall: () => number): NonNullable<BridgeOptions['http']> {
  const { limits, tls, certificates, oidc } = config;
  const shown = new Map(certificates.map(({ name, sha256, scopes }) => [sha256, { name, scopes, how: 'certificate' as const }]));
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
