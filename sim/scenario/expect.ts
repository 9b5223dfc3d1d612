/** Holds what a scenario expects against how the unit stands. */
import type { Bench } from './bench';
import type { Expect } from './file';
import type { Entry } from './journal';
import { shownIn } from '../paper';
import { observe } from './observe';

/** One expectation that is not met. */
export interface Miss {
  what: string;
  expected: string;
  was: string;
}

export interface Judgement {
  misses: Miss[];
  /** Number of the first record that the next step may name. */
  next: number;
}

const text = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** @param from records before this one have been spoken of */
export function judge(bench: Bench, wanted: Expect, from: number): Judgement {
  const misses: Miss[] = [];
  const seen = observe(bench);
  const check = (what: string, expected: unknown, was: unknown): void => {
    if (expected !== undefined && text(expected) !== text(was)) misses.push({ what, expected: text(expected), was: text(was) });
  };
  check('state', wanted.state, seen.state);
  check('strokes', wanted.strokes, seen.strokes);
  check('impressions', wanted.impressions, seen.impressions);
  check('bolt', wanted.bolt, seen.bolt);
  check('lid', wanted.lid, seen.lid);
  check('actuator', wanted.actuator, seen.actuator);
  check('paper', wanted.paper, seen.page !== null);
  check('die', wanted.die, seen.die !== null);
  check('power', wanted.power, seen.powered);
  check('link', wanted.link, bench.office?.ready === true ? 'up' : 'down');
  check('boots', wanted.boots, bench.unit.truth.runs.filter(({ what }) => what === 'boot').length);
  if (wanted.alarms !== undefined) check('alarms', [...wanted.alarms].sort(), [...seen.alarms].sort());
  for (const [lamp, on] of Object.entries(wanted.lamps ?? {})) check(`lamps.${lamp}`, on, seen.lamps[lamp as keyof typeof seen.lamps]);
  if (wanted.display !== undefined && !bench.glass.some((row) => row.includes(wanted.display!))) misses.push({ what: 'display', expected: wanted.display, was: bench.glass.join(' / ') });
  check('display_dark', wanted.display_dark, bench.glass.length === 0);
  const register = bench.office?.register;
  check('register.complete', wanted.register?.complete, bench.office?.complete === true);
  check('register.records', wanted.register?.records, register?.entries.length ?? 0);
  check('register.photos', wanted.register?.photos, register?.photos.size ?? 0);
  check('register.resumed', wanted.register?.resumed, register?.resumed ?? 0);
  check('view', wanted.view, bench.office?.viewed === undefined ? 'none' : shownIn(bench.office.viewed) ?? 'a picture');
  return { misses, next: judgeRecords(bench.journal.filter(({ seq }) => seq >= from), wanted, from, misses) };
}

function judgeRecords(entries: readonly Entry[], wanted: Expect, from: number, misses: Miss[]): number {
  const all = (): string => entries.map(short).join(', ') || 'none';
  for (const kind of wanted.no_records ?? []) if (entries.some((entry) => entry.kind === kind)) misses.push({ what: 'no_records', expected: `no ${kind}`, was: all() });
  let at = 0;
  for (const one of wanted.records ?? []) {
    const found = entries.findIndex((entry, i) => i >= at && fits(entry, one));
    if (found < 0) {
      misses.push({ what: 'records', expected: wantedText(one), was: all() });
      return from;
    }
    at = found + 1;
  }
  return at === 0 ? from : entries[at - 1]!.seq + 1;
}

type Wanted = NonNullable<Expect['records']>[number];

function fits(entry: Entry, { kind, ...fields }: Wanted): boolean {
  return entry.kind === kind && Object.entries(fields).every(([name, value]) => text(entry.fields[name] ?? null) === text(value));
}

const wantedText = ({ kind, ...fields }: Wanted): string => `${kind}${brief(fields)}`;
const short = ({ kind, fields }: Entry): string => `${kind}${brief(Object.fromEntries(Object.entries(fields).filter(([name]) => ['result', 'reason', 'code', 'condition', 'which', 'charged', 'person'].includes(name))))}`;

function brief(fields: Record<string, unknown>): string {
  const all = Object.entries(fields).map(([name, value]) => `${name} ${text(value)}`);
  return all.length === 0 ? '' : `(${all.join(' ')})`;
}
