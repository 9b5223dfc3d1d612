/**
 * Keypad of 4×4: a matrix of contacts between four rows, which the expander drives, and four columns, which it reads.
 *
 * Fault model
 * - A contact bounces when it closes and opens (must be survived): the whole keypad as each of its switches.
 * - Several keys at once: without diodes a third and fourth key seem to be down (ghosts). Must never be taken for a key typed.
 * - A key that is stuck: nothing can be typed any more; everything else must go on.
 * - The wire broken, the expander silent or reset: nothing can be typed until it is set up again.
 */
import type { World } from '../world/world';
import type { Contact } from './expander';

export const KEYS = ['123A', '456B', '789C', '*0#D'] as const;
/** A contact is uncertain for so long after a change, and one phase of that takes so long, ms. */
const BOUNCE_MS = 4;
const PHASE_MS = 0.7;

export class Keypad {
  /** On the column pins, from the left. */
  readonly columns: readonly Contact[];
  /** Whether the expander drives this row low. */
  rowLow: (row: number) => boolean = () => false;
  private readonly down = new Set<string>();
  private changedAt = -Infinity;

  constructor(private readonly world: World) {
    this.columns = [0, 1, 2, 3].map((column): Contact => ({ closed: () => this.low(column), onChange: undefined }));
  }

  get pressed(): string {
    return [...this.down].join('');
  }

  /** @throws RangeError where there is no such key */
  press(key: string): void {
    place(key);
    if (this.down.has(key)) return;
    this.down.add(key);
    this.changedAt = this.world.now;
    this.changed();
  }

  release(key: string): void {
    if (!this.down.delete(key)) return;
    this.changedAt = this.world.now;
    this.changed();
  }

  /** A row is driven otherwise than before. */
  changed(): void {
    for (const column of this.columns) column.onChange?.();
  }

  private low(column: number): boolean {
    if (this.down.size === 0) return false;
    const since = this.world.now - this.changedAt;
    if (since < BOUNCE_MS && Math.floor(since / PHASE_MS) % 2 === 1) return false;
    return this.reach(column);
  }

  /** Whether a driven row is joined to this column, also by the way round through other keys that are down. */
  private reach(column: number): boolean {
    const columns = new Set([column]);
    const rows = new Set<number>();
    for (let before = -1; before !== columns.size + rows.size; ) {
      before = columns.size + rows.size;
      for (const key of this.down) {
        const at = place(key);
        if (columns.has(at.column)) rows.add(at.row);
        if (rows.has(at.row)) columns.add(at.column);
      }
    }
    return [...rows].some((row) => this.rowLow(row));
  }
}

function place(key: string): { row: number; column: number } {
  const row = KEYS.findIndex((keys) => key.length === 1 && keys.includes(key));
  if (row < 0) throw new RangeError(`no key "${key}"`);
  return { row, column: KEYS[row]!.indexOf(key) };
}
