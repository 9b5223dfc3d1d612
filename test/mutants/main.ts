/**
 * `make mutants`: makes every mutant, explores worlds with it until the oracle objects, and prints what that cost. A mutant
 * that survives is a hole in the oracle and fails the run; so does one that only fails where the sound programs fail as well.
 *
 *   node dist/test/mutants/main.js [--only TEXT, part of an id or a kind of world] [--json]
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { loadProgram, type Program } from '../../sim/board/run';
import { play, planOf } from '../../sim/explore';
import { Ground } from '../../sim/cli/ground';
import { breakHost, HOST_MUTANTS } from './host';
import { MUTANTS, type Change, type Mutant } from './list';

const ALL: readonly Mutant[] = [...MUTANTS, ...HOST_MUTANTS];
const ROOT = path.resolve(__dirname, '../../..');

interface Result {
  id: string;
  breaks: string;
  profile: string;
  caught: boolean;
  /** Seeds needed. */
  seeds: number;
  within: number;
  /** The invariant that objected, and how. */
  by: string;
  seconds: number;
}

/** A hunt that takes longer waits for something that never comes: it counts as not caught, and the others go on. */
const HUNT_MS = 30 * 60_000;

interface Maker {
  make(changes: readonly Change[]): Promise<string>;
}

const sound = (): string => path.join(ROOT, 'dist/firmware/xiao.js');

let folder: string | undefined;

function temporary(): string {
  const made = mkdtempSync(path.join(tmpdir(), 'smartseal-mutants-'));
  process.once('exit', () => rmSync(made, { recursive: true, force: true }));
  return made;
}

/** Images of a broken firmware are as broken. */
const grounds = new Map<Program, Ground>();

function groundOf(program: Program): Ground {
  const ground = grounds.get(program) ?? new Ground(() => ({ code: program.code, font: loadProgram(sound()).font }), (folder ??= temporary()));
  grounds.set(program, ground);
  return ground;
}

/** The first breach in a world; empty where there is none. */
async function breach(seed: number, profile: string, program: Program): Promise<string> {
  const plan = planOf(seed, profile);
  const first = (await play(plan, { program, ...(await groundOf(program).of(plan)) })).breaches[0];
  return first === undefined ? '' : `${first.id} ${first.text}`;
}

/** Whether the world is clean where nothing is broken; in a process of its own, for this one may have broken modules. */
async function clean(seed: number, profile: string): Promise<boolean> {
  const [code] = (await once(fork(__filename, ['--sound', profile, String(seed)]), 'exit')) as [number];
  return code === 0;
}

async function hunt(mutant: Mutant, maker: () => Maker): Promise<Result> {
  const host = HOST_MUTANTS.includes(mutant);
  if (host) breakHost(path.join(ROOT, 'dist'), mutant.changes);
  const program = loadProgram(host ? sound() : await maker().make(mutant.changes));
  const before = process.cpuUsage();
  let seeds = 0;
  let by = '';
  while (by === '' && seeds < mutant.within) {
    const found = await breach(++seeds, mutant.profile, program);
    if (found === '') continue;
    const fine = host ? await clean(seeds, mutant.profile) : (await breach(seeds, mutant.profile, loadProgram(sound()))) === '';
    if (fine) by = found;
  }
  const { user, system } = process.cpuUsage(before);
  return { id: mutant.id, breaks: mutant.breaks, profile: mutant.profile, caught: by !== '', seeds, within: mutant.within, by, seconds: (user + system) / 1e6 };
}

/** One process of the hunt: is sent indices. */
function work(): void {
  const { maker } = require(path.join(ROOT, 'test/mutants/make.js')) as { maker(): Maker };
  let made: Maker | undefined;
  process.on('message', (index: number) => {
    const mutant = ALL[index]!;
    hunt(mutant, () => (made ??= maker())).then(
      (result) => process.send?.({ result }),
      (error: unknown) => process.send?.({ result: { id: mutant.id, breaks: mutant.breaks, profile: '', caught: false, seeds: 0, within: 0, by: (error as Error).message, seconds: 0 } satisfies Result }),
    );
  });
  process.on('disconnect', () => process.exit(0));
}

function lead(only: string, json: boolean): void {
  const queue = ALL.filter((one) => one.id.includes(only) || one.profile === only);
  const results: Result[] = [];
  const total = queue.length;
  let left = 0;
  const start = (): void => {
    const child = fork(__filename, ['--work']);
    left++;
    let spent = false;
    let limit: NodeJS.Timeout | undefined;
    const hand = (): void => {
      clearTimeout(limit);
      const next = spent ? undefined : queue.shift();
      if (next === undefined) return child.disconnect();
      limit = setTimeout(() => {
        console.error(`${next.id}: no answer in ${HUNT_MS / 60_000} minutes`);
        child.kill('SIGKILL');
      }, HUNT_MS);
      // Its process has loaded broken modules: good for nothing else.
      spent = HOST_MUTANTS.includes(next);
      child.send(ALL.indexOf(next));
    };
    child.on('message', ({ result }: { result: Result }) => {
      results.push(result);
      if (json) console.log(JSON.stringify(result));
      else console.log(`${result.caught ? 'caught  ' : 'SURVIVES'} ${result.breaks.padEnd(3)} ${result.id.padEnd(28)} ${result.profile.padEnd(10)} ${String(result.seeds).padStart(5)} of ${String(result.within).padEnd(5)} ${result.seconds.toFixed(1).padStart(6)} s  ${result.by.slice(0, 100)}`);
      hand();
    });
    child.on('exit', () => {
      clearTimeout(limit);
      left--;
      if (queue.length > 0) start();
      else if (left === 0) finish(results, total, json);
    });
    hand();
  };
  for (let i = Math.min(availableParallelism(), total); i > 0; i--) start();
}

function finish(results: readonly Result[], total: number, json: boolean): void {
  const caught = results.filter((one) => one.caught);
  const seeds = caught.map((one) => one.seeds).sort((a, b) => a - b);
  const median = seeds[Math.floor(seeds.length / 2)] ?? 0;
  const worst = caught.reduce((most, one) => (one.seeds > most.seeds ? one : most), caught[0]!);
  const seconds = results.reduce((sum, one) => sum + one.seconds, 0);
  if (json) console.log(JSON.stringify({ mutants: total, caught: caught.length, medianSeeds: median, worstSeeds: worst?.seeds ?? 0, cpuSeconds: Number(seconds.toFixed(1)) }));
  else console.log(`${caught.length} of ${total} mutants caught; seeds needed: median ${median}, worst ${worst?.seeds ?? 0} (${worst?.id ?? ''}); ${seconds.toFixed(0)} s of one core`);
  process.exitCode = caught.length === total ? 0 : 1;
}

const alone = process.argv.indexOf('--sound');
if (process.argv.includes('--work')) work();
else if (alone >= 0) {
  void breach(Number(process.argv[alone + 2]), process.argv[alone + 1]!, loadProgram(sound())).then((found) => process.exit(found === '' ? 0 : 1));
} else {
  const at = process.argv.indexOf('--only');
  lead(at < 0 ? '' : (process.argv[at + 1] ?? ''), process.argv.includes('--json'));
}
