/**
 * Stamping actuator: a DC gear motor drives the die carrier from home (0 mm) down to the paper. Motion is piecewise
 * linear: whatever acts on it (duty, bolt, power, a jam) first brings the position up to now, then the next place where
 * something happens is entered in the agenda. Nothing ticks.
 *
 *   0.0 home end stop · 0.3 home switch opens · 1.0 the closed bolt stops the carrier · TOUCH the die meets paper or tray ·
 *   TOUCH+0.4 the contact (force) switch closes · TOUCH+1.2 end of compression: the motor stalls
 *
 * Fault model
 * - Power lost at any place: the motor stops there (the gear locks itself); the die may stay on the paper.
 * - Jam: the carrier stops at a place and draws stall current. Weak: slower, by a factor.
 * - No contact: the contact switch never closes although the die prints. Contact stuck: closed all the time. Home switch
 *   stuck or dead. All of these lie in the switches. "Sticks": after contact the contact switch stays closed.
 * - No floor (tray taken out), or no die in the holder: nothing is ever met: no stroke, no contact.
 * - Welded driver: the motor presses whatever the pins say, while power is there.
 * - Current sense dead: reads zero.
 * - Stiff pad: the pad pushes back more than it should, by a factor: the print comes out heavy.
 * - Must be survived: every one, with the die never out of home behind a closed bolt. May be lost: a print's quality.
 * - Not modelled: gear backlash, the die bouncing (two touches within one press).
 */
import type { Event, Random, World } from '../world/world';
import type { Switch } from './switch';

export const HOME_SWITCH_MM = 0.3;
export const BOLT_STOP_MM = 1.0;
export const TOUCH_MM = 20;
export const CONTACT_MM = TOUCH_MM + 0.4;
export const END_MM = TOUCH_MM + 1.2;
/** Full duty, nominal voltage. */
export const SPEED_MM_PER_MS = 0.025;
export const RUN_MA = 180;
export const STALL_MA = 1500;
const INRUSH_MA = 700;
const INRUSH_MS = 40;
/** Below this duty the gear does not turn. */
const BREAKAWAY = 0.15;

export interface ActuatorFaults {
  /** Stops the carrier when it comes past this place on its way out, mm; undefined: no jam. */
  jamAt: number | undefined;
  /** Stops the carrier on its way home at this place, mm. */
  jamHomeAt: number | undefined;
  /** Share of the nominal speed. */
  strength: number;
  /** Nothing under the die. */
  noFloor: boolean;
  /** The bridge conducts whatever the pins say. */
  welded: boolean;
  currentSenseDead: boolean;
  stiffness: number;
}

export class Actuator {
  readonly faults: ActuatorFaults = {
    jamAt: undefined, jamHomeAt: undefined, strength: 1, noFloor: false, welded: false, currentSenseDead: false, stiffness: 1,
  };
  /** The die meets whatever lies under it. */
  onTouch: (() => void) | undefined;
  /** The die leaves it again, or what lies there is taken away; force: greatest pressure since the touch, 1 nominal. */
  onLeave: ((force: number) => void) | undefined;
  /** The carrier is so far home that a bolt that waited for it can close. */
  onHome: (() => void) | undefined;
  /** Called when the load on the battery changes. */
  onLoad: (() => void) | undefined;

  private readonly world: World;
  private readonly random: Random;
  private readonly homeSwitch: Switch;
  private readonly contactSwitch: Switch;
  private readonly boltOpen: () => boolean;
  private readonly hasDie: () => boolean;
  private position = 0;
  private since = 0;
  private velocity = 0;
  private duty = 0;
  private startedAt = -Infinity;
  private powered = false;
  private down = false;
  private deepest = 0;
  private next: Event | undefined;

  constructor(world: World, random: Random, homeSwitch: Switch, contactSwitch: Switch, boltOpen: () => boolean, hasDie: () => boolean) {
    this.world = world;
    this.random = random;
    this.homeSwitch = homeSwitch;
    this.contactSwitch = contactSwitch;
    this.boltOpen = boltOpen;
    this.hasDie = hasDie;
  }

  /** Millimetres from home, now. */
  get positionMm(): number {
    return this.position + this.velocity * (this.world.now - this.since);
  }

  get moving(): boolean {
    return this.velocity !== 0;
  }

  /** The die stands on the paper. */
  get touching(): boolean {
    return this.down;
  }

  power(on: boolean): void {
    this.powered = on;
    this.duty = 0;
    this.refresh();
  }

  /** Duty of the bridge, -1 (home) .. 1 (press). */
  drive(duty: number): void {
    if (duty === this.duty) return;
    if (Math.sign(duty) !== Math.sign(this.duty)) this.startedAt = this.world.now;
    this.duty = duty;
    this.refresh();
  }

  /** Something that the motion depends on has changed (bolt, faults). */
  refresh(): void {
    const now = this.world.now;
    this.position = this.positionMm;
    this.since = now;
    this.velocity = this.speed();
    this.plan();
    this.onLoad?.();
  }

  /** Motor current, mA, as the sense pin shows it. */
  currentMa(): number {
    if (this.faults.currentSenseDead) return 0;
    const current = this.loadMa();
    return current === 0 ? 0 : current * this.random.between(0.97, 1.03);
  }

  /** What the motor draws from the battery, mA. */
  loadMa(): number {
    const duty = this.effectiveDuty();
    if (duty === 0) return 0;
    const strength = Math.abs(duty);
    if (this.velocity === 0) return STALL_MA * strength;
    const pressed = this.positionMm - TOUCH_MM;
    const pressing = pressed > 0 && duty > 0 && this.meets() ? this.faults.stiffness * (STALL_MA - RUN_MA) * Math.min(1, pressed / (END_MM - TOUCH_MM)) : 0;
    const inrush = this.world.now - this.startedAt < INRUSH_MS ? INRUSH_MA : 0;
    return Math.min(STALL_MA, RUN_MA + pressing + inrush) * strength;
  }

  /** The sheet under the die was pulled away or pushed in while the die stands on it. */
  floorChanged(): void {
    if (!this.down) return;
    this.lift();
    this.land();
  }

  /** The die was taken out of its holder, or fitted, wherever the carrier stands. */
  holderChanged(): void {
    const at = this.positionMm;
    const meets = this.meets();
    if (at >= TOUCH_MM && meets) this.land();
    else this.lift();
    this.contactSwitch.press(at >= CONTACT_MM && meets);
    this.refresh();
  }

  private meets(): boolean {
    return !this.faults.noFloor && this.hasDie();
  }

  private effectiveDuty(): number {
    if (!this.powered) return 0;
    if (this.faults.welded) return 1;
    return Math.abs(this.duty) < BREAKAWAY ? 0 : this.duty;
  }

  private limits(): { low: number; high: number } {
    const { jamAt, jamHomeAt } = this.faults;
    let high = this.meets() ? END_MM : END_MM + 1;
    // The bolt can only stop a carrier that has not passed it.
    if (!this.boltOpen() && this.position <= BOLT_STOP_MM) high = BOLT_STOP_MM;
    if (jamAt !== undefined && this.position <= jamAt) high = Math.min(high, jamAt);
    let low = 0;
    if (jamHomeAt !== undefined && this.position >= jamHomeAt) low = Math.max(low, jamHomeAt);
    return { low, high };
  }

  private speed(): number {
    const duty = this.effectiveDuty();
    if (duty === 0) return 0;
    const { low, high } = this.limits();
    if (duty > 0 && this.position >= high) return 0;
    if (duty < 0 && this.position <= low) return 0;
    return duty * SPEED_MM_PER_MS * this.faults.strength;
  }

  /** Enters the next place where something happens. */
  private plan(): void {
    if (this.next !== undefined) this.world.cancel(this.next);
    this.next = undefined;
    if (this.velocity === 0) return;
    const { low, high } = this.limits();
    const places = [0, HOME_SWITCH_MM, BOLT_STOP_MM, TOUCH_MM, CONTACT_MM, low, high];
    let target = this.velocity > 0 ? high : low;
    for (const place of places) {
      if (this.velocity > 0 && place > this.position && place < target) target = place;
      if (this.velocity < 0 && place < this.position && place > target) target = place;
    }
    this.next = this.world.after((target - this.position) / this.velocity, () => this.arrive(target));
  }

  private arrive(place: number): void {
    this.next = undefined;
    const outward = this.velocity > 0;
    this.position = place;
    this.since = this.world.now;
    this.deepest = Math.max(this.deepest, place);
    if (place === HOME_SWITCH_MM) this.homeSwitch.press(!outward);
    if (place === TOUCH_MM) {
      if (outward && this.meets()) this.land();
      else this.lift();
    }
    if (place === CONTACT_MM) this.contactSwitch.press(outward && this.meets());
    if (place === HOME_SWITCH_MM && !outward) this.onHome?.();
    const before = this.velocity;
    this.velocity = this.speed();
    this.plan();
    if (this.velocity !== before) this.onLoad?.();
  }

  private land(): void {
    if (this.down) return;
    this.down = true;
    this.deepest = this.position;
    this.onTouch?.();
  }

  private lift(): void {
    if (!this.down) return;
    this.down = false;
    this.deepest = Math.max(this.deepest, this.positionMm);
    const force = Math.min(1.25, Math.max(0.05, (this.deepest - TOUCH_MM) / (CONTACT_MM + 0.2 - TOUCH_MM)));
    this.onLeave?.(force);
  }
}
