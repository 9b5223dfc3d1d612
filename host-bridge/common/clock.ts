/**
 * Time as everything in the host programs gets it. The composition root hands in the computer's (cli/system.ts); tests
 * and the simulator hand in a virtual one, so that hours of reconnecting run in milliseconds.
 */
export interface Clock {
  /** Unix time in milliseconds, for people to read. May jump. */
  wall(): number;
  /** Milliseconds that never go backwards, for deadlines. */
  now(): number;
  /** Calls once after so many milliseconds (≥ 0). Returns what cancels it; cancelling twice or too late is harmless. */
  after(ms: number, call: () => void): Cancel;
}

export type Cancel = () => void;

/** Evenly distributed in [0, 1). Not for secrets. */
export type Random = () => number;

/** Resolves after so many milliseconds of that clock. */
export function sleep(clock: Clock, ms: number): Promise<void> {
  return new Promise((resolve) => {
    clock.after(ms, resolve);
  });
}
