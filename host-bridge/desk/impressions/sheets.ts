/**
 * The sheets of a cross-page stroke (骑缝, F6). The unit photographs the fanned edges; whoever has the sheets hands in a photo of each, as many as
 * lay under the die. Each is evidence as it comes; a set that is complete is judged (impressions.ts), and one that is not good may be followed by another.
 */
import { COMMON, Problem } from '../../common/errors';
import { INSPECTION } from '../../inspection/errors';
import { getApplication, type Application } from '../applications/applications';
import type { Blobs } from '../documents/blobs';
import { getDocument } from '../documents/documents';
import { DESK } from '../errors';
import { sha256 } from '../hashes';
import type { History, Trx } from '../history';
import { getSeal } from '../register/cards';
import type { Db } from '../tables';

/** A die of 42 mm reaches over no more sheets. */
export const MOST_SHEETS = 12;
/** Sets of one stroke that are taken: each is kept for ever. */
export const MOST_ROUNDS = 8;
/** Results of strokes that may have left something: stamped, unknown. */
export const MAY_HAVE = [1, 3];

export interface SheetPhoto {
  round: number;
  sheet: number;
  sha256: string;
  person: number;
  /** Unix seconds. */
  at: number;
  entry: number;
}

export interface Sheets {
  device: string;
  intent: number;
  application: string;
  /** Pages of the approved document; the fewest and the most sheets that the stroke can have been over. */
  pages: number;
  least: number;
  most: number;
  /** How many sheets are wanted, where that is known. */
  sheets: number | null;
  /** The set that is being handed in or was last; 0: none yet. */
  round: number;
  complete: boolean;
  /** Verdict on it; null: not judged yet, or not at all. */
  verdict: string | null;
  /** Whether photos can be handed in now, and whether the next one begins another set. */
  open: boolean;
  anew: boolean;
  /** Of all sets. */
  photos: SheetPhoto[];
}

export interface SheetsAsked {
  /** How many sheets lay under the die; as many as the document has pages where not said. */
  sheets?: number | undefined;
  /** Begins another set, where the present one is not complete. */
  again?: boolean | undefined;
}

/** Undefined where these bytes are no photo; only their first ones are looked at, for the rest there is a process of its own. */
export function photoType(data: Buffer): 'jpeg' | 'png' | 'webp' | undefined {
  if (data.subarray(0, 3).toString('hex') === 'ffd8ff') return 'jpeg';
  if (data.subarray(0, 8).toString('hex') === '89504e470d0a1a0a') return 'png';
  return data.subarray(0, 4).toString('latin1') === 'RIFF' && data.subarray(8, 12).toString('latin1') === 'WEBP' ? 'webp' : undefined;
}

/** The digest of a set: of its photos' digests in their order. */
export const digestOfSet = (photos: readonly string[]): string => sha256(Buffer.concat(photos.map((one) => Buffer.from(one, 'hex')))).toString('hex');

/** A stroke over the edges of several sheets, with its application. @throws NOT_FOUND */
export async function crossPageStroke(db: Db, device: string, intent: number): Promise<{ application: Application; result: number | null }> {
  const row = await db.selectFrom('stroke').innerJoin('permit', (join) => join.onRef('permit.id', '=', 'stroke.permit').onRef('permit.device', '=', 'stroke.device'))
    .select(['stroke.application', 'stroke.result']).where('stroke.device', '=', device).where('stroke.intent', '=', intent).where('permit.cross_page', '=', 1).executeTakeFirst();
  if (!row || row.application === null) throw new Problem(COMMON.NOT_FOUND, `cross-page stroke ${device} ${intent}`);
  return { application: await getApplication(db, row.application), result: row.result === null ? null : Number(row.result) };
}

/** Whether a person hands in the sheets of a use: who applied, who stamped, who keeps the seal. */
export async function handsIn(db: Db, application: Application, person: number, now: number): Promise<boolean> {
  if (application.applicant === person || application.granted.persons.includes(person)) return true;
  const { custodian, deputy, deputyUntil } = await getSeal(db, application.seal);
  return custodian === person || (deputy === person && (deputyUntil ?? 0) > now);
}

/** How it stands with the sheets of a stroke. @throws NOT_FOUND */
export async function sheetsOf(db: Db, device: string, intent: number): Promise<Sheets> {
  const { application, result } = await crossPageStroke(db, device, intent);
  const { pages } = await getDocument(db, application.document);
  const rows = await db.selectFrom('sheet_photo').selectAll().where('device', '=', device).where('intent', '=', intent).orderBy('round').orderBy('sheet').execute();
  const judged = await db.selectFrom('impression').select(['verdict', 'round']).where('device', '=', device).where('intent', '=', intent).executeTakeFirst();
  const last = rows.at(-1);
  const round = Number(last?.round ?? 0);
  const complete = last !== undefined && Number(last.sheet) === Number(last.sheets);
  const verdict = judged && Number(judged.round) === round && round > 0 ? judged.verdict : null;
  // Printed on both sides there are half as many sheets as pages; a long document may need several strokes.
  const least = Math.max(2, Math.ceil(pages / 2 / Math.max(1, application.granted.crossPage)));
  const most = Math.min(MOST_SHEETS, pages);
  const anew = complete && verdict !== null && verdict !== 'same';
  return {
    device, intent, application: application.id, pages, least, most, sheets: anew || last === undefined ? (pages <= most ? pages : null) : Number(last.sheets), round, complete, verdict, anew,
    open: result !== null && MAY_HAVE.includes(result) && pages > 1 && (!complete || anew) && (!anew || round < MOST_ROUNDS),
    photos: rows.map((row) => ({ round: Number(row.round), sheet: Number(row.sheet), sha256: row.sha256, person: Number(row.person), at: Number(row.at), entry: Number(row.entry) })),
  };
}

export class SheetsRoom {
  /** @param added there is something to judge */
  constructor(private readonly history: History, private readonly photos: Blobs, private readonly added: () => void) {}

  /**
   * Takes photos of sheets, in any order of pages; a set is complete with its last one.
   * @throws NOT_FOUND where there is no such stroke or the person has nothing to do with it, WRONG_STATE, SHEETS_COUNT, SHEET_TWICE, PHOTO_UNREADABLE
   */
  async add(device: string, intent: number, photos: readonly Buffer[], asked: SheetsAsked, by: number): Promise<Sheets> {
    const files = photos.map((data, i) => {
      const type = photoType(data);
      if (type === undefined) throw new Problem(INSPECTION.PHOTO_UNREADABLE, `photo ${i + 1}`);
      return { type, sha256: sha256(data).toString('hex'), size: data.length };
    });
    await this.history.store.read((db) => this.place(db, device, intent, files, asked, by));
    // In the store before the register names it; what is refused after all is named by nothing.
    for (const data of photos) await this.photos.put(data);
    const told = await this.history.commit(async (trx) => {
      const { application, round, from, sheets } = await this.place(trx, device, intent, files, asked, by);
      for (const [i, file] of files.entries()) await this.note(trx, { device, intent, application, round, sheet: from + i + 1, sheets, by, ...file });
      return sheetsOf(trx, device, intent);
    });
    if (told.complete) this.added();
    return told;
  }

  /** Where photos come to stand. */
  private async place(db: Db, device: string, intent: number, files: readonly { sha256: string }[], { sheets: said, again = false }: SheetsAsked, by: number): Promise<{ application: string; round: number; from: number; sheets: number }> {
    const { application } = await crossPageStroke(db, device, intent);
    if (!(await handsIn(db, application, by, this.history.seconds()))) throw new Problem(COMMON.NOT_FOUND, `cross-page stroke ${device} ${intent}`);
    const known = await sheetsOf(db, device, intent);
    if (!known.open) throw new Problem(DESK.WRONG_STATE, known.complete ? (known.verdict ?? 'complete') : 'no stroke over sheets');
    const fresh = known.round === 0 || known.anew || again;
    if (fresh && known.round >= MOST_ROUNDS) throw new Problem(DESK.WRONG_STATE, `${MOST_ROUNDS} sets`);
    const before = fresh ? [] : known.photos.filter(({ round }) => round === known.round);
    const sheets = said ?? (fresh ? (known.pages <= known.most ? known.pages : undefined) : (known.sheets ?? undefined));
    if (sheets === undefined || sheets < known.least || sheets > known.most) throw new Problem(DESK.SHEETS_COUNT, `${known.least} … ${known.most}`);
    if (!fresh && sheets !== known.sheets) throw new Problem(DESK.SHEETS_COUNT, String(known.sheets));
    if (files.length === 0 || before.length + files.length > sheets) throw new Problem(DESK.SHEETS_COUNT, `${before.length} + ${files.length} / ${sheets}`);
    const all = [...before, ...files].map((one) => one.sha256);
    if (new Set(all).size < all.length) throw new Problem(DESK.SHEET_TWICE);
    // The same file shows the same edges: of another stroke, over a copy of the document, it says nothing of this one.
    const elsewhere = await db.selectFrom('sheet_photo').select('sha256').where('sha256', 'in', files.map((one) => one.sha256)).where((eb) => eb.or([eb('device', '!=', device), eb('intent', '!=', intent)])).limit(1).executeTakeFirst();
    if (elsewhere) throw new Problem(DESK.SHEET_TWICE, `${elsewhere.sha256}: of another stroke`);
    return { application: application.id, round: fresh ? known.round + 1 : known.round, from: before.length, sheets };
  }

  private async note(trx: Trx, one: { device: string; intent: number; application: string; round: number; sheet: number; sheets: number; by: number; type: string; sha256: string; size: number }): Promise<void> {
    const { device, intent, application, by, sha256: photo, ...rest } = one;
    const entry = await this.history.note(
      trx, 'sheet', { device: Buffer.from(device, 'hex'), intent, application, photo: Buffer.from(photo, 'hex'), by, ...rest }, `${device} ${application} ${photo} 骑缝`,
      { type: 'sheet', device, data: { application, intent, round: rest.round, sheet: rest.sheet, sheets: rest.sheets } },
    );
    await trx.insertInto('sheet_photo').values({ device, intent, sha256: photo, person: by, at: this.history.seconds(), entry, ...rest }).execute();
  }
}
