/** Routes of the organisation, of where in it a person is, and of what administrators see and do about how people sign in. */
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { App } from '../../common/app';
import { COMMON, Problem } from '../../common/errors';
import { DESK } from '../errors';
import { enrolmentsOfPerson } from '../register/cards';
import type { Rooms } from '../rooms';
import { DepartmentId, DepartmentSchema, EnrolmentSchema, Id, NewDepartment, PersonId, PersonSchema, ProfileSchema, Seconds } from '../schemas';
import { callerOf } from './access';
import { INVITATION } from './invitations';
import { PasskeySchema, SessionSchema } from './me-routes';
import { headOf, leaderOf, listDepartments } from './organisation';
import { listPasskeys } from './passkeys';
import { getPerson } from './people';
import { configured } from './sign-in';

const exact = { additionalProperties: false } as const;
const person = Type.Object({ id: PersonId });
const department = Type.Object({ id: DepartmentId });
const manage = { scope: 'people.manage', errors: [COMMON.NOT_FOUND] };
const orNobody = Type.Union([PersonId, Type.Null()]);

/** Throws NOT_FOUND for who asks about somebody else and may not read of people: guessing numbers tells nothing. */
function checkSelf(request: FastifyRequest, id: number): void {
  if (id !== callerOf(request) && request.principal?.scopes.includes('people.read') !== true) throw new Problem(COMMON.NOT_FOUND, `person ${id}`);
}

export function organisationRoutes(app: App, rooms: Rooms): void {
  departmentRoutes(app, rooms);
  personRoutes(app, rooms);
  signInAdministration(app, rooms);
}

function departmentRoutes(app: App, { store, organisation }: Rooms): void {
  const tags = ['organisation'];
  app.get('/v1/departments', { config: { scope: 'organisation.read' }, schema: { tags, summary: 'Departments', response: { 200: Type.Object({ departments: Type.Array(DepartmentSchema) }) } } }, async () => ({
    departments: await store.read(listDepartments),
  }));
  app.post(
    '/v1/departments',
    { config: { scope: 'organisation.manage', errors: [COMMON.NOT_FOUND] }, schema: { tags, summary: 'Add a department', body: NewDepartment, response: { 201: DepartmentSchema } } },
    async (request, reply) => reply.code(201).send(await organisation.add(request.body, callerOf(request))),
  );
  app.put(
    '/v1/departments/:id',
    {
      config: { scope: 'organisation.manage', errors: [COMMON.NOT_FOUND, DESK.DEPARTMENT_CIRCLE] },
      schema: { tags, summary: 'Change a department', params: department, body: NewDepartment, response: { 200: DepartmentSchema } },
    },
    (request) => organisation.change(request.params.id, request.body, callerOf(request)),
  );
  app.delete(
    '/v1/departments/:id',
    {
      config: { scope: 'organisation.manage', errors: [COMMON.NOT_FOUND, DESK.DEPARTMENT_IN_USE] },
      schema: { tags, summary: 'Remove a department in which nobody and nothing is', params: department, response: { 200: DepartmentSchema } },
    },
    (request) => organisation.remove(request.params.id, callerOf(request)),
  );
}

function personRoutes(app: App, { store, people }: Rooms): void {
  const tags = ['people'];
  app.get('/v1/people/:id', { config: { scope: 'people.read', errors: [COMMON.NOT_FOUND] }, schema: { tags, summary: 'A person', params: person, response: { 200: PersonSchema } } }, (request) =>
    store.read((db) => getPerson(db, request.params.id)),
  );
  app.put(
    '/v1/people/:id',
    { config: { scope: 'people.manage', errors: [COMMON.NOT_FOUND, COMMON.CONFLICT] }, schema: { tags, summary: 'Change name, login, department and title', params: person, body: ProfileSchema, response: { 200: PersonSchema } } },
    (request) => people.setProfile(request.params.id, request.body, callerOf(request)),
  );
  app.get(
    '/v1/people/:id/superiors',
    {
      config: { scope: 'self.read', errors: [COMMON.NOT_FOUND] },
      schema: { tags, summary: 'Who heads the department of a person, and who of the leadership is responsible for it', params: person, response: { 200: Type.Object({ head: orNobody, leader: orNobody }, exact) } },
    },
    async (request) => {
      checkSelf(request, request.params.id);
      return store.read(async (db) => ({ head: (await headOf(db, request.params.id)) ?? null, leader: (await leaderOf(db, request.params.id)) ?? null }));
    },
  );
  app.get(
    '/v1/people/:id/enrolments',
    { config: { scope: 'self.read', errors: [COMMON.NOT_FOUND] }, schema: { tags, summary: 'On which devices a person is enrolled, by finger or passcode', params: person, response: { 200: Type.Object({ enrolments: Type.Array(EnrolmentSchema) }) } } },
    async (request) => {
      checkSelf(request, request.params.id);
      return {
        enrolments: await store.read(async (db) => {
          await getPerson(db, request.params.id);
          return enrolmentsOfPerson(db, request.params.id);
        }),
      };
    },
  );
}

function signInAdministration(app: App, rooms: Rooms): void {
  const tags = ['sign-in'];
  const { store } = rooms;
  const signIn = () => configured(rooms.signIn);
  app.post(
    '/v1/people/:id/invitation',
    {
      config: { ...manage, errors: [COMMON.NOT_FOUND, DESK.SIGN_IN_OFF] },
      schema: {
        tags, summary: 'Invite a person to set a passkey or a password; an earlier invitation ends', params: person,
        body: Type.Object({ hours: Type.Optional(Type.Integer({ minimum: 1, maximum: INVITATION.most, description: `${INVITATION.usual} where not given` })) }, exact),
        response: { 201: Type.Object({ token: Type.String({ description: 'Shown once' }), until: Seconds }, exact) },
      },
    },
    async (request, reply) => {
      const made = await signIn().invitations.make(request.params.id, request.body.hours ?? INVITATION.usual, callerOf(request));
      return reply.header('cache-control', 'no-store').code(201).send(made);
    },
  );
  app.delete(
    '/v1/people/:id/invitation',
    { config: { ...manage, errors: [COMMON.NOT_FOUND, DESK.SIGN_IN_OFF] }, schema: { tags, summary: 'Take an invitation back', params: person, response: { 200: Type.Object({ withdrawn: Type.Boolean() }, exact) } } },
    async (request) => ({ withdrawn: await signIn().invitations.withdraw(request.params.id, callerOf(request)) }),
  );
  app.get(
    '/v1/people/:id/sign-in',
    {
      config: { scope: 'people.read', errors: [COMMON.NOT_FOUND, DESK.SIGN_IN_OFF] },
      schema: { tags, summary: 'How a person signs in, and their open sessions', params: person, response: { 200: Type.Object({ passkeys: Type.Array(PasskeySchema), password: Type.Boolean(), sessions: Type.Array(SessionSchema) }, exact) } },
    },
    (request) =>
      store.read(async (db) => {
        const { id } = await getPerson(db, request.params.id);
        const password = await db.selectFrom('password').select('person').where('person', '=', id).executeTakeFirst();
        return { passkeys: await listPasskeys(db, id), password: password !== undefined, sessions: (await signIn().sessions.list(db, id)) as never };
      }),
  );
  app.delete(
    '/v1/people/:id/passkeys/:passkey',
    {
      config: { ...manage, errors: [COMMON.NOT_FOUND, DESK.SIGN_IN_OFF] },
      schema: { tags, summary: 'Remove a passkey of a person', params: Type.Object({ id: PersonId, passkey: Id }), response: { 200: Type.Object({ removed: Id }) } },
    },
    async (request) => {
      await signIn().passkeys.remove(request.params.id, request.params.passkey, callerOf(request));
      return { removed: request.params.passkey };
    },
  );
  app.delete(
    '/v1/people/:id/password',
    { config: { ...manage, errors: [COMMON.NOT_FOUND, DESK.SIGN_IN_OFF] }, schema: { tags, summary: 'Remove password, authenticator and recovery codes of a person', params: person, response: { 200: Type.Object({ removed: Type.Boolean() }, exact) } } },
    async (request) => ({ removed: await configured(signIn().passwords).remove(request.params.id, callerOf(request)) }),
  );
  app.delete(
    '/v1/people/:id/sessions',
    { config: { ...manage, errors: [COMMON.NOT_FOUND, DESK.SIGN_IN_OFF] }, schema: { tags, summary: 'End every session of a person', params: person, response: { 200: Type.Object({ ended: Type.Integer() }, exact) } } },
    async (request) => ({ ended: await signIn().sessions.endAll(request.params.id, callerOf(request)) }),
  );
}
