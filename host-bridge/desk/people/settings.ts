/** What the organisation has settled for everybody, where configuration files would be the wrong place: changed by an administrator, with a reason, on record. */
import { Problem } from '../../common/errors';
import { DESK } from '../errors';
import type { History } from '../history';
import type { Db } from '../tables';
import { roles, type Role } from './roles';

/** To whom a step goes that nobody decides: whoever stands above its approvers, or all approvers who hold a role as well. */
export const escalations = ['superior', ...roles] as const;

/** Seconds; null: never. */
export interface ReminderTimes {
  /** From when a step has come to its approvers until they are reminded. */
  after: number | null;
  /** From one reminder to the next. */
  every: number | null;
  /** From the first reminder until the step goes to others as well. */
  escalateAfter: number | null;
}

export interface Settings {
  /**
   * Who must sign electronically: who applies, also for more strokes; who decides on that; who asks for, decides on or notes what is done
   * to seals and units; who grants or rejects single strokes from afar.
   */
  signatures: { applicant: boolean; approvers: boolean; custody: boolean; strokes: boolean };
  /** What has to come back after a use, seconds. */
  papers: {
    /** From the end of a use until its stamped paper is filed, where the rule of its chain says nothing; null: it need not be. */
    archiveWithin: number | null;
    /** Before the date from when on, and how often, the applicant is reminded. */
    remindBefore: number;
    every: number;
    /** From a cross-page stroke until its applicant is reminded of the photos of its sheets; null: never. */
    sheetsAfter: number | null;
  };
  reminders: ReminderTimes & { escalateTo: 'superior' | Role };
}
export type SettingName = keyof Settings;

const DAY = 86_400;
/** Where nobody has settled anything. */
const USUAL: Settings = { reminders: { after: DAY, every: DAY, escalateAfter: 2 * DAY, escalateTo: 'superior' }, papers: { archiveWithin: null, remindBefore: DAY, every: DAY, sheetsAfter: DAY }, signatures: { applicant: false, approvers: false, custody: false, strokes: false } };

export async function settingOf<N extends SettingName>(db: Db, name: N): Promise<Settings[N]> {
  const row = await db.selectFrom('setting').select('value').where('name', '=', name).executeTakeFirst();
  return row ? { ...USUAL[name], ...(JSON.parse(row.value) as Partial<Settings[N]>) } : USUAL[name];
}

export async function allSettings(db: Db): Promise<Settings> {
  const all = { ...USUAL } as Record<string, unknown>;
  for (const name of Object.keys(USUAL) as SettingName[]) all[name] = await settingOf(db, name);
  return all as unknown as Settings;
}

export class SettingsRoom {
  constructor(private readonly history: History) {}

  /** What is not said stays as it is. @throws REASON_REQUIRED */
  async set<N extends SettingName>(name: N, value: Partial<Settings[N]>, by: number, reason: string): Promise<Settings[N]> {
    if (reason.trim() === '') throw new Problem(DESK.REASON_REQUIRED);
    return this.history.commit(async (trx) => {
      const text = JSON.stringify({ ...(await settingOf(trx, name)), ...value });
      await trx.insertInto('setting').values({ name, value: text }).onConflict((on) => on.column('name').doUpdateSet({ value: text })).execute();
      await this.history.note(trx, 'setting', { name, value: text, by, reason }, `${name} ${reason}`);
      return settingOf(trx, name);
    });
  }
}
