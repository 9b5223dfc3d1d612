/** Random worlds of faults: made from a number, played, judged, cut down, told. */
export { play, type Outcome, type PlayOptions } from './play';
export { worldImages, type Images } from './images';
export { planOf, PROFILES } from './profiles';
export { smallWorlds } from './small';
export { shrink } from './shrink';
export { Timeline } from './timeline';
export { readSaved, Tally, type Report, type Saved, type Totals } from './explorer';
export type { Plan, Step } from './plan';
