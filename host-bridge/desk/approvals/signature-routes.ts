/** Routes of electronic signatures. */
import { Type } from 'typebox';
import type { App } from '../../common/app';
import { COMMON, Problem } from '../../common/errors';
import { applicationContent, getApplication } from '../applications/applications';
import { DESK } from '../errors';
import { sha256 } from '../hashes';
import { callerOf, maySee } from '../people/access';
import { getPerson } from '../people/people';
import type { Rooms } from '../rooms';
import { Id, NarrowSchema, PersonId, Seconds } from '../schemas';
import { signaturesOf } from './signatures';

const tags = ['signatures'];
const exact = { additionalProperties: false } as const;
const Decision = Type.Enum(['applied', 'approved', 'refused']);
const Base64 = Type.String({ description: 'Base64' });
const SignatureSchema = Type.Object(
  {
    decision: Decision, step: Type.Integer(), person: PersonId, passkey: Id, at: Seconds, entry: Type.Integer({ description: 'Of the register, which holds the whole of it' }), form: Type.String({ description: 'Base64 of what was signed: its SHA-256 is the challenge' }),
    key: Type.String({ description: 'Base64 of the COSE key' }), authenticatorData: Base64, clientData: Base64, signature: Base64,
  },
  exact,
);

export function signatureRoutes(app: App, { store, signatures, history }: Rooms): void {
  const params = Type.Object({ id: Id });
  app.get(
    '/v1/applications/:id/signatures',
    { config: { scope: 'applications.read' }, schema: { tags, summary: 'Electronic signatures of an application and its decisions (电子签名)', params, response: { 200: Type.Object({ signatures: Type.Array(SignatureSchema) }) } } },
    (request) =>
      store.read(async (db) => {
        const { id } = request.params;
        if (!(await maySee(db, await getPerson(db, callerOf(request)), await getApplication(db, id), history.seconds()))) throw new Problem(COMMON.NOT_FOUND, `application ${id}`);
        return { signatures: await signaturesOf(db, id) };
      }),
  );
  app.post(
    '/v1/applications/:id/signatures/options',
    {
      config: { scope: 'applications.read', errors: [DESK.SIGN_IN_OFF, DESK.WRONG_STATE] },
      schema: {
        tags, summary: 'Begin a signature: of my draft, or of what I decide on the step that is due', description: 'The answer of navigator.credentials.get() goes as `signature` with the submission or the decision itself.', params,
        body: Type.Object({ decision: Decision, narrow: Type.Optional(NarrowSchema) }, exact),
        response: { 200: Type.Object({ form: Type.String({ description: 'Base64 of what is signed' }), options: Type.Object({}, { additionalProperties: true, description: 'For navigator.credentials.get' }) }, exact) },
      },
    },
    (request) =>
      store.read(async (db) => {
        const { id } = request.params;
        const { decision, narrow } = request.body;
        const caller = callerOf(request);
        const application = await getApplication(db, id);
        if (!(await maySee(db, await getPerson(db, caller), application, history.seconds()))) throw new Problem(COMMON.NOT_FOUND, `application ${id}`);
        if (application.state !== (decision === 'applied' ? 'draft' : 'submitted')) throw new Problem(DESK.WRONG_STATE, application.state);
        const content = application.content ?? sha256(applicationContent(application)).toString('hex');
        return signatures.options(db, application, content, caller, { decision, step: application.step, narrow: decision === 'approved' ? narrow : undefined });
      }),
  );
}
