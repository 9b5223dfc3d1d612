/** Permits and grants. */
import { Type, type Static } from 'typebox';
import { GRANT_MAX } from '../../common/grant';
import type { App } from '../../common/app';
import { fromBase64 } from '../../common/bytes';
import { COMMON, Problem } from '../../common/errors';
import { base64Schema, DeviceId, PermitId, Sha256Hex } from '../../common/schema';
import type { Delivery } from '../deliveries';
import { known, type ApiContext } from './context';

const Body = Type.Object({ grant: base64Schema(GRANT_MAX, 'The statement, COSE_Mac0') }, { additionalProperties: false });

const PermitView = Type.Object({
  permit: PermitId,
  state: Type.String({ enum: ['queued', 'delivered', 'refused'] }),
  code: Type.Optional(Type.String({ description: 'Why the device refused it' })),
  count: Type.Optional(Type.Integer({ minimum: 0, description: 'Strokes allowed' })),
  used: Type.Optional(Type.Integer({ minimum: 0, description: 'Strokes charged, unknown ones included' })),
  closed: Type.Optional(Type.Boolean({ description: 'Used up, finished, expired or revoked' })),
});

const GrantView = Type.Object({
  id: Sha256Hex,
  state: Type.String({ enum: ['queued', 'applied', 'refused'] }),
  code: Type.Optional(Type.String({ description: 'Why the device refused it' })),
});

/** "Prefer: wait=10" (RFC 7240 section 4.3): how long the caller would wait for the device's answer, seconds. */
const Headers = Type.Object({ prefer: Type.Optional(Type.String({ maxLength: 200, description: 'wait=N: wait up to N seconds (at most 30) for the device’s answer' })) });

function waitOf(prefer: string | undefined): number {
  const match = /(?:^|[,;\s])wait=(\d{1,3})\b/.exec(prefer ?? '');
  return Math.min(30, Number(match?.[1] ?? 0)) * 1000;
}

export function grantRoutes(app: App, context: ApiContext): void {
  app.put(
    '/v1/devices/:device/permits/:permit',
    {
      config: { scope: 'permit' },
      bodyLimit: 4096,
      schema: {
        summary: 'Hands in a permit; it is delivered when the device is there',
        description: 'Idempotent by id: the same bytes again answer the present state. A permit the device refused is offered to it anew.',
        params: Type.Object({ device: DeviceId, permit: PermitId }),
        headers: Headers,
        body: Body,
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
    '/v1/devices/:device/permits/:permit',
    { config: { scope: 'read' }, schema: { summary: 'What became of a permit', params: Type.Object({ device: DeviceId, permit: PermitId }), response: { 200: PermitView } } },
    async (request) => {
      const { device, permit } = request.params;
      known(context, device);
      const row = await context.deliveries.find(device, 'permit', permit);
      if (row === undefined) throw new Problem(COMMON.NOT_FOUND, permit);
      return permitView(row);
    },
  );

  app.post(
    '/v1/devices/:device/grants',
    {
      config: { scope: 'grant' },
      bodyLimit: 4096,
      schema: {
        summary: 'Hands in any other statement: time, stroke, alarm clearing, revocation, acknowledgement',
        description: 'Idempotent by its bytes. One the device refused is offered to it anew.',
        params: Type.Object({ device: DeviceId }),
        headers: Headers,
        body: Body,
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
    '/v1/devices/:device/grants/:grant',
    { config: { scope: 'read' }, schema: { summary: 'What became of a grant', params: Type.Object({ device: DeviceId, grant: Sha256Hex }), response: { 200: GrantView } } },
    async (request) => {
      const { device, grant } = request.params;
      known(context, device);
      const row = await context.deliveries.find(device, 'grant', grant);
      if (row === undefined) throw new Problem(COMMON.NOT_FOUND, grant);
      return grantView(row);
    },
  );
}

function grantOf(base64: string): Buffer {
  const bytes = fromBase64(base64);
  if (bytes === undefined) throw new Problem(COMMON.INVALID, 'grant is not canonical base64');
  return bytes;
}

/** The delivery when it is no longer queued, or as it is when the time is up. */
async function settled(context: ApiContext, queued: Delivery, ms: number): Promise<Delivery> {
  let row = queued;
  if (ms === 0 || row.state !== 'queued') return row;
  const until = context.clock.now() + ms;
  for (;;) {
    const left = until - context.clock.now();
    if (left <= 0) return row;
    let again = (): void => undefined;
    const changed = new Promise<void>((resolve) => (again = resolve));
    const stop = context.events.onMore(again);
    const cancel = context.clock.after(left, again);
    try {
      row = (await context.deliveries.find(row.device, row.kind, row.key)) ?? row;
      if (row.state !== 'queued') return row;
      await changed;
    } finally {
      stop();
      cancel();
    }
  }
}

function permitView(row: Delivery): Static<typeof PermitView> {
  return {
    permit: row.key,
    state: row.state,
    ...(row.code === null ? {} : { code: row.code }),
    ...(row.count === null ? {} : { count: row.count }),
    ...(row.used === null ? {} : { used: row.used }),
    ...(row.closed === null ? {} : { closed: row.closed === 1 }),
  };
}

function grantView(row: Delivery): Static<typeof GrantView> {
  return { id: row.key, state: row.state, ...(row.code === null ? {} : { code: row.code }) };
}
