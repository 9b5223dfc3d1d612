/**
 * The people at one unit: they show fingers, lay sheets, wait, and have habits. A use is a script of hands, run in the
 * world's time; the next begins when the one before is over. Only what a person could see steers it.
 */
import type { Fact } from '../oracle';
import type { Die } from '../parts/scene';
import type { Unit } from '../unit/types';
import { Caller, type CodeWish } from './caller';
import { Hands } from './hands';
import type { World } from '../world/world';

/** How somebody goes about it. */
export type Habit =
  | 'careful' | 'impatient' | 'peeks' | 'pulls the sheet' | 'swaps the sheet' | 'leaves the sheet' | 'wrong finger first' | 'same person twice' | 'alone' | 'walks off';

export const HABITS: readonly Habit[] = ['careful', 'impatient', 'peeks', 'pulls the sheet', 'swaps the sheet', 'leaves the sheet', 'wrong finger first', 'same person twice', 'alone', 'walks off'];

export interface UseWish {
  /** The die that they turn to first, in a unit of several. */
  die?: string;
  persons: readonly number[];
  /** By what each shows themselves: 1 finger, 2 passcode, 3 both; absent: by finger. */
  means?: readonly number[] | undefined;
  pages: number;
  habit: Habit;
  /** 0..1: how early or late the habit shows. */
  moment: number;
  /** Waits for the office's word before each stroke. */
  waits: boolean;
  /**
   * UseState as the lamps and the display tell it; who looks at them shows themselves once more where it went elsewhere: to a
   * ceremony that waits (still idle behind the first person), or to an older permit that asks for more (still opening behind the last).
   */
  sees?: () => number | undefined;
}

/** A ceremony that persons come to. */
export interface Occasion {
  action: number;
  subject: number | undefined;
  persons: readonly number[];
  means: readonly number[];
  /** The die that they put in where its own is wanted. */
  other?: Die | undefined;
}

/** UseState. */
const UNIT_IDLE = 1;
const UNIT_OPENING = 2;
/** Older permits that somebody passes over before giving up. */
const ROUNDS = 4;

/** Milliseconds until the next finger may be laid. */
const NEXT_FINGER_MS = 2800;
/** A sheet is laid under an open lid in so long. */
const LAY_MS = 250;
/** To turn to another die, ms. */
const TURN_MS = 600;
/** Nobody waits longer for a stroke. */
const PATIENCE_MS = 10_000;
const GRANT_MS = 3000;
/** After the stroke: the way home and the photo after. */
const AFTER_MS = 2600;

/** Steps of a script: milliseconds to wait, or what to wait for at most so long. */
export type Script = Generator<number | { until: () => boolean; ms: number }, void>;

const LOOK_MS = 100;
/** The key that wakes the keypad lies down for so long, and the unit looks once a second. */
const WAKE_MS = 1200;
/** Until the unit has judged a passcode and lamps say so. */
const TYPED_MS = 1500;
/** Actions that want more of a person than to show themselves (SPEC.md, "Ceremonies"). */
const FINGER_ADD = 1;
const CODE_SET = 2;
const DIE_OUT = 9;
const DIE_IN = 10;

/** Everybody keeps to one passcode. */
function codeOf(person: number): string {
  return String((person * 7_654_321 + 1_928_374) % 90_000_000 + 10_000_000);
}

export class Holder extends Hands {
  private readonly waiting: (() => Script)[] = [];
  private running: Script | undefined;
  private generation = 0;
  private readonly caller: Caller;

  /** @param tell hears what the hands do */
  constructor(world: World, unit: Unit, tell: (fact: Fact) => void, name: string) {
    super(world, unit, tell, name);
    this.caller = new Caller(unit, tell, (person) => this.finger(person));
  }

  get busy(): boolean {
    return this.running !== undefined;
  }

  use(wish: UseWish): void {
    this.begin(() => this.useScript(wish));
  }

  /** Some come to a ceremony that was just ordered: show themselves one after the other, and do what is asked. */
  attend(what: Occasion): void {
    this.begin(() => this.ceremonyScript(what));
  }

  /** Types numbers of these persons, by turns, and a passcode each time. */
  type(persons: readonly number[], right: boolean, times: number): void {
    this.begin(() => this.typeScript(persons, right, times));
  }

  /** Opens a permit, puts it aside with the key C, and shows the same finger once more. */
  putAside(person: number): void {
    this.begin(() => this.caller.putAside(() => this.finger(person)));
  }

  /** Uses the unit without a permit, by a code of the office, for so many pages. */
  call(wish: CodeWish & { pages: number }): void {
    this.begin(() => this.codeScript(wish));
  }

  /** Somebody else finds the keypad asking, and what a code has opened: leaves both. */
  hangUp(): void {
    if (this.caller.busy) this.begin(() => this.caller.hangUp());
  }

  /** Whoever is at it goes away, and nobody comes after them. */
  dismiss(): void {
    this.generation++;
    this.waiting.length = 0;
    this.running = undefined;
  }

  private begin(script: () => Script): void {
    this.waiting.push(script);
    if (this.running === undefined) this.next();
  }

  private next(): void {
    const script = this.waiting.shift();
    this.running = script?.();
    if (this.running !== undefined) this.go(this.running);
  }

  private go(script: Script): void {
    const { generation } = this;
    const resume = (): void => {
      if (generation !== this.generation) return;
      const step = script.next();
      if (step.done === true) {
        this.running = undefined;
        this.next();
      } else if (typeof step.value === 'number') this.world.after(step.value, resume);
      else this.watch(step.value.until, this.world.now + step.value.ms, generation, resume);
    };
    resume();
  }

  private watch(until: () => boolean, end: number, generation: number, resume: () => void): void {
    if (generation !== this.generation) return;
    if (until() || this.world.now >= end) resume();
    else this.world.after(LOOK_MS, () => this.watch(until, end, generation, resume));
  }

  private *useScript(wish: UseWish): Script {
    const { truth } = this.unit;
    if (truth.page !== undefined) {
      this.lid(true);
      yield LAY_MS;
      this.take();
      yield LAY_MS;
    }
    this.lid(false);
    yield LAY_MS * 3;
    const place = wish.die === undefined ? -1 : this.unit.parts.holders.dies.findIndex((one) => one?.rom === wish.die);
    if (place >= 0 && place !== this.unit.parts.holders.place) {
      this.turn(place);
      yield TURN_MS;
    }
    yield* this.open(wish);
    if (wish.habit === 'walks off') return;
    for (let i = 0; i < wish.pages; i++) {
      yield* this.sheet(wish);
    }
    if (wish.habit === 'leaves the sheet') return;
    this.lid(true);
    yield LAY_MS;
    this.take();
    yield LAY_MS;
    this.lid(false);
    yield LAY_MS;
  }

  private *open({ persons, means, habit, sees }: UseWish): Script {
    if (habit === 'wrong finger first') {
      this.finger(undefined);
      yield NEXT_FINGER_MS;
    }
    const shown = habit === 'alone' ? persons.slice(0, 1) : habit === 'same person twice' ? [persons[0]!, ...persons] : persons;
    for (let round = 0; round < ROUNDS; round++) {
      for (const [i, person] of shown.entries()) {
        const by = means?.[persons.indexOf(person)] ?? 1;
        yield* this.show(person, by);
        if (i === 0 && sees?.() === UNIT_IDLE) yield* this.show(person, by);
      }
      if (sees?.() !== UNIT_OPENING) return;
    }
  }

  /** One person shows themselves. */
  private *show(person: number, means: number): Script {
    if ((means & 1) !== 0) {
      this.finger(person);
      yield NEXT_FINGER_MS;
    }
    if ((means & 2) !== 0) yield* this.typeScript([person], true, 1);
  }

  private *typeScript(persons: readonly number[], right: boolean, times: number): Script {
    for (let i = 0; i < times; i++) {
      const person = persons[i % persons.length]!;
      // Wakes the keypad, and takes back what somebody has left there.
      this.unit.hand.type('*', WAKE_MS / 2);
      yield WAKE_MS + LAY_MS;
      this.tell({ what: 'typed', person, right });
      yield this.unit.hand.type(`${person}#${right ? codeOf(person) : '112233'}#`) + TYPED_MS;
    }
  }

  private *ceremonyScript({ action, subject, persons, means, other }: Occasion): Script {
    yield 1500;
    for (const [i, person] of persons.entries()) yield* this.show(person, means[i] ?? 1);
    if (action === CODE_SET && subject !== undefined) {
      yield LAY_MS;
      yield this.unit.hand.type(`${codeOf(subject)}#${codeOf(subject)}#`);
    }
    for (let i = 0; i < 2 && action === FINGER_ADD && subject !== undefined; i++) {
      yield 600;
      this.finger(subject);
      yield NEXT_FINGER_MS;
    }
    if (action === DIE_OUT) this.dieOut();
    if (action === DIE_IN) this.dieBack(other);
    yield LAY_MS * 3;
  }

  private *codeScript(wish: CodeWish & { pages: number }): Script {
    yield* this.caller.script(wish);
    for (let i = 0; i < wish.pages; i++) yield* this.sheet({ habit: 'careful', moment: 0, waits: false, persons: [wish.person], pages: 1 });
    this.lid(true);
    yield LAY_MS;
    this.take();
    yield LAY_MS;
    this.lid(false);
    yield* this.caller.hangUp();
  }

  private *sheet({ habit, moment, waits }: UseWish): Script {
    const { truth } = this.unit;
    const before = truth.strokeCount;
    const stroked = (): boolean => truth.strokeCount > before;
    this.lid(true);
    yield LAY_MS;
    this.lay();
    yield LAY_MS;
    this.lid(false);
    if (habit === 'impatient' || habit === 'peeks' || habit === 'pulls the sheet' || habit === 'swaps the sheet') {
      yield 200 + moment * 4500;
      if (habit === 'impatient') return;
      if (habit === 'peeks') {
        this.lid(true);
        yield LAY_MS + moment * 800;
        this.lid(false);
      } else {
        this.take();
        if (habit === 'pulls the sheet') return;
        // Through the slit, quickly: what is quicker than two readings of the sensor only the photos can show.
        yield 120 + moment * 300;
        if (truth.page === undefined) this.lay(true);
      }
    }
    yield { until: stroked, ms: PATIENCE_MS + (waits ? GRANT_MS : 0) };
    yield AFTER_MS;
  }
}
