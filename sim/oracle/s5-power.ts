/**
 * S5, a stroke that the battery cannot finish is not begun: at the intent it is not low, and when the die comes down it would bear the stalled
 * motor beside the bolt's coil. What it can bear its own cell says, not what the unit has measured.
 */
import type { Fact, Invariant } from './facts';
import { Kind, type Known } from './known';

/** Below this no use is begun, beyond what a reading may be off; 3500 is the limit. mV */
const LOW_MV = 3450;
/** Coil and stalled motor, and the rest of the unit. mA */
const MOST_MA = 2270;
/** The unit leaves some room, and reads to within some. mV */
const JUST_MV = 3050;
/** The supply gives up. mV */
const BROWN_OUT_MV = 2900;

export interface Cell {
  readonly usb: boolean;
  millivolts(): number;
  /** Its voltage under this current, mV. */
  under(ma: number): number;
}

export class Power implements Invariant {
  readonly id = 'S5';
  /** When the bolt opened last, the battery would not have borne the motor, or only just: a stroke may fail for it, and locks nothing. */
  weak = false;
  /** When the cell was changed under the unit's hands. */
  private changed = -Infinity;

  constructor(private readonly known: Known, private readonly cell: Cell) {}

  see(fact: Fact): void {
    const { known, cell } = this;
    if (fact.what === 'plugged' || (fact.what === 'fault' && fact.bends.includes('power'))) this.changed = known.now();
    if (this.changed === known.now() && known.intent !== undefined) this.weak = true;
    // A cell changed since the intent makes nonsense of what the unit compares: its voltage at rest and under load.
    if (fact.what === 'bolt' && fact.open) this.weak = (known.intent !== undefined && this.changed >= known.intent.at) || (!cell.usb && cell.under(MOST_MA) < JUST_MV);
    if (cell.usb || known.bent(['program'], known.now())) return;
    if (fact.what === 'record' && fact.record.kind === Kind.INTENT && known.now() - this.changed > 100 && cell.millivolts() < LOW_MV) {
      known.broken('S5', `intent ${fact.record.seq} on a battery of ${Math.round(cell.millivolts())} mV`);
    }
    const intent = known.intent;
    if (fact.what === 'stroke' && intent !== undefined && intent.at > this.changed && cell.under(MOST_MA) < BROWN_OUT_MV) {
      known.broken('S5', `a stroke that the battery cannot finish: ${Math.round(cell.under(MOST_MA))} mV if the motor stalls`);
    }
  }
}
