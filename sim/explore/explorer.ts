/** What an exploration counts, whoever plays the worlds. */
import { createHash } from 'node:crypto';
import type { Outcome } from './play';
import type { Plan } from './plan';

/** The outcome of one seed, as it travels between processes. */
export interface Report extends Outcome {
  seed: number;
  profile: string;
}

export interface Totals {
  worlds: number;
  strokes: number;
  records: number;
  photos: number;
  cuts: number;
  virtualHours: number;
  deeds: Record<string, number>;
  /** Over the hashes of all seeds, in their order. */
  hash: string;
  failed: { seed: number; profile: string; id: string; text: string; at: number }[];
}

export class Tally {
  private readonly hashes = new Map<number, string>();
  private readonly totals: Totals = { worlds: 0, strokes: 0, records: 0, photos: 0, cuts: 0, virtualHours: 0, deeds: {}, hash: '', failed: [] };
  private virtualMs = 0;

  add(report: Report): void {
    const { totals } = this;
    totals.worlds++;
    totals.strokes += report.strokes;
    totals.records += report.records;
    totals.photos += report.photos;
    totals.cuts += report.cuts;
    this.virtualMs += report.virtualMs;
    for (const [name, count] of Object.entries(report.deeds)) totals.deeds[name] = (totals.deeds[name] ?? 0) + count;
    this.hashes.set(report.seed, report.hash);
    const first = report.breaches[0];
    if (first !== undefined) totals.failed.push({ seed: report.seed, profile: report.profile, id: first.id, text: first.text, at: first.at });
  }

  get strokes(): number {
    return this.totals.strokes;
  }

  get failed(): number {
    return this.totals.failed.length;
  }

  sum(): Totals {
    const all = [...this.hashes].sort((a, b) => a[0] - b[0]).map(([, hash]) => hash);
    const deeds = Object.fromEntries(Object.entries(this.totals.deeds).sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)));
    return {
      ...this.totals, deeds, virtualHours: this.virtualMs / 3_600_000, hash: createHash('sha256').update(all.join('\n')).digest('hex'),
      failed: [...this.totals.failed].sort((a, b) => a.seed - b.seed),
    };
  }
}

/** A failure as it is saved, to be played again. */
export interface Saved {
  format: 'smartseal-world/1';
  /** What broke. */
  id: string;
  text: string;
  plan: Plan;
}

/** @throws RangeError where the text is not a saved world */
export function readSaved(text: string): Saved {
  const saved = JSON.parse(text) as Partial<Saved>;
  if (saved.format !== 'smartseal-world/1' || typeof saved.plan !== 'object' || !Array.isArray(saved.plan.steps)) throw new RangeError('not a saved world');
  return saved as Saved;
}
