/** Statistics of uses: by seal, department, category, purpose and month; and what was granted and not used, or not granted. */
import type { Db } from '../tables';
import type { UseResult } from '../register/uses';
import type { Words } from './columns';
import type { SheetQuery, SheetRow } from './sheet';

export type Counts = Record<UseResult, number>;
export interface Group extends Counts {
  /** As people read it; '' where it is not known. */
  name: string;
}

export const groupings = ['seal', 'department', 'category', 'purpose', 'month'] as const;
export type Grouping = (typeof groupings)[number];

export interface Uses {
  total: Counts;
  by: Record<Grouping, Group[]>;
}

/** Purposes are free text: the most frequent ones. */
const PURPOSES = 100;
const none = (): Counts => ({ stamped: 0, failed: 0, unknown: 0, pending: 0 });
const size = (group: Counts): number => group.stamped + group.failed + group.unknown + group.pending;

export class Tally {
  private readonly total = none();
  private readonly groups = Object.fromEntries(groupings.map((name) => [name, new Map<string, Group>()])) as Record<Grouping, Map<string, Group>>;

  constructor(private readonly words: Words) {}

  add(row: Pick<SheetRow, 'seal' | 'department' | 'category' | 'purpose' | 'time' | 'result'>): void {
    this.total[row.result] += 1;
    for (const grouping of groupings) {
      const name = grouping === 'month' ? this.words.time(row.time).slice(0, 7) : row[grouping];
      const group = this.groups[grouping].get(name) ?? { name, ...none() };
      group[row.result] += 1;
      this.groups[grouping].set(name, group);
    }
  }

  get uses(): Uses {
    const ordered = (grouping: Grouping): Group[] => {
      const all = [...this.groups[grouping].values()];
      if (grouping === 'month') return all.sort((a, b) => (a.name < b.name ? -1 : 1));
      return all.sort((a, b) => size(b) - size(a) || (a.name < b.name ? -1 : 1)).slice(0, PURPOSES);
    };
    return { total: { ...this.total }, by: Object.fromEntries(groupings.map((name) => [name, ordered(name)])) as Uses['by'] };
  }
}

export interface Granted {
  /** Permits issued; of those that are over, how many had no stroke at all; strokes granted, and how many of those over were never made. */
  permits: { issued: number; unused: number; strokes: number; strokesUnused: number };
  /** Applications by what became of them. */
  applications: Record<string, number>;
}

/** Of what was made in that time (by the desk's clock). */
export async function grantedOf(db: Db, q: SheetQuery): Promise<Granted> {
  const number = (value: unknown): number => Number(value ?? 0);
  let applications = db.selectFrom('application').select((eb) => ['state', eb.fn.countAll().as('count')]).where('state', '!=', 'draft').groupBy('state');
  let permits = db.selectFrom('permit').innerJoin('application', 'application.id', 'permit.application').select(['permit.state', 'permit.used', 'permit.quota']);
  if (q.from !== undefined) [applications, permits] = [applications.where('created', '>=', q.from), permits.where('permit.created', '>=', q.from)];
  if (q.until !== undefined) [applications, permits] = [applications.where('created', '<', q.until), permits.where('permit.created', '<', q.until)];
  if (q.seal !== undefined) [applications, permits] = [applications.where('seal', '=', q.seal), permits.where('application.seal', '=', q.seal)];
  if (q.device !== undefined) {
    const { device } = q;
    applications = applications.where('seal', 'in', db.selectFrom('seal').select('id').where('device', '=', device));
    permits = permits.where('permit.device', '=', device);
  }
  const states = Object.fromEntries((await applications.execute()).map(({ state, count }) => [state, number(count)]));
  const rows = await permits.execute();
  const over = rows.filter(({ state }) => !['issued', 'queued', 'delivered'].includes(state));
  return {
    applications: states,
    permits: {
      issued: rows.length, unused: over.filter(({ used }) => number(used) === 0).length, strokes: rows.reduce((sum, { quota }) => sum + number(quota), 0),
      strokesUnused: over.reduce((sum, { quota, used }) => sum + Math.max(0, number(quota) - number(used)), 0),
    },
  };
}
