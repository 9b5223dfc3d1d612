/**
 * A sheet of paper: its size, what is printed on it, and every impression that has landed on it. A page may do without
 * a picture (long runs in virtual time): it then only remembers.
 */
import { seededRandom } from '../world/random';
import type { Face } from './die';
import { seedOf } from './field';
import { impress } from './ink';
import type { Picture } from './picture';
import { draw, toPng } from './picture';

/** One landing of a die, in the order in which they happened. */
export interface Impression {
  /** Name of the die's face. */
  die: string;
  /** Centre on the page, mm from its top left corner. */
  x: number;
  y: number;
  /** Degrees, clockwise, as it really lies (the asked angle plus the play of the holder). */
  angle: number;
  /** Share of the nominal contact force. */
  force: number;
  seed: number;
}

/** Where a die lands on a sheet of A4, mm from its left edge, some more or less (unit/tray.ts STAMP_AT, camera.ts lay). */
const LANDING_MM = 53;
/** How an edge looks: its shadow. */
const EDGE_MM = 0.4;
const EDGE_GREY = 150;
/** Play of the die in its holder, degrees to either side. */
const PLAY_DEGREES = 2;

export class Page {
  /** Where the edges of fanned sheets lie, mm from the left; empty: a single sheet. */
  readonly edges: number[] = [];
  private list: Impression[] = [];

  constructor(
    /** Distinguishes sheets; part of what a picture-less photo shows. */
    readonly id: string,
    readonly widthMm: number,
    readonly heightMm: number,
    /** What is seen on the sheet now; absent on a picture-less page. */
    readonly picture?: Picture,
    /** Dots an inch of the picture. */
    readonly dpi: number = 200,
  ) {}

  /** An empty sheet that is never drawn. A4 unless told otherwise. */
  static plain(id: string, widthMm = 210, heightMm = 297): Page {
    return new Page(id, widthMm, heightMm);
  }

  /** An empty white sheet with a picture. */
  static white(id: string, widthMm = 210, heightMm = 297, dpi = 200): Page {
    const width = Math.round((widthMm * dpi) / 25.4);
    const height = Math.round((heightMm * dpi) / 25.4);
    return new Page(id, widthMm, heightMm, { width, height, rgb: new Uint8Array(width * height * 3).fill(255) }, dpi);
  }

  /**
   * A sheet printed from a page of a PDF, or from an image.
   * @param page number of the page, from 1
   * @throws PictureError with a stable code where the file gives no page
   */
  static async print(file: string, options: { page?: number; dpi?: number; id?: string } = {}): Promise<Page> {
    const number = options.page ?? 1;
    const dpi = options.dpi ?? 200;
    const drawn = await draw(file, number, dpi);
    return new Page(options.id ?? `${file}#${number}`, drawn.widthMm, drawn.heightMm, drawn.picture, dpi);
  }

  /**
   * Sheets fanned out for a stroke over their edges (骑缝), with a picture: A4, each `step` mm farther to the left under the one before, the
   * edges around where a die lands in the tray.
   * @param sheets 2 to 12
   */
  static fan(id: string, sheets: number, step = 5, dpi = 200): Page {
    const fan = Page.white(id, 210, 297, dpi);
    const { width, height, rgb } = fan.picture!;
    for (let i = 1; i < sheets; i++) {
      const edge = LANDING_MM + (i - sheets / 2) * step;
      fan.edges.push(edge);
      const [from, to] = [edge, edge + EDGE_MM].map((mm) => Math.round((mm * dpi) / 25.4)) as [number, number];
      for (let y = 0; y < height; y++) rgb.fill(EDGE_GREY, (y * width + from) * 3, (y * width + to) * 3);
    }
    return fan;
  }

  /** Another sheet with the same print and the same impressions, which goes its own way from here. */
  copy(id: string): Page {
    const picture = this.picture && { ...this.picture, rgb: this.picture.rgb.slice() };
    const twin = new Page(id, this.widthMm, this.heightMm, picture, this.dpi);
    twin.list = this.list.slice();
    return twin;
  }

  get impressions(): readonly Impression[] {
    return this.list;
  }

  /**
   * The die meets the paper.
   * @param x centre in mm from the left edge, @param y from the top edge; may lie partly or wholly off the sheet
   * @param angle degrees clockwise; the holder's play of up to 2 degrees, from the seed, comes on top
   * @param force share of the nominal contact force (1 is a good impression)
   */
  ink(face: Face, x: number, y: number, angle: number, force: number, seed: number): Impression {
    const impression: Impression = { die: face.name, x, y, angle: angle + seededRandom(seedOf(seed, 'landing')).between(-PLAY_DEGREES, PLAY_DEGREES), force, seed };
    this.list.push(impression);
    if (this.picture) impress(this.picture, this.dpi / 25.4, face, impression, seed);
    return impression;
  }

  /** The sheet as a flatbed scanner would see it. */
  async toPng(): Promise<Buffer> {
    if (!this.picture) throw new Error(`page ${this.id} has no picture`);
    return toPng(this.picture, this.dpi);
  }
}
