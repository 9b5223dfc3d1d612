/** What the camera of one unit sees when it looks down into the tray, as the JPEG that leaves the camera. */
import { seededRandom } from '../world/random';
import type { Homography, Mount, Placement } from './camera';
import { lay, mount, pageHomography, SEEN, trayHomography } from './camera';
import { seedOf } from './field';
import type { Page } from './page';
import type { Picture } from './picture';
import type { Sensor, Sheet } from './render';
import { photograph, sensor } from './render';
import type { Scene, View } from './view';

export type { Scene, View } from './view';

/** JPEG quality at which a printed page at UXGA has the size that the camera's own compressor gives it: about 180 KB. */
const QUALITY = 78;

/**
 * A real photograph of what lies in the tray. Equal seed and equal view give equal bytes (on one version of the JPEG
 * library). A page without a picture is photographed as an empty sheet.
 */
export class PhotoScene implements Scene {
  private readonly mount: Mount;
  private readonly tray: Homography;
  private readonly sensor: Sensor;
  /** The last sheet as scaled for the last resolution; what was not inked meanwhile need not be scaled again. */
  private kept: { page: Page; marks: number; photoWidth: number; picture: Picture; scale: number } | undefined;

  /** @param seed of this camera: how it was built and mounted, and how sheets come to lie before it */
  constructor(private readonly seed: number) {
    this.mount = mount(seedOf(seed, 'mount'));
    this.tray = trayHomography(this.mount);
    this.sensor = sensor(seedOf(seed, 'sensor'));
  }

  /** Where the sheet lies, and what `seenAt` needs to find a spot of it in the photo. */
  placement(page: Page, laid = 0): { placed: Placement; map: Homography; mount: Mount } {
    const placed = lay(seedOf(this.seed, 'lay', page.id, laid), page.widthMm, page.heightMm);
    return { placed, map: pageHomography(this.tray, placed, page.widthMm, page.heightMm), mount: this.mount };
  }

  async jpeg(view: View): Promise<Buffer> {
    const { default: sharp } = await import('sharp');
    const { width, height } = view;
    const exposure = seedOf(this.seed, 'exposure', view.photo);
    const rgb = view.covered ? this.dark(width, height, exposure) : photograph(width, height, this.mount, this.tray, this.sensor, await this.sheet(view), exposure);
    return sharp(rgb, { raw: { width, height, channels: 3 } })
      .jpeg({ quality: view.quality ?? QUALITY, chromaSubsampling: '4:2:0' })
      .toBuffer();
  }

  private async sheet(view: View): Promise<Sheet | undefined> {
    const { page } = view;
    if (!page) return undefined;
    const { picture, scale } = await this.scaled(page, view.width);
    return { picture, scale, widthMm: page.widthMm, heightMm: page.heightMm, map: this.placement(page, view.laid).map };
  }

  /** The sheet as fine as the photo will show it: which also gives the slight softness of a small fixed lens. */
  private async scaled(page: Page, photoWidth: number): Promise<{ picture: Picture; scale: number }> {
    const marks = page.impressions.length;
    const kept = this.kept;
    if (kept && kept.page === page && kept.marks === marks && kept.photoWidth === photoWidth) return kept;
    const width = Math.max(2, Math.round((page.widthMm * photoWidth) / SEEN));
    const height = Math.max(2, Math.round((page.heightMm * photoWidth) / SEEN));
    let rgb: Uint8Array;
    if (page.picture) {
      const { default: sharp } = await import('sharp');
      rgb = await sharp(page.picture.rgb, { raw: { width: page.picture.width, height: page.picture.height, channels: 3 } })
        .resize(width, height, { fit: 'fill', kernel: 'cubic' })
        .raw()
        .toBuffer();
    } else rgb = new Uint8Array(width * height * 3).fill(255);
    this.kept = { page, marks, photoWidth, picture: { width, height, rgb }, scale: width / page.widthMm };
    return this.kept;
  }

  /** Black with the sensor's noise. */
  private dark(width: number, height: number, exposure: number): Uint8Array {
    const out = new Uint8Array(width * height * 3);
    const random = seededRandom(exposure);
    const { noise } = this.sensor;
    let o = 0;
    for (let v = 0; v < height; v++) {
      const n = random.uint32() & 65535;
      for (let u = 0; u < width; u++) {
        const value = Math.max(0, 2.5 + 1.2 * noise[(n + u) & 65535]!);
        out[o++] = value;
        out[o++] = value;
        out[o++] = value;
      }
    }
    return out;
  }
}
