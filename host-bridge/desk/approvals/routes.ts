/** Routes of codes for units without a network. */
import { Type } from 'typebox';
import type { App } from '../../common/app';
import { PermitId, Sha256Hex, DeviceId, hexSchema } from '../../common/schema';
import { DESK } from '../errors';
import { callerOf } from '../people/access';
import type { Rooms } from '../rooms';
import { Id, Name, PersonId, Reason } from '../schemas';
import { BegunSchema, SignedBody } from '../signatures/schemas';

const tags = ['codes'];
const exact = { additionalProperties: false } as const;
const params = Type.Object({ id: Id });
const wanted = {
  count: Type.Optional(Type.Integer({ minimum: 1, maximum: 9, description: 'Strokes; all that are granted where not said' })),
  reason: Type.Optional(Type.Unsafe<string>({ ...Reason, description: 'Why, where the application has had a code before' })),
};
const CodeSchema = Type.Object(
  {
    id: PermitId, code: Type.String(), application: Id, device: DeviceId, seal: Name, die: hexSchema(8, 'Identity of the die'), person: PersonId, name: Name,
    count: Type.Integer(), document: Sha256Hex, documentCode: Type.String(), number: Type.Integer({ description: 'Of the challenge, or serial of the trip code' }),
  },
  exact,
);
const Call = {
  challenge: Type.String({ pattern: '^[0-9]{8}$', description: 'Eight digits that stand on the display' }),
  number: Type.String({ pattern: '^[0-9]{4}-[0-9]{2}$', description: 'The number that stands below' }),
};

export function codeRoutes(app: App, rooms: Rooms): void {
  const { codes } = rooms;
  const config = { scope: 'uses.grant', errors: [DESK.SIGNATURE_REQUIRED, DESK.SIGNATURE_WRONG, DESK.STEP_OVER] };
  app.post(
    '/v1/applications/:id/answers',
    { config, schema: { tags, summary: 'Answer, by phone, the challenge of a unit without a network; the permit is taken back', params, body: Type.Object({ ...Call, ...wanted, signed: SignedBody }, exact), response: { 201: CodeSchema } } },
    async (request, reply) => {
      const { challenge, number, ...order } = request.body;
      const given = await codes.give({ application: request.params.id, ...order, call: { challenge, number } }, callerOf(request));
      await rooms.mark.keep();
      rooms.nudge();
      return reply.code(201).send(given);
    },
  );
  app.post(
    '/v1/applications/:id/trip-codes',
    { config, schema: { tags, summary: 'Give a trip code in advance; the permit is taken back', params, body: Type.Object({ ...wanted, signed: SignedBody }, exact), response: { 201: CodeSchema } } },
    async (request, reply) => {
      const given = await codes.give({ application: request.params.id, ...request.body }, callerOf(request));
      await rooms.mark.keep();
      rooms.nudge();
      return reply.code(201).send(given);
    },
  );
  app.post(
    '/v1/applications/:id/codes/options',
    {
      config: { scope: 'uses.grant', errors: [DESK.SIGN_IN_OFF, DESK.WRONG_STATE] },
      schema: { tags, summary: 'Begin the signature of a code that I give', description: 'With a challenge and its number for an answer, without for a trip code. What is sent with it as `signed` must say the same.', params, body: Type.Object({ ...Type.Partial(Type.Object(Call)).properties, ...wanted }, exact), response: { 200: BegunSchema } },
    },
    (request) => {
      const { challenge, number, ...order } = request.body;
      return codes.signing({ application: request.params.id, ...order, ...(challenge === undefined || number === undefined ? {} : { call: { challenge, number } }) }, callerOf(request));
    },
  );
}
