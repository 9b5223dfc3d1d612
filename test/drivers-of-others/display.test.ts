/**
 * The simulated display takes what other people's drivers send:
 * - the npm package oled-i2c-bus, as it is installed
 * - the SSD1306 module of Espruino, espruino/EspruinoDocs, devices/SSD1306.js (connect, flip, setContrast): what is written here
 *   is what those functions put on the bus.
 */
import { Display, seededRandom } from '../../sim';

interface Oled {
  update(): void;
  clearDisplay(): void;
  drawPixel(pixels: [number, number, number][]): void;
  drawLine(x0: number, y0: number, x1: number, y1: number, color: number): void;
  fillRect(x: number, y: number, w: number, h: number, color: number): void;
  invertDisplay(on: boolean): void;
  dimDisplay(on: boolean): void;
  turnOffDisplay(): void;
  turnOnDisplay(): void;
  setCursor(x: number, y: number): void;
  writeString(font: object, size: number, text: string, color: number, wrap: boolean): void;
}

/** The interface of i2c-bus, with one part on the bus. */
class Bus {
  readonly display = new Display(seededRandom(9));

  constructor() {
    this.display.power(true);
  }

  i2cWriteSync(address: number, length: number, bytes: Buffer): number {
    if (address !== 0x3c || !this.display.write(bytes.subarray(0, length))) throw new Error('EREMOTEIO');
    return length;
  }

  i2cReadSync(address: number, length: number, bytes: Buffer): number {
    const read = address === 0x3c ? this.display.read(length) : undefined;
    if (read === undefined) throw new Error('EREMOTEIO');
    bytes.set(read);
    return length;
  }
}

function shining(display: Display): string[] {
  const out: string[] = [];
  display.pixels().forEach((on, i) => on === 1 && out.push(`${i % 128},${i >> 7}`));
  return out.sort();
}

describe('oled-i2c-bus', () => {
  const Driver = require('oled-i2c-bus') as new (bus: Bus, options: { width: number; height: number; address: number }) => Oled;
  /** It asks for the status, and goes on when that says it may. */
  const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20));

  async function start(): Promise<{ oled: Oled; display: Display }> {
    const bus = new Bus();
    const oled = new Driver(bus, { width: 128, height: 64, address: 0x3c });
    expect(bus.display.lit).toBe(true);
    oled.clearDisplay();
    await settled();
    expect(shining(bus.display)).toEqual([]);
    return { oled, display: bus.display };
  }

  test('a few pixels, each by a window of its own', async () => {
    const { oled, display } = await start();
    oled.drawPixel([[0, 0, 1], [127, 63, 1], [5, 17, 1]]);
    await settled();
    expect(shining(display)).toEqual(['0,0', '127,63', '5,17']);
  });

  test('lines and surfaces, by whole pictures', async () => {
    const { oled, display } = await start();
    oled.fillRect(10, 20, 60, 30, 1);
    await settled();
    expect(shining(display)).toHaveLength(1800);
    expect(display.pixel(10, 20) && display.pixel(69, 49) && !display.pixel(70, 49) && !display.pixel(10, 50)).toBe(true);
    oled.drawLine(0, 63, 63, 0, 1);
    await settled();
    expect(display.pixel(0, 63) && display.pixel(63, 0)).toBe(true);
  });

  test('text of its own font', async () => {
    const { oled, display } = await start();
    oled.setCursor(3, 8);
    oled.writeString({ width: 3, height: 5, lookup: ['T'], fontData: [0x01, 0x1f, 0x01] }, 1, 'T', 1, false);
    await settled();
    expect(shining(display)).toEqual(['3,8', '4,10', '4,11', '4,12', '4,8', '4,9', '5,8'].sort());
  });

  test('inverted, dimmed, off and on', async () => {
    const { oled, display } = await start();
    oled.invertDisplay(true);
    expect(shining(display)).toHaveLength(128 * 64);
    oled.dimDisplay(true);
    expect(display.contrast).toBe(0);
    oled.turnOffDisplay();
    expect([display.lit, display.read(1)![0]! & 0x40]).toEqual([false, 0x40]);
    oled.turnOnDisplay();
    expect([display.lit, display.read(1)![0]! & 0x40]).toEqual([true, 0]);
  });
});

describe('the SSD1306 module of Espruino', () => {
  const SETTINGS = [0xae, 0xd5, 0x80, 0xa8, 63, 0xd3, 0x00, 0x40, 0x8d, 0x14, 0x20, 0x00, 0xa1, 0xc8, 0xda, 0x12, 0x81, 0xcf, 0xd9, 0xf1, 0xdb, 0x40, 0xa4, 0xa6, 0xaf];

  test('connect: each byte of its settings in a transaction of its own; flip: the window, then page by page; setContrast', () => {
    const display = new Display(seededRandom(9));
    display.power(true);
    for (const byte of SETTINGS) expect(display.write(Uint8Array.of(0, byte))).toBe(true);
    expect([display.lit, display.contrast]).toEqual([true, 0xcf]);
    const picture = Buffer.alloc(1024);
    picture[0] = 0x01;
    picture[127] = 0x80;
    picture[7 * 128 + 64] = 0x81;
    // More than once: the window comes round by itself.
    for (let turn = 0; turn < 3; turn++) {
      for (const byte of [0x21, 0, 127, 0x22, 0, 7]) display.write(Uint8Array.of(0, byte));
      for (let at = 0; at < 1024; at += 128) display.write(Buffer.concat([Buffer.of(0x40), picture.subarray(at, at + 128)]));
      expect(shining(display)).toEqual(['0,0', '127,7', '64,56', '64,63'].sort());
    }
    display.write(Uint8Array.of(0, 0x81, 10));
    expect(display.contrast).toBe(10);
  });
});
