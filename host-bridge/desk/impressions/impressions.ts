/**
 * The impression on the page, judged once its photo is here: one at a time, by the replica on duty, in a process of its own. What is due is found in
 * the tables, so nothing is lost with a restart; no stroke and no record waits for it, and a verdict takes nothing back: it is for people.
 */
import type { Clock } from '../../common/clock';
import { Problem } from '../../common/errors';
import type { Log } from '../../common/log';
import { INSPECTION } from '../../inspection/errors';
import type { Asked, Told } from '../../inspection/service';
import { tellApprovers } from '../approvals/became';
import { canonical } from '../audit/expected';
import type { Blobs } from '../documents/blobs';
import type { Duty } from '../duty';
import { DESK } from '../errors';
import { openCase } from '../follow/cases';
import type { History } from '../history';
import { failedOf, judgedOf, type Judge, type Judged } from './judged';
import { askedOf, nextDue, type Due } from './due';
import { judgedTogether } from './together';

export interface ImpressionsOptions {
  /** Writes only while this replica is on duty. */
  history: History;
  duty: Duty;
  clock: Clock;
  log: Log;
  documents: Blobs;
  photos: Blobs;
  /** Absent: impressions are not judged. */
  judge: Judge | undefined;
}

/** Seconds from the begin of each try on until the next one; after as many there is none. */
const AGAIN = [60, 600, 3600] as const;
/** Seconds until what met a full queue, or files that cannot be reached now, is looked at again. */
const BUSY = 30;
/** Files that no further try would read. */
const UNFIT = /^(PHOTO|DOCUMENT|APPROVED|PAGE)_/;
/** Where files are does not answer, or they are under another key. */
const AWAY = /^(STORE_|FILE_KEY$)/;
/** Pictures kept for who looks at them again: each is half a megabyte. */
const KEPT = 16;

const keyOf = ({ device, intent }: Pick<Due, 'device' | 'intent'>): string => `${device} ${intent}`;

export class Impressions {
  private running: Promise<void> | undefined;
  private more = false;
  private closed = false;
  private halt = (): void => undefined;
  private readonly halted = new Promise<'halted'>((resolve) => (this.halt = () => resolve('halted')));
  private readonly kept = new Map<string, Promise<Buffer>>();

  constructor(private readonly o: ImpressionsOptions) {}

  /** Whether this desk judges impressions. */
  get on(): boolean {
    return this.o.judge !== undefined;
  }

  /** Judges all that is due, where this replica is on duty; resolves when nothing is. Never rejects. */
  tick(): Promise<void> {
    if (!this.on || this.closed) return Promise.resolve();
    this.more = true;
    return (this.running ??= this.all()
      .catch((error: unknown) => this.o.log.error('impressions not judged', { why: error instanceof Problem ? error.code : String(error) }))
      .finally(() => (this.running = undefined)));
  }

  /** Ends what is under way, and begins nothing more. */
  async stop(): Promise<void> {
    this.closed = true;
    this.halt();
    await this.running;
  }

  private async all(): Promise<void> {
    const { duty, history, judge } = this.o;
    while (this.more) {
      this.more = false;
      while (!this.closed && (await duty.take())) {
        const due = await history.store.read((db) => nextDue(db, history.seconds()));
        if (due === undefined) break;
        await this.one(due);
      }
    }
    judge?.rest();
  }

  private async one(due: Due): Promise<void> {
    const { history, log } = this.o;
    if (due.tries >= AGAIN.length) return this.store(due, failedOf(new Problem(INSPECTION[due.code === INSPECTION.INSPECTION_TIMEOUT.code ? 'INSPECTION_TIMEOUT' : 'INSPECTION_FAILED'])));
    const { device, intent } = due;
    const at = { device, intent };
    // Counted before it begins: what takes the desk down with it does not do so for ever.
    const tried = { tries: due.tries + 1, next: history.seconds() + AGAIN[due.tries]!, code: due.code };
    await history.commit((trx) => trx.insertInto('impression_try').values({ ...at, ...tried }).onConflict((on) => on.columns(['device', 'intent']).doUpdateSet(tried)).execute());
    let judged: Judged | 'halted';
    try {
      judged = await Promise.race([this.judge(due), this.halted]);
    } catch (error) {
      const problem = error instanceof Problem ? error : new Problem(INSPECTION.INSPECTION_FAILED, { cause: error });
      // People look at pictures just now, or the files are away or locked: that was no try, and says nothing of the photo.
      if (problem.code === INSPECTION.INSPECTION_BUSY.code) return this.back(due, BUSY);
      if (AWAY.test(problem.code)) {
        log.warn('impression waits for its files', { device, intent, code: problem.code });
        return this.back(due, BUSY);
      }
      // A file that cannot be read will not be read the next time; what broke may do better.
      const final = UNFIT.test(problem.code) || tried.tries >= AGAIN.length;
      log.warn('impression not judged', { device, intent, code: problem.code, try: tried.tries, final });
      if (!final) {
        await history.commit((trx) => trx.updateTable('impression_try').set({ code: problem.code }).where('device', '=', device).where('intent', '=', intent).execute());
        return;
      }
      judged = failedOf(problem);
    }
    if (judged !== 'halted') return this.store(due, judged);
    return this.back(due, 0); // the desk is shut down: that was no try
  }

  /** Takes a try back; not before so many seconds. */
  private async back({ device, intent, tries }: Due, seconds: number): Promise<void> {
    const { history } = this.o;
    await history.commit((trx) => trx.updateTable('impression_try').set({ tries, next: history.seconds() + seconds }).where('device', '=', device).where('intent', '=', intent).execute());
  }

  /** Looks at both photos, or at those of the sheets. */
  private async judge(due: Due): Promise<Judged> {
    if (due.sheets) {
      this.kept.delete(keyOf(due)); // of an earlier set
      const told = await this.o.judge!.crossPage(...(await this.sheetFiles(due, due.sheets.photos)));
      if (told.picture) this.keep(keyOf(due), Promise.resolve(told.picture));
      return judgedTogether(told);
    }
    const asked = await this.files(due);
    let before: Told | undefined;
    const earlier = due.beforeSha256 === null ? undefined : await this.o.photos.get(due.beforeSha256);
    if (earlier !== undefined) {
      try {
        before = await this.o.judge!.inspect({ ...asked, photo: earlier, after: { sample: asked.after.sample, size: due.size } });
      } catch (error) {
        // Without it what lay there before would count as this stroke's: only a photo that can never be judged is done without.
        if (!(error instanceof Problem) || !UNFIT.test(error.code)) throw error;
        this.o.log.debug('photo before the stroke not judged', { device: due.device, intent: due.intent, why: error.code });
      }
    }
    const after = await this.o.judge!.inspect({ ...asked, picture: true, after: { ...asked.after, ...(before?.impressions ? { earlier: before.impressions } : {}) } });
    if (after.picture) this.keep(keyOf(due), Promise.resolve(after.picture));
    return judgedOf(before, after);
  }

  /** @throws NOT_COMPARED where a file is not there */
  private async files(due: Due): Promise<Asked & { after: NonNullable<Asked['after']> }> {
    const { documents, photos } = this.o;
    const [approved, sample, photo] = [await documents.get(due.document), await documents.get(due.sample), await photos.get(due.sha256)];
    if (!approved || !sample || !photo) throw new Problem(DESK.NOT_COMPARED, approved ? (sample ? 'photo' : 'sample') : 'document');
    return { approved, photo, after: { sample, size: due.size, marks: due.marks } };
  }

  /** @throws NOT_COMPARED where a file is not there */
  private async sheetFiles(due: Due, names: readonly string[]): Promise<Parameters<Judge['crossPage']>> {
    const { documents, photos } = this.o;
    const [approved, sample] = [await documents.get(due.document), await documents.get(due.sample)];
    const sheets: Buffer[] = [];
    for (const name of names) {
      const photo = await photos.get(name);
      if (photo) sheets.push(photo);
    }
    if (!approved || !sample || sheets.length < names.length) throw new Problem(DESK.NOT_COMPARED, approved ? (sample ? 'photo' : 'sample') : 'document');
    return [approved, sheets, sample, { size: due.size, picture: true }];
  }

  private async store(due: Due, judged: Judged): Promise<void> {
    const { history } = this.o;
    const { device, intent, application, document, photo, sample, sheets } = due;
    const round = sheets?.round ?? 0;
    const { verdict, grade, page, ...told } = judged;
    const text = canonical({ ...told, size: due.size });
    await history.commit(async (trx) => {
      const entry = await history.note(
        trx, 'impression',
        { device: Buffer.from(device, 'hex'), intent, application, document: Buffer.from(document, 'hex'), photo: Buffer.from(photo, 'hex'), sample: Buffer.from(sample, 'hex'), verdict, grade, page, told: text, ...(sheets ? { round, sheets: sheets.photos.map((one) => Buffer.from(one, 'hex')) } : {}) },
        `${device} ${application} ${verdict} ${grade ?? ''} ${told.reasons.map(({ code }) => code).join(' ')} 印迹`,
        { type: 'impression', device, data: { application, intent, verdict, grade } },
      );
      const row = { application, document, photo, sample, verdict, grade, page, told: text, at: history.seconds(), entry, round };
      const insert = trx.insertInto('impression').values({ device, intent, ...row });
      // Of one photo it is written once; a later set of sheets takes the place of one that was not good.
      await (sheets ? insert.onConflict((on) => on.columns(['device', 'intent']).doUpdateSet(row)) : insert).execute();
      await trx.deleteFrom('impression_try').where('device', '=', device).where('intent', '=', intent).execute();
      if (verdict !== 'different') return;
      await openCase(trx, history, device, 'impression', intent, { application, intent, found: grade ?? 'page', reasons: told.reasons.map(({ code }) => code).join(' '), ...(sheets ? { round } : {}) });
      await tellApprovers(trx, history, application, 'use-differs');
    });
  }

  /**
   * The page after a stroke that was judged, with frames: JPEG. Takes some seconds where it was not looked at lately.
   * @throws NOT_FOUND, NOT_COMPARED, and what the inspection throws
   */
  picture(device: string, intent: number): Promise<Buffer> {
    const key = keyOf({ device, intent });
    const known = this.kept.get(key);
    if (known) return known;
    const drawn = this.draw(device, intent);
    this.keep(key, drawn);
    drawn.catch(() => this.kept.delete(key)); // what failed may go well the next time
    return drawn;
  }

  private keep(key: string, picture: Promise<Buffer>): void {
    this.kept.set(key, picture);
    for (const old of [...this.kept.keys()].slice(0, Math.max(0, this.kept.size - KEPT))) this.kept.delete(old);
  }

  private async draw(device: string, intent: number): Promise<Buffer> {
    const { judge, history } = this.o;
    const asked = await history.store.read((db) => askedOf(db, device, intent));
    if (!judge) throw new Problem(DESK.NOT_COMPARED, 'comparePages');
    const { due, earlier } = asked;
    const files = due.sheets ? undefined : await this.files(due);
    const { picture } = files ? await judge.inspect({ ...files, picture: true, after: { ...files.after, earlier } }) : await judge.crossPage(...(await this.sheetFiles(due, due.sheets!.photos)));
    if (this.running === undefined) judge.rest();
    if (!picture) throw new Problem(DESK.NOT_COMPARED, 'picture');
    return picture;
  }
}
