/** What became of what somebody approved: they are told when it is stamped and when it goes wrong, and find it in the list of what they decided. */
import { getApplication, type Application } from '../applications/applications';
import type { History, Trx } from '../history';
import { maySee } from '../people/access';
import { getPerson } from '../people/people';
import { tellOfUse, type UseNoticeKind } from '../security/notices';
import type { Db } from '../tables';
import { decisionOf, type Decision } from './approvals';

export interface Became {
  application: Application;
  /** The newest of this person. */
  decision: Decision;
  strokes: { stamped: number; failed: number; unknown: number; pending: number; /** Impressions that are not what was approved. */ differing: number; /** Unix seconds of the newest; null: none, or it had no time. */ last: number | null };
}

/** Tells those who approved it, and those in whose place they did, as long as they may see it. */
export async function tellApprovers(trx: Trx, history: History, application: string, kind: UseNoticeKind): Promise<void> {
  const rows = await trx.selectFrom('decision').select(['person', 'behalf']).where('application', '=', application).where('verdict', '=', 'approved').execute();
  const persons = new Set(rows.flatMap(({ person, behalf }) => [Number(person), ...(behalf === null ? [] : [Number(behalf)])]));
  if (persons.size === 0) return;
  const found = await getApplication(trx, application);
  const now = history.seconds();
  for (const id of persons) {
    const person = await getPerson(trx, id);
    if (await maySee(trx, person, found, now)) await tellOfUse(trx, id, kind, now, application);
  }
}

/** What this person decided and still may see, the newest first. */
export async function becameOf(db: Db, person: number, limit: number, now: number): Promise<Became[]> {
  const rows = await db.selectFrom('decision').selectAll().where((eb) => eb.or([eb('person', '=', person), eb('behalf', '=', person)])).orderBy('at', 'desc').orderBy('step', 'desc').limit(limit).execute();
  const who = await getPerson(db, person);
  const seen = new Set<string>();
  const all: Became[] = [];
  for (const row of rows) {
    if (seen.has(row.application)) continue;
    seen.add(row.application);
    const application = await getApplication(db, row.application);
    if (await maySee(db, who, application, now)) all.push({ application, decision: decisionOf(row), strokes: await strokesOf(db, application.id) });
  }
  return all;
}

async function strokesOf(db: Db, application: string): Promise<Became['strokes']> {
  const strokes = await db.selectFrom('stroke').select(['result', 'intent_time']).where('application', '=', application).execute();
  const { differing } = await db.selectFrom('impression').select(({ fn }) => fn.countAll().as('differing')).where('application', '=', application).where('verdict', '=', 'different').executeTakeFirstOrThrow();
  const of = (wanted: number): number => strokes.filter(({ result }) => result !== null && Number(result) === wanted).length;
  const [stamped, failed, pending] = [of(1), of(2), strokes.filter(({ result }) => result === null).length];
  const last = Math.max(0, ...strokes.map(({ intent_time: at }) => Number(at ?? 0)));
  return { stamped, failed, pending, unknown: strokes.length - stamped - failed - pending, differing: Number(differing), last: last === 0 ? null : last };
}
