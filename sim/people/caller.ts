/** Somebody who uses a unit without a permit: reads its challenge to the office on the phone, or types a trip code. A script of hands, as those of holder.ts. */
import type { Fact } from '../oracle';
import type { Unit } from '../unit/types';
import { challengeOn, Eyes, type Challenge } from './glass';
import type { Script } from './holder';

/** How they go about it: a wrong code first, or only wrong ones; too late; the same code twice; one given before another; the power goes before the code is typed, or after. */
export type CodeHabit = 'right' | 'wrong first' | 'wrong' | 'late' | 'twice' | 'older' | 'cut before' | 'cut after' | 'other person';

export const CODE_HABITS: readonly CodeHabit[] = ['right', 'right', 'wrong first', 'wrong', 'late', 'twice', 'older', 'cut before', 'cut after', 'other person'];

export interface CodeTerms {
  person: number;
  count: number;
  /** Eight digits; of an answer. */
  document: string;
}

/** The office's end of the phone. Undefined: something was misheard. */
export interface Phone {
  answer(terms: CodeTerms, heard: Challenge): string | undefined;
  trip(terms: CodeTerms): string;
}

export interface CodeWish extends CodeTerms {
  how: 'answer' | 'trip';
  habit: CodeHabit;
  /** Who really lays the finger on the reader, where somebody else does. */
  other: number;
  phone: Phone;
}

/** The keypad is woken; a finger is lifted again; a code is judged. ms */
const WAKE_MS = 1450;
const FINGER_MS = 2800;
const JUDGED_MS = 1500;
const BOOT_MS = 6000;
/** A challenge stands for five minutes. */
const LATE_MS = 301_000;
const WRONG = ['11223344', '1122334455667788'] as const;

export class Caller {
  /** Keys were pressed behind B or C: something may still be asked. */
  busy = false;
  private readonly eyes: Eyes;

  constructor(private readonly unit: Unit, private readonly tell: (fact: Fact) => void, private readonly finger: (person: number) => void) {
    this.eyes = new Eyes(unit);
  }

  /** What is done before pages are laid in. */
  *script(wish: CodeWish): Script {
    this.busy = true;
    const trip = wish.how === 'trip';
    let older = trip ? wish.phone.trip(wish) : '';
    let code = trip && wish.habit === 'older' ? wish.phone.trip(wish) : older;
    yield* this.begin(wish);
    if (!trip) {
      older = code = this.call(wish) ?? '';
      if (wish.habit === 'older') {
        yield* this.begin(wish);
        code = this.call(wish) ?? '';
      }
    }
    if (wish.habit === 'late' && !trip) yield LATE_MS;
    if (wish.habit === 'cut before') yield* this.cut();
    if (wish.habit === 'cut before') yield* this.begin(wish);
    if (wish.habit === 'wrong' || wish.habit === 'wrong first') yield* this.enter(WRONG[trip ? 1 : 0]);
    if (wish.habit === 'wrong') for (let i = 0; i < 3; i++) yield* this.enter(WRONG[trip ? 1 : 0]);
    else yield* this.enter(wish.habit === 'older' && !trip ? older : code);
    if (wish.habit === 'cut after') {
      yield* this.cut();
      this.finger(wish.person);
      yield FINGER_MS;
    } else if (wish.habit === 'twice' || (wish.habit === 'older' && trip)) {
      yield* this.hangUp();
      yield* this.begin(wish);
      yield* this.enter(wish.habit === 'twice' ? code : older);
    }
  }

  /** Leaves whatever is asked, and ends what is open. */
  *hangUp(): Script {
    this.unit.hand.type('*', WAKE_MS / 2);
    yield WAKE_MS;
    yield this.unit.hand.type('**D') + JUDGED_MS;
    this.busy = false;
  }

  /** Opens a permit by a finger, puts it aside, and shows the same finger once more. */
  *putAside(show: () => void): Script {
    show();
    yield JUDGED_MS;
    this.unit.hand.type('*', WAKE_MS / 2);
    yield WAKE_MS;
    yield this.unit.hand.type('C') + JUDGED_MS;
    show();
    yield JUDGED_MS;
    this.busy = false;
  }

  /** Up to the question for the code. */
  private *begin({ how, person, count, document, habit, other }: CodeWish): Script {
    const { hand } = this.unit;
    hand.type('*', WAKE_MS / 2);
    yield WAKE_MS;
    yield hand.type(`**${how === 'trip' ? 'C' : 'B'}${person}#`) + JUDGED_MS / 3;
    this.finger(habit === 'other person' ? other : person);
    yield FINGER_MS;
    if (how === 'answer') yield hand.type(`${count}#${document}#`) + JUDGED_MS;
  }

  /** What the office says to what stands on the display. */
  private call(wish: CodeWish): string | undefined {
    const heard = challengeOn(this.eyes.rows());
    return heard === undefined ? undefined : wish.phone.answer(wish, heard);
  }

  private *enter(digits: string): Script {
    if (digits === '') return;
    this.tell({ what: 'dialled', digits });
    yield this.unit.hand.type(`${digits}#`) + JUDGED_MS;
  }

  private *cut(): Script {
    this.unit.power.cut();
    yield 400;
    this.unit.power.on();
    yield BOOT_MS;
  }
}
