import type { Bench } from './report';
export async function pipeline(bench: Bench): Promise<void> { bench.skipped('all', 'being written'); }
