/** The chain when things break: power, cables, processes and databases. Every record arrives once, in order. */
import { copyFileSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { readRecord } from '../../host-bridge/common/record';
import { fastScene, Page } from '../../sim';
import { Rig, type RigOptions } from './rig';

/** Wall clock of a rig's first instant, and when its unit's firmware begins to count, ms. */
const EPOCH = 1_800_000_000_000;
const BOOTED = 350;
const PHOTO = 60_000;
/** A line on which such a photo takes about five seconds. */
const SLOW = { scene: fastScene({ size: PHOTO }), baud: 115_200 };
let rig: Rig;
const open = async (options: RigOptions = {}): Promise<Rig> => (rig = await Rig.open(options));
afterEach(() => rig.close());

/** Each record of the unit once, in order, and nothing that a person would have to look at. */
async function whole(kinds: string[]): Promise<void> {
  const records = await rig.records();
  expect(records.map(({ seq }) => seq)).toEqual(records.map((_, i) => i));
  expect(records.map(({ kind }) => kind)).toEqual(kinds);
  expect(await rig.cases()).toEqual([]);
  const incidents = await rig.bridge!.app.inject({ url: '/v1/incidents', headers: { authorization: 'Bearer desk' } });
  expect(incidents.json()).toMatchObject({ incidents: [] });
}

const USE = ['permit', 'opened', 'photo', 'intent', 'outcome', 'photo', 'closed'];
const DAY = ['boot', 'clock', ...USE];

/** Bytes that have come of the photo which is under way. */
const halfway = (bytes: number): Promise<true> => {
  const from = rig.unit.cable.counters.toHost;
  return rig.until('half a photo', () => rig.unit.cable.counters.toHost - from > bytes || undefined);
};

test('power lost in a stroke: charged, never called stamped, and a case for a person', async () => {
  await open();
  const { application } = await rig.permitted();
  const off = rig.unit.on('stroke', () => rig.world.after(300, () => rig.unit.power.cut()));
  await rig.stamp();
  off();
  await rig.world.run(3000);
  expect(rig.unit.truth.powered).toBe(false);
  rig.unit.power.on();
  await rig.until('the unit locked again', () => (!rig.unit.truth.boltOpen && !rig.unit.truth.touching) || undefined, 5000);
  const found = await rig.caseOf('unknown-outcome');
  expect(found.device).toBe((await rig.cases())[0].device);
  const alarm = await rig.caseOf('alarm');
  expect(alarm.detail.condition).toBe(13);
  const [use] = await rig.proven(1);
  expect(use).toMatchObject({ result: 'unknown', charged: 1, beforeStored: true });
  await rig.done('wang', 'POST', `/v1/cases/${alarm.id}/clear`, { reason: '照片显示已盖' });
  await rig.done('wang', 'POST', `/v1/cases/${found.id}/close`, { reason: '照片显示已盖' });
  await rig.recorded('cleared');
  await rig.lay(Page.plain('again'));
  rig.unit.hand.finger(7);
  await rig.world.run(30_000);
  expect(rig.strokes).toBe(1);
  expect(await rig.permit(application)).toMatchObject({ used: 1 });
  await rig.acknowledged();
});

test.each([['stopped', false], ['killed', true]])('a bridge %s in the middle of a photo goes on where it was', async (_how, killed) => {
  await open(SLOW);
  await rig.permitted();
  await rig.stamp();
  await halfway(PHOTO / 2);
  if (killed) rig.crashBridge();
  else await rig.stopBridge();
  await rig.world.run(5000);
  const carried = rig.unit.cable.counters.toHost;
  await rig.startBridge();
  await rig.proven(1);
  await rig.acknowledged();
  await whole(DAY);
  // Two photos in all; what had come before is not fetched again, but for a chunk.
  expect(rig.unit.cable.counters.toHost - carried).toBeLessThan(1.75 * PHOTO);
});

test('the desk is away while pages are stamped, and catches up: each use once, in order', async () => {
  await open();
  await rig.permitted({ count: 3 });
  await rig.stopDesk();
  rig.unit.hand.finger(7);
  for (let i = 1; i <= 3; i++) {
    await rig.world.run(8000);
    await rig.lay(Page.plain(`page ${i}`));
    await rig.until('the stroke', () => rig.strokes === i || undefined);
  }
  await rig.world.run(20_000);
  await rig.startDesk();
  const uses = await rig.proven(3);
  expect(uses.map(({ use, result }) => [use, result])).toEqual([[1, 'stamped'], [2, 'stamped'], [3, 'stamped']]);
  await rig.acknowledged();
  const stroke = ['photo', 'intent', 'outcome', 'photo'];
  await whole(['boot', 'clock', 'permit', 'opened', ...stroke, ...stroke, ...stroke, 'closed']);
  // Reads again from the first record, as after a restored backup of nothing: the register has them all already.
  await rig.stopDesk();
  await rig.startDesk();
  await rig.world.run(10_000);
  expect(await rig.uses()).toHaveLength(3);
});

test('the unit restarts while it sends a photo', async () => {
  await open(SLOW);
  await rig.permitted();
  await rig.stamp();
  await rig.recorded('closed');
  await halfway(PHOTO / 3);
  rig.unit.power.cut();
  await rig.world.run(2000);
  rig.unit.power.on();
  await rig.proven(1);
  await rig.recorded('clock', DAY.length);
  await rig.acknowledged();
  await whole([...DAY, 'boot', 'clock']);
});

test('the cable is pulled and put back, again and again, in the middle of everything', async () => {
  await open(SLOW);
  await rig.permitted();
  await rig.stamp();
  for (let i = 0; i < 5; i++) {
    await rig.world.run(700 + 450 * i);
    rig.unit.port.unplug();
    await rig.world.run(300 + 900 * i);
    rig.unit.port.plug();
    await rig.until('the link', async () => (await rig.status()) !== undefined || undefined, 5000);
  }
  await rig.proven(1);
  await rig.acknowledged();
  await whole(DAY);
});

test('a line that loses, doubles and spoils bytes delays the evidence and changes nothing', async () => {
  await open({ scene: fastScene({ size: 20_000 }) });
  const random = rig.world.random.fork('line');
  rig.unit.cable.tamper = (_toDevice, bytes) => {
    const dice = random.uint32() % 40;
    if (dice === 0) return [];
    if (dice === 1) return [bytes, bytes];
    if (dice !== 2) return [bytes];
    const spoilt = Buffer.from(bytes);
    spoilt[random.uint32() % spoilt.length]! ^= 1 << random.uint32() % 8;
    return [spoilt];
  };
  await rig.permitted();
  await rig.stamp();
  await rig.proven(1, 600_000);
  rig.unit.cable.tamper = undefined;
  await rig.acknowledged();
  await whole(DAY);
});

test('what the unit records stands in the register at once, and the photos when they have come', async () => {
  // A desk that looked only now and then would be late by its pause: here ten minutes.
  await open({ scene: fastScene({ size: 180_000 }), pollMs: 600_000 });
  await rig.permitted();
  await rig.stamp();
  const arrivals = async (type: string): Promise<number[]> =>
    (await rig.desk!.rooms.store.read((db) => db.selectFrom('event').select('at').where('type', '=', type).orderBy('id').execute())).map(({ at }) => Number(at));
  await rig.proven(1);
  const written = (await rig.records()).map((record) => EPOCH + BOOTED + readRecord(Buffer.from(record.bytes, 'base64'))!.uptimeMs);
  const late = (await arrivals('record')).map((at, i) => at - written[i]!);
  const outcome = DAY.indexOf('outcome');
  expect(Math.max(...late.slice(outcome))).toBeLessThan(250);
  const received = (await rig.bridge!.events.after(0, 1000)).filter(({ type }) => type === 'photo').map(({ at }) => at);
  (await arrivals('photo')).forEach((at, i) => expect(at - received[i]!).toBeLessThan(100));
  expect(received).toHaveLength(2);
});

test('a desk whose database came back from a backup meets counters it has used: a case, and the next permit works', async () => {
  await open();
  await rig.permitted();
  await rig.stamp();
  await rig.proven(1);
  await rig.acknowledged();
  const database = path.join(rig.folder, 'desk.db');
  const backup = `${database}.backup`;
  await rig.stopDesk();
  copyFileSync(database, backup);
  await rig.startDesk();
  await rig.permitted();
  await rig.stamp('zhang', Page.plain('second'));
  await rig.proven(2);
  await rig.acknowledged();
  await rig.stopDesk();
  // A desk that was ended leaves one whole file: nothing that a copy of it would lack.
  expect(statSync(`${database}-wal`, { throwIfNoEntry: false })?.size ?? 0).toBe(0);
  for (const tail of ['', '-wal', '-shm']) rmSync(database + tail, { force: true });
  copyFileSync(backup, database);
  await rig.startDesk();

  const applied = await rig.done('zhang', 'POST', '/v1/applications', rig.fields());
  await rig.done('li', 'POST', `/v1/applications/${applied.id}/approve`, { content: applied.content });
  expect(await rig.caseOf('permit-refused')).toMatchObject({ detail: { code: 'REPLAYED' } });
  expect(await rig.permit(applied.id)).toMatchObject({ state: 'refused', code: 'REPLAYED' });
  // The use it has forgotten is told too: its records came under a permit that this register does not know.
  expect(await rig.caseOf('foreign-permit')).toBeDefined();
  const { permit } = await rig.permitted();
  await rig.stamp('zhang', Page.plain('third'));
  const uses = await rig.proven(3);
  expect(uses.at(-1)).toMatchObject({ permit, result: 'stamped' });
});

test('the same seed gives the same day: records of two runs are equal to the byte', async () => {
  const days: string[][] = [];
  for (let i = 0; i < 2; i++) {
    await open({ seed: 42, ...SLOW });
    await rig.permitted();
    await rig.stamp();
    await halfway(PHOTO / 2);
    rig.crashBridge();
    await rig.world.run(3000);
    await rig.startBridge();
    await rig.proven(1);
    days.push((await rig.records()).map(({ bytes }) => bytes));
    if (i === 0) await rig.close();
  }
  expect(days[1]).toEqual(days[0]);
});
