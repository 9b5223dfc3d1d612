/**
 * S1, S2 and S7 of ceremonies: what is recorded as done was ordered by the authority, once, in its time, and before every person it
 * names; who was removed opens nothing; a seal out of service makes no stroke.
 */
import type { Fact, Invariant, Order, Written } from './facts';
import { Action } from './kinds';
import { hexOf, Kind, type Known } from './known';
import { Means, MEANS } from './shown';

/** A person waits this long for the next one, and typing takes some of it, ms. */
const PERSON_MS = 40_000;
/** Whatever is to be done after they have shown themselves, ms. */
const ACT_MS = 125_000;
/** Actions that leave something to be done: fingers laid, a passcode typed, a die taken or put in. All others are done, and recorded, as the last person is there. */
const BY_HAND = new Set<number>([Action.FINGER_ADD, Action.CODE_SET, Action.DIE_OUT, Action.DIE_IN]);

/** What the record of a ceremony about how a die is pressed must say, hex. */
function aboutDie({ die, tune }: Order): string {
  const how = Buffer.alloc(tune === undefined ? 0 : 5);
  if (tune !== undefined) {
    how.writeUInt16LE(tune.dwell, 0);
    how[2] = tune.duty;
    how.writeUInt16LE(tune.life, 3);
  }
  return (die ?? '') + how.toString('hex');
}

export class Custody implements Invariant {
  readonly id = 'S1';
  private readonly orders = new Map<string, Order>();
  private readonly done = new Set<string>();
  private readonly removed = new Set<number>();
  /** Whose removal was ordered: it takes effect before its record, which a cut may prevent. */
  private readonly leaving = new Set<number>();
  /** Counter of the newest order that was done on each matter: service, and where the unit is. */
  private readonly newest = new Map<string, number>();
  private service: 'on' | 'suspended' | 'over' = 'on';

  constructor(private readonly known: Known) {}

  see(fact: Fact): void {
    if (fact.what === 'said' && fact.statement.kind === 'ceremony') {
      const { order } = fact.statement;
      this.orders.set(order.id, order);
      if (order.action === Action.PERSON_REMOVE) this.leaving.add(order.subject!);
    }
    else if (fact.what === 'record') this.record(fact.record);
  }

  /** Whether the persons of a permit can still be asked to use it. */
  usable(persons: readonly number[]): boolean {
    return this.service === 'on' && !this.known.maintained && !persons.some((person) => this.removed.has(person) || this.leaving.has(person));
  }

  private record(record: Written): void {
    const { kind, data, seq } = record;
    const { known } = this;
    if (kind === Kind.INTENT && this.service !== 'on') known.broken('S1', `intent ${seq} while the seal is ${this.service === 'over' ? 'out of service for good' : 'suspended'}`);
    if (kind === Kind.OPENED && Array.isArray(data.get(2))) {
      for (const person of data.get(2) as number[]) if (this.removed.has(person)) known.broken('S1', `record ${seq} says that person ${person} opened a use, who was removed`);
    }
    if (kind === Kind.CEREMONY) this.ceremony(record);
  }

  private ceremony({ data, seq, at, time }: Written): void {
    const { known } = this;
    const order = this.orders.get(hexOf(data.get(1)));
    if (order === undefined) return known.broken('S7', `record ${seq} tells of a ceremony that nobody ordered`);
    const what = `ceremony ${order.counter} (record ${seq})`;
    if (this.done.has(order.id)) known.broken('S2', `${what} is done twice`);
    this.done.add(order.id);
    if (data.get(2) !== order.action || data.get(4) !== order.subject) known.broken('S7', `${what}: action ${String(data.get(2))} for ${String(data.get(4))}, ordered was ${order.action} for ${String(order.subject)}`);
    if (time === null || time < order.notBefore || time > order.notAfter + (BY_HAND.has(order.action) ? ACT_MS / 1000 : 0)) known.broken('S7', `${what} at ${String(time)}, ordered for ${order.notBefore} to ${order.notAfter}`);
    if (order.epoch < known.epoch.number && known.epoch.at < at - ACT_MS) known.broken('S7', `${what} of epoch ${order.epoch}; the epoch is ${known.epoch.number}`);
    const said = Array.isArray(data.get(6)) ? (data.get(6) as number[]) : [];
    if (said.join() !== order.persons.join()) known.broken('S1', `${what} says that ${said.join(', ')} were there; named are ${order.persons.join(', ')}`);
    if (order.action >= Action.DIE_OUT && order.die !== undefined && hexOf(data.get(5)) !== aboutDie(order)) known.broken('S7', `${what} is about ${hexOf(data.get(5))}, ordered was ${aboutDie(order)}`);
    const matter = order.action === Action.SUSPEND || order.action === Action.RESUME ? 'service' : order.action >= Action.TAKE_OUT ? 'place' : undefined;
    if (matter !== undefined) {
      const newest = this.newest.get(matter) ?? 0;
      if (order.counter < newest) known.broken('S7', `${what} undoes ceremony ${newest} on the same matter, which was ordered later`);
      this.newest.set(matter, Math.max(newest, order.counter));
    }
    this.presence(order, at, what);
    this.effect(order);
  }

  private presence(order: Order, at: number, what: string): void {
    const { known } = this;
    const acts = [Action.FINGER_ADD, Action.CODE_SET, Action.DIE_OUT, Action.DIE_IN].includes(order.action as never);
    const since = Math.max((known.running ?? 0) - 2000, at - PERSON_MS * Math.max(1, order.persons.length) - (acts ? ACT_MS : 0));
    order.persons.forEach((person, i) => {
      if (this.removed.has(person)) known.broken('S1', `${what} before person ${person}, who was removed`);
      for (const one of MEANS) {
        if (((order.means[i] ?? 1) & one) === 0 || known.shown.was(person, one, since, at)) continue;
        known.broken('S1', `${what}: person ${person} has not ${one === Means.FINGER ? 'laid a finger' : 'typed the passcode, or not in time'}`);
      }
    });
  }

  private effect({ action, subject }: Order): void {
    if (action === Action.PERSON_REMOVE) this.removed.add(subject!);
    else if (action === Action.FINGER_ADD || action === Action.CODE_SET) this.removed.delete(subject!);
    else if (action === Action.DESTROY) this.service = 'over';
    else if (this.service !== 'over' && (action === Action.SUSPEND || action === Action.RESUME)) this.service = action === Action.SUSPEND ? 'suspended' : 'on';
  }
}
