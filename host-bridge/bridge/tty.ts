/**
 * What has to be known of a terminal beyond the serial binding: when its line hung up, and whether a path still leads to
 * the device that was opened.
 */
import { read, statSync } from 'node:fs';
import { promisify } from 'node:util';
import { autoDetect, DarwinPortBinding, LinuxPortBinding, type AutoDetectTypes } from '@serialport/bindings-cpp';

const readAsync = promisify(read);

/** An error by which the stream above takes the port for lost. */
class HangUp extends Error {
  readonly disconnect = true;
  constructor() {
    super('the line hung up');
  }
}

/** An error by which the stream knows that the port was closed on purpose. */
class Canceled extends Error {
  readonly canceled = true;
}

/**
 * The platform's binding, with a read that ends. On a line that hung up (a device pulled out, a terminal whose other end
 * closed) read(2) answers 0 bytes at once and for ever; @serialport/bindings-cpp 13 then reads again without end, and
 * neither an error nor `close` ever comes. The port is opened without waiting and for at least one byte (VMIN 1), where
 * 0 bytes have no other meaning (POSIX.1-2017, "General Terminal Interface", section 11.1.7 case B and 11.1.10).
 */
export function hangUpBinding(): AutoDetectTypes {
  const binding = autoDetect();
  const open = async (options: Parameters<typeof binding.open>[0]): Promise<unknown> => {
    const port = await binding.open(options as never);
    if (port instanceof LinuxPortBinding || port instanceof DarwinPortBinding) port.read = (buffer, offset, length) => readOnce(port, buffer, offset, length);
    return port;
  };
  return { list: () => binding.list(), open } as AutoDetectTypes;
}

type UnixPort = LinuxPortBinding | DarwinPortBinding;

async function readOnce(port: UnixPort, buffer: Buffer, offset: number, length: number): Promise<{ bytesRead: number; buffer: Buffer }> {
  for (;;) {
    if (port.fd === null) throw new Canceled('the port is closed');
    try {
      const { bytesRead } = await readAsync(port.fd, buffer, offset, length, null);
      if (bytesRead === 0) throw port.isOpen ? new HangUp() : new Canceled('the port is closed');
      return { bytesRead, buffer };
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== 'EAGAIN' && code !== 'EWOULDBLOCK' && code !== 'EINTR') throw error;
    }
    if (!port.isOpen) throw new Canceled('the port is closed');
    await new Promise<void>((resolve, reject) => port.poller.once('readable', (error: Error | null) => (error === null ? resolve() : reject(error))));
  }
}

/** Which device a path leads to now; undefined where there is none, or the system does not tell. */
export function deviceAt(path: string): string | undefined {
  try {
    const found = statSync(path, { throwIfNoEntry: false });
    return found === undefined ? undefined : `${found.dev}:${found.ino}:${found.rdev}`;
  } catch {
    return undefined; // a loop of links, a folder that may not be entered
  }
}
