/** Routes of delegation. */
import { Type } from 'typebox';
import type { App } from '../../common/app';
import { callerOf, seesAll } from '../people/access';
import { getPerson } from '../people/people';
import type { Rooms } from '../rooms';
import { Id, PersonId, Reason, Seconds } from '../schemas';
import { listDelegations } from './delegations';

const tags = ['delegations'];
const exact = { additionalProperties: false } as const;
const DelegationSchema = Type.Object(
  {
    id: Id, giver: PersonId, delegate: PersonId, from: Seconds, until: Seconds, reason: Type.String(), created: Seconds,
    ended: Type.Union([Seconds, Type.Null()], { description: 'When the giver ended it before its time' }),
  },
  exact,
);

export function delegationRoutes(app: App, rooms: Rooms): void {
  const { store, delegations } = rooms;
  const decide = { scope: 'applications.decide' } as const;
  app.post(
    '/v1/delegations',
    {
      config: decide,
      schema: {
        tags, summary: 'Have another approver decide in my place for a set time (委托审批)',
        body: Type.Object({ delegate: PersonId, from: Type.Optional(Seconds), until: Type.Unsafe<number>({ ...Seconds, description: 'Unix seconds; at most 92 days after it begins' }), reason: Reason }, exact),
        response: { 201: DelegationSchema },
      },
    },
    async (request, reply) => reply.code(201).send(await delegations.give(callerOf(request), request.body)),
  );
  app.get(
    '/v1/delegations',
    { config: { scope: 'applications.read' }, schema: { tags, summary: 'Delegations given or taken over by me; all of them for those who check', response: { 200: Type.Object({ delegations: Type.Array(DelegationSchema) }) } } },
    (request) =>
      store.read(async (db) => {
        const me = await getPerson(db, callerOf(request));
        return { delegations: await listDelegations(db, seesAll(me) ? undefined : me.id) };
      }),
  );
  app.post('/v1/delegations/:id/end', { config: decide, schema: { tags, summary: 'End a delegation that I gave', params: Type.Object({ id: Id }), response: { 200: DelegationSchema } } }, (request) =>
    delegations.end(request.params.id, callerOf(request)),
  );
}
