/**
 * A stream that says that something has changed about one application, for a page that shows its use as it happens. It carries
 * nothing that has happened, only what is worth reading anew: what a person may see of it is judged by the routes that are read.
 */
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { Cancel, Clock } from '../../common/clock';
import type { EventLog, StoredEvent } from '../../common/events';
import { parseRecord } from '../register/records';
import type { Db, Tables } from '../tables';
import { permitOf } from './steps';

/** What is worth reading anew: application and permits, steps and photos, what was said, how the unit is. */
export type Changed = 'application' | 'use' | 'talk' | 'unit';

/** Milliseconds between comments that keep proxies from closing an idle stream. */
const HEARTBEAT = 15_000;
const PAGE = 100;

export interface ChangesOptions {
  application: string;
  events: EventLog<Tables>;
  read<T>(work: (db: Db) => Promise<T>): Promise<T>;
  clock: Clock;
  until: number;
  /** Whether who follows still may. */
  still(): Promise<boolean>;
  /** Calls when a bridge has said something of a device. */
  onDevice(call: (device: string) => void): Cancel;
}

/** What an event changes of an application; undefined: nothing. */
export async function changedBy(db: Db, application: string, event: StoredEvent): Promise<Changed | undefined> {
  if (event.type === 'message') return event.data['application'] === application ? 'talk' : undefined;
  if (event.data['application'] === application) return 'application';
  if (event.type !== 'record' && event.type !== 'photo') return undefined;
  const row = await db.selectFrom('record').select('bytes').where('device', '=', event.device).where('seq', '=', Number(event.data['seq'])).executeTakeFirst();
  const record = row && parseRecord(Buffer.from(row.bytes, 'base64'));
  if (!record) return undefined;
  const permit = permitOf(record);
  if (permit === undefined) return event.data['kind'] === 'alarm' && (await devicesOf(db, application)).includes(event.device) ? 'use' : undefined;
  return (await db.selectFrom('permit').select('id').where('id', '=', permit).where('application', '=', application).executeTakeFirst()) ? 'use' : undefined;
}

/** The units that hold a permit of an application. */
export async function devicesOf(db: Db, application: string): Promise<string[]> {
  return (await db.selectFrom('permit').select('device').distinct().where('application', '=', application).execute()).map(({ device }) => device);
}

/** Writes until the client goes away, or may no longer hear. Nothing more is read for a client that has not taken what was written. */
export async function streamChanges(raw: ServerResponse, o: ChangesOptions): Promise<void> {
  let { newest: last } = await o.events.bounds();
  let wake = (): void => undefined;
  let more = false;
  let unit = false;
  let devices = await o.read((db) => devicesOf(db, o.application));
  const rouse = (): void => wake();
  const endings = [
    o.events.onMore(() => {
      more = true;
      rouse();
    }),
    o.onDevice((device) => {
      unit ||= devices.includes(device);
      if (unit) rouse();
    }),
  ];
  const closed = once(raw, 'close').then(rouse, rouse);
  try {
    // Only now: whoever hears that the stream stands reads everything, and what comes after that is told.
    raw.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store', 'x-accel-buffering': 'no' });
    raw.write('retry: 2000\n\n');
    while (!raw.destroyed && !raw.writableEnded) {
      if (o.clock.wall() >= o.until) return void raw.end();
      if (!more && !unit) {
        const idle = await new Promise<boolean>((resolve) => {
          const cancel = o.clock.after(HEARTBEAT, () => resolve(true));
          wake = () => {
            cancel();
            resolve(false);
          };
          if (more || unit || raw.destroyed) wake();
        });
        if (idle && !(await o.still())) return void raw.end();
        if (idle) raw.write(': \n\n');
        if (!more && !unit) continue;
      }
      const changed = new Set<Changed>(unit ? ['unit'] : []);
      unit = false;
      if (more) {
        more = false;
        const page = await o.events.after(last, PAGE);
        if (page.length === PAGE) more = true;
        await o.read(async (db) => {
          for (const event of page) {
            last = event.id;
            const what = await changedBy(db, o.application, event);
            if (what !== undefined) changed.add(what);
          }
          if (changed.has('application')) devices = await devicesOf(db, o.application);
        });
      }
      if (changed.size === 0) continue;
      if (!(await o.still())) return void raw.end();
      if (!raw.write(`event: changed\ndata: ${JSON.stringify([...changed])}\n\n`)) await Promise.race([once(raw, 'drain'), closed]);
    }
  } finally {
    for (const end of endings) end();
  }
}
