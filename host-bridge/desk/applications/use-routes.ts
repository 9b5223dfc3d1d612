/** What became of an application, for those who may see it: its strokes, their photos, and what its seal was used for lately. */
import { Type } from 'typebox';
import type { App } from '../../common/app';
import { COMMON, Problem } from '../../common/errors';
import { PermitId, Sha256Hex } from '../../common/schema';
import { callerOf } from '../people/access';
import { listUses } from '../register/uses';
import type { Rooms } from '../rooms';
import { binary, confidential, Id, Nullable, PersonId, UseSchema } from '../schemas';
import { getApplication, grants } from './applications';
import { photosBefore, photoUnder } from './photo';
import { visible } from './routes';

const tags = ['applications'];
const exact = { additionalProperties: false } as const;
const params = Type.Object({ id: Id });
/** Strokes of one application that are shown, newest first. */
const STROKES = 200;
/** Strokes of the seal that who decides is shown. */
const LATELY = 10;
const LatelySchema = Type.Object({ application: Nullable(Type.String()), purpose: Nullable(Type.String()), applicant: Type.Union([PersonId, Type.Null()]), time: Nullable(Type.Integer()), result: UseSchema.properties.result }, exact);

export function applicationUseRoutes(app: App, { store, history, photoBlobs }: Rooms): void {
  app.get(
    '/v1/applications/:id/uses',
    { config: { scope: 'applications.read' }, schema: { tags, summary: 'Strokes of an application, newest first', params, response: { 200: Type.Object({ uses: Type.Array(UseSchema) }) } } },
    (request) =>
      store.read(async (db) => {
        await visible(db, callerOf(request), request.params.id, history.seconds());
        return { uses: await listUses(db, { application: request.params.id, offset: 0, limit: STROKES }) };
      }),
  );
  app.get(
    '/v1/applications/:id/photos/:digest',
    {
      config: { scope: 'applications.read', confidential: true },
      schema: {
        tags, summary: 'A photo taken under a permit of an application', params: Type.Object({ id: Id, digest: Sha256Hex }),
        response: binary('image/jpeg', 'The photo'),
      },
    },
    async (request, reply) => {
      const { id, digest } = request.params;
      const found = await store.read(async (db) => {
        await visible(db, callerOf(request), id, history.seconds());
        return photoUnder(db, await db.selectFrom('permit').select(['id', 'device']).where('application', '=', id).execute(), digest);
      });
      const data = found === undefined ? undefined : await photoBlobs.get(found);
      if (!data) throw new Problem(COMMON.NOT_FOUND, `photo ${digest}`);
      return reply.headers(confidential()).type('image/jpeg').send(data);
    },
  );
  app.get(
    '/v1/permits/:id/photos',
    {
      config: { scope: 'uses.grant' },
      schema: {
        tags, summary: 'Photos of pages under a permit, newest first, for who grants strokes on them',
        description: 'Without the numbers that stand on the display of the unit: those are read out there, and prove that the photo is of now.', params: Type.Object({ id: PermitId }),
        response: { 200: Type.Object({ photos: Type.Array(Type.Object({ digest: Sha256Hex, time: Nullable(Type.Integer()), stored: Type.Boolean(), stroked: Type.Boolean({ description: 'A stroke was begun on it' }) }, exact)) }) },
      },
    },
    (request) =>
      store.read(async (db) => {
        const permit = await db.selectFrom('permit').select(['application', 'device']).where('id', '=', request.params.id).executeTakeFirst();
        if (permit === undefined || !(await grants(db, await getApplication(db, permit.application), callerOf(request)))) throw new Problem(COMMON.NOT_FOUND, `permit ${request.params.id}`);
        return { photos: await photosBefore(db, permit.device, request.params.id) };
      }),
  );
  app.get(
    '/v1/applications/:id/lately',
    { config: { scope: 'applications.decide' }, schema: { tags, summary: 'What the seal of an application was used for lately, for who decides on it', params, response: { 200: Type.Object({ uses: Type.Array(LatelySchema) }) } } },
    (request) =>
      store.read(async (db) => {
        const { seal } = await visible(db, callerOf(request), request.params.id, history.seconds());
        const uses = await listUses(db, { seal, offset: 0, limit: LATELY });
        return { uses: uses.map(({ application, purpose, applicant, time, result }) => ({ application, purpose, applicant, time, result })) };
      }),
  );
}
