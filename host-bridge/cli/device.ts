/** `smartseal device`: looks at devices through the bridge's API. */
import type { Command } from 'commander';
import type { Language } from '../common/errors';
import { ALARMS, textOf } from '../../protocol';
import { ask, BRIDGE, picture, type Options } from './client';
import { registerFirmware, write } from './firmware';
import { registerMaintain } from './maintain';
import { registerPorts } from './ports';
import { failWith, languageFrom } from './system';

interface DeviceDocument {
  id: string;
  connected: boolean;
  port?: string;
  firmware?: string;
  nextSeq: number;
  branch: number;
  quarantined: boolean;
  status?: { state: string; batteryMv: number; alarms: number[]; time: number; die: string; dies?: string[]; strokesInked?: number; inkLife?: number; permit: string; custody?: string; due?: number; place?: { latitude: number; longitude: number; accuracy: number; age: number } | null };
}

const WORDS = {
  en: { connected: 'connected', away: 'away', none: 'no devices', state: 'state', battery: 'battery', alarms: 'alarms', records: 'records', die: 'die', ink: 'ink', permit: 'permit', firmware: 'firmware', port: 'port', quarantined: 'quarantined: see the incidents', custody: 'custody', out: 'taken out, due', base: 'at its base', place: 'place' },
  zh: { connected: '已连接', away: '未连接', none: '没有设备', state: '状态', battery: '电池', alarms: '报警', records: '记录', die: '印章', ink: '印油', permit: '许可', firmware: '固件', port: '端口', quarantined: '已隔离：请查看异常记录', custody: '保管', out: '已外带，应还', base: '在库', place: '位置' },
} as const;

function line(device: DeviceDocument, language: Language): string {
  const words = WORDS[language];
  return [device.id, device.connected ? words.connected : words.away, device.status?.state ?? '-', device.port ?? '-'].join('  ');
}

function table(device: DeviceDocument, language: Language): string {
  const words = WORDS[language];
  const rows: [string, string][] = [
    [words.port, device.port ?? '-'],
    [words.firmware, device.firmware ?? '-'],
    [words.records, String(device.nextSeq)],
  ];
  if (device.status !== undefined) {
    const { state, batteryMv, alarms, die, dies = [], strokesInked = 0, inkLife = 0, permit } = device.status;
    // A bridge that knows less says nothing of the others.
    const others = dies.filter((one) => one !== die);
    rows.push([words.state, state], [words.battery, `${batteryMv} mV`], [words.alarms, alarms.map((n) => `${n} ${textOf(ALARMS, n, language)}`).join(language === 'zh' ? '，' : ', ') || '-'], [words.die, `${die || '-'}${others.length > 0 ? ` (+ ${others.join(', ')})` : ''}`], [words.permit, permit || '-']);
    const { custody = 'free', due = 0, place = null } = device.status;
    if (custody !== 'free') rows.push([words.custody, custody === 'out' ? `${words.out} ${new Date(due * 1000).toISOString()}` : words.base]);
    if (place !== null) rows.push([words.place, `${place.latitude.toFixed(5)}, ${place.longitude.toFixed(5)} ± ${place.accuracy} m (${place.age} s)`]);
    if (inkLife > 0) rows.push([words.ink, `${strokesInked} / ${inkLife}`]);
  }
  const lines = [`${device.id}  ${device.connected ? words.connected : words.away}`, ...rows.map(([name, value]) => `  ${name}: ${value}`)];
  if (device.quarantined) lines.push(`  ${words.quarantined}`);
  return lines.join('\n');
}

async function list(options: Options, language: Language): Promise<void> {
  const devices: DeviceDocument[] = [];
  let next: string | undefined;
  do {
    const page = await ask<{ devices: DeviceDocument[]; next?: string }>(BRIDGE, options, `/v1/devices?limit=1000${next === undefined ? '' : `&after=${next}`}`, language, ({ devices }) => Array.isArray(devices));
    devices.push(...page.devices);
    next = page.next;
  } while (next !== undefined);
  if (options.json === true) print(JSON.stringify(devices));
  else print(devices.length === 0 ? WORDS[language].none : devices.map((device) => line(device, language)).join('\n'));
}

async function info(options: Options, id: string, language: Language): Promise<void> {
  const device = await ask<DeviceDocument>(BRIDGE, options, `/v1/devices/${encodeURIComponent(id)}`, language, (found) => typeof found.id === 'string');
  print(options.json === true ? JSON.stringify(device) : table(device, language));
}

async function view(options: Options & { out: string }, id: string, language: Language): Promise<void> {
  const jpeg = await picture(BRIDGE, options, `/v1/devices/${encodeURIComponent(id)}/view`, language);
  write(options.out, jpeg, 0o600);
  const text = language === 'zh' ? `已写入 ${options.out}，${jpeg.length} 字节` : `Written: ${options.out}, ${jpeg.length} bytes`;
  print(options.json === true ? JSON.stringify({ out: options.out, bytes: jpeg.length }) : text);
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

export function register(program: Command): void {
  const device = program.command('device').description('look at devices through the bridge / 通过网桥查看设备');
  const common = (command: Command): Command =>
    command
      .option('--url <url>', 'the bridge / 网桥地址', 'http://127.0.0.1:8730')
      .option('--token <token>', 'bearer token, else SMARTSEAL_TOKEN / 访问令牌')
      .option('--json', 'as JSON')
      .option('--lang <lang>', 'zh or en');
  const run = async (options: Options, work: (language: Language) => Promise<void>): Promise<void> => {
    const language = languageFrom(options.lang);
    try {
      await work(language);
    } catch (error) {
      failWith(error, language, options.json === true);
    }
  };
  registerFirmware(device, common, run);
  registerMaintain(device, common, run);
  registerPorts(device, common, run);
  common(device.command('list').description('all devices / 所有设备')).action((options: Options) => run(options, (language) => list(options, language)));
  common(device.command('info <id>').description('one device / 单个设备')).action((id: string, options: Options) => run(options, (language) => info(options, id, language)));
  common(device.command('view <id>').description('what its camera sees now / 查看托盘画面'))
    .requiredOption('--out <file>', 'the picture, JPEG / 图片文件')
    .action((id: string, options: Options & { out: string }) => run(options, (language) => view(options, id, language)));
}
