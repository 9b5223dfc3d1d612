/** Pictures of pages as narrow as a screen shows them: a phone need not load what is drawn for a desk. */
import sharp from 'sharp';

/** Pixels across: a few, so that what is kept serves everybody. */
export const PAGE_WIDTHS = [480, 640, 800, 1080, 1280] as const;
export type PageWidth = (typeof PAGE_WIDTHS)[number];

/**
 * A page at most so many pixels wide, as WebP. A printed page takes about 50 kB at 640 pixels; the encoder's own setting for text takes half as much again.
 * @param png the page as it was drawn
 */
export function narrowed(png: Buffer, width: PageWidth): Promise<Buffer> {
  return sharp(png).resize(width, undefined, { withoutEnlargement: true }).webp({ quality: 75 }).toBuffer();
}
