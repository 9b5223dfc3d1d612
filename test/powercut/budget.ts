/** How much the power-cut tests do, and the lines they print. */
import type { Tally } from './moments';

/**
 * POWERCUT_BUDGET: torn words of each operation that are followed until everything is used up (default 1; every other word is
 * looked at after power-on only), or `all`: every word, and every pair of operations of the scenarios that are cut twice.
 */
const asked = process.env['POWERCUT_BUDGET'] ?? '1';
export const SAMPLES = asked === 'all' ? Infinity : Number(asked);
/** POWERCUT_CUT: one cut to be run alone, as a failure names it: `scenario: torn at word 3 of operation 17`. POWERCUT_SEED with it. */
export const ALONE = process.env['POWERCUT_CUT'];
export const SEED = Number(process.env['POWERCUT_SEED'] ?? 1);
export const ONE_TEST_MS = 6 * 3_600_000;
/** Failures told of one scenario. */
export const TOLD = 12;

export function newTally(): Tally {
  return { injected: 0, distinct: 0, full: 0, glances: 0, failed: [] };
}

export function add(to: Tally, from: Tally): void {
  to.injected += from.injected;
  to.distinct += from.distinct;
  to.full += from.full;
  to.glances += from.glances;
}

/** What to tell of failures: how each can be had again, alone. */
export function told(failed: string[], file: string): string[] {
  return failed.slice(0, TOLD).map((one) => {
    const [, cut, seed] = /^(.*), seed (\d+): /s.exec(one) ?? [];
    return `${one}\n  again: POWERCUT_CUT='${cut}' POWERCUT_SEED=${seed} npx jest ${file}`;
  });
}

/** Seconds of one core since a moment of process.cpuUsage(). */
export function coreSeconds(since: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1e6;
}

/** Of the cuts injected: those whose flash differs; of these: followed to the end, looked at; the rest is proven to go the way of one of them. */
export function line(level: string, { injected, distinct, full, glances }: Tally, seconds: number): string {
  return `power cuts, ${level}: ${injected} injected (${distinct} distinct; ${full} run to the end, ${glances} at a glance) in ${seconds.toFixed(0)} s of one core, ${(injected / seconds).toFixed(0)} a second`;
}
