/** Routes of web push. */
import { Type } from 'typebox';
import type { App } from '../../common/app';
import { COMMON, Problem } from '../../common/errors';
import { DESK } from '../errors';
import { callerOf } from '../people/access';
import { clientOf } from '../people/sign-in-routes';
import type { Rooms } from '../rooms';
import { Seconds } from '../schemas';

const tags = ['push'];
const exact = { additionalProperties: false } as const;
const SubscriptionId = Type.String({ pattern: '^[0-9a-f]{24}$' });
const Base64Url = (most: number) => Type.String({ pattern: '^[A-Za-z0-9_-]+={0,2}$', maxLength: most });

export function pushRoutes(app: App, { store, push }: Rooms): void {
  // Everybody is told of their own account; of cases, who may see them (push.ts).
  const config = { scope: 'self.read' } as const;
  const on = () => {
    if (push === undefined) throw new Problem(DESK.PUSH_OFF);
    return push;
  };
  app.get(
    '/v1/push',
    {
      config,
      schema: {
        tags, summary: 'Whether messages are pushed to browsers, and to which of mine',
        response: { 200: Type.Object({ key: Type.Union([Type.String(), Type.Null()], { description: 'For PushManager.subscribe (RFC 8292); null: not configured' }), subscriptions: Type.Array(Type.Object({ id: SubscriptionId, agent: Type.String(), created: Seconds }, exact)) }, exact) },
      },
    },
    async (request) => ({ key: push?.key.public ?? null, subscriptions: push === undefined ? [] : await store.read((db) => push.list(db, callerOf(request))) }),
  );
  app.post(
    '/v1/push/subscriptions',
    {
      config: { ...config, errors: [DESK.PUSH_OFF, DESK.PUSH_ADDRESS, DESK.PUSH_KEYS] },
      schema: {
        tags, summary: 'Have pushed to this browser what happens to my account, and alarms where I may see them; of a new one I am told, and my others are',
        body: Type.Object({ endpoint: Type.String({ minLength: 1, maxLength: 1000, description: 'As PushSubscription.toJSON() has it; https, at a public address' }), keys: Type.Object({ p256dh: Base64Url(100), auth: Base64Url(40) }, exact), language: Type.Enum(['zh', 'en']) }, exact),
        response: { 201: Type.Object({ id: SubscriptionId }, exact) },
      },
    },
    async (request, reply) => {
      const { endpoint, keys, language } = request.body;
      return reply.code(201).send({ id: await on().subscribe(callerOf(request), { endpoint, ...keys, language }, clientOf(request)) });
    },
  );
  app.delete(
    '/v1/push/subscriptions/:id',
    { config: { ...config, errors: [DESK.PUSH_OFF, COMMON.NOT_FOUND] }, schema: { tags, summary: 'Push nothing more to a browser of mine; I am told, and that browser is, last of all', params: Type.Object({ id: SubscriptionId }), response: { 200: Type.Object({ removed: SubscriptionId }, exact) } } },
    async (request) => {
      const { id } = request.params;
      if (!(await on().unsubscribe(callerOf(request), id, clientOf(request)))) throw new Problem(COMMON.NOT_FOUND, `subscription ${id}`);
      return { removed: id };
    },
  );
}
