/** Rows of the register of uses (公章使用登记表) as people read them: names in place of numbers, in the order of the register. */
import { sql } from 'kysely';
import { likePattern } from '../register/register';
import { results, type UseResult } from '../register/uses';
import type { ImpressionGrade, ImpressionVerdict } from '../impressions/judged';
import type { Db } from '../tables';

export interface SheetRow {
  /** Number of the register's entry that holds the intent: rises from row to row. */
  entry: number;
  /** When it was stamped, Unix seconds; by the desk's clock, on arrival, where the device had no time (`exact` false). */
  time: number;
  exact: boolean;
  seal: string;
  applicant: string;
  purpose: string;
  document: string;
  /** The how manieth stroke of its permit, and how many were granted; 0 where the permit is not of this desk. */
  use: number;
  granted: number;
  /** Who approved, and in whose place where not for themselves. */
  approvers: { name: string; behalf: string | null }[];
  /** Of who applied, today; '' where they are in none. */
  department: string;
  category: string;
  /** Who showed themselves at the device, as the permit names them. */
  holders: string[];
  result: UseResult;
  /** Grade of the impression, or why there is none: its verdict; null where it was not judged. */
  impression: ImpressionGrade | ImpressionVerdict | null;
  device: string;
  /** Sequence number of the intent: with the device's id it names the stroke. */
  intent: number;
  deviceId: string;
  /** SHA-256 under which the photos before and after are stored; null where there is none (yet). */
  before: string | null;
  after: string | null;
}

export interface SheetQuery {
  /** Unix seconds: from this second, and before that. */
  from?: number | undefined;
  until?: number | undefined;
  seal?: string | undefined;
  device?: string | undefined;
  search?: string | undefined;
}

/** The next rows behind entry `after`. */
export async function readSheet(db: Db, q: SheetQuery, after: number, limit: number): Promise<SheetRow[]> {
  const time = sql<number>`coalesce(stroke.intent_time, record.at)`;
  let query = db
    .selectFrom('record')
    .innerJoin('stroke', (join) => join.onRef('stroke.device', '=', 'record.device').onRef('stroke.intent', '=', 'record.seq'))
    .innerJoin('device', 'device.id', 'stroke.device')
    .leftJoin('application', 'application.id', 'stroke.application')
    .leftJoin('permit', (join) => join.onRef('permit.id', '=', 'stroke.permit').onRef('permit.device', '=', 'stroke.device'))
    .leftJoin('seal', 'seal.id', 'application.seal')
    .leftJoin('person', 'person.id', 'application.applicant')
    .leftJoin('department', 'department.id', 'person.department')
    .leftJoin('document', 'document.sha256', 'application.document')
    .leftJoin('photo as before', (join) => join.onRef('before.digest', '=', 'stroke.before').onRef('before.device', '=', 'stroke.device'))
    .leftJoin('photo as after', (join) => join.onRef('after.digest', '=', 'stroke.after').onRef('after.device', '=', 'stroke.device'))
    .leftJoin('impression', (join) => join.onRef('impression.device', '=', 'stroke.device').onRef('impression.intent', '=', 'stroke.intent'))
    .select([
      'record.entry', 'impression.verdict', 'impression.grade', time.as('time'), 'stroke.intent_time', 'stroke.use_number', 'stroke.result', 'stroke.device as deviceId', 'stroke.intent', 'stroke.application',
      'device.name as device', 'seal.name as seal', 'person.name as applicant', 'application.purpose', 'application.count', 'application.granted', 'permit.quota',
      'application.persons', 'application.category', 'department.name as department', 'document.name as document', 'before.sha256 as before', 'after.sha256 as after',
    ])
    .where('record.entry', '>', after);
  if (q.from !== undefined) query = query.where(time, '>=', q.from);
  if (q.until !== undefined) query = query.where(time, '<', q.until);
  if (q.seal !== undefined) query = query.where('application.seal', '=', q.seal);
  if (q.device !== undefined) query = query.where('stroke.device', '=', q.device);
  if (q.search !== undefined) query = query.where(sql<boolean>`stroke.search like ${likePattern(q.search)} escape '!'`);
  const rows = await query.orderBy('record.entry').limit(limit).execute();
  const approvers = await approversOf(db, rows.flatMap((row) => (row.application === null ? [] : [row.application])));
  const names = await namesOf(db, rows.flatMap((row) => personsOf(row.persons)));
  return rows.map((row) => ({
    entry: Number(row.entry), time: Number(row.time), exact: row.intent_time !== null, seal: row.seal ?? '', applicant: row.applicant ?? '', purpose: row.purpose ?? '', department: row.department ?? '', category: row.category ?? '',
    document: row.document ?? '', use: Number(row.use_number), granted: Number(row.quota ?? grantedOf(row.granted, row.count)), approvers: approvers.get(row.application ?? '') ?? [],
    holders: personsOf(row.persons).map((id) => names.get(id) ?? String(id)), result: results[Number(row.result ?? 0)] ?? 'unknown', impression: impressionOf(row),
    device: row.device, intent: Number(row.intent), deviceId: row.deviceId, before: row.before, after: row.after,
  }));
}

/** A good impression on a page that differs is not good news: then the verdict stands. */
function impressionOf({ verdict, grade }: { verdict: string | null; grade: string | null }): SheetRow['impression'] {
  return (grade === null || (grade === 'good' && verdict !== 'same') ? verdict : grade) as SheetRow['impression'];
}

function personsOf(json: string | null): number[] {
  return json === null ? [] : (JSON.parse(json) as number[]);
}

/** What the approvers left of the count that was asked for. */
function grantedOf(granted: string | null, asked: number | null): number {
  if (granted !== null) return (JSON.parse(granted) as { count: number }).count;
  return Number(asked ?? 0);
}

/** Names of those who approved, in the order of the chain, of each application. */
async function approversOf(db: Db, applications: readonly string[]): Promise<Map<string, SheetRow['approvers']>> {
  const found = new Map<string, SheetRow['approvers']>();
  if (applications.length === 0) return found;
  const ids = [...new Set(applications)];
  const add = (application: string, one: SheetRow['approvers'][number]): void => void found.set(application, [...(found.get(application) ?? []), one]);
  const rows = await db
    .selectFrom('decision')
    .innerJoin('person', 'person.id', 'decision.person')
    .leftJoin('person as giver', 'giver.id', 'decision.behalf')
    .select(['decision.application', 'person.name', 'giver.name as behalf'])
    .where('decision.application', 'in', ids)
    .where('decision.verdict', '=', 'approved')
    .orderBy('decision.step')
    .execute();
  for (const { application, name, behalf } of rows) add(application, { name, behalf });
  // An authority elsewhere has approved: by its name here, with its number there.
  for (const row of await db.selectFrom('outside_instance').innerJoin('application', 'application.id', 'outside_instance.application').select(['application.id', 'outside_instance.authority', 'instance']).where('application.id', 'in', ids).execute()) {
    add(row.id, { name: `${row.authority} ${row.instance}`, behalf: null });
  }
  return found;
}

async function namesOf(db: Db, ids: readonly number[]): Promise<Map<number, string>> {
  if (ids.length === 0) return new Map();
  const rows = await db.selectFrom('person').select(['id', 'name']).where('id', 'in', [...new Set(ids)]).execute();
  return new Map(rows.map(({ id, name }) => [Number(id), name]));
}
