/** Uses, alarms, take-outs and photos of a device, put together from its records. */
import { Type, type TSchema } from 'typebox';
import { ALARM_TABLE } from '../../../protocol';
import type { App } from '../../common/app';
import { choice, Sha256Hex } from '../../common/schema';
import { BRIDGE } from '../faults';
import { DeviceParams, DeviceTime, known, Next, nextOf, pageOf, Seq, type ApiContext } from './context';

const orNull = <T extends TSchema>(schema: T, description: string) => Type.Union([schema, Type.Null()], { description });

const PhotoOf = Type.Object({ digest: Sha256Hex, state: choice(['wanted', 'stored', 'gone', 'released', 'unknown']) });
const UseView = Type.Object(
  {
    seq: Seq,
    permit: Type.String({ description: 'Permit id; of a use opened by a code, the id that the code made' }),
    use: Type.Integer({ minimum: 0, description: 'Number of the use under its permit' }),
    time: DeviceTime,
    die: Type.String({ description: 'Identity of the die, hexadecimal' }),
    charged: Type.Integer({ minimum: 0, description: 'Strokes charged to the permit with this one' }),
    result: choice(['pending', 'stamped', 'failed', 'unknown'], 'unknown: power was lost in the stroke; it stays charged and a person decides'),
    grade: orNull(choice(['good', 'light', 'heavy']), 'How it was pressed, where it was stamped'),
    before: orNull(PhotoOf, 'Photo before the stroke'),
    after: orNull(PhotoOf, 'Photo after it'),
  },
  { $id: 'Use', description: 'One stroke' },
);

const Reference = orNull(Type.Object({ seq: Seq, time: DeviceTime }), 'The record that ended it; null: it lasts');
const AlarmView = Type.Object(
  {
    seq: Seq,
    condition: Type.Integer({ minimum: 0, description: 'protocol/SPEC.md, "Alarm conditions"', examples: [2] }),
    name: Type.String({ examples: ['DIE'] }),
    text: Type.Object({ zh: Type.String(), en: Type.String() }),
    detail: Type.Integer({ minimum: 0 }),
    time: DeviceTime,
    cleared: Reference,
  },
  { $id: 'Alarm' },
);

const TakeOutView = Type.Object(
  {
    seq: Seq,
    time: DeviceTime,
    borrower: Type.Integer({ minimum: 0, description: "The borrower's number on the device" }),
    due: Type.Integer({ minimum: 0, description: 'When it is to be back, Unix seconds' }),
    persons: Type.Array(Type.Integer({ minimum: 0 }), { description: 'Who were there' }),
    ended: orNull(Type.Object({ seq: Seq, time: DeviceTime, returned: Type.Boolean({ description: 'false: a newer take-out stands in its place' }) }), 'null: it is out'),
  },
  { $id: 'TakeOut' },
);

const PhotoView = Type.Object({ seq: Seq, digest: Sha256Hex, size: Type.Integer({ minimum: 0, description: 'Bytes' }), state: choice(['wanted', 'stored', 'gone', 'released']) }, { $id: 'Photo' });

const page = pageOf(200, 50, 'The `next` of the page before, or the number of a record: what comes behind it');

export function historyRoutes(app: App, context: ApiContext): void {
  const options = (operationId: string, tag: string, summary: string, description?: string) => ({ operationId, tags: [tag], summary, ...(description === undefined ? {} : { description }), params: DeviceParams, querystring: page });
  const config = { scope: 'read', errors: [BRIDGE.UNKNOWN_DEVICE] };

  app.get(
    '/v1/devices/:device/uses',
    {
      config,
      schema: {
        ...options('listUses', 'uses', 'Strokes of a device, oldest first', 'Of its present chain, as far as records have come. The chain was verified on arrival, the MACs were not: the bridge has no evidence key.'),
        response: { 200: Type.Object({ uses: Type.Array(UseView), next: Next }) },
      },
    },
    async (request) => {
      known(context, request.params.device);
      const { after, limit } = request.query;
      const uses = await context.history.uses(request.params.device, after, limit);
      return { uses, ...nextOf(uses, limit, uses.at(-1)?.seq) };
    },
  );

  app.get(
    '/v1/devices/:device/alarms',
    { config, schema: { ...options('listAlarms', 'alarms', 'Alarms of a device, oldest first'), response: { 200: Type.Object({ alarms: Type.Array(AlarmView), next: Next }) } } },
    async (request) => {
      known(context, request.params.device);
      const { after, limit } = request.query;
      const alarms = (await context.history.alarms(request.params.device, after, limit)).map((alarm) => {
        const row = ALARM_TABLE[alarm.condition];
        return { ...alarm, name: row?.name ?? String(alarm.condition), text: { zh: row?.text.zh ?? '', en: row?.text.en ?? '' } };
      });
      return { alarms, ...nextOf(alarms, limit, alarms.at(-1)?.seq) };
    },
  );

  app.get(
    '/v1/devices/:device/take-outs',
    {
      config,
      schema: {
        ...options('listTakeOuts', 'take-outs', 'When a device was taken out, by whom, and when it came back; oldest first', 'A take-out and a return are ceremonies (kind 7, actions 14 and 15) that you hand in with POST …/grants.'),
        response: { 200: Type.Object({ takeOuts: Type.Array(TakeOutView), next: Next }) },
      },
    },
    async (request) => {
      known(context, request.params.device);
      const { after, limit } = request.query;
      const takeOuts = await context.history.takeOuts(request.params.device, after, limit);
      return { takeOuts, ...nextOf(takeOuts, limit, takeOuts.at(-1)?.seq) };
    },
  );

  app.get(
    '/v1/devices/:device/photos',
    { config, schema: { ...options('listPhotos', 'photos', 'Photos of a device that its records name, oldest first'), response: { 200: Type.Object({ photos: Type.Array(PhotoView), next: Next }) } } },
    async (request) => {
      known(context, request.params.device);
      const { after, limit } = request.query;
      const photos = await context.history.photos(request.params.device, after, limit);
      return { photos, ...nextOf(photos, limit, photos.at(-1)?.seq) };
    },
  );

}
