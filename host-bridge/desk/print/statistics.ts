/** Statistics of uses: by seal, department, category, purpose and month; and what was granted and not used, or not granted. */
import type { Db } from '../tables';
import type { UseResult } from '../register/uses';
import { decodeCbor, type CborMap } from '../cbor';
import { permitOf } from '../live/steps';
import { countAt, parseRecord, RecordKind } from '../register/records';
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

/** What people refuse: an application, something to be done at a unit, more strokes, the page in the tray. */
export const refusedMatters = ['application', 'ceremony', 'top-up', 'page'] as const;
export type RefusedMatter = (typeof refusedMatters)[number];

export interface Refusals {
  /** By the reason that was given, the most frequent ones. */
  people: { matter: RefusedMatter; reason: string; count: number }[];
  /** By units themselves, by their RefusalCode. */
  units: { code: number; count: number }[];
}

/** Entries and records read at a time. */
const READ = 1000;
const KINDS: Readonly<Record<string, RefusedMatter>> = { decision: 'application', ceremony: 'ceremony', 'top-up': 'top-up', statement: 'page' };

/** What an entry says was refused, and of which device or application. */
function refusalOf(kind: string, data: CborMap): { matter: RefusedMatter; reason: string; device?: string; application?: string; permit?: string } | undefined {
  const matter = KINDS[kind];
  const text = (name: string): string => String(data.get(name) ?? '');
  const refused = kind === 'decision' ? text('verdict') === 'refused' : kind === 'statement' ? text('type') === 'reject' : text('state') === 'refused';
  if (matter === undefined || !refused) return undefined;
  const device = data.get('device');
  return {
    matter, reason: text('reason').trim(), ...(Buffer.isBuffer(device) ? { device: device.toString('hex') } : {}), ...(data.has('application') ? { application: text('application') } : {}),
    ...(kind === 'statement' ? { permit: text('subject').split(' ')[0]! } : {}),
  };
}

/**
 * Of what was refused in that time (by the desk's clock), by people as the register has it, and by units as their records have it.
 * @param turn lets others in this process have their turn: a hundred thousand entries take a second
 */
export async function refusalsOf(db: Db, q: SheetQuery, turn: () => Promise<void>): Promise<Refusals> {
  const seals = new Map((await db.selectFrom('application').select(['id', 'seal']).execute()).map(({ id, seal }) => [id, seal]));
  const devices = new Map((await db.selectFrom('seal').select(['id', 'device']).execute()).map(({ id, device }) => [id, device]));
  const permits = new Map((await db.selectFrom('permit').select(['id', 'application']).execute()).map(({ id, application }) => [id, application]));
  const within = (application: string | undefined, device: string | undefined): boolean => {
    const seal = application === undefined ? undefined : seals.get(application);
    return (q.seal === undefined || seal === q.seal) && (q.device === undefined || (device ?? (seal === undefined ? undefined : devices.get(seal))) === q.device);
  };
  const people = new Map<string, Refusals['people'][number]>();
  for (let after = -1; ;) {
    let entries = db.selectFrom('entry').select(['number', 'kind', 'body']).where('number', '>', after).where('kind', 'in', Object.keys(KINDS));
    if (q.from !== undefined) entries = entries.where('at', '>=', q.from);
    if (q.until !== undefined) entries = entries.where('at', '<', q.until);
    const rows = await entries.orderBy('number').limit(READ).execute();
    for (const row of rows) {
      const item = decodeCbor(Buffer.from(row.body, 'base64'));
      const refused = refusalOf(row.kind, (Array.isArray(item) && item[4] instanceof Map ? item[4] : new Map()) as CborMap);
      if (refused === undefined || !within(refused.application ?? permits.get(refused.permit ?? ''), refused.device)) continue;
      const { matter, reason } = refused;
      const key = `${matter} ${reason}`;
      people.set(key, { matter, reason, count: (people.get(key)?.count ?? 0) + 1 });
    }
    if (rows.length < READ) break;
    await turn();
    after = Number(rows.at(-1)!.number);
  }
  const units = new Map<number, number>();
  for (let after = -1; ;) {
    let records = db.selectFrom('record').select(['entry', 'device', 'bytes']).where('entry', '>', after).where('kind', '=', RecordKind.refused);
    if (q.from !== undefined) records = records.where('at', '>=', q.from);
    if (q.until !== undefined) records = records.where('at', '<', q.until);
    const rows = await records.orderBy('entry').limit(READ).execute();
    for (const row of rows) {
      const record = parseRecord(Buffer.from(row.bytes, 'base64'));
      if (record === undefined || !within(permits.get(permitOf(record) ?? ''), row.device)) continue;
      const code = countAt(record, 1) ?? 0;
      units.set(code, (units.get(code) ?? 0) + 1);
    }
    if (rows.length < READ) break;
    await turn();
    after = Number(rows.at(-1)!.entry);
  }
  return {
    people: [...people.values()].sort((a, b) => b.count - a.count || (a.reason < b.reason ? -1 : 1)).slice(0, PURPOSES),
    units: [...units].map(([code, count]) => ({ code, count })).sort((a, b) => b.count - a.count || a.code - b.code),
  };
}
