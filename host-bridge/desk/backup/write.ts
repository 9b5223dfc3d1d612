/** Takes a backup of a desk that may be running: all tables as of one moment, then the files that they name. */
import { closeSync, fsyncSync, openSync, rmSync, writeSync } from 'node:fs';
import { sql } from 'kysely';
import { problemOf } from '../../common/errors';
import { moveDurably } from '../../common/files';
import { block, endLength, tarHeader } from '../archive/tar';
import { heldIn } from '../documents/blobs';
import { sha256 } from '../hashes';
import { checkRegister, registerRoot, registerSize } from '../register/register';
import type { Rooms } from '../rooms';
import { deskMigrations, type Db } from '../tables';
import { blobsNamed, blobStores, manifestName, noteName, noteText, partName, rowsInPart, SEALED, tablesOf, type BackupManifest, type BlobStore } from './format';

export interface BackupSummary {
  file: string;
  bytes: number;
  /** Of the register. */
  entries: number;
  documents: number;
  photos: number;
  /** Files that could not be put in, because they are missing or damaged where they should be. */
  missing: string[];
}

/** A tar that grows. */
class Tar {
  bytes = 0;
  readonly files: BackupManifest['files'] = [];
  private readonly fd: number;

  constructor(path: string) {
    this.fd = openSync(path, 'w', 0o600);
  }

  add(name: string, content: Buffer): void {
    this.write(tarHeader(name, content.length));
    this.write(content);
    const rest = content.length % block;
    if (rest > 0) this.write(Buffer.alloc(block - rest));
    this.files.push({ name, size: content.length, sha256: sha256(content).toString('hex') });
  }

  end(): void {
    this.write(Buffer.alloc(endLength));
    fsyncSync(this.fd);
  }

  private write(bytes: Buffer): void {
    for (let at = 0; at < bytes.length; ) at += writeSync(this.fd, bytes, at);
    this.bytes += bytes.length;
  }

  close(): void {
    closeSync(this.fd);
  }
}

/**
 * Writes a backup; under its name it stands only when it is whole. Throws REGISTER_DAMAGED where there is no sound register to back up.
 * @param path of the file; what stands there is replaced
 */
export async function writeBackup(rooms: Rooms, path: string): Promise<BackupSummary> {
  const temporary = `${path}.new`;
  const tar = new Tar(temporary);
  try {
    const made = await fill(rooms, tar);
    tar.end();
    tar.close();
    moveDurably(temporary, path);
    return { file: path, bytes: tar.bytes, ...made };
  } catch (error) {
    tar.close();
    rmSync(temporary, { force: true });
    throw problemOf(error);
  }
}

async function fill(rooms: Rooms, tar: Tar): Promise<Omit<BackupSummary, 'file' | 'bytes'>> {
  const { store, authority, history } = rooms;
  const { named, entries, root } = await store.snapshot(async (db) => {
    await checkRegister(db, authority);
    const size = await registerSize(db);
    for (const table of tablesOf(deskMigrations)) await addTable(db, tar, table.name, table.key);
    return { named: await blobsNamed(db), entries: size, root: (await registerRoot(db, size)).toString('hex') };
  });
  const missing: string[] = [];
  const blobs = { documents: rooms.documentBlobs, photos: rooms.photoBlobs };
  const count: Record<BlobStore, number> = { documents: 0, photos: 0 };
  for (const where of blobStores) {
    for (const hash of [...named[where]].sort()) {
      const content = await heldIn(blobs[where], hash);
      // What is encrypted at rest is so in the backup as well.
      if (content && rooms.cipher?.writes === true) tar.add(`${where}/${hash}${SEALED}`, rooms.cipher.close(content, hash));
      else if (content) tar.add(`${where}/${hash}`, content);
      else missing.push(`${where}/${hash}`);
      count[where] += content ? 1 : 0;
    }
  }
  const manifest: BackupManifest = {
    format: 'smartseal-backup-1', origin: authority.registerName, made: history.seconds(), entries, root,
    migrations: deskMigrations.map((migration) => migration.name), missing, files: [...tar.files],
  };
  const bytes = Buffer.from(`${JSON.stringify(manifest)}\n`, 'utf8');
  tar.add(manifestName, bytes);
  tar.add(noteName, Buffer.from(authority.signNote(noteText(sha256(bytes).toString('hex'))), 'utf8'));
  return { entries, ...count, missing };
}

async function addTable(db: Db, tar: Tar, name: string, key: readonly string[]): Promise<void> {
  const order = sql.join(key.map((column) => sql.ref(column)));
  for (let part = 0; ; part++) {
    const { rows } = await sql<Record<string, unknown>>`SELECT * FROM ${sql.table(name)} ORDER BY ${order} LIMIT ${rowsInPart} OFFSET ${part * rowsInPart}`.execute(db);
    if (rows.length === 0) return;
    tar.add(partName(name, part), Buffer.from(rows.map((row) => `${JSON.stringify(row)}\n`).join(''), 'utf8'));
    if (rows.length < rowsInPart) return;
  }
}
