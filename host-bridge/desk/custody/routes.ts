/** Routes of custody: what is done at a device before persons, and a seal's life. */
import { Type, type Static } from 'typebox';
import type { App } from '../../common/app';
import { DeviceId, hexSchema, Sha256Hex } from '../../common/schema';
import { Fence } from '../authority/place';
import { DESK } from '../errors';
import { callerOf, checkKeeper } from '../people/access';
import type { Rooms } from '../rooms';
import { CardChange, GivenSchema, Id, Needs, Nullable, PersonId, Reason, SealSchema, Seconds } from '../schemas';
import { ACTIONS, sealStates, type ActionName } from './actions';
import { ceremonyStates, getCeremony, listCeremonies, LONGEST, type Ceremony } from './ceremonies';
import { LONGEST_DEPUTY, sealEvents } from './seals';

const tags = ['custody'];
const exact = { additionalProperties: false } as const;
const CeremonyId = hexSchema(16, 'Ceremony');
const params = Type.Object({ id: CeremonyId });

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
const activation = {
  unit: Type.String({ minLength: 1, maxLength: 200, description: 'Who issued the seal' }), scope: Type.String({ minLength: 1, maxLength: 1000, description: 'What it is used for' }),
  from: Type.Unsafe<number>({ ...Seconds, description: 'From when it is used; now where not said' }),
};
const EventSchema = Type.Object(
  {
    entry: Type.Integer(), at: Seconds, what: Type.String(), state: Type.Enum(sealStates), custodian: PersonId, by: Type.Integer(), present: Type.Array(PersonId),
    ceremony: Nullable(Type.String()), reason: Nullable(Type.String()), detail: Type.Partial(Type.Object({ ...activation, was: Type.String(), person: PersonId, until: Seconds })),
  },
  exact,
);

export function custodyRoutes(app: App, rooms: Rooms): void {
  const { store, ceremonies, seals, history } = rooms;
  app.post(
    '/v1/devices/:id/ceremonies',
    {
      config: { scope: 'custody.order' },
      schema: { tags, summary: 'Ask for something to be done at a device before persons', params: Type.Object({ id: DeviceId }), body: Type.Object(order, exact), response: { 201: CeremonySchema } },
    },
    async (request, reply) => {
      await store.read((db) => checkKeeper(db, callerOf(request), request.params.id, history.seconds()));
      const asked = await ceremonies.ask(request.params.id, request.body, callerOf(request));
      rooms.nudge();
      return reply.code(201).send(asked);
    },
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
        config: { scope: 'custody.decide' },
        schema: { tags, summary, params, body: Type.Object({ content: Sha256Hex, reason: Type.Optional(Reason) }, exact), response: { 200: CeremonySchema } },
      },
      async (request) => {
        const decided = await ceremonies.decide(request.params.id, callerOf(request), verdict, request.body.content, request.body.reason);
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
  const id = Type.Object({ id: Id });
  app.post(
    '/v1/seals/:id/activate',
    {
      config: { scope: 'cards.manage' },
      schema: { tags, summary: 'Put a seal into use (启用), with what its notice says', params: id, body: Type.Object({ reason: Reason, ...activation, from: Type.Optional(activation.from) }, exact), response: { 200: SealSchema } },
    },
    (request) => {
      const { reason, ...detail } = request.body;
      return seals.step(request.params.id, 'activate', callerOf(request), reason, detail);
    },
  );
  app.post(
    '/v1/seals/:id/engrave',
    {
      config: { scope: 'cards.manage' },
      schema: {
        tags, summary: 'Note that the engraving of a seal was approved (刻制)', params: id,
        body: Type.Object({ reason: Reason, unit: Type.String({ minLength: 1, maxLength: 200, description: 'Who approved it' }), scope: Type.Optional(Type.String({ minLength: 1, maxLength: 1000, description: 'Number of the approval, and what was approved' })), from: Type.Unsafe<number>({ ...Seconds, description: 'When it was approved' }) }, exact),
        response: { 200: SealSchema },
      },
    },
    (request) => {
      const { reason, ...detail } = request.body;
      return seals.step(request.params.id, 'engrave', callerOf(request), reason, detail);
    },
  );
  app.post(
    '/v1/seals/:id/change',
    {
      config: { scope: 'cards.manage', errors: [DESK.WRONG_STATE] },
      schema: { tags, summary: 'Change the card of a seal that is not in use (变更)', params: id, body: Type.Object({ reason: Reason, card: Type.Unsafe<Static<typeof CardChange>>({ ...CardChange, ...exact, minProperties: 1 }) }, exact), response: { 200: SealSchema } },
    },
    (request) => seals.change(request.params.id, request.body.card, callerOf(request), request.body.reason),
  );
  app.put(
    '/v1/seals/:id/deputy',
    {
      config: { scope: 'cards.manage', errors: [DESK.WINDOW, DESK.WRONG_STATE] },
      schema: {
        tags, summary: "Name who keeps a seal in the keeper's place for a time (代管), or nobody any more", params: id,
        body: Type.Object({ reason: Reason, deputy: Type.Union([Type.Object({ person: PersonId, until: Type.Unsafe<number>({ ...Seconds, description: `At most ${LONGEST_DEPUTY / 86_400} days from now` }) }, exact), Type.Null()]) }, exact), response: { 200: SealSchema },
      },
    },
    (request) => seals.depute(request.params.id, request.body.deputy, callerOf(request), request.body.reason),
  );
  for (const [step, summary] of [['archive', 'Put a seal away (封存)'], ['destroy', 'Note that a seal was destroyed that is in no unit (销毁)']] as const) {
    app.post(
      `/v1/seals/:id/${step}`,
      { config: { scope: 'cards.manage' }, schema: { tags, summary, params: id, body: Type.Object({ reason: Reason }, exact), response: { 200: SealSchema } } },
      (request) => seals.step(request.params.id, step, callerOf(request), request.body.reason),
    );
  }
}
