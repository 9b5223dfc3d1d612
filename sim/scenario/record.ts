/**
 * Turns a session into a scenario: every command that touches the unit with the second at which it came, and before each,
 * and at the end, how the unit stood, as expectations. Commands that follow each other at once have none between them: what
 * the unit has only begun to do, or told only half, is seen a little earlier or later when it is played.
 */
import { stringify } from 'yaml';
import { asSimError } from '../cli/texts';
import type { Bench } from './bench';
import { carryOut, parseLine } from './commands';
import type { Entry } from './journal';
import { observe } from './observe';
import { Refused } from './office';

/** States that last until somebody does something. */
const STABLE = ['idle', 'open', 'waiting_grant', 'alarmed', 'off'];
/** Fields that are the same in every run. */
const TOLD = ['result', 'reason', 'code', 'condition', 'which', 'persons', 'person', 'charged', 'count', 'use'];
/** A replay may come so much later to what was seen, s. */
const WITHIN_S = 5;
/** The unit is left alone so long before what it shows is taken down, s. */
const REST_S = 1;

export class Recorder {
  private readonly steps: Record<string, unknown>[] = [];
  private told: number;
  /** When the last command had ended, s. */
  private busy = 0;

  constructor(private readonly bench: Bench, private readonly unit: { seed: number; battery: number }) {
    this.told = bench.journal.length;
  }

  /** Carries out a line and remembers it. @throws what the command throws */
  async perform(line: string): Promise<void> {
    const { bench } = this;
    bench.world.catchUp?.();
    const keeps = this.keeps(line);
    const step: Record<string, unknown> = { at: this.now(), do: line.trim() };
    if (keeps) {
      if (this.rested) this.steps.push(this.seen());
      this.steps.push(step);
    }
    try {
      await carryOut(bench, line);
    } catch (error) {
      step['refused'] = error instanceof Refused ? error.refusal : asSimError(error).code;
      throw error;
    } finally {
      if (keeps) this.busy = this.now();
    }
  }

  /** The scenario so far. */
  text(): string {
    const { people, language, die } = this.bench;
    const { seed, battery } = this.unit;
    const covers: string[] = [];
    return stringify({
      title: { zh: '录制的会话', en: 'A recorded session' },
      about: { zh: '由模拟器录制：操作与当时所见的结果。', en: 'Recorded by the simulator: what was done, and what was seen.' },
      covers,
      unit: { seed, battery, camera: 'real', die: die.rom, ...(this.bench.dies.length > 1 ? { dies: this.bench.dies.length } : {}), ...(people.length === 0 ? {} : { people: people.map(({ person, name }) => ({ person, name })) }) },
      pace: 0,
      steps: [...this.steps, this.seen(false), { note: { zh: '录制结束', en: `Recorded in ${language}` } }],
    }, { lineWidth: 0 });
  }

  /** What only looks, waits or does nothing need not be done again; a file's path stays as it was typed. */
  private keeps(line: string): boolean {
    try {
      const parsed = parseLine(line, this.bench.language);
      if (parsed === undefined || parsed.command.looks === true || parsed.command.names[0] === 'wait') return false;
      return !(parsed.command.names[0] === 'paper' && ['save', '保存'].includes(parsed.given[0] ?? ''));
    } catch {
      return false;
    }
  }

  private get rested(): boolean {
    return this.now() - this.busy >= REST_S;
  }

  private now(): number {
    return Number((this.bench.world.now / 1000).toFixed(3));
  }

  /** @param consume whether the records told here are not told again */
  private seen(consume = true): Record<string, unknown> {
    const { bench } = this;
    const { state, strokes, impressions, bolt, alarms, powered } = observe(bench);
    const fresh = bench.journal.slice(this.told).filter(({ kind }) => kind !== 'clock');
    if (consume) this.told = bench.journal.length;
    return {
      at: this.now(),
      within: WITHIN_S,
      expect: {
        ...(STABLE.includes(state) && this.rested ? { state, power: powered, bolt } : {}), strokes, impressions, alarms,
        ...(fresh.length === 0 ? {} : { records: fresh.map(recordStep) }),
      },
    };
  }
}

function recordStep({ kind, fields }: Entry): Record<string, unknown> {
  return { kind, ...Object.fromEntries(Object.entries(fields).filter(([name]) => TOLD.includes(name))) };
}
