/**
 * Copies for the archive of a year (D3): the register of uses and a sheet for each use, as PDF/A, to be read when no program of ours is left. They
 * prove nothing by themselves: the archive's manifest, which is signed, names the digest of each.
 */
import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Clock } from '../../common/clock';
import type { Language } from '../../common/errors';
import type { Blobs } from '../documents/blobs';
import type { History } from '../history';
import type { Rooms } from '../rooms';
import { registerRoot, registerSize } from '../register/register';
import { wordsOf } from './columns';
import { setType } from './paper';
import { readSheet, type SheetRow } from './sheet';
import { usesForm, type Heading } from './uses';
import { useSheets } from './use-sheet';

/** Uses in one file: of the register, and of sheets with their photos. */
const IN_REGISTER = 1000;
const IN_SHEETS = 50;
const PAGE = 500;

export interface CopySources {
  history: History;
  photos: Blobs;
  clock: Clock;
  /** In which the year begins and times are printed, an IANA name. */
  timeZone: string;
  /** Name of the register. */
  register: string;
}

/** What copies are printed from, at a desk. */
export function copySourcesOf({ history, photoBlobs, clock, timeZone, authority }: Rooms): CopySources {
  return { history, photos: photoBlobs, clock, timeZone, register: authority.registerName };
}

export interface Copy {
  /** Its name in the archive. */
  name: string;
  size: number;
  sha256: string;
  /** Where it lies until it is packed. */
  path: string;
}

export interface Copies {
  files: Copy[];
  /** Removes them from where they lie. */
  remove(): Promise<void>;
}

/** Unix seconds of the first moment of a year there. */
export function yearStart(year: number, timeZone: string): number {
  const guess = new Date(`${year}-01-01T00:00:00Z`).getTime();
  // What clocks show there at that moment of UTC is as far ahead as the year begins earlier.
  const shown = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' }).format(guess);
  const ahead = new Date(`${shown.replace(' ', 'T')}Z`).getTime() - guess;
  return (guess - ahead) / 1000;
}

/** Prints the copies of a year into a folder of their own. */
export async function printCopies(sources: CopySources, year: number, language: Language): Promise<Copies> {
  const folder = await mkdtemp(path.join(tmpdir(), 'smartseal-copies-'));
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    return { files: await print(sources, year, language, folder), remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

async function print({ history, photos, clock, timeZone, register }: CopySources, year: number, language: Language, folder: string): Promise<Copy[]> {
  const { store } = history;
  const words = wordsOf(language, timeZone);
  const [from, until] = [yearStart(year, timeZone), yearStart(year + 1, timeZone)];
  const { size, root } = await store.read(async (db) => {
    const entries = await registerSize(db);
    return { size: entries, root: (await registerRoot(db, entries)).toString('hex') };
  });
  const heading: Heading = { from, until, made: history.seconds(), register, size, root };
  const files: Copy[] = [];
  const keep = async (kind: 'uses' | 'sheets', number: number, pdf: Buffer): Promise<void> => {
    const name = `copies/${year}/${kind}-${String(number).padStart(4, '0')}.pdf`;
    const file = path.join(folder, `${kind}-${number}`);
    await writeFile(file, pdf, { mode: 0o600 });
    files.push({ name, size: pdf.length, sha256: createHash('sha256').update(pdf).digest('hex'), path: file });
  };
  let sheets = 0;
  let registers = 0;
  let held: SheetRow[] = [];
  const flush = async (): Promise<void> => {
    await keep('uses', (registers += 1), await setType(await usesForm(held, heading, words), language, clock));
    held = [];
  };
  for (let after = -1; ;) {
    const rows = (await store.read((db) => readSheet(db, { from, until }, after, PAGE))).filter(({ entry }) => entry < size);
    for (let at = 0; at < rows.length; at += IN_SHEETS) {
      const part = rows.slice(at, at + IN_SHEETS);
      await keep('sheets', (sheets += 1), await setType(await useSheets(part, heading, words, (sha256) => photos.get(sha256)), language, clock));
    }
    held.push(...rows);
    if (held.length >= IN_REGISTER) await flush();
    if (rows.length < PAGE) break;
    after = rows.at(-1)!.entry;
  }
  // A year without a use has a register that says so.
  if (held.length > 0 || registers === 0) await flush();
  return files;
}
