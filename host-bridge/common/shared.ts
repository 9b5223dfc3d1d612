/**
 * A database that several processes may use at once: a file of SQLite, or PostgreSQL where the processes are replicas of one
 * program on many machines. Both keep the same promises: transactions that write come one after the other, and what one
 * process alone may do hangs on a lock that the system itself drops when that process ends, however it ends.
 */
import { existsSync } from 'node:fs';
import type { Clock } from './clock';
import { openStore, type Migration, type Store } from './database';
import { COMMON, Problem } from './errors';
import { takeAlone } from './lock';
import type { Log } from './log';

/** A place that this process alone has. */
export interface Alone {
  /** Whether it is gone: the connection that held it broke, and another may have it by now. */
  readonly lost: boolean;
  release(): Promise<void>;
}

export interface SharedStore<S> extends Store<S> {
  readonly kind: 'sqlite' | 'postgres';
  /**
   * Takes a place, or gives undefined at once while another process has it. One that has it and says nothing any more, because it
   * is stopped or cut off, loses it; so whatever is done there must prove that it is still had (desk/duty.ts).
   */
  alone(place: string, clock: Clock): Promise<Alone | undefined>;
  /** Sends a word to the other processes that use this database. One that is not connected just then does not hear it. */
  tell(word: string): Promise<void>;
  /** Hears the words of the others from now on; '' where one of them has committed something, or where words may have been missed. */
  hear(call: (word: string) => void, o: { clock: Clock; log: Log }): void;
}

export interface SharedOptions {
  /** Connections to PostgreSQL at most, beside one that listens and one for each place held; 10 where not said. */
  connections?: number | undefined;
  /** Milliseconds of silence after which who has a place in PostgreSQL loses it; 30,000 where not said. */
  silence?: number | undefined;
}

/** Whether a database is named by an address of PostgreSQL. */
export function isPostgres(where: string): boolean {
  return /^postgres(ql)?:/i.test(where);
}

/** Opens a database by its file or its address and brings its schema up to date. */
export async function openShared<S>(where: string, migrations: readonly Migration[], options: SharedOptions = {}): Promise<SharedStore<S>> {
  if (!isPostgres(where)) return sharedFile(where, openStore<S>(where, migrations));
  const { openPostgres } = require('./postgres') as typeof import('./postgres'); // most desks never load its driver
  return openPostgres<S>(where, migrations, options);
}

/** One file: who else has it open on this machine is found by a lock beside it. */
function sharedFile<S>(file: string, store: Store<S>): SharedStore<S> {
  return {
    ...store,
    kind: 'sqlite',
    alone: (place) => Promise.resolve(aloneAt(file, place)),
    tell: () => Promise.resolve(),
    hear: () => undefined,
  };
}

function aloneAt(file: string, place: string): Alone | undefined {
  if (file === ':memory:' || file === '' || !existsSync(file)) return { lost: false, release: () => Promise.resolve() };
  let free: () => void;
  try {
    free = takeAlone(`${file}.${place}`, COMMON.STORE_BUSY);
  } catch (error) {
    if (error instanceof Problem && error.code === COMMON.STORE_BUSY.code) return undefined;
    throw error;
  }
  const held = { lost: false, release: () => (held.lost || ((held.lost = true), free()), Promise.resolve()) };
  return held;
}
