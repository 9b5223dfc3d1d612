/** Who opens the uses of an application at the unit (借用人), row by row, so that they find it in their list. */
import type { Db } from '../tables';

/** Those who were named, and those whom an approver named besides. @param persons and @param granted as the table has them, JSON */
export function holdersOf(persons: string, granted: string | null): number[] {
  const besides = granted === null ? [] : ((JSON.parse(granted) as { persons?: number[] }).persons ?? []);
  return [...new Set([...(JSON.parse(persons) as number[]), ...besides])];
}

/** Writes them as they are now. */
export async function keepHolders(trx: Db, application: string, persons: readonly number[]): Promise<void> {
  await trx.deleteFrom('application_holder').where('application', '=', application).execute();
  for (const person of new Set(persons)) await trx.insertInto('application_holder').values({ application, person }).execute();
}
