/**
 * A unit's cable as a TCP port: one host at a time. A second one is closed at once, without a byte, because a line of
 * text would be noise on this link.
 */
import type { Server, Socket } from 'node:net';
import { createServer } from 'node:net';
import type { Cable } from './cable';
import { WAITING_LIMIT } from './cable';

export interface TcpOptions {
  /** Address to listen at; the loopback unless told otherwise: whoever reaches the port can press at the link. */
  host?: string;
  /** 0: any free port. */
  port: number;
  /** Hears hosts come and go. */
  onHost?: (there: boolean) => void;
}

export interface TcpPort {
  readonly host: string;
  readonly port: number;
  readonly counters: { toHost: number; fromHost: number; lost: number; refused: number };
  /** Ends the host's connection (the cable is pulled) and goes on listening. */
  hangUp(): void;
  close(): Promise<void>;
}

/** @throws what listen() throws: EADDRINUSE, EACCES */
export function serveTcp(cable: Cable, options: TcpOptions): Promise<TcpPort> {
  const host = options.host ?? '127.0.0.1';
  const counters = { toHost: 0, fromHost: 0, lost: 0, refused: 0 };
  let client: Socket | undefined;
  const server: Server = createServer({ noDelay: true }, (socket) => {
    socket.on('error', () => undefined);
    if (client || !cable.connected) {
      counters.refused++;
      socket.destroy();
      return;
    }
    client = socket;
    options.onHost?.(true);
    socket.on('data', (bytes) => {
      counters.fromHost += bytes.length;
      if (cable.connected) cable.write(bytes);
    });
    socket.on('end', () => socket.destroy());
    socket.on('close', () => {
      if (client !== socket) return;
      client = undefined;
      options.onHost?.(false);
    });
  });
  const deaf = cable.onData((bytes) => {
    if (!client) return;
    if (client.writableLength + bytes.length > WAITING_LIMIT) {
      counters.lost += bytes.length;
      return;
    }
    counters.toHost += bytes.length;
    client.write(bytes);
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, host, () => {
      server.off('error', reject);
      const address = server.address();
      resolve({
        host,
        port: address !== null && typeof address === 'object' ? address.port : options.port,
        counters,
        hangUp() {
          client?.destroy();
        },
        close() {
          deaf();
          client?.destroy();
          return new Promise((done) => server.close(() => done()));
        },
      });
    });
  });
}
