/** A photo as this room works on it: bounded in size, upright as its EXIF says, in grey and in colour. */
import { Problem } from '../common/errors';
import { INSPECTION } from './errors';
import { plane, type Plane } from './plane';

export interface Photo {
  width: number;
  height: number;
  /** Luma, 0..1. */
  grey: Plane;
  /** 8-bit RGB, three bytes a pixel. */
  rgb: Uint8Array;
}

export const photoLimits = {
  /** Bytes of the file. */
  maxBytes: 24 << 20,
  /** Pixels that are decoded: a phone's 50 megapixels, no bomb. */
  maxPixels: 52_000_000,
  /** Long side that is worked on, pixels: more shows nothing more of a page of A4. */
  longSide: 2600,
  /** Less shows no text. */
  minSide: 240,
} as const;

/** @throws PHOTO_UNREADABLE, PHOTO_TOO_LARGE */
export async function readPhoto(data: Buffer): Promise<Photo> {
  if (data.length > photoLimits.maxBytes) throw new Problem(INSPECTION.PHOTO_TOO_LARGE, `${data.length} bytes`);
  const { default: sharp } = await import('sharp');
  let rgb: Buffer;
  let info: { width: number; height: number };
  try {
    const source = sharp(data, { limitInputPixels: photoLimits.maxPixels, failOn: 'error', pages: 1 });
    const head = await source.metadata();
    if (head.format !== 'jpeg' && head.format !== 'png' && head.format !== 'webp') throw new Problem(INSPECTION.PHOTO_UNREADABLE, head.format);
    ({ data: rgb, info } = await source
      .autoOrient()
      .resize(photoLimits.longSide, photoLimits.longSide, { fit: 'inside', withoutEnlargement: true })
      .flatten({ background: '#ffffff' })
      .toColourspace('srgb')
      .removeAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true }));
  } catch (error) {
    if (error instanceof Problem) throw error;
    const large = /pixel limit/i.test(String((error as Error).message));
    throw new Problem(large ? INSPECTION.PHOTO_TOO_LARGE : INSPECTION.PHOTO_UNREADABLE, { cause: error });
  }
  const { width, height } = info;
  if (Math.min(width, height) < photoLimits.minSide) throw new Problem(INSPECTION.PHOTO_UNREADABLE, `${width} x ${height}`);
  const grey = plane(width, height);
  for (let i = 0, o = 0; i < grey.data.length; i++, o += 3) grey.data[i] = (0.299 * rgb[o]! + 0.587 * rgb[o + 1]! + 0.114 * rgb[o + 2]!) / 255;
  return { width, height, grey, rgb };
}
