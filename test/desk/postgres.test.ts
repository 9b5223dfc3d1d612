/** The store on PostgreSQL, where it could go otherwise than on SQLite: writers at once, connections that break, places of one process. */
import { sql } from 'kysely';
import { Client } from 'pg';
import type { Migration } from '../../host-bridge/common/database';
import { SILENT } from '../../host-bridge/common/log';
import { openPostgres } from '../../host-bridge/common/postgres';
import type { SharedOptions, SharedStore } from '../../host-bridge/common/shared';
import { Duty } from '../../host-bridge/desk/duty';
import { deskMigrations, type Tables } from '../../host-bridge/desk/tables';
import { makeDatabase, startCluster } from '../postgres/cluster';
import { TestClock } from './support';

interface Schema {
  counter: { name: string; value: number; note: string };
}
const migrations: Migration[] = [{ name: '0001', up: ['CREATE TABLE counter (name TEXT PRIMARY KEY, value BIGINT NOT NULL, note TEXT NOT NULL)', `INSERT INTO counter VALUES ('a', 0, '')`] }];

const cluster = startCluster();
if (!cluster) console.warn('not run, because there is no PostgreSQL on this machine: the store on PostgreSQL');
afterAll(() => cluster?.stop());

const clock = new TestClock();
const opened: { close(): Promise<void> }[] = [];
let number = 0;
let address: string;

beforeEach(async () => {
  if (!cluster) return;
  const name = `store_${++number}`;
  await makeDatabase(cluster.address('postgres'), name);
  address = cluster.address(name);
});
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close();
});

async function open(o: SharedOptions = {}): Promise<SharedStore<Schema>> {
  const store = await openPostgres<Schema>(address, migrations, o);
  opened.push(store);
  return store;
}

async function raw(text: string, values: unknown[] = []): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: address });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text, values)).rows;
  } finally {
    await client.end();
  }
}

/** Ends every connection of the programs, as a restart of the server does. */
const cutAll = () => raw(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'smartseal' AND datname = current_database()`);

async function until(so: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await so())) await new Promise((resolve) => setTimeout(resolve, 20));
}

const next = (store: SharedStore<Schema>): Promise<number> =>
  store.commit(async (trx) => {
    const { value } = await trx.selectFrom('counter').select('value').where('name', '=', 'a').executeTakeFirstOrThrow();
    await trx.updateTable('counter').set({ value: value + 1 }).where('name', '=', 'a').execute();
    return value;
  });

if (!cluster) test('the store on PostgreSQL: said above', () => undefined);
else {
  describe('transactions', () => {
    test('of many processes take a counter one after the other: each number once, none left out; numbers are numbers', async () => {
      const stores = [await open({ connections: 4 }), await open({ connections: 4 }), await open({ connections: 1 })];
      const taken = await Promise.all(Array.from({ length: 90 }, (_, i) => next(stores[i % 3]!)));
      expect(taken.sort((a, b) => a - b)).toEqual([...Array(90).keys()]);
      expect((await raw(`SELECT count(*)::int AS n FROM pg_stat_activity WHERE application_name = 'smartseal' AND datname = current_database()`))[0]!['n']).toBeLessThanOrEqual(9);
    });

    test('somebody who writes past the lock makes them fail and be run again, not write over it', async () => {
      const store = await open();
      let attempts = 0;
      const seen = await store.commit(async (trx) => {
        attempts += 1;
        const { value } = await trx.selectFrom('counter').select('value').executeTakeFirstOrThrow();
        if (attempts === 1) {
          const other = new Client({ connectionString: address });
          await other.connect();
          await other.query('UPDATE counter SET value = value + 100');
          await other.end();
        }
        await trx.updateTable('counter').set({ value: value + 1 }).execute();
        return value;
      });
      expect([attempts, seen]).toEqual([2, 100]);
      expect(await next(store)).toBe(101);
    });

    test('a snapshot sees one moment and writes nothing', async () => {
      const store = await open();
      const seen = await store.snapshot(async (db) => {
        const before = await db.selectFrom('counter').select('value').executeTakeFirstOrThrow();
        await next(store);
        return [before, await db.selectFrom('counter').select('value').executeTakeFirstOrThrow()];
      });
      expect(seen).toEqual([{ value: 0 }, { value: 0 }]);
      await expect(store.snapshot((db) => db.updateTable('counter').set({ value: 9 }).execute())).rejects.toMatchObject({ code: 'STORE_FAILED' });
      expect(await next(store)).toBe(1);
    });

    test('what goes wrong has the codes that SQLite has, and leaves nothing behind', async () => {
      const store = await open();
      const broken = async (end: string): Promise<unknown> =>
        store
          .commit(async (trx) => {
            await trx.updateTable('counter').set({ value: 50 }).execute();
            const { rows } = await sql<{ pid: number }>`SELECT pg_backend_pid() AS pid`.execute(trx);
            await Promise.all([sql`SELECT pg_sleep(30)`.execute(trx), raw(`SELECT pg_sleep(0.1), ${end}(${rows[0]!.pid})`)]);
          })
          .catch((error: unknown) => error);
      expect(await broken('pg_cancel_backend')).toMatchObject({ code: 'STORE_BUSY', retryAfter: 10 });
      expect(await broken('pg_terminate_backend')).toMatchObject({ code: 'STORE_FAILED', retryAfter: 10 });
      expect(await next(store)).toBe(0);
      await expect(store.commit((trx) => trx.updateTable('counter').set({ note: 'a\0b' }).execute())).rejects.toMatchObject({ code: 'INVALID' });
      await expect(store.commit((trx) => trx.insertInto('counter').values({ name: 'a', value: 1, note: '' }).execute())).rejects.toMatchObject({ code: 'STORE_FAILED' });
      await expect(store.read((db) => sql`SELECT * FROM nothing`.execute(db))).rejects.not.toMatchObject({ code: expect.stringMatching(/^STORE/) }); // a mistake of ours
      await cutAll();
      await until(async () => (await store.read((db) => db.selectFrom('counter').selectAll().execute()).catch(() => [])).length > 0);
      expect(await next(store)).toBe(1);
      await raw('ALTER DATABASE ' + new URL(address.replace('@/', '@host/')).pathname.slice(1) + ' SET default_transaction_read_only = on');
      const reader = await open().catch((error: unknown) => error);
      const refused = 'commit' in (reader as object) ? await next(reader as SharedStore<Schema>).catch((error: unknown) => error) : reader;
      expect(refused).toMatchObject({ code: 'STORE_FAILED' });
    });
  });

  describe('opening', () => {
    test('many at once bring the schema up to date once; a newer one is left alone', async () => {
      await Promise.all(Array.from({ length: 6 }, () => open({ connections: 1 })));
      expect(await raw('SELECT name FROM migration')).toEqual([{ name: '0001' }]);
      await expect(openPostgres(address, [], {})).rejects.toMatchObject({ code: 'STORE_FAILED', message: expect.stringContaining('newer version') });
    });

    test('a server that is not there, or has no such database, is told without its password', async () => {
      for (const wrong of ['postgresql://desk:hunter2@127.0.0.1:1/desk', address.replace(/\/store_\d+/, '/none').replace('smartseal@', 'smartseal:hunter2@')]) {
        const error = await openPostgres(wrong, migrations, {}).catch((e: unknown) => e);
        expect(error).toMatchObject({ code: 'STORE_FAILED' });
        expect((error as Error).message).not.toContain('hunter2');
      }
    });
  });

  describe('places', () => {
    test('one at a time; free when it is given back, and when the connection breaks', async () => {
      const [a, b] = [await open(), await open()];
      const first = (await a.alone('x', clock))!;
      expect(await b.alone('x', clock)).toBeUndefined();
      expect(await a.alone('x', clock)).toBeUndefined();
      const other = (await b.alone('y', clock))!;
      await first.release();
      const second = (await b.alone('x', clock))!;
      await cutAll();
      await until(() => second.lost && other.lost);
      const third = (await a.alone('x', clock))!;
      expect(third.lost).toBe(false);
      await third.release();
    });

    test('who has one and falls silent loses it; whoever goes on as if nothing had happened is stopped by the term', async () => {
      const open = async () => {
        const store = await openPostgres<Tables>(address, deskMigrations, { silence: 400 });
        opened.push(store);
        return store;
      };
      const [a, b] = [await open(), await open()];
      const [still, moving] = [new TestClock(), new TestClock()];
      const [old, fresh] = [new Duty(a, still, SILENT), new Duty(b, moving, SILENT)];
      expect([await old.take(), await fresh.take()]).toEqual([true, false]);
      await a.commit((trx) => old.check(trx));
      await until(() => fresh.take()); // the first one's clock stands: it does not speak
      await expect(a.commit((trx) => old.check(trx))).rejects.toMatchObject({ code: 'OFF_DUTY' });
      await b.commit((trx) => fresh.check(trx));
      for (let i = 0; i < 30; i++) {
        moving.forward(100);
        await new Promise((resolve) => setTimeout(resolve, 25));
        expect(await old.take()).toBe(false); // for this one speaks
      }
      await old.close();
      await fresh.close();
    });
  });

  test('words reach the others, not oneself, and a listener that was cut off is told that it may have missed some', async () => {
    const [a, b] = [await open(), await open()];
    const heard: string[] = [];
    const own: string[] = [];
    a.hear((word) => own.push(word), { clock, log: SILENT });
    b.hear((word) => heard.push(word), { clock, log: SILENT });
    await until(() => heard.length === 1 && own.length === 1); // connected
    await a.tell('nudge');
    await until(() => heard.length === 2);
    await next(a);
    await until(() => heard.length === 3);
    expect(heard).toEqual(['', 'nudge', '']);
    expect(own).toEqual(['']);
    await cutAll();
    await until(() => (clock.forward(1000), heard.length === 4));
    expect(heard[3]).toBe('');
  });
}
