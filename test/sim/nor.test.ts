/** NOR flash: bits only clear, torn writes and erases, the counter, stuck bits, wear. */
import { NorFlash } from '../../sim/parts/nor';
import { seededRandom } from '../../sim';

const BANKS = [{ base: 0x1000, size: 0x4000 }];
const make = (seed = 1): NorFlash => new NorFlash(BANKS, seededRandom(seed));
const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);

class Cut extends Error {}
function cutting(flash: NorFlash, act: () => void): void {
  flash.onCut = () => {
    throw new Cut();
  };
  expect(act).toThrow(Cut);
  flash.onCut = undefined;
}

test('programming clears bits, erasing a page sets them, other pages stay', () => {
  const flash = make();
  flash.write(0x2000, bytes(0xf0, 0x0f));
  flash.write(0x2000, bytes(0x3c, 0x3c));
  expect([...flash.read(0x2000, 3)]).toEqual([0x30, 0x0c, 0xff]);
  flash.write(0x1fff, bytes(1, 2));
  expect([...flash.read(0x1ffe, 4)]).toEqual([0xff, 1, 0x00, 0x0c]);
  flash.erase(0x2abc);
  expect([...flash.read(0x1fff, 3)]).toEqual([1, 0xff, 0xff]);
  expect(flash.isErased(0x2000, 4096)).toBe(true);
  expect(flash.ops).toBe(4);
});

test('outside of its banks nothing is written and nothing counted', () => {
  const flash = make();
  flash.write(0x0, bytes(0));
  flash.write(0x4fff, bytes(0, 0));
  expect(flash.ops).toBe(0);
  expect([...flash.read(0x4fff, 1)]).toEqual([0xff]);
});

test('cut before, after, and torn at each word', () => {
  const data = Uint8Array.from({ length: 16 }, (_, i) => i);
  const before = make();
  before.cutAt(1, 'before');
  cutting(before, () => before.write(0x1000, data));
  expect(before.isErased(0x1000, 16)).toBe(true);
  const after = make();
  after.cutAt(1, 'after');
  cutting(after, () => after.write(0x1000, data));
  expect([...after.read(0x1000, 16)]).toEqual([...data]);
  for (let words = 0; words < 4; words++) {
    const torn = make(words + 1);
    torn.cutAt(1, 'torn', words);
    cutting(torn, () => torn.write(0x1000, data));
    const got = torn.read(0x1000, 16);
    expect([...got.subarray(0, words * 4)]).toEqual([...data.subarray(0, words * 4)]);
    // The word under way: only bits that were to be cleared can be.
    for (let i = words * 4; i < words * 4 + 4; i++) expect(got[i]! & data[i]!).toBe(data[i]);
    for (let i = words * 4 + 4; i < 16; i++) expect(got[i]).toBe(0xff);
  }
});

test('a torn erase leaves a page that is neither old nor blank', () => {
  const flash = make();
  flash.write(0x1000, new Uint8Array(4096));
  flash.cutAt(1, 'torn', 100);
  cutting(flash, () => flash.erase(0x1000));
  const page = flash.read(0x1000, 4096);
  expect(page.subarray(0, 400).every((byte) => byte === 0xff)).toBe(true);
  expect(page.subarray(400).some((byte) => byte !== 0xff)).toBe(true);
  expect(page.subarray(400).some((byte) => byte !== 0)).toBe(true);
});

test('the n-th operation is meant from the moment of asking, and a cut happens once', () => {
  const flash = make();
  flash.write(0x1000, bytes(1));
  flash.cutAt(2, 'after');
  flash.write(0x1010, bytes(1));
  cutting(flash, () => flash.write(0x1020, bytes(1)));
  flash.write(0x1030, bytes(1));
  expect(flash.ops).toBe(4);
});

test('stuck bits and worn pages show when read back', () => {
  const flash = make();
  flash.stick(0x1004, 0x01, 0x01);
  flash.write(0x1000, new Uint8Array(8));
  expect([...flash.read(0x1000, 8)]).toEqual([0, 0, 0, 0, 1, 0, 0, 0]);
  flash.endurance = 1;
  flash.erase(0x2000);
  expect(flash.isErased(0x2000, 4096)).toBe(true);
  flash.erase(0x2000);
  expect(flash.isErased(0x2000, 4096)).toBe(false);
});

test('an image is a copy', () => {
  const flash = make();
  flash.write(0x1000, bytes(1));
  const other = new NorFlash(BANKS, seededRandom(1), flash.image());
  other.write(0x1000, bytes(0));
  expect([flash.read(0x1000, 1)[0], other.read(0x1000, 1)[0]]).toEqual([1, 0]);
});
