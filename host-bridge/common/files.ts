/** Files that must survive a power cut, and files that hold secrets. */
import { chmodSync, closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { COMMON, Problem } from './errors';

/** Makes the entry of a directory itself durable (a rename or creation in it). */
export function syncDirectory(path: string): void {
  const fd = openSync(path, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

/** Moves a file that is already synced to its final name, durably. */
export function moveDurably(from: string, to: string): void {
  renameSync(from, to);
  syncDirectory(dirname(to));
}

/** Writes a whole file so that after a power cut either the old or the new content stands there. */
export function writeDurably(path: string, data: Uint8Array | string, mode = 0o640): void {
  const temporary = `${path}.new`;
  const bytes = typeof data === 'string' ? Buffer.from(data, 'utf8') : data;
  const fd = openSync(temporary, 'w', mode);
  try {
    let at = 0;
    while (at < bytes.length) at += writeSync(fd, bytes, at);
    fsyncSync(fd);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  } finally {
    closeSync(fd);
  }
  moveDurably(temporary, path);
}

/** Makes a directory that only its owner can enter. */
export function makePrivateDirectory(path: string): void {
  mkdirSync(path, { recursive: true, mode: 0o700 });
}

/** Makes a file that only its owner may read, or takes the others' rights away from one that is there. Nothing on Windows. */
export function makePrivateFile(path: string, posix: boolean): void {
  closeSync(openSync(path, 'a', 0o600));
  if (posix && (statSync(path).mode & 0o077) !== 0) chmodSync(path, 0o600);
}

/** Text of a file with secrets; one that its group or others may read is refused (POSIX only, Windows has no such bits). */
export function readPrivate(path: string, posix: boolean): string {
  let text: string;
  try {
    if (posix && (statSync(path).mode & 0o077) !== 0) throw new Problem(COMMON.FILE_EXPOSED, `${path} (chmod 600)`);
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Problem) throw error;
    throw new Problem(COMMON.CONFIG, { detail: `${path}: ${(error as NodeJS.ErrnoException).code ?? 'unreadable'}`, cause: error });
  }
  return text;
}

/** Text of a file that is no secret. */
export function readOpen(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new Problem(COMMON.CONFIG, { detail: `${path}: ${(error as NodeJS.ErrnoException).code ?? 'unreadable'}`, cause: error });
  }
}
