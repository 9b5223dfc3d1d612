/** What time it is, handed in by main.tsx. */
import { createContext, useContext } from 'react';

export interface Clock {
  /** Unix seconds. */
  seconds(): number;
}

export const ClockContext = createContext<Clock>({ seconds: () => 0 });
export const useClock = (): Clock => useContext(ClockContext);
