/** One of our own programs as a child process: started, listened to line by line, typed to, and ended with the demo. */
import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import path from 'node:path';
import { WITH_PARENT } from '../../../host-bridge/cli/system';
import { repositoryRoot } from '../places';

const NEWEST_ERRORS = 20;

export class Program {
  readonly name: string;
  private readonly child: ChildProcess;
  private readonly waiting = new Set<{ fits: (line: Line) => boolean; take: (line: Line) => void; fail: (error: Error) => void }>();
  private readonly errors: string[] = [];
  private ended: string | undefined;
  /** Is told every line of JSON as well. */
  onLine: ((line: Line) => void) | undefined;

  constructor(name: string, args: readonly string[], env: NodeJS.ProcessEnv = {}) {
    this.name = name;
    this.child = spawn(process.execPath, [path.join(repositoryRoot(), 'bin/smartseal.js'), ...args], { env: { ...process.env, ...env, [WITH_PARENT]: '1' }, stdio: ['pipe', 'pipe', 'pipe'] });
    createInterface({ input: this.child.stdout! }).on('line', (text) => this.line(text));
    createInterface({ input: this.child.stderr! }).on('line', (text) => {
      this.errors.push(text);
      if (this.errors.length > NEWEST_ERRORS) this.errors.shift();
    });
    this.child.stdin!.on('error', () => undefined); // its end is told by 'exit'
    this.child.on('exit', (code, signal) => {
      this.ended = `${name} ended with ${signal ?? code}: ${plain(this.errors.at(-1) ?? 'no word')}`;
      this.fail(this.ended);
    });
  }

  /** The next line of JSON that fits. Rejects when the program ends, tells an error, or nothing comes in time. */
  next(what: string, fits: (line: Line) => boolean, ms = 20_000): Promise<Line> {
    const promise = new Promise<Line>((resolve, reject) => {
      if (this.ended !== undefined) return reject(new Error(this.ended));
      const entry = {
        fits,
        take: (line: Line): void => (clearTimeout(timer), void this.waiting.delete(entry), resolve(line)),
        fail: (error: Error): void => (clearTimeout(timer), reject(error)),
      };
      const timer = setTimeout(() => (this.waiting.delete(entry), reject(new Error(`${this.name}: ${what} did not come within ${ms / 1000} s. ${plain(this.errors.at(-1) ?? '')}`))), ms);
      this.waiting.add(entry);
    });
    promise.catch(() => undefined); // several may wait when one fails the demo: the others' ends are nobody's concern
    return promise;
  }

  /** Types a line into it. */
  type(text: string): void {
    this.child.stdin!.write(`${text}\n`);
  }

  stop(): Promise<void> {
    if (this.ended !== undefined) return Promise.resolve();
    return new Promise((resolve) => {
      const force = setTimeout(() => this.child.kill('SIGKILL'), 3000);
      this.child.on('exit', () => (clearTimeout(force), resolve()));
      this.child.kill('SIGTERM');
    });
  }

  /** Ends all waiting. */
  private fail(why: string): void {
    for (const { fail } of this.waiting) fail(new Error(why));
    this.waiting.clear();
  }

  private line(text: string): void {
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      return;
    }
    this.onLine?.(value as Line);
    // How the simulator answers what it could not do: see Screen.error.
    const { error, title, detail } = value as Line;
    if (typeof error === 'string') return this.fail(`${this.name}: ${[error, title, detail].filter((part) => typeof part === 'string').join(': ')}`);
    for (const entry of [...this.waiting]) if (entry.fits(value as Line)) entry.take(value as Line);
  }
}

export type Line = Record<string, unknown>;

/** A line of standard error for people: a problem document or an error of the simulator becomes "CODE: title: detail". */
function plain(text: string): string {
  try {
    const { code, error, title, detail } = JSON.parse(text) as Line;
    const parts = [code ?? error, title, detail].filter((part) => typeof part === 'string');
    return parts.length > 0 ? parts.join(': ') : text;
  } catch {
    return text;
  }
}

/** Runs one of our commands to its end. */
export function runOnce(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<{ code: number; out: string; error: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [path.join(repositoryRoot(), 'bin/smartseal.js'), ...args], { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    let out = '';
    let error = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (error += text));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code: code ?? 1, out, error }));
  });
}
