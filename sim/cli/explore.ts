/** Registers `smartseal sim explore` and `smartseal sim replay`. */
import { fork, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import { untilSignal } from '../../host-bridge/cli/system';
import { loadProgram, type Program } from '../board/run';
import { play, planOf, PROFILES, readSaved, shrink, smallWorlds, Tally, Timeline, type Plan, type Report, type Saved, type Totals } from '../explore';
import { Ground } from './ground';
import { repositoryRoot } from './places';
import { errorLine, SimError, type Language } from './texts';

interface ExploreOptions {
  seeds: number;
  from: number;
  profile: string;
  workers: number;
  strokes?: number;
  minutes?: number;
  exhaustive?: number;
  bundle?: string;
  save: string;
  stop?: boolean;
  json?: boolean;
}

/** Seeds handed to a process at a time: enough that it never waits, few enough that the end is shared fairly. */
const HANDFUL = 8;
/** Failures that are cut down and saved; more are only counted. */
const SAVED_MOST = 5;
const PROGRESS_MS = 5000;
/** Exit code of one that was ended by hand: what it found stands, and it is not all that was asked for. */
const ENDED = 130;
/** Greatest number of a world; beyond what a number holds one world would be many. */
const SEED_MOST = 1e12;

function from(least: number, text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < least || value > SEED_MOST) throw new InvalidArgumentError(`${least}, ${least + 1}, ${least + 2}, ... ${SEED_MOST}`);
  return value;
}

const whole = (text: string): number => from(0, text);
/** Nothing explored would count as clean. */
const some = (text: string): number => from(1, text);

function bundleOf(given: string | undefined): string {
  const file = given ?? path.join(repositoryRoot(), 'dist/firmware/xiao.js');
  if (!existsSync(file)) throw new SimError('FILE', file);
  return file;
}

export function registerExplore(sim: Command, language: Language): void {
  const t = (zh: string, en: string): string => (language === 'zh' ? zh : en);
  const profiles = Object.entries(PROFILES).map(([name, { zh, en }]) => `  ${name.padEnd(10)} ${t(zh, en)}`).join('\n');
  sim.command('explore')
    .description(t('在虚拟时间里探索随机世界：故障、坏习惯、恶意主机，由独立的裁判逐条核对安全性', 'explore random worlds in virtual time: faults, bad habits, hostile hosts, judged by an oracle of its own'))
    .option('--seeds <n>', t('世界个数', 'how many worlds'), some, 200)
    .option('--from <seed>', t('第一个世界的编号', 'number of the first'), whole, 1)
    .option('--profile <name>', t('世界的种类（见下）；all 为混合', 'kind of world (below); all: a mixture'), 'all')
    .option('--workers <n>', t('进程数；缺省为处理器个数', 'processes; as many as processors when absent'), some, availableParallelism())
    .option('--strokes <n>', t('一直进行到盖章这么多次', 'go on until so many strokes were made'), some)
    .option('--minutes <n>', t('最多进行这么多分钟', 'for at most so many minutes'), some)
    .option('--exhaustive <depth>', t('改为穷举：一份授权、两人、一次断电，至多这么多个事件的所有次序', 'instead: every order of up to so many events with one permit, two persons and one cut'), whole)
    .option('--bundle <file>', t('固件文件；缺省为 dist/firmware/xiao.js', 'firmware; dist/firmware/xiao.js when absent'))
    .option('--save <folder>', t('失败的世界存入此目录', 'folder for worlds that fail'), '.')
    .option('--stop', t('遇到第一个失败即停止', 'stop at the first failure'))
    .option('--json', t('结果以 JSON 输出', 'the result as JSON'))
    .addHelpText('after', `\n${t('种类：', 'Kinds:')}\n${profiles}\n  all        ${t('按比例混合', 'a mixture of them')}\n\n${t('同一编号总是同一世界，逐字节相同。退出码：0 无失败，1 有失败，130 按 Ctrl-C 提前结束（已得结果照常报告）。', 'A number always gives the same world, to the byte. Exit code: 0 clean, 1 something failed, 130 ended by Ctrl-C (what was found is told).')}`)
    .action(async (given: ExploreOptions) => {
      const all = given.exhaustive === undefined ? {} : { profile: 'small', from: 0, seeds: smallWorlds(given.exhaustive) };
      process.exitCode = await told(explore({ ...given, ...all }, language), language);
    });
  sim.command('replay')
    .description(t('重放保存的世界，打印时间线', 'play a saved world again, as a timeline'))
    .argument('<file>', t('explore 保存的文件，或世界编号', 'file saved by explore, or the number of a world'))
    .option('--profile <name>', t('编号对应的种类', 'kind of world, for a number'), 'all')
    .option('--bundle <file>', t('固件文件', 'firmware'))
    .option('--all', t('打印全部，而非最后 60 行', 'all lines instead of the last 60'))
    .action(async (file: string, given: { profile: string; bundle?: string; all?: boolean }) => {
      process.exitCode = await told(replay(file, given, language), language);
    });
}

/** The exit code; an error of ours is told by its code, in the reader's language. */
async function told(work: Promise<number>, language: Language): Promise<number> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof SimError)) throw error;
    process.stderr.write(`! ${errorLine(error, language)}\n`);
    return error.code === 'USAGE' ? 2 : 1;
  }
}

function known(profile: string): void {
  if (!['all', 'small'].includes(profile) && PROFILES[profile] === undefined) throw new SimError('USAGE', `--profile ${['all', ...Object.keys(PROFILES)].join(' | ')}`);
}

async function explore(given: ExploreOptions, language: Language): Promise<number> {
  const t = (zh: string, en: string): string => (language === 'zh' ? zh : en);
  known(given.profile);
  const bundle = bundleOf(given.bundle);
  const tally = new Tally();
  const began = performance.now();
  let ended = false;
  void untilSignal().then(() => {
    ended = true;
    process.stderr.write(`${t('正在结束：等待进行中的世界，再按一次立即结束', 'Ending behind the worlds under way; once more ends at once')}\n`);
  });
  const { cpu, next } = await run(given, bundle, tally, () => ended, (worlds) => {
    if (given.json !== true) process.stderr.write(`\r${t(`${worlds} 个世界，盖章 ${tally.strokes} 次，失败 ${tally.failed}`, `${worlds} worlds, ${tally.strokes} strokes, ${tally.failed} failed`)} `);
  });
  if (given.json !== true && process.stderr.isTTY) process.stderr.write('\r\x1b[K');
  const totals = tally.sum();
  const seconds = (performance.now() - began) / 1000;
  const program = loadProgram(bundle);
  const files: string[] = [];
  for (const failure of totals.failed.slice(0, SAVED_MOST)) {
    const { file, text } = await keep(planOf(failure.seed, given.profile), failure.id, program, given.save, language);
    files.push(file);
    if (given.json !== true) process.stdout.write(`${t('失败', 'FAILED')} ${failure.seed} (${failure.profile}) ${failure.id}: ${failure.text}\n${text}\n${t('存于', 'saved as')} ${file}\n\n`);
  }
  if (given.json === true) process.stdout.write(`${JSON.stringify({ ...totals, next, seconds: round(seconds), cpuSeconds: round(cpu), files })}\n`);
  else process.stdout.write(`${summary(totals, seconds, cpu, language)}${ended ? `${t('提前结束，接着做：', 'Ended early; go on with')} --from ${next}\n` : ''}`);
  return totals.failed.length > 0 ? 1 : ended ? ENDED : 0;
}

const round = (value: number): number => Number(value.toFixed(2));

/** Plays the worlds in processes of their own. CPU seconds that these took, and the number of the first world that was not played. */
function run(given: ExploreOptions, bundle: string, tally: Tally, ended: () => boolean, progress: (worlds: number) => void): Promise<{ cpu: number; next: number }> {
  const workers = Math.max(1, given.workers);
  const end = given.from + given.seeds;
  const deadline = given.minutes === undefined ? Infinity : performance.now() + given.minutes * 60_000;
  let next = given.from;
  let worlds = 0;
  let shown = performance.now();
  const over = (): boolean =>
    ended() || (given.strokes === undefined ? next >= end : tally.strokes >= given.strokes) || performance.now() > deadline || (given.stop === true && tally.failed > 0);
  return new Promise((resolve, reject) => {
    const children = new Set<ChildProcess>();
    const cpu = new Map<ChildProcess, number>();
    const hand = (child: ChildProcess): void => {
      if (over()) {
        child.disconnect();
        return;
      }
      const many = given.strokes === undefined ? Math.min(HANDFUL, end - next) : HANDFUL;
      child.send({ bundle, profile: given.profile, seeds: Array.from({ length: many }, () => next++) });
    };
    for (let i = 0; i < workers; i++) {
      // One thread for files: what it finishes first does not hang on the machine. Detached: Ctrl-C is for the one that reports.
      const child = fork(path.join(__dirname, 'explore.worker.js'), { env: { ...process.env, UV_THREADPOOL_SIZE: '1' }, detached: true });
      children.add(child);
      child.on('message', (message: { report?: Report; cpu?: number; error?: string }) => {
        if (message.error !== undefined) {
          for (const one of children) one.kill();
          return reject(new Error(message.error));
        }
        if (message.report !== undefined) {
          tally.add(message.report);
          worlds++;
          if (performance.now() - shown > PROGRESS_MS) {
            shown = performance.now();
            progress(worlds);
          }
        } else {
          cpu.set(child, message.cpu ?? 0);
          hand(child);
        }
      });
      child.on('error', reject);
      child.on('exit', (code, signal) => {
        children.delete(child);
        // What it was given is not explored: the rest would pass for all of it.
        if (code !== 0) {
          for (const one of children) one.kill();
          return reject(new SimError('WORKER', String(signal ?? code)));
        }
        if (children.size > 0) return;
        resolve({ cpu: [...cpu.values()].reduce((sum, seconds) => sum + seconds, 0), next });
      });
      hand(child);
    }
  });
}

/** Cuts a failure down, saves it, tells it. */
async function keep(plan: Plan, id: string, program: Program, folder: string, language: Language): Promise<{ file: string; text: string }> {
  const means = { program, ...(await new Ground(() => program).of(plan)) };
  const fails = async (candidate: Plan): Promise<boolean> => (await play(candidate, means)).breaches[0]?.id === id;
  const small = await shrink(plan, fails);
  const timeline = new Timeline(language);
  const { breaches } = await play(small, { ...means, onFact: (at, unit, fact) => timeline.fact(at, unit, fact), onStep: (at, step) => timeline.step(at, step) });
  const saved: Saved = { format: 'smartseal-world/1', id, text: breaches[0]?.text ?? '', plan: small };
  const file = path.join(folder, `world-${plan.profile}-${plan.seed}.json`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, `${JSON.stringify(saved, null, 1)}\n`);
  return { file, text: `${timeline.text(60)}\n${tellBreaches(breaches)}` };
}

function tellBreaches(breaches: readonly { id: string; at: number; text: string }[]): string {
  return breaches.map(({ id, at, text }) => `${(at / 1000).toFixed(3).padStart(10)} s  ✗ ${id}  ${text}`).join('\n');
}

async function replay(name: string, given: { profile: string; bundle?: string; all?: boolean }, language: Language): Promise<number> {
  const t = (zh: string, en: string): string => (language === 'zh' ? zh : en);
  let plan: Plan;
  known(given.profile);
  if (/^\d+$/.test(name)) {
    if (Number(name) > SEED_MOST) throw new SimError('USAGE', `0 ... ${SEED_MOST}`);
    plan = planOf(Number(name), given.profile);
  } else {
    try {
      plan = readSaved(readFileSync(name, 'utf8')).plan;
    } catch (error) {
      throw new SimError('FILE', `${name}: ${(error as Error).message}`);
    }
  }
  const timeline = new Timeline(language);
  const program = loadProgram(bundleOf(given.bundle));
  const outcome = await play(plan, {
    program, ...(await new Ground(() => program).of(plan)), onFact: (at, unit, fact) => timeline.fact(at, unit, fact), onStep: (at, step) => timeline.step(at, step),
  });
  const end = outcome.breaches.length > 0 ? tellBreaches(outcome.breaches) : t('没有违反任何一条', 'no promise is broken');
  process.stdout.write(`${timeline.text(given.all === true ? Infinity : 60)}\n${end}\n${t('盖章', 'strokes')} ${outcome.strokes}  ${t('记录', 'records')} ${outcome.records}  ${outcome.hash}\n`);
  return outcome.breaches.length === 0 ? 0 : 1;
}

function summary(totals: Totals, seconds: number, cpu: number, language: Language): string {
  const t = (zh: string, en: string): string => (language === 'zh' ? zh : en);
  const faults = Object.entries(totals.deeds).map(([name, count]) => `${name} ${count}`).join(', ');
  const speed = cpu > 0 ? Math.round((totals.virtualHours * 3600) / cpu) : 0;
  return [
    t(`世界 ${totals.worlds}  盖章 ${totals.strokes}  记录 ${totals.records}  照片 ${totals.photos}  断电 ${totals.cuts}`, `worlds ${totals.worlds}  strokes ${totals.strokes}  records ${totals.records}  photos ${totals.photos}  power cuts ${totals.cuts}`),
    t(`虚拟 ${totals.virtualHours.toFixed(1)} 小时，用时 ${seconds.toFixed(1)} 秒，处理器 ${cpu.toFixed(1)} 秒（每核 ${speed} 倍于实时）`, `${totals.virtualHours.toFixed(1)} virtual hours in ${seconds.toFixed(1)} s, ${cpu.toFixed(1)} s of processor (${speed} × real time a core)`),
    t(`所做之事：${faults}`, `deeds: ${faults}`),
    `${t('轨迹', 'trace')} ${totals.hash}`,
    totals.failed.length === 0 ? t('✓ 没有违反任何一条', '✓ no promise is broken') : t(`✗ ${totals.failed.length} 个世界失败：${totals.failed.map(({ seed }) => seed).join(' ')}`, `✗ ${totals.failed.length} worlds failed: ${totals.failed.map(({ seed }) => seed).join(' ')}`),
    '',
  ].join('\n');
}
