/** TCP, for simulators and serial servers. The link is encrypted and authenticated by itself (protocol/SPEC.md). */
import { connect } from 'node:net';
import { Problem } from '../common/errors';
import { BRIDGE } from './faults';
import { WRITE_LIMIT, type Connection, type ConnectionHandlers, type Transport } from './transport';

export interface TcpOptions {
  host: string;
  port: number;
  frameMax?: number;
}

export function tcpTransport(options: TcpOptions): Transport {
  return {
    name: `tcp:${options.host}:${options.port}`,
    frameMax: options.frameMax ?? 2048,
    open: (handlers) => openTcp(options, handlers),
  };
}

function openTcp(options: TcpOptions, handlers: ConnectionHandlers): Promise<Connection> {
  const where = `${options.host}:${options.port}`;
  return new Promise((resolve, reject) => {
    const socket = connect({ host: options.host, port: options.port, noDelay: true, keepAlive: true });
    let opened = false;
    let ended = false;
    const down = (error?: Error): void => {
      if (ended) return;
      ended = true;
      socket.destroy();
      if (opened) handlers.down(new Problem(BRIDGE.PORT_LOST, { detail: where, cause: error }));
      else reject(openProblem(where, error));
    };
    socket.on('error', down);
    socket.on('close', () => down());
    socket.on('end', () => down());
    socket.on('data', (chunk) => {
      if (!ended) handlers.data(chunk);
    });
    socket.on('connect', () => {
      opened = true;
      resolve({
        write(bytes) {
          if (ended || socket.writableLength + bytes.length > WRITE_LIMIT) return false;
          socket.write(bytes);
          return true;
        },
        close() {
          ended = true;
          socket.destroy();
          return Promise.resolve();
        },
      });
    });
  });
}

function openProblem(where: string, error: Error | undefined): Problem {
  const code = (error as NodeJS.ErrnoException | undefined)?.code ?? '';
  const missing = /ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|ETIMEDOUT|EAI_AGAIN|ECONNRESET/.test(code) || error === undefined;
  return new Problem(missing ? BRIDGE.PORT_MISSING : BRIDGE.PORT_FAILED, { detail: `${where} ${code}`.trim(), cause: error });
}
