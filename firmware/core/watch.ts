/**
 * What is looked at again and again: switches, die, battery, clock, permits, room in the stores. Once a second. It alone
 * kicks the watchdog, and only while everything that has a time to keep keeps it.
 */
import { RecordKind } from '../../protocol/evidence';
import { RefusalCode } from '../../protocol/generated/codec';
import type { Bytes } from '../../protocol/natives';
import { Alarm, CRITICAL_MV, OVER_COUNT, OVER_MS, WRONG_CODES, WRONG_FINGERS } from './alarms';
import { Stage } from './ceremony';
import type { Device } from './device';
import { without } from './dies';
import { Asked } from './dialog';
import { Level } from './log';
import { Why } from './parts';
import { expire, judge } from './permits';
import { NO_RECORD } from './state';
import { Close, In, Phase, Tray } from './states';
import { stroking, useState } from './use';

const PERIOD = 1000;
/** Looks in a row that must agree before a switch is believed to be wrong. */
const LOOKS = 3;
/** Looks after which it is said again. */
const AGAIN = 8;
/** Looks between two readings of the die's tag. */
const DIE_EVERY = 4;
/** Looks between two at the memory, when nothing moves and nobody types. */
const TIDY_EVERY = 3;
/** Milliseconds by which a timer may be late before the loop counts as unhealthy. */
const LATE = 5000;
/** The status entry is renewed after so many records, or when the clock has gone on by so many seconds. */
const SAVE_RECORDS = 16;
const SAVE_SECONDS = 600;
/** What the state holds after a die was taken out; empty: none was ever seen. */
const NO_DIE = '-';

export class Watch {
  private d: Device;
  private timer: number;
  private looks: number;
  private silent: number;
  private touching: number;
  private unbolted: number;
  private away: number;
  private opened: number;
  private strange: Bytes;
  /** Looks since the tags were read. */
  private unread: number;
  /** Times in a row that a used-up permit was asked for. */
  private over: number;
  private overAt: number;
  private wrongCodes: number;
  private recycled: number;

  constructor(d: Device) {
    this.d = d;
    this.timer = -1;
    this.looks = 0;
    this.silent = 0;
    this.touching = 0;
    this.unbolted = 0;
    this.away = 0;
    this.opened = 0;
    this.strange = '';
    this.unread = DIE_EVERY;
    this.over = 0;
    this.overAt = 0;
    this.wrongCodes = 0;
    this.recycled = -1;
  }

  /** Looks once, and goes on looking. */
  run(): void {
    const board = this.d.board;
    if (this.timer >= 0) board.cancel(this.timer);
    this.timer = board.after(PERIOD, () => {
      this.timer = -1;
      this.run();
    });
    this.look();
    const d = this.d;
    if (d.parts.alive() && (d.due === 0 || d.uptime() < d.due + LATE)) board.kick();
  }

  /** A finger was shown that is somebody's, or nobody's. Counted on flash: a cut does not give five more tries. */
  finger(known: boolean): void {
    const d = this.d;
    const s = d.state;
    const before = s.strangers;
    s.strangers = known || d.use.alarms & (1 << Alarm.FINGER) ? 0 : before + 1;
    if (s.strangers === before) return;
    if (s.strangers >= WRONG_FINGERS) {
      d.raise(Alarm.FINGER, WRONG_FINGERS);
      s.strangers = 0;
    }
    if (!d.save()) d.broken(2);
  }

  /** Somebody known has asked for a use. @param code the refusal, 0: none */
  asked(code: number): void {
    const now = this.d.uptime();
    if (code !== RefusalCode.USED_UP || now - this.overAt > OVER_MS) this.over = 0;
    if (code !== RefusalCode.USED_UP) return;
    this.overAt = now;
    this.over++;
    if (this.over < OVER_COUNT) return;
    this.over = 0;
    this.d.raise(Alarm.OVERCOUNT, OVER_COUNT);
  }

  /** A passcode was right, or wrong. */
  code(right: boolean): void {
    this.wrongCodes = right ? 0 : this.wrongCodes + 1;
    if (this.wrongCodes < WRONG_CODES) return;
    this.wrongCodes = 0;
    this.d.raise(Alarm.CODE, WRONG_CODES);
  }

  private look(): void {
    const d = this.d;
    this.looks++;
    d.look();
    if (stroking(d.use)) return;
    d.screen.look();
    d.place.watch(d.use.phase === Phase.IDLE);
    const moving = d.maintenance !== undefined && d.maintenance.busy();
    if (!moving) this.switches();
    const power = d.parts.power;
    d.energy.look();
    const mv = power.millivolts();
    if (mv < CRITICAL_MV && !power.usb()) this.d.raise(Alarm.BATTERY, mv);
    // Where the holder's switch says something else than the state, at once: the tag may just not have answered.
    this.unread++;
    if (this.unread >= DIE_EVERY || d.stage === Stage.ACTING || this.strange !== '' || d.parts.tray.diePresent() !== d.state.die.length > 1) this.die();
    this.permits();
    d.custody.look();
    this.stores();
    if (d.stage === Stage.NONE) d.ceremony = undefined;
    else if (d.ceremony !== undefined) d.ceremony.look();
    d.update.look();
    // What is rarely needed is made when it is (firmware/build/rooms.js), and forgotten.
    if (d.dialog.asked === Asked.NOTHING) d.offline = undefined;
    // A short press of a key would be missed meanwhile, and a photo come later.
    if (this.looks % TIDY_EVERY === 0 && !moving && d.dialog.asked === Asked.NOTHING && (d.use.phase < Phase.LOOKING || d.use.phase === Phase.GRANT)) d.board.tidy();
    if (this.looks % 60 === 0) this.minute();
  }

  private minute(): void {
    const d = this.d;
    const slot = d.people.stale();
    if (d.use.alarms !== 0) d.parts.signal.bad();
    if (d.refusals < 8) d.refusals++;
    if (slot >= 0 && d.stage === 0) {
      d.parts.reader.remove(slot, (ok) => {
        if (ok) d.people.deleted(slot);
      });
    }
  }

  private switches(): void {
    const d = this.d;
    const bits = d.use.tray;
    const fault = (bits & Tray.FAULT) !== 0;
    this.silent = fault ? this.silent + 1 : 0;
    this.touching = !fault && bits & Tray.CONTACT ? this.touching + 1 : 0;
    this.unbolted = !fault && !(bits & Tray.BOLT) ? this.unbolted + 1 : 0;
    this.away = !fault && !(bits & Tray.HOME) ? this.away + 1 : 0;
    this.opened = !fault && !(bits & Tray.CASE) ? this.opened + 1 : 0;
    // Cleared while it lasts: raised again.
    if (this.silent % AGAIN === LOOKS) this.d.raise(Alarm.SENSORS, 0);
    if (this.touching % AGAIN === LOOKS) this.d.raise(Alarm.CONTACT, 0);
    if (this.unbolted % AGAIN === LOOKS) this.d.raise(Alarm.BOLT, 0);
    if (this.away % AGAIN === LOOKS) this.d.raise(Alarm.STALL, Why.NOT_HOME);
    if (this.opened % AGAIN === LOOKS) this.d.raise(Alarm.CASE, 0);
  }

  /** The dies fitted must be those of last time, and such as this unit may carry. Two readings must agree. */
  private die(): void {
    const d = this.d;
    this.unread = 0;
    if (d.use.tray & Tray.FAULT) return;
    const there = d.parts.tray.diePresent() ? d.parts.die.tags().join('').substr(0, 64) : '';
    const tags = there === '' ? NO_DIE : there;
    const first = d.state.die === '';
    if (tags === d.state.die || (first && there === '')) {
      this.strange = '';
      return;
    }
    if (this.strange !== '=' + tags) {
      this.strange = '=' + tags;
      return;
    }
    this.strange = '';
    // Recorded first: a cut before the state is saved raises the alarm instead.
    const meant = d.ceremony !== undefined && d.ceremony.die(there);
    d.state.die = tags;
    if (!meant && (!first || !this.allowed(there))) this.d.raise(Alarm.DIE, there.length / 8);
    d.save();
  }

  /** Whether the unit may carry each of these. */
  private allowed(tags: Bytes): boolean {
    const dies = this.d.identity.dies;
    for (let i = 0; i < tags.length; i += 8) if (dies !== '' && without(dies, tags.substr(i, 8)) === undefined) return false;
    return true;
  }

  /** Closes permits whose time is over, and the use that runs under one that cannot be used any more. */
  private permits(): void {
    const d = this.d;
    const offer = d.use.offer;
    d.clock.now();
    if (d.clock.floor > d.state.floor) d.state.floor = d.clock.floor;
    expire(d);
    if (offer === undefined || d.use.phase === Phase.AFTER) return;
    const p = d.state.permit(offer.id);
    const code = p === undefined ? RefusalCode.REVOKED : judge(d, p) || d.people.ended(d.use.shown);
    if (code === RefusalCode.EXPIRED) d.send({ in: In.CLOSE, reason: Close.EXPIRED });
    else if (code === RefusalCode.REVOKED) d.send({ in: In.CLOSE, reason: Close.REVOKED });
  }

  private stores(): void {
    const d = this.d;
    const first = d.log.journal.first;
    for (const a of d.state.alarms) {
      // Recorded late, because there was no room or no flash: the record takes its place in the state.
      if (a.seq === NO_RECORD && d.record(RecordKind.ALARM, [a.condition, 0], Level.ALARM) < 0) return;
    }
    if (!d.settle()) return;
    if (this.recycled < 0) this.recycled = first;
    if (first > this.recycled && d.record(RecordKind.RECYCLED, [first], Level.ORDINARY) >= 0) this.recycled = first;
    // With an alarm, which may have come from this very flash, it is not tried again and again.
    const idle = useState(d.use) === 1;
    const late = !d.saved || d.log.journal.next - d.savedSeq >= SAVE_RECORDS || d.clock.floor - d.savedFloor >= SAVE_SECONDS;
    if ((d.saved || idle) && late && !d.save()) d.broken(2);
    // Nobody waits now, nor types: an erase takes as long as a key is down. What is free here must be so on flash as well.
    if (idle && d.saved && d.dialog.asked === Asked.NOTHING) d.photos.tidy();
  }
}
