/** One attempt to post something to an address that others gave. */
import { lookup } from 'node:dns/promises';
import { Agent as HttpAgent, request as httpRequest, type ClientRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { LookupFunction } from 'node:net';
import { judgedUrl, literalOf, mayReach, type AddressRules } from './address';
import type { Clock } from './clock';

/** What came of an attempt. */
export interface Outcome {
  /** HTTP status; 0: no answer. */
  status: number;
  /** '' for a 2xx, else a word: STATUS, REDIRECT, TIMEOUT, UNREACHABLE, BLOCKED, TLS. */
  why: string;
  /** Seconds the receiver wants to be left alone. */
  retryAfter?: number | undefined;
}

export type Post = (url: string, headers: Record<string, string>, body: string | Uint8Array) => Promise<Outcome>;

/** Milliseconds for an attempt, and bytes of an answer that are read before the line is cut. */
export const ANSWER_WITHIN = 10_000;
const ANSWER_MOST = 65_536;

class Blocked extends Error {}

/** Resolves names and refuses those that lead anywhere one may not go; the connection is made to what was judged. */
export function guardedLookup(rules: AddressRules, resolve: typeof lookup = lookup): LookupFunction {
  // Few names are looked up at a time (libuv keeps two of its four threads for it): one that is never answered shall take one place, however often it is asked for.
  const asked = new Map<string, ReturnType<typeof ask>>();
  const ask = (hostname: string, family: number) => resolve(hostname, { all: true, verbatim: true, family });
  const once = (hostname: string, family: number): ReturnType<typeof ask> => {
    const key = `${family} ${hostname}`;
    const found = asked.get(key) ?? ask(hostname, family).finally(() => asked.delete(key));
    asked.set(key, found);
    return found;
  };
  return (hostname, options, callback) => {
    const family = options.family === 4 || options.family === 'IPv4' ? 4 : options.family === 6 || options.family === 'IPv6' ? 6 : 0;
    once(hostname, family).then(
      (found) => {
        // One bad address among good ones is reason enough: which one is taken would be the name server's choice.
        if (found.length === 0 || found.some(({ address }) => !mayReach(address, rules))) return callback(new Blocked(hostname), '', 0);
        if (options.all === true) return callback(null, found);
        callback(null, found[0]!.address, found[0]!.family);
      },
      (error: NodeJS.ErrnoException) => callback(error, '', 0),
    );
  };
}

/** @param agent who posts, as it says itself. @returns what posts, and what closes the connections kept */
export function poster(rules: AddressRules, clock: Clock, agent: string, resolve?: typeof lookup): { post: Post; close(): void } {
  const options = { keepAlive: true, keepAliveMsecs: 10_000, maxSockets: 32, maxFreeSockets: 8, timeout: ANSWER_WITHIN, lookup: guardedLookup(rules, resolve) };
  const agents = { 'http:': new HttpAgent(options), 'https:': new HttpsAgent({ ...options, minVersion: 'TLSv1.2' }) };
  const post: Post = (text, headers, body) =>
    new Promise((resolved) => {
      let request: ClientRequest | undefined = undefined as ClientRequest | undefined;
      let done = false;
      let connected = false;
      const finish = (outcome: Outcome): void => {
        if (done) return;
        done = true;
        cancel();
        resolved(outcome);
      };
      const cancel = clock.after(ANSWER_WITHIN, () => {
        // A machine that is off, or a network that swallows everything, does not even refuse: nobody has said no.
        finish({ status: 0, why: connected ? 'TIMEOUT' : 'UNREACHABLE' });
        request?.destroy();
      });
      let url: URL;
      try {
        url = judgedUrl(text, rules); // the rules may have become stricter since it was registered
      } catch {
        return finish({ status: 0, why: 'BLOCKED' });
      }
      const given: RequestOptions = {
        method: 'POST', agent: agents[url.protocol as 'http:' | 'https:'],
        headers: { 'content-type': 'application/json; charset=utf-8', ...headers, 'content-length': Buffer.byteLength(body), 'user-agent': agent },
      };
      request = (url.protocol === 'https:' ? httpsRequest : httpRequest)(url, given, (response) => answered(response, finish));
      request.on('error', (error) => finish(failed(error)));
      request.on('socket', (socket) => {
        if (socket.connecting) socket.once('connect', () => (connected = true));
        else connected = true; // one that was kept
      });
      // A literal is never looked up; it was judged above, and a socket kept from before was judged when it was made.
      if (literalOf(url) === undefined) request.on('socket', (socket) => socket.once('connect', () => {
        if (!mayReach(socket.remoteAddress ?? '', rules)) request?.destroy(new Blocked());
      }));
      request.end(body);
    });
  return {
    post,
    close: () => {
      agents['http:'].destroy();
      agents['https:'].destroy();
    },
  };
}

function answered(response: IncomingMessage, finish: (outcome: Outcome) => void): void {
  const status = response.statusCode ?? 0;
  const after = Number(response.headers['retry-after']);
  const why = status >= 200 && status < 300 ? '' : status >= 300 && status < 400 ? 'REDIRECT' : 'STATUS';
  finish({ status, why, ...(Number.isFinite(after) && after >= 0 ? { retryAfter: after } : {}) });
  // What it says is nobody's business; read to its end the connection can be used again.
  let size = 0;
  response.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size > ANSWER_MOST) response.destroy();
  });
  response.on('error', () => undefined);
}

function failed(error: NodeJS.ErrnoException): Outcome {
  if (error instanceof Blocked) return { status: 0, why: 'BLOCKED' };
  const code = error.code ?? '';
  return { status: 0, why: /^(ERR_TLS|ERR_SSL|CERT|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|EPROTO)/.test(code) ? 'TLS' : 'UNREACHABLE' };
}
