/** `smartseal device ports`: the USB serial ports of this computer, with what a bridge's configuration says of them. */
import type { Command } from 'commander';
import type { Language } from '../common/errors';
import type { Options } from './client';

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

export function registerPorts(device: Command, run: Run): void {
  device.command('ports').description('USB serial ports of this computer / 本机 USB 串口').option('--json', 'as JSON').option('--lang <lang>', 'zh or en').action((options: Options) => run(options, (language) => ports(options, language)));
}
