/** Registers `smartseal sim`. What it needs is loaded when it runs, so that help and the other commands start at once. */
import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import type { ManyOptions } from './many';
import type { RunOptions } from './run';
import type { ServeOptions } from './serve';
import type { Language } from './texts';

function address(text: string): { host: string; port: number } {
  const match = /^(?:(.+):)?(\d{1,5})$/.exec(text);
  const port = Number(match?.[2]);
  if (!match || port > 65535) throw new InvalidArgumentError('[HOST:]PORT');
  return { host: match[1] ?? '127.0.0.1', port };
}

const between = (least: number, most: number) => (text: string): number => {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < least || value > most) throw new InvalidArgumentError(most === Number.MAX_SAFE_INTEGER ? `${least}, ${least + 1}, ${least + 2}, ...` : `${least}..${most}`);
  return value;
};
/** What a scenario can hold, so that a session can be recorded whatever its seed. */
const seed = between(0, 4_294_967_295);
const rate = between(1, Number.MAX_SAFE_INTEGER);

type Translate = (zh: string, en: string) => string;

export function register(program: Command, language: Language): void {
  const t: Translate = (zh, en) => (language === 'zh' ? zh : en);
  const unitOptions = (command: Command): Command =>
    command
      .option('--identity <file>', t('设备身份文件（由 smartseal desk provision-device 生成）；缺省时临时编造', 'identity of the unit, made by "smartseal desk provision-device"; made up when absent'))
      .option('--state <folder>', t('闪存内容保存在此目录，下次继续', 'keep the flash in this folder, and go on from it the next time'))
      .option('--seed <number>', t('随机种子（镜头、纸的位置、噪声）', 'seed of all chance: lens, how paper lies, noise'), seed, 1)
      .option('--bundle <file>', t('固件文件；缺省为 dist/firmware/xiao.js', 'firmware; dist/firmware/xiao.js when absent'))
      .option('--json', t('每行输出一个 JSON 事件', 'events as JSON, one object a line'));
  const start = async (given: ServeOptions, self: Command): Promise<void> => (require('./serve') as typeof import('./serve')).serve(given, self);

  // What stands behind a subcommand is its own, though `sim` has an option of that name. (sim inherits this.)
  program.enablePositionalOptions();
  const sim = unitOptions(program.command('sim').description(t('在终端里运行一台模拟印章机', 'run a simulated seal in the terminal')))
    .option('--pty [path]', t('在伪终端上提供串口；给出路径时作为固定名称', 'offer the serial port on a pseudo-terminal, under this name if one is given'))
    .option('--tcp <[host:]port>', t('在 TCP 端口上提供（缺省本机；0 为任意端口）', 'offer it on a TCP port too (loopback unless told otherwise; 0: any)'), address)
    .option('--baud <baud>', t('串口速率；缺省为 USB 全速', 'line rate; USB speed when absent'), rate)
    .action(start);
  // Their help shows no options of `sim` that they do not have.
  sim.configureHelp({ ...program.configureHelp(), visibleGlobalOptions: () => program.options.slice() });
  scenarios(sim, t, language);
  unitOptions(sim.command('record <file>').description(t('同 sim，并把会话写成场景（须为新文件；每条命令后更新）', 'as sim, and the session is written as a scenario, to a new file, after every command')))
    .action((file: string, given: ServeOptions, self: Command) => start({ ...given, record: file }, self));
  many(sim, t);
  sim.addHelpText('after', help(t));
}

function scenarios(sim: Command, t: Translate, language: Language): void {
  sim.command('run <file...>').description(t('播放场景（YAML 文件，或 list 列出的名称），核对期望', 'play scenarios (YAML files, or names that list shows) and check what they expect'))
    .option('--junit <file>', t('另写 JUnit XML', 'write JUnit XML as well'))
    .option('--json', t('每个场景输出一行 JSON', 'one line of JSON a scenario'))
    .option('--verbose', t('同时显示设备做了什么', 'show what the unit does meanwhile'))
    .option('--bundle <file>', t('固件文件；缺省为 dist/firmware/xiao.js', 'firmware; dist/firmware/xiao.js when absent'))
    .addHelpText('after', t(`
场景文件例：
  title: { zh: 例, en: Example }
  about: { zh: 盖一次, en: One stroke }
  steps:
    - 授权 zhang
    - 手指 zhang
    - 纸 空白
    - expect: { strokes: 1, state: idle, records: [{ kind: outcome, result: stamped }] }
      within: 30
步骤就是 sim 里的命令；其余字段见 sim/scenario/README.md。
退出码：0 全部符合，1 有期望不符，2 场景或其他文件有误。`, `
A scenario:
  title: { zh: 例, en: Example }
  about: { zh: 盖一次, en: One stroke }
  steps:
    - permit zhang
    - finger zhang
    - paper blank
    - expect: { strokes: 1, state: idle, records: [{ kind: outcome, result: stamped }] }
      within: 30
Steps are the commands of sim; sim/scenario/README.md has the other keys.
Exit codes: 0 all met, 1 an expectation was not, 2 a file is wrong.`))
    .action(async (files: string[], given: RunOptions) => {
      const { run } = require('./run') as typeof import('./run');
      process.exitCode = await run(files, given, language);
    });
  sim.command('list').description(t('列出自带的场景', 'the scenarios that come with it'))
    .option('--json', t('每个场景一行 JSON', 'one line of JSON each'))
    .action((given: { json?: boolean }) => (require('./run') as typeof import('./run')).list(given.json === true, language));
}

function many(sim: Command, t: Translate): void {
  sim.command('serve').description(t('为集成方同时运行多台设备，没有提示符', 'run many units for integrators, without a prompt'))
    .option('--units <n>', t('台数', 'how many'), between(1, 200), 1)
    .option('--pty <prefix>', t('每台一个伪终端：PREFIX-1、PREFIX-2…', 'a pseudo-terminal each: PREFIX-1, PREFIX-2, ...'))
    .option('--tcp <[host:]port>', t('每台一个 TCP 端口：PORT、PORT+1…（0 为任意）', 'a TCP port each: PORT, PORT+1, ... (0: any)'), address)
    .option('--ble <[host:]port>', t('每台一个 TCP 端口，形如蓝牙中央设备所见（见下）', 'a TCP port each that carries what a BLE central would see (below)'), address)
    .option('--mtu <bytes>', t('蓝牙中央设备提出的 ATT MTU', 'ATT MTU that the BLE central asks for'), between(23, 247), 247)
    .option('--identities <folder>', t('身份目录：其中 *.json 每个一台；不够的编造后写入', 'folder of identities: one unit for each *.json; what is lacking is made up and written there'))
    .option('--seed <number>', t('随机种子', 'seed of all chance'), seed, 1)
    .option('--bundle <file>', t('固件文件；缺省为 dist/firmware/xiao.js', 'firmware; dist/firmware/xiao.js when absent'))
    .addHelpText('after', t(
      `
每行输出一个 JSON 对象：设备编号、串口、TCP 与蓝牙端口。链路密钥从不显示：它们在身份目录的 link.keys（仅本人可读）里，可直接作为网桥的 linkKeysFile。
蓝牙端口：每个通知是“2 字节小端长度 + 数据”，至多 MTU-3 字节；主机写入同样如此。连上后第一个通知是 2 字节的协商 MTU。详见 sim/io/BLE.md。

例：
  smartseal sim serve --units 10 --tcp 7700 --pty /tmp/seal --identities ./units`,
      `
Each line is a JSON object: device id, serial port, TCP and BLE ports. Link keys are never printed: they are in link.keys of the identities' folder, which only its owner can read and which a bridge takes as its linkKeysFile.
BLE ports: a notification is its length in 2 bytes, little-endian, and at most MTU-3 bytes; what the host writes has the same form. The first one is the agreed MTU in 2 bytes. See sim/io/BLE.md.

Example:
  smartseal sim serve --units 10 --tcp 7700 --pty /tmp/seal --identities ./units`,
    ))
    .action(async (given: ManyOptions, self: Command) => {
      const { serveMany } = require('./many') as typeof import('./many');
      await serveMany({ ...given, lang: (self.optsWithGlobals() as { lang?: string }).lang ?? 'en' });
    });
}

const help = (t: Translate): string => t(
  `
单独运行时，模拟办公室代替审批台与网桥，装好就能盖章：
  授权 zhang      办公室签发一次授权
  手指 zhang      张按手指，打开用印
  纸 空白         放一张纸；设备拍照、盖章、再拍照、锁上
  托盘            看看盖得怎样；“说明”告诉你发生了什么、怎么办
  显示屏          设备屏幕上写着什么；“显示屏 文件.png”存成图片
动手制造故障：卡住、触点 失灵、电源 断、拔线……；看里面：记录、计数、线上、真相。
输入“帮助”列出全部命令，“帮助 卡住”说明一个；Tab 补全；命令也可由管道送入（“等待 8”给设备留出时间）。

例：
  smartseal sim                                          随便试试
  smartseal sim list；smartseal sim run alarm-jam        看一个场景
  smartseal sim record 我的.yaml                         把操作录成场景
  smartseal sim --identity unit.json --pty /tmp/seal --state ./unit
  smartseal sim --identity unit.json --tcp 7700 --json   供程序使用
  printf '纸 合同.pdf 2\\n照片 托盘.jpg\\n退出\\n' | smartseal sim --lang zh

给出 --pty 或 --tcp 时没有模拟办公室，管道命令结束后继续运行，按 Ctrl-C 或发信号结束。`,
  `
Alone, a bench office stands in for desk and bridge, and the unit can be used at once:
  permit zhang    the office grants one stroke
  finger zhang    Zhang lays a finger: the use is open
  paper blank     a sheet goes in; the unit photographs, stamps, photographs, locks
  tray            look at it; "explain" says what happened and what helps
  display         what the unit's own display says; "display FILE.png" saves it as a picture
Break something: jam, contact dead, power off, unplug ...; look inside: journal, counters, wire, truth.
Type help for all commands, "help jam" for one; Tab completes; commands can be piped in, too ("wait 8" gives the unit time).

Examples:
  smartseal sim                                          just try it
  smartseal sim list; smartseal sim run alarm-jam        watch a scenario
  smartseal sim record mine.yaml                         make a scenario of what you do
  smartseal sim --identity unit.json --pty /tmp/seal --state ./unit
  smartseal sim --identity unit.json --tcp 7700 --json   for programs
  printf 'paper contract.pdf 2\\nphoto tray.jpg\\nquit\\n' | smartseal sim

With --pty or --tcp there is no bench office, and it goes on when the piped commands end; stop it with Ctrl-C or a signal.`,
);
