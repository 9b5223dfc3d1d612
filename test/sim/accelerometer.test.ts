/** LIS2DH12 against its data sheet, ST DocID025056 rev 6 (sections and tables named at each test). */
import { Accelerometer } from '../../sim/parts/accelerometer';
import { Whereabouts } from '../../sim/unit/whereabouts';
import { seededRandom, World } from '../../sim';

function make(): { chip: Accelerometer; where: Whereabouts; world: World; at: (register: number, count?: number) => number[]; set: (register: number, ...values: number[]) => void } {
  const world = new World();
  const where = new Whereabouts(world);
  const chip = new Accelerometer(world, seededRandom(1), where);
  chip.power(true);
  return {
    chip, where, world,
    at: (register, count = 1) => (chip.write(Uint8Array.of(register | (count > 1 ? 0x80 : 0))), [...chip.read(count)!]),
    set: (register, ...values) => void chip.write(Uint8Array.of(register | (values.length > 1 ? 0x80 : 0), ...values)),
  };
}

const signed = (low: number, high: number): number => ((low | (high << 8)) << 16) >> 16;

test('reset values (table 20)', () => {
  const { at } = make();
  expect([at(0x0f), at(0x1e), at(0x20), at(0x23), at(0x27), at(0x2e), at(0x30, 8)]).toEqual([[0x33], [0x10], [0x07], [0], [0], [0], [0, 0, 0, 0, 0, 0, 0, 0]]);
});

test('the upper bit of an address lets it count up (6.1.1); without it the same register is read again', () => {
  const { at, set, chip } = make();
  set(0x20, 0x57, 0x01);
  expect(at(0x20, 2)).toEqual([0x57, 0x01]);
  chip.write(Uint8Array.of(0x20));
  expect([...chip.read(3)!]).toEqual([0x57, 0x57, 0x57]);
});

test('who it is and what it measures cannot be written', () => {
  const { at, set } = make();
  for (const register of [0x0f, 0x27, 0x28, 0x2f, 0x31, 0x35]) {
    const before = at(register);
    set(register, 0xaa);
    expect(at(register)).toEqual(before);
  }
});

test('power-down measures nothing; at 100 Hz there is a new sample every 10 ms (table 31, STATUS_REG 8.14)', async () => {
  const { at, set, world } = make();
  await world.run(100);
  expect(at(0x27)).toEqual([0]);
  set(0x20, 0x57);
  await world.run(20);
  expect(at(0x27)).toEqual([0x0f]);
  at(0x28, 6);
  expect(at(0x27)).toEqual([0]);
  await world.run(11);
  expect(at(0x27)).toEqual([0x0f]);
});

test.each([[0x00, 16384], [0x10, 8192], [0x20, 4096], [0x30, 2048]])('1 g upright at full scale %i (CTRL_REG4 8.11)', async (control, value) => {
  const { at, set, world } = make();
  set(0x20, 0x57);
  set(0x23, control);
  await world.run(20);
  const b = at(0x28, 6);
  expect(Math.abs(signed(b[4]!, b[5]!) - value)).toBeLessThan(300);
  expect(b[0]! & 0x3f).toBe(0);
});

test('leaned over, gravity moves to another axis', async () => {
  const { at, set, world, where } = make();
  set(0x20, 0x57);
  where.turn(90);
  await world.run(1000);
  const b = at(0x28, 6);
  expect(signed(b[0]!, b[1]!)).toBeGreaterThan(15_000);
  expect(Math.abs(signed(b[4]!, b[5]!))).toBeLessThan(500);
});

test('free fall: AN5005 section 6.4, all axes low, latched until it is read (LIR_INT1, 8.12)', async () => {
  const { at, set, world, where } = make();
  set(0x20, 0x57);
  set(0x24, 0x08);
  set(0x32, 0x16);
  set(0x33, 0x03);
  set(0x30, 0x95);
  await world.run(1000);
  expect(at(0x31)[0]! & 0x40).toBe(0);
  where.drop(200);
  await world.run(1000);
  expect(at(0x31)[0]! & 0x55).toBe(0x55);
  expect(at(0x31)[0]).toBe(0);
});

test('not latched, the source tells of the present', async () => {
  const { at, set, world, where } = make();
  set(0x20, 0x57, 0x01);
  set(0x30, 0x2a);
  set(0x32, 0x10, 0x01);
  await world.run(500);
  where.shake(1000, 900);
  let seen = 0;
  for (let i = 0; i < 20; i++) {
    await world.run(40);
    if (at(0x31)[0]! & 0x40) seen++;
  }
  expect(seen).toBeGreaterThan(8);
  await world.run(1000);
  expect(at(0x31)[0]).toBe(0);
});

test('FIFO, stream mode (9.4): 32 samples at most, the oldest first, and reading turns back behind the sample', async () => {
  const { at, set, world, chip } = make();
  set(0x20, 0x57);
  set(0x24, 0x40);
  set(0x2e, 0x80);
  await world.run(55);
  expect(at(0x2f)[0]! & 0x1f).toBe(5);
  await world.run(1000);
  expect(at(0x2f)[0]! & 0x40).toBe(0x40);
  chip.write(Uint8Array.of(0xa8));
  expect(chip.read(32 * 6)).toHaveLength(192);
  expect(at(0x2f)[0]! & 0x20).toBe(0x20);
});
