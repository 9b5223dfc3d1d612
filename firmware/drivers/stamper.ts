/**
 * Stamping actuator: DC gear motor on a DRV8871 H-bridge (TI SLVSCY9B: IN1/IN2 high/low presses, low/high retracts, both
 * high brakes, both low for 1 ms sleeps), home and contact switches on the expander, motor current from the sense
 * resistor. The gear locks itself, so a braked motor keeps the die pressed.
 *
 * The mechanics must keep to these times at any battery voltage (HARDWARE.md): home switch open within 150 ms of full
 * drive, the die not on the paper before 400 ms, contact within 2.5 s, home within 4 s. A die that is pressed with less than full
 * drive is so from those 400 ms on: slower on the paper, it goes less deep before the motor brakes. Until then nothing is other than at
 * full drive, so what the times prove stays proven.
 */
import { Grade } from '../../protocol/evidence';
import type { Bytes } from '../../protocol/natives';
import type { Board } from '../board/board';
import { Stroke, Why, type Stamper, type StrokeResult } from '../core/parts';
import { Input, type Switches } from './expander';

/** Between two readings, ms. */
const SAMPLE = 10;
/** Home must be open by then, ms. */
const OFF_HOME = 250;
/** The shortest time in which the die can reach the paper, ms. */
const REACH = 400;
const TRAVEL = 2500;
/** The longest it may take however little it is driven, ms. */
const TRAVEL_MOST = 5000;
const WAY_HOME = 4000;
/** Start-up current is not a stall, ms. */
const INRUSH = 60;
/** mA, above it for STALLS readings: stalled. */
const STALL = 1000;
const STALLS = 3;
/** mA at full drive, of less drive that share of it: above it the pad was stiffer, or the way shorter, than it should be. */
const HEAVY = 1100;
/** Share of the force with which it is jogged, and for how long at most, ms. */
const JOG_DUTY = 0.5;
const JOG = 500;
/** Readings without an answer that end a movement. */
const SILENT = 5;
/** Entries of the trace: 3 bytes each behind 11 bytes of header, 62 in all. */
const ENTRIES = 17;
/** A trace entry at least so often, ms. */
const TRACE_EVERY = 300;
/** A running movement that has not been looked at for so long is not alive, ms. */
const LATE = 1000;

const enum Phase {
  IDLE = 0,
  PRESS = 1,
  /** The contact switch closed once; the motor is braked, the next reading decides. */
  TOUCH = 2,
  DWELL = 3,
  HOME = 4,
  /** A technician moves it. */
  JOG = 5,
}

export interface WatchedStamper extends Stamper {
  alive(): boolean;
}

function u16(value: number): Bytes {
  return String.fromCharCode(value >> 8, value & 255);
}

export function createStamper(board: Board, switches: Switches): WatchedStamper {
  let phase = Phase.IDLE;
  let finish: ((result: StrokeResult) => void) | undefined;
  let parked: ((ok: boolean) => void) | undefined;
  let timer = 0;
  /** Times in uptime ms. */
  let start = 0;
  let since = 0;
  let seen = 0;
  let traced = 0;
  let why = Why.FINE;
  /** Pressed on without knowing where: FAILED is out of the question. */
  let far = false;
  /** Of a jog: the switch that ends it, and after how long it ends, ms. */
  let until = 0;
  let span = 0;
  let offHome = 0;
  let contactAt = 0;
  let homeAt = 0;
  let peak = 0;
  let dwell = 0;
  let travel = TRAVEL;
  /** Share of full drive from REACH on. */
  let drive = 1;
  let slowed = false;
  /** Greatest current since then, mA. */
  let push = 0;
  /** Readings in the dwell that found the contact open, and whether it came to its end. */
  let lost = 0;
  let held = false;
  let stalls = 0;
  let silent = 0;
  let entries = 0;
  let entry = -1;
  let trace = '';

  function note(now: number, closed: number, current: number): void {
    const bits = (phase << 4) | (closed < 0 ? 8 : ((closed & Input.CONTACT) >> 4) | ((closed & Input.HOME) >> 4));
    if (entries >= ENTRIES || (bits === entry && now - traced < TRACE_EVERY)) return;
    entries++;
    entry = bits;
    traced = now;
    const time = (now - start) >> 5;
    const share = current >> 3;
    trace += String.fromCharCode(time > 255 ? 255 : time, bits, share > 255 ? 255 : share);
  }

  function begin(next: Phase): void {
    phase = next;
    since = board.uptime();
    stalls = 0;
    silent = 0;
  }

  function end(): void {
    board.motor(0);
    board.cancel(timer);
    phase = Phase.IDLE;
    const done = finish;
    const home = parked;
    finish = undefined;
    parked = undefined;
    if (home) home(why === Why.FINE);
    if (!done) return;
    let result = Stroke.STAMPED;
    let grade: number = lost > 0 || !held ? Grade.LIGHT : push > HEAVY * drive ? Grade.HEAVY : Grade.GOOD;
    if (contactAt === 0) {
      result = far ? Stroke.UNKNOWN : Stroke.FAILED;
      grade = 0;
    }
    done({
      result,
      why,
      grade,
      trace: '\x01' + String.fromCharCode(why) + u16(contactAt) + u16(homeAt) + u16(peak) + u16(offHome) + String.fromCharCode(entries) + trace,
    });
  }

  function goHome(reason: Why): void {
    if (why === Why.FINE) why = reason;
    begin(Phase.HOME);
    board.motor(-1);
  }

  /** One reading; the work of a phase. */
  function look(): void {
    const now = board.uptime();
    seen = now;
    timer = board.after(SAMPLE, tick);
    const closed = switches.read();
    const current = board.motorCurrent();
    const elapsed = now - since;
    note(now, closed, current);
    if (current > STALL * (slowed && phase !== Phase.HOME ? drive : 1) && elapsed > INRUSH) stalls++;
    else stalls = 0;
    if (closed < 0) silent++;
    else silent = 0;
    if (phase === Phase.HOME) {
      const home = closed >= 0 && (closed & Input.HOME) !== 0;
      if (closed > 0 && !home && closed & Input.CONTACT) far = true;
      if (home) {
        homeAt = now - start;
        if (closed & Input.CONTACT && why === Why.FINE) why = Why.CONTACT_STUCK;
      } else if (stalls < STALLS && elapsed < WAY_HOME) return;
      else {
        // Nobody knows where it is, nor whether the bridge obeyed.
        far = true;
        if (why === Why.FINE) why = Why.NOT_HOME;
      }
      end();
      return;
    }
    if (current > peak) peak = current;
    if (phase === Phase.JOG) {
      const reached = closed >= 0 && (closed & until) !== 0;
      if (elapsed < span && stalls < STALLS && silent === 0 && !reached) return;
      if (reached && until === Input.CONTACT) contactAt = now - start;
      goHome(stalls >= STALLS ? Why.STALL : silent > 0 ? Why.SILENT : Why.FINE);
      return;
    }
    if (phase === Phase.DWELL) {
      if (closed >= 0 && !(closed & Input.CONTACT)) lost++;
      if (elapsed >= dwell) {
        held = true;
        goHome(Why.FINE);
      }
      return;
    }
    if (now - start >= REACH) {
      far = true;
      if (current > push) push = current;
      if (!slowed) {
        slowed = true;
        if (phase === Phase.PRESS && drive < 1) board.motor(drive);
      }
    }
    // A spike, or no answer: press on. The limits count from the start.
    if (phase === Phase.TOUCH && (closed < 0 || !(closed & Input.CONTACT))) {
      begin(Phase.PRESS);
      board.motor(slowed ? drive : 1);
    }
    if (closed < 0) {
      if (silent >= SILENT) goHome(Why.SILENT);
      return;
    }
    if (!(closed & Input.HOME) && offHome === 0) offHome = now - start;
    if (closed & Input.CONTACT) {
      if (phase === Phase.TOUCH) {
        contactAt = now - start;
        begin(Phase.DWELL);
      } else {
        far = true;
        begin(Phase.TOUCH);
        board.motor(0);
      }
      return;
    }
    if (stalls >= STALLS) goHome(Why.STALL);
    else if (offHome === 0 && now - start >= OFF_HOME) goHome(Why.NO_MOTION);
    else if (now - start >= travel) goHome(Why.NO_CONTACT);
  }

  /** The motor is made safe whatever happens in a reading. */
  function tick(): void {
    try {
      look();
    } catch (error) {
      far = true;
      why = Why.STOPPED;
      end();
      throw error;
    }
  }

  function refuse(done: (result: StrokeResult) => void, reason: Why): void {
    done({ result: Stroke.FAILED, why: reason, grade: 0, trace: '\x01' + String.fromCharCode(reason) });
  }

  function clear(): void {
    start = board.uptime();
    seen = start;
    traced = start;
    why = Why.FINE;
    far = false;
    offHome = 0;
    contactAt = 0;
    homeAt = 0;
    peak = 0;
    push = 0;
    lost = 0;
    held = false;
    slowed = false;
    entries = 0;
    entry = -1;
    trace = '';
  }

  board.motor(0);
  return {
    press(ms: number, duty: number, done: (result: StrokeResult) => void): void {
      const closed = switches.read();
      if (phase !== Phase.IDLE) refuse(done, Why.STOPPED);
      else if (closed < 0) refuse(done, Why.SILENT);
      else if (closed & Input.CONTACT) refuse(done, Why.CONTACT_BEFORE);
      else if (!(closed & Input.HOME)) refuse(done, Why.NOT_HOME);
      else {
        clear();
        finish = done;
        dwell = ms;
        drive = duty / 100;
        travel = REACH + (TRAVEL - REACH) / drive;
        if (travel > TRAVEL_MOST) travel = TRAVEL_MOST;
        begin(Phase.PRESS);
        timer = board.after(SAMPLE, tick);
        board.motor(1);
      }
    },
    jog(way: number, ms: number, done: (result: StrokeResult) => void): void {
      if (phase !== Phase.IDLE) return refuse(done, Why.STOPPED);
      clear();
      far = true;
      drive = JOG_DUTY;
      slowed = true;
      until = way > 0 ? Input.CONTACT : Input.HOME;
      span = ms < JOG ? ms : JOG;
      finish = done;
      begin(Phase.JOG);
      timer = board.after(SAMPLE, tick);
      board.motor(way > 0 ? JOG_DUTY : -JOG_DUTY);
    },
    stop(): void {
      if (phase === Phase.IDLE) {
        board.motor(0);
        return;
      }
      if (phase !== Phase.HOME && board.uptime() - start >= REACH) far = true;
      why = Why.STOPPED;
      end();
    },
    home(): boolean {
      return switches.is(Input.HOME);
    },
    contact(): boolean {
      return switches.is(Input.CONTACT);
    },
    park(done: (ok: boolean) => void): void {
      if (phase !== Phase.IDLE) {
        done(false);
        return;
      }
      const closed = switches.read();
      if (closed >= 0 && closed & Input.HOME) {
        done(true);
        return;
      }
      clear();
      parked = done;
      timer = board.after(SAMPLE, tick);
      goHome(Why.FINE);
    },
    alive(): boolean {
      return phase === Phase.IDLE || board.uptime() - seen < LATE;
    },
  };
}
