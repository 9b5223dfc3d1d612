/** Routes of the steps in a seal's life that the desk notes, because nothing at a unit moves; each may be signed. */
import { Type, type Static, type TProperties } from 'typebox';
import type { App } from '../../common/app';
import { DESK } from '../errors';
import { callerOf } from '../people/access';
import type { Rooms } from '../rooms';
import { CardChange, Id, PersonId, Reason, SealSchema, Seconds } from '../schemas';
import { BegunSchema, SignedBody } from '../signatures/schemas';
import { LONGEST_DEPUTY, type SealStep } from './seals';

const tags = ['custody'];
const exact = { additionalProperties: false } as const;

/** What an activation says, and the line of a seal's life with it. */
export const activation = {
  unit: Type.String({ minLength: 1, maxLength: 200, description: 'Who issued the seal' }),
  scope: Type.String({ maxLength: 200, description: 'What it is used for: a category of its scope (GET /v1/scopes), or several with commas between them' }),
  terms: Type.Optional(Type.String({ minLength: 1, maxLength: 1000, description: 'What the notice says of its use besides' })),
  from: Type.Unsafe<number>({ ...Seconds, description: 'From when it is used; now where not said' }),
};

const bodies = {
  activate: { reason: Reason, ...activation, from: Type.Optional(activation.from) },
  engrave: {
    reason: Reason, unit: Type.String({ minLength: 1, maxLength: 200, description: 'Who approved it' }),
    scope: Type.Optional(Type.String({ minLength: 1, maxLength: 1000, description: 'Number of the approval, and what was approved' })), from: Type.Unsafe<number>({ ...Seconds, description: 'When it was approved' }),
  },
  change: { reason: Reason, card: Type.Unsafe<Static<typeof CardChange>>({ ...CardChange, ...exact, minProperties: 1 }) },
  deputy: { reason: Reason, deputy: Type.Union([Type.Object({ person: PersonId, until: Type.Unsafe<number>({ ...Seconds, description: `At most ${LONGEST_DEPUTY / 86_400} days from now` }) }, exact), Type.Null()]) },
  archive: { reason: Reason },
  destroy: { reason: Reason },
};

export function stepRoutes(app: App, { seals }: Rooms): void {
  const params = Type.Object({ id: Id });
  const signing = [DESK.SIGNATURE_REQUIRED, DESK.SIGNATURE_WRONG, DESK.STEP_OVER];
  const route = <P extends TProperties>(what: SealStep['what'], method: 'POST' | 'PUT', body: P, summary: string, errors: (typeof signing)[number][] = []): void => {
    app.route({
      method, url: `/v1/seals/:id/${what}`, config: { scope: 'cards.manage', errors: [...errors, ...signing] }, schema: { tags, summary, params, body: Type.Object({ ...body, signed: SignedBody }, exact), response: { 200: SealSchema } },
      handler: (request) => {
        const { signed, ...said } = request.body as Omit<SealStep, 'what'> & { signed?: Static<typeof SignedBody> };
        return seals.step((request.params as { id: string }).id, { what, ...said } as SealStep, callerOf(request), signed);
      },
    });
  };
  route('engrave', 'POST', bodies.engrave, 'Note that the engraving of a seal was approved (刻制)');
  route('activate', 'POST', bodies.activate, 'Put a seal into use (启用), with what its notice says', [DESK.SCOPE_UNKNOWN, DESK.OUT_OF_SCOPE]);
  route('change', 'POST', bodies.change, 'Change the card of a seal that is not in use (变更)', [DESK.WRONG_STATE]);
  route('deputy', 'PUT', bodies.deputy, "Name who keeps a seal in the keeper's place for a time (代管), or nobody any more", [DESK.WINDOW, DESK.WRONG_STATE]);
  route('archive', 'POST', bodies.archive, 'Put a seal away (封存)');
  route('destroy', 'POST', bodies.destroy, 'Note that a seal was destroyed that is in no unit (销毁)');
  const Step = Type.Union((Object.keys(bodies) as SealStep['what'][]).map((what) => Type.Object({ what: Type.Literal(what), ...bodies[what] }, exact)));
  app.post(
    '/v1/seals/:id/steps/options',
    {
      config: { scope: 'cards.manage', errors: [DESK.SIGN_IN_OFF] },
      schema: { tags, summary: "Begin the signature of a step in a seal's life", description: 'What is sent with it as `signed` must say the same.', params, body: Step, response: { 200: BegunSchema } },
    },
    (request) => seals.signing(request.params.id, request.body as SealStep, callerOf(request)),
  );
}
