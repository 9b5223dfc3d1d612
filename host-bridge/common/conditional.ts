/**
 * Conditional requests (RFC 9110 section 13): a GET that went well gets an ETag, and whoever shows it again is told 304. The
 * usual plugin also tags errors and answers to POST, and takes one tag where the header may hold a list.
 */
import { createHash } from 'node:crypto';
import type { App } from './app';

export function conditional(app: App): void {
  app.addHook('onSend', async (request, reply, payload) => {
    const { scope, endless } = request.routeOptions.config;
    if (request.method !== 'GET' || reply.statusCode !== 200 || scope === 'open' || endless === true) return payload;
    const given = reply.getHeader('etag');
    if (given === undefined && typeof payload !== 'string' && !Buffer.isBuffer(payload)) return payload; // streams
    const tag = given === undefined ? `"${createHash('sha256').update(payload as string | Buffer).digest('base64url').slice(0, 27)}"` : String(given);
    reply.header('etag', tag);
    // It is for this caller alone, and to be asked for again each time; that costs no body.
    if (reply.getHeader('cache-control') === undefined) reply.header('cache-control', 'private, no-cache');
    if (!matches(request.headers['if-none-match'], tag)) return payload;
    reply.code(304);
    return '';
  });
}

/** If-None-Match: "*", or a list of tags, compared weakly (section 13.1.2). */
function matches(header: string | undefined, tag: string): boolean {
  if (header === undefined) return false;
  if (header.trim() === '*') return true;
  return header.split(',').some((one) => one.trim().replace(/^W\//, '') === tag);
}
