/**
 * What happens in a world, written down before it begins: so many units, and deeds with their times. A plan is data: it
 * can be cut down while it still fails, saved, and played again. All other chance (noise, bounce) hangs on the seed.
 */
import type { AimedDeed } from './aimed-deeds';
import type { ImageForm } from './images';
import type { CodeHabit } from '../people/caller';
import type { Habit } from '../people/holder';
import type { HouseDeed } from './house-deeds';
import type { TrickDeed } from './trick-deeds';

/** A fence so many metres wide whose middle lies so far north of home, and the fix that is asked for. */
export interface Fence {
  shape: 'circle' | 'square';
  metres: number;
  away: number;
  age: number;
  accuracy: number;
}

export type Deed =
  | HouseDeed
  | TrickDeed
  | AimedDeed
  /** Something breaks for so long. */
  | { deed: 'fault'; name: string; size: number; ms: number }
  | { deed: 'cut'; ms: number }
  /** Power goes at the n-th flash operation from now. */
  | { deed: 'cut at flash'; n: number; how: 'before' | 'torn' | 'after'; words: number; ms: number }
  | { deed: 'unplug'; ms: number }
  | { deed: 'reset' }
  /** The authority makes a permit; persons by number, seconds from now. */
  | { deed: 'permit'; count: number; persons: number[]; policy: number; from: number; lasts: number; idle: number; otherDie?: boolean; oldEpoch?: boolean; skip?: number; fence?: Fence; means?: number[]; die?: number }
  /** Its persons use a permit, by its place among the unit's permits. */
  | { deed: 'use'; permit: number; pages: number; habit: Habit; moment: number; unturned?: boolean }
  /** The authority orders something at the unit; its persons come, and do it. */
  | { deed: 'ceremony'; action: number; subject?: number; persons: number[]; means: number[]; lasts: number; oldEpoch?: boolean; comes: 'all' | 'some' | 'others'; back?: number; fence?: Fence; silence?: number; die?: number; tune?: { dwell: number; duty: number; life: number }; /** It stays under way for so long, ms. */ held?: number }
  /** A technician takes the die out (or not), has maintenance opened, gives these orders [what, part, ms], and puts the die back: when all is done, or while something moves. */
  | { deed: 'maintain'; person: number; empty: boolean; orders: (readonly [number, number, number])[]; early: number; oldEpoch?: boolean }
  /**
   * The die is taken out and, after so long, put in again, each as a ceremony ordered it: with all hands doing as they should, the die
   * taken before anybody has shown themselves, another one put in, or its own put back without an order.
   */
  | { deed: 'die change'; person: number; how: 'as ordered' | 'too early' | 'another' | 'back without an order'; away: number; oldEpoch?: boolean }
  /** Somebody types that person's number and a passcode, so many times; all: by turns as every person there is. */
  | { deed: 'type'; person: number; right: boolean; times: number; all?: boolean }
  /** Somebody uses the unit without a permit: by the office's answer to a challenge, or by a trip code. */
  | { deed: 'code'; how: 'answer' | 'trip'; person: number; other: number; count: number; pages: number; habit: CodeHabit; oldEpoch?: boolean; otherDie?: boolean; die?: number }
  | { deed: 'revoke'; permit: number }
  | { deed: 'raise epoch' }
  /** The office has the unit take an image. */
  | { deed: 'update'; form: ImageForm; version: number }
  | { deed: 'finish' }
  /** Opens a permit, puts it aside and opens the next. */
  | { deed: 'aside'; person: number }
  /** The office sets the time, again and again: each leaves a record. */
  | { deed: 'set time'; times: number }
  /** 0: a stranger's finger, so many times. */
  | { deed: 'finger'; person: number; times: number; ms: number }
  | { deed: 'lid'; ms: number }
  /** Lid open, a new sheet in place of the old, lid closed. */
  | { deed: 'lay sheet' }
  | { deed: 'pull sheet' }
  /** Somebody picks the unit up, leans it over for so long, lets it fall, or carries it so many metres away and later back (covered: in a bag that no satellite sees into; poor: where few are seen). */
  | { deed: 'lift'; ms: number }
  /** The case is taken apart for so long; dark: without its power, which comes back before it is shut. */
  | { deed: 'case'; ms: number; dark: boolean }
  | { deed: 'lean'; degrees: number; ms: number }
  | { deed: 'drop' }
  | { deed: 'carry'; metres: number; ms: number; away: number; cable: boolean; covered: boolean; poor?: boolean }
  | { deed: 'die out'; ms: number; other: boolean }
  /** A hand turns the revolver to that holder (none: and lets go between two), at once or so many ms behind the next intent. */
  | { deed: 'turn'; to?: number; late?: number }
  /** A permit is for so many strokes more. */
  | { deed: 'top up'; permit: number; by: number; oldEpoch?: boolean }
  /** The office neglects something for so long. */
  | { deed: 'neglect'; what: 'pulling' | 'acknowledging' | 'clearing' | 'granting' | 'beating' | 'fitting' | 'showing' | 'showing all' | 'showing only that'; ms: number }
  /** A host that knows the link key hands over a statement again, changed, or of another device. */
  | { deed: 'hand over'; what: 'again' | 'changed' | 'for another device' | 'with the wrong key' | 'noise'; pick: number }
  /** Somebody at the line without the key plays back what was sent, or shouts. */
  | { deed: 'play back'; ms: number }
  | { deed: 'shout'; ms: number; pick: number };

export type Step = Deed & {
  /** Virtual ms. */
  at: number;
  unit: number;
};

export interface Plan {
  seed: number;
  profile: string;
  units: number;
  /** Bytes of a photo. */
  photo: number;
  /** Dies in each unit, where there are several. */
  dies?: number;
  steps: Step[];
  /** Virtual ms after which all faults end and progress is demanded. */
  until: number;
}

/** Dies and people of every world. */
export const PEOPLE = [7, 8, 9] as const;

/** One deed in a line, for timelines. */
export function tellDeed(step: Deed): string {
  const { deed, ...rest } = step as Deed & { at?: number; unit?: number };
  const values = Object.entries(rest).filter(([key]) => key !== 'at' && key !== 'unit').map(([key, value]) => `${key} ${typeof value === 'number' ? Number(value.toFixed(2)) : JSON.stringify(value)}`);
  return values.length === 0 ? deed : `${deed}: ${values.join(', ')}`;
}
