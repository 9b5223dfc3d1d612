/** The display's driver on the simulated part: what stands there, in which slices it comes, and what a bad display does. */
import { createDisplay } from '../../firmware/drivers/display';
import { Display, seededRandom, Shapes } from '../../sim';
import { font } from '../display/font';
import { FakeBoard } from './fake-board';

const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1');

function bench() {
  const fake = new FakeBoard();
  const glass = new Display(seededRandom(5));
  const sent: Buffer[] = [];
  glass.power(true);
  fake.i2cWritten = (bytes) => {
    sent.push(latin1(bytes));
    return glass.write(latin1(bytes));
  };
  fake.i2cReading = (register, length) => (glass.write(Uint8Array.of(register)) ? Buffer.from(glass.read(length)!).toString('latin1') : '');
  const board = { ...fake.board(), font: (at: number, length: number) => font().toString('latin1', at, at + length) };
  const shapes = new Shapes(font());
  const display = createDisplay(board);
  return {
    fake, glass, sent, display, rows: () => shapes.rows(glass),
    /** Shows rows and lets them be drawn. */
    show(...rows: string[]): string[] {
      display.show(rows);
      fake.run(2000);
      return shapes.rows(glass);
    },
  };
}

/** A word of the font's texts, as its cells: its first wide glyphs, whatever they are. */
const wide = (...glyphs: number[]): string => glyphs.map((i) => String.fromCharCode(0x80 | (i >> 6), 0xc0 | (i & 63))).join('');
const charOf = (i: number): string => {
  const glyphs = font();
  return String.fromCodePoint(glyphs.readUIntLE(1528 + 32 * glyphs.readUInt16LE(4) + 64 * glyphs.readUInt16LE(6) + 3 * i, 3));
};

test('is dark until all stands there, then shows what it is told, Latin and Chinese', () => {
  const { fake, glass, display, rows } = bench();
  display.show(['Hello, 16 cells!', wide(0, 1, 2), '', ' x']);
  fake.run(60);
  expect(glass.lit).toBe(false);
  fake.run(400);
  expect(glass.lit).toBe(true);
  expect(rows()).toEqual(['Hello, 16 cells!', charOf(0) + charOf(1) + charOf(2), '', ' x']);
});

test('no transaction is longer than 64 bytes; slices come one at a time, 10 ms apart', () => {
  const { fake, glass, sent, display } = bench();
  display.show(['A'.repeat(16), wide(0, 1, 2, 3, 4, 5, 6, 7), 'B'.repeat(16), 'C']);
  let most = 0;
  for (let ms = 0; ms < 1000; ms++) {
    const before = sent.length;
    fake.run(1);
    most = Math.max(most, sent.length - before);
  }
  expect(glass.longest).toBeLessThanOrEqual(64);
  expect(most).toBeLessThanOrEqual(3);
});

test('only what has changed is drawn', () => {
  const { sent, show } = bench();
  show('12:00', 'unchanged', wide(3, 4, 5), 'last');
  sent.length = 0;
  expect(show('12:01', 'unchanged', wide(3, 4, 5), 'last')).toEqual(['12:01', 'unchanged', charOf(3) + charOf(4) + charOf(5), 'last']);
  // One slice: its window and its data in two pieces.
  expect(sent.map((bytes) => bytes.length)).toEqual([7, 49, 17]);
  sent.length = 0;
  show('12:01', 'unchanged', wide(3, 4, 5), 'last');
  expect(sent).toEqual([]);
});

test('a wide glyph at an odd cell is never cut in two', () => {
  const { show } = bench();
  expect(show(`abc${wide(7)}d`, `abc${wide(8)}d`)).toEqual([`abc${charOf(7)}d`, `abc${charOf(8)}d`, '', '']);
  expect(show(`abcd${wide(7)}`, `abc${wide(9)}d`)).toEqual([`abcd${charOf(7)}`, `abc${charOf(9)}d`, '', '']);
  expect(show(`abc${wide(7)}e`, `abcdefg${wide(9)}`)).toEqual([`abc${charOf(7)}e`, `abcdefg${charOf(9)}`, '', '']);
  expect(show(`abc${wide(71)}e`, wide(1, 2, 3))).toEqual([`abc${charOf(71)}e`, charOf(1) + charOf(2) + charOf(3), '', '']);
});

test('dark on purpose, also in the middle of drawing, until something is to stand there', () => {
  const { fake, glass, display, show, rows } = bench();
  expect(show('one')).toEqual(['one', '', '', '']);
  display.show(['two', 'lines']);
  fake.run(15);
  display.dark();
  fake.run(2000);
  expect(glass.lit).toBe(false);
  display.show(['two', 'more']);
  fake.run(2000);
  expect(glass.lit).toBe(true);
  expect(rows()).toEqual(['two', 'more', '', '']);
});

test('what is told while it draws is drawn in the end', () => {
  const { fake, display, rows } = bench();
  for (let i = 0; i < 40; i++) {
    display.show([`row ${i}`, `${i}`.repeat(5), wide(i, i + 1), '']);
    fake.run(7);
  }
  fake.run(500);
  expect(rows()).toEqual(['row 39', '3939393939', charOf(39) + charOf(40), '']);
});

test('a display that does not answer is left alone but for one question a call, and drawn when it comes back', () => {
  const { fake, glass, sent, show } = bench();
  glass.silent = true;
  show('first');
  sent.length = 0;
  for (let i = 0; i < 10; i++) show('second');
  expect(sent).toEqual([]);
  expect(fake.timers).toEqual([]);
  glass.silent = false;
  expect(show('third')[0]).toBe('third');
  expect(glass.lit).toBe(true);
});

test('it falls silent in the middle of drawing: nothing is sent any more, and all is drawn when it is back', () => {
  const { fake, glass, sent, display, show } = bench();
  display.show(['one', 'two', 'three', 'four']);
  fake.run(45);
  glass.silent = true;
  fake.run(500);
  const quiet = sent.length;
  fake.run(5000);
  expect(sent.length).toBe(quiet);
  glass.silent = false;
  expect(show('one', 'two', 'three', 'four')).toEqual(['one', 'two', 'three', 'four']);
});

test.each([0, 15, 55, 125, 400])('a loss of its power %d ms after it was told is mended by the next call or the ones after it', (ms) => {
  const { fake, glass, display, show } = bench();
  display.show(['one', 'two', 'three', 'four']);
  fake.run(ms);
  glass.power(false);
  fake.run(3);
  glass.power(true);
  fake.run(1000);
  let read: string[] = [];
  // Lost while it was drawn for the first time, and nothing tells: the next drawing of everything brings it back.
  for (let i = 0; i < 26; i++) read = show('one', 'two', 'three', 'four');
  expect(read).toEqual(['one', 'two', 'three', 'four']);
  expect(glass.lit).toBe(true);
});

test('a bit that turns over by itself is gone after some calls', () => {
  const { glass, show } = bench();
  show('12345678');
  glass.flip(127 - 3, 4);
  expect(show('12345678')[0]).not.toBe('12345678');
  for (let i = 0; i < 24; i++) show('12345678');
  expect(show('12345678')[0]).toBe('12345678');
});

test('without its font it stays dark', () => {
  const { fake, glass } = bench();
  const sent: string[] = [];
  fake.i2cWritten = (bytes) => sent.push(bytes) > 0;
  createDisplay(fake.board()).show(['text']);
  fake.run(1000);
  expect(sent).toEqual([]);
  expect(glass.lit).toBe(false);
});
