/** Routes of applications and the decisions on them. */
import type { FastifyRequest } from 'fastify';
import { Type, type Static } from 'typebox';
import { Value } from 'typebox/value';
import type { App } from '../../common/app';
import { COMMON, Problem } from '../../common/errors';
import { PermitId, Sha256Hex } from '../../common/schema';
import { permitView } from '../authority/grants';
import { giversOf } from '../chains/delegations';
import { decisionsOf } from '../approvals/approvals';
import { becameOf } from '../approvals/became';
import { DESK } from '../errors';
import { strokeAct } from '../signatures/routes';
import { SignatureBody } from '../signatures/schemas';
import { passComparison } from '../approvals/comparison-routes';
import { readForm } from '../documents/routes';
import { callerOf, maySee, seesAll } from '../people/access';
import { getPerson } from '../people/people';
import type { Rooms } from '../rooms';
import { ApplicationDetail, ApplicationForm, ApplicationSchema, BecameSchema, DecisionSchema, Id, NarrowSchema, NewApplication, Reason } from '../schemas';
import type { Db } from '../tables';
import { photoJudged } from './photo';
import { getApplication, states, type Application, type ApplicationFields } from './applications';

const tags = ['applications'];
const exact = { additionalProperties: false } as const;
const params = Type.Object({ id: Id });
/** Number of a photo's record: events of type `photo` carry it as `seq`. */
const PhotoNumber = Type.Integer({ minimum: 0, maximum: 4_294_967_294 });

function fieldsOf(body: Static<typeof NewApplication>): ApplicationFields {
  const { submit: _submit, ...given } = body;
  return { ...given, photos: body.photos ?? true, strokeGrants: body.strokeGrants ?? false, idle: body.idle ?? 300 };
}

/** The fields of an application, from JSON or from a form that brings its document along (numbers and lists as JSON text). */
async function bodyOf(request: FastifyRequest, rooms: Rooms, caller: number): Promise<Static<typeof NewApplication>> {
  if (!request.isMultipart()) {
    const body: unknown = request.body;
    if (!Value.Check(NewApplication, body)) throw invalid(Value.Errors(NewApplication, body));
    return body;
  }
  const form = await readForm(request, rooms.documents.limits.maxBytes);
  const given: Record<string, unknown> = {};
  const texts = new Set(['seal', 'purpose', 'document', 'category']);
  for (const [name, value] of form.fields) {
    try {
      given[name] = texts.has(name) ? value : JSON.parse(value);
    } catch {
      throw new Problem(COMMON.INVALID, `field ${name}`);
    }
  }
  if (!Value.Check(ApplicationForm, given)) throw invalid(Value.Errors(ApplicationForm, given));
  if (!form.file && given.document === undefined) throw new Problem(COMMON.INVALID, 'part document is missing');
  const document = form.file ? (await rooms.documents.add(form.file.data, form.file.name, caller)).sha256 : (given.document ?? '');
  return { ...given, document };
}

function invalid(errors: { instancePath: string; message: string }[]): Problem {
  const first = errors[0];
  return new Problem(COMMON.INVALID, `${first?.instancePath || 'it'} ${first?.message ?? 'is not valid'}`);
}

/** An application that the caller may see. Throws NOT_FOUND for any other: guessing tells nothing. */
export async function visible(db: Db, caller: number, id: string, now: number): Promise<Application> {
  const application = await getApplication(db, id);
  if (!(await maySee(db, await getPerson(db, caller), application, now))) throw new Problem(COMMON.NOT_FOUND, `application ${id}`);
  return application;
}

async function detail(db: Db, application: Application): Promise<Static<typeof ApplicationDetail>> {
  const permits = await db.selectFrom('permit').select(['id', 'device', 'state', 'code', 'used', 'sha256', 'quota', 'cross_page', 'statement']).where('application', '=', application.id).orderBy('counter').execute();
  return {
    ...application,
    permits: permits.map(({ quota, cross_page: edges, statement, ...row }) => ({
      ...row, used: Number(row.used), count: Number(quota ?? permitView(Buffer.from(statement, 'base64'))?.count ?? 0), crossPage: Number(edges) !== 0,
    })),
  };
}

export function applicationRoutes(app: App, rooms: Rooms): void {
  const { applications, approvals, documents, store, history, permits, signatures, steps } = rooms;
  const answer = async (application: Application) => {
    rooms.nudge();
    return store.read((db) => detail(db, application));
  };
  app.post(
    '/v1/applications',
    {
      config: { scope: 'applications.add' },
      bodyLimit: documents.limits.maxBytes + (1 << 20),
      // A form is read part by part, below: the schema says here what both are.
      validatorCompiler: () => () => true,
      schema: {
        tags, summary: 'Apply, as JSON or as a form with the document', consumes: ['application/json', 'multipart/form-data'], body: NewApplication, response: { 201: ApplicationDetail },
        description: 'As a form, each field is a part (numbers, lists and objects as JSON text), and the document is a part `document` with a file name, in place of its hash.',
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const body = await bodyOf(request, rooms, caller);
      return reply.code(201).send(await answer(await applications.add(fieldsOf(body), caller, body.submit ?? true)));
    },
  );
  app.get(
    '/v1/applications',
    {
      config: { scope: 'applications.read' },
      schema: {
        tags, summary: 'Applications this person may see, newest first',
        querystring: Type.Object({ state: Type.Optional(Type.Enum(states)), offset: Type.Optional(Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, description: 'Skips this many' })), limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500 })) }, exact),
        response: { 200: Type.Object({ applications: Type.Array(ApplicationSchema) }) },
      },
    },
    (request) => store.read((db) => listApplications(db, callerOf(request), request.query, history.seconds())),
  );
  app.get('/v1/applications/:id', { config: { scope: 'applications.read' }, schema: { tags, summary: 'An application with its permits', params, response: { 200: ApplicationDetail } } }, (request) =>
    store.read(async (db) => detail(db, await visible(db, callerOf(request), request.params.id, history.seconds()))),
  );
  app.put(
    '/v1/applications/:id',
    { config: { scope: 'applications.add' }, schema: { tags, summary: 'Change a draft', params, body: NewApplication, response: { 200: ApplicationDetail } } },
    async (request) => answer(await applications.change(request.params.id, fieldsOf(request.body), callerOf(request))),
  );
  app.post(
    '/v1/applications/:id/submit',
    {
      config: { scope: 'applications.add', errors: [DESK.SIGNATURE_REQUIRED, DESK.SIGNATURE_WRONG] },
      schema: { tags, summary: 'Submit a draft', params, body: Type.Optional(Type.Union([Type.Object({ signature: SignatureBody }, exact), Type.Null()])), response: { 200: ApplicationDetail } },
    },
    async (request) => answer(await applications.submit(request.params.id, callerOf(request), request.body?.signature as never)),
  );
  app.post(
    '/v1/applications/:id/withdraw',
    {
      config: { scope: 'applications.add' },
      schema: { tags, summary: 'Take an application back; unused strokes are revoked', params, body: Type.Object({ reason: Type.Optional(Reason) }, exact), response: { 200: ApplicationDetail } },
    },
    async (request) => answer(await applications.withdraw(request.params.id, callerOf(request), request.body.reason)),
  );
  app.get('/v1/tasks', { config: { scope: 'applications.decide' }, schema: { tags, summary: 'What waits for my decision (任务池)', response: { 200: Type.Object({ applications: Type.Array(ApplicationSchema) }) } } }, async (request) => ({
    applications: await approvals.tasks(callerOf(request)),
  }));
  app.get(
    '/v1/decisions',
    {
      config: { scope: 'applications.decide' },
      schema: { tags, summary: 'What I decided, or somebody in my place, newest first, and what became of it', querystring: Type.Object({ limit: Type.Integer({ minimum: 1, maximum: 200, default: 30 }) }, exact), response: { 200: Type.Object({ decisions: Type.Array(BecameSchema) }, exact) } },
    },
    (request) => store.read(async (db) => ({ decisions: await becameOf(db, callerOf(request), request.query.limit, history.seconds()) })),
  );
  app.get(
    '/v1/applications/:id/decisions',
    { config: { scope: 'applications.read' }, schema: { tags, summary: 'Decisions so far', params, response: { 200: Type.Object({ decisions: Type.Array(DecisionSchema) }) } } },
    (request) =>
      store.read(async (db) => {
        await visible(db, callerOf(request), request.params.id, history.seconds());
        return { decisions: await decisionsOf(db, request.params.id) };
      }),
  );
  const content = Type.Unsafe<string>({ ...Sha256Hex, description: 'Hash of the content that was looked at' });
  app.post(
    '/v1/applications/:id/approve',
    {
      config: { scope: 'applications.decide' },
      schema: {
        tags, summary: 'Approve the step that is due; fewer strokes, a shorter window, a smaller place and more persons are possible', params,
        body: Type.Object({ content, reason: Type.Optional(Reason), narrow: Type.Optional(NarrowSchema), signature: SignatureBody }, exact), response: { 200: ApplicationDetail },
      },
    },
    async (request) => answer(await approvals.decide(request.params.id, callerOf(request), { verdict: 'approved', ...request.body, signature: request.body.signature as never })),
  );
  app.post(
    '/v1/applications/:id/refuse',
    {
      config: { scope: 'applications.decide' },
      schema: { tags, summary: 'Refuse, with a reason', params, body: Type.Object({ content, reason: Reason, signature: SignatureBody }, exact), response: { 200: ApplicationDetail } },
    },
    async (request) => answer(await approvals.decide(request.params.id, callerOf(request), { verdict: 'refused', ...request.body, signature: request.body.signature as never })),
  );
  app.post(
    '/v1/permits/:id/strokes',
    {
      config: { scope: 'uses.grant', errors: [DESK.SIGNATURE_REQUIRED, DESK.SIGNATURE_WRONG] },
      schema: {
        tags, summary: 'Grant one stroke on the page in this photo',
        description: 'The number is the one that stands on the display of the unit: whoever is there reads it out, and it must be that of the photo. So nobody grants a stroke by a photo that a bridge has kept, or that is of another page than the one in the tray.',
        params: Type.Object({ id: PermitId }), body: Type.Object({ photo: Sha256Hex, number: PhotoNumber, open: Type.Optional(Type.Unsafe<string>({ ...Reason, description: 'Why it is granted although places of the page are open; only by who decides last' })), signature: SignatureBody }, exact),
        response: { 202: Type.Object({ statement: Type.String(), number: PhotoNumber }) },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const { photo, number, open, signature } = request.body;
      const caller = callerOf(request);
      const asked = (db: Db) => photoJudged(db, steps, { permit: id, photo, number, caller });
      // The comparison takes seconds: outside of a transaction, and what it was asked for is looked at again in one.
      const compared = await passComparison(rooms, { permit: id, photo, caller, open, ...(await store.read(asked)) });
      const granted = await history.commit(async (trx) => {
        const { device, seq, application } = await asked(trx);
        const statement = await permits.state(trx, device, { kind: 'stroke', permit: id, photo, seq }, caller, compared);
        await signatures.check(trx, strokeAct({ permit: id, photo, number, document: application.document }, 'granted'), caller, signature as never);
        return { statement, number: seq };
      });
      rooms.nudge();
      return reply.code(202).send(granted);
    },
  );
}

async function listApplications(db: Db, caller: number, { state, offset = 0, limit = 100 }: { state?: string; offset?: number; limit?: number }, now: number): Promise<{ applications: Application[] }> {
  const person = await getPerson(db, caller);
  const deciding = [caller, ...(await giversOf(db, caller, now))];
  let query = db
    .selectFrom('application')
    .innerJoin('seal', 'seal.id', 'application.seal')
    .leftJoin('application_step', 'application_step.application', 'application.id')
    .select(['application.id', 'application.created'])
    .distinct();
  if (state !== undefined) query = query.where('application.state', '=', state);
  const all = seesAll(person);
  if (!all) {
    query = query.where((eb) =>
      eb.or([
        eb('application.applicant', '=', caller),
        eb.and([eb('application.state', '!=', 'draft'), eb.or([eb('application_step.person', 'in', deciding), eb('seal.custodian', '=', caller), eb.and([eb('seal.deputy', '=', caller), eb('seal.deputy_until', '>', now)]), eb('application.operator', '=', caller), eb('application.id', 'in', eb.selectFrom('application_holder').select('application').where('person', '=', caller))])]),
      ]),
    );
  }
  const rows = await query.orderBy('application.created', 'desc').orderBy('application.id').offset(offset).limit(limit).execute();
  const applications: Application[] = [];
  for (const { id } of rows) {
    const application = await getApplication(db, id);
    // Who may see one is judged in one place; the tables above only find it.
    if (all || (await maySee(db, person, application, now))) applications.push(application);
  }
  return { applications };
}
