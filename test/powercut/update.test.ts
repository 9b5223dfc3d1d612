/**
 * Power goes before, within and after every flash operation of a complete update: consent, erasing, transfer, check, choice,
 * the first start of the new image and its self-test. Whatever is left, the unit starts one whole image within L1, never an older
 * one than has passed, with an unbroken journal; the update can be gone on with, and is then through.
 */
import { MessageType } from '../../protocol';
import { SLOT_OFFSETS } from '../../firmware/board/files';
import { EXTERNAL } from '../../sim/board/espruino';
import { font } from '../display/font';
import { Bench, bundle } from '../scenario/bench';
import { Kind } from '../scenario/chain';
import { signed } from '../scenario/images';
import { judge } from '../scenario/oracle';
import { restarted, transfer, update, updateState } from '../scenario/update';
import { SAMPLES, SEED, ONE_TEST_MS, TOLD } from './budget';
import { revived } from './cuts';
import { cutsAt, label, takeDown, type Cut, type Moment } from './moments';
import { untilGone } from './settle';
import { useUp } from './sheets';

const FIRST = EXTERNAL.base + SLOT_OFFSETS[0]! + 32;
const SECOND = EXTERNAL.base + 51 * 4096;
const PASSED = 100;
/** One in so many of the cuts within the transfer is gone on with until the update is through; all others are looked at. */
const EVERY = SAMPLES === Infinity ? 1 : 24;

const image = (): Buffer => signed({ version: 2, code: Buffer.from(bundle().code.replace('0.1.0', '0.1.9'), 'latin1'), resources: font() });

async function ready(): Promise<Bench> {
  const bench = new Bench();
  await bench.start();
  await bench.setTime();
  // A past, and something to lose: one permit used up, one that waits.
  for (const counter of [1, 2]) await bench.load(bench.grant({ counter }));
  await useUp(bench, bench.granted[0]!, 1);
  await bench.pull();
  return bench;
}

/** Whether the new image has passed for good on this flash. */
const passed = (bench: Bench): boolean => Buffer.from(bench.unit.flash.read(SECOND + PASSED, 4)).toString('latin1') === 'FINE';

/** What a cut leaves is started. @returns the version that runs */
async function woken(bench: Bench): Promise<number> {
  const mustBeNew = passed(bench);
  await bench.world.run(200);
  await bench.start();
  const { running } = await updateState(bench);
  if (running !== 1 && running !== 2) throw new Error(`${running} runs`);
  if (mustBeNew && running !== 2) throw new Error('downgraded');
  await bench.pull();
  judge(bench);
  const alarms = bench.chain.of(Kind.ALARM);
  if (alarms.length > 0) throw new Error(`alarm ${String(alarms[0]!.data.get(1))}`);
  const became = bench.chain.of(Kind.UPDATED).map(({ data }) => data.get(4));
  // Whoever runs has its record: chosen before it started, passed once a host had come.
  if (running === 2 && became.at(-1) !== 2) throw new Error(`records of the update: ${became.join()}`);
  if (became.filter((what) => what === 2).length > 1) throw new Error('passed twice');
  return running;
}

async function through(bench: Bench, running: number): Promise<void> {
  if (running === 1) await update(bench, image());
  const again = await updateState(bench);
  if (again.running !== 2) throw new Error('not through');
  bench.unit.power.cut();
  await bench.world.run(100);
  if ((await woken(bench)) !== 2) throw new Error('downgraded at the next start');
  // The permit that waited is there, once; the other one is not.
  await bench.setTime();
  const made = bench.unit.truth.strokeCount;
  for (const granted of bench.granted) await useUp(bench, granted, 2);
  if (bench.unit.truth.strokeCount !== made + 1) throw new Error(`${bench.unit.truth.strokeCount - made} strokes with what was left`);
  await bench.pull();
  judge(bench);
  if (bench.unit.truth.exceptions.length > 0) throw new Error(String(bench.unit.truth.exceptions[0]!.error));
}

let moments: Moment[];
let told: { injected: number; whole: number; seconds: number };

beforeAll(async () => {
  const bench = await ready();
  const notes = takeDown(bench);
  await update(bench, image());
  await bench.world.run(1500);
  moments = notes.end();
  told = { injected: 0, whole: 0, seconds: performance.now() };
}, ONE_TEST_MS);

afterAll(() => {
  const seconds = (performance.now() - told.seconds) / 1000;
  console.log(`power cuts, an update: ${told.injected} injected at ${moments.length} operations, ${told.whole} gone on with until through, in ${seconds.toFixed(0)} s`);
});

/** Not a piece of the image itself: there the order matters, and every word is cut. */
const matters = ({ kind, address }: Moment): boolean => kind === 'write' && !(address >= SECOND + 4096 && address < SECOND + 49 * 4096);

async function all(which: (moment: Moment) => boolean, torn: number, whole: (number: number) => boolean): Promise<string[]> {
  const failed: string[] = [];
  let number = 0;
  for (const moment of moments.filter(which)) {
    for (const cut of cutsAt(moment, torn)) {
      if (failed.length >= TOLD) return failed;
      // No word is written twice: what a cut after an operation leaves is what one before the next does.
      if (cut.how === 'after' && moments[moment.op]?.sameAsBefore === true) continue;
      try {
        const bench = revived(moment, cut, SEED);
        const running = await woken(bench);
        told.injected++;
        if (!whole(number++)) continue;
        await through(bench, running);
        told.whole++;
      } catch (error) {
        failed.push(`${label(cut)} (${moment.kind} at ${moment.address.toString(16)}): ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  }
  return failed;
}

test('the update goes over both slots’ pages and the records only', () => {
  const erased = moments.filter(({ kind, address }) => kind === 'erase' && address >= SECOND && address < SECOND + 49 * 4096);
  expect(erased.map(({ address }) => (address - SECOND) / 4096)).toEqual([...Array.from({ length: 48 }, (_, i) => i + 1), 0]);
  expect(moments.filter(({ address }) => address >= FIRST && address < FIRST + 49 * 4096)).toEqual([]);
  expect(moments.length).toBeGreaterThan(150);
});

test('cut at every erase and every piece of the image', async () => {
  expect(await all((moment) => !matters(moment), SAMPLES === Infinity ? Infinity : 1, (number) => number % EVERY === 0)).toEqual([]);
}, ONE_TEST_MS);

test('cut at every word of every mark and record', async () => {
  expect(await all(matters, Infinity, (number) => number % (EVERY / 4 | 0 || 1) === 0)).toEqual([]);
}, ONE_TEST_MS);

test('cut twice: in the update, and in what follows', async () => {
  const failed: string[] = [];
  const firsts = moments.filter((moment, i) => i % Math.ceil(moments.length / 6) === 3);
  for (const moment of firsts) {
    const first = cutsAt(moment, 1).at(-1)!;
    const bench = revived(moment, first, SEED);
    await bench.world.run(200);
    await bench.start();
    await bench.pull();
    if ((await updateState(bench)).running === 2) continue;
    const notes = takeDown(bench);
    await update(bench, image());
    const next = notes.end();
    const seconds: Moment[] = next.filter((_, i) => i % Math.ceil(next.length / 12) === 1 || i > next.length - 8);
    for (const second of seconds) {
      const cut: Cut = cutsAt(second, 1).at(-1)!;
      try {
        const again = revived(second, cut, SEED);
        await through(again, await woken(again));
        told.whole++;
      } catch (error) {
        failed.push(`${label(first)}, then ${label(cut)}: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  }
  expect(failed).toEqual([]);
}, ONE_TEST_MS);

test('the power goes at each of the first three starts of the new image: no host came, it is rolled back, whole', async () => {
  const bench = await ready();
  await transfer(bench, image());
  await bench.askOrRefuse('choose', MessageType.UPDATE_FINISH, '');
  bench.unit.cable.unplug();
  for (let i = 0; i < 3; i++) {
    await bench.world.run(2500);
    bench.unit.power.cut();
    await bench.world.run(100);
    if (i < 2) bench.unit.power.on();
  }
  bench.unit.cable.plug();
  await bench.start();
  expect((await updateState(bench)).running).toBe(1);
  await bench.until(() => bench.link.state === 8, 3000);
  await bench.pull();
  expect(bench.chain.of(Kind.UPDATED).map(({ data }) => data.get(4))).toEqual([1, 3]);
  await bench.clearAlarms([24]);
  await bench.setTime();
  // A host is there this time.
  await update(bench, image());
}, ONE_TEST_MS);

test('a real cut leaves what is made of a run without cuts', async () => {
  for (const op of [3, 60, 120, moments.length - 4]) {
    const bench = await ready();
    bench.unit.flash.cutAt(op, 'torn', 0);
    expect(await untilGone(bench, (one) => update(one, image()))).toBe(true);
    bench.unit.flash.noCuts();
    bench.boots.set(bench.link.ready?.boot ?? 2, bench.unit.truth.runs.at(-1)!.at);
    await through(bench, await woken(bench));
  }
  expect(restarted).toBeDefined();
}, ONE_TEST_MS);
