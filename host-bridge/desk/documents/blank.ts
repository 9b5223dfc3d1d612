/** Whether a page is blank paper (空白用纸): a stamp on it would be a signature under whatever is written above it afterwards. */
import sharp from 'sharp';

/** Pixels across at which it is judged: dust and the grain of paper are gone, a line of text is not. */
const ACROSS = 600;
/** Luminance of paper at least, 0..255; what is darker all over is a picture. */
const PAPER = 230;
/** Share of paper's luminance below which a pixel is ink. */
const INK = 0.75;
/** Share of a page that may be ink and the page still blank: a speck, no word. A page number alone is about one in 20,000. */
const MOST = 1 / 50_000;

/** @param png picture of the page @throws what sharp throws for what is no picture */
export async function isBlankPage(png: Buffer): Promise<boolean> {
  const { data } = await sharp(png).flatten({ background: '#ffffff' }).greyscale().resize(ACROSS, undefined, { withoutEnlargement: true, kernel: 'mitchell' }).raw().toBuffer({ resolveWithObject: true });
  const counts = new Uint32Array(256);
  for (const value of data) counts[value]! += 1;
  const paper = counts.indexOf(Math.max(...counts));
  if (paper < PAPER) return false;
  let ink = 0;
  for (let value = 0; value < paper * INK; value++) ink += counts[value]!;
  return ink <= data.length * MOST;
}
