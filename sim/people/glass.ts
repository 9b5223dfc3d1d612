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

export class Eyes {
  private shapes: Shapes | undefined;

  constructor(private readonly unit: Unit) {}

  rows(): string[] {
    const { display } = this.unit.parts;
    if (!display.lit) return [];
    this.shapes ??= new Shapes(fontOf(this.unit.flash) ?? Buffer.alloc(0));
    return readable(this.shapes.rows(display));
  }
}
