import { existsSync, mkdirSync, readFileSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { sql, type Kysely } from 'kysely';
import { RecordKind } from '../../protocol';
import { openStore } from '../../host-bridge/common/database';
import { Problem } from '../../host-bridge/common/errors';
import { MIGRATIONS, type BridgeSchema } from '../../host-bridge/bridge/tables';
import { Bench, DEVICE } from './harness';

let bench: Bench;
beforeEach(() => {
  bench = new Bench();
});

describe('with a bridge', () => {
  afterEach(() => bench.end());

  test('a full database: nothing is acknowledged or lost, /readyz says so, and it goes on when there is room', async () => {
    const device = bench.plug();
    await bench.start();
    await bench.ready();
    await bench.clock.run(1_000);
    const db = (bench.bridge.events as unknown as { store: { db: Kysely<BridgeSchema> } }).store.db;
    await sql`PRAGMA max_page_count = 1`.execute(db); // the least it takes is what the file has
    for (let i = 0; i < 200; i++) device.record(RecordKind.BOOT, [i + 1]);
    device.notice();
    await bench.clock.until(async () => (await bench.get('/readyz')).statusCode === 503, 30_000);
    expect((await bench.get('/readyz')).json()).toMatchObject({ code: 'STORE_FULL', status: 503 });
    const stored = (await bench.records()).length;
    expect(stored).toBeLessThan(200);
    expect((await bench.events('record')).length).toBe(stored);
    await sql`PRAGMA max_page_count = 100000`.execute(db);
    await bench.clock.until(async () => (await bench.records()).length === 200, 60_000);
    expect(await bench.records()).toEqual([...Array(200).keys()]);
    expect((await bench.events('record')).map((event) => event['seq'])).toEqual([...Array(200).keys()]);
    expect(await bench.incidents()).toEqual([]);
    await bench.clock.until(async () => (await bench.get('/readyz')).statusCode === 200, 30_000);
  });

  test('a database locked by another program: calls answer 503, and records come later', async () => {
    const device = bench.plug();
    await bench.start();
    await bench.ready();
    await bench.clock.run(1_000);
    const other = new DatabaseSync(join(bench.directory, 'bridge.db'));
    other.exec('BEGIN IMMEDIATE');
    device.record(RecordKind.BOOT, [1]);
    device.notice();
    await bench.clock.run(2_000);
    expect((await bench.get('/readyz')).json()).toMatchObject({ code: 'STORE_BUSY' });
    other.exec('ROLLBACK');
    other.close();
    await bench.clock.until(async () => (await bench.records()).length === 1, 30_000);
  });

  (existsSync('/dev/full') ? test : test.failing)('a full disk under a photo: it is fetched when there is room', async () => {
    const device = bench.plug();
    const digest = device.photo(50_000);
    const part = join(bench.directory, 'spool', 'incoming', `${DEVICE}-${digest}.part`);
    mkdirSync(join(bench.directory, 'spool', 'incoming'), { recursive: true });
    symlinkSync('/dev/full', part);
    await bench.start();
    await bench.clock.until(async () => (await bench.get('/readyz')).statusCode === 503);
    expect((await bench.get('/readyz')).json()).toMatchObject({ code: 'STORE_FULL' });
    unlinkSync(part);
    await bench.clock.until(() => existsSync(join(bench.directory, 'spool', 'photos', `${digest}.jpg`)));
    expect(await bench.incidents()).toEqual([]);
  });
});

test('a database of a newer program, or no database at all, is named and left alone', async () => {
  const file = join(bench.directory, 'x.db');
  await openStore(file, [...MIGRATIONS, { name: '9999-future', up: [] }]).close();
  expect(() => openStore(file, MIGRATIONS)).toThrow(/newer version/);
  const text = join(bench.directory, 'text.db');
  writeFileSync(text, 'this is somebody’s letter, not a database, and long enough to be read as a header '.repeat(20));
  const before = readFileSync(text);
  expect(() => openStore(text, MIGRATIONS)).toThrow(Problem);
  expect(readFileSync(text)).toEqual(before);
});
