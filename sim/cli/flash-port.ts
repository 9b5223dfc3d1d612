/**
 * Loaded into the espruino tool ahead of it (node -r). The tool opens only ports that it lists, and lists neither pseudo-terminals nor
 * the names that udev gives (/dev/serial/by-id/…): the one that was asked for is put on its list.
 */
import { createRequire } from 'node:module';

/** What of the serial library the tool asks for its list. */
interface Library {
  SerialPort: { list(): Promise<{ path: string }[]> };
}

/** The variable that names the port. */
export const PORT = 'SMARTSEAL_FLASH_PORT';

const port = process.env[PORT];
if (port !== undefined && process.argv[1] !== undefined) {
  try {
    const { SerialPort } = createRequire(process.argv[1])('serialport') as Library;
    const listed = SerialPort.list.bind(SerialPort);
    SerialPort.list = async () => {
      const all = await listed().catch(() => []);
      return all.some(({ path }) => path === port) ? all : [...all, { path: port }];
    };
  } catch {
    // Without the library the tool says itself what is missing.
  }
}
