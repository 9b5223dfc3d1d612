/** What hands do at a unit, told as it happens. */
import type { Fact } from '../oracle';
import { Page } from '../paper';
import type { Die } from '../parts/scene';
import type { Unit } from '../unit/types';
import { HOME, type Spot } from '../unit/whereabouts';
import type { World } from '../world/world';

/** Stands in the names of sheets that are no page of the approved document. */
export const OTHER_SHEET = 'other sheet';

/** Milliseconds that a finger lies on the reader. */
const FINGER_MS = 1500;
/** From one die to the next, ms. */
const DIE_MS = 1500;
/** From a table to the floor, ms. */
const DROP_MS = 300;

export class Hands {
  private sheets = 0;
  /** The unit's own die, while it is out. */
  private outside: Die | undefined;
  /** The holder that it is out of. */
  private place = 0;

  /** @param tell hears what the hands do */
  constructor(protected readonly world: World, protected readonly unit: Unit, protected readonly tell: (fact: Fact) => void, private readonly name: string) {}

  finger(person: number | undefined, ms = FINGER_MS): void {
    this.tell({ what: 'finger', person, ms });
    if (person === undefined) this.unit.hand.wrongFinger(ms);
    else this.unit.hand.finger(person, ms);
  }

  /** Takes the case apart, or puts it together again. */
  shell(open: boolean): void {
    const { hand, truth } = this.unit;
    if (truth.caseClosed !== open) return;
    this.tell({ what: 'case', open });
    if (open) hand.openCase();
    else hand.closeCase();
  }

  lid(open: boolean): void {
    const { hand, truth } = this.unit;
    if (truth.lidClosed !== open) return;
    this.tell({ what: 'lid', open });
    if (open) hand.openLid();
    else hand.closeLid();
  }

  /** Takes the sheet out, through the slit if the lid is closed. */
  take(): void {
    const { hand, truth } = this.unit;
    if (truth.page === undefined) return;
    this.tell({ what: 'paper', there: false });
    hand.yankPaper();
  }

  /** Lays a new sheet down, whatever the lid: of the approved document, or of something else. */
  lay(other = false): void {
    const { hand, truth } = this.unit;
    if (truth.page !== undefined) this.take();
    const name = `${this.name} ${other ? OTHER_SHEET : 'sheet'} ${++this.sheets}`;
    this.tell({ what: 'paper', there: true, ...(other ? { other: name } : {}) });
    hand.slipPaper(Page.plain(name));
  }

  /** Takes the die out; a moment later another one is fitted, if there is one. */
  dieOut(other?: Die): void {
    const { hand, truth, parts } = this.unit;
    if (truth.die === undefined || this.outside !== undefined) return;
    this.place = parts.holders.place!;
    this.tell({ what: 'die', rom: this.dies(undefined) });
    this.outside = hand.removeDie();
    if (other === undefined) return;
    this.world.after(DIE_MS, () => {
      if (this.outside === undefined) return;
      if (parts.holders.dies[this.place] !== undefined) return;
      this.tell({ what: 'die', rom: this.dies(other) });
      hand.fitDie(other, this.place);
    });
  }

  /** Its own die again, or another in its place. */
  dieBack(other?: Die): void {
    const { hand, parts } = this.unit;
    const own = this.outside;
    if (own === undefined) return;
    if (other === undefined) this.outside = undefined;
    const die = other ?? own;
    this.tell({ what: 'die', rom: this.dies(die) });
    if (parts.holders.dies[this.place] !== undefined) hand.removeDie(this.place);
    hand.fitDie(die, this.place);
  }

  /** Turns the revolver to that holder, or lets go of it between two, where nothing keeps it. */
  turn(to: number | undefined): void {
    if (this.unit.hand.turn(to)) this.tell({ what: 'turned', to });
  }

  /** The dies in the unit, as facts name them, with this one in the holder that they are busy with. */
  private dies(here: Die | undefined): string | undefined {
    const roms = this.unit.parts.holders.dies.map((one, i) => (i === this.place ? here : one)).flatMap((one) => (one === undefined ? [] : [one.rom]));
    return roms.length === 0 ? undefined : roms.join('+');
  }

  /** Picks the unit up and sets it down where it was. */
  lift(ms: number): void {
    this.tell({ what: 'moved', how: 'lift', ms });
    this.unit.hand.lift(ms);
  }

  /** Lets the unit fall from the height of a table. */
  drop(): void {
    this.tell({ what: 'moved', how: 'drop', ms: DROP_MS });
    this.unit.hand.drop(DROP_MS);
  }

  /** Leans the unit over; 0: upright again. */
  lean(degrees: number): void {
    this.tell({ what: 'leaned', degrees });
    this.unit.hand.tilt(degrees);
  }

  carry(spot: Spot, ms: number): void {
    this.tell({ what: 'place', latitude: spot.latitude, longitude: spot.longitude, ms });
    this.tell({ what: 'moved', how: 'carry', ms });
    this.unit.hand.carry(spot, ms);
  }

  /** Back where it was made to be, and upright, as if it had never left. */
  home(): void {
    const { where } = this.unit.truth;
    this.tell({ what: 'place', ...HOME, ms: 0 });
    this.tell({ what: 'leaned', degrees: 0 });
    where.put(HOME);
    if (where.tilt() !== 0) this.unit.hand.tilt(0);
  }
}
