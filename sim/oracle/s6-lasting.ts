/**
 * S6, conditions that last: a switch that contradicts what it should say at rest, switches that do not answer, a battery that
 * is nearly empty. While one lasts its alarm stands, and comes back after every clearing.
 */
import type { Bend, Fact, Invariant } from './facts';
import { Kind, type Known } from './known';

interface State {
  condition: number;
  text: string;
  /** Another fault that bends these hides it. */
  hidden: readonly Bend[];
  holds(faults: ReadonlySet<string>): boolean;
}

/** Three looks, one a second, believe it; eight believe it again. A use may put off the looks. Milliseconds. */
const SEEN_MS = 20_000;
/** The firmware has come to rest so long after a start. */
const START_MS = 8000;
/** Below this the battery is critical beyond what a reading may be off; 3300 is the limit. */
const CRITICAL_MV = 3230;

function fault(condition: number, text: string, names: readonly string[], hidden: readonly Bend[] = ['switches']): State {
  return { condition, text, hidden, holds: (faults) => names.some((name) => faults.has(name)) };
}

export class Lasting implements Invariant {
  readonly id = 'S6';
  private readonly faults = new Set<string>();
  private readonly conditions: readonly State[];
  /** Since when each condition has been there, in sight and without its alarm. */
  private readonly since = new Map<State, number>();

  constructor(private readonly known: Known, battery: { readonly usb: boolean; millivolts(): number }) {
    this.conditions = [
      fault(3, 'the home switch never closes', ['home switch stuck open']),
      fault(4, 'the contact switch is closed without a stroke', ['contact switch stuck closed', 'contact switch inverted']),
      fault(5, 'the bolt does not say that it is closed', ['bolt switch stuck open', 'bolt switch inverted']),
      fault(11, 'the switches do not answer', ['switches silent'], []),
      // One that says nothing, or nonsense, is not known to be another one.
      { condition: 20, text: 'the reader is another one', hidden: [], holds: (faults) => faults.has('reader replaced') && ![...faults].some((name) => name.startsWith('reader ') && name !== 'reader replaced') },
      { condition: 6, text: 'the battery is nearly empty', hidden: [], holds: () => !battery.usb && battery.millivolts() < CRITICAL_MV },
    ];
  }

  see(fact: Fact): void {
    const { known, faults } = this;
    this.look();
    if (fact.what === 'fault' && fact.on) faults.add(fact.name);
    if (fact.what === 'fault' && !fact.on) faults.delete(fact.name);
    // A stroke, or a new start, puts everything else off.
    if (fact.what === 'run' || (fact.what === 'record' && (fact.record.kind === Kind.INTENT || fact.record.kind === Kind.OUTCOME))) this.since.clear();
    if (fact.what === 'record' && fact.record.kind === Kind.CLEARED) this.since.clear();
    for (const one of this.conditions) {
      const open = one.holds(faults) && !known.alarms.has(one.condition) && known.running !== undefined && !known.bent(one.hidden, known.now()) && !known.bent(['flash', 'program'], -Infinity);
      if (!open) this.since.delete(one);
      else if (!this.since.has(one)) this.since.set(one, Math.max(known.now(), known.running! + START_MS));
    }
  }

  private look(): void {
    const { known } = this;
    for (const [one, since] of this.since) {
      if (known.now() - since <= SEEN_MS) continue;
      known.broken('S6', `no alarm ${one.condition}: ${one.text} since ${(since / 1000).toFixed(3)} s`);
      this.since.clear();
      return;
    }
  }

  end(): void {
    this.look();
  }
}
