/**
 * The processor of a unit: power, reset, watchdog, pins, and the one thread on which the interpreter runs.
 *
 * Time: a turn of JavaScript takes no virtual time by itself; what is known to be slow (erasing flash, bus transfers,
 * reading the clock in a loop) is charged with spend(). The clock that the firmware reads includes it, and no other turn
 * begins before it is over. Outputs within a turn change at its beginning.
 *
 * Fault model: power goes at any call of the interpreter's functions (see cut()); from then on every such call throws,
 * no timer and no event of that run comes any more, and all pins are undriven. A hang (see hang()) ends in the watchdog. The
 * interpreter may fail a call that needs memory or a bus, which throws (see failAt()). The
 * crystal drifts (see drift()): the firmware's clock may gain or lose what the authority's next answer corrects.
 */
import type { Event, World } from '../world/world';

/** Ends a turn of a processor that has no power any more. Firmware may catch it; the next call throws it again. */
export class Halt extends Error {
  override name = 'Halt';
}

/** Value of NRF_POWER->RESETREAS (nRF52840 PS v1.1, 5.3.7.9). */
export const ResetReason = { POWER_ON: 0, PIN: 1, WATCHDOG: 2, SOFTWARE: 4 } as const;

/** Calls within one turn after which the firmware is taken to be caught in a loop. */
const CALLS_MAX = 3_000_000;
/** From reset to the first line of the bundle: boot loader, SoftDevice, interpreter. */
const BOOT_MS = 350;
/** The shortest time a timer waits: one pass of the interpreter's idle loop. */
const PASS_MS = 0.25;

export interface ProcessorEvents {
  /** Runs the bundle. */
  start(): void;
  /** All pins undriven, buses idle. */
  release(): void;
  onException(error: unknown): void;
  onHalt(why: 'cut' | 'reset' | 'hang'): void;
}

/** A timer of the interpreter. */
interface Timer {
  readonly id: number;
  readonly call: () => void;
  /** Interval, ms; undefined: once. */
  readonly again: number | undefined;
  due: number;
  event: Event | undefined;
  /** Made once, however often it fires. */
  readonly fire: () => void;
}

export class Processor {
  resetReason: number = ResetReason.POWER_ON;
  /** Number of runs so far; the run under way. */
  run = 0;
  powered = false;

  private readonly world: World;
  private readonly events: ProcessorEvents;
  private crystal = { ppm: 0, at: 0, time: 0 };
  private running = false;
  private hung = false;
  private inTurn = false;
  private busyUntil = 0;
  private calls = 0;
  private nextTimer = 1;
  /** Those that run: a handful, so that looking through them is quicker than any index. */
  private timers: Timer[] = [];
  private booting: Event | undefined;
  private watchdogMs = 0;
  private watchdogAuto = false;
  private kickedAt = 0;
  private watchdog: Event | undefined;
  /** Calls that can fail until one does; 0: none does. */
  private failIn = 0;

  constructor(world: World, events: ProcessorEvents) {
    this.world = world;
    this.events = events;
  }

  /** True while the firmware runs. */
  get alive(): boolean {
    return this.running;
  }

  powerOn(): void {
    if (this.powered) return;
    this.powered = true;
    this.boot(ResetReason.POWER_ON);
  }

  /** Power is gone, now. When called within a turn, the caller's next call into the processor throws. */
  cut(): void {
    if (!this.powered) return;
    this.powered = false;
    this.stop('cut');
  }

  /** Restarts. When called within a turn, throws Halt. */
  reset(reason: number): void {
    if (!this.powered) return;
    this.stop('reset');
    this.boot(reason);
    if (this.inTurn) throw new Halt('reset');
  }

  /** The firmware never comes back from here; only the watchdog helps. */
  hang(): never {
    this.hung = true;
    this.events.onHalt('hang');
    throw new Halt('hang');
  }

  /** Every function of the interpreter calls this first. */
  check(): void {
    if (!this.running || this.hung) throw new Halt('no power');
    if (++this.calls > CALLS_MAX) this.hang();
  }

  /** The n-th call from now of those that can fail throws; 0: none does any more. */
  failAt(n: number): void {
    this.failIn = n;
  }

  /** Functions that need memory or a bus call this. */
  mayFail(): void {
    if (this.failIn > 0 && --this.failIn === 0) throw new Error('Not enough memory for result');
  }

  /** Virtual milliseconds as the firmware sees them. */
  clock(): number {
    return this.busyUntil > this.world.now ? this.busyUntil : this.world.now;
  }

  /** The crystal's time, ms: what the firmware's clock shows. Timers do not follow it; a few minutes of them are no matter. */
  crystalTime(): number {
    const { ppm, at, time } = this.crystal;
    return time + (this.clock() - at) * (1 + ppm / 1e6);
  }

  /** The crystal runs too fast (or too slow, < 0) by so many parts in a million from now on. */
  drift(ppm: number): void {
    this.crystal = { ppm, at: this.clock(), time: this.crystalTime() };
  }

  /** Charges time to the turn under way. */
  spend(ms: number): void {
    this.busyUntil = this.clock() + ms;
  }

  /** Calls into the firmware from outside a turn, as soon as the interpreter is free. */
  enter(call: () => void): void {
    if (!this.running || this.hung) return;
    if (this.inTurn || this.busyUntil > this.world.now) {
      const run = this.run;
      this.world.at(this.clock(), () => {
        if (run === this.run) this.enter(call);
      });
      return;
    }
    this.turn(call);
  }

  setTimer(call: () => void, ms: number, again: boolean): number {
    this.check();
    const wait = ms > PASS_MS ? ms : PASS_MS;
    const timer: Timer = {
      id: this.nextTimer++, call, again: again ? wait : undefined, due: this.clock() + wait, event: undefined, fire: () => this.fire(timer),
    };
    timer.event = this.world.at(timer.due, timer.fire);
    this.timers.push(timer);
    return timer.id;
  }

  clearTimer(id: number): void {
    this.check();
    const { timers } = this;
    for (let i = 0; i < timers.length; i++) {
      const timer = timers[i]!;
      if (timer.id !== id) continue;
      this.world.cancel(timer.event!);
      this.forget(timer);
      return;
    }
  }

  clearTimers(): void {
    for (const timer of this.timers) this.world.cancel(timer.event!);
    this.timers = [];
  }

  enableWatchdog(seconds: number, auto: boolean): void {
    this.check();
    this.watchdogMs = seconds * 1000;
    this.watchdogAuto = auto;
    this.kickedAt = this.clock();
    if (this.watchdog === undefined) this.watch(this.kickedAt + this.watchdogMs);
  }

  kickWatchdog(): void {
    this.check();
    this.kickedAt = this.clock();
  }

  private fire(timer: Timer): void {
    const { world } = this;
    if (this.busyUntil > world.now) {
      timer.event = world.at(this.busyUntil, timer.fire);
      return;
    }
    if (timer.again === undefined) this.forget(timer);
    else {
      // Intervals keep their phase; a late one runs again at once until it has caught up.
      timer.due += timer.again;
      timer.event = world.at(timer.due, timer.fire);
    }
    this.turn(timer.call);
  }

  private forget(timer: Timer): void {
    const { timers } = this;
    const last = timers.pop()!;
    if (last !== timer) timers[timers.indexOf(timer)] = last;
  }

  private turn(call: () => void): void {
    if (this.hung) return;
    this.calls = 0;
    this.inTurn = true;
    try {
      call();
    } catch (error) {
      // An ordinary exception is printed; the interval that threw it goes on (espruino.md, 6.8).
      if (!(error instanceof Halt)) this.events.onException(error);
    } finally {
      this.inTurn = false;
    }
  }

  private boot(reason: number): void {
    this.resetReason = reason;
    this.booting = this.world.after(BOOT_MS, () => {
      this.booting = undefined;
      this.run++;
      this.running = true;
      this.hung = false;
      this.busyUntil = 0;
      this.turn(() => this.events.start());
    });
  }

  private stop(why: 'cut' | 'reset'): void {
    this.running = false;
    this.clearTimers();
    if (this.booting !== undefined) this.world.cancel(this.booting);
    if (this.watchdog !== undefined) this.world.cancel(this.watchdog);
    this.booting = undefined;
    this.watchdog = undefined;
    this.events.release();
    this.events.onHalt(why);
  }

  private watch(at: number): void {
    this.watchdog = this.world.at(at, () => {
      this.watchdog = undefined;
      const due = this.kickedAt + this.watchdogMs;
      if (this.watchdogAuto && !this.hung) this.watch(this.world.now + this.watchdogMs);
      else if (due > this.world.now) this.watch(due);
      else this.reset(ResetReason.WATCHDOG);
    });
  }
}
