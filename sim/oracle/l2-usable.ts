/**
 * L2 A valid permit with uses left can still be used: no counter sticks, no state needs new firmware. When all faults are over
 * its persons use it up; what is then missing is more than any unknown outcome explains.
 */
import type { Fact, Invariant, Statement } from './facts';
import { hexOf, Kind, Result, type Known } from './known';
import type { Custody } from './s1-custody';
import { insideOf } from './travels';

export class Usable implements Invariant {
  readonly id = 'L2';
  private readonly taken = new Map<string, Extract<Statement, { kind: 'permit' }>['claims']>();
  private readonly gone = new Set<string>();
  /** Strokes charged, by permit. */
  private readonly charged = new Map<string, number>();
  /** Under whose number wrong passcodes were typed. */
  private readonly wrong = new Set<number>();
  private epoch = 0;

  /** @param dies those that are in the unit when all is at rest @param home where the unit stands then */
  constructor(private readonly known: Known, private readonly dies: readonly string[], private readonly home: { latitude: number; longitude: number }, private readonly custody: Custody) {}

  see(fact: Fact): void {
    if (fact.what === 'answered' && fact.statement.kind === 'permit' && fact.code === 0) this.taken.set(fact.statement.claims.id, fact.statement.claims);
    if (fact.what === 'said' && fact.statement.kind === 'revoke') this.gone.add(fact.statement.permit);
    if (fact.what === 'said' && fact.statement.kind === 'epoch') this.epoch = Math.max(this.epoch, fact.statement.epoch);
    if (fact.what === 'typed' && !fact.right) this.wrong.add(fact.person);
    if (fact.what !== 'record') return;
    const { kind, data } = fact.record;
    if (kind === Kind.INTENT) this.charge(data.get(1), 1);
    if (kind === Kind.OUTCOME && data.get(3) === Result.FAILED) this.charge(data.get(1), -1);
    // Finished early: that is for good.
    if (kind === Kind.CLOSED && data.get(2) === FINISHED) this.gone.add(hexOf(data.get(1)));
  }

  private charge(permit: unknown, by: number): void {
    const id = hexOf(permit);
    this.charged.set(id, (this.charged.get(id) ?? 0) + by);
  }

  /** Strokes that are still to be had under a permit; undefined: it is over, or never arrived. */
  left(id: string): number | undefined {
    const { known } = this;
    const claims = this.taken.get(id);
    if (claims === undefined || this.gone.has(id) || claims.epoch < this.epoch || !this.dies.includes(claims.die) || known.unixAt(known.now()) >= claims.notAfter - 60) return undefined;
    // Nobody has to be able to use a permit that is for somewhere else.
    if (claims.fences !== undefined && !insideOf(claims.fences, this.home)) return undefined;
    // Who was removed, or has typed wrong passcodes, need not be let in; nor anybody while the seal is out of service.
    if (!this.custody.usable(claims.persons) || claims.persons.some((person, i) => ((claims.means?.[i] ?? 1) & 2) !== 0 && this.wrong.has(person))) return undefined;
    return claims.count - (this.charged.get(id) ?? 0);
  }

  end(): void {
    if (this.known.bent(['flash'], -Infinity)) return;
    for (const [id, claims] of this.taken) {
      const left = this.left(id);
      if (left !== undefined && left > 0) this.known.broken('L2', `permit ${claims.counter}: ${left} of ${claims.count} strokes cannot be had`);
    }
  }
}

/** Reason in CLOSED: finished by its person (UseClose). */
const FINISHED = 2;
