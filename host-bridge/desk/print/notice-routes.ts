/** Routes of the notices of a seal's life, and of its kept sample impression. */
import { Type } from 'typebox';
import type { App } from '../../common/app';
import { COMMON, Problem, type Language } from '../../common/errors';
import { sealEvents, storeSample } from '../custody/seals';
import { DESK } from '../errors';
import { documentLimits, renderDocument, sniff } from '../documents/render';
import { readForm } from '../documents/routes';
import { callerOf } from '../people/access';
import { listPeople } from '../people/people';
import { getDevice, getSeal } from '../register/cards';
import { registerRoot, registerSize } from '../register/register';
import type { Rooms } from '../rooms';
import { binary, confidential, Id, SealSchema } from '../schemas';
import { signaturesOf } from '../signatures/signatures';
import { wordsOf } from './columns';
import { hasNotice, noticeForm } from './notices';
import { setType } from './paper';

const tags = ['custody'];
const exact = { additionalProperties: false } as const;
const id = Type.Object({ id: Id });
/** An impression of 60 mm at 300 dpi has 700 pixels; a photo of one may have more. */
const SAMPLE = { ...documentLimits, maxBytes: 5 << 20, maxPixels: 25_000_000, longSide: 1200, maxPages: 1, timeMs: 20_000 };

export function noticeRoutes(app: App, rooms: Rooms): void {
  const { store, history, authority, documentBlobs } = rooms;
  app.get(
    '/v1/seals/:id/history/:entry/notice.pdf',
    {
      config: { scope: 'cards.read' },
      schema: {
        tags, summary: 'The notice of a step in the life of a seal (启用通知, 移交证明, …) for print', params: Type.Object({ id: Id, entry: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }) }),
        querystring: Type.Object({ lang: Type.Optional(Type.Enum(['zh', 'en'], { description: 'Language; zh where not given' })) }, exact), response: binary('application/pdf', 'PDF/A-2b'),
      },
    },
    async (request, reply) => {
      const words = wordsOf((request.query.lang ?? 'zh') as Language, rooms.timeZone);
      const notice = await store.read(async (db) => {
        const seal = await getSeal(db, request.params.id);
        const event = (await sealEvents(db, seal.id)).find(({ entry }) => entry === request.params.entry);
        if (event === undefined || !hasNotice(event.what)) throw new Problem(COMMON.NOT_FOUND, `notice ${request.params.entry}`);
        const size = await registerSize(db);
        const names = new Map((await listPeople(db)).map((person) => [person.id, person.name]));
        const signatures = await signaturesOf(db, { seal: event.detail.act === undefined ? [] : [event.detail.act], ceremony: event.ceremony === null ? [] : [event.ceremony] });
        return { seal, event, signatures, device: (await getDevice(db, seal.device)).name, names, register: authority.registerName, size, root: (await registerRoot(db, size)).toString('hex') };
      });
      const sample = notice.seal.sample === null ? undefined : await documentBlobs.get(notice.seal.sample);
      const picture = sample === undefined || sniff(sample) !== 'png' ? {} : { sample: `data:image/png;base64,${sample.toString('base64')}` };
      const pdf = await setType(noticeForm({ ...notice, ...picture }, words), words.language, rooms.clock);
      return reply.headers(confidential('notice.pdf')).type('application/pdf').send(pdf);
    },
  );
  app.put(
    '/v1/seals/:id/sample',
    {
      config: { scope: 'cards.manage' }, bodyLimit: SAMPLE.maxBytes + (1 << 20),
      schema: { tags, summary: 'Keep a sample impression (留样): PNG or JPEG as multipart part "document"', consumes: ['multipart/form-data'], params: id, response: { 200: SealSchema } },
    },
    async (request) => {
      const { file } = await readForm(request, SAMPLE.maxBytes);
      if (file === undefined) throw new Problem(COMMON.INVALID, 'part document is missing');
      if (file.data.length > SAMPLE.maxBytes) throw new Problem(DESK.DOCUMENT_TOO_LARGE);
      const kind = sniff(file.data);
      if (kind !== 'png' && kind !== 'jpeg') throw new Problem(DESK.DOCUMENT_UNSUPPORTED);
      // Read and drawn anew in a process of its own: what is kept is a picture, whatever was handed in.
      let png: Buffer | undefined;
      await renderDocument(file.data, kind, SAMPLE, (page) => (png = page.png));
      if (png === undefined) throw new Problem(DESK.DOCUMENT_CORRUPT);
      const sha256 = await documentBlobs.put(png);
      return history.commit((trx) => storeSample(trx, history, request.params.id, sha256, callerOf(request)));
    },
  );
  app.get(
    '/v1/seals/:id/sample',
    { config: { scope: 'cards.read' }, schema: { tags, summary: 'The kept sample impression', params: id, response: binary('image/png', 'The impression') } },
    async (request, reply) => {
      const { sample } = await store.read((db) => getSeal(db, request.params.id));
      const data = sample === null ? undefined : await documentBlobs.get(sample);
      if (data === undefined) throw new Problem(COMMON.NOT_FOUND, 'sample');
      return reply.headers(confidential()).type('image/png').send(data);
    },
  );
}
