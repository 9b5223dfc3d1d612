/** Statements of the authority other than permits. */
import { Type } from 'typebox';
import { GrantKind } from '../../../protocol';
import type { App } from '../../common/app';
import { COMMON, Problem } from '../../common/errors';
import { peekGrant } from '../../common/grant';
import { DeviceId, hexSchema, Sha256Hex } from '../../common/schema';
import { BRIDGE } from '../faults';
import { ASKS_DEVICE, DeviceParams, known, Next, nextOf, pageOf, TAKES_GRANT, type ApiContext } from './context';
import { GrantBody, grantOf, GrantView, grantView, PreferHeader, settled, waitOf } from './delivery';

const TimeView = Type.Object(
  {
    time: Type.Integer({ minimum: 0, description: "The device's trusted time, Unix seconds; 0: none" }),
    floor: Type.Integer({ minimum: 0, description: 'What it knows to be past, Unix seconds' }),
    bridge: Type.Integer({ minimum: 0, description: "The bridge's own clock at that moment, Unix seconds; the device does not trust it" }),
  },
  { $id: 'Time' },
);

export function grantRoutes(app: App, context: ApiContext): void {
  app.post(
    '/v1/devices/:device/grants',
    {
      config: { scope: 'grant', errors: TAKES_GRANT },
      bodyLimit: 4096,
      schema: {
        operationId: 'postGrant', tags: ['grants'],
        summary: 'Hands in any statement but a permit: time, stroke, alarm clearing, revocation, acknowledgement, ceremony, top-up',
        description: 'Idempotent by its bytes. One the device refused is offered to it anew, and so is a ceremony, which a device that was restarted has forgotten; REPLAYED then says that it was done, or revoked.',
        params: DeviceParams,
        headers: PreferHeader,
        body: GrantBody,
        response: { 202: GrantView },
      },
    },
    async (request, reply) => {
      const { device } = request.params;
      known(context, device);
      const queued = await context.deliveries.queueGrant(device, grantOf(request.body.grant));
      reply.code(202);
      return grantView(await settled(context, queued, waitOf(request.headers.prefer)));
    },
  );

  app.get(
    '/v1/devices/:device/grants',
    {
      config: { scope: 'read', errors: [BRIDGE.UNKNOWN_DEVICE] },
      schema: {
        operationId: 'listGrants', tags: ['grants'], summary: 'Statements handed in for a device, oldest first', params: DeviceParams, querystring: pageOf(1000, 100, 'The `next` of the page before'),
        response: { 200: Type.Object({ grants: Type.Array(GrantView), next: Next }) },
      },
    },
    async (request) => {
      const { device } = request.params;
      known(context, device);
      const { after, limit } = request.query;
      const rows = await context.deliveries.list(device, 'grant', after, limit);
      return { grants: rows.map(grantView), ...nextOf(rows, limit, rows.at(-1)?.id) };
    },
  );

  app.get(
    '/v1/devices/:device/grants/:grant',
    {
      config: { scope: 'read', errors: [BRIDGE.UNKNOWN_DEVICE, COMMON.NOT_FOUND] },
      schema: { operationId: 'getGrant', tags: ['grants'], summary: 'What became of a statement', params: Type.Object({ device: DeviceId, grant: Sha256Hex }), response: { 200: GrantView } },
    },
    async (request) => {
      const { device, grant } = request.params;
      known(context, device);
      const row = await context.deliveries.find(device, 'grant', grant);
      if (row === undefined) throw new Problem(COMMON.NOT_FOUND, grant);
      return grantView(row);
    },
  );

  app.post(
    '/v1/devices/:device/time/nonce',
    {
      config: { scope: 'grant', errors: ASKS_DEVICE },
      schema: {
        operationId: 'newTimeNonce', tags: ['time'], summary: 'A nonce from the device for a statement of the time; the one before becomes void', params: DeviceParams,
        response: { 200: Type.Object({ nonce: hexSchema(16, 'Nonce', '0f'.repeat(16)) }) },
      },
    },
    async (request) => {
      known(context, request.params.device);
      const nonce = await context.fleet.online(request.params.device).timeNonceGet();
      return { nonce: nonce.toString('hex') };
    },
  );

  app.get(
    '/v1/devices/:device/time',
    { config: { scope: 'read', errors: ASKS_DEVICE }, schema: { operationId: 'getTime', tags: ['time'], summary: 'What time the device believes', params: DeviceParams, response: { 200: TimeView } } },
    async (request) => {
      known(context, request.params.device);
      const { time, timeFloor } = await context.fleet.online(request.params.device).statusGet();
      return { time, floor: timeFloor, bridge: Math.floor(context.clock.wall() / 1000) };
    },
  );

  app.put(
    '/v1/devices/:device/time',
    {
      config: { scope: 'grant', errors: TAKES_GRANT },
      bodyLimit: 4096,
      schema: {
        operationId: 'setTime', tags: ['time'], summary: 'Tells the device the time: a statement of kind 2 with its newest nonce',
        description: 'An event `time.wanted` says when a device has none. Without a trusted time it keeps to no window, and stamps nothing that has one.',
        params: DeviceParams, headers: PreferHeader, body: GrantBody, response: { 202: GrantView },
      },
    },
    async (request, reply) => {
      const { device } = request.params;
      known(context, device);
      const grant = grantOf(request.body.grant);
      const view = peekGrant(grant);
      if (view !== undefined && view.kind !== GrantKind.TIME) throw new Problem(BRIDGE.GRANT_KIND, String(view.kind));
      const queued = await context.deliveries.queueGrant(device, grant);
      reply.code(202);
      return grantView(await settled(context, queued, waitOf(request.headers.prefer)));
    },
  );
}
