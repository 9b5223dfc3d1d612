/** Leases of devices. */
import { Type, type Static } from 'typebox';
import type { App } from '../../common/app';
import { COMMON, Problem } from '../../common/errors';
import { BRIDGE } from '../faults';
import { LEASE_MAX, type Lease } from '../leases';
import { DeviceParams, known, type ApiContext } from './context';

export const LeaseView = Type.Object(
  {
    fence: Type.Integer({ minimum: 1, description: 'Number of the lease: send it as the header `lease-fence` with maintenance and updates' }),
    holder: Type.String({ description: 'Name of the caller who has it' }),
    until: Type.Integer({ minimum: 0, description: 'Unix milliseconds' }),
  },
  { $id: 'Lease' },
);

/** Header by which the holder of a lease shows it. */
export const FenceHeader = Type.Object({ 'lease-fence': Type.Optional(Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER, description: 'Number of your lease; needed while the device is leased' })) });

/** What a route may answer that a lease keeps others from. */
export const LEASE_FAULTS = [BRIDGE.LEASED, BRIDGE.LEASE_OVER];

export function leaseRoutes(app: App, context: ApiContext): void {
  const view = ({ fence, holder, until }: Lease): Static<typeof LeaseView> => ({ fence, holder, until });

  app.post(
    '/v1/devices/:device/lease',
    {
      config: { scope: 'admin', errors: [BRIDGE.UNKNOWN_DEVICE, BRIDGE.LEASED] },
      schema: {
        operationId: 'takeLease', tags: ['maintenance'], summary: 'Takes a device for oneself, or makes an own lease longer',
        description: 'While it lasts nobody else maintains or updates the device through this bridge. It ends by itself.',
        params: DeviceParams,
        body: Type.Object({ seconds: Type.Integer({ minimum: 10, maximum: LEASE_MAX, description: 'From now on', examples: [900] }) }, { additionalProperties: false }),
        response: { 200: LeaseView },
      },
    },
    async (request) => {
      known(context, request.params.device);
      return view(await context.leases.take(request.params.device, request.principal?.name ?? '', request.body.seconds));
    },
  );

  app.get(
    '/v1/devices/:device/lease',
    { config: { scope: 'read', errors: [BRIDGE.UNKNOWN_DEVICE, COMMON.NOT_FOUND] }, schema: { operationId: 'getLease', tags: ['maintenance'], summary: 'Who has the device for themselves', params: DeviceParams, response: { 200: LeaseView } } },
    async (request) => {
      known(context, request.params.device);
      const lease = await context.leases.current(request.params.device);
      if (lease === undefined) throw new Problem(COMMON.NOT_FOUND, 'no lease');
      return view(lease);
    },
  );

  app.delete(
    '/v1/devices/:device/lease',
    {
      config: { scope: 'admin', errors: [BRIDGE.UNKNOWN_DEVICE, COMMON.NOT_FOUND] },
      schema: {
        operationId: 'endLease', tags: ['maintenance'], summary: 'Gives a lease back',
        params: DeviceParams,
        querystring: Type.Object({ force: Type.Boolean({ default: false, description: "Ends another's lease too" }) }, { additionalProperties: false }),
        response: { 200: Type.Object({ ended: Type.Boolean() }) },
      },
    },
    async (request) => {
      known(context, request.params.device);
      const ended = await context.leases.end(request.params.device, request.query.force ? undefined : (request.principal?.name ?? ''));
      if (!ended) throw new Problem(COMMON.NOT_FOUND, 'no lease of yours');
      return { ended };
    },
  );
}
