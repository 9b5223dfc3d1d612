/** What each kind of seal is used for (用印范围): the requirement's table where nobody said otherwise, an administrator's where somebody did. */
import { COMMON, Problem } from '../../common/errors';
import { DESK } from '../errors';
import type { History } from '../history';
import { sealKinds, type SealKind } from '../register/cards';
import type { Db } from '../tables';

/** Letters and reports; papers of one department; contracts; finance; whatever an administrator lets a kind be used for besides. */
export const categories = ['letter', 'internal', 'contract', 'finance', 'other'] as const;
export type Category = (typeof categories)[number];

/** Those in which an application may say an amount of money. */
const withAmount: readonly Category[] = ['contract', 'finance'];

/** B6 of the requirements. The first is that of an application which names none. */
const usual: Readonly<Record<SealKind, readonly [Category, ...Category[]]>> = {
  company: ['letter'], department: ['internal'], contract: ['contract'], finance: ['finance'], 'legal-representative': ['contract', 'finance'],
};

export interface Scope {
  kind: SealKind;
  categories: Category[];
  /** Whether nobody has changed it. */
  usual: boolean;
}

export async function scopeOf(db: Db, kind: SealKind): Promise<Scope> {
  const row = await db.selectFrom('scope').select('categories').where('kind', '=', kind).executeTakeFirst();
  return row ? { kind, categories: JSON.parse(row.categories) as Category[], usual: false } : { kind, categories: [...usual[kind]], usual: true };
}

export async function listScopes(db: Db): Promise<Scope[]> {
  const all: Scope[] = [];
  for (const kind of sealKinds) all.push(await scopeOf(db, kind));
  return all;
}

/** Category of an application that names none: what its seal is for first of all. */
export async function usualCategory(db: Db, kind: SealKind): Promise<Category> {
  return (await scopeOf(db, kind)).categories[0] ?? usual[kind][0];
}

/** @throws OUT_OF_SCOPE where such a seal is not for such a document, INVALID where it has no amount */
export async function checkScope(db: Db, kind: SealKind, category: Category, amount: number | null): Promise<void> {
  if (!(await scopeOf(db, kind)).categories.includes(category)) throw new Problem(DESK.OUT_OF_SCOPE, `${kind}: ${category}`);
  if (amount !== null && !withAmount.includes(category)) throw new Problem(COMMON.INVALID, `amount does not belong to ${category}`);
}

/** Categories as a step of a seal's life names them: one, or several with commas between them. */
export const scopesSaid = (text: string): string[] => text.split(/[,，、\s]+/u).filter((one) => one !== '');

/** What a seal is put into use for. @throws SCOPE_UNKNOWN where it is none of the categories, OUT_OF_SCOPE where such a seal is not for it */
export async function checkSealScope(db: Db, kind: SealKind, text: string): Promise<void> {
  const said = scopesSaid(text);
  const unknown = said.find((one) => !(categories as readonly string[]).includes(one));
  if (said.length === 0 || unknown !== undefined) throw new Problem(DESK.SCOPE_UNKNOWN, unknown ?? '');
  const { categories: known } = await scopeOf(db, kind);
  const other = said.find((one) => !(known as readonly string[]).includes(one));
  if (other !== undefined) throw new Problem(DESK.OUT_OF_SCOPE, `${kind}: ${other}`);
}

export class Scopes {
  constructor(private readonly history: History) {}

  /** What this kind of seal is used for from now on; what was submitted before stays as it is. */
  async set(kind: SealKind, wanted: readonly Category[], by: number, reason: string): Promise<Scope> {
    if (reason.trim() === '') throw new Problem(DESK.REASON_REQUIRED);
    const text = JSON.stringify(wanted);
    return this.history.commit(async (trx) => {
      await trx.insertInto('scope').values({ kind, categories: text }).onConflict((on) => on.column('kind').doUpdateSet({ categories: text })).execute();
      await this.history.note(trx, 'scope', { kind, categories: [...wanted], by, reason }, `${kind} ${wanted.join(' ')} ${reason}`);
      return scopeOf(trx, kind);
    });
  }
}
