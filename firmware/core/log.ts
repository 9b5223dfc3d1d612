/**
 * The device's records: each one chained to the one before, sealed with a key that is destroyed at once, on flash before
 * anything follows from it, and then folded into the state. There is no other way to change what the state says.
 */
import { CborReader } from '../../protocol/cbor';
import type { DataValue } from '../../protocol/evidence';
import { makeRecord, RecordKind, recordData, ZERO_HASH } from '../../protocol/evidence';
import type { Bytes } from '../../protocol/natives';
import type { Device } from './device';
import { Appended } from './journal';
import type { Journal } from './journal';
import type { Keys } from './keys';

/** Records before an alarm that are kept with it. */
const BEFORE = 12;

/** Who may take the last pages of the journal. */
export const enum Level {
  /** Ordinary: leaves room for a use under way and for alarms. */
  ORDINARY = 2,
  /** Belongs to a use under way, or ends something: leaves room for alarms. */
  USE = 1,
  /** Alarms, and what clears or revokes. */
  ALARM = 0,
}

export const FULL = -1;
export const FAULT = -2;
/** Most ratchet steps made up for at start; a cut leaves at most one. */
const CATCH_UP = 256;

/** Reads a data map: key k at index k - 1; what is neither number nor bytes is left out. Undefined: not a map as records have it. */
function readData(r: CborReader): DataValue[] | undefined {
  const v: DataValue[] = [];
  const count = r.head(5);
  for (let i = 0; i < count && r.ok; i++) {
    const key = r.uint();
    while (v.length < key - 1) v.push(undefined);
    const major = r.peek();
    if (major === 0 || major === 1) v.push(r.int());
    else if (major === 2) v.push(r.bytes(-1));
    else {
      v.push(undefined);
      if (major === 3) r.at += r.head(3);
      else for (let k = r.head(4); k > 0; k--) r.uint();
    }
  }
  return r.ok ? v : undefined;
}

export class Log {
  journal: Journal;
  /** Set when flash failed: 1 journal, 4 keys, 5 records lost. */
  fault: number;
  /** True within record(): still so after an exception, memory and flash need not agree. */
  writing: boolean;
  private d: Device;
  private keys: Keys;
  private prev: Bytes;

  constructor(d: Device, journal: Journal, keys: Keys) {
    this.journal = journal;
    this.d = d;
    this.keys = keys;
    this.prev = ZERO_HASH;
    this.fault = 0;
    this.writing = false;
  }

  /** Finds the end of the chain, brings key and state up to it. */
  open(): void {
    const j = this.journal;
    const last = j.open();
    if (last !== '') this.prev = this.d.natives.sha256(last);
    for (let i = 0; i < CATCH_UP && this.keys.seq < j.next && this.keys.next(); i++);
    if (this.keys.seq > j.next) {
      j.next = this.keys.seq;
      this.fault = 5;
    } else if (this.keys.seq < j.next) this.fault = 4;
    else if (last === '' && j.next > 0) this.fault = 5;
    const from = this.d.state.synced > j.first ? this.d.state.synced : j.first;
    for (let seq = from; seq < j.next; seq++) {
      // After a loss of the state flash it is the whole journal, which takes minutes: every record is progress.
      this.d.board.kick();
      this.refold(j.read(seq));
    }
    this.d.state.synced = j.next;
    this.release();
  }

  /** What the register has may be recycled; but for what led to an alarm that stands, whoever says so. */
  release(): void {
    const s = this.d.state;
    let through = s.acked;
    for (const a of s.alarms) if (a.seq < through + BEFORE) through = a.seq > BEFORE ? a.seq - BEFORE : 0;
    this.journal.ack(through);
  }

  /** Writes a record. Its number, or FULL or FAULT, and then nothing has changed. */
  record(kind: number, v: DataValue[], level: Level): number {
    const j = this.journal;
    const seq = j.next;
    const pads = this.keys.pads;
    if (pads === undefined || this.keys.seq !== seq) return FAULT;
    const d = this.d;
    const time = d.clock.now();
    const bytes = makeRecord(d.natives, pads, {
      device: d.identity.deviceId,
      seq: seq,
      boot: d.state.boot,
      uptime: d.uptime(),
      time: time > 0 ? time : undefined,
      kind: kind,
      data: recordData(v),
      prev: this.prev,
    });
    this.writing = true;
    const done = j.append(bytes, this.reserve(level));
    if (done !== Appended.DONE) {
      this.writing = false;
      if (done === Appended.FAULT) this.fault = 1;
      return done === Appended.FULL ? FULL : FAULT;
    }
    this.prev = this.d.natives.sha256(bytes);
    if (!this.keys.next()) this.fault = 4;
    this.d.state.fold(seq, time, kind, v);
    this.d.state.synced = j.next;
    this.writing = false;
    if (kind === RecordKind.ALARM || kind === RecordKind.CLEARED) this.release();
    return seq;
  }

  /** Whether a use may be opened or a stroke begun: room for all its records besides what is reserved. */
  room(): boolean {
    return this.fault === 0 && this.journal.free() >= this.reserve(Level.ORDINARY) + 1024;
  }

  private reserve(level: Level): number {
    const page = this.d.board.journal.page;
    return level * (page < 2048 ? 2048 : page);
  }

  private refold(bytes: Bytes): void {
    const outer = new CborReader(bytes);
    if (outer.head(4) !== 2) return;
    const r = new CborReader(outer.bytes(-1));
    r.head(4);
    r.uint();
    r.bytes(8);
    const seq = r.uint();
    const boot = r.uint();
    r.uint();
    // Its status entry may be lost: no start has the number of an earlier one.
    if (boot > this.d.state.boot) this.d.state.boot = boot;
    const time = r.isNull() ? 0 : r.uint();
    const kind = r.uint();
    const v = readData(r);
    if (v !== undefined) this.d.state.fold(seq, time, kind, v);
  }
}
