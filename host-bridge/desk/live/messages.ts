/** What is said beside a use under way, between who is at the unit and who grants its strokes: kept with the use, in the register. */
import { COMMON, Problem } from '../../common/errors';
import { grants, type Application } from '../applications/applications';
import { DESK } from '../errors';
import type { History, Trx } from '../history';
import type { Db } from '../tables';

export interface Message {
  id: string;
  person: number;
  /** Unix seconds. */
  at: number;
  text: string;
}

/** Messages beside one application. */
const MOST = 500;
/** Characters of one. */
export const LONGEST_MESSAGE = 500;

/** Oldest first. */
export async function messagesOf(db: Db, application: string): Promise<Message[]> {
  const rows = await db.selectFrom('message').select(['id', 'person', 'at', 'text']).where('application', '=', application).orderBy('at').orderBy('id').limit(MOST).execute();
  return rows.map((row) => ({ ...row, person: Number(row.person), at: Number(row.at) }));
}

/** Whether a person takes part in a use: who applied, who opens it at the unit, who grants its strokes. Others look on. */
export async function takesPart(db: Db, application: Application, person: number): Promise<boolean> {
  return application.applicant === person || application.granted.persons.includes(person) || grants(db, application, person);
}

/** Says something beside an approved application, in the caller's transaction. @throws FORBIDDEN, WRONG_STATE, TALK_FULL, INVALID */
export async function say(trx: Trx, history: History, { application, device, person, text }: { application: Application; device: string; person: number; text: string }): Promise<Message> {
  if (!(await takesPart(trx, application, person))) throw new Problem(COMMON.FORBIDDEN, `application ${application.id}`);
  if (application.state !== 'approved') throw new Problem(DESK.WRONG_STATE, application.state);
  // What a terminal or a page would take for more than text.
  const clean = text.replace(/[\p{Cc}\p{Cf}\p{Co}]/gu, ' ').trim();
  if (clean === '') throw new Problem(COMMON.INVALID, 'text');
  const { count } = await trx.selectFrom('message').select(({ fn }) => fn.countAll().as('count')).where('application', '=', application.id).executeTakeFirstOrThrow();
  if (Number(count) >= MOST) throw new Problem(DESK.TALK_FULL, String(MOST));
  // Numbered through, so that those of one second stand in their order.
  const id = `${application.id}-${String(Number(count) + 1).padStart(4, '0')}`;
  const message = { id, person, at: history.seconds(), text: clean };
  await trx.insertInto('message').values({ ...message, application: application.id }).execute();
  await history.note(trx, 'message', { application: application.id, message: id, by: person, text: clean }, `${application.id} ${clean}`, { type: 'message', device, data: { application: application.id, message: id, person } });
  return message;
}
