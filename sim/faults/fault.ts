/** What a fault is: something that goes wrong with a unit at one level of the world, for a time or for good. */
import type { Bend } from '../oracle';
import type { Unit } from '../unit/types';
import type { Random } from '../world/random';

export interface Fault {
  readonly name: string;
  readonly zh: string;
  readonly en: string;
  /** Truths that the device cannot be held to while this is at work. */
  readonly bends: readonly Bend[];
  /** It cannot be repaired in the field. */
  readonly lasting?: boolean;
  /** Brings it. `size` (0..1) says how bad, where that has a meaning; `random` belongs to this occurrence alone. */
  begin(unit: Unit, size: number, random: Random): void;
  /** Ends it, as whoever repairs it would. */
  end(unit: Unit): void;
}
