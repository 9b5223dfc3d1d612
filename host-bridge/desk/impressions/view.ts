/** What the register shows of an impression. */
import { Type, type Static } from 'typebox';
import { COMMON, Problem } from '../../common/errors';
import { Sha256Hex } from '../../common/schema';
import type { Db } from '../tables';
import { impressionGrades, impressionVerdicts, type Judged } from './judged';

const exact = { additionalProperties: false } as const;
const Words = Type.Object({ en: Type.String(), zh: Type.String() });
const Share = Type.Union([Type.Number(), Type.Null()]);
const area = { x: Type.Number(), y: Type.Number(), width: Type.Number(), height: Type.Number() };

/** With each use. */
export const ImpressionSchema = Type.Object(
  {
    verdict: Type.Enum(impressionVerdicts, { description: 'same: a good impression on the approved page; different: a person has to look, and there is a case; unreadable: the photo is too poor; failed: there is no verdict' }),
    grade: Type.Union([Type.Enum(impressionGrades), Type.Null()], { description: 'foreign: of another seal; none: the stroke left nothing; null: the page could not be judged' }),
    page: Type.Union([Type.Integer(), Type.Null()], { description: 'Page of the approved document, from 1' }),
    reasons: Type.Array(Type.Object({ code: Type.String(), text: Words })),
    completeness: Type.Unsafe<number | null>({ ...Share, description: 'Share of the relief that left ink, 0..1' }), smear: Type.Unsafe<number | null>({ ...Share, description: 'Ink beside the relief, 0..1 of all' }), ink: Type.Unsafe<number | null>({ ...Share, description: 'Density of the film, 0..1' }),
    rotation: Type.Unsafe<number | null>({ ...Share, description: 'Degrees clockwise against the sample' }), off: Type.Unsafe<number | null>({ ...Share, description: 'Millimetres from where it was meant to be; null: nothing was said of that' }),
    covers: Type.Array(Type.String(), { description: 'Key elements under it' }),
    sheets: Type.Union([Type.Integer(), Type.Null()], { description: 'Of so many sheets of a cross-page stroke, laid together; null: of one page' }),
    at: Type.Integer({ description: 'Unix seconds' }), entry: Type.Integer({ description: 'Entry of the register' }),
  },
  exact,
);
export type ImpressionView = Static<typeof ImpressionSchema>;

const One = Type.Object({
  ...area, centreX: Type.Number(), centreY: Type.Number(), angle: Type.Number(), likeness: Type.Number({ description: 'Correlation with the sample, -1..1' }), completeness: Type.Number(), smear: Type.Number(), ink: Type.Number(),
  grade: Type.Enum(impressionGrades), off: Type.Optional(Type.Number()), covers: Type.Array(Type.Object({ kind: Type.String(), value: Type.String() })),
});
const Sheet = Type.Object({
  page: Type.Union([Type.Integer(), Type.Null()], { description: 'Page of the approved document that its photo shows' }), verdict: Type.Enum(['same', 'different', 'unreadable']), reasons: Type.Array(Type.String()),
  strip: Type.Union([Type.Object({ ...area, angle: Type.Number(), likeness: Type.Number(), share: Type.Number({ description: 'Of the relief, 0..1' }) }), Type.Null()], { description: 'Its part of the impression' }),
});
/** Of one use, with everything that was measured. */
export const ImpressionDetail = Type.Object(
  {
    ...ImpressionSchema.properties, photo: Sha256Hex, sample: Sha256Hex, document: Sha256Hex, version: Type.Integer({ description: 'Of the rules by which it was judged' }),
    since: Type.Enum(['same', 'changed', 'unknown'], { description: 'Whether it is the page that was photographed before the stroke' }),
    findings: Type.Array(Type.Object({ code: Type.String(), text: Words, approved: Type.String(), seen: Type.String(), sheet: Type.Optional(Type.Integer({ description: 'Which photo of a cross-page stroke, from 1' })), ...area }), { description: 'Boxes on the page, mm from its top left corner' }),
    impressions: Type.Array(One, { description: 'Of this stroke, most like the sample first' }), earlier: Type.Array(One, { description: 'That the page carried before' }),
    together: Type.Union([Type.Object({ round: Type.Integer({ description: 'Which set of photos, from 1' }), sheets: Type.Array(Sheet), twice: Type.Number({ description: 'Share of the relief that is on more than one sheet, 0..1' }), unseen: Type.Array(Type.Integer(), { description: 'Pages of the document that no photo shows' }) }, exact), Type.Null()], { description: 'Of a cross-page stroke; its photo is the SHA-256 of the digests of its photos in order' }),
  },
  exact,
);

interface Row {
  verdict: string;
  grade: string | null;
  page: number | null;
  told: string;
  at: number;
  entry: number;
}

/** A row of the table, as JSON: what is not of the summary is left to who asks for the detail. */
export function impressionView(row: Row): ImpressionView {
  const { reasons, impressions, complete, sheets } = JSON.parse(row.told) as Judged;
  const [first] = impressions;
  return {
    verdict: row.verdict as ImpressionView['verdict'], grade: row.grade as ImpressionView['grade'], page: row.page === null ? null : Number(row.page), reasons,
    completeness: first?.completeness ?? complete ?? null, smear: first?.smear ?? null, ink: first?.ink ?? null, rotation: first?.angle ?? null, off: first?.off ?? null, covers: (first?.covers ?? []).map(({ value }) => value), sheets: sheets?.length ?? null,
    at: Number(row.at), entry: Number(row.entry),
  };
}

/** @throws NOT_FOUND where the stroke has not been judged */
export async function getImpression(db: Db, device: string, intent: number): Promise<Static<typeof ImpressionDetail>> {
  const row = await db.selectFrom('impression').selectAll().where('device', '=', device).where('intent', '=', intent).executeTakeFirst();
  if (!row) throw new Problem(COMMON.NOT_FOUND, `impression ${device} ${intent}`);
  const { version, since, findings, impressions, earlier, sheets, twice = 0, unseen = [] } = JSON.parse(row.told) as Judged;
  return { ...impressionView(row), photo: row.photo, sample: row.sample, document: row.document, version, since, findings, impressions, earlier, together: sheets ? { round: Number(row.round), sheets, twice, unseen } : null };
}
