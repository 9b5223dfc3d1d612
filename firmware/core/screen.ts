/**
 * What a person in front of the unit reads: what it waits for, and why it refuses. Four rows; texts by number (text/words.ts).
 *
 * It never delays a stroke: rows are made on a timer of their own and drawn in slices, and from the moment the bolt is to open until the
 * die is back only what was called for before is still drawn.
 */
import { getU16le } from '../../protocol/bytes';
import type { Bytes } from '../../protocol/natives';
import { Action } from '../../protocol/permit';
import { ROW_SIZE, TEXT_SIZE, WIDE_AT, WIDE_SIZE } from '../text/font';
import { Word } from '../text/words';
import { CRITICAL_MV } from './alarms';
import { Service, Stage } from './ceremony';
import type { Device } from './device';
import { without } from './dies';
import { Asked } from './dialog';
import { Close, Phase, Policy, Tray } from './states';
import { present, useState } from './use';

/** How long a refusal, or why a use ended, stands there. ms */
const NOTICE = 6000;
/** How long one of several alarms stands there. ms */
const TURN = 3000;
/** What comes together is shown together. ms */
const GATHER = 20;
/** Looks (one a second) between two redrawings without cause: time, battery, link; and the display is looked for. */
const LOOKS = 2;
/** Full battery, mV. */
const FULL_MV = 4150;
/** A host speaks every 20 s; after this it counts as gone. ms */
const HEARD = 45000;
/** The first wide glyphs of the font (ICONS of text/table.ts), as cells; of the battery the second cell when it is empty. */
const LOCKED = '\x80\xc0';
const OPENED = '\x80\xc1';
const LINKED = '\x80\xc2';
const PLUGGED = '\x80\xc3';
const BATTERY = 0xc4;
const VALUE = '\x7f';

export class Screen {
  private d: Device;
  /** Where the texts lie in the font; 0: not known yet. */
  private texts: number;
  private notice: Bytes[];
  /** Until when the notice stands there, uptime. */
  private until: number;
  private timer: number;
  /** Called for before the bolt was to open. */
  private queued: boolean;
  private looks: number;

  constructor(d: Device) {
    this.d = d;
    this.texts = 0;
    this.notice = [];
    this.until = 0;
    this.timer = -1;
    this.queued = false;
    this.looks = 0;
  }

  /** One row of a text, in the unit's language, with a value (ASCII) where the text has room for one. */
  row(word: number, line: number, value: Bytes | undefined): Bytes {
    const board = this.d.board;
    if (this.texts === 0) {
      const count = board.font(4, 2);
      this.texts = WIDE_AT + WIDE_SIZE * (count.charCodeAt(0) | (count.charCodeAt(1) << 8));
    }
    const row = board.font(this.texts + word * TEXT_SIZE + (this.d.state.language * 2 + line) * ROW_SIZE, ROW_SIZE);
    const from = value === undefined ? -1 : row.indexOf(VALUE);
    if (from < 0) return row;
    const room = row.split(VALUE).length - 1;
    return row.substr(0, from) + (value as Bytes).padEnd(room).substr(0, room) + row.substr(from + room);
  }

  /** Both rows of a text. */
  say(word: number, value: Bytes | undefined): Bytes[] {
    return [this.row(word, 0, value), this.row(word, 1, value)];
  }

  /** Says with lamp and buzzer that something was refused, and for some seconds why, and to whom (0: nobody in particular). */
  refuse(code: number, person: number): void {
    this.d.parts.signal.bad();
    const whom = person > 0 ? this.row(Word.REFUSED, 1, '' + person) : '';
    this.show([this.row(Word.REFUSED, 0, two(code))].concat(this.say(Word.REFUSAL + code, undefined)).concat([whom]));
  }

  /** Says for some seconds why a use has ended. */
  closed(reason: number): void {
    if (reason !== Close.ALARM && reason !== Close.REFUSED) this.show([''].concat(this.say(Word.CLOSED + reason, undefined)));
  }

  /** What is said from now on, also after a restart: 0 Chinese, 1 English. */
  speak(language: number): void {
    const d = this.d;
    d.state.language = language;
    if (!d.save()) d.broken(2);
    this.quiet();
  }

  /** Ends what is said for some seconds. */
  quiet(): void {
    this.until = 0;
    this.d.energy.wake();
    this.changed();
  }

  /** Something that stands there may have changed. */
  changed(): void {
    if (!still(this.d)) this.queued = true;
    if (this.timer >= 0) return;
    this.timer = this.d.board.after(GATHER, () => {
      this.timer = -1;
      this.draw();
    });
  }

  /** Once a second: what changes by itself. */
  look(): void {
    this.looks++;
    const over = this.notice.length > 0 && this.d.uptime() >= this.until;
    if (over || this.looks % LOOKS === 0 || this.d.state.alarms.length > 1) this.changed();
  }

  private show(rows: Bytes[]): void {
    this.notice = rows;
    this.d.energy.wake();
    this.until = this.d.uptime() + NOTICE;
    this.changed();
  }

  private draw(): void {
    const d = this.d;
    // What is not drawn now, the next look brings.
    if ((still(d) && !this.queued) || d.energy.asleep) return;
    this.queued = false;
    const said = d.uptime() < this.until;
    if (!said) this.notice = [];
    const rows = said ? this.notice : this.dialog();
    const top = rows[0] as Bytes;
    d.parts.display.show(top === '' ? [this.bar()].concat(rows.slice(1)) : rows);
  }

  /** Rows of what is asked at the keypad, of a ceremony, or else of the state; the first one empty where time and battery stand there. */
  private dialog(): Bytes[] {
    const d = this.d;
    const asked = d.dialog.asked;
    if (asked !== Asked.NOTHING) {
      const digits = d.dialog.digits;
      const call = d.offline;
      if (asked === Asked.ANSWER && call !== undefined) return [this.row(Word.ASK + asked, 0, undefined), this.row(Word.CALL, 0, call.challenge), this.row(Word.CALL, 1, call.name), this.row(Word.ASK + asked, 1, digits)];
      return [''].concat(this.say(Word.ASK + asked, asked === Asked.PERSON || asked > Asked.PROOF ? digits : '*'.repeat(digits.length))).concat([this.row(Word.KEYS, 0, undefined)]);
    }
    const stage = d.stage;
    const ceremony = d.ceremony;
    if (ceremony === undefined || stage === Stage.NONE || (stage === Stage.OFFERED && (d.use.phase !== Phase.IDLE || d.state.alarms.length > 0))) return this.state();
    const p = ceremony.present();
    const rows = [''].concat(this.say(Word.ACTION + ceremony.action(), undefined));
    return rows.concat([stage === Stage.ACTING ? '' : this.row(Word.LEFT, 1, p[0] + '/' + p[1])]);
  }

  /** Rows of the state; the first one empty where time and battery stand there. */
  private state(): Bytes[] {
    const d = this.d;
    const s = d.state;
    const use = d.use;
    const offer = use.offer;
    const state = useState(use);
    const count = s.alarms.length;
    if (count > 0) {
      const i = Math.floor(d.uptime() / TURN) % count;
      const condition = (s.alarms[i] as { condition: number }).condition;
      const which = (count > 1 ? i + 1 + '/' + count + ' ' : '') + 'A' + two(condition);
      return [this.row(Word.ALARMED, 0, which.padStart(7))].concat(this.say(Word.ALARM + condition, undefined)).concat([this.row(Word.ALARMED, 1, undefined)]);
    }
    let word = Word.STATE + state;
    let last = '';
    if (state === 1) {
      if (d.maintenance !== undefined) word = Word.MAINTENANCE;
      else if (s.service !== Service.ON) word = Word.SUSPENDED;
      else if (d.clock.now() === 0) word = Word.NO_TIME;
      else if (!s.permits.some((p) => p.closed === 0)) word = Word.NO_PERMIT;
      let dry = false;
      for (const one of s.dies) {
        const life = getU16le(one.entry, 11);
        if (life > 0 && one.strokes >= life && without(s.die, one.entry.substr(0, 8)) !== undefined) dry = true;
      }
      last = d.energy.low ? this.row(Word.CHARGE, 0, undefined) : dry ? this.row(Word.INK, 0, undefined) : this.away();
      if (last === '') last = this.row(Word.LINK, this.linked() ? 0 : 1, undefined);
    } else if (state === 2 && offer !== undefined) last = this.row(Word.LEFT, 1, present(use, offer) + '/' + offer.persons.length);
    else if (state !== 8) {
      if (use.phase === Phase.OPEN && use.turn) word = Word.CHANGE;
      else if (use.phase === Phase.OPEN && use.tray & Tray.PAPER) word = Word.LID;
      const p = state === 5 && offer !== undefined ? s.permit(offer.id) : undefined;
      last = p === undefined ? this.row(offer !== undefined && offer.policy & Policy.CROSS_PAGE ? Word.CROSS_PAGE : Word.LEFT, 0, '' + use.left) : this.row(Word.CONFIRM, 0, '' + p.last);
    }
    return [''].concat(this.say(word, undefined)).concat([last]);
  }

  /** The first row: whether it is locked, the time, the link, the battery. */
  private bar(): Bytes {
    const d = this.d;
    const power = d.parts.power;
    const state = useState(d.use);
    const t = d.clock.now();
    let time = '--:--';
    if (t > 0) {
      const minutes = Math.floor(t / 60) + (d.state.zone - 64) * 15;
      time = two(Math.floor(minutes / 60) % 24) + ':' + two(minutes % 60);
    }
    const share = Math.floor(((power.millivolts() - CRITICAL_MV) * 100) / (FULL_MV - CRITICAL_MV));
    const percent = share < 0 ? 0 : share > 99 ? 99 : share;
    return (
      (state > 2 && state < 8 ? OPENED : LOCKED) + time + ' ' + (this.linked() ? LINKED : '  ') +
      '\x80' + String.fromCharCode(BATTERY + Math.round(percent / 25)) + (power.usb() ? PLUGGED : ' ' + two(percent) + '%')
    );
  }

  /** How long it may still be out, while nothing else is to be said; empty: it is not taken out. */
  private away(): Bytes {
    const d = this.d;
    const g = d.custody.terms;
    const now = d.clock.now();
    if (g === undefined || g.action !== Action.TAKE_OUT || now === 0) return '';
    const left = Math.floor(((g.until as number) - now) / 60);
    return this.row(Word.AWAY, 0, left >= 2880 ? Math.floor(left / 1440) + ' d' : left >= 120 ? Math.floor(left / 60) + ' h' : (left < 0 ? 0 : left) + ' min');
  }

  private linked(): boolean {
    const d = this.d;
    return d.sessions.some((one) => one.peer.live() && d.uptime() - one.heard < HEARD);
  }
}

/** Two digits. */
function two(n: number): Bytes {
  return ('' + (100 + n)).substr(1);
}

/** Whether the bolt is to open, or the die is on its way. */
function still(d: Device): boolean {
  return d.use.phase === Phase.UNBOLTING || d.use.phase === Phase.PRESSING;
}
