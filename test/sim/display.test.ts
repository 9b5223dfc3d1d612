/** SSD1306 against its data sheet, Solomon Systech rev 1.1 (sections named at each test). */
import { blocks, Display, seededRandom } from '../../sim';

/** Set up as a module in trade wants it, page addressing as after a reset. */
function lit(...more: number[]): Display {
  const display = new Display(seededRandom(1));
  display.power(true);
  send(display, 0x8d, 0x14, 0xa1, 0xc8, ...more);
  wipe(display);
  send(display, 0xaf);
  return display;
}
const send = (display: Display, ...commands: number[]): boolean => display.write(Uint8Array.of(0x00, ...commands));
const data = (display: Display, ...bytes: number[]): boolean => display.write(Uint8Array.of(0x40, ...bytes));
/** All memory 0, whatever the mode; leaves page addressing. */
function wipe(display: Display): void {
  send(display, 0x20, 0x02);
  for (let page = 0; page < 8; page++) {
    send(display, 0xb0 | page, 0x00, 0x10);
    data(display, ...new Array<number>(128).fill(0));
  }
  send(display, 0xb0, 0x00, 0x10);
}
/** The pixels that shine, as "x,y". */
function shining(display: Display): string[] {
  const out: string[] = [];
  display.pixels().forEach((on, i) => on === 1 && out.push(`${i % 128},${i >> 7}`));
  return out;
}

test('power-on: display off, memory random, nothing shines before the pump runs and the display is on (8.5, charge pump)', () => {
  const display = new Display(seededRandom(1));
  expect(display.write(Uint8Array.of(0))).toBe(false);
  expect(display.read(1)).toBeUndefined();
  display.power(true);
  expect([...display.read(2)!]).toEqual([0x40, 0x40]);
  expect(display.lit).toBe(false);
  send(display, 0xaf);
  expect([...display.read(1)!]).toEqual([0]);
  expect([display.lit, shining(display).length]).toEqual([false, 0]);
  send(display, 0x8d, 0x14);
  expect(display.lit).toBe(true);
  expect(shining(display).length).toBeGreaterThan(3000);
  expect(shining(display).length).toBeLessThan(5200);
  send(display, 0x8d, 0x10);
  expect(display.lit).toBe(false);
});

test('page addressing (10.1.3): the column goes on and comes round, the page stays', () => {
  const display = lit();
  send(display, 0xb2, 0x0e, 0x17);
  data(display, 1, 1, 0x80);
  expect(shining(display).sort()).toEqual(['0,23', '126,16', '127,16'].sort());
});

test('horizontal and vertical addressing within a window (10.1.3 to 10.1.5), and the window comes round', () => {
  const horizontal = lit();
  send(horizontal, 0x20, 0x00, 0x21, 10, 11, 0x22, 1, 2);
  data(horizontal, 1, 1, 2, 2, 4);
  // The fifth byte is where the first was.
  expect(shining(horizontal).sort()).toEqual(['10,10', '11,8', '10,17', '11,17'].sort());
  const vertical = lit();
  send(vertical, 0x20, 0x01, 0x21, 10, 11, 0x22, 1, 2);
  data(vertical, 1, 2, 4, 8);
  expect(shining(vertical).sort()).toEqual(['10,8', '10,17', '11,10', '11,19'].sort());
});

test('commands for one mode do nothing in the other (table 9-1)', () => {
  const display = lit();
  send(display, 0x21, 5, 6, 0x22, 1, 1);
  data(display, 1);
  expect(shining(display)).toEqual(['0,0']);
  send(display, 0x20, 0x00, 0x21, 5, 6, 0x22, 1, 1, 0xb7, 0x0f, 0x17);
  data(display, 1);
  expect(shining(display)).toEqual(['0,0', '5,8']);
  send(display, 0x20, 0x03);
  data(display, 1);
  expect(shining(display)).toEqual(['0,0', '5,8', '6,8']);
});

test('control bytes (8.1.5.2): Co = 1 takes one byte and a control byte again; operands may come in transactions of their own', () => {
  const display = lit();
  display.write(Uint8Array.of(0x80, 0xb1, 0x80, 0x03, 0x80, 0x10, 0xc0, 0x01, 0x40, 0x02, 0x04));
  expect(shining(display)).toEqual(['3,8', '4,9', '5,10']);
  for (const one of [0x20, 0x00, 0x21, 100, 101, 0x22, 7, 7]) display.write(Uint8Array.of(0x00, one));
  data(display, 0x80);
  expect(shining(display)).toContain('100,63');
  // A register pointer, as a read with a register writes it, changes nothing.
  display.write(Uint8Array.of(0x00));
  data(display, 0x80);
  expect(shining(display)).toContain('101,63');
});

test('segments turn round for what is written from then on (10.1.8), lines at once (10.1.14)', () => {
  const display = lit();
  data(display, 1);
  send(display, 0xa0);
  expect(shining(display)).toEqual(['0,0']);
  send(display, 0x00, 0x10);
  data(display, 1);
  expect(shining(display)).toEqual(['0,0', '127,0']);
  send(display, 0xc0);
  expect(shining(display)).toEqual(['0,63', '127,63']);
});

test('start line (10.1.6), offset (10.1.15), fewer lines (10.1.11), wiring of the lines (10.1.18)', () => {
  const display = lit();
  data(display, 1);
  send(display, 0x40 | 60);
  expect(shining(display)).toEqual(['0,4']);
  send(display, 0x40, 0xd3, 60);
  expect(shining(display)).toEqual(['0,4']);
  send(display, 0xd3, 0, 0xa8, 31);
  expect(shining(display)).toEqual(['0,32']);
  send(display, 0xa8, 63, 0xda, 0x02);
  expect(shining(display)).toEqual(['0,0']);
  send(display, 0xb1, 0x00, 0x10);
  data(display, 1);
  expect(shining(display)).toEqual(['0,0', '0,16']);
  send(display, 0xda, 0x12);
  expect(shining(display)).toEqual(['0,0', '0,8']);
});

test('all on, inverted, contrast (10.1.7, 10.1.9, 10.1.10); commands with operands do not run into the next', () => {
  const display = lit();
  data(display, 1);
  send(display, 0xa7);
  expect(shining(display)).toHaveLength(128 * 64 - 1);
  send(display, 0xa5);
  expect(shining(display)).toHaveLength(128 * 64);
  send(display, 0xa4, 0xa6, 0x81, 0xaf, 0xd5, 0xae, 0x26, 0, 0, 0, 0, 0, 0xae, 0x2e, 0xe3);
  expect([display.lit, display.contrast]).toEqual([true, 0xaf]);
  expect(blocks(display)[0]).toBe('▀');
});

test('faults: silent, without power for a moment, a dead column, a bit that turns over', () => {
  const display = lit();
  data(display, 1, 1);
  display.deadColumns.add(1);
  expect(shining(display)).toEqual(['0,0']);
  display.flip(127 - 8, 9);
  expect(shining(display)).toEqual(['0,0', '8,9']);
  display.silent = true;
  expect([send(display, 0xae), display.read(1)]).toEqual([false, undefined]);
  expect(display.lit).toBe(true);
  display.silent = false;
  display.power(false);
  expect(shining(display)).toEqual([]);
  display.power(true);
  expect([display.lit, display.read(1)![0]]).toEqual([false, 0x40]);
});
