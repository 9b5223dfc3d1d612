/** L1 Locked and idle within 5 s of a start, and the link there within 5 s of the cable coming back, with nobody touching anything. */
import type { Fact, Invariant } from './facts';
import type { Known } from './known';

const WITHIN_MS = 5000;

export class Ready implements Invariant {
  readonly id = 'L1';
  private due: { at: number; from: number; why: string; linked: boolean; locked: boolean } | undefined;

  constructor(private readonly known: Known, private readonly truth: { readonly boltOpen: boolean; readonly carrierMm: number }) {}

  see(fact: Fact): void {
    const { known } = this;
    this.look();
    const now = known.now();
    if ((fact.what === 'run' && fact.how === 'boot') || (fact.what === 'plugged' && fact.there)) {
      // Whoever is at fault, or touches the unit meanwhile, may keep it.
      this.due = known.troubled || !known.plugged || known.running === undefined ? undefined : { at: now + WITHIN_MS, from: now, why: fact.what === 'run' ? 'the start' : 'the cable', linked: known.session, locked: fact.what === 'plugged' };
    } else if (fact.what === 'run' || (fact.what === 'fault' && fact.on) || (fact.what === 'plugged' && !fact.there)) this.due = undefined;
    else if (fact.what === 'session' && fact.up && this.due !== undefined) this.due.linked = true;
  }

  private look(): void {
    const { due, known, truth } = this;
    if (due === undefined) return;
    due.locked ||= !truth.boltOpen && truth.carrierMm <= 0.3;
    if (known.now() < due.at) return;
    this.due = undefined;
    const when = `at ${(due.from / 1000).toFixed(3)} s`;
    // Flash that has failed for good may have taken the keys with it: then the unit is locked, and silent.
    if (!due.linked && !known.bent(['flash'], -Infinity)) known.broken('L1', `no session 5 s after ${due.why} ${when}`);
    if (!due.locked && !known.bent(['motor', 'home', 'switches'], due.from - 60_000)) known.broken('L1', `bolt ${truth.boltOpen ? 'open' : 'closed'}, actuator ${truth.carrierMm.toFixed(1)} mm out 5 s after ${due.why} ${when}`);
  }

  end(): void {
    this.look();
    if (this.known.bent(['flash'], -Infinity)) return;
    if (!this.known.session) this.known.broken('L1', 'no session although all faults are over');
    if (this.known.running === undefined) this.known.broken('L1', 'the firmware does not run although all faults are over');
  }
}
