/** Applications: what someone asks to have stamped, and where that stands. */
import { COMMON, Problem } from '../../common/errors';
import { policyBits } from '../authority/grants';
import { fencesClaim, type PlaceTerms } from '../authority/place';
import type { Permits } from '../authority/permits';
import { encodeCbor, type Cbor } from '../cbor';
import { checkThere, getDocument } from '../documents/documents';
import type { AuthenticationResponseJSON } from '@simplewebauthn/server';
import type { Act, Signatures } from '../signatures/signatures';
import { chainFor, type Case, type Matter } from '../chains/chains';
import { needsOf, saidNeeds, storedNeeds, type Given } from '../chains/steps';
import { DESK } from '../errors';
import { sha256 } from '../hashes';
import type { History, Trx } from '../history';
import { getPerson } from '../people/people';
import { enrolmentsOf, getSeal, type Seal } from '../register/cards';
import type { Db } from '../tables';
import { checkNoneOwed, owesReport } from '../papers/owed';
import { keepHolders } from './holders';
import { checkScope, usualCategory, type Category } from './scope';

export const states = ['draft', 'submitted', 'approved', 'refused', 'withdrawn', 'expired', 'used'] as const;
export type State = (typeof states)[number];

export interface ApplicationFields {
  seal: string;
  purpose: string;
  /** SHA-256 of the document. */
  document: string;
  /** Strokes asked for, 1..65535. */
  count: number;
  /** Unix seconds, both inclusive as the device judges them. */
  notBefore: number;
  notAfter: number;
  /** Persons who must all show themselves at the device, 1..4. */
  persons: number[];
  photos: boolean;
  /** Each stroke waits for a grant of its own. */
  strokeGrants: boolean;
  /** Seconds after which an opened use closes by itself. */
  idle: number;
  /** Only at the base; only while the unit stands still; small photos. */
  dock?: boolean | undefined;
  still?: boolean | undefined;
  small?: boolean | undefined;
  /** Strokes over the edges of several sheets (骑缝), 0..65535, under a permit of their own. */
  crossPage?: number | undefined;
  place?: PlaceTerms | null | undefined;
  /** What kind of document it is; that of the seal where not said. */
  category?: Category | null | undefined;
  /** Fen. */
  amount?: number | null | undefined;
  /** Asks for blank or unfilled paper, as an exception (B7), and until when it will be accounted for, Unix seconds. */
  blank?: boolean | undefined;
  reportBy?: number | null | undefined;
  /** Who grants each stroke from afar, besides those who approved (B5). */
  operator?: number | null | undefined;
  /** Where the stamp goes on the pages; said to people, not to the unit. */
  marks?: Mark[] | undefined;
}

/** The middle of a stamp: page from 1, ten-thousandths of its width and height. */
export interface Mark {
  page: number;
  x: number;
  y: number;
}

/** What approvers may make smaller. */
export interface Narrow {
  count?: number;
  notBefore?: number;
  notAfter?: number;
  crossPage?: number;
  /** All who were named so far, and who must be there besides. */
  persons?: number[];
  place?: PlaceTerms;
}

/** What has been granted so far. */
export interface Granted extends Required<Omit<Narrow, 'place'>> {
  /** Null: anywhere. */
  place: PlaceTerms | null;
}

export interface Application extends ApplicationFields {
  id: string;
  dock: boolean;
  still: boolean;
  small: boolean;
  crossPage: number;
  place: PlaceTerms | null;
  /** Null: of the time before there were categories. */
  category: Category | null;
  amount: number | null;
  blank: boolean;
  reportBy: number | null;
  operator: number | null;
  marks: Mark[];
  /** The outside authority that decides; null: the chain. */
  authority: string | null;
  /** The rule that gave the chain; null: the seal's own. */
  rule: string | null;
  applicant: number;
  state: State;
  /** SHA-256 of the content that was submitted; what approvers decide on. Null for a draft. */
  content: string | null;
  /** What has been granted so far, within what was asked. */
  granted: Granted;
  /** The step that decides now, from 0. */
  step: number;
  /** Who may decide, step by step, and how many of them it takes. */
  chain: number[][];
  needs: number[];
  /** Who has approved the step that is due. */
  given: Given[];
  created: number;
  updated: number;
  /** When the step that is due came to its approvers, Unix seconds. */
  since: number;
}

export async function getApplication(db: Db, id: string): Promise<Application> {
  const row = await db.selectFrom('application').selectAll().where('id', '=', id).executeTakeFirst();
  if (!row) throw new Problem(COMMON.NOT_FOUND, `application ${id}`);
  const chain: number[][] = [];
  for (const step of await db.selectFrom('application_step').selectAll().where('application', '=', id).orderBy('step').orderBy('person').execute()) {
    (chain[Number(step.step)] ??= []).push(Number(step.person));
  }
  const asked = { count: Number(row.count), notBefore: Number(row.not_before), notAfter: Number(row.not_after), crossPage: Number(row.cross_page), place: row.place === null ? null : (JSON.parse(row.place) as PlaceTerms), persons: JSON.parse(row.persons) as number[] };
  const policy = Number(row.policy);
  return {
    ...asked,
    id: row.id, applicant: Number(row.applicant), seal: row.seal, purpose: row.purpose, document: row.document,
    photos: (policy & policyBits.photos) !== 0, strokeGrants: (policy & policyBits.strokeGrants) !== 0,
    dock: (policy & policyBits.dock) !== 0, still: (policy & policyBits.still) !== 0, small: (policy & policyBits.small) !== 0,
    idle: Number(row.idle), state: row.state as State, content: row.content,
    granted: { ...asked, ...(row.granted === null ? {} : (JSON.parse(row.granted) as Partial<Granted>)) },
    category: row.category as Category | null, amount: row.amount === null ? null : Number(row.amount), rule: row.rule, authority: row.authority, blank: Number(row.blank) !== 0, reportBy: row.report_by === null ? null : Number(row.report_by),
    operator: row.operator === null ? null : Number(row.operator), marks: row.marks === null ? [] : (JSON.parse(row.marks) as Mark[]),
    step: Number(row.step), chain, needs: needsOf(row.needs, chain), given: row.state === 'draft' ? [] : await givenOf(db, id, Number(row.step)), created: Number(row.created), updated: Number(row.updated), since: Number(row.since),
  };
}

async function givenOf(db: Db, application: string, step: number): Promise<Given[]> {
  const rows = await db.selectFrom('decision').select(['person', 'behalf']).where('application', '=', application).where('step', '=', step).where('verdict', '=', 'approved').orderBy('at').orderBy('id').execute();
  return rows.map(({ person, behalf }) => ({ person: Number(person), behalf: behalf === null ? null : Number(behalf) }));
}

/** The bytes whose hash every decision and the permit's entry name. */
export function applicationContent(application: Application): Buffer {
  const a = application;
  const fields: [string, string | number | Buffer | number[] | boolean][] = [
    ['id', a.id], ['applicant', a.applicant], ['seal', a.seal], ['purpose', a.purpose], ['document', Buffer.from(a.document, 'hex')],
    ['count', a.count], ['notBefore', a.notBefore], ['notAfter', a.notAfter], ['persons', a.persons], ['photos', a.photos],
    ['strokeGrants', a.strokeGrants], ['idle', a.idle],
  ];
  if (a.category !== null) fields.push(['category', a.category]);
  if (a.amount !== null) fields.push(['amount', a.amount]);
  for (const name of ['dock', 'still', 'small'] as const) if (a[name]) fields.push([name, true]);
  if (a.crossPage > 0) fields.push(['crossPage', a.crossPage]);
  if (a.blank) fields.push(['blank', true]);
  if (a.reportBy !== null) fields.push(['reportBy', a.reportBy]);
  if (a.operator !== null) fields.push(['operator', a.operator]);
  if (a.marks.length !== 0) fields.push(['marks', JSON.stringify(a.marks)]);
  // As text: degrees are fractions.
  if (a.place !== null) fields.push(['place', JSON.stringify(a.place)]);
  return encodeCbor(new Map(fields));
}

/** What is signed of an application, a draft that is not submitted yet among them. */
export function actOf(a: Application, decision: 'applied' | 'approved' | 'refused', step: number, narrow?: object): Act {
  const content = a.content ?? sha256(applicationContent(a)).toString('hex');
  return { matter: 'application', subject: a.id, content, documents: [a.document], decision, step, narrow, search: a.purpose };
}

/** A permit's policy. */
export function policyOf(fields: ApplicationFields): number {
  const names = ['photos', 'strokeGrants', 'dock', 'still', 'small'] as const;
  return names.reduce((bits, name) => bits | (fields[name] === true ? policyBits[name] : 0), 0);
}

/** Longest window and how far ahead it may lie: a permit is not a standing right. */
const longestWindow = 31 * 86_400;
/** Longest from the end of the window until blank paper is accounted for. */
const longestReport = 31 * 86_400;

/** The operator is a second pair of eyes: not who applies, and not who opens the use at the unit. @throws NOT_OPERATOR */
async function checkOperator(db: Db, { operator, persons, strokeGrants }: ApplicationFields, applicant: number): Promise<void> {
  if (operator === null || operator === undefined) return;
  if (!strokeGrants) throw new Problem(COMMON.INVALID, 'operator needs strokeGrants');
  if (operator === applicant || persons.includes(operator) || !(await getPerson(db, operator)).roles.includes('operator')) throw new Problem(DESK.NOT_OPERATOR, `person ${operator}`);
}

/** Whether a person grants single strokes of an application: who decides on it, and the operator it names for as long as they are one. */
export async function grants(db: Db, application: Application, person: number): Promise<boolean> {
  if (application.chain.some((step) => step.includes(person))) return true;
  return application.operator === person && (await getPerson(db, person)).roles.includes('operator');
}

export class Applications {
  constructor(
    private readonly history: History,
    private readonly permits: Permits,
    private readonly signatures: Signatures,
  ) {}

  /** Checks what can be wrong with an application at any time. */
  private async check(trx: Trx, fields: ApplicationFields, applicant: number): Promise<void> {
    const now = this.history.seconds();
    if (fields.notAfter <= fields.notBefore || fields.notAfter <= now) throw new Problem(DESK.WINDOW, 'it ends before it begins, or has passed');
    if (fields.notAfter - fields.notBefore > longestWindow) throw new Problem(DESK.WINDOW, `longer than ${longestWindow / 86_400} days`);
    if (new Set(fields.persons).size !== fields.persons.length) throw new Problem(COMMON.INVALID, 'a person is named twice');
    for (const name of ['strokeGrants', 'still', 'small'] as const) if (fields[name] === true && !fields.photos) throw new Problem(COMMON.INVALID, `${name} needs photos`);
    if (fields.place) fencesClaim(fields.place);
    const seal = await getSeal(trx, fields.seal);
    if (seal.state !== 'active') throw new Problem(DESK.SEAL_STATE, seal.state);
    await checkScope(trx, seal.kind, fields.category ?? (await usualCategory(trx, seal.kind)), fields.amount ?? null);
    const { pages, ...card } = await getDocument(trx, fields.document);
    if (fields.marks?.some(({ page }) => page > pages)) throw new Problem(COMMON.INVALID, `marks: the document has ${pages} pages`);
    await checkOperator(trx, fields, applicant);
    await this.checkBlank(trx, fields, applicant);
    const held = await trx.selectFrom('document_holder').select('person').where('document', '=', fields.document).where('person', '=', applicant).executeTakeFirst();
    if (!held) throw new Problem(COMMON.NOT_FOUND, `document ${fields.document}`);
    checkThere(card);
    const enrolled = await enrolmentsOf(trx, seal.device);
    for (const person of fields.persons) {
      await getPerson(trx, person);
      if (!enrolled.some((e) => e.person === person && (e.until === null || e.until > fields.notBefore))) throw new Problem(DESK.NOT_ENROLLED, `person ${person}`);
    }
  }

  /** Blank paper is stamped as an exception alone, which says until when it will be accounted for, and to nobody who is behind with that. */
  private async checkBlank(trx: Trx, fields: ApplicationFields, applicant: number): Promise<void> {
    const { blank = false, reportBy = null } = fields;
    if (blank !== (reportBy !== null)) throw new Problem(COMMON.INVALID, 'blank and reportBy belong together');
    if (blank) {
      if (reportBy! < fields.notBefore || reportBy! > fields.notAfter + longestReport) throw new Problem(DESK.WINDOW, `reportBy: at most ${longestReport / 86_400} days after the window`);
      return checkNoneOwed(trx, applicant, this.history.seconds());
    }
    const page = await trx.selectFrom('document_page').select('page').where('document', '=', fields.document).where('blank', '=', 1).orderBy('page').executeTakeFirst();
    if (page) throw new Problem(DESK.BLANK_DOCUMENT, `page ${Number(page.page)}`);
  }

  /** What a rule is asked about. */
  async caseOf(db: Db, matter: Matter, seal: Seal, category: Category | null | undefined, amount: number | null | undefined): Promise<Case> {
    return { matter, seal, category: matter !== 'take-out' ? (category ?? (await usualCategory(db, seal.kind))) : null, amount: amount ?? null };
  }

  private async row(trx: Trx, fields: ApplicationFields) {
    return {
      category: fields.category ?? (await usualCategory(trx, (await getSeal(trx, fields.seal)).kind)), amount: fields.amount ?? null,
      seal: fields.seal, purpose: fields.purpose, document: fields.document, count: fields.count, not_before: fields.notBefore, not_after: fields.notAfter,
      persons: JSON.stringify(fields.persons), policy: policyOf(fields), place: fields.place ? JSON.stringify(fields.place) : null, cross_page: fields.crossPage ?? 0,
      blank: fields.blank === true ? 1 : 0, report_by: fields.reportBy ?? null, idle: fields.idle, updated: this.history.seconds(),
      operator: fields.operator ?? null, marks: fields.marks !== undefined && fields.marks.length > 0 ? JSON.stringify(fields.marks.map(({ page, x, y }) => ({ page, x, y }))) : null,
    };
  }

  /** A new application, as a draft or submitted at once. */
  async add(fields: ApplicationFields, applicant: number, submit: boolean): Promise<Application> {
    return this.history.commit(async (trx) => {
      await this.check(trx, fields, applicant);
      const id = this.history.newId(8);
      await trx
        .insertInto('application')
        .values({ ...(await this.row(trx, fields)), id, applicant, state: 'draft', content: null, granted: null, rule: null, created: this.history.seconds(), step: 0, needs: '[]', since: 0 })
        .execute();
      await keepHolders(trx, id, fields.persons);
      if (submit) await this.submitIn(trx, id);
      return getApplication(trx, id);
    });
  }

  private async own(trx: Trx, id: string, person: number, allowed: readonly State[]): Promise<Application> {
    const application = await getApplication(trx, id);
    if (application.applicant !== person) throw new Problem(COMMON.NOT_FOUND, `application ${id}`);
    if (!allowed.includes(application.state)) throw new Problem(DESK.WRONG_STATE, application.state);
    return application;
  }

  /** Replaces a draft's fields. */
  async change(id: string, fields: ApplicationFields, person: number): Promise<Application> {
    return this.history.commit(async (trx) => {
      await this.own(trx, id, person, ['draft']);
      await this.check(trx, fields, person);
      await trx.updateTable('application').set(await this.row(trx, fields)).where('id', '=', id).execute();
      await keepHolders(trx, id, fields.persons);
      return getApplication(trx, id);
    });
  }

  /** @throws SIGNATURE_REQUIRED, SIGNATURE_WRONG */
  async submit(id: string, person: number, signature?: AuthenticationResponseJSON): Promise<Application> {
    return this.history.commit(async (trx) => {
      const application = await this.own(trx, id, person, ['draft']);
      await this.check(trx, application, person);
      await this.submitIn(trx, id, signature);
      return getApplication(trx, id);
    });
  }

  /** Fixes the content, and the chain of approvers as the rules, or else the seal's card, have it now. */
  private async submitIn(trx: Trx, id: string, signature?: AuthenticationResponseJSON): Promise<void> {
    const application = await getApplication(trx, id);
    const seal = await getSeal(trx, application.seal);
    const { rule, steps, needs } = await chainFor(trx, await this.caseOf(trx, application.blank ? 'blank' : 'use', seal, application.category, application.amount), application.applicant);
    if (rule?.authority != null && application.strokeGrants) throw new Problem(COMMON.INVALID, 'strokeGrants: an outside authority grants no single strokes');
    for (const [step, people] of steps.entries()) {
      for (const person of people) await trx.insertInto('application_step').values({ application: id, step, person }).execute();
    }
    const content = sha256(applicationContent(application)).toString('hex');
    await trx.updateTable('application').set({ content, rule: rule?.id ?? null, authority: rule?.authority ?? null, needs: storedNeeds(needs), since: this.history.seconds() }).where('id', '=', id).execute();
    await this.move(trx, { ...application, content, authority: rule?.authority ?? null }, 'submitted', application.applicant, { document: Buffer.from(application.document, 'hex'), seal: application.seal, category: application.category ?? undefined, amount: application.amount ?? undefined, rule: rule?.id, authority: rule?.authority ?? undefined, chain: steps.map((people) => [...people]), needs: saidNeeds(needs) });
    await this.signatures.check(trx, actOf({ ...application, content }, 'applied', 0), application.applicant, signature);
  }

  /** Moves an application to a state, in the register too. */
  async move(trx: Trx, application: Application, state: State, by: number, more: Record<string, Cbor | undefined> = {}): Promise<void> {
    await trx.updateTable('application').set({ state, updated: this.history.seconds() }).where('id', '=', application.id).execute();
    // What was asked for beyond an application that is over can be granted no more.
    if (state !== 'submitted' && state !== 'approved') await trx.updateTable('top_up').set({ state: 'expired' }).where('application', '=', application.id).where('state', '=', 'submitted').execute();
    if (state === 'approved') await owesReport(trx, application);
    const person = await getPerson(trx, application.applicant);
    const seal = await getSeal(trx, application.seal);
    await this.history.note(
      trx, 'application',
      { application: application.id, state, by, content: application.content === null ? null : Buffer.from(application.content, 'hex'), ...more },
      `${application.id} ${state} ${application.purpose} ${person.name} ${seal.name}`,
      { type: 'application', device: seal.device, data: { application: application.id, state } },
    );
  }

  /** Takes an application back; strokes of an approved one that are not used are revoked. */
  async withdraw(id: string, person: number, reason?: string): Promise<Application> {
    return this.history.commit(async (trx) => {
      const application = await this.own(trx, id, person, ['draft', 'submitted', 'approved']);
      await this.end(trx, application, 'withdrawn', person, reason);
      return getApplication(trx, id);
    });
  }

  /** Ends, in the caller's transaction, an approved one of which no more is to be used: what is left is revoked. */
  async finish(trx: Trx, application: Application, by: number, reason: string): Promise<void> {
    const used = await trx.selectFrom('stroke').select('intent').where('application', '=', application.id).executeTakeFirst();
    await this.end(trx, application, used ? 'used' : 'withdrawn', by, reason);
  }

  private async end(trx: Trx, application: Application, state: State, by: number, reason?: string): Promise<void> {
    const permits = await trx.selectFrom('permit').select('id').where('application', '=', application.id).execute();
    for (const permit of permits) await this.permits.revoke(trx, permit.id, by, reason ?? state);
    await this.permits.revokeCodes(trx, application.id, by, reason ?? state);
    await this.move(trx, application, state, by, { reason });
  }

  /** Ends what was not decided or not used in its time. Returns how many. */
  async expire(): Promise<number> {
    const now = this.history.seconds();
    const due = await this.history.store.read((db) =>
      db.selectFrom('application').select('id').where('state', 'in', ['draft', 'submitted', 'approved']).where('not_after', '<', now).limit(1000).execute(),
    );
    let ended = 0;
    for (const { id } of due) {
      const over = await this.history.commit(async (trx) => {
        const application = await getApplication(trx, id);
        if (!['draft', 'submitted', 'approved'].includes(application.state)) return false;
        // The device judges the window itself; revoking an expired permit would only fill its log.
        await trx.updateTable('permit').set({ state: 'expired' }).where('application', '=', id).where('state', 'in', ['issued', 'queued', 'delivered']).execute();
        await trx.updateTable('offline_code').set({ state: 'expired' }).where('application', '=', id).where('state', 'in', ['given', 'opened']).execute();
        await this.move(trx, application, 'expired', 0);
        return true;
      });
      if (over) ended += 1;
    }
    return ended;
  }
}
