/** Counts calls for `@fastify/rate-limit`, by a clock that nobody sets: its own store goes by the wall clock, and one that is set back would keep callers out until the old time came again. */
import type { FastifyRateLimitStoreCtor } from '@fastify/rate-limit';

interface Counted {
  current: number;
  began: number;
}

/**
 * @param now milliseconds that only grow
 * @param most callers that are counted at once; the one heard of least lately is forgotten first
 */
export function callStore(now: () => number, most: number): FastifyRateLimitStoreCtor {
  return class CallStore {
    private readonly callers = new Map<string, Counted>();

    incr(key: string, told: (error: Error | null, result?: { current: number; ttl: number }) => void, window: number): void {
      const at = now();
      const known = this.callers.get(key);
      const counted = known === undefined || at - known.began >= window ? { current: 1, began: at } : { current: known.current + 1, began: known.began };
      this.callers.delete(key);
      this.callers.set(key, counted);
      if (this.callers.size > most) this.callers.delete(this.callers.keys().next().value as string);
      told(null, { current: counted.current, ttl: window - (at - counted.began) });
    }

    child(): CallStore {
      return new CallStore();
    }
  };
}
