/**
 * The place of the die: one fixed holder, or a revolver of up to four that a hand turns from detent to detent. Data of all tags hang
 * on one line; of a revolver an output of the expander (GPB4) lets only the tag under the ram answer (firmware/HARDWARE.md).
 *
 * The ram goes through the holder: once it has left home nothing turns. While the bolt is open an interlock keeps the revolver where it is.
 *
 * Fault model: interlock worn (it turns although the bolt is open); left between two detents (nothing under the ram: no stroke, no
 * contact); the contact under the ram dead. Must be survived: all, without a stroke by another die than the permit's. Not modelled: a
 * ram that comes down on the edge of a holder jams there.
 */
import type { OneWireBus } from '../parts/onewire';
import type { Die } from '../parts/scene';
import type { Switch } from '../parts/switch';
import type { World } from '../world/world';

/** From one detent to another, by a quick hand, ms. */
const TURN_MS = 60;

export class Holders {
  /** Called when what is under the ram has changed. */
  onChange: (() => void) | undefined;
  /** The interlock holds nothing any more. */
  worn = false;
  private places: (Die | undefined)[] = [undefined];
  private at: number | undefined = 0;
  private turns = 0;

  /** @param present closed while there is a die in any holder @param free whether ram (and, unless it is worn, interlock) let it turn */
  constructor(private readonly world: World, private readonly present: Switch, private readonly bus: OneWireBus, private readonly free: (worn: boolean) => boolean) {}

  /** Makes it a revolver of so many holders. */
  revolver(count: number): void {
    this.places = Array.from({ length: count }, () => undefined);
  }

  get count(): number {
    return this.places.length;
  }

  /** The die under the ram. */
  get die(): Die | undefined {
    return this.at === undefined ? undefined : this.places[this.at];
  }

  /** All dies, by holder. */
  get dies(): readonly (Die | undefined)[] {
    return this.places;
  }

  /** The holder under the ram; undefined: between two. */
  get place(): number | undefined {
    return this.at;
  }

  /** @throws where that holder has one; without a number, the one under the ram */
  fit(die: Die, place = this.at ?? 0): void {
    this.world.catchUp?.();
    if (this.places[place] !== undefined) throw new Error('HOLDER_OCCUPIED: a die is in the holder');
    this.places[place] = die;
    this.changed();
  }

  /** @throws where that holder is empty; without a number, the one under the ram */
  unfit(place = this.at ?? 0): Die {
    this.world.catchUp?.();
    const die = this.places[place];
    if (die === undefined) throw new Error('HOLDER_EMPTY: no die is in the holder');
    this.places[place] = undefined;
    this.changed();
    return die;
  }

  /** A hand turns it to that holder; undefined: it stops between two. False: something keeps it. */
  turn(place: number | undefined): boolean {
    this.world.catchUp?.();
    if (this.places.length < 2 || !this.free(this.worn)) return false;
    if (place === this.at) return true;
    const turn = ++this.turns;
    this.at = undefined;
    this.changed();
    this.world.after(TURN_MS, () => {
      // The ram has come in between.
      if (turn !== this.turns || place === undefined || !this.free(true)) return;
      this.at = place;
      this.changed();
    });
    return true;
  }

  private changed(): void {
    const { bus } = this;
    bus.roms = this.places.flatMap((die) => (die === undefined ? [] : [die.rom]));
    bus.underRam = this.places.length < 2 ? undefined : this.die === undefined ? [] : [this.die.rom];
    this.present.press(bus.roms.length > 0);
    this.onChange?.();
  }
}
