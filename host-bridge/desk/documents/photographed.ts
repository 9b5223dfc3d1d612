/** Pages photographed by hand, made one document: each straightened, set on a page of its own size, in the order they were handed in. */
import { COMMON, Problem } from '../../common/errors';
import type { Clock } from '../../common/clock';
import { DESK } from '../errors';
import { setType } from '../print/paper';

/** What the desk uses of host-bridge/inspection. */
export interface Straightener {
  /** Lays a photographed page out. @throws PHOTO_… */
  straighten(photo: Buffer): Promise<{ picture: Buffer; widthMm: number; heightMm: number; fault?: string }>;
}

export const MOST_PHOTOS = 20;
/** Pages are pictures to their very edge; as four numbers, for a lone 0 is taken for none given. */
const EDGE: [number, number, number, number] = [0, 0, 0, 0];
/** Points of a millimetre. */
const POINTS = 72 / 25.4;

/** The PDF, and the pages (from 1) whose sheet was not found and that are as they were photographed. */
export async function pdfOfPhotos(photos: readonly Buffer[], straightener: Straightener | undefined, clock: Clock): Promise<{ pdf: Buffer; crooked: number[] }> {
  if (straightener === undefined) throw new Problem(DESK.PHOTOS_OFF);
  if (photos.length === 0 || photos.length > MOST_PHOTOS) throw new Problem(COMMON.INVALID, `1 to ${MOST_PHOTOS} photos`);
  const pages: { image: string; width: number; height: number }[] = [];
  const crooked: number[] = [];
  // One after the other: each takes a core and some hundred megabytes.
  for (const photo of photos) {
    const { picture, widthMm, heightMm, fault } = await straightener.straighten(photo);
    pages.push({ image: `data:image/jpeg;base64,${picture.toString('base64')}`, width: widthMm * POINTS, height: heightMm * POINTS });
    if (fault !== undefined) crooked.push(pages.length);
  }
  const pdf = await setType(
    {
      version: '1.7', info: { producer: 'smartseal' }, defaultStyle: { font: 'Serif' }, pageMargins: EDGE,
      // A hair less high than its page, or rounding would begin another one.
      content: pages.map(({ image, width, height }) => ({ section: [{ image, width, height: height - 0.5 }], pageSize: { width, height }, pageMargins: EDGE })),
    },
    undefined, clock,
  );
  return { pdf, crooked };
}
