/** Routes of outside authorities: where their messages come in, and where a program of the company says which approval is for what. */
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { App } from '../../common/app';
import { COMMON } from '../../common/errors';
import { Sha256Hex } from '../../common/schema';
import { DESK } from '../errors';
import { callerOf } from '../people/access';
import type { Rooms } from '../rooms';
import { Id, Seconds } from '../schemas';
import { LONGEST, type Incoming } from './event';

const tags = ['outside'];
const exact = { additionalProperties: false } as const;
const Name = Type.String({ minLength: 1, maxLength: 64, pattern: '^[a-z0-9-]+$' });
const params = Type.Object({ name: Name });
const Instance = Type.String({ minLength: 1, maxLength: 200, description: 'Of the approval there: instance_code, processInstanceId, SpNo' });
const InstanceSchema = Type.Object(
  { authority: Name, instance: Instance, application: Id, verdict: Type.Union([Type.Enum(['approved', 'refused', 'taken-back']), Type.Null()]), at: Seconds },
  exact,
);
const Text = Type.Optional(Type.String({ maxLength: 4096 }));
const query = Type.Object({ msg_signature: Text, signature: Text, timestamp: Text, nonce: Text, echostr: Text });
const answer = { 200: { description: 'As that authority wants it', content: { 'application/json': { schema: Type.Unsafe<string>({ type: 'string' }) }, 'text/plain': { schema: Type.Unsafe<string>({ type: 'string' }) } } } };

export async function outsideRoutes(app: App, rooms: Rooms): Promise<void> {
  const { outside, history } = rooms;
  const read = { scope: 'cards.read' } as const;
  app.get('/v1/outside', { config: read, schema: { tags, summary: 'Outside authorities', response: { 200: Type.Object({ authorities: Type.Array(Type.Object({ name: Name, kind: Type.Enum(['feishu', 'dingtalk', 'wecom']) })) }) } } }, () => Promise.resolve({
    authorities: outside.names,
  }));
  app.post(
    '/v1/outside/:name/instances',
    {
      config: { scope: 'outside.bind', errors: [COMMON.NOT_FOUND, COMMON.CONFLICT, DESK.CONTENT_CHANGED, DESK.WRONG_STATE] },
      schema: {
        tags, summary: 'Which approval there is for which application here', description: 'Said by the program of the company that made the approval there, never by who applies.', params,
        body: Type.Object({ instance: Instance, application: Id, content: Sha256Hex }, exact), response: { 201: InstanceSchema },
      },
    },
    async (request, reply) => {
      const bound = await outside.bind(request.params.name, request.body, callerOf(request));
      await rooms.mark.keep();
      rooms.nudge();
      return reply.code(201).send({ ...bound, application: bound.application ?? '' });
    },
  );
  // Signatures are over the bytes as they came.
  await app.register(async (inner) => {
    const scope = inner as unknown as App;
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: LONGEST }, (_request, body, done) => done(null, body));
    const take = async (request: FastifyRequest, name: string): Promise<{ type: string; body: string }> => {
      const headers = Object.fromEntries(Object.entries(request.headers).map(([key, value]) => [key, Array.isArray(value) ? value[0] : value]));
      const incoming: Incoming = { query: request.query as Incoming['query'], headers, body: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0), now: history.seconds() };
      const taken = await outside.take(name, incoming);
      await rooms.mark.keep();
      rooms.nudge();
      return taken;
    };
    const config = { scope: 'open', errors: [DESK.OUTSIDE_REFUSED, COMMON.NOT_FOUND] } as const;
    scope.post(
      '/v1/outside/:name/events',
      { config: { ...config, errors: [...config.errors] }, bodyLimit: LONGEST, schema: { tags, summary: 'A message of an outside authority, signed by it', params, querystring: query, response: answer } },
      async (request, reply) => {
        const { type, body } = await take(request, request.params.name);
        return reply.type(type).send(body);
      },
    );
    scope.get(
      '/v1/outside/:name/events',
      { config: { ...config, errors: [...config.errors] }, schema: { tags, summary: 'The check of this address, as WeCom makes it', params, querystring: query, response: answer } },
      async (request, reply) => {
        const { type, body } = await take(request, request.params.name);
        return reply.type(type).send(body);
      },
    );
  });
}
