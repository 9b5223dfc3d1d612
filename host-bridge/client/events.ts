/** The bridge's stream of events, taken up again where it broke. */

export interface BridgeEvent {
  /** Keep the last one, and begin behind it the next time. */
  id: number;
  type: string;
  /** `device`, `at` (Unix milliseconds), and what belongs to the type. A `reset` says that older events are gone. */
  data: Record<string, unknown>;
}

export interface EventOptions {
  baseUrl: string;
  token: string | (() => string | Promise<string>);
  /** Id of the last event you have; 0: everything that is kept; absent: from now on. */
  after?: number;
  /** Ends the iteration. */
  signal?: AbortSignal;
  fetch?: typeof fetch;
  /** Waits so many milliseconds before the next connection. */
  sleep(ms: number): Promise<void>;
}

/** Characters of one event. */
const LONGEST = 1_000_000;
/** Milliseconds before a broken stream is asked for again: first, and at most. */
const FIRST = 500;
const MOST = 30_000;

/** `for await (const event of eventsOf({ … })) …` Never ends by itself; throws where the bridge refuses (401, 403). */
export async function* eventsOf(options: EventOptions): AsyncGenerator<BridgeEvent, void, undefined> {
  const { signal, sleep } = options;
  const get = options.fetch ?? fetch;
  const stopped = (): boolean => signal?.aborted === true;
  let last = options.after;
  for (let pause = FIRST; !stopped(); pause = Math.min(MOST, pause * 2)) {
    try {
      const token = typeof options.token === 'function' ? await options.token() : options.token;
      const headers = { authorization: `Bearer ${token}`, accept: 'text/event-stream', ...(last === undefined ? {} : { 'last-event-id': String(last) }) };
      const response = await get(new URL('/v1/events', options.baseUrl), { headers, redirect: 'error', ...(signal === undefined ? {} : { signal }) });
      if (response.status === 401 || response.status === 403) throw new Refused(`the bridge answered ${response.status}`);
      if (response.ok && response.body !== null) {
        for await (const event of parsed(response.body)) {
          pause = FIRST;
          if (event.id > 0) last = event.id;
          if (event.data !== undefined) yield { id: event.id, type: event.type, data: event.data };
        }
      }
    } catch (error) {
      if (error instanceof Refused) throw error;
      if (stopped()) return;
    }
    await sleep(pause);
  }
}

class Refused extends Error {}

/** Events of a stream (HTML Living Standard section 9.2.6) as the bridge writes it: lines end in a line feed. */
async function* parsed(body: ReadableStream<Uint8Array>): AsyncGenerator<{ id: number; type: string; data: Record<string, unknown> | undefined }, void, undefined> {
  const decoder = new TextDecoder();
  let buffer = '';
  for await (const chunk of body as unknown as AsyncIterable<Uint8Array>) {
    buffer += decoder.decode(chunk, { stream: true });
    for (let end = buffer.indexOf('\n\n'); end >= 0; end = buffer.indexOf('\n\n')) {
      const fields = new Map(buffer.slice(0, end).split('\n').map((line) => [line.slice(0, Math.max(0, line.indexOf(':'))), line.slice(line.indexOf(':') + 1).trimStart()]));
      buffer = buffer.slice(end + 2);
      const data = fields.get('data');
      const id = Number(fields.get('id') ?? 0);
      // An id without data only says where to begin again.
      if (data !== undefined || id > 0) yield { id, type: fields.get('event') ?? 'message', data: data === undefined ? undefined : (JSON.parse(data) as Record<string, unknown>) };
    }
    if (buffer.length > LONGEST) throw new Error('an event is too long');
  }
}
