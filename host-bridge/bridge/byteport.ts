/** A byte port in the same process as a transport: the simulator's cable, a test's pipe. */
import { Problem } from '../common/errors';
import { BRIDGE } from './faults';
import type { Connection, ConnectionHandlers, Transport } from './transport';

/** What such a port has to offer. Without `onState` a pulled cable is seen at the next write, as with a real one that gives no event. */
export interface BytePort {
  readonly connected: boolean;
  write(bytes: Buffer): unknown;
  onData(receive: (bytes: Buffer) => void): unknown;
  onState?(call: (connected: boolean) => void): unknown;
}

export function bytePortTransport(name: string, port: BytePort, frameMax = 2048): Transport {
  let handlers: ConnectionHandlers | undefined;
  const lost = (): void => {
    const mine = handlers;
    handlers = undefined;
    mine?.down(new Problem(BRIDGE.PORT_LOST, name));
  };
  port.onData((bytes) => handlers?.data(bytes));
  port.onState?.((connected) => {
    if (!connected) lost();
  });
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
            lost();
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
