/** Permits: handed in, looked at, withdrawn, revoked; strokes under them. */
import { Type } from 'typebox';
import { GrantKind } from '../../../protocol';
import type { App } from '../../common/app';
import { COMMON, Problem } from '../../common/errors';
import { peekGrant } from '../../common/grant';
import { DeviceId, PermitId } from '../../common/schema';
import { BRIDGE } from '../faults';
import { DeviceParams, known, Next, nextOf, pageOf, TAKES_GRANT, type ApiContext } from './context';
import { GrantBody, grantOf, GrantView, grantView, permitView, PermitView, PreferHeader, settled, waitOf } from './delivery';

const Params = Type.Object({ device: DeviceId, permit: PermitId });

/** A statement about the permit of the address, of one of these kinds. Throws GRANT_…, PERMIT_ID. */
function about(permit: string, kinds: readonly GrantKind[], base64: string): Buffer {
  const grant = grantOf(base64);
  const view = peekGrant(grant);
  if (view === undefined) throw new Problem(BRIDGE.GRANT_MALFORMED);
  if (!kinds.includes(view.kind)) throw new Problem(BRIDGE.GRANT_KIND, String(view.kind));
  if (view.permit !== permit) throw new Problem(BRIDGE.PERMIT_ID, view.permit);
  return grant;
}

export function permitRoutes(app: App, context: ApiContext): void {
  app.put(
    '/v1/devices/:device/permits/:permit',
    {
      config: { scope: 'permit', errors: [...TAKES_GRANT, BRIDGE.PERMIT_ID, BRIDGE.PERMIT_DIFFERS] },
      bodyLimit: 4096,
      schema: {
        operationId: 'putPermit', tags: ['permits'],
        summary: 'Hands in a permit; it is delivered when the device is there',
        description: 'Idempotent by id: the same bytes again answer the present state. A permit the device refused is offered to it anew.',
        params: Params,
        headers: PreferHeader,
        body: GrantBody,
        response: { 202: PermitView },
      },
    },
    async (request, reply) => {
      const { device, permit } = request.params;
      known(context, device);
      const queued = await context.deliveries.queuePermit(device, permit, grantOf(request.body.grant));
      reply.code(202);
      return permitView(await settled(context, queued, waitOf(request.headers.prefer)));
    },
  );

  app.get(
    '/v1/devices/:device/permits',
    {
      config: { scope: 'read', errors: [BRIDGE.UNKNOWN_DEVICE] },
      schema: {
        operationId: 'listPermits', tags: ['permits'], summary: 'Permits handed in for a device, oldest first', params: DeviceParams, querystring: pageOf(1000, 100, 'The `next` of the page before'),
        response: { 200: Type.Object({ permits: Type.Array(PermitView), next: Next }) },
      },
    },
    async (request) => {
      const { device } = request.params;
      known(context, device);
      const { after, limit } = request.query;
      const rows = await context.deliveries.list(device, 'permit', after, limit);
      return { permits: rows.map(permitView), ...nextOf(rows, limit, rows.at(-1)?.id) };
    },
  );

  app.get(
    '/v1/devices/:device/permits/:permit',
    { config: { scope: 'read', errors: [BRIDGE.UNKNOWN_DEVICE, COMMON.NOT_FOUND] }, schema: { operationId: 'getPermit', tags: ['permits'], summary: 'What became of a permit', params: Params, response: { 200: PermitView } } },
    async (request) => {
      const { device, permit } = request.params;
      known(context, device);
      const row = await context.deliveries.find(device, 'permit', permit);
      if (row === undefined) throw new Problem(COMMON.NOT_FOUND, permit);
      return permitView(row);
    },
  );

  app.delete(
    '/v1/devices/:device/permits/:permit',
    {
      config: { scope: 'permit', errors: [BRIDGE.UNKNOWN_DEVICE, COMMON.NOT_FOUND, BRIDGE.PERMIT_DELIVERED] },
      schema: {
        operationId: 'withdrawPermit', tags: ['permits'],
        summary: 'Takes back a permit that still waits here',
        description: 'Only the device knows for certain: one that is just being handed over may still get there, and its state then says `delivered`. What a device has can only be revoked.',
        params: Params,
        response: { 200: PermitView },
      },
    },
    async (request) => {
      const { device, permit } = request.params;
      known(context, device);
      const row = await context.deliveries.withdraw(device, permit);
      if (row === undefined) throw new Problem(COMMON.NOT_FOUND, permit);
      if (row.state !== 'refused') throw new Problem(BRIDGE.PERMIT_DELIVERED, permit);
      return permitView(row);
    },
  );

  const statement = (path: string, operationId: string, kinds: readonly GrantKind[], summary: string, description: string): void => {
    app.post(
      path,
      {
        config: { scope: 'grant', errors: [...TAKES_GRANT, BRIDGE.PERMIT_ID] },
        bodyLimit: 4096,
        schema: { operationId, tags: ['permits'], summary, description, params: Params, headers: PreferHeader, body: GrantBody, response: { 202: GrantView } },
      },
      async (request, reply) => {
        const { device, permit } = request.params;
        known(context, device);
        const grant = about(permit, kinds, request.body.grant);
        const queued = await context.deliveries.queueGrant(device, grant);
        // What still waits here need not get there first: the revocation spends its counter anyway.
        if (kinds.includes(GrantKind.REVOKE)) await context.deliveries.withdraw(device, permit);
        reply.code(202);
        return grantView(await settled(context, queued, waitOf(request.headers.prefer)));
      },
    );
  };
  statement(
    '/v1/devices/:device/permits/:permit/revoke', 'revokePermit', [GrantKind.REVOKE],
    'Revokes a permit: a statement of kind 5 about it',
    'One that still waits here is withdrawn as well. The revocation spends the counter of the permit, so that it does not get in later by another way.',
  );
  statement(
    '/v1/devices/:device/permits/:permit/strokes', 'grantStroke', [GrantKind.STROKE, GrantKind.REJECT],
    'Grants one stroke on the page that was photographed (kind 3), or rejects that page (kind 10)',
    'The device waits for it in the state WAITING_GRANT, where the permit asks for one. It names the newest photo of the permit by record number and digest.',
  );
  statement(
    '/v1/devices/:device/permits/:permit/top-up', 'topUpPermit', [GrantKind.TOP_UP],
    'Sets how many strokes a permit has from now on, in all: a statement of kind 9',
    'The same one twice gains nothing.',
  );
}
