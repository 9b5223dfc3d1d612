/** Reminds who applied of the sheets of a cross-page stroke that nobody has photographed. @see approvals/reminders.ts */
import type { History, Trx } from '../history';
import { settingOf } from '../people/settings';
import type { Db } from '../tables';
import { MAY_HAVE, sheetsOf } from './sheets';

/** Seconds back from now: of older strokes nobody has the sheets at hand any more. */
const LATELY = 31 * 86_400;

/** Strokes whose outcome came before a time and that lack photos of their sheets, the oldest first. */
function lacking(db: Db, from: number, until: number) {
  return db
    .selectFrom('stroke')
    .innerJoin('permit', (join) => join.onRef('permit.id', '=', 'stroke.permit').onRef('permit.device', '=', 'stroke.device'))
    .innerJoin('application', 'application.id', 'stroke.application')
    .innerJoin('record', (join) => join.onRef('record.device', '=', 'stroke.device').onRef('record.seq', '=', 'stroke.outcome'))
    .leftJoin('sheet_reminder', (join) => join.onRef('sheet_reminder.device', '=', 'stroke.device').onRef('sheet_reminder.intent', '=', 'stroke.intent'))
    .select(['stroke.device', 'stroke.intent', 'application.id as application', 'application.applicant', 'sheet_reminder.reminded'])
    .where('permit.cross_page', '=', 1).where('stroke.result', 'in', MAY_HAVE)
    .where('record.at', '<=', until).where('record.at', '>', from)
    .where(({ not, exists, selectFrom }) => not(exists(selectFrom('sheet_photo').select('sheet_photo.sheet').whereRef('sheet_photo.device', '=', 'stroke.device').whereRef('sheet_photo.intent', '=', 'stroke.intent').whereRef('sheet_photo.sheet', '=', 'sheet_photo.sheets'))))
    .orderBy('record.at').orderBy('stroke.device').orderBy('stroke.intent');
}

export class SheetReminders {
  /** @param history of the replica on duty */
  constructor(private readonly history: History) {}

  /** Returns how many were told. */
  async tick(): Promise<number> {
    const now = this.history.seconds();
    const { sheetsAfter, every } = await this.history.store.read((db) => settingOf(db, 'papers'));
    if (sheetsAfter === null) return 0;
    const due = await this.history.store.read((db) =>
      lacking(db, now - LATELY, now - sheetsAfter).where((eb) => eb.or([eb('sheet_reminder.last', 'is', null), eb('sheet_reminder.last', '<=', now - every)])).limit(1000).execute());
    let told = 0;
    for (const one of due) if (await this.history.commit((trx) => this.say(trx, one, now))) told += 1;
    return told;
  }

  private async say(trx: Trx, { device, intent, application, applicant, reminded }: { device: string; intent: number; application: string; applicant: number; reminded: number | null }, now: number): Promise<boolean> {
    const { open, complete, sheets, photos, round } = await sheetsOf(trx, device, Number(intent));
    // Nothing can come of it, or the last photo came in between.
    if (!open || complete) return false;
    const at = { device, intent: Number(intent) };
    const row = { reminded: Number(reminded ?? 0) + 1, last: now };
    await trx.insertInto('sheet_reminder').values({ ...at, ...row }).onConflict((on) => on.columns(['device', 'intent']).doUpdateSet(row)).execute();
    const data = { application, intent: Number(intent), sheets, here: photos.filter((one) => one.round === round).length, person: Number(applicant) };
    await this.history.note(trx, 'sheets-due', { device: Buffer.from(device, 'hex'), ...data }, `${device} ${application} 骑缝 催办`, { type: 'sheets.due', device, data });
    return true;
  }
}
