/** Routes by which people sign in with a browser. Open to all; what they say of a person they say only to that person. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { App } from '../../common/app';
import { COMMON, Problem } from '../../common/errors';
import { cookieFor, cookieOf, SESSION_COOKIE } from '../../common/session';
import { DESK } from '../errors';
import type { Rooms } from '../rooms';
import { Login, PersonId, Seconds } from '../schemas';
import { AssertionSchema, Code, Password, Step } from './credential-schemas';
import { CALLBACK } from './company';
import type { Client, Opened, SessionKind } from './sessions';
import { configured } from './sign-in';
import { STEP_WITHIN } from './steps';

const tags = ['sign-in'];
const exact = { additionalProperties: false } as const;
/** Carries a sign-in to the company's provider and back. */
const FLOW_COOKIE = '__Host-smartseal-flow';
/** By which a browser is known again; it opens nothing. */
const BROWSER_COOKIE = '__Host-smartseal-browser';
/** Seconds; browsers keep no cookie longer (RFC 6265bis section 5.5). */
const BROWSER_KEPT = 400 * 86_400;
export const SignedIn = Type.Object({ person: PersonId, until: Seconds }, exact);
const Begun = Type.Object({ step: Step, options: Type.Object({}, { additionalProperties: true, description: 'For navigator.credentials' }) }, exact);
const failures = [DESK.SIGN_IN_OFF, DESK.SIGN_IN_FAILED, COMMON.CROSS_SITE, COMMON.STORE_BUSY, COMMON.STORE_FAILED, COMMON.STORE_FULL];

export const clientOf = (request: FastifyRequest): Client => ({ agent: request.headers['user-agent'] ?? '', address: request.ip, browser: cookieOf(request.headers.cookie, BROWSER_COOKIE) });

export function signInRoutes(app: App, rooms: Rooms): void {
  const signIn = () => configured(rooms.signIn);

  /** Nobody is signed in from another site as somebody whom they did not choose. */
  const checkOrigin = (request: FastifyRequest): void => {
    const { origin } = request.headers;
    if (origin !== undefined && origin !== signIn().origin) throw new Problem(COMMON.CROSS_SITE);
  };

  /** One try, whatever comes of it: it stands in the security log. */
  const tried = async (request: FastifyRequest, how: SessionKind, work: (client: Client) => Promise<Opened>): Promise<Opened> => {
    const client = clientOf(request);
    const told = (person: number | null, code: string): void => {
      request.noted = true;
      rooms.security.note({ kind: code === '' ? 'sign-in' : 'sign-in-refused', person, how, code, what: '', address: client.address });
    };
    try {
      const opened = await work(client);
      told(opened.person, '');
      return opened;
    } catch (error) {
      if (error instanceof Problem) told(client.account ?? null, error.code);
      throw error;
    }
  };

  const cookiesOf = ({ token, life, browser }: Opened): string[] => [cookieFor(SESSION_COOKIE, token, life), ...(browser === undefined ? [] : [cookieFor(BROWSER_COOKIE, browser, BROWSER_KEPT)])];
  const begun = (reply: FastifyReply, opened: Opened): { person: number; until: number } => {
    reply.header('cache-control', 'no-store').header('set-cookie', cookiesOf(opened));
    return { person: opened.person, until: Math.floor(rooms.clock.wall() / 1000) + opened.life };
  };

  app.get(
    '/v1/sign-in',
    { config: { scope: 'open' }, schema: { tags, summary: 'Which ways to sign in are configured', response: { 200: Type.Object({ passkey: Type.Boolean(), password: Type.Boolean(), company: Type.Boolean() }, exact) } } },
    async () => ({ passkey: rooms.signIn !== undefined, password: rooms.signIn?.passwords !== undefined, company: rooms.signIn?.company !== undefined }),
  );
  app.post(
    '/v1/sign-in/passkey/options',
    { config: { scope: 'open', errors: [DESK.SIGN_IN_OFF] }, schema: { tags, summary: 'Begin to sign in with a passkey', response: { 200: Begun } } },
    async (_request, reply) => {
      reply.header('cache-control', 'no-store');
      return signIn().passkeys.beginSignIn();
    },
  );
  app.post(
    '/v1/sign-in/passkey',
    { config: { scope: 'open', errors: [...failures, DESK.STEP_OVER] }, schema: { tags, summary: 'Sign in with a passkey', body: Type.Object({ step: Step, response: AssertionSchema }, exact), response: { 200: SignedIn } } },
    async (request, reply) => {
      checkOrigin(request);
      return begun(reply, await tried(request, 'passkey', (client) => signIn().passkeys.signIn(request.body.step, request.body.response as never, client)));
    },
  );
  app.post(
    '/v1/sign-in/password',
    {
      config: { scope: 'open', errors: failures },
      schema: { tags, summary: 'Sign in with password and code', body: Type.Object({ login: Login, password: Password, code: Code }, exact), response: { 200: SignedIn } },
    },
    async (request, reply) => {
      checkOrigin(request);
      const { login, password, code } = request.body;
      return begun(reply, await tried(request, 'password', (client) => configured(signIn().passwords).signIn(login, password, code, client)));
    },
  );
  app.post(
    '/v1/sign-in/invitation',
    {
      config: { scope: 'open', errors: [...failures, DESK.INVITATION_OVER] },
      schema: { tags, summary: 'Come in by an invitation, once, to set a passkey or a password', body: Type.Object({ token: Type.String({ minLength: 43, maxLength: 43 }) }, exact), response: { 200: SignedIn } },
    },
    async (request, reply) => {
      checkOrigin(request);
      return begun(reply, await tried(request, 'invitation', (client) => signIn().invitations.accept(request.body.token, client)));
    },
  );
  app.get(
    '/v1/sign-in/company',
    { config: { scope: 'open', errors: [DESK.SIGN_IN_OFF, COMMON.IDENTITY_UNREACHABLE] }, schema: { tags, summary: "Sign in by the company's own sign-on: sends the browser there", response: { 302: Type.Null() } } },
    async (_request, reply) => {
      const { url, step } = await configured(signIn().company).begin();
      // The way back begins at another site, so this one cookie goes with it; it is good for nothing else.
      return reply.header('cache-control', 'no-store').header('set-cookie', cookieFor(FLOW_COOKIE, step, STEP_WITHIN, true)).redirect(url, 302);
    },
  );
  app.get(
    CALLBACK,
    {
      config: { scope: 'open', errors: [...failures, DESK.STEP_OVER, COMMON.IDENTITY_UNREACHABLE] },
      schema: {
        tags, summary: 'Where the company\'s sign-on sends the browser back to',
        querystring: Type.Object({ state: Type.String({ maxLength: 200 }), code: Type.Optional(Type.String({ maxLength: 4000 })), error: Type.Optional(Type.String({ maxLength: 200 })) }, { additionalProperties: true }),
        response: { 303: Type.Null() },
      },
    },
    async (request, reply) => {
      const company = configured(signIn().company);
      const step = cookieOf(request.headers.cookie, FLOW_COOKIE);
      if (step === undefined) throw new Problem(DESK.STEP_OVER);
      const opened = await tried(request, 'company', (client) => company.finish(step, request.url.split('?')[1] ?? '', client));
      return reply
        .header('cache-control', 'no-store').header('set-cookie', [...cookiesOf(opened), cookieFor(FLOW_COOKIE, '', 0, true)]).redirect('/', 303);
    },
  );
}
