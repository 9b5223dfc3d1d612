/** Routes of people, devices and seals. */
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { App } from '../../common/app';
import { COMMON } from '../../common/errors';
import { DeviceId } from '../../common/schema';
import { enrolmentsOf, getDevice, getSeal, listDevices, listSeals } from '../register/cards';
import type { Rooms } from '../rooms';
import { Approvers, Needs, DeviceSchema, EnrolmentSchema, Id, Name, NewDevice, NewEnrolment, NewSeal, PersonId, PersonSchema, MeSchema, NameSchema, Reason, Role, SealSchema, Seconds } from '../schemas';
import { callerOf, checkKeeper } from './access';
import { BegunSchema, SignedBody } from '../signatures/schemas';
import { DESK } from '../errors';
import { getPerson, listPeople, TOKEN_DAYS } from './people';

const tags = ['people'];
const exact = { additionalProperties: false } as const;
const Roles = Type.Array(Role, { maxItems: 9, uniqueItems: true });
const Token = Type.String({ description: 'Shown once' });
const Until = Type.Union([Seconds, Type.Null()], { description: 'From when on it is refused; null: never' });

const signing = [DESK.SIGNATURE_REQUIRED, DESK.SIGNATURE_WRONG, DESK.STEP_OVER];
const SAME = 'What is sent with it as `signed` must say the same.';

/** Whether the caller has shown two factors (sessions.ts); an invitation shows none. */
const isStrong = (request: FastifyRequest): boolean => request.principal?.session !== undefined && request.principal.session.how !== 'invitation';

export function peopleRoutes(app: App, rooms: Rooms): void {
  const { people, store } = rooms;
  app.get('/v1/me', { config: { scope: 'self.read', usual: 401 }, schema: { tags, summary: 'Who I am, and what I may do', response: { 200: MeSchema } } }, async (request) => ({
    ...(await store.read((db) => getPerson(db, callerOf(request)))), may: [...(request.principal?.scopes ?? [])],
  }));
  app.get('/v1/directory', { config: { scope: 'self.read' }, schema: { tags, summary: 'Names of all people, for who chooses or reads one', response: { 200: Type.Object({ people: Type.Array(NameSchema) }) } } }, async () => ({
    people: (await store.read(listPeople)).map(({ id, name, department, title, roles }) => ({ id, name, ...(roles.includes('operator') ? { operator: true } : {}), ...(department === undefined ? {} : { department }), ...(title === undefined ? {} : { title }) })),
  }));
  app.get('/v1/people', { config: { scope: 'people.read' }, schema: { tags, summary: 'People', response: { 200: Type.Object({ people: Type.Array(PersonSchema) }) } } }, async () => ({
    people: await store.read(listPeople),
  }));
  app.post(
    '/v1/people',
    {
      config: { scope: 'people.manage' },
      schema: { tags, summary: 'Add a person', body: Type.Object({ name: Name, roles: Roles }, exact), response: { 201: Type.Object({ person: PersonSchema, token: Token }) } },
    },
    async (request, reply) => {
      const added = await people.add(request.body.name, request.body.roles, callerOf(request), { strong: isStrong(request) });
      return reply.code(201).send(added);
    },
  );
  app.put(
    '/v1/people/:id/roles',
    {
      config: { scope: 'people.manage', errors: [COMMON.CONFLICT] },
      schema: { tags, summary: 'Change what a person may do; the last administrator stays one', params: Type.Object({ id: PersonId }), body: Type.Object({ roles: Roles }, exact), response: { 200: PersonSchema } },
    },
    (request) => people.setRoles(request.params.id, request.body.roles, callerOf(request)),
  );
  app.post(
    '/v1/people/:id/token',
    {
      config: { scope: 'people.manage' },
      schema: {
        tags, summary: 'A new token; earlier ones stop working', description: `An administrator's does administration only where it was made in a session, and lasts ${TOKEN_DAYS.administrator} days where not said. Others last until they are renewed.`,
        params: Type.Object({ id: PersonId }), querystring: Type.Object({ days: Type.Optional(Type.Integer({ minimum: 1, maximum: TOKEN_DAYS.most, description: 'That it is good for' })) }, exact), response: { 201: Type.Object({ token: Token, until: Until }) },
      },
    },
    async (request, reply) => reply.header('cache-control', 'no-store').code(201).send(await people.renewToken(request.params.id, callerOf(request), { strong: isStrong(request), days: request.query.days })),
  );
}

export function cardRoutes(app: App, rooms: Rooms): void {
  const { cards, store, history, permits } = rooms;
  const read = { scope: 'cards.read' };
  const manage = { scope: 'cards.manage' };
  const enrolled = Type.Object({ id: DeviceId, person: PersonId });
  const approvers = { approvers: Approvers, needs: Type.Optional(Needs) };
  const device = Type.Object({ id: DeviceId });
  app.get('/v1/devices', { config: read, schema: { tags: ['cards'], summary: 'Devices', response: { 200: Type.Object({ devices: Type.Array(DeviceSchema) }) } } }, async () => ({
    devices: await store.read(listDevices),
  }));
  app.post(
    '/v1/devices',
    { config: manage, schema: { tags: ['cards'], summary: 'Register a device', body: NewDevice, response: { 201: DeviceSchema } } },
    async (request, reply) => {
      const card = await cards.addDevice(request.body, callerOf(request));
      rooms.nudge();
      return reply.code(201).send(card);
    },
  );
  app.post(
    '/v1/devices/:id/revoke',
    {
      config: { scope: 'devices.revoke' },
      schema: { tags: ['cards'], summary: 'Revoke every permit of a device', params: device, body: Type.Object({ reason: Reason }, exact), response: { 202: Type.Object({ statement: Type.String() }) } },
    },
    async (request, reply) => {
      const statement = await history.commit(async (trx) => {
        await getDevice(trx, request.params.id);
        await checkKeeper(trx, callerOf(request), request.params.id, history.seconds());
        return permits.state(trx, request.params.id, { kind: 'revoke-all' }, callerOf(request), request.body.reason);
      });
      rooms.nudge();
      return reply.code(202).send({ statement });
    },
  );
  app.get(
    '/v1/devices/:id/enrolments',
    { config: read, schema: { tags: ['cards'], summary: 'Who is enrolled on a device', params: device, response: { 200: Type.Object({ enrolments: Type.Array(EnrolmentSchema) }) } } },
    async (request) => ({ enrolments: await store.read((db) => enrolmentsOf(db, request.params.id)) }),
  );
  app.put(
    '/v1/devices/:id/enrolments/:person',
    {
      config: { ...manage, errors: signing },
      schema: { tags: ['cards'], summary: 'Note the number of a person on a device', params: enrolled, body: Type.Object({ ...NewEnrolment.properties, signed: SignedBody }, exact), response: { 200: EnrolmentSchema } },
    },
    (request) => cards.enrol({ device: request.params.id, person: request.params.person, number: request.body.number, means: request.body.means ?? 1 }, callerOf(request), request.body.signed),
  );
  app.post(
    '/v1/devices/:id/enrolments/:person/options',
    { config: { ...manage, errors: [DESK.SIGN_IN_OFF] }, schema: { tags: ['cards'], summary: 'Begin the signature of an enrolment that I note', description: SAME, params: enrolled, body: NewEnrolment, response: { 200: BegunSchema } } },
    (request) => cards.signingEnrolment({ device: request.params.id, person: request.params.person, number: request.body.number, means: request.body.means ?? 1 }, callerOf(request)),
  );
  app.get('/v1/seals', { config: read, schema: { tags: ['cards'], summary: 'Seals', response: { 200: Type.Object({ seals: Type.Array(SealSchema) }) } } }, async () => ({
    seals: await store.read(listSeals),
  }));
  app.get('/v1/seals/:id', { config: read, schema: { tags: ['cards'], summary: 'A seal', params: Type.Object({ id: Id }), response: { 200: SealSchema } } }, (request) =>
    store.read((db) => getSeal(db, request.params.id)),
  );
  app.post('/v1/seals', { config: manage, schema: { tags: ['cards'], summary: 'Register a seal', body: NewSeal, response: { 201: SealSchema } } }, async (request, reply) => {
    const seal = await cards.addSeal({ ...request.body, sample: null, state: 'received' }, callerOf(request));
    return reply.code(201).send(seal);
  });
  app.put(
    '/v1/seals/:id/approvers',
    { config: { ...manage, errors: signing }, schema: { tags: ['cards'], summary: 'Change who approves', params: Type.Object({ id: Id }), body: Type.Object({ ...approvers, signed: SignedBody }, exact), response: { 200: SealSchema } } },
    (request) => cards.setApprovers(request.params.id, request.body, callerOf(request), request.body.signed),
  );
  app.post(
    '/v1/seals/:id/approvers/options',
    { config: { ...manage, errors: [DESK.SIGN_IN_OFF] }, schema: { tags: ['cards'], summary: 'Begin the signature of who approves from now on', description: SAME, params: Type.Object({ id: Id }), body: Type.Object(approvers, exact), response: { 200: BegunSchema } } },
    (request) => cards.signingApprovers(request.params.id, request.body, callerOf(request)),
  );
}
