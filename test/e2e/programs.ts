/** Our programs as people start them: built, as processes, with files and ports of their own. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { digestOfToken } from '../../host-bridge/common/tokens';
import type { Json } from '../desk/support';

export const root = path.resolve(__dirname, '../..');
export const asset = (name: string): string => path.join(root, 'sim/assets', name);
const program = path.join(root, 'bin/smartseal.js');

/** `make test` has built both; alone, a test builds what is missing. */
export function built(): void {
  if (!existsSync(path.join(root, 'dist/sim/cli/main.js'))) spawnSync('npx', ['tsc', '-p', 'tsconfig.json'], { cwd: root });
  if (!existsSync(path.join(root, 'dist/firmware/xiao.js'))) spawnSync(process.execPath, ['firmware/build/build.js'], { cwd: root });
}

const environment = (more: NodeJS.ProcessEnv): NodeJS.ProcessEnv => ({ ...process.env, LANG: 'C.UTF-8', LC_ALL: 'C.UTF-8', SMARTSEAL_PASSPHRASE: undefined, ...more });

export interface Ended {
  code: number | null;
  out: string;
  /** What stands on standard error, line by line. */
  errors: string[];
}

/** Runs a command to its end. */
export function run(args: readonly string[], env: NodeJS.ProcessEnv = {}, ms = 60_000, input = ''): Ended {
  const done = spawnSync(process.execPath, [program, ...args], { env: environment(env), encoding: 'utf8', timeout: ms, input });
  return { code: done.status, out: done.stdout, errors: lines(done.stderr) };
}

function lines(text: string): string[] {
  return text.split('\n').filter((line) => line.trim() !== '' && !/ExperimentalWarning|node --trace-warnings/.test(line));
}

/** A program that goes on. */
export class Running {
  out = '';
  err = '';
  ended: number | null | undefined;
  private readonly child: ChildProcess;

  constructor(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
    this.child = spawn(process.execPath, [program, ...args], { env: environment(env), stdio: ['pipe', 'pipe', 'pipe'] });
    this.child.stdout!.setEncoding('utf8').on('data', (text: string) => (this.out += text));
    this.child.stderr!.setEncoding('utf8').on('data', (text: string) => (this.err += text));
    this.child.stdin!.on('error', () => undefined);
    this.child.on('exit', (code) => (this.ended = code));
  }

  type(text: string): void {
    this.child.stdin!.write(`${text}\n`);
  }

  /** Its log and its output, as far as they are JSON. */
  get log(): Json[] {
    return lines(this.err + this.out).flatMap((line) => {
      try {
        return [JSON.parse(line) as Json];
      } catch {
        return [];
      }
    });
  }

  async said(what: string, fits: (line: Json) => boolean, ms = 30_000): Promise<Json> {
    return until(what, () => {
      const found = this.log.find(fits);
      if (found === undefined && this.ended !== undefined) throw new Error(`${what}: ended with ${this.ended}: ${this.err}`);
      return found;
    }, ms);
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    if (this.ended !== undefined) return;
    this.child.kill(signal);
    await until('the end of a program', () => this.ended !== undefined || this.child.signalCode !== null || undefined, 10_000);
  }
}

export async function until<T>(what: string, ask: () => T | undefined | Promise<T | undefined>, ms = 30_000): Promise<T> {
  for (const end = performance.now() + ms; ; ) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (performance.now() > end) throw new Error(`${what} did not come within ${ms} ms`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

export function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

export interface BridgeFiles {
  ports: { kind: 'serial'; path: string; baud: number }[];
  keys?: Record<string, string>;
  listen?: number;
}

/** A folder with a bridge's configuration; returns the path of the file. */
export function bridgeFolder(folder: string, files: BridgeFiles): string {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeFileSync(path.join(folder, 'link.keys'), JSON.stringify(files.keys ?? {}), { mode: 0o600 });
  const config = path.join(folder, 'bridge.json');
  writeFileSync(config, JSON.stringify({
    listen: { host: '127.0.0.1', port: files.listen ?? 0 }, database: 'bridge.db', spool: 'photos', linkKeysFile: 'link.keys', logLevel: 'warn', ports: files.ports,
    tokens: [{ name: 'test', sha256: digestOfToken('test'), scopes: ['read', 'permit', 'grant'] }],
  }));
  return config;
}

/** One call; the answer's JSON. */
export async function ask(url: string, token: string, method = 'GET', body?: FormData | object): Promise<{ status: number; body: Json }> {
  const form = body instanceof FormData;
  const response = await fetch(url, {
    method, headers: { authorization: `Bearer ${token}`, ...(body === undefined || form ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: form ? body : JSON.stringify(body) }),
  });
  return { status: response.status, body: await response.json() };
}
