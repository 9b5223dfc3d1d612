/** Routes by which a person sets by what they sign in, and sees and ends their sessions. */
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { App } from '../../common/app';
import { COMMON, Problem } from '../../common/errors';
import { cookieFor, SESSION_COOKIE } from '../../common/session';
import type { Principal } from '../../common/tokens';
import { DESK } from '../errors';
import type { Rooms } from '../rooms';
import { Id, Name, Seconds } from '../schemas';
import { callerOf } from './access';
import { AttestationSchema, Password, Step } from './credential-schemas';
import { listPasskeys } from './passkeys';
import { sessionKinds } from './sessions';
import { configured } from './sign-in';

const tags = ['sign-in'];
const exact = { additionalProperties: false } as const;
export const PasskeySchema = Type.Object({ id: Id, name: Name, created: Seconds, used: Type.Union([Seconds, Type.Null()]) }, exact);
export const SessionSchema = Type.Object(
  { id: Id, how: Type.Enum(sessionKinds), created: Seconds, seen: Seconds, until: Seconds, agent: Type.String({ description: 'User-Agent of its beginning' }), address: Type.String({ description: 'IP address of its beginning' }) },
  exact,
);
const changing = [DESK.SIGN_IN_OFF, DESK.SIGN_IN_AGAIN, DESK.TWO_FACTORS];

export function meRoutes(app: App, rooms: Rooms): void {
  const { store } = rooms;
  const signIn = () => configured(rooms.signIn);
  const whoChanges = (request: FastifyRequest): Principal => {
    const { sessions } = signIn();
    callerOf(request);
    // Else who has found a token would make two factors of the one.
    if (request.principal?.how !== 'session') throw new Problem(DESK.TWO_FACTORS);
    sessions.checkFresh(request.principal);
    return request.principal as Principal;
  };
  const enrol = { scope: 'self.enrol', errors: changing };

  app.get('/v1/me/passkeys', { config: { scope: 'self.enrol' }, schema: { tags, summary: 'My passkeys', response: { 200: Type.Object({ passkeys: Type.Array(PasskeySchema) }) } } }, async (request) => ({
    passkeys: await store.read((db) => listPasskeys(db, callerOf(request))),
  }));
  app.post(
    '/v1/me/passkeys/options',
    { config: enrol, schema: { tags, summary: 'Begin a new passkey', response: { 200: Type.Object({ step: Step, options: Type.Object({}, { additionalProperties: true, description: 'For navigator.credentials.create' }) }, exact) } } },
    (request) => signIn().passkeys.beginRegistration(Number(whoChanges(request).name)),
  );
  app.post(
    '/v1/me/passkeys',
    {
      config: { ...enrol, errors: [...changing, DESK.STEP_OVER, DESK.PASSKEY_REFUSED, COMMON.CONFLICT] },
      schema: { tags, summary: 'Keep a new passkey; my other sessions end', body: Type.Object({ step: Step, name: Name, response: AttestationSchema }, exact), response: { 201: PasskeySchema } },
    },
    async (request, reply) => {
      const { step, name, response } = request.body;
      return reply.code(201).send(await signIn().passkeys.register(whoChanges(request), step, response as never, name));
    },
  );
  app.delete(
    '/v1/me/passkeys/:id',
    { config: { scope: 'self.read', errors: [...changing, COMMON.NOT_FOUND] }, schema: { tags, summary: 'Remove a passkey of mine', params: Type.Object({ id: Id }), response: { 200: Type.Object({ removed: Id }) } } },
    async (request) => {
      const person = Number(whoChanges(request).name);
      await signIn().passkeys.remove(person, request.params.id, person);
      return { removed: request.params.id };
    },
  );
  app.get(
    '/v1/me/password',
    { config: { scope: 'self.enrol' }, schema: { tags, summary: 'Whether I have a password', response: { 200: Type.Object({ set: Type.Boolean() }, exact) } } },
    async (request) => ({ set: (await store.read((db) => db.selectFrom('password').select('person').where('person', '=', callerOf(request)).executeTakeFirst())) !== undefined }),
  );
  app.post(
    '/v1/me/password',
    {
      config: { ...enrol, errors: [...changing, DESK.PASSWORD_WEAK, DESK.NO_LOGIN, DESK.OLD_PASSWORD] },
      schema: {
        tags, summary: 'Begin to set password and authenticator', body: Type.Object({ password: Password, old: Type.Optional({ ...Password, description: 'The present one, where there is one and this is no session by invitation' }) }, exact),
        response: { 200: Type.Object({ step: Step, secret: Type.String({ description: 'Of the authenticator, base32; shown once' }), uri: Type.String({ description: 'The same as otpauth address, for a QR code' }) }, exact) },
      },
    },
    async (request, reply) => {
      const caller = whoChanges(request);
      reply.header('cache-control', 'no-store');
      return configured(signIn().passwords).begin(caller, request.body.password, request.body.old);
    },
  );
  app.post(
    '/v1/me/password/confirm',
    {
      config: { ...enrol, errors: [...changing, DESK.STEP_OVER, DESK.CODE_WRONG] },
      schema: {
        tags, summary: 'Set password and authenticator; my other sessions end', body: Type.Object({ step: Step, code: Type.String({ pattern: '^[0-9]{6}$' }) }, exact),
        response: { 201: Type.Object({ recoveryCodes: Type.Array(Type.String(), { description: 'Shown once' }) }, exact) },
      },
    },
    async (request, reply) => {
      const caller = whoChanges(request);
      const recoveryCodes = await configured(signIn().passwords).set(caller, request.body.step, request.body.code);
      return reply.header('cache-control', 'no-store').code(201).send({ recoveryCodes });
    },
  );
  app.get('/v1/me/sessions', { config: { scope: 'self.read', errors: [DESK.SIGN_IN_OFF] }, schema: { tags, summary: 'My open sessions', response: { 200: Type.Object({ current: Type.Union([Id, Type.Null()]), sessions: Type.Array(SessionSchema) }) } } }, async (request) => ({
    current: request.principal?.session?.id ?? null, sessions: (await store.read((db) => signIn().sessions.list(db, callerOf(request)))) as never,
  }));
  app.delete(
    '/v1/me/sessions/:id',
    { config: { scope: 'self.read', errors: [DESK.SIGN_IN_OFF, COMMON.NOT_FOUND] }, schema: { tags, summary: 'End a session of mine', params: Type.Object({ id: Id }), response: { 200: Type.Object({ ended: Id }) } } },
    async (request) => {
      await signIn().sessions.end(callerOf(request), request.params.id);
      return { ended: request.params.id };
    },
  );
  app.post(
    '/v1/sign-out',
    { config: { scope: 'self.enrol', errors: [DESK.SIGN_IN_OFF, COMMON.NOT_FOUND] }, schema: { tags, summary: 'End this session', response: { 200: Type.Object({ ended: Id }) } } },
    async (request, reply) => {
      const session = request.principal?.session;
      if (session === undefined) throw new Problem(COMMON.NOT_FOUND, 'this is no session');
      await signIn().sessions.end(callerOf(request), session.id);
      reply.header('set-cookie', cookieFor(SESSION_COOKIE, '', 0)).header('clear-site-data', '"cache", "storage"');
      return { ended: session.id };
    },
  );
}
