/**
 * A place that one process at a time may use. The lock is SQLite's own on an empty file, so the system drops it with the
 * process however that ends, and nothing stale is left to be judged (https://www.sqlite.org/lockingv3.html, EXCLUSIVE).
 */
import { DatabaseSync } from '@photostructure/sqlite';
import { Problem, storeProblem, type Fault } from './errors';

/** Takes it, or throws `taken`. Returns what lets go of it. */
export function takeAlone(file: string, taken: Fault): () => void {
  const database = new DatabaseSync(file);
  try {
    database.exec('PRAGMA busy_timeout = 0');
    database.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    const known = storeProblem(error) as { code?: string };
    throw known.code === 'STORE_BUSY' ? new Problem(taken, { detail: file, cause: error }) : known;
  }
  return () => database.close();
}
