/**
 * Photos waiting for the register, on the `photos` flash: a ring of pages, each photo on pages of its own. Chunks are
 * written as they come from the camera; the header in front of them, with size and digest, comes last and makes them a
 * photo. Free pages are erased while nothing else is to do. Layout: README.md beside this file.
 */
import { getU32le, u32le } from '../../protocol/bytes';
import { photoEnd, photoStep, ZERO_HASH } from '../../protocol/evidence';
import type { Bytes, Natives } from '../../protocol/natives';
import type { Flash } from '../board/board';
import { hold, padded, sound, summed } from './flash';

const MAGIC = 'SP01';
const HEADER = 64;
/** Bytes of a header that its CRC-32 covers: magic, number, size, seq, digest. */
const SUMMED = 48;
/** Pages that tidy() erases in one go. */
const ERASES = 2;

export class Photos {
  /** Oldest photo kept: first page and number. Photos follow each other from there. */
  tail: number;
  number: number;
  private n: Natives;
  private f: Flash;
  /** First free page, number of the next photo, pages in use. */
  private head: number;
  private next: number;
  private used: number;
  /** The photo being written: bytes so far, hash so far, pages erased for it; -1: none. */
  private size: number;
  private digest: Bytes;
  private erased: number;
  /** Pages from the head on that were erased since the start, and are blank. */
  private clean: number;
  /** The photo found last: its first page; -1: none. */
  private foundPage: number;
  private foundSize: number;
  private foundDigest: Bytes;

  constructor(n: Natives, f: Flash) {
    this.n = n;
    this.f = f;
    this.tail = 0;
    this.number = 0;
    this.head = 0;
    this.next = 0;
    this.used = 0;
    this.size = -1;
    this.digest = '';
    this.erased = 0;
    this.clean = 0;
    this.foundPage = -1;
    this.foundSize = 0;
    this.foundDigest = '';
  }

  /** Finds what is there, from the oldest photo known on. @param virgin nothing was ever written here */
  open(tail: number, number: number, virgin: boolean): void {
    if (virgin) this.clean = this.f.pages;
    this.tail = tail % this.f.pages;
    this.number = number;
    this.head = this.tail;
    this.next = number;
    this.used = 0;
    while (this.used < this.f.pages) {
      const h = this.header(this.head, this.next);
      if (h === '') return;
      const pages = this.pagesOf(getU32le(h, 8));
      this.used += pages;
      this.head = (this.head + pages) % this.f.pages;
      this.next++;
    }
  }

  /** Whether so many photos of so many bytes at most can be taken. */
  room(count: number, largest: number): boolean {
    return this.f.pages - this.used >= count * this.pagesOf(largest);
  }

  /** Bytes free. */
  free(): number {
    return (this.f.pages - this.used) * this.f.page;
  }

  /** Starts a photo; one that was under way is forgotten. */
  begin(): void {
    this.size = 0;
    this.erased = this.clean;
    // Until this photo is whole: of one that is given up the pages are not blank.
    this.clean = 0;
    this.digest = ZERO_HASH;
    this.foundPage = -1;
  }

  /** Takes the next chunk: 1024 bytes, the last one fewer. False: no photo under way, no room, or flash does not hold it. */
  chunk(bytes: Bytes): boolean {
    if (this.size < 0 || this.size % 1024 !== 0 || bytes.length === 0 || bytes.length > 1024) return false;
    const at = HEADER + this.size;
    const all = padded(bytes);
    while (this.erased * this.f.page < at + all.length) {
      if (this.used + this.erased >= this.f.pages) return false;
      this.f.erase((this.head + this.erased) % this.f.pages);
      this.erased++;
    }
    const from = (this.head * this.f.page + at) % (this.f.pages * this.f.page);
    const first = this.f.pages * this.f.page - from;
    if (first < all.length) {
      if (!hold(this.f, from, all.substr(0, first)) || !hold(this.f, 0, all.substr(first))) return false;
    } else if (!hold(this.f, from, all)) return false;
    this.digest = photoStep(this.n, this.digest, bytes);
    this.size += bytes.length;
    return true;
  }

  /**
   * Ends the photo. @param seq number of the record that will name it; it is freed when the register has what that
   * record names. @param bytes its size as the camera tells it. Its digest; empty: there is none, sizes differ, or flash
   * does not hold it.
   */
  end(seq: number, bytes: number): Bytes {
    const size = this.size;
    this.size = -1;
    if (size < 1 || size !== bytes) return '';
    const digest = photoEnd(this.n, this.digest, size);
    const h = MAGIC + u32le(this.next) + u32le(size) + u32le(seq) + digest;
    if (!hold(this.f, this.head * this.f.page, summed(this.n, h))) return '';
    const pages = this.pagesOf(size);
    this.used += pages;
    this.head = (this.head + pages) % this.f.pages;
    this.next++;
    this.clean = this.erased - pages;
    return digest;
  }

  /**
   * Erases free pages ahead, a few at a time, so that the next photo does not wait for it (60 ms a page). Each once after a
   * start, blank or not: one whose erasing a cut ended may only seem blank.
   */
  tidy(): void {
    for (let i = 0; i < ERASES && this.size < 0 && this.used + this.clean < this.f.pages; i++) {
      this.f.erase((this.head + this.clean) % this.f.pages);
      this.clean++;
    }
  }

  /** Size of the photo with this digest; 0: not (or no longer) here. read() reads from it then. */
  find(digest: Bytes): number {
    if (this.foundPage >= 0 && this.foundDigest === digest) return this.foundSize;
    let page = this.tail;
    for (let number = this.number; number < this.next; number++) {
      const h = this.header(page, number);
      const size = getU32le(h, 8);
      if (h.substr(16, 32) === digest) {
        this.foundPage = page;
        this.foundSize = size;
        this.foundDigest = digest;
        return size;
      }
      page = (page + this.pagesOf(size)) % this.f.pages;
    }
    return 0;
  }

  /** Bytes of the photo found last; at and length within its size. */
  read(at: number, length: number): Bytes {
    const all = this.f.pages * this.f.page;
    // Reads begin and end on words.
    const skip = at & 3;
    const from = (this.foundPage * this.f.page + HEADER + at - skip) % all;
    const want = (length + skip + 3) & ~3;
    const first = all - from < want ? all - from : want;
    const b = this.f.read(from, first);
    if (first >= want) return want === length ? b : b.substr(skip, length);
    return (b + this.f.read(0, want - first)).substr(skip, length);
  }

  /** Frees the photos whose records stand below `through`. True if there were any. */
  ack(through: number): boolean {
    const before = this.number;
    while (this.number < this.next) {
      const h = this.header(this.tail, this.number);
      if (h !== '' && getU32le(h, 12) >= through) break;
      const pages = h === '' ? this.used : this.pagesOf(getU32le(h, 8));
      if (this.foundPage === this.tail) this.foundPage = -1;
      this.tail = (this.tail + pages) % this.f.pages;
      this.used -= pages;
      this.number++;
      if (h === '') this.number = this.next;
    }
    return this.number > before;
  }

  private pagesOf(size: number): number {
    return Math.ceil((HEADER + size) / this.f.page);
  }

  /** Header of the photo with this number on this page; empty: it is not there. */
  private header(page: number, number: number): Bytes {
    const h = this.f.read(page * this.f.page, SUMMED + 4);
    if (h.substr(0, 4) !== MAGIC || !sound(this.n, h)) return '';
    const size = getU32le(h, 8);
    return getU32le(h, 4) === number && size > 0 && this.pagesOf(size) <= this.f.pages ? h : '';
  }
}
