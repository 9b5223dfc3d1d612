/** Decisions on applications, step by step of their chains; who may, and what it takes, is judged in chains/steps.ts. */
import type { Selectable } from 'kysely';
import { COMMON, Problem } from '../../common/errors';
import { actOf, getApplication, policyOf, type Application, type Applications, type Granted, type Narrow } from '../applications/applications';
import { keepHolders } from '../applications/holders';
import type { Permits } from '../authority/permits';
import { placeWithin } from '../authority/within';
import { fencesClaim } from '../authority/place';
import type { AuthenticationResponseJSON } from '@simplewebauthn/server';
import type { Signatures } from '../signatures/signatures';
import { giversOf } from '../chains/delegations';
import { personsOf, type Awaited, type Decided, type Steps, type Word } from '../chains/steps';
import { DESK } from '../errors';
import type { History, Trx } from '../history';
import { enrolmentsOf, getSeal } from '../register/cards';
import type { Db, Tables } from '../tables';

export interface DecisionInput extends Word {
  /** Only with an approval. */
  narrow?: Narrow;
  /** Electronic signature over the decision. */
  signature?: AuthenticationResponseJSON | undefined;
}

export interface Decision {
  id: string;
  application: string;
  step: number;
  person: number;
  /** In whose place, where not for themselves. */
  behalf: number | null;
  verdict: string;
  reason: string | null;
  narrow: Narrow | null;
  content: string;
  at: number;
}

export function decisionOf(row: Selectable<Tables['decision']>): Decision {
  return {
    id: row.id, application: row.application, step: Number(row.step), person: Number(row.person), behalf: row.behalf === null ? null : Number(row.behalf), verdict: row.verdict, reason: row.reason,
    narrow: row.narrow === null ? null : (JSON.parse(row.narrow) as Narrow), content: row.content, at: Number(row.at),
  };
}

export async function decisionsOf(db: Db, application: string): Promise<Decision[]> {
  return (await db.selectFrom('decision').selectAll().where('application', '=', application).orderBy('step').orderBy('at').execute()).map(decisionOf);
}

/** An application as what waits for a decision. */
async function awaitedOf(db: Db, application: Application): Promise<Awaited> {
  const decided = (await decisionsOf(db, application.id)).flatMap((one) => personsOf([one]));
  return { ...application, decided, asks: application.applicant };
}

/**
 * The granted bounds after a narrowing: fewer strokes, a shorter window, a smaller place, and more persons who must all be there (fewer would
 * be less asked of them). WIDENED or WINDOW.
 */
export function narrowed(granted: Granted, narrow: Narrow): Granted {
  const next = { ...granted, ...narrow };
  if (next.crossPage > granted.crossPage || next.count > granted.count || next.notBefore < granted.notBefore || next.notAfter > granted.notAfter) throw new Problem(DESK.WIDENED);
  if (!granted.persons.every((person) => next.persons.includes(person)) || !placeWithin(next.place ?? {}, granted.place)) throw new Problem(DESK.WIDENED);
  if (new Set(next.persons).size !== next.persons.length) throw new Problem(COMMON.INVALID, 'a person is named twice');
  if (next.place) fencesClaim(next.place);
  if (next.notAfter <= next.notBefore) throw new Problem(DESK.WINDOW);
  return next;
}

export class Approvals {
  constructor(
    private readonly history: History,
    private readonly applications: Applications,
    private readonly permits: Permits,
    private readonly signatures: Signatures,
    private readonly steps: Steps,
  ) {}

  /** Applications that wait for this person. */
  async tasks(person: number): Promise<Application[]> {
    return this.history.store.read(async (db) => {
      const rows = await db
        .selectFrom('application')
        .innerJoin('application_step', 'application_step.application', 'application.id')
        .select(['application.id', 'application.created'])
        .distinct()
        .where('application.state', '=', 'submitted')
        .where('application.not_after', '>=', this.history.seconds())
        .whereRef('application.step', '=', 'application_step.step')
        .where('application_step.person', 'in', [person, ...(await giversOf(db, person, this.history.seconds()))])
        .orderBy('application.created')
        .orderBy('application.id')
        .limit(500)
        .execute();
      const all: Application[] = [];
      for (const { id } of rows) {
        const application = await getApplication(db, id);
        if (await this.steps.waitsFor(db, await awaitedOf(db, application), person)) all.push(application);
      }
      return all;
    });
  }

  /** Decides the step that is due. The last approval issues the permit. */
  async decide(id: string, person: number, input: DecisionInput): Promise<Application> {
    return this.history.commit(async (trx) => {
      const application = await getApplication(trx, id);
      if (application.state !== 'submitted') throw new Problem(DESK.WRONG_STATE, application.state);
      const word = await this.steps.decide(trx, await awaitedOf(trx, application), person, input);
      if (application.notAfter < this.history.seconds()) throw new Problem(DESK.WINDOW, 'it has passed');
      const narrow = input.verdict === 'approved' ? input.narrow : undefined;
      const granted = narrowed(application.granted, narrow ?? {});
      if (narrow?.persons) await this.checkEnrolled(trx, application.seal, granted.persons);
      await this.signatures.check(trx, actOf(application, input.verdict, application.step, narrow), person, input.signature);
      await this.store(trx, application, person, word, input, granted);
      if (narrow?.persons) await keepHolders(trx, id, granted.persons);
      if (word.outcome === 'refused') await this.applications.move(trx, application, 'refused', person, { reason: input.reason });
      else {
        const now = this.history.seconds();
        await trx.updateTable('application').set({ step: word.step, granted: JSON.stringify(granted), updated: now, ...(word.outcome === 'waits' ? {} : { since: now }) }).where('id', '=', id).execute();
        if (word.outcome === 'approved') {
          await this.applications.move(trx, application, 'approved', person);
          await this.issue(trx, { ...application, granted });
        }
      }
      return getApplication(trx, id);
    });
  }

  /** An outside authority has approved it, in place of all steps. */
  async approveOutside(trx: Trx, application: Application): Promise<void> {
    await this.applications.move(trx, application, 'approved', 0);
    await this.issue(trx, application);
  }

  private async store(trx: Trx, application: Application, person: number, { behalf }: Decided, input: DecisionInput, granted: Granted): Promise<void> {
    const narrow = input.verdict === 'approved' && input.narrow ? input.narrow : null;
    const need = application.needs[application.step] ?? 1;
    const decision = {
      id: this.history.newId(8), application: application.id, step: application.step, person, behalf, verdict: input.verdict,
      reason: input.reason ?? null, content: input.content,
    };
    await trx.insertInto('decision').values({ ...decision, narrow: narrow && JSON.stringify(narrow), at: this.history.seconds() }).execute();
    await this.history.note(
      trx, 'decision',
      { ...decision, ...(need > 1 ? { need, approval: input.verdict === 'approved' ? application.given.length + 1 : undefined } : {}), content: Buffer.from(input.content, 'hex'), granted: input.verdict === 'approved' ? JSON.stringify(granted) : undefined, narrow: narrow && new Map(Object.entries(narrow).filter(([, value]) => value !== undefined).map(([name, value]) => [name, name === 'place' ? JSON.stringify(value) : (value as number | number[])])) },
      `${application.id} ${input.verdict} ${input.reason ?? ''} ${application.purpose}`,
    );
  }

  private async checkEnrolled(trx: Trx, seal: string, persons: readonly number[]): Promise<void> {
    const enrolled = await enrolmentsOf(trx, (await getSeal(trx, seal)).device);
    for (const person of persons) if (!enrolled.some((one) => one.person === person)) throw new Problem(DESK.NOT_ENROLLED, `person ${person}`);
  }

  /** A permit for the pages, and one of its own for the edges where strokes over them were asked for. */
  private async issue(trx: Trx, application: Application): Promise<void> {
    const seal = await getSeal(trx, application.seal);
    if (seal.state !== 'active') throw new Problem(DESK.SEAL_STATE, seal.state);
    const enrolled = await enrolmentsOf(trx, seal.device);
    const { count, notBefore, notAfter, place, crossPage, persons: holders } = application.granted;
    const persons = holders.map((person) => {
      const found = enrolled.find((e) => e.person === person);
      if (!found) throw new Problem(DESK.NOT_ENROLLED, `person ${person}`);
      return { person: found.number, means: found.means };
    });
    const order = {
      application: application.id, content: application.content ?? '', device: seal.device, die: seal.die, notBefore, notAfter, persons, place: place ?? undefined,
      policy: policyOf(application), document: application.document, idle: application.idle,
    };
    const search = `${application.id} ${application.purpose} ${seal.name}`;
    await this.permits.issue(trx, { ...order, count }, search);
    if (crossPage > 0) await this.permits.issue(trx, { ...order, count: crossPage, crossPage: true }, search);
  }
}
