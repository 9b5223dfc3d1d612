/** Cosignatures that were collected, as readers of the register get them: lines of the checkpoints' notes. */
import type { Db } from '../tables';

/** The lines below the register's own signature of the checkpoint of this size; '' where no witness has cosigned it. */
export async function cosignatureLines(db: Db, size: number): Promise<string> {
  const rows = await db.selectFrom('cosignature').select('line').where('size', '=', size).orderBy('witness').execute();
  return rows.map(({ line }) => `${line}\n`).join('');
}

/** A checkpoint with the cosignatures there are. */
export interface CosignedCheckpoint {
  size: number;
  note: string;
}

async function withLines(db: Db, size: number): Promise<CosignedCheckpoint | undefined> {
  const row = await db.selectFrom('checkpoint').select('note').where('size', '=', size).executeTakeFirst();
  return row && { size, note: `${row.note}${await cosignatureLines(db, size)}` };
}

/** The newest checkpoint that any witness has cosigned. */
export async function newestCosigned(db: Db): Promise<CosignedCheckpoint | undefined> {
  const row = await db.selectFrom('cosignature').select('size').orderBy('size', 'desc').executeTakeFirst();
  return row && withLines(db, Number(row.size));
}

/** Of the checkpoints that cover an entry the one that most witnesses have cosigned, the oldest of these; undefined where none has. */
export async function cosignedOver(db: Db, entry: number): Promise<CosignedCheckpoint | undefined> {
  const row = await db
    .selectFrom('cosignature')
    .select(['size', db.fn.countAll().as('witnesses')])
    .where('size', '>', entry)
    .groupBy('size')
    .orderBy('witnesses', 'desc')
    .orderBy('size')
    .executeTakeFirst();
  return row && withLines(db, Number(row.size));
}

/** What each witness has cosigned last, of checkpoints before this size. */
export async function lastCosigned(db: Db, before: number): Promise<CosignedCheckpoint[]> {
  const rows = await db.selectFrom('cosignature').select((eb) => eb.fn.max('size').as('size')).groupBy('witness').execute();
  const found: CosignedCheckpoint[] = [];
  for (const size of [...new Set(rows.map((row) => Number(row.size)))].filter((one) => one < before)) {
    const one = await withLines(db, size);
    if (one) found.push(one);
  }
  return found;
}
