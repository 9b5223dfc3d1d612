/** A disk without room, on either side: one clear code, nothing lost, and all goes on once there is room. */
import { sql, type Kysely } from 'kysely';
import type { Store } from '../../host-bridge/common/database';
import { Page } from '../../sim';
import { Rig } from './rig';

let rig: Rig;
afterEach(() => rig.close());

interface Log {
  publish(type: string, device: string, data: Record<string, unknown>): Promise<void>;
}

/** Lets a database grow no more: SQLite then says SQLITE_FULL as it does on a full disk. What room its event table has left is filled. */
async function fill(store: Store<never>, events: Log): Promise<void> {
  await limit(store, 1);
  for (const length of [1000, 100, 1]) {
    for (let fits = true; fits; ) await events.publish('filler', '', { text: 'x'.repeat(length) }).catch(() => void (fits = false));
  }
}

async function limit(store: Store<never>, pages: number): Promise<void> {
  await store.read((db) => sql.raw(`PRAGMA max_page_count = ${pages}`).execute(db as Kysely<never>));
}

const PLENTY = 100_000;

test('the desk’s disk is full: the unit is not told that anything is safe, and later everything stands in the register once', async () => {
  rig = await Rig.open();
  await rig.permitted({ count: 2 });
  await rig.acknowledged();
  const safe = (await rig.status())!.ackedSeq as number;
  const store = rig.desk!.rooms.store as unknown as Store<never>;
  await fill(store, rig.desk!.rooms.events);
  await rig.stamp();
  await rig.world.run(5_000);
  await rig.lay(Page.plain('second'));
  await rig.until('the second stroke', () => rig.strokes === 2 || undefined);
  await rig.world.run(30_000);
  expect((await rig.status())!.ackedSeq).toBeLessThan(safe + 11);
  expect(rig.desk!.rooms.followers[0]!.status.error).toMatch(/^STORE_FULL: /);
  const refused = await rig.call('zhang', 'POST', '/v1/applications', rig.fields());
  expect([refused.status, refused.body.code]).toEqual([503, 'STORE_FULL']);
  await limit(store, PLENTY);
  const uses = await rig.proven(2);
  expect(uses.map(({ use, result }) => [use, result])).toEqual([[1, 'stamped'], [2, 'stamped']]);
  await rig.acknowledged();
  const records = await rig.records();
  expect(records.map(({ seq }) => seq)).toEqual(records.map((_, i) => i));
  expect(rig.desk!.rooms.followers[0]!.status.error).toBeNull();
  expect(await rig.cases()).toEqual([]);
});

test('the bridge’s disk is full: it says that it is not ready, takes nothing it cannot keep, and goes on by itself', async () => {
  rig = await Rig.open();
  await rig.permitted();
  const { store } = rig.bridge!.events as unknown as { store: Store<never> };
  await fill(store, rig.bridge!.events);
  await rig.stamp();
  await rig.until('the news of it', async () => {
    const ready = await rig.bridge!.app.inject('/readyz');
    return (ready.statusCode === 503 && ready.json<{ code: string }>().code === 'STORE_FULL') || undefined;
  });
  await rig.world.run(20_000);
  await limit(store, PLENTY);
  await rig.proven(1);
  await rig.acknowledged();
  const records = await rig.records();
  expect(records.map(({ seq }) => seq)).toEqual(records.map((_, i) => i));
  await rig.until('the bridge to be ready again', async () => (await rig.bridge!.app.inject('/readyz')).statusCode === 200 || undefined);
  expect(await rig.cases()).toEqual([]);
});
