/** Routes of documents, and the reading of multipart forms. */
import type {} from '@fastify/multipart';
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { App } from '../../common/app';
import { COMMON, languageOf, Problem } from '../../common/errors';
import { Sha256Hex } from '../../common/schema';
import { DESK } from '../errors';
import { callerOf, checkDocument } from '../people/access';
import type { Rooms } from '../rooms';
import { binary, DocumentSchema } from '../schemas';
import { getDocument } from './documents';
import { PAGE_WIDTHS, type PageWidth } from './narrowed';
import { MOST_PHOTOS } from './photographed';

export interface Form {
  fields: Map<string, string>;
  file: { name: string; data: Buffer } | undefined;
}

/** Reads a multipart form with at most one file of at most so many bytes, in a part called "document". */
export async function readForm(request: FastifyRequest, maxBytes: number): Promise<Form> {
  if (!request.isMultipart()) throw new Problem(COMMON.UNSUPPORTED_TYPE, 'multipart/form-data');
  const form: Form = { fields: new Map(), file: undefined };
  try {
    for await (const part of request.parts({ limits: { fileSize: maxBytes + 1, files: 1, fields: 20, fieldSize: 10_000, parts: 21 } })) {
      if (part.type === 'file') {
        if (part.fieldname !== 'document') throw new Problem(COMMON.INVALID, `part ${part.fieldname}`);
        form.file = { name: part.filename, data: await part.toBuffer() };
      } else form.fields.set(part.fieldname, String(part.value));
    }
  } catch (error) {
    const { code, statusCode } = error as { code?: string; statusCode?: number };
    if (code === 'FST_REQ_FILE_TOO_LARGE') throw new Problem(DESK.DOCUMENT_TOO_LARGE);
    if (error instanceof Problem || (statusCode !== undefined && statusCode < 500)) throw error;
    throw new Problem(COMMON.INVALID, { detail: 'the form is broken', cause: error });
  }
  return form;
}

/** Bytes of all photos of one document; one alone may be as large as a phone makes it. */
export const PHOTOS_BYTES = 100 << 20;
const PHOTO_BYTES = 24 << 20;

/** Parts "page" of a form, in their order. @throws DOCUMENT_TOO_LARGE, INVALID */
export async function readPhotos(request: FastifyRequest, most = MOST_PHOTOS): Promise<Buffer[]> {
  if (!request.isMultipart()) throw new Problem(COMMON.UNSUPPORTED_TYPE, 'multipart/form-data');
  const photos: Buffer[] = [];
  let size = 0;
  try {
    for await (const part of request.files({ limits: { fileSize: PHOTO_BYTES + 1, files: most, parts: most, fields: 0 } })) {
      if (part.fieldname !== 'page') throw new Problem(COMMON.INVALID, `part ${part.fieldname}`);
      const photo = await part.toBuffer();
      size += photo.length;
      if (size > PHOTOS_BYTES) throw new Problem(DESK.DOCUMENT_TOO_LARGE);
      photos.push(photo);
    }
  } catch (error) {
    const { code, statusCode } = error as { code?: string; statusCode?: number };
    if (code === 'FST_REQ_FILE_TOO_LARGE') throw new Problem(DESK.DOCUMENT_TOO_LARGE);
    if (error instanceof Problem || (statusCode !== undefined && statusCode < 500)) throw error;
    throw new Problem(COMMON.INVALID, { detail: 'the form is broken', cause: error });
  }
  if (photos.length === 0) throw new Problem(COMMON.INVALID, 'part page is missing');
  return photos;
}

const tags = ['documents'];
const params = Type.Object({ sha256: Sha256Hex });
/** What a browser does with stored content it is shown: nothing but show it. */
const harmless = { 'x-content-type-options': 'nosniff', 'content-security-policy': "default-src 'none'; sandbox", 'cache-control': 'private, no-store' };

const OFFICE = 'application/vnd.openxmlformats-officedocument';
const TYPES = { pdf: 'application/pdf', png: 'image/png', jpeg: 'image/jpeg', docx: `${OFFICE}.wordprocessingml.document`, xlsx: `${OFFICE}.spreadsheetml.sheet` } as const;

export function documentRoutes(app: App, rooms: Rooms): void {
  const { documents, store } = rooms;
  app.post(
    '/v1/documents',
    {
      config: { scope: 'documents.add' },
      bodyLimit: documents.limits.maxBytes + (1 << 20),
      schema: { tags, summary: 'Hand in a document (PDF, PNG or JPEG) as multipart part "document"', consumes: ['multipart/form-data'], response: { 201: DocumentSchema } },
    },
    async (request, reply) => {
      const form = await readForm(request, documents.limits.maxBytes);
      if (!form.file) throw new Problem(COMMON.INVALID, 'part document is missing');
      return reply.code(201).send(await documents.add(form.file.data, form.file.name, callerOf(request)));
    },
  );
  app.post(
    '/v1/documents/photographed',
    {
      config: { scope: 'documents.add', errors: [DESK.PHOTOS_OFF] },
      bodyLimit: PHOTOS_BYTES + (1 << 20),
      schema: {
        tags, summary: 'Hand in photographed pages as one document', description: `Up to ${MOST_PHOTOS} photos (JPEG, PNG, WebP) as parts "page", in their order; each is straightened where its sheet is found.`, consumes: ['multipart/form-data'],
        response: { 201: Type.Object({ ...DocumentSchema.properties, crooked: Type.Array(Type.Integer({ minimum: 1 }), { description: 'Pages whose sheet was not found, and that are as they were photographed' }) }, { additionalProperties: false }) },
      },
    },
    async (request, reply) => reply.code(201).send(await documents.addPhotos(await readPhotos(request), callerOf(request), languageOf(request.headers['accept-language']))),
  );
  app.get('/v1/documents/:sha256', { config: { scope: 'documents.read' }, schema: { tags, summary: 'A document', params, response: { 200: DocumentSchema } } }, async (request) => {
    await store.read((db) => checkDocument(db, callerOf(request), request.params.sha256, rooms.history.seconds()));
    return store.read((db) => getDocument(db, request.params.sha256));
  });
  app.get(
    '/v1/documents/:sha256/pages/:page',
    {
      config: { scope: 'documents.read', confidential: true, errors: [DESK.DOCUMENT_REMOVED, DESK.FILE_KEY] },
      schema: {
        tags, summary: 'Picture of a page', description: 'PNG as large as it was drawn; with a width, WebP at most that wide, to be read on a screen.', params: Type.Object({ sha256: Sha256Hex, page: Type.Integer({ minimum: 1, maximum: 100_000 }) }),
        querystring: Type.Object({ width: Type.Optional(Type.Unsafe<PageWidth>({ type: 'integer', enum: [...PAGE_WIDTHS], description: 'Pixels' })) }, { additionalProperties: false }),
        response: binary('image/png', 'The content', 'image/webp'),
      },
    },
    async (request, reply) => {
      await store.read((db) => checkDocument(db, callerOf(request), request.params.sha256, rooms.history.seconds()));
      const { width } = request.query;
      return reply.headers(harmless).type(width === undefined ? 'image/png' : 'image/webp').send(await documents.page(request.params.sha256, request.params.page, width));
    },
  );
  app.get(
    '/v1/documents/:sha256/content',
    { config: { scope: 'documents.read', confidential: true, errors: [DESK.DOCUMENT_REMOVED, DESK.FILE_KEY] }, schema: { tags, summary: 'The document as it was handed in', params, response: binary('application/octet-stream', 'The content') } },
    async (request, reply) => {
      await store.read((db) => checkDocument(db, callerOf(request), request.params.sha256, rooms.history.seconds()));
      const { card, data } = await documents.original(request.params.sha256);
      return reply
        .headers({ ...harmless, 'content-disposition': `attachment; filename="${card.sha256}.${card.kind}"` })
        .type(TYPES[card.kind])
        .send(data);
    },
  );
}
