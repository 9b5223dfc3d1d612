/**
 * Serial ports of USB devices, found by their ids and named by the socket they are plugged into: that name stays when the
 * system numbers its terminals anew (ttyACM0 today, ttyACM1 tomorrow). On Linux from sysfs, where it costs a few reads and
 * no process; elsewhere from the serial binding.
 */
import { readdirSync, readFileSync, realpathSync, type Dirent } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { autoDetect } from '@serialport/bindings-cpp';
import { Problem } from '../common/errors';
import { BRIDGE } from './faults';
import { openSerial } from './serial';
import type { Transport } from './transport';

/** A serial port of a USB device as it is now. Ids are four lower-case hexadecimal digits. */
export interface UsbPort {
  /** What opens it at this moment. */
  path: string;
  /** Hub, socket and interface ("1-1.2:1.0" on Linux): stable as long as nobody moves the plug. */
  location: string;
  vendor: string;
  product: string;
  serialNumber?: string;
  maker?: string;
}

/** What to take up of all that is plugged in. */
export interface UsbWanted {
  vendor: string;
  product?: string | undefined;
  serialNumber?: string | undefined;
}

export function wants({ vendor, product, serialNumber }: UsbWanted, port: UsbPort): boolean {
  return port.vendor === vendor && (product === undefined || port.product === product) && (serialNumber === undefined || port.serialNumber === serialNumber);
}

/** All serial ports of USB devices. Never rejects: what cannot be read is not there. */
export async function usbPorts(platform: NodeJS.Platform): Promise<UsbPort[]> {
  if (platform === 'linux') return sysfsPorts('/sys', '/dev');
  const found = await autoDetect().list().catch(() => []);
  return found.flatMap(({ path, vendorId, productId, locationId, serialNumber, manufacturer }) => {
    if (vendorId === undefined || productId === undefined) return [];
    return [{
      path, location: locationId ?? path, vendor: vendorId.toLowerCase().padStart(4, '0'), product: productId.toLowerCase().padStart(4, '0'),
      ...(serialNumber === undefined ? {} : { serialNumber }), ...(manufacturer === undefined ? {} : { maker: manufacturer }),
    }];
  });
}

/** Linux, Documentation/ABI/testing/sysfs-bus-usb: /sys/class/tty/NAME/device lies below the USB device's own folder. */
export function sysfsPorts(sys: string, dev: string): UsbPort[] {
  const ports: UsbPort[] = [];
  for (const { name } of entries(join(sys, 'class/tty'))) {
    if (!/^tty(ACM|USB)\d+$/.test(name)) continue;
    const port = portOf(join(sys, 'class/tty', name, 'device'), join(dev, name));
    if (port !== undefined) ports.push(port);
  }
  return ports.sort((a, b) => (a.location < b.location ? -1 : 1));
}

function portOf(device: string, path: string): UsbPort | undefined {
  let folder: string;
  try {
    folder = realpathSync(device);
  } catch {
    return undefined; // pulled out between the list and the look
  }
  let below = folder;
  for (let i = 0; i < 8 && folder !== dirname(folder); i++, below = folder, folder = dirname(folder)) {
    const vendor = textOf(join(folder, 'idVendor'));
    const product = textOf(join(folder, 'idProduct'));
    if (vendor === undefined || product === undefined) continue;
    const serialNumber = textOf(join(folder, 'serial'));
    const maker = textOf(join(folder, 'manufacturer'));
    return { path, location: basename(below), vendor, product, ...(serialNumber === undefined ? {} : { serialNumber }), ...(maker === undefined ? {} : { maker }) };
  }
  return undefined;
}

function entries(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

function textOf(file: string): string | undefined {
  try {
    const text = readFileSync(file, 'utf8').trim().slice(0, 126); // a USB string descriptor holds no more
    return text === '' ? undefined : text;
  } catch {
    return undefined;
  }
}

export interface UsbTransportOptions {
  location: string;
  /** All that is plugged in now. */
  list(): Promise<UsbPort[]>;
  wanted: UsbWanted;
  baud: number;
  frameMax?: number;
}

/** Whatever fits and sits in this socket, under the terminal's name of the moment. */
export function usbTransport(options: UsbTransportOptions): Transport {
  const name = `usb:${options.location}`;
  return {
    name,
    frameMax: options.frameMax ?? 2048,
    async open(handlers) {
      const found = (await options.list()).find((port) => port.location === options.location && wants(options.wanted, port));
      if (found === undefined) throw new Problem(BRIDGE.PORT_MISSING, name);
      return openSerial({ path: found.path, baud: options.baud }, handlers);
    },
  };
}
