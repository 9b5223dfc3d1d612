/** What a cut leaves behind is given power again and judged; what is proven to go the same way as another is judged with it. */
import { Bench, type Snapshot } from '../scenario/bench';
import { judge } from '../scenario/oracle';
import { agree, cutsAt, flashAfter, label, leftOver, readWords, takeDown, type Cut, type Moment, type Tally } from './moments';
import type { Scenario } from './scenario';
import { finish, reload, settle, untilGone, wake } from './settle';
import { useUp } from './sheets';

/** Brings a unit to where the scenario begins. */
export async function prepared(scenario: Scenario): Promise<Snapshot | undefined> {
  if (scenario.prepare === undefined) return undefined;
  const bench = new Bench(scenario.preparePhotoBytes === undefined ? {} : { photoBytes: scenario.preparePhotoBytes });
  await bench.start();
  const given = await scenario.prepare(bench);
  if (given !== undefined) return given;
  await bench.pull();
  judge(bench);
  return bench.snapshot();
}

/** A unit where the scenario begins. */
export async function begun(scenario: Scenario, from: Snapshot | undefined): Promise<Bench> {
  const bench = new Bench({ ...(from === undefined ? {} : { from }), ...(scenario.photoBytes === undefined ? {} : { photoBytes: scenario.photoBytes }) });
  if (scenario.cold) return bench;
  await bench.start();
  await bench.pull();
  return bench;
}

/** One run without a cut: its flash operations. */
export async function survey(scenario: Scenario, from: Snapshot | undefined): Promise<Moment[]> {
  const bench = await begun(scenario, from);
  const notes = takeDown(bench);
  await scenario.run(bench);
  const moments = notes.end();
  const { strokeCount } = bench.unit.truth;
  if (strokeCount !== scenario.strokes) throw new Error(`${scenario.name}: ${strokeCount} strokes without a cut, ${scenario.strokes} expected`);
  bench.unit.power.cut();
  await settle(bench, { alarms: scenario.alarms ?? [] });
  return moments;
}

/** The whole scenario with a real cut at an operation, then judged. */
export async function inject(scenario: Scenario, from: Snapshot | undefined, cut: Cut): Promise<void> {
  const bench = await begun(scenario, from);
  bench.unit.flash.cutAt(cut.op, cut.how, cut.words);
  if (!(await untilGone(bench, scenario.run))) throw new Error(`operation ${cut.op} did not come`);
  await settle(bench, { alarms: scenario.alarms ?? [] });
}

/** What the office does when a unit comes back. */
async function anew(bench: Bench): Promise<void> {
  bench.unit.hand.closeLid();
  await bench.start();
  await bench.pull();
  await bench.setTime();
  await bench.clearAlarms([3, 9, 13]);
  for (const granted of bench.granted) if (await reload(bench, granted)) await useUp(bench, granted, 1);
}

/** The unit without power after a cut. */
export function revived(moment: Moment, cut: Cut, seed: number): Bench {
  return Bench.revive(moment.left!, flashAfter(moment, leftOver(moment, cut, seed)), seed + moment.op);
}

/** Operations of the start that follows a cut, and of what the office does then. */
export async function surveyAnew(moment: Moment, cut: Cut, seed: number): Promise<Moment[]> {
  const bench = revived(moment, cut, seed);
  await bench.world.run(200);
  const notes = takeDown(bench);
  await anew(bench);
  return notes.end();
}

/** One that was gone through: what it read of the operation's range, and what that was. */
interface Known {
  mask: Uint8Array;
  range: Uint8Array;
}

/** Cuts at one flash operation. */
export class Judgement {
  private readonly fully: Known[] = [];
  private readonly glanced: Known[] = [];
  private readonly outcomes = new Set<string>();

  /** @param name of the scenario, with the first cut where this is the second */
  constructor(private readonly name: string, private readonly alarms: number[], private readonly moment: Moment, private readonly seed: number, private readonly tally: Tally) {}

  /** Judges cuts of cutsAt(): so many of those that are torn in full, the rest at a glance. */
  async all(cuts: readonly Cut[], next: Moment | undefined, samples: number): Promise<void> {
    const chosen = new Set(cutsAt(this.moment, samples).map(label));
    const seen = new Set<string>();
    for (const cut of cuts) {
      this.tally.injected++;
      const range = leftOver(this.moment, cut, this.seed);
      const text = Buffer.from(range).toString('latin1');
      if (seen.has(text)) continue;
      seen.add(text);
      // A cut after this operation that is one before the next is judged in full there.
      const later = cut.how === 'after' && next?.sameAsBefore === true;
      if (!later) this.tally.distinct++;
      try {
        await this.one(range, !later && (samples === Infinity || chosen.has(label(cut))));
      } catch (error) {
        this.tally.failed.push(`${this.name}: ${label(cut)}, seed ${this.seed}: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  }

  /** @throws Error when a promise was broken */
  async one(range: Uint8Array, full: boolean): Promise<void> {
    const { moment } = this;
    const covered = (known: Known[]): boolean => known.some((one) => agree(one.mask, one.range, range));
    if (covered(this.fully) || (!full && covered(this.glanced))) return;
    const bench = Bench.revive(moment.left!, flashAfter(moment, range), this.seed + moment.op);
    const mask = readWords(bench.unit.flash, moment.address, range.length);
    const outcome = await wake(bench, { alarms: this.alarms });
    if (!full && this.outcomes.has(outcome)) {
      this.tally.glances++;
      this.glanced.push({ mask, range });
      return;
    }
    this.outcomes.add(outcome);
    await finish(bench);
    this.tally.full++;
    this.fully.push({ mask, range });
  }
}
