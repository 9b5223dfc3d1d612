/** Rarer deeds: statements that are genuine but out of place, and an interpreter that fails its firmware. */
import { encodeGrantApply, encodePermitLoad, encodePhotoPut, GrantKind, MessageType } from '../../protocol';
import { Kind } from '../oracle';
import type { Random } from '../world/random';
import { PIECES } from './eye';
import type { Seat } from './seat';

export type TrickDeed =
  /** A permit that the unit may have forgotten by now, handed over once more; one under the register's key; an acknowledgement of a history that is not the unit's. */
  | { deed: 'forge'; what: 'an old permit' | "under the register's key" | 'another history'; pick: number }
  /** The authority's answer with the time stays under way for so long, or its clock is behind. */
  | { deed: 'late time'; ms: number }
  | { deed: 'clock back'; seconds: number; reset: boolean; ms: number }
  /** The camera delivers the same picture again and again, and the last stroke grants are handed over again and again instead of new ones. */
  | { deed: 'frozen camera'; ms: number }
  /** The office takes its time with stroke grants, and somebody lays another sheet in meanwhile. */
  | { deed: 'swap while waiting'; ms: number }
  /** A host hands over pieces of a picture that nothing may come of, whether one is waited for or not. */
  | { deed: 'put'; what: 'no picture' | 'behind a gap' | 'short' | 'nothing' | 'too much' }
  /** For so long the office says no time, and a host says the last one again and again. */
  | { deed: 'nag'; ms: number }
  /** The n-th call from now of those that can fail does. */
  | { deed: 'call fails'; n: number }
  /** The interpreter loses its timers, as it does when it runs out of memory. */
  | { deed: 'timers lost' };

const NAMES = new Set<string>(['forge', 'late time', 'clock back', 'frozen camera', 'swap while waiting', 'put', 'nag', 'call fails', 'timers lost']);
/** The watchdog's time, and a start. ms */
const RECOVERED_MS = 20_000;
const AGAIN_MS = 1500;
const LOOK_MS = 250;
const SLOW_MS = 4000;
const NAG_MS = 15_000;
const UNHEARD_MS = 20_000;

export function isTrick(step: { deed: string }): step is TrickDeed {
  return NAMES.has(step.deed);
}

/** A deed of somebody who has genuine statements. */
export function forgery(random: Random): TrickDeed {
  const pick = random.below(1000);
  switch (random.below(9)) {
    case 0: return { deed: 'late time', ms: 20_000 + random.below(100_000) };
    case 1: return { deed: 'clock back', seconds: 1 + random.below(random.chance(0.5) ? 100 : 2000), reset: random.chance(0.5), ms: 5000 + random.below(60_000) };
    case 2: return { deed: 'forge', what: random.chance(0.5) ? "under the register's key" : 'another history', pick };
    case 3: return { deed: 'frozen camera', ms: 20_000 + random.below(40_000) };
    case 4: return { deed: 'swap while waiting', ms: 20_000 + random.below(40_000) };
    default: return { deed: 'forge', what: 'an old permit', pick };
  }
}

export function misput(random: Random): TrickDeed {
  const all = Object.keys(PIECES) as (keyof typeof PIECES)[];
  return { deed: 'put', what: all[random.below(all.length)]! };
}

export function stumble(random: Random): TrickDeed {
  // Most calls are those of a photo: short and long alike.
  return random.chance(0.15) ? { deed: 'timers lost' } : { deed: 'call fails', n: Math.ceil(3000 ** random.fraction()) };
}

export function carryOutTrick(seat: Seat, step: TrickDeed): void {
  const { office, unit } = seat;
  switch (step.deed) {
    case 'forge':
      return forge(seat, step);
    case 'late time':
      return office.setTime(step.ms);
    case 'clock back':
      seat.behave({ behind: step.seconds }, step.ms, () => office.setTime());
      if (step.reset && unit.power.isOn) unit.processor.reset(1);
      return office.setTime();
    case 'frozen camera':
      return freeze(seat, step.ms);
    case 'swap while waiting':
      return swap(seat, step.ms);
    case 'put':
      return office.send(MessageType.PHOTO_PUT, encodePhotoPut(PIECES[step.what]));
    case 'nag':
      return nag(seat, step.ms);
    case 'call fails':
      return stumbles(seat, () => unit.processor.failAt(step.n), () => unit.processor.failAt(0));
    case 'timers lost':
      return stumbles(seat, () => unit.processor.clearTimers(), () => undefined);
  }
}

function nag(seat: Seat, ms: number): void {
  const { office, world } = seat;
  let over = false;
  seat.behave({ beats: false }, ms, () => (over = true));
  const again = (): void => {
    if (over) return;
    const last = office.statements.findLast(({ statement }) => statement.kind === 'time');
    if (last !== undefined) office.send(MessageType.GRANT_APPLY, encodeGrantApply({ grant: last.bytes }));
    world.after(NAG_MS, again);
  };
  again();
}

function freeze(seat: Seat, ms: number): void {
  const { office, unit, world } = seat;
  const name = 'camera frozen';
  if (seat.faults.has(name)) return;
  seat.faults.add(name);
  seat.tell({ what: 'fault', name, on: true, bends: ['camera'] });
  unit.parts.camera.frozen = true;
  let over = false;
  const again = (): void => {
    if (over) return;
    for (const { bytes } of office.statements.filter(({ statement }) => statement.kind === 'stroke').slice(-2)) office.send(MessageType.GRANT_APPLY, encodeGrantApply({ grant: bytes }));
    world.after(AGAIN_MS, again);
  };
  world.after(AGAIN_MS, again);
  seat.later(ms, () => {
    over = true;
    unit.parts.camera.frozen = false;
    seat.faults.delete(name);
    seat.tell({ what: 'fault', name, on: false, bends: ['camera'] });
  });
}

function swap(seat: Seat, ms: number): void {
  const { oracle, holder, world } = seat;
  let over = false;
  seat.behave({ grantsAfter: SLOW_MS }, ms, () => (over = true));
  const look = (): void => {
    if (over) return;
    const last = oracle.known.records.at(-1);
    if (last?.kind !== Kind.PHOTO || last.data.get(2) !== 0) return void world.after(LOOK_MS, look);
    holder.lid(true);
    world.after(LOOK_MS, () => holder.lay(true));
    world.after(3 * LOOK_MS, () => holder.lid(false));
  };
  look();
}

function stumbles(seat: Seat, begin: () => void, end: () => void): void {
  const name = 'the interpreter fails';
  if (seat.faults.has(name)) return;
  seat.faults.add(name);
  seat.tell({ what: 'fault', name, on: true, bends: ['program'] });
  begin();
  seat.later(RECOVERED_MS, () => {
    end();
    seat.faults.delete(name);
    seat.tell({ what: 'fault', name, on: false, bends: ['program'] });
  });
}

function forge(seat: Seat, { what, pick }: Extract<TrickDeed, { deed: 'forge' }>): void {
  const { office, keys } = seat;
  if (what === 'an old permit') {
    const permits = office.statements.filter(({ statement }) => statement.kind === 'permit');
    const old = permits[Math.floor((pick * permits.length) / 1500)];
    return old === undefined ? undefined : office.send(MessageType.PERMIT_LOAD, encodePermitLoad({ grant: old.bytes }));
  }
  const now = seat.unix();
  if (what === 'another history') {
    // Of records that the register does not have yet.
    return seat.behave({ pulls: false }, UNHEARD_MS, () => {
      acknowledge(seat);
      office.work();
    });
  }
  const grant = seat.underRegisterKey({
    kind: GrantKind.PERMIT, notBefore: now - 60, notAfter: now + 7200, permit: `register ${pick}`.padEnd(16, '-'), counter: 200_000 + pick, epoch: seat.epoch,
    die: Buffer.from(seat.die, 'hex').toString('latin1'), count: 100, persons: [7, 1], policy: 0, document: keys.device.toString('latin1').repeat(4), idle: 300,
  });
  office.send(MessageType.PERMIT_LOAD, encodePermitLoad({ grant }));
}

function acknowledge(seat: Seat): void {
  const through = seat.oracle.known.records.length;
  const grant = seat.underRegisterKey({ kind: GrantKind.ACK, recordsThrough: through, photosThrough: through, hash: 'H'.repeat(32) });
  seat.office.send(MessageType.GRANT_APPLY, encodeGrantApply({ grant }));
}
