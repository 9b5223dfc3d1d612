/** What the simulator may use of the plumbing that all host programs share. */
export type { Cancel, Clock, Random } from './clock';
export { SILENT, type Log } from './log';
export { refusalName } from './refusals';

/** What signs images, loaded where it is wanted: the library takes its time. */
export function signing(): typeof import('./maker') {
  return require('./maker') as typeof import('./maker');
}
