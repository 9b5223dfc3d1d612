/** Which objects a person may see: role first (roles.ts), then what they have to do with the object. */
import type { FastifyRequest } from 'fastify';
import { COMMON, Problem } from '../../common/errors';
import { DESK } from '../errors';
import type { Application } from '../applications/applications';
import { giversOf } from '../chains/delegations';
import { getSeal } from '../register/cards';
import type { Db } from '../tables';
import { getPerson, type Person } from './people';

/** Number of the person who calls. */
export function callerOf(request: FastifyRequest): number {
  const id = Number(request.principal?.name);
  if (!Number.isSafeInteger(id)) throw new Problem(COMMON.UNAUTHENTICATED);
  return id;
}

/** May see every application and document: those who check others. */
export function seesAll(person: Person): boolean {
  return person.roles.includes('auditor') || person.roles.includes('admin');
}

/** Whether a person may see an application: their own, one they decide on, one of a seal they keep, one they decide on in another's place. */
export async function maySee(db: Db, person: Person, application: Application, now: number): Promise<boolean> {
  if (seesAll(person) || application.applicant === person.id) return true;
  if (application.state === 'draft') return false;
  if (application.chain.some((step) => step.includes(person.id)) || application.granted.persons.includes(person.id) || application.operator === person.id) return true;
  const givers = await giversOf(db, person.id, now);
  if (application.applicant !== person.id && application.chain.some((step) => step.some((one) => givers.includes(one)))) return true;
  // To whom a top-up has gone because nobody decided it: they look at what it is for.
  const open = await db.selectFrom('top_up').select('chain').where('application', '=', application.id).where('state', '=', 'submitted').where('chain', 'is not', null).execute();
  if (open.some(({ chain }) => (JSON.parse(chain ?? '[]') as number[][]).flat().includes(person.id))) return true;
  const { custodian, deputy, deputyUntil } = await getSeal(db, application.seal);
  return custodian === person.id || (deputy === person.id && (deputyUntil ?? 0) > now);
}

/** Throws NOT_KEEPER unless the caller keeps a seal on this device, for themselves or now in another's place, or is an administrator: whoever acts on it answers for it. */
export async function checkKeeper(db: Db, caller: number, device: string, now: number): Promise<void> {
  if ((await getPerson(db, caller)).roles.includes('admin')) return;
  const kept = await db
    .selectFrom('seal')
    .select('id')
    .where('device', '=', device)
    .where((eb) => eb.or([eb('custodian', '=', caller), eb.and([eb('deputy', '=', caller), eb('deputy_until', '>', now)])]))
    .executeTakeFirst();
  if (!kept) throw new Problem(DESK.NOT_KEEPER, device);
}

/** Throws NOT_FOUND where a person may not see a document, so that guessing hashes tells nothing. */
export async function checkDocument(db: Db, caller: number, sha256: string, now: number): Promise<void> {
  const person = await getPerson(db, caller);
  if (seesAll(person)) return;
  const own = await db.selectFrom('document_holder').select('person').where('document', '=', sha256).where('person', '=', caller).executeTakeFirst();
  if (own) return;
  const deciding = [caller, ...(await giversOf(db, caller, now))];
  const mine = await db
    .selectFrom('application')
    .leftJoin('application_step', 'application_step.application', 'application.id')
    .innerJoin('seal', 'seal.id', 'application.seal')
    .select('application.id')
    .where('application.document', '=', sha256)
    .where((eb) =>
      eb.or([
        eb('application.applicant', '=', caller),
        eb.and([eb('application.state', '!=', 'draft'), eb.or([eb('application_step.person', 'in', deciding), eb('seal.custodian', '=', caller), eb('application.operator', '=', caller)])]),
      ]),
    )
    .executeTakeFirst();
  if (!mine) throw new Problem(COMMON.NOT_FOUND, `document ${sha256}`);
}
