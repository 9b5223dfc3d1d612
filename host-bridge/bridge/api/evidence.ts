/** Records, photos, incidents. */
import { Type } from 'typebox';
import type { App } from '../../common/app';
import { COMMON, Problem } from '../../common/errors';
import { DeviceId, Sha256Hex } from '../../common/schema';
import { BRIDGE } from '../faults';
import { known, Seq, type ApiContext } from './context';

export function evidenceRoutes(app: App, context: ApiContext): void {
  app.get(
    '/v1/devices/:device/records',
    {
      config: { scope: 'read', errors: [BRIDGE.UNKNOWN_DEVICE] },
      schema: {
        operationId: 'listRecords', tags: ['records'],
        summary: 'Evidence records in order',
        description: 'Their chain was verified on arrival, their MACs were not: the bridge has no evidence key.',
        params: Type.Object({ device: DeviceId }),
        querystring: Type.Object(
          {
            from: Type.Integer({ minimum: 0, maximum: 4_294_967_295, default: 0 }),
            limit: Type.Integer({ minimum: 1, maximum: 1000, default: 100 }),
            branch: Type.Optional(Type.Integer({ minimum: 0, maximum: 1000, description: 'Default: the present one' })),
          },
          { additionalProperties: false },
        ),
        response: {
          200: Type.Object({
            records: Type.Array(Type.Object({ seq: Seq, bytes: Type.String({ description: 'Base64' }) })),
            next: Type.Integer({ minimum: 0, description: 'Where to go on' }),
            branch: Type.Integer({ minimum: 0 }),
          }),
        },
      },
    },
    async (request) => {
      const { device } = request.params;
      known(context, device);
      const { from, limit } = request.query;
      const branch = request.query.branch ?? (await context.spool.device(device))?.branch ?? 0;
      const rows = await context.spool.records(device, branch, from, limit);
      const last = rows.at(-1);
      return {
        records: rows.map((row) => ({ seq: row.seq, bytes: Buffer.from(row.bytes).toString('base64') })),
        next: last === undefined ? from : last.seq + 1,
        branch,
      };
    },
  );

  app.get(
    '/v1/devices/:device/photos/:digest',
    {
      config: { scope: 'read', errors: [BRIDGE.UNKNOWN_DEVICE, COMMON.NOT_FOUND, BRIDGE.PHOTO_GONE, BRIDGE.PHOTO_RELEASED, BRIDGE.PHOTO_PENDING, COMMON.FILE_FAILED] },
      schema: {
        operationId: 'getPhoto', tags: ['photos'],
        summary: 'A photo named by a record',
        description: '425 PHOTO_PENDING while its bytes are still on the way, also once more where the file was lost on this bridge, 410 PHOTO_GONE when the device lost them, PHOTO_RELEASED when the register has had it for long.',
        params: Type.Object({ device: DeviceId, digest: Sha256Hex }),
        response: { 200: { description: 'The photo', content: { 'image/jpeg': { schema: Type.Unsafe<Buffer>(Type.String()) } } } },
      },
    },
    async (request, reply) => {
      const { device, digest } = request.params;
      known(context, device);
      const photo = await context.spool.photo(device, digest);
      if (photo === undefined) throw new Problem(COMMON.NOT_FOUND, digest);
      if (photo.state === 'gone') throw new Problem(BRIDGE.PHOTO_GONE, digest);
      if (photo.state === 'released') throw new Problem(BRIDGE.PHOTO_RELEASED, digest);
      if (photo.state === 'wanted') throw new Problem(BRIDGE.PHOTO_PENDING, { detail: digest, retryAfter: 5 });
      const bytes = await context.photos.read(photo).catch((error: NodeJS.ErrnoException): never => {
        throw new Problem(COMMON.FILE_FAILED, { detail: `photo ${digest}: ${error.code ?? 'unreadable'}`, cause: error });
      });
      if (!Buffer.isBuffer(bytes)) {
        // The file goes before the row does: a bridge that was killed in between has kept the row.
        if (await context.spool.acknowledged(photo)) throw new Problem(BRIDGE.PHOTO_RELEASED, digest);
        await context.spool.photoLost(photo, bytes, () => context.photos.has(digest));
        throw new Problem(BRIDGE.PHOTO_PENDING, { detail: digest, retryAfter: 5 });
      }
      reply.header('etag', `"${digest}"`).header('cache-control', 'private, max-age=31536000, immutable').type('image/jpeg');
      return reply.send(bytes);
    },
  );

  app.get(
    '/v1/incidents',
    {
      config: { scope: 'read', bounded: true },
      schema: {
        operationId: 'listIncidents', tags: ['incidents'],
        summary: 'What should never be: gaps, forks and rollbacks of chains, records and photos that are not what they should be',
        querystring: Type.Object(
          { after: Type.Integer({ minimum: 0, default: 0 }), limit: Type.Integer({ minimum: 1, maximum: 1000, default: 100 }) },
          { additionalProperties: false },
        ),
        response: {
          200: Type.Object({
            incidents: Type.Array(
              Type.Object({
                id: Type.Integer(),
                device: DeviceId,
                kind: Type.String({ description: 'late, gap, rollback, fork, malformed, foreign, sequence, quarantine, photo-record, photo-gone, photo-wrong, photo-lost' }),
                branch: Type.Integer(),
                seq: Type.Integer(),
                times: Type.Integer(),
                firstAt: Type.Integer(),
                lastAt: Type.Integer(),
                detail: Type.Record(Type.String(), Type.Unknown()),
              }, { $id: 'Incident' }),
            ),
            next: Type.Integer({ minimum: 0 }),
          }),
        },
      },
    },
    async (request) => {
      const rows = await context.spool.incidents(request.query.after, request.query.limit, request.devices);
      return {
        incidents: rows.map(({ id, device, kind, branch, seq, times, first_at, last_at, detail }) => ({
          id, device, kind, branch, seq, times, firstAt: first_at, lastAt: last_at, detail: JSON.parse(detail) as Record<string, unknown>,
        })),
        next: rows.at(-1)?.id ?? request.query.after,
      };
    },
  );
}
