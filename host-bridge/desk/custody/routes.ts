/** Routes of custody: what is done at a device before persons, and a seal's life. */
import { Type } from 'typebox';
import type { App } from '../../common/app';
import { DeviceId, hexSchema, Sha256Hex } from '../../common/schema';
import { Fence } from '../authority/place';
import { DESK } from '../errors';
import { callerOf, checkKeeper } from '../people/access';
import type { Rooms } from '../rooms';
import { GivenSchema, Id, Needs, Nullable, PersonId, Reason, Seconds } from '../schemas';
import { BegunSchema, SignatureBody, SignedBody } from '../signatures/schemas';
import { ACTIONS, sealStates, type ActionName } from './actions';
import { ceremonyStates, getCeremony, listCeremonies, LONGEST, type Ceremony } from './ceremonies';
import { sealEvents } from './seals';
import { activation } from './step-routes';

const tags = ['custody'];
const exact = { additionalProperties: false } as const;
const CeremonyId = hexSchema(16, 'Ceremony');
const params = Type.Object({ id: CeremonyId });

const ActionSchema = Type.Object(
  {
    name: Type.Enum(Object.keys(ACTIONS) as ActionName[]), least: Type.Integer({ description: 'Persons that must be there' }), most: Type.Integer(),
    needs: Type.Array(Type.Enum(['person', 'until', 'die', 'press']), { description: 'What has to be said with it' }), takes: Type.Array(Type.Enum(['until', 'die', 'fences', 'silence']), { description: 'What may be said with it' }),
    approved: Type.Boolean({ description: 'Whether those who approve uses have to approve it as well' }),
  },
  exact,
);

const order = {
  action: Type.Enum(Object.keys(ACTIONS) as ActionName[], { description: Object.entries(ACTIONS).map(([name, { zh, en }]) => `${name}: ${en} (${zh})`).join('; ') }),
  present: Type.Array(PersonId, { maxItems: 4, description: 'Who must be there, and prove it; of a handover giver, receiver and witness in this order' }),
  person: Type.Optional(Type.Unsafe<number>({ ...PersonId, description: 'Whom it is about: to be enrolled or removed, who receives, who borrows' })),
  until: Type.Optional(Type.Unsafe<number>({ ...Seconds, description: 'Unix seconds from when on that person is nobody there, or the unit overdue' })),
  die: Type.Optional(hexSchema(8, 'Identity of the die')),
  press: Type.Optional(
    Type.Object(
      {
        dwell: Type.Integer({ minimum: 50, maximum: 2000, description: 'Milliseconds on the paper' }), duty: Type.Integer({ minimum: 30, maximum: 100, description: 'Per cent of full drive' }),
        life: Type.Integer({ minimum: 0, maximum: 65535, description: 'Strokes after which it wants ink; 0: not said' }),
      },
      exact,
    ),
  ),
  fences: Type.Optional(Type.Array(Fence, { minItems: 1, maxItems: 4, description: 'Where the unit may be' })),
  silence: Type.Optional(Type.Integer({ minimum: 60, maximum: 2_678_400, description: "Seconds without the desk's time after which the unit locks itself" })),
  lasts: Type.Optional(Type.Integer({ minimum: 60, maximum: LONGEST, description: 'Seconds from its approval on in which it may be done; a day where not said' })),
  reason: Reason,
};
const CeremonySchema = Type.Object(
  {
    id: CeremonyId, device: DeviceId, state: Type.Enum(ceremonyStates), content: Sha256Hex, step: Type.Integer(), chain: Type.Array(Type.Array(PersonId)), needs: Needs, given: GivenSchema, decided: Type.Array(PersonId, { description: 'Who has approved so far' }), asked: PersonId, created: Seconds, since: Type.Unsafe<number>({ ...Seconds, description: 'When the step that is due came to its approvers' }),
    record: Nullable(Type.Integer({ description: 'Sequence number of the record that says it was done' })), ...order,
  },
  exact,
);
const EventSchema = Type.Object(
  {
    entry: Type.Integer(), at: Seconds, what: Type.String(), state: Type.Enum(sealStates), custodian: PersonId, by: Type.Integer(), present: Type.Array(PersonId),
    ceremony: Nullable(Type.String()), reason: Nullable(Type.String()), detail: Type.Partial(Type.Object({ ...activation, scope: Type.String(), was: Type.String(), person: PersonId, until: Seconds, act: Type.String({ description: 'Under which its signature is' }) })),
  },
  exact,
);

const SAME = 'What is sent with it as `signed` must say the same.';
const signing = [DESK.SIGNATURE_REQUIRED, DESK.SIGNATURE_WRONG, DESK.STEP_OVER];

export function custodyRoutes(app: App, rooms: Rooms): void {
  const { store, ceremonies, history } = rooms;
  app.post(
    '/v1/devices/:id/ceremonies',
    {
      config: { scope: 'custody.order', errors: signing },
      schema: { tags, summary: 'Ask for something to be done at a device before persons', params: Type.Object({ id: DeviceId }), body: Type.Object({ ...order, signed: SignedBody }, exact), response: { 201: CeremonySchema } },
    },
    async (request, reply) => {
      await store.read((db) => checkKeeper(db, callerOf(request), request.params.id, history.seconds()));
      const { signed, ...wanted } = request.body;
      const asked = await ceremonies.ask(request.params.id, wanted, callerOf(request), signed);
      rooms.nudge();
      return reply.code(201).send(asked);
    },
  );
  app.post(
    '/v1/devices/:id/ceremonies/options',
    {
      config: { scope: 'custody.order', errors: [DESK.SIGN_IN_OFF] },
      schema: { tags, summary: 'Begin the signature of what I ask for at a device', description: SAME, params: Type.Object({ id: DeviceId }), body: Type.Object(order, exact), response: { 200: BegunSchema } },
    },
    async (request) => {
      await store.read((db) => checkKeeper(db, callerOf(request), request.params.id, history.seconds()));
      return ceremonies.signing(request.params.id, request.body, callerOf(request));
    },
  );
  app.get(
    '/v1/ceremonies/actions',
    { config: { scope: 'custody.read' }, schema: { tags, summary: 'What can be ordered, and what each needs', response: { 200: Type.Object({ actions: Type.Array(ActionSchema) }, exact) } } },
    () => Promise.resolve({ actions: (Object.keys(ACTIONS) as ActionName[]).map((name) => { const { persons: [least, most], needs, takes, approved } = ACTIONS[name]; return { name, least, most, needs: [...needs], takes: [...takes], approved }; }) }),
  );
  app.get(
    '/v1/ceremonies',
    {
      config: { scope: 'custody.read' },
      schema: {
        tags, summary: 'Ceremonies, newest first',
        querystring: Type.Object({ device: Type.Optional(DeviceId), state: Type.Optional(Type.Enum(ceremonyStates)), mine: Type.Optional(Type.Boolean({ description: 'Those that wait for my decision' })) }, exact),
        response: { 200: Type.Object({ ceremonies: Type.Array(CeremonySchema) }) },
      },
    },
    async (request) => {
      const { mine, ...query } = request.query;
      const me = callerOf(request);
      return store.read(async (db) => {
        const shown: Ceremony[] = [];
        for (const one of await listCeremonies(db, query)) if (mine !== true || (await ceremonies.waitsFor(db, one, me))) shown.push(one);
        return { ceremonies: shown };
      });
    },
  );
  app.get('/v1/ceremonies/:id', { config: { scope: 'custody.read' }, schema: { tags, summary: 'A ceremony', params, response: { 200: CeremonySchema } } }, (request) =>
    store.read((db) => getCeremony(db, request.params.id)),
  );
  for (const [path, verdict, summary] of [['approve', 'approved', 'Approve what was looked at'], ['refuse', 'refused', 'Refuse, with a reason']] as const) {
    app.post(
      `/v1/ceremonies/:id/${path}`,
      {
        config: { scope: 'custody.decide', errors: [DESK.SIGNATURE_REQUIRED, DESK.SIGNATURE_WRONG] },
        schema: { tags, summary, params, body: Type.Object({ content: Sha256Hex, reason: Type.Optional(Reason), signature: SignatureBody }, exact), response: { 200: CeremonySchema } },
      },
      async (request) => {
        const decided = await ceremonies.decide(request.params.id, callerOf(request), { verdict, ...request.body, signature: request.body.signature as never });
        rooms.nudge();
        return decided;
      },
    );
  }
  app.post(
    '/v1/ceremonies/:id/revoke',
    { config: { scope: 'custody.order' }, schema: { tags, summary: 'Take one back that was not done yet', params, body: Type.Object({ reason: Reason }, exact), response: { 200: CeremonySchema } } },
    async (request) => {
      const { device } = await store.read((db) => getCeremony(db, request.params.id));
      await store.read((db) => checkKeeper(db, callerOf(request), device, history.seconds()));
      const revoked = await ceremonies.revoke(request.params.id, callerOf(request), request.body.reason);
      rooms.nudge();
      return revoked;
    },
  );
  app.get(
    '/v1/seals/:id/history',
    { config: { scope: 'cards.read' }, schema: { tags, summary: "A seal's life, oldest first", params: Type.Object({ id: Id }), response: { 200: Type.Object({ events: Type.Array(EventSchema) }) } } },
    async (request) => ({ events: await store.read((db) => sealEvents(db, request.params.id)) }),
  );
}
