/**
 * NOR flash with one power supply for several regions.
 *
 * Fault model: writing only clears bits; a cut comes before, in the middle of or after an operation. In the middle of a
 * write: the words before the torn one are new, the torn one is old AND something between, those behind are old. In the
 * middle of an erase: the page is blank up to a point, behind it each bit is old or one. After a cut every operation
 * throws until the power is back. Bits can be made to stick.
 */
import type { Flash } from '../../firmware/board/board';

export type How = 'before' | 'torn' | 'after';

/** Thrown at the moment of a cut and by everything that is tried afterwards. */
export class PowerCut extends Error {
  constructor() {
    super('power cut');
  }
}

export class Power {
  ops = 0;
  dead = false;
  private cut: { at: number; how: How; words: number } | undefined;
  private seed = 1;

  /** Cuts at the n-th operation from now, 1 the next. words: how many words of a torn write are whole. */
  cutAt(n: number, how: How, words: number): void {
    this.cut = { at: this.ops + n, how, words };
  }

  on(): void {
    this.dead = false;
    this.cut = undefined;
  }

  off(): never {
    this.dead = true;
    throw new PowerCut();
  }

  noise(): number {
    this.seed = (Math.imul(this.seed, 1103515245) + 12345) >>> 0;
    return (this.seed >>> 16) & 255;
  }

  /** Counts an operation; what is to become of it. */
  begin(): { how: How; words: number } | undefined {
    if (this.dead) throw new PowerCut();
    this.ops++;
    if (this.cut === undefined || this.cut.at !== this.ops) return undefined;
    if (this.cut.how === 'before') this.off();
    return this.cut;
  }
}

export class FakeNor implements Flash {
  bytes: Buffer;
  /** Offsets whose byte keeps this value whatever is written. */
  readonly stuck = new Map<number, number>();
  erases = 0;

  constructor(
    readonly page: number,
    readonly pages: number,
    readonly power: Power = new Power(),
  ) {
    this.bytes = Buffer.alloc(page * pages, 255);
  }

  read(at: number, length: number): string {
    if (this.power.dead) throw new PowerCut();
    if (at % 4 !== 0 || length % 4 !== 0 || at < 0 || length < 0 || at + length > this.bytes.length) {
      throw new Error(`read ${at} ${length}`);
    }
    return this.bytes.toString('latin1', at, at + length);
  }

  write(at: number, bytes: string): void {
    if (at % 4 !== 0 || bytes.length % 4 !== 0 || bytes.length === 0 || at < 0 || at + bytes.length > this.bytes.length) {
      throw new Error(`write ${at} ${bytes.length}`);
    }
    const cut = this.power.begin();
    const words = bytes.length / 4;
    const whole = cut?.how === 'torn' ? Math.min(cut.words, words - 1) : words;
    this.program(at, Buffer.from(bytes, 'latin1').subarray(0, whole * 4));
    if (cut?.how === 'torn') {
      const torn = Buffer.from(bytes.substr(whole * 4, 4), 'latin1').map((b) => b | this.power.noise());
      this.program(at + whole * 4, torn);
    }
    if (cut !== undefined) this.power.off();
  }

  erase(page: number): void {
    if (!(page >= 0 && page < this.pages)) throw new Error(`erase ${page}`);
    const cut = this.power.begin();
    this.erases++;
    const from = page * this.page;
    const blank = cut?.how === 'torn' ? (cut.words * 4) % this.page : this.page;
    for (let i = 0; i < this.page; i++) {
      this.bytes[from + i] = i < blank ? 255 : this.bytes[from + i]! | this.power.noise();
      const s = this.stuck.get(from + i);
      if (s !== undefined) this.bytes[from + i] = s;
    }
    if (cut !== undefined) this.power.off();
  }

  private program(at: number, bytes: Uint8Array): void {
    for (let i = 0; i < bytes.length; i++) {
      this.bytes[at + i]! &= bytes[i]!;
      const s = this.stuck.get(at + i);
      if (s !== undefined) this.bytes[at + i] = s;
    }
  }
}

/** Runs something with a cut planned at its n-th operation (it need not come to it); power is back afterwards. Other errors pass. */
export function untilCut(power: Power, at: number, how: How, words: number, run: () => void): void {
  power.cutAt(at, how, words);
  try {
    run();
  } catch (e) {
    if (!(e instanceof PowerCut)) throw e;
  }
  power.on();
}
