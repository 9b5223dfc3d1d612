/** A page of a PDF as a good printer sets it: what the corpus photographs. */
import { Page } from '../../../sim/paper';

/** Dots an inch of a printed sheet. */
export const DPI = 220;
/** Sheets are drawn finer and then reduced: printers set type more finely than that, and PDFium cuts clipped text by whole dots. */
const FINER = 2;

export async function print(file: string, page: number): Promise<Page> {
  const { default: sharp } = await import('sharp');
  const { picture, widthMm, heightMm } = await Page.print(file, { page, dpi: DPI * FINER });
  const [width, height] = [Math.round((widthMm * DPI) / 25.4), Math.round((heightMm * DPI) / 25.4)];
  const rgb = await sharp(picture!.rgb, { raw: { width: picture!.width, height: picture!.height, channels: 3 } }).resize(width, height, { fit: 'fill', kernel: 'cubic' }).raw().toBuffer();
  return new Page(`${file}#${page}`, widthMm, heightMm, { width, height, rgb: new Uint8Array(rgb) }, DPI);
}
