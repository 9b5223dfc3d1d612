/** Routes of what has to come back after a use. */
import { Type } from 'typebox';
import type { App } from '../../common/app';
import { COMMON, Problem } from '../../common/errors';
import { DeviceId, Sha256Hex } from '../../common/schema';
import { getApplication } from '../applications/applications';
import { DESK } from '../errors';
import { callerOf, maySee, seesAll } from '../people/access';
import { getPerson } from '../people/people';
import type { Rooms } from '../rooms';
import { Id, Nullable, PersonId, Reason } from '../schemas';
import { getReport, listReports, reportKinds, reportStates } from './owed';

const tags = ['papers'];
const exact = { additionalProperties: false } as const;
const Page = Type.Integer({ minimum: 1, maximum: 100_000 });
const Intent = Type.Integer({ minimum: 0, maximum: 4_294_967_294, description: 'Of the stroke, as the register of uses names it' });
const PaperSchema = Type.Object(
  {
    device: DeviceId, intent: Intent, document: Nullable(Type.String()), page: Nullable(Type.Integer()), pageSha256: Nullable(Type.String({ description: 'SHA-256 of the picture of the finished page' })),
    photo: Nullable(Type.String({ description: 'Digest of the photo after the stroke' })), verdict: Type.Enum(['same', 'different', 'unreadable', 'not-compared'], { description: 'Of the finished page with that photo' }), note: Nullable(Type.String()),
  },
  exact,
);
const ReportSchema = Type.Object(
  {
    application: Id, kind: Type.Enum(reportKinds, { description: 'blank: an account of blank paper; archive: stamped paper for the archive' }), state: Type.Enum(reportStates), applicant: PersonId, seal: Id, purpose: Type.String(),
    due: Nullable(Type.Integer({ description: 'Unix seconds; null while the use is not over' })), reminded: Type.Integer(), made: Nullable(Type.Integer()), used: Nullable(Type.Integer()), unused: Nullable(Type.Integer()), note: Nullable(Type.String()),
    papers: Type.Array(PaperSchema),
  },
  exact,
);

export function paperRoutes(app: App, rooms: Rooms): void {
  const { store, papers, history } = rooms;
  const params = Type.Object({ id: Id });
  const read = { scope: 'applications.read' } as const;
  app.get(
    '/v1/reports',
    {
      config: read,
      schema: {
        tags, summary: 'What has to come back: of mine; everything for those who check (回报、归档)', querystring: Type.Object({ state: Type.Optional(Type.Enum(reportStates)) }, exact),
        response: { 200: Type.Object({ reports: Type.Array(ReportSchema) }) },
      },
    },
    (request) => store.read(async (db) => {
      const me = await getPerson(db, callerOf(request));
      return { reports: await listReports(db, { state: request.query.state, applicant: seesAll(me) ? undefined : me.id }) };
    }),
  );
  app.get('/v1/applications/:id/report', { config: read, schema: { tags, summary: 'What has to come back of a use, or has', params, response: { 200: ReportSchema } } }, (request) =>
    store.read(async (db) => {
      const { id } = request.params;
      if (!(await maySee(db, await getPerson(db, callerOf(request)), await getApplication(db, id), history.seconds()))) throw new Problem(COMMON.NOT_FOUND, `application ${id}`);
      return getReport(db, id);
    }),
  );
  app.post(
    '/v1/applications/:id/report',
    {
      config: { scope: 'applications.add', errors: [DESK.REPORT_INCOMPLETE, DESK.REPORT_BLANK, DESK.WRONG_STATE, DESK.REASON_REQUIRED] },
      schema: {
        tags, summary: 'Account for every stroke with its finished page, or as spoiled; what was not used is revoked', params,
        description: 'The finished documents are handed in before (POST /v1/documents).',
        body: Type.Object(
          {
            papers: Type.Array(
              Type.Object({ device: DeviceId, intent: Intent, document: Type.Optional(Sha256Hex), page: Type.Optional(Page), note: Type.Optional(Type.Unsafe<string>({ ...Reason, description: 'Why there is no page: required where none is named' })) }, exact),
              { maxItems: 2000 },
            ),
            note: Type.Optional(Reason),
          },
          exact,
        ),
        response: { 201: ReportSchema },
      },
    },
    async (request, reply) => {
      const made = await papers.report(request.params.id, request.body.papers, request.body.note, callerOf(request));
      rooms.nudge();
      return reply.code(201).send(made);
    },
  );
}
