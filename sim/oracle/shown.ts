/** Who has shown themselves, by what means and when; and whose passcode must not be looked at for now. */
import type { Written } from './facts';
import { Kind } from './kinds';

export const Means = { FINGER: 1, PASSCODE: 2 } as const;
export const MEANS = [Means.FINGER, Means.PASSCODE] as const;
const WRONG_CODE = 35;
const CODE_SET = 2;
/** A number and a passcode take so long, ms. */
const TYPING_MS = 8000;
/** Wrong passcodes in a row, and what must go by before another is looked at, ms; ten: only a ceremony helps (firmware/core/README.md). */
const WAITS = [0, 0, 0, 30_000, 60_000, 300_000, 900_000, 1_800_000, 3_600_000, 3_600_000, Infinity];

export class Shown {
  private readonly spells: { person: number; means: number; from: number; until: number }[] = [];
  /** At least so many wrong ones are counted on flash, and the last of them was then. */
  private readonly wrong = new Map<number, { count: number; at: number }>();

  finger(person: number, now: number, ms: number): void {
    this.spells.push({ person, means: Means.FINGER, from: now, until: now + ms });
  }

  /**
   * The right passcode is typed. Where the unit must not even look at it, it shows nobody.
   *
   * @param running since when the firmware runs, ms; undefined: its counts cannot be relied on
   */
  passcode(person: number, now: number, running: number | undefined): void {
    const { count, at } = this.wrong.get(person) ?? { count: 0, at: 0 };
    // A wait begins anew with a start.
    if (running !== undefined && now + TYPING_MS < Math.max(at, running) + WAITS[Math.min(count, WAITS.length - 1)]!) return;
    this.wrong.delete(person);
    this.spells.push({ person, means: Means.PASSCODE, from: now, until: now + TYPING_MS });
  }

  /** A record of a wrong passcode; or of a new one, which begins anew. */
  record({ kind, data, at }: Written): void {
    if (kind === Kind.REFUSED && data.get(1) === WRONG_CODE) {
      const person = data.get(3) as number;
      this.wrong.set(person, { count: (this.wrong.get(person)?.count ?? 0) + 1, at });
    } else if (kind === Kind.CEREMONY && data.get(2) === CODE_SET) this.wrong.delete(data.get(4) as number);
  }

  /** Whether this person showed themselves so (one bit of Means) at any time from `since` to `until`. */
  was(person: number, means: number, since: number, until: number): boolean {
    return this.spells.some((one) => one.person === person && one.means === means && one.until >= since && one.from <= until);
  }
}
