/** The ports that a configuration asks for, as transports and finders. */
import type { BridgeConfig } from './config';
import { usbFinder } from './finder';
import type { Finder } from './ports';
import { serialTransport } from './serial';
import { tcpTransport } from './tcp';
import type { Transport } from './transport';
import { usbPorts } from './usb';

export function portsFrom(ports: BridgeConfig['ports'], platform: NodeJS.Platform): { transports: Transport[]; finders: Finder[] } {
  const taken = ports.flatMap((port) => (port.kind === 'serial' ? [port.path] : []));
  const transports: Transport[] = [];
  const finders: Finder[] = [];
  for (const port of ports) {
    if (port.kind === 'serial') transports.push(serialTransport(port));
    else if (port.kind === 'tcp') transports.push(tcpTransport(port));
    else finders.push(usbFinder({ wanted: port, baud: port.baud, ...(port.frameMax === undefined ? {} : { frameMax: port.frameMax }), list: () => usbPorts(platform), taken }));
  }
  return { transports, finders };
}
