/**
 * A receipt of one stroke for whoever holds the paper: the device's records of it, the register's entries that hold them, proofs that
 * these stand under a signed checkpoint, and what the desk says of the seal. It is checked without the desk (receipt-check.ts).
 */
import { COMMON, Problem } from '../../common/errors';
import type { History, Trx } from '../history';
import type { Db } from '../tables';
import { cosignedOver } from './cosignatures';
import { makeCheckpoint, proveInclusion, type NoteAuthority } from './register';

export interface ReceiptEntry {
  number: number;
  /** The bytes that are hashed, base64. */
  body: string;
  /** Inclusion proof under the checkpoint (RFC 9162 section 2.1.3), hexadecimal. */
  path: string[];
}

export interface Receipt {
  format: 'smartseal-receipt';
  version: 1;
  /** The register's public key (C2SP signed note). */
  key: string;
  /** Signed checkpoint (C2SP tlog-checkpoint). */
  checkpoint: string;
  /** Signed note of the desk: what it says of the seal. */
  statement: string;
  entries: ReceiptEntry[];
  /** The device's records, base64: intent, outcome, photos before and after, as far as there are. */
  records: string[];
}

/** What the statement says, as one line of JSON under the head. */
export interface Statement {
  device: string;
  intent: number;
  seal: { name: string; kind: string; die: string };
}

export const STATEMENT_HEAD = 'smartseal receipt 1';

/** A new receipt's name, or the one there is: random, so that nobody finds others by counting. */
export async function issueReceipt(trx: Trx, history: History, device: string, intent: number, by: number): Promise<string> {
  const stroke = await trx.selectFrom('stroke').select(['result', 'application']).where('device', '=', device).where('intent', '=', intent).executeTakeFirst();
  if (stroke === undefined || stroke.application === null || stroke.result === null) throw new Problem(COMMON.NOT_FOUND, `stroke ${device} ${intent}`);
  const known = await trx.selectFrom('receipt').select('id').where('device', '=', device).where('intent', '=', intent).executeTakeFirst();
  if (known !== undefined) return known.id;
  const id = history.newId(16);
  await trx.insertInto('receipt').values({ id, device, intent, by, created: history.seconds() }).execute();
  await history.note(trx, 'receipt', { device: Buffer.from(device, 'hex'), intent, by }, `${device} ${intent}`);
  return id;
}

/** The receipt of this name, proven under a checkpoint of now. @throws NOT_FOUND */
export async function makeReceipt(trx: Trx, authority: NoteAuthority, id: string, now: number): Promise<Receipt> {
  const row = await trx
    .selectFrom('receipt')
    .innerJoin('stroke', (join) => join.onRef('stroke.device', '=', 'receipt.device').onRef('stroke.intent', '=', 'receipt.intent'))
    .innerJoin('application', 'application.id', 'stroke.application')
    .innerJoin('seal', 'seal.id', 'application.seal')
    .select(['receipt.device', 'receipt.intent', 'stroke.outcome', 'stroke.permit', 'stroke.before', 'stroke.after', 'seal.name', 'seal.kind', 'seal.die'])
    .where('receipt.id', '=', id)
    .executeTakeFirst();
  if (row === undefined) throw new Problem(COMMON.NOT_FOUND, 'receipt');
  const { device } = row;
  const digests = [row.before, row.after].filter((digest): digest is string => digest !== null);
  const photos = digests.length === 0 ? [] : await trx.selectFrom('photo').select('seq').where('device', '=', device).where('digest', 'in', digests).execute();
  const seqs = [...new Set([Number(row.intent), ...(row.outcome === null ? [] : [Number(row.outcome)]), ...photos.map(({ seq }) => Number(seq))])].sort((a, b) => a - b);
  const records = await trx.selectFrom('record').select(['bytes', 'entry']).where('device', '=', device).where('seq', 'in', seqs).orderBy('seq').execute();
  const permit = await permitEntry(trx, row.permit);
  const numbers = [...records.map(({ entry }) => Number(entry)), ...(permit === undefined ? [] : [permit])].sort((a, b) => a - b);
  const { size, note } = await coveringCheckpoint(trx, authority, now, numbers.at(-1) ?? 0);
  const entries: ReceiptEntry[] = [];
  for (const number of numbers) {
    const { body } = await trx.selectFrom('entry').select('body').where('number', '=', number).executeTakeFirstOrThrow();
    entries.push({ number, body, path: (await proveInclusion(trx, number, size)).map((hash) => hash.toString('hex')) });
  }
  const statement: Statement = { device, intent: Number(row.intent), seal: { name: row.name, kind: row.kind, die: row.die } };
  return {
    format: 'smartseal-receipt', version: 1, key: authority.registerKey, checkpoint: note, statement: authority.signNote(`${STATEMENT_HEAD}\n${JSON.stringify(statement)}\n`),
    entries, records: records.map(({ bytes }) => bytes),
  };
}

/** The oldest checkpoint that covers an entry, so that a receipt stays as it is and asking for it writes nothing, one that witnesses cosigned where there is one; a new one where there is none yet. */
async function coveringCheckpoint(trx: Trx, authority: NoteAuthority, now: number, entry: number): Promise<{ size: number; note: string }> {
  const cosigned = await cosignedOver(trx, entry);
  if (cosigned !== undefined) return cosigned;
  const known = await trx.selectFrom('checkpoint').select(['size', 'note']).where('size', '>', entry).orderBy('size').executeTakeFirst();
  return known === undefined ? makeCheckpoint(trx, authority, now) : { size: Number(known.size), note: known.note };
}

/** The entry under which a permit was issued: it names the document. A code's stroke has none. */
async function permitEntry(db: Db, permit: string): Promise<number | undefined> {
  const row = await db.selectFrom('entry').select('number').where('kind', '=', 'permit').where('search', 'like', `permit ${permit} %`).orderBy('number').executeTakeFirst();
  return row && Number(row.number);
}
