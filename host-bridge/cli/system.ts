/** The computer's own clock, randomness, signals and streams, for the composition roots beside this file. */
import { readFileSync } from 'node:fs';
import type { Clock, Random } from '../common/clock';
import { documentOf, languageOf, lineOf, problemOf, type Language } from '../common/errors';

/** Milliseconds of the longest timer, some 24 days. Whoever waits longer is woken then, and waits on. */
const LONGEST = 2_147_483_647;

export function systemClock(): Clock {
  return {
    wall: () => Date.now(),
    now: () => performance.now(),
    after(ms, call) {
      // setTimeout takes what is longer for none at all.
      const timer = setTimeout(call, Math.min(ms, LONGEST));
      return () => clearTimeout(timer);
    },
  };
}

export const systemRandom: Random = () => Math.random();

/** True where files have POSIX permission bits. */
export const POSIX = process.platform !== 'win32';

/** Resident bytes of a process, where the system tells it as Linux does (proc(5), statm: second number, pages of 4 KiB); else undefined. */
export function memoryOf(pid: number): number | undefined {
  try {
    return Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]) * 4096;
  } catch {
    return undefined;
  }
}

/** The language named on the command line, else the environment's. */
export function languageFrom(option: string | undefined): Language {
  return languageOf(option ?? process.env.LC_ALL ?? process.env.LANG);
}

/** Tells an error in one line (or as one JSON document) on standard error and leaves the exit code 1 behind. */
export function failWith(error: unknown, language: Language, json: boolean): void {
  const problem = problemOf(error);
  const text = json ? JSON.stringify(documentOf(problem, language)) : lineOf(problem, language);
  process.stderr.write(`${text}\n`);
  process.exitCode = 1;
}

/** Set to 1 by a program that runs others and holds their standard input: when that closes, who started them is gone, however it ended. */
export const WITH_PARENT = 'SMARTSEAL_WITH_PARENT';

/** For a program that goes on by itself: where nobody takes its log any more (its reader has ended, the disk is full), the log is lost, and nothing else. */
export function outliveOutput(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.removeAllListeners('error');
    stream.on('error', () => undefined);
  }
}

/** Resolves at SIGINT or SIGTERM; a second one ends the process at once. */
export function untilSignal(): Promise<void> {
  return new Promise((resolve) => {
    let first = true;
    const stop = (): void => {
      if (!first) process.exit(1);
      first = false;
      resolve();
    };
    process.on('SIGINT', stop);
    process.on('SIGTERM', stop);
    if (process.env[WITH_PARENT] === '1') process.stdin.on('close', () => resolve()).resume();
  });
}
