import type { Bench } from './report';
export async function goodput(bench: Bench): Promise<void> { bench.skipped('all', 'being written'); }
