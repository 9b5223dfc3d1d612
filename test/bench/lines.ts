/** Serial lines for benches: pseudo-terminals joined by wires of a given speed, and a clock for them. */
import { openPty, Pacer, throttle, type Cable, type Pty, type Timers } from '../../sim/io';
import type { Bench } from './report';

export function timersOf(bench: Bench): Timers {
  return {
    now: () => bench.now(),
    after(ms, call) {
      let off = false;
      void bench.sleep(ms).then(() => {
        if (!off) call();
      });
      return () => {
        off = true;
      };
    },
  };
}

/** A cable that counts what the device sends over it, and when. */
export class Meter implements Cable {
  bytes = 0;
  first = 0;
  last = 0;
  constructor(private readonly cable: Cable, private readonly now: () => number) {
    cable.onData((bytes) => {
      if (this.bytes === 0) this.first = now();
      this.bytes += bytes.length;
      this.last = now();
    });
  }
  get connected(): boolean {
    return this.cable.connected;
  }
  write(bytes: Buffer): unknown {
    return this.cable.write(bytes);
  }
  onData(receive: (bytes: Buffer) => void): () => void {
    return this.cable.onData(receive);
  }
}

/** A unit's cable behind a line of so many baud, as a terminal. */
export async function terminal(cable: Cable, baud: number, timers: Timers): Promise<{ pty: Pty; meter: Meter }> {
  const meter = new Meter(throttle(cable, baud, timers), () => timers.now());
  return { pty: await openPty(meter, { timers }), meter };
}

/** Two terminals joined by such a line. `bytes`: carried from a to b. */
export async function pair(baud: number, timers: Timers): Promise<{ a: Pty; b: Pty; meter: { bytes: number; first: number; last: number } }> {
  const meter = { bytes: 0, first: 0, last: 0 };
  const ends = [0, 1].map(() => new Set<(bytes: Buffer) => void>());
  const deliver = (to: number) => (bytes: Buffer) => {
    if (to === 1) {
      if (meter.bytes === 0) meter.first = timers.now();
      meter.bytes += bytes.length;
      meter.last = timers.now();
    }
    for (const receive of ends[to]!) receive(bytes);
  };
  const wires = [new Pacer(timers, baud / 10_000, deliver(1)), new Pacer(timers, baud / 10_000, deliver(0))];
  const end = (index: number): Cable => ({
    connected: true,
    write: (bytes) => wires[index]!.push(bytes),
    onData(receive) {
      ends[index]!.add(receive);
      return () => ends[index]!.delete(receive);
    },
  });
  const [a, b] = [await openPty(end(0), { timers }), await openPty(end(1), { timers })];
  return { a, b, meter };
}
