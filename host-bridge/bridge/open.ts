/** The ports that a configuration asks for, as transports and finders. */
import type { Clock } from '../common/clock';
import type { Log } from '../common/log';
import { bleFinder, bleTransport } from './ble';
import { Bluez } from './bluez';
import type { BridgeConfig } from './config';
import { usbFinder } from './finder';
import type { Finder } from './ports';
import { serialTransport } from './serial';
import { tcpTransport } from './tcp';
import type { Transport } from './transport';
import { usbPorts } from './usb';

export function portsFrom(ports: BridgeConfig['ports'], platform: NodeJS.Platform, clock: Clock, log: Log): { transports: Transport[]; finders: Finder[]; close(): void } {
  const taken = ports.flatMap((port) => (port.kind === 'serial' ? [port.path] : []));
  const transports: Transport[] = [];
  const finders: Finder[] = [];
  const centrals = new Map<string, Bluez>();
  const central = (adapter: string | undefined): Bluez => {
    const one = centrals.get(adapter ?? '') ?? new Bluez({ clock, log, adapter });
    centrals.set(adapter ?? '', one);
    return one;
  };
  for (const port of ports) {
    if (port.kind === 'serial') transports.push(serialTransport(port));
    else if (port.kind === 'tcp') transports.push(tcpTransport(port));
    else if (port.kind === 'ble' && port.address === undefined) finders.push(bleFinder(central(port.adapter), port.bond));
    else if (port.kind === 'ble') transports.push(bleTransport({ address: port.address as string, central: central(port.adapter), bond: port.bond }));
    else finders.push(usbFinder({ wanted: port, baud: port.baud, ...(port.frameMax === undefined ? {} : { frameMax: port.frameMax }), list: () => usbPorts(platform), taken }));
  }
  return {
    transports,
    finders,
    close: () => {
      for (const one of centrals.values()) one.close();
    },
  };
}
