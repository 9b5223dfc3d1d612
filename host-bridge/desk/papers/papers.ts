/**
 * The account that comes back (回报、归档): every stroke that may have left a stamp is named once, with the finished page or as spoiled; each
 * page is held against the photo that the unit took after the stroke. What was granted and not used is revoked with it. Until it is
 * there its applicant is reminded, and when the date has passed a person has to look.
 */
import { COMMON, Problem } from '../../common/errors';
import { getApplication, type Applications } from '../applications/applications';
import type { Comparison } from '../approvals/comparison';
import { getDocument } from '../documents/documents';
import { DESK } from '../errors';
import { openCase } from '../follow/cases';
import type { History, Trx } from '../history';
import { settingOf } from '../people/settings';
import { getSeal } from '../register/cards';
import type { Db } from '../tables';
import { getReport, type Paper, type Report } from './owed';

/** What the applicant says of one stroke. */
export interface Said {
  device: string;
  intent: number;
  document?: string | undefined;
  page?: number | undefined;
  note?: string | undefined;
}

interface Stroke {
  device: string;
  intent: number;
  /** Digest, and SHA-256 of the bytes where they are here. */
  photo: string | null;
  sha256: string | null;
}

/** Outcome of a stroke that left no stamp. */
const FAILED = 2;

async function strokesOf(db: Db, application: string): Promise<Stroke[]> {
  const rows = await db
    .selectFrom('stroke')
    .leftJoin('photo', (join) => join.onRef('photo.digest', '=', 'stroke.after').onRef('photo.device', '=', 'stroke.device'))
    .select(['stroke.device', 'stroke.intent', 'stroke.result', 'stroke.after', 'photo.sha256'])
    .where('stroke.application', '=', application)
    .orderBy('stroke.device').orderBy('stroke.intent')
    .execute();
  return rows.filter(({ result }) => Number(result ?? 0) !== FAILED).map((row) => ({ device: row.device, intent: Number(row.intent), photo: row.after, sha256: row.sha256 }));
}

export class Papers {
  constructor(
    private readonly history: History,
    private readonly applications: Applications,
    private readonly comparison: Comparison,
  ) {}

  /** Takes the account of an application, by who applied. @throws REPORT_INCOMPLETE, REPORT_BLANK, WRONG_STATE */
  async report(id: string, papers: readonly Said[], note: string | undefined, by: number): Promise<Report> {
    const { store } = this.history;
    const compared = new Map<string, Paper['verdict']>();
    // The comparison takes seconds: outside of the transaction, in which everything else is looked at again.
    for (const { document, page, sha256 } of await store.read(async (db) => (await this.check(db, id, papers, by)).filter((one) => one.document !== null && one.sha256 !== null))) {
      compared.set(`${document} ${page} ${sha256}`, await this.compare(document!, page!, sha256!));
    }
    return this.history.commit(async (trx) => {
      const checked = await this.check(trx, id, papers, by);
      const { kind, device } = await getReport(trx, id);
      const application = await getApplication(trx, id);
      const wrong: number[] = [];
      const told: (string | number | null)[][] = [];
      for (const one of checked) {
        const verdict = compared.get(`${one.document} ${one.page} ${one.sha256}`) ?? 'not-compared';
        // What was blank when it was stamped must look different now; paper for the archive must not.
        if (kind === 'archive' && verdict === 'different') wrong.push(one.intent);
        told.push([one.device, one.intent, one.document, one.page, one.pageSha256, one.photo, verdict, one.note]);
        await trx.insertInto('report_paper').values({ application: id, device: one.device, intent: one.intent, document: one.document, page: one.page, page_sha256: one.pageSha256, photo: one.photo, verdict, note: one.note }).execute();
      }
      const used = checked.length;
      const unused = Math.max(0, application.granted.count + application.granted.crossPage - used);
      await trx.updateTable('report').set({ state: 'made', made: this.history.seconds(), used, unused, note: note ?? null }).where('application', '=', id).execute();
      const pages = checked.flatMap((one) => (one.pageSha256 === null ? [] : [Buffer.from(one.pageSha256, 'hex')]));
      await this.history.note(
        trx, 'report', { application: id, type: kind, used, unused, spoiled: used - pages.length, papers: told, pages, photos: checked.flatMap((one) => (one.photo === null ? [] : [Buffer.from(one.photo, 'hex')])), by, note },
        `${id} ${kind} ${application.purpose} ${note ?? ''} 回报`, { type: 'paper.reported', device, data: { application: id, kind, used, unused } },
      );
      if (wrong.length > 0) await openCase(trx, this.history, device, 'paper-differs', null, { application: id, strokes: wrong.join(' ').slice(0, 500) });
      // The rest is revoked (B7): who has said what was used, uses no more.
      if (application.state === 'approved') await this.applications.finish(trx, application, by, 'reported');
      return getReport(trx, id);
    });
  }

  /** Holds what is said against the register and the documents. */
  private async check(db: Db, id: string, papers: readonly Said[], by: number): Promise<(Omit<Paper, 'verdict'> & { sha256: string | null })[]> {
    const application = await getApplication(db, id);
    if (application.applicant !== by) throw new Problem(COMMON.NOT_FOUND, `application ${id}`);
    const { kind, state } = await getReport(db, id);
    if (state === 'made' || state === 'void') throw new Problem(DESK.WRONG_STATE, state);
    const open = await strokesOf(db, id);
    const key = (one: { device: string; intent: number }): string => `${one.device}/${one.intent}`;
    const said = new Map(papers.map((one) => [key(one), one]));
    if (said.size !== papers.length) throw new Problem(DESK.REPORT_INCOMPLETE, 'a stroke is named twice');
    const missing = open.filter((one) => !said.has(key(one))).map(key);
    if (missing.length > 0) throw new Problem(DESK.REPORT_INCOMPLETE, missing.slice(0, 10).join(', '));
    if (said.size !== open.length) throw new Problem(DESK.REPORT_INCOMPLETE, `strokes that are none of this application: ${papers.map(key).filter((one) => !open.some((stroke) => key(stroke) === one)).slice(0, 10).join(', ')}`);
    const checked: (Omit<Paper, 'verdict'> & { sha256: string | null })[] = [];
    for (const stroke of open) {
      const { document, page, note } = said.get(key(stroke))!;
      const base = { ...stroke, note: note ?? null };
      if (document === undefined) {
        if ((note ?? '').trim() === '') throw new Problem(DESK.REASON_REQUIRED, `${key(stroke)}: neither a page nor why there is none`);
        checked.push({ ...base, document: null, page: null, pageSha256: null });
        continue;
      }
      checked.push({ ...base, document, page: page ?? 1, pageSha256: await this.finished(db, application.document, kind, document, page ?? 1, by) });
    }
    return checked;
  }

  /** SHA-256 of the picture of a finished page: handed in by who reports, there, and no blank paper any more. */
  private async finished(db: Db, approved: string, kind: Report['kind'], document: string, page: number, by: number): Promise<string> {
    const held = await db.selectFrom('document_holder').select('person').where('document', '=', document).where('person', '=', by).executeTakeFirst();
    if (!held) throw new Problem(COMMON.NOT_FOUND, `document ${document}`);
    await getDocument(db, document);
    const row = await db.selectFrom('document_page').select(['sha256', 'blank']).where('document', '=', document).where('page', '=', page).executeTakeFirst();
    if (!row) throw new Problem(COMMON.NOT_FOUND, `page ${page} of document ${document}`);
    // The file that was approved was never stamped: it cannot be what came out of it.
    const before = await db.selectFrom('document_page').select('sha256').where('document', '=', approved).where('sha256', '=', row.sha256).executeTakeFirst();
    if (before || (kind === 'blank' && Number(row.blank) !== 0)) throw new Problem(DESK.REPORT_BLANK, `page ${page} of document ${document}`);
    return row.sha256;
  }

  private async compare(document: string, page: number, photo: string): Promise<Paper['verdict']> {
    if (!this.comparison.on) return 'not-compared';
    try {
      const { compared } = await this.comparison.of(document, photo);
      return compared.verdict === 'same' && compared.page !== page ? 'different' : compared.verdict;
    } catch {
      return 'not-compared'; // a person looks at the two pictures: both digests stand in the report
    }
  }
}

/** Reminds of what is owed. @see approvals/reminders.ts */
export class PaperReminders {
  /** @param history of the replica on duty */
  constructor(private readonly history: History) {}

  async tick(): Promise<number> {
    const now = this.history.seconds();
    const { ids, times } = await this.history.store.read(async (db) => {
      const times = await settingOf(db, 'papers');
      const rows = await db
        .selectFrom('report').innerJoin('application', 'application.id', 'report.application').select('report.application')
        .where((eb) => eb.or([
          eb.and([eb('report.state', '=', 'open'), eb('application.state', 'not in', ['submitted', 'approved'])]),
          eb.and([eb('report.state', '=', 'owed'), eb('report.due', '<=', now + times.remindBefore), eb('report.last', '<=', now - times.every)]),
          eb.and([eb('report.state', '=', 'owed'), eb('report.due', '<', now), eb('report.overdue', '=', 0)]),
        ]))
        .orderBy('report.due').orderBy('report.application').limit(1000).execute();
      return { ids: rows.map(({ application }) => application), times };
    });
    for (const id of ids) await this.history.commit((trx) => this.say(trx, id, now, times));
    return ids.length;
  }

  private async say(trx: Trx, id: string, now: number, { remindBefore, every }: { remindBefore: number; every: number }): Promise<void> {
    const row = await trx.selectFrom('report').selectAll().where('application', '=', id).executeTakeFirstOrThrow();
    const application = await getApplication(trx, id);
    const { device } = await getSeal(trx, application.seal);
    const { kind } = row;
    if (row.state === 'open') {
      if (['submitted', 'approved'].includes(application.state)) return;
      // The use is over: from now on the paper is waited for.
      const due = now + Number(row.within);
      const stamped = (await strokesOf(trx, id)).length > 0;
      await trx.updateTable('report').set(stamped ? { state: 'owed', due } : { state: 'void' }).where('application', '=', id).execute();
      if (stamped) await this.tell(trx, 'paper.owed', { id, device, kind, due, applicant: application.applicant });
      return;
    }
    const due = Number(row.due);
    if (row.state !== 'owed' || due > now + remindBefore) return;
    const overdue = due < now;
    if (overdue && Number(row.overdue) === 0) {
      await trx.updateTable('report').set({ overdue: 1 }).where('application', '=', id).execute();
      await openCase(trx, this.history, device, 'paper-owed', null, { application: id, kind, due });
    }
    if (Number(row.last) > now - every) return;
    await trx.updateTable('report').set({ reminded: Number(row.reminded) + 1, last: now }).where('application', '=', id).execute();
    await this.tell(trx, overdue ? 'paper.overdue' : 'paper.due', { id, device, kind, due, applicant: application.applicant });
  }

  private async tell(trx: Trx, type: 'paper.owed' | 'paper.due' | 'paper.overdue', { id, device, kind, due, applicant }: { id: string; device: string; kind: string; due: number; applicant: number }): Promise<void> {
    const data = { application: id, kind, due, person: applicant };
    await this.history.note(trx, 'paper', { ...data, type: type.slice(6), kind: undefined, report: kind }, `${id} ${kind} 回报 催办`, { type, device, data });
  }
}
