/**
 * S6 Each condition of the alarm table locks the device at once and leaves a durable record. What really happened to the
 * unit says which alarm is due; while one is latched, nothing is opened and nothing intended.
 */
import type { Bend, Fact, Invariant, Written } from './facts';
import { Action } from './kinds';
import { hexOf, Kind, Result, type Known } from './known';

/** Condition numbers, protocol/SPEC.md section 9. */
const Condition = { DIE: 2, FINGER: 9, UNKNOWN: 13, DROP: 16, CASE: 21 } as const;
/** A fall is read from the sensor every second or two, but not behind a stroke. */
const DROP_MS = 4000;
/** At rest the switches are read once a second: a case that is open for less may not have been seen, and a stroke is not disturbed by a look. */
const CASE_MS = 5000;
const CASE_GLIMPSE_MS = 1200;
/** A switch is believed after two readings; a stroke under way is ended by its alarm. Milliseconds. */
const STROKE_MS = 2500;
/** An empty holder is seen within a second by its switch, another die every ten seconds by its tag; each is believed the second time. */
const GONE_MS = 4500;
const OTHER_MS = 15_000;
/** A stroke under way puts off every look at the die. */
const STROKING_MS = 12_000;
/** Whichever die it finds first is its own; after so long, ms, it has found it. */
const LEARN_MS = 25_000;
const FINGER_MS = 6000;
/** With its last alarm cleared the unit brings bolt and actuator to rest, and looks at nothing else meanwhile. */
const RESTING_MS = 1500;
/** Unknown fingers in a row (firmware/core/alarms.ts, told here anew). */
const WRONG = 5;
/** The reader is asked once a second: a touch that is shorter may be missed, two that are nearer may be one. */
const TOUCH_MS = 1400;
const LIFTED_MS = 1200;

/** What must not happen between intent and outcome. */
const LID = { text: 'the lid was opened', bends: ['lid'] as readonly Bend[] };
const PAPER = { text: 'the sheet was taken', bends: ['paper'] as readonly Bend[] };
const APART = 'the case is open';
const SHELL = { text: 'the case was taken apart', bends: ['case'] as readonly Bend[] };
const PULLED = 'the sheet was taken after its photo';
/** What is over sooner, ms, may not have been seen. */
const GLIMPSE_MS = 300;
const JUST_MS = 2000;
/** The shortest time that a unit waits for a stroke grant, ms. */
const WAITING_MS = 4000;

interface Due {
  at: number;
  text: string;
  since: number;
  bends: readonly Bend[];
  met(record: Written): boolean;
}

export class Alarms implements Invariant {
  readonly id = 'S6';
  private due: Due[] = [];
  private strangers: number[] = [];
  private touchedAt = -Infinity;
  private apart = false;
  private liftedAt = -Infinity;
  private fitted: string | undefined;
  /** What it should be by the ceremonies that are recorded. */
  private lawful: string | undefined;
  private before: string | undefined;
  private dieAt = 0;
  private learned = false;
  /** Alarms cleared since the holder is as it is. */
  private clearings = 0;
  /** The alarm was raised since the die last moved: it may be cleared again by now. */
  private dieTold = false;
  /** What was in the holder when the alarm was last raised; two answers, where it had just changed. */
  private told: (string | undefined)[] = [];
  private movedAt = -Infinity;

  /** @param die the one that the unit left the office with */
  constructor(private readonly known: Known, private readonly die: string | undefined, private readonly power: { readonly weak: boolean }) {
    this.fitted = this.before = this.lawful = die;
  }

  see(fact: Fact): void {
    this.look();
    if (fact.what === 'run') {
      // What the unit did not live to see it cannot tell.
      this.due = [];
      // The last one may not have been counted yet; on flash that has failed nothing need be.
      if (this.known.now() - this.touchedAt < FINGER_MS || this.known.bent(['flash'], -Infinity)) this.strangers = [];
      if (fact.how === 'boot' && this.apart) this.opened(true);
    } else if (fact.what === 'healed') {
      this.strangers = [];
      // Whatever had just begun is put an end to: a fall, a finger that lies there.
      this.due = this.due.filter((one) => this.known.now() - one.since > JUST_MS);
    }
    else if (fact.what === 'lid') {
      this.interrupted(LID, fact.open);
      // To two readings it looks as if the lid had been open first.
      if (fact.open) this.due = this.due.filter((one) => one.text !== PULLED || this.known.now() - one.since > GLIMPSE_MS);
    }
    else if (fact.what === 'paper') {
      this.interrupted(PAPER, !fact.there);
      if (!fact.there) this.pulled();
    }
    else if (fact.what === 'finger') this.finger(fact.person, fact.ms);
    else if (fact.what === 'moved' && fact.how === 'drop') this.dropped();
    else if (fact.what === 'case') this.opened(fact.open);
    else if (fact.what === 'die') this.dieIs(fact.rom);
    else if (fact.what === 'record') this.record(fact.record);
    else if (fact.what === 'fault' && fact.bends.includes('program')) this.due = [];
    else if (fact.what === 'fault' && fact.bends.some((bend) => bend === 'die' || bend === 'switches' || bend === 'reader' || bend === 'motion' || bend === 'case')) {
      this.due = [];
      this.strangers = [];
    }
  }

  /** Something that must not happen between intent and outcome. On flash that has failed, what looks like an intent may be one that the unit found spoilt, and gave up. */
  private interrupted({ text, bends }: typeof LID, begins: boolean): void {
    const { known } = this;
    const { intent } = known;
    const now = known.now();
    // Over before two readings have seen it.
    if (!begins) this.due = this.due.filter((one) => one.bends !== bends || now - one.since > GLIMPSE_MS);
    if (!begins) return;
    if (intent === undefined || known.running === undefined || known.bent([...bends, 'switches', 'program'], intent.at - 1000) || known.bent(['flash'], -Infinity)) return;
    // The stroke may just be over, or ended by another alarm.
    if (known.alarms.size > 0) return;
    this.expect(`${text} during the stroke of intent ${intent.seq}`, STROKE_MS, ({ kind, at }) => kind === Kind.ALARM || (kind === Kind.OUTCOME && at - now <= GLIMPSE_MS), bends);
  }

  /** A page that was photographed and waits for the office's word must not go under a closed lid. */
  private pulled(): void {
    const { known } = this;
    const photo = known.records.at(-1);
    if (photo?.kind !== Kind.PHOTO || photo.data.get(2) !== 0 || ((known.permits.get(hexOf(photo.data.get(1)))?.policy ?? 0) & 2) === 0) return;
    const now = known.now();
    if (now - photo.at > WAITING_MS || known.lidOpen || now - known.lidAt < STROKE_MS / 2 || known.running === undefined || known.alarms.size > 0 || known.bent(['paper', 'lid', 'switches', 'flash', 'program'], photo.at - 1000)) return;
    // It may have been given up meanwhile, or granted at this very moment.
    this.expect(PULLED, STROKE_MS, ({ kind }) => kind === Kind.ALARM || kind === Kind.CLOSED || kind === Kind.GRANTED, PAPER.bends);
  }

  /** At any time, also before it was switched on. */
  private opened(open: boolean): void {
    const { known } = this;
    this.apart = open;
    this.interrupted(SHELL, open);
    if (!open) this.due = this.due.filter((one) => one.text !== APART || known.now() - one.since > CASE_GLIMPSE_MS);
    else if (known.running !== undefined && !known.alarms.has(Condition.CASE) && !known.bent(['flash'], -Infinity) && !known.bent(['case', 'switches'], known.now() - 1000)) {
      this.expect(APART, CASE_MS, ({ kind, data }) => kind === Kind.ALARM && data.get(1) === Condition.CASE, ['case', 'switches']);
    }
  }

  private dropped(): void {
    const { known } = this;
    // A sensor that has just started takes a second to be set up.
    if (known.running === undefined || known.now() - known.running < 3000 || known.alarms.has(Condition.DROP) || known.bent(['motion'], known.now() - 3000) || known.bent(['flash'], -Infinity)) return;
    this.expect('the unit was dropped', DROP_MS + (known.intent === undefined ? 0 : STROKING_MS), ({ kind, data }) => kind === Kind.ALARM && data.get(1) === Condition.DROP);
  }

  private finger(person: number | undefined, ms: number): void {
    const { known } = this;
    const now = known.now();
    if (now - this.touchedAt < TOUCH_MS) {
      // The finger before it was not there for long, then.
      this.strangers = [];
      this.due = this.due.filter(({ since }) => since !== this.touchedAt);
    }
    // The reader has to see that the finger before it is gone.
    const apart = now - this.liftedAt >= LIFTED_MS;
    this.touchedAt = now;
    this.liftedAt = now + ms;
    // In a stroke nobody is asked for.
    if (!apart || person !== undefined || ms < TOUCH_MS || known.intent !== undefined || known.running === undefined || now - known.running < 2000) {
      this.strangers = [];
      return;
    }
    this.strangers.push(now);
    if (this.strangers.length < WRONG || known.bent(['reader'], this.strangers[0]!)) return;
    this.strangers = [];
    if (!known.alarms.has(Condition.FINGER)) this.expect(`${WRONG} strangers' fingers in a row`, FINGER_MS, ({ kind, data }) => kind === Kind.ALARM && data.get(1) === Condition.FINGER);
  }

  /** The holder has been like this from now on. */
  private dieIs(rom: string | undefined): void {
    // What was there in between may not have been seen: to the unit it is still as it told.
    this.dieTold = this.told.includes(rom) && this.known.now() - this.movedAt < OTHER_MS;
    this.before = this.fitted;
    this.fitted = rom;
    this.dieAt = this.movedAt = this.known.now();
    this.clearings = 0;
  }

  private lookAtDie(): void {
    const { known, dieAt, fitted } = this;
    this.learned ||= known.running !== undefined && fitted === this.lawful && known.now() - Math.max(dieAt, known.running) > LEARN_MS && !known.bent(['die', 'switches'], known.running);
    if (fitted === this.lawful || dieAt === Infinity || !this.learned) return;
    const since = Math.max(dieAt, known.running ?? Infinity);
    if (known.now() - since < (fitted === undefined ? GONE_MS : OTHER_MS) + (known.intent === undefined ? 0 : STROKING_MS) + this.clearings * RESTING_MS) return;
    this.dieAt = Infinity;
    if (known.bent(['die', 'switches'], since)) return;
    if (!known.alarms.has(Condition.DIE) && !this.dieTold) known.broken('S6', `no alarm: ${fitted === undefined ? 'the die is out' : this.lawful === undefined ? 'a die is fitted that nobody ordered' : 'another die is fitted'} since ${(since / 1000).toFixed(3)} s`);
  }

  private record(record: Written): void {
    const { known } = this;
    const { kind, data, seq } = record;
    this.due = this.due.filter((one) => !one.met(record));
    if (kind === Kind.ALARM && data.get(1) === Condition.DIE) {
      this.dieTold = true;
      this.told = record.at - this.movedAt < STROKE_MS ? [this.before, this.fitted] : [this.fitted];
    }
    if (kind === Kind.CEREMONY) this.changed(data.get(2), hexOf(data.get(5)));
    // A finger that lies there as a stroke begins or ends may not be dealt with.
    if ((kind === Kind.INTENT || kind === Kind.OUTCOME) && record.at - this.touchedAt < TOUCH_MS * 2) this.strangers = [];
    // It may have counted a touch that is not counted here, and begins anew as well.
    if (kind === Kind.ALARM && data.get(1) === Condition.FINGER) this.strangers = [];
    if (kind === Kind.CLEARED) this.clearings++;
    // Once the outcome stands nothing tells any more that a person is to be asked: a cut behind it would lose the alarm.
    if (kind === Kind.OUTCOME && data.get(3) === Result.UNKNOWN && known.records[data.get(5) as number]?.boot !== record.boot && !known.alarms.has(Condition.UNKNOWN) && !known.bent(['flash'], -Infinity)) {
      known.broken('S6', `outcome ${seq} of a stroke that a start has found unfinished, and no alarm ${Condition.UNKNOWN} before it`);
    }
    const standing = [...known.alarms].filter(([, at]) => at < seq);
    if ((kind === Kind.INTENT || kind === Kind.OPENED) && standing.length > 0) {
      known.broken('S6', `record ${seq} ${kind === Kind.INTENT ? 'intends a stroke' : 'opens a use'} although alarm ${standing[0]![0]} of record ${standing[0]![1]} stands`);
    }
    if (kind === Kind.OUTCOME && data.get(3) !== Result.STAMPED && known.alarms.size === 0 && !(data.get(3) === Result.FAILED && this.power.weak)) {
      // The alarm comes first, since a cut behind the outcome would lose it; on flash that has failed it may have to be written once more.
      if (known.bent(['flash', 'program'], -Infinity)) this.expect(`outcome ${seq} is not stamped`, 1000, (next) => next.kind === Kind.ALARM);
      else known.broken('S6', `outcome ${seq} is not stamped, and no alarm stands`);
    }
  }

  /** Dies that leave and come as the authority ordered. */
  private changed(action: unknown, die: string): void {
    const dies = this.lawful === undefined ? [] : this.lawful.split('+');
    if (action === Action.DIE_OUT) this.lawful = dies.filter((one) => one !== die).join('+') || undefined;
    else if (action === Action.DIE_IN && !dies.includes(die)) this.lawful = [...dies, die].join('+');
  }

  private expect(text: string, within: number, met: (record: Written) => boolean, bends: readonly Bend[] = []): void {
    this.due.push({ at: this.known.now() + within, text, since: this.known.now(), met, bends });
  }

  private look(): void {
    this.lookAtDie();
    const now = this.known.now();
    for (const one of this.due) if (now > one.at) this.known.broken('S6', `no alarm: ${one.text} at ${(one.since / 1000).toFixed(3)} s`);
    this.due = this.due.filter((one) => now <= one.at);
  }

  end(): void {
    this.look();
  }
}
