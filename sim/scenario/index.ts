/** Public entry: a unit on a bench, the words that act on it, and scenarios made of them. */
export { Bench, type BenchOptions, type Person, type Teller } from './bench';
export { carryOut, COMMANDS, complete, findCommand, type Command } from './commands';
export { findings, type Finding } from './explain';
export { readScenario, ScenarioError, type Scenario } from './file';
export { describe, latchedIn, permitsIn, readJournal, type Entry } from './journal';
export { observe, type Seen } from './observe';
export type { Inspector } from './page-check';
export { benchFor, PEOPLE, play, type Played, type StepResult } from './play';
export { Recorder } from './record';
export { headLines, junit, reportData, stepLines, summaryLine } from './report';
