/** Routes of the register's witnesses. */
import { Type } from 'typebox';
import type { App } from '../../common/app';
import { COMMON, Problem } from '../../common/errors';
import type { Rooms } from '../rooms';
import { Nullable, Seconds } from '../schemas';
import { newestCosigned } from './cosignatures';
import { witnessStates } from './witnesses';

const tags = ['register'];
const config = { scope: 'proofs.read' } as const;
const WitnessSchema = Type.Object(
  {
    name: Type.String(), key: Type.String({ description: 'Its public key (C2SP tlog-cosignature, Ed25519)' }), state: Type.Enum(witnessStates, { description: 'new: not asked yet; away: does not answer, is asked again; refused: does not know this register; conflict: has cosigned a history that this register does not continue' }),
    size: Nullable(Type.Integer({ description: 'Entries it cosigned last' })), time: Nullable(Type.Integer({ description: 'When, by its own clock, Unix seconds' })), since: Seconds, detail: Nullable(Type.String()),
  },
  { additionalProperties: false },
);

export function witnessRoutes(app: App, { store, witnesses }: Rooms): void {
  app.get('/v1/register/witnesses', { config, schema: { tags, summary: "Who cosigns the register's checkpoints, and how it stands with each (见证方)", response: { 200: Type.Object({ witnesses: Type.Array(WitnessSchema) }) } } }, async () => ({
    witnesses: await store.read((db) => witnesses.view(db)),
  }));
  app.get(
    '/v1/checkpoint/cosigned',
    { config, schema: { tags, summary: 'The newest checkpoint that a witness has cosigned (C2SP tlog-cosignature)', response: { 200: { description: 'A signed note with cosignatures', content: { 'text/plain': { schema: Type.String() } } } } } },
    async (_request, reply) => {
      const found = await store.read((db) => newestCosigned(db));
      if (found === undefined) throw new Problem(COMMON.NOT_FOUND, 'cosigned checkpoint');
      return reply.type('text/plain; charset=utf-8').send(found.note);
    },
  );
}
