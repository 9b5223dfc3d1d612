/**
 * S6 of a seal that was taken out or given back: overdue, out of its fences, too long without the authority's time, or carried off
 * its base, it has raised the alarm of that; and it raises none of them without such a cause.
 */
import type { Bend, Fact, Invariant, Order, Written } from './facts';
import { hexOf, Kind, type Known } from './known';
import { insideOf, Travels } from './travels';

const Action = { TAKE_OUT: 14, RETURN: 15 } as const;
const Condition = { FENCE: 17, MOVED: 18, LINK: 23, OVERDUE: 25 } as const;
/** A look each second or two, none of them in a stroke, ms. */
const LOOK_MS = 15_000;
/** Two fixes that are known well enough, ms. */
const FIXES_MS = 60_000;
/** Seconds by which a delayed answer can put the clock of a device behind. */
const BEHIND_S = 32;
const CARRIED_MS = 16_000;
/** Being carried may have begun before it was given back, ms. */
const SETTLED_MS = 10_000;

export class Outing implements Invariant {
  readonly id = 'S6';
  private readonly orders = new Map<string, Order>();
  private readonly travels: Travels;
  /** In force. */
  terms: Order | undefined;
  /** Virtual ms at which the terms came into force. */
  private since = 0;
  /** When the authority's time was last taken; when the device last had the time of day. */
  private heard = -Infinity;
  private timed = Infinity;
  private outsideSince = Infinity;
  private carriedSince = Infinity;
  private docked = -Infinity;
  /** Alarms as they were raised and cleared: when each last changed. */
  private readonly changed = new Map<number, number>();
  private readonly missed = new Set<number>();

  constructor(private readonly known: Known, home: { latitude: number; longitude: number }) {
    this.travels = new Travels(known, home);
  }

  see(fact: Fact): void {
    const { known } = this;
    const now = known.now();
    this.travels.see(fact);
    if (fact.what === 'said' && fact.statement.kind === 'ceremony') this.orders.set(fact.statement.order.id, fact.statement.order);
    else if (fact.what === 'answered' && fact.statement.kind === 'time' && fact.code === 0) this.heard = now;
    else if (fact.what === 'run') this.timed = this.carriedSince = Infinity;
    else if (fact.what === 'plugged') this.docked = now;
    else if (fact.what === 'moved' && fact.how === 'carry' && fact.ms > CARRIED_MS) this.carriedSince = Math.min(this.carriedSince, now);
    else if (fact.what === 'record') this.record(fact.record);
    else if (fact.what === 'healed') this.carriedSince = this.outsideSince = Infinity;
    this.look();
  }

  private record({ kind, data, seq, at, time }: Written): void {
    const { known } = this;
    if (kind === Kind.CLOCK) this.timed = Math.min(this.timed, at);
    if (kind === Kind.ALARM || kind === Kind.CLEARED) this.changed.set(data.get(1) as number, at);
    if (kind === Kind.ALARM) this.missed.delete(data.get(1) as number);
    if (kind === Kind.CEREMONY) {
      const order = this.orders.get(hexOf(data.get(1)));
      if (order === undefined || (order.action !== Action.TAKE_OUT && order.action !== Action.RETURN)) return;
      this.terms = order;
      this.since = at;
      this.outsideSince = this.carriedSince = Infinity;
    }
    if (kind !== Kind.ALARM) return;
    const condition = data.get(1) as number;
    const { terms } = this;
    const note = (text: string): void => known.broken('S6', `record ${seq}: ${text}`);
    if (condition === Condition.OVERDUE && (terms?.until === undefined || (time !== null && time < terms.until))) note('overdue, but it is not');
    if (condition === Condition.LINK && (terms?.silence === undefined || (at - Math.max(this.heard, known.running ?? 0) < terms.silence * 1000 - 2000 && !known.bent(['clock'], -Infinity)))) note('too long without the office, but it is not');
  }

  end(): void {
    this.look();
  }

  /** What should have been noticed by now. */
  private look(): void {
    const { known, terms } = this;
    const now = known.now();
    const { running } = known;
    if (terms === undefined || running === undefined || known.intent !== undefined || known.bent(['flash', 'clock', 'program'], -Infinity)) return;
    const begun = Math.max(this.since, running);
    const unix = known.unixAt(now - LOOK_MS);
    if (terms.until !== undefined && now - Math.max(begun, this.timed) > LOOK_MS && unix - BEHIND_S - known.misled >= terms.until) this.due(Condition.OVERDUE, `it was to be back at ${terms.until}`);
    if (terms.silence !== undefined && now - Math.max(running, this.heard, this.since) > terms.silence * 1000 + LOOK_MS) this.due(Condition.LINK, `no time came for more than ${terms.silence} s`);
    this.fences(terms, begun);
    if (terms.action !== Action.RETURN || this.carriedSince === Infinity || this.carriedSince < begun + SETTLED_MS) return;
    if (this.docked < this.carriedSince && now - this.carriedSince > CARRIED_MS + LOOK_MS && !known.bent(['motion', 'switches'], this.carriedSince - 5000)) this.due(Condition.MOVED, 'it was carried off its base');
  }

  private fences(terms: Order, begun: number): void {
    const { known } = this;
    const now = known.now();
    if (terms.fences === undefined || insideOf(terms.fences, this.travels.at(now)) || this.travels.moving(now)) {
      this.outsideSince = Infinity;
      return;
    }
    this.outsideSince = Math.min(this.outsideSince, now);
    const since = Math.max(begun, this.outsideSince);
    if (now - since > FIXES_MS + LOOK_MS && !known.bent(FIXING, since - FIXES_MS)) this.due(Condition.FENCE, 'it is outside of every fence');
  }

  private due(condition: number, text: string): void {
    const { known } = this;
    // Just cleared: it comes again with the next look.
    if (known.alarms.has(condition) || known.now() - (this.changed.get(condition) ?? -Infinity) < LOOK_MS || this.missed.has(condition)) return;
    this.missed.add(condition);
    known.broken('S6', `no alarm ${condition}: ${text}`);
  }
}

const FIXING: readonly Bend[] = ['position'];
