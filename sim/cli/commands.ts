/** How lines of commands are written, for those who type to the simulator from a program. */
export { quoted, split } from '../scenario/commands/command';
