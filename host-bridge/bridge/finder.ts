/** Finds units at USB sockets by the ids that the configuration names. */
import type { Finder } from './ports';
import { deviceAt } from './tty';
import { usbTransport, wants, type UsbPort, type UsbWanted } from './usb';

export interface UsbFinderOptions {
  wanted: UsbWanted;
  baud: number;
  frameMax?: number;
  list(): Promise<UsbPort[]>;
  /** Paths that ports of their own look after. */
  taken: readonly string[];
}

export function usbFinder({ wanted, baud, frameMax, list, taken }: UsbFinderOptions): Finder {
  return {
    async find() {
      const named = taken.flatMap((path) => deviceAt(path) ?? []);
      return (await list())
        .filter((port) => wants(wanted, port) && !named.includes(deviceAt(port.path) ?? ''))
        .map(({ location }) => ({
          name: `usb:${location}`,
          make: () => usbTransport({ location, list, wanted, baud, ...(frameMax === undefined ? {} : { frameMax }) }),
        }));
    },
  };
}
