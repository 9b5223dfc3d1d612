/**
 * S3 Every stroke has a durable intent before it and an outcome after it, never silently absent. Nothing is called stamped
 * without the contact sensor having said so. A permit that asks for photos gets one before and one after, bound by hash.
 */
import type { StrokeTruth } from '../unit/truth';
import type { Bend, Fact, Invariant, Written } from './facts';
import { hexOf, Kind, Result, type Known } from './known';

/** Alarms of a stroke that has ended badly, written just before its outcome: STALL and CONTACT (protocol/SPEC.md section 9). */
const OWN = new Set([3, 4]);
/** Pressure at which the contact switch closes (0.4 mm of 0.6 mm nominal), less a little for the motor's speed. */
const CONTACT_FORCE = 0.6;
/** Alarms that stand in the records in place of a photo: CAMERA, INTERNAL, JOURNAL. */
const INSTEAD = [8, 14, 7];
/** Whatever may be the reason that a stroke cannot be proven. */
const ANYTHING: readonly Bend[] = ['contact', 'home', 'bolt', 'lid', 'paper', 'die', 'switches', 'current', 'motor', 'driver', 'power', 'flash', 'program'];
/** A host that was to take the photo has not. */
const NO_PHOTO = 46;
/** CLOSED, because the firmware or the unit started again. */
const RESTART = 8;

interface Picture {
  at: number;
  size: number;
  page: string | undefined;
  /** By the camera of the host. */
  handed: boolean;
}

/** Bits of a permit's policy; milliseconds from a picture of each camera to its record. */
const HOST_CAMERA = 32;
const FRESH_MS = 30_000;
const HANDED_MS = 90_000;

export class Evidence implements Invariant {
  readonly id = 'S3';
  /** Intents that have an outcome, and the one that has none yet. */
  private readonly ended = new Set<number>();
  private open: number | undefined;
  private strokes: (readonly StrokeTruth[])[] = [];
  private readonly pictures = new Map<string, Picture[]>();
  /** A stroke that must have a photo after it. */
  private owed: { intent: number; outcome: number; permit: string } | undefined;
  private before: { permit: string; digest: string; at: number } | undefined;

  constructor(private readonly known: Known) {}

  see(fact: Fact): void {
    const { known } = this;
    if (fact.what === 'picture') this.picture(fact.digest, { at: known.now(), size: fact.size, page: fact.page, handed: false });
    else if (fact.what === 'handed') this.picture(fact.digest, { at: known.now(), size: fact.size, page: fact.page, handed: true });
    else if (fact.what === 'stroke') {
      if (known.intent === undefined) known.broken('S3', 'a stroke without a durable intent');
      this.strokes.push(fact.press);
    } else if (fact.what === 'record') this.record(fact.record);
  }

  private picture(digest: string, picture: Picture): void {
    this.pictures.set(digest, [...(this.pictures.get(digest) ?? []), picture]);
  }

  private record(record: Written): void {
    const { kind, data, seq } = record;
    if (kind === Kind.PHOTO) this.photo(record);
    else if (kind === Kind.INTENT) this.intent(record);
    else if (kind === Kind.OUTCOME) this.outcome(record);
    else if (kind === Kind.ALARM && INSTEAD.includes(data.get(1) as number)) this.owed = undefined;
    else if (kind === Kind.REFUSED && data.get(1) === NO_PHOTO) this.owed = undefined;
    else if (kind === Kind.BOOT || (kind === Kind.CLOSED && data.get(2) === RESTART)) this.owed = undefined;
    else if (kind === Kind.CLOSED && this.owed !== undefined) {
      this.known.broken('S3', `the use of permit ${this.owed.permit} closed (record ${seq}) without a photo after the stroke of intent ${this.owed.intent}`);
      this.owed = undefined;
    }
  }

  private photo({ data, seq, at }: Written): void {
    const { known } = this;
    const digest = hexOf(data.get(3));
    const permit = hexOf(data.get(1));
    const handed = ((known.permits.get(permit)?.policy ?? 0) & HOST_CAMERA) !== 0;
    const picture = this.pictures.get(digest)?.findLast((one) => one.handed === handed);
    if ((data.get(6) === 1) !== handed) known.broken('S3', `photo ${seq} says of the wrong camera that it took it`);
    if (handed || !known.bent(['camera'], at - 30_000)) {
      if (picture === undefined) known.broken('S3', `photo ${seq} is none that the ${handed ? 'host' : 'unit'}'s camera took`);
      else if (picture.size !== data.get(4)) known.broken('S3', `photo ${seq} has ${picture.size} bytes, its record says ${String(data.get(4))}`);
      else if (at - picture.at > (handed ? HANDED_MS : FRESH_MS)) known.broken('S3', `photo ${seq} was taken ${Math.round(at - picture.at)} ms before its record`);
    }
    if (data.get(2) === 0) this.before = { permit, digest, at };
    else if (this.owed !== undefined && this.owed.permit === permit) {
      const after = known.records[this.owed.outcome]!.at;
      this.owed = undefined;
      if (picture !== undefined && picture.at < after && !known.bent(['camera'], at - 30_000)) known.broken('S3', `photo ${seq} after the stroke was taken before it`);
    }
  }

  private intent({ data, seq }: Written): void {
    const { known } = this;
    const permit = hexOf(data.get(1));
    const claims = known.permits.get(permit);
    this.strokes = [];
    if (this.open !== undefined) known.broken('S3', `intent ${seq} although intent ${this.open} has no outcome`);
    this.open = seq;
    if (this.owed !== undefined) known.broken('S3', `intent ${seq} without a photo after the stroke of intent ${this.owed.intent}`);
    this.owed = undefined;
    if (claims === undefined || (claims.policy & 1) === 0) return;
    if (this.before === undefined || this.before.permit !== permit || this.before.digest !== hexOf(data.get(4))) {
      return known.broken('S3', `intent ${seq} does not name a photo taken for it`);
    }
    const picture = this.pictures.get(this.before.digest)?.at(-1);
    if (picture !== undefined && known.lidSeenOpen(picture.at) && !known.bent(['lid', 'switches', 'camera'], picture.at - 1000)) known.broken('S3', `intent ${seq} rests on a photo from before the lid was opened`);
  }

  private outcome({ data, seq }: Written): void {
    const { known } = this;
    const of = data.get(5) as number;
    const intent = known.records[of];
    const note = (text: string): void => known.broken('S3', `outcome ${seq} of intent ${of}: ${text}`);
    if (intent === undefined || intent.kind !== Kind.INTENT) return note('there is no such intent');
    if (this.ended.has(of)) return note('a second one');
    this.ended.add(of);
    this.open = undefined;
    const made = this.strokes;
    this.strokes = [];
    const result = data.get(3);
    // What the sensors said is all that the device can know.
    if (result === Result.STAMPED && !known.bent(['contact', 'switches', 'driver'], intent.at - 2000)) {
      if (made.length === 0) note('stamped, and there is no ink');
      else if (Math.max(...made.flat().map((one) => (one.until === undefined ? Infinity : one.force))) < CONTACT_FORCE) note('stamped without contact');
    }
    if (result === Result.FAILED && made.length > 0 && !known.bent(['contact', 'home', 'switches', 'driver'], intent.at - 2000)) note('failed, and there is ink');
    if (result !== Result.STAMPED && result !== Result.FAILED && result !== Result.UNKNOWN) note(`result ${String(result)}`);
    const claims = known.permits.get(hexOf(intent.data.get(1)));
    if (result !== Result.STAMPED) this.excused(intent, seq, note);
    if (claims === undefined || (claims.policy & 1) === 0) return;
    this.same(intent, made);
    if (intent.boot === known.records[seq]!.boot) this.owed = { intent: of, outcome: seq, permit: claims.id };
  }

  /** Where nothing broke and nobody meddled (an alarm that the stroke's own end gives is only the device's word again), the contact switch has said so: then it is stamped. */
  private excused(intent: Written, seq: number, note: (text: string) => void): void {
    const { known } = this;
    const meddled = Math.max(known.lidAt, known.paperAt, known.dieAt) > intent.at - 500;
    const alarmed = known.records.slice(intent.seq + 1, seq).some(({ kind, data }) => (kind === Kind.ALARM && !OWN.has(data.get(1) as number)) || kind === Kind.BOOT);
    if (!meddled && !alarmed && intent.boot === known.records[seq]!.boot && !known.bent(ANYTHING, intent.at - 3000)) note('not stamped, and nothing was wrong');
  }

  /** The page that was stamped is the one in the photo before. */
  private same(intent: Written, made: readonly (readonly StrokeTruth[])[]): void {
    const { known } = this;
    const first = made[0]?.[0];
    const picture = this.pictures.get(hexOf(intent.data.get(4)))?.filter((one) => one.at <= intent.at).at(-1);
    if (first?.page === undefined || picture === undefined || known.bent(['camera', 'paper', 'lid', 'switches'], intent.at - 30_000)) return;
    if (picture.page !== first.page.id) known.broken('S3', `page ${first.page.id} was stamped, the photo before (intent ${intent.seq}) shows ${picture.page ?? 'none'}`);
  }

  end(): void {
    const { known } = this;
    // Flash that failed just after an intent takes no outcome: then nothing may have come of the intent.
    if (this.open !== undefined && (this.strokes.length > 0 || !known.bent(['flash'], -Infinity))) known.broken('S3', `intent ${this.open} has no outcome`);
  }
}
