/** Views and small photos with the bundle that is flashed: what the simulated camera is asked for, and what comes of it. */
import { RefusalCode } from '../../protocol';
import { Bench, type Refused } from '../scenario/bench';
import { handOver, view } from '../scenario/view';

const refusal = async (work: Promise<unknown>): Promise<number> => work.then(() => 0, (error: Refused) => error.code);

async function started(): Promise<Bench> {
  const bench = new Bench();
  await bench.start();
  await bench.setTime();
  await bench.wait(2000);
  return bench;
}

test('the tray is seen at rest, lit and with the lid closed; covered, it is still a picture', async () => {
  const bench = await started();
  const empty = await view(bench);
  expect(empty.subarray(0, 2)).toEqual(Buffer.from([0xff, 0xd8]));
  expect(empty.toString('latin1')).toContain('empty');
  expect(bench.unit.truth.lamps.tray).toBe(false);
  expect(await refusal(view(bench))).toBe(RefusalCode.WAIT);
  await bench.sheet();
  await bench.wait(2000);
  expect((await view(bench)).toString('latin1')).toContain('sheet 1');
  bench.unit.parts.camera.covered = true;
  await bench.wait(2000);
  expect((await view(bench)).toString('latin1')).toContain('dark');
  await bench.wait(2000);
  bench.unit.parts.camera.fault = 'stuck';
  expect(await refusal(view(bench))).toBe(RefusalCode.HARDWARE);
  expect(bench.link.alarms).toBe(0);
});

test('looking on does not keep a page from being stamped, and leaves no photo', async () => {
  const bench = await started();
  const granted = bench.grant({ counter: 1, count: 1, persons: [7], policy: 1 });
  await bench.load(granted);
  await bench.finger(7);
  let seen = 0;
  let refused = 0;
  let over = false;
  const looking = (async () => {
    while (!over) {
      await view(bench).then(() => seen++, (error: Refused) => ([RefusalCode.BUSY, RefusalCode.WAIT].includes(error.code) ? refused++ : Promise.reject(error)));
      await bench.wait(100);
    }
  })();
  await bench.wait(1000);
  await bench.sheet();
  await bench.stroke();
  over = true;
  await looking;
  expect(bench.unit.truth.strokeCount).toBe(1);
  expect(seen).toBeGreaterThan(0);
  expect(refused).toBeGreaterThan(0);
  await bench.pull();
  await bench.pullPhotos();
  expect(bench.chain.entries.filter(({ kind }) => kind === 4)).toHaveLength(2);
});

test("with the host's camera the unit's own is not asked, and both photos are there", async () => {
  const bench = await started();
  await bench.load(bench.grant({ counter: 1, count: 1, persons: [7], policy: 33 }));
  await bench.finger(7);
  await bench.sheet();
  expect(await bench.until(() => bench.link.state === 4, 5000)).toBe(true);
  bench.unit.parts.camera.fault = 'silent';
  const jpeg = Buffer.concat([Buffer.from([0xff, 0xd8]), Buffer.alloc(2000, 0x41), Buffer.from([0xff, 0xd9])]);
  await handOver(bench, jpeg);
  expect(await bench.until(() => bench.link.state === 7, 15_000)).toBe(true);
  await handOver(bench, Buffer.concat([jpeg, Buffer.of(0)]));
  expect(await bench.until(() => bench.link.state === 1, 5000)).toBe(true);
  await bench.pull();
  await bench.pullPhotos();
  expect(bench.chain.entries.filter(({ kind }) => kind === 4).map(({ data }) => data.get(6))).toEqual([1, 1]);
  expect(await refusal(handOver(bench, jpeg))).toBe(RefusalCode.STALE);
});
