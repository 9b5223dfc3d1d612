/** What the simulator may use of the plumbing that all host programs share. */
export type { Cancel, Clock, Random } from './clock';
export { SILENT, type Log } from './log';
export { refusalName } from './refusals';
