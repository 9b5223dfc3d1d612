/** What follows from the facts so far, for all invariants alike. */
import type { Bend, Claims, Fact, Invariant, Written } from './facts';
import { Kind } from './kinds';
import { Shown } from './shown';

export { Kind, Result } from './kinds';

/** A promise that was broken. */
export interface Breach {
  /** S1..S8, L1..L4. */
  id: string;
  /** Virtual ms. */
  at: number;
  text: string;
}

/** Byte string of a record's data as hex; empty where it is absent. */
export function hexOf(value: unknown): string {
  return value instanceof Uint8Array ? Buffer.from(value.buffer, value.byteOffset, value.length).toString('hex') : '';
}

/** A lid that is open for so long, ms, is seen to be, whatever else the unit is at. */
const NOT_MISSED_MS = 400;

interface Spell {
  name: string;
  bends: readonly Bend[];
  from: number;
  to: number;
}

export class Known {
  readonly breaches: Breach[] = [];
  /** Records by number, as they became durable. */
  readonly records: Written[] = [];
  /** Permits that the authority made, by id. */
  readonly permits = new Map<string, Claims>();
  readonly shown = new Shown();
  /** The newest epoch that the device has recorded or confirmed, and since when (virtual ms). */
  epoch = { number: 0, at: Infinity };
  /** Intents without an outcome so far: at most one, where all is well. */
  intent: Written | undefined;
  /** A technician is at it, by the records. */
  maintained = false;
  /** Latched alarms: condition, and the record it stands in. */
  readonly alarms = new Map<number, number>();
  /** The unit's firmware runs since (virtual ms); undefined: it does not. */
  running: number | undefined;
  powered = false;
  plugged = true;
  session = false;
  lidOpen = false;
  paper = false;
  healed = false;
  /** Virtual ms at which the paper was last taken, laid; the lid last moved. */
  paperAt = -Infinity;
  lidAt = -Infinity;
  /** Virtual ms at which a die was last taken out or fitted, or the revolver turned. */
  dieAt = -Infinity;
  /** Until when the lid was last open so long that it cannot be missed; now, while it is. */
  private lidSeenOpenAt = -Infinity;
  /** Seconds by which the authority itself has set the device's clock back, at most. */
  misled = 0;
  private readonly spells: Spell[] = [];

  constructor(
    /** Virtual ms. */
    readonly now: () => number,
    /** The authority's clock at a moment of the world, Unix seconds. */
    readonly unixAt: (ms: number) => number,
  ) {}

  /** Whether the lid was open since, long enough that the unit must have seen it. */
  lidSeenOpen(since: number): boolean {
    return this.lidSeenOpenAt > since || (this.lidOpen && this.now() - this.lidAt >= NOT_MISSED_MS);
  }

  broken(id: string, text: string): void {
    this.breaches.push({ id, at: this.now(), text });
  }

  /** Whether a fault that bends this was at work at any time since. A sensor needs a moment to come back to the truth. */
  bent(bends: readonly Bend[], since: number): boolean {
    return this.spells.some((spell) => spell.to + 100 >= since && spell.bends.some((bend) => bends.includes(bend)));
  }

  /** Whether any fault is at work now. */
  get troubled(): boolean {
    const now = this.now();
    return this.spells.some((spell) => spell.to > now);
  }

  /** When the last fault was over; -Infinity: there was none. */
  get calmSince(): number {
    return this.spells.reduce((last, spell) => Math.max(last, spell.to), -Infinity);
  }

  take(fact: Fact): void {
    switch (fact.what) {
      case 'run':
        this.running = fact.how === 'boot' ? this.now() : undefined;
        if (fact.how === 'boot' || fact.how === 'trial') this.powered = true;
        if (fact.how === 'cut') this.powered = false;
        return;
      case 'record':
        return this.record(fact.record);
      case 'said':
        if (fact.statement.kind === 'permit') this.permits.set(fact.statement.claims.id, fact.statement.claims);
        return;
      case 'answered':
        if (fact.code === 0 && fact.statement.kind === 'epoch' && fact.statement.epoch > this.epoch.number) this.epoch = { number: fact.statement.epoch, at: this.now() };
        return;
      case 'finger':
        return fact.person === undefined ? undefined : this.shown.finger(fact.person, this.now(), fact.ms);
      case 'typed':
        return this.typed(fact.person, fact.right);
      case 'coded':
        this.permits.set(fact.claims.id, fact.claims);
        return;
      case 'lid':
        if (!fact.open && this.lidOpen && this.now() - this.lidAt >= NOT_MISSED_MS) this.lidSeenOpenAt = this.now();
        this.lidOpen = fact.open;
        this.lidAt = this.now();
        return;
      case 'paper':
        this.paper = fact.there;
        this.paperAt = this.now();
        return;
      case 'die':
      case 'turned':
        this.dieAt = this.now();
        return;
      case 'plugged':
        this.plugged = fact.there;
        return;
      case 'session':
        this.session = fact.up;
        return;
      case 'fault':
        return this.fault(fact.name, fact.on, fact.bends, fact.lasting === true);
      case 'healed':
        this.healed = true;
        return;
      default:
    }
  }

  private typed(person: number, right: boolean): void {
    // What is counted may be lost with the flash.
    if (right) this.shown.passcode(person, this.now(), this.bent(['flash', 'clock', 'program'], -Infinity) ? undefined : this.running ?? 0);
  }

  private record(record: Written): void {
    this.records[record.seq] = record;
    this.shown.record(record);
    const { kind, data, seq } = record;
    if (kind === Kind.INTENT) this.intent = record;
    if (kind === Kind.OUTCOME) this.intent = undefined;
    if (kind === Kind.BOOT) this.maintained = false;
    // Begun, or ended; anything between tells of what was done.
    if (kind === Kind.MAINTENANCE && (data.get(1) === 0 || data.get(1) === 5)) this.maintained = data.get(1) === 0;
    if (kind === Kind.ALARM) this.alarms.set(data.get(1) as number, seq);
    if (kind === Kind.CLEARED) this.alarms.delete(data.get(1) as number);
    // Also where the answer that says so was lost.
    if (kind === Kind.REVOKED && typeof data.get(1) === 'number' && (data.get(1) as number) > this.epoch.number) this.epoch = { number: data.get(1) as number, at: record.at };
  }

  private fault(name: string, on: boolean, bends: readonly Bend[], lasting: boolean): void {
    if (on) this.spells.push({ name, bends, from: this.now(), to: Infinity });
    else if (!lasting) for (const spell of this.spells) if (spell.name === name && spell.to === Infinity) spell.to = this.now();
  }
}

export type { Invariant };
