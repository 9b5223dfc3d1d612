/**
 * How far the register has come, kept in a file outside of its database: a signed checkpoint, written before anything that rests
 * on the entries up to it leaves the desk (a permit, a statement, a code, a checkpoint). A database that was put back to an
 * earlier day is found by it, before a counter or a code is given out for the second time.
 */
import { existsSync } from 'node:fs';
import { Problem, storeProblem } from '../../common/errors';
import { moveDurably, readOpen, writeDurably } from '../../common/files';
import type { Store } from '../../common/database';
import { DESK } from '../errors';
import type { Db, Tables } from '../tables';
import { checkpointText, noteVerifier, openNote, parseCheckpoint, type Checkpoint, type NoteVerifier } from './note';
import { registerRoot, registerSize, type NoteAuthority } from './register';

export interface MarkOptions {
  /** None: nothing is kept and nothing found. */
  file: string | undefined;
  store: Store<Tables>;
  authority: NoteAuthority;
}

export class Mark {
  private size = -1;
  private writing: Promise<void> = Promise.resolve();

  constructor(private readonly o: MarkOptions) {}

  /** Resolves when the file covers all that was committed before the call. Throws STORE_… when it cannot be written. */
  keep(): Promise<void> {
    if (this.o.file === undefined) return Promise.resolve();
    const mine = this.writing.then(() => this.write(this.o.file as string));
    this.writing = mine.catch(() => undefined);
    return mine;
  }

  private async write(file: string): Promise<void> {
    const { store, authority } = this.o;
    const made = await store.snapshot(async (db) => {
      const size = await registerSize(db);
      return size <= this.size ? undefined : { origin: authority.registerName, size, root: await registerRoot(db, size) };
    });
    if (!made) return;
    try {
      // A command beside the desk may write it too: what is further stays. The same size is the same text, so nothing is mixed up.
      if ((this.read()?.size ?? -1) < made.size) {
        writeDurably(`${file}.${made.size}`, authority.signNote(checkpointText(made)), 0o600);
        moveDurably(`${file}.${made.size}`, file);
      }
    } catch (error) {
      throw storeProblem(error);
    }
    this.size = made.size;
  }

  /** What the file says; undefined where there is none. Throws REGISTER_DAMAGED for what this register never signed. */
  read(): Checkpoint | undefined {
    const { file, authority } = this.o;
    if (file === undefined || !existsSync(file)) return undefined;
    const text = openNote(noteVerifier(authority.registerKey) as NoteVerifier, readOpen(file));
    const checkpoint = text === undefined ? undefined : parseCheckpoint(text);
    if (checkpoint?.origin !== authority.registerName) throw new Problem(DESK.REGISTER_DAMAGED, `${file} is not signed by this register`);
    return checkpoint;
  }

  /** Throws REGISTER_BEHIND where the register does not hold what the file says it held. @param kept what it said before `db` was opened, where that is of an earlier moment */
  async check(db: Db, kept = this.read()): Promise<void> {
    if (!kept) return;
    const size = await registerSize(db);
    if (size < kept.size || !(await registerRoot(db, kept.size)).equals(kept.root)) {
      throw new Problem(DESK.REGISTER_BEHIND, `${kept.size} entries by ${this.o.file}, ${size} are here; smartseal desk restore --in-place`);
    }
  }
}
