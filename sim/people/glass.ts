/** What a person reads off a unit's display. */
import { readable, Shapes } from '../parts/glass';
import { fontOf } from '../unit/provision';
import type { Unit } from '../unit/types';

/** A challenge as it is read out on the phone. */
export interface Challenge {
  challenge: string;
  /** Last four digits of its number, and the two by which a misheard word shows. */
  number: string;
  check: string;
}

/** The challenge that stands there, if one does. */
export function challengeOn(rows: readonly string[]): Challenge | undefined {
  const [, challenge, number, check] = /(\d{8})\D+(\d{4})-(\d\d)/.exec(rows.slice(1, 3).join(' ')) ?? [];
  return challenge === undefined ? undefined : { challenge, number: number!, check: check! };
}

/** The number of the photo that waits for its stroke grant, as it is read out to who grants it; undefined: none stands there. */
export function numberOn(rows: readonly string[]): number | undefined {
  const [, number] = /(?:核对号|No\.) *(\d{1,10})(?!\d)/.exec(rows.join(' ')) ?? [];
  return number === undefined ? undefined : Number(number);
}

export class Eyes {
  private shapes: Shapes | undefined;
  private started = 0;
  private seen = -1;
  private kept: string[] = [];

  constructor(private readonly unit: Unit) {}

  /** What stands there, row by row; none: it is dark. */
  rows(): readonly string[] {
    const { parts: { display }, truth, flash, slot } = this.unit;
    if (!display.lit) return [];
    if (this.seen !== display.changes) {
      // Each start may be one of another image, which brings its own.
      if (this.shapes === undefined || this.started !== truth.runs.length) this.shapes = new Shapes(fontOf(flash, slot) ?? Buffer.alloc(0));
      this.started = truth.runs.length;
      this.kept = readable(this.shapes.rows(display));
      this.seen = display.changes;
    }
    return this.kept;
  }
}
