/** Routes of what comes from the bridges: their state, and the cases a person has to close. */
import { Type } from 'typebox';
import type { App } from '../../common/app';
import { COMMON, Problem } from '../../common/errors';
import { DeviceId } from '../../common/schema';
import { DESK } from '../errors';
import { callerOf, checkKeeper } from '../people/access';
import type { Rooms } from '../rooms';
import { getDevice } from '../register/cards';
import { CaseId, CaseSchema, Nullable, Reason } from '../schemas';
import { clearingIsOver, closeCase, getCase, listCases } from './cases';

const tags = ['cases'];
const exact = { additionalProperties: false } as const;
const params = Type.Object({ id: CaseId });
const Count = Nullable(Type.Integer({ minimum: 0 }));
const Flag = Type.Union([Type.Boolean(), Type.Null()]);
const Word = Nullable(Type.String());
const StateSchema = Type.Object(
  {
    connected: Type.Boolean(), seen: Nullable(Type.Integer({ description: 'Last word from it, Unix milliseconds' })), firmware: Word,
    quarantined: Type.Boolean({ description: 'Nothing is taken from it until a person has looked at it' }), state: Word, service: Word, custody: Word, permit: Nullable(Type.String({ description: 'The permit in use; empty: none' })),
    time: Count, batteryMv: Count, journalFree: Count, photoFree: Count, strokesInked: Count, inkLife: Count, due: Count, nextSeq: Count, ackedSeq: Count, ceremony: Nullable(Type.Integer({ minimum: 0, description: 'Action of the ceremony that waits for its persons there (protocol/SPEC.md section 8); 0: none' })),
    usb: Flag, lidClosed: Flag, paper: Flag, diePresent: Flag, boltClosed: Flag, alarms: Type.Array(Type.Integer({ minimum: 0 }), { description: 'Conditions that lock it' }),
    place: Type.Union([Type.Object({ latitude: Type.Number(), longitude: Type.Number(), accuracy: Type.Number({ description: 'Metres' }), age: Type.Number({ description: 'Seconds' }) }, exact), Type.Null()]),
  },
  { ...exact, description: 'null: not told' },
);
const body = Type.Object({ reason: Reason }, exact);

export function caseRoutes(app: App, rooms: Rooms): void {
  const { store, history, permits, followers } = rooms;
  app.get(
    '/v1/bridges',
    {
      config: { scope: 'cases.read' },
      schema: {
        tags: ['bridges'], summary: 'Bridges that are followed',
        response: {
          200: Type.Object({
            bridges: Type.Array(Type.Object({ name: Type.String(), at: Type.Union([Type.Integer(), Type.Null()]), error: Type.Union([Type.String(), Type.Null()]) })),
          }),
        },
      },
    },
    async () => ({ bridges: followers.map((follower) => follower.status) }),
  );
  app.get(
    '/v1/devices/:id/state',
    {
      config: { scope: 'cases.read', errors: [COMMON.NOT_FOUND, DESK.NO_BRIDGE] },
      schema: { tags: ['bridges'], summary: 'How a device is now, as its bridge has it', params: Type.Object({ id: DeviceId }), response: { 200: StateSchema } },
    },
    async (request) => {
      const { id, bridge } = await store.read((db) => getDevice(db, request.params.id));
      const follower = followers.find(({ status }) => status.name === bridge);
      if (follower === undefined) throw new Problem(DESK.NO_BRIDGE, bridge);
      const state = await follower.state(id).catch((error: unknown) => {
        throw error instanceof Problem ? error : new Problem(DESK.NO_BRIDGE, { detail: bridge, cause: error });
      });
      if (state === undefined) throw new Problem(COMMON.NOT_FOUND, `device ${id} at bridge ${bridge}`);
      return state;
    },
  );
  app.get(
    '/v1/cases',
    {
      config: { scope: 'cases.read' },
      schema: { tags, summary: 'Cases, newest first', querystring: Type.Object({ open: Type.Optional(Type.Boolean()) }, exact), response: { 200: Type.Object({ cases: Type.Array(CaseSchema) }) } },
    },
    async (request) => ({ cases: await store.read((db) => listCases(db, request.query.open)) }),
  );
  app.post(
    '/v1/cases/:id/close',
    { config: { scope: 'cases.close' }, schema: { tags, summary: 'Close a case with a reason', params, body, response: { 200: CaseSchema } } },
    async (request) => {
      const closed = await history.commit(async (trx) => {
        await checkKeeper(trx, callerOf(request), (await getCase(trx, request.params.id)).device, history.seconds());
        return closeCase(trx, history, request.params.id, callerOf(request), request.body.reason);
      });
      rooms.nudge();
      return closed;
    },
  );
  app.post(
    '/v1/cases/:id/clear',
    { config: { scope: 'cases.close' }, schema: {
        tags, summary: 'Clear an alarm on the device and close its case',
        description: 'Once more where the bridge said that it was done, and no record of the device says so.', params, body, response: { 202: CaseSchema },
      },
    },
    async (request, reply) => {
      const closed = await history.commit(async (trx) => {
        const found = await getCase(trx, request.params.id);
        await checkKeeper(trx, callerOf(request), found.device, history.seconds());
        const condition = found.detail['condition'];
        if (found.kind !== 'alarm' || found.seq === null || typeof condition !== 'number') throw new Problem(DESK.WRONG_STATE, found.kind);
        if (found.closed && (await clearingIsOver(trx, found.device, condition, found.seq))) throw new Problem(DESK.WRONG_STATE, 'closed');
        await permits.state(trx, found.device, { kind: 'clear', condition, seq: found.seq }, callerOf(request), request.body.reason);
        return found.closed ? found : closeCase(trx, history, request.params.id, callerOf(request), request.body.reason);
      });
      rooms.nudge();
      return reply.code(202).send(closed);
    },
  );
}
