/** Every fault that the simulator can bring, each at the level where it happens. Power cuts, pulled cables and what people do are deeds, see sim/explore. */
import { DIES } from './dies';
import { LINE } from './line';
import { MECHANICS, SHELL } from './mechanics';
import { PARTS } from './parts';
import { PLACE } from './place';
import { OLD_CELL, SUPPLY } from './supply';
import type { Fault } from './fault';

export type { Fault } from './fault';
export { DIES, LINE, MECHANICS, OLD_CELL, PARTS, PLACE, SHELL, SUPPLY };

export const FAULTS: readonly Fault[] = [...MECHANICS, ...SHELL, ...PARTS, ...PLACE, ...LINE, ...SUPPLY, OLD_CELL, ...DIES];

/** @throws RangeError where there is no fault of that name */
export function faultOf(name: string): Fault {
  const found = FAULTS.find((one) => one.name === name);
  if (found === undefined) throw new RangeError(`no fault "${name}"`);
  return found;
}
