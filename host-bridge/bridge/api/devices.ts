/** Devices, ports, what a camera sees, the time nonce, ending a use. */
import { Type, type Static } from 'typebox';
import type { App } from '../../common/app';
import { fromBase64 } from '../../common/bytes';
import { COMMON, Problem } from '../../common/errors';
import { base64Schema, DeviceId } from '../../common/schema';
import { BRIDGE } from '../faults';
import { statusView, StatusView } from '../view';
import { ASKS_DEVICE, DeviceParams as Params, known, type ApiContext } from './context';

/** Bytes of the largest photo that a device takes. */
const PHOTO_MAX = 327_680;

const DeviceView = Type.Object({
  id: DeviceId,
  connected: Type.Boolean(),
  port: Type.Optional(Type.String({ description: 'Where it is connected' })),
  firmware: Type.Optional(Type.String()),
  seenAt: Type.Optional(Type.Integer({ description: 'Last word from it, Unix milliseconds' })),
  branch: Type.Integer({ minimum: 0, description: 'The chain of records being received; above 0 when the device came with another history' }),
  nextSeq: Type.Integer({ minimum: 0, description: 'Records below this one have been received' }),
  quarantined: Type.Boolean({ description: 'Nothing more is taken from it until a person has looked at the incidents' }),
  status: Type.Optional(StatusView),
}, { $id: 'Device' });

const PortView = Type.Object({
  name: Type.String(),
  state: Type.String({ description: 'absent, opening, handshaking, ready, backingOff, stopped' }),
  device: Type.Optional(DeviceId),
  fault: Type.Optional(Type.String({ description: 'Code of what keeps it from being ready' })),
  counters: Type.Optional(Type.Record(Type.String(), Type.Integer())),
}, { $id: 'Port' });

export function deviceRoutes(app: App, context: ApiContext): void {
  const view = async (id: string): Promise<Static<typeof DeviceView>> => {
    const session = context.fleet.find(id);
    const row = await context.spool.device(id);
    return {
      id,
      connected: session !== undefined,
      ...(session === undefined ? {} : { port: session.port }),
      ...(row === undefined ? {} : { firmware: row.firmware, seenAt: row.seen_at }),
      branch: row?.branch ?? 0,
      nextSeq: row?.next_seq ?? 0,
      quarantined: row?.quarantined === 1,
      ...(session?.status === undefined ? {} : { status: statusView(session.status) }),
    };
  };

  app.get(
    '/v1/devices',
    {
      config: { scope: 'read', bounded: true },
      schema: {
        operationId: 'listDevices', tags: ['devices'],
        summary: 'All devices this bridge holds a link key for, as far as the token is for them',
        querystring: Type.Object(
          { after: Type.Optional(DeviceId), limit: Type.Integer({ minimum: 1, maximum: 1000, default: 100 }) },
          { additionalProperties: false },
        ),
        response: { 200: Type.Object({ devices: Type.Array(DeviceView), next: Type.Optional(DeviceId) }) },
      },
    },
    async (request) => {
      const { after = '', limit } = request.query;
      const { devices: some } = request;
      const ids = [...context.keys.keys()].sort().filter((id) => id > after && (some === null || some.has(id)));
      const page = ids.slice(0, limit);
      const devices = [];
      for (const id of page) devices.push(await view(id));
      const last = page.at(-1);
      return { devices, ...(ids.length > limit && last !== undefined ? { next: last } : {}) };
    },
  );

  app.get(
    '/v1/devices/:device',
    { config: { scope: 'read', errors: [BRIDGE.UNKNOWN_DEVICE] }, schema: { operationId: 'getDevice', tags: ['devices'], summary: 'One device', params: Params, response: { 200: DeviceView } } },
    (request) => {
      known(context, request.params.device);
      return view(request.params.device);
    },
  );

  app.get(
    '/v1/devices/:device/view',
    {
      config: { scope: 'read', errors: ASKS_DEVICE, endless: true },
      schema: {
        operationId: 'getView', tags: ['devices'],
        summary: 'What the camera sees now: a small picture, kept nowhere',
        description: 'DEVICE_REFUSED with BUSY while a photo or a stroke is under way, with WAIT within two seconds of the one before.',
        params: Params,
        response: { 200: { description: 'The picture', content: { 'image/jpeg': { schema: Type.Unsafe<Buffer>(Type.String()) } } } },
      },
    },
    async (request, reply) => {
      known(context, request.params.device);
      const jpeg = await context.fleet.online(request.params.device).viewGet();
      reply.header('cache-control', 'private, no-store').type('image/jpeg');
      return reply.send(jpeg);
    },
  );

  app.post(
    '/v1/devices/:device/photo',
    {
      config: { scope: 'permit', errors: ASKS_DEVICE },
      bodyLimit: Math.ceil(PHOTO_MAX / 3) * 4 + 1024,
      schema: {
        operationId: 'putHostPhoto', tags: ['photos'],
        summary: "Hands over a photo of the host's camera, where the permit in use asks for one",
        description: 'While `photoWanted` of the status says so: within 60 seconds. The device takes it as its own, and its record says where it came from.',
        params: Params,
        body: Type.Object({ jpeg: base64Schema(PHOTO_MAX, 'The photo, JPEG') }, { additionalProperties: false }),
        response: { 200: Type.Object({ bytes: Type.Integer() }) },
      },
    },
    async (request) => {
      known(context, request.params.device);
      const jpeg = fromBase64(request.body.jpeg);
      if (jpeg === undefined || jpeg.length === 0) throw new Problem(COMMON.INVALID, 'jpeg is not canonical base64');
      await context.fleet.online(request.params.device).photoPut(jpeg);
      return { bytes: jpeg.length };
    },
  );

  app.post(
    '/v1/devices/:device/close',
    {
      config: { scope: 'grant', errors: ASKS_DEVICE },
      schema: { operationId: 'closeUse', tags: ['uses'], summary: 'Ends the use that is open, as if the person had finished; harmless at any time', params: Params, response: { 200: Type.Object({ closed: Type.Boolean() }) } },
    },
    async (request) => {
      known(context, request.params.device);
      await context.fleet.online(request.params.device).useClose();
      return { closed: true };
    },
  );

  app.delete(
    '/v1/devices/:device/quarantine',
    {
      config: { scope: 'admin', errors: [BRIDGE.UNKNOWN_DEVICE, COMMON.CONFLICT] },
      schema: { operationId: 'liftQuarantine', tags: ['devices'], summary: 'Takes records of a device again after its incidents have been looked at', params: Params, response: { 200: Type.Object({ quarantined: Type.Boolean() }) } },
    },
    async (request) => {
      known(context, request.params.device);
      if (!(await context.spool.liftQuarantine(request.params.device))) throw new Problem(COMMON.CONFLICT, 'not quarantined');
      context.fleet.find(request.params.device)?.abandon(new Problem(BRIDGE.LINK_LOST, 'begun anew after quarantine'));
      return { quarantined: false };
    },
  );

  app.get(
    '/v1/ports',
    { config: { scope: 'read', bounded: true }, schema: { operationId: 'listPorts', tags: ['devices'], summary: 'The ports and what they are at; for a token of some devices, those where one of them is', response: { 200: Type.Object({ ports: Type.Array(PortView) }) } } },
    ({ devices }) => ({
      ports: context.ports.filter(({ session }) => devices === null || (session !== undefined && devices.has(session.device))).map((port) => ({
        name: port.name,
        state: port.state.name,
        ...(port.session === undefined ? {} : { device: port.session.device }),
        ...(port.fault === undefined ? {} : { fault: port.fault.code }),
        ...(port.counters === undefined ? {} : { counters: { ...port.counters } }),
      })),
    }),
  );
}
