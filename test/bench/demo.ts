/** How long `smartseal demo` takes when everything is built, and where the time goes: each step by its own clock. */
import { spawn } from 'node:child_process';
import path from 'node:path';
import { median, type Bench } from './report';

const RUNS = 3;
const GOAL_S = 20;

interface Step {
  step: string;
  seconds: number;
}

export async function demo(bench: Bench): Promise<void> {
  const runs: { wall: number; steps: Step[] }[] = [];
  for (let i = 0; i < RUNS; i++) {
    bench.say(`run ${i + 1} of ${RUNS} (load ${bench.load().toFixed(1)})`);
    const from = bench.now();
    const { code, out, errors } = await run(bench, ['demo', '--json', '--out', path.join(bench.folder, `demo-${i}`)]);
    if (code !== 0) throw new Error(`the demo ended with ${code}: ${errors.slice(-400)}`);
    const steps = out.split('\n').filter((line) => line.startsWith('{')).map((line) => JSON.parse(line) as Step);
    runs.push({ wall: (bench.now() - from) / 1000, steps });
  }
  bench.figure({ metric: 'the whole demo, run again', value: median(runs.map(({ wall }) => wall)), unit: 's', goal: GOAL_S, context: { runs: runs.map(({ wall }) => Number(wall.toFixed(1))), load: bench.load() } });
  const names = runs[0]!.steps.map(({ step }) => step);
  names.forEach((name, i) => {
    const took = runs.flatMap(({ steps }) => (steps[i]?.step === name ? [steps[i]!.seconds - (i === 0 ? 0 : steps[i - 1]!.seconds)] : []));
    bench.figure({ metric: `until ${name}`, value: median(took), unit: 's' });
  });
}

function run(bench: Bench, args: string[]): Promise<{ code: number; out: string; errors: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(bench.node, [path.join(bench.root, 'bin/smartseal.js'), ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    let out = '';
    let errors = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code: code ?? -1, out, errors }));
  });
}
