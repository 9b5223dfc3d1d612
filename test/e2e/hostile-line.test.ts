/** Somebody on the line without the link key: says anything, changes, drops, doubles, holds back and reorders what passes. */
import { nodeNatives } from '../../host-bridge/natives';
import { encodeFrame, FrameReader, FrameType } from '../../protocol';
import { createUnit, seededRandom, World } from '../../sim';
import { IDENTITY } from '../scenario/authority';
import { bundle } from '../scenario/bench';
import { tap } from '../scenario/wire';
import { clockOf, honest, keysIn, leaks, nothingHappened, unlockedBy } from './hostile';

const frame = (type: number, body: string, seq = 0, ack = 0, flags = 0): Buffer => Buffer.from(encodeFrame(nodeNatives, type, seq, ack, flags, body), 'latin1');
const HELLO = '\x01\x01\x04\x00\x00\x02\x01\0\0\0';

test('in the clear the unit tells its identity and versions, and nothing else', async () => {
  const world = new World({ seed: 1 });
  const unit = createUnit(world, { bundle: bundle(), identity: IDENTITY });
  const heard = tap(unit);
  unit.power.on();
  await world.run(1000);
  for (let i = 0; i < 40; i++) {
    unit.port.write(Buffer.concat([Buffer.alloc(1), frame(FrameType.HELLO, HELLO + String.fromCharCode(i).repeat(16))]));
    await world.run(50);
    unit.port.write(frame(FrameType.PROVE, String.fromCharCode(i).repeat(16)));
    unit.port.write(frame(FrameType.DATA, 'x'.repeat(60), i, 0, 3));
    await world.run(50);
  }
  const said = Buffer.concat(heard.toHost).toString('latin1');
  const frames: { type: number; body: string }[] = [];
  new FrameReader(nodeNatives, 2048, (type, _seq, _ack, _flags, body) => frames.push({ type, body })).push(said);
  const challenges = frames.filter(({ type }) => type === FrameType.CHALLENGE);
  expect(challenges).toHaveLength(40);
  // Version, window, sizes, identity; nonce and proof, which are new each time.
  expect(new Set(challenges.map(({ body }) => body.substring(0, 14))).size).toBe(1);
  expect(challenges[0]!.body.substring(6, 14)).toBe(IDENTITY.deviceId.toString('latin1'));
  expect(new Set(challenges.map(({ body }) => body.substring(14, 30))).size).toBe(40);
  expect(frames.filter(({ type, body }) => type !== FrameType.CHALLENGE && (type !== FrameType.ATTENTION || body !== ''))).toEqual([]);
  expect(keysIn([said], 20)).toEqual([]);
  expect(unit.truth.exceptions).toEqual([]);
});

test('typing at the console, breaks, and torrents of bytes: no console, no exception, the session lives', async () => {
  const bench = await honest();
  const { unit, world } = bench;
  const random = seededRandom(3);
  const heard = tap(unit);
  const lines = ['\x03\x03', 'reset()\n', '\x10print(process.memory())\n', 'E.setConsole(USB)\n', 'load()\n', '\x1b[A\n', 'digitalWrite(D31,1)\n', 'require("Storage").eraseAll()\n'];
  for (const line of lines) {
    unit.port.write(Buffer.from(line, 'latin1'));
    await world.run(100);
  }
  for (let i = 0; i < 150; i++) {
    unit.port.write(random.bytes(1 + random.below(900)));
    await world.run(random.below(30));
  }
  // Frames without an end, and empty ones.
  unit.port.write(Buffer.alloc(20_000, 0x41));
  unit.port.write(Buffer.alloc(3000));
  await world.run(2000);
  expect(unit.truth.bolt).toEqual([]);
  expect(await clockOf(bench)).toBeGreaterThan(0);
  await nothingHappened(bench);
  expect(leaks(bench, heard.toHost)).toEqual([]);
});

test('a flood of HELLOs and PROVEs ends no live session', async () => {
  const bench = await honest();
  for (let i = 0; i < 400; i++) {
    const n = String.fromCharCode(i % 256, i >> 8).repeat(8);
    bench.unit.port.write(frame(i % 4 === 3 ? FrameType.PROVE : FrameType.HELLO, i % 4 === 3 ? n : HELLO + n));
    if (i % 10 === 9) await bench.wait(60);
  }
  await bench.wait(3000);
  expect(await clockOf(bench)).toBeGreaterThan(0);
  const granted = bench.grant({ counter: 1 });
  await bench.load(granted);
  await unlockedBy(bench, granted, 1);
  await nothingHappened(bench, 1);
});

/** One kind of line for a whole use. */
const LINES: { name: string; share: number; act: (bytes: Buffer, random: ReturnType<typeof seededRandom>) => Buffer[] }[] = [
  { name: 'drops', share: 0.15, act: () => [] },
  { name: 'doubles', share: 0.4, act: (bytes) => [bytes, bytes] },
  {
    name: 'flips bits',
    share: 0.1,
    act: (bytes, random) => {
      const other = Buffer.from(bytes);
      other[random.below(other.length)]! ^= 1 << random.below(8);
      return [other];
    },
  },
  { name: 'cuts short', share: 0.1, act: (bytes, random) => [bytes.subarray(0, random.below(bytes.length))] },
];

test.each(LINES)('a line that $name: what the authority granted happens, and no more', async ({ share, act }) => {
  for (const seed of [1, 2, 3]) {
    const bench = await honest(seed);
    const random = seededRandom(seed * 31);
    const granted = bench.grant({ counter: 1, count: 2, policy: 1 });
    await bench.load(granted);
    bench.unit.cable.tamper = (_to, bytes) => (random.chance(share) ? act(bytes, random) : [bytes]);
    await bench.finger(7);
    for (let i = 0; i < 3; i++) {
      await bench.sheet();
      await bench.wait(6000);
    }
    bench.unit.cable.tamper = undefined;
    expect(bench.unit.truth.strokeCount).toBe(2);
    expect(await bench.until(() => bench.link.ready !== undefined, 5000)).toBe(true);
    await nothingHappened(bench, 2);
  }
});

test('a line that holds pieces back and lets them out in another order', async () => {
  for (const seed of [4, 5, 6]) {
    const bench = await honest(seed);
    const random = seededRandom(seed);
    let held: Buffer[] = [];
    bench.unit.cable.tamper = (toDevice, bytes) => {
      if (!toDevice) return [bytes];
      if (random.chance(0.4)) {
        held.push(bytes);
        return [];
      }
      const out = [bytes, ...held.reverse()];
      held = [];
      return out;
    };
    const granted = bench.grant({ counter: 1 });
    await bench.load(granted).catch(() => undefined);
    await bench.wait(20_000);
    bench.unit.cable.tamper = undefined;
    expect(await bench.until(() => bench.link.ready !== undefined, 15_000)).toBe(true);
    await bench.load(granted);
    await unlockedBy(bench, granted, 1);
    await nothingHappened(bench, 1);
  }
});
