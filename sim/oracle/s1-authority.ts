/**
 * S1 Every stroke falls under exactly one permit that is authentic, for this device and this die, inside its time and count,
 * opened by every person it names, and not revoked as far as the device can know.
 */
import type { StrokeTruth } from '../unit/truth';
import type { Claims, Fact, Invariant, Written } from './facts';
import { hexOf, Kind, type Known } from './known';
import { Means, MEANS } from './shown';

/** Seconds that the device's clock may be off while all is well: rounding down, and an answer under way. */
const CLOCK_SLACK = 35;
/** A person waits this long for the next one, ms, and the reader's own second. */
const PERSONS_MS = 32_000;
/** From a finger to the answer's last digit: a challenge stands for five minutes, and terms are typed before it. ms */
const CODE_MS = 400_000;
/** Who turns to another die so shortly before a record, ms, does it behind the last look. */
const JUST_MS = 400;
/** Paper that is pulled away in this time before the touch cannot be saved any more, ms. */
const UNSTOPPABLE_MS = 1500;

export class Authority implements Invariant {
  readonly id = 'S1';
  /** Permits taken back, as the device has confirmed. */
  private readonly revoked = new Map<string, number>();
  private opened: Written | undefined;
  private readonly stopped = new Set<string>();
  /** The stroke grant that is good for the next intent: its permit and photo. */
  private granted = '';
  /** The last sheet that was stamped in this use, and when. */
  private stamped: { page: string; at: number } | undefined;

  /** @param under the die under the ram, in truth */
  constructor(private readonly known: Known, private readonly device: string, private readonly under: () => string | undefined) {}

  see(fact: Fact): void {
    const { known } = this;
    if (fact.what === 'answered' && fact.code === 0 && fact.statement.kind === 'revoke') this.revoked.set(fact.statement.permit, known.now());
    else if (fact.what === 'record') this.record(fact.record);
    else if (fact.what === 'stroke') this.stroke(fact.stroke);
  }

  /** By the device's own clock, which it must have: of what it does not know nothing can be proven. */
  private window(seq: number, { counter, notBefore, notAfter, code }: Claims): void {
    const { known } = this;
    // A code is good without a time of day: see s1-codes.ts.
    if (code !== undefined) return;
    const time = known.records[seq]!.time;
    if (time === null) return known.broken('S1', `intent ${seq} under permit ${counter}, at a time that the device does not know`);
    if (time < notBefore || time > notAfter) known.broken('S1', `intent ${seq} under permit ${counter} at ${time} by the device's own clock, permitted from ${notBefore} to ${notAfter}`);
  }

  /** Who is said to have opened it is who had to. */
  private named(id: string, seq: number, said: unknown): void {
    const claims = this.known.permits.get(id);
    const persons = Array.isArray(said) ? (said as number[]) : [];
    if (claims !== undefined && (persons.length !== claims.persons.length || claims.persons.some((one) => !persons.includes(one)))) {
      this.known.broken('S1', `record ${seq} says that ${persons.join(', ')} opened permit ${claims.counter}, which names ${claims.persons.join(', ')}`);
    }
  }

  /** Nothing is opened or intended while another die than the permit's, or none, is under the ram. */
  private dieUnder(id: string, what: string, at: number): void {
    const { known } = this;
    const claims = known.permits.get(id);
    const under = this.under();
    if (claims === undefined || under === claims.die || known.dieAt > at - JUST_MS) return;
    known.broken('S1', `${what} ${claims.counter} for die ${claims.die}; under the ram is ${under ?? 'none'}`);
  }

  private record({ kind, data, seq, at }: Written): void {
    const { known } = this;
    const id = hexOf(data.get(1));
    if (kind === Kind.OPENED) {
      this.opened = known.records[seq];
      this.stamped = undefined;
      this.presence(id, at);
      this.named(id, seq, data.get(2));
      this.dieUnder(id, `record ${seq} opens permit`, at);
    }
    if (kind === Kind.CLOSED || kind === Kind.BOOT) this.opened = undefined;
    if (kind === Kind.GRANTED) this.granted = data.get(3) === 1 ? '' : `${id} ${hexOf(data.get(2))}`;
    if (kind === Kind.REVOKED && data.has(2)) this.stopped.add(hexOf(data.get(2)));
    if (kind !== Kind.INTENT) return;
    const claims = known.permits.get(id);
    if (claims === undefined) return known.broken('S1', `intent ${seq} under a permit ${id} that no authority made`);
    this.window(seq, claims);
    this.dieUnder(id, `intent ${seq} under permit`, at);
    if (hexOf(data.get(5)) !== claims.die) known.broken('S1', `intent ${seq} under permit ${claims.counter} for die ${claims.die} names die ${hexOf(data.get(5))}`);
    if (claims.device !== this.device) known.broken('S1', `intent ${seq} under a permit for device ${claims.device}`);
    if (this.opened === undefined || hexOf(this.opened.data.get(1)) !== id) known.broken('S1', `intent ${seq} under permit ${claims.counter}, which nobody has opened`);
    if ((claims.policy & 2) !== 0 && this.granted !== `${id} ${hexOf(data.get(4))}`) known.broken('S1', `intent ${seq} under permit ${claims.counter}, without a grant for this stroke`);
    this.granted = '';
    if (this.stopped.has(id) || (this.revoked.get(id) ?? Infinity) < at) known.broken('S1', `intent ${seq} under permit ${claims.counter}, which was revoked`);
    if (claims.epoch < known.epoch.number && known.epoch.at < at) known.broken('S1', `intent ${seq} under permit ${claims.counter} of epoch ${claims.epoch}; the epoch is ${known.epoch.number}`);
  }

  /** Every person named was at the reader, in this run of the firmware, not long before. */
  private presence(id: string, at: number): void {
    const { known } = this;
    const claims = known.permits.get(id);
    if (claims === undefined) return known.broken('S1', `a permit ${id} was opened that no authority made`);
    if (claims.code !== undefined && this.either(claims.persons[0]!, at)) return;
    const since = Math.max(known.running ?? 0, at - PERSONS_MS * claims.persons.length);
    for (const [i, person] of claims.persons.entries()) {
      const means = claims.means?.[i] ?? 1;
      for (const one of MEANS) {
        if ((means & one) === 0 || known.shown.was(person, one, since - 2000, at)) continue;
        known.broken('S1', `permit ${claims.counter} was opened although person ${person} ${one === Means.FINGER ? 'was not at the reader' : 'has not typed the passcode, or not in time'}`);
      }
    }
  }

  /** Who opens by a code has shown a finger or typed the passcode before it was asked for. */
  private either(person: number, at: number): boolean {
    const since = Math.max(this.known.running ?? 0, at - CODE_MS);
    return MEANS.some((one) => this.known.shown.was(person, one, since, at));
  }

  /** One page, one stroke: until the lid has been opened nobody can have meant another. */
  private again({ page, at }: StrokeTruth, note: (text: string) => void): void {
    const { known, stamped } = this;
    if (stamped !== undefined && stamped.page === page?.id && known.lidAt < stamped.at && !known.bent(['lid', 'switches'], stamped.at - 1000)) note(`on ${stamped.page} once more, and nobody has opened the lid since`);
    this.stamped = page === undefined ? undefined : { page: page.id, at };
  }

  private stroke(stroke: StrokeTruth): void {
    const { known } = this;
    const { intent } = known;
    if (intent === undefined) return known.broken('S1', 'a stroke outside of any use');
    const claims = known.permits.get(hexOf(intent.data.get(1)));
    if (claims === undefined) return;
    const note = (text: string): void => known.broken('S1', `stroke under permit ${claims.counter} (intent ${intent.seq}): ${text}`);
    const time = known.unixAt(stroke.at);
    const slack = (known.bent(['clock'], -Infinity) ? 600 : CLOCK_SLACK) + known.misled;
    if (time < claims.notBefore - slack) note(`${claims.notBefore - time} s before its time`);
    if (time >= claims.notAfter + slack) note(`${time - claims.notAfter} s after its time`);
    if (stroke.die.rom !== claims.die) note('with another die');
    if (stroke.page === undefined && known.now() - known.paperAt > UNSTOPPABLE_MS && !known.bent(['paper', 'switches'], intent.at - 2000)) note('with nothing in the tray');
    this.again(stroke, note);
    if (known.lidOpen && known.now() - known.lidAt > UNSTOPPABLE_MS && !known.bent(['lid', 'switches'], intent.at - 2000)) note('with the lid open');
  }
}
