/**
 * Judges what a unit did by SAFETY.md: the truth of the simulated world on one side, the statements of the authority and the
 * records as the register has them on the other. Nothing of the firmware is used.
 */
import type { StrokeTruth } from '../../sim';
import type { Bench } from './bench';
import { Kind, type Entry } from './chain';
import type { Granted } from './authority';

/** A solenoid behind a one-shot of 3 s, and the spring's way back. */
const BOLT_LIMIT_MS = 3000 + 100;
/** The coil is off and the spring back this long after the power went. */
const BOLT_FALL_MS = 100;
/** Within a turn that is busy with flash, outputs change at its beginning while the clock goes on. */
const TURN_MS = 250;
/** Beyond this the carrier stands in the bolt's way and nothing can close it. */
const CARRIER_FREE_MM = 0.9;
/** Reason of CLOSED after an exception. */
const CLOSED_RESTART = 8;
/** Alarms CAMERA and INTERNAL: they stand in the records in place of the photo. */
const NO_PHOTO = [8, 14];
/** Records of maintenance; the ceremony that opens it, and what its last record says. */
const CEREMONY = 15;
const MAINTENANCE = 16;
const MAINTAIN = 13;
const MAINTENANCE_OVER = 5;
const RESULT = { STAMPED: 1, FAILED: 2, UNKNOWN: 3 } as const;

/** An intent, what became of it, and the strokes that happened between the two. */
interface Attempt {
  intent: Entry;
  outcome: Entry | undefined;
  permit: Granted;
  from: number;
  to: number;
  strokes: StrokeTruth[];
}

const hex = (value: unknown): string => (value as Buffer).toString('hex');

/** World's time of a record. */
function when(bench: Bench, entry: Entry): number {
  const boot = bench.boots.get(entry.boot);
  if (boot === undefined) throw new Error(`S3: record ${entry.seq} (kind ${entry.kind}) of boot ${entry.boot}, which never was linked`);
  return boot + entry.uptime;
}

function attempts(bench: Bench): Attempt[] {
  const { chain, base } = bench;
  const outcomes = chain.of(Kind.OUTCOME, base);
  return chain.of(Kind.INTENT, base).map((intent) => {
    const id = hex(intent.data.get(1));
    const permit = bench.granted.find(({ claims }) => claims.id.toString('hex') === id);
    if (permit === undefined) throw new Error(`S1: intent ${intent.seq} under permit ${id}, which the authority never made`);
    const mine = outcomes.filter((entry) => entry.data.get(5) === intent.seq);
    if (mine.length > 1) throw new Error(`S3: intent ${intent.seq} has ${mine.length} outcomes`);
    const outcome = mine[0];
    const from = when(bench, intent);
    // The firmware's clock may be ahead of the world's within a turn: the end of a run is looked for from its start. What hangs
    // has not ended: a motor that was told to press goes on.
    const end = bench.unit.truth.runs.find(({ at, what }) => (what === 'cut' || what === 'reset') && at > bench.boots.get(intent.boot)!);
    const to = outcome !== undefined && outcome.boot === intent.boot ? when(bench, outcome) : (end?.at ?? Infinity);
    return { intent, outcome, permit, from, to, strokes: [] };
  });
}

/** S1: under exactly this permit, in its time, with its die, opened by all its people, not revoked. */
function judgeAuthority(bench: Bench, { intent, permit, strokes }: Attempt): void {
  const { claims } = permit;
  const note = (what: string): Error => new Error(`S1: stroke under permit ${claims.counter} (intent ${intent.seq}): ${what}`);
  const opened = bench.chain.of(Kind.OPENED).filter((entry) => entry.seq < intent.seq && hex(entry.data.get(1)) === hex(claims.id)).at(-1);
  if (opened === undefined) throw note('nobody opened it');
  const shown = opened.data.get(2) as number[];
  for (const stroke of strokes) {
    const time = bench.timeAt(stroke.at);
    if (time < claims.notBefore || time >= claims.notAfter) throw note(`at ${time}, outside of its time`);
    if (stroke.die.rom !== claims.die.toString('hex')) throw note('another die');
    if (stroke.page === undefined) throw note('no paper');
    for (const { person } of claims.persons) {
      if (!shown.includes(person)) throw note(`person ${person} is not in the record of its opening`);
      const boot = bench.boots.get(intent.boot)!;
      if (!bench.fingers.some((finger) => finger.person === person && finger.at >= boot && finger.at < stroke.at)) throw note(`person ${person} was not there`);
    }
    for (const { at, ...what } of bench.revoked) {
      const meant = what.epoch === undefined ? hex(what.permit) === hex(claims.id) : claims.epoch < what.epoch;
      if (meant && stroke.at > at) throw note('revoked');
    }
    // By its number too: two photos may be byte for byte the same.
    const photo = bench.chain.of(Kind.PHOTO).filter((entry) => entry.seq < intent.seq && hex(entry.data.get(1)) === hex(claims.id)).at(-1);
    if (claims.policy & 2 && !bench.strokesGranted.has(`${hex(claims.id)} ${hex(intent.data.get(4))} ${photo?.seq}`)) throw note('no stroke grant for its photo');
  }
}

/** S3: photos bound to the record. */
function judgePhotos(bench: Bench, { intent, outcome, permit }: Attempt): void {
  if ((permit.claims.policy & 1) === 0) return;
  const photos = bench.chain.of(Kind.PHOTO).filter((entry) => hex(entry.data.get(1)) === hex(permit.claims.id));
  const before = photos.find((entry) => entry.seq < intent.seq && entry.data.get(2) === 0 && hex(entry.data.get(3)) === hex(intent.data.get(4)));
  if (before === undefined) throw new Error(`S3: intent ${intent.seq} without the photo it names`);
  if (before.seq >= bench.recordsAcked && !bench.photos.has((before.data.get(3) as Buffer).toString('latin1'))) throw new Error(`S3: photo ${before.seq} was not read`);
  if (outcome === undefined || outcome.data.get(3) !== RESULT.STAMPED) return;
  const next = bench.chain.entries.find((e) => e.seq > outcome.seq && (e.kind === Kind.INTENT || e.kind === Kind.CLOSED || e.kind === Kind.BOOT));
  // The power may go between stroke and photo, the camera or the firmware may fail and say so; nothing else may keep it from being taken.
  if (next === undefined || next.boot !== outcome.boot || next.data.get(2) === CLOSED_RESTART) return;
  if (bench.chain.of(Kind.ALARM, outcome.seq).some(({ seq, data }) => seq < next.seq && NO_PHOTO.includes(data.get(1) as number))) return;
  const after = photos.find((entry) => entry.data.get(2) === 1 && entry.seq > outcome.seq && entry.seq < next.seq);
  if (after === undefined) throw new Error(`S3: no photo after the stroke of intent ${intent.seq}`);
}

/** From the record that opens maintenance to the one that ends it, or the end of that run. */
function maintained(bench: Bench): { from: number; to: number }[] {
  const ends = bench.chain.of(MAINTENANCE, bench.base).filter(({ data }) => data.get(1) === MAINTENANCE_OVER);
  return bench.chain.of(CEREMONY, bench.base).filter(({ data }) => data.get(2) === MAINTAIN).map((begun) => {
    const end = ends.find(({ seq, boot }) => seq > begun.seq && boot === begun.boot);
    const stop = bench.unit.truth.runs.find(({ at, what }) => what !== 'boot' && at > bench.boots.get(begun.boot)!);
    return { from: when(bench, begun), to: end === undefined ? (stop?.at ?? Infinity) : when(bench, end) };
  });
}

/** S5: the bolt opens only between an intent and its outcome, or in maintenance, and never for longer than its limit. */
function judgeBolt(bench: Bench, all: Attempt[]): void {
  const { bolt, runs } = bench.unit.truth;
  const spans = [...all, ...maintained(bench)];
  bolt.forEach(({ at, open }, i) => {
    if (!open) return;
    if (!spans.some(({ from, to }) => at >= from - TURN_MS && at <= to + 100)) throw new Error(`S5: bolt opened at ${at} without an intent`);
    const closed = bolt[i + 1]?.at ?? bench.world.now;
    const stopped = runs.some((run) => run.what !== 'boot' && run.at >= at && run.at <= closed);
    if (!stopped && closed - at > BOLT_LIMIT_MS) throw new Error(`S5: bolt open for ${closed - at} ms from ${at}`);
  });
}

/** Every stroke with the one intent it falls under. @throws Error where it falls under none, or several */
function assign(bench: Bench): Attempt[] {
  const all = attempts(bench);
  for (const stroke of bench.unit.truth.strokes) {
    const mine = all.filter(({ from, to }) => from <= stroke.at && stroke.at <= to);
    if (mine.length !== 1) throw new Error(`S3: the stroke at ${stroke.at} falls under ${mine.length} intents`);
    mine[0]!.strokes.push(stroke);
  }
  return all;
}

/** Strokes on this bench by the counter of their permit. */
export function strokesByPermit(bench: Bench): Map<number, number> {
  const found = new Map<number, number>();
  for (const { permit, strokes } of assign(bench)) found.set(permit.claims.counter, (found.get(permit.claims.counter) ?? 0) + strokes.length);
  return found;
}

/** What the records say about each intent agrees with what happened, and every stroke is covered. The unit is at rest, all records read. */
export function judge(bench: Bench): void {
  const all = assign(bench);
  for (const one of all) {
    const { intent, outcome, strokes } = one;
    if (outcome === undefined) throw new Error(`S3: intent ${intent.seq} has no outcome`);
    const result = outcome.data.get(3);
    const right = result === RESULT.STAMPED ? [1] : result === RESULT.FAILED ? [0] : result === RESULT.UNKNOWN ? [0, 1] : [];
    if (!right.includes(strokes.length)) throw new Error(`S3: intent ${intent.seq} ended as ${String(result)} with ${strokes.length} strokes`);
    judgeAuthority(bench, one);
    judgePhotos(bench, one);
  }
  for (const [counter, made] of strokesByPermit(bench)) {
    const { count } = bench.granted.find(({ claims }) => claims.counter === counter)!.claims;
    const strokes = made + (bench.earlier.get(counter) ?? 0);
    if (strokes > count) throw new Error(`S2: ${strokes} strokes under permit ${counter} for ${count}`);
  }
  judgeBolt(bench, all);
  if (bench.unit.truth.consoleBytes > 0) throw new Error('S8: the console took input');
}

/** Uses of a permit that were charged although no stroke is on paper: those an interrupted intent left unknown. */
export function chargedForNothing(bench: Bench, permit: Granted): number {
  return assign(bench).filter((one) => one.permit === permit && one.strokes.length === 0 && one.outcome?.data.get(3) === RESULT.UNKNOWN).length;
}

/** S5 while there is no power: the spring has the bolt closed, unless the carrier itself is in its way. */
export async function judgeDark(bench: Bench): Promise<void> {
  const { truth } = bench.unit;
  await bench.world.run(BOLT_FALL_MS);
  if (truth.powered) throw new Error('judgeDark: the unit has power');
  if (truth.boltOpen && truth.carrierMm <= CARRIER_FREE_MM) throw new Error(`S5: bolt open without power, carrier at ${truth.carrierMm} mm`);
}
