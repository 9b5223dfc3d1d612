/** The bundle that is flashed, on the simulated unit: boot, link, permit, finger, photos, stroke; cuts; determinism. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { createUnit, loadProgram, World, type NorImage, type Program, type Unit } from '../../sim';
import { IDENTITY, plain } from './helpers';
import { Host } from './host';

const ROOT = path.join(__dirname, '../..');
const BUNDLE = path.join(ROOT, 'dist/firmware/xiao.js');
let program: Program;

beforeAll(() => {
  if (!existsSync(BUNDLE)) execFileSync(process.execPath, ['firmware/build/build.js'], { cwd: ROOT, stdio: 'pipe' });
  program = loadProgram(BUNDLE);
});

async function linked(seed: number, flash?: NorImage): Promise<{ world: World; unit: Unit; host: Host }> {
  const world = new World({ seed, trace: true });
  const unit = createUnit(world, { bundle: program, identity: IDENTITY, ...(flash === undefined ? {} : { flash }) });
  const host = new Host(world, unit);
  unit.power.on();
  await world.run(1500);
  host.connect();
  await world.runUntil(() => host.ready > 0, 10_000);
  return { world, unit, host };
}

/** One stroke on one page with photos. */
async function useOnce({ world, unit, host }: { world: World; unit: Unit; host: Host }): Promise<void> {
  await host.setTime();
  await host.load(1, { policy: 1 });
  unit.hand.finger(7);
  await world.run(4000);
  unit.hand.insertPaper(plain('page'));
  await world.run(20_000);
}

test('one permitted stroke, charged once, and everything locked afterwards', async () => {
  const all = await linked(1);
  await useOnce(all);
  const { unit } = all;
  expect(unit.truth.exceptions).toEqual([]);
  expect(unit.truth.strokes).toHaveLength(1);
  expect(unit.truth.strokes[0]!.page!.id).toBe('page');
  expect(unit.truth.boltOpen).toBe(false);
  expect(unit.truth.carrierMm).toBeLessThanOrEqual(0.3);
  expect(unit.truth.consoleBytes).toBe(0);
  const status = await all.host.status();
  expect(status.alarms).toBe(0);
  expect(unit.flash.ops).toBeGreaterThan(10);
});

test('the same seed gives the same run to the byte, another seed another', async () => {
  const hashes: string[] = [];
  for (const seed of [5, 5, 6]) {
    const all = await linked(seed);
    await useOnce(all);
    hashes.push(all.world.traceHash());
  }
  expect(hashes[0]).toBe(hashes[1]);
  expect(hashes[2]).not.toBe(hashes[0]);
});

test('power cut in the middle of the stroke: after the next start the carrier is home and the bolt locked', async () => {
  const { world, unit, host } = await linked(2);
  await host.setTime();
  await host.load(1);
  unit.hand.finger(7);
  await world.run(4000);
  unit.hand.insertPaper(plain('page'));
  await world.runUntil(() => unit.truth.touching, 20_000);
  unit.power.cut();
  const where = unit.truth.carrierMm;
  await world.run(5000);
  expect(unit.truth.carrierMm).toBe(where);
  unit.power.on();
  await world.run(6000);
  expect(unit.truth.carrierMm).toBeLessThanOrEqual(0.3);
  expect(unit.truth.boltOpen).toBe(false);
  expect(unit.truth.strokes).toHaveLength(1);
});

test('a firmware that hangs comes back by the watchdog', async () => {
  const { world, unit } = await linked(3);
  unit.cable.stalled = true;
  expect(() => unit.processor.hang()).toThrow('hang');
  await world.run(15_000);
  expect(unit.truth.runs.map((run) => run.what)).toEqual(['boot', 'hang', 'reset', 'boot']);
});
