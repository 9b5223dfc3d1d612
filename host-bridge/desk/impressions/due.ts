/** Strokes whose impression is to be judged, and those that were. */
import { COMMON, Problem } from '../../common/errors';
import type { Mark } from '../applications/applications';
import type { Db } from '../tables';
import type { Judged, JudgedImpression } from './judged';
import { digestOfSet, MAY_HAVE } from './sheets';

/** A stroke with a photo that is here, under an application, of a seal whose card has sample and size. */
export interface Due {
  device: string;
  intent: number;
  application: string;
  document: string;
  /** Digest of the photo after the stroke, SHA-256 of its bytes, and of those of the photo before it. */
  photo: string;
  sha256: string;
  beforeSha256: string | null;
  sample: string;
  size: { widthMm: number; heightMm: number };
  marks: Mark[];
  /** Of a stroke over the edges of several sheets: which set of photos, and their SHA-256 in order; then `photo` is the digest of the set. */
  sheets?: { round: number; photos: string[] };
  tries: number;
  /** Why the last try failed. */
  code: string | null;
}

/** Seconds back from now: photos that came earlier are not judged any more. */
export const LATELY = 7 * 86_400;
/** Seconds for which a photo after a stroke waits for the one before it: what it shows of other strokes would count as this one's. */
export const ALONE = 86_400;

function strokes(db: Db) {
  return db
    .selectFrom('photo')
    .innerJoin('stroke', (join) => join.onRef('stroke.device', '=', 'photo.device').onRef('stroke.after', '=', 'photo.digest'))
    .innerJoin('application', 'application.id', 'stroke.application')
    .innerJoin('seal', 'seal.id', 'application.seal')
    .leftJoin('photo as before', (join) => join.onRef('before.device', '=', 'stroke.device').onRef('before.digest', '=', 'stroke.before'))
    .leftJoin('permit', (join) => join.onRef('permit.id', '=', 'stroke.permit').onRef('permit.device', '=', 'stroke.device'))
    .leftJoin('impression', (join) => join.onRef('impression.device', '=', 'stroke.device').onRef('impression.intent', '=', 'stroke.intent'))
    .leftJoin('impression_try', (join) => join.onRef('impression_try.device', '=', 'stroke.device').onRef('impression_try.intent', '=', 'stroke.intent'))
    .select([
      'stroke.device', 'stroke.intent', 'application.id as application', 'application.document', 'application.marks', 'photo.digest as photo', 'photo.sha256', 'before.sha256 as beforeSha256',
      'seal.width', 'seal.height', 'impression_try.tries', 'impression_try.code',
    ])
    .where('photo.state', '=', 'stored');
}

type Row = Awaited<ReturnType<ReturnType<typeof strokes>['executeTakeFirst']>>;

function dueOf(row: NonNullable<Row>, sample: string): Due {
  return {
    device: row.device, intent: Number(row.intent), application: row.application, document: row.document, photo: row.photo, sha256: row.sha256 ?? '', beforeSha256: row.beforeSha256, sample,
    size: { widthMm: Number(row.width), heightMm: Number(row.height) }, marks: row.marks === null ? [] : (JSON.parse(row.marks) as Mark[]), tries: Number(row.tries ?? 0), code: row.code,
  };
}

/** Sets of photos of sheets that are complete, by the photo that made them so. */
function sets(db: Db) {
  return db
    .selectFrom('sheet_photo as last')
    .innerJoin('stroke', (join) => join.onRef('stroke.device', '=', 'last.device').onRef('stroke.intent', '=', 'last.intent'))
    .innerJoin('application', 'application.id', 'stroke.application')
    .innerJoin('seal', 'seal.id', 'application.seal')
    .leftJoin('impression', (join) => join.onRef('impression.device', '=', 'stroke.device').onRef('impression.intent', '=', 'stroke.intent'))
    .leftJoin('impression_try', (join) => join.onRef('impression_try.device', '=', 'stroke.device').onRef('impression_try.intent', '=', 'stroke.intent'))
    .select(['last.device', 'last.intent', 'last.round', 'application.id as application', 'application.document', 'seal.sample', 'seal.width', 'seal.height', 'impression_try.tries', 'impression_try.code'])
    .whereRef('last.sheet', '=', 'last.sheets');
}

type SetRow = NonNullable<Awaited<ReturnType<ReturnType<typeof sets>['executeTakeFirst']>>>;

async function dueSet(db: Db, row: SetRow, sample: string): Promise<Due> {
  const { device, application, document, code } = row;
  const [intent, round] = [Number(row.intent), Number(row.round)];
  const photos = (await db.selectFrom('sheet_photo').select('sha256').where('device', '=', device).where('intent', '=', intent).where('round', '=', round).orderBy('sheet').execute()).map(({ sha256 }) => sha256);
  return {
    device, intent, application, document, photo: digestOfSet(photos), sha256: '', beforeSha256: null, sample, size: { widthMm: Number(row.width), heightMm: Number(row.height) }, marks: [],
    sheets: { round, photos }, tries: Number(row.tries ?? 0), code,
  };
}

/** The oldest that is due; undefined: none. */
export async function nextDue(db: Db, now: number): Promise<Due | undefined> {
  return (await nextStroke(db, now)) ?? (await nextSet(db, now));
}

async function nextSet(db: Db, now: number): Promise<Due | undefined> {
  const row = await sets(db)
    .where('last.at', '>=', now - LATELY)
    .where((eb) => eb.or([eb('impression.round', 'is', null), eb('impression.round', '<', eb.ref('last.round'))]))
    .where('seal.sample', 'is not', null).where('seal.width', 'is not', null).where('seal.height', 'is not', null)
    .where((either) => either.or([either('impression_try.next', 'is', null), either('impression_try.next', '<=', now)]))
    .orderBy('last.at').orderBy('last.device').orderBy('last.intent').orderBy('last.round')
    .limit(1)
    .executeTakeFirst();
  return row && dueSet(db, row, row.sample!);
}

/** Strokes over the edges of several sheets show no page, and are not among them. */
async function nextStroke(db: Db, now: number): Promise<Due | undefined> {
  const row = await strokes(db)
    .select('seal.sample')
    .where('photo.at', '>=', now - LATELY)
    .where('stroke.result', 'in', MAY_HAVE)
    .where((either) => either.or([either('before.state', 'is', null), either('before.state', '!=', 'wanted'), either('photo.at', '<=', now - ALONE)]))
    .where('impression.device', 'is', null)
    .where('seal.sample', 'is not', null).where('seal.width', 'is not', null).where('seal.height', 'is not', null)
    .where((either) => either.or([either('permit.cross_page', 'is', null), either('permit.cross_page', '=', 0)]))
    .where((either) => either.or([either('impression_try.next', 'is', null), either('impression_try.next', '<=', now)]))
    .orderBy('photo.at').orderBy('stroke.device').orderBy('stroke.intent')
    .limit(1)
    .executeTakeFirst();
  return row && dueOf(row, row.sample!);
}

/** What a stroke was judged by, to look at it once more. @throws NOT_FOUND */
export async function askedOf(db: Db, device: string, intent: number): Promise<{ due: Due; earlier: JudgedImpression[] }> {
  const judged = await db.selectFrom('impression').select(['round', 'sample', 'told']).where('device', '=', device).where('intent', '=', intent).executeTakeFirst();
  if (judged && Number(judged.round) > 0) {
    const set = await sets(db).where('last.device', '=', device).where('last.intent', '=', intent).where('last.round', '=', judged.round).executeTakeFirst();
    if (!set) throw new Problem(COMMON.NOT_FOUND, `impression ${device} ${intent}`);
    const { size } = JSON.parse(judged.told) as Judged;
    return { due: { ...(await dueSet(db, set, judged.sample)), ...(size ? { size } : {}) }, earlier: [] };
  }
  const row = await strokes(db).select(['impression.sample as judgedBy', 'impression.told']).where('stroke.device', '=', device).where('stroke.intent', '=', intent).executeTakeFirst();
  if (!row || row.judgedBy === null || row.told === null) throw new Problem(COMMON.NOT_FOUND, `impression ${device} ${intent}`);
  const { earlier, size } = JSON.parse(row.told) as Judged;
  const due = dueOf(row, row.judgedBy);
  return { due: size ? { ...due, size } : due, earlier }; // the card may say otherwise by now
}
