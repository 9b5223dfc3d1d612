/**
 * How long documents stay that were never stamped: those of drafts that were never sent, of refused, withdrawn and expired applications, and those
 * that nobody applied with. What was granted, ever, stays as long as the register. The entry of a removal and the digests stay.
 */
import type { Duty } from '../duty';
import type { History, Trx } from '../history';
import type { Db } from '../tables';
import type { Blobs } from './blobs';

/** Milliseconds between two looks; documents removed in one; files removed at once. */
const EVERY = 3_600_000;
const BATCH = 100;
const AT_ONCE = 8;
/** States in which nothing was granted and nothing will be. */
const OVER = ['draft', 'refused', 'withdrawn', 'expired'] as const;

export interface RetentionOptions {
  /** Writes only while this replica is on duty. */
  history: History;
  duty: Duty;
  blobs: Blobs;
  /** Milliseconds that only go forward. */
  now(): number;
  /** Days after the last change of what it was for; absent: nothing is ever removed. */
  days: number | undefined;
}

/** Documents that are due, oldest first. @param before Unix seconds of the last change */
export async function dueDocuments(db: Db, before: number, limit: number): Promise<{ sha256: string; name: string }[]> {
  return db
    .selectFrom('document').select(['document.sha256', 'document.name']).where('document.removed', 'is', null).where('document.created', '<', before)
    // What any application needs or needed stays: one that goes on, was granted, was changed lately, had a permit, a code or a stroke.
    .where((eb) => eb.not(eb.exists(
      eb.selectFrom('application').select('application.id').whereRef('application.document', '=', 'document.sha256').where((one) => one.or([
        one('application.state', 'not in', OVER), one('application.updated', '>=', before),
        one.exists(one.selectFrom('permit').select('permit.id').whereRef('permit.application', '=', 'application.id')),
        one.exists(one.selectFrom('offline_code').select('offline_code.id').whereRef('offline_code.application', '=', 'application.id')),
        one.exists(one.selectFrom('stroke').select('stroke.intent').whereRef('stroke.application', '=', 'application.id')),
      ])),
    )))
    // Nor what came back of blank paper.
    .where((eb) => eb.not(eb.exists(eb.selectFrom('report_paper').select('report_paper.intent').whereRef('report_paper.document', '=', 'document.sha256'))))
    .orderBy('document.created').orderBy('document.sha256').limit(limit).execute();
}

/** How many were removed, and when first and last, Unix seconds; undefined: none. */
export async function removedDocuments(db: Db): Promise<{ count: number; first: number; last: number } | undefined> {
  const row = await db.selectFrom('document').select(({ fn }) => [fn.count('sha256').as('count'), fn.min('removed').as('first'), fn.max('removed').as('last')]).where('removed', 'is not', null).executeTakeFirstOrThrow();
  return Number(row.count) === 0 ? undefined : { count: Number(row.count), first: Number(row.first), last: Number(row.last) };
}

export class Retention {
  private looked: number | undefined;

  constructor(private readonly o: RetentionOptions) {}

  /** Looks once an hour, where this replica is on duty. Returns how many documents were removed. */
  async tick(): Promise<number> {
    const { days, now, history, duty } = this.o;
    if (days === undefined || (this.looked !== undefined && now() - this.looked < EVERY)) return 0;
    this.looked = now();
    let count = 0;
    try {
      for (let more = true; more && (await duty.take()); ) {
        const removed = await this.remove(history.seconds() - days * 86_400, days);
        count += removed;
        more = removed === BATCH;
      }
      await this.purge();
    } catch (error) {
      this.looked = undefined; // with the next look
      throw error;
    }
    return count;
  }

  /** What is due stands in the register first; then its files go. */
  private remove(before: number, days: number): Promise<number> {
    const { history } = this.o;
    return history.commit(async (trx) => {
      const due = await dueDocuments(trx, before, BATCH);
      for (const { sha256, name } of due) {
        await trx.updateTable('document').set({ removed: history.seconds() }).where('sha256', '=', sha256).execute();
        await history.note(trx, 'document-removed', { sha256: Buffer.from(sha256, 'hex'), days }, `${sha256} ${name}`);
      }
      return due.length;
    });
  }

  /** In the transaction that says so: what is handed in at the same time sees either the files or that they are gone (documents.ts). */
  private async purge(): Promise<void> {
    const { history } = this.o;
    const waiting = await history.store.read((db) => db.selectFrom('document').select('sha256').where('removed', 'is not', null).where('purged', 'is', null).orderBy('removed').execute());
    for (const { sha256 } of waiting) {
      await history.commit(async (trx) => {
        const row = await trx.selectFrom('document').select(['removed', 'purged']).where('sha256', '=', sha256).executeTakeFirst();
        if (row === undefined || row.removed === null || row.purged !== null) return;
        const files = await this.own(trx, sha256);
        for (let at = 0; at < files.length; at += AT_ONCE) await Promise.all(files.slice(at, at + AT_ONCE).map((one) => this.o.blobs.remove(one)));
        await trx.updateTable('document').set({ purged: history.seconds() }).where('sha256', '=', sha256).execute();
      });
    }
  }

  /** The document and the pictures of its pages, but what something that stays has as well. */
  private async own(trx: Trx, sha256: string): Promise<string[]> {
    const pages = await trx.selectFrom('document_page').select('sha256').where('document', '=', sha256).execute();
    const files = [...new Set([sha256, ...pages.map((page) => page.sha256)])];
    const kept = new Set<string>();
    for (let at = 0; at < files.length; at += 200) {
      const some = files.slice(at, at + 200);
      for (const row of await trx.selectFrom('document').select('sha256').where('sha256', 'in', some).where('removed', 'is', null).execute()) kept.add(row.sha256);
      for (const row of await trx.selectFrom('document_page').innerJoin('document', 'document.sha256', 'document_page.document').select('document_page.sha256').where('document_page.sha256', 'in', some).where('document.removed', 'is', null).execute()) kept.add(row.sha256);
      for (const row of await trx.selectFrom('seal').select('sample').where('sample', 'in', some).execute()) if (row.sample !== null) kept.add(row.sample);
      for (const row of await trx.selectFrom('impression').select('sample').where('sample', 'in', some).execute()) kept.add(row.sample);
    }
    return files.filter((one) => !kept.has(one));
  }
}
