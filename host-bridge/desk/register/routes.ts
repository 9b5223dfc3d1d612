/** Routes of the register: uses, entries, records, photos, checkpoints and proofs. */
import { Type } from 'typebox';
import type { App } from '../../common/app';
import { COMMON, Problem } from '../../common/errors';
import { DeviceId, Sha256Hex } from '../../common/schema';
import type { Rooms } from '../rooms';
import { binary, confidential, EntrySchema, Id, RecordSchema, Search, Seconds, UseSchema } from '../schemas';
import { leafHash } from './merkle';
import { kindName } from './records';
import { makeCheckpoint, proveConsistency, proveInclusion, readEntries, registerRoot, registerSize } from './register';
import { impressionGrades } from '../impressions/judged';
import { listUses } from './uses';

const tags = ['register'];
const exact = { additionalProperties: false } as const;
const Count = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });
const Limit = Type.Optional(Type.Integer({ minimum: 1, maximum: 1000 }));
const Proof = Type.Object({ size: Type.Integer(), path: Type.Array(Sha256Hex) });

export function registerRoutes(app: App, rooms: Rooms): void {
  const { store, history, authority, photoBlobs } = rooms;
  const read = { scope: 'register.read' };
  const proofs = { scope: 'proofs.read' };
  app.get(
    '/v1/register/uses',
    {
      config: read,
      schema: {
        tags, summary: 'Register of uses, newest first',
        querystring: Type.Object({ search: Search, application: Type.Optional(Id), device: Type.Optional(DeviceId), seal: Type.Optional(Id), result: Type.Optional(UseSchema.properties.result), grade: Type.Optional(Type.Enum(impressionGrades, { description: 'Of the impression in the photo after the stroke' })), intent: Type.Optional(Type.Unsafe<number>({ ...Count, description: 'With device: this stroke alone' })), from: Type.Optional(Seconds), until: Type.Optional(Seconds), offset: Type.Optional(Count), limit: Limit }, exact),
        response: { 200: Type.Object({ uses: Type.Array(UseSchema) }) },
      },
    },
    async (request) => ({ uses: await store.read((db) => listUses(db, { ...request.query, offset: request.query.offset ?? 0, limit: request.query.limit ?? 100 })) }),
  );
  app.get(
    '/v1/register/entries',
    {
      config: read,
      schema: {
        tags, summary: 'Entries in order', querystring: Type.Object({ from: Type.Optional(Count), limit: Limit, search: Search }, exact),
        response: { 200: Type.Object({ size: Type.Integer(), entries: Type.Array(EntrySchema) }) },
      },
    },
    (request) =>
      store.read(async (db) => {
        const entries = await readEntries(db, request.query.from ?? 0, request.query.limit ?? 100, request.query.search);
        return {
          size: await registerSize(db),
          entries: entries.map((e) => ({ number: e.number, kind: e.kind, at: e.at, body: e.body.toString('base64'), leaf: leafHash(e.body).toString('hex') })),
        };
      }),
  );
  app.get(
    '/v1/register/records/:device',
    {
      config: read,
      schema: {
        tags, summary: 'Verified records of a device in order', params: Type.Object({ device: DeviceId }),
        querystring: Type.Object({ from: Type.Optional(Count), limit: Limit }, exact),
        response: { 200: Type.Object({ records: Type.Array(RecordSchema), next: Type.Integer({ description: 'Sequence number of the record expected next' }) }) },
      },
    },
    (request) =>
      store.read(async (db) => {
        const chain = await db.selectFrom('chain').select('next_seq').where('device', '=', request.params.device).executeTakeFirst();
        if (!chain) throw new Problem(COMMON.NOT_FOUND, `device ${request.params.device}`);
        const rows = await db
          .selectFrom('record')
          .selectAll()
          .where('device', '=', request.params.device)
          .where('seq', '>=', request.query.from ?? 0)
          .orderBy('seq')
          .limit(request.query.limit ?? 100)
          .execute();
        const records = rows.map((row) => ({
          device: row.device, seq: Number(row.seq), kind: kindName(Number(row.kind)), time: row.device_time === null ? null : Number(row.device_time),
          sha256: row.sha256, bytes: row.bytes, entry: Number(row.entry),
        }));
        return { records, next: Number(chain.next_seq) };
      }),
  );
  app.get(
    '/v1/photos/:digest',
    {
      config: { ...read, confidential: true },
      schema: {
        tags, summary: 'A photo by the digest its record names', params: Type.Object({ digest: Sha256Hex }),
        response: binary('image/jpeg', 'The photo'),
      },
    },
    async (request, reply) => {
      const row = await store.read((db) => db.selectFrom('photo').select('sha256').where('digest', '=', request.params.digest).where('state', '=', 'stored').executeTakeFirst());
      const data = row?.sha256 ? await photoBlobs.get(row.sha256) : undefined;
      if (!data) throw new Problem(COMMON.NOT_FOUND, `photo ${request.params.digest}`);
      return reply.headers(confidential()).type('image/jpeg').send(data);
    },
  );
  app.get(
    '/v1/checkpoint',
    { config: proofs, schema: { tags, summary: 'Signed checkpoint of everything so far (C2SP tlog-checkpoint)', response: { 200: { description: 'A signed note', content: { 'text/plain': { schema: Type.String() } } } } } },
    async (_request, reply) => {
      const { note } = await store.commit((trx) => makeCheckpoint(trx, authority, history.seconds()));
      await rooms.mark.keep();
      return reply.type('text/plain; charset=utf-8').send(note);
    },
  );
  app.get(
    '/v1/register/key',
    { config: { scope: 'open' }, schema: { tags, summary: 'Public key of the register', response: { 200: Type.Object({ name: Type.String(), key: Type.String() }) } } },
    async () => ({ name: authority.registerName, key: authority.registerKey }),
  );
  app.get(
    '/v1/register/inclusion',
    { config: proofs, schema: { tags, summary: 'Inclusion proof (RFC 9162 §2.1.3)', querystring: Type.Object({ entry: Count, size: Type.Optional(Count) }, exact), response: { 200: Proof } } },
    (request) =>
      store.read(async (db) => {
        const size = Math.min(request.query.size ?? Number.MAX_SAFE_INTEGER, await registerSize(db));
        if (request.query.entry >= size) throw new Problem(COMMON.NOT_FOUND, `entry ${request.query.entry}`);
        return { size, path: (await proveInclusion(db, request.query.entry, size)).map((hash) => hash.toString('hex')) };
      }),
  );
  app.get(
    '/v1/register/consistency',
    {
      config: proofs,
      schema: {
        tags, summary: 'Consistency proof between two sizes (RFC 9162 §2.1.4)', querystring: Type.Object({ first: Count, second: Type.Optional(Count) }, exact),
        response: { 200: Type.Object({ ...Proof.properties, root: Sha256Hex }) },
      },
    },
    (request) =>
      store.read(async (db) => {
        const size = Math.min(request.query.second ?? Number.MAX_SAFE_INTEGER, await registerSize(db));
        if (request.query.first < 1 || request.query.first > size) throw new Problem(COMMON.NOT_FOUND, `size ${request.query.first}`);
        const path = (await proveConsistency(db, request.query.first, size)).map((hash) => hash.toString('hex'));
        return { size, path, root: (await registerRoot(db, size)).toString('hex') };
      }),
  );
}
