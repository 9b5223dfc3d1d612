/** MCP23017 against its data sheet, Microchip DS20001952C (sections and tables named at each test). */
import { Expander } from '../../sim/parts/expander';
import { Switch } from '../../sim/parts/switch';
import { seededRandom, World } from '../../sim';

function make(): { chip: Expander; lid: Switch; world: World } {
  const world = new World();
  const lid = new Switch(world, false, 0);
  const chip = new Expander([lid], seededRandom(1));
  chip.power(true);
  return { chip, lid, world };
}
const file = (chip: Expander): number[] => {
  chip.write(Uint8Array.of(0));
  return [...chip.read(22)!];
};
const at = (chip: Expander, register: number, count = 1): number[] => {
  chip.write(Uint8Array.of(register));
  return [...chip.read(count)!];
};

test('reset values (table 3-3): all pins inputs, everything else zero', () => {
  const { chip } = make();
  expect(file(chip).slice(0, 18)).toEqual([0xff, 0xff, ...new Array<number>(16).fill(0)]);
});

test('sequential writing and reading (3.2.1), wrapping at the end of the map', () => {
  const { chip } = make();
  chip.write(Uint8Array.of(0x00, 0xff, 0x00));
  chip.write(Uint8Array.of(0x0c, 0xff, 0x00));
  expect(at(chip, 0x0c, 2)).toEqual([0xff, 0]);
  expect(at(chip, 0x15, 3)).toEqual([0, 0xff, 0]);
});

test('byte mode (IOCON.SEQOP) toggles within a pair', () => {
  const { chip } = make();
  chip.write(Uint8Array.of(0x0a, 0x20));
  expect(at(chip, 0x00, 4)).toEqual([0xff, 0xff, 0xff, 0xff]);
  chip.write(Uint8Array.of(0x14, 0x11, 0x22));
  expect(at(chip, 0x14, 4)).toEqual([0x11, 0x22, 0x11, 0x22]);
});

test('IOCON.BANK separates the ports (table 3-1)', () => {
  const { chip } = make();
  chip.write(Uint8Array.of(0x0a, 0x80));
  chip.write(Uint8Array.of(0x10, 0x0f));
  expect(at(chip, 0x10)).toEqual([0x0f]);
  expect(at(chip, 0x00)).toEqual([0xff]);
  expect(at(chip, 0x05)).toEqual([0x80]);
});

test('a closed switch pulls a pulled-up input low; IPOL inverts what is read', () => {
  const { chip, lid } = make();
  chip.write(Uint8Array.of(0x0c, 0x01));
  expect(at(chip, 0x12)[0]! & 1).toBe(1);
  lid.press(true);
  expect(at(chip, 0x12)[0]! & 1).toBe(0);
  chip.write(Uint8Array.of(0x02, 0x01));
  expect(at(chip, 0x12)[0]! & 1).toBe(1);
});

test('writing GPIO writes the latch; outputs read back their level', () => {
  const { chip } = make();
  const seen: [number, boolean][] = [];
  chip.onOutput = (pin, level) => seen.push([pin, level]);
  chip.write(Uint8Array.of(0x13, 0x05));
  expect(seen).toEqual([]);
  chip.write(Uint8Array.of(0x01, 0x00));
  expect(seen).toEqual([[8, true], [10, true]]);
  expect(at(chip, 0x13)).toEqual([0x05]);
  expect(at(chip, 0x15)).toEqual([0x05]);
  chip.power(false);
  expect(seen.slice(2)).toEqual([[8, false], [10, false]]);
});

test('interrupt on change: flag and captured port stay until read (3.6)', () => {
  const { chip, lid } = make();
  chip.write(Uint8Array.of(0x0c, 0x01));
  at(chip, 0x12);
  chip.write(Uint8Array.of(0x04, 0x01));
  lid.press(true);
  lid.press(false);
  expect(at(chip, 0x0e)).toEqual([0x01]);
  expect(at(chip, 0x10)[0]! & 1).toBe(0);
  expect(at(chip, 0x0e)).toEqual([0]);
});

test('silent or without power it does not acknowledge; power brings back the reset values', () => {
  const { chip } = make();
  chip.write(Uint8Array.of(0x0c, 0xff));
  chip.silent = true;
  expect(chip.write(Uint8Array.of(0))).toBe(false);
  expect(chip.read(1)).toBeUndefined();
  chip.silent = false;
  chip.power(false);
  expect(chip.read(1)).toBeUndefined();
  chip.power(true);
  expect(at(chip, 0x0c)).toEqual([0]);
});

test('a switch bounces, then rests; faults hide the truth', async () => {
  const world = new World();
  const lid = new Switch(world, false, 5);
  lid.press(true);
  const seen = new Set<boolean>();
  for (let i = 0; i < 10; i++) {
    seen.add(lid.closed());
    await world.run(0.5);
  }
  expect(seen.size).toBe(2);
  await world.run(5);
  expect(lid.closed()).toBe(true);
  lid.fault = 'stuck open';
  expect(lid.closed()).toBe(false);
  lid.fault = 'inverted';
  expect(lid.closed()).toBe(false);
});
