/**
 * Who decides: rules by seal, kind, category and amount, each with steps. The most specific rule that fits wins; where none
 * fits, the seal's own chain does. What was submitted keeps the chain it was submitted under.
 */
import { COMMON, Problem } from '../../common/errors';
import type { Category } from '../applications/scope';
import type { Cbor } from '../cbor';
import { DESK } from '../errors';
import type { History, Trx } from '../history';
import { getPerson, listPeople } from '../people/people';
import type { Role } from '../people/roles';
import { getSeal, type Seal, type SealKind } from '../register/cards';
import type { Db } from '../tables';

/** What a rule is about: uses of a seal, uses of it on blank paper, or taking the unit with it out of the house. */
export const matters = ['use', 'take-out', 'blank'] as const;
export type Matter = (typeof matters)[number];

/** Of whom so many decide: persons, or whoever holds this role and approves. */
export interface Several {
  of: number[] | Role;
  need: number;
}

/** Persons of whom any one decides, whoever holds the role of an approver, or several of either. */
export type Step = number[] | 'any' | Several;

const severalOf = (step: Step): Several => (Array.isArray(step) ? { of: step, need: 1 } : step === 'any' ? { of: 'approver', need: 1 } : step);

export interface RuleFields {
  name: string;
  matter: Matter;
  /** Conditions; null: whichever. A seal stands for its kind as well. */
  seal: string | null;
  kind: SealKind | null;
  category: Category | null;
  /** From this amount on, fen (0.01 yuan). */
  amountFrom: number | null;
  steps: Step[];
  /** Seconds until approvers are reminded, and from then until the step goes to others as well; null: as the organisation has settled it. */
  remindAfter: number | null;
  escalateAfter: number | null;
  /** Seconds from the end of a use until its stamped paper is filed; null: as the organisation has settled it. */
  archiveWithin: number | null;
  /** The outside authority that decides in place of steps here; null: none. */
  authority: string | null;
}

export interface Rule extends RuleFields {
  id: string;
}

/** What is to be decided. */
export interface Case {
  matter: Matter;
  seal: Seal;
  category: Category | null;
  /** Fen; null: not said, and then taken for the largest, so that nobody has a shorter chain by keeping silent. */
  amount: number | null;
}

export interface Chain {
  /** Null: the seal's own chain. */
  rule: Rule | null;
  steps: number[][];
  /** How many of each step decide. */
  needs: number[];
}

interface Row {
  id: string; name: string; matter: string; seal: string | null; kind: string | null; category: string | null; amount_from: number | null; steps: string; remind_after: number | null; escalate_after: number | null; archive_within: number | null; authority: string | null;
}

const ruleOf = (row: Row): Rule => ({
  id: row.id, name: row.name, matter: row.matter as Matter, seal: row.seal, kind: row.kind as SealKind | null, category: row.category as Category | null,
  amountFrom: row.amount_from === null ? null : Number(row.amount_from), steps: JSON.parse(row.steps) as Step[],
  remindAfter: row.remind_after === null ? null : Number(row.remind_after), escalateAfter: row.escalate_after === null ? null : Number(row.escalate_after),
  authority: row.authority, archiveWithin: row.archive_within === null ? null : Number(row.archive_within),
});

export async function listRules(db: Db): Promise<Rule[]> {
  return (await db.selectFrom('chain_rule').selectAll().orderBy('created').orderBy('id').execute()).map(ruleOf);
}

async function getRule(db: Db, id: string): Promise<Rule> {
  const row = await db.selectFrom('chain_rule').selectAll().where('id', '=', id).executeTakeFirst();
  if (!row) throw new Problem(COMMON.NOT_FOUND, `rule ${id}`);
  return ruleOf(row);
}

function fits(rule: RuleFields, it: Case): boolean {
  return (
    rule.matter === it.matter && (rule.seal === null || rule.seal === it.seal.id) && (rule.kind === null || rule.kind === it.seal.kind) &&
    (rule.category === null || rule.category === it.category) && (rule.amountFrom === null || it.amount === null || it.amount >= rule.amountFrom)
  );
}

/** How much a rule says: more conditions first, then the higher amount, then a seal, a category, a kind. Two rules that fit one case never say the same. */
function rank(rule: RuleFields): number[] {
  const said = (value: unknown): number => (value === null ? 0 : 1);
  return [said(rule.seal) * 2 + (rule.seal === null ? said(rule.kind) : 0) + said(rule.category) + said(rule.amountFrom), rule.amountFrom ?? -1, said(rule.seal), said(rule.category)];
}

function before(a: RuleFields, b: RuleFields): number {
  const [one, other] = [rank(a), rank(b)];
  const at = one.findIndex((value, i) => value !== other[i]);
  return at < 0 ? 0 : (other[at] as number) - (one[at] as number);
}

/** The rule that decides, of these. */
export function ruleFor<T extends RuleFields>(rules: readonly T[], it: Case): T | undefined {
  return rules.filter((rule) => fits(rule, it)).sort(before)[0];
}

const sameCase = (a: RuleFields, b: RuleFields): boolean =>
  a.matter === b.matter && a.seal === b.seal && a.kind === b.kind && a.category === b.category && a.amountFrom === b.amountFrom;

/**
 * Who decides this, step by step; `asks`: who asks for it, not counted among "any" or those of a role.
 * @throws NO_CHAIN where there is no step, or one that nobody can decide; TOO_FEW_APPROVERS where a step takes more persons than there are beside
 * who asks; BLANK_REFUSED where no rule says who grants blank paper
 */
export async function chainFor(db: Db, it: Case, asks: number, rules?: readonly Rule[]): Promise<Chain> {
  const rule = ruleFor(rules ?? (await listRules(db)), it) ?? null;
  if (it.matter === 'blank' && rule === null) throw new Problem(DESK.BLANK_REFUSED);
  const { steps, needs } = rule === null ? { steps: it.seal.approvers, needs: it.seal.needs } : await named(db, rule.steps, asks);
  if (rule?.authority != null) return { rule, steps: [], needs: [] };
  if (steps.length === 0 || steps.some((step) => step.length === 0)) throw new Problem(DESK.NO_CHAIN, rule?.name ?? it.seal.name);
  checkEnough(steps, needs, asks);
  return { rule, steps, needs };
}

/** A step of several that could never be whole is not begun. @throws TOO_FEW_APPROVERS */
export function checkEnough(steps: readonly number[][], needs: readonly number[], asks: number): void {
  for (const [i, step] of steps.entries()) {
    const need = needs[i] ?? 1;
    const able = step.filter((person) => person !== asks).length;
    if (need > 1 && able < need) throw new Problem(DESK.TOO_FEW_APPROVERS, `${i + 1}: ${able} / ${need}`);
  }
}

async function named(db: Db, given: readonly Step[], asks: number): Promise<Omit<Chain, 'rule'>> {
  const all = given.map(severalOf);
  const people = all.some(({ of }) => typeof of === 'string') ? await listPeople(db) : [];
  const holding = (role: Role): number[] => people.filter(({ id, roles }) => roles.includes('approver') && roles.includes(role) && id !== asks).map(({ id }) => id);
  return { steps: all.map(({ of }) => (typeof of === 'string' ? holding(of) : of)), needs: all.map(({ need }) => need) };
}

export interface Preview {
  rule: Rule | null;
  /** May: has the role, and is not who asks. */
  steps: { id: number; name: string; may: boolean }[][];
  /** How many of each step decide. */
  needs: number[];
}

/** Who would decide it now; with a draft, as if that rule stood (in place of the one with the same conditions, or of `replaces`). */
export async function previewChain(db: Db, it: Case, asks: number, draft?: RuleFields & { replaces?: string | undefined }): Promise<Preview> {
  const kept = (await listRules(db)).filter((rule) => draft === undefined || (rule.id !== draft.replaces && !sameCase(rule, draft)));
  const { replaces: _replaces, ...fields } = draft ?? {};
  const { rule, steps, needs } = await chainFor(db, it, asks, draft === undefined ? kept : [...kept, { ...(fields as RuleFields), id: '0'.repeat(16) }]);
  const shown: Preview['steps'] = [];
  for (const step of steps) {
    const people: Preview['steps'][number] = [];
    for (const person of step) {
      const { id, name, roles } = await getPerson(db, person);
      people.push({ id, name, may: roles.includes('approver') && id !== asks });
    }
    shown.push(people);
  }
  return { rule, steps: shown, needs };
}

export class Chains {
  /** @param authorities names of the outside authorities that are configured */
  constructor(private readonly history: History, private readonly authorities: readonly string[]) {}

  /** @throws CONFLICT where a rule with these conditions stands already, INVALID where it could never fit or names somebody who does not approve */
  async add(fields: RuleFields, by: number, reason: string): Promise<Rule> {
    return this.change('added', reason, async (trx) => {
      const id = this.history.newId(8);
      await this.check(trx, fields, id);
      await trx.insertInto('chain_rule').values({ ...row(fields), id, created: this.history.seconds() }).execute();
      return getRule(trx, id);
    }, by);
  }

  /** Puts another in its place. */
  async replace(id: string, fields: RuleFields, by: number, reason: string): Promise<Rule> {
    return this.change('replaced', reason, async (trx) => {
      await getRule(trx, id);
      await this.check(trx, fields, id);
      await trx.updateTable('chain_rule').set(row(fields)).where('id', '=', id).execute();
      return getRule(trx, id);
    }, by);
  }

  async remove(id: string, by: number, reason: string): Promise<Rule> {
    return this.change('removed', reason, async (trx) => {
      const rule = await getRule(trx, id);
      await trx.deleteFrom('chain_rule').where('id', '=', id).execute();
      return rule;
    }, by);
  }

  private async change(what: 'added' | 'replaced' | 'removed', reason: string, work: (trx: Trx) => Promise<Rule>, by: number): Promise<Rule> {
    if (reason.trim() === '') throw new Problem(DESK.REASON_REQUIRED);
    return this.history.commit(async (trx) => {
      const rule = await work(trx);
      const { id, steps, ...fields } = rule;
      await this.history.note(trx, 'chain-rule', { rule: id, what, ...fields, steps: steps.map(said), by, reason }, `${id} ${rule.name} ${what} ${reason}`);
      return rule;
    });
  }

  private async check(trx: Trx, fields: RuleFields, id: string): Promise<void> {
    const invalid = (detail: string): never => {
      throw new Problem(COMMON.INVALID, detail);
    };
    const { seal, kind, category, amountFrom } = fields;
    if (seal !== null && kind !== null) invalid('a seal stands for its kind: name one of both');
    if (seal !== null) await getSeal(trx, seal);
    if (fields.matter === 'take-out' && (category !== null || amountFrom !== null)) invalid('a unit that is taken out has neither category nor amount');
    if (amountFrom !== null && category !== null && category !== 'contract' && category !== 'finance') invalid(`amount does not belong to ${category}`);
    const { authority, steps } = fields;
    if ((authority === null) === (steps.length === 0)) invalid('either steps or an authority');
    if (authority !== null && !this.authorities.includes(authority)) invalid(`authority ${authority} is not configured`);
    if (authority !== null && fields.matter === 'take-out') invalid('an outside authority decides uses');
    if (fields.matter !== 'use' && fields.archiveWithin !== null) invalid('what is filed are uses; of blank paper the application says until when');
    if (fields.matter === 'take-out' && (fields.remindAfter !== null || fields.escalateAfter !== null)) invalid('ceremonies are reminded of as the organisation has settled it');
    for (const { of, need } of fields.steps.map(severalOf)) {
      if (typeof of === 'string') continue;
      if (new Set(of).size < need) invalid(`${need} of ${new Set(of).size}`);
      for (const person of of) if (!(await getPerson(trx, person)).roles.includes('approver')) invalid(`person ${person} is not an approver`);
    }
    const other = (await listRules(trx)).find((rule) => rule.id !== id && sameCase(rule, fields));
    if (other) throw new Problem(COMMON.CONFLICT, `rule ${other.id} ${other.name}`);
  }
}

function row(fields: RuleFields): Omit<Row, 'id'> {
  const { name, matter, seal, kind, category, amountFrom, steps } = fields;
  return { name, matter, seal, kind, category, amount_from: amountFrom, remind_after: fields.remindAfter, escalate_after: fields.escalateAfter, archive_within: fields.archiveWithin, authority: fields.authority, steps: JSON.stringify(steps.map(distinct)) };
}

function distinct(step: Step): Step {
  if (step === 'any') return step;
  if (Array.isArray(step)) return [...new Set(step)];
  return { of: Array.isArray(step.of) ? [...new Set(step.of)] : step.of, need: step.need };
}

/** A step as the register writes it. */
const said = (step: Step): Cbor => (step === 'any' ? step : Array.isArray(step) ? [...step] : new Map<string, Cbor>([['of', Array.isArray(step.of) ? [...step.of] : step.of], ['need', step.need]]));
