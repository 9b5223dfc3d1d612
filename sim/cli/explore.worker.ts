/** One process of an exploration: is sent seeds, plays their worlds, sends back what came of them. */
import { loadProgram } from '../board/run';
import { play, planOf, type Report } from '../explore';
import { Ground } from './ground';

interface Order {
  bundle: string;
  profile: string;
  seeds: number[];
}

let program: ReturnType<typeof loadProgram> | undefined;
const ground = new Ground(() => program!);
let jobs: Promise<void> = Promise.resolve();

async function work({ bundle, profile, seeds }: Order): Promise<void> {
  program ??= loadProgram(bundle);
  for (const seed of seeds) {
    const plan = planOf(seed, profile);
    const outcome = await play(plan, { program, ...(await ground.of(plan)) });
    const report: Report = { seed, profile: plan.profile, ...outcome };
    process.send?.({ report });
  }
  const { user, system } = process.cpuUsage();
  process.send?.({ cpu: (user + system) / 1e6 });
}

process.on('message', (order: Order) => {
  jobs = jobs.then(() => work(order)).catch((error: unknown) => {
    process.send?.({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  });
});
process.on('disconnect', () => process.exit(0));
