/**
 * Where a unit really is, which way up, and what moves it: the truth behind accelerometer and position receiver. Nothing ticks:
 * a journey, a shake or a fall is written down with its times, and whoever asks gets the state at a moment.
 */
import type { World } from '../world/world';

/** Degrees (WGS 84), north and east positive. */
export interface Spot {
  latitude: number;
  longitude: number;
}

/** Something that moves the unit for a time, ms of the world. */
export interface Spell {
  from: number;
  to: number;
  /** fall: nothing holds it. shake: a hand or the road, with so many mg to either side. */
  kind: 'fall' | 'shake';
  mg: number;
}

interface Leg {
  from: number;
  to: number;
  start: Spot;
  end: Spot;
}

interface Lean {
  from: number;
  to: number;
  start: number;
  end: number;
}

/** Where every simulated unit begins: the middle of a town, well away from any antimeridian. */
export const HOME: Spot = { latitude: 31.2304, longitude: 121.4737 };
/** Metres of one degree of latitude. */
const DEGREE = 111_195;
/** Spells that ended so long ago are forgotten, ms. */
const KEPT = 120_000;
/** A hand turns a unit within, ms. */
const TURN_MS = 400;

/** The spot so many metres to the north and to the east. */
export function beside({ latitude, longitude }: Spot, north: number, east: number): Spot {
  return { latitude: latitude + north / DEGREE, longitude: longitude + east / (DEGREE * Math.cos((latitude * Math.PI) / 180)) };
}

const between = (a: number, b: number, share: number): number => a + (b - a) * Math.min(1, Math.max(0, share));

export class Whereabouts {
  /** Journeys so far, the last one the present; a standing unit has one that is over. */
  private leg: Leg = { from: 0, to: 0, start: HOME, end: HOME };
  private lean: Lean = { from: 0, to: 0, start: 0, end: 0 };
  private spells: Spell[] = [];

  constructor(private readonly world: World) {}

  /** Where it is at a moment that is not before its last journey began. */
  spot(at = this.world.now): Spot {
    const { from, to, start, end } = this.leg;
    const share = to > from ? (at - from) / (to - from) : 1;
    return { latitude: between(start.latitude, end.latitude, share), longitude: between(start.longitude, end.longitude, share) };
  }

  /** Degrees from upright. */
  tilt(at = this.world.now): number {
    const { from, to, start, end } = this.lean;
    return between(start, end, to > from ? (at - from) / (to - from) : 1);
  }

  /** What moves it in this time, the earliest first. */
  within(from: number, to: number): Spell[] {
    return this.spells.filter((spell) => spell.to > from && spell.from <= to);
  }

  /** It stands somewhere else from now on, and nothing moves it any more. */
  put(spot: Spot): void {
    this.spells = this.spells.map((spell) => ({ ...spell, to: Math.min(spell.to, this.world.now) }));
    this.leg = { from: this.world.now, to: this.world.now, start: spot, end: spot };
  }

  /** Travels to a place, shaken all the way. */
  carry(spot: Spot, ms: number): void {
    const now = this.world.now;
    this.leg = { from: now, to: now + ms, start: this.spot(), end: spot };
    this.shake(ms, 500);
  }

  shake(ms: number, mg: number): void {
    this.add({ from: this.world.now, to: this.world.now + ms, kind: 'shake', mg });
  }

  /** Falls for so long, and lands. */
  drop(ms: number): void {
    const now = this.world.now;
    this.add({ from: now, to: now + ms, kind: 'fall', mg: 0 });
    this.add({ from: now + ms, to: now + ms + 60, kind: 'shake', mg: 1900 });
  }

  turn(degrees: number): void {
    const now = this.world.now;
    this.lean = { from: now, to: now + TURN_MS, start: this.tilt(), end: degrees };
    this.shake(TURN_MS, 400);
  }

  private add(spell: Spell): void {
    this.spells = this.spells.filter(({ to }) => to > this.world.now - KEPT);
    this.spells.push(spell);
  }
}
