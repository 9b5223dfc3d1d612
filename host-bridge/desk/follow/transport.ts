/** How the desk reaches a bridge: one function for calls, one for the event stream. Tests hand in functions of their own. */

export interface BridgeRequest {
  method: 'GET' | 'PUT' | 'POST' | 'DELETE';
  /** Path and query, beginning with /v1/. */
  path: string;
  /** JSON body. */
  body?: unknown;
  headers?: Record<string, string>;
}

export interface BridgeResponse {
  status: number;
  body: Buffer;
}

export interface BridgeEvent {
  id: string;
  type: string;
  data: string;
}

export interface BridgeTransport {
  /** Rejects only when the bridge cannot be reached or does not answer in time; any status resolves. */
  call(request: BridgeRequest): Promise<BridgeResponse>;
  /**
   * Reads the event stream until it ends (resolves) or breaks (rejects). Where there is none, only polling is left.
   * @param onOpen called once it stands: what happens from then on is told
   */
  stream?(lastId: string | undefined, onEvent: (event: BridgeEvent) => void, stop: AbortSignal, onOpen?: () => void): Promise<void>;
}

/** Largest answer that is read: a photo. */
const maxBody = 16 << 20;
const maxLine = 1 << 20;

export interface HttpTransportOptions {
  /** For instance http://127.0.0.1:8610 */
  url: string;
  /** Absent: the desk shows a certificate. */
  token?: string | undefined;
  fetch: typeof fetch;
  /** Milliseconds a call may take. */
  timeoutMs: number;
  /** A signal that aborts after so many milliseconds. */
  timeout: (ms: number) => AbortSignal;
}

/** The bridge over HTTP. */
export function httpTransport(o: HttpTransportOptions): BridgeTransport {
  const headers: Record<string, string> = o.token === undefined ? {} : { authorization: `Bearer ${o.token}` };
  return {
    async call(request) {
      const response = await o.fetch(new URL(request.path, o.url), {
        method: request.method,
        headers: { ...headers, ...request.headers, ...(request.body === undefined ? {} : { 'content-type': 'application/json' }) },
        ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
        redirect: 'error', // a token is for this address only
        signal: o.timeout(o.timeoutMs),
      });
      const parts: Buffer[] = [];
      let size = 0;
      for await (const part of response.body ?? []) {
        size += part.length;
        if (size > maxBody) throw new Error('the answer is too large');
        parts.push(Buffer.from(part));
      }
      return { status: response.status, body: Buffer.concat(parts) };
    },
    async stream(lastId, onEvent, stop, onOpen) {
      const response = await o.fetch(new URL('/v1/events', o.url), {
        headers: { ...headers, accept: 'text/event-stream', ...(lastId === undefined ? {} : { 'last-event-id': lastId }) },
        redirect: 'error',
        signal: stop,
      });
      if (response.status !== 200) throw new Error(`the event stream answered ${response.status}`);
      onOpen?.();
      const feed = eventReader(onEvent);
      const text = new TextDecoder();
      for await (const part of response.body ?? []) feed(text.decode(part as Uint8Array, { stream: true }));
    },
  };
}

/** What an application in this process offers: Fastify's `inject`. */
export interface Injectable {
  inject(request: { method: BridgeRequest['method']; url: string; headers: Record<string, string>; payload?: string }): Promise<{ statusCode: number; rawPayload: Buffer }>;
}

/** A bridge in this process, without a socket; it has no event stream, so the desk polls. */
export function injectTransport(app: Injectable, token: string): BridgeTransport {
  return {
    async call(request) {
      const authorization = `Bearer ${token}`;
      const response = await app.inject({
        method: request.method,
        url: request.path,
        headers: { authorization, ...request.headers, ...(request.body === undefined ? {} : { 'content-type': 'application/json' }) },
        ...(request.body === undefined ? {} : { payload: JSON.stringify(request.body) }),
      });
      return { status: response.statusCode, body: response.rawPayload };
    },
  };
}

/** Takes an event stream apart (HTML Living Standard §9.2.6). Lines or events longer than a megabyte end it with an error. */
export function eventReader(onEvent: (event: BridgeEvent) => void): (chunk: string) => void {
  let buffer = '';
  /** Whether it ends in a carriage return, of which only the next character says what it is. */
  let carriage = false;
  let id = '';
  let type = '';
  let data: string[] = [];
  let size = 0;
  const line = (text: string): void => {
    if (text === '') {
      if (data.length > 0) onEvent({ id, type: type === '' ? 'message' : type, data: data.join('\n') });
      type = '';
      data = [];
      size = 0;
      return;
    }
    const colon = text.indexOf(':');
    const field = colon < 0 ? text : text.slice(0, colon);
    const value = colon < 0 ? '' : text.slice(colon + 1).replace(/^ /, '');
    if (field === 'id') id = value;
    else if (field === 'event') type = value;
    else if (field === 'data') {
      size += value.length + 1;
      if (size > maxLine) throw new Error('an event is too long');
      data.push(value);
    }
  };
  return (chunk) => {
    // A line that goes on is only put by: looked at anew with each piece, a megabyte in small ones would take half a minute.
    const goesOn = !carriage && !/[\r\n]/.test(chunk);
    buffer += chunk;
    for (; !goesOn; ) {
      const match = /\r\n|\n|\r(?=[^])/.exec(buffer);
      if (!match) break;
      line(buffer.slice(0, match.index));
      buffer = buffer.slice(match.index + match[0].length);
    }
    if (chunk !== '') carriage = chunk.endsWith('\r');
    if (buffer.length > maxLine) throw new Error('a line of the event stream is too long');
  };
}
