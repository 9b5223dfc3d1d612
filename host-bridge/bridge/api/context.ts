/** What the routes work on. */
import { Problem } from '../../common/errors';
import type { Clock } from '../../common/clock';
import type { EventLog } from '../../common/events';
import type { LinkKeys } from '../config';
import type { Deliveries } from '../deliveries';
import { BRIDGE } from '../faults';
import type { Fleet } from '../fleet';
import type { PhotoSpool } from '../photos';
import type { Spool } from '../spool';
import type { Supervisor } from '../supervisor';
import type { BridgeSchema } from '../tables';

export interface ApiContext {
  keys: LinkKeys;
  fleet: Fleet;
  spool: Spool;
  photos: PhotoSpool;
  deliveries: Deliveries;
  events: EventLog<BridgeSchema>;
  ports: readonly Supervisor[];
  clock: Clock;
}

/** Throws UNKNOWN_DEVICE unless this bridge holds the device's link key. */
export function known(context: ApiContext, device: string): void {
  if (!context.keys.has(device)) throw new Problem(BRIDGE.UNKNOWN_DEVICE, device);
}
