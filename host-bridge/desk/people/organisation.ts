/** The organisation: departments as a tree, who heads each, and who of the company's leadership is responsible for it. */
import { COMMON, Problem } from '../../common/errors';
import type { Store } from '../../common/database';
import { DESK } from '../errors';
import { appendEntry } from '../register/register';
import type { Db, Tables } from '../tables';
import { getPerson } from './people';

export interface Department {
  id: number;
  name: string;
  parent: number | null;
  /** Who heads it (部门负责人). */
  head: number | null;
  /** Who of the leadership is responsible for it and what is below it (分管领导). */
  leader: number | null;
}

type Row = Tables['department'];
const number = (value: number | null): number | null => (value === null ? null : Number(value));
const departmentOf = (row: Row): Department => ({ id: Number(row.id), name: row.name, parent: number(row.parent), head: number(row.head), leader: number(row.leader) });

export async function listDepartments(db: Db): Promise<Department[]> {
  return (await db.selectFrom('department').selectAll().orderBy('id').execute()).map(departmentOf);
}

/** Throws NOT_FOUND. */
export async function getDepartment(db: Db, id: number): Promise<Department> {
  const row = await db.selectFrom('department').selectAll().where('id', '=', id).executeTakeFirst();
  if (!row) throw new Problem(COMMON.NOT_FOUND, `department ${id}`);
  return departmentOf(row);
}

/** The departments over a person, the nearest first. */
async function over(db: Db, person: number): Promise<Department[]> {
  const { department } = await getPerson(db, person);
  const all = new Map((await listDepartments(db)).map((one) => [one.id, one]));
  const path: Department[] = [];
  let at = department === undefined ? undefined : all.get(department);
  while (at !== undefined && !path.includes(at)) {
    path.push(at);
    at = at.parent === null ? undefined : all.get(at.parent);
  }
  return path;
}

/** Who heads the nearest department over a person that has a head other than themself: over a head it is the head above. Throws NOT_FOUND for no such person. */
export async function headOf(db: Db, person: number): Promise<number | undefined> {
  return (await over(db, person)).map(({ head }) => head).find((head) => head !== null && head !== person) ?? undefined;
}

/** Who of the leadership is responsible for the department of a person, or for one over it; never themself. Throws NOT_FOUND for no such person. */
export async function leaderOf(db: Db, person: number): Promise<number | undefined> {
  return (await over(db, person)).map(({ leader }) => leader).find((leader) => leader !== null && leader !== person) ?? undefined;
}

/** Who stands over a person: head, then leader, of each department over them, the nearest first; never themself, each once. Throws NOT_FOUND for no such person. */
export async function superiorsOf(db: Db, person: number): Promise<number[]> {
  const all = (await over(db, person)).flatMap(({ head, leader }) => [head, leader]);
  return [...new Set(all)].filter((one): one is number => one !== null && one !== person);
}

export class Organisation {
  /** @param seconds Unix seconds */
  constructor(private readonly store: Store<Tables>, private readonly seconds: () => number) {}

  async add(given: Omit<Department, 'id'>, by: number): Promise<Department> {
    return this.store.commit(async (trx) => {
      const last = await trx.selectFrom('department').select(trx.fn.max('id').as('last')).executeTakeFirst();
      const department = { id: Number(last?.last ?? 0) + 1, ...given };
      await this.check(trx, department);
      await trx.insertInto('department').values(department).execute();
      await this.note(trx, department, by);
      return department;
    });
  }

  /** Throws DEPARTMENT_CIRCLE where it would come to be below itself. */
  async change(id: number, given: Omit<Department, 'id'>, by: number): Promise<Department> {
    return this.store.commit(async (trx) => {
      await getDepartment(trx, id);
      const department = { id, ...given };
      await this.check(trx, department);
      await trx.updateTable('department').set(given).where('id', '=', id).execute();
      await this.note(trx, department, by);
      return department;
    });
  }

  /** Throws DEPARTMENT_IN_USE while there is a person or a department in it. */
  async remove(id: number, by: number): Promise<Department> {
    return this.store.commit(async (trx) => {
      const department = await getDepartment(trx, id);
      const person = await trx.selectFrom('person').select('id').where('department', '=', id).executeTakeFirst();
      const below = await trx.selectFrom('department').select('id').where('parent', '=', id).executeTakeFirst();
      if (person !== undefined || below !== undefined) throw new Problem(DESK.DEPARTMENT_IN_USE, department.name);
      await trx.deleteFrom('department').where('id', '=', id).execute();
      await appendEntry(trx, this.seconds(), 'department-removed', { department: id, name: department.name, by }, department.name);
      return department;
    });
  }

  private async check(trx: Db, { id, parent, head, leader }: Department): Promise<void> {
    for (const person of [head, leader]) if (person !== null) await getPerson(trx, person);
    const seen = new Set([id]);
    for (let at = parent; at !== null; at = (await getDepartment(trx, at)).parent) {
      if (seen.has(at)) throw new Problem(DESK.DEPARTMENT_CIRCLE);
      seen.add(at);
    }
  }

  private async note(trx: Db, { id, name, parent, head, leader }: Department, by: number): Promise<void> {
    await appendEntry(trx, this.seconds(), 'department', { department: id, name, parent, head, leader, by }, name);
  }
}
