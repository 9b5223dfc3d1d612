/** Decisions on applications: a chain of steps, in each of which any one of the persons named decides. */
import { Problem } from '../../common/errors';
import { getApplication, type Application, type Applications, type Narrow } from '../applications/applications';
import type { Permits } from '../authority/permits';
import { policyBits } from '../authority/grants';
import { decidesTwice } from './chains';
import { DESK } from '../errors';
import type { History, Trx } from '../history';
import { enrolmentsOf, getSeal } from '../register/cards';
import type { Db } from '../tables';

export interface DecisionInput {
  verdict: 'approved' | 'refused';
  /** SHA-256 of the content the approver looked at. */
  content: string;
  /** Required for a refusal. */
  reason?: string;
  /** Only with an approval. */
  narrow?: Narrow;
}

export interface Decision {
  id: string;
  application: string;
  step: number;
  person: number;
  verdict: string;
  reason: string | null;
  narrow: Narrow | null;
  content: string;
  at: number;
}

export async function decisionsOf(db: Db, application: string): Promise<Decision[]> {
  const rows = await db.selectFrom('decision').selectAll().where('application', '=', application).orderBy('step').orderBy('at').execute();
  return rows.map((row) => ({
    id: row.id, application: row.application, step: Number(row.step), person: Number(row.person), verdict: row.verdict, reason: row.reason,
    narrow: row.narrow === null ? null : (JSON.parse(row.narrow) as Narrow), content: row.content, at: Number(row.at),
  }));
}

/** The granted bounds after a narrowing. Throws WIDENED or WINDOW. */
export function narrowed(granted: Required<Narrow>, narrow: Narrow): Required<Narrow> {
  const next = { count: narrow.count ?? granted.count, notBefore: narrow.notBefore ?? granted.notBefore, notAfter: narrow.notAfter ?? granted.notAfter };
  if (next.count > granted.count || next.notBefore < granted.notBefore || next.notAfter > granted.notAfter) throw new Problem(DESK.WIDENED);
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
    private readonly options: ApprovalOptions,
  ) {}

  /** Applications that wait for this person. */
  async tasks(person: number): Promise<Application[]> {
    return this.history.store.read(async (db) => {
      const rows = await db
        .selectFrom('application')
        .innerJoin('application_step', 'application_step.application', 'application.id')
        .select('application.id')
        .where('application.state', '=', 'submitted')
        .where('application.not_after', '>=', this.history.seconds())
        .whereRef('application.step', '=', 'application_step.step')
        .where('application_step.person', '=', person)
        .orderBy('application.created')
        .orderBy('application.id')
        .limit(500)
        .execute();
      const all: Application[] = [];
      for (const { id } of rows) {
        const application = await getApplication(db, id);
        if (application.applicant === person && !this.options.ownApplications) continue;
        if (!(await this.twice(db, application, person))) all.push(application);
      }
      return all;
    });
  }

  private async twice(db: Db, application: Application, person: number): Promise<boolean> {
    const decided = (await decisionsOf(db, application.id)).map((one) => one.person);
    return decidesTwice(application.chain[application.step] ?? [], decided, person, this.options.ownApplications ? 0 : application.applicant);
  }

  /** Decides the step that is due. The last approval issues the permit. */
  async decide(id: string, person: number, input: DecisionInput): Promise<Application> {
    return this.history.commit(async (trx) => {
      const application = await getApplication(trx, id);
      if (application.state !== 'submitted') throw new Problem(DESK.WRONG_STATE, application.state);
      this.checkOwn(application, person);
      if (!(application.chain[application.step] ?? []).includes(person)) throw new Problem(DESK.NOT_YOUR_STEP);
      if (await this.twice(trx, application, person)) throw new Problem(DESK.ALREADY_DECIDED);
      if (application.content !== input.content) throw new Problem(DESK.CONTENT_CHANGED);
      if (application.notAfter < this.history.seconds()) throw new Problem(DESK.WINDOW, 'it has passed');
      if (input.verdict === 'refused' && (input.reason ?? '').trim() === '') throw new Problem(DESK.REASON_REQUIRED);
      const granted = input.verdict === 'approved' ? narrowed(application.granted, input.narrow ?? {}) : application.granted;
      await this.store(trx, application, person, input);
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

  /** Throws OWN_APPLICATION where a person would decide on what they asked for: an application, or a stroke under it. */
  checkOwn(application: Application, person: number): void {
    if (application.applicant === person && !this.options.ownApplications) throw new Problem(DESK.OWN_APPLICATION);
  }

  private async store(trx: Trx, application: Application, person: number, input: DecisionInput): Promise<void> {
    const narrow = input.verdict === 'approved' && input.narrow ? input.narrow : null;
    const decision = {
      id: this.history.newId(8), application: application.id, step: application.step, person, verdict: input.verdict,
      reason: input.reason ?? null, content: input.content,
    };
    await trx.insertInto('decision').values({ ...decision, narrow: narrow && JSON.stringify(narrow), at: this.history.seconds() }).execute();
    await this.history.note(
      trx, 'decision',
      { ...decision, content: Buffer.from(input.content, 'hex'), narrow: narrow && new Map(Object.entries(narrow).filter(([, value]) => value !== undefined)) },
      `${application.id} ${input.verdict} ${input.reason ?? ''} ${application.purpose}`,
    );
  }

  private async issue(trx: Trx, application: Application): Promise<void> {
    const seal = await getSeal(trx, application.seal);
    if (seal.state !== 'active') throw new Problem(DESK.SEAL_STATE, seal.state);
    const enrolled = await enrolmentsOf(trx, seal.device);
    const persons = application.persons.map((person) => {
      const found = enrolled.find((e) => e.person === person);
      if (!found) throw new Problem(DESK.NOT_ENROLLED, `person ${person}`);
      return { person: found.number, means: found.means };
    });
    await this.permits.issue(
      trx,
      {
        application: application.id, content: application.content ?? '', device: seal.device, die: seal.die, ...application.granted, persons,
        policy: (application.photos ? policyBits.photos : 0) | (application.strokeGrants ? policyBits.strokeGrants : 0),
        document: application.document, idle: application.idle,
      },
      `${application.id} ${application.purpose} ${seal.name}`,
    );
  }
}
