/** Updates of a device's firmware. */
import { Type } from 'typebox';
import { CODE_MAX, GrantKind, IMAGE_HEAD, RESOURCES_MAX, SLH_SIGNATURE } from '../../../protocol';
import { GRANT_MAX, peekGrant } from '../../common/grant';
import type { App } from '../../common/app';
import { fromBase64 } from '../../common/bytes';
import { COMMON, Problem } from '../../common/errors';
import { imageInfo } from '../../common/images';
import { base64Schema, DeviceId } from '../../common/schema';
import { BRIDGE } from '../faults';
import type { Updates } from '../update';
import { known, TAKES_GRANT, type ApiContext } from './context';
import { FenceHeader, LEASE_FAULTS } from './leases';

/** Bytes of the largest image. */
const IMAGE_MAX = IMAGE_HEAD + CODE_MAX + RESOURCES_MAX + SLH_SIGNATURE;

const Progress = Type.Object({
  version: Type.Integer({ minimum: 1, description: 'Of the image' }),
  state: Type.String({ enum: ['waiting', 'erasing', 'sending', 'checking', 'restarting', 'done', 'failed'] }),
  percent: Type.Integer({ minimum: 0, maximum: 100, description: 'Of the state at hand' }),
  code: Type.Optional(Type.String({ description: 'Why it failed' })),
}, { $id: 'Update' });
const Params = Type.Object({ device: DeviceId });

function bytesOf(base64: string, what: string): Buffer {
  const bytes = fromBase64(base64);
  if (bytes === undefined) throw new Problem(COMMON.INVALID, `${what} is not canonical base64`);
  return bytes;
}

export function updateRoutes(app: App, context: ApiContext, updates: Updates): void {
  app.post(
    '/v1/devices/:device/update',
    {
      config: { scope: 'admin', errors: [...TAKES_GRANT, ...LEASE_FAULTS, BRIDGE.IMAGE_MALFORMED, BRIDGE.UPDATE_RUNNING] },
      bodyLimit: Math.ceil((IMAGE_MAX + GRANT_MAX) / 3) * 4 + 1024,
      schema: {
        operationId: 'startUpdate', tags: ['maintenance'],
        summary: 'Updates the firmware: an image of the maker, with the consent of the authority',
        description: 'Goes on over breaks; events of type `update` tell of the progress. The device itself judges signature, version and consent.',
        params: Params,
        headers: FenceHeader,
        body: Type.Object({ image: base64Schema(IMAGE_MAX, 'The signed image'), grant: base64Schema(GRANT_MAX, 'The consent, a grant of kind 8') }, { additionalProperties: false }),
        response: { 202: Progress },
      },
    },
    async (request, reply) => {
      const { device } = request.params;
      known(context, device);
      await context.leases.check(device, request.principal?.name ?? '', request.headers['lease-fence']);
      const image = bytesOf(request.body.image, 'image');
      const grant = bytesOf(request.body.grant, 'grant');
      const info = imageInfo(image);
      const view = peekGrant(grant);
      if (info === undefined) throw new Problem(BRIDGE.IMAGE_MALFORMED);
      if (view === undefined) throw new Problem(BRIDGE.GRANT_MALFORMED);
      if (view.device !== device) throw new Problem(BRIDGE.GRANT_ELSEWHERE, view.device);
      if (view.kind !== GrantKind.UPDATE) throw new Problem(BRIDGE.GRANT_KIND, String(view.kind));
      reply.code(202);
      return { ...updates.start(device, { image, header: info.header, grant }) };
    },
  );

  app.get(
    '/v1/devices/:device/update',
    { config: { scope: 'read', errors: [BRIDGE.UNKNOWN_DEVICE, COMMON.NOT_FOUND] }, schema: { operationId: 'getUpdate', tags: ['maintenance'], summary: 'What the last update of a device is at', params: Params, response: { 200: Progress } } },
    (request) => {
      const { device } = request.params;
      known(context, device);
      const progress = updates.of(device);
      if (progress === undefined) throw new Problem(COMMON.NOT_FOUND, device);
      return { ...progress };
    },
  );
}
