/**
 * `make bench`: measures and prints, judges nothing but the goals. ARGS chooses benches by name; none: all of them, the short
 * ones first. What cannot run on this machine says so and why.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import path from 'node:path';
import { demo } from './demo';
import { frames } from './frames';
import { goodput } from './goodput';
import { goodputMany } from './goodput-many';
import { interpreter } from './interpreter';
import { pipeline } from './pipeline';
import { register } from './register';
import { scale } from './scale';
import type { BenchRun } from './report';
import { lineOf } from './report';
import { virtual } from './virtual';

const BENCHES: Record<string, BenchRun> = { frames, pipeline, virtual, register, interpreter, goodput, 'goodput-many': goodputMany, demo, scale };

async function main(names: readonly string[]): Promise<number> {
  const unknown = names.filter((name) => BENCHES[name] === undefined);
  if (unknown.length > 0) {
    process.stderr.write(`bench: no bench is called ${unknown.join(', ')}; there are: ${Object.keys(BENCHES).join(', ')}\n`);
    return 2;
  }
  const root = path.resolve(__dirname, '../../..');
  let code = 0;
  for (const name of names.length > 0 ? names : Object.keys(BENCHES)) {
    const folder = mkdtempSync(path.join(tmpdir(), `smartseal-bench-${name}-`));
    process.stderr.write(`# ${name} (load ${loadavg()[0]!.toFixed(1)})\n`);
    try {
      await BENCHES[name]!({
        figure: (figure) => process.stdout.write(`${lineOf(name, figure)}\n`),
        skipped: (metric, why) => process.stdout.write(`${JSON.stringify({ bench: name, metric, skipped: true, why })}\n`),
        say: (text) => process.stderr.write(`  ${text}\n`),
        now: () => performance.now(),
        cpu: () => process.cpuUsage().user / 1000 + process.cpuUsage().system / 1000,
        sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
        load: () => loadavg()[0]!,
        env: process.env,
        node: process.execPath,
        folder,
        root,
      });
    } catch (error) {
      code = 1;
      process.stdout.write(`${JSON.stringify({ bench: name, failed: error instanceof Error ? error.message : String(error) })}\n`);
      if (error instanceof Error) process.stderr.write(`${error.stack ?? ''}\n`);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
  return code;
}

void main(process.argv.slice(2).filter((name) => !name.startsWith('-'))).then((code) => process.exit(code));
