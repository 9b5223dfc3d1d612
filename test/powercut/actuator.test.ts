/**
 * S5: whatever ends the firmware in the middle of a stroke (power, reset, an exception, a loop that never ends), the bolt
 * falls, the motor stops, the next start drives the carrier home, and the books say what is known of the stroke.
 */
import { Bench } from '../scenario/bench';
import type { Granted } from '../scenario/authority';
import { Kind } from '../scenario/chain';
import { judge, judgeDark } from '../scenario/oracle';
import { useUp } from './sheets';

const ALARM = { BOLT: 5, STALL: 3, CAMERA: 8, SENSORS: 11, UNKNOWN: 13, INTERNAL: 14 };
const ONE_SHOT_MS = 3000;
const WATCHDOG_MS = 10_000;
/** One stroke without photos takes less. */
const STROKE_MS = 2600;

/** A unit whose permit is open, and a sheet under the closed lid from now on. */
async function inUse(count = 3, policy = 0): Promise<{ bench: Bench; granted: Granted }> {
  const bench = new Bench();
  await bench.start();
  await bench.setTime();
  const granted = bench.grant({ counter: 1, count, policy });
  await bench.load(granted);
  await bench.finger(7);
  await bench.sheet();
  return { bench, granted };
}

/** The motor gets nothing. */
const motorRests = (bench: Bench): boolean => bench.unit.parts.actuator.loadMa() === 0;

/** Linked, locked and home by itself; the books closed; the permit's rest can be used. */
async function recovered(bench: Bench, granted: Granted, alarms: number[]): Promise<void> {
  const { truth, parts } = bench.unit;
  await bench.pull();
  await bench.pullPhotos();
  judge(bench);
  expect(truth.boltOpen).toBe(false);
  expect(parts.bolt.energised).toBe(false);
  expect(truth.carrierMm).toBeLessThanOrEqual(0.3);
  expect(motorRests(bench)).toBe(true);
  await bench.clearAlarms(alarms);
  await bench.setTime();
  const { used, count } = await bench.permitState(granted);
  const strokes = truth.strokeCount;
  await useUp(bench, granted, count);
  expect(truth.strokeCount - strokes).toBe(count - used);
  await bench.pull();
  await bench.pullPhotos();
  judge(bench);
}

test('at power-up nothing moves, and no bolt opens', async () => {
  const bench = new Bench();
  await bench.start();
  await bench.wait(5000);
  const { truth } = bench.unit;
  expect(truth.bolt).toEqual([]);
  expect(truth.carrierMm).toBe(0);
  expect(bench.unit.parts.battery.usb).toBe(true);
});

test('power goes at any time of a stroke', async () => {
  const outcomes = new Set<unknown>();
  for (let ms = 0; ms <= STROKE_MS; ms += 130) {
    const { bench, granted } = await inUse();
    await bench.wait(ms);
    bench.unit.power.cut();
    expect(motorRests(bench)).toBe(true);
    await judgeDark(bench);
    await bench.world.run(200);
    await bench.start();
    await recovered(bench, granted, [ALARM.UNKNOWN]);
    for (const entry of bench.chain.of(Kind.OUTCOME)) outcomes.add(entry.data.get(3));
  }
  expect(outcomes).toContain(3);
});

test('the processor is reset at any time of a stroke', async () => {
  for (let ms = 0; ms <= STROKE_MS; ms += 170) {
    const { bench, granted } = await inUse();
    await bench.wait(ms);
    bench.unit.processor.reset(4);
    // Pins fall at once, long before the firmware runs again.
    expect(motorRests(bench)).toBe(true);
    expect(bench.unit.parts.bolt.energised).toBe(false);
    await bench.start();
    await recovered(bench, granted, [ALARM.UNKNOWN]);
  }
});

test('the firmware hangs at any time of a stroke: the one-shot drops the bolt, the watchdog does the rest', async () => {
  for (let ms = 0; ms <= STROKE_MS; ms += 260) {
    const { bench, granted } = await inUse();
    const { unit, world } = bench;
    await bench.wait(ms);
    const hung = world.now;
    expect(() => unit.processor.hang()).toThrow('hang');
    await world.run(ONE_SHOT_MS);
    expect(unit.parts.bolt.energised).toBe(false);
    await world.runUntil(() => unit.truth.runs.at(-1)!.what === 'reset', WATCHDOG_MS);
    expect(unit.truth.runs.at(-1)!.what).toBe('reset');
    expect(world.now - hung).toBeLessThanOrEqual(WATCHDOG_MS);
    expect(motorRests(bench)).toBe(true);
    await bench.start();
    await recovered(bench, granted, [ALARM.UNKNOWN]);
    const cause = bench.chain.of(Kind.BOOT).at(-1)!.data.get(1);
    expect(cause).toBe(2);
  }
});

/** Parts whose functions the interpreter calls for the firmware; the n-th call from now on throws. */
interface Poke {
  name: string;
  calls: number[];
  policy: number;
  poke(bench: Bench, call: () => void): () => void;
}

function wrap<T extends object, K extends keyof T>(part: T, name: K, call: () => void): () => void {
  const old = part[name];
  part[name] = ((...given: unknown[]): unknown => {
    call();
    return (old as unknown as (...all: unknown[]) => unknown).apply(part, given);
  }) as unknown as T[K];
  return () => {
    part[name] = old;
  };
}

const POKES: Poke[] = [
  { name: 'motor current (ADC)', calls: [1, 2, 10, 60, 100, 120, 150, 190], policy: 0, poke: ({ unit }, call) => wrap(unit.parts.actuator, 'currentMa', call) },
  { name: 'flash read', calls: [1, 3, 8, 20, 45, 80], policy: 0, poke: ({ unit }, call) => wrap(unit.flash, 'read', call) },
  { name: 'flash write', calls: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], policy: 1, poke: ({ unit }, call) => wrap(unit.flash, 'write', call) },
  { name: 'camera (SPI)', calls: [1, 2, 9, 17, 40], policy: 1, poke: ({ unit }, call) => wrap(unit.parts.camera, 'transfer', call) },
  { name: 'switches (I2C)', calls: [1, 5, 20, 60, 120, 200], policy: 0, poke: ({ unit }, call) => wrap(unit.parts.expander, 'read', call) },
  { name: 'battery (ADC)', calls: [1, 2], policy: 0, poke: ({ unit }, call) => wrap(unit.parts.battery, 'millivolts', call) },
];

test.each(POKES)('an exception once, out of $name, in the middle of a stroke', async ({ calls, policy, poke }) => {
  for (const nth of calls) {
    const { bench, granted } = await inUse(3, policy);
    const { unit } = bench;
    let count = 0;
    const undo = poke(bench, () => {
      if (++count === nth) throw new Error('injected');
    });
    await bench.world.run(20_000);
    undo();
    expect(unit.truth.exceptions).toEqual([]);
    expect(unit.truth.boltOpen).toBe(false);
    expect(motorRests(bench)).toBe(true);
    if (bench.link.ready === undefined) await bench.start();
    bench.boots.set(bench.link.ready!.boot, bench.boots.get(bench.link.ready!.boot) ?? unit.truth.runs.at(-1)!.at);
    await recovered(bench, granted, [ALARM.BOLT, ALARM.STALL, ALARM.SENSORS, ALARM.CAMERA, ALARM.UNKNOWN, ALARM.INTERNAL, 7]);
  }
});

test.each(POKES)('exceptions without end, out of $name: locked and still, and sound when they end', async ({ policy, poke }) => {
  for (const ms of [0, 300, 700, 1500]) {
    const { bench, granted } = await inUse(3, policy);
    const { unit, world } = bench;
    await bench.wait(ms);
    const undo = poke(bench, () => {
      throw new Error('injected');
    });
    await world.run(30_000);
    expect(unit.parts.bolt.energised).toBe(false);
    expect(unit.truth.boltOpen && unit.truth.carrierMm < 0.9).toBe(false);
    const strokes = unit.truth.strokeCount;
    expect(strokes).toBeLessThanOrEqual(1);
    undo();
    unit.power.cut();
    await world.run(300);
    await bench.start();
    await recovered(bench, granted, [ALARM.BOLT, ALARM.STALL, ALARM.SENSORS, ALARM.CAMERA, ALARM.UNKNOWN, ALARM.INTERNAL, 7, 2]);
  }
});

test('a page taken out and a lid opened right before the finger: nothing is charged, nothing moves, no alarm', async () => {
  for (let ms = 0; ms < 1100; ms += 90) {
    const bench = new Bench();
    const { hand, truth } = bench.unit;
    await bench.start();
    await bench.setTime();
    const granted = bench.grant({ counter: 1 });
    await bench.load(granted);
    await bench.sheet();
    await bench.wait(3000);
    // The reader looks once a second, and so does the tray while no use is open.
    bench.fingers.push({ at: bench.world.now, person: 7 });
    hand.finger(7, 1500);
    await bench.wait(ms);
    hand.openLid();
    hand.yankPaper();
    await bench.wait(2000);
    await bench.pull();
    const early = bench.chain.of(Kind.INTENT).length;
    // Charged in time: then the lid was opened in the middle of the stroke, which is an alarm. Otherwise nothing happened.
    expect([ms, bench.chain.of(Kind.ALARM).length]).toEqual([ms, early]);
    if (early === 0) expect([ms, truth.bolt, truth.strokeCount]).toEqual([ms, [], 0]);
    else expect(truth.bolt[0]!.at).toBeLessThan(bench.fingers[0]!.at + ms + 60);
  }
});
