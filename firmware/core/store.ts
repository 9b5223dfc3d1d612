/**
 * A small log on the `state` flash: two halves, of which the valid one with the greater generation counts. Entries are
 * appended; when the half is full, what the owner keeps is copied into the other half, whose header is written last.
 * An entry is one write with a CRC-32 at its end, read back. Layout: README.md beside this file.
 */
import { getU16le, getU32le, u16le, u32le } from '../../protocol/bytes';
import type { Bytes, Natives } from '../../protocol/natives';
import type { Flash } from '../board/board';
import { BLANK, hold, padded, sound, summed } from './flash';

const MAGIC = 'SS01';
const HEADER = 16;
/** Largest entry, bytes. */
export const ENTRY_MAX = 1024;

/** Whose entries they are. */
export interface Keeper {
  /** Whether an entry is copied when the log is compacted. */
  keep(entry: Bytes): boolean;
  /** One more entry, written behind those kept. */
  snapshot(): Bytes;
}

export class Store {
  private n: Natives;
  private f: Flash;
  private owner: Keeper;
  private half: number;
  /** Where the next entry goes; 0: nowhere before a compaction. */
  private end: number;
  private generation: number;

  constructor(n: Natives, f: Flash, owner: Keeper) {
    this.n = n;
    this.f = f;
    this.owner = owner;
    this.half = 0;
    this.end = 0;
    this.generation = 0;
  }

  /** Hands over every entry, oldest first. */
  open(entry: (bytes: Bytes) => void): void {
    const a = this.made(0);
    const b = this.made(1);
    this.half = b > a ? 1 : 0;
    this.generation = b > a ? b : a;
    if (this.generation === 0) return;
    const end = this.walk(entry);
    const limit = this.size();
    this.end = end;
    // What lies behind must be blank; where it is not, an entry was torn, and the next put() compacts.
    for (let at = end; at < limit; at += 64) {
      const rest = limit - at < 64 ? limit - at : 64;
      if (this.f.read(this.base(this.half) + at, rest) !== BLANK.substr(0, rest)) {
        this.end = 0;
        return;
      }
    }
  }

  /** Bytes of entries that a half holds. */
  capacity(): number {
    return this.size() - HEADER;
  }

  /** Bytes that an entry of this length takes. */
  need(length: number): number {
    return ((length + 3) & ~3) + 8;
  }

  /** Appends; compacts first where there is no room or the last entry is torn. False: flash does not hold it, or it is too much. */
  put(bytes: Bytes): boolean {
    if (this.end > 0 && this.write(this.half, bytes)) return true;
    this.end = 0;
    for (let tries = 0; tries < 2; tries++) if (this.compact(bytes)) return true;
    this.end = 0;
    return false;
  }

  private compact(more: Bytes): boolean {
    const to = 1 - this.half;
    const pages = this.f.pages >> 1;
    let good = true;
    for (let i = 0; i < pages; i++) this.f.erase(to * pages + i);
    this.end = HEADER;
    if (this.generation > 0) {
      this.walk((entry) => {
        if (this.owner.keep(entry)) good = this.write(to, entry) && good;
      });
    }
    good = good && this.write(to, this.owner.snapshot()) && this.write(to, more);
    if (!good || !hold(this.f, this.base(to), summed(this.n, MAGIC + u32le(this.generation + 1)))) return false;
    this.half = to;
    this.generation++;
    return true;
  }

  /** Hands over the entries of the half in force; where they end. */
  private walk(entry: (bytes: Bytes) => void): number {
    const base = this.base(this.half);
    const limit = this.size();
    let at = HEADER;
    while (at + 8 <= limit) {
      const h = this.f.read(base + at, 4);
      const length = getU16le(h, 2);
      const need = this.need(length);
      if (h.substr(0, 2) !== 'SE' || length > ENTRY_MAX || at + need > limit) break;
      const b = this.f.read(base + at, need);
      if (!sound(this.n, b)) break;
      entry(b.substr(4, length));
      at += need;
    }
    return at;
  }

  private size(): number {
    return (this.f.pages >> 1) * this.f.page;
  }

  private base(half: number): number {
    return half * this.size();
  }

  /** Generation of a half; 0: none. */
  private made(half: number): number {
    const h = this.f.read(this.base(half), 12);
    return h.substr(0, 4) === MAGIC && sound(this.n, h) ? getU32le(h, 4) : 0;
  }

  private write(half: number, bytes: Bytes): boolean {
    const b = summed(this.n, padded('SE' + u16le(bytes.length) + bytes));
    const at = this.end;
    if (at + b.length > this.size()) return false;
    // Where this throws, the next put() compacts: behind a gap nothing would be found again.
    this.end = 0;
    if (!hold(this.f, this.base(half) + at, b)) return false;
    this.end = at + b.length;
    return true;
  }
}
