/**
 * The program `smartseal`: one word chooses what it does, and only that part is loaded.
 *
 * Exit codes: 0 done, 1 failed, 2 wrong usage, 3 not verified.
 */
import { Command, CommanderError, type HelpConfiguration } from 'commander';
import { readFileSync } from 'node:fs';
import { languageFrom } from '../../host-bridge/cli/system';
import { repositoryRoot } from './places';
import type { Language } from './texts';
import { width } from './width';

interface Part {
  name: string;
  zh: string;
  en: string;
  load(program: Command, language: Language): void;
}

/** What goes through the bridge stands with the bridge; flashing needs the firmware's own files. */
function device(program: Command, language: Language): void {
  (require('../../host-bridge/cli/device') as typeof import('../../host-bridge/cli/device')).register(program);
  const command = program.commands.find((one) => one.name() === 'device');
  if (command) (require('./flash') as typeof import('./flash')).registerFlash(command, language);
}

/** Exploring plays many worlds at once and needs nothing of the one in the terminal. */
function sim(program: Command, language: Language): void {
  (require('./sim') as typeof import('./sim')).register(program, language);
  const command = program.commands.find((one) => one.name() === 'sim');
  if (command) (require('./explore') as typeof import('./explore')).registerExplore(command, language);
}

/** Everything the program can do. A new part is one more row. */
const PARTS: readonly Part[] = [
  { name: 'sim', zh: '在终端里运行一台模拟印章机', en: 'run a simulated seal in the terminal', load: sim },
  { name: 'bridge', zh: '运行主机网桥', en: 'run the host bridge', load: (program) => (require('../../host-bridge/cli/bridge') as typeof import('../../host-bridge/cli/bridge')).register(program) },
  { name: 'desk', zh: '运行审批台，以及初始化、设备配钥、归档', en: 'run the approval desk; set it up, provision units, export archives', load: (program) => (require('../../host-bridge/cli/desk') as typeof import('../../host-bridge/cli/desk')).register(program) },
  { name: 'grant', zh: '自有授权方：设备密钥、许可与其他授权', en: 'be the authority yourself: keys of a unit, permits, other statements', load: (program) => (require('../../host-bridge/cli/grant') as typeof import('../../host-bridge/cli/grant')).register(program) },
  { name: 'device', zh: '查看、烧录设备，写入密钥', en: 'look at devices; flash and provision them', load: device },
  { name: 'demo', zh: '演示：从申请到盖章、取证、验证', en: 'the main job, end to end, with four attempts to cheat', load: (program, language) => (require('./demo') as typeof import('./demo')).register(program, language) },
  { name: 'inspect', zh: '比对照片与批准的页面', en: 'compare a photo with the approved page', load: (program) => (require('../../host-bridge/cli/inspect') as typeof import('../../host-bridge/cli/inspect')).register(program) },
  { name: 'verify', zh: '检验归档', en: 'verify an archive', load: (program) => (require('../../host-bridge/cli/verify') as typeof import('../../host-bridge/cli/verify')).register(program) },
];

/** --lang anywhere on the line; undefined: it is not there. */
function wanted(args: readonly string[]): string | undefined {
  const at = args.findIndex((one) => one === '--lang' || one.startsWith('--lang='));
  return at < 0 ? undefined : args[at]!.includes('=') ? args[at]!.slice('--lang='.length) : args[at + 1];
}

/** The line without --lang and its value: it may stand anywhere, also behind subcommands, which do not know it. */
function withoutLanguage(args: readonly string[]): string[] {
  return args.filter((one, i) => !one.startsWith('--lang=') && !(one === '--lang' && i + 1 < args.length) && args[i - 1] !== '--lang');
}

const SPOKEN = /^(zh|en)\b|^(zh|en)_/i;

/** What is asked of help and does not exist; undefined: all is well. */
function unknownTopic(args: readonly string[]): string | undefined {
  const words = args.filter((word, i) => !word.startsWith('-') && args[i - 1] !== '--lang');
  const topic = words[0] === 'help' ? words[1] : undefined;
  return topic === undefined || topic === 'help' || PARTS.some(({ name }) => name === topic) ? undefined : topic;
}

/** The word that chooses the part; undefined: none of them, so that all are shown. */
function chosen(args: readonly string[]): Part | undefined {
  for (let i = 0; i < args.length; i++) {
    const word = args[i]!;
    if (word === '--lang') i++;
    else if (word === 'help' || !word.startsWith('-')) return PARTS.find(({ name }) => name === (word === 'help' ? args[i + 1] : word));
  }
  return undefined;
}

function version(): string {
  const { version } = JSON.parse(readFileSync(`${repositoryRoot()}/package.json`, 'utf8')) as { version: string };
  return version;
}

/** What commander says in English, for those who read Chinese. */
const CHINESE: readonly (readonly [RegExp, string])[] = [
  [/^error: unknown command '(.*)'/m, '错误：没有命令“$1”'],
  [/^error: unknown option '(.*)'/m, '错误：没有选项“$1”'],
  [/^error: missing required argument '(.*)'/m, '错误：缺少参数“$1”'],
  [/^error: required option '(.*)' not specified/m, '错误：缺少选项“$1”'],
  [/^error: option '(.*)' argument missing/m, '错误：选项“$1”缺少值'],
  [/^error: option '(.*)' argument '(.*)' is invalid\./m, '错误：选项“$1”的值“$2”无效：'],
  [/^error: too many arguments for '(.*)'\..*$/m, '错误：“$1”的参数过多，或没有这样的子命令'],
  [/^error: too many arguments.*$/m, '错误：参数过多'],
  [/\(Did you mean (.*)\?\)/, '（是否指 $1？）'],
];

/** Headings of a help page. */
const TITLES: Readonly<Record<string, string>> = { 'Usage:': '用法：', 'Arguments:': '参数：', 'Options:': '选项：', 'Global Options:': '通用选项：', 'Commands:': '命令：' };

/** What commander puts into a help page by itself. */
const BRACKETED: Readonly<Record<string, string>> = { '[options]': '[选项]', '[command]': '[命令]' };
const bracketed = (text: string): string => text.replace(/\[options\]|\[command\]/g, (one) => BRACKETED[one]!);
const CHINESE_HELP: HelpConfiguration = {
  styleTitle: (title) => TITLES[title] ?? title,
  styleUsage: bracketed,
  styleSubcommandTerm: bracketed,
  optionDescription: (option) => option.description + (option.defaultValue === undefined || typeof option.defaultValue === 'boolean' ? '' : `（缺省：${option.defaultValueDescription ?? String(option.defaultValue)}）`),
  displayWidth: width,
};

function build(language: Language, loadedAll: boolean): Command {
  const zh = language === 'zh';
  const program = new Command('smartseal');
  program
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(zh ? CHINESE.reduce((line, [english, chinese]) => line.replace(english, chinese), text) : text) })
    .description(zh ? '开放的智能印章：固件、网桥、审批台与模拟器' : 'the open smart seal: firmware, bridge, approval desk and simulator')
    .version(version(), '-V, --version', zh ? '版本' : 'the version')
    .helpOption('-h, --help', zh ? '显示说明' : 'show this help')
    .option('--lang <lang>', zh ? '语言：zh 或 en；缺省取自 LANG' : 'language: zh or en; from LANG when absent')
    .showHelpAfterError(zh ? '（加 --help 查看用法）' : '(add --help to see how it is used)')
    .configureHelp({ showGlobalOptions: true, ...(zh ? CHINESE_HELP : {}) })
    .helpCommand('help [command]', zh ? '显示某个命令的说明' : 'show the help of a command');
  if (loadedAll)
    program.addHelpText('after', zh
      ? '\n例：\n  smartseal sim --help          一台在终端里的印章机\n  smartseal verify 归档.tar     检验归档\n\n退出码：0 成功，1 失败，2 用法错误，3 检验不通过'
      : '\nExamples:\n  smartseal sim --help          a seal in the terminal\n  smartseal verify ARCHIVE.tar  check an archive\n\nExit codes: 0 done, 1 failed, 2 wrong usage, 3 not verified');
  // Wherever --lang stood, and where it did not, the command that runs finds it among its own options.
  program.hook('preAction', (_program, action) => {
    for (let one: Command | null = action; one; one = one.parent) one.setOptionValue('lang', language);
  });
  return program;
}

async function main(args: readonly string[]): Promise<void> {
  const given = wanted(args);
  const language = languageFrom(given === undefined || SPOKEN.test(given) ? given : undefined);
  const part = chosen(args);
  const program = build(language, !part);
  if (part) part.load(program, language);
  // Nothing is run: names and one line each are enough for help, and for "no such command, did you mean".
  else for (const { name, zh, en } of PARTS) program.command(name).description(language === 'zh' ? zh : en).allowUnknownOption();
  try {
    if (args.length === 0) program.help();
    if (given !== undefined && !SPOKEN.test(given)) program.error(`error: option '--lang <lang>' argument '${given}' is invalid. zh, en`);
    const topic = unknownTopic(args);
    if (topic !== undefined) program.error(`error: unknown command '${topic}'`);
    await program.parseAsync(withoutLanguage(args), { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    process.exitCode = error.exitCode === 0 ? 0 : 2;
  }
}

// Whoever reads our output may stop reading (a pager, head): that is no failure of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

main(process.argv.slice(2)).catch((error: unknown) => {
  // One line for people; the way there for those who set NODE_DEBUG=smartseal.
  const trace = process.env['NODE_DEBUG']?.includes('smartseal') === true && error instanceof Error ? error.stack : undefined;
  process.stderr.write(`smartseal: ${trace ?? (error instanceof Error ? error.message : String(error))}\n`);
  process.exitCode = 1;
});
