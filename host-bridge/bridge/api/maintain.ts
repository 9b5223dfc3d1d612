/** Maintenance of a device, once a ceremony has opened it. */
import { Type, type Static } from 'typebox';
import { MaintainPart, MaintainWhat, type Maintained } from '../../../protocol';
import type { App } from '../../common/app';
import { DeviceId } from '../../common/schema';
import { diesOf, spotOf } from '../view';
import { ASKS_DEVICE, known, type ApiContext } from './context';
import { FenceHeader, LEASE_FAULTS } from './leases';

const WHAT: Record<string, MaintainWhat> = { selftest: MaintainWhat.SELF_TEST, jog: MaintainWhat.JOG, calibrate: MaintainWhat.CALIBRATE, sensors: MaintainWhat.SENSORS, end: MaintainWhat.END };
const PARTS: Record<string, MaintainPart> = { press: MaintainPart.PRESS, retract: MaintainPart.RETRACT, bolt: MaintainPart.BOLT };
/** Bit n of a self-test's result. */
const TESTED = ['display', 'reader', 'camera', 'motion', 'position', 'image', 'switches'];
const SENSORS = ['lidClosed', 'paper', 'diePresent', 'boltClosed', 'home', 'contact', 'caseClosed', 'silent', 'usb'];

const Count = Type.Integer({ minimum: 0 });
const View = Type.Object({
  busy: Type.Boolean({ description: 'Something is under way: look again with `sensors`' }),
  done: Type.Optional(Type.String({ enum: Object.keys(WHAT) })),
  result: Count,
  failed: Type.Optional(Type.Array(Type.String(), { description: 'Parts that failed the self-test' })),
  trace: Type.Optional(Type.String({ description: 'Of the last movement, hexadecimal (protocol/SPEC.md)' })),
  travel: Type.Optional(Type.Object({ contactMs: Count, homeMs: Count, peakMa: Count, leftMs: Count }, { description: 'Milliseconds from the start to contact, home again, and off the home switch; 0: never' })),
  sensors: Type.Record(Type.String(), Type.Boolean()),
  currentMa: Count,
  batteryMv: Count,
  motion: Count,
  dies: Type.Array(Type.String()),
  fix: Type.Optional(Type.Object({ latitude: Type.Number(), longitude: Type.Number(), accuracy: Count })),
}, { $id: 'Maintenance' });

function view(m: Maintained): Static<typeof View> {
  const done = Object.keys(WHAT).find((name) => WHAT[name] === m.done);
  const trace = Buffer.from(m.trace, 'latin1');
  return {
    busy: m.busy !== 0, result: m.result, currentMa: m.currentMa, batteryMv: m.batteryMv, motion: m.motion,
    ...(done === undefined ? {} : { done }),
    ...(m.done === MaintainWhat.SELF_TEST ? { failed: TESTED.filter((_, bit) => (m.result >>> bit) & 1) } : {}),
    ...(trace.length === 0 ? {} : { trace: trace.toString('hex') }),
    ...(trace.length < 10 ? {} : { travel: { contactMs: trace.readUInt16BE(2), homeMs: trace.readUInt16BE(4), peakMa: trace.readUInt16BE(6), leftMs: trace.readUInt16BE(8) } }),
    sensors: Object.fromEntries(SENSORS.map((name, bit) => [name, ((m.sensors >>> bit) & 1) === 1])),
    dies: diesOf(m.dies),
    ...(m.accuracyM === 0 ? {} : { fix: { ...spotOf(m), accuracy: m.accuracyM } }),
  };
}

export function maintainRoutes(app: App, context: ApiContext): void {
  app.post(
    '/v1/devices/:device/maintain',
    {
      config: { scope: 'admin', errors: [...ASKS_DEVICE, ...LEASE_FAULTS] },
      schema: {
        operationId: 'maintain', tags: ['maintenance'],
        summary: 'Self-test, jog, calibration and sensors of a device in maintenance',
        description: 'Answers at once; `sensors` tells when it is over. The device refuses what moves while a die is in it.',
        params: Type.Object({ device: DeviceId }),
        headers: FenceHeader,
        body: Type.Object({
          what: Type.String({ enum: Object.keys(WHAT) }),
          part: Type.Optional(Type.String({ enum: Object.keys(PARTS) })),
          ms: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000 })),
        }, { additionalProperties: false }),
        response: { 200: View },
      },
    },
    async (request) => {
      const { device } = request.params;
      const { what, part, ms } = request.body;
      known(context, device);
      await context.leases.check(device, request.principal?.name ?? '', request.headers['lease-fence']);
      return view(await context.fleet.online(device).maintain({ what: WHAT[what]!, part: part === undefined ? 0 : PARTS[part]!, ms: ms ?? 0 }));
    },
  );
}
