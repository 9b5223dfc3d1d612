/**
 * The vault: identity, and the evidence key that is replaced after every record. Two pages hold the same identity; the
 * one with the greater generation is in force. A new key is written into the next slot, then the old one is overwritten
 * with zeros. When the page is full, the other one is made: identity, new key, and the commit word last; then the old
 * key is overwritten. At every moment at least one readable key is there, and at start older ones are destroyed.
 */
import { getU32le } from '../../protocol/bytes';
import type { Pads } from '../../protocol/hash';
import { hmacKey } from '../../protocol/hash';
import { ratchet } from '../../protocol/evidence';
import type { Bytes, Natives } from '../../protocol/natives';
import type { Flash } from '../board/board';
import { BLANK, hold, sound } from './flash';
import { SLOT, slotBytes, slotsAt, VAULT_COMMIT, vaultHead, vaultIdentity } from './provision';

const ZEROS = '\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0';

export class Keys {
  /** The record that the key at hand is for; -1: no key, the unit is not provisioned. */
  seq: number;
  /** That key, made ready. */
  pads: Pads | undefined;
  private n: Natives;
  private f: Flash;
  private page: number;
  private generation: number;
  /** Slot of the key, and the next free one. */
  private at: number;
  private end: number;

  constructor(n: Natives, f: Flash) {
    this.n = n;
    this.f = f;
    this.seq = -1;
    this.pads = undefined;
    this.page = 0;
    this.generation = 0;
    this.at = 0;
    this.end = 0;
  }

  /** Finds identity and key. Empty: the unit is not provisioned. */
  open(): Bytes {
    const a = this.identity(0);
    const b = this.identity(1);
    const ga = a.length > 0 ? getU32le(this.f.read(4, 4), 0) : 0;
    const gb = b.length > 0 ? getU32le(this.f.read(this.f.page + 4, 4), 0) : 0;
    this.page = gb > ga ? 1 : 0;
    this.generation = gb > ga ? gb : ga;
    const found = gb > ga ? b : a;
    if (found.length === 0) return '';
    this.scan(this.page, found.length);
    // The other page may hold a key from before a cut: it must not outlive the change.
    const other = gb > ga ? a : b;
    if (other.length > 0) this.wipe((1 - this.page) * this.f.page + slotsAt(other.length), (2 - this.page) * this.f.page);
    return found;
  }

  /** Goes on to the key of the next record and destroys the one at hand. False: flash does not hold it. */
  next(): boolean {
    const pads = this.pads;
    if (pads === undefined) return false;
    const key = ratchet(this.n, pads);
    const slot = slotBytes(this.n, key, this.seq + 1);
    const old = this.at;
    let good = false;
    while (!good && this.end + SLOT <= (this.page + 1) * this.f.page) {
      good = hold(this.f, this.end, slot);
      // scan() ends at a blank slot: one that stayed blank must not stand before a key.
      if (!good && this.f.read(this.end, SLOT) === BLANK.substr(0, SLOT)) break;
      this.at = this.end;
      this.end += SLOT;
    }
    if (!good && !this.change(slot)) {
      this.at = old;
      return false;
    }
    this.f.write(old, ZEROS);
    this.seq++;
    this.pads = hmacKey(this.n, key);
    return true;
  }

  private identity(page: number): Bytes {
    return vaultIdentity(this.n, (at, length) => this.f.read(page * this.f.page + at, length));
  }

  /** Finds the newest key of a page and the first slot behind all that is written; destroys older keys. */
  private scan(page: number, identity: number): void {
    const from = page * this.f.page + slotsAt(identity);
    const limit = (page + 1) * this.f.page;
    let key = '';
    this.end = from;
    for (let at = from; at + SLOT <= limit; at += SLOT) {
      const b = this.f.read(at, SLOT);
      // Slots are used in order.
      if (b === BLANK.substr(0, SLOT)) break;
      this.end = at + SLOT;
      if (b.substr(0, 32) === ZEROS) continue;
      const seq = getU32le(b, 32);
      if (seq > this.seq && sound(this.n, b)) {
        if (key !== '') this.f.write(this.at, ZEROS);
        this.seq = seq;
        this.at = at;
        key = b.substr(0, 32);
      } else this.f.write(at, ZEROS);
    }
    if (this.seq < 0) return;
    this.pads = hmacKey(this.n, key);
  }

  /** Overwrites every key that still stands in these slots. */
  private wipe(from: number, to: number): void {
    for (let at = from; at + SLOT <= to; at += SLOT) {
      const key = this.f.read(at, 32);
      if (key !== ZEROS && key !== BLANK.substr(0, 32)) this.f.write(at, ZEROS);
    }
  }

  /** Makes the other page, with this slot as its first. */
  private change(slot: Bytes): boolean {
    const identity = this.identity(this.page);
    const to = 1 - this.page;
    const base = to * this.f.page;
    const first = base + slotsAt(identity.length);
    this.f.erase(to);
    const head = vaultHead(this.n, this.generation + 1, identity);
    if (!hold(this.f, base, head) || !hold(this.f, first, slot) || !hold(this.f, first - 4, VAULT_COMMIT)) return false;
    this.page = to;
    this.generation++;
    this.at = first;
    this.end = first + SLOT;
    return true;
  }
}
