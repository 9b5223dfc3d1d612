/** A page photographed by hand, laid out as it lies: found by its four sides, upright as the photo is held. */
import { fromCorners, type PageMap } from './lens';
import { findOutline, type Outline, type OutlineFault } from './outline';
import { readPhoto, type Photo } from './photo';
import type { Plane } from './plane';
import { warp } from './warp';

export interface Straightened {
  /** JPEG. */
  picture: Buffer;
  /** Millimetres; where the sheet was not found, as large as its photo fits on A4. */
  widthMm: number;
  heightMm: number;
  /** Why it is the photo as it is: the sheet was not found, or is cut off. */
  fault?: OutlineFault;
}

/** A4; a sheet whose sides stand in nearly this relation is taken for one. */
const A4 = { short: 210, long: 297 } as const;
const NEARLY = 0.12;
/** Pixels a millimetre: 200 dpi. */
const SCALE = 7.874;
const QUALITY = 88;

/** @throws PHOTO_UNREADABLE, PHOTO_TOO_LARGE */
export async function straighten(data: Buffer): Promise<Straightened> {
  const { default: sharp } = await import('sharp');
  const photo = await readPhoto(data);
  const outline = await findOutline(photo.grey);
  const laid = typeof outline === 'string' ? undefined : lay(photo, outline);
  if (laid === undefined) {
    const picture = await sharp(photo.rgb, { raw: { width: photo.width, height: photo.height, channels: 3 } }).jpeg({ quality: QUALITY }).toBuffer();
    const wide = photo.width > photo.height;
    const shrink = Math.min((wide ? A4.long : A4.short) / photo.width, (wide ? A4.short : A4.long) / photo.height);
    return { picture, widthMm: photo.width * shrink, heightMm: photo.height * shrink, fault: typeof outline === 'string' ? outline : 'no-sheet' };
  }
  const { rgb, width, height } = laid;
  return { picture: await sharp(rgb, { raw: { width, height, channels: 3 } }).jpeg({ quality: QUALITY }).toBuffer(), widthMm: laid.widthMm, heightMm: laid.heightMm };
}

function lay(photo: Photo, outline: Outline): { rgb: Uint8Array; width: number; height: number; widthMm: number; heightMm: number } | undefined {
  const { corners } = outline;
  // Clockwise from anywhere: the page's top left corner is the one nearest to that of the photo, in undistorted coordinates.
  const first = corners.map(([x, y], i) => ({ i, sum: x + y })).sort((a, b) => a.sum - b.sum)[0]!.i;
  const ordered = [0, 1, 2, 3].map((i) => corners[(first + i) % 4]!);
  const side = (a: number, b: number): number => Math.hypot(ordered[a]![0] - ordered[b]![0], ordered[a]![1] - ordered[b]![1]);
  const [across, down] = [side(0, 1) + side(3, 2), side(1, 2) + side(0, 3)];
  const ratio = Math.max(across, down) / Math.min(across, down);
  const isA4 = Math.abs(ratio / (A4.long / A4.short) - 1) < NEARLY;
  const short = isA4 ? A4.short : A4.long / ratio;
  const [widthMm, heightMm] = across > down ? [A4.long, short] : [short, A4.long];
  const matrix = fromCorners([[0, 0], [widthMm, 0], [widthMm, heightMm], [0, heightMm]], ordered);
  if (!matrix) return undefined;
  const map: PageMap = { h: matrix, lens: outline.lens };
  const [width, height] = [Math.round(widthMm * SCALE), Math.round(heightMm * SCALE)];
  const rgb = new Uint8Array(width * height * 3);
  for (let channel = 0; channel < 3; channel++) {
    const one: Plane = { width: photo.width, height: photo.height, data: new Float32Array(photo.width * photo.height) };
    for (let i = 0; i < one.data.length; i++) one.data[i] = photo.rgb[i * 3 + channel]! / 255;
    const { data } = warp(one, map, width, height, SCALE);
    for (let i = 0; i < data.length; i++) rgb[i * 3 + channel] = Math.max(0, Math.min(255, data[i]! * 255 + 0.5));
  }
  return { rgb, width, height, widthMm, heightMm };
}
