/**
 * A unit's radio as a TCP port that carries what a BLE central would see: BLE.md says byte by byte. One central at a time.
 * Bytes are not a stream here: each notification and each write stands for itself, as in GATT.
 */
import type { Server, Socket } from 'node:net';
import { createServer } from 'node:net';
import type { Radio } from '../board/bluetooth';
import { WAITING_LIMIT } from './cable';

export interface BleOptions {
  /** Address to listen at; the loopback unless told otherwise. */
  host?: string;
  /** 0: any free port. */
  port: number;
  /** ATT MTU that the central asks for, 23..247; what is agreed is the lesser of this and the unit's. */
  mtu: number;
  /** Called before something from outside enters the world, to bring its clock up to now. */
  catchUp?: () => void;
}

export interface BlePort {
  readonly host: string;
  readonly port: number;
  readonly counters: { notifications: number; writes: number; lost: number; refused: number };
  close(): Promise<void>;
}

/** The characteristic that a central writes to (firmware/HARDWARE.md). */
const WRITTEN = '7d1a0002-5ea1-4c0b-9e3a-2f6b8c1d9a10';
const LENGTH = 2;
/** How often a central that is being connected looks whether the unit advertises, ms. */
const LOOK_MS = 100;
/** A connection interval (sim/board/bluetooth.ts), and how many writes the nRF52 takes within one. */
const INTERVAL_MS = 15;
const WRITES = 6;

/** @throws what listen() throws */
export function serveBle(radio: Radio, options: BleOptions, after: (ms: number, call: () => void) => () => void): Promise<BlePort> {
  const host = options.host ?? '127.0.0.1';
  const counters = { notifications: 0, writes: 0, lost: 0, refused: 0 };
  let central: Socket | undefined;
  const send = (bytes: Buffer): void => {
    if (!central) return;
    if (central.writableLength + bytes.length > WAITING_LIMIT) {
      counters.lost++;
      return;
    }
    const length = Buffer.alloc(LENGTH);
    length.writeUInt16LE(bytes.length);
    central.write(Buffer.concat([length, bytes]));
  };
  radio.onNotify = (_uuid, bytes) => {
    counters.notifications++;
    send(bytes);
  };
  // The unit let go of the radio (reset, no power): the central sees its connection end.
  radio.onState = (connected) => !connected && central?.destroy();

  const server: Server = createServer({ noDelay: true }, (socket) => {
    socket.on('error', () => undefined);
    if (central) {
      counters.refused++;
      socket.destroy();
      return;
    }
    central = socket;
    let cancel = connect(socket);
    const waiting: Buffer[] = [];
    let pacing: (() => void) | undefined;
    let bytesWaiting = 0;
    /** What one connection interval carries goes over. Until then nothing more is read: a central that floods must not take the time of other units. */
    const flow = (): void => {
      socket.resume();
      pacing = waiting.length > 0 ? after(INTERVAL_MS, flow) : undefined;
      if (waiting.length > 0) options.catchUp?.();
      for (const bytes of waiting.splice(0, WRITES)) {
        counters.writes++;
        bytesWaiting -= LENGTH + bytes.length;
        radio.write(WRITTEN, bytes);
      }
    };
    const reader = pieces(() => radio.payload, (bytes) => {
      // Lost and not held back for long: behind what is never read, nobody would see the central leave.
      if (bytesWaiting + LENGTH + bytes.length > WAITING_LIMIT) counters.lost++;
      else bytesWaiting += LENGTH + waiting[waiting.push(bytes) - 1]!.length;
    });
    socket.on('data', (bytes) => {
      // A write before the connection is up, or one longer than a packet, is no GATT any more.
      if (!radio.connected || !reader(bytes)) socket.destroy();
      else if (pacing === undefined) flow();
      else socket.pause();
    });
    socket.on('end', () => socket.destroy());
    socket.on('close', () => {
      cancel();
      cancel = () => undefined;
      pacing?.();
      waiting.length = 0;
      if (central !== socket) return;
      central = undefined;
      options.catchUp?.();
      radio.disconnect();
    });
  });

  /** Connects as soon as the unit advertises; the first frame says what MTU was agreed. */
  function connect(socket: Socket): () => void {
    options.catchUp?.();
    if (socket === central && radio.connect(options.mtu)) {
      const agreed = Buffer.alloc(2);
      agreed.writeUInt16LE(radio.payload + 3);
      send(agreed);
      return () => undefined;
    }
    let cancel = after(LOOK_MS, () => (cancel = connect(socket)));
    return () => cancel();
  }

  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, host, () => {
      server.off('error', reject);
      const address = server.address();
      resolve({
        host,
        port: address !== null && typeof address === 'object' ? address.port : options.port,
        counters,
        close() {
          central?.destroy();
          return new Promise((done) => server.close(() => done()));
        },
      });
    });
  });
}

/** Cuts what comes into its length-prefixed pieces; false when one is longer than a packet. */
function pieces(most: () => number, take: (bytes: Buffer) => void): (bytes: Buffer) => boolean {
  let rest: Buffer = Buffer.alloc(0);
  return (bytes) => {
    rest = Buffer.concat([rest, bytes]);
    while (rest.length >= LENGTH) {
      const length = rest.readUInt16LE(0);
      if (length === 0 || length > most()) return false;
      if (rest.length < LENGTH + length) return true;
      take(rest.subarray(LENGTH, LENGTH + length));
      rest = rest.subarray(LENGTH + length);
    }
    return true;
  };
}
