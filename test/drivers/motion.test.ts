/** The accelerometer's driver on the simulated part: what happens between two looks is told at the next, once. */
import { createMotion } from '../../firmware/drivers/motion';
import { Moves } from '../../firmware/core/parts';
import { seededRandom, World } from '../../sim';
import { Accelerometer } from '../../sim/parts/accelerometer';
import { Whereabouts } from '../../sim/unit/whereabouts';
import { FakeBoard } from './fake-board';

function bench(): { chip: Accelerometer; where: Whereabouts; look: () => number; pass: (ms: number) => Promise<void> } {
  const world = new World();
  const where = new Whereabouts(world);
  const chip = new Accelerometer(world, seededRandom(1), where);
  chip.power(true);
  const fake = new FakeBoard();
  const board = fake.board();
  board.i2cWrite = (address, bytes) => address === 0x19 && chip.write(Buffer.from(bytes, 'latin1'));
  board.i2cRead = (address, register, length) => (address === 0x19 && chip.write(Uint8Array.of(register)) ? Buffer.from(chip.read(length) ?? []).toString('latin1') : '');
  const motion = createMotion(board);
  const pass = async (ms: number): Promise<void> => {
    await world.run(ms);
    fake.now += ms;
  };
  return { chip, where, look: () => motion.look(), pass };
}

test('at rest nothing is told', async () => {
  const { look, pass } = bench();
  for (let i = 0; i < 20; i++) {
    await pass(i % 2 ? 2000 : 20);
    expect(look()).toBe(0);
  }
});

test('a knock of 25 ms, half a minute ago, is told once', async () => {
  const { look, pass, where } = bench();
  await pass(1000);
  where.shake(25, 600);
  await pass(20_000);
  expect(look()).toBe(Moves.MOVED);
  await pass(1000);
  expect(look()).toBe(0);
});

test('a fall of 150 ms between two looks is told; a knock is no fall, and neither is one of 60 ms', async () => {
  const { look, pass, where } = bench();
  await pass(1000);
  where.drop(60);
  await pass(1500);
  expect(look()).toBe(Moves.MOVED);
  where.drop(150);
  await pass(1500);
  expect(look()).toBe(Moves.MOVED | Moves.FELL);
  await pass(1500);
  expect(look()).toBe(0);
});

test.each([[20, 0], [40, Moves.TILTED], [90, Moves.TILTED], [180, Moves.TILTED]])('leaned over by %d degrees', async (degrees, told) => {
  const { look, pass, where } = bench();
  await pass(1000);
  where.turn(degrees);
  await pass(2000);
  look();
  await pass(2000);
  expect(look()).toBe(told);
});

test('silent, stopped, or without its settings: a fault, and well again as soon as it is', async () => {
  const { chip, look, pass } = bench();
  await pass(1000);
  for (const fault of ['silent', 'stuck', 'babbling'] as const) {
    chip.fault = fault;
    await pass(1200);
    look();
    await pass(1200);
    expect(look() & Moves.FAULT).toBe(Moves.FAULT);
    chip.fault = 'none';
    await pass(1200);
    look();
    await pass(1200);
    expect(look()).toBe(0);
  }
  chip.reset();
  await pass(1000);
  expect(look()).toBe(Moves.FAULT);
  await pass(1000);
  expect(look()).toBe(0);
});
