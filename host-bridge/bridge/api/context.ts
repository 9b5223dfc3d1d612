/** What the routes work on. */
import { Type } from 'typebox';
import { COMMON, Problem, type Fault } from '../../common/errors';
import type { Audit } from '../../common/audit';
import type { Clock } from '../../common/clock';
import type { EventLog } from '../../common/events';
import { DeviceId } from '../../common/schema';
import type { LinkKeys } from '../config';
import type { Deliveries } from '../deliveries';
import { BRIDGE } from '../faults';
import type { Fleet } from '../fleet';
import type { History } from '../history';
import type { Leases } from '../leases';
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
  history: History;
  leases: Leases;
  audit: Audit<BridgeSchema>;
  events: EventLog<BridgeSchema>;
  ports: readonly Supervisor[];
  clock: Clock;
}

/** Throws UNKNOWN_DEVICE unless this bridge holds the device's link key. */
export function known(context: ApiContext, device: string): void {
  if (!context.keys.has(device)) throw unknownDevice(device);
}

/** Of a device that is not here, and of one that is not for the caller: nobody can tell which. */
export const unknownDevice = (device: string): Problem => new Problem(BRIDGE.UNKNOWN_DEVICE, device.slice(0, 32));

/** What a route may answer that asks the device itself. */
export const ASKS_DEVICE: readonly Fault[] = [BRIDGE.UNKNOWN_DEVICE, BRIDGE.DEVICE_OFFLINE, BRIDGE.DEVICE_SILENT, BRIDGE.DEVICE_PROTOCOL, BRIDGE.DEVICE_REFUSED, BRIDGE.QUEUE_FULL];
/** What a route may answer that takes a statement. */
export const TAKES_GRANT: readonly Fault[] = [BRIDGE.UNKNOWN_DEVICE, BRIDGE.GRANT_MALFORMED, BRIDGE.GRANT_ELSEWHERE, BRIDGE.GRANT_KIND, BRIDGE.QUEUE_FULL];
export const { NOT_FOUND } = COMMON;

export const DeviceParams = Type.Object({ device: DeviceId });

/** Number of a record. */
export const Seq = Type.Integer({ minimum: 0, maximum: 4_294_967_295, description: 'Number of a record' });
/** Unix seconds of the device's own clock. */
export const DeviceTime = Type.Union([Type.Integer({ minimum: 0 }), Type.Null()], { description: "Unix seconds by the device's clock; null: it had no trusted time" });
export const Next = Type.Optional(Type.Integer({ minimum: 0, description: '`after` of the next page; absent: this was the last one' }));

/** A page: what comes after a number. */
export function pageOf(most: number, usual: number, after: string) {
  return Type.Object(
    { after: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, default: 0, description: after }), limit: Type.Integer({ minimum: 1, maximum: most, default: usual, description: 'Entries in one answer' }) },
    { additionalProperties: false },
  );
}

/** `next` where a page is full. */
export function nextOf(rows: readonly unknown[], limit: number, last: number | undefined): { next?: number } {
  return rows.length < limit || last === undefined ? {} : { next: last };
}
