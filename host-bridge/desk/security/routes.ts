/** Routes of the security log, for those who check others, and of what each person is told. */
import { Type } from 'typebox';
import type { App } from '../../common/app';
import { callerOf } from '../people/access';
import type { Rooms } from '../rooms';
import { Id, Nullable, PersonId, Seconds } from '../schemas';
import { eventKinds, eventsOf } from './log';
import { noticeKinds, noticesOf, OF_EACH, seenUpTo } from './notices';

const tags = ['security'];
const exact = { additionalProperties: false } as const;
const Number_ = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });
const NoticeId = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER });
const SHOWN = 50;

export const SecurityEventSchema = Type.Object(
  {
    id: Number_, at: Seconds, until: Seconds, count: Type.Integer({ minimum: 1, description: 'How many that were alike, from `at` to `until`' }),
    kind: Type.Enum(eventKinds, { description: '`more`, and of reads `more-read`: further ones of this caller in that minute, which were only counted' }), person: Nullable(PersonId),
    how: Type.String({ description: 'By what they sign in, or how they are known' }), code: Type.String({ description: 'Code of the error; empty: none' }),
    what: Type.String({ description: 'Method and path, without its query' }), address: Type.String({ description: 'IP address' }),
  },
  exact,
);

export const NoticeSchema = Type.Object(
  {
    id: NoticeId, at: Seconds, kind: Type.Enum(noticeKinds), by: Type.Optional(PersonId), agent: Type.Optional(Type.String({ description: 'User-Agent' })), address: Type.Optional(Type.String({ description: 'IP address' })),
    name: Type.Optional(Type.String({ description: 'Of the passkey, or User-Agent of the browser that is pushed to no more' })), count: Type.Optional(Type.Integer({ description: 'Failures since the last success; strokes' })),
    application: Type.Optional(Type.Unsafe<string>({ ...Id, description: 'What I approved' })), purpose: Type.Optional(Type.String({ description: 'Its purpose' })), seen: Type.Boolean(),
  },
  exact,
);

export function securityRoutes(app: App, { store, security, history }: Rooms): void {
  app.get(
    '/v1/security-events',
    {
      config: { scope: 'security.read' },
      schema: {
        tags, summary: 'Sign-ins, refusals, limits reached and confidential content that was read, newest first',
        querystring: Type.Object({ before: Type.Optional(NoticeId), kind: Type.Optional(Type.Enum(eventKinds)), person: Type.Optional(PersonId), from: Type.Optional(Seconds), limit: Type.Integer({ minimum: 1, maximum: 500, default: 100 }) }, exact),
        response: { 200: Type.Object({ events: Type.Array(SecurityEventSchema) }, exact) },
      },
    },
    async (request, reply) => {
      await security.flush();
      const { limit, ...filter } = request.query;
      reply.header('cache-control', 'no-store');
      return { events: await store.read((db) => eventsOf(db, filter, limit)) };
    },
  );
  app.get(
    '/v1/me/notices',
    { config: { scope: 'self.read' }, schema: { tags, summary: `What happened to my account and to what I approved, the newest ${SHOWN} and of each kind the newest ${OF_EACH}`, response: { 200: Type.Object({ notices: Type.Array(NoticeSchema) }, exact) } } },
    async (request) => {
      await security.flush();
      return { notices: await store.read((db) => noticesOf(db, callerOf(request), SHOWN)) };
    },
  );
  app.post(
    '/v1/me/notices/seen',
    { config: { scope: 'self.read' }, schema: { tags, summary: 'I have seen what I was told, up to this notice', body: Type.Object({ upTo: NoticeId }, exact), response: { 200: Type.Object({ upTo: NoticeId }, exact) } } },
    async (request) => {
      await store.commit((trx) => seenUpTo(trx, callerOf(request), request.body.upTo, history.seconds()));
      return { upTo: request.body.upTo };
    },
  );
}
