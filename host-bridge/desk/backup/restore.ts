/** Puts a backup back, or tells a desk that its database was put back by other means. */
import { existsSync } from 'node:fs';
import { sql } from 'kysely';
import { COMMON, Problem } from '../../common/errors';
import { moveDurably } from '../../common/files';
import { openShared, type SharedStore } from '../../common/shared';
import { createAuthority } from '../authority/authority';
import { openRooms, roomsOver, type DeskOptions } from '../desk';
import { DESK } from '../errors';
import { FileCipher } from '../documents/cipher';
import { sha256 } from '../hashes';
import type { Trx } from '../history';
import { checkRegister, registerRoot, registerSize } from '../register/register';
import type { Rooms } from '../rooms';
import { deskMigrations, type Tables } from '../tables';
import { SEALED, blobStores, maxPart, partName, tablesOf, type TableForm } from './format';
import { openBackup, type Backup } from './read';
import { checkAccess, type Access } from './means';
import { markRestored, type Restored } from './restored';

export type RestoreOptions = Omit<DeskOptions, 'http' | 'bridges'>;

const namesOf = (tables: readonly TableForm[]): ReadonlySet<string> => new Set(tables.map(({ name }) => name));

/** Values in one statement; SQLite takes 32,766, PostgreSQL 65,535. */
const VALUES = 30_000;

/**
 * Puts a backup into an empty database and its files into their stores. In one transaction with the rows stands all that keeps a
 * restored desk from granting twice (restored.ts). Throws BACKUP_DAMAGED, BACKUP_KEY, CONFLICT where the database is not empty.
 */
export async function restoreBackup(path: string, o: RestoreOptions): Promise<Restored & Access & { missing: string[] }> {
  const backup = openBackup(path, createAuthority(o.keys).registerKey);
  try {
    const { manifest } = backup;
    const known = deskMigrations.filter((migration) => manifest.migrations.includes(migration.name));
    if (known.length !== manifest.migrations.length) throw new Problem(COMMON.STORE_FAILED, `${path} was written by a newer version of this program`);
    // The rows are those of the schema of that day; what came later is done to them when the desk is opened.
    const restored = await within(o, await openShared<Tables>(o.database, known, { connections: 2 }), async (rooms) => {
      await putFiles(backup, rooms);
      const before = rooms.mark.read();
      return rooms.history.commit(async (trx) => {
        const tables = tablesOf(known);
        for (const table of tables) {
          const found = await sql`SELECT 1 FROM ${sql.table(table.name)} LIMIT 1`.execute(trx);
          if (found.rows.length > 0) throw new Problem(COMMON.CONFLICT, 'the database is not empty');
        }
        await putRows(trx, backup, tables);
        await checkRegister(trx, rooms.authority);
        const size = await registerSize(trx);
        if (size !== manifest.entries || (await registerRoot(trx, size)).toString('hex') !== manifest.root) throw new Problem(DESK.BACKUP_DAMAGED, 'the register');
        return markRestored(trx, rooms, before, namesOf(tables));
      });
    });
    return { ...restored, ...(await keepMark(o)), missing: manifest.missing };
  } finally {
    backup.close();
  }
}

/** For a database that was put back by its own means: a copy of its file, a dump, a recovery to a point in time. */
export async function acceptRestored(o: RestoreOptions): Promise<Restored & Access> {
  const restored = await within(o, await openShared<Tables>(o.database, deskMigrations, { connections: 2 }), async (rooms) => {
    const before = rooms.mark.read();
    return rooms.history.commit(async (trx) => {
      await checkRegister(trx, rooms.authority);
      return markRestored(trx, rooms, before, namesOf(tablesOf(deskMigrations)));
    });
  });
  return { ...restored, ...(await keepMark(o)) };
}

/** Works on a database that no desk uses meanwhile. */
async function within<T>(o: RestoreOptions, store: SharedStore<Tables>, work: (rooms: Rooms) => Promise<T>): Promise<T> {
  try {
    const place = await store.alone('duty', o.clock);
    if (!place) throw new Problem(COMMON.CONFLICT, 'a desk is running on this database');
    try {
      return await work(roomsOver(store, { ...o, bridges: [] }));
    } finally {
      await place.release();
    }
  } finally {
    await store.close();
  }
}

/** The mark of before is put aside, for it proves what was lost; the new one is written when the whole database opens. Then it is told who can sign in, and by what. */
async function keepMark(o: RestoreOptions): Promise<Access> {
  if (o.mark !== undefined && existsSync(o.mark)) {
    let number = 1;
    while (existsSync(`${o.mark}.before-${number}`)) number += 1;
    moveDurably(o.mark, `${o.mark}.before-${number}`);
  }
  const rooms = await openRooms({ ...o, bridges: [] });
  try {
    await rooms.store.snapshot((db) => checkRegister(db, rooms.authority));
    const access = await checkAccess(rooms);
    await rooms.mark.keep();
    return access;
  } finally {
    await rooms.store.close();
  }
}

async function putFiles(backup: Backup, rooms: Rooms): Promise<void> {
  const stores = { documents: rooms.documentBlobs, photos: rooms.photoBlobs };
  for (const [i, file] of backup.manifest.files.entries()) {
    const where = blobStores.find((one) => file.name.startsWith(`${one}/`));
    if (where === undefined) continue;
    const hash = file.name.slice(where.length + 1).replace(SEALED, '');
    if (file.name.endsWith(SEALED) && FileCipher.isForeign(backup.content(i), rooms.cipher)) throw new Problem(DESK.BACKUP_KEY, file.name);
    const content = file.name.endsWith(SEALED) ? rooms.cipher?.open(backup.content(i), hash) : backup.content(i);
    if (content === undefined || file.name !== `${where}/${hash}${file.name.endsWith(SEALED) ? SEALED : ''}` || sha256(content).toString('hex') !== hash) throw new Problem(DESK.BACKUP_DAMAGED, file.name);
    await stores[where].put(content);
  }
}

async function putRows(trx: Trx, backup: Backup, tables: readonly TableForm[]): Promise<void> {
  const numbers = new Map(backup.manifest.files.map((file, i) => [file.name, i]));
  for (const table of tables) {
    for (let part = 0; ; part++) {
      const index = numbers.get(partName(table.name, part));
      if (index === undefined) break;
      if ((backup.manifest.files[index]?.size ?? 0) > maxPart) throw new Problem(DESK.BACKUP_DAMAGED, partName(table.name, part));
      const rows = backup.content(index).toString('utf8').split('\n').slice(0, -1).map((line) => JSON.parse(line) as Record<string, unknown>);
      await insert(trx, table.name, rows);
    }
  }
}

async function insert(trx: Trx, table: string, rows: readonly Record<string, unknown>[]): Promise<void> {
  const columns = Object.keys(rows[0] ?? {});
  const names = sql.join(columns.map((column) => sql.ref(column)));
  const most = Math.max(1, Math.floor(VALUES / Math.max(1, columns.length)));
  for (let at = 0; at < rows.length; at += most) {
    const values = sql.join(rows.slice(at, at + most).map((row) => sql`(${sql.join(columns.map((column) => row[column]))})`));
    await sql`INSERT INTO ${sql.table(table)} (${names}) VALUES ${values}`.execute(trx);
  }
}
