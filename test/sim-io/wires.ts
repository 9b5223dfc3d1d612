/** What the tests of this folder share: a device made of two hands, and the computer's clock. */
import type { Cable, Timers } from '../../sim/io';

export const timers: Timers = {
  now: () => performance.now(),
  after(ms, call) {
    const timer = setTimeout(call, ms);
    return () => clearTimeout(timer);
  },
};

export interface Device extends Cable {
  connected: boolean;
  /** All that arrived at the device. */
  heard: Buffer;
  say(bytes: Buffer): void;
}

export function device(): Device {
  const receivers = new Set<(bytes: Buffer) => void>();
  return {
    connected: true,
    heard: Buffer.alloc(0),
    write(bytes) {
      this.heard = Buffer.concat([this.heard, bytes]);
    },
    onData(receive) {
      receivers.add(receive);
      return () => receivers.delete(receive);
    },
    say(bytes) {
      for (const receive of receivers) receive(bytes);
    },
  };
}

/** Every byte value, in an order that has all the terminal's special characters beside each other and apart. */
export const everyByte = Buffer.concat([
  Buffer.from(Array.from({ length: 256 }, (_, i) => i)),
  Buffer.from(Array.from({ length: 256 }, (_, i) => (i * 167 + 3) & 255)),
  Buffer.from([3, 4, 13, 10, 17, 19, 26, 28, 127, 255, 0, 255, 255, 13, 13, 10]),
]);

export async function until(what: string, condition: () => boolean, withinMs = 5000): Promise<void> {
  const end = performance.now() + withinMs;
  while (!condition()) {
    if (performance.now() > end) throw new Error(`not within ${withinMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
