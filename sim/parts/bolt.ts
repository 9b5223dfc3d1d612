/**
 * Bolt: a solenoid pulls it out of the die carrier's way, a spring pushes it back. Behind the processor's pin sits a
 * hardware one-shot (retriggered only by a new rising edge) that drops the coil after 3 s, whatever the pin says.
 *
 * Fault model
 * - No power, or pin not driven: the coil is off (pull-down); the spring closes the bolt.
 * - Carrier out: the bolt cannot close while the carrier stands in its way; it closes when the carrier comes home.
 * - Jammed closed: does not open. Jammed open: does not close (must raise an alarm, no use may start).
 * - Feedback switch: see switch.ts. Coil open: no pull.
 * - Not modelled: a one-shot that fails; it is a product requirement that it fails towards "off".
 */
import type { Event, World } from '../world/world';
import type { Switch } from './switch';

export const ONE_SHOT_MS = 3000;
const OPEN_MS = 35;
const CLOSE_MS = 60;

export type BoltFault = 'none' | 'jammed closed' | 'jammed open' | 'no coil';

export class Bolt {
  /** Called when the bolt has moved: true open. */
  onMove: ((open: boolean) => void) | undefined;
  /** Called when the coil goes on or off, for the battery. */
  onCoil: ((on: boolean) => void) | undefined;

  private readonly world: World;
  private readonly feedback: Switch;
  private readonly carrierHome: () => boolean;
  private pin = false;
  private coil = false;
  private isOpen = false;
  private broken: BoltFault = 'none';
  private oneShot: Event | undefined;
  private travel: Event | undefined;

  /** @param feedback switch that is closed when the bolt is closed */
  constructor(world: World, feedback: Switch, carrierHome: () => boolean) {
    this.world = world;
    this.feedback = feedback;
    this.carrierHome = carrierHome;
  }

  get fault(): BoltFault {
    return this.broken;
  }

  /** A bolt that comes free goes where coil or spring want it. */
  set fault(fault: BoltFault) {
    this.broken = fault;
    this.move(this.coil, this.coil ? OPEN_MS : CLOSE_MS);
  }

  /** Mechanical truth. */
  get open(): boolean {
    return this.isOpen;
  }

  get energised(): boolean {
    return this.coil;
  }

  /** Level of the processor's pin; undriven is false. */
  drive(high: boolean): void {
    if (high === this.pin) return;
    this.pin = high;
    if (this.oneShot !== undefined) this.world.cancel(this.oneShot);
    this.oneShot = undefined;
    if (high) this.oneShot = this.world.after(ONE_SHOT_MS, () => this.setCoil(false));
    this.setCoil(high);
  }

  /** The carrier came home: a bolt that waited for it closes. */
  carrierCameHome(): void {
    if (!this.coil && this.isOpen) this.move(false, CLOSE_MS);
  }

  private setCoil(on: boolean): void {
    if (on === this.coil) return;
    this.coil = on;
    this.onCoil?.(on);
    // Its own current may have been too much for a weak battery.
    if (this.coil !== on) return;
    this.move(on, on ? OPEN_MS : CLOSE_MS);
  }

  private move(open: boolean, ms: number): void {
    if (this.travel !== undefined) this.world.cancel(this.travel);
    this.travel = undefined;
    if (open === this.isOpen) return;
    this.travel = this.world.after(ms, () => {
      this.travel = undefined;
      if (open && (this.broken === 'jammed closed' || this.broken === 'no coil')) return;
      if (!open && (this.broken === 'jammed open' || !this.carrierHome())) return;
      this.isOpen = open;
      this.feedback.press(!open);
      this.onMove?.(open);
    });
  }
}
