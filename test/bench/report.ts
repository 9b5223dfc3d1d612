/** What a bench gives: one JSON line a figure on standard output; progress goes to standard error. */
export interface Figure {
  metric: string;
  value: number;
  unit: string;
  /** Better is at most (default) or at least this. */
  goal?: number;
  better?: 'less' | 'more';
  /** Circumstances that the figure hangs on. */
  context?: Record<string, unknown>;
}

/** What a bench is given by main. */
export interface Bench {
  /** Adds a figure. */
  figure(figure: Figure): void;
  /** Says that a part, or all of the bench, was not run, and why. */
  skipped(metric: string, why: string): void;
  /** A line for whoever waits. */
  say(text: string): void;
  /** Milliseconds of the wall clock, monotonic. */
  now(): number;
  /** Milliseconds of processor time this process has used. */
  cpu(): number;
  /** Resolves after so many milliseconds. */
  sleep(ms: number): Promise<void>;
  /** Load average of the last minute. */
  load(): number;
  env: Readonly<Record<string, string | undefined>>;
  /** A folder of the bench's own, removed afterwards. */
  folder: string;
  /** The Node that runs this. */
  node: string;
  /** Root of the repository. */
  root: string;
}

export type BenchRun = (bench: Bench) => Promise<void>;

/** The middle of the values; of an even number the lower one of the two. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[(sorted.length - 1) >> 1] ?? NaN;
}

/** So many significant digits. */
export function digits(value: number, count = 4): number {
  return Number(value.toPrecision(count));
}

/** A figure as it is printed. */
export function lineOf(bench: string, { metric, value, unit, goal, better, context }: Figure): string {
  const met = goal === undefined ? {} : { goal: `${better === 'more' ? '>=' : '<='} ${goal}`, met: better === 'more' ? value >= goal : value <= goal };
  return JSON.stringify({ bench, metric, value: digits(value), unit, ...met, ...context });
}
