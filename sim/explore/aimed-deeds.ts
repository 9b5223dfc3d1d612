/** Deeds at the one moment at which they hurt; at a random moment they would hardly ever meet it. */
import { encodeGrantApply, MessageType } from '../../protocol';
import { Kind, type Fact } from '../oracle';
import type { Random } from '../world/random';
import { PEOPLE } from './plan';
import type { Seat } from './seat';

export type AimedDeed =
  /** Something comes to lie over the lens so many ms behind the next intent, for so long. */
  | { deed: 'dark behind'; late: number; ms: number }
  /** A stranger tries so many fingers, the power goes for so long, and the stranger goes on, so many times. */
  | { deed: 'strangers over a cut'; before: number; after: number; ms: number }
  /** The office leaves the next alarm alone, and a host hands over the last clearing of one like it instead. */
  | { deed: 'old clearing'; ms: number }
  /** The authority orders something for a short while; its person comes so many ms later. */
  | { deed: 'late hands'; action: number; subject?: number; person: number; lasts: number; late: number };

const NAMES = new Set<string>(['dark behind', 'strangers over a cut', 'old clearing', 'late hands']);
/** Whoever waits for a stroke to begin waits so long, ms. */
const PATIENCE_MS = 60_000;
const FINGER_MS = 1600;
const NEXT_FINGER_MS = 3200;
/** Until a finger was counted, and until a start is over. */
const COUNTED_MS = 7000;
const STARTED_MS = 6000;
const AGAIN_MS = 2000;

export function isAimed(step: { deed: string }): step is AimedDeed {
  return NAMES.has(step.deed);
}

/** The actions by their numbers (SPEC.md, "Ceremonies"): a person removed, suspended, resumed, a handover. */
const AT_ONCE = [3, 5, 6, 7];

export function aimed(random: Random): AimedDeed {
  switch (random.below(6)) {
    case 0: case 1: return { deed: 'dark behind', late: 200 + random.below(3500), ms: 4000 + random.below(8000) };
    case 2: return { deed: 'strangers over a cut', before: 1 + random.below(4), after: 1 + random.below(4), ms: 500 + random.below(4000) };
    case 3: return { deed: 'old clearing', ms: 15_000 + random.below(30_000) };
    default: {
      const [subject, person] = random.chance(0.5) ? [PEOPLE[0], PEOPLE[1]] : [PEOPLE[2], PEOPLE[0]];
      const action = AT_ONCE[random.below(AT_ONCE.length)]!;
      return { deed: 'late hands', action, ...(action === 3 ? { subject } : {}), person, lasts: 5 + random.below(30), late: random.below(45_000) };
    }
  }
}

export function carryOutAimed(seat: Seat, step: AimedDeed): void {
  const { office, holder, world } = seat;
  switch (step.deed) {
    case 'dark behind':
      return behindIntent(seat, step.late, () => {
        if (seat.oracle.known.healed) return;
        seat.unit.parts.camera.covered = true;
        seat.later(step.ms, () => (seat.unit.parts.camera.covered = false));
      });
    case 'strangers over a cut':
      return strangers(seat, step);
    case 'old clearing':
      return oldClearing(seat, step.ms);
    case 'late hands': {
      const { action, subject, person, lasts, late } = step;
      const about = { action, persons: [person], means: [1], ...(subject === undefined ? {} : { subject }) };
      office.ceremony?.({ ...about, lasts, epoch: seat.epoch });
      return void world.after(late, () => {
        if (!seat.oracle.known.healed) holder.attend({ ...about, subject });
      });
    }
  }
}

/** Calls so many ms behind the next intent, unless none comes for long. */
export function behindIntent(seat: Seat, late: number, call: () => void): void {
  const wait = (fact: Fact): void => {
    if (fact.what !== 'record' || fact.record.kind !== Kind.INTENT) return;
    seat.listeners.delete(wait);
    seat.world.after(late, call);
  };
  seat.listeners.add(wait);
  seat.later(PATIENCE_MS, () => seat.listeners.delete(wait));
}

function strangers(seat: Seat, { before, after, ms }: Extract<AimedDeed, { deed: 'strangers over a cut' }>): void {
  const { holder, world, unit, oracle } = seat;
  const touch = (count: number, from: number): void => {
    for (let i = 0; i < count; i++) {
      world.after(from + i * NEXT_FINGER_MS, () => {
        if (!oracle.known.healed) holder.finger(undefined, FINGER_MS);
      });
    }
  };
  touch(before, 0);
  seat.later(before * NEXT_FINGER_MS + COUNTED_MS, () => {
    if (oracle.known.healed) return;
    unit.power.cut();
    seat.later(ms, () => {
      unit.power.on();
      touch(after, STARTED_MS);
    });
  });
}

function oldClearing(seat: Seat, ms: number): void {
  const { office, world } = seat;
  let over = false;
  seat.behave({ clearsAfter: undefined }, ms, () => (over = true));
  const again = (): void => {
    if (over) return;
    for (const { bytes } of office.statements.filter(({ statement }) => statement.kind === 'clear')) office.send(MessageType.GRANT_APPLY, encodeGrantApply({ grant: bytes }));
    world.after(AGAIN_MS, again);
  };
  again();
}
