import { seededRandom, World } from '../../sim';

test('events run in the order of time, equal times in the order of entering, cancelled ones never', async () => {
  const world = new World();
  const seen: string[] = [];
  const note = (name: string) => () => void seen.push(`${name}@${world.now}`);
  world.after(5, note('b'));
  world.after(1, note('a'));
  world.after(5, note('c'));
  world.cancel(world.after(2, note('never')));
  world.after(5, () => world.after(0, note('d')));
  await world.run(10);
  expect(seen).toEqual(['a@1', 'b@5', 'c@5', 'd@5']);
  expect(world.now).toBe(10);
});

test('many cancelled events do not pile up and do not disturb the order', async () => {
  const world = new World({ seed: 3 });
  const seen: number[] = [];
  for (let i = 0; i < 5000; i++) {
    const time = world.random.below(1000);
    const event = world.after(time, () => void seen.push(world.now));
    if (i % 3 !== 0) world.cancel(event);
  }
  await world.run(1000);
  expect(seen).toHaveLength(1667);
  expect(seen).toEqual([...seen].sort((a, b) => a - b));
});

test('time waits for a pending job, and its failure ends the run', async () => {
  const world = new World();
  let done = -1;
  world.after(5, () => {
    void world.pendingJob(new Promise<void>((resolve) => setImmediate(resolve)).then(() => (done = world.now)));
  });
  world.after(6, () => expect(done).toBe(5));
  await world.run(20);
  expect(done).toBe(5);
  world.after(1, () => void world.pendingJob(Promise.reject(new Error('broken'))).catch(() => undefined));
  await expect(world.run(10)).rejects.toThrow('broken');
});

test('runUntil looks after every event and gives up in time', async () => {
  const world = new World();
  let count = 0;
  world.every(10, () => count++);
  expect(await world.runUntil(() => count === 3, 1000)).toBe(true);
  expect(world.now).toBe(30);
  expect(await world.runUntil(() => count === 1000, 100)).toBe(false);
  expect(world.now).toBe(130);
});

test('trace hashes tell runs apart', async () => {
  const run = (seed: number): string => {
    const world = new World({ seed, trace: true });
    for (let i = 0; i < 10; i++) world.trace('x', 'draws', String(world.random.uint32()));
    return world.traceHash();
  };
  expect(run(1)).toBe(run(1));
  expect(run(1)).not.toBe(run(2));
});

test('forks are streams of their own, the same for the same place in a run', () => {
  const draw = (name: string): number[] => {
    const random = seededRandom(9).fork(name);
    return [random.uint32(), random.uint32()];
  };
  expect(draw('a')).toEqual(draw('a'));
  expect(draw('a')).not.toEqual(draw('b'));
  const random = seededRandom(1);
  for (let i = 0; i < 1000; i++) {
    const value = random.fraction();
    expect(value >= 0 && value < 1).toBe(true);
  }
});
