/**
 * SQLite behind Kysely. One process writes a file; WAL with synchronous=FULL, so that what a transaction committed is on
 * the disk before anyone is told (https://www.sqlite.org/pragma.html#pragma_synchronous). Queries keep to what PostgreSQL
 * takes too.
 */
import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { DatabaseSync } from '@photostructure/sqlite';
import { Kysely, SqliteDialect, type SqliteDatabase, type SqliteStatement, type Transaction } from 'kysely';
import { COMMON, Problem, storeProblem } from './errors';

/** One step of a schema; `name` sorts and is never changed once released. */
export type Statement = string | { sqlite: string; postgres: string };

export interface Migration {
  name: string;
  /** SQL statements, run in order in one transaction: one that SQLite and, where the database may be shared, PostgreSQL take, or one for each. */
  up: readonly Statement[];
}

export interface Store<S> {
  readonly db: Kysely<S>;
  /**
   * Runs a transaction and returns when it is durable. Errors come as Problem (STORE_…) and then nothing is stored.
   * Inside, only `trx` may be used: there is one connection, and `db` would wait for it for ever.
   */
  commit<T>(work: (trx: Transaction<S>) => Promise<T>): Promise<T>;
  /** Runs queries outside a transaction, with the same errors. */
  read<T>(work: (db: Kysely<S>) => Promise<T>): Promise<T>;
  /** Runs queries that all see one moment; nothing is written. As with `commit`, only what is handed in may be used inside. */
  snapshot<T>(work: (db: Kysely<S>) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

type Sqlite = InstanceType<typeof DatabaseSync>;

const NOTHING = { changes: 0, lastInsertRowid: 0 };

/** Compiled statements kept. */
const STATEMENTS = 256;

/** Gives node:sqlite's interface the shape Kysely expects, keeping compiled statements. */
function adapt(database: Sqlite): SqliteDatabase {
  const cache = new Map<string, SqliteStatement>();
  return {
    close: () => {
      // Compiled statements keep the connection, so SQLite would leave its log beside the file, and a copy of the file
      // alone would lack what stands in it. When this fails (a full disk) the log stays, and nothing is lost.
      try {
        database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
      } catch {
        // told when it is opened again
      }
      database.close();
    },
    prepare(sql) {
      const known = cache.get(sql);
      if (known !== undefined) return known;
      const statement = database.prepare(sql);
      const made: SqliteStatement = {
        reader: statement.columns().length > 0,
        all: (parameters) => statement.all(...parameters),
        // SQLite has rolled back by itself when the disk was full; a second time would hide the reason behind an error.
        run: (parameters) => (sql === 'rollback' && !database.isTransaction ? NOTHING : statement.run(...parameters)),
        iterate: (parameters) => statement.iterate(...parameters),
      };
      if (cache.size >= STATEMENTS) cache.clear();
      cache.set(sql, made);
      return made;
    },
  };
}

/** Opens or creates a database file and brings its schema up to date. `:memory:` works too. */
export function openStore<S>(file: string, migrations: readonly Migration[]): Store<S> {
  let database: Sqlite | undefined;
  try {
    refuseWhatWasCut(file);
    database = new DatabaseSync(file);
    database.exec('PRAGMA busy_timeout = 250'); // everything else waits as well
    database.exec('PRAGMA journal_mode = WAL');
    database.exec('PRAGMA synchronous = FULL');
    database.exec('PRAGMA foreign_keys = ON');
    migrate(database, migrations, file);
  } catch (error) {
    database?.close();
    if (error instanceof Problem) throw error;
    const known = storeProblem(error);
    throw known instanceof Problem ? new Problem(known.fault, { detail: `${file}: ${(error as Error).message}`, cause: error }) : error;
  }
  const db = new Kysely<S>({ dialect: new SqliteDialect({ database: adapt(database) }) });
  return {
    db,
    commit: (work) => db.transaction().execute(work).catch(rethrow),
    read: (work) => work(db).catch(rethrow),
    snapshot: (work) => db.transaction().execute(work).catch(rethrow),
    close: () => db.destroy(),
  };
}

/**
 * A file that is shorter than its own header says has lost its end. SQLite opens it all the same, finds out when it reads
 * there, and takes one of a few bytes for a new one (https://www.sqlite.org/fileformat2.html, section 1.3). Beside a write-ahead log
 * nothing can be told: a checkpoint that a full disk or a crash has ended may have written the header and not the end, which the log still has.
 */
function refuseWhatWasCut(file: string): void {
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  if (size === 0 || (statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0) > 0) return;
  const head = Buffer.alloc(100);
  const fd = openSync(file, 'r');
  try {
    readSync(fd, head, 0, head.length, 0);
  } finally {
    closeSync(fd);
  }
  const page = head.readUInt16BE(16) === 1 ? 65_536 : head.readUInt16BE(16);
  const known = head.readUInt32BE(24) === head.readUInt32BE(92);
  if (size < head.length || (known && head.readUInt32BE(28) * page > size)) throw new Problem(COMMON.STORE_FAILED, `${file} has been cut short: ${size} bytes are left of it`);
}

function rethrow(error: unknown): never {
  throw storeProblem(error);
}

/** What is still to be done; throws when something was done that this program does not know. @param name of the database */
export function migrationsLeft(migrations: readonly Migration[], done: readonly string[], name: string): Migration[] {
  const unknown = done.find((one) => !migrations.some((m) => m.name === one));
  if (unknown !== undefined) throw new Problem(COMMON.STORE_FAILED, `${name} was written by a newer version of this program (${unknown})`);
  return migrations.filter((migration) => !done.includes(migration.name));
}

function migrate(database: Sqlite, migrations: readonly Migration[], file: string): void {
  database.exec('CREATE TABLE IF NOT EXISTS migration (name TEXT PRIMARY KEY)');
  const done = (database.prepare('SELECT name FROM migration ORDER BY name').all() as { name: string }[]).map((row) => row.name);
  for (const migration of migrationsLeft(migrations, done, file)) {
    database.exec('BEGIN IMMEDIATE');
    try {
      for (const statement of migration.up) database.exec(typeof statement === 'string' ? statement : statement.sqlite);
      database.prepare('INSERT INTO migration (name) VALUES (?)').run(migration.name);
      database.exec('COMMIT');
    } catch (error) {
      if (database.isTransaction) database.exec('ROLLBACK'); // a full disk has done that already
      throw error;
    }
  }
}
