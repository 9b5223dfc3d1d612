/** Webhooks: made, looked at, changed, tried; their dead letters. */
import type { FastifyRequest } from 'fastify';
import { Type, type Static } from 'typebox';
import type { App } from '../../common/app';
import { COMMON, Problem } from '../../common/errors';
import { choice, DeviceId } from '../../common/schema';
import { PERSON } from '../../common/tokens';
import { EVENT_TYPES } from '../event-types';
import { BRIDGE } from '../faults';
import { checkedUrl, URL_MAX, type AddressRules } from '../webhooks/address';
import type { Sender } from '../webhooks/sender';
import { secretBytes, secretText } from '../webhooks/sign';
import type { Job, Webhook, WebhookStore } from '../webhooks/store';
import { Next, nextOf, pageOf, unknownDevice } from './context';

const Url = Type.String({ minLength: 8, maxLength: URL_MAX, description: 'https; an address that is not public only where the configuration allows its network', examples: ['https://oa.example.com/seal-events'] });
const Types = Type.Array(choice(EVENT_TYPES), { maxItems: 50, description: 'Types of events; empty: all', examples: [['record', 'permit', 'alarm', 'photo']] });
const Devices = Type.Array(DeviceId, { maxItems: 1000, description: 'Only of these devices; empty: of all' });

const fields = {
  id: Type.String({ examples: ['wh_00112233445566778899aabb'] }),
  url: Type.String(),
  types: Type.Array(Type.String(), { description: 'Types of events; empty: all' }),
  devices: Devices,
  state: choice(['on', 'off'], 'off: switched off, or the receiver answered 410'),
  paused: Type.Boolean({ description: 'Nothing is sent, and what happens waits: the token of the owner has expired, may no more, or is gone; or the owner is a person who has not called for webhooks for `webhooks.personDays`' }),
  created: Type.Integer({ minimum: 0, description: 'Unix milliseconds' }),
  owner: Type.String({ description: 'Name of the caller who made it' }),
  through: Type.Integer({ minimum: 0, description: 'Events up to this id have been put in its queue' }),
  waiting: Type.Integer({ minimum: 0, description: 'Messages in its queue' }),
  dead: Type.Integer({ minimum: 0, description: 'Dead letters' }),
  last: Type.Union([Type.Object({ at: Type.Integer({ description: 'Unix milliseconds' }), status: Type.Integer({ description: 'HTTP; 0: no answer' }), why: Type.String({ description: 'Empty: it went well; else STATUS, REDIRECT, TIMEOUT, UNREACHABLE, BLOCKED, TLS' }) }), Type.Null()], { description: 'Newest attempt' }),
};
const WebhookView = Type.Object(fields, { $id: 'Webhook' });
const NewWebhookView = Type.Object({ ...fields, secret: Type.String({ description: 'Shown this once. HMAC key of the signatures (Standard Webhooks: whsec_ and base64)' }) }, { $id: 'NewWebhook' });
const DeadView = Type.Object(
  {
    event: Type.Integer({ minimum: 1 }), type: Type.String(), device: Type.String(), at: Type.Integer({ description: 'Of the event, Unix milliseconds' }), data: Type.Record(Type.String(), Type.Unknown()),
    tries: Type.Integer({ minimum: 0 }), given: Type.Integer({ description: 'When it was put aside, Unix milliseconds' }), status: Type.Integer(), why: Type.String(),
  },
  { $id: 'DeadLetter' },
);

const Params = Type.Object({ webhook: Type.String({ pattern: '^wh_[0-9a-f]{24}$' }) });
const Event = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER });

export interface WebhookContext {
  webhooks: WebhookStore;
  sender: Sender;
  rules: AddressRules;
}

export function webhookRoutes(app: App, { webhooks, sender, rules }: WebhookContext): void {
  const view = async (row: Webhook): Promise<Static<typeof WebhookView>> => ({
    id: row.id, url: row.url, types: JSON.parse(row.types) as string[], devices: JSON.parse(row.devices) as string[], state: row.state, paused: webhooks.paused(row), created: row.created, owner: row.owner, through: row.through,
    ...(await webhooks.counts(row.id)), last: row.last_at === 0 ? null : { at: row.last_at, status: row.last_status, why: row.last_why },
  });
  const secret = async (row: Webhook): Promise<Static<typeof NewWebhookView>> => ({ ...(await view(row)), secret: secretText(Buffer.from(row.secret)) });
  const config = { scope: 'webhook', errors: [COMMON.NOT_FOUND], bounded: true };
  // Everybody has their own webhooks, and of others' not so much as that they are there; administrators of the whole bridge see to all.
  const mine = ({ devices, principal }: FastifyRequest, { owner }: Webhook): boolean => owner === principal?.name || (devices === null && principal?.scopes.includes('admin') === true);
  // Of people by JWT the bridge knows only while they call.
  const met = async ({ principal }: FastifyRequest): Promise<void> => {
    if (principal?.name.startsWith(PERSON) === true && (await webhooks.met(principal.name))) sender.wake();
  };
  const one = async (request: FastifyRequest): Promise<Webhook> => {
    const { webhook } = request.params as { webhook: string };
    await met(request);
    const row = await webhooks.one(webhook);
    if (!mine(request, row)) throw new Problem(COMMON.NOT_FOUND, webhook);
    return row;
  };
  /** "All devices" of such a one are its own. Throws UNKNOWN_DEVICE. */
  const within = ({ devices: some }: FastifyRequest, wanted: readonly string[]): readonly string[] => {
    if (some === null) return wanted;
    const other = wanted.find((device) => !some.has(device));
    if (other !== undefined) throw unknownDevice(other);
    return wanted.length === 0 ? [...some] : wanted;
  };
  const tags = ['webhooks'];

  app.post(
    '/v1/webhooks',
    {
      config: { scope: 'webhook', errors: [BRIDGE.WEBHOOK_ADDRESS, BRIDGE.WEBHOOK_SECRET, BRIDGE.WEBHOOKS_FULL, BRIDGE.UNKNOWN_DEVICE], bounded: true },
      schema: {
        operationId: 'createWebhook', tags, summary: 'Has events sent to an address, from now on',
        description: 'Signed as "Standard Webhooks" say: headers webhook-id, webhook-timestamp, webhook-signature. Each at least once, in order for each device; webhook-id is the same at every attempt. Answer with 2xx within ten seconds.',
        body: Type.Object({ url: Url, types: Type.Optional(Types), devices: Type.Optional(Devices), secret: Type.Optional(Type.String({ minLength: 38, maxLength: 100, description: 'Your own; one is made where it is absent' })) }, { additionalProperties: false }),
        response: { 201: NewWebhookView },
      },
    },
    async (request, reply) => {
      const { url, types = [], devices = [], secret: given } = request.body;
      const own = given === undefined ? undefined : secretBytes(given);
      if (given !== undefined && own === undefined) throw new Problem(BRIDGE.WEBHOOK_SECRET);
      const row = await webhooks.make({ url: checkedUrl(url, rules).href, types, devices: within(request, devices) }, request.principal?.name ?? '', own);
      sender.wake();
      reply.code(201);
      return secret(row);
    },
  );

  app.get('/v1/webhooks', { config: { scope: 'webhook', bounded: true }, schema: { operationId: 'listWebhooks', tags, summary: 'Own webhooks; all of them with the scope `admin` for all devices', response: { 200: Type.Object({ webhooks: Type.Array(WebhookView) }) } } }, async (request) => {
    await met(request);
    const found = [];
    for (const row of await webhooks.all()) if (mine(request, row)) found.push(await view(row));
    return { webhooks: found };
  });

  app.get('/v1/webhooks/:webhook', { config, schema: { operationId: 'getWebhook', tags, summary: 'One webhook', params: Params, response: { 200: WebhookView } } }, async (request) => view(await one(request)));

  app.patch(
    '/v1/webhooks/:webhook',
    {
      config: { scope: 'webhook', errors: [COMMON.NOT_FOUND, BRIDGE.WEBHOOK_ADDRESS, BRIDGE.UNKNOWN_DEVICE], bounded: true },
      schema: {
        operationId: 'changeWebhook', tags, summary: 'Changes a webhook; switched on again it goes on where it stood', params: Params,
        body: Type.Object({ url: Type.Optional(Url), types: Type.Optional(Types), devices: Type.Optional(Devices), state: Type.Optional(choice(['on', 'off'])) }, { additionalProperties: false }),
        response: { 200: WebhookView },
      },
    },
    async (request) => {
      const { webhook } = request.params;
      await one(request);
      const { url, devices, ...rest } = request.body;
      const row = await webhooks.change(webhook, { ...rest, ...(devices === undefined ? {} : { devices: within(request, devices) }), ...(url === undefined ? {} : { url: checkedUrl(url, rules).href }) } as Parameters<WebhookStore['change']>[1]);
      sender.fresh(webhook);
      return view(row);
    },
  );

  app.delete('/v1/webhooks/:webhook', { config, schema: { operationId: 'deleteWebhook', tags, summary: 'Removes a webhook with all that waits for it', params: Params, response: { 200: Type.Object({ removed: Type.Boolean() }) } } }, async (request) => {
    const { id } = await one(request);
    await webhooks.remove(id);
    sender.forget(id);
    return { removed: true };
  });

  app.post('/v1/webhooks/:webhook/secret', { config, schema: { operationId: 'renewWebhookSecret', tags, summary: 'A new secret; for a day both sign', params: Params, response: { 200: NewWebhookView } } }, async (request) => secret(await webhooks.renew((await one(request)).id)));

  app.post(
    '/v1/webhooks/:webhook/ping',
    {
      config,
      schema: {
        operationId: 'pingWebhook', tags, summary: 'Sends a message of type `ping` at once and tells what came of it', params: Params,
        response: { 200: Type.Object({ status: Type.Integer({ description: 'HTTP; 0: no answer' }), why: Type.String({ description: 'Empty: it went well' }) }) },
      },
    },
    async (request) => {
      const { status, why } = await sender.probe(await one(request));
      return { status, why };
    },
  );

  app.get(
    '/v1/webhooks/:webhook/dead-letters',
    { config, schema: { operationId: 'listDeadLetters', tags, summary: 'Messages that the receiver would not take', params: Params, querystring: pageOf(500, 50, 'The `next` of the page before'), response: { 200: Type.Object({ deadLetters: Type.Array(DeadView), next: Next }) } } },
    async (request) => {
      const { id } = await one(request);
      const { after, limit } = request.query;
      const rows = await webhooks.dead(id, after, limit);
      return { deadLetters: rows.map(deadView), ...nextOf(rows, limit, rows.at(-1)?.event) };
    },
  );

  app.post('/v1/webhooks/:webhook/dead-letters/resend', { config, schema: { operationId: 'resendDeadLetters', tags, summary: 'Sends all dead letters again, in their order', params: Params, response: { 202: Type.Object({ resent: Type.Integer({ minimum: 0 }) }) } } }, async (request, reply) => {
    const { id } = await one(request);
    const resent = await webhooks.resend(id, undefined);
    sender.fresh(id);
    reply.code(202);
    return { resent };
  });

  const OneParams = Type.Object({ ...Params.properties, event: Event });
  app.post('/v1/webhooks/:webhook/dead-letters/:event/resend', { config, schema: { operationId: 'resendDeadLetter', tags, summary: 'Sends one dead letter again', params: OneParams, response: { 202: Type.Object({ resent: Type.Integer({ minimum: 0 }) }) } } }, async (request, reply) => {
    const { id } = await one(request);
    const resent = await webhooks.resend(id, request.params.event);
    if (resent === 0) throw new Problem(COMMON.NOT_FOUND, String(request.params.event));
    sender.fresh(id);
    reply.code(202);
    return { resent };
  });

  app.delete('/v1/webhooks/:webhook/dead-letters/:event', { config, schema: { operationId: 'dropDeadLetter', tags, summary: 'Throws one dead letter away', params: OneParams, response: { 200: Type.Object({ removed: Type.Boolean() }) } } }, async (request) => {
    const { id } = await one(request);
    if (!(await webhooks.drop(id, request.params.event))) throw new Problem(COMMON.NOT_FOUND, String(request.params.event));
    return { removed: true };
  });
}

function deadView(job: Job): Static<typeof DeadView> {
  const { event, type, device, at, data, tries, dead, status, why } = job;
  return { event, type, device, at, data: JSON.parse(data) as Record<string, unknown>, tries, given: dead, status, why };
}
