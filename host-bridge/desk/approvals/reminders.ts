/**
 * Steps of approval that wait too long (催办): their approvers are reminded, and later the step goes to others as well (升级), who may then
 * decide it like those named. What was said stands in the database, so that a restart or another replica says nothing twice; only the
 * replica on duty acts. Nobody who has a step of their own in the chain gets another one by it: two steps stay two persons.
 */
import { getApplication } from '../applications/applications';
import { getCeremony } from '../custody/ceremonies';
import { openCase } from '../follow/cases';
import { personsOf, type Given } from '../chains/steps';
import type { History, Trx } from '../history';
import { superiorsOf } from '../people/organisation';
import { getPerson, listPeople } from '../people/people';
import { settingOf, type ReminderTimes, type Settings } from '../people/settings';
import { getSeal } from '../register/cards';
import type { Db } from '../tables';
import { decisionsOf } from './approvals';
import { delegatesOf } from '../chains/delegations';
import { getTopUp } from './topups';

export const waitingKinds = ['application', 'ceremony', 'top-up'] as const;
export type WaitingKind = (typeof waitingKinds)[number];

/** A step that waits for somebody. */
export interface Waiting {
  kind: WaitingKind;
  id: string;
  step: number;
  device: string;
  /** Unix seconds when the step came to those who decide it. */
  since: number;
  chain: number[][];
  /** Who has approved this step, of the several it takes. */
  given: Given[];
  /** Who has decided, and who asks: neither is turned to. */
  decided: number[];
  asks: number;
  /** Of the rule that gave the chain, where it says something else than the organisation. */
  own: Partial<ReminderTimes>;
}

export interface Reminder {
  kind: WaitingKind;
  id: string;
  step: number;
  since: number;
  /** How often they were reminded, and when last (Unix seconds). */
  count: number;
  last: number;
  /** When the step went to others as well, and to whom. */
  escalated: number | null;
  added: number[];
}

type Row = { kind: string; subject: string; step: number; since: number; count: number; last: number; escalated: number | null; added: string };
const reminderOf = (row: Row): Reminder => ({
  kind: row.kind as WaitingKind, id: row.subject, step: Number(row.step), since: Number(row.since), count: Number(row.count), last: Number(row.last),
  escalated: row.escalated === null ? null : Number(row.escalated), added: JSON.parse(row.added) as number[],
});

/** What is due of a step now. */
export function dueOf(times: ReminderTimes, since: number, said: Pick<Reminder, 'count' | 'last' | 'escalated'> | undefined, now: number): { remind: boolean; escalate: boolean } {
  const { after, every, escalateAfter } = times;
  if (after === null) return { remind: false, escalate: false };
  const count = said?.count ?? 0;
  const remind = count === 0 ? now >= since + after : every !== null && now >= (said?.last ?? since) + every;
  return { remind, escalate: escalateAfter !== null && (said?.escalated ?? null) === null && now >= since + after + escalateAfter };
}

/** The step that waits, as it is now; undefined: nothing waits there any more. */
export async function waitingOf(db: Db, kind: WaitingKind, id: string, now: number): Promise<Waiting | undefined> {
  if (kind === 'ceremony') {
    const one = await getCeremony(db, id);
    if (one.state !== 'asked' || one.step >= one.chain.length) return undefined;
    return { kind, id, step: one.step, device: one.device, since: one.since, chain: one.chain, given: one.given, decided: one.decided, asks: one.asked, own: {} };
  }
  const topUp = kind === 'top-up' ? await getTopUp(db, id) : undefined;
  const application = await getApplication(db, topUp?.application ?? id);
  if ((topUp ?? application).state !== 'submitted' || application.notAfter < now) return undefined;
  const { device } = await getSeal(db, application.seal);
  const row = application.rule === null ? undefined : await db.selectFrom('chain_rule').select(['remind_after', 'escalate_after']).where('id', '=', application.rule).executeTakeFirst();
  const own: Waiting['own'] = {};
  if (row && row.remind_after !== null) own.after = Number(row.remind_after);
  if (row && row.escalate_after !== null) own.escalateAfter = Number(row.escalate_after);
  const decided = topUp?.decided ?? (await decisionsOf(db, id)).flatMap((one) => personsOf([one]));
  const { step, chain, given } = topUp ?? application;
  if (step >= chain.length) return undefined; // with an outside authority, which reminds its own
  return { kind, id, step, device, since: (topUp ?? application).since, chain, given, decided, asks: application.applicant, own };
}

/** What was said of steps that still wait, oldest first. */
export async function listReminders(db: Db, now: number): Promise<{ reminder: Reminder; waiting: Waiting }[]> {
  const all: { reminder: Reminder; waiting: Waiting }[] = [];
  for (const row of await db.selectFrom('reminder').selectAll().where('done', '=', 0).orderBy('since').orderBy('subject').limit(1000).execute()) {
    const reminder = reminderOf(row);
    const waiting = await waitingOf(db, reminder.kind, reminder.id, now);
    if (waiting?.step === reminder.step) all.push({ reminder, waiting });
  }
  return all;
}

/** Looked at between two looks at the clock. */
const PAGE = 500;

export class Reminders {
  /** @param history of the replica on duty: its transactions fail where another is */
  constructor(private readonly history: History) {}

  /** Says what is due. Returns how many steps something was said of. */
  async tick(): Promise<number> {
    const { store } = this.history;
    const now = this.history.seconds();
    const { settings, least } = await store.read(async (db) => {
      const settings = await settingOf(db, 'reminders');
      const rule = await db.selectFrom('chain_rule').select((eb) => eb.fn.min('remind_after').as('least')).executeTakeFirst();
      return { settings, least: Math.min(settings.after ?? Infinity, rule?.least == null ? Infinity : Number(rule.least)) };
    });
    await this.forget(now);
    if (least === Infinity) return 0;
    let said = 0;
    for (const kind of waitingKinds) {
      for (let after = ''; ;) {
        const ids = await store.read((db) => waitingIds(db, kind, { after, before: now - least, now }));
        for (const id of ids) if (await this.look(kind, id, settings)) said += 1;
        if (ids.length < PAGE) break;
        after = ids.at(-1) as string;
      }
    }
    return said;
  }

  private async look(kind: WaitingKind, id: string, settings: Settings['reminders']): Promise<boolean> {
    const seen = await this.history.store.read((db) => this.due(db, kind, id, settings));
    if (!seen) return false;
    return this.history.commit(async (trx) => {
      const found = await this.due(trx, kind, id, settings);
      if (!found) return false;
      const { waiting, said, remind, escalate } = found;
      const now = this.history.seconds();
      const added = escalate ? await this.escalate(trx, waiting, settings) : (said?.added ?? []);
      const row = { since: waiting.since, count: (said?.count ?? 0) + (remind ? 1 : 0), last: remind ? now : (said?.last ?? now), escalated: escalate ? now : (said?.escalated ?? null), added: JSON.stringify(added), done: 0 };
      await trx.insertInto('reminder').values({ kind, subject: id, step: waiting.step, ...row }).onConflict((on) => on.columns(['kind', 'subject', 'step']).doUpdateSet(row)).execute();
      if (remind) await this.remind(trx, waiting, row.count, escalate ? added : []);
      return true;
    });
  }

  private async due(db: Db, kind: WaitingKind, id: string, settings: Settings['reminders']): Promise<{ waiting: Waiting; said: Reminder | undefined; remind: boolean; escalate: boolean } | undefined> {
    const now = this.history.seconds();
    const waiting = await waitingOf(db, kind, id, now);
    if (!waiting) return undefined;
    const row = await db.selectFrom('reminder').selectAll().where('kind', '=', kind).where('subject', '=', id).where('step', '=', waiting.step).executeTakeFirst();
    const said = row && reminderOf(row);
    const due = dueOf({ ...settings, ...waiting.own }, waiting.since, said, now);
    return due.remind || due.escalate ? { waiting, said, ...due } : undefined;
  }

  /** Says it to those who can decide now, and to whom they have delegated it. */
  private async remind(trx: Trx, waiting: Waiting, count: number, added: readonly number[]): Promise<void> {
    const { kind, id, step, asks, since, device } = waiting;
    const done = new Set([asks, ...personsOf(waiting.given)]);
    const named = [...(waiting.chain[step] ?? []), ...added].filter((person) => !done.has(person));
    const persons = [...new Set([...named, ...(await delegatesOf(trx, named, this.history.seconds())).filter((person) => !done.has(person))])];
    await this.history.note(trx, 'reminder', { type: kind, subject: id, step, count, persons, since }, `${id} ${kind} 催办`, {
      type: 'approval.reminded', device, data: { kind, id, step, count, persons, since },
    });
  }

  /** Adds to the step who stands above those who let it lie; where there is nobody, a person has to look at it. */
  private async escalate(trx: Trx, waiting: Waiting, { escalateTo }: Settings['reminders']): Promise<number[]> {
    const { kind, id, step, chain, asks, decided, device, since } = waiting;
    const taken = new Set([...chain.flat(), ...decided, asks]);
    const may = async (person: number): Promise<boolean> => !taken.has(person) && (await getPerson(trx, person)).roles.includes('approver');
    const added = new Set<number>();
    if (escalateTo === 'superior') {
      const done = personsOf(waiting.given);
      for (const person of (chain[step] ?? []).filter((one) => !done.includes(one))) {
        for (const over of await superiorsOf(trx, person)) {
          if (!(await may(over))) continue;
          added.add(over);
          break;
        }
      }
    } else for (const { id: person, roles } of await listPeople(trx)) if (roles.includes(escalateTo) && (await may(person))) added.add(person);
    const persons = [...added].sort((a, b) => a - b);
    const data = { kind, id, step, persons, since };
    await this.history.note(trx, 'escalation', { type: kind, subject: id, step, persons, since }, `${id} ${kind} 升级`, { type: 'approval.escalated', device, data });
    if (persons.length === 0) await openCase(trx, this.history, device, 'unanswered', null, { kind, id, step });
    else await addTo(trx, waiting, persons);
    return persons;
  }

  /** What was decided needs no looking at any more. */
  private async forget(now: number): Promise<void> {
    const open = await this.history.store.read(async (db) => {
      const over: Reminder[] = [];
      for (const row of await db.selectFrom('reminder').selectAll().where('done', '=', 0).limit(PAGE).execute()) {
        const reminder = reminderOf(row);
        if ((await waitingOf(db, reminder.kind, reminder.id, now))?.step !== reminder.step) over.push(reminder);
      }
      return over;
    });
    if (open.length === 0) return;
    await this.history.commit(async (trx) => {
      for (const { kind, id, step } of open) await trx.updateTable('reminder').set({ done: 1 }).where('kind', '=', kind).where('subject', '=', id).where('step', '=', step).execute();
    });
  }
}

/** Steps that have waited since before that moment, by their ids. */
async function waitingIds(db: Db, kind: WaitingKind, o: { after: string; before: number; now: number }): Promise<string[]> {
  if (kind === 'application') {
    const rows = await db.selectFrom('application').select('id').where('state', '=', 'submitted').where('not_after', '>=', o.now).where('since', '<=', o.before).where('id', '>', o.after).orderBy('id').limit(PAGE).execute();
    return rows.map(({ id }) => id);
  }
  if (kind === 'ceremony') {
    const rows = await db.selectFrom('ceremony').select('id').where('state', '=', 'asked').where('since', '<=', o.before).where('id', '>', o.after).orderBy('id').limit(PAGE).execute();
    return rows.map(({ id }) => id);
  }
  const rows = await db.selectFrom('top_up').select('id').where('state', '=', 'submitted').where('since', '<=', o.before).where('id', '>', o.after).orderBy('id').limit(PAGE).execute();
  return rows.map(({ id }) => id);
}

async function addTo(trx: Trx, { kind, id, step, chain }: Waiting, persons: readonly number[]): Promise<void> {
  if (kind === 'application') {
    for (const person of persons) await trx.insertInto('application_step').values({ application: id, step, person }).execute();
    return;
  }
  const longer = JSON.stringify(chain.map((one, i) => (i === step ? [...one, ...persons] : one)));
  if (kind === 'ceremony') await trx.updateTable('ceremony').set({ chain: longer }).where('id', '=', id).execute();
  else await trx.updateTable('top_up').set({ chain: longer }).where('id', '=', id).execute();
}
