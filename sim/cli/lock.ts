/**
 * A folder that one process at a time may use. Each process puts a file of its own into it and then looks for others': of
 * two that come at the same moment at least one sees the other. A process that was killed leaves its file behind; whoever
 * has its number later is told from it by when it was started.
 */
import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const NAME = /^lock\.\d+$/;

/** When a process was started, in clock ticks since the system was (proc(5), stat, field 22); empty: it does not run, or nobody can tell. */
function started(pid: number): string {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The second field is a name in brackets, which may hold blanks and brackets.
    return text.slice(text.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}

/** What this process writes to say that it holds something. */
export const holder = (): string => `${process.pid} ${started(process.pid)}\n`;

/** True when the process that wrote this file still runs. */
export function alive(file: string): boolean {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return false;
  }
  const [number, since = ''] = text.trim().split(' ');
  const pid = Number(number);
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  const now = started(pid);
  return since === '' || now === '' || since === now;
}

/** Takes a folder; gives what lets go of it, or undefined where another has it. @throws what the file system throws */
export function take(folder: string): (() => void) | undefined {
  const own = path.join(folder, `lock.${process.pid}`);
  if (alive(own)) return undefined;
  // Whole as soon as it is there: one that is empty would pass for a dead one's.
  writeFileSync(`${own}.new`, holder(), { mode: 0o600 });
  renameSync(`${own}.new`, own);
  const release = (): void => rmSync(own, { force: true });
  for (const name of readdirSync(folder)) {
    const file = path.join(folder, name);
    if (!NAME.test(name) || file === own) continue;
    if (alive(file)) {
      release();
      return undefined;
    }
    rmSync(file, { force: true });
  }
  return release;
}
