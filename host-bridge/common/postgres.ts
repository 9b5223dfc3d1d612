/**
 * PostgreSQL behind Kysely (node-postgres, https://node-postgres.com). Transactions that write take one lock first, so they come one
 * after the other as they do on SQLite: a chain, a tree and a counter are extended by one at a time. They are SERIALIZABLE besides,
 * so that whoever writes past that lock makes them fail and be tried again rather than fork something.
 */
import { randomUUID } from 'node:crypto';
import { CompiledQuery, Kysely, PostgresDialect, sql, type Transaction } from 'kysely';
import { Client, Pool, types, type CustomTypesConfig } from 'pg';
import type { Clock } from './clock';
import { migrationsLeft, type Migration } from './database';
import { COMMON, Problem, storeProblem } from './errors';
import type { Log } from './log';
import type { Alone, SharedOptions, SharedStore } from './shared';

/** Milliseconds: for a connection, for the lock of those who write, for one statement, and between two statements of a transaction. */
const wait = { connect: 10_000, lock: 30_000, statement: 300_000, idle: 60_000 } as const;
/** Times that a transaction is run which the database gave up in favour of another. */
const ATTEMPTS = 5;
/** Channel of NOTIFY. */
const CHANNEL = 'smartseal';
/** Milliseconds of silence after which who has a place loses it. */
const SILENCE = 30_000;
/** Milliseconds before a lost connection is asked for again. */
const AGAIN = 1_000;
/** SQLSTATE (PostgreSQL, appendix A) of a transaction that was given up and has done nothing: serialization_failure, deadlock_detected. */
const given_up = new Set(['40001', '40P01']);

/** BIGINT and NUMERIC come as numbers, as from SQLite; all that the programs keep are far below 2^53. */
const numbers: CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text') => {
    if (oid !== types.builtins.INT8 && oid !== types.builtins.NUMERIC) return types.getTypeParser(oid, format);
    return (text: string) => {
      const value = Number(text);
      if (!Number.isSafeInteger(value)) throw new RangeError(`a number out of range: ${text}`);
      return value;
    };
  }) as CustomTypesConfig['getTypeParser'],
};

/** Opens a database at an address (https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING) and brings its schema up to date. */
export async function openPostgres<S>(address: string, migrations: readonly Migration[], o: SharedOptions): Promise<SharedStore<S>> {
  const settings = { connectionString: address, application_name: 'smartseal', keepAlive: true, connectionTimeoutMillis: wait.connect, types: numbers };
  const pool = new Pool({ ...settings, max: o.connections ?? 10 });
  // Without a listener a broken connection would end the program; whoever uses it next is told.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  const db = new Kysely<S>({ dialect: new PostgresDialect({ pool, onCreateConnection: async (connection) => void (await connection.executeQuery(SETTINGS)) }) });
  try {
    await migrate(db as unknown as Kysely<Done>, migrations, nameOf(address));
  } catch (error) {
    await db.destroy();
    const known = postgresProblem(error);
    if (error instanceof Problem || !(known instanceof Problem)) throw known;
    throw new Problem(known.fault, { detail: `${nameOf(address)}: ${(error as Error).message}`, cause: error });
  }
  const ears = new Ears(() => new Client(settings));
  const rethrow = (error: unknown): never => {
    throw postgresProblem(error);
  };
  return {
    db,
    kind: 'postgres',
    commit: (work) => written(db, ears.name, work).catch(rethrow),
    read: (work) => work(db).catch(rethrow),
    snapshot: (work) => db.transaction().setIsolationLevel('repeatable read').setAccessMode('read only').execute(work).catch(rethrow),
    alone: (place, clock) => aloneAt(new Client(settings), place, clock, o.silence ?? SILENCE).catch(rethrow),
    tell: (word) => sql`SELECT pg_notify(${CHANNEL}, ${`${ears.name} ${word}`})`.execute(db).then(() => undefined, rethrow),
    hear: (call, { clock, log }) => ears.hear(call, clock, log),
    close: async () => {
      await ears.close();
      await db.destroy();
    },
  };
}

/** An address without what may be a password. */
function nameOf(address: string): string {
  return address.replace(/\/\/.*@/s, '//').replace(/\?.*$/s, '');
}

const SETTINGS = CompiledQuery.raw(
  `SELECT set_config('lock_timeout', '${wait.lock}', false), set_config('statement_timeout', '${wait.statement}', false),
     set_config('idle_in_transaction_session_timeout', '${wait.idle}', false), set_config('tcp_keepalives_idle', '10', false),
     set_config('tcp_keepalives_interval', '5', false), set_config('tcp_keepalives_count', '3', false)`,
);

async function written<S, T>(db: Kysely<S>, name: string, work: (trx: Transaction<S>) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await db
        .transaction()
        .setIsolationLevel('serializable')
        .execute(async (trx) => {
          // Before anything is read: LOCK takes no snapshot, so what is read then is all that was committed before. Readers are not held up.
          await sql`LOCK TABLE migration IN SHARE ROW EXCLUSIVE MODE`.execute(trx);
          const result = await work(trx);
          await sql`SELECT pg_notify(${CHANNEL}, ${`${name} `})`.execute(trx); // told when, and only if, it is committed
          return result;
        });
    } catch (error) {
      // Nothing else is run again: where a connection breaks in COMMIT, nobody knows whether it was done.
      if (!given_up.has(codeOf(error)) || attempt >= ATTEMPTS) throw error;
    }
  }
}

interface Done {
  migration: { name: string };
}

async function migrate(db: Kysely<Done>, migrations: readonly Migration[], name: string): Promise<void> {
  await db.transaction().execute(async (trx) => {
    await sql`SELECT pg_advisory_xact_lock(hashtextextended('smartseal/migration', 0))`.execute(trx); // replicas that start together
    const { rows } = await sql<{ there: boolean }>`SELECT to_regclass('migration') IS NOT NULL AS there`.execute(trx);
    if (rows[0]?.there !== true) await sql`CREATE TABLE migration (name TEXT PRIMARY KEY)`.execute(trx);
    const done = (await trx.selectFrom('migration').select('name').orderBy('name').execute()).map((row) => row.name);
    for (const migration of migrationsLeft(migrations, done, name)) {
      for (const statement of migration.up) await trx.executeQuery(CompiledQuery.raw(typeof statement === 'string' ? statement : statement.postgres));
      await trx.insertInto('migration').values({ name: migration.name }).execute();
    }
  });
}

/**
 * A place is a lock of a session of its own (https://www.postgresql.org/docs/current/explicit-locking.html#ADVISORY-LOCKS): it ends with
 * the connection. Who has it says so a few times in `silence` milliseconds; the server's clock is the only one that counts.
 */
async function aloneAt(client: Client, place: string, clock: Clock, silence: number): Promise<Alone | undefined> {
  let cancel = (): void => undefined;
  const lose = (): void => {
    held.lost = true;
    cancel();
  };
  const held = { lost: false, release: () => (lose(), client.end().catch(() => undefined)) };
  client.on('error', lose);
  client.on('end', lose);
  const speak = (): void => {
    cancel = clock.after(Math.floor(silence / 4), () => void client.query('SELECT 1').then(speak, lose));
  };
  try {
    await client.connect();
    await client.query(SETTINGS.sql);
    const { rows } = await client.query<{ taken: boolean }>(`SELECT pg_try_advisory_lock(hashtextextended($1, 1)) AS taken`, [`smartseal/${place}`]);
    if (rows[0]?.taken === true) {
      speak();
      return held;
    }
    await client.query(EVICT, [`smartseal/${place}`, silence]);
  } catch (error) {
    await held.release();
    throw error;
  }
  await held.release();
  return undefined;
}

/** Ends the session that has a place and has been silent; a lock's 64 bits stand in pg_locks as two halves. The place is free for the next try. */
const EVICT = `SELECT pg_terminate_backend(a.pid) FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
  WHERE l.locktype = 'advisory' AND l.granted AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
    AND ((l.classid::bigint << 32) | l.objid::bigint) = hashtextextended($1, 1) AND l.objsubid = 1
    AND a.state_change < now() - $2::int * interval '1 millisecond'`;

/** The connection that listens; made anew as often as it breaks. */
class Ears {
  /** Tells this process from the others; not secret. */
  readonly name: string;
  private client: Client | undefined;
  private closed = false;
  private cancel = (): void => undefined;
  private connecting: Promise<void> = Promise.resolve();

  constructor(private readonly make: () => Client) {
    this.name = randomUUID();
  }

  hear(call: (word: string) => void, clock: Clock, log: Log): void {
    const connect = (): void => void (this.connecting = this.connect(call, (why) => {
      log.debug('not listening to the database', { why });
      this.cancel = clock.after(AGAIN, connect);
    }));
    connect();
  }

  private async connect(call: (word: string) => void, lost: (why: string) => void): Promise<void> {
    const client = this.make();
    this.client = client;
    let over = false;
    const again = (error?: unknown): void => {
      if (over || this.closed) return;
      over = true;
      void client.end().catch(() => undefined);
      lost(String(error ?? 'ended'));
    };
    client.on('error', again);
    client.on('end', () => again());
    client.on('notification', ({ payload }) => {
      const at = payload?.indexOf(' ') ?? -1;
      if (payload !== undefined && at > 0 && payload.slice(0, at) !== this.name) call(payload.slice(at + 1));
    });
    try {
      await client.connect();
      await client.query(`LISTEN ${CHANNEL}`);
      call(''); // what was said before is lost
    } catch (error) {
      again(error);
    }
  }

  async close(): Promise<void> {
    this.closed = true;
    this.cancel();
    await this.connecting;
    await this.client?.end().catch(() => undefined);
  }
}

function codeOf(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : '';
}

/** What node-postgres says of a connection without giving a code. */
const broken = /^(Connection terminated|timeout exceeded when trying to connect|Client (was closed|has encountered)|Cannot use a pool)|timeout expired/;

/** An error of PostgreSQL as a Problem, by the SQLSTATE it names; a mistake of ours comes back as it is. */
export function postgresProblem(error: unknown): unknown {
  if (error instanceof Problem || typeof error !== 'object' || error === null) return error;
  const code = codeOf(error);
  const as = (fault: (typeof COMMON)[keyof typeof COMMON]): Problem => new Problem(fault, { retryAfter: 10, cause: error });
  if (code === '' && broken.test(String((error as { message?: unknown }).message))) return as(COMMON.STORE_FAILED);
  if (!/^[0-9A-Z]{5}$/.test(code) || /^E/.test(code)) return storeProblem(error);
  // character_not_in_repertoire, untranslatable_character: a NUL in a text, which PostgreSQL does not keep.
  if (code === '22021' || code === '22P05') return new Problem(COMMON.INVALID, { detail: 'a text holds a character that cannot be stored', cause: error });
  if (code === '53100') return as(COMMON.STORE_FULL); // disk_full
  // lock_not_available, query_canceled, too_many_connections
  if (given_up.has(code) || ['55P03', '57014', '53300'].includes(code)) return as(COMMON.STORE_BUSY);
  // Connections, passwords, databases that are not there, constraints, read-only standbys, resources, shutdown, the system, corruption.
  return /^(08|28|3D|23|25|53|57|58|XX)/.test(code) ? as(COMMON.STORE_FAILED) : error;
}
