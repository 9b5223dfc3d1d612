/**
 * NOR flash: all flash of one unit behind one address map (internal flash of the processor, external SPI flash), with one
 * counter over all programming and erasing.
 *
 * Fault model
 * - Programming only clears bits; what is not erased comes out as the AND of old and new. (nRF52840 PS v1.1 §4.3.3; P25Q16H
 *   data sheet, "Page Program".)
 * - Power may go before, within or after any operation. Within programming: the words before some word hold the new
 *   content, that word holds a random part of the new zeros, the words behind it are untouched. Within erasing: each bit of
 *   the page is random between old and erased, with a random boundary before which the page is already blank.
 * - A stuck bit keeps its value whatever is programmed or erased. A worn page does not come back fully erased: single bits
 *   stay zero, others each time. Neither is reported; it shows when read back.
 * - Must be survived by the firmware: every one of these cuts, stuck bits in data. May be lost: the record under way.
 * - Not modelled: read disturb, programming a word more often than the part allows, retention.
 */
import type { Random } from '../world/world';

export const PAGE = 4096;
const WORD = 4;

/** What is on the chips: pages by page number (address / 4096); a page that is missing is erased. */
export type NorImage = Map<number, Uint8Array>;

export type CutMoment = 'before' | 'torn' | 'after';

export interface FlashOp {
  /** 1 for the first operation since the chip was made. */
  number: number;
  kind: 'write' | 'erase';
  address: number;
  length: number;
}

/** A range of addresses that is flash. */
export interface Bank {
  base: number;
  size: number;
}

interface PlannedCut {
  number: number;
  moment: CutMoment;
  words: number | undefined;
}

export class NorFlash {
  /** Programming and erasing operations since the chip was made. */
  ops = 0;
  /** Called with each operation before it is carried out. */
  onOp: ((op: FlashOp) => void) | undefined;
  /** Called with each operation when it has been carried out, whole or torn, before a planned cut takes the power. */
  onDone: ((op: FlashOp) => void) | undefined;
  /** Called when a planned cut is reached; takes the power away (and throws, since the processor stops there). */
  onCut: (() => void) | undefined;
  /** Erase cycles a page survives; Infinity: never worn. */
  endurance = Infinity;
  /** Erase cycles by page number. */
  readonly erased = new Map<number, number>();

  private readonly pages: NorImage;
  private readonly banks: Bank[];
  private readonly random: Random;
  private readonly stuck = new Map<number, { mask: number; value: number }>();
  private cuts: PlannedCut[] = [];

  constructor(banks: Bank[], random: Random, image?: NorImage) {
    this.banks = banks;
    this.random = random;
    this.pages = image ?? new Map();
  }

  /** A copy of the content, to make another unit of or to compare. */
  image(): NorImage {
    return new Map([...this.pages].map(([page, bytes]) => [page, Uint8Array.from(bytes)]));
  }

  /** Replaces the content, as a programmer on the bench would. No operation is counted. */
  load(address: number, bytes: Uint8Array): void {
    for (let i = 0; i < bytes.length; i++) this.page(address + i)[(address + i) % PAGE] = bytes[i]!;
  }

  /** Cuts the power at the n-th operation counted from now (1: the next). torn: `words` whole words are still written. */
  cutAt(n: number, moment: CutMoment, words?: number): void {
    this.cuts.push({ number: this.ops + n, moment, words });
  }

  /** Forgets planned cuts. */
  noCuts(): void {
    this.cuts = [];
  }

  /** Bits of `mask` at this address keep `value` from now on. */
  stick(address: number, mask: number, value: number): void {
    this.stuck.set(address, { mask, value });
  }

  has(address: number, length: number): boolean {
    return this.banks.some((bank) => address >= bank.base && address + length <= bank.base + bank.size);
  }

  read(address: number, length: number): Uint8Array {
    const out = new Uint8Array(length);
    let done = 0;
    while (done < length) {
      const at = address + done;
      const offset = at % PAGE;
      const count = Math.min(length - done, PAGE - offset);
      const page = this.pages.get(Math.floor(at / PAGE));
      if (page === undefined) out.fill(0xff, done, done + count);
      else out.set(page.subarray(offset, offset + count), done);
      done += count;
    }
    return out;
  }

  isErased(address: number, length: number): boolean {
    let done = 0;
    while (done < length) {
      const offset = (address + done) % PAGE;
      const count = Math.min(length - done, PAGE - offset);
      const page = this.pages.get(Math.floor((address + done) / PAGE));
      if (page !== undefined) for (let i = offset; i < offset + count; i++) if (page[i] !== 0xff) return false;
      done += count;
    }
    return true;
  }

  /** One programming operation. Outside of any bank it does nothing. */
  write(address: number, bytes: Uint8Array): void {
    if (bytes.length === 0 || !this.has(address, bytes.length)) return;
    const op: FlashOp = { number: ++this.ops, kind: 'write', address, length: bytes.length };
    const cut = this.begin(op);
    if (cut?.moment === 'before') this.onCut?.();
    if (cut?.moment === 'torn') {
      const words = Math.ceil(bytes.length / WORD);
      const whole = Math.min(cut.words ?? this.random.below(words), words - 1) * WORD;
      this.program(address, bytes.subarray(0, whole));
      for (let i = whole; i < Math.min(whole + WORD, bytes.length); i++) {
        this.clear(address + i, bytes[i]! | (this.random.uint32() & 255));
      }
      this.onDone?.(op);
      this.onCut?.();
      return;
    }
    this.program(address, bytes);
    this.onDone?.(op);
    if (cut !== undefined) this.onCut?.();
  }

  /** Erases the page that holds the address. */
  erase(address: number): void {
    if (!this.has(address, 1)) return;
    const number = Math.floor(address / PAGE);
    const op: FlashOp = { number: ++this.ops, kind: 'erase', address: number * PAGE, length: PAGE };
    const cut = this.begin(op);
    if (cut?.moment === 'before') this.onCut?.();
    const cycles = (this.erased.get(number) ?? 0) + 1;
    this.erased.set(number, cycles);
    if (cut?.moment === 'torn') {
      const blank = Math.min(cut.words === undefined ? this.random.below(PAGE) : cut.words * WORD, PAGE);
      const page = this.page(address);
      for (let i = 0; i < PAGE; i++) page[i] = i < blank ? 0xff : page[i]! | (this.random.uint32() & 255);
      this.applyStuck(number);
      this.onDone?.(op);
      this.onCut?.();
      return;
    }
    this.pages.delete(number);
    if (cycles > this.endurance) {
      const page = this.page(address);
      for (let i = 0; i < 4; i++) page[this.random.below(PAGE)]! &= ~(1 << this.random.below(8));
    }
    this.applyStuck(number);
    this.onDone?.(op);
    if (cut !== undefined) this.onCut?.();
  }

  private begin(op: FlashOp): PlannedCut | undefined {
    this.onOp?.(op);
    if (this.cuts.length === 0) return undefined;
    const cut = this.cuts.find((planned) => planned.number === op.number);
    this.cuts = this.cuts.filter((planned) => planned.number > op.number);
    return cut;
  }

  private page(address: number): Uint8Array {
    const number = Math.floor(address / PAGE);
    let page = this.pages.get(number);
    if (page === undefined) {
      page = new Uint8Array(PAGE).fill(0xff);
      this.pages.set(number, page);
    }
    return page;
  }

  private program(address: number, bytes: Uint8Array): void {
    let done = 0;
    while (done < bytes.length) {
      const at = address + done;
      const page = this.page(at);
      const offset = at % PAGE;
      const count = Math.min(bytes.length - done, PAGE - offset);
      for (let i = 0; i < count; i++) page[offset + i]! &= bytes[done + i]!;
      if (this.stuck.size > 0) this.applyStuck(Math.floor(at / PAGE));
      done += count;
    }
  }

  private clear(address: number, value: number): void {
    this.program(address, Uint8Array.of(value));
  }

  private applyStuck(number: number): void {
    for (const [address, { mask, value }] of this.stuck) {
      if (Math.floor(address / PAGE) !== number) continue;
      const page = this.page(address);
      page[address % PAGE] = (page[address % PAGE]! & ~mask) | (value & mask);
    }
  }
}
