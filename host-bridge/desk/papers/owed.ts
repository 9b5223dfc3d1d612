/**
 * What has to come back after a use: an account of blank paper (B7), and stamped paper for the archive where the rule says so. One row an
 * application; made when the exception is granted, or with the first stroke.
 */
import { COMMON, Problem } from '../../common/errors';
import type { Application } from '../applications/applications';
import { settingOf } from '../people/settings';
import { DESK } from '../errors';
import { openCase } from '../follow/cases';
import type { History, Trx } from '../history';
import type { Db } from '../tables';

export const reportKinds = ['blank', 'archive'] as const;
/** open: the use is not over yet; void: nothing was stamped after all. */
export const reportStates = ['open', 'owed', 'made', 'void'] as const;

/** What became of one stroke. */
export interface Paper {
  device: string;
  /** Sequence number of the stroke's intent. */
  intent: number;
  /** The finished page; null: the sheet was spoiled (作废). */
  document: string | null;
  page: number | null;
  /** SHA-256 of the picture of that page, and digest of the photo after the stroke: what was held against each other. */
  pageSha256: string | null;
  photo: string | null;
  verdict: 'same' | 'different' | 'unreadable' | 'not-compared';
  note: string | null;
}

export interface Report {
  application: string;
  kind: (typeof reportKinds)[number];
  state: (typeof reportStates)[number];
  applicant: number;
  seal: string;
  device: string;
  purpose: string;
  /** Unix seconds until when; null while the use is not over. */
  due: number | null;
  reminded: number;
  made: number | null;
  /** Strokes accounted for, and those that were granted and never made. */
  used: number | null;
  unused: number | null;
  note: string | null;
  papers: Paper[];
}

/** Where a rule says nothing: as the organisation has settled it. Null: nothing has to be filed. */
async function archiveWithin(db: Db, rule: string | null): Promise<number | null> {
  const row = rule === null ? undefined : await db.selectFrom('chain_rule').select('archive_within').where('id', '=', rule).executeTakeFirst();
  if (row && row.archive_within !== null) return Number(row.archive_within);
  return (await settingOf(db, 'papers')).archiveWithin;
}

/** With the grant of a blank-paper exception. */
export async function owesReport(trx: Trx, application: Pick<Application, 'id' | 'blank' | 'reportBy'>): Promise<void> {
  if (!application.blank || application.reportBy === null) return;
  await trx.insertInto('report').values({ application: application.id, kind: 'blank', state: 'owed', within: 0, due: application.reportBy, reminded: 0, last: 0, overdue: 0, made: null, used: null, unused: null, note: null }).execute();
}

/** With a stroke of an application. */
export async function owesPaper(trx: Trx, history: History, application: string, stroke: { device: string; seq: number }): Promise<void> {
  const known = await trx.selectFrom('report').select(['state', 'kind']).where('application', '=', application).executeTakeFirst();
  // Made before the unit heard that it was over, and told after the account was given: it stands in no account.
  if (known?.state === 'made') await openCase(trx, history, stroke.device, 'paper-owed', stroke.seq, { application, kind: known.kind, intent: stroke.seq });
  if (known?.state === 'void') await trx.updateTable('report').set({ state: 'open' }).where('application', '=', application).execute();
  if (known) return;
  const { rule } = await trx.selectFrom('application').select('rule').where('id', '=', application).executeTakeFirstOrThrow();
  const within = await archiveWithin(trx, rule);
  if (within === null) return;
  await trx.insertInto('report').values({ application, kind: 'archive', state: 'open', within, due: null, reminded: 0, last: 0, overdue: 0, made: null, used: null, unused: null, note: null }).execute();
}

/** @throws REPORT_OWED where somebody asks for blank paper who has not accounted for the last in time */
export async function checkNoneOwed(db: Db, applicant: number, now: number): Promise<void> {
  const row = await db
    .selectFrom('report').innerJoin('application', 'application.id', 'report.application').select('report.application')
    .where('application.applicant', '=', applicant).where('report.kind', '=', 'blank').where('report.state', '=', 'owed').where('report.due', '<', now).executeTakeFirst();
  if (row) throw new Problem(DESK.REPORT_OWED, `application ${row.application}`);
}

function reports(db: Db) {
  return db
    .selectFrom('report').innerJoin('application', 'application.id', 'report.application').innerJoin('seal', 'seal.id', 'application.seal')
    .select(['report.application', 'report.kind', 'report.state', 'report.due', 'report.reminded', 'report.made', 'report.used', 'report.unused', 'report.note', 'application.applicant', 'application.seal', 'application.purpose', 'seal.device']);
}

type Row = Awaited<ReturnType<ReturnType<typeof reports>['execute']>>[number];
const orNull = (value: number | null): number | null => (value === null ? null : Number(value));

async function reportOf(db: Db, row: Row): Promise<Report> {
  const papers = await db.selectFrom('report_paper').selectAll().where('application', '=', row.application).orderBy('device').orderBy('intent').execute();
  return {
    application: row.application, kind: row.kind as Report['kind'], state: row.state as Report['state'], applicant: Number(row.applicant), seal: row.seal, device: row.device, purpose: row.purpose,
    due: orNull(row.due), reminded: Number(row.reminded), made: orNull(row.made), used: orNull(row.used), unused: orNull(row.unused), note: row.note,
    papers: papers.map((paper) => ({
      device: paper.device, intent: Number(paper.intent), document: paper.document, page: orNull(paper.page), pageSha256: paper.page_sha256, photo: paper.photo, verdict: paper.verdict as Paper['verdict'], note: paper.note,
    })),
  };
}

export async function getReport(db: Db, application: string): Promise<Report> {
  const row = await reports(db).where('report.application', '=', application).executeTakeFirst();
  if (!row) throw new Problem(COMMON.NOT_FOUND, `report of application ${application}`);
  return reportOf(db, row);
}

/** What is owed first, by its date; of one applicant where said. */
export async function listReports(db: Db, q: { state?: Report['state'] | undefined; applicant?: number | undefined }): Promise<Report[]> {
  let query = reports(db);
  if (q.state !== undefined) query = query.where('report.state', '=', q.state);
  if (q.applicant !== undefined) query = query.where('application.applicant', '=', q.applicant);
  const all: Report[] = [];
  for (const row of await query.orderBy('report.due', (due) => due.asc().nullsLast()).orderBy('report.application').limit(500).execute()) all.push(await reportOf(db, row));
  return all;
}
