/**
 * S5 The bolt is open only inside an opened use, and never longer than its limit; power off, reset, watchdog or exception
 * leaves it locked and the actuator parked.
 */
import type { Fact, Invariant } from './facts';
import { Kind, type Known } from './known';

/** The hardware one-shot drops the coil after 3 s; the spring needs 60 ms. Milliseconds. */
const LIMIT = 3100;
/** The usual dwell, and how much longer the way at a reduced duty may be, ms. */
const DWELL = 300;
const SLOWED = 2500;
/** The bolt of a use is closed again so long after its outcome, ms, where the carrier was home by then. */
const AFTER = 500;
/** Coil off to bolt closed, ms; a brown-out lets the coil go on for no time at all. */
const FALL = 150;

export class Locked implements Invariant {
  readonly id = 'S5';
  private openedAt: number | undefined;
  private stoppedAt: number | undefined;
  /** What longest a stroke may take beyond the usual one, by the office's own word, ms: the carrier holds the bolt open. */
  private longer = 0;
  /** Outcome of the last stroke, virtual ms. */
  private endedAt: number | undefined;

  constructor(private readonly known: Known, private readonly truth: { readonly boltOpen: boolean; readonly carrierMm: number }) {}

  see(fact: Fact): void {
    const { known } = this;
    const now = known.now();
    // Before the device stands, the watchdog is its only help, and all is let go of already.
    if (fact.what === 'exception' && now !== known.running) known.broken('S5', `an exception that nothing caught: ${String(fact.error)}`);
    if (fact.what === 'run') this.endedAt = undefined;
    if (fact.what === 'said' && fact.statement.kind === 'ceremony' && fact.statement.order.tune !== undefined) {
      const { dwell, duty } = fact.statement.order.tune;
      this.longer = Math.max(this.longer, dwell - DWELL, 0) + (duty < 100 ? SLOWED : 0);
    }
    if (fact.what === 'run' && fact.how !== 'boot') this.stoppedAt = now;
    if (fact.what === 'record' && fact.record.kind === Kind.OUTCOME && this.truth.carrierMm <= 0.9) this.endedAt = now;
    if (this.endedAt !== undefined && fact.what !== 'bolt' && now - this.endedAt > AFTER) {
      const from = this.endedAt;
      this.endedAt = undefined;
      if (this.truth.boltOpen && this.truth.carrierMm <= 0.9 && !known.bent(['bolt', 'motor', 'home', 'switches'], from - 5000)) {
        known.broken('S5', `the bolt is open ${Math.round(now - from)} ms after the outcome`);
      }
    }
    if (fact.what === 'bolt' && fact.open) {
      this.openedAt = now;
      if (known.bent(['bolt'], now - 1000)) return;
      if (known.intent === undefined && !known.maintained && !(known.running === undefined)) known.broken('S5', 'the bolt opened outside of a use');
      if (known.intent !== undefined && known.alarms.size > 0 && ![...known.alarms.values()].some((seq) => seq > known.intent!.seq)) known.broken('S5', 'the bolt opened while an alarm stands');
    }
    if (fact.what === 'bolt' && !fact.open) {
      this.judge(now);
      this.openedAt = undefined;
      this.endedAt = undefined;
    }
  }

  private judge(now: number): void {
    const from = this.openedAt;
    if (from === undefined || this.known.bent(['bolt', 'motor', 'home', 'switches'], from - 1000)) return;
    // Where power or firmware went with the die down, the carrier itself holds the bolt open until it is driven home.
    const stopped = this.stoppedAt !== undefined && this.stoppedAt >= from;
    if (!stopped && now - from > LIMIT + this.longer) this.known.broken('S5', `the bolt was open for ${Math.round(now - from)} ms`);
  }

  /** The power is gone: asked some time later. */
  dark(): void {
    if (this.truth.boltOpen && this.truth.carrierMm <= 0.9 && !this.known.bent(['bolt'], -Infinity)) this.known.broken('S5', `the bolt is open ${FALL} ms after the power went`);
  }

  end(): void {
    if (this.known.bent(['bolt', 'motor', 'home'], this.known.now() - 1000)) return;
    if (this.truth.boltOpen) this.known.broken('S5', 'the bolt is open although all is at rest');
    if (this.truth.carrierMm > 0.3) this.known.broken('S5', `the actuator stands ${this.truth.carrierMm.toFixed(1)} mm out although all is at rest`);
  }
}

