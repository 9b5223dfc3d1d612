/**
 * A way to a device: a serial port, a TCP connection, a cable of the simulator. Everything above sees only this, so the
 * rest of the bridge never touches a stream. A connection is one object from open to close; nothing a stale one says can
 * reach its successor.
 */
import type { Problem } from '../common/errors';

export interface ConnectionHandlers {
  /** Bytes as they come, in arbitrary pieces. */
  data(chunk: Buffer): void;
  /** The connection ended without `close` having been called. At most once, and never before `open` has resolved. */
  down(why: Problem): void;
}

export interface Connection {
  /** Takes all of the bytes and returns true, or none and returns false (ended, or too much waits to be sent). */
  write(bytes: Buffer): boolean;
  /**
   * Whether the name it was opened by still leads to it. Asked every second, for a device that was pulled, or exchanged
   * for another, without an event. Absent where names cannot change their meaning.
   */
  there?(): boolean;
  /** Ends it; resolves when another program could open the port. Never rejects. After the call the handlers are silent. */
  close(): Promise<void>;
}

export interface Transport {
  /** Unique among the ports of a bridge, for logs and the API: "serial:/dev/ttyACM0". */
  readonly name: string;
  /** Largest frame on the wire in bytes, delimiter included. */
  readonly frameMax: number;
  /** Opens it. Rejects with a Problem whose code begins with PORT_. Not called again before the last one is closed or down. */
  open(handlers: ConnectionHandlers): Promise<Connection>;
}

/** Bytes that may wait in a connection before `write` takes no more. */
export const WRITE_LIMIT = 16_384;
