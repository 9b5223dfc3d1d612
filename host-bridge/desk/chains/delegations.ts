/**
 * Delegation (委托审批): an approver names another who decides in their place for a set time. It hands on what the giver could decide
 * themselves and nothing else: not what they applied for, not what somebody delegated to them.
 */
import { COMMON, Problem } from '../../common/errors';
import { DESK } from '../errors';
import type { History, Trx } from '../history';
import { getPerson } from '../people/people';
import type { Db } from '../tables';

/** Longest, seconds. */
const LONGEST = 92 * 86_400;

export interface Delegation {
  id: string;
  giver: number;
  delegate: number;
  /** Unix seconds; from this one on, before that one. */
  from: number;
  until: number;
  reason: string;
  created: number;
  /** When the giver ended it before its time. */
  ended: number | null;
}

interface Row {
  id: string; giver: number; delegate: number; not_before: number; until: number; reason: string; created: number; ended: number | null;
}

const delegationOf = (row: Row): Delegation => ({
  id: row.id, giver: Number(row.giver), delegate: Number(row.delegate), from: Number(row.not_before), until: Number(row.until), reason: row.reason, created: Number(row.created),
  ended: row.ended === null ? null : Number(row.ended),
});

/** Newest first; of one person (given or taken over) where said. */
export async function listDelegations(db: Db, person?: number): Promise<Delegation[]> {
  let query = db.selectFrom('delegation').selectAll();
  if (person !== undefined) query = query.where((eb) => eb.or([eb('giver', '=', person), eb('delegate', '=', person)]));
  return (await query.orderBy('created', 'desc').orderBy('id').limit(1000).execute()).map(delegationOf);
}

async function getDelegation(db: Db, id: string): Promise<Delegation> {
  const row = await db.selectFrom('delegation').selectAll().where('id', '=', id).executeTakeFirst();
  if (!row) throw new Problem(COMMON.NOT_FOUND, `delegation ${id}`);
  return delegationOf(row);
}

/** In whose place a person may decide now; a giver who approves no longer hands nothing on. */
export async function giversOf(db: Db, delegate: number, now: number): Promise<number[]> {
  const rows = await db
    .selectFrom('delegation')
    .innerJoin('person', 'person.id', 'delegation.giver')
    .select(['delegation.giver', 'person.roles'])
    .where('delegation.delegate', '=', delegate)
    .where('delegation.not_before', '<=', now)
    .where('delegation.until', '>', now)
    .where('delegation.ended', 'is', null)
    .orderBy('delegation.giver')
    .execute();
  return [...new Set(rows.filter(({ roles }) => roles.split(' ').includes('approver')).map(({ giver }) => Number(giver)))];
}

/** To whom these persons have delegated their decisions now. */
export async function delegatesOf(db: Db, givers: readonly number[], now: number): Promise<number[]> {
  if (givers.length === 0) return [];
  const rows = await db
    .selectFrom('delegation').select('delegate').where('giver', 'in', [...givers]).where('not_before', '<=', now).where('until', '>', now).where('ended', 'is', null).orderBy('delegate').execute();
  return [...new Set(rows.map(({ delegate }) => Number(delegate)))];
}

/** For whom a person decides a step: themselves where they are named, else who has delegated it to them; undefined: nobody. `asks` hands on nothing. */
export async function decidesFor(db: Db, step: readonly number[], person: number, o: { asks: number; now: number; decided: readonly number[] }): Promise<number | undefined> {
  if (step.includes(person)) return person;
  const givers = (await giversOf(db, person, o.now)).filter((giver) => step.includes(giver) && giver !== o.asks);
  return givers.find((giver) => !o.decided.includes(giver)) ?? givers[0];
}

/** Ends all that go on or begin later, by nobody. Returns how many. */
export async function endDelegations(trx: Trx, history: History): Promise<number> {
  const now = history.seconds();
  const open = await trx.selectFrom('delegation').select('id').where('ended', 'is', null).where('until', '>', now).orderBy('id').execute();
  for (const { id } of open) {
    await trx.updateTable('delegation').set({ ended: now }).where('id', '=', id).execute();
    await note(trx, history, id, 'ended', 0);
  }
  return open.length;
}

async function note(trx: Trx, history: History, id: string, what: 'given' | 'ended', by: number): Promise<Delegation> {
  const one = await getDelegation(trx, id);
  const names = [await getPerson(trx, one.giver), await getPerson(trx, one.delegate)].map(({ name }) => name);
  await history.note(trx, 'delegation', { delegation: id, what, giver: one.giver, delegate: one.delegate, from: one.from, until: one.until, reason: one.reason, by }, `${id} ${names.join(' ')} ${one.reason}`);
  return one;
}

export class Delegations {
  constructor(private readonly history: History) {}

  /** @throws INVALID where the delegate is no approver or is the giver, WINDOW */
  async give(giver: number, o: { delegate: number; from?: number | undefined; until: number; reason: string }): Promise<Delegation> {
    const now = this.history.seconds();
    const from = o.from ?? now;
    if (o.reason.trim() === '') throw new Problem(DESK.REASON_REQUIRED);
    if (o.until <= from || o.until <= now) throw new Problem(DESK.WINDOW, 'it ends before it begins, or has passed');
    if (o.until - from > LONGEST) throw new Problem(DESK.WINDOW, `longer than ${LONGEST / 86_400} days`);
    return this.history.commit(async (trx) => {
      if (o.delegate === giver) throw new Problem(COMMON.INVALID, 'to oneself');
      if (!(await getPerson(trx, o.delegate)).roles.includes('approver')) throw new Problem(COMMON.INVALID, `person ${o.delegate} is not an approver`);
      const id = this.history.newId(8);
      await trx.insertInto('delegation').values({ id, giver, delegate: o.delegate, not_before: from, until: o.until, reason: o.reason, created: now, ended: null }).execute();
      return note(trx, this.history, id, 'given', giver);
    });
  }

  /** Ends it before its time, by who gave it. */
  async end(id: string, by: number): Promise<Delegation> {
    return this.history.commit(async (trx) => {
      const one = await getDelegation(trx, id);
      if (one.giver !== by) throw new Problem(COMMON.NOT_FOUND, `delegation ${id}`);
      if (one.ended !== null || one.until <= this.history.seconds()) throw new Problem(DESK.WRONG_STATE, 'it is over');
      await trx.updateTable('delegation').set({ ended: this.history.seconds() }).where('id', '=', id).execute();
      return note(trx, this.history, id, 'ended', by);
    });
  }
}
