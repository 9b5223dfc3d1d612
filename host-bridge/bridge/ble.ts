/**
 * A unit's radio as a port like any other: its GATT service (firmware/HARDWARE.md, "Radio"), one characteristic written, one
 * notifying. Bytes are cut to what the agreed MTU carries, from 23 up; the link above puts them together again. What does
 * the radio's work is a Central: BlueZ (bluez.ts), the simulator's shape of BLE, or a test's.
 */
import { Problem } from '../common/errors';
import { BRIDGE } from './faults';
import type { Finder } from './ports';
import type { Connection, ConnectionHandlers, Transport } from './transport';

/** The unit's service; 0002 of it is written, 0003 notifies. */
export const SERVICE = '7d1a0001-5ea1-4c0b-9e3a-2f6b8c1d9a10';
export const WRITTEN = '7d1a0002-5ea1-4c0b-9e3a-2f6b8c1d9a10';
export const NOTIFYING = '7d1a0003-5ea1-4c0b-9e3a-2f6b8c1d9a10';

/** Bytes of a packet that its own head takes (Bluetooth Core 5.4, vol. 3, part F, 3.4.5.3 and 3.4.7.1), and the least MTU. */
const ATT_HEAD = 3;
export const MTU_MIN = 23;
/** Largest frame on the wire over BLE, bytes. */
export const BLE_FRAME = 128;
/** Bytes that may wait for the radio: more than a window of frames. */
const WAITING_LIMIT = 4_096;

export interface GattHandlers {
  /** One notification. */
  notified(bytes: Buffer): void;
  /** The connection ended without `disconnect`. At most once. */
  gone(): void;
}

/** A connection to the service of one unit, notifications on. */
export interface GattLink {
  /** ATT MTU agreed, 23 or more. */
  readonly mtu: number;
  /** One write without response, at most mtu − 3 bytes. Resolves when the next may follow; rejects when the connection is gone. */
  write(bytes: Buffer): Promise<void>;
  /** Ends it. Never rejects. */
  disconnect(): Promise<void>;
}

export interface Central {
  /** Rejects with a Problem whose code begins with PORT_. @param bond pair with it first, where it is not */
  connect(address: string, bond: boolean, handlers: GattHandlers): Promise<GattLink>;
  /** Addresses of units that advertise the service now. */
  nearby(): Promise<string[]>;
}

export interface BleOptions {
  /** Device address, "AA:BB:CC:DD:EE:FF". */
  address: string;
  central: Central;
  /** Pair first, so that the platform encrypts the connection. The link is encrypted and authenticated by itself. */
  bond?: boolean;
}

export function bleTransport({ address, central, bond = false }: BleOptions): Transport {
  const name = `ble:${address}`;
  return { name, frameMax: BLE_FRAME, open: (handlers) => openBle(name, address, central, bond, handlers) };
}

async function openBle(name: string, address: string, central: Central, bond: boolean, handlers: ConnectionHandlers): Promise<Connection> {
  let ended = false;
  const down = (cause?: unknown): void => {
    if (ended) return;
    ended = true;
    waiting.length = 0;
    void at.link?.disconnect();
    handlers.down(new Problem(BRIDGE.PORT_LOST, { detail: name, cause }));
  };
  const waiting: Buffer[] = [];
  let bytesWaiting = 0;
  /** The connection, once there is one; whether it was gone before that. */
  const at: { link: GattLink | undefined; early: boolean } = { link: undefined, early: false };
  const open = await central.connect(address, bond, {
    notified: (bytes) => {
      if (!ended) handlers.data(bytes);
    },
    gone: () => {
      if (at.link === undefined) at.early = true;
      else down();
    },
  });
  at.link = open;
  if (at.early) {
    await open.disconnect();
    throw new Problem(BRIDGE.PORT_LOST, name);
  }
  const most = Math.max(MTU_MIN, Math.min(open.mtu, BLE_FRAME + ATT_HEAD)) - ATT_HEAD;
  let writing = false;
  const pump = async (): Promise<void> => {
    if (writing) return;
    writing = true;
    try {
      for (let bytes = waiting.shift(); bytes !== undefined && !ended; bytes = waiting.shift()) {
        bytesWaiting -= bytes.length;
        await open.write(bytes);
      }
    } catch (error) {
      down(error);
    } finally {
      writing = false;
    }
  };
  const put = (bytes: Buffer): void => {
    for (let at = 0; at < bytes.length; at += most) waiting.push(bytes.subarray(at, at + most));
    bytesWaiting += bytes.length;
    void pump();
  };
  // The unit's interpreter does not tell it the MTU; it takes the longest write it has seen for what fits. Zeros are no frame.
  put(Buffer.alloc(most));
  return {
    write(bytes) {
      if (ended || bytesWaiting + bytes.length > WAITING_LIMIT) return false;
      put(Buffer.from(bytes));
      return true;
    },
    async close() {
      ended = true;
      waiting.length = 0;
      await open.disconnect();
    },
  };
}

/** Every unit in reach, by its service. */
export function bleFinder(central: Central, bond: boolean): Finder {
  return {
    find: async () => (await central.nearby()).map((address) => ({ name: `ble:${address}`, make: () => bleTransport({ address, central, bond }) })),
  };
}
