/** `smartseal bridge`: the bridge as a program of its own, loaded when it runs. */
import type { Command } from 'commander';
import { BridgeConfig, parseLinkKeys } from '../bridge/config';
import { besideConfig, loadConfig } from '../common/config';
import { COMMON, Problem } from '../common/errors';
import { readPrivate } from '../common/files';
import type { Level } from '../common/log';
import { failWith, languageFrom, POSIX, systemClock, systemRandom, untilSignal } from './system';

/** Runs until SIGINT or SIGTERM. `ready` is told the address once requests can be served. */
export async function runBridge(configPath: string, ready: (url: string) => void): Promise<void> {
  const config = loadConfig(BridgeConfig, configPath);
  const { createBridge, portsFrom } = require('../bridge') as typeof import('../bridge');
  const { createLog } = require('../common/log') as typeof import('../common/log');
  const { nodeNatives } = require('../natives') as typeof import('../natives');
  const log = createLog(process.stderr, config.logLevel as Level);
  const bridge = await createBridge({
    database: besideConfig(configPath, config.database),
    spool: besideConfig(configPath, config.spool),
    tokens: config.tokens,
    linkKeys: parseLinkKeys(readPrivate(besideConfig(configPath, config.linkKeysFile), POSIX), config.linkKeysFile),
    ...portsFrom(config.ports, process.platform),
    natives: nodeNatives,
    clock: systemClock(),
    random: systemRandom,
    log,
    eventsKept: config.eventsKept,
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
