/** How a unit stands now, in one object: what the panel shows, `state` answers, scenarios expect and recordings keep. */
import type { Bench } from './bench';
import { latchedIn, permitsIn, type Entry } from './journal';
import { ALARM_NAMES, STATE_NAMES, type StateName } from './names';

/** Whole travel home is less than this, mm. */
const AT_HOME_MM = 0.3;

export interface Seen {
  state: StateName;
  powered: boolean;
  usb: boolean;
  bolt: 'locked' | 'open';
  lid: 'closed' | 'open';
  /** Id of the sheet in the tray. */
  page: string | null;
  /** Impressions on that sheet. */
  impressions: number;
  /** ROM code of the die under the ram; and of all, by holder. */
  die: string | null;
  dies: (string | null)[];
  carrierMm: number;
  actuator: 'home' | 'moving' | 'stuck';
  lamps: { green: boolean; red: boolean; tray: boolean; buzzer: boolean };
  batteryMv: number;
  /** Share of the charge, 0..1. */
  charge: number;
  /** Strokes that really happened since the bench was set up. */
  strokes: number;
  /** Alarms without a clearing record, by name. */
  alarms: string[];
  /** Where it really is, degrees, and degrees from upright. */
  place: { latitude: number; longitude: number; tilt: number };
  records: number;
}

export function observe(bench: Bench): Seen {
  const { unit } = bench;
  const { truth, parts } = unit;
  const { where } = truth;
  const round = (degrees: number): number => Number(degrees.toFixed(6));
  const carrierMm = Number(truth.carrierMm.toFixed(2));
  return {
    state: stateOf(bench),
    powered: truth.powered,
    usb: unit.port.connected,
    bolt: truth.boltOpen ? 'open' : 'locked',
    lid: truth.lidClosed ? 'closed' : 'open',
    page: truth.page?.id ?? null,
    impressions: truth.page?.impressions.length ?? 0,
    die: truth.die?.rom ?? null,
    dies: parts.holders.dies.map((one) => one?.rom ?? null),
    carrierMm,
    actuator: parts.actuator.moving ? 'moving' : carrierMm <= AT_HOME_MM ? 'home' : 'stuck',
    lamps: { ...truth.lamps },
    batteryMv: Math.round(parts.battery.millivolts()),
    charge: parts.battery.charge,
    strokes: truth.strokeCount,
    alarms: latchedIn(bench.journal).map(({ condition }) => condition).sort((a, b) => ALARM_NAMES.indexOf(a) - ALARM_NAMES.indexOf(b)),
    place: { latitude: round(where.spot().latitude), longitude: round(where.spot().longitude), tilt: Math.round(where.tilt()) },
    records: bench.journal.length === 0 ? 0 : bench.journal.at(-1)!.seq + 1,
  };
}

/** What the unit is doing: what it told last, or, without a session of our own, what its journal says. */
export function stateOf(bench: Bench): StateName {
  const { unit, office } = bench;
  if (!unit.truth.powered) return 'off';
  if (office?.ready === true && office.state > 0) return STATE_NAMES[office.state] as StateName;
  const entries = bench.journal;
  const last = (kinds: readonly string[]): Entry | undefined => entries.findLast((entry) => kinds.includes(entry.kind));
  const use = last(['opened', 'closed', 'boot'])?.kind;
  if (use === 'opened') {
    const step = last(['opened', 'intent', 'outcome', 'photo']);
    if (step?.kind === 'intent') return 'stroking';
    // Without photos in the permit the use waits at once; the journal cannot tell more.
    return step?.kind === 'photo' && step.fields['which'] === 'before' ? 'waiting_grant' : 'open';
  }
  return latchedIn(entries).length > 0 ? 'alarmed' : 'idle';
}

/** A permit that can still be used, the newest first. */
export function usable(bench: Bench): { id: string; count: number; charged: number; persons: number[] }[] {
  return [...permitsIn(bench.journal)].filter(([, permit]) => permit.closed === undefined && permit.charged < permit.count)
    .map(([id, { count, charged }]) => ({ id, count, charged, persons: bench.office?.persons.get(id) ?? [] })).reverse();
}
