/** Routes of one unit: where it was and may be, and its maintenance. */
import { Type } from 'typebox';
import { IMAGE_MOST } from './bridge-api';
import type { App } from '../../common/app';
import { COMMON, Problem } from '../../common/errors';
import { DeviceId } from '../../common/schema';
import { Fence } from '../authority/place';
import { readForm } from '../documents/routes';
import { DESK } from '../errors';
import { callerOf } from '../people/access';
import { getPerson } from '../people/people';
import { getDevice } from '../register/cards';
import type { Rooms } from '../rooms';
import { Nullable, PersonId, Seconds } from '../schemas';
import type { BridgeApi } from './bridge-api';
import { Maintenance } from './maintain';
import { outingOf, permittedPlaces, spotsOf } from './places';

const exact = { additionalProperties: false } as const;
const params = Type.Object({ id: DeviceId });
const Spot = Type.Object({ seq: Type.Integer({ minimum: 0 }), time: Nullable(Type.Integer()), latitude: Type.Number(), longitude: Type.Number(), accuracy: Type.Number({ description: 'Metres' }) }, exact);
const Permitted = Type.Object({ why: Type.Union([Type.Literal('permit'), Type.Literal('take-out')]), subject: Type.String({ description: 'The application, or the ceremony' }), fence: Fence }, exact);
const Outing = Type.Object({ borrower: PersonId, until: Seconds, ceremony: Type.String() }, exact);
const LeaseSchema = Type.Object({ person: PersonId, until: Seconds }, exact);
const OrNone = Type.Union([LeaseSchema, Type.Null()]);
const ProgressSchema = Type.Object({ version: Type.Integer(), state: Type.String({ description: 'waiting, erasing, sending, checking, restarting, done, failed' }), percent: Type.Integer(), code: Nullable(Type.String()) }, exact);
const UPDATE_FAULTS = [DESK.LEASED, DESK.IMAGE_REFUSED, DESK.NO_BRIDGE, DESK.NO_MAINTENANCE];
const LEASE_FAULTS = [DESK.LEASED, DESK.NO_BRIDGE, DESK.NO_MAINTENANCE];

export function unitRoutes(app: App, rooms: Rooms): void {
  const { store, history, authority, followers } = rooms;
  const maintenance = new Maintenance(history, authority);
  const tags = ['bridges'];

  /** The bridge of a unit. @throws NOT_FOUND, NO_BRIDGE */
  const bridgeOf = async (id: string): Promise<BridgeApi> => {
    const { bridge } = await store.read((db) => getDevice(db, id));
    const follower = followers.find(({ status }) => status.name === bridge);
    if (follower === undefined) throw new Problem(DESK.NO_BRIDGE, bridge);
    return follower.bridge;
  };

  app.get(
    '/v1/devices/:id/places',
    {
      config: { scope: 'cases.read' },
      schema: {
        tags, summary: 'Where a unit was, newest first, where it may be, and whether it is taken out', description: 'Places as its records say (WGS 84); fences of permits that are not over, and of the take-out under way.', params,
        response: { 200: Type.Object({ spots: Type.Array(Spot), permitted: Type.Array(Permitted), outing: Type.Union([Outing, Type.Null()]) }, exact) },
      },
    },
    (request) =>
      store.read(async (db) => {
        const { id } = await getDevice(db, request.params.id);
        return { spots: await spotsOf(db, id), permitted: await permittedPlaces(db, id, history.seconds()), outing: await outingOf(db, id) };
      }),
  );
  app.get(
    '/v1/devices/:id/lease',
    { config: { scope: 'cases.read' }, schema: { tags, summary: 'Who maintains a unit now', params, response: { 200: Type.Object({ lease: OrNone }, exact) } } },
    (request) =>
      store.read(async (db) => {
        const lease = await maintenance.current(db, (await getDevice(db, request.params.id)).id);
        return { lease: lease === undefined ? null : { person: lease.person, until: lease.until } };
      }),
  );
  app.post(
    '/v1/devices/:id/lease',
    {
      config: { scope: 'devices.maintain', errors: LEASE_FAULTS },
      schema: {
        tags, summary: 'Take a unit for oneself to maintain it, or make an own lease longer', description: 'It ends by itself. Needs the scope `admin` of the desk at the bridge.', params,
        body: Type.Object({ seconds: Type.Integer({ minimum: 60, maximum: 14_400 }) }, exact), response: { 200: LeaseSchema },
      },
    },
    async (request) => maintenance.take(await bridgeOf(request.params.id), request.params.id, callerOf(request), request.body.seconds),
  );
  app.post(
    '/v1/devices/:id/lease/end',
    { config: { scope: 'devices.maintain', errors: LEASE_FAULTS }, schema: { tags, summary: "Give a lease back; an administrator ends another's", params, response: { 200: Type.Object({ lease: OrNone }, exact) } } },
    async (request) => {
      const caller = callerOf(request);
      const admin = (await store.read((db) => getPerson(db, caller))).roles.includes('admin');
      await maintenance.end(await bridgeOf(request.params.id), request.params.id, caller, admin);
      return { lease: null };
    },
  );
  app.post(
    '/v1/devices/:id/update',
    {
      config: { scope: 'devices.maintain', errors: UPDATE_FAULTS },
      bodyLimit: IMAGE_MOST + (1 << 16),
      schema: {
        tags, summary: 'Update the firmware of a unit that one has taken, by a signed image in multipart part "document"', description: 'The device judges the signature of the maker.', consumes: ['multipart/form-data'], params,
        response: { 202: ProgressSchema },
      },
    },
    async (request, reply) => {
      const { file } = await readForm(request, IMAGE_MOST);
      if (file === undefined) throw new Problem(COMMON.INVALID, 'part document is missing');
      return reply.code(202).send(await maintenance.update(await bridgeOf(request.params.id), request.params.id, callerOf(request), file.data));
    },
  );
  app.get(
    '/v1/devices/:id/update',
    { config: { usual: 404, scope: 'cases.read', errors: [COMMON.NOT_FOUND, DESK.NO_BRIDGE] }, schema: { tags, summary: 'What the last update of a unit is at', params, response: { 200: ProgressSchema } } },
    async (request) => maintenance.progress(await bridgeOf(request.params.id), request.params.id),
  );
}
