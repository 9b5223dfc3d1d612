/** Decisions on applications: a chain of steps, in each of which any one of the persons named decides. */
import { COMMON, Problem } from '../../common/errors';
import { getApplication, policyOf, type Application, type Applications, type Granted, type Narrow } from '../applications/applications';
import type { Permits } from '../authority/permits';
import { placeWithin } from '../authority/within';
import { fencesClaim } from '../authority/place';
import type { AuthenticationResponseJSON } from '@simplewebauthn/server';
import type { Signatures } from './signatures';
import { decidesTwice } from './chains';
import { decidesFor, giversOf } from './delegations';
import { DESK } from '../errors';
import type { History, Trx } from '../history';
import { enrolmentsOf, getSeal } from '../register/cards';
import type { Db } from '../tables';

export interface DecisionInput {
  verdict: 'approved' | 'refused';
  /** SHA-256 of the content the approver looked at. */
  content: string;
  /** Required for a refusal. */
  reason?: string | undefined;
  /** Only with an approval. */
  narrow?: Narrow;
  /** Electronic signature over the decision. */
  signature?: AuthenticationResponseJSON | undefined;
}

/** What waits for a decision, as all that is decided has it. */
export interface Awaited {
  chain: readonly number[][];
  step: number;
  /** Who has decided so far, and in whose place. */
  decided: readonly number[];
  /** Who asks for it. */
  asks: number;
  content: string | null;
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

export async function decisionsOf(db: Db, application: string): Promise<Decision[]> {
  const rows = await db.selectFrom('decision').selectAll().where('application', '=', application).orderBy('step').orderBy('at').execute();
  return rows.map((row) => ({
    id: row.id, application: row.application, step: Number(row.step), person: Number(row.person), behalf: row.behalf === null ? null : Number(row.behalf), verdict: row.verdict, reason: row.reason,
    narrow: row.narrow === null ? null : (JSON.parse(row.narrow) as Narrow), content: row.content, at: Number(row.at),
  }));
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

export interface ApprovalOptions {
  /** Whether an approver may decide on an application of their own. */
  ownApplications: boolean;
}

export class Approvals {
  constructor(
    private readonly history: History,
    private readonly applications: Applications,
    private readonly permits: Permits,
    private readonly signatures: Signatures,
    private readonly options: ApprovalOptions,
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
        if (application.applicant === person && !this.options.ownApplications) continue;
        if (typeof (await this.decider(db, application, person)) === 'number') all.push(application);
      }
      return all;
    });
  }

  /** Whether a top-up waits for this person. */
  async mayDecide(db: Db, one: { application: string; chain: number[][]; step: number; decided: number[] }, person: number): Promise<boolean> {
    const { applicant } = await getApplication(db, one.application);
    return (applicant !== person || this.options.ownApplications) && typeof (await this.deciderOf(db, one.chain[one.step] ?? [], one.decided, person, applicant)) === 'number';
  }

  /** In whose place, maybe their own, a person decides a step that others have come to; or why not. */
  async deciderOf(db: Db, step: readonly number[], decided: readonly number[], person: number, applicant: number): Promise<number | 'NOT_YOUR_STEP' | 'ALREADY_DECIDED'> {
    const asks = this.options.ownApplications ? 0 : applicant;
    const decider = await decidesFor(db, step, person, { asks, now: this.history.seconds(), decided });
    if (decider === undefined) return 'NOT_YOUR_STEP';
    return decidesTwice(step, decided, person, asks) || decidesTwice(step, decided, decider, asks) ? 'ALREADY_DECIDED' : decider;
  }

  private async decider(db: Db, application: Application, person: number): Promise<number | 'NOT_YOUR_STEP' | 'ALREADY_DECIDED'> {
    return this.deciderOf(db, application.chain[application.step] ?? [], await this.decidedOf(db, application.id), person, application.applicant);
  }

  private async decidedOf(db: Db, application: string): Promise<number[]> {
    return (await decisionsOf(db, application)).flatMap((one) => [one.person, ...(one.behalf === null ? [] : [one.behalf])]);
  }

  /**
   * What every decision has to pass, on an application, a ceremony or a top-up: it is this person's step, not their own matter, the content
   * that was looked at, and a reason where it refuses. Returns in whose place they decide.
   */
  async checkDecision(db: Db, one: Awaited, person: number, input: Omit<DecisionInput, 'narrow'>): Promise<number> {
    const decider = await this.deciderOf(db, one.chain[one.step] ?? [], one.decided, person, one.asks);
    if (decider === 'NOT_YOUR_STEP') throw new Problem(DESK.NOT_YOUR_STEP);
    if (one.asks === person && !this.options.ownApplications) throw new Problem(DESK.OWN_APPLICATION);
    if (decider === 'ALREADY_DECIDED') throw new Problem(DESK.ALREADY_DECIDED);
    if (one.content !== input.content) throw new Problem(DESK.CONTENT_CHANGED);
    if (input.verdict === 'refused' && (input.reason ?? '').trim() === '') throw new Problem(DESK.REASON_REQUIRED);
    return decider;
  }

  /** Decides the step that is due. The last approval issues the permit. */
  async decide(id: string, person: number, input: DecisionInput): Promise<Application> {
    return this.history.commit(async (trx) => {
      const application = await getApplication(trx, id);
      if (application.state !== 'submitted') throw new Problem(DESK.WRONG_STATE, application.state);
      const decider = await this.checkDecision(trx, { ...application, decided: await this.decidedOf(trx, id), asks: application.applicant }, person, input);
      if (application.notAfter < this.history.seconds()) throw new Problem(DESK.WINDOW, 'it has passed');
      const granted = input.verdict === 'approved' ? narrowed(application.granted, input.narrow ?? {}) : application.granted;
      if (input.narrow?.persons) await this.checkEnrolled(trx, application.seal, granted.persons);
      await this.signatures.check(trx, application, person, { decision: input.verdict, step: application.step, narrow: input.verdict === 'approved' ? input.narrow : undefined }, input.signature);
      await this.store(trx, application, person, decider === person ? null : decider, input, granted);
      if (input.verdict === 'refused') {
        await this.applications.move(trx, application, 'refused', person, { reason: input.reason });
      } else {
        const step = application.step + 1;
        await trx.updateTable('application').set({ step, granted: JSON.stringify(granted), updated: this.history.seconds() }).where('id', '=', id).execute();
        if (step === application.chain.length) {
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

  /** Throws OWN_APPLICATION where a person would decide on what they asked for: an application, or a stroke under it. */
  checkOwn(application: Application, person: number): void {
    if (application.applicant === person && !this.options.ownApplications) throw new Problem(DESK.OWN_APPLICATION);
  }

  private async store(trx: Trx, application: Application, person: number, behalf: number | null, input: DecisionInput, granted: Granted): Promise<void> {
    const narrow = input.verdict === 'approved' && input.narrow ? input.narrow : null;
    const decision = {
      id: this.history.newId(8), application: application.id, step: application.step, person, behalf, verdict: input.verdict,
      reason: input.reason ?? null, content: input.content,
    };
    await trx.insertInto('decision').values({ ...decision, narrow: narrow && JSON.stringify(narrow), at: this.history.seconds() }).execute();
    await this.history.note(
      trx, 'decision',
      { ...decision, content: Buffer.from(input.content, 'hex'), granted: input.verdict === 'approved' ? JSON.stringify(granted) : undefined, narrow: narrow && new Map(Object.entries(narrow).filter(([, value]) => value !== undefined).map(([name, value]) => [name, name === 'place' ? JSON.stringify(value) : (value as number | number[])])) },
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
