/** What was found in the photos of a use, for who reads the register: the page before the stroke, and the impression after it. */
import { Type } from 'typebox';
import type { FastifyReply } from 'fastify';
import type { App } from '../../common/app';
import { COMMON, Problem } from '../../common/errors';
import { DeviceId } from '../../common/schema';
import { comparisonView, ComparisonSchema } from '../approvals/comparison-routes';
import type { Looked } from '../approvals/comparison';
import { DESK } from '../errors';
import type { Rooms } from '../rooms';
import { binary, confidential } from '../schemas';
import { getImpression, ImpressionDetail } from './view';

const tags = ['register'];
const params = Type.Object({ device: DeviceId, intent: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }) });
const config = { scope: 'register.read', confidential: true, errors: [COMMON.NOT_FOUND, DESK.NOT_COMPARED] };
const jpeg = (reply: FastifyReply, picture: Buffer) => reply.headers(confidential()).type('image/jpeg').send(picture);

export function impressionRoutes(app: App, { store, comparison, impressions }: Rooms): void {
  app.get(
    '/v1/register/uses/:device/:intent/impression',
    { config, schema: { tags, summary: 'What was found after a stroke: page and impression', params, response: { 200: ImpressionDetail } } },
    (request) => store.read((db) => getImpression(db, request.params.device, request.params.intent)),
  );
  app.get(
    '/v1/register/uses/:device/:intent/impression/picture',
    {
      config,
      schema: {
        tags, summary: 'The page after a stroke with what was found framed', params, response: binary('image/jpeg', 'The picture'),
        description: 'Dashed: impressions, green where good, orange where poor, red of another seal; a cross where it was meant to be. Red: added; blue: missing; purple: changed. Takes some seconds the first time.',
      },
    },
    async (request, reply) => jpeg(reply, await impressions.picture(request.params.device, request.params.intent)),
  );

  /** The comparison of the photo before a stroke. */
  const before = async (device: string, intent: number): Promise<Looked> => {
    const row = await store.read((db) =>
      db.selectFrom('stroke').innerJoin('application', 'application.id', 'stroke.application').innerJoin('photo', (join) => join.onRef('photo.device', '=', 'stroke.device').onRef('photo.digest', '=', 'stroke.before'))
        .select(['application.document', 'photo.sha256']).where('stroke.device', '=', device).where('stroke.intent', '=', intent).where('photo.state', '=', 'stored').executeTakeFirst());
    if (!row?.sha256) throw new Problem(COMMON.NOT_FOUND, `photo before ${device} ${intent}`);
    return comparison.of(row.document, row.sha256);
  };
  app.get(
    '/v1/register/uses/:device/:intent/comparison',
    { config, schema: { tags, summary: 'Compare the photo before a stroke with the approved document', description: 'Takes some seconds the first time.', params, response: { 200: ComparisonSchema } } },
    async (request) => comparisonView(comparison, (await before(request.params.device, request.params.intent)).compared),
  );
  app.get(
    '/v1/register/uses/:device/:intent/comparison/picture',
    { config, schema: { tags, summary: 'The page before a stroke with what differs framed', description: 'Red: added; blue: missing; purple: changed.', params, response: binary('image/jpeg', 'The picture') } },
    async (request, reply) => {
      const { picture } = await before(request.params.device, request.params.intent);
      if (!picture) throw new Problem(COMMON.NOT_FOUND, 'picture');
      return jpeg(reply, picture);
    },
  );
}
