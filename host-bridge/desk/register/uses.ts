/** The register of uses (公章使用登记表): one row a stroke, from application to photos. */
import { sql } from 'kysely';
import type { ImpressionGrade } from '../impressions/judged';
import { impressionView, type ImpressionView } from '../impressions/view';
import type { Db } from '../tables';
import { likePattern } from './register';

/** What became of a stroke, by the number its outcome record gives; pending where there is none yet. */
export const results = ['pending', 'stamped', 'failed', 'unknown'] as const;
export type UseResult = (typeof results)[number];

export interface UseRow {
  device: string;
  /** Sequence number of the intent; with the device it names the stroke. */
  intent: number;
  permit: string;
  use: number;
  application: string | null;
  purpose: string | null;
  applicant: number | null;
  seal: string | null;
  document: string | null;
  charged: number;
  /** The device's trusted time of the intent, Unix seconds. */
  time: number | null;
  outcome: number | null;
  result: UseResult;
  /** Digests of the photos before and after, and whether they are here. */
  before: string | null;
  after: string | null;
  beforeStored: boolean;
  afterStored: boolean;
  /** What was found in the photo after the stroke; null: it has not been judged. */
  impression: ImpressionView | null;
}

export interface UseQuery {
  search?: string | undefined;
  application?: string | undefined;
  device?: string | undefined;
  seal?: string | undefined;
  intent?: number | undefined;
  /** Strokes of this result. */
  result?: UseResult | undefined;
  /** Strokes after which the photo shows an impression of this grade. */
  grade?: ImpressionGrade | undefined;
  /** From this time on, and before that one, Unix seconds; strokes without a time are not among them. */
  from?: number | undefined;
  until?: number | undefined;
  /** Skips this many, newest first. */
  offset: number;
  limit: number;
}

export async function listUses(db: Db, q: UseQuery): Promise<UseRow[]> {
  let query = db
    .selectFrom('stroke')
    .leftJoin('application', 'application.id', 'stroke.application')
    .leftJoin('impression', (join) => join.onRef('impression.device', '=', 'stroke.device').onRef('impression.intent', '=', 'stroke.intent'))
    .select([
      'stroke.device', 'stroke.intent', 'stroke.permit', 'stroke.use_number', 'stroke.application', 'stroke.charged', 'stroke.intent_time', 'stroke.outcome',
      'stroke.result', 'stroke.before', 'stroke.after', 'application.purpose', 'application.applicant', 'application.seal', 'application.document',
      'impression.verdict', 'impression.grade', 'impression.page', 'impression.told', 'impression.at', 'impression.entry',
    ]);
  if (q.search !== undefined) query = query.where(sql<boolean>`stroke.search like ${likePattern(q.search)} escape '!'`);
  if (q.application !== undefined) query = query.where('stroke.application', '=', q.application);
  if (q.device !== undefined) query = query.where('stroke.device', '=', q.device);
  if (q.intent !== undefined) query = query.where('stroke.intent', '=', q.intent);
  if (q.seal !== undefined) query = query.where('application.seal', '=', q.seal);
  if (q.from !== undefined) query = query.where('stroke.intent_time', '>=', q.from);
  if (q.until !== undefined) query = query.where('stroke.intent_time', '<', q.until);
  if (q.result === 'pending') query = query.where('stroke.result', 'is', null);
  else if (q.result !== undefined) query = query.where('stroke.result', '=', results.indexOf(q.result));
  if (q.grade !== undefined) query = query.where('impression.grade', '=', q.grade);
  const rows = await query.orderBy('stroke.intent_time', (time) => time.desc().nullsLast()).orderBy('stroke.device').orderBy('stroke.intent', 'desc').offset(q.offset).limit(q.limit).execute();
  const digests = rows.flatMap((row) => [row.before, row.after]).filter((d): d is string => d !== null);
  const stored = new Set(
    digests.length === 0 ? [] : (await db.selectFrom('photo').select('digest').where('digest', 'in', digests).where('state', '=', 'stored').execute()).map((row) => row.digest),
  );
  return rows.map((row) => ({
    device: row.device, intent: Number(row.intent), permit: row.permit, use: Number(row.use_number), application: row.application,
    purpose: row.purpose, applicant: row.applicant === null ? null : Number(row.applicant), seal: row.seal, document: row.document,
    charged: Number(row.charged), time: row.intent_time === null ? null : Number(row.intent_time), outcome: row.outcome === null ? null : Number(row.outcome),
    result: results[Number(row.result ?? 0)] ?? 'unknown', before: row.before, after: row.after,
    beforeStored: row.before !== null && stored.has(row.before), afterStored: row.after !== null && stored.has(row.after),
    impression: row.verdict === null || row.told === null || row.at === null || row.entry === null ? null : impressionView({ verdict: row.verdict, grade: row.grade, page: row.page, told: row.told, at: row.at, entry: row.entry }),
  }));
}
