/**
 * A backup: one tar in the form of the archive (archive/tar.ts), with every table of the database in parts (lines of JSON), every
 * document, page picture and photo under its SHA-256, and at the end a manifest with the hash of each file, signed by the register's
 * key. It says nothing of the kind of database, so a desk may move from SQLite to PostgreSQL by it. It holds no key.
 */
import * as v from 'valibot';
import { hexadecimal, Text, whole, type Checked } from '../../common/config';
import type { Migration } from '../../common/database';
import type { Db } from '../tables';
import { maxSize } from '../archive/tar';

export const manifestName = 'manifest.json';
export const noteName = 'manifest.note';
/** Longest manifest that is read, bytes: two million files. */
export const maxManifest = 512 << 20;
/** Rows in one part of a table, and the longest part that is read, bytes. */
export const rowsInPart = 1000;
export const maxPart = 256 << 20;

/** Behind the name of a file that is encrypted (documents/cipher.ts). */
export const SEALED = '.sealed';

/** Which store a file comes from. */
export const blobStores = ['documents', 'photos'] as const;
export type BlobStore = (typeof blobStores)[number];

const Manifest = v.strictObject({
  format: v.literal('smartseal-backup-1'), origin: v.pipe(Text, v.maxLength(100)), made: whole(0, Number.MAX_SAFE_INTEGER),
  /** The register as it was: its size and root. */
  entries: whole(0, Number.MAX_SAFE_INTEGER), root: hexadecimal(64),
  /** Names of the steps of the schema that the tables are of. */
  migrations: v.array(v.pipe(Text, v.maxLength(100))),
  /** Files that the database names and that were missing or damaged in their store. */
  missing: v.array(v.pipe(Text, v.maxLength(100))),
  files: v.array(v.strictObject({ name: v.pipe(Text, v.maxLength(100)), size: whole(0, maxSize), sha256: hexadecimal(64) })),
});
export type BackupManifest = Checked<typeof Manifest>;

export function readManifest(bytes: Buffer): BackupManifest | undefined {
  try {
    const checked = v.safeParse(Manifest, JSON.parse(bytes.toString('utf8')), { abortEarly: true });
    return checked.success ? checked.output : undefined;
  } catch {
    return undefined;
  }
}

/** What is signed beside the manifest, as a C2SP note. */
export const noteText = (sha256: string): string => `smartseal backup\n${sha256}\n`;

export interface TableForm {
  name: string;
  /** Columns by which its rows are in order. */
  key: string[];
}

/** The tables that these steps of a schema make, one that others refer to before them. */
export function tablesOf(migrations: readonly Migration[]): TableForm[] {
  const tables: TableForm[] = [];
  for (const statement of migrations.flatMap((migration) => migration.up)) {
    // What is written for each kind of database fills tables alone.
    if (typeof statement !== 'string') continue;
    const dropped = /^\s*DROP TABLE (\w+)/i.exec(statement)?.[1];
    if (dropped !== undefined) tables.splice(tables.findIndex((table) => table.name === dropped), 1);
    const name = /^\s*CREATE TABLE (\w+)/i.exec(statement)?.[1];
    if (name === undefined) continue;
    const key = /PRIMARY KEY\s*\(([^)]+)\)/i.exec(statement)?.[1] ?? /(\w+)\s+(?:BIGINT|INTEGER|TEXT)\s+PRIMARY KEY/i.exec(statement)?.[1];
    if (key === undefined) throw new TypeError(`table ${name} has no primary key: a backup needs one`);
    tables.push({ name, key: key.split(',').map((column) => column.trim()) });
  }
  return tables;
}

export const partName = (table: string, part: number): string => `tables/${table.replaceAll('_', '-')}/${String(part).padStart(6, '0')}.json`;

/** All files that the database names. Whoever adds a table with files adds them here. */
export async function blobsNamed(db: Db): Promise<Record<BlobStore, Set<string>>> {
  const documents = new Set<string>();
  const photos = new Set<string>();
  for (const row of await db.selectFrom('document').select('sha256').where('removed', 'is', null).execute()) documents.add(row.sha256);
  for (const row of await db.selectFrom('document_page').innerJoin('document', 'document.sha256', 'document_page.document').select('document_page.sha256').where('document.removed', 'is', null).execute()) documents.add(row.sha256);
  for (const row of await db.selectFrom('seal').select('sample').where('sample', 'is not', null).execute()) documents.add(row.sample!);
  for (const row of await db.selectFrom('photo').select('sha256').where('state', '=', 'stored').execute()) if (row.sha256 !== null) photos.add(row.sha256);
  return { documents, photos };
}
