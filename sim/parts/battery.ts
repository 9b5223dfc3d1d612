/**
 * Battery (one lithium cell) and USB supply. Charge is integrated lazily, when the load changes or someone looks.
 *
 * Fault model
 * - Runs down; sags under load by its inner resistance; a weak cell has more of it. Below the brown-out voltage the
 *   processor and everything on its supply stop at that instant, as in any power cut.
 * - Taken out: without USB, power is gone.
 * - Must be survived: brown-out at any instant, again and again. May be lost: what any power cut may cost.
 * - Not modelled: charging curve (constant current up to full), temperature, self-discharge.
 */
import type { Event, World } from '../world/world';

/** Open-circuit voltage over charge of a common LiPo cell, mV, from empty to full in tenths. */
const CURVE = [3000, 3550, 3650, 3700, 3740, 3780, 3840, 3920, 4000, 4090, 4180];
export const BROWN_OUT_MV = 2900;
const CHARGE_MA = 100;
const MS_PER_HOUR = 3_600_000;

export class Battery {
  capacityMah = 1200;
  /** Ohm. */
  resistance = 0.15;
  /** Called when the supply falls below what the processor needs. */
  onBrownOut: (() => void) | undefined;

  private readonly world: World;
  private chargeMah: number;
  private loadMa = 0;
  private usbPresent: boolean;
  private at = 0;
  private watch: Event | undefined;

  constructor(world: World, usb: boolean, share = 0.9) {
    this.world = world;
    this.usbPresent = usb;
    this.chargeMah = this.capacityMah * share;
  }

  get usb(): boolean {
    return this.usbPresent;
  }

  set usb(present: boolean) {
    this.settle();
    this.usbPresent = present;
    this.check();
  }

  /** Share of the charge left, 0..1. */
  get charge(): number {
    this.settle();
    return this.chargeMah / this.capacityMah;
  }

  set charge(share: number) {
    this.settle();
    this.chargeMah = this.capacityMah * Math.min(1, Math.max(0, share));
    this.check();
  }

  /** What the whole unit draws, mA. */
  load(ma: number): void {
    if (ma === this.loadMa) return;
    this.settle();
    this.loadMa = ma;
    this.check();
  }

  /** Terminal voltage under the present load, mV. */
  millivolts(): number {
    return this.under(this.usbPresent ? 0 : this.loadMa);
  }

  /** Terminal voltage under such a load, mV. */
  under(ma: number): number {
    this.settle();
    const share = Math.min(1, Math.max(0, this.chargeMah / this.capacityMah)) * 10;
    const low = Math.min(9, Math.floor(share));
    const open = CURVE[low]! + (CURVE[low + 1]! - CURVE[low]!) * (share - low);
    return Math.max(0, open - ma * this.resistance);
  }

  /** True when the supply carries the processor. */
  alive(): boolean {
    return this.usbPresent || this.millivolts() >= BROWN_OUT_MV;
  }

  private settle(): void {
    const hours = (this.world.now - this.at) / MS_PER_HOUR;
    this.at = this.world.now;
    const net = this.usbPresent ? CHARGE_MA : -this.loadMa;
    this.chargeMah = Math.min(this.capacityMah, Math.max(0, this.chargeMah + net * hours));
  }

  private check(): void {
    if (this.watch !== undefined) this.world.cancel(this.watch);
    this.watch = undefined;
    if (!this.alive()) {
      this.onBrownOut?.();
      return;
    }
    if (this.usbPresent || this.loadMa <= 0) return;
    // Look again before the tenth of the curve under way can be used up.
    const ms = (Math.max(this.chargeMah * 0.05, this.capacityMah * 0.002) / this.loadMa) * MS_PER_HOUR;
    this.watch = this.world.after(ms, () => this.check());
  }
}
