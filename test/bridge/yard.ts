/** Units on TCP ports of this process, each with the protocol's own end of the link: what a bridge of another process sees as devices. */
import { createServer, type Server, type Socket } from 'node:net';
import { systemClock } from '../../host-bridge/cli/system';
import { Cable, FakeDevice } from './fake-device';

const clock = systemClock();

/** A cable whose other end is whoever connects. The newest connection counts: a host that was killed never says goodbye. */
export class TcpCable extends Cable {
  port = 0;
  private server: Server | undefined;
  private socket: Socket | undefined;
  private receive: (bytes: Buffer) => void = () => undefined;

  constructor() {
    super(clock);
  }

  open(port = 0): Promise<this> {
    return new Promise((resolve, reject) => {
      this.server = createServer({ noDelay: true }, (socket) => {
        this.socket?.destroy();
        this.socket = socket;
        socket.on('error', () => undefined);
        socket.on('data', (bytes) => this.receive(bytes));
        socket.on('close', () => {
          if (this.socket === socket) this.socket = undefined;
        });
      });
      this.server.once('error', reject);
      this.server.listen(port, '127.0.0.1', () => {
        this.port = (this.server!.address() as { port: number }).port;
        resolve(this);
      });
    });
  }

  get there(): boolean {
    return this.socket !== undefined;
  }

  override attach(receive: (bytes: Buffer) => void): void {
    this.receive = receive;
  }

  override fromDevice(bytes: Buffer): boolean {
    // A host that does not read is a full line: the link tries again.
    if (this.socket === undefined || this.socket.writableLength > 65_536) return false;
    this.socket.write(bytes);
    return true;
  }

  close(): Promise<void> {
    this.socket?.destroy();
    return new Promise((resolve) => (this.server === undefined ? resolve() : this.server.close(() => resolve())));
  }
}

export interface YardUnit {
  id: string;
  cable: TcpCable;
  device: FakeDevice;
}

/** So many units, with ids that begin with these eight hexadecimal digits. */
export async function yard(count: number, prefix: string, linkKey: string, idleMs?: number): Promise<YardUnit[]> {
  const units: YardUnit[] = [];
  for (let i = 0; i < count; i++) {
    const id = prefix + i.toString(16).padStart(8, '0');
    const cable = await new TcpCable().open();
    units.push({ id, cable, device: new FakeDevice({ clock, id, linkKey, cable, ...(idleMs === undefined ? {} : { idleMs }) }) });
  }
  return units;
}

export async function clear(units: readonly YardUnit[]): Promise<void> {
  for (const { device } of units) device.halt();
  await Promise.all(units.map(({ cable }) => cable.close()));
}
