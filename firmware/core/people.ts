/**
 * Who is known at the device: the people that the vault was given at provisioning, and what ceremonies changed since. Each
 * change is one entry of the `state` log, of which the newest of a person counts:
 *
 *     'H' | person u32 | revision u16 | until u32 | tries u8 | number of fingers u8 | positions u16 each | verifier 16 or nothing
 *
 * until: first second (Unix) at which the person is nobody again, 0: no end. tries: wrong passcodes in a row; GONE: the
 * person was removed, and the positions named are still to be deleted from the reader. The verifier is an HMAC under the
 * permit key: the flash alone, without the vault, does not tell a passcode.
 */
import { getU16le, getU32le, u16le, u32le } from '../../protocol/bytes';
import { RefusalCode } from '../../protocol/generated/codec';
import { hmac, same } from '../../protocol/hash';
import type { Bytes } from '../../protocol/natives';
import { Means } from '../../protocol/permit';
import type { Device } from './device';
import { knows } from './provision';

const GONE = 255;
const FINGERS = 13;
const VERIFIER = 16;
/** Wrong passcodes in a row after which only a ceremony of two persons helps. */
export const CODE_TRIES = 10;
/** Seconds to wait after so many wrong ones in a row; also after a start, which knows no earlier time. */
const DELAYS = [0, 0, 0, 30, 60, 300, 900, 1800, 3600, 3600];
/** Positions of the reader, and of them for one person. */
export const POSITIONS = 200;
export const FINGERS_MAX = 8;
/** Bytes that entries may take on the state flash, beside permits and status. */
const ROOM = 8192;

/** Seconds left of the wait after so many wrong ones in a row, the last of them at this uptime. */
export function waitLeft(tries: number, at: number, uptime: number): number {
  const left = Math.ceil((DELAYS[tries] as number) - (uptime - at) / 1000);
  return left > 0 ? left : 0;
}

interface Tried {
  person: number;
  /** Uptime of the last wrong passcode, ms. */
  at: number;
}

/** Positions of an entry, two bytes each. */
function slotsOf(entry: Bytes): Bytes {
  return entry.substr(FINGERS, entry.charCodeAt(12) * 2);
}

function verifierOf(entry: Bytes): Bytes {
  return entry.substr(FINGERS + entry.charCodeAt(12) * 2);
}

function gone(entry: Bytes): boolean {
  return entry.charCodeAt(11) === GONE;
}

export class People {
  private d: Device;
  /** Of everybody who was changed since provisioning: the newest entry. */
  private entries: Bytes[];
  private tried: Tried[];

  constructor(d: Device) {
    this.d = d;
    this.entries = [];
    this.tried = [];
  }

  /** The password that makes the fingerprint reader this unit's, 4 bytes. */
  readerSecret(): Bytes {
    return hmac(this.d.natives, this.d.grants.permit, 'smartseal/reader').substr(0, 4);
  }

  /** Takes in an entry of the state log. */
  restore(entry: Bytes): void {
    const at = this.find(getU32le(entry, 1));
    if (at < 0) this.entries.push(entry);
    else this.entries[at] = entry;
  }

  /** Whether an entry is the newest of its person and still says something. */
  keep(entry: Bytes): boolean {
    if (this.entries.indexOf(entry) < 0) return false;
    return !gone(entry) || entry.charCodeAt(12) > 0 || knows(this.d.identity.people, getU32le(entry, 1));
  }

  /** Bytes that all entries take on the state flash. */
  size(): number {
    let sum = 0;
    for (const e of this.entries) sum += this.d.store.need(e.length);
    return sum;
  }

  /** The person a position of the reader belongs to; -1: nobody. */
  owner(slot: number): number {
    const name = u16le(slot);
    for (const e of this.entries) if (!gone(e)) for (let i = FINGERS, end = FINGERS + slotsOf(e).length; i < end; i += 2) if (e.substr(i, 2) === name) return getU32le(e, 1);
    const people = this.d.state.vaultVoid ? '' : this.d.identity.people;
    for (let i = 0; i < people.length; i += 6) {
      if (people.substr(i, 2) === name) {
        const person = getU32le(people, i + 2);
        return this.find(person) < 0 ? person : -1;
      }
    }
    return -1;
  }

  /** 0, or the RefusalCode for which the person cannot show themselves by these means (bits of Means), whatever the hour. */
  able(person: number, means: number): number {
    const e = this.entry(person);
    if (e === '' || gone(e)) return RefusalCode.UNKNOWN_PERSON;
    if (means & Means.FINGER && slotsOf(e) === '') return RefusalCode.UNKNOWN_PERSON;
    return means & Means.PASSCODE && verifierOf(e) === '' ? RefusalCode.UNKNOWN_PERSON : 0;
  }

  /** 0, or why the person is nobody now: a delegate's time is over, or cannot be judged. */
  current(person: number): number {
    const e = this.entry(person);
    const until = e === '' ? 0 : getU32le(e, 7);
    const now = this.d.clock.now();
    if (until === 0) return 0;
    if ((now > 0 ? now : this.d.clock.floor) >= until) return RefusalCode.EXPIRED;
    return now === 0 ? RefusalCode.TIME_UNKNOWN : 0;
  }

  /** The same of several who have shown themselves before. */
  ended(persons: number[]): number {
    for (const person of persons) {
      const code = this.current(person);
      if (code !== 0) return code;
    }
    return 0;
  }

  /** Whether a new passcode for this person takes two persons: after too many wrong ones, also where the person was removed since. */
  locked(person: number): boolean {
    return this.entry(person).charCodeAt(11) >= CODE_TRIES;
  }

  /** Seconds until another passcode of this person is looked at. */
  wait(person: number): number {
    const e = this.entry(person);
    let at = 0;
    for (const t of this.tried) if (t.person === person) at = t.at;
    return e === '' ? 0 : waitLeft(e.charCodeAt(11), at, this.d.uptime());
  }

  /** 0, or the RefusalCode for which no passcode of this person is looked at now. */
  barred(person: number): number {
    if (this.locked(person)) return RefusalCode.CODE_LOCKED;
    return this.wait(person) > 0 ? RefusalCode.WAIT : 0;
  }

  /** Judges a passcode. 0, or the RefusalCode. The try is counted on flash before it is judged, so that no cut gives one back. */
  check(person: number, code: Bytes): number {
    const d = this.d;
    const e = this.entry(person);
    // Also for nobody: the time it takes does not tell who has a passcode.
    const mac = this.verifier(person, code);
    const verifier = e === '' || gone(e) ? '' : verifierOf(e);
    if (verifier === '') return RefusalCode.UNKNOWN_PERSON;
    const barred = this.barred(person);
    if (barred !== 0) return barred;
    if (!this.put(person, getU32le(e, 7), e.charCodeAt(11) + 1, slotsOf(e), verifier)) return RefusalCode.HARDWARE;
    if (!same(d.natives, mac, verifier)) {
      this.tried = this.tried.filter((t) => t.person !== person);
      this.tried.push({ person: person, at: d.uptime() });
      return RefusalCode.WRONG_CODE;
    }
    return this.put(person, getU32le(e, 7), 0, slotsOf(e), verifier) ? 0 : RefusalCode.HARDWARE;
  }

  /** Whether another finger, or another person, still fits: 0, or the RefusalCode. */
  room(person: number, finger: boolean): number {
    const e = this.entry(person);
    if (finger && (this.free() < 0 || (!gone(e) && slotsOf(e).length >= FINGERS_MAX * 2))) return RefusalCode.STORE_FULL;
    return this.size() + 64 > ROOM ? RefusalCode.STORE_FULL : 0;
  }

  /** A position of the reader that belongs to nobody; -1: none. */
  free(): number {
    const people = this.d.state.vaultVoid ? '' : this.d.identity.people;
    let taken = '';
    for (let i = 0; i < people.length; i += 6) taken += '\xff' + people.substr(i, 2);
    for (const e of this.entries) for (let i = FINGERS, end = FINGERS + slotsOf(e).length; i < end; i += 2) taken += '\xff' + e.substr(i, 2);
    for (let slot = 0; slot < POSITIONS; slot++) if (taken.indexOf('\xff' + u16le(slot)) < 0) return slot;
    return -1;
  }

  addFinger(person: number, slot: number, until: number): boolean {
    const e = this.living(person);
    return this.put(person, until, e === '' ? 0 : e.charCodeAt(11), (e === '' ? '' : slotsOf(e)) + u16le(slot), e === '' ? '' : verifierOf(e));
  }

  setCode(person: number, code: Bytes, until: number): boolean {
    const e = this.living(person);
    return this.put(person, until, 0, e === '' ? '' : slotsOf(e), this.verifier(person, code));
  }

  /** From now on the person is nobody. The positions are deleted from the reader later (stale()). */
  remove(person: number): boolean {
    const e = this.entry(person);
    return e === '' || gone(e) ? true : this.put(person, 0, GONE, slotsOf(e), '');
  }

  /** A position whose owner was removed and which the reader may still hold; -1: none. */
  stale(): number {
    for (const e of this.entries) if (gone(e) && e.charCodeAt(12) > 0) return getU16le(e, FINGERS);
    return -1;
  }

  /** The reader has deleted this position. */
  deleted(slot: number): void {
    for (const e of this.entries) {
      if (gone(e) && e.substr(FINGERS, 2) === u16le(slot)) {
        this.put(getU32le(e, 1), 0, GONE, slotsOf(e).substr(2), '');
        return;
      }
    }
  }

  /** The reader holds no finger any more. False: not all of it is on flash. */
  forgetFingers(): boolean {
    let good = true;
    for (const person of this.all()) {
      const e = this.entry(person);
      if (slotsOf(e) !== '') good = this.put(person, getU32le(e, 7), e.charCodeAt(11), '', verifierOf(e)) && good;
    }
    return good;
  }

  /** Of the people in the order of their numbers, from the first above `after` on, at most so many: entries of the message People. */
  list(after: number, most: number): Bytes[] {
    const out: Bytes[] = [];
    const all = this.all().filter((person) => !gone(this.entry(person)));
    for (let last = after; out.length < most; ) {
      let person = -1;
      for (const one of all) if (one > last && (person < 0 || one < person)) person = one;
      if (person < 0) break;
      const e = this.entry(person);
      const bits = (verifierOf(e) === '' ? 0 : 1) | (e.charCodeAt(11) >= CODE_TRIES ? 2 : 0);
      out.push(u32le(person) + e.substr(7, 4) + String.fromCharCode(e.charCodeAt(12), bits));
      last = person;
    }
    return out;
  }

  /** Every number that was ever somebody's here. */
  private all(): number[] {
    const out: number[] = [];
    for (const e of this.entries) out.push(getU32le(e, 1));
    const people = this.d.state.vaultVoid ? '' : this.d.identity.people;
    for (let i = 0; i < people.length; i += 6) {
      const person = getU32le(people, i + 2);
      if (out.indexOf(person) < 0) out.push(person);
    }
    return out;
  }

  private find(person: number): number {
    const name = u32le(person);
    for (let i = 0; i < this.entries.length; i++) if ((this.entries[i] as Bytes).substr(1, 4) === name) return i;
    return -1;
  }

  /** The entry of a person, also as the vault would have it; empty: never heard of. */
  private entry(person: number): Bytes {
    const at = this.find(person);
    if (at >= 0) return this.entries[at] as Bytes;
    const people = this.d.state.vaultVoid ? '' : this.d.identity.people;
    const name = u32le(person);
    let slots = '';
    for (let i = 0; i < people.length; i += 6) if (people.substr(i + 2, 4) === name) slots += people.substr(i, 2);
    return slots === '' ? '' : 'H' + name + '\0\0\0\0\0\0\0' + String.fromCharCode(slots.length >> 1) + slots;
  }

  private living(person: number): Bytes {
    const e = this.entry(person);
    if (e === '' || !gone(e)) return e;
    // What the reader still holds of them stays to be deleted, under nobody's number.
    const nobody = this.entry(0);
    if (slotsOf(e) !== '') this.put(0, 0, GONE, (nobody === '' ? '' : slotsOf(nobody)) + slotsOf(e), '');
    return '';
  }

  private verifier(person: number, code: Bytes): Bytes {
    return hmac(this.d.natives, this.d.grants.permit, 'smartseal/passcode/' + u32le(person) + code).substr(0, VERIFIER);
  }

  /** Makes a person's new entry durable. False: flash does not hold it, and nothing has changed. */
  private put(person: number, until: number, tries: number, slots: Bytes, verifier: Bytes): boolean {
    const at = this.find(person);
    const revision = at < 0 ? 0 : (getU16le(this.entries[at] as Bytes, 5) + 1) & 65535;
    const e = 'H' + u32le(person) + u16le(revision) + u32le(until) + String.fromCharCode(tries, slots.length >> 1) + slots + verifier;
    if (!this.d.store.put(e)) {
      this.d.broken(2);
      return false;
    }
    if (at < 0) this.entries.push(e);
    else this.entries[at] = e;
    return true;
  }
}
