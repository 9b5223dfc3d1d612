/**
 * The event log as server-sent events (HTML Living Standard, section 9.2). A client that comes back with Last-Event-ID
 * gets everything after it; if that is no longer kept it first gets an event `reset` with the oldest id there is.
 */
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { Type } from 'typebox';
import type { App } from './app';
import type { Clock } from './clock';
import { COMMON, Problem } from './errors';
import type { EventLog, EventSchema, StoredEvent } from './events';

export interface SseOptions {
  path: string;
  scope: string;
  summary: string;
  clock: Clock;
  /** Streams at once, of all and of one caller. */
  limit: number;
  each: number;
}

const PAGE = 100;
/** Milliseconds between comments that keep proxies from closing an idle stream. */
const HEARTBEAT = 15_000;

export function sseRoute<S extends EventSchema>(app: App, events: EventLog<S>, options: SseOptions): void {
  let open = 0;
  const callers = new Map<string, number>();
  app.get(
    options.path,
    {
      config: { scope: options.scope, endless: true, stream: true, bounded: true },
      schema: {
        operationId: 'followEvents', tags: ['events'],
        summary: options.summary,
        querystring: Type.Object(
          { after: Type.Optional(Type.Integer({ minimum: 0, description: 'Like Last-Event-ID; 0: everything kept. Without either, from now on.' })) },
          { additionalProperties: false },
        ),
        headers: Type.Object({ 'last-event-id': Type.Optional(Type.String({ pattern: '^[0-9]{1,15}$', description: 'Id of the last event that you have: everything behind it comes' })) }),
        response: { 200: { description: 'An endless stream', content: { 'text/event-stream': { schema: Type.String() } } } },
      },
    },
    async (request, reply) => {
      const who = request.principal?.name ?? '';
      if (open >= options.limit || (callers.get(who) ?? 0) >= options.each) throw new Problem(COMMON.TOO_MANY, { retryAfter: 30 });
      const { newest } = await events.bounds();
      const header = request.headers['last-event-id'];
      const asked = header !== undefined ? Number(header) : (request.query.after ?? newest);
      // Of another log than this one, which was restored or made anew: all that is here is news to such a reader.
      const from = asked > newest ? -1 : asked;
      reply.hijack();
      open += 1;
      callers.set(who, (callers.get(who) ?? 0) + 1);
      try {
        await stream(reply.raw, events, { from, clock: options.clock, until: request.principal?.until ?? Infinity, devices: request.devices, still: request.still });
      } catch {
        reply.raw.destroy();
      } finally {
        open -= 1;
        const left = (callers.get(who) ?? 1) - 1;
        if (left > 0) callers.set(who, left);
        else callers.delete(who);
      }
    },
  );
}

interface Following {
  from: number;
  clock: Clock;
  until: number;
  /** Whether who follows still may. */
  still(): Promise<boolean>;
  /** Only events of these; null: all. */
  devices: ReadonlySet<string> | null;
}

/** Writes until the client goes away. Reads on only when the client has taken what was written. */
async function stream<S extends EventSchema>(raw: ServerResponse, events: EventLog<S>, { from, clock, until, devices, still }: Following): Promise<void> {
  raw.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store', 'x-accel-buffering': 'no' });
  raw.write('retry: 2000\n\n');

  let last = from;
  let told = from;
  let more = true;
  let notify = (): void => undefined;
  const stopListening = events.onMore(() => {
    more = true;
    notify();
  });
  const closed = once(raw, 'close').then(
    () => notify(),
    () => notify(),
  );
  // Nothing more is read for a client that has not taken what was written.
  const put = async (text: string): Promise<void> => {
    if (!raw.write(text)) await Promise.race([once(raw, 'drain'), closed]);
  };
  try {
    while (!raw.destroyed && !raw.writableEnded) {
      // Whose token is over hears no more: the stream ends, and coming back is refused.
      if (clock.wall() >= until) return void raw.end();
      if (!more) {
        const idle = await new Promise<boolean>((resolve) => {
          const cancel = clock.after(HEARTBEAT, () => resolve(true));
          notify = () => {
            cancel();
            resolve(false);
          };
          if (more || raw.destroyed) notify();
        });
        if (idle) {
          if (!(await still())) return void raw.end();
          raw.write(': \n\n');
        }
        if (!more) continue;
      }
      more = false;
      const page = await events.after(last, PAGE);
      // Whose session, token or role has ended hears nothing of what came after.
      if (page.length > 0 && !(await still())) return void raw.end();
      if (page.length === PAGE) more = true;
      // Gone before it could be read: when the reader came, or since, because it reads more slowly than things happen.
      const oldest = page[0]?.id ?? 0;
      if (oldest > last + 1) await put(`event: reset\ndata: ${JSON.stringify({ oldest })}\n\n`);
      for (const event of page) {
        last = event.id;
        if (devices !== null && !devices.has(event.device)) continue;
        told = last;
        await put(textOf(event));
        if (raw.destroyed) return;
      }
      // An id alone is no event, and yet the place where a client begins again: what was not for it, it has not missed.
      if (told !== last) await put(`id: ${last}\n\n`);
      told = last;
    }
  } finally {
    stopListening();
  }
}

function textOf(event: StoredEvent): string {
  return `id: ${event.id}\nevent: ${event.type}\ndata: ${JSON.stringify({ device: event.device, at: event.at, ...event.data })}\n\n`;
}
