/** A byte port in the same process as a transport: the simulator's cable, a test's pipe. */
import { Problem } from '../common/errors';
import { BRIDGE } from './faults';
import type { Connection, ConnectionHandlers, Transport } from './transport';

/** What such a port has to offer. Pulling the cable is seen at the next write, as with a real one that gives no event. */
export interface BytePort {
  readonly connected: boolean;
  write(bytes: Buffer): unknown;
  onData(receive: (bytes: Buffer) => void): void;
}

export function bytePortTransport(name: string, port: BytePort, frameMax = 2048): Transport {
  let handlers: ConnectionHandlers | undefined;
  port.onData((bytes) => handlers?.data(bytes));
  return {
    name,
    frameMax,
    open(given) {
      if (!port.connected) return Promise.reject(new Problem(BRIDGE.PORT_MISSING, name));
      handlers = given;
      const mine = given;
      const connection: Connection = {
        write(bytes) {
          if (handlers !== mine) return false;
          if (!port.connected) {
            handlers = undefined;
            mine.down(new Problem(BRIDGE.PORT_LOST, name));
            return false;
          }
          port.write(bytes);
          return true;
        },
        close() {
          if (handlers === mine) handlers = undefined;
          return Promise.resolve();
        },
      };
      return Promise.resolve(connection);
    },
  };
}
