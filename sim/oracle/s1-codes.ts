/**
 * S1, S2 and S7 of uses without a permit: what is opened by a code was given by the authority, for this device, die, epoch, person and count,
 * and typed; no number counts twice, and no code behind a later one; what it opened is the only one, and ends with the power and its time.
 */
import type { Claims, Fact, Invariant, Written } from './facts';
import { hexOf, Kind, type Known } from './known';

const Code = { ANSWER: 1, TRIP: 2 } as const;
/** A code of sixteen digits takes so long to be typed, and to be judged, ms. */
const TYPED_MS = 15_000;
/** How long a challenge stands, and what an answer or a trip code opens, ms; and what a look once a second may add. */
const CHALLENGE_MS = 300_000;
const LIVES_MS: Readonly<Record<number, number>> = { [Code.ANSWER]: 1_800_000, [Code.TRIP]: 43_200_000 };
const SLACK_MS = 3000;

export class Codes implements Invariant {
  readonly id = 'S1';
  /** The last challenge of this run of the firmware. */
  private challenge: Written | undefined;
  private calls = 0;
  private serial = 0;
  /** The code of this run that counts, and since when. */
  private live: { id: string; at: number; how: number } | undefined;
  private readonly opened = new Set<string>();
  private readonly dialled: { digits: string; at: number }[] = [];
  private epoch = 0;

  constructor(private readonly known: Known, private readonly dies: readonly string[]) {}

  see(fact: Fact): void {
    const now = this.known.now();
    if (fact.what === 'dialled') this.dialled.push({ digits: fact.digits, at: now });
    else if (fact.what === 'run') this.live = this.challenge = undefined;
    else if (fact.what === 'record') this.record(fact.record);
  }

  private record(record: Written): void {
    const { known } = this;
    const { kind, seq, data, at } = record;
    if (kind === Kind.REVOKED && typeof data.get(1) === 'number') this.epoch = data.get(1) as number;
    else if (kind === Kind.CHALLENGE) {
      const number = data.get(1) as number;
      if (number <= this.calls) known.broken('S7', `record ${seq}: challenge ${number} was shown before; the last one was ${this.calls}`);
      this.calls = Math.max(this.calls, number);
      this.challenge = record;
    } else if (kind === Kind.CODE) this.code(record);
    else if (kind === Kind.OPENED || kind === Kind.INTENT) {
      const id = hexOf(data.get(1));
      const claims = known.permits.get(id);
      if (claims?.code === undefined) return;
      if (this.live?.id !== id) return known.broken('S1', `record ${seq}: a use by the code ${claims.code.digits}, which has ended with the power, or with a later one`);
      const lasts = LIVES_MS[this.live.how]! + SLACK_MS;
      if (at - this.live.at > lasts && !known.bent(['clock'], -Infinity)) known.broken('S1', `record ${seq}: a use by a code ${Math.round((at - this.live.at) / 1000)} s after it was typed`);
    }
  }

  private code({ seq, data, at }: Written): void {
    const { known } = this;
    const id = hexOf(data.get(1));
    const claims = known.permits.get(id);
    const code = claims?.code;
    if (claims === undefined || code === undefined) return known.broken('S1', `record ${seq} tells of a code ${id} that no authority gave`);
    const what = `code ${code.digits} (record ${seq})`;
    this.terms(claims, data, what);
    if (this.opened.has(id)) known.broken('S7', `${what} counts twice`);
    this.opened.add(id);
    if (!this.dialled.some((one) => one.digits === code.digits && one.at <= at && at - one.at <= TYPED_MS)) known.broken('S1', `${what} was taken, and nobody has typed it`);
    if (code.how === Code.TRIP) {
      if (code.number <= this.serial) known.broken('S7', `${what}: serial ${code.number} counts behind ${this.serial}`);
      this.serial = Math.max(this.serial, code.number);
    } else this.answer(code.number, at, what);
    this.live = { id, at, how: code.how };
  }

  /** What is recorded is what was given, and fits the device. */
  private terms(claims: Claims, data: Written['data'], what: string): void {
    const { known } = this;
    const code = claims.code!;
    const document = data.get(6) instanceof Uint8Array ? Buffer.from(data.get(6) as Uint8Array).toString('latin1') : '';
    const said = [data.get(2), data.get(3), data.get(4), data.get(5), document].join(' ');
    const given = [code.how, code.number, claims.persons[0], claims.count, code.document].join(' ');
    if (said !== given) known.broken('S1', `${what}: the record says ${said}, given was ${given}`);
    if (claims.epoch < this.epoch) known.broken('S1', `${what} is of epoch ${claims.epoch}; the epoch is ${this.epoch}`);
    if (!this.dies.includes(claims.die)) known.broken('S1', `${what} is for another die`);
  }

  /** An answer is to the challenge shown last, not long ago, since the power came. */
  private answer(number: number, at: number, what: string): void {
    const { known, challenge } = this;
    if (challenge === undefined || challenge.data.get(1) !== number) return known.broken('S7', `${what} answers challenge ${number}, which is not the last one since the start`);
    if (at - challenge.at > CHALLENGE_MS + SLACK_MS && !known.bent(['clock'], -Infinity)) known.broken('S7', `${what} came ${Math.round((at - challenge.at) / 1000)} s behind its challenge`);
    this.challenge = undefined;
  }
}
