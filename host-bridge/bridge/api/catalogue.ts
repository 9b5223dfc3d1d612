/** The catalogue of errors, and the audit. */
import { Type } from 'typebox';
import type { App } from '../../common/app';
import { COMMON, type Fault } from '../../common/errors';
import { BRIDGE } from '../faults';
import { Next, nextOf, pageOf, type ApiContext } from './context';

const FaultView = Type.Object(
  { code: Type.String({ examples: ['DEVICE_OFFLINE'] }), status: Type.Integer({ minimum: 400, maximum: 599 }), title: Type.Object({ zh: Type.String(), en: Type.String() }) },
  { $id: 'ErrorCode' },
);

const AuditView = Type.Object(
  {
    id: Type.Integer({ minimum: 1 }),
    at: Type.Integer({ minimum: 0, description: 'Unix milliseconds' }),
    who: Type.String({ description: 'Token, person or certificate by name; empty: nobody was known' }),
    how: Type.String({ description: 'token, person, certificate, or empty' }),
    method: Type.String(),
    path: Type.String({ description: 'Without its query' }),
    status: Type.Integer(),
    code: Type.String({ description: 'Code of the error; empty: none' }),
    address: Type.String({ description: 'IP address of the caller' }),
  },
  { $id: 'AuditEntry' },
);

/** Every error this API may answer, by code. */
export const CATALOGUE: readonly Fault[] = [...Object.values(COMMON), ...Object.values(BRIDGE)].sort((a, b) => (a.code < b.code ? -1 : 1));

export function catalogueRoutes(app: App, context: ApiContext): void {
  app.get(
    '/v1/errors',
    { config: { scope: 'open' }, schema: { operationId: 'listErrors', tags: ['process'], summary: 'Every code of an error, with its status and its words', response: { 200: Type.Object({ errors: Type.Array(FaultView) }) } } },
    () => ({ errors: CATALOGUE.map(({ code, status, title }) => ({ code, status, title })) }),
  );

  app.get(
    '/v1/audit',
    {
      config: { scope: 'admin' },
      schema: {
        operationId: 'listAudit', tags: ['process'], summary: 'Every call, oldest first', description: 'A call that may have changed something stands here before it is answered, one that only looked within a second.',
        querystring: pageOf(1000, 100, 'The `next` of the page before'), response: { 200: Type.Object({ calls: Type.Array(AuditView), next: Next }) },
      },
    },
    async (request) => {
      const { after, limit } = request.query;
      const calls = await context.audit.after(after, limit);
      return { calls, ...nextOf(calls, limit, calls.at(-1)?.id) };
    },
  );
}
