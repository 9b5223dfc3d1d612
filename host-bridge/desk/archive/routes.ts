/** The route of the archive. */
import { PassThrough } from 'node:stream';
import { Type } from 'typebox';
import type { App } from '../../common/app';
import type { Log } from '../../common/log';
import type { Rooms } from '../rooms';
import { copySourcesOf, printCopies } from '../print/copies';
import { binary, confidential } from '../schemas';
import { planArchive, writeArchive, type ArchivePlan } from './write';

export function archiveRoutes(app: App, rooms: Rooms, log: Log): void {
  app.post(
    '/v1/archive',
    {
      config: { scope: 'archive.make', confidential: true },
      schema: {
        tags: ['archive'], summary: 'The whole register with its evidence as a tar that verifies on its own',
        querystring: Type.Object(
          {
            copies: Type.Optional(Type.Integer({ minimum: 2000, maximum: 2199, description: 'With printed copies of this year, in the company\'s time zone: the register of uses, and a sheet for each use, as PDF/A' })),
            lang: Type.Optional(Type.Enum(['zh', 'en'], { description: 'Language of the copies; zh where not given' })),
          },
          { additionalProperties: false },
        ),
        response: binary('application/x-tar', 'The archive'),
      },
    },
    async (request, reply) => {
      const { copies: year, lang = 'zh' } = request.query;
      const copies = year === undefined ? undefined : await printCopies(copySourcesOf(rooms), year, lang);
      await rooms.witnesses.now();
      let plan: ArchivePlan;
      try {
        plan = await planArchive({ history: rooms.history, authority: rooms.authority, documents: rooms.documentBlobs, photos: rooms.photoBlobs, copies: copies?.files });
        await rooms.mark.keep();
      } catch (error) {
        await copies?.remove();
        throw error;
      }
      const out = new PassThrough();
      // The head is out by then: a store found damaged midway breaks the connection, and the file does not verify.
      writeArchive(plan, rooms.authority, out).catch((error: unknown) => {
        log.error('archive broken off', { why: String(error) });
        out.destroy(error as Error);
      }).finally(() => copies?.remove());
      return reply.headers(confidential('register.tar')).type('application/x-tar').send(out);
    },
  );
}
