/** Routes of electronic signatures: what there is, and what it is that is signed. Those of what is asked for anew stand beside what asks for it. */
import { Type } from 'typebox';
import type { App } from '../../common/app';
import { COMMON, Problem } from '../../common/errors';
import { hexSchema, PermitId, Sha256Hex } from '../../common/schema';
import { actOf, getApplication } from '../applications/applications';
import { photoJudged } from '../applications/photo';
import { getTopUp, topUpAct } from '../approvals/topups';
import { actOf as ceremonyAct, getCeremony } from '../custody/ceremonies';
import { sealEvents } from '../custody/seals';
import { DESK } from '../errors';
import { callerOf, maySee } from '../people/access';
import { getPerson } from '../people/people';
import { getSeal } from '../register/cards';
import { strokeContent } from '../register/signature';
import type { Rooms } from '../rooms';
import { Id, NarrowSchema } from '../schemas';
import type { Db } from '../tables';
import { OptionsSchema, SignaturesSchema } from './schemas';
import { signaturesAround, signaturesOf, type Act } from './signatures';

const tags = ['signatures'];
const exact = { additionalProperties: false } as const;
const Verdict = Type.Enum(['approved', 'refused']);

/** What is signed of a single stroke that is granted or rejected. */
export function strokeAct(o: { permit: string; photo: string; number: number; document: string }, decision: 'granted' | 'rejected'): Act {
  return { matter: 'stroke', subject: o.permit, content: strokeContent(o.permit, o.number, o.photo).toString('hex'), documents: [o.document], decision, step: o.number };
}

export function signatureRoutes(app: App, { store, signatures, history, steps }: Rooms): void {
  const params = Type.Object({ id: Id });
  const ceremony = Type.Object({ id: hexSchema(16, 'Ceremony') });
  const errors = [DESK.SIGN_IN_OFF, DESK.WRONG_STATE];
  const description = 'The answer of navigator.credentials.get() goes as `signature` with the submission, the decision or the grant itself.';
  const shown = async (db: Db, caller: number, id: string, what = `application ${id}`) => {
    const application = await getApplication(db, id);
    if (!(await maySee(db, await getPerson(db, caller), application, history.seconds()))) throw new Problem(COMMON.NOT_FOUND, what);
    return application;
  };

  app.get(
    '/v1/applications/:id/signatures',
    { config: { scope: 'applications.read' }, schema: { tags, summary: 'Electronic signatures of an application, the decisions on it, its top-ups and its single strokes (电子签名)', params, response: { 200: SignaturesSchema } } },
    (request) =>
      store.read(async (db) => {
        await shown(db, callerOf(request), request.params.id);
        return { signatures: await signaturesAround(db, request.params.id) };
      }),
  );
  app.get('/v1/ceremonies/:id/signatures', { config: { scope: 'custody.read' }, schema: { tags, summary: 'Electronic signatures of a ceremony and the decisions on it', params: ceremony, response: { 200: SignaturesSchema } } }, (request) =>
    store.read(async (db) => ({ signatures: await signaturesOf(db, { ceremony: [(await getCeremony(db, request.params.id)).id] }) })),
  );
  app.get('/v1/seals/:id/signatures', { config: { scope: 'custody.read' }, schema: { tags, summary: "Electronic signatures in a seal's life: of steps that were noted, of ceremonies, and of who approves", params, response: { 200: SignaturesSchema } } }, (request) =>
    store.read(async (db) => {
      const { id } = await getSeal(db, request.params.id);
      const events = await sealEvents(db, id);
      return { signatures: await signaturesOf(db, { card: [id], seal: events.flatMap(({ detail }) => detail.act ?? []), ceremony: events.flatMap((event) => event.ceremony ?? []) }) };
    }),
  );

  app.post(
    '/v1/applications/:id/signatures/options',
    {
      config: { scope: 'applications.read', errors },
      schema: { tags, summary: 'Begin a signature: of my draft, or of what I decide on the step that is due', description, params, body: Type.Object({ decision: Type.Enum(['applied', 'approved', 'refused']), narrow: Type.Optional(NarrowSchema) }, exact), response: { 200: OptionsSchema } },
    },
    (request) =>
      store.read(async (db) => {
        const { decision, narrow } = request.body;
        const caller = callerOf(request);
        const application = await shown(db, caller, request.params.id);
        if (application.state !== (decision === 'applied' ? 'draft' : 'submitted')) throw new Problem(DESK.WRONG_STATE, application.state);
        return signatures.options(db, actOf(application, decision, application.step, decision === 'approved' ? narrow : undefined), caller);
      }),
  );
  app.post(
    '/v1/ceremonies/:id/signatures/options',
    { config: { scope: 'custody.decide', errors }, schema: { tags, summary: 'Begin the signature of what I decide on a ceremony', description, params: ceremony, body: Type.Object({ decision: Verdict }, exact), response: { 200: OptionsSchema } } },
    (request) =>
      store.read(async (db) => {
        const one = await getCeremony(db, request.params.id);
        if (one.state !== 'asked') throw new Problem(DESK.WRONG_STATE, one.state);
        return signatures.options(db, ceremonyAct(one, request.body.decision), callerOf(request));
      }),
  );
  app.post(
    '/v1/top-ups/:id/signatures/options',
    {
      config: { scope: 'applications.decide', errors },
      schema: { tags, summary: 'Begin the signature of what I decide on more strokes', description, params, body: Type.Object({ decision: Verdict, count: Type.Optional(Type.Integer({ minimum: 1, maximum: 65_535 })) }, exact), response: { 200: OptionsSchema } },
    },
    (request) =>
      store.read(async (db) => {
        const caller = callerOf(request);
        const one = await getTopUp(db, request.params.id);
        await shown(db, caller, one.application, `top-up ${one.id}`);
        if (one.state !== 'submitted') throw new Problem(DESK.WRONG_STATE, one.state);
        return signatures.options(db, topUpAct(one, request.body.decision, request.body.count), caller);
      }),
  );
  app.post(
    '/v1/permits/:id/signatures/options',
    {
      config: { scope: 'uses.grant', errors: [...errors, DESK.WRONG_NUMBER] },
      schema: {
        tags, summary: 'Begin the signature of a single stroke that I grant or reject', description, params: Type.Object({ id: PermitId }),
        body: Type.Object({ decision: Type.Enum(['granted', 'rejected']), photo: Sha256Hex, number: Type.Integer({ minimum: 0, maximum: 4_294_967_294 }) }, exact), response: { 200: OptionsSchema },
      },
    },
    (request) =>
      store.read(async (db) => {
        const { decision, photo, number } = request.body;
        const caller = callerOf(request);
        const { application } = await photoJudged(db, steps, { permit: request.params.id, photo, number, caller });
        return signatures.options(db, strokeAct({ permit: request.params.id, photo, number, document: application.document }, decision), caller);
      }),
  );
}
