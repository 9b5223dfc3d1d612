/**
 * Evidence records on NOR flash: a ring of pages, filled by appending, a page erased only when all in it is with the
 * register. Layouts: README.md beside this file. The content of a record is not this file's affair.
 *
 * A record is written in two operations: length, bytes and CRC-32, which are read back; then the commit word. What has
 * no commit word was never there. After a torn spot the next record starts on a 64-byte boundary, where a reader looks.
 */
import { getU16le, getU32le, u16le, u32le } from '../../protocol/bytes';
import type { Bytes, Natives } from '../../protocol/natives';
import type { Flash } from '../board/board';
import { BLANK, hold, padded, sound, summed } from './flash';

const MAGIC = 'SJ01';
const COMMIT = 'DONE';
const HEADER = 16;
const STEP = 64;
/** Largest record, bytes. */
export const RECORD_MAX = 512;

export const enum Appended {
  DONE = 0,
  /** No room, or only what is reserved for more important records. */
  FULL = 1,
  /** Flash did not hold what was written, at two places. */
  FAULT = 2,
}

/** Bytes a record of this length takes on flash. */
function size(length: number): number {
  return ((length + 3) & ~3) + 12;
}

export class Journal {
  /** Oldest record on flash, number of the next one, and below which the register has all. */
  first: number;
  next: number;
  acked: number;
  private n: Natives;
  private f: Flash;
  /** Page being filled, where in it, and the oldest page that must be kept. */
  private head: number;
  private end: number;
  private tail: number;
  /** Where record `seekSeq` would stand; page -1: nowhere known. */
  private seekPage: number;
  private seekAt: number;
  private seekSeq: number;

  constructor(n: Natives, f: Flash) {
    this.n = n;
    this.f = f;
    this.first = 0;
    this.next = 0;
    this.acked = 0;
    this.head = f.pages - 1;
    this.end = f.page;
    this.tail = this.head;
    this.seekPage = -1;
    this.seekAt = 0;
    this.seekSeq = 0;
  }

  /** Finds the end; the last record's bytes, empty if there is none. */
  open(): Bytes {
    const pages = this.f.pages;
    let best = -1;
    for (let i = 0; i < pages; i++) {
      const seq = this.starts(i);
      if (seq > best) {
        best = seq;
        this.head = i;
      }
    }
    this.tail = this.head;
    if (best < 0) return '';
    this.tail = this.after(this.head);
    this.first = this.starts(this.tail);
    let last = this.scan(this.head);
    this.next = best + this.seekSeq;
    this.end = this.seekAt;
    if (last === 0 && this.next > this.first) {
      let page = this.head;
      do page = page === 0 ? pages - 1 : page - 1;
      while (this.starts(page) < 0);
      last = this.scan(page);
      return this.bytesAt(page, last);
    }
    return this.bytesAt(this.head, last);
  }

  /** Appends, unless less than `reserve` bytes would be left. */
  append(record: Bytes, reserve: number): Appended {
    const length = record.length;
    const need = size(length);
    const fits = this.end + need <= this.f.page;
    const whole = this.freePages() * (this.f.page - HEADER);
    if ((fits ? this.free() : whole) - need < reserve || (!fits && whole === 0)) return Appended.FULL;
    for (let tries = 0; tries < 2; tries++) {
      if (this.end + need > this.f.page && !this.turn()) return Appended.FAULT;
      const body = padded(u16le(length) + u16le(length ^ 65535) + record);
      const at = this.head * this.f.page + this.end;
      if (hold(this.f, at, summed(this.n, body)) && hold(this.f, at + need - 4, COMMIT)) {
        this.end += need;
        this.next++;
        return Appended.DONE;
      }
      this.end = (this.end + need + STEP - 1) & -STEP;
    }
    return Appended.FAULT;
  }

  /** A record's bytes; empty: not (or no longer) here. */
  read(seq: number): Bytes {
    if (seq < this.first || seq >= this.next) return '';
    if (this.seekPage < 0 || this.seekSeq > seq) this.goTo(this.after(this.head));
    for (;;) {
      if (this.seekPage !== this.head) {
        const page = this.after(this.seekPage);
        if (this.starts(page) <= seq) {
          this.goTo(page);
          continue;
        }
      }
      const at = this.seekAt;
      if (at >= (this.seekPage === this.head ? this.end : this.f.page)) return '';
      const length = this.look(this.seekPage, at);
      if (length > 0) {
        if (this.seekSeq === seq) {
          this.seekSeq++;
          this.seekAt = at + size(length);
          return this.bytesAt(this.seekPage, at);
        }
        this.seekSeq++;
        this.seekAt = at + size(length);
      } else this.seekAt = (at + STEP) & -STEP;
    }
  }

  /** All below `seq` may be forgotten. */
  ack(seq: number): void {
    this.acked = seq;
    while (this.tail !== this.head) {
      const page = this.after(this.tail);
      const first = this.starts(page);
      if (first < 0 || first > seq) return;
      this.tail = page;
    }
  }

  /** Bytes that may still be appended, what is reserved included. */
  free(): number {
    return this.freePages() * (this.f.page - HEADER) + this.f.page - this.end;
  }

  private freePages(): number {
    return (this.tail - this.head - 1 + this.f.pages) % this.f.pages;
  }

  /** First sequence number of a page, -1 if it holds nothing. */
  private starts(page: number): number {
    const h = this.f.read(page * this.f.page, 12);
    return h.substr(0, 4) === MAGIC && sound(this.n, h) ? getU32le(h, 4) : -1;
  }

  /** The next page round the ring that holds something; the head at the latest. */
  private after(page: number): number {
    do page = (page + 1) % this.f.pages;
    while (page !== this.head && this.starts(page) < 0);
    return page;
  }

  private goTo(page: number): void {
    this.seekPage = page;
    this.seekAt = HEADER;
    this.seekSeq = this.starts(page);
  }

  /** Length of the committed record at an offset of a page; 0: blank there. Below 0, torn: minus what it would have taken, or -1. */
  private look(page: number, at: number): number {
    const base = page * this.f.page + at;
    const w = this.f.read(base, 4);
    if (w === BLANK.substr(0, 4)) return 0;
    const length = getU16le(w, 0);
    if (length + getU16le(w, 2) !== 65535 || length === 0 || length > RECORD_MAX || at + size(length) > this.f.page) return -1;
    return this.f.read(base + size(length) - 4, 4) === COMMIT ? length : -size(length);
  }

  private bytesAt(page: number, at: number): Bytes {
    if (at === 0) return '';
    const length = this.look(page, at);
    const b = this.f.read(page * this.f.page + at, size(length) - 4);
    return sound(this.n, b) ? b.substr(4, length) : '';
  }

  /** Walks a whole page: offset of its last record (0: none); leaves their number in seekSeq and the end of what is not blank in seekAt. */
  private scan(page: number): number {
    let at = HEADER;
    let count = 0;
    let last = 0;
    let end = HEADER;
    while (at < this.f.page) {
      const length = this.look(page, at);
      if (length > 0) {
        count++;
        last = at;
        at += size(length);
        if (at > end) end = at;
      } else {
        const next = (at + STEP) & -STEP;
        // Where a torn record's commit word would stand, no other record's may: it would pass for a whole one.
        if (length < -1 && at - length > end) end = (at - length + STEP - 1) & -STEP;
        if (this.f.read(page * this.f.page + at, next - at) !== BLANK.substr(0, next - at) && next > end) end = next;
        at = next;
      }
    }
    this.seekPage = -1;
    this.seekSeq = count;
    this.seekAt = end;
    return last;
  }

  /** Makes the next page the head. A page that does not take its header is passed over. */
  private turn(): boolean {
    while (this.freePages() > 0) {
      const page = (this.head + 1) % this.f.pages;
      if (this.starts(page) >= 0) {
        // The page holds the oldest records; what comes after it will be the oldest then.
        const kept = this.starts(this.after(page));
        this.first = kept < 0 ? this.next : kept;
      }
      if (this.seekPage === page) this.seekPage = -1;
      this.f.erase(page);
      const good = hold(this.f, page * this.f.page, summed(this.n, MAGIC + u32le(this.next)));
      const whole = this.tail === this.head;
      this.head = page;
      if (whole && this.starts(this.tail) < 0) this.tail = page;
      this.end = good ? HEADER : this.f.page;
      if (good) {
        this.ack(this.acked);
        return true;
      }
    }
    return false;
  }
}
