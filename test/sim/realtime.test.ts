import { RealTime, World, type WallClock } from '../../sim';

/** A wall clock that only sleeping moves. */
function clock(): WallClock & { time: number } {
  return {
    time: 0,
    now() {
      return this.time;
    },
    sleep(ms: number) {
      this.time += ms;
      return { done: Promise.resolve(), wake: () => undefined };
    },
  };
}

test('virtual time follows the wall clock, and things from outside enter at their moment', async () => {
  const world = new World();
  const wall = clock();
  const driver = new RealTime(world, wall, 2);
  const seen: number[] = [];
  world.every(100, () => seen.push(Math.round(wall.time)));
  world.after(950, () => driver.stop());
  await driver.run();
  expect(seen.slice(0, 3)).toEqual([50, 100, 150]);
  expect(world.now).toBeGreaterThanOrEqual(950);
  expect(world.catchUp).toBeUndefined();
});
