/**
 * Where the unit may be, while it is taken out and after it was given back: the terms of the newest such ceremony. A unit that was
 * never given back to a base may be anywhere.
 *
 * The grant is put on the state flash first, where it counts for nothing; the ceremony's record, which names it, puts it in force.
 */
import type { Bytes } from '../../protocol/natives';
import { Action, openGrant, type Grant } from '../../protocol/permit';
import { Alarm } from './alarms';
import type { Device } from './device';
import { fenceOf } from './geometry';

export class Custody {
  /** In force; undefined: none ever was. */
  terms: Grant | undefined;
  /** When the authority's time last came, uptime. */
  heard: number;
  private d: Device;
  /** Entries of the state log: what is in force, and what may come to be. */
  private entries: Bytes[];
  private outside: number;

  constructor(d: Device) {
    this.d = d;
    this.terms = undefined;
    this.heard = 0;
    this.entries = [];
    this.outside = 0;
  }

  /** Takes in an entry of the state log. */
  restore(entry: Bytes): void {
    this.entries.push(entry);
  }

  /** After a start, or with the record that says so: of the entries the one that the records name is in force. */
  settle(): void {
    const d = this.d;
    const all = this.entries;
    this.entries = [];
    this.terms = undefined;
    this.outside = 0;
    for (const entry of all) {
      const g = openGrant(d.natives, d.grants, entry.substr(1));
      if (typeof g === 'number' || g.permit !== d.state.custody) continue;
      this.entries = [entry];
      this.terms = g;
    }
  }

  /** Whether an entry of the state log still says something. */
  keep(entry: Bytes): boolean {
    return this.entries.indexOf(entry) >= 0;
  }

  /** Puts a ceremony's grant on flash. False: flash does not hold it. */
  prepare(grant: Bytes): boolean {
    const entry = 'C' + grant;
    if (this.keep(entry)) return true;
    // One that was never put in force makes room.
    this.entries = this.terms === undefined ? [] : this.entries.slice(0, 1);
    if (!this.d.store.put(entry)) return false;
    this.entries.push(entry);
    return true;
  }

  /** Bytes that the entries take on the state flash, with one more of the longest. */
  size(): number {
    let sum = this.d.store.need(513);
    for (const e of this.entries) sum += this.d.store.need(e.length);
    return sum;
  }

  /** Whether a place is asked for. */
  placed(): boolean {
    return this.terms !== undefined && this.terms.fences !== undefined;
  }

  /** Once a second. What lasts is raised again when it was cleared. */
  look(): void {
    const d = this.d;
    const g = this.terms;
    if (g === undefined) return;
    const now = d.clock.now();
    const out = g.action === Action.TAKE_OUT;
    const fix = g.fences === undefined ? undefined : d.place.known(g.maxAge as number, g.maxAccuracy as number);
    // The same fix twice is no second one.
    if (fix === undefined || fenceOf(g.fences as Bytes, fix) >= 0) this.outside = 0;
    else if (this.outside === 0) this.outside = fix.at;
    else if (fix.at !== this.outside) this.d.raise(Alarm.FENCE, 1);
    if (out && (now > 0 ? now : d.state.floor) >= (g.until as number)) this.d.raise(Alarm.OVERDUE, g.subject as number);
    if (!out && d.place.carried) this.d.raise(Alarm.MOVED, 1);
    if (g.silence !== undefined && d.uptime() - this.heard > g.silence * 1000) this.d.raise(Alarm.LINK, g.silence);
  }
}
