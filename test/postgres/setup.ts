/** STORE=postgres: the suites of the desk run on PostgreSQL. */
import { startCluster } from './cluster';

const kept = globalThis as { cluster?: ReturnType<typeof startCluster> };

export default function setup(): void {
  if (process.env['STORE'] !== 'postgres') return;
  kept.cluster = startCluster();
  if (!kept.cluster) throw new Error('STORE=postgres, and there is no PostgreSQL on this machine');
  process.env['STORE_ADDRESS'] = kept.cluster.address('postgres');
}

export const stop = (): void => kept.cluster?.stop();
