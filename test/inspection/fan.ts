/** Photos of the sheets of a stroke over fanned edges (骑缝), by the simulator's printer, die and camera. */
import { Page, PhotoScene, type Face } from '../../sim/paper';

const VIEW = { width: 2048, height: 1536 };
const DPI = 200;
/** A4, mm. */
const WIDTH_MM = 210;

export interface Fan {
  seed: number;
  y?: number;
  /** Sheets that are of another file or page, or bear another seal's strip, by their place in the fan from 0. */
  odd?: Readonly<Record<number, { file?: string; page?: number; face?: Face }>>;
}

/** One photo a sheet: each has its share of the die at its right edge. @param shares of the die's width, from the top sheet down */
export async function fan(file: string, face: Face, shares: readonly number[], { seed, y = 150, odd = {} }: Fan): Promise<Buffer[]> {
  const { widthMm } = face;
  const photos: Buffer[] = [];
  let done = 0;
  for (const [i, share] of shares.entries()) {
    const other = odd[i] ?? {};
    const page = await Page.print(other.file ?? file, { page: other.page ?? i + 1, dpi: DPI });
    const { rgb, width, height } = page.picture!;
    const before = rgb.slice();
    page.ink(other.face ?? face, WIDTH_MM - (done + share) * widthMm + widthMm / 2, y, 0, 1, seed);
    // What lies left of its strip is on the sheet above it.
    const from = i === 0 ? 0 : Math.round(((WIDTH_MM - share * widthMm) * DPI) / 25.4);
    for (let row = 0; row < height; row++) rgb.set(before.subarray(row * width * 3, (row * width + from) * 3), row * width * 3);
    photos.push(await new PhotoScene(20 + i).jpeg({ ...VIEW, page, photo: 1 }));
    done += share;
  }
  return photos;
}
