import type { Bench } from './report';
export async function interpreter(bench: Bench): Promise<void> { bench.skipped('all', 'being written'); }
