/** Serial ports (USB CDC, RS-232 adapters, pseudo-terminals) through @serialport/stream. */
import { statSync } from 'node:fs';
import { SerialPortStream } from '@serialport/stream';
import { Problem } from '../common/errors';
import { BRIDGE } from './faults';
import { WRITE_LIMIT, type Connection, type ConnectionHandlers, type Transport } from './transport';
import { deviceAt, hangUpBinding } from './tty';

export interface SerialOptions {
  path: string;
  /** Baud; means nothing on USB. */
  baud: number;
  frameMax?: number;
}

export function serialTransport(options: SerialOptions): Transport {
  return {
    name: `serial:${options.path}`,
    frameMax: options.frameMax ?? 2048,
    open: (handlers) => openSerial(options, handlers),
  };
}

export async function openSerial(options: SerialOptions, handlers: ConnectionHandlers): Promise<Connection> {
  refuseWhatIsNoTerminal(options.path);
  const opened = deviceAt(options.path);
  return new Promise((resolve, reject) => {
    // `lock` is flock(2): a second program that locks too is turned away, and so are we by it.
    const port = new SerialPortStream({ binding: hangUpBinding(), path: options.path, baudRate: options.baud, lock: true, hupcl: false, autoOpen: false });
    let ended = false;
    const down = (error: Error | null): void => {
      if (ended) return;
      ended = true;
      release();
      handlers.down(new Problem(BRIDGE.PORT_LOST, { detail: options.path, cause: error ?? undefined }));
    };
    const release = (): Promise<void> =>
      new Promise((done) => {
        if (!port.isOpen) return done();
        // What nobody reads would keep close(2) waiting for up to half a minute (Linux, closing_wait of a tty).
        port.flush(() => (port.isOpen ? port.close(() => done()) : done()));
      });
    port.on('error', (error) => down(error));
    port.on('close', (error: Error | null) => down(error));
    port.on('data', (chunk: Buffer) => {
      if (!ended) handlers.data(chunk);
    });
    port.open((error) => {
      if (error) {
        ended = true;
        reject(openProblem(options.path, error));
        return;
      }
      resolve({
        write(bytes) {
          if (ended || !port.isOpen || port.writableLength + bytes.length > WRITE_LIMIT) return false;
          port.write(bytes);
          return true;
        },
        there: () => opened === undefined || deviceAt(options.path) === opened,
        close() {
          ended = true;
          return release();
        },
      });
    });
  });
}

/** The binding opens anything; writing a handshake into somebody's file must not happen. */
function refuseWhatIsNoTerminal(path: string): void {
  if (!path.startsWith('/')) return; // COM3
  let isTerminal = false;
  try {
    isTerminal = statSync(path).isCharacterDevice();
  } catch (error) {
    throw openProblem(path, error as Error);
  }
  if (!isTerminal) throw new Problem(BRIDGE.PORT_NOT_SERIAL, path);
}

/** The binding's texts ("Error: No such file or directory, cannot open …", "Error Resource temporarily unavailable Cannot lock port") and errno codes. */
function openProblem(path: string, error: Error): Problem {
  const text = `${(error as NodeJS.ErrnoException).code ?? ''} ${error.message}`;
  const fault = /ENOENT|ENODEV|ENXIO|No such (file|device)|File not found/i.test(text)
    ? BRIDGE.PORT_MISSING
    : /EBUSY|EAGAIN|cannot lock|busy|temporarily unavailable/i.test(text)
      ? BRIDGE.PORT_BUSY
      : /EACCES|EPERM|denied|not permitted/i.test(text)
        ? BRIDGE.PORT_DENIED
        : /ENOTTY|inappropriate ioctl|not a (tty|serial)/i.test(text)
          ? BRIDGE.PORT_NOT_SERIAL
          : BRIDGE.PORT_FAILED;
  return new Problem(fault, { detail: fault === BRIDGE.PORT_FAILED ? `${path}: ${error.message}` : path, cause: error });
}
