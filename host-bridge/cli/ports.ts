/** `smartseal device ports` and `device capture`: the USB serial ports of this computer; what went over a device's line lately. */
import type { Command } from 'commander';
import type { Language } from '../common/errors';
import { BRIDGE, picture, type Options } from './client';
import { write } from './firmware';

type Run = (options: Options, work: (language: Language) => Promise<void>) => Promise<void>;

async function ports(options: Pick<Options, 'json'>, language: Language): Promise<void> {
  const { usbPorts } = require('../bridge') as typeof import('../bridge');
  const found = await usbPorts(process.platform);
  const lines = found.map((port) => {
    const { vendor, product, serialNumber } = port;
    const line = { ...port, config: { kind: 'usb', vendor, product, ...(serialNumber === undefined ? {} : { serialNumber }) } };
    return options.json === true ? JSON.stringify(line) : `${port.path}  usb:${port.location}  ${vendor}:${product}  ${port.maker ?? '-'}  ${serialNumber ?? '-'}`;
  });
  if (lines.length === 0 && options.json !== true) lines.push(language === 'zh' ? '没有 USB 串口' : 'no USB serial ports');
  if (lines.length > 0) process.stdout.write(`${lines.join('\n')}\n`);
}

async function capture(options: Options & { out: string; port?: boolean }, id: string, language: Language): Promise<void> {
  const route = options.port === true ? `/v1/capture?port=${encodeURIComponent(id)}` : `/v1/devices/${encodeURIComponent(id)}/capture`;
  const file = await picture(BRIDGE, options, route, language, 'application/x-pcapng');
  write(options.out, file, 0o600);
  const text = language === 'zh' ? `已写入 ${options.out}，${file.length} 字节` : `Written: ${options.out}, ${file.length} bytes`;
  process.stdout.write(`${options.json === true ? JSON.stringify({ out: options.out, bytes: file.length }) : text}\n`);
}

export function registerPorts(device: Command, common: (command: Command) => Command, run: Run): void {
  common(device.command('capture <id>').description('what went over its line lately, for Wireshark / 导出最近的链路数据'))
    .requiredOption('--out <file>', 'pcapng file / 输出文件')
    .option('--port', 'id is the name of a port where no device is known / 按端口名导出')
    .action((id: string, options: Options & { out: string; port?: boolean }) => run(options, (language) => capture(options, id, language)));

  device.command('ports').description('USB serial ports of this computer / 本机 USB 串口').option('--json', 'as JSON').option('--lang <lang>', 'zh or en').action((options: Options) => run(options, (language) => ports(options, language)));
}
