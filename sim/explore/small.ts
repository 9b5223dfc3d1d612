/**
 * Small worlds, walked exhaustively: one permit of one stroke for two persons, one cut, and every order of a few events up
 * to a depth, at two paces. The number of such a world is its order, written in the digits of the alphabet.
 */
import type { Deed, Plan, Step } from './plan';

/** What may happen next. */
const ALPHABET: readonly Deed[] = [
  { deed: 'finger', person: 7, times: 1, ms: 1500 },
  { deed: 'finger', person: 8, times: 1, ms: 1500 },
  { deed: 'lay sheet' },
  { deed: 'pull sheet' },
  { deed: 'lid', ms: 500 },
  { deed: 'cut', ms: 400 },
  { deed: 'revoke', permit: 0 },
];
/** Between two events, ms: within the stroke, and behind it. */
const PACES = [900, 3100];
const BEGIN_MS = 6500;

/** Worlds of at most so many events. */
export function smallWorlds(depth: number): number {
  let count = 0;
  for (let length = 0; length <= depth; length++) count += ALPHABET.length ** length;
  return count * PACES.length;
}

/** The plan of a small world; undefined: it has more than one cut, so it is none. */
export function smallPlan(number: number): Plan | undefined {
  const pace = PACES[number % PACES.length]!;
  let rest = Math.floor(number / PACES.length);
  let length = 0;
  while (rest >= ALPHABET.length ** length) rest -= ALPHABET.length ** length++;
  const word: Deed[] = [];
  for (let i = 0; i < length; i++) {
    word.push(ALPHABET[rest % ALPHABET.length]!);
    rest = Math.floor(rest / ALPHABET.length);
  }
  if (word.filter(({ deed }) => deed === 'cut').length > 1) return undefined;
  const steps: Step[] = [{ at: 500, unit: 0, deed: 'permit', count: 1, persons: [7, 8], policy: 1, from: -60, lasts: 7200, idle: 60 }];
  word.forEach((deed, i) => steps.push({ ...deed, at: BEGIN_MS + i * pace, unit: 0 }));
  return { seed: number, profile: 'small', units: 1, photo: 300, steps, until: BEGIN_MS + word.length * pace + 3000 };
}
