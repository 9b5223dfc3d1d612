/** Programs that begin on a full disk: they wait for room, as they do that were running when it filled. */
import { statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import { sleep, type Clock } from '../common/clock';
import { COMMON, Problem, problemOf } from '../common/errors';
import type { Log } from '../common/log';

/** Milliseconds between two tries to begin. */
const AGAIN = 2_000;
/** Bytes of free disk below which it is full, and an I/O error of the database the disk's. */
const FULL_BELOW = 1 << 20;

export interface Waiting {
  /** Who waits, for the log. */
  what: string;
  log: Log;
  clock: Clock;
  /** Resolves when the program is to end. */
  stopped: Promise<void>;
  database: string;
  /** What else may pass by itself. */
  mayPass?(problem: Problem): boolean;
}

/** Begins, and again until it can. Returns undefined when it is stopped first; throws what waiting does not mend. */
export async function untilThereIsRoom<T>({ what, log, clock, stopped, database, mayPass }: Waiting, begin: () => Promise<T>): Promise<T | undefined> {
  let over = false;
  void stopped.then(() => (over = true));
  for (let told = ''; !over; ) {
    try {
      return await begin();
    } catch (error) {
      const problem = problemOf(error);
      const full = problem.fault === COMMON.STORE_FULL || (problem.fault === COMMON.STORE_FAILED && isFull(dirname(database)));
      if (!full && problem.fault !== COMMON.STORE_BUSY && mayPass?.(problem) !== true) throw error;
      const code = full ? COMMON.STORE_FULL.code : problem.code;
      if (told !== code) log.error(`${what} waits`, { code, detail: problem.detail });
      told = code;
    }
    await Promise.race([stopped, sleep(clock, AGAIN)]);
  }
  return undefined;
}

/** Whether there is no room on the disk of a folder. What the system does not tell counts as room. */
function isFull(folder: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize < FULL_BELOW;
  } catch {
    return false;
  }
}

/** Throws STORE_FULL where one of these finds no room. */
export function checkRoom(folders: readonly string[]): void {
  const full = folders.find(isFull);
  if (full !== undefined) throw new Problem(COMMON.STORE_FULL, { detail: full, retryAfter: 60 });
}
