/**
 * OLED module 128 × 64 with an SSD1306 (Solomon Systech, rev 1.1, April 2008), at the level of its I2C bytes: control bytes
 * (8.1.5.2), commands and their operands (table 9-1, charge pump: application note), the three addressing modes (10.1.3),
 * windows, memory and how it comes to the glass. Address 0x3C (SA0 low). The module is wired as those in trade are: alternative
 * COM pins, and mounted so that A1 and C8 turn the picture upright; without an external supply, so that nothing shines
 * before the charge pump runs.
 *
 * Fault model
 * - Silent: does not acknowledge (cable off, chip dead). The picture stays or goes; nobody may wait for it.
 * - Loses power and content for a moment, or from the start: registers at their reset values, display off, memory random
 *   (a reset does not clear it, 8.5). A firmware that set it up once would leave it dark.
 * - Half dead: columns whose segment driver is broken stay dark. Cannot be noticed by the firmware.
 * - A glitch in memory: flip().
 * - Not modelled: scrolling moves nothing (2F only sets a flag; the memory must not be written then); brightness of a
 *   column that depends on the others; timing of the pump; bits of the status byte besides D6.
 */
import type { Random } from '../world/world';

export const WIDTH = 128;
export const HEIGHT = 64;
const PAGES = 8;
const LAST = WIDTH - 1;
/** Status byte, D6: the display is off (8.1.5, 8.1.2). */
const STATUS_OFF = 0x40;
const CONTINUES = 0x80;
const IS_DATA = 0x40;

/** Operands of the commands that have some, table 9-1 and the scrolling commands of 9-1. */
const OPERANDS: Record<number, number> = {
  0x20: 1, 0x21: 2, 0x22: 2, 0x26: 6, 0x27: 6, 0x29: 5, 0x2a: 5, 0x81: 1, 0x8d: 1, 0xa3: 2, 0xa8: 1, 0xd3: 1, 0xd5: 1, 0xd9: 1, 0xda: 1, 0xdb: 1,
};

const enum Mode {
  HORIZONTAL = 0,
  VERTICAL = 1,
  PAGE = 2,
}

export class Display {
  readonly address = 0x3c;
  /** Does not acknowledge any more. */
  silent = false;
  /** Columns, from the left of the upright glass, that stay dark. */
  readonly deadColumns = new Set<number>();
  /** Transactions taken, and bytes of the longest. */
  transactions = 0;
  longest = 0;
  /** Something that can be seen may have changed. */
  changes = 0;

  private readonly random: Random;
  private readonly memory = new Uint8Array(WIDTH * PAGES);
  private powered = false;
  /** A command whose operands are still to come, also in later transactions. */
  private pending: number[] = [];
  private on = false;
  /** It lights up, or goes dark. */
  onLit: (() => void) | undefined;
  private pump = false;
  private mode = Mode.PAGE;
  private column = 0;
  private page = 0;
  private columns: [number, number] = [0, LAST];
  private pages: [number, number] = [0, PAGES - 1];
  private start = 0;
  private offset = 0;
  private lines = HEIGHT;
  private turnedSegments = false;
  private turnedLines = false;
  private alternative = true;
  private swapped = false;
  private all = false;
  private inverted = false;
  private level = 0x7f;

  constructor(random: Random) {
    this.random = random;
  }

  power(on: boolean): void {
    if (on === this.powered) return;
    this.powered = on;
    this.changes++;
    this.reset();
    // A cell of static memory comes up either way.
    if (on) this.memory.set(this.random.bytes(this.memory.length));
  }

  /** Values of 8.5 and of the RESET column of table 9-1. */
  private reset(): void {
    this.pending = [];
    this.on = false;
    this.pump = false;
    this.mode = Mode.PAGE;
    this.column = 0;
    this.page = 0;
    this.columns = [0, LAST];
    this.pages = [0, PAGES - 1];
    this.start = 0;
    this.offset = 0;
    this.lines = HEIGHT;
    this.turnedSegments = false;
    this.turnedLines = false;
    this.alternative = true;
    this.swapped = false;
    this.all = false;
    this.inverted = false;
    this.level = 0x7f;
  }

  /** One I2C write transaction; false: not acknowledged. */
  write(bytes: Uint8Array): boolean {
    if (this.silent || !this.powered) return false;
    this.transactions++;
    this.longest = Math.max(this.longest, bytes.length);
    let at = 0;
    while (at < bytes.length) {
      const control = bytes[at++]!;
      // Co = 1: one byte follows, then a control byte again. Co = 0: all that follows is of one kind.
      const end = (control & CONTINUES) !== 0 ? Math.min(at + 1, bytes.length) : bytes.length;
      for (; at < end; at++) {
        if ((control & IS_DATA) !== 0) this.data(bytes[at]!);
        else this.command(bytes[at]!);
      }
    }
    return true;
  }

  /** One I2C read transaction: the status byte, again and again. */
  read(length: number): Uint8Array | undefined {
    if (this.silent || !this.powered) return undefined;
    return new Uint8Array(length).fill(this.on ? 0 : STATUS_OFF);
  }

  /** A bit of memory turns over by itself: column of the memory, line of the memory. */
  flip(column: number, line: number): void {
    this.memory[(line >> 3) * WIDTH + column]! ^= 1 << (line & 7);
    this.changes++;
  }

  /** Whether anything shines at all. */
  get lit(): boolean {
    return this.powered && this.on && this.pump;
  }

  /** 0..255. */
  get contrast(): number {
    return this.level;
  }

  /** Whether a pixel of the upright glass shines. */
  pixel(x: number, y: number): boolean {
    if (!this.lit || this.deadColumns.has(x)) return false;
    // The module is mounted with segment 0 at the right and COM0 at the bottom.
    const com = HEIGHT - 1 - this.pin(y);
    const row = this.turnedLines ? this.lines - 1 - com : com;
    if (row < 0 || row >= this.lines) return false;
    if (this.all) return true;
    const line = (row + this.offset + this.start) % HEIGHT;
    const bit = (this.memory[(line >> 3) * WIDTH + LAST - x]! >> (line & 7)) & 1;
    return (bit === 1) !== this.inverted;
  }

  /** All pixels of the upright glass, row by row: 1 shines. */
  pixels(): Uint8Array {
    const out = new Uint8Array(WIDTH * HEIGHT);
    if (!this.lit) return out;
    for (let y = 0; y < HEIGHT; y++) for (let x = 0; x < WIDTH; x++) if (this.pixel(x, y)) out[y * WIDTH + x] = 1;
    return out;
  }

  /**
   * Which line of the picture an upright line of this glass shows (10.1.18). Its lines are wired alternatingly to both sides of the
   * chip: driven sequentially, every other line comes from the other half.
   */
  private pin(y: number): number {
    const half = HEIGHT / 2;
    const line = this.alternative ? y : (y & 1) === 0 ? y >> 1 : half + (y >> 1);
    return this.swapped ? (line + half) % HEIGHT : line;
  }

  private data(byte: number): void {
    this.changes++;
    // Remapped segments are a matter of writing (10.1.8): what is stored already stays.
    const column = this.turnedSegments ? LAST - this.column : this.column;
    this.memory[this.page * WIDTH + column] = byte;
    if (this.mode === Mode.PAGE) {
      this.column = this.column === LAST ? 0 : this.column + 1;
    } else if (this.mode === Mode.HORIZONTAL) {
      if (this.nextColumn()) this.nextPage();
    } else if (this.nextPage()) this.nextColumn();
  }

  /** True: back at the start of the window. */
  private nextColumn(): boolean {
    const over = this.column === this.columns[1];
    this.column = over ? this.columns[0] : (this.column + 1) & LAST;
    return over;
  }

  private nextPage(): boolean {
    const over = this.page === this.pages[1];
    this.page = over ? this.pages[0] : (this.page + 1) & (PAGES - 1);
    return over;
  }

  private command(byte: number): void {
    this.pending.push(byte);
    const [code, ...given] = this.pending as [number, ...number[]];
    if (given.length < (OPERANDS[code] ?? 0)) return;
    this.pending = [];
    this.changes++;
    if (given.length > 0) this.set(code, given);
    else this.switch(code);
  }

  private set(code: number, [a, b]: number[]): void {
    switch (code) {
      case 0x20:
        // 11b is invalid.
        if ((a! & 3) < 3) this.mode = a! & 3;
        return;
      case 0x21:
        if (this.mode === Mode.PAGE) return;
        this.columns = [a! & LAST, b! & LAST];
        this.column = this.columns[0];
        return;
      case 0x22:
        if (this.mode === Mode.PAGE) return;
        this.pages = [a! & 7, b! & 7];
        this.page = this.pages[0];
        return;
      case 0x81:
        this.level = a!;
        return;
      case 0x8d:
        this.pump = (a! & 4) !== 0;
        return;
      case 0xa8:
        // 0..14 are invalid.
        if ((a! & 63) > 14) this.lines = (a! & 63) + 1;
        return;
      case 0xd3:
        this.offset = a! & 63;
        return;
      case 0xda:
        this.alternative = (a! & 0x10) !== 0;
        this.swapped = (a! & 0x20) !== 0;
        return;
      default:
    }
  }

  private switch(code: number): void {
    if (code <= 0x0f) this.pageColumn((this.column & 0xf0) | code);
    else if (code <= 0x1f) this.pageColumn((this.column & 0x0f) | ((code & 7) << 4));
    else if (code >= 0x40 && code <= 0x7f) this.start = code & 63;
    else if (code === 0xa0 || code === 0xa1) this.turnedSegments = code === 0xa1;
    else if (code === 0xa4 || code === 0xa5) this.all = code === 0xa5;
    else if (code === 0xa6 || code === 0xa7) this.inverted = code === 0xa7;
    else if (code === 0xae || code === 0xaf) {
      this.on = code === 0xaf;
      this.onLit?.();
    }
    else if (code >= 0xb0 && code <= 0xb7) {
      if (this.mode === Mode.PAGE) this.page = code & 7;
    } else if (code >= 0xc0 && code <= 0xcf) this.turnedLines = (code & 8) !== 0;
  }

  /** Sets a part of the column for page addressing; of no effect in the other modes. */
  private pageColumn(column: number): void {
    if (this.mode === Mode.PAGE) this.column = column;
  }
}
