/**
 * Client of the bridge for programs in TypeScript: every call typed by the bridge's own OpenAPI document, the stream of
 * events with resumption, and the check of webhooks. See README.md.
 */
import createFetchClient, { type Client } from 'openapi-fetch';
import type { components, paths } from './generated/api';

export type { components, paths } from './generated/api';
export { eventsOf, type BridgeEvent, type EventOptions } from './events';
export { checkWebhook, type WebhookMessage } from './webhook';

/** Schemas by name: `Schema<'Device'>`. */
export type Schema<Name extends keyof components['schemas']> = components['schemas'][Name];

export interface ClientOptions {
  /** For instance https://bridge.example.com:8730 */
  baseUrl: string;
  /** A token of the bridge's configuration, or a JWT; as a function where it is renewed. */
  token: string | (() => string | Promise<string>);
  /** Language of errors. Default en. */
  language?: 'zh' | 'en';
  /** For instance one with a client certificate. */
  fetch?: (request: Request) => Promise<Response>;
}

export type BridgeClient = Client<paths>;

/** `const { data, error, response } = await client.GET('/v1/devices/{device}', { params: { path: { device } } })` */
export function createClient(options: ClientOptions): BridgeClient {
  const client = createFetchClient<paths>({ baseUrl: options.baseUrl, ...(options.fetch === undefined ? {} : { fetch: options.fetch }) });
  client.use({
    async onRequest({ request }) {
      const token = typeof options.token === 'function' ? await options.token() : options.token;
      request.headers.set('authorization', `Bearer ${token}`);
      request.headers.set('accept-language', options.language ?? 'en');
      return request;
    },
  });
  return client;
}
