/**
 * Reads the display's glass as a person does: what stands there, by the shapes of the characters. And shows it: as blocks for a
 * terminal, as a picture.
 */
import { HEIGHT, WIDTH, type Display } from './display';

const CELL = 8;
const ROW = 16;
const ROWS = HEIGHT / ROW;
/** Where the parts of the firmware's font lie (firmware/text/font.ts). */
const NARROW_AT = 8;
const NARROW = 16;
const FIRST = 0x20;
const LAST = 0x7e;
const WIDE_AT = NARROW_AT + (LAST - FIRST + 1) * NARROW;
const WIDE = 32;
const TEXT = 64;
/** Stands for a shape that is no character. */
export const STRANGE = '▒';
/** Battery symbols of the font's private characters, from empty to full. */
const BATTERY = ['▯ ', '▂ ', '▄ ', '▆ ', '█ '];

/** Characters by their shapes. */
export class Shapes {
  private readonly narrow = new Map<string, string>();
  private readonly wide = new Map<string, string>();

  /** @param font the firmware's glyphs and texts (font.bin) */
  constructor(font: Buffer) {
    const count = font.length >= WIDE_AT ? font.readUInt16LE(4) : 0;
    const names = WIDE_AT + count * WIDE + (count > 0 ? font.readUInt16LE(6) : 0) * TEXT;
    for (let code = FIRST; count > 0 && code <= LAST; code++) this.narrow.set(shape(font, NARROW_AT + (code - FIRST) * NARROW, NARROW), String.fromCharCode(code));
    for (let i = 0; i < count; i++) this.wide.set(shape(font, WIDE_AT + i * WIDE, WIDE), String.fromCodePoint(font.readUIntLE(names + 3 * i, 3)));
  }

  /** The rows that stand there, each without blanks at its end; a shape that is no character is STRANGE. */
  rows(display: Display): string[] {
    const columns = columnsOf(display);
    return Array.from({ length: ROWS }, (_, row) => {
      let text = '';
      for (let x = 0; x < WIDTH; ) {
        const wide = x + 2 * CELL <= WIDTH ? this.wide.get(columns[row]!.subarray(2 * x, 2 * x + WIDE).toString('latin1')) : undefined;
        text += wide ?? this.narrow.get(columns[row]!.subarray(2 * x, 2 * x + NARROW).toString('latin1')) ?? STRANGE;
        x += wide === undefined ? CELL : 2 * CELL;
      }
      return text.trimEnd();
    });
  }
}

/** The rows as a terminal can show them, cell by cell: symbols that only this font has, or has wider, are made of others. */
export function readable(rows: readonly string[]): string[] {
  return rows.map((row) => row.replace(/[\ue000-\ue004]/g, (one) => BATTERY[one.charCodeAt(0) - 0xe000]!).replace(/[⚠✘]/g, '$& ').trimEnd());
}

const shape = (font: Buffer, at: number, length: number): string => font.toString('latin1', at, at + length);

/** Each row of text column by column, as glyphs lie in the font: upper byte, lower byte, bit 0 on top. */
function columnsOf(display: Display): Buffer[] {
  const pixels = display.pixels();
  return Array.from({ length: ROWS }, (_, row) => {
    const out = Buffer.alloc(WIDTH * 2);
    for (let y = 0; y < ROW; y++) for (let x = 0; x < WIDTH; x++) if (pixels[(row * ROW + y) * WIDTH + x] === 1) out[2 * x + (y >> 3)]! |= 1 << (y & 7);
    return out;
  });
}

/** Two pixels a character, one above the other: 128 columns, 32 lines. */
export function blocks(display: Display): string[] {
  const pixels = display.pixels();
  const at = (x: number, y: number): number => pixels[y * WIDTH + x]!;
  return Array.from({ length: HEIGHT / 2 }, (_, i) => Array.from({ length: WIDTH }, (_unused, x) => ' ▀▄█'[at(x, 2 * i) + 2 * at(x, 2 * i + 1)]!).join('').trimEnd());
}

/** Pixels of the picture for one of the glass, and around it. */
const SCALE = 5;
const BORDER = 24;
const GLASS: Rgb = [6, 9, 14];
const FRAME: Rgb = [24, 26, 30];
const LIGHT: Rgb = [214, 238, 255];
type Rgb = [number, number, number];

/** The glass in its frame, as a PNG. */
export async function picture(display: Display): Promise<Buffer> {
  const { default: sharp } = await import('sharp');
  const width = WIDTH * SCALE + 2 * BORDER;
  const height = HEIGHT * SCALE + 2 * BORDER;
  const rgb = Buffer.alloc(width * height * 3);
  const pixels = display.pixels();
  const share = 0.55 + (0.45 * display.contrast) / 255;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const gx = x - BORDER;
      const gy = y - BORDER;
      const onGlass = gx >= -SCALE && gy >= -SCALE && gx < (WIDTH + 1) * SCALE && gy < (HEIGHT + 1) * SCALE;
      const inside = gx >= 0 && gy >= 0 && gx < WIDTH * SCALE && gy < HEIGHT * SCALE;
      // A dark gap between the pixels, as the real glass has it.
      const light = inside && gx % SCALE !== SCALE - 1 && gy % SCALE !== SCALE - 1 && pixels[Math.floor(gy / SCALE) * WIDTH + Math.floor(gx / SCALE)] === 1;
      (light ? LIGHT.map((value) => Math.round(value * share)) : onGlass ? GLASS : FRAME).forEach((value, i) => (rgb[(y * width + x) * 3 + i] = value));
    }
  }
  return sharp(rgb, { raw: { width, height, channels: 3 } }).png().toBuffer();
}
