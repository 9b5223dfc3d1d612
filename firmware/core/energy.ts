/**
 * The battery, and what is switched off to spare it. No stroke is begun that the battery cannot finish: by the voltage at rest, and, because
 * a worn or cold cell shows itself under load only, by how far the bolt's coil pulls it down before the motor moves.
 */
import { RefusalCode } from '../../protocol/generated/codec';
import { LOW_MV } from './alarms';
import { Stage } from './ceremony';
import type { Device } from './device';
import { Asked } from './dialog';
import { Phase } from './states';

/** A battery that was low counts as such until it has this much again: without its load its voltage rises by itself. mV */
const ENOUGH_MV = 3600;
/** What must be left with coil and stalled motor together: the supply's supervisor ends everything at 2.9 V. mV */
const LEAST_MV = 3000;
/** Coil and stalled motor draw at most so many tenths of what the coil draws alone (HARDWARE.md, "Energy"). */
const LOAD = 32;
/** Without USB it falls asleep when so long nothing happened. ms */
const AWAKE = 120000;

export class Energy {
  private d: Device;
  /** Low by its voltage at rest; too weak under load, until it was charged. */
  low: boolean;
  private worn: boolean;
  /** Before the bolt's coil was switched on, mV. */
  private rest: number;
  asleep: boolean;
  /** When something happened last, uptime. */
  private since: number;
  private tray: number;

  constructor(d: Device) {
    this.d = d;
    this.low = false;
    this.worn = false;
    this.rest = 0;
    this.asleep = false;
    this.since = d.uptime();
    this.tray = -1;
  }

  /** 0, or BATTERY_LOW where no stroke may be begun. */
  judge(): number {
    const power = this.d.parts.power;
    this.rest = power.millivolts();
    if (power.usb()) {
      this.low = false;
      this.worn = false;
    } else if (this.rest < LOW_MV) this.low = true;
    else if (this.rest >= ENOUGH_MV) this.low = false;
    return this.low || this.worn ? RefusalCode.BATTERY_LOW : 0;
  }

  /** With the coil switched on: whether the battery will bear the motor as well. */
  bears(): boolean {
    const power = this.d.parts.power;
    if (power.usb()) return true;
    const sag = this.rest - power.millivolts();
    this.worn = this.rest - (sag * LOAD) / 10 < LEAST_MV;
    return !this.worn;
  }

  /** Something happened: what sleeps wakes. */
  wake(): void {
    const parts = this.d.parts;
    this.since = this.d.uptime();
    if (!this.asleep) return;
    this.asleep = false;
    parts.signal.dim(false);
    this.d.screen.changed();
  }

  /** Once a second: falls asleep where nobody is there and nothing is under way. */
  look(): void {
    const d = this.d;
    const parts = d.parts;
    this.judge();
    const tray = d.use.tray;
    if (d.use.phase !== Phase.IDLE || parts.power.usb() || tray !== this.tray || d.stage > Stage.OFFERED || d.dialog.asked !== Asked.NOTHING || d.maintenance !== undefined || (d.viewer !== undefined && d.viewer.view)) this.wake();
    this.tray = tray;
    if (this.asleep || d.uptime() - this.since < AWAKE) return;
    this.asleep = true;
    parts.display.dark();
    parts.camera.rest();
    parts.signal.dim(true);
  }
}
