/** Centrals for tests: one whose unit is a cable of the bench, one at the simulator's BLE port (sim/io/BLE.md). */
import { connect } from 'node:net';
import type { Central, GattHandlers, GattLink } from '../../host-bridge/bridge';
import { BRIDGE } from '../../host-bridge/bridge';
import type { Clock } from '../../host-bridge/common/clock';
import { Problem } from '../../host-bridge/common/errors';
import type { Cable } from './fake-device';

/** A radio in the same process: packets of at most mtu − 3 bytes, one after the other, 1 ms apart. */
export class FakeCentral implements Central {
  mtu = 23;
  /** Lengths of what was written, in order. */
  readonly writes: number[] = [];
  /** Contents of the first write of each connection. */
  readonly firsts: Buffer[] = [];
  connections = 0;
  disconnects = 0;
  bonded = 0;
  advertising = true;
  /** Called before a write is taken; may throw. */
  onWrite: () => void = () => undefined;
  private handlers: GattHandlers | undefined;

  constructor(private readonly clock: Clock, private readonly cable: Cable) {}

  nearby(): Promise<string[]> {
    return Promise.resolve(this.advertising ? ['C0:FF:EE:00:00:01'] : []);
  }

  connect(address: string, bond: boolean, handlers: GattHandlers): Promise<GattLink> {
    if (!this.advertising) return Promise.reject(new Problem(BRIDGE.PORT_MISSING, address));
    this.connections++;
    if (bond) this.bonded++;
    this.handlers = handlers;
    const { mtu } = this;
    let first = true;
    this.cable.onData((bytes) => {
      for (let at = 0; at < bytes.length; at += mtu - 3) if (this.handlers === handlers) handlers.notified(bytes.subarray(at, at + mtu - 3));
    });
    return Promise.resolve({
      mtu,
      write: (bytes: Buffer) =>
        new Promise<void>((resolve) => {
          this.onWrite();
          if (this.handlers !== handlers) throw new Error('not connected');
          if (bytes.length === 0 || bytes.length > mtu - 3) throw new Error(`${bytes.length} bytes do not fit`);
          this.writes.push(bytes.length);
          if (first) this.firsts.push(Buffer.from(bytes));
          first = false;
          this.cable.write(Buffer.from(bytes));
          this.clock.after(1, resolve);
        }),
      disconnect: () => {
        this.disconnects++;
        if (this.handlers === handlers) this.handlers = undefined;
        return Promise.resolve();
      },
    });
  }

  /** The unit goes out of reach. */
  lose(): void {
    const { handlers } = this;
    this.handlers = undefined;
    handlers?.gone();
  }
}

/** A unit of `sim serve --ble`. The address is host:port. */
export const simulatedCentral: Central = {
  nearby: () => Promise.resolve([]),
  connect(address, _bond, handlers) {
    const [host, port] = address.split(':');
    return new Promise((resolve, reject) => {
      const socket = connect({ host: host!, port: Number(port), noDelay: true });
      let rest = Buffer.alloc(0);
      let open = false;
      socket.on('error', () => undefined);
      socket.on('close', () => {
        if (open) handlers.gone();
        else reject(new Problem(BRIDGE.PORT_MISSING, address));
      });
      const link = (mtu: number): GattLink => ({
        mtu,
        write: (bytes) =>
          new Promise((done, failed) => {
            if (bytes.length === 0 || bytes.length > mtu - 3) throw new Error(`${bytes.length} bytes do not fit`);
            const head = Buffer.alloc(2);
            head.writeUInt16LE(bytes.length);
            socket.write(Buffer.concat([head, bytes]), (error) => (error ? failed(error) : done()));
          }),
        disconnect: () => {
          open = false;
          socket.destroy();
          return Promise.resolve();
        },
      });
      socket.on('data', (bytes) => {
        rest = Buffer.concat([rest, bytes]);
        while (rest.length >= 2 && rest.length >= 2 + rest.readUInt16LE(0)) {
          const packet = rest.subarray(2, 2 + rest.readUInt16LE(0));
          rest = rest.subarray(2 + packet.length);
          if (open) handlers.notified(packet);
          else {
            open = true;
            resolve(link(packet.readUInt16LE(0)));
          }
        }
      });
    });
  },
};
