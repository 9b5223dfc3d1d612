/**
 * The dies of a unit: which are there, which one is under the ram, how each is pressed and when it wants ink.
 *
 * How a die is pressed is one entry of the `state` log, of which the newest counts:
 *
 *     'D' | die 8 | dwell u16 ms | duty u8 per cent | ink life u16 strokes, 0: not said
 *
 * Both that and the strokes since it was inked are what the records say (state.ts folds CEREMONY, INTENT and OUTCOME), so a cut
 * loses neither: the entry is written before the first status entry behind its record.
 */
import { RefusalCode } from '../../protocol/generated/codec';
import type { Bytes } from '../../protocol/natives';
import type { Device } from './device';

/** Dies that a unit can carry, and of which is known how they are pressed. */
export const MAX_DIES = 4;
/** Bytes of an entry without its letter. */
export const TUNING = 13;
/** How a die is pressed of which nothing was said: 300 ms, at full drive; ink not counted. */
export const USUAL = '\x2c\x01\x64\0\0';

/** A die of which was said how it is pressed, or that it was inked. */
export interface Die {
  /** Its entry without the letter. */
  entry: Bytes;
  /** Since it was inked; 65535 is as far as it goes. */
  strokes: number;
  /** The entry is not on the state flash yet. */
  owed: boolean;
}

/** Identities without this one; undefined: it is not among them. */
export function without(dies: Bytes, die: Bytes): Bytes | undefined {
  for (let i = 0; i < dies.length; i += 8) if (dies.substr(i, 8) === die) return dies.substr(0, i) + dies.substr(i + 8);
  return undefined;
}

/** 0, or the RefusalCode for which no stroke can be made with this die: it is not in the unit, or not under the ram. */
export function dieCode(d: Device, die: Bytes): number {
  if (!d.parts.tray.diePresent()) return RefusalCode.WRONG_DIE;
  if (d.parts.die.atRam() === die) return 0;
  return without(d.parts.die.tags().join(''), die) === undefined ? RefusalCode.WRONG_DIE : RefusalCode.TURN_DIE;
}

/**
 * The dies known, with what is said of one: a whole entry, or its identity alone, that it was inked.
 * @param fitted the dies in the unit: where there are too many, another one is forgotten
 */
export function tuned(dies: Die[], fitted: Bytes, what: Bytes): Die[] {
  const whole = what.length === TUNING;
  for (const one of dies) {
    if (one.entry.substr(0, 8) !== what.substr(0, 8)) continue;
    if (!whole) one.strokes = 0;
    else if (one.entry !== what) {
      one.entry = what;
      one.owed = true;
    }
    return dies;
  }
  let drop = 0;
  for (let i = dies.length - 1; i >= 0; i--) if (without(fitted, (dies[i] as Die).entry.substr(0, 8)) === undefined) drop = i;
  const kept: Die[] = [];
  for (let i = 0; i < dies.length; i++) if (dies.length < MAX_DIES || i !== drop) kept.push(dies[i] as Die);
  kept.push({ entry: whole ? what : what + USUAL, strokes: 0, owed: true });
  return kept;
}

/** How dies are pressed stands in the records until it stands on the state flash: no status entry may pass them by. False: flash does not hold it. */
export function putDies(d: Device): boolean {
  let good = true;
  for (const one of d.state.dies) {
    if (one.owed) one.owed = !d.store.put('D' + one.entry);
    good = good && !one.owed;
  }
  return good;
}
