/** What the comparison of a photo with the approved document says, for who is asked to grant the stroke; and the gate itself. */
import { Type, type Static } from 'typebox';
import type { App } from '../../common/app';
import { COMMON, Problem } from '../../common/errors';
import { PermitId, Sha256Hex } from '../../common/schema';
import { getApplication, grants, type Application } from '../applications/applications';
import { DESK } from '../errors';
import { callerOf } from '../people/access';
import type { Rooms } from '../rooms';
import { binary, confidential } from '../schemas';
import { digestOf, type Compared, type Comparison, type Looked } from './comparison';

const exact = { additionalProperties: false } as const;
const Words = Type.Object({ en: Type.String(), zh: Type.String() });
const area = { x: Type.Number(), y: Type.Number(), width: Type.Number(), height: Type.Number() };
const params = Type.Object({ id: PermitId, photo: Sha256Hex });
export const ComparisonSchema = Type.Object(
  {
    verdict: Type.Union([Type.Literal('same'), Type.Literal('different'), Type.Literal('unreadable')]),
    page: Type.Union([Type.Integer(), Type.Null()], { description: 'Page of the approved document, from 1' }),
    pages: Type.Integer(),
    grantable: Type.Boolean({ description: 'Whether a stroke on this photo can be granted without more ado' }),
    objection: Type.Union([Type.Object({ code: Type.String(), detail: Type.String() }), Type.Null()]),
    reasons: Type.Array(Type.Object({ code: Type.String(), text: Words })),
    findings: Type.Array(Type.Object({ code: Type.String(), text: Words, approved: Type.String(), seen: Type.Optional(Type.String()), ...area }), { description: 'Boxes on the page, mm from its top left corner' }),
    elements: Type.Array(Type.Object({ kind: Type.String(), value: Type.String(), state: Type.String(), seen: Type.Optional(Type.String()), ...area })),
    open: Type.Array(Type.Object({ kind: Type.String(), label: Type.String(), ...area })),
    notes: Type.Array(Type.Object({ code: Type.String(), page: Type.Integer(), text: Words, ...area })),
  },
  exact,
);

/** What is shown of a comparison. */
export function comparisonView(comparison: Comparison, compared: Compared): Static<typeof ComparisonSchema> {
  const objection = comparison.objection(compared, false);
  return { ...compared, page: compared.page ?? null, grantable: objection === undefined, objection: objection ? { code: objection.code, detail: objection.detail ?? '' } : null };
}

export function comparisonRoutes(app: App, rooms: Rooms): void {
  const { store, comparison } = rooms;
  const config = { scope: 'uses.grant' } as const;
  const tags = ['applications'];
  /** The comparison of a photo for one who may grant the stroke. */
  const looked = async (caller: number, permit: string, photo: string): Promise<Looked> => {
    const asked = await store.read(async (db) => {
      const row = await db.selectFrom('permit').select(['application', 'device']).where('id', '=', permit).executeTakeFirst();
      const application = row && (await getApplication(db, row.application));
      if (!row || !application || !(await grants(db, application, caller))) throw new Problem(COMMON.NOT_FOUND, `permit ${permit}`);
      const found = await db.selectFrom('photo').select('sha256').where('device', '=', row.device).where('digest', '=', photo).where('state', '=', 'stored').executeTakeFirst();
      if (!found?.sha256) throw new Problem(COMMON.NOT_FOUND, `photo ${photo}`);
      return { document: application.document, sha256: found.sha256 };
    });
    return comparison.of(asked.document, asked.sha256);
  };
  app.get(
    '/v1/permits/:id/photos/:photo/comparison',
    { config, schema: { tags, summary: 'Compare a photo with the approved document', description: 'Takes some seconds the first time. An error here is no grant either.', params, response: { 200: ComparisonSchema } } },
    async (request) => {
      const { compared } = await looked(callerOf(request), request.params.id, request.params.photo);
      return comparisonView(comparison, compared);
    },
  );
  app.get(
    '/v1/permits/:id/photos/:photo/comparison/picture',
    {
      config: { ...config, confidential: true },
      schema: {
        tags, summary: 'The page of a photo with what differs framed', description: 'Red: added; blue: missing; purple: changed.', params,
        response: binary('image/jpeg', 'The picture'),
      },
    },
    async (request, reply) => {
      const { picture } = await looked(callerOf(request), request.params.id, request.params.photo);
      if (!picture) throw new Problem(COMMON.NOT_FOUND, 'picture');
      return reply.headers(confidential()).type('image/jpeg').send(picture);
    },
  );
}

/**
 * Holds a stroke grant to the comparison, where this desk compares: passes, or throws why not, and puts a refusal on record.
 * @param open why who decides last takes on places left open; @returns what the statement's entry says of it
 */
export async function passComparison(rooms: Rooms, what: { permit: string; device: string; application: Application; photo: string; caller: number; open: string | undefined }): Promise<string | undefined> {
  const { comparison, history, store } = rooms;
  const { application, caller, device, permit, photo, open } = what;
  if (!comparison.on) return undefined;
  // Places left open are the business of who decides last (B7: a deputy general manager).
  if (open !== undefined && !application.chain.at(-1)?.includes(caller)) throw new Problem(DESK.NOT_YOUR_STEP);
  const row = await store.read((db) => db.selectFrom('photo').select('sha256').where('device', '=', device).where('digest', '=', photo).where('state', '=', 'stored').executeTakeFirst());
  if (!row?.sha256) throw new Problem(COMMON.NOT_FOUND, `photo ${photo}`);
  let objection: Problem | undefined;
  let digest: Buffer | null = null;
  let page: number | undefined;
  try {
    const { compared } = await comparison.of(application.document, row.sha256);
    objection = comparison.objection(compared, open !== undefined || application.blank);
    digest = digestOf(compared);
    page = compared.page;
  } catch (error) {
    objection = error instanceof Problem ? error : new Problem(DESK.NOT_COMPARED, { cause: error });
  }
  if (!objection) return `compared: same, page ${page}${open === undefined ? '' : `; open places taken on: ${open}`}`;
  const { code, detail = '' } = objection;
  await history.commit((trx) =>
    history.note(
      trx, 'comparison', { permit: Buffer.from(permit, 'hex'), device: Buffer.from(device, 'hex'), photo: Buffer.from(photo, 'hex'), by: caller, code, detail: detail.slice(0, 500), digest },
      `${permit} ${photo} ${code} ${detail}`.slice(0, 500),
    ),
  );
  throw objection;
}
