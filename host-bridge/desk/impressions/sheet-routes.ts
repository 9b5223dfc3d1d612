/** Photos of the sheets of a cross-page stroke: handed in by whoever has the sheets, seen by whoever may see the application. */
import { Type } from 'typebox';
import type { FastifyRequest } from 'fastify';
import type { App } from '../../common/app';
import { COMMON, Problem } from '../../common/errors';
import { DeviceId, Sha256Hex } from '../../common/schema';
import { INSPECTION } from '../../inspection/errors';
import { visible } from '../applications/routes';
import { PHOTOS_BYTES, readPhotos } from '../documents/routes';
import { DESK } from '../errors';
import { callerOf } from '../people/access';
import type { Rooms } from '../rooms';
import { binary, confidential, Id, Nullable, PersonId } from '../schemas';
import type { Db } from '../tables';
import { crossPageStroke, handsIn, MOST_ROUNDS, MOST_SHEETS, sheetsOf, type Sheets } from './sheets';
import { impressionVerdicts } from './judged';

const tags = ['register'];
const exact = { additionalProperties: false } as const;
const stroke = { device: DeviceId, intent: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }) };
const params = Type.Object(stroke);
const Round = Type.Integer({ minimum: 1, maximum: MOST_ROUNDS });
const Sheet = Type.Integer({ minimum: 1, maximum: MOST_SHEETS });
const SheetsSchema = Type.Object(
  {
    device: DeviceId, intent: Type.Integer(), application: Id, pages: Type.Integer({ description: 'Of the approved document' }),
    least: Type.Integer({ description: 'The fewest sheets that the stroke can have been over: half as many as pages, printed on both sides' }), most: Type.Integer(),
    sheets: Nullable(Type.Integer({ description: 'How many are wanted; null: it has to be said with the first photo' })), round: Type.Integer({ description: 'The set that is being handed in, or was last; 0: none yet' }),
    complete: Type.Boolean(), verdict: Type.Union([Type.Enum(impressionVerdicts), Type.Null()], { description: 'On that set; null: not judged' }),
    open: Type.Boolean({ description: 'Whether photos are taken now' }), anew: Type.Boolean({ description: 'The next one begins another set' }), mine: Type.Boolean({ description: 'Whether who asks may hand them in' }),
    photos: Type.Array(Type.Object({ round: Round, sheet: Sheet, sha256: Sha256Hex, person: PersonId, at: Type.Integer(), entry: Type.Integer() }, exact), { description: 'Of all sets' }),
  },
  exact,
);
const TYPES = { jpeg: 'image/jpeg', png: 'image/png', webp: 'image/webp' } as const;

export function sheetRoutes(app: App, rooms: Rooms): void {
  const { store, history, sheets, impressions, photoBlobs } = rooms;
  const read = { scope: 'applications.read', errors: [COMMON.NOT_FOUND] };
  const view = async (db: Db, told: Sheets, caller: number) => ({ ...told, verdict: told.verdict as (typeof impressionVerdicts)[number] | null, mine: await handsIn(db, (await crossPageStroke(db, told.device, told.intent)).application, caller, history.seconds()) });
  /** For who may see its application. */
  const seen = async (db: Db, request: FastifyRequest, device: string, intent: number): Promise<void> => {
    const { application } = await crossPageStroke(db, device, intent);
    await visible(db, callerOf(request), application.id, history.seconds());
  };
  app.post(
    '/v1/register/uses/:device/:intent/sheets',
    {
      config: { scope: 'uses.sheets', confidential: true, errors: [COMMON.NOT_FOUND, DESK.WRONG_STATE, DESK.SHEETS_COUNT, DESK.SHEET_TWICE, DESK.DOCUMENT_TOO_LARGE, INSPECTION.PHOTO_UNREADABLE] },
      bodyLimit: PHOTOS_BYTES + (1 << 20),
      schema: {
        tags, summary: 'Hand in photos of the sheets of a cross-page stroke (骑缝)', params, consumes: ['multipart/form-data'],
        description: `Up to ${MOST_SHEETS} photos (JPEG, PNG, WebP) as parts "page", one of each sheet with its edge, in any order, in one call or several. By who applied, who stamped, or who keeps the seal. With the last one they are judged; another set may follow one that was not good, up to ${MOST_ROUNDS}.`,
        querystring: Type.Object({ sheets: Type.Optional(Type.Integer({ minimum: 2, maximum: MOST_SHEETS, description: 'How many lay under the seal; as many as the document has pages where not said' })), again: Type.Optional(Type.Boolean({ description: 'Begins another set where the present one is not complete' })) }, exact),
        response: { 201: SheetsSchema },
      },
    },
    async (request, reply) => {
      const { device, intent } = request.params;
      const by = callerOf(request);
      // Before a hundred megabytes are read.
      await store.read(async (db) => {
        if (!(await handsIn(db, (await crossPageStroke(db, device, intent)).application, by, history.seconds()))) throw new Problem(COMMON.NOT_FOUND, `cross-page stroke ${device} ${intent}`);
      });
      const told = await sheets.add(device, intent, await readPhotos(request, MOST_SHEETS), request.query, by);
      return reply.code(201).send(await store.read((db) => view(db, told, by)));
    },
  );
  app.get(
    '/v1/register/uses/:device/:intent/sheets',
    { config: read, schema: { tags, summary: 'How it stands with the sheets of a cross-page stroke', params, response: { 200: SheetsSchema } } },
    (request) => store.read(async (db) => {
      const { device, intent } = request.params;
      await seen(db, request, device, intent);
      return view(db, await sheetsOf(db, device, intent), callerOf(request));
    }),
  );
  app.get(
    '/v1/register/uses/:device/:intent/sheets/picture',
    {
      config: { ...read, confidential: true, errors: [COMMON.NOT_FOUND, DESK.NOT_COMPARED] },
      schema: { tags, summary: 'The strips of a cross-page stroke laid together', description: 'As last judged. Dashed: a strip with the number of its page, green where it fits the sample, red where it does not; grey: on no sheet. Takes some seconds the first time.', params, response: binary('image/jpeg', 'The picture') },
    },
    async (request, reply) => {
      const { device, intent } = request.params;
      await store.read(async (db) => {
        await seen(db, request, device, intent);
        const row = await db.selectFrom('impression').select('round').where('device', '=', device).where('intent', '=', intent).executeTakeFirst();
        if (!row || Number(row.round) === 0) throw new Problem(COMMON.NOT_FOUND, `sheets ${device} ${intent}`);
      });
      return reply.headers(confidential()).type('image/jpeg').send(await impressions.picture(device, intent));
    },
  );
  app.get(
    '/v1/register/uses/:device/:intent/sheets/:round/:sheet',
    { config: { ...read, confidential: true }, schema: { tags, summary: 'A photo of a sheet, as it was handed in', params: Type.Object({ ...stroke, round: Round, sheet: Sheet }), response: binary('image/jpeg', 'The photo', 'image/png', 'image/webp') } },
    async (request, reply) => {
      const { device, intent, round, sheet } = request.params;
      const row = await store.read(async (db) => {
        await seen(db, request, device, intent);
        return db.selectFrom('sheet_photo').select(['sha256', 'type']).where('device', '=', device).where('intent', '=', intent).where('round', '=', round).where('sheet', '=', sheet).executeTakeFirst();
      });
      const data = row && (await photoBlobs.get(row.sha256));
      if (!data) throw new Problem(COMMON.NOT_FOUND, `sheet ${round}/${sheet}`);
      return reply.headers({ ...confidential(), 'x-content-type-options': 'nosniff', 'content-security-policy': "default-src 'none'; sandbox" }).type(TYPES[row.type as keyof typeof TYPES]).send(data);
    },
  );
}
