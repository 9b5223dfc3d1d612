/** Routes of what is printed and exported: the register of uses as PDF, XLSX and CSV. */
import { Readable } from 'node:stream';
import { Type, type Static } from 'typebox';
import type { App } from '../../common/app';
import { Problem, type Language } from '../../common/errors';
import { DeviceId } from '../../common/schema';
import { DESK } from '../errors';
import { registerRoot, registerSize } from '../register/register';
import type { Rooms } from '../rooms';
import { binary, confidential, Id, Search, Seconds } from '../schemas';
import { wordsOf } from './columns';
import { setType } from './paper';
import { grantedOf, refusalsOf, refusedMatters, Tally } from './statistics';
import { readSheet, type SheetRow } from './sheet';
import { csvOf, xlsxOf } from './tables';
import { usesForm } from './uses';

/** Rows read at a time. */
const PAGE = 500;
/** Strokes that one file holds at most: what is more is printed in several. */
const MOST = { xlsx: 50_000, pdf: 2000, pictures: 200 } as const;

const Query = Type.Object(
  {
    from: Type.Optional(Seconds), until: Type.Optional(Seconds), seal: Type.Optional(Id), device: Type.Optional(DeviceId), search: Search,
    lang: Type.Optional(Type.Enum(['zh', 'en'], { description: 'Language; zh where not given' })),
  },
  { additionalProperties: false },
);
const PdfQuery = Type.Object({ ...Query.properties, pictures: Type.Optional(Type.Boolean({ description: "With each stroke's photos" })) }, { additionalProperties: false });
type Query = Static<typeof Query>;
const exact = { additionalProperties: false } as const;
const count = Type.Integer({ minimum: 0 });
const counts = { stamped: count, failed: count, unknown: count, pending: count };
const groups = Type.Array(Type.Object({ name: Type.String({ description: "'' where it is not known" }), ...counts }, exact));
const StatisticsSchema = Type.Object(
  {
    total: Type.Object(counts, exact),
    by: Type.Object({ seal: groups, department: groups, category: groups, purpose: groups, month: groups }, { ...exact, description: 'The hundred largest; months in order. Departments are those of today' }),
    permits: Type.Object({ issued: count, unused: count, strokes: count, strokesUnused: count }, { ...exact, description: 'Unused: of those that are over' }),
    applications: Type.Record(Type.String(), count, { description: 'By what became of them' }),
    refusals: Type.Object(
      {
        people: Type.Array(Type.Object({ matter: Type.Enum(refusedMatters), reason: Type.String(), count }, exact), { description: 'By the reason that people gave; the hundred most frequent. page: the page in the tray was rejected' }),
        units: Type.Array(Type.Object({ code: Type.Integer({ description: 'RefusalCode (protocol/SPEC.md section 9)' }), count }, exact), { description: 'By units themselves' }),
      },
      { ...exact, description: "What was refused, by reason; a ceremony is of no one seal" },
    ),
  },
  exact,
);

const attachment = (ending: string): Record<string, string> => confidential(`uses.${ending}`);

export function printRoutes(app: App, rooms: Rooms): void {
  const { store, history, authority, photoBlobs } = rooms;
  const config = { scope: 'register.read' };
  const tags = ['register'];
  const words = (query: Query) => wordsOf((query.lang ?? 'zh') as Language, rooms.timeZone);

  async function* parts(query: Query): AsyncGenerator<SheetRow[]> {
    let after = -1;
    for (;;) {
      const from = after;
      const rows = await store.read((db) => readSheet(db, query, from, PAGE));
      if (rows.length > 0) yield rows;
      if (rows.length < PAGE) return;
      after = rows.at(-1)!.entry;
    }
  }

  async function whole(query: Query, most: number): Promise<SheetRow[]> {
    const all: SheetRow[] = [];
    for await (const rows of parts(query)) {
      all.push(...rows);
      if (all.length > most) throw new Problem(DESK.PRINT_TOO_LONG, `more than ${most} uses`);
    }
    return all;
  }

  app.get('/v1/register/uses.csv', { config: { ...config, confidential: true }, schema: { tags, summary: 'The register of uses as CSV', querystring: Query, response: binary('text/csv', 'UTF-8 with a byte order mark') } }, async (request, reply) => {
    async function* text(): AsyncGenerator<string> {
      let first = true;
      for await (const rows of parts(request.query)) {
        yield csvOf(rows, words(request.query), first);
        first = false;
      }
      if (first) yield csvOf([], words(request.query), true);
    }
    return reply.headers(attachment('csv')).type('text/csv; charset=utf-8').send(Readable.from(text()));
  });
  const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
  app.get('/v1/register/uses.xlsx', { config: { ...config, confidential: true }, schema: { tags, summary: `The register of uses as a workbook, at most ${MOST.xlsx} uses`, querystring: Query, response: binary(XLSX, 'The workbook') } }, async (request, reply) =>
    reply.headers(attachment('xlsx')).type(XLSX).send(await xlsxOf(await whole(request.query, MOST.xlsx), words(request.query), await store.read((db) => grantedOf(db, request.query)))),
  );
  app.get(
    '/v1/register/statistics',
    { config, schema: { tags, summary: `Statistics of at most ${MOST.xlsx} uses, and of what was granted and not used (统计)`, querystring: Query, response: { 200: StatisticsSchema } } },
    async ({ query }) => {
      const tally = new Tally(words(query));
      let count = 0;
      for await (const rows of parts(query)) {
        for (const row of rows) tally.add(row);
        count += rows.length;
        if (count > MOST.xlsx) throw new Problem(DESK.PRINT_TOO_LONG, `more than ${MOST.xlsx} uses`);
      }
      return { ...tally.uses, ...(await store.read((db) => grantedOf(db, query))), refusals: await store.read((db) => refusalsOf(db, query, rooms.turn)) };
    },
  );
  app.get(
    '/v1/register/uses.pdf',
    {
      config: { ...config, confidential: true },
      schema: { tags, summary: `The register of uses (公章使用登记表) for print, at most ${MOST.pdf} uses, ${MOST.pictures} with pictures`, querystring: PdfQuery, response: binary('application/pdf', 'PDF/A-2b') },
    },
    async (request, reply) => {
      const { query } = request;
      const rows = await whole(query, query.pictures === true ? MOST.pictures : MOST.pdf);
      const { size, root } = await store.read(async (db) => {
        const size = await registerSize(db);
        return { size, root: (await registerRoot(db, size)).toString('hex') };
      });
      const heading = { from: query.from, until: query.until, made: history.seconds(), register: authority.registerName, size, root };
      const photo = query.pictures === true ? async (sha256: string) => photoBlobs.get(sha256) : undefined;
      const pdf = await setType(await usesForm(rows, heading, words(query), photo), words(query).language, rooms.clock);
      return reply.headers(attachment('pdf')).type('application/pdf').send(pdf);
    },
  );
}
