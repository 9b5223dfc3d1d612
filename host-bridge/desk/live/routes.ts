/** Routes of a use as it happens: its steps, how the unit is, what the comparison says, what is said beside it, and a stream that tells when to look. */
import { Type } from 'typebox';
import type { App } from '../../common/app';
import { COMMON, Problem } from '../../common/errors';
import { DeviceId, PermitId, Sha256Hex } from '../../common/schema';
import { photoUnder } from '../applications/photo';
import { visible } from '../applications/routes';
import { ComparisonSchema, comparisonView } from '../approvals/comparison-routes';
import type { Looked } from '../approvals/comparison';
import { DESK } from '../errors';
import { callerOf } from '../people/access';
import { getSeal } from '../register/cards';
import type { Rooms } from '../rooms';
import { binary, confidential, Id, Nullable, PersonId, Seconds } from '../schemas';
import { grants } from '../applications/applications';
import { streamChanges } from './changes';
import { LONGEST_MESSAGE, messagesOf, say, takesPart } from './messages';
import { stepKinds, stepsOf } from './steps';

const tags = ['live'];
const exact = { additionalProperties: false } as const;
const params = Type.Object({ id: Id });
const photoParams = Type.Object({ id: Id, digest: Sha256Hex });
const Flag = Type.Union([Type.Boolean(), Type.Null()]);
const StepSchema = Type.Object(
  {
    device: DeviceId, seq: Type.Integer({ minimum: 0 }), at: Seconds, time: Nullable(Type.Integer()), kind: Type.Enum(stepKinds), permit: Type.Union([PermitId, Type.Null()]), persons: Type.Array(PersonId),
    photo: Nullable(Type.String({ description: 'Digest' })), which: Type.Union([Type.Literal('before'), Type.Literal('after'), Type.Null()]), stored: Type.Boolean({ description: 'The bytes of the photo are here' }),
    code: Nullable(Type.Integer({ description: 'Outcome: result; closed: reason; refused: RefusalCode; alarm: condition (protocol/SPEC.md section 9)' })),
  },
  exact,
);
const UnitSchema = Type.Object(
  {
    device: DeviceId, connected: Flag, ours: Type.Boolean({ description: 'A permit of this application is in use; what the unit is at is told only then' }), busy: Type.Boolean({ description: 'In use by another permit' }),
    state: Nullable(Type.String()), lidClosed: Flag, paper: Flag, diePresent: Flag,
  },
  { ...exact, description: 'null: not told' },
);
const MessageSchema = Type.Object({ id: Type.String(), person: PersonId, at: Seconds, text: Type.String() }, exact);
/** Streams at once, of all and of one person. */
const STREAMS = { all: 200, each: 10 };

export function liveRoutes(app: App, rooms: Rooms): void {
  const { comparison, events, followers, history, store } = rooms;
  const open = new Map<number, number>();

  app.get(
    '/v1/applications/:id/live',
    {
      config: { scope: 'applications.read' },
      schema: {
        tags, summary: 'A use as it happens: the steps the unit has written so far, and how the unit is now', params,
        response: { 200: Type.Object({ steps: Type.Array(StepSchema), units: Type.Array(UnitSchema), grants: Type.Boolean({ description: 'Whether you grant its strokes' }), talks: Type.Boolean({ description: 'Whether you may say something beside it' }) }, exact) },
      },
    },
    async (request) => {
      const caller = callerOf(request);
      const found = await store.read(async (db) => {
        const application = await visible(db, caller, request.params.id, history.seconds());
        const rows = await db.selectFrom('permit').innerJoin('device', 'device.id', 'permit.device').select(['permit.id', 'permit.device', 'permit.created', 'device.bridge']).where('application', '=', application.id).execute();
        const permits = rows.map((row) => ({ ...row, created: Number(row.created) }));
        return { permits, steps: await stepsOf(db, permits), grants: application.state === 'approved' && (await grants(db, application, caller)) && application.applicant !== caller, talks: application.state === 'approved' && (await takesPart(db, application, caller)) };
      });
      const units = await Promise.all([...new Map(found.permits.map((permit) => [permit.device, permit])).values()].map(async ({ device, bridge }) => {
        // A bridge that does not answer leaves the unit untold; the steps are the desk's own.
        const state = await followers.find(({ status }) => status.name === bridge)?.state(device).catch(() => undefined);
        const ours = found.permits.some(({ id }) => id === state?.permit);
        const shown = ours ? state : undefined;
        return {
          device, connected: state?.connected ?? null, ours, busy: state !== undefined && !ours && state.state !== null && state.state !== 'IDLE',
          state: shown?.state ?? null, lidClosed: shown?.lidClosed ?? null, paper: shown?.paper ?? null, diePresent: shown?.diePresent ?? null,
        };
      }));
      return { steps: found.steps, units, grants: found.grants, talks: found.talks };
    },
  );

  app.get(
    '/v1/applications/:id/changes',
    {
      config: { scope: 'applications.read', endless: true, stream: true },
      schema: {
        tags, summary: 'Tells when something of an application has changed', description: 'Events `changed`, their data a list of `application`, `use`, `talk`, `unit`: what to read anew. What came before the stream began is not told.', params,
        response: { 200: { description: 'An endless stream', content: { 'text/event-stream': { schema: Type.String() } } } },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const caller = callerOf(request);
      await store.read((db) => visible(db, caller, id, history.seconds()));
      const mine = open.get(caller) ?? 0;
      if (mine >= STREAMS.each || [...open.values()].reduce((sum, one) => sum + one, 0) >= STREAMS.all) throw new Problem(COMMON.TOO_MANY, { retryAfter: 30 });
      open.set(caller, mine + 1);
      reply.hijack();
      try {
        await streamChanges(reply.raw, {
          application: id, events, read: (work) => store.read(work), clock: rooms.clock, until: request.principal?.until ?? Infinity,
          // Who may no longer see the application hears no more of it.
          still: async () => (await request.still()) && (await store.read((db) => visible(db, caller, id, history.seconds()).then(() => true, () => false))),
          onDevice: (call) => {
            const ends = followers.map((follower) => follower.onDevice(call));
            return () => ends.forEach((end) => end());
          },
        });
      } catch {
        reply.raw.destroy();
      } finally {
        const left = (open.get(caller) ?? 1) - 1;
        if (left > 0) open.set(caller, left);
        else open.delete(caller);
      }
    },
  );

  /** The comparison of a photo of an application that the caller may see. */
  const looked = async (caller: number, id: string, digest: string): Promise<Looked> => {
    const asked = await store.read(async (db) => {
      const application = await visible(db, caller, id, history.seconds());
      const sha256 = await photoUnder(db, await db.selectFrom('permit').select(['id', 'device']).where('application', '=', id).execute(), digest);
      if (sha256 === undefined) throw new Problem(COMMON.NOT_FOUND, `photo ${digest}`);
      return { document: application.document, sha256 };
    });
    return comparison.of(asked.document, asked.sha256);
  };
  app.get(
    '/v1/applications/:id/photos/:digest/comparison',
    {
      config: { scope: 'applications.read', errors: [DESK.NOT_COMPARED] },
      schema: { tags, summary: 'Compare a photo of an application with its approved document', description: 'Takes some seconds the first time.', params: photoParams, response: { 200: ComparisonSchema } },
    },
    async (request) => comparisonView(comparison, (await looked(callerOf(request), request.params.id, request.params.digest)).compared),
  );
  app.get(
    '/v1/applications/:id/photos/:digest/comparison/picture',
    {
      config: { scope: 'applications.read', confidential: true, errors: [DESK.NOT_COMPARED] },
      schema: {
        tags, summary: 'The page of a photo with what differs framed and numbered, in the order of the findings', description: 'Red: added; blue: missing; purple: changed.', params: photoParams,
        response: binary('image/jpeg', 'The picture'),
      },
    },
    async (request, reply) => {
      const { picture } = await looked(callerOf(request), request.params.id, request.params.digest);
      if (!picture) throw new Problem(COMMON.NOT_FOUND, 'picture');
      return reply.headers(confidential()).type('image/jpeg').send(picture);
    },
  );

  app.get(
    '/v1/applications/:id/messages',
    { config: { scope: 'applications.read' }, schema: { tags, summary: 'What was said beside a use, oldest first', params, response: { 200: Type.Object({ messages: Type.Array(MessageSchema) }) } } },
    (request) =>
      store.read(async (db) => {
        await visible(db, callerOf(request), request.params.id, history.seconds());
        return { messages: await messagesOf(db, request.params.id) };
      }),
  );
  app.post(
    '/v1/applications/:id/messages',
    {
      config: { scope: 'uses.talk', errors: [DESK.WRONG_STATE, DESK.TALK_FULL] },
      schema: {
        tags, summary: 'Say something beside a use', description: 'While the application is approved and not over: who applied, who opens it at the unit, who grants its strokes. It stands in the register.', params,
        body: Type.Object({ text: Type.String({ minLength: 1, maxLength: LONGEST_MESSAGE }) }, exact), response: { 201: MessageSchema },
      },
    },
    async (request, reply) => {
      const person = callerOf(request);
      const said = await history.commit(async (trx) => {
        const application = await visible(trx, person, request.params.id, history.seconds());
        return say(trx, history, { application, device: (await getSeal(trx, application.seal)).device, person, text: request.body.text });
      });
      return reply.code(201).send(said);
    },
  );
}
