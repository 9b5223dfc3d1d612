/** Registers `smartseal sim`. What it needs is loaded when it runs, so that help and the other commands start at once. */
import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import type { ServeOptions } from './serve';
import type { Language } from './texts';

function tcp(text: string): { host: string; port: number } {
  const match = /^(?:(.+):)?(\d{1,5})$/.exec(text);
  const port = Number(match?.[2]);
  if (!match || port > 65535) throw new InvalidArgumentError('[HOST:]PORT');
  return { host: match[1] ?? '127.0.0.1', port };
}

function whole(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0) throw new InvalidArgumentError('0, 1, 2, ...');
  return value;
}

export function register(program: Command, language: Language): void {
  const t = (zh: string, en: string): string => (language === 'zh' ? zh : en);
  const options = (command: Command): Command =>
    command
      .option('--identity <file>', t('设备身份文件（由 smartseal desk provision-device 生成）；缺省时临时编造', 'identity of the unit, made by "smartseal desk provision-device"; made up when absent'))
      .option('--pty [path]', t('在伪终端上提供串口；给出路径时作为固定名称', 'offer the serial port on a pseudo-terminal, under this name if one is given'))
      .option('--tcp <[host:]port>', t('在 TCP 端口上提供（缺省本机；0 为任意端口）', 'offer it on a TCP port too (loopback unless told otherwise; 0: any)'), tcp)
      .option('--state <folder>', t('闪存内容保存在此目录，下次继续', 'keep the flash in this folder, and go on from it the next time'))
      .option('--baud <baud>', t('串口速率；缺省为 USB 全速', 'line rate; USB speed when absent'), whole)
      .option('--seed <number>', t('随机种子（镜头、纸的位置、噪声）', 'seed of all chance: lens, how paper lies, noise'), whole, 1)
      .option('--bundle <file>', t('固件文件；缺省为 dist/firmware/xiao.js', 'firmware; dist/firmware/xiao.js when absent'))
      .option('--json', t('每行输出一个 JSON 事件', 'events as JSON, one object a line'))
      .action(async (given: ServeOptions, self: Command) => {
        const { serve } = require('./serve') as typeof import('./serve');
        await serve(given, self);
      });
  const sim = options(program.command('sim').description(t('在终端里运行一台模拟印章机', 'run a simulated seal in the terminal')));
  options(sim.command('serve', { hidden: true }).description(t('同 sim', 'the same as sim')));
  sim.addHelpText('after', t(
    `
命令在运行后输入（终端中可用 Tab 补全），也可由管道送入：
  帮助 | 纸 文件 [页] | 手指 姓名 | 陌生手指 | 盖 开|合 | 印章 取出|装入 | 电源 断|上
  拔线 | 插线 | 卡住 [关] | 遮住 [关] | 状态 | 真相 | 照片 文件.jpg | 等待 秒 | 退出

例：
  smartseal sim                                          随便试试
  smartseal sim --identity unit.json --pty /tmp/seal --state ./unit
  smartseal sim --identity unit.json --tcp 7700 --json   供程序使用
  printf '纸 合同.pdf 2\\n照片 托盘.jpg\\n退出\\n' | smartseal sim --lang zh`,
    `
Commands are typed once it runs (Tab completes them in a terminal), or piped in:
  help | paper FILE [PAGE] | finger NAME | wrong-finger | lid open|close | die out|in | power off|on
  unplug | plug | jam [off] | cover [off] | state | truth | photo FILE.jpg | wait SECONDS | quit

Examples:
  smartseal sim                                          just try it
  smartseal sim --identity unit.json --pty /tmp/seal --state ./unit
  smartseal sim --identity unit.json --tcp 7700 --json   for programs
  printf 'paper contract.pdf 2\\nphoto tray.jpg\\nquit\\n' | smartseal sim

With --pty or --tcp it goes on when the piped commands end; stop it with Ctrl-C or a signal.`,
  ));
}
