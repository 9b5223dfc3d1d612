/** The route of the archive. */
import { PassThrough } from 'node:stream';
import { Type } from 'typebox';
import type { App } from '../../common/app';
import type { Log } from '../../common/log';
import type { Rooms } from '../rooms';
import { planArchive, writeArchive } from './write';

export function archiveRoutes(app: App, rooms: Rooms, log: Log): void {
  app.post(
    '/v1/archive',
    {
      config: { scope: 'archive.make' },
      schema: {
        tags: ['archive'], summary: 'The whole register with its evidence as a tar that verifies on its own',
        response: { 200: { description: 'The archive', content: { 'application/x-tar': { schema: Type.Unsafe<PassThrough>({ type: 'string', format: 'binary' }) } } } },
      },
    },
    async (_request, reply) => {
      const plan = await planArchive({ history: rooms.history, authority: rooms.authority, documents: rooms.documentBlobs, photos: rooms.photoBlobs });
      await rooms.mark.keep();
      const out = new PassThrough();
      // The head is out by then: a store found damaged midway breaks the connection, and the file does not verify.
      writeArchive(plan, rooms.authority, out).catch((error: unknown) => {
        log.error('archive broken off', { why: String(error) });
        out.destroy(error as Error);
      });
      return reply.type('application/x-tar').header('content-disposition', 'attachment; filename="register.tar"').send(out);
    },
  );
}
