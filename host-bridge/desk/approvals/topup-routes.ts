/** Routes of what an approver grants or refuses while a permit is in use: more strokes, and a page that is not the one. */
import { Type } from 'typebox';
import type { App } from '../../common/app';
import { COMMON, Problem } from '../../common/errors';
import { PermitId, Sha256Hex } from '../../common/schema';
import { photoJudged } from '../applications/photo';
import { callerOf, maySee } from '../people/access';
import { getPerson } from '../people/people';
import { getApplication } from '../applications/applications';
import type { Rooms } from '../rooms';
import { GivenSchema, Id, Needs, PersonId, Reason, Seconds } from '../schemas';
import { DESK } from '../errors';
import { strokeAct } from '../signatures/routes';
import { BegunSchema, SignatureBody, SignedBody } from '../signatures/schemas';
import type { Db } from '../tables';
import { getTopUp, listTopUps, topUpStates, type TopUp } from './topups';

const tags = ['top-ups'];
const exact = { additionalProperties: false } as const;
const Count = Type.Integer({ minimum: 1, maximum: 65_535, description: 'Strokes from now on, in all' });
const TopUpSchema = Type.Object(
  {
    id: Id, permit: PermitId, application: Id, count: Count, reason: Type.String(), state: Type.Enum(topUpStates), content: Sha256Hex, step: Type.Integer(),
    chain: Type.Array(Type.Array(PersonId)), needs: Needs, given: GivenSchema, decided: Type.Array(PersonId, { description: 'Who has approved so far' }), created: Seconds, since: Type.Unsafe<number>({ ...Seconds, description: 'When the step that is due came to its approvers' }),
  },
  exact,
);

async function seen(db: Db, caller: number, one: TopUp, now: number): Promise<boolean> {
  return maySee(db, await getPerson(db, caller), await getApplication(db, one.application), now);
}

export function topUpRoutes(app: App, rooms: Rooms): void {
  const { store, topUps, steps, history, permits, signatures } = rooms;
  const params = Type.Object({ id: Id });
  const permit = Type.Object({ id: PermitId });
  const answer = (one: TopUp): TopUp => {
    rooms.nudge();
    return one;
  };
  app.post(
    '/v1/permits/:id/top-ups',
    {
      config: { scope: 'applications.add', errors: [DESK.SIGNATURE_REQUIRED, DESK.SIGNATURE_WRONG, DESK.STEP_OVER] },
      schema: { tags, summary: 'Ask for more strokes of a permit that is at the unit (增加次数)', params: permit, body: Type.Object({ count: Count, reason: Reason, signed: SignedBody }, exact), response: { 201: TopUpSchema } },
    },
    async (request, reply) => reply.code(201).send(await topUps.ask(request.params.id, request.body.count, request.body.reason, callerOf(request), request.body.signed)),
  );
  app.post(
    '/v1/permits/:id/top-ups/options',
    {
      config: { scope: 'applications.add', errors: [DESK.SIGN_IN_OFF] },
      schema: { tags, summary: 'Begin the signature of more strokes that I ask for', description: 'What is sent with it as `signed` must say the same.', params: permit, body: Type.Object({ count: Count, reason: Reason }, exact), response: { 200: BegunSchema } },
    },
    (request) => topUps.signing(request.params.id, request.body.count, request.body.reason, callerOf(request)),
  );
  app.get(
    '/v1/top-ups',
    {
      config: { scope: 'applications.read' },
      schema: {
        tags, summary: 'What was asked for of permits under way, newest first',
        querystring: Type.Object({ state: Type.Optional(Type.Enum(topUpStates)), mine: Type.Optional(Type.Boolean({ description: 'Those that wait for my decision' })) }, exact),
        response: { 200: Type.Object({ topUps: Type.Array(TopUpSchema) }) },
      },
    },
    (request) =>
      store.read(async (db) => {
        const me = callerOf(request);
        const { mine } = request.query;
        const shown: TopUp[] = [];
        for (const one of await listTopUps(db, mine === true ? 'submitted' : request.query.state)) {
          if ((await seen(db, me, one, history.seconds())) && (mine !== true || (await steps.waitsFor(db, one, me)))) shown.push(one);
        }
        return { topUps: shown };
      }),
  );
  for (const [path, verdict, summary] of [['approve', 'approved', 'Approve it, or fewer'], ['refuse', 'refused', 'Refuse it, with a reason']] as const) {
    app.post(
      `/v1/top-ups/:id/${path}`,
      {
        config: { scope: 'applications.decide', errors: [DESK.SIGNATURE_REQUIRED, DESK.SIGNATURE_WRONG] },
        schema: { tags, summary, params, body: Type.Object({ content: Sha256Hex, reason: Type.Optional(Reason), count: Type.Optional(Count), signature: SignatureBody }, exact), response: { 200: TopUpSchema } },
      },
      async (request) => {
        const caller = callerOf(request);
        const { id } = request.params;
        if (!(await store.read(async (db) => seen(db, caller, await getTopUp(db, id), history.seconds())))) throw new Problem(COMMON.NOT_FOUND, `top-up ${id}`);
        return answer(await topUps.decide(id, caller, verdict, { ...request.body, signature: request.body.signature as never }));
      },
    );
  }
  app.post('/v1/top-ups/:id/withdraw', { config: { scope: 'applications.add' }, schema: { tags, summary: 'Ask for it no more', params, response: { 200: TopUpSchema } } }, async (request) =>
    answer(await topUps.withdraw(request.params.id, callerOf(request))),
  );
  app.post(
    '/v1/permits/:id/reject',
    {
      config: { scope: 'uses.grant', errors: [DESK.SIGNATURE_REQUIRED, DESK.SIGNATURE_WRONG] },
      schema: {
        tags, summary: 'Reject the page in this photo: the use ends, what is left of the permit can be opened again',
        description: 'The number is the one on the display of the unit, as for a stroke that is granted.',
        params: permit, body: Type.Object({ photo: Sha256Hex, number: Type.Integer({ minimum: 0, maximum: 4_294_967_294 }), reason: Reason, signature: SignatureBody }, exact),
        response: { 202: Type.Object({ statement: Type.String(), number: Type.Integer() }) },
      },
    },
    async (request, reply) => {
      const { photo, number, reason, signature } = request.body;
      const caller = callerOf(request);
      const rejected = await history.commit(async (trx) => {
        const { device, seq, application } = await photoJudged(trx, steps, { permit: request.params.id, photo, number, caller });
        const statement = await permits.state(trx, device, { kind: 'reject', permit: request.params.id, photo, seq }, caller, reason);
        await signatures.check(trx, strokeAct({ permit: request.params.id, photo, number, document: application.document }, 'rejected'), caller, signature as never);
        return { statement, number: seq };
      });
      rooms.nudge();
      return reply.code(202).send(rejected);
    },
  );
}
