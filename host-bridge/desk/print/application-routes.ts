/** The route of an application's sheet (用印申请审批单). */
import { Type } from 'typebox';
import type { App } from '../../common/app';
import { COMMON, Problem, type Language } from '../../common/errors';
import { visible } from '../applications/routes';
import { decisionsOf } from '../approvals/approvals';
import { topUpsOf } from '../approvals/topups';
import { getDocument } from '../documents/documents';
import { callerOf } from '../people/access';
import { listPeople } from '../people/people';
import { getSeal } from '../register/cards';
import { registerRoot, registerSize } from '../register/register';
import type { Rooms } from '../rooms';
import { binary, confidential, Id } from '../schemas';
import { signaturesAround } from '../signatures/signatures';
import { applicationForm } from './application-sheet';
import { wordsOf } from './columns';
import { setType } from './paper';

export function applicationSheetRoutes(app: App, rooms: Rooms): void {
  const { store, history, authority } = rooms;
  app.get(
    '/v1/applications/:id/sheet.pdf',
    {
      config: { scope: 'applications.read' },
      schema: {
        tags: ['applications'], summary: 'The sheet of an application with its decisions and electronic signatures, for print (用印申请审批单)', params: Type.Object({ id: Id }),
        querystring: Type.Object({ lang: Type.Optional(Type.Enum(['zh', 'en'], { description: 'Language; zh where not given' })) }, { additionalProperties: false }), response: binary('application/pdf', 'PDF/A-2b'),
      },
    },
    async (request, reply) => {
      const words = wordsOf((request.query.lang ?? 'zh') as Language, rooms.timeZone);
      const sheet = await store.read(async (db) => {
        const application = await visible(db, callerOf(request), request.params.id, history.seconds());
        // A draft is nothing yet that anybody could file.
        if (application.state === 'draft') throw new Problem(COMMON.NOT_FOUND, `application ${application.id}`);
        const size = await registerSize(db);
        return {
          application, decisions: await decisionsOf(db, application.id), topUps: await topUpsOf(db, application.id), signatures: await signaturesAround(db, application.id), seal: (await getSeal(db, application.seal)).name, document: (await getDocument(db, application.document)).name,
          names: new Map((await listPeople(db)).map(({ id, name }) => [id, name])), register: authority.registerName, size, root: (await registerRoot(db, size)).toString('hex'),
        };
      });
      const pdf = await setType(applicationForm(sheet, words), words.language, rooms.clock);
      return reply.headers(confidential('application.pdf')).type('application/pdf').send(pdf);
    },
  );
}
