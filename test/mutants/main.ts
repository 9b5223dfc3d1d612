/**
 * `make mutants`: makes every mutant, explores worlds with it until the oracle objects, and prints what that cost. A mutant
 * that survives is a hole in the oracle and fails the run; so does one that only fails where the sound firmware fails as well.
 *
 *   node dist/test/mutants/main.js [--only TEXT] [--json]
 */
import { fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { loadProgram } from '../../sim/board/run';
import { play, planOf } from '../../sim/explore';
import { MUTANTS, type Change, type Mutant } from './list';

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

interface Maker {
  make(changes: readonly Change[]): Promise<string>;
}

const sound = (): string => path.join(ROOT, 'dist/firmware/xiao.js');

async function hunt(mutant: Mutant, maker: Maker): Promise<Result> {
  const program = loadProgram(await maker.make(mutant.changes));
  const before = process.cpuUsage();
  let seeds = 0;
  let by = '';
  while (by === '' && seeds < mutant.within) {
    const plan = planOf(++seeds, mutant.profile);
    const breach = (await play(plan, { program })).breaches[0];
    if (breach === undefined) continue;
    const same = (await play(plan, { program: loadProgram(sound()) })).breaches[0];
    if (same === undefined) by = `${breach.id} ${breach.text}`;
  }
  const { user, system } = process.cpuUsage(before);
  return { id: mutant.id, breaks: mutant.breaks, profile: mutant.profile, caught: by !== '', seeds, within: mutant.within, by, seconds: (user + system) / 1e6 };
}

/** One process of the hunt: is sent indices. */
function work(): void {
  const { maker } = require(path.join(ROOT, 'test/mutants/make.js')) as { maker(): Maker };
  let made: Maker | undefined;
  process.on('message', (index: number) => {
    made ??= maker();
    hunt(MUTANTS[index]!, made).then(
      (result) => process.send?.({ result }),
      (error: unknown) => process.send?.({ result: { id: MUTANTS[index]!.id, breaks: MUTANTS[index]!.breaks, profile: '', caught: false, seeds: 0, within: 0, by: (error as Error).message, seconds: 0 } satisfies Result }),
    );
  });
  process.on('disconnect', () => process.exit(0));
}

function lead(only: string, json: boolean): void {
  const queue = MUTANTS.map((_, index) => index).filter((index) => MUTANTS[index]!.id.includes(only));
  const results: Result[] = [];
  let left = Math.min(availableParallelism(), queue.length);
  const total = queue.length;
  for (let i = left; i > 0; i--) {
    const child = fork(__filename, ['--work']);
    const hand = (): void => {
      const next = queue.shift();
      if (next === undefined) child.disconnect();
      else child.send(next);
    };
    child.on('message', ({ result }: { result: Result }) => {
      results.push(result);
      if (json) console.log(JSON.stringify(result));
      else console.log(`${result.caught ? 'caught  ' : 'SURVIVES'} ${result.breaks.padEnd(3)} ${result.id.padEnd(28)} ${result.profile.padEnd(10)} ${String(result.seeds).padStart(5)} of ${String(result.within).padEnd(5)} ${result.seconds.toFixed(1).padStart(6)} s  ${result.by.slice(0, 100)}`);
      hand();
    });
    child.on('exit', () => {
      if (--left === 0) finish(results, total, json);
    });
    hand();
  }
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

if (process.argv.includes('--work')) work();
else {
  const at = process.argv.indexOf('--only');
  lead(at < 0 ? '' : (process.argv[at + 1] ?? ''), process.argv.includes('--json'));
}
