/** What time it is, handed in by main.tsx. */
import { createContext, useContext } from 'react';

export interface Clock {
  /** Unix seconds. */
  seconds(): number;
  /** Calls every so many milliseconds, until what it returns is called. */
  every(ms: number, call: () => void): () => void;
}

export const ClockContext = createContext<Clock>({ seconds: () => 0, every: () => () => undefined });
export const useClock = (): Clock => useContext(ClockContext);
