/** Lid, tray and sheet: what hands do with a unit, and where a stroke lands. */
import { lay, type Placement } from '../paper/camera';
import { seedOf } from '../paper/field';
import type { Die, Page, Scene } from '../parts/scene';
import type { Switch } from '../parts/switch';
import type { World } from '../world/world';

/**
 * Where the die comes down, in tray coordinates (mm from its middle, see sim/paper/camera.ts): on an A4 sheet laid as
 * usual, where the first party of a contract seals: at the lower left, (53, 231) mm from its top left corner.
 */
export const STAMP_AT = { x: 82.5, y: 52, angle: -90 };
/** A hand closes the lid that it opened so much later. */
const CLOSE_AFTER_MS = 400;

export interface TraySwitches {
  lid: Switch;
  paper: Switch;
}

/** A scene that knows how its sheets lie (PhotoScene of sim/paper does). */
type PlacingScene = Scene & { placement?(page: Page, laid: number): { placed: Placement } };

export class Tray {
  page: Page | undefined;
  /** Counts the times a sheet was laid down. */
  laid = 0;
  /** Called when what lies under the die changes. */
  onFloor: (() => void) | undefined;

  private readonly world: World;
  private readonly switches: TraySwitches;
  private readonly scene: PlacingScene;
  private readonly seed: number;
  private inked = 0;

  constructor(world: World, switches: TraySwitches, scene: Scene, seed: number) {
    this.world = world;
    this.switches = switches;
    this.scene = scene;
    this.seed = seed;
  }

  get lidClosed(): boolean {
    return this.switches.lid.pressed;
  }

  openLid(): void {
    this.world.catchUp?.();
    this.switches.lid.press(false);
  }

  closeLid(): void {
    this.world.catchUp?.();
    this.switches.lid.press(true);
  }

  /** Lays a sheet in; a closed lid is opened for it and closed again a moment later. @throws when a sheet lies there */
  insert(page: Page): void {
    this.world.catchUp?.();
    if (this.page !== undefined) throw new Error('TRAY_OCCUPIED: a sheet lies in the tray');
    this.throughLid(() => this.lie(page));
  }

  /** Pushes a sheet in through the slit, the lid staying as it is. @throws when a sheet lies there */
  slip(page: Page): void {
    this.world.catchUp?.();
    if (this.page !== undefined) throw new Error('TRAY_OCCUPIED: a sheet lies in the tray');
    this.lie(page);
  }

  /** Takes the sheet out, through the lid as insert() does. @throws when there is none */
  remove(): Page {
    this.world.catchUp?.();
    const page = this.page;
    if (page === undefined) throw new Error('TRAY_EMPTY: no sheet lies in the tray');
    this.throughLid(() => this.pull());
    return page;
  }

  /** Pulls the sheet out through the slit, the lid staying as it is. @throws when there is none */
  yank(): Page {
    this.world.catchUp?.();
    const page = this.page;
    if (page === undefined) throw new Error('TRAY_EMPTY: no sheet lies in the tray');
    this.pull();
    return page;
  }

  /** Where the die comes down on the sheet that lies there, or on the bare tray. */
  landing(): { x: number; y: number; angle: number } {
    const page = this.page;
    if (page === undefined) return { ...STAMP_AT };
    const placed = this.scene.placement?.(page, this.laid).placed ?? lay(seedOf(this.seed, page.id, this.laid), page.widthMm, page.heightMm);
    const turn = (placed.angle * Math.PI) / 180;
    const dx = STAMP_AT.x - placed.x;
    const dy = STAMP_AT.y - placed.y;
    return {
      x: Math.cos(turn) * dx + Math.sin(turn) * dy + page.widthMm / 2,
      y: -Math.sin(turn) * dx + Math.cos(turn) * dy + page.heightMm / 2,
      angle: STAMP_AT.angle - placed.angle,
    };
  }

  /** Leaves the impression on a sheet. */
  ink(page: Page, die: Die, x: number, y: number, angle: number, force: number): void {
    page.ink(die.face, x, y, angle, force, seedOf(this.seed, 'ink', ++this.inked));
  }

  private lie(page: Page): void {
    this.page = page;
    this.laid++;
    this.switches.paper.press(true);
    this.onFloor?.();
  }

  private pull(): void {
    this.page = undefined;
    this.switches.paper.press(false);
    this.onFloor?.();
  }

  private throughLid(act: () => void): void {
    const closed = this.lidClosed;
    if (closed) this.openLid();
    act();
    if (closed) this.world.after(CLOSE_AFTER_MS, () => this.closeLid());
  }
}
