/**
 * S6, whether anybody hears of it: as long as there is a session, the unit tells its host of an alarm by itself and at once,
 * every word about its state names all alarms that stand, and its red lamp burns.
 */
import type { Fact, Invariant } from './facts';
import { varints } from './fields';
import { Kind, type Known } from './known';

/** Notice and Status (protocol/SPEC.md section 7), and their fields of alarms and of the next record's number. */
const Type = { NOTICE: 4, STATUS: 17 } as const;
const FIELDS: Readonly<Record<number, { alarms: number; next: number }>> = { [Type.NOTICE]: { alarms: 3, next: 2 }, [Type.STATUS]: { alarms: 9, next: 7 } };
/** A host that is there hears of it within, ms; a photo may be on the line. */
const TOLD_MS = 3000;
/** A message may have waited for its turn so long, ms. */
const WAITED_MS = 2000;
/** Milliseconds within which the lamp burns. */
const LAMP_MS = 10_000;

export class AlarmsTold implements Invariant {
  readonly id = 'S6';
  private due: { at: number; seq: number } | undefined;
  private switchesAt = -Infinity;
  private sessionAt = Infinity;

  constructor(private readonly known: Known, private readonly truth: { readonly lamps: { readonly red: boolean } }) {}

  see(fact: Fact): void {
    const { known } = this;
    this.look();
    if (fact.what === 'run' || (fact.what === 'session' && !fact.up) || (fact.what === 'plugged' && !fact.there)) this.due = undefined;
    if (fact.what === 'session') this.sessionAt = fact.up ? known.now() : Infinity;
    if (fact.what === 'fault' && fact.on && (fact.bends.includes('wire') || fact.bends.includes('program') || fact.bends.includes('power'))) this.due = undefined;
    if (fact.what === 'fault' && fact.bends.includes('switches')) this.switchesAt = fact.on ? Infinity : known.now();
    if (fact.what !== 'record') return;
    const { kind, seq, at } = fact.record;
    if (kind === Kind.ALARM && known.session && known.plugged && known.running !== undefined && !known.bent(['wire', 'program', 'power'], at - 10_000)) this.due ??= { at: at + TOLD_MS, seq };
  }

  /** A message of the device, in plain. */
  hear(plain: Buffer): void {
    const fields = FIELDS[plain[0]!];
    if (fields === undefined) return;
    const { known } = this;
    const values = varints(plain.subarray(2));
    const bits = values.get(fields.alarms) ?? 0;
    if (this.due !== undefined && (values.get(fields.next) ?? 0) > this.due.seq) this.due = undefined;
    const now = known.now();
    // What was sealed before the cable went may come out of the unit when it is back.
    if (now - this.sessionAt < WAITED_MS || known.bent(['wire', 'program', 'power'], now - 10_000)) return;
    for (const [condition, seq] of known.alarms) {
      if (now - known.records[seq]!.at > WAITED_MS && Math.floor(bits / 2 ** condition) % 2 === 0) known.broken('S6', `the host is told of alarms ${bits.toString(2)} (bits), and alarm ${condition} stands`);
    }
  }

  private look(): void {
    const { known, due } = this;
    const now = known.now();
    if (due !== undefined && now > due.at) {
      this.due = undefined;
      known.broken('S6', `the host is not told of the alarm of record ${due.seq}`);
    }
    const since = Math.max(known.running ?? Infinity, this.switchesAt, ...[...known.alarms.values()].map((seq) => known.records[seq]!.at));
    if (known.alarms.size > 0 && now - since > LAMP_MS && !this.truth.lamps.red && !known.bent(['program'], -Infinity)) known.broken('S6', `alarm ${[...known.alarms.keys()].join(', ')} stands and the red lamp is dark`);
  }
}
